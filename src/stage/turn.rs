//! The controller of a set, drawn as the loop that it is: it wakes, looks, decides and acts, and then sleeps until the
//! next change wakes it. A new turn is a new element, so that its four stations light up one after the other; turns that
//! come while they do are told in words, and do not begin it anew. It must not know the rules.

use std::rc::Rc;

use yew::prelude::*;

use super::scene::{Deed, SetScene, Turn};
use crate::locale::{tr, tr_count};

/// Properties of [`Loop`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct LoopProps {
    /// The set.
    pub set: Rc<SetScene>,
    /// The last turn.
    pub turn: Rc<Turn>,
}

/// Which turn lights up.
#[derive(Debug, Default)]
struct Lit {
    /// The turn whose stations light up, or did last.
    shown: String,
    /// The last turn.
    newest: String,
    /// Whether they still do.
    runs: bool,
}

/// The loop.
#[component]
pub(super) fn Loop(props: &LoopProps) -> Html {
    let (set, turn) = (&props.set, &props.turn);
    let woke = match &turn.cause {
        Some(cause) => tr(&format!("stage.loop.{}", cause.verb), &[("name", &cause.name)]),
        None => tr("stage.loop.start", &[]),
    };
    let looked = tr_count("stage.loop.looked", turn.pods as u64, &[("wanted", &set.replicas.to_string())]);
    let mut names = turn.objects.join(", ");
    if turn.more > 0 {
        names.push_str(&format!(" +{}", turn.more));
    }
    let did = match turn.deed {
        Deed::Rests => tr("stage.loop.rests", &[]),
        deed if names.is_empty() => tr(&format!("stage.loop.{}-only", deed.name()), &[]),
        deed => tr(&format!("stage.loop.{}", deed.name()), &[("names", &names)]),
    };
    // The last station to light up is the last to go out.
    let station = |name: &'static str, what: Html, ended: Option<Callback<AnimationEvent>>| {
        html! {
            <li class={classes!("loop__station", format!("loop__station--{name}"))} onanimationend={ended}>
                <span class="loop__name">{ tr(&format!("stage.loop.{name}"), &[]) }</span>
                <span class="loop__what">{ what }</span>
            </li>
        }
    };
    let lit = use_mut_ref(Lit::default);
    let again = use_force_update();
    let key = {
        let mut lit = lit.borrow_mut();
        lit.newest = format!("{}-{}-{names}", turn.at_ms, turn.rule);
        if !lit.runs && lit.shown != lit.newest {
            lit.shown = lit.newest.clone();
            lit.runs = true;
        }
        lit.shown.clone()
    };
    let ended = Callback::from(move |_: AnimationEvent| {
        let mut lit = lit.borrow_mut();
        lit.runs = false;
        if lit.shown != lit.newest {
            again.force_update();
        }
    });
    html! {
        <div class={classes!("loop", format!("loop--{}", turn.deed.name()))} data-loop={turn.deed.name()} data-rule={turn.rule}>
            <p class="visually-hidden">{ tr("stage.loop.title", &[("name", &set.name)]) }</p>
            <ol class="loop__stations" {key}>
                { station("wakes", html! { { woke } }, None) }
                { station("looks", html! { { looked } }, None) }
                { station("decides", html! { <span class="loop__rule">{ turn.rule }</span> }, None) }
                { station("acts", html! { { did } }, Some(ended)) }
            </ol>
        </div>
    }
}
