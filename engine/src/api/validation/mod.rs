//! Validation: what the API server refuses of well-typed objects, in its words and its order.
//!
//! Owns the rules of the kinds that a sandbox holds; of other kinds it checks the metadata. Objects come defaulted (see
//! `defaults`). It must not know the store: names in use, addresses taken and missing namespaces are refused there. What
//! decoding refuses (unknown fields, wrong types) is refused before; a field of a wrong type reads as unset here.
//! Follows `pkg/apis/*/validation` and the strategies of `pkg/registry` of Kubernetes 1.36.

mod affinity;
mod apps;
mod container;
mod core;
mod cursor;
mod diff;
mod environment;
mod meta;
mod pod;
mod resources;
mod service;
mod storage;
mod update;
mod volumes;
mod warnings;

use super::kind::Kind;
use super::names::NameForm;
use super::status::FieldError;
use cursor::{Cursor, Errors};
use serde_json::Value;

pub use update::validate_update;
pub use warnings::warnings;

/// What is wrong with a new object, already defaulted.
pub fn validate_create(kind: &str, object: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    let object = Cursor::root(object);
    match kind {
        "StatefulSet" => apps::stateful_set(&object, &mut errors),
        "Deployment" => apps::deployment(&object, &mut errors),
        "ReplicaSet" => apps::replica_set(&object, &mut errors),
        "DaemonSet" => apps::daemon_set(&object, &mut errors),
        "Job" => apps::job(&object, &mut errors),
        "Pod" => pod::create(&object, &mut errors),
        "Service" => service::service(&object, &mut errors),
        "PersistentVolumeClaim" => storage::claim(&object, &mut errors),
        "PersistentVolume" => storage::persistent_volume(&object, &mut errors),
        "StorageClass" => storage::storage_class(&object, &mut errors),
        "ConfigMap" => core::config_map(&object, &mut errors),
        "Secret" => core::secret(&object, &mut errors),
        "Namespace" => core::namespace(&object, &mut errors),
        "Node" => core::node(&object, &mut errors),
        "PodDisruptionBudget" => core::disruption_budget(&object, &mut errors),
        _ => meta::object_meta(&object, NameForm::of_kind(kind), is_namespaced(kind), &mut errors),
    }
    errors.0
}

/// Whether objects of a kind live in a namespace.
fn is_namespaced(kind: &str) -> bool {
    Kind::by_name(kind).is_none_or(Kind::namespaced)
}

#[cfg(test)]
mod tests;
