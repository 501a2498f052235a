//! The app draws itself into an element of a page.
#![cfg(target_arch = "wasm32")]

use gloo_timers::future::TimeoutFuture;
use statefulset_sandbox::app::{App, AppProps, Made, Visit};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn the_app_draws_something_into_its_root() {
    let document = web_sys::window().and_then(|window| window.document()).expect("tests run in a page");
    let root = document.create_element("div").expect("div is an element");
    document.body().expect("the page has a body").append_child(&root).expect("a body takes a div");
    yew::Renderer::<App>::with_root(root.clone()).render();
    // Rendering is scheduled, not done: let the browser come to it.
    TimeoutFuture::new(0).await;
    assert!(root.query_selector("main").expect("main is a selector").is_some(), "{}", root.inner_html());
}

#[wasm_bindgen_test]
async fn a_visit_draws_a_zone_in_each_turn_of_the_browser_and_the_manifest_first() {
    let document = web_sys::window().and_then(|window| window.document()).expect("tests run in a page");
    let root = document.create_element("div").expect("div is an element");
    document.body().expect("the page has a body").append_child(&root).expect("a body takes a div");
    let visit = Visit { real: true, ..Visit::default() };
    let props = AppProps { paused: true, visit, made: Made::in_turns().await };
    let app = yew::Renderer::<App>::with_root_and_props(root.clone(), props).render();
    let has = |selector: &str| root.query_selector(selector).expect("a selector").is_some();
    let zones = ["[data-role='editor']", ".transport", "[data-role='stage']", "[data-role='terminal-input']", "dialog"];
    yew::scheduler::flush().await;
    let mut turns = 0;
    let mut drawn = Vec::new();
    for _ in 0..1_000 {
        drawn = zones.map(has).to_vec();
        assert!(drawn.is_sorted_by(|one, next| one >= next), "each zone comes after those before it: {drawn:?}");
        if drawn.last() == Some(&true) {
            break;
        }
        assert!(drawn.first() == Some(&true), "what a person begins with is there from the start");
        TimeoutFuture::new(0).await;
        turns += 1;
    }
    assert_eq!(drawn, [true; 5]);
    assert!(turns > 0, "all was drawn at once");
    app.destroy();
}
