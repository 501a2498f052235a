//! What people did and when: with seed, settings and engine version, all that a run depends on.
//! It must not know how commands are run.

use crate::api::metadata::Text;
use crate::api::time::Ms;
use crate::journal::Journal;

/// One act of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When it began.
    pub at_ms: Ms,
    /// The command line.
    pub line: Text,
    /// Its standard input, where it had any.
    pub input: Text,
}

/// The acts of a run, oldest first.
#[derive(Clone, Debug, Default)]
pub struct CommandLog {
    entries: Journal<Command>,
}

impl CommandLog {
    /// Adds an act.
    pub fn push(&mut self, at_ms: Ms, line: &str, input: &str) {
        self.entries.push(Command { at_ms, line: line.into(), input: input.into() });
    }

    /// The acts, oldest first.
    pub fn entries(&self) -> &Journal<Command> {
        &self.entries
    }
}
