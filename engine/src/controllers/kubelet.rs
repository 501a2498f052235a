//! Runs pods on their nodes.

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

/// The range of pod addresses of a node.
pub fn pod_cidr(ordinal: u32) -> String {
    format!("10.244.{ordinal}.0/24")
}

/// The address of a node.
pub fn node_ip(ordinal: u32) -> String {
    format!("192.168.49.{}", ordinal + 10)
}
