//! This visit of the page: what its address asks for and carries, and who reads along when it ends.
//! It must not know what any of it means.

use web_sys::{Document, Event, Window};

fn window() -> Option<Window> {
    web_sys::window()
}

/// What stands behind the question mark of the address.
pub fn query() -> String {
    window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

/// What stands behind the hash of the address, the hash included.
pub fn fragment() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// The page's address without what stands behind the question mark and the hash.
pub fn address() -> String {
    let whole = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    whole.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// Takes the fragment out of the address, so that a reload does not read it again.
pub fn forget_fragment() {
    if let Some(window) = window() {
        let here = address() + &query();
        // Refused in a file of a sandboxed frame; the fragment then only stays.
        let _ = window.history().and_then(|history| history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&here)));
    }
}

/// Opens an address in a tab of its own, which knows nothing of this one.
pub fn open(address: &str) {
    if let Some(window) = window() {
        // A sandboxed frame may not; its host can show the same.
        let _ = window.open_with_url_and_target_and_features(address, "_blank", "noopener");
    }
}

/// Loads the page again.
pub fn reload() {
    if let Some(window) = window() {
        // A page that cannot be loaded again stays.
        let _ = window.location().reload();
    }
}

/// Sets attributes of the page's root, which the style sheets read.
pub fn mark_root(marks: &[(&str, &str)]) {
    let root = window().and_then(|window| window.document()).and_then(|document: Document| document.document_element());
    if let Some(root) = root {
        for (name, value) in marks {
            // An attribute of the root cannot fail to be set.
            let _ = root.set_attribute(name, value);
        }
    }
}

/// How tall an element is, in whole CSS pixels; 0 where there is none.
pub fn height_of(selector: &str) -> u32 {
    let element = window().and_then(|window| window.document()).and_then(|document| document.query_selector(selector).ok()?);
    element.map_or(0, |element| element.get_bounding_client_rect().height().ceil() as u32)
}

/// Tells the boot script that the version that waits is wanted.
pub fn tell_worker() {
    if let (Some(window), Ok(event)) = (window(), Event::new("sandbox-update-accepted")) {
        // Nobody cancels it.
        let _ = window.dispatch_event(&event);
    }
}
