//! The code editor, which is fetched once the page stands: what it is told and what it asks. It lies in front of the text field,
//! which stays where it is and gives and takes the text as before. It must not know what problems mean.

use std::rc::Rc;

use js_sys::{Object, Reflect};
use serde_json::{Map, Value};
use statefulset_engine::assist::{complete, explain, hover};
use statefulset_engine::manifest::Severity;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::Callback;

use super::desk::{Deed, Help};
use super::findings::{Finding, Findings, severity_name};
use crate::app::Action;
use crate::browser::selection::{byte_offset, utf16_offset};
use crate::locale::tr;

#[wasm_bindgen(module = "/static/editor/load.js")]
extern "C" {
    fn load(area: &HtmlTextAreaElement, host: &HtmlElement, talk: &Object);
    fn receive(panel: &Element, input: &HtmlInputElement, take: &JsValue);
}

#[wasm_bindgen]
extern "C" {
    /// What the code editor is steered with.
    #[derive(Clone)]
    type Steering;
    #[wasm_bindgen(method)]
    fn show(this: &Steering, list: &str, units: u32);
    #[wasm_bindgen(method)]
    fn select(this: &Steering, from: u32, to: u32);
    #[wasm_bindgen(method)]
    fn turn(this: &Steering, text: &str);
    #[wasm_bindgen(method)]
    fn leave(this: &Steering);
}

/// A code editor that is there.
#[derive(Clone)]
pub(super) struct Code(Steering);

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        AsRef::<JsValue>::as_ref(&self.0) == AsRef::<JsValue>::as_ref(&other.0)
    }
}

impl Code {
    /// Shows what was found, as long as the text is the one that it was found in.
    pub(super) fn show(&self, findings: &Findings) {
        let row = |(index, finding): (usize, &Rc<Finding>)| {
            object([
                ("from", finding.units.0.into()),
                ("to", finding.units.1.into()),
                ("severity", severity_name(finding.severity).into()),
                ("message", finding.text.as_str().into()),
                ("fix", finding.fix.as_ref().map_or(Value::Null, |_| tr("editor.fix", &[]).into())),
                ("index", index.into()),
            ])
        };
        // What is worst is drawn last, on top.
        let order = |finding: &Finding| match finding.severity {
            Severity::Hint => 0,
            Severity::Warning => 1,
            Severity::Error => 2,
        };
        let mut list: Vec<(usize, &Rc<Finding>)> = findings.shown.iter().enumerate().collect();
        statefulset_engine::order::sort_by_key(&mut list, |(_, finding)| (finding.start, order(finding)));
        let list = Value::Array(list.into_iter().map(row).collect());
        self.0.show(&list.to_string(), u32::try_from(findings.units).unwrap_or(u32::MAX));
    }

    /// Selects a stretch of the text and shows it.
    pub(super) fn select(&self, finding: &Finding) {
        let place = |units: usize| u32::try_from(units).unwrap_or(u32::MAX);
        self.0.select(place(finding.units.0), place(finding.units.1));
    }

    /// Puts the cursor at the start of the text.
    pub(super) fn enter(&self) {
        self.0.select(0, 0);
    }

    /// Another file is open.
    pub(super) fn turn(&self, text: &str) {
        self.0.turn(text);
    }

    /// Takes the code editor away.
    pub(super) fn leave(&self) {
        self.0.leave();
    }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

/// Fetches the code editor for a text field; `ready` gets it, or nothing where it cannot be had.
pub(super) fn fetch(
    area: &HtmlTextAreaElement,
    host: &HtmlElement,
    help: Rc<Help>,
    dispatch: Callback<Action>,
    fix: Callback<usize>,
    ready: impl Fn(Option<Code>) + 'static,
) {
    let talk = Object::new();
    let tell = |name: &str, value: JsValue| {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&talk, &name.into(), &value);
    };
    tell("words", words().into());
    let asked = help.clone();
    tell("complete", answering(move |place| completions(&asked, place)));
    let asked = help.clone();
    tell("hover", answering(move |place| hovered(&asked, place)));
    tell("explain", Closure::<dyn Fn(String) -> String>::new(|subject: String| hover_words(explain(&subject)).to_string()).into_js_value());
    let (asked, send) = (help, dispatch.clone());
    let rest = move |place: u32| send.emit(Action::Desk(Deed::Rest(byte_offset(&asked.text(), place))));
    tell("rest", Closure::<dyn Fn(u32)>::new(rest).into_js_value());
    tell("apply", Closure::<dyn Fn()>::new(move || dispatch.emit(Action::Apply)).into_js_value());
    tell("fix", Closure::<dyn Fn(u32)>::new(move |index: u32| fix.emit(index as usize)).into_js_value());
    let arrived = move |steering: JsValue| ready((!steering.is_null()).then(|| Code(steering.unchecked_into())));
    tell("ready", Closure::<dyn Fn(JsValue)>::new(arrived).into_js_value());
    load(area, host, &talk);
}

