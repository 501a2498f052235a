//! Fetches the texts that are no part of the program, when somebody waits for them: from this very host, once.
//! It must not know what they say.

use statefulset_engine::texts::{SHELVES, State};
use wasm_bindgen_futures::spawn_local;

use super::fetch;

/// Fetches every text that is waited for; `then` is called when one is there, or cannot be had.
pub fn fetch_wanted(then: impl Fn() + Clone + 'static) {
    for shelf in SHELVES.into_iter().filter(|shelf| shelf.state() == State::Wanted) {
        shelf.coming();
        let then = then.clone();
        spawn_local(async move {
            match fetch::texts(&[shelf.file.to_owned()]).await.and_then(|mut texts| texts.pop()) {
                Some(text) => shelf.fill(text),
                None => shelf.fail(),
            }
            then();
        });
    }
}
