//! The actors of the control plane and of the nodes.
//!
//! Each is level-triggered: changes in the store wake it for a key, and each look at the key (`sync`) reads the store anew,
//! decides, and acts. A queue that knows each key at most once makes many changes one look. An actor that needs to look
//! again at a later time sets an alarm with [`World::wake_at`]; one that is woken early sets it again.
//! They must not know kubectl or the shell.

pub mod client;
pub mod deployment;
pub mod disruption;
pub mod endpoints;
pub mod garbage;
pub mod kubelet;
pub mod nodes;
pub mod rules;
pub mod scheduler;
pub mod statefulset;
#[cfg(test)]
pub(crate) mod testing;
pub mod volumes;

use crate::api::kind::Kind;
use crate::api::object::Key;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::store::Change;

/// An actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Controller {
    /// Makes and replaces the pods of StatefulSets.
    StatefulSet,
    /// Makes ReplicaSets for Deployments.
    Deployment,
    /// Makes the pods of ReplicaSets.
    ReplicaSet,
    /// Binds pods to nodes.
    Scheduler,
    /// Runs pods on their nodes.
    Kubelet,
    /// Binds claims to volumes.
    VolumeBinder,
    /// Makes volumes for claims.
    Provisioner,
    /// Keeps claims that pods use.
    ClaimProtection,
    /// Keeps volumes that claims use.
    VolumeProtection,
    /// Lists the pods of Services.
    Endpoints,
    /// Deletes what has no owner left.
    Garbage,
    /// Watches whether nodes answer.
    NodeLifecycle,
    /// Ends pods on nodes that they do not tolerate.
    TaintEviction,
    /// Counts how many pods may be missing.
    Disruption,
}

impl Controller {
    /// How many there are.
    pub const COUNT: usize = 14;

    /// How long after a change the actor looks: informers and work queues take a few milliseconds.
    pub fn delay_ms(self) -> Ms {
        match self {
            Self::Kubelet => 0,
            Self::VolumeBinder => 3,
            Self::ClaimProtection | Self::VolumeProtection | Self::Garbage => 4,
            Self::Endpoints => 4,
            Self::StatefulSet | Self::Deployment | Self::ReplicaSet | Self::Scheduler => 2,
            Self::Provisioner => 5,
            Self::NodeLifecycle | Self::TaintEviction | Self::Disruption => 7,
        }
    }
}

/// What actors remember between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The controllers' ways to the API server.
    pub(crate) clients: client::Clients,
    /// The endpoints controller's memory of who stands in which slice.
    pub endpoints: endpoints::Memory,
    /// The kubelets' memory of the pods they run.
    pub kubelet: kubelet::Memory,
    /// The StatefulSet controller's memory of failed looks and of syncs under way.
    pub statefulset: statefulset::Memory,
    /// The ReplicaSet controller's memory of syncs under way.
    pub deployment: deployment::Memory,
    /// The scheduler's memory of pods that found no node.
    pub scheduler: scheduler::Memory,
    /// The node watcher's memory of nodes that went silent.
    pub nodes: nodes::Memory,
    /// The provisioner's memory of volumes under way.
    pub volumes: volumes::Memory,
}

/// Wakes every actor that a change concerns. Nobody acts on Events.
pub fn notice(world: &mut World, change: &Change) {
    if change.new.kind() == Kind::Event {
        return;
    }
    statefulset::notice(world, change);
    deployment::notice(world, change);
    scheduler::notice(world, change);
    kubelet::notice(world, change);
    volumes::notice(world, change);
    endpoints::notice(world, change);
    garbage::notice(world, change);
    nodes::notice(world, change);
    disruption::notice(world, change);
}

/// Has an actor look at an object, once its client has a call left.
pub fn sync(world: &mut World, controller: Controller, key: &Key) {
    if !client::enter(world, controller, key) {
        return;
    }
    match controller {
        Controller::StatefulSet => statefulset::sync(world, key),
        Controller::Deployment => deployment::sync_deployment(world, key),
        Controller::ReplicaSet => deployment::sync_replica_set(world, key),
        Controller::Scheduler => scheduler::sync(world, key),
        Controller::Kubelet => kubelet::sync(world, key),
        Controller::VolumeBinder => volumes::bind(world, key),
        Controller::Provisioner => volumes::provision(world, key),
        Controller::ClaimProtection => volumes::protect_claim(world, key),
        Controller::VolumeProtection => volumes::protect_volume(world, key),
        Controller::Endpoints => endpoints::sync(world, key),
        Controller::Garbage => garbage::sync(world, key),
        Controller::NodeLifecycle => nodes::sync(world, key),
        Controller::TaintEviction => nodes::evict(world, key),
        Controller::Disruption => disruption::sync(world, key),
    }
    client::leave(world, controller, key);
}

/// Has the kubelets look again at everything they do, after their pace or rules changed.
pub fn kubelet_settings_changed(world: &mut World) {
    kubelet::settings_changed(world);
    nodes::settings_changed(world);
}
