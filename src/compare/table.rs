//! The comparison as a table: identities that differ first. It must not know the stages.

use statefulset_engine::order;
use yew::prelude::*;

use super::pairs::{Group, Pair, Side};
use super::{Comparison, history, mark};
use crate::locale::{tr, tr_count};
use crate::timeline::clock::time_of;

/// Rows of the table; more would be too many to read.
const ROWS_MAX: usize = 100;

/// The table.
pub(super) fn table(comparison: &Comparison) -> Html {
    let rows = comparison.groups.iter().flat_map(|group| group.pairs.iter().map(move |pair| (group, pair)));
    let mut pairs: Vec<(&Group, &Pair)> = rows.collect();
    order::sort_by_key(&mut pairs, |(_, pair)| !pair.differs());
    // Sets of several namespaces may bear one name, and so may their pods.
    let several = comparison.groups.iter().any(|group| group.namespace != comparison.groups[0].namespace);
    let more = pairs.len().saturating_sub(ROWS_MAX);
    let head = |side: usize| {
        html! { <th scope="col">{ history(comparison.branches[side]) }{ " " }<span class="compare__at">{ time_of(comparison.at_ms[side]) }</span></th> }
    };
    html! {
        <table class="compare__table">
            <thead><tr><th scope="col">{ tr("compare.identity", &[]) }</th>{ head(0) }{ head(1) }</tr></thead>
            <tbody>
                { for pairs.into_iter().take(ROWS_MAX).map(|(group, pair)| html! {
                    <tr key={format!("{}/{}/{}/{}", group.kind, group.namespace, group.name, pair.name)} class={classes!(pair.differs().then_some("compare__row--differs"))} data-differs={pair.differs().to_string()}>
                        <th scope="row">
                            { &*pair.name }
                            if several { <span class="compare__at">{ format!(" {}", group.namespace) }</span> }
                            { mark(pair) }
                        </th>
                        { side(&pair.sides[0]) }
                        { side(&pair.sides[1]) }
                    </tr>
                }) }
                if more > 0 { <tr><td colspan="3">{ tr_count("stage.more-alike", more as u64, &[]) }</td></tr> }
            </tbody>
        </table>
    }
}

fn side(side: &Side) -> Html {
    let claims: Vec<String> = side.claims.iter().map(|claim| format!("{} {}", claim.name, claim.phase)).collect();
    html! {
        <td>
            if let Some(pod) = &side.pod {
                <span class={classes!("mini", format!("mini--{}", pod.state.name()), pod.revision.as_ref().is_some_and(|revision| revision.newer).then_some("mini--newer"))}>
                    <b>{ tr(&format!("stage.state.{}", pod.state.name()), &[]) }</b>
                    if let Some(revision) = pod.revision.as_ref().filter(|revision| revision.number > 0) {
                        { " · " }{ tr("stage.revision", &[("number", &revision.number.to_string())]) }
                    }
                    if !pod.node.is_empty() { { format!(" · {}", pod.node) } }
                </span>
            } else {
                <span class="mini mini--none">{ tr("stage.no-pod", &[]) }</span>
            }
            if !claims.is_empty() { <span class="compare__claims">{ claims.join(", ") }</span> }
        </td>
    }
}
