//! The line to type into: history, editing keys, completion, search, paste, and a way to stop what runs.
//! It must not know what commands do: it asks for completions and hands lines on.

use std::cell::RefCell;
use std::rc::Rc;

use statefulset_engine::complete::Completion;
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, HtmlInputElement, KeyboardEvent};
use yew::html::Scope;
use yew::prelude::*;

use super::field;
use super::keys::{self, Stroke};
use super::menu::{MENU, Menu, option_id};
use super::paste::{self, Pasted};
use crate::app::{Action, Ask};
use crate::locale::{tr, tr_count};
use crate::state::recall;

/// Properties of [`Line`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct LineProps {
    /// The lines that were typed before, oldest first.
    pub recall: Rc<[Rc<str>]>,
    /// Whether what is typed goes to a command that runs.
    pub busy: bool,
    /// The lines typed last, where they go on in this one; empty where they do not.
    pub unfinished: AttrValue,
    /// Counts how often the line is to take the focus back.
    pub calls: u32,
    /// How many lines wait for the command that runs to take them, or to end.
    pub waiting: usize,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The line.
pub(super) struct Line {
    input: NodeRef,
    hand: Rc<RefCell<Hand>>,
}

/// What the line remembers between keys. Keys, pastes and Enter change it in the browser's own turn: only then can the browser
/// be told to leave them alone, and what is typed next comes after them. A message may come later than that on a busy page.
struct Hand {
    /// How far back in the history the line is; 0 is a line of its own.
    back: usize,
    /// The line of its own, while another is shown.
    draft: String,
    cut: String,
    mode: Mode,
    /// Whether Tab was pressed just before, and could not decide.
    tabbed: bool,
    /// Whether Escape was pressed just before, so that Tab leaves.
    leaving: bool,
    /// What is to be said about the line.
    remark: String,
}

/// What stands around the line: what it was given, and where it is reached.
struct Around<'a> {
    props: &'a LineProps,
    link: &'a Scope<Line>,
}

enum Mode {
    Typing,
    /// Candidates are shown.
    Menu {
        completion: Completion,
        chosen: usize,
    },
    /// Words are looked for in the history; `before` is the line to come back to.
    Search {
        skip: usize,
        before: String,
    },
}

/// What happens to the line.
pub(super) enum Msg {
    /// The hand has moved, in an event of the browser.
    Moved,
    Typed,
    /// The answer to Tab, and the line and the cursor that it was asked for.
    Completed(Completion, (String, usize)),
    Take(usize),
    Complete,
    Back,
    Stop,
    Left,
}

impl Component for Line {
    type Message = Msg;
    type Properties = LineProps;

    fn create(_: &Context<Self>) -> Self {
        let hand = Hand {
            back: 0,
            draft: String::new(),
            cut: String::new(),
            mode: Mode::Typing,
            tabbed: false,
            leaving: false,
            remark: String::new(),
        };
        Self { input: NodeRef::default(), hand: Rc::new(RefCell::new(hand)) }
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let Some(input) = self.input.cast::<HtmlInputElement>() else {
            return false;
        };
        if matches!(message, Msg::Complete | Msg::Back) {
            // The focus stays in the line; a line that is gone needs none.
            let _ = input.focus();
        }
        let around = Around { props: context.props(), link: context.link() };
        let mut hand = self.hand.borrow_mut();
        match message {
            Msg::Moved => {}
            Msg::Typed => hand.typed(&around, &input),
            // Whoever has typed on meanwhile asks again.
            Msg::Completed(_, asked) if field::read(&input) != asked => return false,
            Msg::Completed(completion, _) => hand.completed(&input, completion),
            Msg::Take(index) => hand.take(&input, index),
            Msg::Complete => {
                // Whoever has no Tab key sees the menu at once.
                hand.tabbed = true;
                hand.ask(&around, &input);
            }
            Msg::Back => {
                let steps = hand.back + 1;
                hand.walk(&around, &input, steps);
            }
            Msg::Stop => {
                around.props.dispatch.emit(Action::Interrupt);
                hand.reset();
            }
            Msg::Left => return hand.left(&input),
        }
        true
    }

