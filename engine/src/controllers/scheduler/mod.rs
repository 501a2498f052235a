//! The scheduler: binds pods to nodes, and says why it cannot.
//!
//! Owns which pods wait and for what, and how many pods each node holds. It must not know who makes pods or runs them.
//! Follows `pkg/scheduler` 1.36: `schedule_one.go`, `eventhandlers.go`, and the plugins under `framework/plugins`.
//!
//! Where the real one scores by resources and spreads "about evenly", this one is exact, so that a run can be followed: the
//! node with the fewest pods of the same controller, then the fewest pods, then the first by name.

mod affinity;
mod claims;
mod fit;
mod room;
#[cfg(test)]
mod tests;

use crate::sorted::{SortedMap, SortedSet};

use crate::api::kind::Kind;
use crate::api::metadata::{Text, Uid};
use crate::api::object::{Key, Object};
use crate::api::pod::{ConditionStatus, POD_SCHEDULED, Pod};
use crate::api::read;
use crate::api::text::text;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::recorder::Remark;
use crate::cluster::store::{Change, Verb};

use super::Controller;
use super::volumes;
use claims::Claims;
use fit::Misfit;

const SOURCE: &str = "default-scheduler";
/// A pod whose volumes are being made is looked at once a second (`binder.go`, `BindPodVolumes`).
const POLL_MS: Ms = 1_000;
/// How long the scheduler is busy with one pod, as recorded.
const CYCLE_MS: Ms = 5;

/// What is remembered between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What each node holds.
    nodes: SortedMap<Text, Load>,
    /// Bound pods with required anti-affinity: they keep others away.
    repelling: SortedSet<Key>,
    /// Pods that found no node, because of the nodes or of the pods on them.
    waiting: SortedSet<Key>,
    /// Pods that wait at their node for volumes to be made, and since when.
    assumed: SortedMap<Key, Assumed>,
    /// When the next pod's turn comes, at the earliest: one is scheduled after the other.
    next_ms: Ms,
}

/// What a node holds.
#[derive(Clone, Debug, Default)]
struct Load {
    pods: usize,
    system_pods: usize,
    by_controller: SortedMap<Uid, usize>,
}

/// A pod that will be bound once its volumes are there.
#[derive(Clone, Debug)]
struct Assumed {
    place: Place,
    since_ms: Ms,
}

impl Memory {
    fn take(&mut self, place: &Place) {
        let load = self.nodes.entry(place.node.clone()).or_default();
        load.pods += 1;
        load.system_pods += usize::from(place.system);
        if let Some(uid) = place.controller {
            *load.by_controller.entry(uid).or_default() += 1;
        }
    }

    fn release(&mut self, place: &Place) {
        let Some(load) = self.nodes.get_mut(&place.node) else { return };
        load.pods = load.pods.saturating_sub(1);
        load.system_pods = load.system_pods.saturating_sub(usize::from(place.system));
        if let Some(uid) = place.controller
            && let Some(count) = load.by_controller.get_mut(&uid)
        {
            *count = count.saturating_sub(1);
            if *count == 0 {
                load.by_controller.remove(&uid);
            }
        }
        if load.pods == 0 {
            self.nodes.remove(&place.node);
        }
    }

    fn forget_assumed(&mut self, key: &Key) {
        if let Some(assumed) = self.assumed.remove(key) {
            self.release(&assumed.place);
        }
    }

    /// How many pods of one controller a node holds, how many that count in the spreading, and how many in all.
    fn load(&self, node: &str, controller: Option<Uid>) -> (usize, usize, usize) {
        self.nodes.get(node).map_or((0, 0, 0), |load| {
            let own = controller.and_then(|uid| load.by_controller.get(&uid)).copied().unwrap_or(0);
            (own, load.pods - load.system_pods, load.pods)
        })
    }
}

/// Wakes the actor for what a change concerns.
pub fn notice(world: &mut World, change: &Change) {
    match change.new.kind() {
        Kind::Pod => notice_pod(world, change),
        Kind::PersistentVolumeClaim => {
            let pods = unbound_users(world, &change.new.key());
            wake_all(world, pods);
        }
        Kind::PersistentVolume => {
            if let Some(claim) = change.new.volume().and_then(|volume| volume.claim.as_ref()) {
                let claim = Key::new(Kind::PersistentVolumeClaim, claim.namespace.clone(), claim.name.clone());
                let pods = unbound_users(world, &claim);
                wake_all(world, pods);
            } else {
                wake_waiting(world);
            }
        }
        Kind::Node if change.verb != Verb::Deleted => {
            let lost = change.old.as_ref().is_some_and(|old| old.node() == change.new.node() && old.meta.labels == change.new.meta.labels);
            if !lost {
                wake_waiting(world);
            }
        }
        Kind::StorageClass => {
            // A class decides whether pods may come before their volumes.
            let of_class = |claim: &Object| claim.claim().is_some_and(|body| body.class.as_ref() == Some(&change.new.meta.name));
            let claims = world.store.all(Kind::PersistentVolumeClaim).filter(|claim| of_class(claim));
            let pods: Vec<Key> = claims.flat_map(|claim| unbound_users(world, &claim.key())).collect();
            wake_all(world, pods);
            wake_waiting(world);
        }
        _ => {}
    }
}

