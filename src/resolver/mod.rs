//! The resolver: a name is typed, and its query is seen travelling from a pod through the search list and the cache to the
//! records, beside the answers before it, so that a changed address shows. It must not know how names are resolved.

mod answer;
pub mod lookup;

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::app::Action;
use crate::locale::tr;
use answer::Answer;
use lookup::{Lookup, Query, TYPES};

/// Properties of [`Resolver`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ResolverProps {
    /// What was asked, newest first.
    pub lookups: Rc<[Rc<Lookup>]>,
    /// The pods that can ask.
    pub askers: Rc<[String]>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The resolver.
#[component]
pub fn Resolver(props: &ResolverProps) -> Html {
    let (input, asker, kind) = (use_node_ref(), use_node_ref(), use_node_ref());
    let submit = {
        let (input, asker, kind, dispatch) = (input.clone(), asker.clone(), kind.clone(), props.dispatch.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            if !name.trim().is_empty() {
                let chosen = |node: &NodeRef| node.cast::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default();
                let asked = chosen(&kind);
                let kind = TYPES.iter().copied().find(|kind| kind.as_str() == asked).unwrap_or(TYPES[0]);
                dispatch.emit(Action::Resolve(Query { name: name.trim().to_owned(), kind, asker: chosen(&asker) }));
            }
        })
    };
    html! {
        <div class="resolver">
            <form class="resolver__ask" onsubmit={submit}>
                <label class="visually-hidden" for="resolver-asker">{ tr("resolver.asker", &[]) }</label>
                <select class="select resolver__asker" id="resolver-asker" data-role="resolver-asker" ref={asker}>
                    <option value="">{ tr("resolver.any-pod", &[]) }</option>
                    { for props.askers.iter().map(|name| html! { <option key={name.clone()} value={name.clone()}>{ name }</option> }) }
                </select>
                <label class="visually-hidden" for="resolver-input">{ tr("resolver.name", &[]) }</label>
                <input
                    class="input"
                    id="resolver-input"
                    ref={input}
                    data-role="resolver-input"
                    type="text"
                    placeholder={tr("resolver.placeholder", &[])}
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    maxlength="253"
                />
                <label class="visually-hidden" for="resolver-type">{ tr("resolver.type", &[]) }</label>
                <select class="select resolver__type" id="resolver-type" data-role="resolver-type" ref={kind}>
                    { for TYPES.iter().map(|kind| html! { <option value={kind.as_str()}>{ kind.as_str() }</option> }) }
                </select>
                <button class="button" type="submit">{ tr("resolver.ask", &[]) }</button>
            </form>
            <div class="resolver__answers" role="region" aria-live="polite" aria-label={tr("resolver.answers", &[])} tabindex="0">
                if props.lookups.is_empty() {
                    <p class="hint">{ tr("resolver.empty", &[]) }</p>
                }
                { for props.lookups.iter().enumerate().map(|(index, lookup)| {
                    let same = |before: &&Rc<Lookup>| before.query.name == lookup.query.name && before.query.kind == lookup.query.kind;
                    let before = props.lookups.iter().skip(index + 1).find(same).cloned();
                    html! { <Answer key={lookup.id} lookup={lookup.clone()} {before} newest={index == 0} dispatch={props.dispatch.clone()} /> }
                }) }
            </div>
        </div>
    }
}
