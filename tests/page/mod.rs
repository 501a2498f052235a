//! The mounted app as a test sees it: finds what is drawn by the attributes that the page promises, presses what a person
//! presses, and moves time. It must not know how anything is made.
// Every test file is a crate of its own and uses its part of this one.
#![allow(dead_code)]

pub(crate) mod keys;

use statefulset_sandbox::app::{Action, App, AppProps};
use statefulset_sandbox::locale::Language;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::AppHandle;

/// Makes the browser forget what the page has kept under a name.
pub(crate) fn forget(name: &str) {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    storage.expect("tests run where storage is").remove_item(name).expect("it can be removed");
}

/// A page with the app on it, its time standing still.
pub(crate) struct Page {
    app: Option<AppHandle<App>>,
    root: Element,
}

impl Page {
    /// Mounts the app.
    pub(crate) async fn open() -> Self {
        let document = web_sys::window().and_then(|window| window.document()).expect("tests run in a page");
        let root = document.create_element("div").expect("div is an element");
        document.body().expect("the page has a body").append_child(&root).expect("a body takes a div");
        let app = yew::Renderer::<App>::with_root_and_props(root.clone(), AppProps { paused: true, ..AppProps::default() }).render();
        let page = Self { app: Some(app), root };
        page.drawn().await;
        page
    }

    /// A page on which the first manifest was applied, its class supplied, and all three pods are ready.
    pub(crate) async fn three_ready() -> Self {
        let page = Self::open().await;
        page.click("apply").await;
        page.run_for(1_000).await;
        page.click("remedy").await;
        page.run_for(60_000).await;
        assert_eq!(page.ready_pods(), ["web-0", "web-1", "web-2"]);
        page
    }

    /// Does something to the app.
    pub(crate) async fn send(&self, action: Action) {
        self.app.as_ref().expect("it is mounted").send_message(action);
        self.drawn().await;
    }

    /// Lets so many virtual milliseconds go by.
    pub(crate) async fn run_for(&self, ms: u64) {
        self.send(Action::Advance(ms)).await;
    }

    /// Presses the control with this role.
    pub(crate) async fn click(&self, role: &str) {
        self.press(&format!("[data-role='{role}']")).await;
    }

    /// Presses the control with this role inside an object.
    pub(crate) async fn click_in(&self, kind: &str, name: &str, role: &str) {
        self.press(&format!("[data-kind='{kind}'][data-name='{name}'] [data-role='{role}']")).await;
    }

    /// Types a line into the terminal.
    pub(crate) async fn type_line(&self, line: &str) {
        self.send(Action::Type(line.to_owned())).await;
    }

    /// An attribute of an object on the stage; `None` where it is not there.
    pub(crate) fn of(&self, kind: &str, name: &str, attribute: &str) -> Option<String> {
        self.find(&format!("[data-role='stage'] [data-kind='{kind}'][data-name='{name}']"))?.get_attribute(attribute)
    }

    /// Whether an object is on the stage.
    pub(crate) fn has(&self, kind: &str, name: &str) -> bool {
        self.of(kind, name, "data-name").is_some()
    }

    /// The names of the pods that are ready, in the order in which they stand.
    pub(crate) fn ready_pods(&self) -> Vec<String> {
        let list = self.root.query_selector_all("[data-kind='Pod'][data-ready='true']").expect("a selector");
        let elements = (0..list.length()).filter_map(|index| list.item(index)?.dyn_into::<Element>().ok());
        elements
            .filter(|element| element.get_attribute("data-phase").as_deref() == Some("Running"))
            .filter_map(|element| element.get_attribute("data-name"))
            .collect()
    }

    /// The sentence of *Why?*.
    pub(crate) fn why(&self) -> String {
        self.text("[data-why]")
    }

    /// The rule of *Why?*.
    pub(crate) fn why_rule(&self) -> String {
        self.find("[data-why]").and_then(|element| element.get_attribute("data-rule")).unwrap_or_default()
    }

    /// Everything in the terminal's log.
    pub(crate) fn log(&self) -> String {
        self.text("[role='log']")
    }

    /// What the last command has printed.
    pub(crate) fn last_output(&self) -> String {
        self.text("[role='log'] .job:last-child pre")
    }

    /// What the cluster said against the manifest that was applied last.
    pub(crate) fn refusal(&self) -> String {
        self.text(".problems__words")
    }

    /// What is written in the command line.
    pub(crate) fn line(&self) -> String {
        let input = self.find("[data-role='terminal-input']").and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        input.expect("the command line").value()
    }

    /// The candidates of an open completion menu.
    pub(crate) fn options(&self) -> Vec<String> {
        self.find_all("#terminal-menu .menu__text").iter().filter_map(|option| option.text_content()).collect()
    }

