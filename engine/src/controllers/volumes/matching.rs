//! Which volume suits a claim. It must not change anything.
//! Follows `pkg/controller/volume/persistentvolume/index.go` and `volume_helpers.go` of `component-helpers` 1.36.

use serde_json::Value;

use crate::api::object::{Key, Object};
use crate::api::read;
use crate::api::selector::LabelSelector;
use crate::api::storage::{PersistentVolume, PersistentVolumeClaim};
use crate::cluster::World;

/// The smallest free volume that suits a claim and that `reachable` allows; one reserved for the claim comes first.
pub fn best_match(world: &World, claim: &Object, reachable: impl Fn(&Object) -> bool) -> Option<Key> {
    let body = claim.claim()?;
    if let Some(reserved) = reserved(world, claim) {
        return Some(reserved);
    }
    let free = world.memory.volumes.free.iter().filter_map(|key| world.store.get(key));
    let suiting = free.filter(|volume| {
        !volume.meta.terminating()
            && volume.volume().is_some_and(|volume| suits(volume, body))
            && selects(body, volume)
            && reachable(volume)
    });
    suiting.min_by(|left, right| capacity(left).cmp(&capacity(right))).map(|volume| volume.key())
}

/// The volume that a person, or the scheduler, reserved for a claim.
pub(super) fn reserved(world: &World, claim: &Object) -> Option<Key> {
    let body = claim.claim()?;
    let volumes = world.memory.volumes.of_claim.get(&claim.key()).into_iter().flatten();
    let meant = |volume: &&std::rc::Rc<Object>| {
        let Some(volume) = volume.volume() else { return false };
        volume.claim.as_ref().is_some_and(|reference| reference.uid.is_none_or(|uid| uid == claim.meta.uid)) && suits(volume, body)
    };
    volumes.filter_map(|key| world.store.get(key)).find(meant).map(|volume| volume.key())
}

fn capacity(volume: &Object) -> Option<crate::api::quantity::Quantity> {
    volume.volume().and_then(|volume| volume.capacity)
}

/// Whether class, size, access modes and volume mode agree.
pub(super) fn suits(volume: &PersistentVolume, claim: &PersistentVolumeClaim) -> bool {
    *volume.class == *claim.class.as_deref().unwrap_or_default()
        && claim.request.is_none_or(|request| volume.capacity.is_some_and(|capacity| capacity >= request))
        && claim.access_modes.iter().all(|mode| volume.access_modes.contains(mode))
        && mode(&volume.document) == mode(&claim.document)
}

fn mode(document: &Value) -> &str {
    read::string(document, &["volumeMode"]).unwrap_or("Filesystem")
}

/// Whether the claim's selector, if it has one, takes the volume.
fn selects(claim: &PersistentVolumeClaim, volume: &Object) -> bool {
    claim.document.get("selector").is_none_or(|selector| LabelSelector::from_value(selector).matches(&volume.meta.labels))
}

/// Whether a node reaches a volume.
pub fn reaches(volume: &Object, node: &Object) -> bool {
    let Some(body) = volume.volume() else { return true };
    let terms = read::items(&body.document, &["nodeAffinity", "required", "nodeSelectorTerms"]);
    terms.is_empty() || terms.iter().any(|term| LabelSelector::from_value(term).matches(&node.meta.labels))
}
