//! Deployments and ReplicaSets. Follows pkg/controller/deployment and pkg/controller/replicaset.

use crate::api::object::Key;
use crate::cluster::World;
use crate::cluster::store::Change;

/// Wakes the actor for what a change concerns.
pub fn notice(world: &mut World, change: &Change) {
    let _ = (world, change);
}

/// Looks at one object.
pub fn sync_deployment(world: &mut World, key: &Key) {
    let _ = (world, key);
}

/// Looks at one object.
pub fn sync_replica_set(world: &mut World, key: &Key) {
    let _ = (world, key);
}
