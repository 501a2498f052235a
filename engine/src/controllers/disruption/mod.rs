//! PodDisruptionBudgets: how many pods may be missing, and whether one more may be evicted.
//!
//! It must not know who evicts. Follows `pkg/controller/disruption/disruption.go` and
//! `pkg/registry/core/pod/storage/eviction.go` 1.36.

mod eviction;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::Labels;
use crate::api::object::{Key, Object};
use crate::api::workload::PodDisruptionBudget;
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::recorder::Remark;
use crate::cluster::store::{Change, Verb};

use super::Controller;

pub use eviction::evict;

const SOURCE: &str = "controllermanager";
/// How long an eviction that was granted counts before its pod is seen to go.
const GRANTED_MS: u64 = 120_000;

/// Wakes the actor for what a change concerns.
pub fn notice(world: &mut World, change: &Change) {
    match change.new.kind() {
        Kind::PodDisruptionBudget if change.verb != Verb::Deleted => world.wake(Controller::Disruption, change.new.key()),
        Kind::Pod if world.store.count(Kind::PodDisruptionBudget) > 0 => {
            let labels = |object: &Object| object.meta.labels.clone();
            let old = change.old.as_deref().map(labels);
            let means = |budget: &&Rc<Object>| {
                budget
                    .budget()
                    .is_some_and(|body| selects(body, &change.new.meta.labels) || old.as_ref().is_some_and(|old| selects(body, old)))
            };
            wake_budgets(world, &change.new.meta.namespace, means);
        }
        Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet if world.store.count(Kind::PodDisruptionBudget) > 0 => {
            wake_budgets(world, &change.new.meta.namespace, |_| true);
        }
        _ => {}
    }
}

fn wake_budgets(world: &mut World, namespace: &str, means: impl Fn(&&Rc<Object>) -> bool) {
    let budgets: Vec<Key> = world.store.list(Kind::PodDisruptionBudget, namespace).filter(means).map(|budget| budget.key()).collect();
    for budget in budgets {
        world.wake(Controller::Disruption, budget);
    }
}

/// Whether a budget is about pods with these labels. In `policy/v1` an empty selector means every pod, none at all no pod.
fn selects(budget: &PodDisruptionBudget, labels: &Labels) -> bool {
    budget.document.get("selector").is_some_and(|selector| !selector.is_null()) && budget.selector.matches(labels)
}

/// Looks at one object.
pub fn sync(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let Some(budget) = object.budget() else { return };
    let now = world.now_ms();
    let pods: Vec<Rc<Object>> =
        world.store.list(Kind::Pod, &key.namespace).filter(|pod| selects(budget, &pod.meta.labels)).cloned().collect();
    if pods.is_empty() && budget.status.observed_generation == 0 {
        world.record(Kind::PodDisruptionBudget, &object.meta, Remark::normal(SOURCE, "NoPods", "No matching pods found"));
    }
    let (expected, desired) = expectations(world, budget, &pods);
    let granted: Vec<_> = budget
        .status
        .disrupted_pods
        .iter()
        .filter(|(name, at_ms)| now < at_ms + GRANTED_MS && pods.iter().any(|pod| pod.meta.name == *name && !pod.meta.terminating()))
        .cloned()
        .collect();
    if let Some((_, at_ms)) = granted.iter().min_by_key(|(_, at_ms)| *at_ms) {
        world.wake_at(Controller::Disruption, key.clone(), at_ms + GRANTED_MS);
    }
    let healthy = |pod: &&Rc<Object>| {
        !pod.meta.terminating() && pod.pod().is_some_and(|pod| pod.ready()) && !granted.iter().any(|(name, _)| *name == pod.meta.name)
    };
    let healthy = i64::try_from(pods.iter().filter(healthy).count()).unwrap_or(i64::MAX);
    let allowed = if expected <= 0 { 0 } else { (healthy - desired).max(0) };
    world.change(key, |object| {
        let generation = object.meta.generation;
        let Some(body) = object.budget_mut() else { return };
        let status = &mut body.status;
        if status.allowed_since_ms.is_none() || (status.disruptions_allowed > 0) != (allowed > 0) {
            status.allowed_since_ms = Some(now);
        }
        status.observed_generation = generation;
        status.disruptions_allowed = allowed;
        status.current_healthy = healthy;
        status.desired_healthy = desired;
        status.expected_pods = expected;
        status.disrupted_pods = granted;
    });
    let (rule, waits) = if allowed > 0 { ("budget-allows-eviction", false) } else { ("budget-refuses-eviction", true) };
    let arguments = vec![("healthy", healthy.to_string()), ("desired", desired.to_string())];
    world.decisions.note(Decision { since_ms: now, subject: key.clone(), rule, waits, objects: Vec::new(), arguments });
}

/// How many pods there should be, and how many must be healthy.
fn expectations(world: &World, budget: &PodDisruptionBudget, pods: &[Rc<Object>]) -> (i64, i64) {
    use crate::api::statefulset::IntOrPercent::{Count, Percent};
    match (budget.max_unavailable, budget.min_available) {
        (Some(missing), _) => {
            let expected = asked_for(world, pods);
            (expected, (expected - missing.of_rounded_up(expected)).max(0))
        }
        (None, Some(Count(least))) => (i64::try_from(pods.len()).unwrap_or(i64::MAX), least),
        (None, Some(least @ Percent(_))) => {
            let expected = asked_for(world, pods);
            (expected, least.of_rounded_up(expected))
        }
        (None, None) => (i64::try_from(pods.len()).unwrap_or(i64::MAX), 0),
    }
}

/// How many pods their controllers ask for together.
fn asked_for(world: &World, pods: &[Rc<Object>]) -> i64 {
    let mut seen = Vec::new();
    let mut asked = 0;
    for pod in pods {
        let Some(owner) = pod.meta.controller() else { continue };
        let Some(kind) = Kind::by_name(&owner.kind) else { continue };
        let mut key = Key::new(kind, pod.meta.namespace.clone(), owner.name.clone());
        // A ReplicaSet of a Deployment stands for the whole Deployment.
        if let Some(above) = world.store.get(&key).and_then(|set| set.meta.controller())
            && let Some(kind) = Kind::by_name(&above.kind)
        {
            key = Key::new(kind, pod.meta.namespace.clone(), above.name.clone());
        }
        if seen.contains(&key) {
            continue;
        }
        if let Some(object) = world.store.get(&key) {
            asked += object
                .statefulset()
                .map(|set| set.spec.replicas)
                .or_else(|| object.deployment().or(object.replica_set()).map(|workload| workload.replicas))
                .unwrap_or(0);
        }
        seen.push(key);
    }
    asked
}
