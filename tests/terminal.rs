//! The terminal as a person works in it: history, search, completion, paste, interrupt, names as links, files to edit.
#![cfg(target_arch = "wasm32")]

mod page;

use page::Page;
use page::keys::{self, paste, press, write};
use statefulset_sandbox::app::Action;
use statefulset_sandbox::state::command::Command;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A page whose browser remembers nothing of earlier visits.
async fn fresh() -> Page {
    page::forget("statefulset-sandbox.history");
    Page::open().await
}

/// A page on which the first manifest runs.
async fn three_ready() -> Page {
    let page = fresh().await;
    page.click("apply").await;
    page.run_for(1_000).await;
    page.click("remedy").await;
    page.run_for(60_000).await;
    page
}

#[wasm_bindgen_test]
async fn lines_come_back_also_after_the_page_was_left() {
    let page = fresh().await;
    page.type_line("kubectl get nodes").await;
    page.type_line("kubectl get sts").await;
    write(&page, "half a li").await;
    press(&page, "ArrowUp").await;
    press(&page, "ArrowUp").await;
    assert_eq!(page.line(), "kubectl get nodes");
    press(&page, "ArrowUp").await;
    assert_eq!(page.line(), "kubectl get nodes", "there is nothing before it");
    press(&page, "ArrowDown").await;
    press(&page, "ArrowDown").await;
    assert_eq!(page.line(), "half a li", "the line of its own is not lost");
    drop(page);
    let again = Page::open().await;
    press(&again, "ArrowUp").await;
    assert_eq!(again.line(), "kubectl get sts");
}

#[wasm_bindgen_test]
async fn earlier_lines_are_searched() {
    let page = fresh().await;
    for line in ["kubectl get nodes", "echo one", "kubectl get sts"] {
        page.type_line(line).await;
    }
    write(&page, "mine").await;
    press(&page, "Ctrl+r").await;
    write(&page, "get").await;
    assert!(page.text_at(".terminal__remark").contains("kubectl get sts"));
    press(&page, "Ctrl+r").await;
    assert!(page.text_at(".terminal__remark").contains("kubectl get nodes"));
    press(&page, "Escape").await;
    assert_eq!(page.line(), "mine", "Escape brings back what was there");
    press(&page, "Ctrl+r").await;
    write(&page, "ech").await;
    press(&page, "Tab").await;
    assert_eq!(page.line(), "echo one");
    press(&page, "Ctrl+r").await;
    write(&page, "nodes").await;
    press(&page, "Enter").await;
    assert!(page.last_output().contains("node-1"), "{}", page.last_output());
}

#[wasm_bindgen_test]
async fn keys_edit_the_line() {
    let page = fresh().await;
    write(&page, "kubectl get pods").await;
    press(&page, "Ctrl+w").await;
    press(&page, "Ctrl+y").await;
    press(&page, "Ctrl+y").await;
    assert_eq!(page.line(), "kubectl get podspods");
    press(&page, "Ctrl+a").await;
    press(&page, "Alt+d").await;
    assert_eq!(page.line(), " get podspods");
    press(&page, "Ctrl+k").await;
    assert_eq!(page.line(), "");
}

#[wasm_bindgen_test]
async fn what_is_typed_behind_enter_belongs_to_the_next_line() {
    let page = fresh().await;
    keys::enter_and_type_on(&page, "echo first", "echo second").await;
    assert_eq!(page.last_output(), "first");
    assert_eq!(page.line(), "echo second");
    keys::tab_and_type_on(&page, "kubec", "kubectl get sts").await;
    assert_eq!(page.line(), "kubectl get sts", "an answer to Tab that comes late does not touch another line");
}

