//! What controllers decided, and why: the stock of *Why?*. A decision carries the id of a rule, never a sentence; sentences
//! live in the locale files. It must not know the rules.

use std::rc::Rc;

use crate::api::object::Key;
use crate::api::time::Ms;
use crate::journal::Journal;
use crate::sorted::SortedMap;

/// One decision about one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When it was first made; the same decision made again keeps its time.
    pub since_ms: Ms,
    /// About which object.
    pub subject: Key,
    /// By which rule: a stable id, `waits-for-ready`.
    pub rule: &'static str,
    /// Whether the actor waits, rather than having acted or being content.
    pub waits: bool,
    /// For whom it waits, or on whom it acted.
    pub objects: Vec<Key>,
    /// What else the sentence tells, by name.
    pub arguments: Vec<(&'static str, String)>,
}

/// The newest decision about each object, and all of them in order.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    newest: SortedMap<Key, Rc<Decision>>,
    log: Journal<Rc<Decision>>,
}

impl Decisions {
    /// Notes a decision, unless it is the one that stands already.
    pub fn note(&mut self, decision: Decision) {
        let same = |standing: &Rc<Decision>| {
            standing.rule == decision.rule && standing.objects == decision.objects && standing.arguments == decision.arguments
        };
        if self.newest.get(&decision.subject).is_some_and(same) {
            return;
        }
        let decision = Rc::new(decision);
        self.newest.insert(decision.subject.clone(), decision.clone());
        self.log.push(decision);
    }

    /// Forgets what stands about an object that is gone.
    pub fn forget(&mut self, subject: &Key) {
        self.newest.remove(subject);
    }

    /// The newest decision about an object.
    pub fn about(&self, subject: &Key) -> Option<&Rc<Decision>> {
        self.newest.get(subject)
    }

    /// The newest decision about every object that has one.
    pub fn standing(&self) -> impl Iterator<Item = &Rc<Decision>> {
        self.newest.values()
    }

    /// All decisions, oldest first.
    pub fn log(&self) -> &Journal<Rc<Decision>> {
        &self.log
    }
}
