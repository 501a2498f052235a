//! The app draws itself into an element of a page.
#![cfg(target_arch = "wasm32")]

use statefulset_sandbox::app::App;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn the_app_draws_something_into_its_root() {
    let document = web_sys::window().and_then(|window| window.document()).expect("tests run in a page");
    let root = document.create_element("div").expect("div is an element");
    document.body().expect("the page has a body").append_child(&root).expect("a body takes a div");
    yew::Renderer::<App>::with_root(root.clone()).render();
    // Rendering is scheduled, not done: let the browser come to it.
    gloo_timers::future::TimeoutFuture::new(0).await;
    assert!(root.query_selector("main").expect("main is a selector").is_some(), "{}", root.inner_html());
}
