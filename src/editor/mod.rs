//! The manifest: a text field with line numbers, what is wrong with the text, examples to start from, and Apply.
//! It must not know the cluster: what the cluster says against a manifest is handed in.

mod field;
mod findings;
mod open_file;
mod problems;

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::app::Action;
use crate::browser::selection;
use crate::locale::tr;
use crate::state::examples::EXAMPLES;
use field::Field;
use findings::{Finding, Findings};
pub use open_file::OpenFileView;
use problems::Problems;

/// How long after the last key the text is read.
const PAUSE_MS: u32 = 180;
/// Texts beyond this are read later, so that typing in them stays quick.
const BIG_BYTES: usize = 200_000;
/// How long after the last key a big text is read.
const BIG_PAUSE_MS: u32 = 900;

/// Properties of [`Editor`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct EditorProps {
    /// The manifest.
    pub text: Rc<str>,
    /// The name of its file.
    pub file: Rc<str>,
    /// Whether a file that a command has opened stands in its place.
    pub hidden: bool,
    /// What the cluster said against it; empty where it said nothing.
    pub refusal: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The editor.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let area = use_node_ref();
    let findings = use_state(|| Rc::new(Findings::of(&props.text)));
    {
        let findings = findings.clone();
        use_effect_with(props.text.clone(), move |text| {
            let pause_ms = if text.len() > BIG_BYTES { BIG_PAUSE_MS } else { PAUSE_MS };
            let text = text.clone();
            let timeout = Timeout::new(pause_ms, move || findings.set(Rc::new(Findings::of(&text))));
            move || drop(timeout)
        });
    }

    let choose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>()
                && let Ok(index) = usize::try_from(select.selected_index())
            {
                dispatch.emit(Action::Example(index));
            }
        })
    };
    let apply = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Apply))
    };
    let go_to = {
        let (area, text, dispatch) = (area.clone(), props.text.clone(), props.dispatch.clone());
        Callback::from(move |finding: Rc<Finding>| {
            dispatch.emit(Action::Pane(crate::chrome::panes::Pane::Editor));
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                let (start, end) = (finding.start, finding.end);
                selection::select(&area, &text, start, end, finding.line, findings::line_count(&text));
            }
        })
    };
    let fix = {
        let (text, dispatch) = (props.text.clone(), props.dispatch.clone());
        Callback::from(move |finding: Rc<Finding>| {
            if let Some(fixed) = finding.fixed(&text) {
                dispatch.emit(Action::Edit(fixed.into()));
            }
        })
    };
    let current = EXAMPLES.iter().position(|example| *example.file() == *props.file);
    html! {
        <div class="editor" hidden={props.hidden}>
            <div class="panel-head">
                <h2 class="panel-title" id="editor-title">
                    <span class="visually-hidden">{ tr("editor.title", &[]) }{ " " }</span>
                    <span class="editor__file">{ &*props.file }</span>
                </h2>
                <label class="editor__examples">
                    <span class="visually-hidden">{ tr("editor.examples", &[]) }</span>
                    <select class="select" data-role="example" onchange={choose}>
                        { for EXAMPLES.iter().enumerate().map(|(index, example)| html! {
                            <option value={example.name} selected={current == Some(index)}>
                                { tr(&format!("editor.example.{}", example.name), &[]) }
                            </option>
                        }) }
                    </select>
                </label>
            </div>
            <Field {area} text={props.text.clone()} findings={(*findings).clone()} dispatch={props.dispatch.clone()} />
            <div class="editor__foot">
                <Problems findings={(*findings).clone()} refusal={props.refusal.clone()} {go_to} {fix} />
                <div class="editor__apply">
                    <span class="hint">{ tr("editor.apply-keys", &[]) }</span>
                    <button class="button button--accent" type="button" data-role="apply" onclick={apply}>{ tr("editor.apply", &[]) }</button>
                </div>
            </div>
        </div>
    }
}
