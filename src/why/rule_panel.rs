//! "Which rule?": the rule of the sentence in words, its id, and the place in the documentation; and all other rules.
//! The explanations are fetched when it is opened first. It must not know how the sentence was chosen.

use std::rc::Rc;

use web_sys::{HtmlElement, HtmlSelectElement, KeyboardEvent};
use yew::prelude::*;

use super::rules::{self, DOCUMENTATION};
use crate::browser::fetch;
use crate::locale::{self, tr};

/// Properties of [`RulePanel`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct RulePanelProps {
    /// The rule of the sentence.
    pub rule: AttrValue,
    /// Closes the panel.
    pub close: Callback<()>,
}

/// The explanations, as far as they are.
#[derive(Clone, PartialEq)]
enum Texts {
    Coming,
    Here(Rc<str>),
    Failed,
}

/// The panel.
#[component]
pub(super) fn RulePanel(props: &RulePanelProps) -> Html {
    let texts = use_state(|| Texts::Coming);
    let other = use_state(|| None::<String>);
    let node = use_node_ref();
    {
        let (texts, node) = (texts.clone(), node.clone());
        use_effect_with((), move |()| {
            if let Some(panel) = node.cast::<HtmlElement>() {
                // A panel that is not on the page any more needs no focus.
                let _ = panel.focus();
            }
            yew::platform::spawn_local(async move {
                let file = format!("rules/{}.txt", locale::current().tag());
                let fetched = fetch::texts(&[file]).await.and_then(|mut fetched| fetched.pop());
                texts.set(fetched.map_or(Texts::Failed, |text| Texts::Here(text.into())));
            });
        });
    }
    let rule = other.as_deref().unwrap_or(&props.rule).to_owned();
    let words = match &*texts {
        Texts::Coming => tr("why.rule-loading", &[]),
        Texts::Failed => tr("why.rule-failed", &[]),
        Texts::Here(text) => rules::explanation(text, &rule).unwrap_or_default().to_owned(),
    };
    let choose = {
        let other = other.clone();
        Callback::from(move |event: Event| {
            other.set(event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()));
        })
    };
    let key = {
        let close = props.close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let dismiss = {
        let close = props.close.clone();
        Callback::from(move |_: MouseEvent| close.emit(()))
    };
    html! {
        <section class="rule" role="region" aria-label={tr("why.rules", &[])} tabindex="-1" ref={node} onkeydown={key}>
            <div class="rule__head">
                <select class="select rule__select" aria-label={tr("why.rules-all", &[])} onchange={choose}>
                    { for rules::all().into_iter().map(|id| html! { <option value={id} selected={id == rule}>{ id }</option> }) }
                </select>
                <button type="button" class="button button--quiet" aria-label={tr("about.close", &[])} onclick={dismiss}>{ "✕" }</button>
            </div>
            <p class="rule__words" data-explains={rule.clone()}>{ words }</p>
            if let Some(place) = rules::place(&rule) {
                <p><a class="rule__link" href={format!("{DOCUMENTATION}{place}")} target="_blank" rel="noopener noreferrer">{ tr("why.rule-read", &[]) }</a></p>
            }
        </section>
    }
}
