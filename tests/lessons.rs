//! A lesson in the page: it is fetched, its goals tick as the cluster reaches them, a wrong prediction is set against what
//! happened, a step begins anew, and another language changes nothing but the words.
#![cfg(target_arch = "wasm32")]

mod page;

use page::Page;
use statefulset_sandbox::app::Action;
use statefulset_sandbox::lesson::Act;
use statefulset_sandbox::locale::Language;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

async fn open(page: &Page, lesson: &str) {
    page.send(Action::Lesson(Act::Open(lesson.to_owned()))).await;
    page.until("[data-role='lesson-step']").await;
}

#[wasm_bindgen_test]
async fn goals_tick_and_a_wrong_prediction_is_set_against_what_happened() {
    let page = Page::open().await;
    open(&page, "ordered-creation").await;
    assert_eq!(page.role("lesson-step", "data-step").as_deref(), Some("watch"));
    assert_eq!(page.role("goal", "data-met").as_deref(), Some("false"));
    page.send(Action::Lesson(Act::Predict("last".to_owned()))).await;
    assert_eq!(page.role("predict", "data-state").as_deref(), Some("chosen"));

    page.click("hint").await;
    page.click("hint").await;
    page.click("hint-run").await;
    page.run_for(60_000).await;
    assert_eq!(page.role("goal", "data-met").as_deref(), Some("true"));
    assert_eq!(page.role("lesson-step", "data-done").as_deref(), Some("true"));
    assert_eq!(page.role("predict", "data-state").as_deref(), Some("wrong"));
    let compared = page.text_of("predict");
    assert!(compared.contains("web-2") && compared.contains("web-0 first"), "{compared}");
}

#[wasm_bindgen_test]
async fn a_step_begins_anew_and_going_on_and_back_loses_nothing() {
    let page = Page::open().await;
    open(&page, "identity").await;
    // The lesson's own cluster runs already.
    assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2", "probe"]);
    page.click("step-next").await;
    assert_eq!(page.role("lesson-step", "data-step").as_deref(), Some("delete"));
    let before = page.of("Pod", "web-1", "data-uid");
    page.type_line("kubectl delete pod web-1").await;
    page.run_for(60_000).await;
    assert_ne!(page.of("Pod", "web-1", "data-uid"), before);
    assert_eq!(page.role("goal", "data-met").as_deref(), Some("true"));

    page.click("step-previous").await;
    page.click("step-next").await;
    assert_eq!(page.role("goal", "data-met").as_deref(), Some("true"), "what was reached stays reached");

    page.click("step-reset").await;
    assert_eq!(page.of("Pod", "web-1", "data-uid"), before, "the cluster is as it was when the step began");
    assert_eq!(page.role("goal", "data-met").as_deref(), Some("false"));
}

#[wasm_bindgen_test]
async fn what_must_not_be_done_is_said() {
    let page = Page::open().await;
    open(&page, "on-delete").await;
    page.type_line("kubectl delete pod web-2").await;
    page.run_for(30_000).await;
    assert_eq!(page.role("lesson-step", "data-done").as_deref(), Some("false"));
    assert!(page.text_of("lesson-step").contains("Reset the step"));
}

#[wasm_bindgen_test]
async fn another_language_changes_the_words_and_nothing_else() {
    let page = Page::open().await;
    open(&page, "partition").await;
    page.click("step-next").await;
    page.speak(Language::TraditionalChinese).await;
    page.until_text("lesson-step", "哪些 Pod").await;
    assert_eq!(page.role("lesson-step", "data-step").as_deref(), Some("canary"));
    page.speak(Language::English).await;
    page.until_text("lesson-step", "Which pods").await;
}
