//! The tempo of motion: one number, which the style sheet makes all durations from. It must not know what moves.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

/// Lets a change of what is drawn take so many milliseconds.
pub fn show(tempo_ms: u32) {
    let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.document_element());
    if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        // Through the object model: an attribute would be forbidden by the page's policy. Without it the tempo stays as it is.
        let _ = root.style().set_property("--tempo", &format!("{tempo_ms}ms"));
    }
}
