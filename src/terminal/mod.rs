//! The terminal: a log of commands and what they printed, and a line to type into. Gestures of the page appear here as
//! the commands they are. It must not know what commands do.

mod line;
mod log;

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
    /// Whether a command that was typed still runs, so that what is typed goes to it.
    pub busy: bool,
    /// Whether the line typed last goes on in the next one.
    pub unfinished: bool,
    /// Whether time goes by.
    pub playing: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The terminal.
#[component]
pub fn Terminal(props: &TerminalProps) -> Html {
    html! {
        <div class="terminal">
            <Log jobs={props.jobs.clone()} playing={props.playing} />
            <Line jobs={props.jobs.clone()} busy={props.busy} unfinished={props.unfinished} dispatch={props.dispatch.clone()} />
        </div>
    }
}
