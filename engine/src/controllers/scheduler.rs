//! Binds pods to nodes. Follows pkg/scheduler.

use crate::api::object::Key;
use crate::cluster::World;
use crate::cluster::store::Change;

/// What is remembered between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {}

/// Wakes the actor for what a change concerns.
pub fn notice(world: &mut World, change: &Change) {
    let _ = (world, change);
}

/// Looks at one object.
pub fn sync(world: &mut World, key: &Key) {
    let _ = (world, key);
}
