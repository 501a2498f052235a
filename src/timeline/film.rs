//! What the timeline shows of a history: a copy that the view can keep while the sandbox goes on.
//! It must not know how it is drawn.

use std::rc::Rc;

use statefulset_engine::api::time::Ms;

use crate::state::acts::Act;
use crate::state::branches::{Branch, BranchId};
use crate::state::record::Mark;
use crate::state::sandbox::Sandbox;
use crate::state::strips::Strip;

/// The marks and commands shown: the newest.
const SHOWN_MAX: usize = 2_000;

/// What a film is of: the same edition is the same film.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edition {
    /// The history.
    pub branch: BranchId,
    strips: u64,
    marks: usize,
    acts: usize,
    branches: usize,
    tip_ms: Ms,
}

/// A command, or another act that a person would not call one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// When.
    pub at_ms: Ms,
    /// The command line, or what was typed into a running one.
    pub line: String,
}

/// One of the histories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchView {
    /// Its number.
    pub id: BranchId,
    /// The one that it left; `None` for the first.
    pub parent: Option<BranchId>,
    /// When it left.
    pub forked_ms: Ms,
    /// Its newest moment.
    pub tip_ms: Ms,
    /// Its first command of its own; empty where there is none.
    pub line: String,
    /// Whether that is a command that was not done here.
    pub without: bool,
}

/// A history as the timeline shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Film {
    /// What it is of.
    pub edition: Edition,
    /// Its newest moment.
    pub tip_ms: Ms,
    /// The strips, in order.
    pub strips: Vec<Rc<Strip>>,
    /// What happened beside the pods.
    pub marks: Vec<Mark>,
    /// What was done.
    pub flags: Vec<Flag>,
    /// All histories, where there is more than one.
    pub branches: Vec<BranchView>,
}

impl Film {
    /// What a film of the sandbox would be of.
    pub fn edition(sandbox: &Sandbox) -> Edition {
        let (record, branches) = (sandbox.record(), sandbox.branches());
        Edition {
            branch: branches.shown().id,
            strips: record.strips.edition(),
            marks: record.marks.len(),
            acts: sandbox.acts().len(),
            branches: branches.all().iter().map(|branch| branch.id).sum(),
            tip_ms: sandbox.tip_ms(),
        }
    }

    /// The history that is shown.
    pub fn of(sandbox: &Sandbox) -> Self {
        let (record, branches) = (sandbox.record(), sandbox.branches().all());
        let acts = sandbox.acts();
        Self {
            edition: Self::edition(sandbox),
            tip_ms: sandbox.tip_ms(),
            strips: record.strips.sorted(),
            marks: newest(&record.marks).to_vec(),
            flags: newest(acts).iter().map(|entry| Flag { at_ms: entry.at_ms, line: line_of(&entry.act).to_owned() }).collect(),
            branches: if branches.len() < 2 { Vec::new() } else { branches.iter().map(view_of).collect() },
        }
    }
}

fn newest<T>(list: &[T]) -> &[T] {
    &list[list.len().saturating_sub(SHOWN_MAX)..]
}

/// An act in one line.
pub fn line_of(act: &Act) -> &str {
    match act {
        Act::Run { line, .. } => line.lines().next().unwrap_or_default(),
        Act::Type { text, .. } => text.trim_end(),
        Act::EndInput { .. } => "^D",
        Act::CloseFile { .. } => ":wq",
        Act::Interrupt { .. } => "^C",
    }
}

fn view_of(branch: &Branch) -> BranchView {
    let first = branch.first_act().or(branch.without.as_ref());
    BranchView {
        id: branch.id,
        parent: branch.parent,
        forked_ms: branch.forked.at_ms,
        tip_ms: branch.tip.at_ms,
        line: first.map(line_of).unwrap_or_default().to_owned(),
        without: branch.first_act().is_none() && branch.without.is_some(),
    }
}
