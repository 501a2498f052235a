//! A small stage: one of two histories, drawn small beside the other. Each identity has the same place on both, whether it
//! has a pod there or not. It must not know which history is which.

use std::rc::Rc;

use statefulset_engine::api::time::Ms;
use yew::prelude::*;

use super::pairs::{Group, Head, Pair, Side};
use super::{history, mark};
use crate::locale::{tr, tr_count};
use crate::stage::{class_of, state_shape};
use crate::state::branches::BranchId;
use crate::timeline::clock::time_of;

/// Up to so many identities are drawn as small cards; more as squares.
const CARDS_MAX: usize = 12;
/// Squares that are drawn; more are counted.
const SQUARES_MAX: usize = 1_000;

/// Properties of [`SmallStage`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct SmallStageProps {
    /// Which of the two sides of every pair.
    pub side: usize,
    /// The history.
    pub branch: BranchId,
    /// Its moment.
    pub at_ms: Ms,
    /// What both histories show.
    pub groups: Rc<[Group]>,
}

/// The stage.
#[component]
pub(super) fn SmallStage(props: &SmallStageProps) -> Html {
    let name = history(props.branch);
    let empty = props.groups.is_empty().then(|| html! { <p class="hint">{ tr("compare.empty", &[]) }</p> });
    html! {
        <section class="small-stage" data-small-stage={props.branch.to_string()} aria-label={format!("{name}, {}", time_of(props.at_ms))}>
            <h4 class="small-stage__title">{ name }{ " " }<span class="compare__at">{ time_of(props.at_ms) }</span></h4>
            { for props.groups.iter().map(|group| self::group(group, props.side)) }
            { for empty }
        </section>
    }
}

fn group(group: &Group, side: usize) -> Html {
    let cards = group.pairs.len() <= CARDS_MAX;
    let more = group.pairs.len().saturating_sub(SQUARES_MAX);
    html! {
        <div class="small-set" key={format!("{} {}/{}", group.kind, group.namespace, group.name)}>
            <p class="small-set__head">
                if group.kind.is_empty() {
                    <b>{ tr("compare.alone", &[("namespace", &group.namespace)]) }</b>
                } else {
                    <span class="set__kind">{ group.kind }</span>{ " " }<b>{ &*group.name }</b>{ " " }
                    <span class="small-set__facts">{ facts(group.heads[side]) }</span>
                }
            </p>
            <ul class={if cards { "small-cards" } else { "cells cells--strip small-cells" }}>
                { for group.pairs.iter().take(SQUARES_MAX).map(|pair| if cards { card(pair, side) } else { square(pair, side) }) }
            </ul>
            if more > 0 { <p class="hint">{ tr_count("stage.more-alike", more as u64, &[]) }</p> }
        </div>
    }
}

/// What a workload asks for and has, in a few words.
fn facts(head: Option<Head>) -> String {
    let Some(head) = head else { return tr("compare.not-there", &[]) };
    let mut words = tr("stage.ready", &[("ready", &head.ready.to_string()), ("all", &head.replicas.to_string())]);
    if let Some(partition) = head.partition {
        words.push_str(" · ");
        words.push_str(&tr("stage.line.partition", &[("number", &partition.to_string())]));
    }
    words
}

/// An identity as a small card: its pod with its claims under it.
fn card(pair: &Pair, side: usize) -> Html {
    let Side { pod, claims } = &pair.sides[side];
    let newer = pod.as_ref().and_then(|pod| pod.revision.as_ref()).is_some_and(|revision| revision.newer);
    html! {
        <li class={classes!("small-column", pair.differs().then_some("small-column--differs"))} key={&*pair.name} data-identity={pair.name.shared()}>
            <p class="small-column__name">{ &*pair.name }{ mark(pair) }</p>
            if let Some(pod) = pod {
                <p class={classes!("mini", format!("mini--{}", pod.state.name()), class_of(pod.state), newer.then_some("mini--newer"))}>
                    <span class="state">{ state_shape(pod.state) }{ tr(&format!("stage.state.{}", pod.state.name()), &[]) }</span>
                    if let Some(revision) = pod.revision.as_ref().filter(|revision| revision.number > 0) {
                        <span class="mini__fact">{ tr("stage.revision", &[("number", &revision.number.to_string())]) }</span>
                    }
                    <span class="mini__fact">{ if pod.node.is_empty() { tr("stage.no-node", &[]).into() } else { pod.node.shared() } }</span>
                </p>
            } else {
                <p class="mini mini--none">{ tr("stage.no-pod", &[]) }</p>
            }
            { for claims.iter().map(|claim| html! {
                <p key={&*claim.name} class={classes!("small-claim", claim.used.then_some("small-claim--used"))}>
                    { &*claim.name }{ " " }
                    <span class="mini__fact">{ if claim.phase == "Bound" && !claim.used { tr("stage.claim-kept", &[]).into() } else { AttrValue::from(claim.phase) } }</span>
                </p>
            }) }
        </li>
    }
}

/// An identity as a square.
fn square(pair: &Pair, side: usize) -> Html {
    let pod = pair.sides[side].pod.as_ref();
    let newer = pod.and_then(|pod| pod.revision.as_ref()).is_some_and(|revision| revision.newer);
    let word = pod.map_or_else(|| tr("stage.no-pod", &[]), |pod| tr(&format!("stage.state.{}", pod.state.name()), &[]));
    html! {
        <li
            class={classes!("cell", pod.map_or("cell--none", |pod| class_of(pod.state)), newer.then_some("pod--newer"), pair.differs().then_some("is-different"))}
            key={&*pair.name}
            data-identity={pair.name.shared()}
            title={format!("{}: {word}", pair.name)}
        ><span class="visually-hidden">{ format!("{}: {word}", pair.name) }</span></li>
    }
}
