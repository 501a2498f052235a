//! A column drawn small, for sets with many: one element with the state of its pod as a shape, its revision as colour and
//! corner. Cells come in runs: a run is drawn again only where one of its columns has changed, so that a thousand pods of
//! which one moves cost as much as a run. It must not know what is drawn large.

use std::rc::Rc;

use yew::prelude::*;

use super::scene::{Column, PodState, SetScene, Slot};
use crate::locale::tr;

/// Cells of a run.
pub(super) const RUN: usize = 25;

/// Properties of [`Run`].
#[derive(Clone, Debug, Properties)]
pub(super) struct RunProps {
    /// The set.
    pub set: Rc<SetScene>,
    /// The first column of the run; it is [`RUN`] long, or up to the end of the set.
    pub from: usize,
    /// The place that the keyboard stands on, where it is in this run.
    pub active: Option<usize>,
    /// The ordinal that was chosen, where it is in this run.
    pub chosen: Option<i64>,
    /// The places in this run that are drawn large elsewhere; there the pod is, here only its mark.
    pub large: Vec<usize>,
    /// Whether the cells show their ordinals.
    pub numbered: bool,
}

impl RunProps {
    fn columns(&self) -> &[Rc<Column>] {
        let to = (self.from + RUN).min(self.set.columns.len());
        self.set.columns.get(self.from..to).unwrap_or_default()
    }

    /// Before which of its cells the partition stands, if there.
    fn boundary(&self) -> Option<usize> {
        let partition = self.set.partition.filter(|partition| partition.at > 0)?;
        Some(partition.columns_before).filter(|before| (self.from..self.from + RUN).contains(before))
    }
}

impl PartialEq for RunProps {
    fn eq(&self, other: &Self) -> bool {
        let what = |props: &Self| (props.from, props.active, props.chosen, props.numbered, props.boundary());
        let (ours, theirs) = (self.columns(), other.columns());
        what(self) == what(other)
            && self.large == other.large
            && ours.len() == theirs.len()
            && ours.iter().zip(theirs).all(|(one, other)| Rc::ptr_eq(one, other))
    }
}

/// A run of cells.
#[component]
pub(super) fn Run(props: &RunProps) -> Html {
    let boundary = props.boundary();
    props
        .columns()
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let place = props.from + index;
            let look = Look {
                place,
                active: props.active == Some(place),
                chosen: props.chosen == Some(column.ordinal),
                elsewhere: props.large.contains(&place),
                boundary: boundary == Some(place),
                numbered: props.numbered,
            };
            cell(&props.set, column, &look)
        })
        .collect()
}

/// How a cell is drawn apart from its column.
struct Look {
    place: usize,
    active: bool,
    chosen: bool,
    elsewhere: bool,
    boundary: bool,
    numbered: bool,
}

/// The id of the cell that the keyboard stands on.
pub(super) fn id(set: &SetScene, place: usize) -> String {
    format!("cell-{}-{}-{place}", set.namespace, set.name)
}

fn cell(set: &SetScene, column: &Column, look: &Look) -> Html {
    let ordinal: AttrValue = column.ordinal.to_string().into();
    let number = || {
        if look.numbered {
            html! { ordinal.clone() }
        } else {
            html! {}
        }
    };
    let marks = classes!(look.active.then_some("is-active"), look.chosen.then_some("is-chosen"), look.boundary.then_some("is-boundary"));
    let id = look.active.then(|| id(set, look.place));
    match &column.slot {
        Slot::Pod(pod) => {
            let newer = pod.revision.as_ref().is_some_and(|revision| revision.newer);
            let class = classes!("cell", class_of(pod.state), newer.then_some("pod--newer"), marks);
            let label = format!("{}: {}", pod.name, super::pod::word(pod));
            if look.elsewhere {
                return html! {
                    <li key={look.place} {class} {id} data-at={look.place.to_string()} role="option" aria-selected={look.chosen.to_string()} aria-label={label}>{ number() }</li>
                };
            }
            html! {
                <li
                    key={look.place}
                    {class}
                    {id}
                    data-at={look.place.to_string()}
                    data-kind="Pod"
                    data-name={pod.name.shared()}
                    data-phase={pod.phase}
                    data-ready={if pod.ready { "true" } else { "false" }}
                    data-revision={pod.revision.as_ref().map(|revision| revision.name.shared())}
                    data-ordinal={ordinal.clone()}
                    data-node={pod.node.shared()}
                    data-ip={pod.ip.shared()}
                    data-uid={pod.uid.shared()}
                    role="option"
                    aria-selected={if look.chosen { "true" } else { "false" }}
                    aria-label={label}
                >{ number() }</li>
            }
        }
        Slot::NotYet | Slot::ScaledDown => html! {
            <li
                key={look.place}
                class={classes!("cell", "cell--none", marks)}
                {id}
                data-at={look.place.to_string()}
                role="option"
                aria-selected={if look.chosen { "true" } else { "false" }}
                aria-label={tr("stage.tile-none", &[("name", &column.pod_name)])}
            >{ number() }</li>
        },
    }
}

/// The class of a state, without putting it together each time: there may be a thousand cells.
pub(crate) fn class_of(state: PodState) -> &'static str {
    match state {
        PodState::Pending => "pod--pending",
        PodState::Creating => "pod--creating",
        PodState::NotReady => "pod--not-ready",
        PodState::Ready => "pod--ready",
        PodState::Terminating => "pod--terminating",
        PodState::Failing => "pod--failing",
        PodState::Failed => "pod--failed",
        PodState::Succeeded => "pod--succeeded",
        PodState::Unknown => "pod--unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_of_a_state_is_its_name() {
        for state in PodState::ALL {
            assert_eq!(class_of(*state), format!("pod--{}", state.name()));
        }
    }
}
