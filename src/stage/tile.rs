//! A column drawn small, for sets with many: shape, colour and number of its pod, and whether it has its disk.
//! A plain function and not a component: there can be a thousand of them, and each is a few elements.

use yew::prelude::*;

use super::scene::{Column, Density, Slot};
use super::shapes::state_shape;
use crate::locale::tr;

/// A tile.
pub(super) fn tile(column: &Column, density: Density) -> Html {
    let ordinal = column.ordinal.to_string();
    match &column.slot {
        Slot::Pod(pod) => {
            let newer = pod.revision.as_ref().is_some_and(|revision| revision.newer);
            let word = tr(&format!("stage.state.{}", pod.state.name()), &[]);
            html! {
                <li
                    class={classes!("tile", format!("pod--{}", pod.state.name()), newer.then_some("pod--newer"))}
                    key={column.ordinal}
                    data-kind="Pod"
                    data-name={pod.name.clone()}
                    data-phase={pod.phase}
                    data-ready={pod.ready.to_string()}
                    data-revision={pod.revision.as_ref().map(|revision| revision.name.clone()).unwrap_or_default()}
                    data-ordinal={ordinal.clone()}
                    data-node={pod.node.clone()}
                    data-ip={pod.ip.clone()}
                    data-uid={pod.uid.clone()}
                    title={format!("{}: {word}", pod.name)}
                >
                    { state_shape(pod.state) }
                    if density == Density::Tiles { <span class="tile__ordinal">{ ordinal }</span> }
                    <span class="visually-hidden">{ format!("{}: {word}", pod.name) }</span>
                </li>
            }
        }
        Slot::NotYet | Slot::ScaledDown => html! {
            <li class="tile tile--none" key={column.ordinal} title={column.pod_name.clone()}>
                if density == Density::Tiles { <span class="tile__ordinal">{ ordinal }</span> }
                <span class="visually-hidden">{ tr("stage.tile-none", &[("name", &column.pod_name)]) }</span>
            </li>
        },
    }
}
