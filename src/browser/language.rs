//! The page's language: the one that was chosen, or the first of the browser's that the page has. Fetches its texts, keeps
//! the choice, and tells the browser what language the page is in.
//! It must not know messages.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use crate::browser::{fetch, storage};
use crate::locale::{self, ENGLISH, Language, tr};

/// Under which name the choice is kept.
const STORED: &str = "statefulset-sandbox.language";

/// The language to open the page in.
pub fn preferred() -> Language {
    storage::get(STORED).and_then(|tag| Language::of_tag(&tag)).unwrap_or_else(|| {
        let tags = web_sys::window().map(|window| window.navigator().languages());
        Language::wanted(&tags.into_iter().flatten().filter_map(|tag| tag.as_string()).collect::<Vec<_>>())
    })
}

/// Keeps the choice for the next visit.
pub fn store(language: Language) {
    storage::set(STORED, language.tag());
}

/// Fetches a language's texts and has the page in it; where they cannot be had, the page stays as it is.
pub async fn load(language: Language) {
    let addresses: Vec<String> = match language {
        Language::English => Vec::new(),
        _ => ENGLISH.iter().map(|(area, _)| format!("locales/{}/{area}.txt", language.tag())).collect(),
    };
    if let Some(files) = fetch::texts(&addresses).await {
        locale::install(language, &files);
        show();
    }
}

/// Tells the browser the page's language and its title.
pub fn show() {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(&tr("page.title", &[]));
        if let Some(root) = document.document_element() {
            // An attribute of the root cannot fail to be set.
            let _ = root.set_attribute("lang", locale::current().tag());
        }
    }
}

/// Gives the focus to the switch of languages, or where the header has no room for it to the button behind which it is.
pub fn focus_switch() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return;
    };
    for place in ["[data-role='language']", ".header__about"] {
        let control = document.query_selector(place).ok().flatten();
        if let Some(control) = control.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            // What is not drawn does not take the focus, and the next one is asked.
            let _ = control.focus();
            if document.active_element().is_some_and(|active| active == *control) {
                return;
            }
        }
    }
}
