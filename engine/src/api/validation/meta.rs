//! Validation of what all kinds share: metadata, label selectors, labels, and numbers or percentages.
//!
//! Follows `apimachinery/pkg/api/validation/objectmeta.go` and `apimachinery/pkg/apis/meta/v1/validation` of Kubernetes 1.36.
//! Maps are walked in the order of their keys, where Go's order is random.

use super::cursor::{Cursor, Errors, IMMUTABLE, NEGATIVE};
use crate::api::names::{self, NameForm};
use crate::api::status::{BadValue, FieldError, Path, go_json};
use crate::json::json;
use crate::order;
use serde_json::Value;

/// All annotations of an object together.
const ANNOTATIONS_BYTES_MAX: usize = 256 * 1024;

/// Metadata of a new object.
pub(super) fn object_meta(object: &Cursor<'_>, form: NameForm, namespaced: bool, errors: &mut Errors) {
    let meta = object.child("metadata");
    let generate = meta.text_of("generateName");
    if !generate.is_empty() {
        let path = meta.path.child("generateName");
        errors.invalid_texts(&path, generate, form.problems(generate, true));
    }
    let name = meta.text_of("name");
    let path = meta.path.child("name");
    if name.is_empty() {
        errors.push(FieldError::required(&path, "name or generateName is required"));
    } else {
        errors.invalid_texts(&path, name, form.problems(name, false));
    }
    let namespace = meta.text_of("namespace");
    if namespaced && !namespace.is_empty() {
        errors.invalid_texts(&meta.path.child("namespace"), namespace, names::dns1123_label(namespace));
    }
    if !namespaced && !namespace.is_empty() {
        errors.push(FieldError::forbidden(&meta.path.child("namespace"), "not allowed on this type"));
    }
    errors.nonnegative(&meta.child("generation"));
    common(&meta, errors);
    for finalizer in meta.elements_of("finalizers") {
        errors.invalid_texts(&meta.path.child("finalizers"), finalizer.text(), names::qualified_name(finalizer.text()));
    }
    finalizers(&meta, errors);
}

/// Metadata of an update: what may not change, and the rest as for a new object, but for the name.
pub(super) fn object_meta_update(old: &Cursor<'_>, new: &Cursor<'_>, errors: &mut Errors) {
    let (old, new) = (old.child("metadata"), new.child("metadata"));
    if old.has("deletionTimestamp") {
        let mut extra: Vec<&str> = new
            .elements_of("finalizers")
            .map(|item| item.text())
            .filter(|name| !old.elements_of("finalizers").any(|item| item.text() == *name))
            .collect();
        order::sort(&mut extra);
        extra.dedup();
        if !extra.is_empty() {
            let list: Vec<String> = extra.iter().map(|name| crate::api::status::go_quote(name)).collect();
            let detail = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
                list.join(", ")
            );
            errors.push(FieldError::forbidden(&new.path.child("finalizers"), detail));
        }
    }
    for key in ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        let (before, after) = (old.child(key), new.child(key));
        // What the request leaves out, the store fills in before it validates.
        if after.is_set() && before.value() != after.value() {
            errors.push(FieldError::invalid(&after.path, after.value_or_null(), IMMUTABLE));
        }
    }
    common(&new, errors);
    finalizers(&new, errors);
}

fn common(meta: &Cursor<'_>, errors: &mut Errors) {
    labels(&meta.child("labels"), errors);
    annotations(&meta.child("annotations"), errors);
    owner_references(&meta.child("ownerReferences"), errors);
}

fn finalizers(meta: &Cursor<'_>, errors: &mut Errors) {
    for finalizer in meta.elements_of("finalizers") {
        let name = finalizer.text();
        if !name.contains('/') && !matches!(name, "kubernetes" | "orphan" | "foregroundDeletion") {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            errors.push(FieldError::invalid(&finalizer.path, name, detail));
        }
    }
}

fn owner_references(references: &Cursor<'_>, errors: &mut Errors) {
    let mut controller: Option<(&str, &str)> = None;
    for reference in references.elements() {
        for (key, detail) in [
            ("apiVersion", "version must not be empty"),
            ("kind", "must not be empty"),
            ("name", "must not be empty"),
            ("uid", "must not be empty"),
        ] {
            if reference.text_of(key).is_empty() {
                errors.push(FieldError::invalid(&reference.path.child(key), "", detail));
            }
        }
        if reference.flag_of("controller") == Some(true) {
            let (kind, name) = (reference.text_of("kind"), reference.text_of("name"));
            if let Some((other_kind, other_name)) = controller {
                let detail = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in references for {other_kind}/{other_name} \
                     and {kind}/{name}"
                );
                errors.push(FieldError::invalid(&references.path, references.value_or_null(), detail));
            } else {
                controller = Some((kind, name));
            }
        }
    }
}

