//! The controller of a set at work, as a loop: what woke it, what it looked at, by which rule it decided, what it did.
//! All of it is read from the engine's decisions and watch log. It must not know words.

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::Text;
use statefulset_engine::api::object::{Key, Object};
use statefulset_engine::api::time::Ms;
use statefulset_engine::cluster::World;
use statefulset_engine::cluster::store::Verb;
use statefulset_engine::controllers::statefulset::rules;

/// How far before a decision its cause is looked for in the watch log.
const CAUSES_MAX: usize = 200;
/// Objects that are named; more are counted.
const NAMES_MAX: usize = 2;

/// The last turn of a controller's loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When it decided.
    pub at_ms: Ms,
    /// What woke it; `None` where nothing in the watch log did.
    pub cause: Option<Cause>,
    /// How many pods it found.
    pub pods: usize,
    /// The rule.
    pub rule: &'static str,
    /// What came of it.
    pub deed: Deed,
    /// On whom it acted or for whom it waits: the first few names.
    pub objects: Vec<Text>,
    /// How many more there are.
    pub more: usize,
}

/// A change that woke a controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What happened, in the locale files behind `stage.loop.cause.`.
    pub verb: &'static str,
    /// The kind of the object.
    pub kind: Kind,
    /// Its name.
    pub name: Text,
}

/// What a turn came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It made an object.
    Creates,
    /// It deleted one.
    Deletes,
    /// It waits.
    Waits,
    /// There is nothing to do.
    Rests,
}

impl Deed {
    /// Its name: in classes, and in the locale files behind `stage.loop.deed.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Creates => "creates",
            Self::Deletes => "deletes",
            Self::Waits => "waits",
            Self::Rests => "rests",
        }
    }

    fn of(rule: &str, waits: bool) -> Self {
        match rule {
            rules::CREATES_POD => Self::Creates,
            rules::SCALES_DOWN | rules::UPDATES_POD | rules::REPLACES_ENDED_POD => Self::Deletes,
            _ if waits => Self::Waits,
            _ => Self::Rests,
        }
    }
}

/// The last turn of the loop for a set that has `pods` pods.
pub(super) fn turn(world: &World, set: &Object, pods: usize) -> Option<Turn> {
    let decision = world.decisions.about(&set.key())?;
    Some(Turn {
        at_ms: decision.since_ms,
        cause: cause(world, set, decision.since_ms),
        pods,
        rule: decision.rule,
        deed: Deed::of(decision.rule, decision.waits),
        objects: decision.objects.iter().take(NAMES_MAX).map(|key| key.name.clone()).collect(),
        more: decision.objects.len().saturating_sub(NAMES_MAX),
    })
}

/// The last change before a moment that wakes the controller of a set: of the set itself, or of a pod or claim of it.
fn cause(world: &World, set: &Object, at_ms: Ms) -> Option<Cause> {
    let log = &world.store.log;
    let (mut from, mut before) = (0, log.len());
    while from < before {
        let middle = from + (before - from) / 2;
        if log.get(middle).is_some_and(|event| event.at_ms < at_ms) {
            from = middle + 1;
        } else {
            before = middle;
        }
    }
    let mut events = (before.saturating_sub(CAUSES_MAX)..before).rev().filter_map(|at| log.get(at));
    let concerns = |object: &Object| {
        let key: Key = object.key();
        match key.kind {
            Kind::StatefulSet => object.meta.uid == set.meta.uid,
            Kind::Pod => object.meta.controller().is_some_and(|owner| owner.uid == set.meta.uid),
            _ => false,
        }
    };
    events.find(|event| concerns(&event.object)).map(|event| Cause {
        verb: match event.verb {
            Verb::Added => "added",
            Verb::Modified => "modified",
            Verb::Deleted => "deleted",
        },
        kind: event.object.kind(),
        name: event.object.meta.name.clone(),
    })
}
