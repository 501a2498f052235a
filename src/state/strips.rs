//! How each pod's identity was over time: a line of states, each lasting until the next.
//! It must not know how a timeline draws.

use std::cmp::Ordering;

use statefulset_engine::api::metadata::Text;
use statefulset_engine::api::time::Ms;
use statefulset_engine::cluster::store::{Verb, WatchEvent};
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
    /// Which of its set's revisions it has, in the order in which they came up.
    pub revision: usize,
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
}

/// The lines of all names.
#[derive(Clone, Debug, Default)]
pub struct Strips {
    strips: SortedMap<(Text, Text), Strip>,
    revisions: SortedMap<(Text, Text), Vec<Text>>,
    edition: u64,
}

impl Strips {
    /// A number that changes whenever a strip does.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// The strips in the order in which people count: by namespace, owner and ordinal.
    pub fn sorted(&self) -> Vec<&Strip> {
        let mut all: Vec<&Strip> = self.strips.values().collect();
        all.sort_by(|one, other| compare(one, other));
        all
    }

    /// A set has this revision to roll out; true where it had another one before.
    pub fn rolls_out(&mut self, set: (Text, Text), revision: &Text) -> bool {
        if revision.is_empty() {
            return false;
        }
        let known = self.revisions.entry(set).or_default();
        if known.last() == Some(revision) {
            return false;
        }
        // A revision that comes back is the newest again.
        known.push(revision.clone());
        known.len() > 1
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
        let hash = meta.labels.get("controller-revision-hash");
        let known = self.revisions.get(&(meta.namespace.clone(), owner.clone()));
        let revision = match (hash, known) {
            (Some(hash), Some(known)) => known.iter().rposition(|known| **known == **hash).unwrap_or_default(),
            _ => 0,
        };
        let strip = self.strips.entry((meta.namespace.clone(), meta.name.clone())).or_insert_with(|| Strip {
            namespace: meta.namespace.clone(),
            name: meta.name.clone(),
            owner: owner.clone(),
            changes: Vec::new(),
        });
        strip.owner = owner;
        let change = Change { at_ms: event.at_ms, state, revision };
        if strip.changes.last().is_some_and(|last| (last.state, last.revision) == (state, revision)) {
            return;
        }
        if strip.changes.len() >= CHANGES_MAX {
            strip.changes.drain(..CHANGES_MAX / 2);
        }
        strip.changes.push(change);
        self.edition += 1;
    }
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
