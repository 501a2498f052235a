//! Time on the mounted page: scrubbing, stepping back from the middle of a change, undo and redo, histories side by side,
//! and asking about one thing. Time is moved by the test.
#![cfg(target_arch = "wasm32")]

mod page;

use page::Page;
use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use statefulset_sandbox::app::Action;
use statefulset_sandbox::timeline::Travel;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, KeyboardEvent, KeyboardEventInit};

wasm_bindgen_test_configure!(run_in_browser);

fn find(selector: &str) -> Option<Element> {
    web_sys::window().and_then(|window| window.document()).expect("tests run in a page").query_selector(selector).expect("a selector")
}

fn attribute(selector: &str, name: &str) -> String {
    find(selector).and_then(|element| element.get_attribute(name)).unwrap_or_default()
}

/// Presses a key where the focus would be.
async fn key(page: &Page, selector: &str, key: &str, control: bool) {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_ctrl_key(control);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).expect("an event");
    find(selector).unwrap_or_else(|| panic!("{selector} is not on the page")).dispatch_event(&event).expect("it can be sent");
    page.run_for(0).await;
}

fn clock() -> u64 {
    attribute("[data-clock]", "data-clock").parse().expect("a number")
}

/// A page on which the first manifest was applied, its class supplied, and 20 seconds went by.
async fn running() -> Page {
    let page = Page::open().await;
    page.click("apply").await;
    page.run_for(1_000).await;
    page.click("remedy").await;
    page.run_for(20_000).await;
    assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2"]);
    page
}

#[wasm_bindgen_test]
async fn the_moment_is_a_slider_that_keys_move() {
    let page = running().await;
    assert_eq!((clock(), attribute("[data-role='scrub']", "aria-valuemax")), (21_000, "21000".to_owned()));
    key(&page, "[data-role='scrub']", "Home", false).await;
    assert_eq!(clock(), 0);
    assert!(!page.has("Pod", "web-0"));
    key(&page, "[data-role='scrub']", "ArrowRight", false).await;
    assert_eq!((clock(), attribute("[data-role='scrub']", "aria-valuenow")), (1_000, "1000".to_owned()));
    assert!(page.has("Pod", "web-0") && !page.has("Pod", "web-1"));
    key(&page, "[data-role='scrub']", "End", false).await;
    assert_eq!(clock(), 21_000);
    assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2"]);
}

#[wasm_bindgen_test]
async fn cells_follow_a_pointer_that_passes_moments_and_cards_and_terminal_when_it_rests() {
    let page = running().await;
    page.type_line("kubectl scale sts web --replicas=25").await;
    page.run_for(300_000).await;
    page.type_line("kubectl get sts web").await;
    page.run_for(1_000).await;
    let shown = |selector: &str| find(selector).and_then(|element| element.text_content()).unwrap_or_default();
    let slow = || (shown(".columns--large"), shown("[role='log']"));
    let busy = || attribute(".columns--large", "aria-busy");
    let at_the_end = slow();
    assert_eq!((attribute("[data-replicas]", "data-ready-replicas"), busy()), ("25".to_owned(), String::new()));
    page.send(Action::Travel(Travel::Past(30_000))).await;
    assert_eq!((clock(), busy()), (30_000, "true".to_owned()));
    let ready: usize = attribute("[data-replicas]", "data-ready-replicas").parse().expect("a number");
    assert!((4..25).contains(&ready), "{ready} are ready in the middle");
    assert_eq!(slow(), at_the_end, "what takes long waits");
    page.send(Action::Travel(Travel::Rest)).await;
    let in_the_middle = slow();
    assert_eq!(busy(), "");
    assert!(in_the_middle.0 != at_the_end.0 && in_the_middle.1 != at_the_end.1, "it is drawn: {in_the_middle:?}");
    // A pointer that is held still rests by itself.
    page.send(Action::Travel(Travel::Past(321_000))).await;
    assert_eq!((busy(), slow()), ("true".to_owned(), in_the_middle));
    gloo_timers::future::TimeoutFuture::new(200).await;
    page.run_for(0).await;
    assert_eq!((busy(), slow().0), (String::new(), at_the_end.0));
}

