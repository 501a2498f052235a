//! The ReplicaSet controller: as many pods as asked for, none with an identity. A sync takes as long as its client's limit has
//! its calls wait, and what changes meanwhile is looked at afterwards.
//! It must not know Deployments. Follows `pkg/controller/replicaset/replica_set.go` and `controller_utils.go` 1.36.

use crate::order;
use crate::sorted::SortedMap;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Text, controller_reference};
use crate::api::object::{Body, Key, Object};
use crate::api::pod::{Phase, Pod, PodIdentity};
use crate::api::time::Ms;
use crate::api::workload::{Workload, WorkloadStatus};
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::recorder::Remark;

use super::super::Controller;
use super::super::client::{self, CALL_MS};

const SOURCE: &str = "replicaset-controller";
/// As many pods as one look creates or deletes at most.
const BURST: usize = 500;
/// The annotation that says which pods are cheap to delete.
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";

/// A sync under way.
#[derive(Clone, Debug)]
pub(super) struct Sync {
    /// The ReplicaSet and its pods as they were read.
    object: Rc<Object>,
    active: Vec<Rc<Object>>,
    terminating: usize,
    /// Whether something has changed since.
    dirty: bool,
    /// How many pods are still to be made after those under way, and how many are made at once.
    to_make: usize,
    batch: usize,
    /// The calls under way, in the order in which they go out.
    calls: VecDeque<(Ms, Call)>,
}

#[derive(Clone, Debug)]
enum Call {
    Create,
    Delete(Key),
    WriteStatus,
}

/// Looks at one object, goes on with the sync under way of one, or writes the controller's next Event.
pub fn sync_replica_set(world: &mut World, key: &Key) {
    if key.kind == Kind::Event {
        client::write_event(world, Controller::ReplicaSet);
        return;
    }
    let Some(mut sync) = world.memory.deployment.syncs.remove(key) else {
        begin(world, key);
        return;
    };
    // Where no call is due, it is somebody's alarm, which is seen to afterwards.
    sync.dirty |= sync.calls.front().is_some_and(|(due_ms, _)| world.now_ms() < *due_ms);
    proceed(world, key, sync);
}

fn begin(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let Some(set) = object.replica_set() else { return };
    if !object.meta.terminating() {
        claim_pods(world, &object, set);
    }
    let owned: Vec<Rc<Object>> = world.store.owned_by(object.meta.uid).filter(|pod| pod.pod().is_some()).cloned().collect();
    let ended = |pod: &Rc<Object>| pod.pod().is_some_and(|pod| pod.status.phase.terminal());
    let (terminating, active): (Vec<Rc<Object>>, Vec<Rc<Object>>) =
        owned.into_iter().filter(|pod| !ended(pod)).partition(|pod| pod.meta.terminating());
    let terminating = terminating.len();
    let mut sync = Sync { object: object.clone(), active, terminating, dirty: false, to_make: 0, batch: 1, calls: VecDeque::new() };
    if !object.meta.terminating() {
        manage(world, set, &mut sync);
    }
    proceed(world, key, sync);
}

/// Makes the calls that are due, and waits for the next one or ends the sync.
fn proceed(world: &mut World, key: &Key, mut sync: Sync) {
    let Some(set) = sync.object.replica_set() else { return };
    let mut writes_status = false;
    loop {
        match sync.calls.front() {
            Some((due_ms, _)) if world.now_ms() < *due_ms => {
                world.wake_at(Controller::ReplicaSet, key.clone(), *due_ms);
                world.memory.deployment.syncs.insert(key.clone(), sync);
                return;
            }
            Some(_) => match sync.calls.pop_front() {
                Some((_, Call::Create)) => create_pod(world, &sync.object, set),
                Some((_, Call::Delete(pod))) => delete_pod(world, &sync.object, &pod),
                Some((_, Call::WriteStatus)) => writes_status = true,
                None => {}
            },
            None if 0 < sync.to_make => {
                // All of a batch ask at once; the next one begins when all have their answer (`slowStartBatch`).
                let batch = sync.batch.min(sync.to_make);
                sync.to_make -= batch;
                sync.batch *= 2;
                for _ in 0..batch {
                    sync.calls.push_back((client::call(world, Controller::ReplicaSet, CALL_MS), Call::Create));
                }
            }
            None if !writes_status && set.status != status(world, set, &sync).0 => {
                // It is seen at once, as recorded.
                sync.calls.push_back((client::call(world, Controller::ReplicaSet, 0), Call::WriteStatus));
            }
            None => break,
        }
    }
    write_status(world, set, &sync);
    if sync.dirty {
        world.wake(Controller::ReplicaSet, key.clone());
    }
}

