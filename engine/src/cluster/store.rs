//! The object store: what the API server keeps in etcd. Every change gives an object a new resourceVersion and is written
//! to the watch log. Follows `apiserver/pkg/registry/generic/registry/store.go` for deletion and finalizers.
//! It must not know time, validation or any controller: callers say when, and with what.

use std::ops::Bound;
use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::{KINDS, Kind};
use crate::api::metadata::{Text, Uid};
use crate::api::object::{Body, Key, Object};
use crate::api::time::Ms;
use crate::controllers::Controller;
use crate::journal::Journal;
use crate::sorted::{SortedMap, SortedSet};

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It was created.
    Added,
    /// It was changed.
    Modified,
    /// It is gone.
    Deleted,
}

impl Verb {
    /// The word of the watch API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "ADDED",
            Self::Modified => "MODIFIED",
            Self::Deleted => "DELETED",
        }
    }
}

/// An entry of the watch log.
#[derive(Clone, Debug)]
pub struct WatchEvent {
    /// When.
    pub at_ms: Ms,
    /// What.
    pub verb: Verb,
    /// Who wrote it.
    pub by: Writer,
    /// The object after the change; for a deletion, its last state.
    pub object: Rc<Object>,
}

/// Who writes to the API server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writer {
    /// An actor of the cluster.
    Actor(Controller),
    /// A person, by the name of the field manager that their tool gives.
    Person(Text),
    /// A person who applies this document on the server, by the same.
    Applier(Text, Rc<Value>),
}

impl Default for Writer {
    fn default() -> Self {
        Self::Person("kubectl".into())
    }
}

/// A change as controllers see it.
#[derive(Clone, Debug)]
pub struct Change {
    /// What.
    pub verb: Verb,
    /// The object before the change; `None` for a creation.
    pub old: Option<Rc<Object>>,
    /// The object after the change; for a deletion, its last state.
    pub new: Rc<Object>,
}

type Objects = SortedMap<Key, Rc<Object>>;

/// The objects of a cluster and the log of their changes.
#[derive(Clone, Debug)]
pub struct Store {
    objects: Vec<Objects>,
    by_owner: SortedMap<Uid, SortedSet<Key>>,
    owned_claims: usize,
    revision: u64,
    count: usize,
    /// Who writes what comes next.
    pub writer: Writer,
    /// Every change, oldest first.
    pub log: Journal<WatchEvent>,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            objects: vec![Objects::new(); KINDS.len()],
            by_owner: SortedMap::new(),
            owned_claims: 0,
            revision: 0,
            count: 0,
            writer: Writer::default(),
            log: Journal::default(),
        }
    }
}

impl Store {
    /// The resourceVersion of the newest change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no object.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// An object.
    pub fn get(&self, key: &Key) -> Option<&Rc<Object>> {
        self.objects[key.kind as usize].get(key)
    }

    /// An object by kind, namespace and name.
    pub fn find(&self, kind: Kind, namespace: impl Into<Text>, name: impl Into<Text>) -> Option<&Rc<Object>> {
        self.get(&Key::new(kind, namespace, name))
    }

