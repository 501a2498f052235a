//! The comparison of two histories: the same moment since they parted, identity by identity, side by side.
//! It must not know how histories are kept.

pub mod rows;

use std::rc::Rc;

use statefulset_engine::api::time::Ms;
use yew::prelude::*;

use crate::app::Action;
use crate::locale::{tr, tr_count};
use crate::state::branches::BranchId;
use crate::timeline::Travel;
use crate::timeline::clock::time_of;
use rows::{ROWS_MAX, Row, Side};

/// Two histories at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The history shown, and the other.
    pub branches: [BranchId; 2],
    /// The moment of each: the other may have ended before.
    pub at_ms: [Ms; 2],
    /// When they parted.
    pub parted_ms: Ms,
    /// Their identities.
    pub rows: Vec<Row>,
}

/// Properties of [`Compare`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CompareProps {
    /// What is compared; nothing where nothing is.
    pub comparison: Option<Rc<Comparison>>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The comparison.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let Some(comparison) = &props.comparison else {
        // A component that renders nothing can break its neighbours (yew #4092).
        return html! { <div hidden=true></div> };
    };
    let send = |travel: Travel| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Travel(travel)))
    };
    let [one, other] = comparison.branches;
    let differing = comparison.rows.iter().filter(|row| row.differs()).count();
    let head = |index: usize| {
        let name = tr("time.history", &[("number", &comparison.branches[index].to_string())]);
        html! { <th scope="col">{ name }{ " " }<span class="compare__at">{ time_of(comparison.at_ms[index]) }</span></th> }
    };
    html! {
        <section class="compare" aria-label={tr("compare.title", &[("one", &one.to_string()), ("other", &other.to_string())])} data-role="comparison">
            <div class="compare__bar">
                <h3 class="compare__title">{ tr("compare.title", &[("one", &one.to_string()), ("other", &other.to_string())]) }</h3>
                <p class="compare__note">
                    { tr("compare.parted", &[("time", &time_of(comparison.parted_ms))]) }{ " " }
                    { tr_count("compare.differ", differing as u64, &[]) }
                </p>
                <button type="button" class="button button--small" data-role="compare-switch" onclick={send(Travel::Show(other))}>{ tr("compare.switch", &[("number", &other.to_string())]) }</button>
                <button type="button" class="button button--quiet" data-role="compare-close" aria-label={tr("about.close", &[])} onclick={send(Travel::Compare(None))}>{ "✕" }</button>
            </div>
            <div class="compare__scroll" tabindex="0" role="region" aria-label={tr("compare.identities", &[])}>
                <table class="compare__table">
                    <thead><tr><th scope="col">{ tr("compare.identity", &[]) }</th>{ head(0) }{ head(1) }</tr></thead>
                    <tbody>
                        { for comparison.rows.iter().take(ROWS_MAX).map(|row| html! {
                            <tr key={row.name.clone()} class={classes!(row.differs().then_some("compare__row--differs"))} data-differs={row.differs().to_string()}>
                                <th scope="row">
                                    { &row.name }
                                    if row.differs() { <span class="compare__mark">{ tr("compare.differs", &[]) }</span> }
                                </th>
                                { side(&row.sides[0]) }
                                { side(&row.sides[1]) }
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn side(side: &Side) -> Html {
    let newer = side.revision > 1 && side.revision % 2 == 0;
    html! {
        <td>
            if let Some(state) = side.state {
                <span class={classes!("mini", format!("mini--{}", state.name()), newer.then_some("mini--newer"))}>
                    <b>{ tr(&format!("stage.state.{}", state.name()), &[]) }</b>
                    if side.revision > 0 { { " · " }{ tr("stage.revision", &[("number", &side.revision.to_string())]) } }
                    if !side.node.is_empty() { { format!(" · {}", side.node) } }
                </span>
            } else {
                <span class="mini mini--none">{ tr("stage.no-pod", &[]) }</span>
            }
            if !side.claims.is_empty() { <span class="compare__claims">{ &side.claims }</span> }
        </td>
    }
}
