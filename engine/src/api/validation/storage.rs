//! Validation of claims, persistent volumes and storage classes.
//!
//! Follows `pkg/apis/core/validation/validation.go` and `pkg/apis/storage/validation/validation.go` of Kubernetes 1.36.

use super::cursor::{Cursor, Errors, IMMUTABLE};
use super::diff::{Field, struct_diff};
use super::{affinity, meta, resources, volumes};
use crate::api::names::{self, NameForm};
use crate::api::quantity::Quantity;
use crate::api::status::{FieldError, Path};
use crate::json::{self, json};
use serde_json::Value;

const ACCESS_MODES: &[&str] = &["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES: &[&str] = &["Block", "Filesystem"];

/// The sources of a persistent volume, in the order in which they are looked at.
const SOURCES: &[&str] = &[
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

/// A new claim.
pub(super) fn claim(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, true, errors);
    claim_spec(&object.child("spec"), errors);
}

/// The spec of a claim, or of a set's claim template.
pub(super) fn claim_spec(spec: &Cursor<'_>, errors: &mut Errors) {
    let modes = spec.child("accessModes");
    if modes.len() == 0 {
        errors.push(FieldError::required(&modes.path, "at least 1 access mode is required"));
    }
    if spec.has("selector") {
        meta::label_selector(&spec.child("selector"), errors);
    }
    access_modes(&modes, errors);
    let path = spec.path.child("resources").key("storage");
    match spec.child("resources").child("requests").child("storage").value().and_then(resources::quantity) {
        None => errors.push(FieldError::required(&path, "")),
        Some(amount) => {
            resources::positive(amount, &path, errors);
        }
    }
    let class = spec.child("storageClassName");
    if !class.text().is_empty() {
        errors.invalid_texts(&class.path, class.text(), names::dns1123_subdomain(class.text()));
    }
    if spec.has("volumeMode") {
        errors.one_of(&spec.child("volumeMode"), VOLUME_MODES);
    }
    for key in ["dataSource", "dataSourceRef"] {
        let source = spec.child(key);
        if source.is_set() {
            errors.required_text(&source.child("name"));
            errors.required_text(&source.child("kind"));
            let (group, kind) = (source.text_of("apiGroup"), source.text_of("kind"));
            if group.is_empty() && kind != "PersistentVolumeClaim" {
                let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
                errors.push(FieldError::invalid(&source.path, kind, detail));
            }
        }
    }
    let attributes = spec.child("volumeAttributesClassName");
    if !attributes.text().is_empty() {
        errors.invalid_texts(&attributes.path, attributes.text(), names::dns1123_subdomain(attributes.text()));
    }
}

fn access_modes(modes: &Cursor<'_>, errors: &mut Errors) {
    let (mut single_pod, mut other) = (false, false);
    for mode in modes.elements() {
        if !ACCESS_MODES.contains(&mode.text()) {
            errors.push(FieldError::not_supported(&modes.path, mode.text(), ACCESS_MODES));
        }
        if mode.text() == "ReadWriteOncePod" { single_pod = true } else { other = true }
    }
    if single_pod && other {
        let detail = "may not use ReadWriteOncePod with other access modes";
        errors.push(FieldError::forbidden(&modes.path, detail));
    }
}

/// A changed claim: only the request of a bound one may grow.
pub(super) fn claim_update(old: &Cursor<'_>, new: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta_update(old, new, errors);
    claim(new, errors);
    let (mut before, mut after) = (old.child("spec").value_or_null(), new.child("spec").value_or_null());
    let annotation =
        |object: &Cursor<'_>| object.child("metadata").child("annotations").text_of("volume.beta.kubernetes.io/storage-class").to_owned();
    let (old_class, new_class) = (annotation(old), annotation(new));
    if old_class != new_class {
        let path = Path::new("metadata.annotations.volume.beta.kubernetes.io/storage-class");
        errors.push(FieldError::invalid(&path, new_class, IMMUTABLE));
    }
    // A volume's name is set once, and a class may be given to a claim that has none.
    for key in ["volumeName", "storageClassName"] {
        if old.child("spec").text_of(key).is_empty() && (key == "volumeName" || !old.child("spec").has(key)) {
            copy(&mut before, &after, key);
        }
    }
    let storage = |place: &Cursor<'_>| place.child("storage").value().and_then(resources::quantity);
    let old_size = storage(&old.child("spec").child("resources").child("requests"));
    let new_size = storage(&new.child("spec").child("resources").child("requests"));
    if new.child("status").text_of("phase") == "Bound" {
        let size = before.pointer("/resources/requests/storage").cloned();
        if let (Some(size), Some(slot)) = (size, after.pointer_mut("/resources/requests/storage")) {
            *slot = size;
        }
        if after.get("volumeAttributesClassName").is_some() {
            let class = before.clone();
            copy(&mut after, &class, "volumeAttributesClassName");
        }
    }
    if !same(&before, &after) {
        let diff = struct_diff("core.PersistentVolumeClaimSpec", CLAIM_FIELDS, &before, &after);
        let detail =
            format!("spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n{diff}");
        errors.push(FieldError::forbidden(&new.child("spec").path, detail));
    }
    let given = storage(&old.child("status").child("capacity")).unwrap_or(Quantity::from_units(0, crate::api::quantity::Format::BinarySi));
    if let (Some(old_size), Some(new_size)) = (old_size, new_size)
        && new_size < old_size
        && new_size <= given
    {
        let path = new.child("spec").path.child("resources.requests.storage");
        errors.push(FieldError::forbidden(&path, "field can not be less than status.capacity"));
    }
    let (old_mode, new_mode) = (old.child("spec").text_of("volumeMode"), new.child("spec").text_of("volumeMode"));
    if old_mode != new_mode {
        errors.push(FieldError::invalid(&Path::new("volumeMode"), new_mode, IMMUTABLE));
    }
}

const CLAIM_FIELDS: &[Field] = &[
    Field { go: "AccessModes", json: "accessModes", pointer: false },
    Field { go: "Selector", json: "selector", pointer: true },
    Field { go: "Resources", json: "resources", pointer: false },
    Field { go: "VolumeName", json: "volumeName", pointer: false },
    Field { go: "StorageClassName", json: "storageClassName", pointer: true },
    Field { go: "VolumeMode", json: "volumeMode", pointer: true },
    Field { go: "DataSource", json: "dataSource", pointer: true },
    Field { go: "DataSourceRef", json: "dataSourceRef", pointer: true },
    Field { go: "VolumeAttributesClassName", json: "volumeAttributesClassName", pointer: true },
];

/// Whether two values mean the same: quantities of equal amount do.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        _ => a == b,
    }
}

