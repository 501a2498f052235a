//! Validation of the small kinds: ConfigMaps, Secrets, Namespaces, Nodes, disruption budgets, and metadata of all others.
//!
//! Follows `pkg/apis/core/validation/validation.go` and `pkg/apis/policy/validation/validation.go` of Kubernetes 1.36.

use super::cursor::{Cursor, Errors, IMMUTABLE};
use super::{affinity, meta};
use crate::api::names::{self, NameForm};
use crate::api::status::{FieldError, Path, go_json};

/// All data of a ConfigMap or Secret together.
const DATA_BYTES_MAX: usize = 1024 * 1024;

/// A ConfigMap, new or changed.
pub(super) fn config_map(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, true, errors);
    let (data, binary) = (object.child("data"), object.child("binaryData"));
    let mut bytes = 0;
    for (key, value) in data.entries() {
        let path = data.path.key(key);
        errors.invalid_texts(&path, key, names::config_key(key));
        if binary.has(key) {
            errors.push(FieldError::invalid(&path, key, "duplicate of key present in binaryData"));
        }
        bytes += value.as_str().map_or(0, str::len);
    }
    for (key, value) in binary.entries() {
        errors.invalid_texts(&binary.path.key(key), key, names::config_key(key));
        bytes += value.as_str().map_or(0, str::len) / 4 * 3;
    }
    if bytes > DATA_BYTES_MAX {
        errors.push(FieldError::too_long(&Path::default(), DATA_BYTES_MAX));
    }
}

/// A Secret, new or changed.
pub(super) fn secret(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, true, errors);
    let data = object.child("data");
    let mut bytes = 0;
    for (key, value) in data.entries() {
        errors.invalid_texts(&data.path.key(key), key, names::config_key(key));
        bytes += value.as_str().map_or(0, str::len) / 4 * 3;
    }
    if bytes > DATA_BYTES_MAX {
        errors.push(FieldError::too_long(&data.path, DATA_BYTES_MAX));
    }
    let required: &[&str] = match object.text_of("type") {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        _ => &[],
    };
    for key in required.iter().filter(|key| !data.has(key)) {
        errors.push(FieldError::required(&data.path.key(key), ""));
    }
}

/// What a changed ConfigMap or Secret may not change.
pub(super) fn data_update(kind: &str, old: &Cursor<'_>, new: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta_update(old, new, errors);
    if kind == "Secret" && old.text_of("type") != new.text_of("type") && !new.text_of("type").is_empty() {
        errors.push(FieldError::invalid(&Path::new("type"), new.text_of("type"), IMMUTABLE));
    }
    if old.flag_of("immutable") == Some(true) {
        let detail = "field is immutable when `immutable` is set";
        if new.flag_of("immutable") != Some(true) {
            errors.push(FieldError::forbidden(&Path::new("immutable"), detail));
        }
        for key in ["data", "binaryData"] {
            if old.child(key).value() != new.child(key).value() {
                errors.push(FieldError::forbidden(&Path::new(key), detail));
            }
        }
    }
    if kind == "Secret" { secret(new, errors) } else { config_map(new, errors) }
}

/// A new Namespace.
pub(super) fn namespace(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Label, false, errors);
    let finalizers = object.child("spec").child("finalizers");
    for finalizer in finalizers.elements() {
        let name = finalizer.text();
        errors.invalid_texts(&finalizers.path, name, names::qualified_name(name));
        if !name.contains('/') && !matches!(name, "kubernetes" | "orphan" | "foregroundDeletion") {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            errors.push(FieldError::invalid(&finalizers.path, name, detail));
        }
    }
}

/// A Node, new or changed.
pub(super) fn node(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, false, errors);
    // The real one names the taints' place wrongly; so do we.
    let path = object.child("metadata").path.child("taints");
    affinity::taints(&Cursor::at(object.child("spec").child("taints").value(), path), errors);
}

/// A disruption budget, new or changed. Its name is only checked when all else is well.
pub(super) fn disruption_budget(object: &Cursor<'_>, errors: &mut Errors) {
    let spec = object.child("spec");
    let (available, unavailable) = (spec.child("minAvailable"), spec.child("maxUnavailable"));
    if available.is_set() && unavailable.is_set() {
        let selector = spec.child("selector");
        let shown = if selector.is_set() { meta::shown_selector(&selector).to_string() } else { "null".to_owned() };
        let part = |key: &str| go_json(&spec.child(key).value_or_null());
        let value = format!(
            "{{\"MinAvailable\":{},\"Selector\":{shown},\"MaxUnavailable\":{},\"UnhealthyPodEvictionPolicy\":{}}}",
            part("minAvailable"),
            part("maxUnavailable"),
            part("unhealthyPodEvictionPolicy")
        );
        errors.push(FieldError::invalid_text(&spec.path, value, "minAvailable and maxUnavailable cannot be both set"));
    }
    for place in [&available, &unavailable] {
        meta::positive_int_or_percent(place, errors);
        meta::at_most_100_percent(place, errors);
    }
    meta::label_selector(&spec.child("selector"), errors);
    if spec.has("unhealthyPodEvictionPolicy") {
        errors.one_of(&spec.child("unhealthyPodEvictionPolicy"), &["AlwaysAllow", "IfHealthyBudget"]);
    }
    if errors.0.is_empty() {
        meta::object_meta(object, NameForm::PathSegment, true, errors);
    }
}
