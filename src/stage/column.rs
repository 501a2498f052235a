//! A column: an identity with its name on top, the slot of its pod, and its claims.
//! It must not know the columns beside it.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use yew::prelude::*;

use super::claim::Claim;
use super::entrance::{Entrance, use_entrance};
use super::gesture::is_chosen;
use super::pod::Pod;
use super::scene::{self, EndpointMark, Slot};
use crate::app::Action;
use crate::locale::tr;

/// Properties of [`Column`].
#[derive(Clone, Debug, Properties)]
pub(super) struct ColumnProps {
    /// The identity.
    pub column: Rc<scene::Column>,
    /// Whether a Service stands above the columns and shows its endpoints in them.
    #[prop_or_default]
    pub served: bool,
    /// The chosen object, where it is in this column: others need not know.
    #[prop_or_default]
    pub chosen: Option<Key>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Whether a pointer passes over moments.
    pub passes: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

impl PartialEq for ColumnProps {
    /// A pointer that begins or ends to pass changes nothing by itself.
    fn eq(&self, other: &Self) -> bool {
        self.column == other.column
            && self.served == other.served
            && self.chosen == other.chosen
            && self.namespace == other.namespace
            && self.dispatch == other.dispatch
    }
}

/// A column.
#[component]
pub(super) fn Column(props: &ColumnProps) -> Html {
    let column = &props.column;
    let pod = column.slot.pod();
    let uid = pod.map(|pod| pod.uid.clone()).unwrap_or_default();
    // With a new column, its pod comes in; the movements of all its other parts would say nothing more.
    let entrance = use_entrance(uid.clone(), props.passes, props.passes);
    let wired = use_entrance(uid, props.passes, true);
    let mark = column.endpoint.as_ref();
    let marked = use_entrance(mark.map(|mark| format!("{} {}", mark.address, mark.state()).into()).unwrap_or_default(), props.passes, true);
    let named = column.dns_name != column.pod_name;
    let explained = match (named, column.answers) {
        (false, _) => tr("stage.unnamed", &[]),
        (true, true) => tr("stage.answers", &[]),
        (true, false) => tr("stage.answers-not", &[]),
    };
    html! {
        <li class={classes!("column", props.passes.then_some("is-passed"))} data-column={column.ordinal.to_string()}>
            if props.served { { endpoint(mark, marked) } }
            <p class={classes!("column__dns", column.answers.then_some("column__dns--answers"))} title={format!("{}: {explained}", column.dns_name)}>
                { column.dns_name.clone() }
                <span class="visually-hidden">{ explained.clone() }</span>
            </p>
            { slot(props, entrance) }
            <>{ for column.claims.iter().map(|claim| {
                let chosen = is_chosen(props.chosen.as_ref(), Kind::PersistentVolumeClaim, &claim.namespace, &claim.name);
                html! { <Claim key={claim.uid.shared()} claim={claim.clone()} wired=true entrance={wired} passes={props.passes} {chosen} dispatch={props.dispatch.clone()} /> }
            }) }</>
        </li>
    }
}

/// The slot: the pod, or the place where it will be or was.
fn slot(props: &ColumnProps, entrance: Entrance) -> Html {
    let none = |key: &str, name: &str| {
        html! {
            <div class={classes!("slot", format!("slot--{name}"))}>
                <p class="slot__none">{ tr("stage.no-pod", &[]) }</p>
                <p class="slot__why">{ tr(key, &[]) }</p>
            </div>
        }
    };
    match &props.column.slot {
        Slot::Pod(pod) => {
            let chosen = is_chosen(props.chosen.as_ref(), Kind::Pod, &pod.namespace, &pod.name);
            html! { <Pod key={entrance.key} pod={pod.clone()} {chosen} {entrance} passes={props.passes} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} /> }
        }
        Slot::NotYet => none("stage.slot.not-yet", "not-yet"),
        Slot::ScaledDown => none("stage.slot.scaled-down", "scaled-down"),
    }
}

/// The entry of the column's pod in the EndpointSlice: a tap on the Service's line, open where the pod is left out.
fn endpoint(mark: Option<&EndpointMark>, entrance: Entrance) -> Html {
    match mark {
        Some(mark) => {
            let word = tr(&format!("stage.endpoint.{}", mark.state()), &[]);
            html! {
                <p class={classes!("endpoint", format!("endpoint--{}", mark.state()), entrance.class())} key={entrance.key} data-endpoint={mark.address.shared()}>
                    { mark.address.clone() }
                    { " " }
                    <span class="endpoint__word">{ word }</span>
                </p>
            }
        }
        None => html! { <p class="endpoint endpoint--none">{ tr("stage.endpoint.none", &[]) }</p> },
    }
}

/// The chosen object for a column: `None` unless it is there, so that a choice concerns two columns and not all.
pub(super) fn chosen_in(column: &scene::Column, chosen: Option<&Key>) -> Option<Key> {
    let key = chosen?;
    let here = match key.kind {
        Kind::Pod => column.pod_name == key.name,
        Kind::PersistentVolumeClaim => column.claims.iter().any(|claim| claim.name == key.name),
        _ => false,
    };
    here.then(|| key.clone())
}
