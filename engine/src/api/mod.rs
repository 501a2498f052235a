//! The object model: metadata, labels and selectors, quantities, patches, defaults, validation and typed views.
//! Pure: it must not know the cluster, the clock or kubectl.
//!
//! An [`object::Object`] is what the store keeps: typed where an actor decides on it, and beside that the document that
//! the user wrote, shared and untouched, so that `get -o yaml` gives back also what the engine does not interpret.

pub mod defaults;
pub mod event;
pub mod kind;
pub mod labels;
pub mod metadata;
pub mod names;
pub mod node;
pub mod object;
pub mod patch;
pub mod pod;
pub mod pod_template;
pub mod quantity;
pub mod read;
pub mod revision;
pub mod selector;
pub mod service;
pub mod statefulset;
pub mod status;
pub mod storage;
pub mod text;
pub mod time;
pub mod validation;
pub mod workload;
