//! The garbage collector: deletes what has no owner left, and carries out foreground deletion, orphaning and the deletion
//! of namespaces.
//!
//! It must not know what any kind means. Follows `pkg/controller/garbagecollector/garbagecollector.go` and
//! `pkg/controller/namespace/deletion/namespaced_resources_deleter.go` 1.36.

use std::rc::Rc;

use crate::api::kind::{KINDS, Kind};
use crate::api::metadata::{OwnerReference, Uid};
use crate::api::object::{Key, Object};
use crate::cluster::World;
use crate::cluster::deletion::{DeleteOptions, FOREGROUND_FINALIZER, ORPHAN_FINALIZER, Propagation};
use crate::cluster::store::{Change, Verb};

use super::Controller;
use super::client::{self, DELETE_MS};

/// Wakes the actor for what a change concerns.
pub fn notice(world: &mut World, change: &Change) {
    let object = &change.new;
    if change.verb == Verb::Deleted {
        notice_gone(world, object);
        return;
    }
    // Only the turn to waiting counts, and only an owner that is gone: what is made for an owner that already waits is found
    // when the next of its dependents goes.
    let waiting = |object: &Object| {
        object.meta.terminating() && [FOREGROUND_FINALIZER, ORPHAN_FINALIZER].iter().any(|finalizer| object.meta.has_finalizer(finalizer))
    };
    let begins_to_wait = waiting(object) && !change.old.as_deref().is_some_and(waiting);
    let namespace_goes = object.kind() == Kind::Namespace && object.meta.terminating();
    let owners_changed = change.old.as_ref().is_none_or(|old| old.meta.owners != object.meta.owners);
    let lost_owner = || object.meta.owners.iter().any(|owner| state(world, object, owner) == Owner::Gone);
    if begins_to_wait || namespace_goes || (owners_changed && lost_owner()) {
        world.wake(Controller::Garbage, object.key());
    }
    if change.old.as_ref().is_some_and(|old| old.meta.owners != object.meta.owners) {
        wake_waiting_owners(world, change.old.as_deref().unwrap_or(object));
    }
}

fn notice_gone(world: &mut World, object: &Object) {
    world.recorder.forget(object.meta.uid);
    world.decisions.forget(&object.key());
    let mut dependents: Vec<Key> = world.store.owned_by(object.meta.uid).map(|dependent| dependent.key()).collect();
    // The real one works through a queue that many workers fill: no order holds among dependents.
    world.random.shuffle("garbage", &mut dependents);
    wake_one_by_one(world, dependents);
    wake_waiting_owners(world, object);
    if !object.meta.namespace.is_empty() {
        let namespace = Key::new(Kind::Namespace, "", object.meta.namespace.clone());
        if world.store.get(&namespace).is_some_and(|namespace| namespace.meta.terminating()) {
            world.wake(Controller::Garbage, namespace);
        }
    }
}

/// Wakes owners whose deletion waits for a dependent.
fn wake_waiting_owners(world: &mut World, dependent: &Object) {
    for owner in dependent.meta.owners.iter() {
        let Some(key) = owner_key(dependent, owner) else { continue };
        let waits = |object: &Rc<Object>| {
            object.meta.uid == owner.uid && object.meta.terminating() && object.meta.has_finalizer(FOREGROUND_FINALIZER)
        };
        if world.store.get(&key).is_some_and(waits) {
            world.wake(Controller::Garbage, key);
        }
    }
}

