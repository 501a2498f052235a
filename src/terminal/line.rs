//! The line to type into: with history, and with a way to stop what runs.
//! It must not know what commands do.

use std::rc::Rc;

use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use crate::app::Action;
use crate::locale::tr;
use crate::state::jobs::JobView;

/// Properties of [`Line`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct LineProps {
    /// The commands so far, for the history.
    pub jobs: Rc<[Rc<JobView>]>,
    /// Whether what is typed goes to a command that runs.
    pub busy: bool,
    /// Whether the line typed last goes on in this one.
    pub unfinished: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The line.
#[component]
pub(super) fn Line(props: &LineProps) -> Html {
    let input = use_node_ref();
    // How far back in the history the line is; 0 is a line of its own.
    let back = use_mut_ref(|| 0_usize);

    let submit = {
        let (input, back, dispatch) = (input.clone(), back.clone(), props.dispatch.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = input.cast::<HtmlInputElement>() {
                let line = input.value();
                input.set_value("");
                *back.borrow_mut() = 0;
                dispatch.emit(Action::Type(line));
            }
        })
    };
    let key = {
        let (input, dispatch, jobs) = (input.clone(), props.dispatch.clone(), props.jobs.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(input) = input.cast::<HtmlInputElement>() else {
                return;
            };
            let nothing_selected = input.selection_start().ok().flatten() == input.selection_end().ok().flatten();
            match event.key().as_str() {
                "ArrowUp" | "ArrowDown" => {
                    event.prevent_default();
                    let mut back = back.borrow_mut();
                    *back = if event.key() == "ArrowUp" { back.saturating_add(1) } else { back.saturating_sub(1) };
                    let (steps, line) = recall(&jobs, *back);
                    *back = steps;
                    input.set_value(&line);
                }
                "c" if event.ctrl_key() && nothing_selected => {
                    event.prevent_default();
                    dispatch.emit(Action::Interrupt);
                }
                _ => {}
            }
        })
    };
    let stop = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Interrupt))
    };
    let label = match (props.busy, props.unfinished) {
        (true, _) => tr("terminal.input-busy", &[]),
        (false, true) => tr("terminal.input-more", &[]),
        (false, false) => tr("terminal.input", &[]),
    };
    let goes_on = props.busy || props.unfinished;
    html! {
        <form class="terminal__line" onsubmit={submit}>
            <span class="job__prompt" aria-hidden="true">{ if goes_on { "> " } else { "$ " } }</span>
            <input
                class="terminal__input"
                ref={input}
                data-role="terminal-input"
                type="text"
                aria-label={label.clone()}
                placeholder={if goes_on { label } else { tr("terminal.placeholder", &[]) }}
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                enterkeyhint="go"
                onkeydown={key}
            />
            <button class="button button--dark" type="button" hidden={!goes_on} onclick={stop}>{ tr("terminal.stop", &[]) }</button>
        </form>
    }
}

/// The command so many steps back, and how many steps there really are; an empty line for none.
fn recall(jobs: &[Rc<JobView>], steps: usize) -> (usize, String) {
    let mut lines: Vec<&str> = jobs.iter().map(|job| job.line.as_str()).collect();
    lines.dedup();
    let steps = steps.min(lines.len());
    let line = lines.len().checked_sub(steps).and_then(|at| lines.get(at)).copied().unwrap_or_default();
    (steps, line.to_owned())
}
