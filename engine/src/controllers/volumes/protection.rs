//! Keeps claims that pods use and volumes that claims use: their finalizers go last.
//! It must not know who deletes. Follows `pkg/controller/volume/pvcprotection` and `pvprotection` 1.36.

use crate::api::object::Key;
use crate::api::storage::VolumePhase;
use crate::api::time::Ms;
use crate::cluster::World;

use super::super::Controller;

/// The finalizer of a claim.
const CLAIM_FINALIZER: &str = "kubernetes.io/pvc-protection";
/// The finalizer of a volume.
const VOLUME_FINALIZER: &str = "kubernetes.io/pv-protection";
/// How long the controller takes to ask the API server for the pods that are left. Recorded are 1 to 110 ms: the answer waits
/// until the server's cache has caught up, and one answer serves all claims that wait by then.
const ASK_MS: Ms = 30;

/// Has a claim looked at whose pod is gone.
pub(super) fn wake_after_pod(world: &mut World, claim: Key) {
    let at_ms = world.now_ms() + if world.instant { 0 } else { ASK_MS };
    world.wake_at(Controller::ClaimProtection, claim, at_ms);
}

/// Looks at one object.
pub fn protect_claim(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    if !object.meta.terminating() || !object.meta.has_finalizer(CLAIM_FINALIZER) {
        return;
    }
    // A pod that has no node yet cannot start with a claim that is being deleted, so it does not count.
    let user = super::users(world, key).find(|pod| world.store.get(pod).and_then(|object| object.pod()).is_some_and(|pod| pod.bound()));
    match user.cloned() {
        Some(pod) => super::note(world, key, "claim-is-in-use", true, vec![pod]),
        None => {
            world.change(key, |object| object.meta.remove_finalizer(CLAIM_FINALIZER));
        }
    }
}

/// Looks at one object.
pub fn protect_volume(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let used = object.volume().is_some_and(|volume| volume.phase == VolumePhase::Bound);
    if object.meta.terminating() && !used {
        world.change(key, |object| object.meta.remove_finalizer(VOLUME_FINALIZER));
    }
}
