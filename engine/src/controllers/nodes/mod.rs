//! Nodes that go silent or are cordoned: their `Ready` condition, their taints, and what becomes of the pods on them.
//!
//! Owns the taints that the control plane sets. It must not know who made a pod, nor the scheduler, which only reads taints.
//! Follows `pkg/controller/nodelifecycle/node_lifecycle_controller.go`, `pkg/controller/tainteviction` and
//! `pkg/controller/podgc` 1.36.

mod eviction;
#[cfg(test)]
mod tests;

use crate::sorted::SortedMap;

use crate::api::kind::Kind;
use crate::api::metadata::Text;
use crate::api::node::{Node, Taint};
use crate::api::object::{Key, Object};
use crate::api::pod::{ConditionStatus, DISRUPTION_TARGET, Phase, READY};
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::recorder::Remark;
use crate::cluster::store::{Change, Verb};

use super::Controller;

pub use eviction::evict;

const SOURCE: &str = "node-controller";
/// From a node's silence to its being NotReady: a grace period of 50 s, counted from the last sign of life, as recorded.
const SILENT_MS: Ms = 49_600;
/// From a node's return to its next status report, as recorded.
const REPORT_MS: Ms = 3_770;
/// From `Unknown` to the taint that evicts, as recorded.
const EVICT_MS: Ms = 34;
/// From `Ready` to the removal of the taint that evicts: the next pass of a loop that runs every 5 s, as recorded.
const FORGIVE_MS: Ms = 1_918;
/// How long pods of a node that was deleted are left alone (`podgc`: 40 s, looked at every 20 s).
const ORPHANED_MS: Ms = 50_000;

const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
const NOT_READY: &str = "node.kubernetes.io/not-ready";
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";
const NO_SCHEDULE: &str = "NoSchedule";
const NO_EXECUTE: &str = "NoExecute";

/// What is remembered between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Nodes whose kubelet does not answer, and since when.
    silent: SortedMap<Text, Ms>,
    /// Nodes whose kubelet has answered again, and since when.
    back: SortedMap<Text, Ms>,
    /// Nodes that were deleted, and when.
    deleted: SortedMap<Text, Ms>,
    /// Pods that will be evicted: since when that is known, and when.
    doomed: SortedMap<Key, (Ms, Ms)>,
}

/// Hears that the settings of kubelets changed: nodes may have gone silent or come back.
pub fn settings_changed(world: &mut World) {
    let now = world.now_ms();
    let nodes: Vec<(Key, bool)> =
        world.store.all(Kind::Node).map(|node| (node.key(), node.node().is_some_and(|node| node.ready == ConditionStatus::True))).collect();
    for (key, ready) in nodes {
        let down = world.settings.kubelet.nodes_down.contains(&key.name);
        let memory = &mut world.memory.nodes;
        if down && !memory.silent.contains_key(&key.name) {
            memory.back.remove(&key.name);
            memory.silent.insert(key.name.clone(), now);
            world.wake_at(Controller::NodeLifecycle, key, now + SILENT_MS);
        } else if !down && memory.silent.remove(&key.name).is_some() && !ready {
            memory.back.insert(key.name.clone(), now);
            world.wake_at(Controller::NodeLifecycle, key, now + REPORT_MS);
        }
    }
}

/// Makes a node's kubelet fall silent, or answer again.
pub fn set_silent(world: &mut World, node: &str, silent: bool) {
    let nodes_down = &mut world.settings.kubelet.nodes_down;
    let changed = if silent { nodes_down.insert(node.into()) } else { nodes_down.remove(node) };
    if changed {
        super::kubelet_settings_changed(world);
    }
}

/// Wakes the actor for what a change concerns.
pub fn notice(world: &mut World, change: &Change) {
    match &change.new.kind() {
        Kind::Node => notice_node(world, change),
        Kind::Pod => {
            let key = change.new.key();
            if change.verb == Verb::Deleted {
                world.memory.nodes.doomed.remove(&key);
                return;
            }
            let node_of = |object: &Object| object.pod().filter(|pod| pod.bound()).map(|pod| pod.node_name.clone());
            let Some(node) = node_of(&change.new) else { return };
            if change.old.as_deref().and_then(node_of).is_none() && evicts(world, &node) {
                world.wake(Controller::TaintEviction, key);
            }
        }
        _ => {}
    }
}

