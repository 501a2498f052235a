//! Validation of a pod's volumes.
//!
//! Follows `ValidateVolumes` of `pkg/apis/core/validation/validation.go`, Kubernetes 1.36. Sources that no lesson uses are only
//! checked for being the volume's one source.

use super::cursor::{Cursor, Errors};
use super::{environment, meta, storage};
use crate::api::names;
use crate::api::status::{FieldError, Path};
use crate::sorted::{SortedMap, SortedSet};
use serde_json::{Map, Value};

const MORE_THAN_ONE: &str = "may not specify more than 1 volume type";
const MODE_RANGE: &str = "must be a number between 0 and 0777 (octal), both inclusive";

/// The sources in the order in which they are looked at.
const SOURCES: &[&str] = &[
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
];

/// Checks the volumes and returns those without fault, by name: only these can be mounted.
pub(super) fn volumes<'a>(
    list: impl Iterator<Item = Cursor<'a>>,
    pod_name: &str,
    errors: &mut Errors,
) -> SortedMap<&'a str, &'a Map<String, Value>> {
    let mut valid = SortedMap::new();
    for volume in list {
        let mut found = Errors::default();
        source(&volume, pod_name, &mut found);
        let name = volume.child("name");
        if found.required_text(&name) {
            found.invalid_texts(&name.path, name.text(), names::dns1123_label(name.text()));
        }
        if valid.contains_key(name.text()) {
            found.push(FieldError::duplicate(&name.path, name.text()));
        }
        if found.0.is_empty() {
            if let Some(map) = volume.map() {
                valid.insert(name.text(), map);
            }
        } else {
            errors.0.extend(found.0);
        }
    }
    valid
}

fn source(volume: &Cursor<'_>, pod_name: &str, errors: &mut Errors) {
    let mut found = false;
    for key in SOURCES {
        let place = volume.child(key);
        if !place.is_set() {
            continue;
        }
        if found {
            errors.push(FieldError::forbidden(&place.path, MORE_THAN_ONE));
            continue;
        }
        found = true;
        match *key {
            "emptyDir" => {
                let limit = place.child("sizeLimit");
                if limit.value().and_then(super::resources::quantity).is_some_and(|limit| limit.sign() < 0) {
                    errors.push(FieldError::forbidden(&limit.path, "SizeLimit field must be a valid resource quantity"));
                }
            }
            "secret" | "configMap" => {
                errors.required_text(&place.child(if *key == "secret" { "secretName" } else { "name" }));
                file_mode(&place.child("defaultMode"), errors);
                key_paths(&place.child("items"), errors);
            }
            "persistentVolumeClaim" => {
                errors.required_text(&place.child("claimName"));
            }
            "downwardAPI" => {
                file_mode(&place.child("defaultMode"), errors);
                for item in place.elements_of("items") {
                    downward_file(&item, errors);
                }
            }
            "projected" => projected(&place, errors),
            "ephemeral" => {
                let template = place.child("volumeClaimTemplate");
                if template.is_set() {
                    meta::labels(&template.child("metadata").child("labels"), errors);
                    storage::claim_spec(&template.child("spec"), errors);
                } else {
                    errors.push(FieldError::required(&template.path, ""));
                }
                let name = volume.text_of("name");
                if !pod_name.is_empty() && !name.is_empty() {
                    let claim = format!("{pod_name}-{name}");
                    for problem in names::dns1123_subdomain(&claim) {
                        let detail = format!("PVC name \"{claim}\": {problem}");
                        errors.push(FieldError::invalid(&volume.path.child("name"), name, detail));
                    }
                }
            }
            other => shared_source(other, &place, errors),
        }
    }
    if !found {
        errors.push(FieldError::required(&volume.path, "must specify a volume type"));
    }
}

