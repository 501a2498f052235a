//! Binds claims to volumes and makes volumes. Follows pkg/controller/volume.

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
pub fn bind(world: &mut World, key: &Key) {
    let _ = (world, key);
}

/// Looks at one object.
pub fn provision(world: &mut World, key: &Key) {
    let _ = (world, key);
}

/// Looks at one object.
pub fn protect_claim(world: &mut World, key: &Key) {
    let _ = (world, key);
}

/// Looks at one object.
pub fn protect_volume(world: &mut World, key: &Key) {
    let _ = (world, key);
}