/// Takes over pods without an owner that the selector means, and lets go of those that it does not mean any more.
fn claim_pods(world: &mut World, object: &Object, set: &Workload) {
    let strays: Vec<Key> = world
        .store
        .owned_by(object.meta.uid)
        .filter(|pod| pod.pod().is_some() && !set.selector.matches(&pod.meta.labels))
        .map(|pod| pod.key())
        .collect();
    for key in strays {
        world.change(&key, |pod| pod.meta.owners = pod.meta.owners.iter().filter(|owner| owner.uid != object.meta.uid).cloned().collect());
    }
    let orphans: Vec<Key> = world
        .store
        .ownerless(Kind::Pod)
        .filter(|pod| {
            pod.meta.namespace == object.meta.namespace
                && !pod.meta.terminating()
                && !set.selector.is_empty()
                && set.selector.matches(&pod.meta.labels)
                && pod.pod().is_some_and(|pod| !pod.status.phase.terminal())
        })
        .map(|pod| pod.key())
        .collect();
    for key in orphans {
        let owner = controller_reference(Kind::ReplicaSet, &object.meta);
        world.change(&key, |pod| pod.meta.owners = pod.meta.owners.iter().cloned().chain([owner]).collect());
    }
}

/// Decides how many pods are made, or which ones are deleted, and asks for the calls.
fn manage(world: &mut World, set: &Workload, sync: &mut Sync) {
    let Sync { object, active, .. } = &*sync;
    let asked = usize::try_from(set.replicas).unwrap_or(0);
    let (rule, waits) = match active.len().cmp(&asked) {
        Ordering::Less => ("replicaset-creates-pods", false),
        Ordering::Equal => ("replicaset-has-its-pods", false),
        Ordering::Greater => ("replicaset-deletes-pods", false),
    };
    let since_ms = world.now_ms();
    world.decisions.note(Decision { since_ms, subject: object.key(), rule, waits, objects: Vec::new(), arguments: Vec::new() });
    let victims = choose(world, object, active, active.len().saturating_sub(asked).min(BURST));
    sync.to_make = asked.saturating_sub(active.len()).min(BURST);
    for pod in victims {
        let due_ms = client::call(world, Controller::ReplicaSet, CALL_MS);
        sync.calls.push_back((due_ms, Call::Delete(pod.key())));
    }
}

fn delete_pod(world: &mut World, object: &Rc<Object>, pod: &Key) {
    // It may have gone since.
    let _ = world.delete(pod, &DeleteOptions::default());
    let remark = Remark::normal(SOURCE, "SuccessfulDelete", format!("Deleted pod: {}", pod.name));
    client::say(world, Controller::ReplicaSet, object, remark);
}

fn create_pod(world: &mut World, object: &Rc<Object>, set: &Workload) {
    let generate_name = format!("{}-", object.meta.name);
    let name: Text = loop {
        let name = format!("{generate_name}{}", world.random.suffix(5));
        if world.store.find(Kind::Pod, &object.meta.namespace, &name).is_none() {
            break name.into();
        }
    };
    let mut meta = Metadata::new(object.meta.namespace.clone(), name.clone());
    meta.generate_name = generate_name.into();
    meta.labels = set.template.labels.clone();
    meta.annotations = set.template.annotations.clone();
    meta.finalizers = set.template.finalizers.clone();
    meta.owners = [controller_reference(Kind::ReplicaSet, &object.meta)].into();
    let spec = set.template.spec.clone();
    let own = PodIdentity {
        hostname: spec.hostname.clone(),
        subdomain: spec.subdomain.clone(),
        token_suffix: world.random.suffix(5).into(),
        ..PodIdentity::default()
    };
    world.insert(Object { meta, body: Body::Pod(Pod::new(spec, own)) });
    let remark = Remark::normal(SOURCE, "SuccessfulCreate", format!("Created pod: {name}"));
    client::say(world, Controller::ReplicaSet, object, remark);
}