#[wasm_bindgen_test]
async fn a_card_that_a_pointer_passes_is_changed_in_its_place_and_stands_still() {
    let page = running().await;
    page.click_in("Pod", "web-1", "delete").await;
    page.run_for(60_000).await;
    let card = || find("article[data-name='web-1']").expect("a card");
    let still = |card: &web_sys::Element| card.class_list().contains("is-still");
    let (newest, uid) = (card(), || page.of("Pod", "web-1", "data-uid"));
    let (newest_uid, now_ms) = (uid(), clock());
    assert!(!still(&newest), "it came in while time went by");
    page.send(Action::Travel(Travel::Past(21_000))).await;
    assert_ne!(uid(), newest_uid, "it is the pod before");
    assert!(still(&card()), "it stands still: {}", card().class_name());
    assert!(card().is_same_node(Some(&newest)), "it is changed in its place");
    page.send(Action::Travel(Travel::Rest)).await;
    assert!(card().is_same_node(Some(&newest)) && still(&card()), "nothing comes in when the pointer rests");
    page.send(Action::Travel(Travel::To(now_ms))).await;
    assert_eq!(uid(), newest_uid);
    assert!(!card().is_same_node(Some(&newest)) && !still(&card()), "another pod comes in again where nobody passes");
}

#[wasm_bindgen_test]
async fn where_many_cards_change_at_once_a_move_draws_some_and_the_others_follow() {
    let page = running().await;
    page.type_line("kubectl scale sts web --replicas=20").await;
    page.run_for(300_000).await;
    let cards = || page.find_all("article[data-ordinal]").len();
    assert_eq!(cards(), 20);
    page.send(Action::Travel(Travel::Past(21_500))).await;
    let at_once = cards();
    assert!((10..20).contains(&at_once), "a move draws {at_once} cards of a moment that has few");
    for _ in 0..30 {
        gloo_timers::future::TimeoutFuture::new(20).await;
    }
    assert!(cards() < 6, "{} cards", cards());
}

#[wasm_bindgen_test]
async fn a_step_back_in_the_middle_of_a_change_shows_the_moment_before_it() {
    let page = running().await;
    page.click_in("Pod", "web-1", "delete").await;
    page.run_for(100).await;
    assert_eq!(page.of("Pod", "web-1", "data-phase").as_deref(), Some("Terminating"));
    while page.of("Pod", "web-1", "data-phase").as_deref() == Some("Terminating") {
        page.click("step-back").await;
    }
    assert_eq!(page.of("Pod", "web-1", "data-phase").as_deref(), Some("Running"));
    assert_eq!(page.of("Pod", "web-1", "data-ready").as_deref(), Some("true"));
    page.send(Action::Travel(Travel::Newest)).await;
    assert_eq!(page.of("Pod", "web-1", "data-phase").as_deref(), Some("Terminating"));
}

#[wasm_bindgen_test]
async fn acts_are_undone_and_done_again_by_buttons_and_keys() {
    let page = running().await;
    page.type_line("kubectl scale sts web --replicas=1").await;
    page.run_for(20_000).await;
    assert_eq!(page.ready_pods(), ["web-0"]);
    page.click("undo").await;
    assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2"]);
    page.click("redo").await;
    assert_eq!(page.ready_pods(), ["web-0"]);
    key(&page, "#stage", "z", true).await;
    assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2"]);
    page.run_for(20_000).await;
    assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2"], "time goes on without it");
    key(&page, "#stage", "y", true).await;
    assert_eq!(page.ready_pods(), ["web-0"]);
    assert_eq!(find("[data-history='2']").map(|_| ()), Some(()), "both histories are kept");
}

#[wasm_bindgen_test]
async fn acting_in_the_past_forks_and_both_histories_can_be_compared() {
    let page = running().await;
    page.send(Action::Travel(Travel::To(15_000))).await;
    page.type_line("kubectl scale sts web --replicas=1").await;
    page.run_for(20_000).await;
    assert_eq!(page.ready_pods(), ["web-0"]);
    assert_eq!(attribute("[data-history='2']", "aria-pressed"), "true");
    assert!(page.text_of("notice").contains("keep only the one that is shown"), "what a reload drops is said");
    page.click("notice-dismiss").await;
    page.type_line("kubectl get pods").await;
    assert_eq!(page.text_of("notice"), "", "once");
    page.click("compare").await;
    assert!(find("[data-role='comparison']").is_some());
    assert_eq!(attribute("[data-role='comparison'] tbody tr", "data-differs"), "true");
    page.click("compare-switch").await;
    assert_eq!(attribute("[data-history='1']", "aria-pressed"), "true");
    assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2"]);
    assert!(find("[data-role='comparison']").is_some(), "the two change sides");
    page.click("forget").await;
    assert!(find("[data-history='1']").is_none(), "one history needs no list");
}

