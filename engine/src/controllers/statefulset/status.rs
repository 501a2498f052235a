//! What a set's status says: counts over its pods, and when a rolling update is complete.
//! Pure: it must not know the store.
//! Follows `computeReplicaStatus`, `completeRollingUpdate` and `inconsistentStatus` of
//! `pkg/controller/statefulset/stateful_set_control.go` and `stateful_set_utils.go`, 1.36.

use crate::api::kind::Kind;
use crate::api::statefulset::{StatefulSetStatus, UpdateStrategy};
use crate::api::status::{FieldError, Path, Status};

use super::control::PodView;

/// The counts over a set's pods; generation, revisions and collisions are the caller's to fill in.
pub fn count(pods: &[PodView], current: u32, update: u32) -> StatefulSetStatus {
    let mut status = StatefulSetStatus::default();
    for pod in pods {
        status.replicas += 1;
        status.ready_replicas += i64::from(pod.ready);
        status.available_replicas += i64::from(pod.available);
        if !pod.terminating {
            status.current_replicas += i64::from(pod.revision == current);
            status.updated_replicas += i64::from(pod.revision == update);
        }
    }
    status
}

/// Makes the update revision the current one once every pod that was asked for has it and is ready. The partition does not matter here: a set
/// scaled to 0 completes its update too.
pub fn complete_rolling_update(strategy: &UpdateStrategy, replicas: i64, status: &mut StatefulSetStatus) {
    let all = |count: i64| count == replicas;
    if matches!(strategy, UpdateStrategy::RollingUpdate(_))
        && all(status.updated_replicas)
        && all(status.ready_replicas)
        && all(status.replicas)
    {
        status.current_replicas = status.updated_replicas;
        status.current_revision = status.update_revision.clone();
    }
}

/// Why the API server does not take a status, if it does not: an outdated pod that belongs to neither revision is deducted
/// from the current ones all the same, which can give less than none. Nothing is written then.
pub fn refusal(set: &str, status: &StatefulSetStatus) -> Option<String> {
    if status.current_replicas >= 0 {
        return None;
    }
    let path = Path::new("status").child("currentReplicas");
    let errors = [FieldError::invalid(&path, status.current_replicas, "must be greater than or equal to 0")];
    Some(Status::invalid(Kind::StatefulSet.info().group, Kind::StatefulSet.name(), set, &errors).message)
}
