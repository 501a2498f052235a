//! The manifest: files in tabs, what is wrong with the open one, the live objects beside it, what Apply would change, and Apply.
//! It must not know the cluster: what the cluster has or says is handed in.

mod changes;
mod code;
pub mod desk;
mod field;
mod findings;
mod live;
mod looks;
mod problems;
mod tabs;
mod views;

use std::rc::Rc;

use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::app::Action;
use crate::browser::selection;
use crate::locale::tr;
use crate::state::examples::EXAMPLES;
use crate::state::files::File;
use changes::Changes;
use code::Code;
use desk::{Deed, Desk, Help, LiveObject, View};
use field::Field;
use findings::{Finding, Findings};
use live::Live;
pub use looks::Looks;
use problems::Problems;
use statefulset_engine::assist::Hover;
use statefulset_engine::review::Plan;
use tabs::Tabs;
use views::Views;

/// Properties of [`Editor`].
#[derive(Clone, PartialEq, Properties)]
pub struct EditorProps {
    /// The text that is shown.
    pub text: Rc<str>,
    /// Whether it may be read, and not be written.
    pub reads_only: bool,
    /// The files; one that a command has open is the last.
    pub files: Rc<[File]>,
    /// Which of them is open.
    pub open: usize,
    /// The name of the file that was deleted last; empty where there is none.
    pub deleted: AttrValue,
    /// What was found, and the other views.
    pub sheet: Sheet,
    /// What the cluster said against the text; empty where it said nothing.
    pub refusal: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// What the desk has to show of the open file.
#[derive(Clone, PartialEq)]
pub struct Sheet {
    findings: Rc<Findings>,
    view: View,
    live: Rc<Vec<LiveObject>>,
    plan: Rc<Plan>,
    under_cursor: Option<Rc<Hover>>,
    help: Rc<Help>,
    /// Whether the open file is a command's.
    visits: bool,
    /// How often a command has opened a file.
    calls: u32,
}

impl Sheet {
    /// What a desk has to show.
    pub fn of(desk: &Desk) -> Self {
        Self {
            findings: desk.findings.clone(),
            view: desk.shown_view(),
            live: desk.live.clone(),
            plan: desk.plan.clone(),
            under_cursor: desk.under_cursor.clone(),
            help: desk.help.clone(),
            visits: desk.visits(),
            calls: desk.calls,
        }
    }
}

/// The editor.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let (area, panel, input) = (use_node_ref(), use_node_ref(), use_node_ref());
    let code = use_state(|| None::<Code>);
    let sheet = &props.sheet;
    {
        let (panel, input, dispatch) = (panel.clone(), input.clone(), props.dispatch.clone());
        use_effect_with((), move |()| {
            if let (Some(panel), Some(input)) = (panel.cast::<Element>(), input.cast::<HtmlInputElement>()) {
                code::take_files(&panel, &input, dispatch);
            }
        });
    }
    let go_to = {
        let (area, text, dispatch, code) = (area.clone(), props.text.clone(), props.dispatch.clone(), code.clone());
        Callback::from(move |finding: Rc<Finding>| {
            dispatch.emit(Action::Pane(crate::chrome::panes::Pane::Editor));
            dispatch.emit(Action::Desk(Deed::Show(View::Written)));
            if let Some(code) = &*code {
                code.select(&finding);
            } else if let Some(area) = area.cast::<HtmlTextAreaElement>() {
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
    let file = props.files.get(props.open).map_or("", |file| &file.name);
    let set_code = Callback::from(move |found: Option<Code>| code.set(found));
    html! {
        <div class="editor" ref={panel}>
            <h2 class="visually-hidden" id="editor-title">{ tr("editor.title", &[]) }</h2>
            <div class="editor__head">
                <Tabs files={props.files.clone()} open={props.open} visits={sheet.visits} dispatch={props.dispatch.clone()} />
                { tools(props, &input) }
            </div>
            if sheet.visits {
                <p class="hint editor__views" data-role="open-file-hint">{ tr("editor.open-file", &[]) }</p>
            } else {
                <Views view={sheet.view} dispatch={props.dispatch.clone()} />
            }
            <div class="editor__sheet" hidden={sheet.view != View::Written}>
                <Field
                    {area}
                    text={props.text.clone()}
                    reads_only={props.reads_only}
                    visits={sheet.visits}
                    calls={sheet.calls}
                    file={AttrValue::from(file.to_owned())}
                    findings={sheet.findings.clone()}
                    help={sheet.help.clone()}
                    {set_code}
                    dispatch={props.dispatch.clone()}
                />
                { under_cursor(sheet) }
            </div>
            if sheet.view == View::Live {
                <Live objects={sheet.live.clone()} />
            }
            if sheet.view == View::Changes {
                <Changes plan={sheet.plan.clone()} />
            }
            <div class="editor__foot">
                if sheet.view == View::Written {
                    <Problems findings={sheet.findings.clone()} refusal={props.refusal.clone()} {go_to} {fix} />
                }
                { foot(props) }
            </div>
        </div>
    }
}

/// Examples to start from.
fn examples(props: &EditorProps) -> Html {
    let choose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>()
                && let Some(index) = usize::try_from(select.selected_index()).ok().and_then(|index| index.checked_sub(1))
            {
                dispatch.emit(Action::Example(index));
                select.set_selected_index(0);
            }
        })
    };
    html! {
        <select class="select editor__examples" data-role="example" aria-label={tr("editor.examples", &[])} onchange={choose}>
            <option value="" selected=true>{ tr("editor.examples-short", &[]) }</option>
            { for EXAMPLES.iter().map(|example| html! {
                <option value={example.name}>{ tr(&format!("editor.example.{}", example.name), &[]) }</option>
            }) }
        </select>
    }
}

/// Opening a file, formatting.
fn tools(props: &EditorProps, input: &NodeRef) -> Html {
    let open = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let format = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Desk(Deed::Format)))
    };
    let button = |role: &'static str, words: String, path: &'static str, onclick: Callback<MouseEvent>| {
        html! {
            <button class="icon-button" type="button" data-role={role} title={words.clone()} aria-label={words} {onclick}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg>
            </button>
        }
    };
    html! {
        <div class="editor__tools">
            <input class="visually-hidden" ref={input.clone()} type="file" data-role="file-input" multiple=true accept=".yaml,.yml,.json,.txt" tabindex="-1" aria-hidden="true" />
            { button("choose-file", tr("editor.choose-file", &[]), "M2 12.5 V4 H6 L7.5 5.5 H13 V7.5 M2 12.5 L4.5 7.5 H15 L12.5 12.5 Z", open) }
            { button("format", tr("editor.format", &[]), "M2.5 3.5 H13.5 M5.5 8 H13.5 M5.5 12.5 H11", format) }
        </div>
    }
}

