//! The timeline as a table, for those who read rather than look: what was done and what happened, newest first, each with a
//! way to its moment. It must not know how the strips are drawn.

use std::rc::Rc;

use statefulset_engine::api::time::Ms;
use statefulset_engine::order;
use yew::prelude::*;

use super::Travel;
use super::clock::time_of;
use super::film::Film;
use crate::app::Action;
use crate::locale::tr;
use crate::state::record::MarkKind;

/// Lines of the table; more would be too many to read.
const LINES_MAX: usize = 200;

/// Properties of [`Table`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct TableProps {
    /// What it shows.
    pub film: Rc<Film>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The table.
#[component]
pub(super) fn Table(props: &TableProps) -> Html {
    let lines = use_memo(props.film.clone(), |film| lines(film));
    html! {
        <div class="happenings" tabindex="0" role="region" aria-label={tr("time.table", &[])}>
            <table class="happenings__table">
                <thead><tr><th scope="col">{ tr("time.when", &[]) }</th><th scope="col">{ tr("time.what", &[]) }</th></tr></thead>
                <tbody>
                    { for lines.iter().map(|(at_ms, words)| {
                        let (dispatch, at_ms) = (props.dispatch.clone(), *at_ms);
                        let go = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Travel(Travel::To(at_ms))));
                        html! {
                            <tr>
                                <td><button type="button" class="happenings__time" aria-label={tr("time.go-to", &[("time", &time_of(at_ms))])} onclick={go}>{ time_of(at_ms) }</button></td>
                                <td>{ words }</td>
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
        </div>
    }
}

/// Everything that happened, newest first.
fn lines(film: &Film) -> Vec<(Ms, String)> {
    let flags = film.flags.iter().rev().take(LINES_MAX).map(|flag| (flag.at_ms, format!("$ {}", flag.line)));
    let marks = film.marks.iter().rev().filter(|mark| mark.kind != MarkKind::Event).take(LINES_MAX).map(|mark| {
        let words = match mark.kind {
            MarkKind::Rollout => tr("time.rollout", &[("name", &mark.words)]),
            MarkKind::Event | MarkKind::Warning => mark.words.clone(),
        };
        (mark.at_ms, words)
    });
    let changes = film.strips.iter().flat_map(|strip| {
        strip.changes.iter().rev().take(LINES_MAX).map(|change| {
            let state = change.state.map_or_else(|| tr("time.gone", &[]), |state| tr(&format!("stage.state.{}", state.name()), &[]));
            (change.at_ms, format!("{}: {state}", strip.name))
        })
    });
    let mut all: Vec<(Ms, String)> = flags.chain(marks).chain(changes).collect();
    order::sort_by_key(&mut all, |(at_ms, _)| std::cmp::Reverse(*at_ms));
    all.truncate(LINES_MAX);
    all
}
