//! The stage in the mounted app: what docks and what stays, the views, the lines that are moved, and sets with many pods.
#![cfg(target_arch = "wasm32")]

mod page;

use page::Page;
use statefulset_sandbox::app::Action;
use statefulset_sandbox::state::command::Command;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, KeyboardEvent, KeyboardEventInit};

wasm_bindgen_test_configure!(run_in_browser);

fn first(page: &Page, selector: &str) -> Option<Element> {
    page.find_all(selector).into_iter().next()
}

/// Presses a key on what a selector finds.
async fn press_key(page: &Page, selector: &str, key: &str) {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).expect("an event");
    first(page, selector).expect("it is on the page").dispatch_event(&event).expect("an element takes events");
    page.drawn().await;
}

fn element(page: &Page, kind: &str, name: &str) -> Option<Element> {
    first(page, &format!("[data-role='stage'] [data-kind='{kind}'][data-name='{name}']"))
}

fn wire_is_live(page: &Page, claim: &str) -> bool {
    let storage = element(page, "PersistentVolumeClaim", claim).and_then(|claim| claim.closest(".storage").ok().flatten());
    storage.is_some_and(|storage| storage.query_selector(".wire--live").ok().flatten().is_some())
}

#[wasm_bindgen_test]
async fn a_replacement_docks_to_the_claim_that_waited_and_nothing_else_moves() {
    let page = Page::three_ready().await;
    let (pod, claim) = (element(&page, "Pod", "web-1"), element(&page, "PersistentVolumeClaim", "www-web-1"));
    let (first, last) = (element(&page, "Pod", "web-0"), element(&page, "Pod", "web-2"));
    assert!(wire_is_live(&page, "www-web-1"));
    page.click_in("Pod", "web-1", "delete").await;
    let mut seen_without_pod = false;
    for _ in 0..400 {
        page.run_for(10).await;
        if element(&page, "Pod", "web-1").is_none() {
            seen_without_pod = true;
            assert!(!wire_is_live(&page, "www-web-1"), "no pod, and a live wire");
            assert_eq!(element(&page, "PersistentVolumeClaim", "www-web-1"), claim, "the claim stays where it is");
        }
    }
    page.run_for(60_000).await;
    assert!(seen_without_pod);
    assert_ne!(element(&page, "Pod", "web-1"), pod, "a new pod is a new element, which docks");
    assert_eq!(element(&page, "PersistentVolumeClaim", "www-web-1"), claim, "the same claim is the same element");
    assert!(wire_is_live(&page, "www-web-1"), "the wire has reconnected");
    assert_eq!((element(&page, "Pod", "web-0"), element(&page, "Pod", "web-2")), (first, last), "the neighbours are not drawn anew");
}

#[wasm_bindgen_test]
async fn a_pod_passes_the_stations_of_its_way_in_order() {
    let page = Page::open().await;
    page.click("apply").await;
    page.run_for(1_000).await;
    page.click("remedy").await;
    let mut way: Vec<String> = Vec::new();
    for _ in 0..2_000 {
        page.run_for(5).await;
        let step = page.of("Pod", "web-0", "data-step").unwrap_or_default();
        if way.last() != Some(&step) {
            way.push(step);
        }
        if page.has("Pod", "web-1") {
            break;
        }
    }
    assert_eq!(way, ["scheduling", "bound", "pulling", "starting", ""], "and the next column is begun only then");
    assert_eq!(page.of("Pod", "web-0", "data-ready").as_deref(), Some("true"));
}

#[wasm_bindgen_test]
async fn termination_counts_down() {
    let page = Page::three_ready().await;
    page.click_in("Pod", "web-2", "delete").await;
    let word = |page: &Page| first(page, "[data-name='web-2'] .state__word").and_then(|word| word.text_content()).unwrap_or_default();
    assert!(word(&page).contains("10 s"), "{}", word(&page));
}