fn copy(to: &mut Value, from: &Value, key: &str) {
    if let Some(map) = to.as_object_mut() {
        match from.get(key) {
            Some(value) => map.insert(key.to_owned(), value.clone()),
            None => map.remove(key),
        };
    }
}

/// A new persistent volume.
pub(super) fn persistent_volume(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, false, errors);
    let spec = object.child("spec");
    let modes = spec.child("accessModes");
    if modes.len() == 0 {
        errors.push(FieldError::required(&modes.path, ""));
    }
    access_modes(&modes, errors);
    let capacity = spec.child("capacity");
    let amounts = capacity.map().map_or(0, serde_json::Map::len);
    if amounts == 0 {
        errors.push(FieldError::required(&capacity.path, ""));
    }
    if !capacity.has("storage") || amounts > 1 {
        errors.push(FieldError::not_supported(&capacity.path, capacity.value_or_null(), &["storage"]));
    }
    for (name, amount) in capacity.entries() {
        if let Some(amount) = resources::quantity(amount) {
            let path = capacity.path.key(name);
            resources::nonnegative(amount, &path, errors);
            resources::positive(amount, &path, errors);
        }
    }
    if !spec.text_of("persistentVolumeReclaimPolicy").is_empty() {
        errors.one_of(&spec.child("persistentVolumeReclaimPolicy"), &["Delete", "Recycle", "Retain"]);
    }
    let affinity = spec.child("nodeAffinity");
    if affinity.is_set() {
        if affinity.has("required") {
            affinity::node_selector(&affinity.child("required"), errors);
        } else {
            errors.push(FieldError::required(&affinity.path.child("required"), "must specify required node constraints"));
        }
    }
    volume_source(&spec, errors);
    let class = spec.child("storageClassName");
    if !class.text().is_empty() {
        errors.invalid_texts(&class.path, class.text(), names::dns1123_subdomain(class.text()));
    }
    if spec.has("volumeMode") {
        errors.one_of(&spec.child("volumeMode"), VOLUME_MODES);
    }
}

