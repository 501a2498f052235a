//! When the text is looked at: a moment after the last key, further as long as a look is not finished, and again when the cluster
//! changes. It draws nothing, so that the cluster's changes do not draw the editor anew. It must not know what is found.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::desk::Deed;
use crate::app::Action;

/// How long after the last key the text is read.
const PAUSE_MS: u32 = 120;
/// Texts beyond this are read later, so that typing in them stays quick.
const BIG_BYTES: usize = 100_000;
/// How long after the last key a big text is read.
const BIG_PAUSE_MS: u32 = 600;
/// How long after a change of the cluster the text is judged beside it anew.
const CLUSTER_PAUSE_MS: u32 = 700;

/// Properties of [`Looks`].
#[derive(Clone, PartialEq, Properties)]
pub struct LooksProps {
    /// The text.
    pub text: Rc<str>,
    /// Changes with every turn of a look that is not finished; 0 where none is under way.
    pub pending: u32,
    /// Changes with the cluster.
    pub revision: u64,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The clockwork.
#[component]
pub fn Looks(props: &LooksProps) -> Html {
    let look = |pause_ms: u32| {
        let dispatch = props.dispatch.clone();
        move || Timeout::new(pause_ms, move || dispatch.emit(Action::Desk(Deed::Look)))
    };
    let start = look(if props.text.len() > BIG_BYTES { BIG_PAUSE_MS } else { PAUSE_MS });
    use_effect_with(props.text.clone(), move |_| {
        let timeout = start();
        move || drop(timeout)
    });
    let go_on = look(0);
    use_effect_with(props.pending, move |pending| {
        let timeout = (*pending != 0).then(go_on);
        move || drop(timeout)
    });
    let waiting = use_mut_ref(|| None::<Timeout>);
    let dispatch = props.dispatch.clone();
    use_effect_with(props.revision, move |_| {
        // One look for many changes, and not put off by further ones.
        if waiting.borrow().is_none() {
            let done = waiting.clone();
            let timeout = Timeout::new(CLUSTER_PAUSE_MS, move || {
                *done.borrow_mut() = None;
                dispatch.emit(Action::Desk(Deed::Look));
            });
            *waiting.borrow_mut() = Some(timeout);
        }
    });
    html! { <span hidden=true></span> }
}
