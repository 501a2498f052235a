//! The StatefulSet controller.

pub mod control;
pub mod identity;
pub mod rules;
pub mod status;
pub mod step;

use crate::api::object::Key;
use crate::cluster::World;
use crate::cluster::store::Change;

/// Wakes the actor for what a change concerns.
pub fn notice(world: &mut World, change: &Change) {
    let _ = (world, change);
}

/// Looks at one object.
pub fn sync(world: &mut World, key: &Key) {
    let _ = (world, key);
}
