//! Validation of what guides the scheduler: affinity, tolerations, taints, topology spread.
//!
//! Follows the scheduling part of `pkg/apis/core/validation/validation.go`, Kubernetes 1.36.

use super::cursor::{Cursor, Errors, NOT_POSITIVE};
use super::meta;
use crate::api::names;
use crate::api::status::FieldError;
use crate::sorted::SortedSet;

const EFFECTS: &[&str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// A pod's affinity.
pub(super) fn affinity(affinity: &Cursor<'_>, errors: &mut Errors) {
    let node = affinity.child("nodeAffinity");
    if node.has(REQUIRED) {
        node_selector(&node.child(REQUIRED), errors);
    }
    for term in node.elements_of(PREFERRED) {
        weight(&term, errors);
        node_selector_term(&term.child("preference"), false, errors);
    }
    for key in ["podAffinity", "podAntiAffinity"] {
        let place = affinity.child(key);
        for term in place.elements_of(REQUIRED) {
            pod_term(&term, errors);
        }
        for term in place.elements_of(PREFERRED) {
            weight(&term, errors);
            pod_term(&term.child("podAffinityTerm"), errors);
        }
    }
}

fn weight(term: &Cursor<'_>, errors: &mut Errors) {
    let weight = term.int_of("weight").unwrap_or(0);
    if !(1..=100).contains(&weight) {
        errors.push(FieldError::invalid(&term.path.child("weight"), weight, "must be in the range 1-100"));
    }
}

/// A node selector; it must have a term.
pub(super) fn node_selector(selector: &Cursor<'_>, errors: &mut Errors) {
    let terms = selector.child("nodeSelectorTerms");
    if terms.len() == 0 {
        errors.push(FieldError::required(&terms.path, "must have at least one node selector term"));
    }
    for term in terms.elements() {
        node_selector_term(&term, true, errors);
    }
}

fn node_selector_term(term: &Cursor<'_>, check_values: bool, errors: &mut Errors) {
    for requirement in term.elements_of("matchExpressions") {
        let values = requirement.child("values");
        match requirement.text_of("operator") {
            "In" | "NotIn" if values.len() == 0 => {
                let detail = "must be specified when `operator` is 'In' or 'NotIn'";
                errors.push(FieldError::required(&values.path, detail));
            }
            "Exists" | "DoesNotExist" if values.len() > 0 => {
                let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                errors.push(FieldError::forbidden(&values.path, detail));
            }
            "Gt" | "Lt" if values.len() != 1 => {
                let detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
                errors.push(FieldError::required(&values.path, detail));
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
            other => {
                let path = requirement.path.child("operator");
                errors.push(FieldError::invalid(&path, other, "not a valid selector operator"));
            }
        }
        let key = requirement.child("key");
        errors.invalid_texts(&key.path, key.text(), names::qualified_name(key.text()));
        if check_values {
            for value in values.elements() {
                errors.invalid_texts(&value.path, value.text(), names::label_value(value.text()));
            }
        }
    }
    for requirement in term.elements_of("matchFields") {
        let values = requirement.child("values");
        match requirement.text_of("operator") {
            "In" | "NotIn" if values.len() != 1 => {
                let detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
                errors.push(FieldError::required(&values.path, detail));
            }
            "In" | "NotIn" => {}
            other => {
                let path = requirement.path.child("operator");
                errors.push(FieldError::invalid(&path, other, "not a valid selector operator"));
            }
        }
        let key = requirement.child("key");
        if key.text() != "metadata.name" {
            errors.push(FieldError::invalid(&key.path, key.text(), "not a valid field selector key"));
        }
    }
}

fn pod_term(term: &Cursor<'_>, errors: &mut Errors) {
    meta::label_selector(&term.child("labelSelector"), errors);
    meta::label_selector(&term.child("namespaceSelector"), errors);
    for namespace in term.elements_of("namespaces") {
        let path = term.path.child("namespace");
        errors.invalid_texts(&path, namespace.text(), names::dns1123_label(namespace.text()));
    }
    for list in ["matchLabelKeys", "mismatchLabelKeys"] {
        let keys = term.child(list);
        if keys.len() > 0 && !term.has("labelSelector") {
            errors.push(FieldError::forbidden(&keys.path, "must not be specified when labelSelector is not set"));
            continue;
        }
        for key in keys.elements() {
            errors.invalid_texts(&key.path, key.text(), names::qualified_name(key.text()));
        }
    }
    let key = term.child("topologyKey");
    if key.text().is_empty() {
        errors.push(FieldError::required(&key.path, "can not be empty"));
    }
    errors.invalid_texts(&key.path, key.text(), names::qualified_name(key.text()));
}

/// A pod's tolerations.
pub(super) fn tolerations(list: &Cursor<'_>, errors: &mut Errors) {
    for toleration in list.elements() {
        let key = toleration.child("key");
        let (operator, effect) = (toleration.child("operator"), toleration.child("effect"));
        let value = toleration.text_of("value");
        if !key.text().is_empty() {
            errors.invalid_texts(&key.path, key.text(), names::qualified_name(key.text()));
        } else if operator.text() != "Exists" {
            let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            errors.push(FieldError::invalid(&operator.path, operator.text(), detail));
        }
        if toleration.has("tolerationSeconds") && effect.text() != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            errors.push(FieldError::invalid(&effect.path, effect.text(), detail));
        }
        match operator.text() {
            "Equal" | "" => {
                let problems = names::label_value(value);
                if !problems.is_empty() {
                    errors.push(FieldError::invalid(&operator.path, value, problems.join(";")));
                }
            }
            "Exists" => {
                if !value.is_empty() {
                    let detail = "value must be empty when `operator` is 'Exists'";
                    errors.push(FieldError::invalid(&operator.path, value, detail));
                }
            }
            _ => errors.one_of(&operator, &["Equal", "Exists"]),
        }
        if !effect.text().is_empty() {
            errors.one_of(&effect, EFFECTS);
        }
    }
}

/// A node's taints.
pub(super) fn taints(list: &Cursor<'_>, errors: &mut Errors) {
    let mut seen = SortedSet::new();
    for taint in list.elements() {
        let (key, value, effect) = (taint.child("key"), taint.child("value"), taint.child("effect"));
        errors.invalid_texts(&key.path, key.text(), names::qualified_name(key.text()));
        let problems = names::label_value(value.text());
        if !problems.is_empty() {
            errors.push(FieldError::invalid(&value.path, value.text(), problems.join(";")));
        }
        errors.required_one_of(&effect, EFFECTS);
        if !seen.insert((effect.text(), key.text())) {
            let mut error = FieldError::duplicate(&taint.path, taint.value_or_null());
            error.detail = "taints must be unique by key and effect pair".to_owned();
            errors.push(error);
        }
    }
}

/// A pod's topology spread constraints.
pub(super) fn topology_spread(list: &Cursor<'_>, errors: &mut Errors) {
    let pair = |constraint: &Cursor<'_>| (constraint.text_of("topologyKey").to_owned(), constraint.text_of("whenUnsatisfiable").to_owned());
    let pairs: Vec<(String, String)> = list.elements().map(|constraint| pair(&constraint)).collect();
    for (index, constraint) in list.elements().enumerate() {
        let skew = constraint.int_of("maxSkew").unwrap_or(0);
        if skew <= 0 {
            errors.push(FieldError::invalid(&constraint.path.child("maxSkew"), skew, NOT_POSITIVE));
        }
        if constraint.text_of("topologyKey").is_empty() {
            errors.push(FieldError::required(&constraint.path.child("topologyKey"), "can not be empty"));
        }
        let action = constraint.child("whenUnsatisfiable");
        errors.one_of(&action, &["DoNotSchedule", "ScheduleAnyway"]);
        let (key, when) = &pairs[index];
        if pairs[index + 1..].contains(&pairs[index]) {
            let path = constraint.path.child("{topologyKey, whenUnsatisfiable}");
            errors.push(FieldError::duplicate(&path, format!("{{{key}, {when}}}")));
        }
        let domains = constraint.child("minDomains");
        if let Some(count) = domains.int() {
            if count <= 0 {
                errors.push(FieldError::invalid(&domains.path, count, NOT_POSITIVE));
            }
            if action.text() != "DoNotSchedule" {
                let detail = format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {}", action.text());
                errors.push(FieldError::invalid(&domains.path, count, detail));
            }
        }
        for policy in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            if constraint.has(policy) {
                errors.one_of(&constraint.child(policy), &["Honor", "Ignore"]);
            }
        }
        let keys = constraint.child("matchLabelKeys");
        if keys.len() > 0 && !constraint.has("labelSelector") {
            errors.push(FieldError::forbidden(&keys.path, "must not be specified when labelSelector is not set"));
        }
        for key in keys.elements() {
            errors.invalid_texts(&key.path, key.text(), names::qualified_name(key.text()));
        }
        meta::label_selector(&constraint.child("labelSelector"), errors);
    }
}
