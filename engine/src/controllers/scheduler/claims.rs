//! What the scheduler asks of a pod's claims before it looks for a node.
//! It must not know how claims are bound. Follows `pkg/scheduler/framework/plugins/volumebinding` 1.36.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::Text;
use crate::api::object::{Key, Object};
use crate::api::pod::Pod;
use crate::api::storage::ClaimPhase;
use crate::cluster::World;

use super::volumes;

/// The claims of a pod that can be scheduled.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Volumes that are bound: the node must reach them.
    pub bound: Vec<Rc<Object>>,
    /// Claims that are bound only once the pod has a node.
    pub delayed: Vec<Key>,
}

/// Why no node can be looked for yet.
#[derive(Debug)]
pub(super) struct Wait {
    /// In the scheduler's words.
    pub reason: String,
    /// The rule's id.
    pub rule: &'static str,
    /// The claims it waits for.
    pub objects: Vec<Key>,
}

/// Looks at the claims of a pod.
pub(super) fn look(world: &World, namespace: &Text, pod: &Pod) -> Result<Claims, Wait> {
    let mut claims = Claims::default();
    let mut immediate = Vec::new();
    for volume in pod.claims() {
        let key = Key::new(Kind::PersistentVolumeClaim, namespace.clone(), volume.claim.clone());
        let Some((object, claim)) = world.store.get(&key).and_then(|object| Some((object, object.claim()?))) else {
            let reason = format!("persistentvolumeclaim \"{}\" not found", volume.claim);
            return Err(Wait { reason, rule: "pod-waits-for-missing-claim", objects: vec![key] });
        };
        if claim.phase == ClaimPhase::Lost {
            let reason =
                format!("persistentvolumeclaim \"{}\" bound to non-existent persistentvolume \"{}\"", volume.claim, claim.volume_name);
            return Err(Wait { reason, rule: "pod-waits-for-lost-claim", objects: vec![key] });
        }
        if object.meta.terminating() {
            let reason = format!("persistentvolumeclaim \"{}\" is being deleted", volume.claim);
            return Err(Wait { reason, rule: "pod-waits-for-deleted-claim", objects: vec![key] });
        }
        if volumes::is_bound(object) {
            claims.bound.extend(world.store.find(Kind::PersistentVolume, "", &claim.volume_name).cloned());
        } else if volumes::waits_for_consumer(world, object) && claim.volume_name.is_empty() {
            claims.delayed.push(key);
        } else {
            immediate.push(key);
        }
    }
    if immediate.is_empty() {
        return Ok(claims);
    }
    Err(Wait { reason: "pod has unbound immediate PersistentVolumeClaims".to_owned(), rule: "pod-waits-for-claim", objects: immediate })
}

/// Tells the binder on which node the volumes of claims are wanted: static volumes that fit are reserved, and for the other
/// claims the node is named.
pub(super) fn claim_node(world: &mut World, node: &Text, delayed: &[Key]) {
    for key in delayed {
        if let Some(volume) = static_volume(world, node, key) {
            volumes::reserve(world, &volume, key);
            continue;
        }
        world.change(key, |object| object.meta.annotate(volumes::SELECTED_NODE, node));
    }
}

/// The free volume that a claim would get on a node.
pub(super) fn static_volume(world: &World, node: &str, claim: &Key) -> Option<Key> {
    let object = world.store.get(claim)?;
    let node = world.store.find(Kind::Node, "", node)?;
    volumes::best_match(world, object, |volume| volumes::reaches(volume, node))
}

/// Whether nobody makes volumes for a claim: only those that exist will do.
pub(super) fn only_static(world: &World, claim: &Key) -> bool {
    let name = world.store.get(claim).and_then(|object| object.claim()).and_then(|claim| claim.class.clone()).unwrap_or_default();
    let class = world.store.find(Kind::StorageClass, "", &name);
    class.and_then(|class| class.class()).is_none_or(|class| !volumes::provisions(&class.provisioner))
}
