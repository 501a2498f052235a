//! Validation of changes: what may not change, and all that holds for a new object.
//!
//! Follows the `Validate…Update` functions of `pkg/apis/*/validation` of Kubernetes 1.36.

use super::cursor::{Cursor, Errors, IMMUTABLE};
use super::diff::{Field, struct_diff};
use super::{affinity, apps, core, meta, pod, service, storage};
use crate::api::status::FieldError;
use crate::json::json;
use serde_json::Value;

/// The fields of a set's spec that may change.
const SET_MUTABLE: &[&str] = &[
    "replicas",
    "template",
    "updateStrategy",
    "minReadySeconds",
    "ordinals",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
];

const SET_FORBIDDEN: &str = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', \
                             'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and \
                             'minReadySeconds' are forbidden";

const POD_FORBIDDEN: &str = "pod updates may not change fields other than \
                             `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,\
                             `spec.tolerations` (only additions to existing tolerations),\
                             `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// What is wrong with a change of an object; both sides are defaulted.
pub fn validate_update(kind: &str, old: &Value, new: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    let (old, new) = (Cursor::root(old), Cursor::root(new));
    match kind {
        "StatefulSet" => stateful_set(&old, &new, &mut errors),
        "Deployment" | "ReplicaSet" | "DaemonSet" | "Job" => workload(kind, &old, &new, &mut errors),
        "Pod" => pod_update(&old, &new, &mut errors),
        "Service" => service::service_update(&old, &new, &mut errors),
        "PersistentVolumeClaim" => storage::claim_update(&old, &new, &mut errors),
        "PersistentVolume" => storage::persistent_volume_update(&old, &new, &mut errors),
        "StorageClass" => storage::storage_class_update(&old, &new, &mut errors),
        "ConfigMap" | "Secret" => core::data_update(kind, &old, &new, &mut errors),
        "Node" => node(&old, &new, &mut errors),
        "PodDisruptionBudget" => core::disruption_budget(&new, &mut errors),
        _ => meta::object_meta_update(&old, &new, &mut errors),
    }
    errors.0
}

fn stateful_set(old: &Cursor<'_>, new: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta_update(old, new, errors);
    let (before, after) = (old.child("spec"), new.child("spec"));
    // A template that was invalid before may stay so, else old sets could not even be scaled.
    let mut old_errors = Errors::default();
    let template_same = before.child("template").value() == after.child("template").value();
    if template_same {
        apps::stateful_set_spec(&before, apps::SetOptions { is_update: true, skip_template: false }, &mut old_errors);
    }
    let skip_template = template_same && !old_errors.0.is_empty();
    apps::stateful_set_spec(&after, apps::SetOptions { is_update: true, skip_template }, errors);

    let fixed = |spec: &Cursor<'_>| {
        let mut spec = spec.value_or_null();
        if let Some(map) = spec.as_object_mut() {
            map.retain(|key, _| !SET_MUTABLE.contains(&key.as_str()));
        }
        spec
    };
    if !storage::same(&fixed(&before), &fixed(&after)) {
        errors.push(FieldError::forbidden(&after.path, SET_FORBIDDEN));
    }
}

fn workload(kind: &str, old: &Cursor<'_>, new: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta_update(old, new, errors);
    match kind {
        "Deployment" => apps::deployment_spec(&new.child("spec"), errors),
        "ReplicaSet" => apps::replica_set_spec(&new.child("spec"), errors),
        _ => {}
    }
    let (before, after) = (old.child("spec").child("selector"), new.child("spec").child("selector"));
    if before.value() != after.value() {
        errors.push(FieldError::invalid(&after.path, meta::shown_selector(&after), IMMUTABLE));
    }
    if kind == "Job" {
        let (before, after) = (old.child("spec").child("template"), new.child("spec").child("template"));
        if before.value() != after.value() {
            errors.push(FieldError::invalid(&after.path, after.value_or_null(), IMMUTABLE));
        }
    }
}

