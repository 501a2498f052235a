//! Texts that are large and seldom read: they are no part of the program. Whoever runs it hands them in: the page once it has
//! fetched them, others at once. Who needs some meanwhile says so and waits ([`Reading`]). They are the same for every
//! cluster, so they live beside all of them. It must not know what the texts say, or where they come from.

use std::rc::Rc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::process::{Context, Poll, Process};

/// What the published OpenAPI says about types and fields: see [`crate::schema::descriptions`].
pub static DESCRIPTIONS: Shelf = Shelf::new("schema/descriptions-1.36.txt");
/// What kubectl says about its commands and flags: see [`crate::kubectl::help`].
pub static HELP: Shelf = Shelf::new("kubectl/help-1.36.txt");
/// All of them.
pub static SHELVES: [&Shelf; 2] = [&DESCRIPTIONS, &HELP];

/// How far some texts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has asked for them.
    Absent,
    /// Somebody waits for them.
    Wanted,
    /// They are on their way.
    Coming,
    /// They could not be had; who asks again may be luckier.
    Failed,
    /// They are here.
    Here,
}

/// Texts that come as one file.
#[derive(Debug)]
pub struct Shelf {
    /// The file's name beside the page; in the repository it lies under `static/`.
    pub file: &'static str,
    texts: OnceLock<String>,
    state: AtomicU8,
}

impl Shelf {
    const fn new(file: &'static str) -> Self {
        Self { file, texts: OnceLock::new(), state: AtomicU8::new(State::Absent as u8) }
    }

    /// How far the texts are.
    pub fn state(&self) -> State {
        const STATES: [State; 5] = [State::Absent, State::Wanted, State::Coming, State::Failed, State::Here];
        STATES[usize::from(self.state.load(Ordering::Relaxed)).min(4)]
    }

    fn set(&self, state: State) {
        if self.state() != State::Here {
            self.state.store(state as u8, Ordering::Relaxed);
        }
    }

    /// Says that somebody waits for the texts.
    pub fn want(&self) {
        if self.state() != State::Coming {
            self.set(State::Wanted);
        }
    }

    /// Says that somebody has gone to get them.
    pub fn coming(&self) {
        self.set(State::Coming);
    }

    /// Says that they could not be had.
    pub fn fail(&self) {
        self.set(State::Failed);
    }

    /// Takes the texts, once for the program's life.
    pub fn fill(&self, texts: impl Into<String>) {
        let _ = self.texts.set(texts.into());
        self.set(State::Here);
    }

    /// The texts, if they are here.
    pub fn get(&self) -> Option<&str> {
        self.texts.get().map(String::as_str)
    }
}

/// What a command does once its texts are here; its exit code.
pub type Then = Rc<dyn Fn(&mut Context<'_>) -> i32>;

/// A command that waits for texts before it prints.
#[derive(Clone)]
pub struct Reading {
    shelf: &'static Shelf,
    asked: bool,
    then: Then,
}

impl Reading {
    /// Waits for what is on `shelf`, then does `then`.
    pub fn new(shelf: &'static Shelf, then: Then) -> Self {
        Self { shelf, asked: false, then }
    }
}

impl Process for Reading {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if !std::mem::replace(&mut self.asked, true) {
            self.shelf.want();
        }
        match self.shelf.state() {
            State::Here => Poll::Done((self.then)(context)),
            State::Failed => {
                context.streams.error("sandbox: the texts that this command prints could not be fetched; try again");
                Poll::Done(1)
            }
            _ => Poll::Waiting { until_ms: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{Budget, Streams};
    use crate::session::Session;
    use crate::settings::Settings;

    fn poll(reading: &mut Reading, session: &mut Session, streams: &mut Streams) -> Poll {
        reading.poll(&mut Context { world: &mut session.world, terminal: &mut session.terminal, streams, budget: &mut Budget::default() })
    }

    #[test]
    fn a_reader_waits_for_its_texts_and_says_when_they_cannot_be_had() {
        static SHELF: Shelf = Shelf::new("test");
        let mut session = Session::new(Settings::default());
        let mut streams = Streams::default();
        let mut reading = Reading::new(&SHELF, Rc::new(|_| 0));
        assert_eq!(SHELF.state(), State::Absent);
        assert_eq!(poll(&mut reading, &mut session, &mut streams), Poll::Waiting { until_ms: None });
        assert_eq!(SHELF.state(), State::Wanted);
        SHELF.fail();
        assert_eq!(poll(&mut reading, &mut session, &mut streams), Poll::Done(1));
        assert!(streams.err.contains("could not be fetched"), "{}", streams.err);

        let read = |context: &mut Context<'_>| {
            context.streams.out.push_str(SHELF.get().unwrap_or_default());
            0
        };
        let mut again = Reading::new(&SHELF, Rc::new(read));
        assert_eq!(poll(&mut again, &mut session, &mut streams), Poll::Waiting { until_ms: None });
        SHELF.coming();
        assert_eq!(poll(&mut again, &mut session, &mut streams), Poll::Waiting { until_ms: None });
        SHELF.fill("words");
        assert_eq!(poll(&mut again, &mut session, &mut streams), Poll::Done(0));
        assert_eq!(streams.out, "words");
    }
}
