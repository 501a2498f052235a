//! What the stage shows, as plain data: a picture of a cluster at one moment, before anything is drawn.
//! A pure function from the world to the scene ([`Scene::of`]). It must not know Yew, the DOM, or words: what a person
//! reads comes from the locale files by the names used here.

mod build;
mod card;
mod cards;
mod claims;
mod containers;
mod controller;
mod deployments;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod golden_tests;
pub mod large;
pub mod nodes;
mod services;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use statefulset_engine::api::metadata::{Labels, Text};
use statefulset_engine::api::time::Ms;

pub use build::Scenes;
pub use card::{Grace, PodCard, PodState, Revision, Step};
pub use claims::ClaimCard;
pub use containers::{ContainerCard, ContainerLook};
pub use controller::{Cause, Deed, Turn};
pub use deployments::DeploymentScene;
pub use nodes::{NodeCard, NodeState};
pub use services::{EndpointMark, NameServer, ServiceCard};

/// The cluster's own objects live here; they are not part of the play.
const SYSTEM: &str = "kube-system";

/// Columns drawn of one set. More would make the page slow, and nobody can take them in.
pub const COLUMNS_MAX: usize = 2_000;
/// Up to this many columns are drawn as cards.
pub const CARDS_MAX: usize = 20;
/// Up to this many columns are drawn as tiles with a number; more are squares in a strip.
pub const TILES_MAX: usize = 200;

/// Everything on the stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The StatefulSets, those of the current namespace first.
    pub sets: Vec<Rc<SetScene>>,
    /// Deployments, and ReplicaSets that belong to none.
    pub deployments: Vec<Rc<DeploymentScene>>,
    /// Services that belong to nothing on the stage.
    pub services: Vec<Rc<ServiceCard>>,
    /// Pods that belong to nothing on the stage.
    pub pods: Vec<Rc<PodCard>>,
    /// Claims that belong to no set on the stage.
    pub claims: Vec<Rc<ClaimCard>>,
    /// The nodes.
    pub nodes: Vec<Rc<NodeCard>>,
    /// When the scene changes by time alone: a grace period counts down, an image has been pulled.
    pub until_ms: Option<Ms>,
}

impl Scene {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty() && self.deployments.is_empty() && !self.has_others()
    }

    /// Whether there is anything that belongs to no set and no Deployment.
    pub fn has_others(&self) -> bool {
        !(self.services.is_empty() && self.pods.is_empty() && self.claims.is_empty())
    }

    /// All pods, in the order in which they are drawn.
    pub fn all_pods(&self) -> impl Iterator<Item = &Rc<PodCard>> {
        let of_sets = self.sets.iter().flat_map(|set| &set.columns).filter_map(|column| column.slot.pod());
        of_sets.chain(self.deployments.iter().flat_map(|set| &set.pods)).chain(&self.pods)
    }
}

/// A StatefulSet with everything that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetScene {
    /// Its namespace.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// Its uid; empty where the object is gone and only its pods are left.
    pub uid: Text,
    /// Whether the object is gone or about to go.
    pub deleted: bool,
    /// The first ordinal.
    pub start: i64,
    /// How many pods were asked for.
    pub replicas: i64,
    /// How many are ready, as its status says.
    pub ready_replicas: i64,
    /// `podManagementPolicy: Parallel`.
    pub parallel: bool,
    /// `updateStrategy: OnDelete`.
    pub on_delete: bool,
    /// The name of the revision that pods are updated to.
    pub update_revision: Text,
    /// How pods get their names resolved.
    pub name_server: NameServer,
    /// Services that select its pods.
    pub services: Vec<Rc<ServiceCard>>,
    /// The last turn of its controller's loop; `None` before the first.
    pub turn: Option<Rc<Turn>>,
    /// The partition of its rolling update.
    pub partition: Option<Partition>,
    /// Before how many of the drawn columns those stand that were asked for.
    pub edge_before: usize,
    /// One column an identity, in order.
    pub columns: Vec<Rc<Column>>,
    /// How many columns are left out.
    pub left_out: usize,
    /// How columns are drawn.
    pub density: Density,
}

impl SetScene {
    /// How many identities are in which state, and of which revision.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for column in &self.columns {
            let Some(pod) = column.slot.pod() else {
                tally.none += 1;
                continue;
            };
            if let Some(count) = PodState::ALL.iter().position(|state| *state == pod.state).and_then(|at| tally.states.get_mut(at)) {
                *count += 1;
            }
            tally.newer += usize::from(pod.revision.as_ref().is_some_and(|revision| revision.newer));
        }
        tally
    }
}

/// How many identities of a set are how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pods in each state, in the order of [`PodState::ALL`].
    pub states: [usize; PodState::ALL.len()],
    /// Identities without a pod.
    pub none: usize,
    /// Pods that have the newer of two revisions.
    pub newer: usize,
}

impl Tally {
    /// Pods that have the older revision, or the only one.
    pub fn older(&self) -> usize {
        self.states.iter().sum::<usize>() - self.newer
    }
}

/// How much room a column gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    /// A card each.
    Cards,
    /// A small tile each.
    Tiles,
    /// A square each.
    Strip,
}

impl Density {
    /// The density for so many columns.
    pub fn of(columns: usize) -> Self {
        if columns <= CARDS_MAX {
            Self::Cards
        } else if columns <= TILES_MAX {
            Self::Tiles
        } else {
            Self::Strip
        }
    }
}

/// The line between identities that keep their revision and those that get the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// `updateStrategy.rollingUpdate.partition`.
    pub at: i64,
    /// Before how many of the drawn columns the line stands.
    pub columns_before: usize,
    /// Whether two revisions are told apart at present, so that the line has something to say.
    pub staged: bool,
}

/// An identity: its name, the pod that holds it, and its claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The ordinal.
    pub ordinal: i64,
    /// The name of its pods.
    pub pod_name: Text,
    /// The name by which it is found: `web-0.nginx`, or just the pod's name where nothing gives it one.
    pub dns_name: Text,
    /// Whether that name is answered now.
    pub answers: bool,
    /// Its entry among the endpoints of the set's first Service.
    pub endpoint: Option<EndpointMark>,
    /// What is in its slot.
    pub slot: Slot,
    /// The claims of its claim templates.
    pub claims: Vec<Rc<ClaimCard>>,
}

/// What is in the slot of an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A pod.
    Pod(Rc<PodCard>),
    /// None yet: the set has not made it.
    NotYet,
    /// None any more: the set was scaled down, its claim is kept.
    ScaledDown,
}

impl Slot {
    /// The pod, if there is one.
    pub fn pod(&self) -> Option<&Rc<PodCard>> {
        match self {
            Self::Pod(pod) => Some(pod),
            Self::NotYet | Self::ScaledDown => None,
        }
    }
}

/// Whether a Service's selector selects pods with these labels.
fn selects(selector: &Labels, labels: &Labels) -> bool {
    selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}
