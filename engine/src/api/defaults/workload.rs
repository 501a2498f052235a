//! Defaults of the workload kinds.
//!
//! Follows `pkg/apis/apps/v1/defaults.go` (and `batch/v1`) of Kubernetes 1.36. The type of a set's update strategy decides:
//! only where no type was written does the `rollingUpdate` block, and with it the partition, appear by itself.

use super::{Gates, child, default_pod_template, existing, items, set_default, text, volume};
use crate::json::json;
use serde_json::{Map, Value};

/// A StatefulSet.
pub(super) fn stateful_set(object: &mut Map<String, Value>, gates: Gates) {
    child(object, "metadata");
    let Some(spec) = child(object, "spec") else {
        return;
    };
    set_default(spec, "podManagementPolicy", json!("OrderedReady"));
    if let Some(strategy) = child(spec, "updateStrategy") {
        if text(strategy, "type").is_empty() {
            strategy.insert("type".to_owned(), json!("RollingUpdate"));
            child(strategy, "rollingUpdate");
        }
        if text(strategy, "type") == "RollingUpdate"
            && let Some(rolling) = existing(strategy, "rollingUpdate")
        {
            set_default(rolling, "partition", json!(0));
            if gates.max_unavailable_stateful_set {
                set_default(rolling, "maxUnavailable", json!(1));
            }
        }
        if !gates.max_unavailable_stateful_set
            && let Some(rolling) = existing(strategy, "rollingUpdate")
        {
            rolling.remove("maxUnavailable");
        }
    }
    if let Some(policy) = child(spec, "persistentVolumeClaimRetentionPolicy") {
        set_default(policy, "whenDeleted", json!("Retain"));
        set_default(policy, "whenScaled", json!("Retain"));
    }
    if let Some(ordinals) = existing(spec, "ordinals") {
        set_default(ordinals, "start", json!(0));
    }
    set_default(spec, "replicas", json!(1));
    set_default(spec, "revisionHistoryLimit", json!(10));
    template(spec);
    for claim in items(spec, "volumeClaimTemplates") {
        set_default(claim, "apiVersion", json!("v1"));
        set_default(claim, "kind", json!("PersistentVolumeClaim"));
        volume::claim_template(claim);
    }
    if let Some(status) = child(object, "status") {
        status.entry("replicas").or_insert_with(|| json!(0));
        status.entry("availableReplicas").or_insert_with(|| json!(0));
    }
}

/// A Deployment.
pub(super) fn deployment(object: &mut Map<String, Value>) {
    child(object, "metadata");
    let Some(spec) = child(object, "spec") else {
        return;
    };
    set_default(spec, "replicas", json!(1));
    if let Some(strategy) = child(spec, "strategy") {
        set_default(strategy, "type", json!("RollingUpdate"));
        if text(strategy, "type") == "RollingUpdate"
            && let Some(rolling) = child(strategy, "rollingUpdate")
        {
            set_default(rolling, "maxUnavailable", json!("25%"));
            set_default(rolling, "maxSurge", json!("25%"));
        }
    }
    set_default(spec, "revisionHistoryLimit", json!(10));
    set_default(spec, "progressDeadlineSeconds", json!(600));
    template(spec);
    child(object, "status");
}

/// A ReplicaSet.
pub(super) fn replica_set(object: &mut Map<String, Value>) {
    child(object, "metadata");
    let Some(spec) = child(object, "spec") else {
        return;
    };
    set_default(spec, "replicas", json!(1));
    template(spec);
    if let Some(status) = child(object, "status") {
        status.entry("replicas").or_insert_with(|| json!(0));
    }
}

/// A DaemonSet.
pub(super) fn daemon_set(object: &mut Map<String, Value>) {
    child(object, "metadata");
    let Some(spec) = child(object, "spec") else {
        return;
    };
    if let Some(strategy) = child(spec, "updateStrategy") {
        set_default(strategy, "type", json!("RollingUpdate"));
        if text(strategy, "type") == "RollingUpdate"
            && let Some(rolling) = child(strategy, "rollingUpdate")
        {
            set_default(rolling, "maxUnavailable", json!(1));
            set_default(rolling, "maxSurge", json!(0));
        }
    }
    set_default(spec, "revisionHistoryLimit", json!(10));
    template(spec);
}

/// A Job.
pub(super) fn job(object: &mut Map<String, Value>) {
    child(object, "metadata");
    let Some(spec) = child(object, "spec") else {
        return;
    };
    if !spec.contains_key("completions") && !spec.contains_key("parallelism") {
        set_default(spec, "completions", json!(1));
    }
    set_default(spec, "parallelism", json!(1));
    set_default(spec, "backoffLimit", json!(6));
    set_default(spec, "completionMode", json!("NonIndexed"));
    set_default(spec, "suspend", json!(false));
    set_default(spec, "podReplacementPolicy", json!("TerminatingOrFailed"));
    template(spec);
}

fn template(spec: &mut Map<String, Value>) {
    let template = spec.entry("template").or_insert_with(|| json!({}));
    default_pod_template(template);
}
