//! How each pod's identity was over time: a line of states, each lasting until the next.
//! It must not know how a timeline draws.

use std::cmp::Ordering;
use std::rc::Rc;

use statefulset_engine::api::metadata::Text;
use statefulset_engine::api::time::Ms;
use statefulset_engine::cluster::store::{Verb, WatchEvent};
use statefulset_engine::order;
use statefulset_engine::sorted::SortedMap;

use crate::stage::scene::PodState;

/// Changes kept of one strip; the oldest half goes where there are more.
const CHANGES_MAX: usize = 2_000;

/// How a pod became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at_ms: Ms,
    /// What it became; `None` where it was gone.
    pub state: Option<PodState>,
    /// Whether it has the newer of two revisions that its set has at that time.
    pub newer: bool,
}

/// The line of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip {
    /// Namespace.
    pub namespace: Text,
    /// Name.
    pub name: Text,
    /// The controller that made the pods of this name; empty where nobody did.
    pub owner: Text,
    /// The changes, oldest first.
    pub changes: Vec<Change>,
    /// The name of its pod's revision; empty where no set made it.
    revision: Text,
}

impl Strip {
    /// Takes note of how it is now; true where that is new.
    fn becomes(&mut self, change: Change) -> bool {
        if self.changes.last().is_some_and(|last| (last.state, last.newer) == (change.state, change.newer)) {
            return false;
        }
        if self.changes.len() >= CHANGES_MAX {
            self.changes.drain(..CHANGES_MAX / 2);
        }
        self.changes.push(change);
        true
    }
}

/// What a set rolls out.
#[derive(Clone, Debug, Default)]
struct Rollout {
    /// The newest revision.
    update: Text,
    /// The newer of two; empty where all pods have one.
    newer: Text,
}

/// The lines of all names.
#[derive(Clone, Debug, Default)]
pub struct Strips {
    strips: SortedMap<(Text, Text), Rc<Strip>>,
    rollouts: SortedMap<(Text, Text), Rollout>,
    edition: u64,
}

impl Strips {
    /// A number that changes whenever a strip does.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// The strips in the order in which people count: by namespace, owner and ordinal.
    pub fn sorted(&self) -> Vec<Rc<Strip>> {
        let mut all: Vec<Rc<Strip>> = self.strips.values().cloned().collect();
        order::sort_by(&mut all, |one, other| compare(one, other));
        all
    }

    /// A set has two revisions, or one; true where it begins to roll out another one than before.
    pub fn rolls_out(&mut self, at_ms: Ms, set: (Text, Text), current: &Text, update: &Text) -> bool {
        if update.is_empty() {
            return false;
        }
        let newer: Text = if current == update { "".into() } else { update.clone() };
        let known = self.rollouts.entry(set.clone()).or_default();
        let begins = !known.update.is_empty() && known.update != *update;
        known.update = update.clone();
        if known.newer != newer {
            known.newer = newer.clone();
            let (namespace, owner) = set;
            for strip in self.strips.values_mut().filter(|strip| strip.namespace == namespace && strip.owner == owner) {
                let change = strip.changes.last().map(|last| Change { at_ms, state: last.state, newer: is_newer(&strip.revision, &newer) });
                // Those that stay as they are need no copy.
                if let Some(change) = change.filter(|change| strip.changes.last().is_some_and(|last| last.newer != change.newer)) {
                    self.edition += u64::from(Rc::make_mut(strip).becomes(change));
                }
            }
        }
        begins
    }

    /// Takes note of a change of a pod.
    pub fn absorb(&mut self, event: &WatchEvent) {
        let meta = &event.object.meta;
        let Some(pod) = event.object.pod() else { return };
        if &*meta.namespace == "kube-system" {
            return;
        }
        let owner: Text = meta.controller().map_or_else(|| "".into(), |owner| owner.name.clone());
        let state = (event.verb != Verb::Deleted).then(|| PodState::of(&event.object, pod));
        let revision: Text = meta.labels.get("controller-revision-hash").map_or_else(|| "".into(), |name| name.clone());
        let rollout = self.rollouts.get(&(meta.namespace.clone(), owner.clone()));
        let newer = rollout.is_some_and(|rollout| is_newer(&revision, &rollout.newer));
        let strip = self.strips.entry((meta.namespace.clone(), meta.name.clone())).or_insert_with(|| {
            Rc::new(Strip {
                namespace: meta.namespace.clone(),
                name: meta.name.clone(),
                owner: owner.clone(),
                changes: Vec::new(),
                revision: revision.clone(),
            })
        });
        let strip = Rc::make_mut(strip);
        (strip.owner, strip.revision) = (owner, revision);
        self.edition += u64::from(strip.becomes(Change { at_ms: event.at_ms, state, newer }));
    }
}

/// Whether a pod's revision is the newer of two.
fn is_newer(revision: &Text, newer: &Text) -> bool {
    !newer.is_empty() && revision == newer
}

/// `web-2` comes before `web-10`.
fn compare(one: &Strip, other: &Strip) -> Ordering {
    fn split(name: &str) -> (&str, Option<u64>) {
        name.rsplit_once('-').map_or((name, None), |(stem, number)| (stem, number.parse().ok()))
    }
    let key = |strip: &Strip| (strip.namespace.clone(), strip.owner.clone());
    key(one).cmp(&key(other)).then_with(|| match (split(&one.name), split(&other.name)) {
        ((stem, Some(number)), (other_stem, Some(other_number))) => stem.cmp(other_stem).then(number.cmp(&other_number)),
        _ => one.name.cmp(&other.name),
    })
}