    fn changed(&mut self, context: &Context<Self>, old: &LineProps) -> bool {
        if context.props().calls != old.calls
            && let Some(input) = self.input.cast::<HtmlInputElement>()
        {
            // A line that is not shown takes no focus, and needs none.
            let _ = input.focus();
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let props = context.props();
        let link = context.link();
        let hand = self.hand.borrow();
        let searching = matches!(hand.mode, Mode::Search { .. });
        let label = match (searching, props.busy, !props.unfinished.is_empty()) {
            (true, ..) => tr("terminal.search", &[]),
            (_, true, _) => tr("terminal.input-busy", &[]),
            (_, false, true) => tr("terminal.input-more", &[]),
            (_, false, false) => tr("terminal.input", &[]),
        };
        let goes_on = props.busy || !props.unfinished.is_empty();
        let active = match &hand.mode {
            Mode::Menu { chosen, .. } => Some(option_id(*chosen)),
            _ => None,
        };
        let open = active.is_some();
        html! {
            <div class="terminal__foot">
                if let Mode::Menu { completion, chosen } = &hand.mode {
                    <Menu completion={completion.clone()} chosen={*chosen} take={link.callback(Msg::Take)} />
                }
                if !props.unfinished.is_empty() {
                    <pre class="terminal__unfinished" tabindex="0" aria-label={tr("terminal.unfinished", &[])}>{ typed_so_far(&props.unfinished) }</pre>
                }
                <form class="terminal__line" onsubmit={self.at_once(context, Hand::submitted)}>
                    <span class="job__prompt" aria-hidden="true">{ if searching { "? " } else if goes_on { "> " } else { "$ " } }</span>
                    <input
                        class="terminal__input"
                        ref={self.input.clone()}
                        data-role="terminal-input"
                        type="text"
                        role="combobox"
                        aria-label={label.clone()}
                        aria-autocomplete="list"
                        aria-expanded={open.to_string()}
                        aria-controls={open.then_some(MENU)}
                        aria-activedescendant={active}
                        aria-describedby="terminal-keys"
                        placeholder={if goes_on || searching { label } else { tr("terminal.placeholder", &[]) }}
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="off"
                        enterkeyhint="go"
                        onkeydown={self.at_once(context, Hand::key)}
                        oninput={link.callback(|_: InputEvent| Msg::Typed)}
                        onpaste={self.at_once(context, Hand::paste)}
                        onblur={link.callback(|_: FocusEvent| Msg::Left)}
                    />
                    <button class="button button--dark terminal__touch" type="button" data-role="terminal-back" aria-label={tr("terminal.back", &[])}
                        onclick={link.callback(|_: MouseEvent| Msg::Back)}>{ "↑" }</button>
                    <button class="button button--dark terminal__touch" type="button" data-role="terminal-complete" aria-label={tr("terminal.complete", &[])}
                        onclick={link.callback(|_: MouseEvent| Msg::Complete)}>{ "⇥" }</button>
                    <button class="button button--dark" type="button" data-role="terminal-stop" hidden={!goes_on} onclick={link.callback(|_: MouseEvent| Msg::Stop)}>
                        { tr("terminal.stop", &[]) }
                    </button>
                </form>
                <p class="terminal__remark" role="status">{ hand.remark(props, &self.input) }</p>
                <p class="terminal__keys" id="terminal-keys">{ tr("terminal.keys", &[]) }</p>
            </div>
        }
    }
}

impl Line {
    /// A callback that acts within the event: what takes it (and says so with `true`) keeps the browser from acting on it as well.
    fn at_once<E>(&self, context: &Context<Self>, act: fn(&mut Hand, &Around<'_>, &HtmlInputElement, &E) -> bool) -> Callback<E>
    where
        E: AsRef<web_sys::Event> + 'static,
    {
        let (input, hand) = (self.input.clone(), self.hand.clone());
        let (props, link) = (context.props().clone(), context.link().clone());
        Callback::from(move |event: E| {
            let Some(input) = input.cast::<HtmlInputElement>() else { return };
            if act(&mut hand.borrow_mut(), &Around { props: &props, link: &link }, &input, &event) {
                event.as_ref().prevent_default();
            }
            link.send_message(Msg::Moved);
        })
    }
}

impl Hand {
    /// What stands under the line: what was found, how many lines wait, what could not be completed.
    fn remark(&self, props: &LineProps, input: &NodeRef) -> String {
        if let Some(found) = self.found(props, input) {
            return found;
        }
        match props.waiting {
            0 => self.remark.clone(),
            waiting => tr_count("terminal.lines-wait", waiting as u64, &[]),
        }
    }

    /// What a search has found, where one is on.
    fn found(&self, props: &LineProps, input: &NodeRef) -> Option<String> {
        let Mode::Search { skip, .. } = &self.mode else { return None };
        let words = input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
        let lines = &props.recall;
        Some(match recall::search(lines, &words, *skip) {
            Some(index) => lines[index].to_string(),
            None if words.is_empty() => tr("terminal.search-empty", &[]),
            None => tr("terminal.search-none", &[]),
        })
    }

    fn reset(&mut self) {
        self.back = 0;
        self.draft.clear();
        self.remark.clear();
        self.mode = Mode::Typing;
        (self.tabbed, self.leaving) = (false, false);
    }

    /// A key; true where it is taken from the browser.
    fn key(&mut self, around: &Around<'_>, input: &HtmlInputElement, event: &KeyboardEvent) -> bool {
        // Keys that compose a letter belong to the input method.
        if event.is_composing() {
            return false;
        }
        let key = event.key();
        let (tabbed, leaving) = (std::mem::take(&mut self.tabbed), std::mem::take(&mut self.leaving));
        let done = match &self.mode {
            Mode::Menu { .. } => self.key_in_menu(input, event),
            Mode::Search { .. } => self.key_in_search(around, input, event),
            Mode::Typing => false,
        };
        if done {
            return true;
        }
        // Both together are AltGr, which writes letters.
        let (ctrl, alt) = (event.ctrl_key() && !event.alt_key() && !event.meta_key(), event.alt_key() && !event.ctrl_key());
        match key.as_str() {
            "Tab" if event.shift_key() || leaving || input.value().trim().is_empty() => return false,
            "Tab" => {
                self.tabbed = tabbed;
                self.ask(around, input);
            }
            "Escape" => {
                self.leaving = true;
                self.remark = tr("terminal.tab-leaves", &[]);
            }
            "ArrowUp" => self.walk(around, input, self.back + 1),
            "ArrowDown" => self.walk(around, input, self.back.saturating_sub(1)),
            "p" if ctrl => self.walk(around, input, self.back + 1),
            "n" if ctrl => self.walk(around, input, self.back.saturating_sub(1)),
            "r" if ctrl => {
                self.mode = Mode::Search { skip: 0, before: input.value() };
                field::write(input, "", 0);
            }
            "c" if ctrl && !field::selects(input) => {
                field::write(input, "", 0);
                self.reset();
                around.props.dispatch.emit(Action::Interrupt);
            }
            "d" if ctrl && input.value().is_empty() => around.props.dispatch.emit(Action::EndInput),
            "l" if ctrl => around.props.dispatch.emit(Action::Clear),
            _ => {
                let (text, cursor) = field::read(input);
                let stroke = Stroke { key: &key, ctrl, alt };
                let Some((text, cursor)) = keys::edit(stroke, &text, cursor, &mut self.cut) else {
                    return false;
                };
                field::write(input, &text, cursor);
            }
        }
        true
    }

    /// A key while candidates are shown; false where it is for the line.
    fn key_in_menu(&mut self, input: &HtmlInputElement, event: &KeyboardEvent) -> bool {
        let Mode::Menu { completion, chosen } = &mut self.mode else { return false };
        let last = completion.candidates.len().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" | "Tab" if !event.shift_key() => *chosen = if *chosen == last { 0 } else { *chosen + 1 },
            "ArrowUp" | "Tab" => *chosen = chosen.checked_sub(1).unwrap_or(last),
            "PageDown" => *chosen = (*chosen + 8).min(last),
            "PageUp" => *chosen = chosen.saturating_sub(8),
            "Enter" => {
                let index = *chosen;
                self.take(input, index);
            }
            "Escape" => {
                self.mode = Mode::Typing;
                self.leaving = true;
                self.remark = tr("terminal.tab-leaves", &[]);
            }
            "Home" | "End" | "ArrowLeft" | "ArrowRight" => {
                self.mode = Mode::Typing;
                return false;
            }
            _ => {
                if event.ctrl_key() {
                    self.mode = Mode::Typing;
                }
                return false;
            }
        }
        true
    }

    /// A key while the history is searched; false where it is a letter of the words.
    fn key_in_search(&mut self, around: &Around<'_>, input: &HtmlInputElement, event: &KeyboardEvent) -> bool {
        let Mode::Search { skip, before } = &mut self.mode else { return false };
        let lines = &around.props.recall;
        let found = recall::search(lines, &input.value(), *skip).map(|index| lines[index].to_string());
        match (event.key().as_str(), event.ctrl_key()) {
            ("r", true) => {
                if recall::search(lines, &input.value(), *skip + 1).is_some() {
                    *skip += 1;
                }
            }
            ("Escape", _) | ("g" | "c", true) => {
                let before = std::mem::take(before);
                field::write(input, &before, before.len());
                self.mode = Mode::Typing;
            }
            ("Enter", _) => {
                if let Some(found) = found {
                    field::write(input, &found, found.len());
                    self.mode = Mode::Typing;
                    self.submit(around, input);
                }
            }
            ("Tab" | "ArrowRight" | "ArrowLeft" | "ArrowUp" | "ArrowDown" | "End" | "Home", _) | ("e" | "a", true) => {
                let text = found.unwrap_or_else(|| std::mem::take(before));
                field::write(input, &text, text.len());
                self.mode = Mode::Typing;
            }
            (_, true) => {}
            _ => return false,
        }
        true
    }

    /// The text has changed under the keys.
    fn typed(&mut self, around: &Around<'_>, input: &HtmlInputElement) {
        self.remark.clear();
        match &mut self.mode {
            Mode::Search { skip, .. } => *skip = 0,
            // What is typed goes on choosing.
            Mode::Menu { .. } => self.ask(around, input),
            Mode::Typing => {}
        }
    }

    /// The focus has left the line; true where something was open.
    fn left(&mut self, input: &HtmlInputElement) -> bool {
        let open = !matches!(self.mode, Mode::Typing);
        if let Mode::Search { before, .. } = &self.mode {
            field::write(input, before, before.len());
        }
        self.mode = Mode::Typing;
        (self.tabbed, self.leaving) = (false, false);
        open
    }

    /// Enter, as a form knows it. The line is taken at once: what is typed from now on belongs to the next.
    fn submitted(&mut self, around: &Around<'_>, input: &HtmlInputElement, _: &SubmitEvent) -> bool {
        self.submit(around, input);
        true
    }

    fn submit(&mut self, around: &Around<'_>, input: &HtmlInputElement) {
        let line = input.value();
        input.set_value("");
        self.reset();
        around.props.dispatch.emit(Action::Type(line));
    }

    /// Shows a line of the history, so many steps back; 0 is the line of its own.
    fn walk(&mut self, around: &Around<'_>, input: &HtmlInputElement, steps: usize) {
        let lines = &around.props.recall;
        let steps = steps.min(lines.len());
        if self.back == 0 {
            self.draft = input.value();
        }
        self.back = steps;
        let line = if steps == 0 { self.draft.clone() } else { lines[lines.len() - steps].to_string() };
        field::write(input, &line, line.len());
    }

    fn ask(&self, around: &Around<'_>, input: &HtmlInputElement) {
        let (line, cursor) = field::read(input);
        let asked = (line.clone(), cursor);
        let reply = around.link.callback(move |completion| Msg::Completed(completion, asked.clone()));
        around.props.dispatch.emit(Action::Complete(Ask { line, cursor, reply }));
    }

    /// The answer to Tab: what is unique or common is written, the second Tab shows the rest.
    fn completed(&mut self, input: &HtmlInputElement, completion: Completion) {
        self.remark.clear();
        let filters = matches!(self.mode, Mode::Menu { .. });
        match completion.candidates.as_slice() {
            [] => {
                self.mode = Mode::Typing;
                if !filters {
                    self.remark = tr("terminal.complete-none", &[]);
                }
            }
            [one] if !filters => {
                insert(input, &completion.finish(one));
                self.mode = Mode::Typing;
            }
            _ if filters || self.tabbed => self.mode = Mode::Menu { completion, chosen: 0 },
            several => {
                self.remark = tr_count("terminal.candidates", (several.len() + completion.more) as u64, &[]);
                self.tabbed = true;
                insert(input, &completion.common());
            }
        }
    }

    /// Writes a candidate into the line.
    fn take(&mut self, input: &HtmlInputElement, index: usize) {
        if let Mode::Menu { completion, .. } = &self.mode
            && let Some(candidate) = completion.candidates.get(index)
        {
            insert(input, &completion.finish(candidate));
        }
        self.mode = Mode::Typing;
        self.remark.clear();
    }

    /// A paste; true where it is taken from the browser.
    fn paste(&mut self, around: &Around<'_>, input: &HtmlInputElement, event: &Event) -> bool {
        let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        let Some(text) = data.and_then(|data| data.get_data("text").ok()).filter(|text| !text.is_empty()) else {
            return false;
        };
        let (before, after) = field::around(input);
        match paste::read(&before, &text, &after) {
            Pasted::Text(text) => field::write(input, &format!("{before}{text}{after}"), before.len() + text.len()),
            Pasted::Lines(lines, rest) => {
                field::write(input, &rest, rest.len().saturating_sub(after.len()));
                self.reset();
                around.props.dispatch.emit(Action::Lines(lines));
            }
            Pasted::TooLong(count) => {
                let most = paste::LINES_MAX.to_string();
                self.remark = tr_count("terminal.paste-too-long", count as u64, &[("most", &most)]);
            }
        }
        true
    }
}

/// Lines that go on, with the prompts before them.
fn typed_so_far(lines: &str) -> String {
    let prompted = |(index, line): (usize, &str)| format!("{}{line}", if index == 0 { "$ " } else { "\n> " });
    lines.trim_end_matches('\n').split('\n').enumerate().map(prompted).collect()
}

/// Writes at the cursor.
fn insert(input: &HtmlInputElement, added: &str) {
    let (text, cursor) = field::read(input);
    field::write(input, &format!("{}{added}{}", &text[..cursor], &text[cursor..]), cursor + added.len());
}
