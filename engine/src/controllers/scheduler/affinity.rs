//! Required affinity and anti-affinity between pods, worked out once for a pod before the nodes are looked at.
//! It must not change anything. Follows `pkg/scheduler/framework/plugins/interpodaffinity/filtering.go` 1.36.

use crate::sorted::SortedSet;

use crate::api::kind::Kind;
use crate::api::metadata::{Labels, Metadata, Text};
use crate::api::object::Object;
use crate::api::pod::Pod;
use crate::api::pod_template::AffinityTerm;
use crate::cluster::World;

use super::fit::Misfit;

/// A value of a topology label: a domain.
type Domain = (Text, Text);

/// What the pods already placed mean for one pod.
pub(super) struct Neighbours<'a> {
    terms: &'a [AffinityTerm],
    near: Vec<SortedSet<Domain>>,
    first_of_its_kind: bool,
    shunned: SortedSet<Domain>,
    repelled: SortedSet<Domain>,
    shuns: &'a [AffinityTerm],
}

impl<'a> Neighbours<'a> {
    /// Looks at the pods already placed.
    pub(super) fn of(world: &World, object: &Object, pod: &'a Pod) -> Self {
        let domains = |term: &AffinityTerm| placed(world, &object.meta, term);
        let near: Vec<SortedSet<Domain>> = pod.spec.affinity.iter().map(domains).collect();
        // The first pod of a group that wants its own kind near may go anywhere.
        let first_of_its_kind =
            near.iter().all(SortedSet::is_empty) && pod.spec.affinity.iter().all(|term| counts(term, &object.meta, &object.meta));
        Self {
            terms: &pod.spec.affinity,
            near,
            first_of_its_kind,
            shunned: pod.spec.anti_affinity.iter().flat_map(domains).collect(),
            repelled: repelled(world, object),
            shuns: &pod.spec.anti_affinity,
        }
    }

    /// Why a node with these labels does not fit, if it does not.
    pub(super) fn misfit(&self, labels: &Labels) -> Option<Misfit> {
        let domain = |term: &AffinityTerm| labels.get(&term.topology_key).map(|value| (term.topology_key.clone(), value.clone()));
        for (term, near) in self.terms.iter().zip(&self.near) {
            let fits = domain(term).is_some_and(|domain| self.first_of_its_kind || near.contains(&domain));
            if !fits {
                return Some(Misfit::Affinity);
            }
        }
        if self.shuns.iter().filter_map(domain).any(|domain| self.shunned.contains(&domain)) {
            return Some(Misfit::AntiAffinity);
        }
        let repelled = self.repelled.iter().any(|(key, value)| labels.get(key) == Some(value));
        repelled.then_some(Misfit::Repelled)
    }
}

/// The domains in which a pod is placed that a term counts.
fn placed(world: &World, own: &Metadata, term: &AffinityTerm) -> SortedSet<Domain> {
    let namespaces: Vec<&Text> = if term.namespaces.is_empty() { vec![&own.namespace] } else { term.namespaces.iter().collect() };
    let mut domains = SortedSet::new();
    for namespace in namespaces {
        for other in world.store.list(Kind::Pod, namespace) {
            if other.meta.uid != own.uid && counts(term, own, &other.meta) {
                domains.extend(domain_of(world, other, &term.topology_key));
            }
        }
    }
    domains
}

/// The domains that a pod already placed keeps free of this pod.
fn repelled(world: &World, object: &Object) -> SortedSet<Domain> {
    let mut domains = SortedSet::new();
    for key in &world.memory.scheduler.repelling {
        let Some(other) = world.store.get(key) else { continue };
        let terms = other.pod().map_or(&[][..], |pod| &pod.spec.anti_affinity);
        for term in terms.iter().filter(|term| counts(term, &other.meta, &object.meta)) {
            domains.extend(domain_of(world, other, &term.topology_key));
        }
    }
    domains
}

/// Whether a term of the pod `owner` means the pod `other`.
fn counts(term: &AffinityTerm, owner: &Metadata, other: &Metadata) -> bool {
    let namespace =
        if term.namespaces.is_empty() { owner.namespace == other.namespace } else { term.namespaces.contains(&other.namespace) };
    namespace && term.selector.matches(&other.labels)
}

/// The domain in which a pod stands; `None` where it takes up no room.
fn domain_of(world: &World, object: &Object, topology_key: &Text) -> Option<Domain> {
    let pod = object.pod()?;
    let assumed = &world.memory.scheduler.assumed;
    let node = if pod.bound() { pod.node_name.clone() } else { assumed.get(&object.key())?.place.node.clone() };
    if pod.status.phase.terminal() {
        return None;
    }
    let value = world.store.find(Kind::Node, "", &node)?.meta.labels.get(topology_key)?.clone();
    Some((topology_key.clone(), value))
}
