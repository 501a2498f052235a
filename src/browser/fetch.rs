//! Fetches text files that lie beside the page. A request that gets no answer for a while is made again beside the first:
//! connections hang, in trains and in small servers, and a page that waits for one of many files waits for ever.
//! It must not know what is in them.

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Response, Window};

/// How long an answer may take before it is asked for again.
const PATIENCE_MS: u32 = 6_000;

/// The texts of files beside the page, all at once; `None` where one of them cannot be had.
pub async fn texts(addresses: &[String]) -> Option<Vec<String>> {
    texts_within(addresses, PATIENCE_MS).await
}

/// The same, with another patience.
pub async fn texts_within(addresses: &[String], patience_ms: u32) -> Option<Vec<String>> {
    let window = web_sys::window()?;
    let asked: js_sys::Array =
        addresses.iter().map(|address| JsValue::from(future_to_promise(text(window.clone(), address.clone(), patience_ms)))).collect();
    let texts = js_sys::Array::from(&JsFuture::from(js_sys::Promise::all(&asked)).await.ok()?);
    texts.iter().map(|text| text.as_string()).collect()
}

/// The text of one file, or nothing.
async fn text(window: Window, address: String, patience_ms: u32) -> Result<JsValue, JsValue> {
    let first = window.fetch_with_str(&address);
    let patience = future_to_promise(async move {
        TimeoutFuture::new(patience_ms).await;
        Ok(JsValue::UNDEFINED)
    });
    let mut answer = JsFuture::from(js_sys::Promise::race(&js_sys::Array::of2(&first, &patience))).await?;
    if answer.is_undefined() {
        // Under another address, as browsers keep requests for the same one waiting for each other.
        let second = window.fetch_with_str(&format!("{address}?again"));
        answer = JsFuture::from(js_sys::Promise::race(&js_sys::Array::of2(&first, &second))).await?;
    }
    let response = answer.dyn_into::<Response>()?;
    if response.ok() { JsFuture::from(response.text()?).await } else { Err(JsValue::UNDEFINED) }
}
