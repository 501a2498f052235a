//! Ends pods on nodes whose taints they do not tolerate, at once or after a while.
//! It must not know who set the taints. Follows `pkg/controller/tainteviction/taint_eviction.go` 1.36.

use crate::api::kind::Kind;
use crate::api::node::Taint;
use crate::api::object::{Key, Object};
use crate::api::pod::{ConditionStatus, DISRUPTION_TARGET, Pod};
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::recorder::Remark;

use super::super::Controller;
use super::{NO_EXECUTE, NOT_READY, UNREACHABLE};

const SOURCE: &str = "taint-eviction-controller";
/// How long a pod bears a node that is not ready or not reachable where it does not say (`DefaultTolerationSeconds`).
const UNWRITTEN_MS: Ms = 300_000;

/// Looks at one object.
pub fn evict(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let Some(pod) = object.pod() else { return };
    if object.meta.terminating() {
        world.memory.nodes.doomed.remove(key);
        return;
    }
    let node = world.store.find(Kind::Node, "", &pod.node_name).and_then(|node| node.node());
    let taints: Vec<&Taint> =
        node.map(|node| node.taints.iter().filter(|taint| &*taint.effect == NO_EXECUTE).collect()).unwrap_or_default();
    let delay_ms = if taints.is_empty() { None } else { bears_for_ms(pod, &taints) };
    let now = world.now_ms();
    let Some(delay_ms) = delay_ms else {
        if world.memory.nodes.doomed.remove(key).is_some() {
            let message = format!("Cancelling deletion of Pod {}/{}", key.namespace, key.name);
            world.record(Kind::Pod, &object.meta, Remark::normal(SOURCE, "TaintManagerEviction", message));
            // It need not go any more: what stands about it is where it runs.
            note(world, key, pod, "pod-is-scheduled", false, Vec::new());
        }
        return;
    };
    let known = world.memory.nodes.doomed.get(key).copied();
    let (since_ms, due_ms) = known.unwrap_or((now, now.saturating_add(delay_ms)));
    if now < due_ms {
        world.memory.nodes.doomed.insert(key.clone(), (since_ms, due_ms));
        world.wake_at(Controller::TaintEviction, key.clone(), due_ms);
        let seconds = due_ms.saturating_sub(since_ms) / 1000;
        note(world, key, pod, "pod-bears-taint-for-a-while", true, vec![("seconds", seconds.to_string())]);
        return;
    }
    world.memory.nodes.doomed.remove(key);
    end(world, &object);
}

/// Notes what is decided about a pod on its node.
fn note(world: &mut World, key: &Key, pod: &Pod, rule: &'static str, waits: bool, arguments: Vec<(&'static str, String)>) {
    let objects = vec![Key::new(Kind::Node, "", pod.node_name.clone())];
    world.decisions.note(Decision { since_ms: world.now_ms(), subject: key.clone(), rule, waits, objects, arguments });
}

/// How long a pod bears taints: the shortest of its tolerations, 0 where one is not tolerated, `None` for ever.
fn bears_for_ms(pod: &Pod, taints: &[&Taint]) -> Option<Ms> {
    let mut shortest: Option<Ms> = None;
    for taint in taints {
        let tolerating = pod.spec.tolerations.iter().find(|one| one.tolerates(&taint.key, &taint.value, &taint.effect));
        match tolerating {
            // Admission gives every pod that says nothing about it five minutes; a workload's pods carry that unwritten.
            None if [NOT_READY, UNREACHABLE].contains(&&*taint.key) => {
                shortest = [shortest, Some(UNWRITTEN_MS)].into_iter().flatten().min();
            }
            None => return Some(0),
            Some(toleration) => {
                let bearing = toleration.seconds.map(|seconds| u64::try_from(seconds).unwrap_or(0).saturating_mul(1000));
                shortest = [shortest, bearing].into_iter().flatten().min();
            }
        }
    }
    shortest
}

fn end(world: &mut World, object: &Object) {
    let key = object.key();
    let now = world.now_ms();
    let message = format!("Marking for deletion Pod {}/{}", key.namespace, key.name);
    world.record(Kind::Pod, &object.meta, Remark::normal(SOURCE, "TaintManagerEviction", message));
    world.change(&key, |object| {
        if let Some(pod) = object.pod_mut() {
            let message = "Taint manager: deleting due to NoExecute taint";
            pod.status.set_condition(DISRUPTION_TARGET, ConditionStatus::True, "DeletionByTaintManager", message, now);
        }
    });
    // It has just been read.
    let _ = world.delete(&key, &DeleteOptions::default());
}
