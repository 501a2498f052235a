//! What there is to a session: what was done and when, the files in the editor, the moment that is looked at, and how the
//! page stands. It must not know any form in which that is written down.

use statefulset_engine::api::time::Ms;
use statefulset_engine::session::JobId;

use crate::state::acts::{Act, Place};

/// How many bytes of text a session may be.
pub const TEXT_BYTES_MAX: usize = 2 * 1024 * 1024;
/// How many acts are read: each is done again before the page shows anything.
pub const ACTS_MAX: usize = 2_000;
/// How many files are read.
pub const FILES_MAX: usize = 100;
/// How many lines a script that is played first may have beside its files. Each may let up to an hour of cluster time go by.
pub const START_LINES_MAX: usize = 80;
/// The latest moment that is read, some thirty years: steps lead far where nothing happens. How long a run may take to be
/// done again is bounded by the clock on the wall, not by this one.
pub const AT_MS_MAX: Ms = 1_000_000_000_000;

/// As many steps as there are up to the moment: what a script written by hand means.
pub const ALL_STEPS: u64 = u64::MAX;

/// A session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The version of the sandbox that wrote it; empty for a script written by hand.
    pub sandbox: String,
    /// Where the cluster's random-looking values come from.
    pub seed: u64,
    /// The script that was played before anything was done, as for a lesson; empty where the cluster was a fresh one.
    pub start: String,
    /// What was done, oldest first.
    pub acts: Vec<Deed>,
    /// The place that is looked at.
    pub place: Place,
    /// The files in the editor.
    pub files: Vec<File>,
    /// Which of them is open.
    pub open: usize,
    /// How the page stands: names and values, in the order in which they were written. Who reads them knows the names.
    pub view: Vec<(String, String)>,
}

impl Saved {
    /// What the page's standing says under a name.
    pub fn view(&self, name: &str) -> Option<&str> {
        self.view.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub at_ms: Ms,
    /// How many steps the session had made: several may fall into one moment. [`ALL_STEPS`] where that is not known.
    pub steps: u64,
    /// What.
    pub act: Act,
    /// Whether it is a command that still ran when the next thing was done.
    pub outlasts: bool,
}

impl Deed {
    /// The running job that it is about, if it is about one.
    pub fn job(&self) -> Option<JobId> {
        match self.act {
            Act::Run { .. } | Act::CloseFile { .. } => None,
            Act::Type { job, .. } | Act::EndInput { job } | Act::Interrupt { job } => Some(job),
        }
    }
}

/// A file in the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}