/// A source that pods and persistent volumes have in common.
pub(super) fn shared_source(key: &str, place: &Cursor<'_>, errors: &mut Errors) {
    let required: &[&str] = match key {
        "nfs" => &["server", "path"],
        "glusterfs" => &["endpoints", "path"],
        "rbd" => &["image"],
        "csi" => &["driver"],
        "gcePersistentDisk" => &["pdName"],
        "awsElasticBlockStore" | "cinder" | "portworxVolume" => &["volumeID"],
        "vsphereVolume" => &["volumePath"],
        "azureFile" => &["secretName", "shareName"],
        "gitRepo" => &["repository"],
        "image" => &["reference"],
        "iscsi" => &["targetPortal", "iqn"],
        "flexVolume" => &["driver"],
        _ => &[],
    };
    match key {
        "hostPath" => {
            let path = place.child("path");
            if errors.required_text(&path) {
                meta::no_backsteps(path.text(), &path.path, errors);
                let known = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
                errors.one_of(&place.child("type"), &known);
            }
            return;
        }
        "rbd" | "cephfs" if place.child("monitors").len() == 0 => {
            errors.push(FieldError::required(&place.path.child("monitors"), ""));
        }
        _ => {}
    }
    for field in required {
        errors.required_text(&place.child(field));
    }
    if key == "nfs" {
        let path = place.child("path");
        if !path.text().starts_with('/') {
            errors.push(FieldError::invalid(&path.path, path.text(), "must be an absolute path"));
        }
    }
}

fn projected(place: &Cursor<'_>, errors: &mut Errors) {
    file_mode(&place.child("defaultMode"), errors);
    let mut paths = SortedSet::new();
    for projection in place.elements_of("sources") {
        let mut found = 0;
        for key in ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"] {
            let source = projection.child(key);
            if !source.is_set() {
                continue;
            }
            found += 1;
            match key {
                "secret" | "configMap" => {
                    errors.required_text(&source.child("name"));
                    key_paths(&source.child("items"), errors);
                }
                "downwardAPI" => {
                    for item in source.elements_of("items") {
                        downward_file(&item, errors);
                    }
                }
                "serviceAccountToken" => {
                    let seconds = source.child("expirationSeconds");
                    if let Some(value) = seconds.int().filter(|value| *value < 600) {
                        let detail = "may not specify a duration less than 10 minutes";
                        errors.push(FieldError::invalid(&seconds.path, value, detail));
                    }
                    let path = source.child("path");
                    if errors.required_text(&path) {
                        reserved_path(path.text(), &path.path, errors);
                    }
                }
                _ => {}
            }
            for item in source.elements_of("items") {
                let path = item.child("path").text();
                if !path.is_empty() && !paths.insert(path) {
                    errors.push(FieldError::invalid(&projection.path, path, "conflicting duplicate paths"));
                }
            }
        }
        if found == 0 {
            errors.push(FieldError::required(&projection.path, "may not specify more than 1 volume type"));
        } else if found > 1 {
            errors.push(FieldError::forbidden(&projection.path, "may not specify more than 1 volume type"));
        }
    }
}

fn key_paths(items: &Cursor<'_>, errors: &mut Errors) {
    for item in items.elements() {
        errors.required_text(&item.child("key"));
        let path = item.child("path");
        errors.required_text(&path);
        reserved_path(path.text(), &path.path, errors);
        file_mode(&item.child("mode"), errors);
    }
}

fn downward_file(item: &Cursor<'_>, errors: &mut Errors) {
    let path = item.child("path");
    errors.required_text(&path);
    reserved_path(path.text(), &path.path, errors);
    let (field, resource) = (item.child("fieldRef"), item.child("resourceFieldRef"));
    if field.is_set() {
        environment::field_reference(&field, environment::FILE_FIELDS, errors);
        if resource.is_set() {
            let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
            errors.push(FieldError::invalid(&item.path, "resource", detail));
        }
    } else if resource.is_set() {
        environment::resource_reference(&resource, true, errors);
    } else {
        errors.push(FieldError::required(&item.path, "one of fieldRef and resourceFieldRef is required"));
    }
    file_mode(&item.child("mode"), errors);
}

/// A relative path whose first part does not begin with two dots: those are the volume plugin's own.
fn reserved_path(text: &str, path: &Path, errors: &mut Errors) {
    meta::descending_path(text, path, errors);
    if text.starts_with("..") && !text.starts_with("../") {
        errors.push(FieldError::invalid(path, text, "must not start with '..'"));
    }
}

fn file_mode(mode: &Cursor<'_>, errors: &mut Errors) {
    if let Some(value) = mode.int().filter(|value| !(0..=0o777).contains(value)) {
        errors.push(FieldError::invalid(&mode.path, value, MODE_RANGE));
    }
}
