//! The page in another language: every text is that language's, and the browser is told.
#![cfg(target_arch = "wasm32")]

mod page;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use page::Page;
use statefulset_sandbox::browser::fetch;
use statefulset_sandbox::locale::Language;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn the_page_is_drawn_anew_in_the_language_chosen() {
    let page = Page::open().await;
    assert_eq!(page.text_of("play"), "Play");

    page.speak(Language::TraditionalChinese).await;
    assert_eq!(page.text_of("play"), "播放");
    let document = web_sys::window().and_then(|window| window.document()).expect("a page");
    assert_eq!(document.title(), "StatefulSet 沙盒");
    assert_eq!(document.document_element().and_then(|root| root.get_attribute("lang")).as_deref(), Some("zh-TW"));

    // What was done stays: only its words are others.
    page.click("apply").await;
    page.run_for(60_000).await;
    page.speak(Language::SimplifiedChinese).await;
    assert_eq!(page.text_of("play"), "播放");
    assert!(page.has("Pod", "web-0"));

    page.speak(Language::English).await;
    assert_eq!(page.text_of("play"), "Play");
}

#[wasm_bindgen_test]
async fn files_that_are_not_there_are_no_files() {
    let there = "locales/zh-TW/time.txt".to_owned();
    assert!(fetch::texts(std::slice::from_ref(&there)).await.is_some_and(|texts| texts[0].contains("播放")));
    assert_eq!(fetch::texts(&[there, "locales/zh-TW/nothing.txt".to_owned()]).await, None);
}

#[wasm_bindgen_test]
async fn what_is_not_answered_is_asked_for_again() {
    let window = web_sys::window().expect("a page");
    let name = JsValue::from_str("fetch");
    let real: Function = Reflect::get(&window, &name).and_then(|fetch| fetch.dyn_into()).expect("a browser fetches");
    // The first request for a file is never answered, the second is.
    let (asked, ask) = (Rc::new(RefCell::new(Vec::new())), real.clone());
    let hanging = Closure::<dyn FnMut(String) -> JsValue>::new({
        let asked = asked.clone();
        move |address: String| {
            asked.borrow_mut().push(address.clone());
            match address.contains('?') {
                true => ask.call1(&JsValue::UNDEFINED, &JsValue::from_str(&address)).expect("a request"),
                false => Promise::new(&mut |_, _| {}).into(),
            }
        }
    });
    Reflect::set(&window, &name, hanging.as_ref()).expect("it can be replaced");
    let texts = fetch::texts_within(&["locales/zh-TW/time.txt".to_owned()], 1).await;
    Reflect::set(&window, &name, &real).expect("it can be put back");
    assert!(texts.is_some_and(|texts| texts[0].contains("播放")));
    assert_eq!(*asked.borrow(), ["locales/zh-TW/time.txt", "locales/zh-TW/time.txt?again"]);
}
