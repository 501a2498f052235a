//! The card of a pod. A new pod is a new element, which docks into its slot.
//! It must not know columns.

use std::rc::Rc;

use yew::prelude::*;

use super::scene::{PodCard, PodState};
use super::shapes::{revision_badge, state_line};
use crate::app::Action;
use crate::locale::{tr, tr_count};
use crate::state::command::{Command, Target};

/// Properties of [`Pod`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct PodProps {
    /// The pod.
    pub pod: Rc<PodCard>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// A pod's card.
#[component]
pub(super) fn Pod(props: &PodProps) -> Html {
    let pod = &props.pod;
    let newer = pod.revision.as_ref().is_some_and(|revision| revision.newer);
    let delete = {
        let (dispatch, target) = (props.dispatch.clone(), Target::new(&pod.namespace, &pod.name, &props.namespace));
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Run(Command::delete_pod(&target))))
    };
    let restarts = u64::from(pod.restarts);
    let (ready, all) = pod.containers;
    html! {
        <article
            class={classes!("pod", format!("pod--{}", pod.state.name()), newer.then_some("pod--newer"), (pod.life > 1).then_some("pod--again"))}
            data-kind="Pod"
            data-name={pod.name.clone()}
            data-namespace={pod.namespace.clone()}
            data-phase={pod.phase}
            data-ready={pod.ready.to_string()}
            data-revision={pod.revision.as_ref().map(|revision| revision.name.clone()).unwrap_or_default()}
            data-ordinal={pod.ordinal.map(|ordinal| ordinal.to_string())}
            data-node={pod.node.clone()}
            data-ip={pod.ip.clone()}
            data-uid={pod.uid.clone()}
            aria-label={tr("stage.pod", &[("name", &pod.name)])}
        >
            <header class="pod__head">
                <h4 class="pod__name" title={pod.name.clone()}>{ &pod.name }</h4>
                if let Some(revision) = &pod.revision { { revision_badge(revision) } }
            </header>
            { state_line(pod.state, &pod.reason) }
            <p class={classes!("pod__ip", address_changed(pod).then_some("pod__ip--changed"))} key={pod.ip.clone()}>
                { if pod.ip.is_empty() { tr("stage.no-ip", &[]) } else { pod.ip.clone() } }
            </p>
            <p class="pod__fact">
                { if pod.node.is_empty() { tr("stage.no-node", &[]) } else { pod.node.clone() } }
                if all > 1 { { " · " }{ tr("stage.containers", &[("ready", &ready.to_string()), ("all", &all.to_string())]) } }
                if restarts > 0 { { " · " }{ tr_count("stage.restarts", restarts, &[]) } }
            </p>
            <footer class="pod__foot">
                <span class="pod__fact">{ life(pod) }</span>
                <button
                    class="button button--quiet"
                    type="button"
                    data-role="delete"
                    disabled={pod.state == PodState::Terminating}
                    aria-label={tr("stage.delete-pod", &[("name", &pod.name)])}
                    onclick={delete}
                >{ tr("stage.delete", &[]) }</button>
            </footer>
        </article>
    }
}

/// Whether the pod came with another address than the pod before it.
fn address_changed(pod: &PodCard) -> bool {
    !pod.ip.is_empty() && !pod.previous_ip.is_empty() && pod.ip != pod.previous_ip
}

/// Which pod of its name it is.
fn life(pod: &PodCard) -> String {
    match pod.life {
        1 => tr("stage.life-first", &[]),
        2 => tr("stage.life-second", &[]),
        3 => tr("stage.life-third", &[]),
        life => tr("stage.life-nth", &[("number", &life.to_string())]),
    }
}
