//! Nodes that go silent, and the pods on them. Follows pkg/controller/nodelifecycle and tainteviction.

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

/// Looks at one object.
pub fn evict(world: &mut World, key: &Key) {
    let _ = (world, key);
}