/// The pods that go first: those that work least, then those on crowded nodes, then the youngest.
fn choose(world: &World, object: &Object, active: &[Rc<Object>], count: usize) -> Vec<Rc<Object>> {
    let related = related_per_node(world, object);
    let rank = |pod: &Rc<Object>| pod.pod().and_then(|pod| related.get(&pod.node_name)).copied().unwrap_or(0);
    let now = world.now_ms();
    let mut pods: Vec<(usize, Rc<Object>)> = active.iter().map(|pod| (rank(pod), pod.clone())).collect();
    order::sort_by(&mut pods, |left, right| first_to_go(left, right, now));
    pods.into_iter().take(count).map(|(_, pod)| pod).collect()
}

/// How many active pods of the same Deployment each node holds.
fn related_per_node(world: &World, object: &Object) -> SortedMap<Text, usize> {
    let siblings: Vec<&Rc<Object>> = match object.meta.controller() {
        Some(owner) => world.store.owned_by(owner.uid).filter(|set| set.replica_set().is_some()).collect(),
        None => world.store.get(&object.key()).into_iter().collect(),
    };
    let mut counts = SortedMap::new();
    for pod in siblings.into_iter().flat_map(|set| world.store.owned_by(set.meta.uid)) {
        if let Some(body) = pod.pod().filter(|body| !body.status.phase.terminal() && !pod.meta.terminating()) {
            *counts.entry(body.node_name.clone()).or_insert(0) += 1;
        }
    }
    counts
}

fn first_to_go(left: &(usize, Rc<Object>), right: &(usize, Rc<Object>), now: Ms) -> Ordering {
    let ((left_rank, left), (right_rank, right)) = (left, right);
    let (Some(one), Some(other)) = (left.pod(), right.pod()) else { return Ordering::Equal };
    let phase = |pod: &Pod| match pod.status.phase {
        Phase::Pending => 0,
        Phase::Unknown => 1,
        _ => 2,
    };
    let cost = |object: &Object| object.meta.annotation(DELETION_COST).and_then(|cost| cost.parse::<i64>().ok()).unwrap_or(0);
    let youngest = |one: Ms, other: Ms| age(one, now).cmp(&age(other, now)).then_with(|| left.meta.uid.cmp(&right.meta.uid));
    one.bound()
        .cmp(&other.bound())
        .then_with(|| phase(one).cmp(&phase(other)))
        .then_with(|| one.ready().cmp(&other.ready()))
        .then_with(|| cost(left).cmp(&cost(right)))
        .then_with(|| right_rank.cmp(left_rank))
        .then_with(|| match (one.ready_since_ms(), other.ready_since_ms()) {
            (Some(one), Some(other)) if one != other => youngest(one, other),
            _ => Ordering::Equal,
        })
        .then_with(|| other.restarts().cmp(&one.restarts()))
        .then_with(|| youngest(left.meta.creation_ms, right.meta.creation_ms))
}

/// Ages count in powers of two, so that pods of about one age go in no order (`LogarithmicScaleDown`).
fn age(since_ms: Ms, now: Ms) -> u32 {
    (now.saturating_sub(since_ms) * 1_000_000).checked_ilog2().unwrap_or(0)
}

/// The pods as they were when they were read, counted; and when the next of them becomes available.
fn status(world: &World, set: &Workload, sync: &Sync) -> (WorkloadStatus, Option<Ms>) {
    let now = world.now_ms();
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let wait_ms = set.min_ready_seconds.unsigned_abs() * 1000;
    let ready: Vec<Ms> = sync.active.iter().filter_map(|pod| Some(pod.pod()?.ready_since_ms()? + wait_ms)).collect();
    let available = ready.iter().filter(|at_ms| **at_ms <= now).count();
    let labels = &set.template.labels;
    let labelled = sync.active.iter().filter(|pod| labels.iter().all(|(key, value)| pod.meta.labels.get(key) == Some(value))).count();
    let status = WorkloadStatus {
        replicas: count(sync.active.len()),
        fully_labeled_replicas: count(labelled),
        ready_replicas: count(ready.len()),
        available_replicas: count(available),
        terminating_replicas: Some(count(sync.terminating)),
        observed_generation: sync.object.meta.generation,
        ..set.status.clone()
    };
    (status, ready.into_iter().filter(|at_ms| now < *at_ms).min())
}

/// Writes the status, and looks again when the next pod becomes available.
fn write_status(world: &mut World, set: &Workload, sync: &Sync) {
    let (status, next_ms) = status(world, set, sync);
    if let Some(next_ms) = next_ms {
        world.wake_at(Controller::ReplicaSet, sync.object.key(), next_ms);
    }
    world.change(&sync.object.key(), |stored| {
        if let Some(body) = stored.replica_set_mut() {
            body.status = status;
        }
    });
}