fn node(old: &Cursor<'_>, new: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta_update(old, new, errors);
    let (before, after) = (old.child("spec").child("podCIDRs"), new.child("spec").child("podCIDRs"));
    if before.len() > 0 && before.value() != after.value() {
        let detail = "node updates may not change podCIDR except from \"\" to valid";
        errors.push(FieldError::forbidden(&after.path, detail));
    }
    let (before, after) = (old.child("spec").child("providerID"), new.child("spec").child("providerID"));
    if !before.text().is_empty() && before.text() != after.text() {
        let detail = "node updates may not change providerID except from \"\" to valid";
        errors.push(FieldError::forbidden(&after.path, detail));
    }
    let taints = new.child("spec").child("taints");
    affinity::taints(&Cursor::at(taints.value(), new.child("metadata").path.child("taints")), errors);
}

fn pod_update(old: &Cursor<'_>, new: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta_update(old, new, errors);
    pod::metadata_and_spec(new, errors);
    let (before, after) = (old.child("spec"), new.child("spec"));
    for list in ["containers", "initContainers"] {
        let (old_list, new_list) = (before.child(list), after.child(list));
        if old_list.len() != new_list.len() {
            errors.push(FieldError::forbidden(&new_list.path, "pod updates may not add or remove containers"));
            return;
        }
        for image in new_list.elements().map(|item| item.child("image")) {
            errors.required_text(&image);
            if image.text().trim() != image.text() {
                let detail = "must not have leading or trailing whitespace";
                errors.push(FieldError::invalid(&image.path, image.text(), detail));
            }
        }
    }
    if !deadline(&before, &after, errors) {
        return;
    }
    added_tolerations(&before, &after, errors);
    let gates = |spec: &Cursor<'_>| -> Vec<Value> { spec.elements_of("schedulingGates").map(|gate| gate.value_or_null()).collect() };
    let old_gates = gates(&before);
    for gate in after.elements_of("schedulingGates") {
        if !old_gates.contains(&gate.value_or_null()) {
            let name = gate.text_of("name");
            let detail = format!("only deletion is allowed, but found new scheduling gate '{name}'");
            errors.push(FieldError::forbidden(&gate.path.child("name"), detail));
        }
    }

    let (was, mut is) = (before.value_or_null(), after.value_or_null());
    take_back_mutable(&was, &mut is);
    if !storage::same(&was, &is) {
        let diff = struct_diff("core.PodSpec", POD_FIELDS, &was, &is);
        errors.push(FieldError::forbidden(&after.path, format!("{POD_FORBIDDEN}\n{diff}")));
    }
}

/// Says whether looking further makes sense.
fn deadline(before: &Cursor<'_>, after: &Cursor<'_>, errors: &mut Errors) -> bool {
    let (was, place) = (before.int_of("activeDeadlineSeconds"), after.child("activeDeadlineSeconds"));
    match (was, place.int()) {
        (_, Some(seconds)) if !(0..=i64::from(i32::MAX)).contains(&seconds) => {
            errors.push(FieldError::invalid(&place.path, seconds, "must be between 0 and 2147483647, inclusive"));
            false
        }
        (Some(was), Some(seconds)) if was < seconds => {
            errors.push(FieldError::invalid(&place.path, seconds, "must be less than or equal to previous value"));
            false
        }
        (Some(_), None) => {
            let detail = "must not update from a positive integer to nil value";
            errors.push(FieldError::invalid(&place.path, "null", detail));
            true
        }
        _ => true,
    }
}

fn added_tolerations(before: &Cursor<'_>, after: &Cursor<'_>, errors: &mut Errors) {
    let key = |toleration: &Cursor<'_>| {
        let mut value = toleration.value_or_null();
        if let Some(map) = value.as_object_mut() {
            map.remove("tolerationSeconds");
        }
        value
    };
    let kept: Vec<Value> = after.elements_of("tolerations").map(|toleration| key(&toleration)).collect();
    if before.elements_of("tolerations").any(|toleration| !kept.contains(&key(&toleration))) {
        let detail = "existing toleration can not be modified except its tolerationSeconds";
        errors.push(FieldError::forbidden(&after.path.child("tolerations"), detail));
    }
}