#[wasm_bindgen_test]
async fn tab_completes_and_the_second_tab_shows_a_menu() {
    let page = three_ready().await;
    write(&page, "kubec").await;
    assert!(press(&page, "Tab").await, "Tab completes");
    assert_eq!(page.line(), "kubectl ");
    write(&page, "kubectl describe pod we").await;
    press(&page, "Tab").await;
    assert_eq!(page.line(), "kubectl describe pod web-", "the common beginning");
    assert_eq!(page.options(), [""; 0]);
    press(&page, "Tab").await;
    assert_eq!(page.options(), ["web-0", "web-1", "web-2"]);
    assert!(page.find_all("[role='combobox'][aria-expanded='true'][aria-activedescendant]").len() == 1);
    press(&page, "ArrowDown").await;
    press(&page, "Enter").await;
    assert_eq!(page.line(), "kubectl describe pod web-1 ");
    assert_eq!(page.options(), [""; 0]);
    assert!(!page.log().contains("describe"), "Enter in the menu takes, and does not run");
}

#[wasm_bindgen_test]
async fn the_menu_narrows_while_typing_and_takes_a_press() {
    let page = three_ready().await;
    write(&page, "kubectl get s").await;
    press(&page, "Tab").await;
    press(&page, "Tab").await;
    assert!(page.options().contains(&"secrets".to_owned()));
    write(&page, "kubectl get st").await;
    assert_eq!(page.options(), ["statefulsets", "storageclasses", "sts"]);
    page.point_at("#terminal-menu-2").await;
    assert_eq!(page.line(), "kubectl get sts ");
}

#[wasm_bindgen_test]
async fn tab_never_traps_the_keyboard() {
    let page = fresh().await;
    write(&page, "").await;
    assert!(!press(&page, "Tab").await, "on an empty line Tab goes on");
    write(&page, "kubectl get ").await;
    assert!(!press(&page, "Shift+Tab").await, "Shift and Tab go back");
    assert!(press(&page, "Tab").await);
    press(&page, "Tab").await;
    assert!(!page.options().is_empty());
    press(&page, "Escape").await;
    assert_eq!(page.options(), [""; 0]);
    assert!(!press(&page, "Tab").await, "after Escape Tab goes on");
}

#[wasm_bindgen_test]
async fn pasted_lines_run_one_after_the_other() {
    let page = fresh().await;
    paste(&page, "cat <<EOF > note.txt\nfirst\n$ second\nEOF\nkubectl get ns\nsleep 30\ncat note.txt\nkubectl get pods -n kube-sys").await;
    assert!(page.log().contains("kube-public"), "{}", page.log());
    assert_eq!(page.line(), "kubectl get pods -n kube-sys", "the last line waits for Enter");
    assert!(page.text_at(".terminal__remark").contains('1'), "one line waits for the sleep to end");
    page.run_for(29_000).await;
    assert!(page.text_at(".job:last-child .job__line").contains("sleep 30"));
    page.run_for(2_000).await;
    assert_eq!(page.last_output(), "first\n$ second");
}

#[wasm_bindgen_test]
async fn what_is_pasted_for_a_program_goes_to_the_program() {
    let page = three_ready().await;
    paste(&page, "kubectl exec -i web-0 -- sh\nhostname\nexit\nkubectl get sts\n").await;
    page.run_for(5_000).await;
    assert_eq!(page.text_at(".job:nth-last-child(2) pre"), "web-0");
    assert!(page.last_output().contains("3/3"), "{}", page.last_output());
}

#[wasm_bindgen_test]
async fn a_paste_that_is_too_long_runs_nothing() {
    let page = fresh().await;
    paste(&page, &"kubectl get nodes\n".repeat(2_000)).await;
    assert!(!page.log().contains("node-1"));
    assert!(page.text_at(".terminal__remark").contains("2000"), "{}", page.text_at(".terminal__remark"));
}

#[wasm_bindgen_test]
async fn a_watch_streams_and_can_be_stopped() {
    let page = three_ready().await;
    page.type_line("kubectl get pods -w").await;
    page.send(Action::Run(Command::new("kubectl delete pod web-1 --wait=false"))).await;
    page.run_for(30_000).await;
    let streamed = page.text_at(".job:nth-last-child(2) pre");
    assert!(streamed.contains("Terminating") && streamed.contains("ContainerCreating"), "{streamed}");
    press(&page, "Ctrl+c").await;
    assert!(page.text_at(".job:nth-last-child(2)").contains("130"), "{}", page.text_at(".job:nth-last-child(2)"));
    page.type_line("echo free again").await;
    assert_eq!(page.last_output(), "free again");
}

