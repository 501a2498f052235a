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
    // The page decides in the same turn, which for a key from a person is before the browser acts on it.
    page.drawn().await;
    let taken = event.default_prevented();
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
    init.set_clipboard_data(Some(&data));
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = ClipboardEvent::new_with_event_init_dict("paste", &init).expect("an event");
    input(page).dispatch_event(&event).expect("an element takes events");
    page.drawn().await;
}
