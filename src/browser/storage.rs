//! What the browser keeps between visits. Where storage is blocked, as in a sandboxed frame, nothing is kept.
//! It must not know what is kept.

use web_sys::Storage;

/// What was kept under a name.
pub fn get(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Keeps a text under a name, if the browser lets us.
pub fn set(name: &str, text: &str) {
    if let Some(storage) = storage() {
        // Full or blocked: the page works without.
        let _ = storage.set_item(name, text);
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
