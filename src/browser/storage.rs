//! What the browser keeps between visits. Where storage is blocked, as in a sandboxed frame, nothing is kept.
//! It must not know what is kept.

use web_sys::Storage;

/// A name for finding out whether anything can be kept.
const PROBE: &str = "statefulset-sandbox.probe";

/// Whether something was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It was.
    Yes,
    /// The browser keeps nothing for this page.
    Blocked,
    /// There is no room for it.
    Full,
}

/// What was kept under a name.
pub fn get(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Keeps a text under a name, if the browser lets us.
pub fn set(name: &str, text: &str) -> Kept {
    match storage() {
        None => Kept::Blocked,
        Some(storage) => match storage.set_item(name, text) {
            Ok(()) => Kept::Yes,
            // What holds something is not blocked; there may not be room for a single letter more.
            Err(_) if storage.length().is_ok_and(|length| length > 0) => Kept::Full,
            // A browser that blocks storage refuses an empty text, too.
            Err(_) if storage.set_item(PROBE, "").is_ok() => {
                remove(PROBE);
                Kept::Full
            }
            Err(_) => Kept::Blocked,
        },
    }
}

/// Forgets what was kept under a name.
pub fn remove(name: &str) {
    if let Some(storage) = storage() {
        // What cannot be removed was never kept.
        let _ = storage.remove_item(name);
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
