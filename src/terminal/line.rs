//! The line to type into: history, editing keys, completion, search, paste, and a way to stop what runs.
//! It must not know what commands do: it asks for completions and hands lines on.

use std::rc::Rc;

use statefulset_engine::complete::Completion;
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, HtmlInputElement, KeyboardEvent};
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
    Key(KeyboardEvent),
    Typed,
    Submit,
    Paste(Event),
    Completed(Completion),
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
        Self {
            input: NodeRef::default(),
            back: 0,
            draft: String::new(),
            cut: String::new(),
            mode: Mode::Typing,
            tabbed: false,
            leaving: false,
            remark: String::new(),
        }
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let Some(input) = self.input.cast::<HtmlInputElement>() else {
            return false;
        };
        match message {
            Msg::Key(event) => self.key(context, &input, &event),
            Msg::Typed => self.typed(context, &input),
            Msg::Submit => self.submit(context, &input),
            Msg::Paste(event) => self.paste(context, &input, &event),
            Msg::Completed(completion) => self.completed(&input, completion),
            Msg::Take(index) => {
                self.take(&input, index);
                true
            }
            Msg::Complete => {
                // Whoever has no Tab key sees the menu at once.
                self.tabbed = true;
                // The focus stays in the line; a line that is gone needs none.
                let _ = input.focus();
                self.ask(context, &input);
                true
            }
            Msg::Back => {
                let _ = input.focus();
                self.walk(context, &input, self.back + 1)
            }
            Msg::Stop => {
                context.props().dispatch.emit(Action::Interrupt);
                self.reset();
                true
            }
            Msg::Left => {
                let open = !matches!(self.mode, Mode::Typing);
                if let Mode::Search { before, .. } = &self.mode {
                    field::write(&input, before, before.len());
                }
                self.mode = Mode::Typing;
                (self.tabbed, self.leaving) = (false, false);
                open
            }
        }
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
        let searching = matches!(self.mode, Mode::Search { .. });
        let label = match (searching, props.busy, !props.unfinished.is_empty()) {
            (true, ..) => tr("terminal.search", &[]),
            (_, true, _) => tr("terminal.input-busy", &[]),
            (_, false, true) => tr("terminal.input-more", &[]),
            (_, false, false) => tr("terminal.input", &[]),
        };
        let goes_on = props.busy || !props.unfinished.is_empty();
        let active = match &self.mode {
            Mode::Menu { chosen, .. } => Some(option_id(*chosen)),
            _ => None,
        };
        let open = active.is_some();
        // At once: a message may come too late to keep the browser from sending the form.
        let submit = link.callback(|event: SubmitEvent| {
            event.prevent_default();
            Msg::Submit
        });
        html! {
            <div class="terminal__foot">
                if let Mode::Menu { completion, chosen } = &self.mode {
                    <Menu completion={completion.clone()} chosen={*chosen} take={link.callback(Msg::Take)} />
                }
                if !props.unfinished.is_empty() {
                    <pre class="terminal__unfinished" tabindex="0" aria-label={tr("terminal.unfinished", &[])}>{ typed_so_far(&props.unfinished) }</pre>
                }
                <form class="terminal__line" onsubmit={submit}>
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
                        onkeydown={link.callback(Msg::Key)}
                        oninput={link.callback(|_: InputEvent| Msg::Typed)}
                        onpaste={link.callback(Msg::Paste)}
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
                <p class="terminal__remark" role="status">{ self.remark(context) }</p>
                <p class="terminal__keys" id="terminal-keys">{ tr("terminal.keys", &[]) }</p>
            </div>
        }
    }
}

impl Line {
    /// What stands under the line: what was found, how many lines wait, what could not be completed.
    fn remark(&self, context: &Context<Self>) -> String {
        let props = context.props();
        if let Some(found) = self.found(context) {
            return found;
        }
        match props.waiting {
            0 => self.remark.clone(),
            waiting => tr_count("terminal.lines-wait", waiting as u64, &[]),
        }
    }

