//! Patches: JSON merge, JSON patch, strategic merge, and the three-way patch of `kubectl apply`.
//!
//! Owns how documents are changed by documents. It must not know which fields exist: how a list merges comes through
//! [`MergeKeys`], which the `schema` module can answer from the published structure; [`BuiltIn`] answers for the kinds that a
//! sandbox holds. Follows `apimachinery/pkg/util/strategicpatch` of Kubernetes 1.36, RFC 7386 and RFC 6902.

mod json;
mod strategic;
mod three_way;

use super::status::{Reason, Status};
use serde_json::{Map, Value};
use std::fmt;

pub use json::json_patch;
pub use strategic::strategic_merge;
pub use three_way::three_way_patch;

/// How the value of a field takes a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Strategy {
    /// A list is merged, not replaced: by its key, or as a set of plain values where there is none.
    pub merge: bool,
    /// The field that tells the elements of a merged list apart.
    pub key: Option<&'static str>,
    /// A patch of the object says which keys stay.
    pub retain_keys: bool,
    /// An object is replaced as a whole.
    pub replace: bool,
}

impl Strategy {
    /// A list of objects that is merged by a key.
    pub const fn by(key: &'static str) -> Self {
        Self { merge: true, key: Some(key), retain_keys: false, replace: false }
    }
}

/// How the fields below a place take a patch.
pub trait MergeKeys: Sized {
    /// The strategy of a field, and the place below it (of a list: its elements').
    fn field(&self, name: &str) -> (Strategy, Self);
}

/// The merge keys of the kinds that a sandbox holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    is_service: bool,
    is_budget: bool,
    /// The fields below are not the structure's: annotations, labels, data.
    is_free: bool,
}

impl BuiltIn {
    /// The merge keys of a kind.
    pub fn of_kind(kind: &str) -> Self {
        Self { is_service: matches!(kind, "Service" | "Endpoints"), is_budget: kind == "PodDisruptionBudget", is_free: false }
    }
}

impl MergeKeys for BuiltIn {
    fn field(&self, name: &str) -> (Strategy, Self) {
        let is_free = self.is_free || matches!(name, "annotations" | "labels" | "matchLabels" | "data" | "nodeSelector");
        let below = Self { is_free, ..*self };
        if is_free {
            return (Strategy::default(), below);
        }
        let strategy = match name {
            "containers" | "initContainers" | "ephemeralContainers" | "env" | "imagePullSecrets" | "schedulingGates" | "secrets" => {
                Strategy::by("name")
            }
            "volumes" | "resourceClaims" => Strategy { retain_keys: true, ..Strategy::by("name") },
            "volumeMounts" => Strategy::by("mountPath"),
            "volumeDevices" => Strategy::by("devicePath"),
            "ports" if self.is_service => Strategy::by("port"),
            "ports" => Strategy::by("containerPort"),
            "hostAliases" | "podIPs" | "hostIPs" => Strategy::by("ip"),
            "topologySpreadConstraints" => Strategy::by("topologyKey"),
            "conditions" | "addresses" => Strategy::by("type"),
            "ownerReferences" => Strategy::by("uid"),
            "finalizers" | "podCIDRs" => Strategy { merge: true, ..Strategy::default() },
            // A Deployment's; a set's updateStrategy has none.
            "strategy" => Strategy { retain_keys: true, ..Strategy::default() },
            "selector" if self.is_budget => Strategy { replace: true, ..Strategy::default() },
            _ => Strategy::default(),
        };
        (strategy, below)
    }
}

/// Why a patch cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatchError {
    /// A JSON patch names a place that is not there, or a test failed.
    DoesNotApply,
    /// The patch is not of the form that its type asks for.
    BadFormat(String),
    /// An element of a merged list lacks the key that tells it apart.
    MissingMergeKey(String),
}

impl PatchError {
    /// The API server's answer.
    pub fn status(&self) -> Status {
        match self {
            Self::DoesNotApply => Status::patch_rejected(),
            Self::BadFormat(text) => Status::bad_request(text.clone()),
            Self::MissingMergeKey(text) => Status::new(Reason::InternalError, text.clone()),
        }
    }
}

impl fmt::Display for PatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.status().message)
    }
}

impl std::error::Error for PatchError {}

/// Applies a JSON merge patch (RFC 7386): objects merge, null removes, all else replaces.
pub fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(target) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            merge_patch(target.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests;
