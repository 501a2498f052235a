//! What a person did and where in the run: enough to do it all again.
//! It must not know how acts are performed.

use statefulset_engine::api::time::Ms;
use statefulset_engine::session::JobId;

/// Something a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Ran a command.
    Run {
        /// Files that were written first: name and text.
        files: Vec<(String, String)>,
        /// The command line.
        line: String,
        /// Whether the command can be typed into, as one from the terminal can; else its input is empty.
        typed: bool,
    },
    /// Typed into a running command.
    Type {
        /// Which.
        job: JobId,
        /// What.
        text: String,
    },
    /// Pressed Ctrl+D: no more input comes.
    EndInput {
        /// For which command.
        job: JobId,
    },
    /// Closed the file that a command had open in the editor.
    CloseFile {
        /// What was saved; `None` where nothing was.
        saved: Option<String>,
    },
    /// Pressed Ctrl+C.
    Interrupt {
        /// On which command.
        job: JobId,
    },
}

/// A place in a run: so many things have happened, so many acts were done, and it is this time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// How many steps the session has made.
    pub steps: u64,
    /// How many acts were done.
    pub acts: usize,
    /// The virtual time.
    pub at_ms: Ms,
}

/// An act and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The act.
    pub act: Act,
    /// How many steps came before it.
    pub steps: u64,
    /// When.
    pub at_ms: Ms,
}
