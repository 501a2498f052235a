//! What of a cluster's changes a person can see on the stage. Many changes are of no interest to the eye: an Event was
//! written, a condition got a new reason. *Step* goes to the next change that can be seen, and *step back* to the last.
//! It must not know how the stage draws.

use statefulset_engine::sorted::SortedMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use statefulset_engine::api::object::{Body, Key, Object};
use statefulset_engine::api::pod::ContainerState;
use statefulset_engine::cluster::store::{Store, Verb};

/// What was seen of every object, and how far the watch log was read.
#[derive(Clone, Debug, Default)]
pub struct Visible {
    looks: SortedMap<Key, u64>,
    read: usize,
}

impl Visible {
    /// Reads what is new in the watch log; true where any of it can be seen.
    pub fn absorb(&mut self, store: &Store) -> bool {
        let mut changed = false;
        for event in store.log.since(self.read) {
            let Some(look) = look_of(&event.object) else {
                continue;
            };
            let key = event.object.key();
            changed |= match event.verb {
                Verb::Deleted => self.looks.remove(&key).is_some(),
                Verb::Added | Verb::Modified => self.looks.insert(key, look) != Some(look),
            };
        }
        self.read = store.log.len();
        changed
    }
}

/// A number for how an object looks on the stage; `None` where it is not drawn.
fn look_of(object: &Object) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    object.meta.terminating().hash(&mut hasher);
    match &object.body {
        Body::Pod(pod) => {
            (pod.status.phase as u8, pod.ready(), &pod.node_name, &pod.status.ip, pod.restarts()).hash(&mut hasher);
            pod.ready_containers().hash(&mut hasher);
            for container in &pod.status.containers {
                if let ContainerState::Waiting { reason, .. } = &container.state {
                    reason.hash(&mut hasher);
                }
            }
        }
        Body::StatefulSet(set) => {
            (set.spec.replicas, set.spec.partition(), set.spec.start, set.status.ready_replicas).hash(&mut hasher);
            (&set.status.update_revision, &set.status.current_revision).hash(&mut hasher);
        }
        Body::PersistentVolumeClaim(claim) => (claim.phase as u8, &claim.volume_name).hash(&mut hasher),
        Body::PersistentVolume(volume) => (volume.phase as u8).hash(&mut hasher),
        Body::Node(node) => (node.ready as u8, node.unschedulable, node.taints.len()).hash(&mut hasher),
        Body::Deployment(set) | Body::ReplicaSet(set) => (set.replicas, set.status.ready_replicas).hash(&mut hasher),
        Body::Service(service) => service.cluster_ip.hash(&mut hasher),
        Body::EndpointSlice(slice) => {
            for endpoint in slice.endpoints.iter().filter(|endpoint| endpoint.ready) {
                endpoint.address.hash(&mut hasher);
            }
        }
        _ => return None,
    }
    Some(hasher.finish())
}