/// What the cursor stands on: the help that touch, keyboard and screen readers get without hovering.
fn under_cursor(sheet: &Sheet) -> Html {
    let Some(found) = &sheet.under_cursor else {
        return html! { <p class="editor__here editor__here--none">{ tr("editor.way-out", &[]) }</p> };
    };
    let first = found.text.split("\n\n").next().unwrap_or_default();
    html! {
        <details class="editor__here" data-role="under-cursor">
            <summary>
                <code>{ &found.title }</code>{ " " }<span class="editor__type">{ &found.ty }</span>{ " " }{ first.to_owned() }
            </summary>
            { for found.text.split("\n\n").skip(1).filter(|words| !words.is_empty()).map(|words| html! { <p>{ words.to_owned() }</p> }) }
        </details>
    }
}

/// Apply, and the way back for a file that was deleted; for a command's file, how it is closed.
fn foot(props: &EditorProps) -> Html {
    let send = |action: Action| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    if props.sheet.visits {
        return html! {
            <div class="editor__apply">
                <span class="hint">{ tr("editor.save-keys", &[]) }</span>
                <button class="button" type="button" data-role="cancel-file" onclick={send(Action::CloseFile(None))}>{ tr("editor.cancel", &[]) }</button>
                <button class="button button--accent" type="button" data-role="save-file" onclick={send(Action::Apply)}>{ tr("editor.save", &[]) }</button>
            </div>
        };
    }
    html! {
        <div class="editor__apply">
            { examples(props) }
            if !props.deleted.is_empty() {
                <span class="editor__deleted" role="status">
                    { tr("editor.deleted", &[("name", &props.deleted)]) }
                    <button class="button button--small" type="button" data-role="restore-file" onclick={send(Action::Desk(Deed::Restore))}>
                        { tr("editor.restore", &[]) }
                    </button>
                </span>
            }
            <span class="hint">{ tr("editor.apply-keys", &[]) }</span>
            <button class="button button--accent" type="button" data-role="apply" onclick={send(Action::Apply)}>{ tr("editor.apply", &[]) }</button>
        </div>
    }
}