/// Gives the files that are dropped on a panel, or chosen with its input, to the desk.
pub(super) fn take_files(panel: &Element, input: &HtmlInputElement, dispatch: Callback<Action>) {
    let take = move |name: String, text: String| dispatch.emit(Action::Desk(Deed::Receive(name, text)));
    receive(panel, input, &Closure::<dyn Fn(String, String)>::new(take).into_js_value());
}

fn answering(answer: impl Fn(u32) -> Value + 'static) -> JsValue {
    Closure::<dyn Fn(u32) -> String>::new(move |place: u32| answer(place).to_string()).into_js_value()
}

fn completions(help: &Help, place: u32) -> Value {
    let text = help.text();
    let found = complete(&text, byte_offset(&text, place), &help.known());
    let option = |option: &statefulset_engine::assist::Completion| {
        object([
            ("label", option.label.as_str().into()),
            ("detail", option.detail.as_str().into()),
            ("insert", option.insert.as_str().into()),
            ("template", option.template.into()),
            ("subject", option.subject.as_str().into()),
            ("rank", option.rank.into()),
        ])
    };
    let options: Vec<Value> = found.options.iter().map(option).collect();
    object([("from", utf16_offset(&text, found.from).into()), ("options", options.into())])
}

fn hovered(help: &Help, place: u32) -> Value {
    let text = help.text();
    let found = hover(&text, byte_offset(&text, place));
    let places = found.as_ref().map(|found| (utf16_offset(&text, found.from), utf16_offset(&text, found.to)));
    let mut words = hover_words(found);
    if let (Value::Object(map), Some((from, to))) = (&mut words, places) {
        map.insert("from".to_owned(), from.into());
        map.insert("to".to_owned(), to.into());
    }
    words
}

fn hover_words(found: Option<statefulset_engine::assist::Hover>) -> Value {
    found.map_or(Value::Null, |found| object([("title", found.title.into()), ("type", found.ty.into()), ("text", found.text.into())]))
}

/// CodeMirror's own words, by the key of ours.
const PHRASES: &[(&str, &str)] = &[
    ("Find", "editor.code.find"),
    ("Replace", "editor.code.replace"),
    ("next", "editor.code.next"),
    ("previous", "editor.code.previous"),
    ("all", "editor.code.all"),
    ("match case", "editor.code.match-case"),
    ("regexp", "editor.code.regexp"),
    ("by word", "editor.code.by-word"),
    ("replace", "editor.code.replace-one"),
    ("replace all", "editor.code.replace-all"),
    ("close", "editor.code.close"),
    ("Go to line", "editor.code.go-to-line"),
    ("go", "editor.code.go"),
    ("Diagnostics", "editor.problems"),
    ("No diagnostics", "editor.no-problems"),
    ("Completions", "editor.code.completions"),
    ("Fold line", "editor.code.fold"),
    ("Unfold line", "editor.code.unfold"),
    ("folded code", "editor.code.folded"),
    ("unfold", "editor.code.unfold"),
    ("Control character", "editor.code.control-character"),
];

fn words() -> String {
    let phrases = PHRASES.iter().map(|(theirs, ours)| ((*theirs).to_owned(), Value::from(tr(ours, &[])))).collect::<Map<_, _>>();
    object([("label", tr("editor.field", &[]).into()), ("way_out", tr("editor.way-out", &[]).into()), ("phrases", Value::Object(phrases))])
        .to_string()
}
