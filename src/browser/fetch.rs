//! Fetches text files that lie beside the page.
//! It must not know what is in them.

use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// The texts of files beside the page, all at once; `None` where one of them cannot be had.
pub async fn texts(addresses: &[String]) -> Option<Vec<String>> {
    let window = web_sys::window()?;
    let requests: js_sys::Array = addresses.iter().map(|address| JsValue::from(window.fetch_with_str(address))).collect();
    let mut bodies = js_sys::Array::new();
    for response in js_sys::Array::from(&JsFuture::from(js_sys::Promise::all(&requests)).await.ok()?) {
        let response = response.dyn_into::<Response>().ok().filter(Response::ok)?;
        bodies.push(&response.text().ok()?.into());
    }
    bodies = js_sys::Array::from(&JsFuture::from(js_sys::Promise::all(&bodies)).await.ok()?);
    bodies.iter().map(|body| body.as_string()).collect()
}
