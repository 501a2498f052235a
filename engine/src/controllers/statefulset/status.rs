//! What a set's status says beside its counts: when a rolling update is complete, and what the API server refuses.
//! Pure: it must not know the store.
//! Follows `completeRollingUpdate` and `inconsistentStatus` of
//! `pkg/controller/statefulset/stateful_set_control.go` and `stateful_set_utils.go`, 1.36.

use crate::api::kind::Kind;
use crate::api::statefulset::{StatefulSetStatus, UpdateStrategy};
use crate::api::status::{FieldError, Path, Status};

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