    /// The objects of a kind, in order of namespace and name.
    pub fn all(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Rc<Object>> {
        self.objects[kind as usize].values()
    }

    /// How many objects of a kind there are.
    pub fn count(&self, kind: Kind) -> usize {
        self.objects[kind as usize].len()
    }

    /// The objects of a kind in a namespace, in order of name; of all namespaces for a cluster-wide kind.
    pub fn list<'a>(&'a self, kind: Kind, namespace: &str) -> impl DoubleEndedIterator<Item = &'a Rc<Object>> {
        let first = Key::new(kind, namespace, Text::default());
        // No name contains NUL, so this bound lies behind every name of the namespace.
        let behind = || Bound::Excluded(Key::new(kind, [namespace, "\0"].concat(), Text::default()));
        let end = if kind.namespaced() { behind() } else { Bound::Unbounded };
        self.objects[kind as usize].range((Bound::Included(first), end)).map(|(_, object)| object)
    }

    /// The objects that name `uid` as an owner.
    pub fn owned_by(&self, uid: Uid) -> impl Iterator<Item = &Rc<Object>> {
        self.by_owner.get(&uid).into_iter().flatten().filter_map(|key| self.get(key))
    }

    /// The objects of a kind that name `uid` as an owner.
    pub fn owned_of_kind(&self, uid: Uid, kind: Kind) -> impl Iterator<Item = &Rc<Object>> {
        // Keys sort by kind first.
        let first = Key::new(kind, Text::default(), Text::default());
        let keys = self.by_owner.get(&uid).into_iter().flat_map(move |keys| keys.range(first.clone()..));
        keys.take_while(move |key| key.kind == kind).filter_map(|key| self.get(key))
    }

    /// How many claims have an owner.
    pub fn owned_claims(&self) -> usize {
        self.owned_claims
    }

    /// The objects of a kind that could have an owner and have none; kept for kinds that controllers adopt.
    pub fn ownerless(&self, kind: Kind) -> impl Iterator<Item = &Rc<Object>> {
        self.owned_of_kind(Uid::default(), kind)
    }

    /// Whether any object has this uid and key.
    pub fn holds(&self, key: &Key, uid: Uid) -> bool {
        self.get(key).is_some_and(|object| object.meta.uid == uid)
    }

    /// Adds an object that has its uid and creation time. The caller has made sure that the name is free.
    pub fn insert(&mut self, mut object: Object, now: Ms) -> Change {
        self.revision += 1;
        object.meta.resource_version = self.revision;
        if counts_generations(object.kind()) {
            object.meta.generation = 1;
        }
        let object = Rc::new(object);
        self.index(&object);
        self.objects[object.kind() as usize].insert(object.key(), object.clone());
        self.count += 1;
        self.record(now, Verb::Added, None, object)
    }

    /// Replaces an object, `old` as it stands. A change of what was asked for raises the generation. An object whose deletion was asked for
    /// goes once its last finalizer is removed. `None` where nothing changed.
    pub fn replace(&mut self, old: &Rc<Object>, mut object: Object, now: Ms) -> Option<Change> {
        object.meta.resource_version = old.meta.resource_version;
        if object == **old {
            return None;
        }
        Some(self.write(old, object, now))
    }

    /// Writes an object as it stands once more, since it has other managers now, which no field of ours says.
    pub fn touch(&mut self, old: &Rc<Object>, now: Ms) -> Change {
        self.write(old, Object::clone(old), now)
    }

    fn write(&mut self, old: &Rc<Object>, mut object: Object, now: Ms) -> Change {
        let kind = object.kind();
        if counts_generations(kind) && object.meta.generation == old.meta.generation && asks_for_more(old, &object) {
            object.meta.generation += 1;
        }
        let last_finalizer_removed = !old.meta.finalizers.is_empty() && object.meta.finalizers.is_empty();
        if old.meta.terminating() && last_finalizer_removed && !waits_for_kubelet(&object) {
            return self.remove(old, object, now);
        }
        self.revision += 1;
        object.meta.resource_version = self.revision;
        let object = Rc::new(object);
        if old.meta.owners != object.meta.owners {
            self.unindex(old);
            self.index(&object);
        }
        self.objects[kind as usize].insert(object.key(), object.clone());
        self.record(now, Verb::Modified, Some(old.clone()), object)
    }

    /// Removes an object; `last` is its last state, as the watch shows it.
    pub fn remove(&mut self, old: &Rc<Object>, mut last: Object, now: Ms) -> Change {
        self.revision += 1;
        last.meta.resource_version = self.revision;
        self.unindex(old);
        if self.objects[old.kind() as usize].remove(&old.key()).is_some() {
            self.count -= 1;
        }
        self.record(now, Verb::Deleted, Some(old.clone()), Rc::new(last))
    }

    fn record(&mut self, at_ms: Ms, verb: Verb, old: Option<Rc<Object>>, new: Rc<Object>) -> Change {
        self.log.push(WatchEvent { at_ms, verb, by: self.writer.clone(), object: new.clone() });
        Change { verb, old, new }
    }

    fn index(&mut self, object: &Object) {
        self.owned_claims += usize::from(object.kind() == Kind::PersistentVolumeClaim && !object.meta.owners.is_empty());
        for uid in owner_uids(object) {
            self.by_owner.entry(uid).or_default().insert(object.key());
        }
    }

    fn unindex(&mut self, object: &Object) {
        self.owned_claims -= usize::from(object.kind() == Kind::PersistentVolumeClaim && !object.meta.owners.is_empty());
        for uid in owner_uids(object) {
            if let Some(keys) = self.by_owner.get_mut(&uid) {
                keys.remove(&object.key());
                if keys.is_empty() {
                    self.by_owner.remove(&uid);
                }
            }
        }
    }
}

/// The uids under which an object is found. No object has the default uid, so it stands for "nobody" among kinds that
/// controllers adopt.
fn owner_uids(object: &Object) -> impl Iterator<Item = Uid> {
    let adoptable = matches!(object.kind(), Kind::Pod | Kind::ReplicaSet | Kind::ControllerRevision);
    let nobody = (adoptable && object.meta.controller().is_none()).then(Uid::default);
    object.meta.owners.iter().map(|owner| owner.uid).chain(nobody)
}

/// Whether the API server counts generations of a kind.
fn counts_generations(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Pod
            | Kind::StatefulSet
            | Kind::Deployment
            | Kind::ReplicaSet
            | Kind::DaemonSet
            | Kind::EndpointSlice
            | Kind::PodDisruptionBudget
            | Kind::Ingress
            | Kind::IngressClass
            | Kind::NetworkPolicy
            | Kind::Job
            | Kind::CronJob
    )
}

/// Whether a change is one of what was asked for, rather than of the status.
fn asks_for_more(old: &Object, new: &Object) -> bool {
    match (&old.body, &new.body) {
        (Body::StatefulSet(old), Body::StatefulSet(new)) => old.spec.document != new.spec.document,
        (Body::Deployment(old), Body::Deployment(new)) | (Body::ReplicaSet(old), Body::ReplicaSet(new)) => {
            old.replicas != new.replicas || old.document != new.document
        }
        (Body::EndpointSlice(old), Body::EndpointSlice(new)) => old != new,
        (Body::PodDisruptionBudget(old), Body::PodDisruptionBudget(new)) => old.document != new.document,
        // Binding sets the node's name without raising the generation.
        (Body::Pod(old), Body::Pod(new)) => old.spec != new.spec,
        (Body::Other(_, old), Body::Other(_, new)) => old != new,
        _ => false,
    }
}

/// A terminating pod stays until its kubelet says that it has stopped.
fn waits_for_kubelet(object: &Object) -> bool {
    object.kind() == Kind::Pod && object.meta.deletion.is_some_and(|deletion| deletion.grace_period_seconds > 0)
}
