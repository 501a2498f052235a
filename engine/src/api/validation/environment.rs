//! Validation of environment variables, and of the references to fields and resources that they share with files.
//!
//! Follows `ValidateEnv` and `ValidateEnvFrom` of `pkg/apis/core/validation/validation.go`, Kubernetes 1.36.

use super::cursor::{Cursor, Errors};
use crate::api::names;
use crate::api::status::FieldError;

/// A container's `env`.
pub(super) fn environment(list: &Cursor<'_>, errors: &mut Errors) {
    for variable in list.elements() {
        let name = variable.child("name");
        if errors.required_text(&name) {
            errors.invalid_texts(&name.path, name.text(), names::environment_name(name.text()));
        }
        let source = variable.child("valueFrom");
        if !source.is_set() {
            continue;
        }
        let mut sources = 0;
        let field = source.child("fieldRef");
        if field.is_set() {
            sources += 1;
            field_reference(&field, ENVIRONMENT_FIELDS, errors);
        }
        let resource = source.child("resourceFieldRef");
        if resource.is_set() {
            sources += 1;
            resource_reference(&resource, false, errors);
        }
        for key in ["configMapKeyRef", "secretKeyRef", "fileKeyRef"] {
            let reference = source.child(key);
            if !reference.is_set() {
                continue;
            }
            sources += 1;
            if key != "fileKeyRef" {
                let name = reference.child("name");
                errors.invalid_texts(&name.path, name.text(), names::dns1123_subdomain(name.text()));
            }
            let key = reference.child("key");
            if errors.required_text(&key) {
                errors.invalid_texts(&key.path, key.text(), names::config_key(key.text()));
            }
        }
        let detail = match (sources, variable.text_of("value").is_empty()) {
            (0, _) => "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
            (_, false) => "may not be specified when `value` is not empty",
            (1, true) => continue,
            _ => "may not have more than one field specified at a time",
        };
        errors.push(FieldError::invalid(&source.path, "", detail));
    }
}

/// A container's `envFrom`.
pub(super) fn environment_from(list: &Cursor<'_>, errors: &mut Errors) {
    for source in list.elements() {
        let prefix = source.child("prefix");
        if !prefix.text().is_empty() {
            errors.invalid_texts(&prefix.path, prefix.text(), names::environment_name(prefix.text()));
        }
        let mut sources = 0;
        for key in ["configMapRef", "secretRef"] {
            let reference = source.child(key);
            if reference.is_set() {
                sources += 1;
                let name = reference.child("name");
                if errors.required_text(&name) {
                    errors.invalid_texts(&name.path, name.text(), names::dns1123_subdomain(name.text()));
                }
            }
        }
        let detail = match sources {
            0 => "must specify one of: `configMapRef` or `secretRef`",
            1 => continue,
            _ => "may not have more than one field specified at a time",
        };
        errors.push(FieldError::invalid(&list.path, "", detail));
    }
}

const ENVIRONMENT_FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Fields that a downward API file can hold.
pub(super) const FILE_FIELDS: &[&str] = &["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

/// Field labels that the API converts; others do not exist.
const KNOWN_FIELDS: &[&str] = &[
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.hostname",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.phase",
    "status.podIP",
    "status.podIPs",
];

/// A reference to a field of the pod.
pub(super) fn field_reference(reference: &Cursor<'_>, allowed: &[&str], errors: &mut Errors) {
    if !errors.required_text(&reference.child("apiVersion")) || !errors.required_text(&reference.child("fieldPath")) {
        return;
    }
    let place = reference.child("fieldPath");
    let text = place.text();
    let subscript = text.split_once("['").and_then(|(path, rest)| Some((path, rest.strip_suffix("']")?)));
    let known = match subscript {
        Some((path, _)) => matches!(path, "metadata.annotations" | "metadata.labels"),
        None => KNOWN_FIELDS.contains(&text),
    };
    if !known {
        let detail = format!("error converting fieldPath: field label not supported: {text}");
        errors.push(FieldError::invalid(&place.path, text, detail));
        return;
    }
    match subscript {
        Some((path, key)) => {
            let key = if path == "metadata.annotations" { key.to_ascii_lowercase() } else { key.to_owned() };
            errors.invalid_texts(&reference.path, &key, names::qualified_name(&key));
        }
        None if !allowed.contains(&text) => errors.push(FieldError::not_supported(&place.path, text, allowed)),
        None => {}
    }
}

/// A reference to a container's request or limit.
pub(super) fn resource_reference(reference: &Cursor<'_>, in_volume: bool, errors: &mut Errors) {
    const KNOWN: &[&str] =
        &["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];
    let resource = reference.child("resource");
    if in_volume && reference.text_of("containerName").is_empty() {
        errors.push(FieldError::required(&reference.path.child("containerName"), ""));
    } else if errors.required_text(&resource) {
        let pages = ["limits.hugepages-", "requests.hugepages-"].iter().any(|prefix| resource.text().starts_with(prefix));
        if !pages {
            errors.one_of(&resource, KNOWN);
        }
    }
    let divisor = reference.text_of("divisor");
    let (known, what): (&[&str], &str) = match resource.text() {
        "limits.cpu" | "requests.cpu" => (&["1m", "1"], "values 1m and 1 are supported with the cpu resource"),
        "limits.memory" | "requests.memory" => {
            (SIZE_DIVISORS, "values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource")
        }
        "limits.ephemeral-storage" | "requests.ephemeral-storage" => (
            SIZE_DIVISORS,
            "values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the local ephemeral storage \
             resource",
        ),
        _ => return,
    };
    if !matches!(divisor, "" | "0") && !known.contains(&divisor) {
        let detail = format!("only divisor's {what}");
        errors.push(FieldError::invalid(&reference.path.child("divisor"), resource.text(), detail));
    }
}

const SIZE_DIVISORS: &[&str] = &["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
