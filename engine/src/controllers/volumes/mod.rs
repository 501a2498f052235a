//! Claims and volumes: finding or making a volume for a claim, and keeping both while they are used.
//!
//! Owns which pods use which claim and which volumes are free. It must not know who makes pods, nor where they run.
//! Follows `pkg/controller/volume/persistentvolume`, `pvcprotection` and `pvprotection` 1.36, and for the making of volumes
//! `sig-storage-lib-external-provisioner`.

mod binder;
mod matching;
mod protection;
mod provisioner;
#[cfg(test)]
mod tests;

use crate::api::kind::Kind;
use crate::api::object::{Key, Object};
use crate::api::storage::{ClaimPhase, ClaimReference, VolumePhase};
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::store::{Change, Verb};
use crate::sorted::{SortedMap, SortedSet};

use super::Controller;

pub use binder::bind;
pub use matching::{best_match, reaches};
pub use protection::{protect_claim, protect_volume};
pub use provisioner::{provision, provisions};

/// The annotation by which the scheduler names the node on which a claim's volume is wanted.
pub const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";
/// The annotation of a claim whose binding is complete.
const BIND_COMPLETED: &str = "pv.kubernetes.io/bind-completed";
/// The annotation of what the controller, rather than a person, has bound.
const BOUND_BY_CONTROLLER: &str = "pv.kubernetes.io/bound-by-controller";
/// The annotation that names who made a volume.
const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";
/// Who writes the binder's Events.
const SOURCE: &str = "persistentvolume-controller";

/// How soon a claim that waits for its consumer is first looked at.
const FIRST_LOOK_MS: Ms = 2;

/// What is remembered between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The pods that name each claim.
    users: SortedMap<Key, SortedSet<Key>>,
    /// The volumes that are reserved for, or bound to, each claim.
    of_claim: SortedMap<Key, SortedSet<Key>>,
    /// Volumes without a claim.
    free: SortedSet<Key>,
    /// Claims without a volume.
    waiting: SortedSet<Key>,
    /// Volumes being made, by claim: when each is ready.
    under_way: SortedMap<Key, Ms>,
    /// Documents of volumes that were made.
    made: Vec<provisioner::Made>,
    /// Volumes being taken down: when each is gone.
    going: SortedMap<Key, Ms>,
}

/// The pods that name a claim.
pub fn users<'a>(world: &'a World, claim: &Key) -> impl Iterator<Item = &'a Key> + use<'a> {
    world.memory.volumes.users.get(claim).into_iter().flatten()
}

/// Whether a claim's binding is complete.
pub fn is_bound(claim: &Object) -> bool {
    claim.claim().is_some_and(|body| !body.volume_name.is_empty()) && claim.meta.annotation(BIND_COMPLETED).is_some()
}

/// Reserves a free volume for a claim, as the scheduler does once the claim's pod has a node.
pub fn reserve(world: &mut World, volume: &Key, claim: &Key) {
    let Some(object) = world.get(claim) else { return };
    world.change(volume, |volume| binder::refer(volume, &object));
}

/// Wakes the actor for what a change concerns.
pub fn notice(world: &mut World, change: &Change) {
    match change.new.kind() {
        Kind::Pod => notice_pod(world, change),
        Kind::PersistentVolumeClaim => notice_claim(world, change),
        Kind::PersistentVolume => notice_volume(world, change),
        Kind::StorageClass => {
            let claims: Vec<Key> = world.memory.volumes.waiting.iter().cloned().collect();
            for claim in claims {
                let named = world.store.get(&claim).and_then(|object| object.claim()?.class.as_ref());
                if named.is_some_and(|class| *class == change.new.meta.name) {
                    world.wake(Controller::VolumeBinder, claim);
                }
            }
        }
        _ => {}
    }
}

fn notice_pod(world: &mut World, change: &Change) {
    let first_seen = change.verb == Verb::Added;
    if !first_seen && change.verb != Verb::Deleted {
        return;
    }
    let Some(pod) = change.new.pod() else { return };
    for volume in pod.claims() {
        let claim = Key::new(Kind::PersistentVolumeClaim, change.new.meta.namespace.clone(), volume.claim.clone());
        if first_seen {
            world.memory.volumes.users.entry(claim).or_default().insert(change.new.key());
            continue;
        }
        if let Some(users) = world.memory.volumes.users.get_mut(&claim) {
            users.remove(&change.new.key());
            if users.is_empty() {
                world.memory.volumes.users.remove(&claim);
            }
        }
        if world.store.get(&claim).is_some_and(|object| object.meta.terminating()) {
            protection::wake_after_pod(world, claim);
        }
    }
}

