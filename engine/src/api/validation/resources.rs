//! Validation of resource requests and limits.
//!
//! Follows `ValidateContainerResourceRequirements` of `pkg/apis/core/validation/validation.go`, Kubernetes 1.36. Maps are walked
//! in the order of their keys, where Go's order is random.

use super::cursor::{Cursor, Errors, NEGATIVE, NOT_POSITIVE};
use crate::api::names;
use crate::api::quantity::Quantity;
use crate::api::status::{FieldError, Path};
use crate::sorted::SortedSet;
use serde_json::Value;

/// Requests and limits of a container.
pub(super) fn requirements(place: &Cursor<'_>, claims: &SortedSet<&str>, errors: &mut Errors) {
    let (limits, requests) = (place.child("limits"), place.child("requests"));
    for (name, amount) in limits.entries() {
        let path = limits.path.key(name);
        resource_name(name, &path, errors);
        if let Some(amount) = quantity(amount) {
            quantity_value(name, amount, &path, errors);
        }
    }
    for (name, amount) in requests.entries() {
        let path = requests.path.key(name);
        resource_name(name, &path, errors);
        let Some(amount) = quantity(amount) else {
            continue;
        };
        quantity_value(name, amount, &path, errors);
        let overcommit = is_native(name) && !name.starts_with("hugepages-");
        match limits.map().and_then(|limits| limits.get(name)).and_then(quantity) {
            Some(limit) if amount != limit && !overcommit => {
                let detail = format!("must be equal to {name} limit of {limit}");
                errors.push(FieldError::invalid(&requests.path, amount.to_string(), detail));
            }
            Some(limit) if amount > limit => {
                let detail = format!("must be less than or equal to {name} limit of {limit}");
                errors.push(FieldError::invalid(&requests.path, amount.to_string(), detail));
            }
            None if !overcommit => {
                let detail = "Limit must be set for non overcommitable resources";
                errors.push(FieldError::required(&limits.path, detail));
            }
            _ => {}
        }
    }
    let any = |prefix: &dyn Fn(&str) -> bool| limits.entries().chain(requests.entries()).any(|(name, _)| prefix(name));
    if any(&|name| name.starts_with("hugepages-")) && !any(&|name| matches!(name, "cpu" | "memory")) {
        errors.push(FieldError::forbidden(&place.path, "HugePages require cpu or memory"));
    }
    for claim in place.elements_of("claims") {
        let name = claim.text_of("name");
        if name.is_empty() {
            errors.push(FieldError::required(&claim.path, ""));
        } else if !claims.contains(name) {
            let mut error = FieldError::not_found(&claim.path, name);
            error.detail = "must be one of the names in pod.spec.resourceClaims".to_owned();
            if claims.is_empty() {
                error.detail += " which is empty";
            } else {
                error.detail += &format!(": {}", claims.iter().copied().collect::<Vec<_>>().join(", "));
            }
            errors.push(error);
        }
    }
}

/// The quantity of a field, where it is one.
pub(super) fn quantity(value: &Value) -> Option<Quantity> {
    match value {
        Value::String(text) => Quantity::parse(text).ok(),
        Value::Number(number) => Quantity::parse(&number.to_string()).ok(),
        _ => None,
    }
}

/// An amount that may be 0.
pub(super) fn nonnegative(amount: Quantity, path: &Path, errors: &mut Errors) {
    if amount.sign() < 0 {
        errors.push(FieldError::invalid(path, amount.to_string(), NEGATIVE));
    }
}

/// An amount above 0; says whether it is one.
pub(super) fn positive(amount: Quantity, path: &Path, errors: &mut Errors) -> bool {
    let fine = amount.sign() > 0;
    if !fine {
        errors.push(FieldError::invalid(path, amount.to_string(), NOT_POSITIVE));
    }
    fine
}

fn quantity_value(name: &str, amount: Quantity, path: &Path, errors: &mut Errors) {
    nonnegative(amount, path, errors);
    let counted = !is_native(name) || name.starts_with("hugepages-");
    if counted && amount.milli_value() % 1000 != 0 {
        errors.push(FieldError::invalid(path, amount.to_string(), "must be an integer"));
    }
}

fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

fn resource_name(name: &str, path: &Path, errors: &mut Errors) {
    let problems = names::qualified_name(name);
    if !problems.is_empty() {
        errors.invalid_texts(path, name, problems);
        return;
    }
    let standard = matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
    if !name.contains('/') {
        if !standard {
            errors.push(FieldError::invalid(path, name, "must be a standard resource for containers"));
        }
    } else if !is_native(name) && name.starts_with("requests.") {
        errors.push(FieldError::invalid(path, name, "doesn't follow extended resource name standard"));
    }
}
