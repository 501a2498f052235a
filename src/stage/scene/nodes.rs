//! Nodes, and what sits on them.
//! It must not know sets.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::Text;
use statefulset_engine::api::pod::ConditionStatus;
use statefulset_engine::cluster::World;

use super::{PodCard, Scene};

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeCard {
    /// Its name.
    pub name: Text,
    /// Its uid.
    pub uid: Text,
    /// Its address.
    pub ip: Text,
    /// How it is.
    pub state: NodeState,
    /// Whether nothing new is put there.
    pub cordoned: bool,
    /// Whether its kubelet has fallen silent, which the control plane finds out only after a while.
    pub silent: bool,
    /// Its taints, `key:effect`.
    pub taints: Vec<Text>,
}

/// How a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeState {
    /// It answers.
    Ready,
    /// It says that it cannot work.
    NotReady,
    /// It does not answer.
    Unknown,
}

impl NodeState {
    /// Its name: in classes, and in the locale files behind `stage.node.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NotReady => "not-ready",
            Self::Unknown => "unknown",
        }
    }
}

/// A node and the pods on it; pods that have no node share a lane without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The node. `None` with a name: pods are bound to a node that is gone.
    pub node: Option<Rc<NodeCard>>,
    /// The name of the node; empty where the pods have none yet.
    pub name: Text,
    /// The pods, in the order of the scene.
    pub pods: Vec<Rc<PodCard>>,
}

/// The nodes of a cluster, in order of name.
pub(super) fn of(world: &World) -> Vec<Rc<NodeCard>> {
    let mut nodes: Vec<Rc<NodeCard>> = world
        .store
        .all(Kind::Node)
        .filter_map(|object| {
            let node = object.node()?;
            Some(Rc::new(NodeCard {
                name: object.meta.name.clone(),
                uid: object.meta.uid.to_string().into(),
                ip: node.internal_ip.clone(),
                state: match node.ready {
                    ConditionStatus::True => NodeState::Ready,
                    ConditionStatus::False => NodeState::NotReady,
                    ConditionStatus::Unknown => NodeState::Unknown,
                },
                cordoned: node.unschedulable,
                silent: world.settings.kubelet.nodes_down.contains(&object.meta.name),
                taints: node.taints.iter().map(|taint| format!("{}:{}", taint.key, taint.effect).into()).collect(),
            }))
        })
        .collect();
    // By number rather than by letter: node-10 comes after node-9.
    statefulset_engine::order::sort_by(&mut nodes, |one, other| (one.name.len(), &one.name).cmp(&(other.name.len(), &other.name)));
    nodes
}

/// Who sits where: pods without a node first, if there are any, then a lane a node.
pub fn lanes(scene: &Scene) -> Vec<Lane> {
    let mut lanes: Vec<Lane> =
        scene.nodes.iter().map(|node| Lane { node: Some(node.clone()), name: node.name.clone(), pods: Vec::new() }).collect();
    let mut homeless: Vec<Lane> = Vec::new();
    for pod in scene.all_pods() {
        let lane = lanes.iter_mut().chain(&mut homeless).find(|lane| lane.name == pod.node);
        match lane {
            Some(lane) => lane.pods.push(pod.clone()),
            None => homeless.push(Lane { node: None, name: pod.node.clone(), pods: vec![pod.clone()] }),
        }
    }
    homeless.extend(lanes);
    homeless
}
