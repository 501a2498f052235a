//! The object model: metadata, labels and selectors, quantities, patches, defaults, validation and typed views.
//! Pure: it must not know the cluster, the clock or kubectl.

pub mod defaults;
pub mod quantity;
pub mod status;