#[wasm_bindgen_test]
async fn pods_of_one_name_in_two_namespaces_are_two_rows_of_the_comparison() {
    let page = running().await;
    page.type_line("kubectl create namespace other").await;
    for namespace in ["default", "other"] {
        page.type_line(&format!("kubectl run twin --image=nginx -n {namespace}")).await;
    }
    page.run_for(20_000).await;
    page.send(Action::Travel(Travel::To(30_000))).await;
    page.type_line("kubectl delete pod twin -n other --wait=false").await;
    page.run_for(20_000).await;
    page.click("compare").await;
    let twins = || {
        let rows = page.find_all("[data-role='comparison'] tbody tr");
        let texts: Vec<String> = rows.iter().filter_map(|row| row.text_content()).filter(|row| row.starts_with("twin")).collect();
        texts.iter().map(|row| (row.contains("other"), row.contains("differs"))).collect::<Vec<_>>()
    };
    assert_eq!(twins(), [(true, true), (false, false)]);
    page.type_line("kubectl delete pod twin --wait=false").await;
    page.run_for(20_000).await;
    let mut both = twins();
    both.sort_unstable();
    assert_eq!(both, [(false, true), (true, true)], "each row keeps to its pod");
}

#[wasm_bindgen_test]
async fn back_at_the_newest_moment_time_goes_on_if_it_did_before() {
    let page = running().await;
    let playing = || attribute("[data-role='play']", "aria-pressed") == "true";
    let look_back = || async {
        page.send(Action::Travel(Travel::To(5_000))).await;
        assert!(!playing(), "a past moment stands still");
        page.send(Action::Travel(Travel::Newest)).await;
    };
    look_back().await;
    assert!(!playing(), "it stood still before");
    page.send(Action::Play).await;
    look_back().await;
    assert!(playing(), "it ran before");
    // A drag passes moments from its press on.
    page.send(Action::Travel(Travel::Past(5_000))).await;
    page.send(Action::Travel(Travel::Past(4_000))).await;
    page.send(Action::Travel(Travel::Rest)).await;
    assert!(!playing(), "a past moment stands still");
    page.send(Action::Travel(Travel::Newest)).await;
    assert!(playing(), "it ran before the drag");
    page.send(Action::Travel(Travel::To(5_000))).await;
    page.send(Action::Pause).await;
    page.send(Action::Travel(Travel::Newest)).await;
    assert!(!playing(), "it was paused since");
}

#[wasm_bindgen_test]
async fn an_object_is_inspected_and_escape_gives_the_focus_back() {
    let page = running().await;
    let opener: HtmlElement = find("[data-role='undo']").expect("a button").dyn_into().expect("a button");
    opener.focus().expect("it takes the focus");
    page.send(Action::Select(Some(Key::new(Kind::Pod, "default", "web-1")))).await;
    let drawer = find("[data-role='inspector']").expect("the inspector");
    assert!(drawer.text_content().is_some_and(|text| text.contains("web-1")));
    assert_eq!(page.why_rule(), "pod-is-ready");
    assert_eq!(attribute("[data-why-name]", "data-why-name"), "name-is-answered");
    key(&page, "[data-role='inspector']", "Escape", false).await;
    assert!(find("[data-role='inspector']").is_none());
    let document = web_sys::window().and_then(|window| window.document()).expect("a page");
    assert_eq!(document.active_element(), Some(opener.into()));
}

#[wasm_bindgen_test]
async fn a_rule_is_explained_with_a_link_that_opens_elsewhere() {
    let page = running().await;
    page.click("which-rule").await;
    assert_eq!(attribute("[data-explains]", "data-explains"), "settled");
    let link = find(".rule__link").expect("a link");
    assert_eq!(link.get_attribute("target").as_deref(), Some("_blank"));
    assert!(link.get_attribute("rel").is_some_and(|rel| rel.contains("noopener")));
    assert!(link.get_attribute("href").is_some_and(|href| href.starts_with("https://kubernetes.io/docs/")));
}