/// Undoes, in the new spec, what a pod may change.
fn take_back_mutable(was: &Value, is: &mut Value) {
    for list in ["containers", "initContainers"] {
        let old_items = was.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let new_items = is.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
        for (old_item, new_item) in old_items.iter().zip(new_items) {
            if let (Some(image), Some(slot)) = (old_item.get("image"), new_item.get_mut("image")) {
                *slot = image.clone();
            }
        }
    }
    let Some(map) = is.as_object_mut() else {
        return;
    };
    let relaxed = was.get("terminationGracePeriodSeconds").and_then(Value::as_i64).is_some_and(|seconds| seconds < 0)
        && map.get("terminationGracePeriodSeconds") == Some(&json!(1));
    let mut keys = vec!["activeDeadlineSeconds", "schedulingGates", "tolerations"];
    if relaxed {
        keys.push("terminationGracePeriodSeconds");
    }
    for key in keys {
        match was.get(key) {
            Some(value) => map.insert(key.to_owned(), value.clone()),
            None => map.remove(key),
        };
    }
}

/// The server's internal struct, which keeps the host's namespaces in the security context.
const POD_FIELDS: &[Field<'_>] = &[
    Field { go: "Volumes", json: "volumes", pointer: false },
    Field { go: "InitContainers", json: "initContainers", pointer: false },
    Field { go: "Containers", json: "containers", pointer: false },
    Field { go: "EphemeralContainers", json: "ephemeralContainers", pointer: false },
    Field { go: "RestartPolicy", json: "restartPolicy", pointer: false },
    Field { go: "TerminationGracePeriodSeconds", json: "terminationGracePeriodSeconds", pointer: true },
    Field { go: "ActiveDeadlineSeconds", json: "activeDeadlineSeconds", pointer: true },
    Field { go: "DNSPolicy", json: "dnsPolicy", pointer: false },
    Field { go: "NodeSelector", json: "nodeSelector", pointer: false },
    Field { go: "ServiceAccountName", json: "serviceAccountName", pointer: false },
    Field { go: "AutomountServiceAccountToken", json: "automountServiceAccountToken", pointer: true },
    Field { go: "NodeName", json: "nodeName", pointer: false },
    Field { go: "SecurityContext", json: "securityContext", pointer: true },
    Field { go: "ImagePullSecrets", json: "imagePullSecrets", pointer: false },
    Field { go: "Hostname", json: "hostname", pointer: false },
    Field { go: "Subdomain", json: "subdomain", pointer: false },
    Field { go: "SetHostnameAsFQDN", json: "setHostnameAsFQDN", pointer: true },
    Field { go: "Affinity", json: "affinity", pointer: true },
    Field { go: "SchedulerName", json: "schedulerName", pointer: false },
    Field { go: "Tolerations", json: "tolerations", pointer: false },
    Field { go: "HostAliases", json: "hostAliases", pointer: false },
    Field { go: "PriorityClassName", json: "priorityClassName", pointer: false },
    Field { go: "Priority", json: "priority", pointer: true },
    Field { go: "PreemptionPolicy", json: "preemptionPolicy", pointer: true },
    Field { go: "DNSConfig", json: "dnsConfig", pointer: true },
    Field { go: "ReadinessGates", json: "readinessGates", pointer: false },
    Field { go: "RuntimeClassName", json: "runtimeClassName", pointer: true },
    Field { go: "Overhead", json: "overhead", pointer: false },
    Field { go: "EnableServiceLinks", json: "enableServiceLinks", pointer: true },
    Field { go: "TopologySpreadConstraints", json: "topologySpreadConstraints", pointer: false },
    Field { go: "OS", json: "os", pointer: true },
    Field { go: "SchedulingGates", json: "schedulingGates", pointer: false },
    Field { go: "ResourceClaims", json: "resourceClaims", pointer: false },
    Field { go: "Resources", json: "resources", pointer: true },
    Field { go: "HostnameOverride", json: "hostnameOverride", pointer: true },
];