fn notice_node(world: &mut World, change: &Change) {
    let key = change.new.key();
    if change.verb == Verb::Deleted {
        let now = world.now_ms();
        world.memory.nodes.deleted.insert(key.name.clone(), now);
        world.wake_at(Controller::NodeLifecycle, key, now + ORPHANED_MS);
        return;
    }
    let Some(node) = change.new.node() else { return };
    world.memory.nodes.deleted.remove(&key.name);
    let old = change.old.as_deref().and_then(Object::node);
    if no_schedule(node) != standing(node, NO_SCHEDULE) || old.is_some_and(|old| old.ready != node.ready) {
        world.wake(Controller::NodeLifecycle, key.clone());
    }
    let evicting = |node: &Node| node.taints.iter().filter(|taint| &*taint.effect == NO_EXECUTE).cloned().collect::<Vec<Taint>>();
    if old.map(evicting).unwrap_or_default() != evicting(node) {
        for pod in pods_on(world, &key.name) {
            world.wake(Controller::TaintEviction, pod);
        }
    }
}

fn evicts(world: &World, node: &str) -> bool {
    let node = world.store.find(Kind::Node, "", node).and_then(|node| node.node());
    node.is_some_and(|node| node.taints.iter().any(|taint| &*taint.effect == NO_EXECUTE))
}

fn pods_on(world: &World, node: &str) -> Vec<Key> {
    let on_node = |object: &&std::rc::Rc<Object>| object.pod().is_some_and(|pod| &*pod.node_name == node);
    world.store.all(Kind::Pod).filter(on_node).map(|pod| pod.key()).collect()
}

/// The keys of the taints with an effect that the control plane sets on a node.
fn standing(node: &Node, effect: &str) -> Vec<&'static str> {
    let own = [NOT_READY, UNREACHABLE, UNSCHEDULABLE];
    own.into_iter().filter(|key| node.taints.iter().any(|taint| &*taint.key == *key && &*taint.effect == effect)).collect()
}

/// The keys of the taints that keep pods off a node, as it is now.
fn no_schedule(node: &Node) -> Vec<&'static str> {
    let mut keys = no_execute(node);
    if node.unschedulable {
        keys.push(UNSCHEDULABLE);
    }
    keys
}

/// The keys of the taints that drive pods off a node, as it is now.
fn no_execute(node: &Node) -> Vec<&'static str> {
    match node.ready {
        ConditionStatus::True => vec![],
        ConditionStatus::False => vec![NOT_READY],
        ConditionStatus::Unknown => vec![UNREACHABLE],
    }
}

/// Looks at one object.
pub fn sync(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else {
        forget_pods(world, key);
        return;
    };
    let Some(node) = object.node() else { return };
    let now = world.now_ms();
    let memory = &world.memory.nodes;
    let silent_ms = memory.silent.get(&key.name).map(|since_ms| since_ms + SILENT_MS).filter(|_| node.ready == ConditionStatus::True);
    let back_ms = memory.back.get(&key.name).map(|since_ms| since_ms + REPORT_MS).filter(|_| node.ready != ConditionStatus::True);
    if let Some(due_ms) = silent_ms {
        if now < due_ms {
            world.wake_at(Controller::NodeLifecycle, key.clone(), due_ms);
        } else {
            fall_silent(world, &object);
            return;
        }
    }
    if let Some(due_ms) = back_ms {
        if now < due_ms {
            world.wake_at(Controller::NodeLifecycle, key.clone(), due_ms);
        } else {
            come_back(world, &object);
            return;
        }
    }
    if no_schedule(node) != standing(node, NO_SCHEDULE) {
        set_taints(world, key, NO_SCHEDULE, &no_schedule(node));
    }
    if no_execute(node) != standing(node, NO_EXECUTE) {
        let due_ms = node.ready_since_ms + if node.ready == ConditionStatus::True { FORGIVE_MS } else { EVICT_MS };
        if now < due_ms {
            world.wake_at(Controller::NodeLifecycle, key.clone(), due_ms);
        } else {
            set_taints(world, key, NO_EXECUTE, &no_execute(node));
        }
    }
}

