//! The histories of a sandbox: a tree of runs that have their beginning in common. Acting at a past moment begins another
//! branch, and the one that was left stays as it is. It must not know how a run goes on.

use statefulset_engine::api::time::Ms;

use super::acts::{Act, Entry, Place};
use super::head::Head;
use super::record::Record;
use super::snapshots::Snapshots;

/// How many histories are kept. Each may hold some megabytes, and nobody keeps more in mind.
pub const BRANCHES_MAX: usize = 12;

/// Which branch: numbers are given once, from 1.
pub type BranchId = usize;

/// One history, from the start to its newest place.
#[derive(Debug)]
pub struct Branch {
    /// Its number.
    pub id: BranchId,
    /// The branch that it left; `None` for the first.
    pub parent: Option<BranchId>,
    /// Where it left.
    pub forked: Place,
    /// The act of the branch that it left which was not done here, where it began by undoing one.
    pub without: Option<Act>,
    /// All that was done in it, oldest first, also before it left.
    pub acts: Vec<Entry>,
    /// Its newest place.
    pub tip: Place,
    /// Moments to come back to.
    pub snapshots: Snapshots,
    /// What it has shown.
    pub record: Record,
}

impl Branch {
    /// What was done first after it left the other, if anything.
    pub fn first_act(&self) -> Option<&Act> {
        let entry = if self.parent.is_some() { self.acts.get(self.forked.acts) } else { self.acts.first() };
        entry.map(|entry| &entry.act)
    }
}

/// All histories, and which one is shown.
#[derive(Debug)]
pub struct Branches {
    all: Vec<Branch>,
    shown: usize,
    next_id: BranchId,
}

impl Branches {
    /// One history that has not begun.
    pub fn new(head: &Head) -> Self {
        let mut record = Record::default();
        record.absorb(&head.session.world, head.place());
        let first = Branch {
            id: 1,
            parent: None,
            forked: head.place(),
            without: None,
            acts: Vec::new(),
            tip: head.place(),
            snapshots: Snapshots::new(head.clone()),
            record,
        };
        Self { all: vec![first], shown: 0, next_id: 2 }
    }

    /// All of them, oldest first.
    pub fn all(&self) -> &[Branch] {
        &self.all
    }

    /// The one shown.
    pub fn shown(&self) -> &Branch {
        &self.all[self.shown]
    }

    /// The one shown, to go on.
    pub fn shown_mut(&mut self) -> &mut Branch {
        &mut self.all[self.shown]
    }

    /// A branch.
    pub fn get(&self, id: BranchId) -> Option<&Branch> {
        self.all.iter().find(|branch| branch.id == id)
    }

    /// Whether no more fit.
    pub fn full(&self) -> bool {
        self.all.len() >= BRANCHES_MAX
    }

    /// Shows another; false where there is none.
    pub fn show(&mut self, id: BranchId) -> bool {
        let found = self.all.iter().position(|branch| branch.id == id);
        if let Some(index) = found {
            self.shown = index;
        }
        found.is_some()
    }

    /// Begins a branch where `head` is in the one shown, and shows it; false where no more fit.
    pub fn fork(&mut self, head: &Head, without: bool) -> bool {
        if self.full() {
            return false;
        }
        let (parent, place) = (self.shown(), head.place());
        let branch = Branch {
            id: self.next_id,
            parent: Some(parent.id),
            forked: place,
            without: parent.acts.get(place.acts).filter(|_| without).map(|entry| entry.act.clone()),
            acts: parent.acts.get(..place.acts).unwrap_or(&parent.acts).to_vec(),
            tip: place,
            snapshots: parent.snapshots.up_to(place),
            record: parent.record.up_to(place, &head.session.world),
        };
        self.next_id += 1;
        self.shown = self.all.len();
        self.all.push(branch);
        true
    }

    /// Forgets a branch that is not shown; those that left it go on as before, as if they had left the one it came from.
    pub fn remove(&mut self, id: BranchId) {
        let Some(index) = self.all.iter().position(|branch| branch.id == id).filter(|index| *index != self.shown) else {
            return;
        };
        let gone = self.all.remove(index);
        for branch in self.all.iter_mut().filter(|branch| branch.parent == Some(id)) {
            branch.parent = gone.parent;
            branch.forked = branch.forked.min(gone.forked);
        }
        // With the first branch gone, the oldest of the others stands for it.
        if self.all.iter().all(|branch| branch.parent.is_some()) {
            self.all[0].parent = None;
        }
        self.shown -= usize::from(self.shown > index);
    }

    /// When two branches parted: up to there they are the same.
    pub fn parted_ms(&self, one: &Branch, other: &Branch) -> Ms {
        let line = |branch: &Branch| {
            let mut line = vec![(branch.id, branch.tip)];
            let mut at = Some(branch);
            while let Some((parent, forked)) = at.and_then(|branch| Some((branch.parent?, branch.forked))) {
                line.push((parent, forked));
                at = self.get(parent);
            }
            line
        };
        let (one, other) = (line(one), line(other));
        let common = one.iter().find_map(|(id, place)| {
            let (_, left) = other.iter().find(|(known, _)| known == id)?;
            Some((*place).min(*left))
        });
        common.unwrap_or_default().at_ms
    }
}
