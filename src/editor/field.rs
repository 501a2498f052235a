//! The text field with its line numbers and the marks behind its lines, until the code editor lies in front of it, and for good
//! where that cannot be had. The numbers are one text and the marks one drawing, scrolled along with the field, so that a long
//! manifest costs no more elements than a short one. It must not know what problems mean.

use std::fmt::Write as _;
use std::rc::Rc;

use web_sys::{HtmlElement, HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use super::code::{self, Code};
use super::desk::Help;
use super::findings::{Finding, Findings, line_count, severity_name};
use crate::app::Action;
use crate::locale::tr;

/// The height of a line; the style sheet has the same number.
const LINE_PX: usize = 20;
/// Line numbers written; a longer text has no numbers below, and nobody reads that far.
const NUMBERS_MAX: usize = 20_000;

/// Properties of [`Field`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct FieldProps {
    /// Gets hold of the text field.
    pub area: NodeRef,
    /// The text.
    pub text: Rc<str>,
    /// Whether it may be read, and not be written.
    pub reads_only: bool,
    /// Whether it is the file of a command that waits.
    pub visits: bool,
    /// How often a command has opened a file, which takes the focus.
    pub calls: u32,
    /// The name of its file.
    pub file: AttrValue,
    /// What was found in it.
    pub findings: Rc<Findings>,
    /// What the code editor asks.
    pub help: Rc<Help>,
    /// Gets the code editor once it is there.
    pub set_code: Callback<Option<Code>>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The field.
#[component]
pub(super) fn Field(props: &FieldProps) -> Html {
    let (backdrop, host) = (use_node_ref(), use_node_ref());
    let code = use_state(|| None::<Code>);
    let newest = use_mut_ref(|| (props.text.clone(), props.findings.clone()));
    *newest.borrow_mut() = (props.text.clone(), props.findings.clone());
    {
        let (area, host, help, dispatch) = (props.area.clone(), host.clone(), props.help.clone(), props.dispatch.clone());
        let (code, tell) = (code.clone(), props.set_code.clone());
        use_effect_with((), move |()| {
            if let (Some(area), Some(host)) = (area.cast::<HtmlTextAreaElement>(), host.cast::<HtmlElement>()) {
                let send = dispatch.clone();
                let fix = Callback::from(move |index: usize| {
                    let (text, findings) = newest.borrow().clone();
                    if let Some(fixed) = findings.shown.get(index).and_then(|finding| Finding::fixed(finding, &text)) {
                        send.emit(Action::Edit(fixed.into()));
                    }
                });
                code::fetch(&area, &host, help, dispatch, fix, move |found| {
                    code.set(found.clone());
                    tell.emit(found);
                });
            }
        });
    }
    use_effect_with((*code).clone(), |code| {
        let code = code.clone();
        move || {
            if let Some(code) = code {
                code.leave();
            }
        }
    });
    use_effect_with(((*code).clone(), props.findings.clone()), |(code, findings)| {
        if let Some(code) = code {
            code.show(findings);
        }
    });
    {
        let text = props.text.clone();
        use_effect_with(((*code).clone(), props.file.clone()), move |(code, _)| {
            if let Some(code) = code {
                code.turn(&text);
            }
        });
    }
    let there = code.is_some();
    {
        let area = props.area.clone();
        use_effect_with(props.calls, move |calls| {
            if *calls == 0 {
                return;
            }
            // Whoever asked for an editor is in it.
            if let Some(code) = &*code {
                code.enter();
            } else if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                // One that is not on the page takes no focus.
                let _ = area.focus();
                let _ = area.set_selection_range(0, 0);
                area.set_scroll_top(0);
            }
        });
    }
    html! {
        <div class={classes!("field", there.then_some("field--behind"))}>
            if !there {
                { backdrop_of(props, &backdrop) }
            }
            { textarea(props, &backdrop, there) }
            <div class="field__code" ref={host}></div>
        </div>
    }
}

/// The field itself. Behind the code editor it is out of sight and out of the way of the keyboard, but gives and takes the text.
fn textarea(props: &FieldProps, backdrop: &NodeRef, behind: bool) -> Html {
    let input = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                dispatch.emit(Action::Edit(area.value().into()));
            }
        })
    };
    let key = {
        let (dispatch, visits) = (props.dispatch.clone(), props.visits);
        Callback::from(move |event: KeyboardEvent| {
            let applies = event.key() == "Enter" || visits && event.key() == "s";
            if applies && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                dispatch.emit(Action::Apply);
            }
        })
    };
    let scroll = {
        let (area, backdrop) = (props.area.clone(), backdrop.clone());
        Callback::from(move |_: Event| {
            if let (Some(area), Some(backdrop)) = (area.cast::<HtmlElement>(), backdrop.cast::<HtmlElement>()) {
                backdrop.set_scroll_top(area.scroll_top());
            }
        })
    };
    html! {
        <textarea
            class="field__area"
            ref={props.area.clone()}
            data-role="editor"
            data-file={props.file.clone()}
            data-visits={props.visits.then_some("true")}
            aria-label={tr("editor.field", &[])}
            aria-describedby="problems"
            aria-hidden={behind.then_some("true")}
            tabindex={behind.then_some("-1")}
            readonly={props.reads_only}
            spellcheck="false"
            autocomplete="off"
            autocapitalize="off"
            wrap="off"
            value={AttrValue::from(props.text.clone())}
            oninput={input}
            onkeydown={key}
            onscroll={scroll}
        />
    }
}

/// Line numbers, and a colour behind the lines with problems.
fn backdrop_of(props: &FieldProps, backdrop: &NodeRef) -> Html {
    let lines = line_count(&props.text);
    let marks = props.findings.shown.iter().map(|finding| {
        let y = (finding.line.saturating_sub(1) * LINE_PX).to_string();
        let class = classes!("mark-line", format!("mark-line--{}", severity_name(finding.severity)));
        html! { <rect {class} x="0" {y} width="100%" height={LINE_PX.to_string()} /> }
    });
    html! {
        <div class="field__backdrop" ref={backdrop.clone()} aria-hidden="true">
            <div class="field__sheet">
                <svg class="field__marks" width="100%" height={(lines * LINE_PX).to_string()}>{ for marks }</svg>
                <pre class="field__numbers">{ numbers(lines) }</pre>
            </div>
        </div>
    }
}

/// The line numbers as one text.
fn numbers(lines: usize) -> String {
    let mut text = String::new();
    for line in 1..=lines.min(NUMBERS_MAX) {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{line}");
    }
    text
}
