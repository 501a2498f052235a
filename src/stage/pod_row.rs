//! A pod in one line of a lane, with the claims that it uses.
//! It must not know the node.

use statefulset_engine::api::kind::Kind;
use yew::prelude::*;

use super::gesture;
use super::pod::{PodProps, choose_button, delete_button, word};
use super::shapes::{revision_badge, state_shape};

/// The line.
#[component]
pub(super) fn PodRow(props: &PodProps) -> Html {
    let pod = &props.pod;
    let newer = pod.revision.as_ref().is_some_and(|revision| revision.newer);
    let choose = gesture::choose(&props.dispatch, Kind::Pod, &pod.namespace, &pod.name, props.chosen);
    html! {
        <li
            class={classes!("pod-row", format!("pod--{}", pod.state.name()), newer.then_some("pod--newer"), props.chosen.then_some("is-chosen"))}
            data-kind="Pod"
            data-name={pod.name.shared()}
            data-namespace={pod.namespace.shared()}
            data-phase={pod.phase}
            data-ready={pod.ready.to_string()}
            data-revision={pod.revision.as_ref().map(|revision| revision.name.shared())}
            data-ordinal={pod.ordinal.map(|ordinal| ordinal.to_string())}
            data-node={pod.node.shared()}
            data-ip={pod.ip.shared()}
            data-uid={pod.uid.shared()}
            onclick={choose.clone()}
        >
            <span class="pod-row__state">{ state_shape(pod.state) }</span>
            <span class="pod-row__words">
                <span class="pod-row__first">
                    <b class="pod-row__name">{ choose_button(props, choose) }</b>
                    if let Some(revision) = &pod.revision { { revision_badge(revision) } }
                </span>
                <span class="pod-row__facts">
                    <span>{ word(pod) }</span>
                    if !pod.ip.is_empty() { <span class="pod-row__ip">{ pod.ip.shared() }</span> }
                    { for pod.claims.iter().map(|claim| html! { <span>{ claim.shared() }</span> }) }
                </span>
            </span>
            { delete_button(props) }
        </li>
    }
}
