//! What a person sees if the page breaks all the same: what happened in plain words, what they did, to copy, and a way to
//! load the page again, instead of one that does not answer. What they did is kept by then, with a mark that it broke the
//! page, so that it is not run again unasked. The page is plain DOM: after a panic no component can be trusted.
//! It must not know components.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, HtmlTextAreaElement};

use super::{clipboard, storage};
use crate::locale::tr;
use crate::share::write::with_file;

/// What is at hand when the page breaks.
#[derive(Default)]
struct Last {
    /// The session's text.
    text: String,
    /// The file that was edited since, and what it says now: its name and text.
    edited: Option<(String, Rc<str>)>,
    /// Under which names it is kept, and that it broke the page; `None` where nothing is kept.
    names: Option<(String, String)>,
}

thread_local! {
    static LAST: RefCell<Last> = RefCell::default();
}

/// Has the session at hand, for the case of a panic.
pub fn remember(text: String, names: Option<(String, String)>) {
    LAST.set(Last { text, edited: None, names });
}

/// Has at hand, too, what a person has just made of a file: it may be this very text that breaks the page.
pub fn note(name: &str, text: &Rc<str>) {
    LAST.with_borrow_mut(|last| last.edited = Some((name.to_owned(), text.clone())));
}

/// Has every panic shown. Told to Yew, which would set a hook of its own that only writes to the console.
pub fn install() {
    yew::set_custom_panic_hook(Box::new(|info| {
        LAST.with(|last| {
            // Borrowed only where the panic came while it was being set, which cannot hold what it held before.
            let Ok(last) = last.try_borrow() else {
                return show(&info.to_string());
            };
            let text = match &last.edited {
                Some((name, edited)) => with_file(&last.text, name, edited),
                None => last.text.clone(),
            };
            if let Some((name, mark)) = &last.names {
                // Full or blocked: the text is on the page, too.
                let _ = (storage::set(name, &text), storage::set(mark, "1"));
            }
            let info = info.to_string().replace('\n', "\n# ");
            show(&format!("# {}\n# {info}\n{text}\n", env!("CARGO_PKG_VERSION")));
        });
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
    let copy = element("button", "button", &tr("page.broken-copy", &[]))?;
    copy.set_attribute("type", "button").ok()?;
    let (copied, area) = (state.to_owned(), field.clone());
    let press = Closure::<dyn Fn()>::new(move || {
        area.select();
        clipboard::copy(copied.clone(), |_| ());
    });
    copy.add_event_listener_with_callback("click", press.as_ref().unchecked_ref()).ok()?;
    // It has to outlive this call, and the page is not shown for longer than it lives.
    press.forget();
    let buttons = element("div", "broken__buttons", "")?;
    buttons.append_child(&again).ok()?;
    buttons.append_child(&copy).ok()?;
    for child in [
        element("h1", "broken__title", &tr("page.broken-title", &[]))?.unchecked_into::<web_sys::Node>(),
        element("p", "broken__text", &tr("page.broken-text", &[]))?.unchecked_into(),
        field.unchecked_into(),
        buttons.unchecked_into(),
    ] {
        page.append_child(&child).ok()?;
    }
    body.set_text_content(None);
    body.append_child(&page).ok()?;
    Some(())
}