#[wasm_bindgen_test]
async fn a_node_falls_silent_by_a_gesture_that_is_a_command() {
    let page = Page::three_ready().await;
    page.click("view-nodes").await;
    assert!(page.has("Pod", "web-1") && page.has("Node", "node-2"));
    page.click_in("Node", "node-2", "fail").await;
    assert!(page.log().contains("$ sandbox node fail node-2"), "{}", page.log());
    assert_eq!(page.of("Node", "node-2", "data-silent").as_deref(), Some("true"));
    assert_eq!(page.of("Node", "node-2", "data-ready").as_deref(), Some("true"), "nobody has noticed yet");
    page.run_for(60_000).await;
    assert_eq!(page.of("Node", "node-2", "data-ready").as_deref(), Some("false"));
    page.click_in("Node", "node-2", "restore").await;
    page.click_in("Node", "node-1", "cordon").await;
    page.run_for(60_000).await;
    assert_eq!(page.of("Node", "node-2", "data-ready").as_deref(), Some("true"));
    assert_eq!(page.of("Node", "node-1", "data-cordoned").as_deref(), Some("true"));
    page.click_in("Node", "node-1", "uncordon").await;
    page.run_for(1_000).await;
    assert_eq!(page.of("Node", "node-1", "data-cordoned").as_deref(), Some("false"));
}

#[wasm_bindgen_test]
async fn the_table_sorts_and_deletes() {
    let page = Page::three_ready().await;
    page.click("view-table").await;
    page.click("sort-name").await;
    assert_eq!(page.ready_pods(), ["web-2", "web-1", "web-0"]);
    page.click_in("Pod", "web-2", "delete").await;
    assert!(page.log().contains("$ kubectl delete pod web-2 --wait=false"), "{}", page.log());
    assert_eq!(page.of("Pod", "web-2", "data-phase").as_deref(), Some("Terminating"));
}

#[wasm_bindgen_test]
async fn both_lines_are_moved_by_keys() {
    let page = Page::three_ready().await;
    press_key(&page, "[data-role='partition']", "ArrowRight").await;
    assert!(
        page.log().contains(r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}}}}'"#),
        "{}",
        page.log()
    );
    assert_eq!(page.of("StatefulSet", "web", "data-partition").as_deref(), Some("1"));
    press_key(&page, "[data-role='replicas']", "ArrowLeft").await;
    assert!(page.log().contains("$ kubectl scale sts web --replicas=2"), "{}", page.log());
    page.run_for(30_000).await;
    assert_eq!(page.ready_pods(), ["web-0", "web-1"]);
}

#[wasm_bindgen_test]
async fn a_chosen_object_is_outlined_in_every_view() {
    let page = Page::three_ready().await;
    page.click_in("Pod", "web-1", "choose").await;
    let chosen = |page: &Page| first(page, ".stage .is-chosen").and_then(|element| element.get_attribute("data-name"));
    for view in ["view-columns", "view-nodes", "view-table"] {
        page.click(view).await;
        assert_eq!(chosen(&page).as_deref(), Some("web-1"), "{view}");
    }
    page.click_in("Pod", "web-1", "choose").await;
    assert_eq!(chosen(&page), None);
}

#[wasm_bindgen_test]
async fn a_hundred_pods_are_cells_and_each_can_be_deleted_by_keyboard() {
    let page = Page::three_ready().await;
    page.send(Action::Run(Command::new("kubectl scale sts web --replicas=100"))).await;
    page.run_for(1_000_000).await;
    assert_eq!(page.of("StatefulSet", "web", "data-ready-replicas").as_deref(), Some("100"));
    for ordinal in 0..100 {
        assert!(page.has("Pod", &format!("web-{ordinal}")), "web-{ordinal}");
    }
    for key in ["Home", "ArrowRight", "ArrowRight", "Delete"] {
        press_key(&page, "[data-role='cells']", key).await;
    }
    assert!(page.log().contains("$ kubectl delete pod web-2 --wait=false"), "{}", page.log());
    assert_eq!(page.of("Pod", "web-2", "data-phase").as_deref(), Some("Terminating"));
    let card = element(&page, "Pod", "web-2").expect("it is there");
    assert_eq!(card.tag_name().to_lowercase(), "article", "what ends is kept large");
}
