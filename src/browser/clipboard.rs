//! Copies text to the clipboard; where a browser refuses the new way, as in a frame, by the old one.
//! It must not know what is copied.

use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// Copies a text, and says whether that was allowed.
pub fn copy(text: String, then: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let done = modern(&text).await.is_some() || old(&text).is_some();
        then(done);
    });
}

async fn modern(text: &str) -> Option<()> {
    let navigator = web_sys::window()?.navigator();
    // On a page that is not served securely, there is none.
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard")).ok()?.dyn_into::<web_sys::Clipboard>().ok()?;
    JsFuture::from(clipboard.write_text(text)).await.ok().map(drop)
}

fn old(text: &str) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let focused = document.active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let field = document.create_element("textarea").ok()?.dyn_into::<HtmlTextAreaElement>().ok()?;
    field.set_class_name("visually-hidden");
    field.set_value(text);
    document.body()?.append_child(&field).ok()?;
    field.select();
    let done = document.clone().dyn_into::<HtmlDocument>().ok()?.exec_command("copy").unwrap_or(false);
    field.remove();
    if let Some(focused) = focused {
        // What had the focus before is still there, or needs none.
        let _ = focused.focus();
    }
    done.then_some(())
}
