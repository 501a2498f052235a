//! The lives of pods by name: which pod of an identity this is, and what address the one before it had. Read from the
//! watch log, never guessed. It must not know how it is shown.

use statefulset_engine::sorted::SortedMap;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::{Text, Uid};
use statefulset_engine::cluster::store::{Store, Verb};

/// What is known about the pods that have borne a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lives {
    /// How many there were, the present one included.
    pub count: usize,
    /// The uid of the newest.
    pub uid: Uid,
    /// The address of the newest; empty until it has one.
    pub ip: Text,
    /// The address that the one before it had last; empty where there was none.
    pub previous_ip: Text,
}

/// The lives of all pods, by namespace and name.
#[derive(Clone, Debug, Default)]
pub struct History {
    lives: SortedMap<(Text, Text), Lives>,
    read: usize,
}

impl History {
    /// Reads what is new in the watch log.
    pub fn absorb(&mut self, store: &Store) {
        for event in store.log.since(self.read) {
            if event.object.kind() != Kind::Pod || event.verb == Verb::Deleted {
                continue;
            }
            let Some(pod) = event.object.pod() else {
                continue;
            };
            let name = (event.object.meta.namespace.clone(), event.object.meta.name.clone());
            let lives = self.lives.entry(name).or_insert_with(|| Lives { ip: "".into(), previous_ip: "".into(), ..Lives::default() });
            if lives.uid != event.object.meta.uid {
                lives.uid = event.object.meta.uid;
                lives.count += 1;
                lives.previous_ip = std::mem::replace(&mut lives.ip, "".into());
            }
            if !pod.status.ip.is_empty() {
                lives.ip = pod.status.ip.clone();
            }
        }
        self.read = store.log.len();
    }

    /// What is known about the pods of a name.
    pub fn of(&self, namespace: &str, name: &str) -> Option<&Lives> {
        self.lives.get(&(namespace.into(), name.into()))
    }

    /// Who had an address before: names of pods whose previous address it was.
    pub fn previous_holders<'a>(&'a self, ip: &'a str) -> impl Iterator<Item = &'a Text> {
        self.lives.iter().filter(move |(_, lives)| &*lives.previous_ip == ip).map(|((_, name), _)| name)
    }
}
