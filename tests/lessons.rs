//! A lesson in the page: it is fetched, its goals tick as the cluster reaches them, a wrong prediction is set against what
//! happened, a step begins anew, and another language changes nothing but the words.
#![cfg(target_arch = "wasm32")]

mod page;

use js_sys::{Function, Promise, Reflect};
use page::Page;
use statefulset_sandbox::app::Action;
use statefulset_sandbox::lesson::Act;
use statefulset_sandbox::locale::Language;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Response;

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
async fn a_step_that_was_jumped_to_says_so_until_it_is_begun_anew() {
    let page = Page::open().await;
    open(&page, "on-delete").await;
    assert_eq!(page.role("step-jumped", "data-role"), None);
    page.click("step-next").await;
    assert_eq!(page.role("step-jumped", "data-role").as_deref(), Some("step-jumped"), "the first step is not done");
    page.click("step-reset").await;
    assert_eq!(page.role("step-jumped", "data-role"), None);
    page.type_line("kubectl get statefulset web -o jsonpath={.spec.updateStrategy.type}").await;
    assert_eq!(page.last_output(), "OnDelete", "the cluster is as the first step leaves it");
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

#[wasm_bindgen_test]
async fn an_author_sees_files_as_they_are_now_with_the_line_of_what_is_wrong() {
    let page = Page::open().await;
    open(&page, "on-delete").await;
    let window = web_sys::window().expect("a page");
    let name = JsValue::from_str("fetch");
    let real: Function = Reflect::get(&window, &name).and_then(|fetch| fetch.dyn_into()).expect("a browser fetches");
    let ask = real.clone();
    let edited = Closure::<dyn FnMut(String) -> JsValue>::new(move |address: String| {
        if !address.ends_with("on-delete/en.md") {
            return ask.call1(&JsValue::UNDEFINED, &JsValue::from_str(&address)).expect("a request");
        }
        let text = include_str!("../lessons/on-delete/en.md");
        let text = text.replacen("(term:on-delete)", "(term:nothing)", 1).replacen("nobody moves", "somebody writes", 1);
        let response = Response::new_with_opt_str(Some(&text)).expect("a response");
        JsValue::from(Promise::resolve(&JsValue::from(response)))
    });
    Reflect::set(&window, &name, edited.as_ref()).expect("it can be replaced");
    page.send(Action::Lesson(Act::Reread)).await;
    page.until("[data-role='lesson-findings']").await;
    Reflect::set(&window, &name, &real).expect("it can be put back");
    let findings = page.text_of("lesson-findings");
    assert!(findings.contains("en.md:3: the link leads to a term \"nothing\""), "{findings}");
    assert!(page.text_of("lesson-step").contains("somebody writes"));
    assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2"], "the cluster stays as it is");
}
