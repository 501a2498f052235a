//! Validation of StatefulSets, Deployments, ReplicaSets, and (as far as their templates go) DaemonSets and Jobs.
//!
//! Follows `pkg/apis/apps/validation/validation.go` of Kubernetes 1.36, in its order.

use super::cursor::{Cursor, Errors};
use super::meta::{self, at_most_100_percent, int_or_percent, positive_int_or_percent};
use super::{pod, storage};
use crate::api::labels::Selector;
use crate::api::names::{self, NameForm};
use crate::api::status::{BadValue, FieldError, go_json, go_quote};
use crate::json::json;
use serde_json::Value;

/// What a set's update leaves unchecked, since an older server may have taken it.
#[derive(Clone, Copy, Default)]
pub(super) struct SetOptions {
    /// Pass over `serviceName` and the claim templates.
    pub(super) is_update: bool,
    /// Pass over the template, which was as wrong before.
    pub(super) skip_template: bool,
}

/// A new StatefulSet.
pub(super) fn stateful_set(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Label, true, errors);
    stateful_set_spec(&object.child("spec"), SetOptions::default(), errors);
}

/// The spec of a StatefulSet.
pub(super) fn stateful_set_spec(spec: &Cursor<'_>, options: SetOptions, errors: &mut Errors) {
    let policy = spec.child("podManagementPolicy");
    match policy.text() {
        "OrderedReady" | "Parallel" => {}
        "" => errors.push(FieldError::required(&policy.path, "")),
        other => errors.push(FieldError::invalid(&policy.path, other, "must be 'OrderedReady' or 'Parallel'")),
    }
    update_strategy(&spec.child("updateStrategy"), errors);
    let retention = spec.child("persistentVolumeClaimRetentionPolicy");
    if retention.is_set() {
        for key in ["whenDeleted", "whenScaled"] {
            errors.one_of(&retention.child(key), &["Retain", "Delete"]);
        }
    }
    if !options.is_update {
        for claim in spec.elements_of("volumeClaimTemplates") {
            storage::claim_spec(&claim.child("spec"), errors);
        }
    }
    errors.nonnegative(&spec.child("replicas"));
    errors.nonnegative(&spec.child("minReadySeconds"));
    errors.nonnegative(&spec.child("ordinals").child("start"));
    let service = spec.child("serviceName");
    if !options.is_update && !service.text().is_empty() {
        errors.invalid_texts(&service.path, service.text(), names::dns1123_label(service.text()));
    }

    let selector = spec.child("selector");
    if selector.is_set() {
        meta::label_selector(&selector, errors);
        if meta::is_empty_selector(&selector) {
            let shown = meta::shown_selector(&selector);
            errors.push(FieldError::invalid(&selector.path, shown, "empty selector is invalid for statefulset"));
        }
    } else {
        errors.push(FieldError::required(&selector.path, ""));
    }
    let template = spec.child("template");
    match Selector::from_label_selector(selector.value()) {
        None => errors.push(FieldError::invalid(&selector.path, meta::shown_selector(&selector), "")),
        Some(parsed) => {
            labels_match(&parsed, &template, errors);
            if options.skip_template {
                let metadata = template.child("metadata");
                meta::labels(&Cursor::at(metadata.child("labels").value(), template.path.child("labels")), errors);
            } else {
                pod::template(&template, &claim_volumes(spec), errors);
            }
        }
    }
    always_restarted(&template, "StatefulSet", errors);
}

/// The volumes that claim templates become, as far as validation looks; equal names once.
fn claim_volumes(spec: &Cursor<'_>) -> Vec<Value> {
    let mut volumes: Vec<Value> = Vec::new();
    for claim in spec.elements_of("volumeClaimTemplates") {
        let name = claim.child("metadata").child("name").text();
        let volume = json!({"name": name, "persistentVolumeClaim": {"claimName": name}});
        if !volumes.contains(&volume) {
            volumes.push(volume);
        }
    }
    volumes
}

fn update_strategy(strategy: &Cursor<'_>, errors: &mut Errors) {
    let rolling = strategy.child("rollingUpdate");
    match strategy.text_of("type") {
        "" => errors.push(FieldError::required(&strategy.path, "")),
        "OnDelete" => {
            if rolling.is_set() {
                let detail = "only allowed for updateStrategy 'RollingUpdate'";
                errors.push(FieldError::invalid_text(&rolling.path, shown_rolling_update(&rolling), detail));
            }
        }
        "RollingUpdate" => {
            errors.nonnegative(&rolling.child("partition"));
            let unavailable = rolling.child("maxUnavailable");
            if unavailable.is_set() {
                positive_int_or_percent(&unavailable, errors);
                if int_or_percent(&unavailable) == 0 {
                    errors.push(FieldError::invalid(&unavailable.path, unavailable.value_or_null(), "cannot be 0"));
                }
                at_most_100_percent(&unavailable, errors);
            }
        }
        other => {
            let shown = format!("{{\"Type\":{},\"RollingUpdate\":{}}}", go_quote(other), shown_rolling_update(&rolling));
            errors.push(FieldError::invalid_text(&strategy.path, shown, "must be 'RollingUpdate' or 'OnDelete'"));
        }
    }
}

/// The block as the server's internal struct prints, where the partition is no pointer.
fn shown_rolling_update(rolling: &Cursor<'_>) -> String {
    if !rolling.is_set() {
        return "null".to_owned();
    }
    let partition = rolling.int_of("partition").unwrap_or(0);
    let unavailable = go_json(&rolling.child("maxUnavailable").value_or_null());
    format!("{{\"Partition\":{partition},\"MaxUnavailable\":{unavailable}}}")
}

