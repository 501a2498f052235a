//! The terminal's log. It stays at its end while new output comes, unless its reader has scrolled up. What it holds to press
//! is one stop for the keyboard; arrows go from one to the next. It is said aloud shortly, so that long output floods nobody.
//! It must not know how commands are typed.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::output::Output;
use crate::app::Action;
use crate::locale::{tr, tr_count};
use crate::state::jobs::JobView;

/// So close to the end counts as being there.
const NEAR_PX: i32 = 48;
/// Output of so many lines is said aloud; of more, only the number.
const SAID_LINES_MAX: usize = 6;

/// Properties of [`Log`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct LogProps {
    /// The commands and what they printed, oldest first.
    pub jobs: Rc<[Rc<JobView>]>,
    /// Whether time goes by.
    pub playing: bool,
    /// Whether the log is to be seen.
    pub shown: bool,
    /// The command whose output was copied last.
    pub copied: Option<(usize, bool)>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The log.
#[component]
pub(super) fn Log(props: &LogProps) -> Html {
    let node = use_node_ref();
    let at_end = use_mut_ref(|| true);
    {
        let (node, at_end) = (node.clone(), at_end.clone());
        use_effect_with((props.jobs.clone(), props.shown), move |_| {
            if let Some(element) = node.cast::<HtmlElement>()
                && *at_end.borrow()
            {
                element.set_scroll_top(element.scroll_height());
            }
        });
    }
    let scrolled = {
        let node = node.clone();
        Callback::from(move |_: Event| {
            // A log that is not shown has no height, and says nothing about where its reader was.
            if let Some(element) = node.cast::<HtmlElement>().filter(|element| element.client_height() > 0) {
                *at_end.borrow_mut() = element.scroll_height() - element.scroll_top() - element.client_height() < NEAR_PX;
            }
        })
    };
    let rove = {
        let node = node.clone();
        Callback::from(move |event: KeyboardEvent| {
            let forward = match event.key().as_str() {
                "ArrowRight" => true,
                "ArrowLeft" => false,
                _ => return,
            };
            if let Some(log) = node.cast::<Element>() {
                event.prevent_default();
                go(&log, forward);
            }
        })
    };
    html! {
        <>
            <div
                class="terminal__log"
                ref={node}
                role="log"
                aria-live="off"
                tabindex="0"
                aria-label={tr("terminal.log", &[])}
                aria-describedby="terminal-log-keys"
                onscroll={scrolled}
                onkeydown={rove}
            >
                if props.jobs.is_empty() {
                    <p class="terminal__hint">{ tr("terminal.empty", &[]) }</p>
                }
                { for props.jobs.iter().map(|job| html! {
                    <Output
                        key={job.id}
                        job={job.clone()}
                        playing={props.playing}
                        copied={props.copied.filter(|(id, _)| *id == job.id).map(|(_, done)| done)}
                        dispatch={props.dispatch.clone()}
                    />
                }) }
            </div>
            <p class="visually-hidden" id="terminal-log-keys">{ tr("terminal.log-keys", &[]) }</p>
            <p class="visually-hidden" role="status" data-role="terminal-said">{ said(props.jobs.last().map(|job| &**job)) }</p>
        </>
    }
}

/// Moves the focus to the next thing to press in the log; from the log itself, to the last.
fn go(log: &Element, forward: bool) {
    let Ok(list) = log.query_selector_all("[data-rove]:not([hidden])") else { return };
    let elements: Vec<HtmlElement> = (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect();
    let focused = log.owner_document().and_then(|document| document.active_element());
    let at = elements.iter().position(|element| focused.as_ref() == Some(element.unchecked_ref::<Element>()));
    let next = match (at, forward) {
        (None, _) => elements.last(),
        (Some(at), true) => elements.get(at + 1),
        (Some(at), false) => at.checked_sub(1).and_then(|at| elements.get(at)),
    };
    if let Some(element) = next {
        // An element that is gone needs no focus.
        let _ = element.focus();
    }
}

/// What is said about the newest command: its output where that is short.
fn said(job: Option<&JobView>) -> String {
    let Some(job) = job else { return String::new() };
    let lines = job.out.hidden + job.err.hidden + job.out.text.lines().count() + job.err.text.lines().count();
    if lines > SAID_LINES_MAX {
        // While a command goes on, a growing number would be said again and again.
        return if job.exit.is_some() { tr_count("terminal.lines", lines as u64, &[("command", &job.line)]) } else { String::new() };
    }
    match (lines, job.exit) {
        (0, Some(0)) => tr("terminal.done", &[("command", &job.line)]),
        (0, Some(code)) => tr("terminal.exit", &[("code", &code.to_string())]),
        _ => format!("{}\n{}", job.out.text, job.err.text).trim().to_owned(),
    }
}
