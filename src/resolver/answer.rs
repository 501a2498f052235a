//! One query and its answer: who asked and how, the names that were tried, what each gave, and how the answer differs from
//! the one before. It must not know who answers.

use std::rc::Rc;

use yew::prelude::*;

use super::lookup::{Address, Lookup, Outcome};
use crate::app::Action;
use crate::chrome::panes::Pane;
use crate::locale::{tr, tr_count};

/// Properties of [`Answer`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct AnswerProps {
    /// The query.
    pub lookup: Rc<Lookup>,
    /// The same query before it.
    pub before: Option<Rc<Lookup>>,
    /// Whether it is the newest.
    pub newest: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// A query and its answer.
#[component]
pub(super) fn Answer(props: &AnswerProps) -> Html {
    let lookup = &props.lookup;
    let gone: Vec<&str> = props
        .before
        .iter()
        .flat_map(|before| before.addresses.iter())
        .filter(|old| lookup.addresses.iter().all(|address| address.ip != old.ip))
        .map(|old| old.ip.as_str())
        .collect();
    let is_new = |ip: &str| props.before.as_ref().is_some_and(|before| before.addresses.iter().all(|old| old.ip != ip));
    let asker = if lookup.query.asker.is_empty() { tr("resolver.any-pod", &[]) } else { lookup.query.asker.clone() };
    let nothing = lookup.addresses.is_empty() && lookup.records.is_empty();
    html! {
        <article class={classes!("answer", props.newest.then_some("answer--newest"))} data-query={lookup.query.name.clone()}>
            <h3 class="answer__name">
                { &lookup.query.name }
                <span class="answer__type">{ lookup.query.kind.as_str() }</span>
                <span class="answer__time">{ tr("resolver.at", &[("time", &lookup.clock())]) }</span>
            </h3>
            <ol class="route" hidden={!props.newest}>
                <li class="route__stop">
                    { tr("resolver.asks", &[("asker", &asker), ("server", &lookup.server)]) }
                    <code class="route__file">{ format!("search {} · options ndots:{}", lookup.search.join(" "), lookup.ndots) }</code>
                </li>
                <li class="route__stop" hidden={lookup.tries.is_empty()}>
                    { why_these(lookup) }
                    <ol class="answer__tries">{ for lookup.tries.iter().map(|attempt| html! {
                        <li class={classes!("try", format!("try--{}", attempt.outcome.name()))}>
                            <span class="try__name">{ &attempt.name }</span>
                            <span class="try__outcome">
                                { tr(outcome_key(attempt.outcome), &[]) }
                                if let Some(cached_ms) = attempt.cached_ms {
                                    { " · " }{ tr("resolver.cached", &[("seconds", &(cached_ms / 1_000).to_string())]) }
                                }
                            </span>
                        </li>
                    }) }</ol>
                </li>
            </ol>
            <ul class="answer__addresses">
                { for lookup.addresses.iter().map(|address| html! {
                    <li class={classes!("address", is_new(&address.ip).then_some("address--new"))}>
                        <span class="address__ip">{ &address.ip }</span>
                        { owner(address, &props.dispatch) }
                        if is_new(&address.ip) { <span class="address__note">{ tr("resolver.new", &[]) }</span> }
                    </li>
                }) }
                { for gone.into_iter().map(|ip| html! {
                    <li class="address address--gone">
                        <span class="address__ip">{ ip }</span>
                        <span class="address__note">{ tr("resolver.gone", &[]) }</span>
                    </li>
                }) }
            </ul>
            <ul class="answer__records">{ for lookup.records.iter().map(|record| html! { <li class="answer__record">{ record }</li> }) }</ul>
            if let Some(ttl) = lookup.ttl.filter(|_| props.newest) {
                <p class="answer__none">{ tr("resolver.ttl", &[("seconds", &ttl.to_string())]) }</p>
            }
            <p class="answer__none" hidden={!nothing}>{ tr("resolver.none", &[]) }</p>
        </article>
    }
}

/// Why these names are tried, in this order.
fn why_these(lookup: &Lookup) -> String {
    let ndots = lookup.ndots.to_string();
    match lookup.dots() {
        None => tr("resolver.whole", &[]),
        Some(dots) if dots < lookup.ndots => tr_count("resolver.searched", dots as u64, &[("ndots", &ndots)]),
        Some(dots) => tr_count("resolver.first", dots as u64, &[("ndots", &ndots)]),
    }
}

/// Whose an address is; pressed, it lights up on the stage.
fn owner(address: &Address, dispatch: &Callback<Action>) -> Html {
    let Some(key) = &address.owner else { return Html::default() };
    let choose = {
        let (key, dispatch) = (key.clone(), dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Select(Some(key.clone())));
            dispatch.emit(Action::Pane(Pane::Stage));
        })
    };
    html! { <button class="address__pod" type="button" onclick={choose}>{ key.name.to_string() }</button> }
}

fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Found => "resolver.found",
        Outcome::Missing => "resolver.missing",
        Outcome::Empty => "resolver.no-addresses",
        Outcome::Failed => "resolver.failed",
    }
}