/// A map of labels.
pub(super) fn labels(labels: &Cursor<'_>, errors: &mut Errors) {
    for (key, value) in labels.entries() {
        errors.invalid_texts(&labels.path, key, names::qualified_name(key));
        let value = value.as_str().unwrap_or("");
        errors.invalid_texts(&labels.path, value, names::label_value(value));
    }
}

/// A map of annotations.
pub(super) fn annotations(annotations: &Cursor<'_>, errors: &mut Errors) {
    let mut bytes = 0;
    for (key, value) in annotations.entries() {
        errors.invalid_texts(&annotations.path, key, names::qualified_name(&key.to_ascii_lowercase()));
        bytes += key.len() + value.as_str().map_or(0, str::len);
    }
    if bytes > ANNOTATIONS_BYTES_MAX {
        errors.push(FieldError::too_long(&annotations.path, ANNOTATIONS_BYTES_MAX));
    }
}

/// A `LabelSelector` object.
pub(super) fn label_selector(selector: &Cursor<'_>, errors: &mut Errors) {
    labels(&selector.child("matchLabels"), errors);
    for expression in selector.elements_of("matchExpressions") {
        let values = expression.child("values");
        match expression.text_of("operator") {
            "In" | "NotIn" => {
                if values.len() == 0 {
                    errors.push(FieldError::required(&values.path, "must be specified when `operator` is 'In' or 'NotIn'"));
                }
            }
            "Exists" | "DoesNotExist" => {
                if values.len() > 0 {
                    let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                    errors.push(FieldError::forbidden(&values.path, detail));
                }
            }
            other => {
                errors.push(FieldError::invalid(&expression.path.child("operator"), other, "not a valid selector operator"));
            }
        }
        let key = expression.text_of("key");
        errors.invalid_texts(&expression.path.child("key"), key, names::qualified_name(key));
        for value in values.elements() {
            errors.invalid_texts(&value.path, value.text(), names::label_value(value.text()));
        }
    }
}

/// A label selector as error texts show it: its Go struct has `matchLabels` first.
pub(super) fn shown_selector(selector: &Cursor<'_>) -> BadValue {
    if !selector.is_set() {
        return BadValue::Json(json!("null"));
    }
    let parts: Vec<String> = ["matchLabels", "matchExpressions"]
        .iter()
        .map(|key| (key, selector.child(key)))
        .filter(|(_, part)| part.len() > 0 || part.map().is_some_and(|map| !map.is_empty()))
        .map(|(key, part)| format!("\"{key}\":{}", go_json(&part.value_or_null())))
        .collect();
    BadValue::Text(format!("{{{}}}", parts.join(",")))
}

/// Whether a label selector makes no condition.
pub(super) fn is_empty_selector(selector: &Cursor<'_>) -> bool {
    selector.child("matchExpressions").len() == 0 && selector.child("matchLabels").map().is_none_or(serde_json::Map::is_empty)
}

/// A number that is not negative, or a percentage.
pub(super) fn positive_int_or_percent(place: &Cursor<'_>, errors: &mut Errors) {
    match place.value() {
        Some(Value::String(text)) => errors.invalid_texts(&place.path, text, names::percent(text)),
        Some(Value::Number(number)) if number.as_i64().is_some_and(|number| number < 0) => {
            errors.push(FieldError::invalid(&place.path, number.as_i64(), NEGATIVE));
        }
        _ => {}
    }
}

/// A percentage of at most 100.
pub(super) fn at_most_100_percent(place: &Cursor<'_>, errors: &mut Errors) {
    if place.value().is_some_and(Value::is_string) && int_or_percent(place) > 100 {
        errors.push(FieldError::invalid(&place.path, place.text(), "must not be greater than 100%"));
    }
}

/// The number, or the number of percent; 0 for what is neither.
pub(super) fn int_or_percent(place: &Cursor<'_>) -> i64 {
    let percent = place.text().strip_suffix('%').and_then(|digits| digits.parse().ok());
    place.int().or(percent).unwrap_or(0)
}

/// A path below another: relative, and never up.
pub(super) fn descending_path(text: &str, path: &Path, errors: &mut Errors) {
    if text.starts_with('/') {
        errors.push(FieldError::invalid(path, text, "must be a relative path"));
    }
    no_backsteps(text, path, errors);
}

/// A path that never goes up.
pub(super) fn no_backsteps(text: &str, path: &Path, errors: &mut Errors) {
    if text.split('/').any(|part| part == "..") {
        errors.push(FieldError::invalid(path, text, "must not contain '..'"));
    }
}