/// Makes the control plane's taints with one effect the given ones.
fn set_taints(world: &mut World, key: &Key, effect: &str, wanted: &[&str]) {
    let now = world.now_ms();
    world.change(key, |object| {
        let Some(node) = object.node_mut() else { return };
        let own = |taint: &Taint| &*taint.effect == effect && [NOT_READY, UNREACHABLE, UNSCHEDULABLE].contains(&&*taint.key);
        let mut taints: Vec<Taint> = node.taints.iter().filter(|taint| !own(taint) || wanted.contains(&&*taint.key)).cloned().collect();
        for key in wanted {
            if !taints.iter().any(|taint| &*taint.key == *key && &*taint.effect == effect) {
                taints.push(Taint { key: (*key).into(), value: "".into(), effect: effect.into(), added_ms: Some(now) });
            }
        }
        node.taints = taints.into();
    });
}

fn set_ready(world: &mut World, key: &Key, ready: ConditionStatus) {
    let now = world.now_ms();
    world.change(key, |object| {
        if let Some(node) = object.node_mut() {
            node.ready = ready;
            node.ready_since_ms = now;
        }
    });
}

/// The node is not heard of any more: it and its pods count as not ready.
fn fall_silent(world: &mut World, node: &Object) {
    let key = node.key();
    let now = world.now_ms();
    set_ready(world, &key, ConditionStatus::Unknown);
    let message = format!("Node {} status is now: NodeNotReady", key.name);
    world.record(Kind::Node, &node.meta, Remark::normal(SOURCE, "NodeNotReady", message));
    for pod in pods_on(world, &key.name) {
        let Some(object) = world.get(&pod) else { continue };
        if !object.pod().is_some_and(|pod| pod.ready()) {
            continue;
        }
        world.change(&pod, |object| {
            if let Some(pod) = object.pod_mut() {
                pod.status.set_condition(READY, ConditionStatus::False, "", "", now);
            }
        });
        world.record(Kind::Pod, &object.meta, Remark::warning(SOURCE, "NodeNotReady", "Node is not ready"));
    }
    let decision =
        Decision { since_ms: now, subject: key, rule: "node-is-silent", waits: true, objects: Vec::new(), arguments: Vec::new() };
    world.decisions.note(decision);
}

fn come_back(world: &mut World, node: &Object) {
    let key = node.key();
    let now = world.now_ms();
    world.memory.nodes.back.remove(&key.name);
    set_ready(world, &key, ConditionStatus::True);
    let message = format!("Node {} status is now: NodeReady", key.name);
    world.record(Kind::Node, &node.meta, Remark::normal("kubelet", "NodeReady", message));
    let decision =
        Decision { since_ms: now, subject: key, rule: "node-is-ready", waits: false, objects: Vec::new(), arguments: Vec::new() };
    world.decisions.note(decision);
}

/// Pods of a node that was deleted are ended, since nobody runs them.
fn forget_pods(world: &mut World, node: &Key) {
    let Some(since_ms) = world.memory.nodes.deleted.get(&node.name).copied() else { return };
    let now = world.now_ms();
    if now < since_ms + ORPHANED_MS {
        world.wake_at(Controller::NodeLifecycle, node.clone(), since_ms + ORPHANED_MS);
        return;
    }
    world.memory.nodes.deleted.remove(&node.name);
    for key in pods_on(world, &node.name) {
        world.change(&key, |object| {
            let Some(pod) = object.pod_mut() else { return };
            if !pod.status.phase.terminal() {
                pod.status.phase = Phase::Failed;
                let message = "PodGC: node no longer exists";
                pod.status.set_condition(DISRUPTION_TARGET, ConditionStatus::True, "DeletionByPodGC", message, now);
            }
        });
        // It may be gone already.
        let _ = world.delete(&key, &DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::default() });
    }
}
