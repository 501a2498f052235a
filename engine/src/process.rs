//! What a running command is: something that reads and writes text while virtual time goes by.
//!
//! A command never blocks. It is polled, does what it can do now, and says whether it is done or until when it waits; the
//! session polls it again after every event of the world. It must not know any particular command.

use std::fmt::{self, Debug, Formatter};

use crate::api::metadata::Text;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::session::terminal::Terminal;

/// What a poll came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poll {
    /// The command has ended with this exit code.
    Done(i32),
    /// The command waits: for the world to change, and at the latest until a moment where one is given.
    Waiting {
        /// When to poll again even if nothing changes.
        until_ms: Option<Ms>,
    },
}

/// The exit code of a command that was interrupted.
pub const INTERRUPTED: i32 = 130;

/// A command's standard streams.
#[derive(Clone, Debug, Default)]
pub struct Streams {
    /// What can be read; taken as it is read.
    pub input: String,
    /// Whether no more input will come.
    pub input_ended: bool,
    /// What was written to standard output.
    pub out: String,
    /// What was written to standard error.
    pub err: String,
}

impl Streams {
    /// Streams with all their input.
    pub fn with_input(input: &str) -> Self {
        Self { input: input.to_owned(), input_ended: true, ..Self::default() }
    }

    /// Writes a line to standard output.
    pub fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// Writes a line to standard error.
    pub fn error(&mut self, line: &str) {
        self.err.push_str(line);
        self.err.push('\n');
    }

    /// Takes the next line, without its end: a whole one, or what is left once no more will come.
    pub fn take_line(&mut self) -> Option<String> {
        let whole = self.input.find('\n').map(|at| at + 1);
        let end = whole.or((self.input_ended && !self.input.is_empty()).then_some(self.input.len()))?;
        let line: String = self.input.drain(..end).collect();
        Some(line.trim_end_matches(['\n', '\r']).to_owned())
    }

    /// Takes all input that is there.
    pub fn take_input(&mut self) -> String {
        std::mem::take(&mut self.input)
    }
}

/// How much a command may still do: each command line has one, whatever runs inside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Budget {
    /// The moment that `at_once` counts for.
    pub moment_ms: Ms,
    /// How many commands have run at that moment.
    pub at_once: u32,
    /// How many commands have run in all.
    pub total: u32,
}

/// What a command works on.
pub struct Context<'a> {
    /// The cluster.
    pub world: &'a mut World,
    /// The terminal at which the command was typed.
    pub terminal: &'a mut Terminal,
    /// The command's streams.
    pub streams: &'a mut Streams,
    /// What has run in the command line so far.
    pub budget: &'a mut Budget,
}

impl Context<'_> {
    /// The present moment.
    pub fn now_ms(&self) -> Ms {
        self.world.now_ms()
    }

    /// The namespace that commands mean where they name none.
    pub fn namespace(&self) -> Text {
        self.terminal.namespace.clone()
    }
}

/// A running command. It can be copied in the middle of what it does, so that time can be taken back to there.
pub trait Process: CloneProcess {
    /// Does what can be done now.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll;

    /// Ctrl+C while something runs inside, as a program at the prompt of a shell: true where that took it, and the command
    /// itself goes on. Most commands have nothing inside.
    fn interrupt_inside(&mut self, context: &mut Context<'_>) -> bool {
        let _ = context;
        false
    }

    /// Ctrl+C, or the terminal is gone. Most commands just end.
    fn interrupt(&mut self, context: &mut Context<'_>) {
        let _ = context;
    }
}

/// What every process that is `Clone` can do behind a box.
pub trait CloneProcess {
    /// The same process once more.
    fn clone_box(&self) -> Box<dyn Process>;
}

impl<P: Process + Clone + 'static> CloneProcess for P {
    fn clone_box(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Process> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}

impl Debug for dyn Process {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Process")
    }
}

/// A command that has ended before it was polled.
#[derive(Clone)]
pub struct Ended(pub i32);

impl Process for Ended {
    fn poll(&mut self, _: &mut Context<'_>) -> Poll {
        Poll::Done(self.0)
    }
}