fn volume_source(spec: &Cursor<'_>, errors: &mut Errors) {
    let mut found = false;
    for key in SOURCES {
        let source = spec.child(key);
        if !source.is_set() {
            continue;
        }
        if found {
            errors.push(FieldError::forbidden(&source.path, "may not specify more than 1 volume type"));
            continue;
        }
        found = true;
        match *key {
            "local" => {
                let path = source.child("path");
                if errors.required_text(&path) {
                    meta::no_backsteps(path.text(), &path.path, errors);
                }
                if !spec.child("nodeAffinity").has("required") {
                    let path = spec.path.child("nodeAffinity");
                    errors.push(FieldError::required(&path, "Local volume requires node affinity"));
                }
            }
            "csi" => {
                errors.required_text(&source.child("driver"));
                errors.required_text(&source.child("volumeHandle"));
            }
            other => volumes::shared_source(other, &source, errors),
        }
    }
    if !found {
        errors.push(FieldError::required(&spec.path, "must specify a volume type"));
    }
}

/// A changed persistent volume: its source and mode stay.
pub(super) fn persistent_volume_update(old: &Cursor<'_>, new: &Cursor<'_>, errors: &mut Errors) {
    persistent_volume(new, errors);
    let sources = |object: &Cursor<'_>| {
        let spec = object.child("spec");
        let found = SOURCES.iter().filter(|key| spec.has(key)).map(|key| (key, spec.child(key).value_or_null()));
        json::object(found)
    };
    let (before, after) = (sources(old), sources(new));
    if !same(&before, &after) {
        let names: Vec<String> = SOURCES.iter().map(|key| super::diff::go_name(key)).collect();
        let fields: Vec<Field> = SOURCES.iter().zip(&names).map(|(json, go)| Field { go, json, pointer: true }).collect();
        let diff = struct_diff("core.PersistentVolumeSource", &fields, &before, &after);
        let detail = format!("spec.persistentvolumesource is immutable after creation\n{diff}");
        errors.push(FieldError::forbidden(&new.child("spec").path.child("persistentvolumesource"), detail));
    }
    let (old_mode, new_mode) = (old.child("spec").text_of("volumeMode"), new.child("spec").text_of("volumeMode"));
    if old_mode != new_mode {
        errors.push(FieldError::invalid(&Path::new("volumeMode"), new_mode, IMMUTABLE));
    }
    let (old_affinity, new_affinity) = (old.child("spec").child("nodeAffinity"), new.child("spec").child("nodeAffinity"));
    if old_affinity.is_set() && old_affinity.value() != new_affinity.value() {
        let path = Path::new("nodeAffinity");
        errors.push(FieldError::invalid(&path, new_affinity.value_or_null(), IMMUTABLE));
    }
}

/// A new storage class.
pub(super) fn storage_class(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, false, errors);
    let provisioner = object.child("provisioner");
    if errors.required_text(&provisioner) {
        let problems = names::qualified_name(&provisioner.text().to_ascii_lowercase());
        errors.invalid_texts(&provisioner.path, provisioner.text(), problems);
    }
    if object.has("reclaimPolicy") {
        errors.one_of(&object.child("reclaimPolicy"), &["Delete", "Retain"]);
    }
    errors.required_one_of(&object.child("volumeBindingMode"), &["Immediate", "WaitForFirstConsumer"]);
}

/// A changed storage class: what it promises stays.
pub(super) fn storage_class_update(old: &Cursor<'_>, new: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta_update(old, new, errors);
    for key in ["parameters", "provisioner", "reclaimPolicy"] {
        let empty = json!({});
        let value = |object: &Cursor<'_>| object.child(key).value().cloned().unwrap_or_else(|| empty.clone());
        if value(old) != value(new) {
            errors.push(FieldError::forbidden(&Path::new(key), format!("updates to {key} are forbidden.")));
        }
    }
    let (before, after) = (old.text_of("volumeBindingMode"), new.text_of("volumeBindingMode"));
    if before != after {
        errors.push(FieldError::invalid(&Path::new("volumeBindingMode"), after, IMMUTABLE));
    }
}
