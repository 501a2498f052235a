//! The Deployment controller: one look at one Deployment.
//! It must not make pods. Follows `pkg/controller/deployment/deployment_controller.go`, `recreate.go` and `sync.go` 1.36.

use std::rc::Rc;

use crate::api::object::{Key, Object};
use crate::api::pod::ConditionStatus;
use crate::api::workload::Workload;
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::deletion::DeleteOptions;
use crate::order;

use super::sets::{self, Sets, replicas};
use super::{rolling, scale, status};

/// Looks at one object.
pub fn sync_deployment(world: &mut World, key: &Key) {
    check_paused(world, key);
    let Some(object) = world.get(key) else { return };
    let Some(deployment) = object.deployment() else { return };
    let mut sets = sets::read(world, &object, deployment);
    if object.meta.terminating() {
        status::write(world, &object, &sets, false);
        return;
    }
    if deployment.paused || scale::is_due(deployment, &sets) {
        sets::settle(world, &object, deployment, &mut sets, false);
        scale::all(world, &object, deployment, &sets);
        let written = status::write(world, &object, &reread(world, &sets), false);
        note(world, &object, deployment, written.as_ref());
        return;
    }
    if deployment.recreate {
        recreate(world, &object, deployment, sets);
    } else {
        roll(world, &object, deployment, sets);
    }
}

/// Says that a Deployment was paused or resumed, so that the time in which it made no progress does not count.
fn check_paused(world: &mut World, key: &Key) {
    let now = world.now_ms();
    let Some(object) = world.get(key).filter(|object| !object.meta.terminating()) else { return };
    let Some(deployment) = object.deployment() else { return };
    let reason = deployment.status.condition("Progressing").map(|condition| &*condition.reason);
    let (reason, message) = match (deployment.paused, reason) {
        (_, Some("ProgressDeadlineExceeded")) | (true, Some("DeploymentPaused")) => return,
        (true, _) => ("DeploymentPaused", "Deployment is paused"),
        (false, Some("DeploymentPaused")) => ("DeploymentResumed", "Deployment is resumed"),
        (false, _) => return,
    };
    world.change(key, |object| {
        if let Some(body) = object.deployment_mut() {
            body.status.set_condition("Progressing", ConditionStatus::Unknown, reason, message.to_owned(), now);
        }
    });
}

fn roll(world: &mut World, object: &Object, deployment: &Workload, mut sets: Sets) {
    sets::settle(world, object, deployment, &mut sets, true);
    if !rolling::grow_new(world, object, deployment, &sets) && !rolling::shrink_old(world, object, deployment, &sets) {
        clean_up(world, object, deployment, &sets);
    }
    finish(world, object, deployment, &sets);
}

fn recreate(world: &mut World, object: &Object, deployment: &Workload, mut sets: Sets) {
    sets::settle(world, object, deployment, &mut sets, false);
    let mut shrunk = false;
    for old in sets.old.iter().filter(|set| replicas(set) > 0) {
        shrunk |= scale::set(world, object, deployment, old, 0);
    }
    let running =
        |set: &Rc<Object>| world.store.owned_by(set.meta.uid).any(|pod| pod.pod().is_some_and(|pod| !pod.status.phase.terminal()));
    if shrunk || sets.old.iter().any(running) {
        finish(world, object, deployment, &sets);
        return;
    }
    if sets.new.is_none() {
        sets::settle(world, object, deployment, &mut sets, true);
    }
    rolling::grow_new(world, object, deployment, &sets);
    clean_up(world, object, deployment, &sets);
    finish(world, object, deployment, &sets);
}

fn finish(world: &mut World, object: &Object, deployment: &Workload, sets: &Sets) {
    let written = status::write(world, object, &reread(world, sets), true);
    note(world, object, deployment, written.as_ref());
}

/// The same ReplicaSets as they are now.
fn reread(world: &World, sets: &Sets) -> Sets {
    let again = |set: &Rc<Object>| world.get(&set.key());
    Sets { new: sets.new.as_ref().and_then(again), old: sets.old.iter().filter_map(again).collect() }
}

/// Deletes old ReplicaSets beyond the history limit, once the rollout is complete.
fn clean_up(world: &mut World, object: &Object, deployment: &Workload, sets: &Sets) {
    if !status::is_complete(deployment, &deployment.status, object.meta.generation) {
        return;
    }
    let limit = usize::try_from(deployment.revision_history_limit).unwrap_or(0);
    let mut old: Vec<&Rc<Object>> = sets.old.iter().filter(|set| !set.meta.terminating()).collect();
    let Some(excess) = old.len().checked_sub(limit) else { return };
    order::sort_by_key(&mut old, |set| sets::revision(set));
    for set in old.into_iter().take(excess) {
        let idle = set.replica_set().is_some_and(|body| body.replicas == 0 && body.status.replicas == 0);
        if idle && set.replica_set().is_some_and(|body| body.status.observed_generation >= set.meta.generation) {
            // It has just been read.
            let _ = world.delete(&set.key(), &DeleteOptions::default());
        }
    }
}

fn note(world: &mut World, object: &Object, deployment: &Workload, written: Option<&crate::api::workload::WorkloadStatus>) {
    let complete = written.is_some_and(|status| status::is_complete(deployment, status, object.meta.generation));
    let (rule, waits) = if deployment.paused {
        ("deployment-is-paused", true)
    } else if complete {
        ("deployment-is-complete", false)
    } else {
        ("deployment-waits-for-pods", true)
    };
    let since_ms = world.now_ms();
    world.decisions.note(Decision { since_ms, subject: object.key(), rule, waits, objects: Vec::new(), arguments: Vec::new() });
}
