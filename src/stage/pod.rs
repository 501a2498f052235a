//! The card of a pod. A new pod is a new element, which docks into its slot.
//! It must not know columns.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use yew::prelude::*;

use super::containers::containers;
use super::entrance::{Entrance, use_entrance};
use super::gesture;
use super::scene::{PodCard, PodState};
use super::shapes::{revision_badge, state_shape};
use super::way::way;
use crate::app::Action;
use crate::locale::tr;
use crate::state::command::{Command, Target};

/// Properties of [`Pod`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct PodProps {
    /// The pod.
    pub pod: Rc<PodCard>,
    /// Whether it was chosen.
    #[prop_or_default]
    pub chosen: bool,
    /// How it came into its slot.
    #[prop_or_default]
    pub entrance: Entrance,
    /// Whether a pointer passes over moments.
    #[prop_or_default]
    pub passes: bool,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// A pod's card.
#[component]
pub(super) fn Pod(props: &PodProps) -> Html {
    let pod = &props.pod;
    let address = use_entrance(pod.ip.clone(), props.passes, true);
    let newer = pod.revision.as_ref().is_some_and(|revision| revision.newer);
    let choose = gesture::choose(&props.dispatch, Kind::Pod, &pod.namespace, &pod.name, props.chosen);
    let (ready, all) = pod.containers;
    html! {
        <article
            class={classes!("pod", format!("pod--{}", pod.state.name()), newer.then_some("pod--newer"), props.chosen.then_some("is-chosen"), props.entrance.class())}
            data-kind="Pod"
            data-name={pod.name.shared()}
            data-namespace={pod.namespace.shared()}
            data-phase={pod.phase}
            data-ready={pod.ready.to_string()}
            data-revision={pod.revision.as_ref().map(|revision| revision.name.shared()).unwrap_or_else(|| "".into())}
            data-ordinal={pod.ordinal.map(|ordinal| ordinal.to_string())}
            data-node={pod.node.shared()}
            data-ip={pod.ip.shared()}
            data-uid={pod.uid.shared()}
            data-step={pod.step.map(|step| step.name())}
            aria-label={tr("stage.pod", &[("name", &pod.name)])}
            onclick={choose.clone()}
        >
            <header class="pod__head">
                <h4 class="pod__name">{ choose_button(props, choose) }</h4>
                if let Some(revision) = &pod.revision { { revision_badge(revision) } }
            </header>
            <p class="state">
                { state_shape(pod.state) }
                <span class="state__word">{ word(pod) }</span>
                <span class="state__ready" title={tr("stage.containers-ready", &[])}>{ format!("{ready}/{all}") }</span>
            </p>
            { way(pod) }
            <p class="pod__place">
                <span class={classes!("pod__ip", pod.address_changed().then_some("pod__ip--changed"), address.class())} key={address.key}>
                    { if pod.ip.is_empty() { tr("stage.no-ip", &[]).into() } else { pod.ip.shared() } }
                </span>
                <span class="pod__node">{ if pod.node.is_empty() { tr("stage.no-node", &[]).into() } else { pod.node.shared() } }</span>
            </p>
            { containers(&pod.inside) }
            <footer class="pod__foot">
                <span class="pod__fact">{ life(pod.life) }</span>
                { delete_button(props) }
            </footer>
        </article>
    }
}

/// The pod's name, as the button that chooses it.
pub(super) fn choose_button(props: &PodProps, choose: Callback<MouseEvent>) -> Html {
    html! {
        <button class="choose" type="button" data-role="choose" aria-pressed={props.chosen.to_string()} onclick={choose}>{ props.pod.name.shared() }</button>
    }
}

/// The button that deletes the pod.
pub(super) fn delete_button(props: &PodProps) -> Html {
    let pod = &props.pod;
    let command = Command::delete_pod(&Target::new(&pod.namespace, &pod.name, &props.namespace));
    html! {
        <button
            class="button button--quiet"
            type="button"
            data-role="delete"
            disabled={pod.state == PodState::Terminating}
            aria-label={tr("stage.delete-pod", &[("name", &pod.name)])}
            onclick={gesture::run(&props.dispatch, command)}
        >{ tr("stage.delete", &[]) }</button>
    }
}

/// The state in a word: the kubelet's own where it gives a reason, else where the pod is on its way.
pub(super) fn word(pod: &PodCard) -> String {
    match (pod.reason.is_empty(), pod.step, pod.grace) {
        (false, ..) if pod.state != PodState::Terminating => pod.reason.to_string(),
        (_, Some(step), _) => tr(&format!("stage.step.{}", step.name()), &[]),
        (_, _, Some(grace)) => tr("stage.terminating-left", &[("seconds", &grace.left_s.to_string())]),
        _ => tr(&format!("stage.state.{}", pod.state.name()), &[]),
    }
}

/// Which pod of its name it is.
pub(super) fn life(number: usize) -> String {
    match number {
        1 => tr("stage.life-first", &[]),
        2 => tr("stage.life-second", &[]),
        3 => tr("stage.life-third", &[]),
        life => tr("stage.life-nth", &[("number", &life.to_string())]),
    }
}
