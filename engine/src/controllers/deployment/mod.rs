//! Deployments and ReplicaSets: the other way to run pods, for contrast.
//!
//! Owns ReplicaSets and their pods. It must not know StatefulSets.
//! Follows `pkg/controller/deployment` and `pkg/controller/replicaset` 1.36, with the order of their writes.

mod control;
mod dump;
mod replicaset;
mod rolling;
mod scale;
mod sets;
mod status;
#[cfg(test)]
mod tests;

use crate::api::kind::Kind;
use crate::api::object::{Key, Object};
use crate::cluster::World;
use crate::cluster::store::{Change, Verb};
use crate::sorted::SortedMap;

use super::Controller;

/// What is remembered between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The syncs of ReplicaSets that are under way.
    syncs: SortedMap<Key, replicaset::Sync>,
}

pub use control::sync_deployment;
pub use replicaset::sync_replica_set;

/// The label and the hash that tell the pods of one template from those of another.
const HASH_LABEL: &str = "pod-template-hash";

/// Wakes the actor for what a change concerns.
pub fn notice(world: &mut World, change: &Change) {
    match change.new.kind() {
        Kind::Deployment if change.verb != Verb::Deleted => world.wake(Controller::Deployment, change.new.key()),
        Kind::ReplicaSet => {
            if change.verb == Verb::Deleted {
                world.memory.deployment.syncs.remove(&change.new.key());
            } else {
                world.wake(Controller::ReplicaSet, change.new.key());
            }
            wake_owner(world, &change.new, Kind::Deployment, Controller::Deployment);
        }
        Kind::Pod => notice_pod(world, change),
        _ => {}
    }
}

fn notice_pod(world: &mut World, change: &Change) {
    let owner = |object: &Object| object.meta.controller().map(|owner| (owner.kind.clone(), owner.uid));
    let now = owner(&change.new);
    if let Some(old) = change.old.as_deref()
        && owner(old) != now
    {
        wake_owner(world, old, Kind::ReplicaSet, Controller::ReplicaSet);
    }
    match &now {
        Some((kind, _)) if &**kind == Kind::ReplicaSet.name() => {
            wake_owner(world, &change.new, Kind::ReplicaSet, Controller::ReplicaSet);
            if change.verb == Verb::Deleted {
                wake_recreating(world, &change.new);
            }
        }
        Some(_) => {}
        None if change.verb != Verb::Deleted && world.store.count(Kind::ReplicaSet) > 0 => {
            let adopts = |set: &&std::rc::Rc<Object>| {
                set.replica_set().is_some_and(|body| !body.selector.is_empty() && body.selector.matches(&change.new.meta.labels))
            };
            let sets: Vec<Key> =
                world.store.list(Kind::ReplicaSet, &change.new.meta.namespace).filter(adopts).map(|set| set.key()).collect();
            for set in sets {
                world.wake(Controller::ReplicaSet, set);
            }
        }
        None => {}
    }
}

/// A Deployment that replaces all pods at once waits for the last of the old ones.
fn wake_recreating(world: &mut World, pod: &Object) {
    let set = pod.meta.controller().map(|owner| Key::new(Kind::ReplicaSet, pod.meta.namespace.clone(), owner.name.clone()));
    if let Some(set) = set.and_then(|key| world.get(&key)) {
        wake_owner(world, &set, Kind::Deployment, Controller::Deployment);
    }
}

fn wake_owner(world: &mut World, object: &Object, kind: Kind, controller: Controller) {
    let Some(owner) = object.meta.controller().filter(|owner| &*owner.kind == kind.name()) else { return };
    let key = Key::new(kind, object.meta.namespace.clone(), owner.name.clone());
    if world.store.holds(&key, owner.uid) {
        world.wake(controller, key);
    }
}
