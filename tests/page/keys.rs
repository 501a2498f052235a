//! Keys, letters and pastes for the command line, as a browser reports them. It must not know what they do.

use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, ClipboardEventInit, DataTransfer, Event, EventInit, HtmlInputElement, KeyboardEvent, KeyboardEventInit};

use super::Page;

fn input(page: &Page) -> HtmlInputElement {
    let found = page.find_all("[data-role='terminal-input']").into_iter().next().expect("the command line");
    found.dyn_into().expect("an input")
}

/// Presses a key: `Enter`, `Ctrl+r`; true where the page took it from the browser.
pub(crate) async fn press(page: &Page, key: &str) -> bool {
    let (held, name) = key.split_once('+').map_or(("", key), |(held, name)| (held, name));
    let init = KeyboardEventInit::new();
    init.set_key(name);
    init.set_ctrl_key(held == "Ctrl");
    init.set_alt_key(held == "Alt");
    init.set_shift_key(held == "Shift");
    init.set_bubbles(true);
    init.set_cancelable(true);
    let input = input(page);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).expect("an event");
    input.dispatch_event(&event).expect("an element takes events");
    // The page has to decide within the event: on a busy page, what comes later comes after the browser has acted.
    let taken = event.default_prevented();
    page.drawn().await;
    if name == "Enter" && !taken {
        input.form().expect("a form").request_submit().expect("a form is submitted");
        page.drawn().await;
    }
    taken
}

/// Writes a line, as if it had been typed.
pub(crate) async fn write(page: &Page, line: &str) {
    let input = input(page);
    input.set_value(line);
    let init = EventInit::new();
    init.set_bubbles(true);
    let event = Event::new_with_event_init_dict("input", &init).expect("an event");
    input.dispatch_event(&event).expect("an element takes events");
    page.drawn().await;
}

/// Pastes a text at the cursor.
pub(crate) async fn paste(page: &Page, text: &str) {
    let data = DataTransfer::new().expect("a transfer");
    data.set_data("text/plain", text).expect("a transfer takes text");
    let init = ClipboardEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = ClipboardEvent::new_with_event_init_dict("paste", &init).expect("an event");
    // Firefox takes the data out of an event that a script has made, so this one brings its own.
    let own = js_sys::Object::new();
    js_sys::Reflect::set(&own, &"value".into(), &data).expect("an object takes a member");
    js_sys::Object::define_property(&event, &"clipboardData".into(), &own);
    input(page).dispatch_event(&event).expect("an element takes events");
    assert!(event.default_prevented(), "the browser would paste it once more");
    page.drawn().await;
}

/// Enters a line and writes the next before the page has had its turn, as a fast person does on a busy page.
pub(crate) async fn enter_and_type_on(page: &Page, line: &str, next: &str) {
    let input = input(page);
    input.set_value(line);
    input.form().expect("a form").request_submit().expect("a form is submitted");
    let rest = format!("{}{next}", input.value());
    input.set_value(&rest);
    page.drawn().await;
}

/// Presses Tab behind a line and writes another before the page has had its turn.
pub(crate) async fn tab_and_type_on(page: &Page, line: &str, next: &str) {
    let input = input(page);
    input.set_value(line);
    let init = KeyboardEventInit::new();
    init.set_key("Tab");
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).expect("an event");
    input.dispatch_event(&event).expect("an element takes events");
    input.set_value(next);
    page.drawn().await;
}
