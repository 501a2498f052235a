//! The text field with its line numbers and the marks behind its lines. The numbers are one text and the marks one
//! drawing, scrolled along with the field, so that a long manifest costs no more elements than a short one.
//! It must not know what problems mean.

use std::fmt::Write as _;
use std::rc::Rc;

use web_sys::{HtmlElement, HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use super::findings::{Findings, line_count, severity_name};
use crate::app::Action;
use crate::locale::tr;

/// The height of a line; the style sheet has the same number.
const LINE_PX: usize = 20;
/// Line numbers written; a longer text has no numbers below, and nobody reads that far.
const NUMBERS_MAX: usize = 20_000;

/// Properties of [`Field`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct FieldProps {
    /// Gets hold of the text field.
    pub area: NodeRef,
    /// The text.
    pub text: Rc<str>,
    /// What was found in it.
    pub findings: Rc<Findings>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The field.
#[component]
pub(super) fn Field(props: &FieldProps) -> Html {
    let backdrop = use_node_ref();
    let input = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                dispatch.emit(Action::Edit(area.value().into()));
            }
        })
    };
    let key = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
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
    let lines = line_count(&props.text);
    let numbers = use_memo(lines, |lines| numbers(*lines));
    let marks = props.findings.shown.iter().map(|finding| {
        let y = (finding.line.saturating_sub(1) * LINE_PX).to_string();
        let class = classes!("mark-line", format!("mark-line--{}", severity_name(finding.severity)));
        html! { <rect {class} x="0" {y} width="100%" height={LINE_PX.to_string()} /> }
    });
    html! {
        <div class="field">
            <div class="field__backdrop" ref={backdrop} aria-hidden="true">
                <div class="field__sheet">
                    <svg class="field__marks" width="100%" height={(lines * LINE_PX).to_string()}>{ for marks }</svg>
                    <pre class="field__numbers">{ (*numbers).clone() }</pre>
                </div>
            </div>
            <textarea
                class="field__area"
                ref={props.area.clone()}
                data-role="editor"
                aria-label={tr("editor.field", &[])}
                aria-describedby="problems"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                wrap="off"
                value={AttrValue::from(props.text.clone())}
                oninput={input}
                onkeydown={key}
                onscroll={scroll}
            />
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
