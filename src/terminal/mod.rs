//! The terminal: a log of commands and what they printed, and a line to type into. Gestures of the page appear here as
//! the commands they are. It must not know what commands do.

mod field;
mod keys;
mod line;
mod log;
mod menu;
mod output;
mod paste;

use std::rc::Rc;

use yew::prelude::*;

use crate::app::Action;
use crate::state::jobs::JobView;
use line::Line;
use log::Log;

/// Properties of [`Terminal`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TerminalProps {
    /// The commands and what they printed, oldest first.
    pub jobs: Rc<[Rc<JobView>]>,
    /// The lines that were typed, oldest first, also of earlier visits.
    pub recall: Rc<[Rc<str>]>,
    /// Whether a command that was typed still runs, so that what is typed goes to it.
    pub busy: bool,
    /// How many lines wait for that command.
    pub waiting: usize,
    /// The lines typed last, where they go on in the next one; empty where they do not.
    pub unfinished: AttrValue,
    /// Counts how often the terminal is to take the focus back.
    pub calls: u32,
    /// Whether time goes by.
    pub playing: bool,
    /// Whether the terminal is to be seen.
    pub shown: bool,
    /// The command whose output was copied last.
    pub copied: Option<(usize, bool)>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The terminal.
#[component]
pub fn Terminal(props: &TerminalProps) -> Html {
    let dispatch = &props.dispatch;
    html! {
        <div class="terminal">
            <Log jobs={props.jobs.clone()} playing={props.playing} shown={props.shown} copied={props.copied} dispatch={dispatch.clone()} />
            <Line
                recall={props.recall.clone()}
                busy={props.busy}
                waiting={props.waiting}
                unfinished={props.unfinished.clone()}
                calls={props.calls}
                dispatch={dispatch.clone()}
            />
        </div>
    }
}