    /// The object that is chosen.
    pub(crate) fn chosen(&self) -> String {
        self.attribute_of(".page", "data-chosen").unwrap_or_default()
    }

    /// The text of the file that a command has opened.
    pub(crate) fn open_file(&self) -> String {
        self.open_area().value()
    }

    /// Changes that text.
    pub(crate) async fn write_open_file(&self, text: &str) {
        let area = self.open_area();
        area.set_value(text);
        let init = EventInit::new();
        init.set_bubbles(true);
        let event = Event::new_with_event_init_dict("input", &init).expect("an event");
        area.dispatch_event(&event).expect("an element takes events");
        self.drawn().await;
    }

    fn open_area(&self) -> HtmlTextAreaElement {
        let area = self.find("[data-role='editor'][data-visits='true']").and_then(|area| area.dyn_into().ok());
        area.expect("a file is open")
    }

    /// Everything that a selector finds.
    pub(crate) fn find_all(&self, selector: &str) -> Vec<Element> {
        let list = self.root.query_selector_all(selector).expect("a selector");
        (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
    }

    /// The text of what a selector finds first.
    pub(crate) fn text_at(&self, selector: &str) -> String {
        self.text(selector)
    }

    /// An attribute of what a selector finds first.
    pub(crate) fn attribute_of(&self, selector: &str, attribute: &str) -> Option<String> {
        self.find(selector)?.get_attribute(attribute)
    }

    /// Puts a finger or the mouse on something.
    pub(crate) async fn point_at(&self, selector: &str) {
        let element = self.find(selector).unwrap_or_else(|| panic!("{selector} is not on the page"));
        let init = EventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = Event::new_with_event_init_dict("pointerdown", &init).expect("an event");
        element.dispatch_event(&event).expect("an element takes events");
        self.drawn().await;
    }

    /// The lines of the problems listed under the manifest.
    pub(crate) fn problem_lines(&self) -> Vec<String> {
        let list = self.root.query_selector_all("[data-severity]").expect("a selector");
        let elements = (0..list.length()).filter_map(|index| list.item(index)?.dyn_into::<Element>().ok());
        elements.filter_map(|element| element.get_attribute("data-line")).collect()
    }

    /// What is selected in the manifest, for texts of plain ASCII.
    pub(crate) fn selection(&self) -> (usize, usize) {
        let area = self.find("[data-role='editor']").and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()).expect("the editor");
        let at = |place: Result<Option<u32>, _>| place.ok().flatten().map_or(0, |place| place as usize);
        (at(area.selection_start()), at(area.selection_end()))
    }

    /// What a control says.
    pub(crate) fn text_of(&self, role: &str) -> String {
        self.text(&format!("[data-role='{role}']")).trim().to_owned()
    }

    /// Has the page in a language: the server of these tests has the folder of the page, and so the texts.
    pub(crate) async fn speak(&self, language: Language) {
        statefulset_sandbox::browser::language::load(language).await;
        self.send(Action::LanguageLoaded).await;
    }

    /// An attribute of the first element with this role.
    pub(crate) fn role(&self, role: &str, attribute: &str) -> Option<String> {
        self.find(&format!("[data-role='{role}']"))?.get_attribute(attribute)
    }

    /// Waits until something is on the page: what is fetched comes when it comes.
    pub(crate) async fn until(&self, selector: &str) {
        self.wait(|| self.find(selector).is_some(), selector).await;
    }

    /// Waits until an element with this role says something.
    pub(crate) async fn until_text(&self, role: &str, words: &str) {
        self.wait(|| self.text_of(role).contains(words), words).await;
    }

    async fn wait(&self, holds: impl Fn() -> bool, what: &str) {
        // Generous, because a busy machine is slow; what never comes is said all the same.
        let deadline = statefulset_sandbox::browser::frames::now() + 30_000.0;
        while statefulset_sandbox::browser::frames::now() < deadline {
            if holds() {
                return self.drawn().await;
            }
            gloo_timers::future::TimeoutFuture::new(10).await;
        }
        panic!("{what} did not come");
    }

    pub(crate) async fn press(&self, selector: &str) {
        let element = self.find(selector).unwrap_or_else(|| panic!("{selector} is not on the page"));
        element.dyn_into::<HtmlElement>().expect("a control").click();
        self.drawn().await;
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).expect("a selector")
    }

    fn text(&self, selector: &str) -> String {
        self.find(selector).and_then(|element| element.text_content()).unwrap_or_default()
    }

    /// Drawing is scheduled, and may be spread over several turns of the browser: waits until all of it is done.
    pub(crate) async fn drawn(&self) {
        yew::scheduler::flush().await;
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // It listens to keys of the whole document, which are the next test's from now on.
        if let Some(app) = self.app.take() {
            app.destroy();
        }
        self.root.remove();
    }
}
