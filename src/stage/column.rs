//! A column: an identity with its name on top, the slot of its pod, and its claims.
//! It must not know the columns beside it.

use std::rc::Rc;

use yew::prelude::*;

use super::claim::Claim;
use super::pod::Pod;
use super::scene::{self, Slot};
use crate::app::Action;
use crate::locale::tr;

/// Properties of [`Column`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct ColumnProps {
    /// The identity.
    pub column: Rc<scene::Column>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// A column.
#[component]
pub(super) fn Column(props: &ColumnProps) -> Html {
    let column = &props.column;
    let named = column.dns_name != column.pod_name;
    let explained = match (named, column.answers) {
        (false, _) => tr("stage.unnamed", &[]),
        (true, true) => tr("stage.answers", &[]),
        (true, false) => tr("stage.answers-not", &[]),
    };
    html! {
        <li class="column" data-column={column.ordinal.to_string()}>
            <p class={classes!("column__dns", column.answers.then_some("column__dns--answers"))} title={format!("{}: {explained}", column.dns_name)}>
                { &column.dns_name }
                <span class="visually-hidden">{ explained.clone() }</span>
            </p>
            { slot(props) }
            { for column.claims.iter().map(|claim| html! { <Claim key={claim.uid.clone()} claim={claim.clone()} wired=true /> }) }
        </li>
    }
}

/// The slot: the pod, or the place where it will be or was.
fn slot(props: &ColumnProps) -> Html {
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
            html! { <Pod key={pod.uid.clone()} pod={pod.clone()} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} /> }
        }
        Slot::NotYet => none("stage.slot.not-yet", "not-yet"),
        Slot::ScaledDown => none("stage.slot.scaled-down", "scaled-down"),
    }
}
