//! What a Deployment says of itself. It must not decide anything.
//! Follows `pkg/controller/deployment/progress.go` and `sync.go` (`calculateStatus`) 1.36.

use crate::api::object::Object;
use crate::api::pod::ConditionStatus;
use crate::api::read;
use crate::api::time::Ms;
use crate::api::workload::{Workload, WorkloadStatus};
use crate::cluster::World;

use super::super::Controller;
use super::rolling::may_be_missing;
use super::sets::{Sets, available};

/// Whether the newest template has taken over completely.
pub(super) fn is_complete(deployment: &Workload, status: &WorkloadStatus, generation: i64) -> bool {
    status.updated_replicas == deployment.replicas
        && status.replicas == deployment.replicas
        && status.available_replicas == deployment.replicas
        && status.observed_generation >= generation
}

/// Counts, and writes the status where it changed.
pub(super) fn write(world: &mut World, object: &Object, sets: &Sets, rolling_out: bool) -> Option<WorkloadStatus> {
    let now = world.now_ms();
    let key = object.key();
    let fresh = world.get(&key)?;
    let deployment = fresh.deployment()?;
    let status = calculate(deployment, fresh.meta.generation, sets, now, rolling_out);
    if let Some(at_ms) = deadline_ms(deployment, &status).filter(|at_ms| now < *at_ms) {
        world.wake_at(Controller::Deployment, key.clone(), at_ms);
    }
    world.change(&key, |stored| {
        if let Some(body) = stored.deployment_mut() {
            body.status = status.clone();
        }
    });
    Some(status)
}

fn calculate(deployment: &Workload, generation: i64, sets: &Sets, now: Ms, rolling_out: bool) -> WorkloadStatus {
    let sum = |count: &dyn Fn(&WorkloadStatus) -> i64| -> i64 {
        sets.all().filter_map(|set| set.replica_set()).map(|set| count(&set.status)).sum()
    };
    let working = sets.all().map(|set| available(set)).sum::<i64>();
    let mut status = WorkloadStatus {
        observed_generation: generation,
        replicas: sum(&|status| status.replicas),
        updated_replicas: sets.new.as_deref().and_then(|new| new.replica_set()).map_or(0, |new| new.status.replicas),
        ready_replicas: sum(&|status| status.ready_replicas),
        available_replicas: working,
        unavailable_replicas: (sets.asked() - working).max(0),
        terminating_replicas: Some(sum(&|status| status.terminating_replicas.unwrap_or(0))),
        ..deployment.status.clone()
    };
    if working >= deployment.replicas - may_be_missing(deployment) {
        let message = "Deployment has minimum availability.".to_owned();
        status.set_condition("Available", ConditionStatus::True, "MinimumReplicasAvailable", message, now);
    } else {
        let message = "Deployment does not have minimum availability.".to_owned();
        status.set_condition("Available", ConditionStatus::False, "MinimumReplicasUnavailable", message, now);
    }
    if rolling_out {
        set_progress(deployment, generation, sets, &mut status, now);
    }
    status
}

fn set_progress(deployment: &Workload, generation: i64, sets: &Sets, status: &mut WorkloadStatus, now: Ms) {
    let standing = status.condition("Progressing").cloned();
    let settled = status.replicas == status.updated_replicas
        && standing.as_ref().is_some_and(|condition| &*condition.reason == "NewReplicaSetAvailable");
    if settled {
        return;
    }
    let name = sets.new.as_deref().map_or_else(String::new, |new| new.meta.name.to_string());
    let old = &deployment.status;
    let behind = |status: &WorkloadStatus| status.replicas - status.updated_replicas;
    let progressing = status.updated_replicas > old.updated_replicas
        || behind(status) < behind(old)
        || status.ready_replicas > old.ready_replicas
        || status.available_replicas > old.available_replicas;
    if is_complete(deployment, status, generation) {
        let message = format!("ReplicaSet \"{name}\" has successfully progressed.");
        status.set_condition("Progressing", ConditionStatus::True, "NewReplicaSetAvailable", message, now);
    } else if progressing {
        // Each sign of progress moves the time of the last update.
        let since_ms = standing.filter(|condition| condition.status == ConditionStatus::True).map(|condition| condition.since_ms);
        status.conditions.retain(|condition| condition.kind != "Progressing");
        let message = format!("ReplicaSet \"{name}\" is progressing.");
        status.set_condition("Progressing", ConditionStatus::True, "ReplicaSetUpdated", message, now);
        if let Some((condition, since_ms)) = status.conditions.last_mut().zip(since_ms) {
            condition.since_ms = since_ms;
        }
    } else if deadline_ms(deployment, status).is_some_and(|at_ms| at_ms <= now) {
        let message = format!("ReplicaSet \"{name}\" has timed out progressing.");
        status.set_condition("Progressing", ConditionStatus::False, "ProgressDeadlineExceeded", message, now);
    }
}

/// When a rollout without progress counts as failed.
fn deadline_ms(deployment: &Workload, status: &WorkloadStatus) -> Option<Ms> {
    let seconds = read::integer(&deployment.document, &["progressDeadlineSeconds"]).unwrap_or(600);
    let condition = status.condition("Progressing")?;
    let open = condition.status == ConditionStatus::True && &*condition.reason != "NewReplicaSetAvailable";
    (open && seconds < i64::from(i32::MAX)).then(|| condition.updated_ms + seconds.unsigned_abs() * 1000)
}