/// The pods that use a claim and have no node yet.
fn unbound_users(world: &World, claim: &Key) -> Vec<Key> {
    volumes::users(world, claim).filter(|pod| unbound(world, pod)).cloned().collect()
}

fn notice_pod(world: &mut World, change: &Change) {
    let key = change.new.key();
    let before = change.old.as_deref().and_then(held_place);
    let after = if change.verb == Verb::Deleted { None } else { held_place(&change.new) };
    if before != after {
        let memory = &mut world.memory.scheduler;
        if let Some(place) = before {
            memory.release(&place);
            memory.repelling.remove(&key);
        }
        if let Some(place) = after {
            memory.forget_assumed(&key);
            memory.take(&place);
            if change.new.pod().is_some_and(|pod| !pod.spec.anti_affinity.is_empty()) {
                memory.repelling.insert(key.clone());
            }
        }
        // A pod that came or went may make room for one that waits.
        wake_waiting(world);
    }
    if change.verb == Verb::Deleted {
        world.memory.scheduler.waiting.remove(&key);
        world.memory.scheduler.forget_assumed(&key);
    } else if change.verb == Verb::Added && change.new.pod().is_some_and(|pod| !pod.bound()) {
        enqueue(world, key);
    }
}

/// Puts a pod into the scheduler's queue.
fn enqueue(world: &mut World, pod: Key) {
    if world.instant || world.is_awake(Controller::Scheduler, &pod) {
        world.wake(Controller::Scheduler, pod);
        return;
    }
    let at_ms = world.memory.scheduler.next_ms.max(world.now_ms() + Controller::Scheduler.delay_ms());
    world.memory.scheduler.next_ms = at_ms + CYCLE_MS;
    world.wake_at(Controller::Scheduler, pod, at_ms);
}

/// Where a pod takes up room, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    node: Text,
    controller: Option<Uid>,
    /// The cluster's own pods fill a node but do not count in the spreading: a person's first pod goes to the first node.
    system: bool,
}

/// The place of a bound pod that has not ended.
fn held_place(object: &Object) -> Option<Place> {
    let pod = object.pod()?;
    let system = &*object.meta.namespace == "kube-system";
    let controller = object.meta.controller().map(|owner| owner.uid);
    (pod.bound() && !pod.status.phase.terminal()).then(|| Place { node: pod.node_name.clone(), controller, system })
}

fn unbound(world: &World, pod: &Key) -> bool {
    world.store.get(pod).and_then(|object| object.pod()).is_some_and(|pod| !pod.bound())
}

fn wake_waiting(world: &mut World) {
    if !world.memory.scheduler.waiting.is_empty() {
        let pods = world.memory.scheduler.waiting.iter().cloned().collect();
        wake_all(world, pods);
    }
}

fn wake_all(world: &mut World, pods: Vec<Key>) {
    for pod in pods {
        if !world.memory.scheduler.assumed.contains_key(&pod) {
            enqueue(world, pod);
        }
    }
}

/// Looks at one object.
pub fn sync(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let Some(pod) = object.pod() else { return };
    if pod.bound() || object.meta.terminating() || pod.status.phase.terminal() || !is_ours(pod) {
        world.memory.scheduler.waiting.remove(key);
        world.memory.scheduler.forget_assumed(key);
        return;
    }
    if let Some(assumed) = world.memory.scheduler.assumed.get(key).cloned() {
        await_volumes(world, &object, pod, &assumed);
        return;
    }
    let claims = match claims::look(world, &object.meta.namespace, pod) {
        Ok(claims) => claims,
        Err(wait) => {
            let nodes = world.store.count(Kind::Node);
            fail(world, &object, text!("0/{nodes} nodes are available: {}. not found", wait.reason));
            note(world, key, wait.rule, wait.objects);
            return;
        }
    };
    let controller = object.meta.controller().map(|owner| owner.uid);
    match fit::choose(world, &object, pod, controller, &claims) {
        Ok(node) => {
            world.memory.scheduler.waiting.remove(key);
            place(world, &object, &node, controller, &claims);
        }
        Err(misfits) => {
            if let Some(node) = room::make(world, &object.meta, pod, &misfits) {
                world.memory.scheduler.waiting.remove(key);
                world.wake(Controller::Scheduler, key.clone());
                note(world, key, "sandbox-adds-node", vec![node]);
                return;
            }
            world.memory.scheduler.waiting.insert(key.clone());
            fail(world, &object, fit::message(&misfits).into());
            let (rule, nodes) = blame(&misfits);
            note(world, key, rule, nodes);
        }
    }
}

