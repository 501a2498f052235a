//! Texts that nobody should apply: each is answered with words, leaves the cluster as it was, and the page goes on.
#![cfg(target_arch = "wasm32")]

mod page;

use gloo_timers::future::TimeoutFuture;
use page::Page;
use statefulset_sandbox::app::Action;
use statefulset_sandbox::state::examples::EXAMPLES;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Longer than the page waits after the last key before it reads a text.
const PAUSE_MS: u32 = 1_200;

fn with_replicas(replicas: &str) -> String {
    EXAMPLES[0].text.replace("replicas: 3", &format!("replicas: {replicas}"))
}

#[wasm_bindgen_test]
async fn what_cannot_be_is_refused_in_words_and_changes_nothing() {
    let page = Page::open().await;
    let texts = [
        with_replicas("-1"),
        with_replicas("three"),
        with_replicas("10000000"),
        EXAMPLES[0].text.replace("name: web\nspec", "name: Web_1\nspec"),
        "a: b\n".repeat(400_000),
        "[".repeat(10_000),
        "\u{1}\u{2}".to_owned(),
        String::new(),
    ];
    for text in texts {
        let sample: String = text.chars().take(40).collect();
        page.send(Action::Edit(text.into())).await;
        page.click("apply").await;
        page.run_for(2_000).await;
        assert!(!page.has("StatefulSet", "web"), "{sample}");
        assert!(!page.refusal().trim().is_empty(), "nothing was said about {sample:?}");
    }
    page.send(Action::Example(0)).await;
    page.click("apply").await;
    page.run_for(2_000).await;
    assert!(page.has("StatefulSet", "web"), "the page goes on");
}

#[wasm_bindgen_test]
async fn every_problem_is_listed_with_its_line_and_leads_to_it() {
    let page = Page::open().await;
    let text = EXAMPLES[0].text.replace("serviceName: nginx\n  replicas: 3", "serviceNam: nginx\n  replicas: three");
    let line = |words: &str| text.lines().position(|line| line.contains(words)).map(|line| (line + 1).to_string());
    page.send(Action::Edit(text.as_str().into())).await;
    TimeoutFuture::new(PAUSE_MS).await;
    let lines = page.problem_lines();
    assert!(lines.contains(&line("serviceNam:").unwrap_or_default()), "{lines:?}");
    assert!(lines.contains(&line("replicas: three").unwrap_or_default()), "{lines:?}");
    page.click("problem").await;
    let (start, end) = page.selection();
    assert!(start < end, "something is selected");
    assert!(text[start..end].contains("serviceNam"), "{:?} is selected", &text[start..end]);
}
