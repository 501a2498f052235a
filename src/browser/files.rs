//! Files of the person's machine: saves a text or a picture, and reads a file that was picked.
//! It must not know what is in them.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement, HtmlInputElement, Url,
};

/// The largest file that is read.
const BYTES_MAX: f64 = 2.0 * 1024.0 * 1024.0;
/// How many dots a picture has for each of its own.
const SHARPNESS: u32 = 2;

/// Saves a text as a file.
pub fn save(name: &str, kind: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    if let Ok(blob) = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &options) {
        save_blob(name, &blob);
    }
}

fn save_blob(name: &str, blob: &Blob) {
    let document = web_sys::window().and_then(|window| window.document());
    let anchor = document.and_then(|document| document.create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok());
    if let (Some(anchor), Ok(address)) = (anchor, Url::create_object_url_with_blob(blob)) {
        anchor.set_href(&address);
        anchor.set_download(name);
        anchor.click();
        // The download holds the blob by now; what is not revoked would stay until the page is left.
        gloo_timers::callback::Timeout::new(10_000, move || drop(Url::revoke_object_url(&address))).forget();
    }
}

/// Saves an SVG picture as PNG, as large as it says it is, and sharp.
pub fn save_png(name: &str, svg: &str) {
    let (Ok(image), Some(document)) = (HtmlImageElement::new(), web_sys::window().and_then(|window| window.document())) else {
        return;
    };
    let name = name.to_owned();
    let drawn = {
        let image = image.clone();
        move || {
            let canvas = document.create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
            canvas.set_width(image.natural_width() * SHARPNESS);
            canvas.set_height(image.natural_height() * SHARPNESS);
            let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
            let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
            context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height).ok()?;
            let take = Closure::once_into_js(move |blob: JsValue| {
                if let Ok(blob) = blob.dyn_into::<Blob>() {
                    save_blob(&name, &blob);
                }
            });
            canvas.to_blob(take.unchecked_ref()).ok()
        }
    };
    let loaded = Closure::once_into_js(move || drawn().is_some());
    image.set_onload(Some(loaded.unchecked_ref()));
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{}", js_sys::encode_uri_component(svg)));
}

/// Reads the file that was picked, and forgets that it was, so that the same one can be picked again.
pub fn read(input: &HtmlInputElement, then: impl FnOnce(String, String) + 'static) {
    let file = input.files().and_then(|files| files.get(0));
    input.set_value("");
    if let Some(file) = file.filter(|file| file.size() <= BYTES_MAX) {
        spawn_local(async move {
            if let Some(text) = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()) {
                then(file.name(), text);
            }
        });
    }
}