    /// What a search has found, where one is on.
    fn found(&self, context: &Context<Self>) -> Option<String> {
        let Mode::Search { skip, .. } = &self.mode else { return None };
        let words = self.input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
        let lines = &context.props().recall;
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

    fn key(&mut self, context: &Context<Self>, input: &HtmlInputElement, event: &KeyboardEvent) -> bool {
        // Keys that compose a letter belong to the input method.
        if event.is_composing() {
            return false;
        }
        let key = event.key();
        let (tabbed, leaving) = (std::mem::take(&mut self.tabbed), std::mem::take(&mut self.leaving));
        let done = match &self.mode {
            Mode::Menu { .. } => self.key_in_menu(input, event),
            Mode::Search { .. } => self.key_in_search(context, input, event),
            Mode::Typing => false,
        };
        if done {
            event.prevent_default();
            return true;
        }
        // Both together are AltGr, which writes letters.
        let (ctrl, alt) = (event.ctrl_key() && !event.alt_key() && !event.meta_key(), event.alt_key() && !event.ctrl_key());
        match key.as_str() {
            "Tab" if event.shift_key() || leaving || input.value().trim().is_empty() => return false,
            "Tab" => {
                self.tabbed = tabbed;
                self.ask(context, input);
            }
            "Escape" => {
                self.leaving = true;
                self.remark = tr("terminal.tab-leaves", &[]);
            }
            "ArrowUp" => _ = self.walk(context, input, self.back + 1),
            "ArrowDown" => _ = self.walk(context, input, self.back.saturating_sub(1)),
            "p" if ctrl => _ = self.walk(context, input, self.back + 1),
            "n" if ctrl => _ = self.walk(context, input, self.back.saturating_sub(1)),
            "r" if ctrl => {
                self.mode = Mode::Search { skip: 0, before: input.value() };
                field::write(input, "", 0);
            }
            "c" if ctrl && !field::selects(input) => {
                field::write(input, "", 0);
                self.reset();
                context.props().dispatch.emit(Action::Interrupt);
            }
            "d" if ctrl && input.value().is_empty() => context.props().dispatch.emit(Action::EndInput),
            "l" if ctrl => context.props().dispatch.emit(Action::Clear),
            _ => {
                let (text, cursor) = field::read(input);
                let stroke = Stroke { key: &key, ctrl, alt };
                let Some((text, cursor)) = keys::edit(stroke, &text, cursor, &mut self.cut) else {
                    return leaving;
                };
                field::write(input, &text, cursor);
            }
        }
        event.prevent_default();
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
    fn key_in_search(&mut self, context: &Context<Self>, input: &HtmlInputElement, event: &KeyboardEvent) -> bool {
        let Mode::Search { skip, before } = &mut self.mode else { return false };
        let lines = &context.props().recall;
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
                    self.submit(context, input);
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
    fn typed(&mut self, context: &Context<Self>, input: &HtmlInputElement) -> bool {
        self.remark.clear();
        match &mut self.mode {
            Mode::Search { skip, .. } => *skip = 0,
            // What is typed goes on choosing.
            Mode::Menu { .. } => self.ask(context, input),
            Mode::Typing => {}
        }
        true
    }

    fn submit(&mut self, context: &Context<Self>, input: &HtmlInputElement) -> bool {
        let line = input.value();
        input.set_value("");
        self.reset();
        context.props().dispatch.emit(Action::Type(line));
        true
    }

    /// Shows a line of the history, so many steps back; 0 is the line of its own.
    fn walk(&mut self, context: &Context<Self>, input: &HtmlInputElement, steps: usize) -> bool {
        let lines = &context.props().recall;
        let steps = steps.min(lines.len());
        if self.back == 0 {
            self.draft = input.value();
        }
        self.back = steps;
        let line = if steps == 0 { self.draft.clone() } else { lines[lines.len() - steps].to_string() };
        field::write(input, &line, line.len());
        true
    }

    fn ask(&self, context: &Context<Self>, input: &HtmlInputElement) {
        let (line, cursor) = field::read(input);
        let reply = context.link().callback(Msg::Completed);
        context.props().dispatch.emit(Action::Complete(Ask { line, cursor, reply }));
    }

    /// The answer to Tab: what is unique or common is written, the second Tab shows the rest.
    fn completed(&mut self, input: &HtmlInputElement, completion: Completion) -> bool {
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
        true
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

    fn paste(&mut self, context: &Context<Self>, input: &HtmlInputElement, event: &Event) -> bool {
        let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        let Some(text) = data.and_then(|data| data.get_data("text").ok()).filter(|text| !text.is_empty()) else {
            return false;
        };
        let (before, after) = field::around(input);
        event.prevent_default();
        match paste::read(&before, &text, &after) {
            Pasted::Text(text) => field::write(input, &format!("{before}{text}{after}"), before.len() + text.len()),
            Pasted::Lines(lines, rest) => {
                field::write(input, &rest, rest.len().saturating_sub(after.len()));
                self.reset();
                context.props().dispatch.emit(Action::Lines(lines));
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
