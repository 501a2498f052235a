//! Which nodes a pod fits, which it prefers, and the words for those that it does not fit.
//! It must not change anything. Follows the filter plugins of `pkg/scheduler/framework/plugins` and
//! `framework/types.go` (`FitError`) 1.36.

use crate::order;
use crate::sorted::SortedMap;

use crate::api::kind::Kind;
use crate::api::metadata::{Labels, Text, Uid};
use crate::api::node::{Node, Taint};
use crate::api::object::Object;
use crate::api::pod::Pod;
use crate::cluster::World;

use super::affinity::Neighbours;
use super::claims::{self, Claims};
use super::volumes;

/// What a node holds at most: the kubelet's default.
pub(super) const PODS_PER_NODE: usize = 110;
/// The taint of a cordoned node.
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// Why a pod does not fit a node. The order is that of the filters: the first reason counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Misfit {
    /// The node is cordoned.
    Cordoned,
    /// The pod does not tolerate a taint.
    Tainted,
    /// The pod asks for other nodes.
    NodeAffinity,
    /// The node is full.
    Full,
    /// A volume of the pod cannot be reached from the node.
    VolumeElsewhere,
    /// No volume for a claim of the pod is on the node.
    NoVolume,
    /// The pods that the pod wants near are elsewhere.
    Affinity,
    /// A pod that the pod shuns is there.
    AntiAffinity,
    /// A pod that shuns the pod is there.
    Repelled,
}

impl Misfit {
    fn reason(self) -> &'static str {
        match self {
            Self::Cordoned => "node(s) were unschedulable",
            Self::Tainted => "node(s) had untolerated taint(s)",
            Self::NodeAffinity => "node(s) didn't match Pod's node affinity/selector",
            Self::Full => "Too many pods",
            Self::VolumeElsewhere => "node(s) didn't match PersistentVolume's node affinity",
            Self::NoVolume => "node(s) didn't find available persistent volumes to bind",
            Self::Affinity => "node(s) didn't match pod affinity rules",
            Self::AntiAffinity => "node(s) didn't match pod anti-affinity rules",
            Self::Repelled => "node(s) didn't satisfy existing pods anti-affinity rules",
        }
    }

    /// Whether removing other pods might help.
    fn resolvable(self) -> bool {
        matches!(self, Self::Full | Self::AntiAffinity | Self::Repelled)
    }

    /// The id of the rule.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Cordoned => "node-is-cordoned",
            Self::Tainted => "node-is-tainted",
            Self::NodeAffinity => "node-is-not-asked-for",
            Self::Full => "node-is-full",
            Self::VolumeElsewhere => "node-does-not-reach-volume",
            Self::NoVolume => "node-has-no-volume",
            Self::Affinity => "node-lacks-wanted-pod",
            Self::AntiAffinity => "node-holds-shunned-pod",
            Self::Repelled => "node-holds-shunning-pod",
        }
    }
}

/// The best node for a pod, or why each node does not fit.
pub(super) fn choose(
    world: &World,
    object: &Object,
    pod: &Pod,
    controller: Option<Uid>,
    claims: &Claims,
) -> Result<Text, Vec<(Text, Misfit)>> {
    let neighbours = Neighbours::of(world, object, pod);
    let mut misfits = Vec::new();
    let mut best: Option<((usize, usize, usize), &Text)> = None;
    for node in world.store.all(Kind::Node) {
        let Some(body) = node.node() else { continue };
        let (own, spread, pods) = world.memory.scheduler.load(&node.meta.name, controller);
        let misfit = first_misfit(pod, node, body, pods)
            .or_else(|| volume_misfit(world, node, claims))
            .or_else(|| neighbours.misfit(&node.meta.labels));
        if let Some(misfit) = misfit {
            misfits.push((node.meta.name.clone(), misfit));
            continue;
        }
        // The length before the name puts node-9 before node-10.
        let rank = (own, spread, node.meta.name.len());
        if best.is_none_or(|(least, _)| rank < least) {
            best = Some((rank, &node.meta.name));
        }
    }
    best.map(|(_, name)| name.clone()).ok_or(misfits)
}

fn first_misfit(pod: &Pod, node: &Object, body: &Node, pods: usize) -> Option<Misfit> {
    let tolerates = |taint: &Taint| pod.spec.tolerations.iter().any(|one| one.tolerates(&taint.key, &taint.value, &taint.effect));
    if body.unschedulable && !pod.spec.tolerations.iter().any(|one| one.tolerates(UNSCHEDULABLE, "", "NoSchedule")) {
        return Some(Misfit::Cordoned);
    }
    if body.taints.iter().any(|taint| matches!(&*taint.effect, "NoSchedule" | "NoExecute") && !tolerates(taint)) {
        return Some(Misfit::Tainted);
    }
    if !is_asked_for(pod, &node.meta.labels) {
        return Some(Misfit::NodeAffinity);
    }
    (pods >= PODS_PER_NODE).then_some(Misfit::Full)
}

/// Whether `nodeSelector` and required node affinity allow a node.
fn is_asked_for(pod: &Pod, labels: &Labels) -> bool {
    pod.spec.node_selector.iter().all(|(key, value)| labels.get(key) == Some(value))
        && pod.spec.node_affinity.as_ref().is_none_or(|terms| terms.iter().any(|term| !term.is_empty() && term.matches(labels)))
}

fn volume_misfit(world: &World, node: &Object, claims: &Claims) -> Option<Misfit> {
    if claims.bound.iter().any(|volume| !volumes::reaches(volume, node)) {
        return Some(Misfit::VolumeElsewhere);
    }
    let lacks = |claim| claims::only_static(world, claim) && claims::static_volume(world, &node.meta.name, claim).is_none();
    claims.delayed.iter().any(lacks).then_some(Misfit::NoVolume)
}

/// What the scheduler says where no node fits.
pub(super) fn message(misfits: &[(Text, Misfit)]) -> String {
    let nodes = misfits.len();
    if nodes == 0 {
        return "no nodes available to schedule pods".to_owned();
    }
    let reasons = tally(misfits.iter().map(|(_, misfit)| misfit.reason()));
    let preemption = tally(misfits.iter().map(|(_, misfit)| {
        if misfit.resolvable() { "No preemption victims found for incoming pod." } else { "Preemption is not helpful for scheduling." }
    }));
    format!(
        "0/{nodes} nodes are available: {reasons}. no new claims to deallocate, preemption: 0/{nodes} nodes are available: {}",
        preemption.replace("., ", ", ")
    )
}

/// `1 node(s) had untolerated taint(s), 2 node(s) were unschedulable`: sorted as texts.
fn tally(reasons: impl Iterator<Item = &'static str>) -> String {
    let mut counts: SortedMap<&str, usize> = SortedMap::new();
    for reason in reasons {
        *counts.entry(reason).or_default() += 1;
    }
    let mut parts: Vec<String> = counts.into_iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    order::sort(&mut parts);
    parts.join(", ")
}
