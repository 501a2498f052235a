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

use crate::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Uid, controller_reference};
use crate::api::object::{Key, Object};
use crate::api::statefulset::{StatefulSet, StatefulSetSpec, StatefulSetStatus};
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::store::{Change, Verb};

use super::Controller;
use book::Book;
use control::{Action, Because, ClaimView, Plan, PodView, View};
use pod_control::Hands;

/// The first wait after a failed look; it doubles with each further failure.
const BACKOFF_MS: Ms = 5;
/// The longest wait after failed looks.
const BACKOFF_MS_MAX: Ms = 1_000_000;

/// What is remembered between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    failures: SortedMap<Key, u32>,
    books: SortedMap<Uid, Book>,
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
            } else {
                world.wake(Controller::StatefulSet, key);
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
    let mut sets: SortedSet<Key> = owner(&change.new).into_iter().collect();
    if let Some(old) = change.old.as_deref().filter(|old| old.meta.owners != change.new.meta.owners) {
        sets.extend(owner(old));
    }
    if change.new.meta.controller().is_none() && change.verb != Verb::Deleted {
        let matching = world
            .store
            .list(Kind::StatefulSet, &change.new.meta.namespace)
            .filter(|set| set.statefulset().is_some_and(|body| body.spec.selector.matches(&change.new.meta.labels)));
        sets.extend(matching.map(|set| set.key()));
    }
    for key in sets {
        world.wake(Controller::StatefulSet, key);
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
        book.remove(&change.new.meta.name);
    }
    if let Some(book) = after.and_then(|after| books.get_mut(&after)) {
        book.put(&change.new);
    }
}

/// Looks at one set.
pub fn sync(world: &mut World, key: &Key) {
    let Some(set) = world.get(key) else { return };
    let Some(body) = set.statefulset().cloned() else { return };
    if !set.meta.terminating() {
        revisions::adopt(world, &set, &body.spec);
        adopt_pods(world, &set, &body.spec);
    }
    let history = revisions::settle(world, &set, &body);
    let (Some(current), Some(update)) = (history.current.revision(), history.update.revision()) else { return };
    let mut book = take_book(world, &set, &body.spec);
    release_strangers(world, &set, &mut book);
    let numbers = (book.number(Some(&history.current.meta.name)), book.number(Some(&history.update.meta.name)));
    let pods = book.pods(body.spec.min_ready_seconds, world.now_ms());
    check_retention(world, &set.meta, &body.spec, pods);
    let view = View {
        generation: set.meta.generation,
        deleting: set.meta.terminating(),
        replicas: body.spec.replicas,
        start: body.spec.start,
        policy: body.spec.policy,
        strategy: &body.spec.strategy,
        max_unavailable_gate: world.settings.max_unavailable_gate(),
        current_replicas: body.status.current_replicas,
        current: (numbers.0, &history.current.meta.name),
        update: (numbers.1, &history.update.meta.name),
        collision_count: history.collision_count,
        pods,
    };
    let plan = control::decide(&view, &Claims { world, set: &set.meta, spec: &body.spec });
    let next_available_ms = book.next_available_ms(body.spec.min_ready_seconds, world.now_ms());
    let in_use = book.revisions_in_use();
    // Acting changes pods, which is written into the book.
    world.memory.statefulset.books.insert(set.meta.uid, book);
    let hands =
        Hands { set: &set, spec: &body.spec, current: (&history.current.meta.name, current), update: (&history.update.meta.name, update) };
    let outcome = act(world, &hands, &plan);
    let mut status = plan.status.clone();
    if outcome.update_left_out {
        status.current_replicas = plan.current_replicas_before_update;
    }
    status::complete_rolling_update(&body.spec.strategy, body.spec.replicas, &mut status);
    write_status(world, key, &body, status);
    revisions::truncate(world, &history, body.spec.revision_history_limit, &in_use);
    note(world, &set, &body.spec, &plan, outcome.error.as_deref());
    set_alarms(world, key, outcome.error.is_some(), next_available_ms.filter(|_| body.spec.min_ready_seconds > 0));
}

/// Takes the set's book out of memory, or makes it from the store.
fn take_book(world: &mut World, set: &Object, spec: &Rc<StatefulSetSpec>) -> Book {
    let known = world.memory.statefulset.books.remove(&set.meta.uid);
    known.filter(|book| book.is_for(spec)).unwrap_or_else(|| {
        let owned = world.store.owned_of_kind(set.meta.uid, Kind::Pod);
        Book::new(&set.meta, spec, owned.filter(|pod| pod.meta.controlled_by(set.meta.uid)))
    })
}

/// How acting went.
struct Outcome {
    error: Option<String>,
    update_left_out: bool,
}

fn act(world: &mut World, hands: &Hands<'_>, plan: &Plan) -> Outcome {
    let mut outcome = Outcome { error: None, update_left_out: false };
    for batch in plan.actions.chunk_by(|left, right| left.0 == right.0) {
        if outcome.error.is_some() {
            outcome.update_left_out |= batch.iter().any(|(_, action)| matches!(action, Action::Delete { because: Because::Outdated, .. }));
            continue;
        }
        // A batch is done by as many workers at once as it has actions, and the one started last begins: the Go scheduler
        // runs the newest goroutine first.
        let mut actions: Vec<Action> = batch.iter().map(|(_, action)| *action).collect();
        actions.rotate_right(1);
        let prepared: Vec<Result<(), String>> = actions.iter().map(|action| hands.prepare(world, *action)).collect();
        for (action, prepared) in actions.into_iter().zip(prepared) {
            if let Err(error) = prepared.and_then(|()| hands.act(world, action)) {
                outcome.error.get_or_insert(error);
            }
        }
    }
    outcome
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

/// Sees whether the owners of the pods' claims are as the retention policy asks. Where the policy keeps all claims and no
/// claim of the cluster has an owner, there is nothing to see.
fn check_retention(world: &World, set: &Metadata, spec: &StatefulSetSpec, pods: &mut [PodView]) {
    let keeps = !spec.retention.delete_when_deleted && !spec.retention.delete_when_scaled;
    let nothing_to_see = spec.claim_templates.is_empty() || (keeps && world.store.owned_claims() == 0);
    for pod in pods {
        pod.retention_matches = nothing_to_see || {
            let key = Key::new(Kind::Pod, set.namespace.clone(), identity::pod_name(&set.name, pod.ordinal));
            world.store.get(&key).is_none_or(|object| claims::match_retention(world, set, spec, &object.meta, pod.ordinal))
        };
    }
}

fn write_status(world: &mut World, key: &Key, body: &StatefulSet, status: StatefulSetStatus) {
    if status == body.status {
        return;
    }
    world.change(key, |object| {
        if let Some(set) = object.statefulset_mut() {
            set.status = status;
        }
    });
}

/// Notes why the set acts, waits or rests.
fn note(world: &mut World, set: &Object, spec: &StatefulSetSpec, plan: &Plan, error: Option<&str>) {
    let pod_key = |ordinal: &i64| Key::new(Kind::Pod, set.meta.namespace.clone(), identity::pod_name(&set.meta.name, *ordinal));
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
        subject: set.key(),
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

/// Claims as the decision needs to know them.
struct Claims<'a> {
    world: &'a World,
    set: &'a Metadata,
    spec: &'a StatefulSetSpec,
}

impl ClaimView for Claims<'_> {
    fn stale(&self, ordinal: i64) -> bool {
        claims::stale(self.world, self.set, self.spec, ordinal)
    }
}
