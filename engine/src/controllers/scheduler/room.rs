//! More nodes where a lesson asks for more than three: the sandbox's own doing, not Kubernetes'.
//! It must not add a node where the real scheduler's refusal is the lesson: a cordon, a taint, a selector.

use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Text};
use crate::api::object::Key;
use crate::api::pod::Pod;
use crate::cluster::World;
use crate::settings::NODES_MAX;

use super::fit::Misfit;

/// The label that tells nodes apart.
const HOSTNAME: &str = "kubernetes.io/hostname";

/// Adds a node where a pod fits none only because each is full or holds a pod that it must not share a node with.
pub(super) fn make(world: &mut World, meta: &Metadata, pod: &Pod, misfits: &[(Text, Misfit)]) -> Option<Key> {
    if world.settings.nodes_fixed || meta.controller().is_none() || world.store.count(Kind::Node) >= NODES_MAX as usize {
        return None;
    }
    let by_hostname = pod.spec.anti_affinity.iter().all(|term| &*term.topology_key == HOSTNAME);
    let crowded = |misfit: &Misfit| match misfit {
        Misfit::Full => true,
        Misfit::AntiAffinity | Misfit::Repelled => by_hostname && !pod.spec.anti_affinity.is_empty(),
        _ => false,
    };
    let asks_for_no_node = pod.spec.node_selector.is_empty() && pod.spec.node_affinity.is_none() && pod.spec.affinity.is_empty();
    if misfits.is_empty() || !asks_for_no_node || !misfits.iter().all(|(_, misfit)| crowded(misfit)) {
        return None;
    }
    let ordinal = (1..=NODES_MAX).find(|ordinal| world.node(*ordinal).is_none())?;
    world.add_node(ordinal);
    Some(Key::new(Kind::Node, "", format!("node-{ordinal}")))
}
