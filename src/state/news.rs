//! What happened, for those who hear the page: the watch log told in messages of the area `news`.
//! It must not know how they are spoken.

use statefulset_engine::sorted::SortedMap;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::{Body, Key, Object};
use statefulset_engine::api::pod::ConditionStatus;
use statefulset_engine::api::storage::ClaimPhase;
use statefulset_engine::cluster::store::{Store, Verb};

/// Something that happened: a message and the name it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The message.
    pub key: &'static str,
    /// The object's name.
    pub name: String,
}

/// All messages that can come up.
pub const NEWS_KEYS: &[&str] = &[
    "news.pod-created",
    "news.pod-ready",
    "news.pod-unready",
    "news.pod-terminating",
    "news.pod-gone",
    "news.claim-created",
    "news.claim-bound",
    "news.claim-gone",
    "news.set-created",
    "news.set-gone",
    "news.node-silent",
    "news.node-cordoned",
    "news.node-ready",
];

/// Reads the watch log and remembers what was told.
#[derive(Debug, Default)]
pub struct Reporter {
    told: SortedMap<Key, &'static str>,
    read: usize,
}

impl Reporter {
    /// Passes over everything up to now: what is there counts as told. It looks at what there is, not at all that happened,
    /// so that going far in time costs little.
    pub fn skip(&mut self, store: &Store) {
        self.told.clear();
        for kind in [Kind::Pod, Kind::PersistentVolumeClaim, Kind::StatefulSet, Kind::Node] {
            for object in store.all(kind) {
                if let Some(message) = self.message(&object.key(), object, Verb::Added) {
                    self.told.insert(object.key(), message);
                }
            }
        }
        self.read = store.log.len();
    }

    /// What happened since the last time.
    pub fn report(&mut self, store: &Store) -> Vec<News> {
        let mut news = Vec::new();
        // A run that was taken back has a shorter log: what it says was told before.
        let from = self.read.min(store.log.len());
        for event in store.log.since(from) {
            let key = event.object.key();
            let Some(message) = self.message(&key, &event.object, event.verb) else {
                continue;
            };
            let known = if event.verb == Verb::Deleted { self.told.remove(&key) } else { self.told.insert(key.clone(), message) };
            if known != Some(message) {
                news.push(News { key: message, name: key.name.to_string() });
            }
        }
        self.read = store.log.len();
        news
    }

    /// What a change of an object is told as, if at all.
    fn message(&self, key: &Key, object: &Object, verb: Verb) -> Option<&'static str> {
        if &*key.namespace == "kube-system" {
            return None;
        }
        Some(match (&object.body, verb) {
            (Body::Pod(_), Verb::Deleted) => "news.pod-gone",
            (Body::Pod(_), _) if object.meta.terminating() => "news.pod-terminating",
            (Body::Pod(pod), _) if pod.ready() => "news.pod-ready",
            (Body::Pod(_), _) if self.told.get(key) == Some(&"news.pod-ready") => "news.pod-unready",
            (Body::Pod(_), Verb::Added) => "news.pod-created",
            (Body::PersistentVolumeClaim(_), Verb::Deleted) => "news.claim-gone",
            (Body::PersistentVolumeClaim(claim), _) if claim.phase == ClaimPhase::Bound => "news.claim-bound",
            (Body::PersistentVolumeClaim(_), Verb::Added) => "news.claim-created",
            (Body::Node(node), Verb::Added | Verb::Modified) => match (node.ready, node.unschedulable) {
                (ConditionStatus::True, false) => "news.node-ready",
                (ConditionStatus::True, true) => "news.node-cordoned",
                (ConditionStatus::False | ConditionStatus::Unknown, _) => "news.node-silent",
            },
            (Body::StatefulSet(_), Verb::Added) => "news.set-created",
            (Body::StatefulSet(_), Verb::Deleted) => "news.set-gone",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_has_a_text() {
        for key in NEWS_KEYS {
            assert!(crate::locale::has(key), "{key}");
        }
    }
}