#[wasm_bindgen_test]
async fn a_command_says_how_long_it_took() {
    let page = three_ready().await;
    page.type_line("kubectl delete pod web-2").await;
    page.run_for(60_000).await;
    let took = page.attribute_of(".job:last-child [data-took]", "data-took").expect("it has ended");
    assert!(took.parse::<u64>().is_ok_and(|ms| (100..40_000).contains(&ms)), "{took}");
    page.type_line("kubectl get pods").await;
    assert_eq!(page.attribute_of(".job:last-child [data-took]", "data-took"), None, "no time to speak of");
}

#[wasm_bindgen_test]
async fn names_in_the_output_lead_to_the_stage() {
    let page = three_ready().await;
    page.type_line("kubectl get pods").await;
    let names: Vec<String> = page.find_all(".job:last-child .job__link").iter().filter_map(|link| link.text_content()).collect();
    assert_eq!(names, ["web-0", "web-1", "web-2"]);
    page.press(".job:last-child [data-link-name='web-1']").await;
    assert_eq!(page.chosen(), "Pod default/web-1");
}

#[wasm_bindgen_test]
async fn long_output_is_counted_and_the_page_goes_on() {
    let page = fresh().await;
    page.type_line("seq 100000").await;
    assert!(page.log().contains("100000"));
    assert!(page.text_at(".job__hidden").chars().any(|digit| digit.is_ascii_digit()), "what is not shown is counted");
    let line = format!("echo {}", "x".repeat(1_000_000));
    page.type_line(&line).await;
    assert!(page.log().contains("bytes long"));
    page.type_line("\u{1}\u{2}\u{3}").await;
    page.type_line("echo 'open").await;
    assert_eq!(page.text_at(".terminal__unfinished"), "$ echo 'open");
    press(&page, "Ctrl+c").await;
    page.type_line("echo fine").await;
    assert_eq!(page.last_output(), "fine");
}

#[wasm_bindgen_test]
async fn the_screen_is_cleared() {
    let page = fresh().await;
    page.type_line("kubectl get nodes").await;
    press(&page, "Ctrl+l").await;
    assert!(!page.log().contains("node-1"), "{}", page.log());
    page.type_line("kubectl get nodes").await;
    page.type_line("clear").await;
    assert!(!page.log().contains("node-1"), "{}", page.log());
}

#[wasm_bindgen_test]
async fn an_edit_opens_the_file_and_saves_it() {
    let page = three_ready().await;
    page.type_line("kubectl edit sts web").await;
    let text = page.open_file();
    assert!(text.contains("kind: StatefulSet"), "{text}");
    page.write_open_file(&text.replace("serviceName: nginx", "serviceName: other")).await;
    page.click("save-file").await;
    let again = page.open_file();
    assert!(again.contains("was not valid"), "{again}");
    page.write_open_file(&text.replace("replicas: 3", "replicas: 2")).await;
    page.click("save-file").await;
    page.run_for(60_000).await;
    assert_eq!(page.ready_pods(), ["web-0", "web-1"]);
    assert!(page.last_output().contains("statefulset.apps/web edited"), "{}", page.last_output());
    page.type_line("kubectl edit sts web").await;
    // The person's own files stay in reach, and the tab of the command stays open.
    let edited = page.attribute_of("[data-role='file'][aria-selected='true']", "data-file").unwrap_or_default();
    assert!(edited.starts_with("kubectl-edit-"), "{edited}");
    page.press("[data-role='file']").await;
    assert!(page.text_of("apply").contains("Apply"), "{}", page.text_of("apply"));
    page.press(&format!("[data-file='{edited}'][role='tab']")).await;
    page.click("cancel-file").await;
    assert!(page.find_all("[data-role='file']").iter().all(|tab| tab.get_attribute("data-file").as_deref() != Some(&edited)));
    assert!(page.last_output().contains("Edit cancelled, no changes made."), "{}", page.last_output());
}