fn notice_claim(world: &mut World, change: &Change) {
    let key = change.new.key();
    if change.verb == Verb::Deleted {
        let memory = &mut world.memory.volumes;
        memory.waiting.remove(&key);
        memory.under_way.remove(&key);
        let volumes: Vec<Key> = world.memory.volumes.of_claim.get(&key).into_iter().flatten().cloned().collect();
        for volume in volumes {
            world.wake(Controller::VolumeBinder, volume);
        }
        return;
    }
    if is_bound(&change.new) {
        world.memory.volumes.waiting.remove(&key);
    } else {
        world.memory.volumes.waiting.insert(key.clone());
    }
    if change.new.meta.terminating() {
        world.wake(Controller::ClaimProtection, key.clone());
    }
    if change.verb == Verb::Added && waits_for_consumer(world, &change.new) {
        // Before the scheduler can name a node: the real one always gets to say that it waits.
        world.wake_at(Controller::VolumeBinder, key, world.now_ms() + FIRST_LOOK_MS);
        return;
    }
    let settled = change.new.claim().is_some_and(|claim| claim.phase == ClaimPhase::Bound) && is_bound(&change.new);
    if !settled {
        world.wake(Controller::VolumeBinder, key);
    }
}

fn notice_volume(world: &mut World, change: &Change) {
    let key = change.new.key();
    let claim_of = |object: &Object| object.volume().and_then(|volume| volume.claim.as_ref()).map(claim_key);
    let before = change.old.as_deref().and_then(claim_of);
    let gone = change.verb == Verb::Deleted;
    let after = if gone { None } else { claim_of(&change.new) };
    let memory = &mut world.memory.volumes;
    if before != after
        && let Some(claim) = &before
        && let Some(volumes) = memory.of_claim.get_mut(claim)
    {
        volumes.remove(&key);
        if volumes.is_empty() {
            memory.of_claim.remove(claim);
        }
    }
    match &after {
        Some(claim) if before != after => {
            memory.of_claim.entry(claim.clone()).or_default().insert(key.clone());
            memory.free.remove(&key);
        }
        None if !gone => {
            memory.free.insert(key.clone());
        }
        _ => {}
    }
    if gone {
        memory.free.remove(&key);
        memory.going.remove(&key);
        world.disks.drop_volume(change.new.meta.uid);
        if let Some(claim) = before {
            world.wake(Controller::VolumeBinder, claim);
        }
        return;
    }
    let phase = change.new.volume().map(|volume| volume.phase);
    if change.new.meta.terminating() {
        world.wake(Controller::VolumeProtection, key.clone());
    }
    match after {
        Some(claim) if phase != Some(VolumePhase::Bound) || before.as_ref() != Some(&claim) => {
            world.wake(Controller::VolumeBinder, claim);
            world.wake(Controller::VolumeBinder, key);
        }
        Some(_) => {}
        None => {
            world.wake(Controller::VolumeBinder, key);
            let claims: Vec<Key> = world.memory.volumes.waiting.iter().cloned().collect();
            for claim in claims {
                world.wake(Controller::VolumeBinder, claim);
            }
        }
    }
}

/// Whether a claim's class waits until a pod that uses it has a node.
pub fn waits_for_consumer(world: &World, claim: &Object) -> bool {
    let name = claim.claim().and_then(|claim| claim.class.as_deref()).unwrap_or_default();
    let class = world.store.find(Kind::StorageClass, "", name).and_then(|class| class.class());
    class.is_some_and(|class| class.waits_for_consumer)
}

fn claim_key(reference: &ClaimReference) -> Key {
    Key::new(Kind::PersistentVolumeClaim, reference.namespace.clone(), reference.name.clone())
}

fn note(world: &mut World, claim: &Key, rule: &'static str, waits: bool, objects: Vec<Key>) {
    let since_ms = world.now_ms();
    world.decisions.note(Decision { since_ms, subject: claim.clone(), rule, waits, objects, arguments: Vec::new() });
}
