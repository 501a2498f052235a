//! One query and its answer: the names that were tried, what each gave, and how the answer differs from the one before.
//! It must not know who answers.

use std::rc::Rc;

use yew::prelude::*;

use super::lookup::{Lookup, Outcome};
use crate::locale::tr;

/// Properties of [`Answer`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct AnswerProps {
    /// The query.
    pub lookup: Rc<Lookup>,
    /// The query for the same name before it.
    pub before: Option<Rc<Lookup>>,
    /// Whether it is the newest.
    pub newest: bool,
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
    html! {
        <article class={classes!("answer", props.newest.then_some("answer--newest"))} data-query={lookup.name.clone()}>
            <h3 class="answer__name">{ &lookup.name }<span class="answer__time">{ tr("resolver.at", &[("time", &lookup.clock())]) }</span></h3>
            <ol class="answer__tries" hidden={!props.newest}>
                { for lookup.tries.iter().map(|attempt| html! {
                    <li class={classes!("try", format!("try--{}", attempt.outcome.name()))}>
                        <span class="try__name">{ &attempt.name }</span>
                        <span class="try__outcome">
                            { tr(outcome_key(attempt.outcome), &[]) }
                            if attempt.cached { { " · " }{ tr("resolver.cached", &[]) } }
                        </span>
                    </li>
                }) }
            </ol>
            <ul class="answer__addresses">
                { for lookup.addresses.iter().map(|address| html! {
                    <li class={classes!("address", is_new(&address.ip).then_some("address--new"))}>
                        <span class="address__ip">{ &address.ip }</span>
                        <span class="address__pod">{ &address.owner }</span>
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
            <p class="answer__none" hidden={!lookup.addresses.is_empty()}>{ tr("resolver.none", &[]) }</p>
        </article>
    }
}

fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Found => "resolver.found",
        Outcome::Missing => "resolver.missing",
        Outcome::Empty => "resolver.no-addresses",
        Outcome::Failed => "resolver.failed",
    }
}