/// Whether the default scheduler is meant.
fn is_ours(pod: &Pod) -> bool {
    read::string(&pod.spec.document, &["schedulerName"]).is_none_or(|name| name.is_empty() || name == SOURCE)
}

/// Binds the pod, or waits for its volumes first.
fn place(world: &mut World, object: &Object, node: &Text, controller: Option<Uid>, claims: &Claims) {
    if claims.delayed.is_empty() {
        bind(world, object, node);
        return;
    }
    let key = object.key();
    let since_ms = world.now_ms();
    let place = Place { node: node.clone(), controller, system: &*object.meta.namespace == "kube-system" };
    world.memory.scheduler.take(&place);
    world.memory.scheduler.assumed.insert(key.clone(), Assumed { place, since_ms });
    world.change(&key, |object| {
        if let Some(pod) = object.pod_mut() {
            pod.status.nominated_node = node.clone();
        }
    });
    claims::claim_node(world, node, &claims.delayed);
    note(world, &key, "pod-waits-for-volumes", claims.delayed.clone());
    world.wake_at(Controller::Scheduler, key, since_ms + POLL_MS);
}

/// Binds a pod whose volumes were being made, once they are there.
fn await_volumes(world: &mut World, object: &Object, pod: &Pod, assumed: &Assumed) {
    let now = world.now_ms();
    let elapsed = now - assumed.since_ms;
    if elapsed == 0 || !elapsed.is_multiple_of(POLL_MS) {
        world.wake_at(Controller::Scheduler, object.key(), assumed.since_ms + (elapsed / POLL_MS + 1) * POLL_MS);
        return;
    }
    match claims::look(world, &object.meta.namespace, pod) {
        Ok(claims) if claims.delayed.is_empty() => {
            if world.store.find(Kind::Node, "", &assumed.place.node).is_some() {
                bind(world, object, &assumed.place.node);
            } else {
                world.memory.scheduler.forget_assumed(&object.key());
                world.wake(Controller::Scheduler, object.key());
            }
        }
        Ok(_) => world.wake_at(Controller::Scheduler, object.key(), now + POLL_MS),
        Err(_) => {
            // A claim went away: start over.
            world.memory.scheduler.forget_assumed(&object.key());
            world.wake(Controller::Scheduler, object.key());
        }
    }
}

fn bind(world: &mut World, object: &Object, node: &Text) {
    let now = world.now_ms();
    let key = object.key();
    world.change(&key, |object| {
        if let Some(pod) = object.pod_mut() {
            pod.node_name = node.clone();
            pod.status.nominated_node = "".into();
            pod.status.set_condition(POD_SCHEDULED, ConditionStatus::True, "", "", now);
        }
    });
    let message = text!("Successfully assigned {}/{} to {node}", object.meta.namespace, object.meta.name);
    world.record_series(Kind::Pod, &object.meta, Remark::normal(SOURCE, "Scheduled", message));
    world.decisions.note(Decision {
        since_ms: now,
        subject: key,
        rule: "pod-is-scheduled",
        waits: false,
        objects: vec![Key::new(Kind::Node, "", node.clone())],
        arguments: Vec::new(),
    });
}

/// Says that no node is fit.
fn fail(world: &mut World, object: &Object, message: Text) {
    let now = world.now_ms();
    world.change(&object.key(), |object| {
        if let Some(pod) = object.pod_mut() {
            pod.status.set_condition(POD_SCHEDULED, ConditionStatus::False, "Unschedulable", &message, now);
        }
    });
    world.record_series(Kind::Pod, &object.meta, Remark::warning(SOURCE, "FailedScheduling", message));
}

/// The rule behind the most common reason, and the nodes it holds for.
fn blame(misfits: &[(Text, Misfit)]) -> (&'static str, Vec<Key>) {
    let mut counts: SortedMap<Misfit, usize> = SortedMap::new();
    for (_, misfit) in misfits {
        *counts.entry(*misfit).or_default() += 1;
    }
    let Some((worst, _)) = counts.into_iter().max_by_key(|(misfit, count)| (*count, std::cmp::Reverse(*misfit))) else {
        return ("pod-waits-for-node", Vec::new());
    };
    let nodes = misfits.iter().filter(|(_, misfit)| *misfit == worst).map(|(node, _)| Key::new(Kind::Node, "", node.clone()));
    (worst.rule(), nodes.collect())
}

fn note(world: &mut World, pod: &Key, rule: &'static str, objects: Vec<Key>) {
    let since_ms = world.now_ms();
    world.decisions.note(Decision { since_ms, subject: pod.clone(), rule, waits: true, objects, arguments: Vec::new() });
}
