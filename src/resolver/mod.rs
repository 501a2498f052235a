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
    let input = use_node_ref();
    let (asker, kind) = (use_state(String::new), use_state(|| TYPES[0]));
    // A pod that has gone cannot ask any more; any pod asks in its place.
    let gone = !asker.is_empty() && !props.askers.contains(&asker);
    let submit = {
        let (input, asker, kind, dispatch) = (input.clone(), asker.clone(), kind.clone(), props.dispatch.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            if !name.trim().is_empty() {
                dispatch.emit(Action::Resolve(Query {
                    name: name.trim().to_owned(),
                    kind: *kind,
                    asker: if gone { String::new() } else { (*asker).clone() },
                }));
            }
        })
    };
    let choose_asker = {
        let asker = asker.clone();
        Callback::from(move |event: Event| asker.set(value_of(&event)))
    };
    let choose_kind = {
        let kind = kind.clone();
        Callback::from(move |event: Event| {
            let name = value_of(&event);
            kind.set(TYPES.iter().copied().find(|kind| kind.as_str() == name).unwrap_or(TYPES[0]));
        })
    };
    let asks = |name: &str| *asker == name;
    html! {
        <div class="resolver">
            <form class="resolver__ask" onsubmit={submit}>
                <label class="visually-hidden" for="resolver-asker">{ tr("resolver.asker", &[]) }</label>
                <select class="select resolver__asker" id="resolver-asker" data-role="resolver-asker" onchange={choose_asker}>
                    <option value="" selected={asker.is_empty() || gone}>{ tr("resolver.any-pod", &[]) }</option>
                    { for props.askers.iter().map(|name| html! { <option key={name.clone()} value={name.clone()} selected={asks(name)}>{ name }</option> }) }
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
                <select class="select resolver__type" id="resolver-type" data-role="resolver-type" onchange={choose_kind}>
                    { for TYPES.iter().map(|one| html! { <option value={one.as_str()} selected={*one == *kind}>{ one.as_str() }</option> }) }
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

fn value_of(event: &Event) -> String {
    event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default()
}
