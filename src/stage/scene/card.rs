//! A pod as its card shows it.
//! It must not know columns.

use std::rc::Rc;

use statefulset_engine::api::metadata::Text;
use statefulset_engine::api::object::Object;
use statefulset_engine::api::pod::{ContainerState, Phase, Pod};
use statefulset_engine::api::time::Ms;
use statefulset_engine::controllers::kubelet::Doing;

use super::containers::{self, ContainerCard};
use crate::state::history::History;

/// A pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodCard {
    /// Its namespace.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// Its uid: another pod of that name is another card.
    pub uid: Text,
    /// The ordinal of its identity, where a set made it.
    pub ordinal: Option<i64>,
    /// `status.phase`, or `Terminating` once deletion was asked for, as `kubectl get pods` has it.
    pub phase: &'static str,
    /// How it is, in one of few states.
    pub state: PodState,
    /// Where it is on its way to being ready; `None` where it is not on that way.
    pub step: Option<Step>,
    /// How long it may still take to end, once deletion was asked for.
    pub grace: Option<Grace>,
    /// What the kubelet says about why it waits, in Kubernetes' own word: `ImagePullBackOff`. Empty where there is none.
    pub reason: Text,
    /// Whether the `Ready` condition holds.
    pub ready: bool,
    /// Ready containers and all containers.
    pub containers: (usize, usize),
    /// Its containers, init containers first.
    pub inside: Rc<[ContainerCard]>,
    /// How often containers were started again.
    pub restarts: u32,
    /// Its revision, where a set made it.
    pub revision: Option<Revision>,
    /// Its address; empty until it has one.
    pub ip: Text,
    /// The address that the pod before it had.
    pub previous_ip: Text,
    /// Its node; empty until it has one.
    pub node: Text,
    /// Which pod of its name it is, from 1.
    pub life: usize,
    /// The claims that it uses.
    pub claims: Rc<[Text]>,
}

/// A stretch of the way from being made to being ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The scheduler looks for a node.
    Scheduling,
    /// It has a node, whose kubelet takes note of it.
    Bound,
    /// Its init containers run.
    Initializing,
    /// The node pulls its image.
    Pulling,
    /// Its containers are made and started.
    Starting,
    /// It runs, and its probe has not passed.
    Probing,
}

impl Step {
    /// The stretches that every pod passes, in order. Init containers stand where pulling does.
    pub const WAY: &[Self] = &[Self::Scheduling, Self::Pulling, Self::Starting, Self::Probing];

    /// Its name: in classes, and in the locale files behind `stage.step.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scheduling => "scheduling",
            Self::Bound => "bound",
            Self::Initializing => "initializing",
            Self::Pulling => "pulling",
            Self::Starting => "starting",
            Self::Probing => "probing",
        }
    }

    /// How many stretches of [`Self::WAY`] lie behind.
    pub fn behind(self) -> usize {
        match self {
            Self::Scheduling => 0,
            Self::Bound | Self::Initializing | Self::Pulling => 1,
            Self::Starting => 2,
            Self::Probing => 3,
        }
    }
}

/// The grace period of a pod that is being ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grace {
    /// Seconds until its containers are killed.
    pub left_s: u64,
    /// Seconds that it had at first.
    pub all_s: u64,
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
    pub name: Text,
    /// Its number; 0 where the revision is gone.
    pub number: i64,
    /// Whether it is the newer of two.
    pub newer: bool,
}

/// What of a card follows from the clock and its kubelet rather than from the object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) step: Option<Step>,
    pub(super) grace: Option<Grace>,
    /// When that changes by time alone.
    pub(super) until_ms: Option<Ms>,
}

impl Moment {
    /// The moment of a pod; `doing` asks its kubelet.
    pub(super) fn of(object: &Object, pod: &Pod, now_ms: Ms, doing: impl FnOnce() -> Option<Doing>) -> Self {
        if let Some(deletion) = object.meta.deletion {
            let left_ms = deletion.at_ms.saturating_sub(now_ms);
            let left_s = left_ms.div_ceil(1_000);
            let grace = Grace { left_s, all_s: deletion.grace_period_seconds.unsigned_abs() };
            let until_ms = left_s.checked_sub(1).map(|next_s| deletion.at_ms.saturating_sub(next_s * 1_000));
            return Self { step: None, grace: Some(grace), until_ms };
        }
        let step = |step| Self { step: Some(step), ..Self::default() };
        match pod.status.phase {
            Phase::Pending if fails(pod) => Self::default(),
            Phase::Pending if !pod.bound() => step(Step::Scheduling),
            Phase::Pending => match doing() {
                Some(Doing::Pulling { until_ms }) if now_ms < until_ms => Self { until_ms: Some(until_ms), ..step(Step::Pulling) },
                Some(Doing::Initializing) => step(Step::Initializing),
                Some(Doing::Pulling { .. } | Doing::Starting) => step(Step::Starting),
                Some(Doing::Preparing) | None => step(Step::Bound),
            },
            Phase::Running if !pod.ready() && !fails(pod) => step(Step::Probing),
            Phase::Running | Phase::Succeeded | Phase::Failed | Phase::Unknown => Self::default(),
        }
    }
}

impl PodCard {
    /// The card of a pod.
    pub(super) fn of(
        object: &Object,
        pod: &Pod,
        ordinal: Option<i64>,
        revision: Option<Revision>,
        moment: Moment,
        history: &History,
    ) -> Self {
        let lives = history.of(&object.meta.namespace, &object.meta.name);
        Self {
            namespace: object.meta.namespace.clone(),
            name: object.meta.name.clone(),
            uid: object.meta.uid.to_string().into(),
            ordinal,
            phase: if object.meta.terminating() { "Terminating" } else { pod.status.phase.as_str() },
            state: PodState::of(object, pod),
            step: moment.step,
            grace: moment.grace,
            reason: if fails(pod) { waiting_reason(pod).unwrap_or_default().into() } else { pod.status.reason.clone() },
            ready: pod.ready(),
            containers: (pod.ready_containers(), pod.spec.containers.len()),
            inside: containers::of(pod),
            restarts: pod.restarts(),
            revision,
            ip: pod.status.ip.clone(),
            previous_ip: lives.map_or_else(|| "".into(), |lives| lives.previous_ip.clone()),
            node: pod.node_name.clone(),
            life: lives.map_or(1, |lives| lives.count.max(1)),
            claims: pod.claims().map(|claim| claim.claim.clone()).collect(),
        }
    }

    /// Whether it came with another address than the pod before it.
    pub fn address_changed(&self) -> bool {
        !self.ip.is_empty() && !self.previous_ip.is_empty() && self.ip != self.previous_ip
    }

    /// Whether a person would want to look at it: it is not simply ready or done.
    pub fn interesting(&self) -> bool {
        !matches!(self.state, PodState::Ready | PodState::Succeeded)
    }
}
