//! The view by node: what sits where, and what can befall a node. Pods without a node stand first.
//! It must not know identities.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use yew::prelude::*;

use super::gesture::{self, is_chosen};
use super::more;
use super::pod_row::PodRow;
use super::scene::nodes::{Lane, lanes};
use super::scene::{NodeCard, NodeState, Scene};
use crate::app::Action;
use crate::locale::{tr, tr_count};
use crate::state::command::Command;

/// Pods that one lane lists; more are counted.
const LISTED_MAX: usize = 60;

/// Properties of [`Nodes`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct NodesProps {
    /// What is on the stage.
    pub scene: Rc<Scene>,
    /// The chosen object.
    pub chosen: Option<Key>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The view.
#[component]
pub(super) fn Nodes(props: &NodesProps) -> Html {
    html! {
        <div class="nodes">
            { for lanes(&props.scene).iter().map(|lane| self::lane(props, lane)) }
        </div>
    }
}

fn lane(props: &NodesProps, lane: &Lane) -> Html {
    let empty = lane.pods.is_empty().then(|| html! { <li key="empty" class="hint">{ tr("stage.node.empty", &[]) }</li> });
    let pods = html! {
        <ul class="node__pods">
            { for lane.pods.iter().take(LISTED_MAX).map(|pod| html! {
                <PodRow
                    key={&*pod.uid}
                    pod={pod.clone()}
                    chosen={is_chosen(props.chosen.as_ref(), Kind::Pod, &pod.namespace, &pod.name)}
                    namespace={props.namespace.clone()}
                    dispatch={props.dispatch.clone()}
                />
            }).chain(more(lane.pods.len(), LISTED_MAX)).chain(empty) }
        </ul>
    };
    match &lane.node {
        Some(node) => {
            let class = classes!("node", format!("node--{}", node.state.name()), node.cordoned.then_some("node--cordoned"));
            let chosen = is_chosen(props.chosen.as_ref(), Kind::Node, "", &node.name);
            html! {
                <section
                    class={classes!(class, chosen.then_some("is-chosen"))}
                    key={&*node.uid}
                    data-kind="Node"
                    data-name={node.name.shared()}
                    data-phase={tr(&format!("stage.node.{}", node.state.name()), &[])}
                    data-ready={(node.state == NodeState::Ready).to_string()}
                    data-revision=""
                    data-uid={node.uid.shared()}
                    data-cordoned={node.cordoned.to_string()}
                    data-silent={node.silent.to_string()}
                    aria-label={tr("stage.node.title", &[("name", &node.name)])}
                >
                    { head(props, node, lane.pods.len(), chosen) }
                    { pods }
                    { gestures(props, node) }
                </section>
            }
        }
        None => {
            let title = if lane.name.is_empty() { tr("stage.node.none", &[]) } else { tr("stage.node.gone", &[("name", &lane.name)]) };
            html! {
                <section class="node node--none" key={format!("none {}", lane.name)} aria-label={title.clone()}>
                    <header class="node__head"><h3 class="node__name">{ title }</h3></header>
                    { pods }
                </section>
            }
        }
    }
}

fn head(props: &NodesProps, node: &NodeCard, pods: usize, chosen: bool) -> Html {
    html! {
        <header class="node__head">
            <h3 class="node__name">
                <button
                    class="choose"
                    type="button"
                    data-role="choose"
                    aria-pressed={chosen.to_string()}
                    onclick={gesture::choose(&props.dispatch, Kind::Node, "", &node.name, chosen)}
                >{ node.name.shared() }</button>
            </h3>
            <p class="node__state">
                { shape(node) }
                <span>{ tr(&format!("stage.node.{}", node.state.name()), &[]) }</span>
                if node.cordoned { <span class="tag">{ tr("stage.node.cordoned", &[]) }</span> }
                if node.silent && node.state == NodeState::Ready { <span class="tag tag--bad">{ tr("stage.node.silent", &[]) }</span> }
            </p>
            <p class="node__facts">
                { node.ip.clone() }{ " · " }{ tr_count("stage.node.pods", pods as u64, &[]) }
            </p>
            <p class="node__taints" hidden={node.taints.is_empty()}>
                { for node.taints.iter().map(|taint| {
                    let short = taint.strip_prefix("node.kubernetes.io/").unwrap_or(taint).to_owned();
                    html! { <code class="node__taint" title={taint.shared()}>{ short }</code> }
                }) }
            </p>
        </header>
    }
}

/// A machine: with a light that is on, with a bar before it, or dark and crossed.
fn shape(node: &NodeCard) -> Html {
    let inside = match (node.state, node.cordoned) {
        (NodeState::Ready, false) => html! { <circle class="fill" cx="7" cy="7" r="2.6" /> },
        (NodeState::Ready, true) => html! { <path d="M4 7 H10" /> },
        (NodeState::NotReady | NodeState::Unknown, _) => html! { <path d="M4.4 4.4 L9.6 9.6 M9.6 4.4 L4.4 9.6" /> },
    };
    html! { <svg class="shape" viewBox="0 0 14 14" aria-hidden="true"><rect x="1" y="1" width="12" height="12" rx="2.5" />{ inside }</svg> }
}

fn gestures(props: &NodesProps, node: &NodeCard) -> Html {
    let button = |role: &'static str, command: Command, bad: bool| {
        html! {
            <button
                class={classes!("button", "button--small", bad.then_some("button--bad"))}
                type="button"
                data-role={role}
                title={command.line.clone()}
                aria-label={tr(&format!("stage.node.{role}-of"), &[("name", &node.name)])}
                onclick={gesture::run(&props.dispatch, command)}
            >{ tr(&format!("stage.node.{role}"), &[]) }</button>
        }
    };
    html! {
        <footer class="node__foot">
            if node.cordoned { { button("uncordon", Command::uncordon(&node.name), false) } } else { { button("cordon", Command::cordon(&node.name), false) } }
            { button("drain", Command::drain(&node.name), false) }
            if node.silent { { button("restore", Command::restore_node(&node.name), false) } } else { { button("fail", Command::fail_node(&node.name), true) } }
        </footer>
    }
}
