//! The list of what is wrong: each problem goes to its place in the text, and offers its fix where there is one.
//! It must not know how problems are found.

use std::rc::Rc;

use statefulset_engine::manifest::Severity;
use yew::prelude::*;

use super::findings::{Finding, Findings, severity_name};
use crate::locale::{tr, tr_count};

/// Properties of [`Problems`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct ProblemsProps {
    /// What was found in the text.
    pub findings: Rc<Findings>,
    /// What the cluster said; empty where it said nothing.
    pub refusal: AttrValue,
    /// Goes to a problem's place.
    pub go_to: Callback<Rc<Finding>>,
    /// Makes a problem's fix.
    pub fix: Callback<Rc<Finding>>,
}

/// The list.
#[component]
pub(super) fn Problems(props: &ProblemsProps) -> Html {
    let findings = &props.findings;
    let summary = if findings.shown.is_empty() {
        html! { <p class="problems__none">{ tr("editor.no-problems", &[]) }</p> }
    } else {
        let rows = findings.shown.iter().map(|finding| row(finding, &props.go_to, &props.fix));
        html! {
            <ol class="problems__list" tabindex="0" aria-label={tr("editor.problems", &[])}>
                { for rows }
                if findings.more > 0 {
                    <li class="problems__more">{ tr_count("editor.more-problems", findings.more as u64, &[]) }</li>
                }
            </ol>
        }
    };
    html! {
        <div class="problems" id="problems">
            { summary }
            <div class="problems__refusal" role="alert">
                if !props.refusal.is_empty() {
                    <p class="problems__refused">
                        { shape(Severity::Error) }
                        <strong>{ tr("editor.refused", &[]) }</strong>
                    </p>
                    <pre class="problems__words" tabindex="0">{ &props.refusal }</pre>
                }
            </div>
        </div>
    }
}

fn row(finding: &Rc<Finding>, go_to: &Callback<Rc<Finding>>, fix: &Callback<Rc<Finding>>) -> Html {
    let go = {
        let (finding, go_to) = (finding.clone(), go_to.clone());
        Callback::from(move |_: MouseEvent| go_to.emit(finding.clone()))
    };
    let name = severity_name(finding.severity);
    let line = finding.line.to_string();
    let key = format!("{}:{}:{}", finding.line, finding.column, finding.text);
    html! {
        <li class={classes!("problem", format!("problem--{name}"))} {key} data-severity={name} data-line={line.clone()}>
            <button class="problem__go" type="button" data-role="problem" onclick={go}>
                { shape(finding.severity) }
                <span class="problem__place">{ tr(severity_key(finding.severity), &[("line", &line)]) }</span>
                <span class="problem__text">{ with_code(&finding.text) }</span>
            </button>
            if finding.fix.is_some() {
                <button class="button button--small" type="button" data-role="fix" onclick={
                    let (finding, fix) = (finding.clone(), fix.clone());
                    Callback::from(move |_: MouseEvent| fix.emit(finding.clone()))
                }>{ tr("editor.fix", &[]) }</button>
            }
            if !finding.api.is_empty() {
                <details class="problem__api" data-role="api-words">
                    <summary>{ tr("editor.api-words", &[]) }</summary>
                    <pre class="problems__words">{ finding.api.clone() }</pre>
                </details>
            }
        </li>
    }
}

/// A sentence with what stands in backquotes set as code.
fn with_code(text: &str) -> Html {
    let part = |(index, part): (usize, &str)| {
        if index % 2 == 1 {
            html! { <code>{ part.to_owned() }</code> }
        } else {
            html! { { part.to_owned() } }
        }
    };
    text.split('`').enumerate().map(part).collect()
}

fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "editor.error-on-line",
        Severity::Warning => "editor.warning-on-line",
        Severity::Hint => "editor.hint-on-line",
    }
}

/// The shape of a severity: a cross, a triangle, a ring.
fn shape(severity: Severity) -> Html {
    let shape = match severity {
        Severity::Error => html! { <path d="M3.5 3.5 L10.5 10.5 M10.5 3.5 L3.5 10.5" /> },
        Severity::Warning => html! { <path d="M7 2.5 L12 11.5 H2 Z" /> },
        Severity::Hint => html! { <circle cx="7" cy="7" r="4.2" /> },
    };
    html! { <svg class={classes!("shape", format!("shape--{}", severity_name(severity)))} viewBox="0 0 14 14" aria-hidden="true">{ shape }</svg> }
}
