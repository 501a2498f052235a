//! What the sandbox is, what it simulates and simplifies, and how to report a difference from Kubernetes: a dialog.
//! It must not know the cluster.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::choices::Choices;
use crate::app::Action;
use crate::browser::theme::Theme;
use crate::locale::{Language, tr};

/// The id of the dialog.
const DIALOG: &str = "about";

/// Opens the dialog.
pub fn open() {
    if let Some(dialog) = dialog() {
        // Refused only where it is open already.
        let _ = dialog.show_modal();
    }
}

fn dialog() -> Option<HtmlDialogElement> {
    web_sys::window()?.document()?.get_element_by_id(DIALOG)?.dyn_into().ok()
}

/// Properties of [`About`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AboutProps {
    /// The colours chosen.
    pub theme: Theme,
    /// The page's language.
    pub language: Language,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The dialog; closed at first.
#[component]
pub fn About(props: &AboutProps) -> Html {
    let close = Callback::from(|_: MouseEvent| {
        if let Some(dialog) = dialog() {
            dialog.close();
        }
    });
    let part = |title: &str, texts: &[&str]| {
        html! {
            <section class="about__part">
                <h3 class="about__heading">{ tr(title, &[]) }</h3>
                <ul class="about__list">{ for texts.iter().map(|text| html! { <li>{ tr(text, &[]) }</li> }) }</ul>
            </section>
        }
    };
    html! {
        <dialog class="about" id={DIALOG} aria-labelledby="about-title">
            <div class="about__head">
                <h2 class="about__title" id="about-title">{ tr("about.title", &[]) }</h2>
                <button class="button" type="button" onclick={close}>{ tr("about.close", &[]) }</button>
            </div>
            <div class="about__choices"><Choices theme={props.theme} language={props.language} dispatch={props.dispatch.clone()} /></div>
            <p class="about__text">{ tr("about.text", &[]) }</p>
            { part("about.simulated", &["about.simulated-api", "about.simulated-sets", "about.simulated-storage", "about.simulated-names"]) }
            { part("about.simplified", &["about.simplified-containers", "about.simplified-nodes", "about.simplified-time", "about.simplified-kinds"]) }
            { part("about.report", &["about.report-how", "about.report-what"]) }
            { part("about.keys", &["about.keys-apply", "about.keys-partition", "about.keys-terminal", "about.keys-time"]) }
        </dialog>
    }
}
