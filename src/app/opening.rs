//! The first draw of the page, a zone at a time: a browser takes no key and no press while it draws, so no turn of it may be
//! long. What a person begins with comes first. It must not know what is in a zone.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use statefulset_engine::settings::Settings;

use super::{Action, App};
use crate::editor::desk::{Deed, Desk};
use crate::state::examples::EXAMPLES;
use crate::state::sandbox::Sandbox;

/// What a visit begins with, made before the page is drawn: a fresh cluster, and the first example with what is found in it, so
/// that what is found has its place in the first picture. Taken once.
#[derive(Clone, Default)]
pub struct Made(Rc<Cell<Option<Beginning>>>);

/// The cluster and the desk.
type Beginning = (Sandbox, Desk);

impl Made {
    /// Makes it, each part in a turn of the browser of its own.
    pub async fn in_turns() -> Self {
        let sandbox = Sandbox::new(Settings::default());
        TimeoutFuture::new(0).await;
        let mut desk = desk();
        desk.perform(Deed::Look, sandbox.session());
        while desk.pending() != 0 {
            TimeoutFuture::new(0).await;
            desk.perform(Deed::Look, sandbox.session());
        }
        Self(Rc::new(Cell::new(Some((sandbox, desk)))))
    }

    /// It, for the one who asks first; made now for everyone else.
    pub(super) fn take(&self) -> Beginning {
        self.0.take().unwrap_or_else(|| (Sandbox::new(Settings::default()), desk()))
    }
}

/// A desk with the first example on it.
fn desk() -> Desk {
    let example = &EXAMPLES[0];
    Desk::new(&example.file(), example.text)
}

impl PartialEq for Made {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Made {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Made")
    }
}

/// How far the page is drawn; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Drawn {
    /// The header, and the manifest with its editor.
    Manifest,
    /// The clock and the timeline: on a narrow screen they take their room from the stage.
    Time,
    /// The stage and what is told about it.
    Stage,
    /// The terminal and the names.
    Dock,
    /// The dialogs, too, which nobody can have opened before.
    All,
}

impl Drawn {
    /// What is drawn next.
    fn next(self) -> Option<Self> {
        Some(match self {
            Self::Manifest => Self::Time,
            Self::Time => Self::Stage,
            Self::Stage => Self::Dock,
            Self::Dock => Self::All,
            Self::All => return None,
        })
    }
}

/// Draws one zone more.
pub(super) struct Opening {
    drawn: Drawn,
    next: Option<Timeout>,
}

impl Opening {
    /// On a person's visit a zone at a time; a test has it all at once.
    pub(super) fn new(real: bool) -> Self {
        Self { drawn: if real { Drawn::Manifest } else { Drawn::All }, next: None }
    }

    /// One zone more is to be drawn.
    pub(super) fn go_on(&mut self) {
        self.drawn = self.drawn.next().unwrap_or(self.drawn);
        self.next = None;
    }
}

impl App {
    /// Whether a zone is drawn by now.
    pub(super) fn draws(&self, zone: Drawn) -> bool {
        self.opening.drawn >= zone
    }

    /// Has the next zone drawn in another turn of the browser.
    pub(super) fn draw_next(&mut self) {
        if self.opening.drawn < Drawn::All && self.opening.next.is_none() {
            let dispatch = self.dispatch.clone();
            self.opening.next = Some(Timeout::new(0, move || dispatch.emit(Action::Draw)));
        }
    }
}
