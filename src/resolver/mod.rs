//! The resolver: a name is typed, and its query is seen travelling through the search list to an answer, beside the
//! answers before it, so that a changed address shows. It must not know how names are resolved.

mod answer;
pub mod lookup;

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::Action;
use crate::locale::tr;
use answer::Answer;
use lookup::Lookup;

/// Properties of [`Resolver`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ResolverProps {
    /// What was asked, newest first.
    pub lookups: Rc<[Rc<Lookup>]>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The resolver.
#[component]
pub fn Resolver(props: &ResolverProps) -> Html {
    let input = use_node_ref();
    let submit = {
        let (input, dispatch) = (input.clone(), props.dispatch.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            if !name.trim().is_empty() {
                dispatch.emit(Action::Resolve(name.trim().to_owned()));
            }
        })
    };
    html! {
        <div class="resolver">
            <form class="resolver__ask" onsubmit={submit}>
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
                <button class="button" type="submit">{ tr("resolver.ask", &[]) }</button>
            </form>
            <div class="resolver__answers" role="region" aria-live="polite" aria-label={tr("resolver.answers", &[])} tabindex="0">
                if props.lookups.is_empty() {
                    <p class="hint">{ tr("resolver.empty", &[]) }</p>
                }
                { for props.lookups.iter().enumerate().map(|(index, lookup)| {
                    let before = props.lookups.iter().skip(index + 1).find(|before| before.name == lookup.name).cloned();
                    html! { <Answer key={lookup.id} lookup={lookup.clone()} {before} newest={index == 0} /> }
                }) }
            </div>
        </div>
    }
}