/// A new Deployment.
pub(super) fn deployment(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, true, errors);
    deployment_spec(&object.child("spec"), errors);
}

/// The spec of a Deployment.
pub(super) fn deployment_spec(spec: &Cursor<'_>, errors: &mut Errors) {
    errors.nonnegative(&spec.child("replicas"));
    selected_template(spec, "deployment", "ReplicaSet", errors);
    deployment_strategy(&spec.child("strategy"), errors);
    errors.nonnegative(&spec.child("minReadySeconds"));
    errors.nonnegative(&spec.child("revisionHistoryLimit"));
    let deadline = spec.child("progressDeadlineSeconds");
    errors.nonnegative(&deadline);
    let ready_seconds = spec.int_of("minReadySeconds").unwrap_or(0);
    if let Some(seconds) = deadline.int().filter(|seconds| *seconds <= ready_seconds) {
        errors.push(FieldError::invalid(&deadline.path, seconds, "must be greater than minReadySeconds"));
    }
}

fn deployment_strategy(strategy: &Cursor<'_>, errors: &mut Errors) {
    let rolling = strategy.child("rollingUpdate");
    match strategy.text_of("type") {
        "Recreate" => {
            if rolling.is_set() {
                let detail = "may not be specified when strategy `type` is 'Recreate'";
                errors.push(FieldError::forbidden(&rolling.path, detail));
            }
        }
        "RollingUpdate" => {
            if !rolling.is_set() {
                errors.push(FieldError::required(&rolling.path, "this should be defaulted and never be nil"));
                return;
            }
            let (unavailable, surge) = (rolling.child("maxUnavailable"), rolling.child("maxSurge"));
            positive_int_or_percent(&unavailable, errors);
            positive_int_or_percent(&surge, errors);
            if int_or_percent(&unavailable) == 0 && int_or_percent(&surge) == 0 {
                let detail = "may not be 0 when `maxSurge` is 0";
                errors.push(FieldError::invalid(&unavailable.path, unavailable.value_or_null(), detail));
            }
            at_most_100_percent(&unavailable, errors);
            at_most_100_percent(&surge, errors);
        }
        other => {
            let rolling = if rolling.is_set() {
                let part = |key: &str| go_json(&rolling.child(key).value_or_null());
                format!("{{\"MaxUnavailable\":{},\"MaxSurge\":{}}}", part("maxUnavailable"), part("maxSurge"))
            } else {
                "null".to_owned()
            };
            let shown = format!("{{\"Type\":{},\"RollingUpdate\":{rolling}}}", go_quote(other));
            let known = ["Recreate", "RollingUpdate"];
            errors.push(FieldError::not_supported(&strategy.path, BadValue::Text(shown), &known));
        }
    }
}

/// A new ReplicaSet.
pub(super) fn replica_set(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, true, errors);
    replica_set_spec(&object.child("spec"), errors);
}

/// The spec of a ReplicaSet.
pub(super) fn replica_set_spec(spec: &Cursor<'_>, errors: &mut Errors) {
    errors.nonnegative(&spec.child("replicas"));
    errors.nonnegative(&spec.child("minReadySeconds"));
    selected_template(spec, "replicaset", "ReplicaSet", errors);
}

/// A new DaemonSet.
pub(super) fn daemon_set(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, true, errors);
    let spec = object.child("spec");
    selected_template(&spec, "daemonset", "DaemonSet", errors);
    errors.nonnegative(&spec.child("minReadySeconds"));
    errors.nonnegative(&spec.child("revisionHistoryLimit"));
}

/// A new Job.
pub(super) fn job(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, true, errors);
    let spec = object.child("spec");
    for key in ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"] {
        errors.nonnegative(&spec.child(key));
    }
    let template = spec.child("template");
    pod::template(&template, &[], errors);
    let policy = template.child("spec").child("restartPolicy");
    if matches!(policy.text(), "Always" | "") {
        errors.push(FieldError::required(&policy.path, "valid values: \"OnFailure\", \"Never\""));
    }
}

/// Selector and template of a Deployment, ReplicaSet or DaemonSet.
fn selected_template(spec: &Cursor<'_>, word: &str, kind: &str, errors: &mut Errors) {
    let selector = spec.child("selector");
    if selector.is_set() {
        meta::label_selector(&selector, errors);
        if meta::is_empty_selector(&selector) {
            let detail = format!("empty selector is invalid for {word}");
            errors.push(FieldError::invalid(&selector.path, meta::shown_selector(&selector), detail));
        }
    } else {
        errors.push(FieldError::required(&selector.path, ""));
    }
    let template = spec.child("template");
    match Selector::from_label_selector(selector.value()) {
        None => {
            errors.push(FieldError::invalid(&selector.path, meta::shown_selector(&selector), "invalid label selector"));
        }
        Some(parsed) => {
            labels_match(&parsed, &template, errors);
            pod::template(&template, &[], errors);
            always_restarted(&template, kind, errors);
        }
    }
}

fn labels_match(selector: &Selector, template: &Cursor<'_>, errors: &mut Errors) {
    let labels = template.child("metadata").child("labels");
    if !selector.is_everything() && !selector.matches(labels.value()) {
        let detail = "`selector` does not match template `labels`";
        errors.push(FieldError::invalid(&labels.path, labels.value_or_null(), detail));
    }
}

fn always_restarted(template: &Cursor<'_>, kind: &str, errors: &mut Errors) {
    let spec = template.child("spec");
    let policy = spec.child("restartPolicy");
    errors.one_of(&policy, &["Always"]);
    if spec.has("activeDeadlineSeconds") {
        let detail = format!("activeDeadlineSeconds in {kind} is not Supported");
        errors.push(FieldError::forbidden(&spec.path.child("activeDeadlineSeconds"), detail));
    }
}
