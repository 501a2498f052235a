//! Fetches the texts that are no part of the program, when somebody waits for them: from this very host, once.
//! It must not know what they say.

use statefulset_engine::texts::{SHELVES, Shelf, State};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

/// Fetches every text that is waited for; `then` is called when one is there, or cannot be had.
pub fn fetch_wanted(then: impl Fn() + Clone + 'static) {
    for shelf in SHELVES.into_iter().filter(|shelf| shelf.state() == State::Wanted) {
        shelf.coming();
        let then = then.clone();
        spawn_local(async move {
            match fetch(shelf).await {
                Some(text) => shelf.fill(text),
                None => shelf.fail(),
            }
            then();
        });
    }
}

async fn fetch(shelf: &Shelf) -> Option<String> {
    let response: Response = JsFuture::from(web_sys::window()?.fetch_with_str(shelf.file)).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
