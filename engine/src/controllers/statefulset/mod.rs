//! The StatefulSet controller: what wakes it for a set, and one look at a set from reading to writing the status.
//! It must not know kubectl, and it decides nothing itself: [`control`] does.
//! Follows `pkg/controller/statefulset/stateful_set.go`, 1.36.

mod book;
pub mod claims;
pub mod control;
pub mod identity;
mod pod_control;
pub mod revisions;
pub mod rules;
pub mod status;
pub mod step;
pub mod summary;
mod sync;

use crate::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Text, Uid, controller_reference};
use crate::api::object::{Key, Object};
use crate::api::statefulset::StatefulSetSpec;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::store::{Change, Verb};

use super::Controller;
use super::client;
use book::Book;
use control::{Plan, PodView, Reason};
use sync::Sync;

/// Who speaks in the Events.
const SOURCE: &str = "statefulset-controller";

/// The first wait after a failed look; it doubles with each further failure.
const BACKOFF_MS: Ms = 5;
/// The longest wait after failed looks.
const BACKOFF_MS_MAX: Ms = 1_000_000;

/// What is remembered between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    failures: SortedMap<Key, u32>,
    books: SortedMap<Uid, Rc<Book>>,
    /// Why each set acts, waits or rests, as noted last, with the numbers that are told beside it.
    noted: SortedMap<Key, (Reason, [i64; 3])>,
    /// By set and claim template: the claim that was made last.
    models: SortedMap<(Uid, Text), claims::Model>,
    /// The syncs under way.
    syncs: SortedMap<Key, Sync>,
}

/// Wakes the controller for the sets that a change concerns. Claims wake nobody: upstream does not watch them.
pub fn notice(world: &mut World, change: &Change) {
    match change.new.kind() {
        Kind::StatefulSet => {
            let key = change.new.key();
            if change.verb == Verb::Deleted {
                world.decisions.forget(&key);
                world.memory.statefulset.failures.remove(&key);
                world.memory.statefulset.books.remove(&change.new.meta.uid);
                world.memory.statefulset.syncs.remove(&key);
                world.memory.statefulset.noted.remove(&key);
                world.memory.statefulset.models.retain(|(set, _), _| *set != change.new.meta.uid);
            } else {
                wake(world, key);
            }
        }
        Kind::Pod => notice_pod(world, change),
        _ => {}
    }
}

fn notice_pod(world: &mut World, change: &Change) {
    keep_books(world, change);
    let owner = |object: &Object| {
        let owner = object.meta.controller().filter(|owner| &*owner.kind == "StatefulSet")?;
        let key = Key::new(Kind::StatefulSet, object.meta.namespace.clone(), owner.name.clone());
        world.store.holds(&key, owner.uid).then_some(key)
    };
    let own = owner(&change.new);
    let before = change.old.as_deref().filter(|old| old.meta.owners != change.new.meta.owners).and_then(owner);
    let orphan = change.new.meta.controller().is_none() && change.verb != Verb::Deleted;
    if before.is_none() && !orphan {
        if let Some(key) = own {
            wake(world, key);
        }
        return;
    }
    let mut sets: SortedSet<Key> = own.into_iter().chain(before).collect();
    if orphan {
        let matching = world
            .store
            .list(Kind::StatefulSet, &change.new.meta.namespace)
            .filter(|set| set.statefulset().is_some_and(|body| body.spec.selector.matches(&change.new.meta.labels)));
        sets.extend(matching.map(|set| set.key()));
    }
    for key in sets {
        wake(world, key);
    }
}

/// Writes a pod's change into the books of the sets that own it or did.
fn keep_books(world: &mut World, change: &Change) {
    let owner = |object: &Object| object.meta.controller().map(|owner| owner.uid);
    let books = &mut world.memory.statefulset.books;
    let after = owner(&change.new).filter(|_| change.verb != Verb::Deleted);
    if let Some(before) = change.old.as_deref().and_then(owner).filter(|before| Some(*before) != after)
        && let Some(book) = books.get_mut(&before)
    {
        Rc::make_mut(book).remove(&change.new.meta.name);
    }
    if let Some(book) = after.and_then(|after| books.get_mut(&after)) {
        Rc::make_mut(book).put(&change.new, change.old.as_deref());
    }
}

/// Looks at one set, or writes the controller's next Event.
pub fn sync(world: &mut World, key: &Key) {
    match key.kind {
        Kind::Event => client::write_event(world, Controller::StatefulSet),
        _ => sync::run(world, key),
    }
}

/// When the sync under way of a set began, if one is: what it decided then, it does now.
pub fn syncing_since_ms(world: &World, key: &Key) -> Option<Ms> {
    world.memory.statefulset.syncs.get(key).map(|sync| sync.since_ms)
}

/// When a call takes effect that the controller asks for now and that takes so long.
fn call(world: &mut World, takes_ms: Ms) -> Ms {
    client::call(world, Controller::StatefulSet, takes_ms)
}

