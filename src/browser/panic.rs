//! What a person sees if the page breaks all the same: what they did, to copy, and a way to start again, instead of a
//! page that does not answer. The text is plain DOM: after a panic no component can be trusted.
//! It must not know components.

use std::cell::RefCell;
use std::panic;

use wasm_bindgen::JsCast as _;
use web_sys::{Document, HtmlTextAreaElement};

use crate::locale::tr;
use crate::state::acts::{Act, Entry};

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Keeps what was done, for the case of a panic.
pub fn remember(lines: Vec<String>) {
    LOG.with_borrow_mut(|log| *log = lines);
}

/// How an act is written down: a line that the headless runner understands.
pub fn line_of(entry: &Entry) -> String {
    let at_ms = entry.at_ms;
    match &entry.act {
        Act::Run { files, line, .. } => {
            let files: String = files.iter().map(|(name, text)| format!("@file {name}\n{}\n@end\n", text.trim_end())).collect();
            format!("@at {at_ms}\n{files}$ {line}")
        }
        Act::Type { text, .. } => format!("@at {at_ms}\n> {}", text.trim_end()),
        Act::EndInput { .. } => format!("@at {at_ms}\n# Ctrl+D"),
        Act::CloseFile { saved } => {
            let text = saved.as_deref().unwrap_or_default();
            format!(
                "@at {at_ms}\n# the open file was closed, with:\n{}",
                text.lines().map(|line| format!("# {line}\n")).collect::<String>()
            )
        }
        Act::Interrupt { .. } => format!("@at {at_ms}\n^C"),
    }
}

/// Has every panic shown.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        let log = LOG.with(|log| log.try_borrow().map(|log| log.join("\n")).unwrap_or_default());
        show(&format!("# {}\n# {info}\n{log}\n", env!("CARGO_PKG_VERSION")));
    }));
}

fn show(state: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return;
    };
    // Nothing is left to tell a failure to.
    let _ = build(&document, state);
}

fn build(document: &Document, state: &str) -> Option<()> {
    let body = document.body()?;
    if document.query_selector(".broken").ok()?.is_some() {
        return Some(());
    }
    let element = |tag: &str, class: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        Some(element)
    };
    let page = element("section", "broken", "")?;
    page.set_attribute("role", "alert").ok()?;
    let field = element("textarea", "broken__state", "")?.dyn_into::<HtmlTextAreaElement>().ok()?;
    field.set_read_only(true);
    field.set_value(state);
    field.set_attribute("aria-label", &tr("page.broken-state", &[])).ok()?;
    let again = element("a", "button button--accent", &tr("page.broken-again", &[]))?;
    again.set_attribute("href", "").ok()?;
    for child in [
        element("h1", "broken__title", &tr("page.broken-title", &[]))?.unchecked_into::<web_sys::Node>(),
        element("p", "broken__text", &tr("page.broken-text", &[]))?.unchecked_into(),
        field.unchecked_into(),
        again.unchecked_into(),
    ] {
        page.append_child(&child).ok()?;
    }
    body.set_text_content(None);
    body.append_child(&page).ok()?;
    Some(())
}
