//! The page in another language: every text is that language's, and the browser is told.
#![cfg(target_arch = "wasm32")]

mod page;

use page::Page;
use statefulset_sandbox::browser::fetch;
use statefulset_sandbox::locale::Language;
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
