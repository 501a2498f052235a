//! Defaults of volumes: those of pods, claims and persistent volumes.
//!
//! Follows `pkg/apis/core/v1/defaults.go` of Kubernetes 1.36.

use super::{child, existing, image, items, set_default, set_default_number, text};
use crate::json::json;
use serde_json::{Map, Value};

/// Mode 0644, which mounted files have where nobody says otherwise.
const FILE_MODE: i64 = 0o644;

/// A volume of a pod.
pub(super) fn pod_volume(volume: &mut Map<String, Value>) {
    if !volume.keys().any(|key| key != "name") {
        volume.insert("emptyDir".to_owned(), json!({}));
    }
    for name in ["secret", "configMap", "downwardAPI", "projected"] {
        if let Some(source) = existing(volume, name) {
            set_default(source, "defaultMode", json!(FILE_MODE));
            for item in items(source, "items") {
                downward_source(item);
            }
            for projection in items(source, "sources") {
                if let Some(token) = existing(projection, "serviceAccountToken") {
                    set_default(token, "expirationSeconds", json!(3600));
                }
                if let Some(downward) = existing(projection, "downwardAPI") {
                    for item in items(downward, "items") {
                        downward_source(item);
                    }
                }
            }
        }
    }
    if let Some(path) = existing(volume, "hostPath") {
        path.entry("type").or_insert_with(|| json!(""));
    }
    if let Some(image) = existing(volume, "image") {
        let policy = if image::is_latest(text(image, "reference")) { "Always" } else { "IfNotPresent" };
        set_default(image, "pullPolicy", json!(policy));
    }
    if let Some(template) = existing(volume, "ephemeral").and_then(|ephemeral| existing(ephemeral, "volumeClaimTemplate")) {
        child(template, "metadata");
        if let Some(spec) = child(template, "spec") {
            claim_spec(spec);
        }
    }
    network_volume(volume);
}

/// Volume sources that a pod and a persistent volume share.
fn network_volume(volume: &mut Map<String, Value>) {
    if let Some(iscsi) = existing(volume, "iscsi") {
        set_default(iscsi, "iscsiInterface", json!("default"));
        set_default_number(iscsi, "lun", 0);
    }
    if let Some(rbd) = existing(volume, "rbd") {
        set_default(rbd, "pool", json!("rbd"));
        set_default(rbd, "user", json!("admin"));
        set_default(rbd, "keyring", json!("/etc/ceph/keyring"));
    }
    if let Some(disk) = existing(volume, "azureDisk") {
        set_default(disk, "cachingMode", json!("ReadWrite"));
        set_default(disk, "kind", json!("Shared"));
        set_default(disk, "fsType", json!("ext4"));
        set_default(disk, "readOnly", json!(false));
    }
    if let Some(scale) = existing(volume, "scaleIO") {
        set_default(scale, "storageMode", json!("ThinProvisioned"));
        set_default(scale, "fsType", json!("xfs"));
    }
}

/// A reference to a field of the pod, in an environment variable or a file.
pub(super) fn downward_source(source: &mut Map<String, Value>) {
    if let Some(field) = existing(source, "fieldRef") {
        set_default(field, "apiVersion", json!("v1"));
    }
    if let Some(resource) = existing(source, "resourceFieldRef") {
        set_default(resource, "divisor", json!("0"));
    }
}

/// A claim.
pub(super) fn claim(claim: &mut Map<String, Value>) {
    claim_template(claim);
    if let Some(spec) = existing(claim, "spec") {
        mirror_data_source(spec);
    }
}

/// A set's template of a claim.
pub(super) fn claim_template(claim: &mut Map<String, Value>) {
    child(claim, "metadata");
    if let Some(spec) = child(claim, "spec") {
        claim_spec(spec);
    }
    if let Some(status) = child(claim, "status") {
        set_default(status, "phase", json!("Pending"));
    }
}

fn claim_spec(spec: &mut Map<String, Value>) {
    child(spec, "resources");
    set_default(spec, "volumeMode", json!("Filesystem"));
}

/// The old field and the new one mirror each other, unless the new one names another namespace.
fn mirror_data_source(spec: &mut Map<String, Value>) {
    let namespaced = spec
        .get("dataSourceRef")
        .and_then(|source| source.get("namespace"))
        .and_then(Value::as_str)
        .is_some_and(|namespace| !namespace.is_empty());
    match (spec.get("dataSource").cloned(), spec.get("dataSourceRef").cloned()) {
        (Some(source), None) => {
            spec.insert("dataSourceRef".to_owned(), source);
        }
        (None, Some(source)) if !namespaced => {
            spec.insert("dataSource".to_owned(), source);
        }
        _ => {}
    }
}

/// A persistent volume.
pub(super) fn persistent_volume(object: &mut Map<String, Value>) {
    if let Some(spec) = child(object, "spec") {
        set_default(spec, "persistentVolumeReclaimPolicy", json!("Retain"));
        set_default(spec, "volumeMode", json!("Filesystem"));
        if let Some(path) = existing(spec, "hostPath") {
            path.entry("type").or_insert_with(|| json!(""));
        }
        network_volume(spec);
    }
    if let Some(status) = child(object, "status") {
        set_default(status, "phase", json!("Pending"));
    }
}
