//! An eviction: a deletion that budgets must allow. It must not know who asks for it.
//! Follows `pkg/registry/core/pod/storage/eviction.go` 1.36.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::{Key, Object};
use crate::api::pod::{ConditionStatus, DISRUPTION_TARGET, Pod};
use crate::api::read;
use crate::api::status::{Cause, Reason, Status};
use crate::cluster::World;
use crate::cluster::deletion::DeleteOptions;

use super::selects;

const REFUSED: &str = "Cannot evict pod as it would violate the pod's disruption budget.";

/// Evicts a pod, where its budgets allow it.
///
/// # Errors
/// `NotFound`, and `TooManyRequests` where a budget does not allow it.
pub fn evict(world: &mut World, key: &Key) -> Result<(), Status> {
    let info = Kind::Pod.info();
    let Some(object) = world.get(key) else {
        return Err(Status::not_found(info.group, info.plural, &key.name));
    };
    let Some(pod) = object.pod() else {
        return Err(Status::not_found(info.group, info.plural, &key.name));
    };
    // A pod that does no work, or is on its way out, disrupts nothing.
    if object.meta.terminating() || pod.status.phase.terminal() || !pod.bound() {
        return mark_and_delete(world, key);
    }
    let budgets: Vec<Rc<Object>> = world
        .store
        .list(Kind::PodDisruptionBudget, &key.namespace)
        .filter(|budget| budget.budget().is_some_and(|body| selects(body, &object.meta.labels)))
        .cloned()
        .collect();
    match budgets.as_slice() {
        [] => {}
        [budget] => ask(world, &object, pod, budget)?,
        _ => {
            let message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
            return Err(Status::new(Reason::InternalError, message));
        }
    }
    mark_and_delete(world, key)
}

/// Takes one disruption from a budget.
fn ask(world: &mut World, object: &Object, pod: &Pod, budget: &Object) -> Result<(), Status> {
    let Some(body) = budget.budget() else { return Ok(()) };
    let status = &body.status;
    if !pod.ready() {
        // A pod that is not ready is not missed, as long as enough others are there or the budget says so.
        let always = read::string(&body.document, &["unhealthyPodEvictionPolicy"]) == Some("AlwaysAllow");
        if always || (status.current_healthy >= status.desired_healthy && 0 < status.desired_healthy) {
            return Ok(());
        }
    }
    if status.observed_generation < budget.meta.generation {
        let cause = format!("The disruption budget {} is still being processed by the server.", budget.meta.name);
        return Err(refusal(cause));
    }
    if status.disruptions_allowed <= 0 {
        let cause = format!(
            "The disruption budget {} needs {} healthy pods and has {} currently",
            budget.meta.name, status.desired_healthy, status.current_healthy
        );
        return Err(refusal(cause));
    }
    let now = world.now_ms();
    let name = object.meta.name.clone();
    world.change(&budget.key(), |stored| {
        let Some(body) = stored.budget_mut() else { return };
        body.status.disruptions_allowed -= 1;
        if body.status.disruptions_allowed == 0 {
            body.status.allowed_since_ms = Some(now);
        }
        body.status.disrupted_pods.push((name, now));
    });
    Ok(())
}

fn refusal(cause: String) -> Status {
    let mut status = Status::new(Reason::TooManyRequests, REFUSED);
    status.causes = vec![Cause { reason: "DisruptionBudget".to_owned(), message: cause, field: String::new() }];
    status
}

fn mark_and_delete(world: &mut World, key: &Key) -> Result<(), Status> {
    let now = world.now_ms();
    world.change(key, |object| {
        if object.meta.terminating() {
            return;
        }
        if let Some(pod) = object.pod_mut() {
            let message = "Eviction API: evicting";
            pod.status.set_condition(DISRUPTION_TARGET, ConditionStatus::True, "EvictionByEvictionAPI", message, now);
        }
    });
    world.delete(key, &DeleteOptions::default()).map(|_| ())
}