fn owner_key(dependent: &Object, owner: &OwnerReference) -> Option<Key> {
    Some(Key::new(Kind::by_name(&owner.kind)?, dependent.meta.namespace.clone(), owner.name.clone()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Solid,
    WaitsForDependents,
    Gone,
}

fn state(world: &World, dependent: &Object, owner: &OwnerReference) -> Owner {
    // A kind that the sandbox does not serve is a custom resource for all that it knows.
    let Some(key) = owner_key(dependent, owner) else { return Owner::Solid };
    match world.store.get(&key) {
        Some(object) if object.meta.uid == owner.uid => {
            if object.meta.terminating() && object.meta.has_finalizer(FOREGROUND_FINALIZER) {
                Owner::WaitsForDependents
            } else {
                Owner::Solid
            }
        }
        _ => Owner::Gone,
    }
}

/// Looks at one object.
pub fn sync(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    if object.meta.terminating() {
        if key.kind == Kind::Namespace {
            empty_namespace(world, key);
            return;
        }
        if object.meta.has_finalizer(ORPHAN_FINALIZER) {
            orphan_dependents(world, &object);
        } else if object.meta.has_finalizer(FOREGROUND_FINALIZER) {
            delete_dependents(world, &object);
        }
        return;
    }
    collect(world, &object);
}

/// Deletes an object that no owner keeps, and strikes out owners that are gone where another one stays.
fn collect(world: &mut World, object: &Object) {
    let owners = &object.meta.owners;
    let states: Vec<Owner> = owners.iter().map(|owner| state(world, object, owner)).collect();
    if owners.is_empty() || states.iter().all(|state| *state == Owner::Solid) {
        return;
    }
    let key = object.key();
    // The live object is read before it is written.
    world.count_call(key.kind);
    if states.contains(&Owner::Solid) {
        let kept: Rc<[OwnerReference]> =
            owners.iter().zip(&states).filter(|(_, state)| **state == Owner::Solid).map(|(owner, _)| owner.clone()).collect();
        world.change(&key, |object| object.meta.owners = kept);
        return;
    }
    let has_dependents = world.store.owned_by(object.meta.uid).next().is_some();
    let propagation = if object.meta.has_finalizer(ORPHAN_FINALIZER) {
        Propagation::Orphan
    } else if object.meta.has_finalizer(FOREGROUND_FINALIZER) || (states.contains(&Owner::WaitsForDependents) && has_dependents) {
        Propagation::Foreground
    } else {
        Propagation::Background
    };
    // It may have gone since: nothing is left to do then.
    let _ = world.delete(&key, &DeleteOptions { propagation, uid: Some(object.meta.uid), ..DeleteOptions::default() });
}

/// Releases as many dependents as calls may go out now, and looks again where there are more.
fn orphan_dependents(world: &mut World, owner: &Object) {
    let mut dependents: Vec<Key> = world.store.owned_by(owner.meta.uid).map(|dependent| dependent.key()).collect();
    let now_free = client::free(world, Controller::Garbage).max(1);
    let more = now_free < dependents.len();
    dependents.truncate(now_free);
    for key in dependents {
        world.change(&key, |object| object.meta.owners = without(&object.meta.owners, owner.meta.uid));
    }
    if more {
        world.wake(Controller::Garbage, owner.key());
        return;
    }
    world.change(&owner.key(), |object| object.meta.remove_finalizer(ORPHAN_FINALIZER));
}

fn without(owners: &[OwnerReference], uid: Uid) -> Rc<[OwnerReference]> {
    owners.iter().filter(|owner| owner.uid != uid).cloned().collect()
}

/// Deletes the dependents that block an owner, and lets the owner go once there are none.
fn delete_dependents(world: &mut World, owner: &Object) {
    let blocks = |object: &&Rc<Object>| {
        object.meta.owners.iter().any(|reference| reference.uid == owner.meta.uid && reference.block_owner_deletion == Some(true))
    };
    let blocking: Vec<(Key, bool)> =
        world.store.owned_by(owner.meta.uid).filter(blocks).map(|object| (object.key(), object.meta.terminating())).collect();
    if blocking.is_empty() {
        world.change(&owner.key(), |object| object.meta.remove_finalizer(FOREGROUND_FINALIZER));
        return;
    }
    let mut waiting: Vec<Key> = blocking.into_iter().filter(|(_, terminating)| !terminating).map(|(key, _)| key).collect();
    world.random.shuffle("garbage", &mut waiting);
    wake_one_by_one(world, waiting);
}

/// Has objects looked at one after the other: each deletion is a call.
fn wake_one_by_one(world: &mut World, keys: Vec<Key>) {
    let mut at_ms = world.now_ms() + Controller::Garbage.delay_ms();
    for key in keys {
        world.wake_at(Controller::Garbage, key, at_ms);
        at_ms += DELETE_MS;
    }
}

/// Deletes all that a namespace holds, then the namespace.
fn empty_namespace(world: &mut World, key: &Key) {
    let mut left = 0;
    for info in KINDS.iter().filter(|info| info.namespaced) {
        let objects: Vec<(Key, bool)> =
            world.store.list(info.kind, &key.name).map(|object| (object.key(), object.meta.terminating())).collect();
        for (object, terminating) in objects {
            if !terminating {
                // What has just been read can be deleted.
                let _ = world.delete(&object, &DeleteOptions::default());
            }
            left += usize::from(world.store.get(&object).is_some());
        }
    }
    if left == 0 {
        world.finish_namespace(key);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::controllers::testing::{create, lines, world};

    fn owner(world: &mut World) -> (Key, Value) {
        let key = create(world, json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "owner"}}));
        let uid = world.store.get(&key).map(|object| object.meta.uid.to_string()).unwrap_or_default();
        (key, json!([{"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": uid, "blockOwnerDeletion": true}]))
    }

    fn dependents(world: &mut World, references: &Value) {
        for name in ["a", "b", "c"] {
            create(world, json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "ownerReferences": references}}));
        }
        world.store.log.clear();
    }

    fn sorted(world: &World) -> Vec<String> {
        let mut lines = lines(world);
        lines.sort();
        lines
    }

    #[test]
    fn dependents_follow_their_owner() {
        let mut world = world();
        let (key, references) = owner(&mut world);
        dependents(&mut world, &references);
        let _ = world.delete(&key, &DeleteOptions::default());
        world.advance_to(100);
        assert_eq!(lines(&world).first().map(String::as_str), Some("- ConfigMap/owner"));
        assert_eq!(sorted(&world), ["- ConfigMap/owner", "- Secret/a", "- Secret/b", "- Secret/c"]);
    }

    fn owner_of_a_hundred(world: &mut World) -> Key {
        let (key, references) = owner(world);
        for number in 0..100 {
            let name = format!("s{number}");
            create(world, json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "ownerReferences": references}}));
        }
        key
    }

    #[test]
    fn a_hundred_dependents_go_at_twenty_a_second_after_a_burst() {
        let mut world = world();
        let key = owner_of_a_hundred(&mut world);
        let left = |world: &World| world.store.list(Kind::Secret, "default").count();
        let began_ms = world.now_ms();
        let _ = world.delete(&key, &DeleteOptions::default());
        // Each takes two calls of 40 a second after a burst of 30.
        world.advance_to(began_ms + 300);
        assert!((75..=82).contains(&left(&world)), "{}", left(&world));
        world.advance_to(began_ms + 1_300);
        assert!((56..=62).contains(&left(&world)), "{}", left(&world));
        world.advance_to(began_ms + 6_000);
        assert_eq!(left(&world), 0);
    }

    #[test]
    fn a_hundred_orphans_are_let_go_at_forty_a_second_after_a_burst() {
        let mut world = world();
        let key = owner_of_a_hundred(&mut world);
        let owned = |world: &World| world.store.list(Kind::Secret, "default").filter(|secret| !secret.meta.owners.is_empty()).count();
        let began_ms = world.now_ms();
        let _ = world.delete(&key, &DeleteOptions { propagation: Propagation::Orphan, ..DeleteOptions::default() });
        world.advance_to(began_ms + 20);
        assert_eq!(owned(&world), 70);
        world.advance_to(began_ms + 1_020);
        assert!((29..=31).contains(&owned(&world)), "{}", owned(&world));
        world.advance_to(began_ms + 3_000);
        assert_eq!(owned(&world), 0);
        assert!(world.store.get(&key).is_none());
    }

    #[test]
    fn in_the_foreground_the_owner_goes_last() {
        let mut world = world();
        let (key, references) = owner(&mut world);
        dependents(&mut world, &references);
        let _ = world.delete(&key, &DeleteOptions { propagation: Propagation::Foreground, ..DeleteOptions::default() });
        world.advance_to(100);
        let lines = lines(&world);
        assert_eq!(lines.first().map(String::as_str), Some("~ ConfigMap/owner going"));
        assert_eq!(lines.last().map(String::as_str), Some("- ConfigMap/owner"));
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn orphans_stay() {
        let mut world = world();
        let (key, references) = owner(&mut world);
        dependents(&mut world, &references);
        let _ = world.delete(&key, &DeleteOptions { propagation: Propagation::Orphan, ..DeleteOptions::default() });
        world.advance_to(100);
        assert!(world.store.get(&key).is_none());
        assert!(world.store.find(Kind::Secret, "default", "a").is_some_and(|secret| secret.meta.owners.is_empty()));
    }

    #[test]
    fn what_is_born_to_a_dead_owner_is_deleted() {
        let mut world = world();
        let (key, references) = owner(&mut world);
        let _ = world.delete(&key, &DeleteOptions::default());
        dependents(&mut world, &references);
        world.advance_to(100);
        assert_eq!(sorted(&world), ["- Secret/a", "- Secret/b", "- Secret/c"]);
    }

    #[test]
    fn a_namespace_goes_after_all_that_it_holds() {
        let mut world = world();
        world.create_namespace("lab");
        let _ = world.create(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}), "lab");
        let key = Key::new(Kind::Namespace, "", "lab");
        let _ = world.delete(&key, &DeleteOptions::default());
        assert!(world.store.get(&key).is_some_and(|namespace| namespace.meta.terminating()));
        world.advance_to(100);
        assert!(world.store.get(&key).is_none());
        assert_eq!(world.store.list(Kind::ConfigMap, "lab").count(), 0);
    }
}
