//! A pod as its card shows it.
//! It must not know columns.

use statefulset_engine::api::object::Object;
use statefulset_engine::api::pod::{ContainerState, Phase, Pod};

use crate::state::history::History;

/// A pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodCard {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its uid: another pod of that name is another card.
    pub uid: String,
    /// The ordinal of its identity, where a set made it.
    pub ordinal: Option<i64>,
    /// `status.phase`, or `Terminating` once deletion was asked for, as `kubectl get pods` has it.
    pub phase: &'static str,
    /// How it is, in one of few states.
    pub state: PodState,
    /// What the kubelet says about why it waits, in Kubernetes' own word: `ImagePullBackOff`. Empty where there is none.
    pub reason: String,
    /// Whether the `Ready` condition holds.
    pub ready: bool,
    /// Ready containers and all containers.
    pub containers: (usize, usize),
    /// How often containers were started again.
    pub restarts: u32,
    /// Its revision, where a set made it.
    pub revision: Option<Revision>,
    /// Its address; empty until it has one.
    pub ip: String,
    /// The address that the pod before it had.
    pub previous_ip: String,
    /// Its node; empty until it has one.
    pub node: String,
    /// Which pod of its name it is, from 1.
    pub life: usize,
    /// The image of its first container.
    pub image: String,
}

/// The state of a pod, for shape, colour and word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodState {
    /// Not bound to a node.
    Pending,
    /// Bound; containers are being made.
    Creating,
    /// Runs, and is not ready.
    NotReady,
    /// Ready.
    Ready,
    /// Being ended.
    Terminating,
    /// Something goes wrong again and again.
    Failing,
    /// Ended badly.
    Failed,
    /// Ended well.
    Succeeded,
    /// Its node does not answer.
    Unknown,
}

impl PodState {
    /// All states.
    pub const ALL: &[Self] = &[
        Self::Pending,
        Self::Creating,
        Self::NotReady,
        Self::Ready,
        Self::Terminating,
        Self::Failing,
        Self::Failed,
        Self::Succeeded,
        Self::Unknown,
    ];

    /// The state's name: in classes, and in the locale files behind `stage.state.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Creating => "creating",
            Self::NotReady => "not-ready",
            Self::Ready => "ready",
            Self::Terminating => "terminating",
            Self::Failing => "failing",
            Self::Failed => "failed",
            Self::Succeeded => "succeeded",
            Self::Unknown => "unknown",
        }
    }

    /// The state of a pod.
    pub(crate) fn of(object: &Object, pod: &Pod) -> Self {
        if object.meta.terminating() {
            return Self::Terminating;
        }
        match pod.status.phase {
            Phase::Succeeded => Self::Succeeded,
            Phase::Failed => Self::Failed,
            Phase::Unknown => Self::Unknown,
            Phase::Pending | Phase::Running if fails(pod) => Self::Failing,
            Phase::Pending if pod.bound() => Self::Creating,
            Phase::Pending => Self::Pending,
            Phase::Running if pod.ready() => Self::Ready,
            Phase::Running => Self::NotReady,
        }
    }
}

/// Whether a container waits for a reason that will not pass by itself.
fn fails(pod: &Pod) -> bool {
    waiting_reason(pod).is_some_and(|reason| !matches!(reason, "ContainerCreating" | "PodInitializing"))
}

/// Why a container waits, in the kubelet's word.
fn waiting_reason(pod: &Pod) -> Option<&'static str> {
    pod.status.init_containers.iter().chain(&pod.status.containers).find_map(|container| match &container.state {
        ContainerState::Waiting { reason, .. } => Some(*reason),
        ContainerState::Running { .. } | ContainerState::Terminated(_) => None,
    })
}

/// The revision of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its name, `web-6cdc958bf`.
    pub name: String,
    /// Its number; 0 where the revision is gone.
    pub number: i64,
    /// Whether it is the newer of two.
    pub newer: bool,
}

impl PodCard {
    /// The card of a pod.
    pub(super) fn of(object: &Object, pod: &Pod, ordinal: Option<i64>, revision: Option<Revision>, history: &History) -> Self {
        let lives = history.of(&object.meta.namespace, &object.meta.name);
        Self {
            namespace: object.meta.namespace.to_string(),
            name: object.meta.name.to_string(),
            uid: object.meta.uid.to_string(),
            ordinal,
            phase: if object.meta.terminating() { "Terminating" } else { pod.status.phase.as_str() },
            state: PodState::of(object, pod),
            reason: if fails(pod) { waiting_reason(pod).unwrap_or_default().to_owned() } else { pod.status.reason.to_string() },
            ready: pod.ready(),
            containers: (pod.ready_containers(), pod.spec.containers.len()),
            restarts: pod.restarts(),
            revision,
            ip: pod.status.ip.to_string(),
            previous_ip: lives.map(|lives| lives.previous_ip.to_string()).unwrap_or_default(),
            node: pod.node_name.to_string(),
            life: lives.map_or(1, |lives| lives.count.max(1)),
            image: pod.spec.containers.first().map(|container| container.image.to_string()).unwrap_or_default(),
        }
    }
}