/// Wakes the controller for a set; one that is busy with it looks again afterwards.
fn wake(world: &mut World, key: Key) {
    match world.memory.statefulset.syncs.get_mut(&key) {
        Some(sync) => sync.dirty = true,
        None => world.wake(Controller::StatefulSet, key),
    }
}

/// Takes the set's book out of memory, or makes it from the store.
fn take_book(world: &mut World, set: &Object, spec: &Rc<StatefulSetSpec>) -> Rc<Book> {
    let known = world.memory.statefulset.books.remove(&set.meta.uid);
    known.and_then(|book| book.kept_for(spec)).unwrap_or_else(|| {
        let owned = world.store.owned_of_kind(set.meta.uid, Kind::Pod);
        Rc::new(Book::new(&set.meta, spec, owned.filter(|pod| pod.meta.controlled_by(set.meta.uid))))
    })
}

/// Takes over pods that nobody owns, and lets go of those whose labels no longer match.
fn adopt_pods(world: &mut World, set: &Object, spec: &StatefulSetSpec) {
    let ours = |pod: &Object| pod.meta.namespace == set.meta.namespace && identity::ordinal_in(&set.meta.name, &pod.meta.name).is_some();
    let orphans: Vec<Key> = world
        .store
        .ownerless(Kind::Pod)
        .filter(|pod| ours(pod) && !pod.meta.terminating() && spec.selector.matches(&pod.meta.labels))
        .map(|pod| pod.key())
        .collect();
    for key in orphans {
        let owner = controller_reference(Kind::StatefulSet, &set.meta);
        world.change(&key, |pod| pod.meta.owners = pod.meta.owners.iter().cloned().chain([owner]).collect());
    }
}

/// Lets go of pods whose labels no longer match the selector.
fn release_strangers(world: &mut World, set: &Object, book: &mut Book) {
    if set.meta.terminating() {
        return;
    }
    for name in book.strangers().to_vec() {
        let key = Key::new(Kind::Pod, set.meta.namespace.clone(), name.clone());
        world.change(&key, |pod| pod.meta.owners = pod.meta.owners.iter().filter(|owner| owner.uid != set.meta.uid).cloned().collect());
        book.remove(&name);
    }
}

/// Sees whether the owners of the pods' claims are as the retention policy asks.
fn check_retention(world: &World, set: &Metadata, spec: &StatefulSetSpec, pods: &mut [PodView]) {
    for pod in pods {
        let key = Key::new(Kind::Pod, set.namespace.clone(), identity::pod_name(&set.name, pod.ordinal));
        pod.retention_matches =
            world.store.get(&key).is_none_or(|object| claims::match_retention(world, set, spec, &object.meta, pod.ordinal));
    }
}

/// Notes why the set acts, waits or rests.
fn note(world: &mut World, set: &Object, spec: &StatefulSetSpec, plan: &Plan, error: Option<&str>) {
    let (key, numbers) = (set.key(), [spec.replicas, spec.partition(), spec.min_ready_seconds]);
    let noted = world.memory.statefulset.noted.get(&key);
    if error.is_none() && noted.is_some_and(|(reason, with)| *reason == plan.reason && *with == numbers) {
        return;
    }
    if error.is_none() {
        world.memory.statefulset.noted.insert(key.clone(), (plan.reason.clone(), numbers));
    } else {
        world.memory.statefulset.noted.remove(&key);
    }
    let pod_key = |ordinal: &i64| Key::new(Kind::Pod, &set.meta.namespace, identity::pod_name(&set.meta.name, *ordinal));
    let mut arguments = vec![("replicas", spec.replicas.to_string())];
    let (rule, waits) = match error {
        Some(error) => {
            arguments.push(("error", error.to_owned()));
            (rules::IS_REFUSED, true)
        }
        None => (plan.reason.rule, plan.reason.waits),
    };
    match rule {
        rules::PARTITION_HOLDS => arguments.push(("partition", spec.partition().to_string())),
        rules::WAITS_FOR_AVAILABLE => arguments.push(("seconds", spec.min_ready_seconds.to_string())),
        _ => {}
    }
    let decision = Decision {
        since_ms: world.now_ms(),
        subject: key,
        rule,
        waits,
        objects: plan.reason.ordinals.iter().map(pod_key).collect(),
        arguments,
    };
    world.decisions.note(decision);
}

/// Looks again after a failure, and when the next pod becomes available.
fn set_alarms(world: &mut World, key: &Key, failed: bool, next_available_ms: Option<Ms>) {
    if failed {
        let failures = world.memory.statefulset.failures.entry(key.clone()).or_insert(0);
        let wait_ms = BACKOFF_MS.saturating_mul(1 << (*failures).min(20)).min(BACKOFF_MS_MAX);
        *failures += 1;
        let at_ms = world.now_ms() + wait_ms;
        world.wake_at(Controller::StatefulSet, key.clone(), at_ms);
    } else {
        world.memory.statefulset.failures.remove(key);
    }
    if let Some(at_ms) = next_available_ms {
        world.wake_at(Controller::StatefulSet, key.clone(), at_ms);
    }
}
