//! The histories of a sandbox: which one is shown, and what can be done with the others.
//! It must not know how they are kept.

use std::rc::Rc;

use yew::prelude::*;

use super::Travel;
use super::clock::time_of;
use super::film::{BranchView, Film};
use crate::app::Action;
use crate::locale::tr;
use crate::state::branches::{BRANCHES_MAX, BranchId};

/// Properties of [`Histories`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct HistoriesProps {
    /// What the timeline shows.
    pub film: Rc<Film>,
    /// The history that is compared with the one shown.
    pub beside: Option<BranchId>,
    /// Whether one more was wanted than are kept.
    pub refused: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The list of histories; nothing where there is one.
#[component]
pub(super) fn Histories(props: &HistoriesProps) -> Html {
    let film = &props.film;
    html! {
        <div class="histories">
            <p class="histories__refused" role="alert">
                if props.refused { { tr("time.refused", &[("count", &BRANCHES_MAX.to_string())]) } }
            </p>
            if film.branches.is_empty() {
                <p class="histories__hint">{ tr("time.hint", &[]) }</p>
            } else {
                <ul class="histories__list" aria-label={tr("time.histories", &[])}>
                    { for film.branches.iter().map(|branch| history(branch, props)) }
                </ul>
            }
        </div>
    }
}

fn history(branch: &BranchView, props: &HistoriesProps) -> Html {
    let (id, shown, compared) = (branch.id, props.film.edition.branch == branch.id, props.beside == Some(branch.id));
    let number = id.to_string();
    let send = |travel: Travel| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Travel(travel)))
    };
    let time = time_of(branch.forked_ms);
    let words = match (branch.parent, branch.line.is_empty(), branch.without) {
        (None, true, _) => tr("time.first", &[]),
        (None, false, _) => branch.line.clone(),
        (Some(_), true, _) => tr("time.forked", &[("time", &time)]),
        (Some(_), false, true) => tr("time.forked-without", &[("time", &time), ("line", &branch.line)]),
        (Some(_), false, false) => tr("time.forked-with", &[("time", &time), ("line", &branch.line)]),
    };
    let name = tr("time.history", &[("number", &number)]);
    html! {
        <li key={id} class={classes!("history", shown.then_some("history--shown"), compared.then_some("history--beside"))}>
            <button type="button" class="history__show" data-role="history" data-history={number.clone()} aria-pressed={shown.to_string()} title={words.clone()} onclick={send(Travel::Show(id))}>
                <span class="visually-hidden">{ &name }</span>
                <span class="history__number" aria-hidden="true">{ number.clone() }</span>
                <span class="history__words">{ words }</span>
            </button>
            if !shown {
                <button type="button" class="history__tool" data-role="compare" aria-pressed={compared.to_string()} aria-label={tr("time.compare-with", &[("name", &name)])} title={tr("time.compare-with", &[("name", &name)])}
                    onclick={send(Travel::Compare((!compared).then_some(id)))}>{ tr("time.compare", &[]) }</button>
                <button type="button" class="history__tool" data-role="forget" aria-label={tr("time.forget", &[("name", &name)])} title={tr("time.forget", &[("name", &name)])} onclick={send(Travel::Forget(id))}>{ "✕" }</button>
            }
        </li>
    }
}
