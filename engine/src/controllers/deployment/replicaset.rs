//! The ReplicaSet controller: as many pods as asked for, none with an identity.
//! It must not know Deployments. Follows `pkg/controller/replicaset/replica_set.go` and `controller_utils.go` 1.36.

use crate::order;
use crate::sorted::SortedMap;
use std::cmp::Ordering;
use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Text, controller_reference};
use crate::api::object::{Body, Key, Object};
use crate::api::pod::{Phase, Pod, PodIdentity};
use crate::api::time::Ms;
use crate::api::workload::Workload;
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::recorder::Remark;

use super::super::Controller;

const SOURCE: &str = "replicaset-controller";
/// As many pods as one look creates or deletes at most.
const BURST: usize = 500;
/// The annotation that says which pods are cheap to delete.
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";

/// Looks at one object.
pub fn sync_replica_set(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let Some(set) = object.replica_set() else { return };
    if !object.meta.terminating() {
        claim_pods(world, &object, set);
    }
    let owned: Vec<Rc<Object>> = world.store.owned_by(object.meta.uid).filter(|pod| pod.pod().is_some()).cloned().collect();
    let ended = |pod: &Rc<Object>| pod.pod().is_some_and(|pod| pod.status.phase.terminal());
    let (terminating, active): (Vec<Rc<Object>>, Vec<Rc<Object>>) =
        owned.into_iter().filter(|pod| !ended(pod)).partition(|pod| pod.meta.terminating());
    if !object.meta.terminating() {
        manage(world, &object, set, &active);
    }
    write_status(world, &object, set, &active, terminating.len());
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

fn manage(world: &mut World, object: &Object, set: &Workload, active: &[Rc<Object>]) {
    let asked = usize::try_from(set.replicas).unwrap_or(0);
    for _ in active.len()..asked.min(active.len() + BURST) {
        create_pod(world, object, set);
    }
    if asked < active.len() {
        let count = (active.len() - asked).min(BURST);
        for pod in choose(world, object, active, count) {
            // It may have gone since.
            let _ = world.delete(&pod.key(), &DeleteOptions::default());
            let message = format!("Deleted pod: {}", pod.meta.name);
            world.record(Kind::ReplicaSet, &object.meta, Remark::normal(SOURCE, "SuccessfulDelete", message));
        }
    }
    let (rule, waits) = match active.len().cmp(&asked) {
        Ordering::Less => ("replicaset-creates-pods", false),
        Ordering::Equal => ("replicaset-has-its-pods", false),
        Ordering::Greater => ("replicaset-deletes-pods", false),
    };
    let since_ms = world.now_ms();
    world.decisions.note(Decision { since_ms, subject: object.key(), rule, waits, objects: Vec::new(), arguments: Vec::new() });
}

fn create_pod(world: &mut World, object: &Object, set: &Workload) {
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
    world.record(Kind::ReplicaSet, &object.meta, Remark::normal(SOURCE, "SuccessfulCreate", format!("Created pod: {name}")));
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

fn write_status(world: &mut World, object: &Object, set: &Workload, active: &[Rc<Object>], terminating: usize) {
    let now = world.now_ms();
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let ready: Vec<Ms> = active.iter().filter_map(|pod| pod.pod()?.ready_since_ms()).collect();
    let wait_ms = set.min_ready_seconds.unsigned_abs() * 1000;
    let available = ready.iter().filter(|since_ms| *since_ms + wait_ms <= now).count();
    if let Some(next_ms) = ready.iter().map(|since_ms| since_ms + wait_ms).filter(|at_ms| now < *at_ms).min() {
        world.wake_at(Controller::ReplicaSet, object.key(), next_ms);
    }
    let labels = &set.template.labels;
    let labelled = active.iter().filter(|pod| labels.iter().all(|(key, value)| pod.meta.labels.get(key) == Some(value))).count();
    world.change(&object.key(), |stored| {
        let generation = stored.meta.generation;
        let Some(body) = stored.replica_set_mut() else { return };
        let status = &mut body.status;
        status.replicas = count(active.len());
        status.fully_labeled_replicas = count(labelled);
        status.ready_replicas = count(ready.len());
        status.available_replicas = count(available);
        status.terminating_replicas = Some(count(terminating));
        status.observed_generation = generation;
    });
}
