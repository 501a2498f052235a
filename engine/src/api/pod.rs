//! A pod: its share of a template, what makes it itself, and its status.
//! Follows `core/v1 Pod`. It must not know who changes a pod, or when.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::defaults::strategy;
use super::metadata::Text;
use super::pod_template::{ClaimVolume, PodSpec};
use super::read;
use super::time::{Epoch, Ms};
use crate::json::json;

/// The body of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pod {
    /// The spec that the pod shares with its siblings.
    pub spec: Rc<PodSpec>,
    /// The pod's own part of the spec.
    pub own: Rc<PodIdentity>,
    /// `spec.nodeName`; empty until the pod is bound.
    pub node_name: Text,
    /// `status`.
    pub status: PodStatus,
}

/// What a controller and admission add to the spec of one pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodIdentity {
    /// `spec.hostname`.
    pub hostname: Text,
    /// `spec.subdomain`.
    pub subdomain: Text,
    /// Volumes for the claims of claim templates; they come first and win over volumes of the same name.
    pub claims: Vec<ClaimVolume>,
    /// The suffix of the `kube-api-access-` volume; empty where the document already has what admission adds.
    pub token_suffix: Text,
}

/// `status.phase`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Not all containers have been started.
    #[default]
    Pending,
    /// Bound, and at least one container runs or is about to.
    Running,
    /// All containers ended well.
    Succeeded,
    /// All containers ended, at least one badly.
    Failed,
    /// The node does not answer.
    Unknown,
}

impl Phase {
    /// The word that the API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Unknown => "Unknown",
        }
    }

    /// Whether the pod has ended for good.
    pub fn terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// `status` of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodStatus {
    /// `phase`.
    pub phase: Phase,
    /// `reason`; empty where there is none.
    pub reason: Text,
    /// `message`; empty where there is none.
    pub message: Text,
    /// `nominatedNodeName`: where the scheduler means to bind the pod once its volumes are there.
    pub nominated_node: Text,
    /// `podIP`; empty until there is one.
    pub ip: Text,
    /// `hostIP`; empty until there is one.
    pub host_ip: Text,
    /// `startTime`.
    pub start_ms: Option<Ms>,
    /// `conditions`, in the order in which they were first set.
    pub conditions: Vec<Condition>,
    /// `containerStatuses`, in the order of the spec's containers; empty until the kubelet reports.
    pub containers: Vec<ContainerStatus>,
    /// `initContainerStatuses`.
    pub init_containers: Vec<ContainerStatus>,
    /// `observedGeneration`.
    pub observed_generation: i64,
}

/// An entry of `status.conditions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `type`.
    pub kind: &'static str,
    /// `status`.
    pub status: ConditionStatus,
    /// `reason`; empty where there is none.
    pub reason: &'static str,
    /// `message`; empty where there is none.
    pub message: Text,
    /// `lastTransitionTime`.
    pub since_ms: Ms,
    /// `observedGeneration`, where its writer sets it.
    pub observed_generation: Option<i64>,
}

/// `status` of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionStatus {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Nobody knows.
    Unknown,
}

impl ConditionStatus {
    /// The word that the API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Unknown => "Unknown",
        }
    }
}

/// The pod has been bound to a node.
pub const POD_SCHEDULED: &str = "PodScheduled";
/// All init containers have ended well.
pub const INITIALIZED: &str = "Initialized";
/// The pod may be asked to work.
pub const READY: &str = "Ready";
/// All containers are ready.
pub const CONTAINERS_READY: &str = "ContainersReady";
/// The pod's sandbox and network are there.
pub const READY_TO_START: &str = "PodReadyToStartContainers";
/// The pod is about to be ended by an eviction or a taint.
pub const DISRUPTION_TARGET: &str = "DisruptionTarget";

/// An entry of `status.containerStatuses`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerStatus {
    /// `ready`.
    pub ready: bool,
    /// `restartCount`.
    pub restarts: u32,
    /// `state`.
    pub state: ContainerState,
    /// `lastState.terminated`.
    pub last: Option<Terminated>,
    /// What `containerID` is made from; 0 while no container was made.
    pub container_id: u64,
}

impl ContainerStatus {
    /// Whether what comes after this init container need not wait for it: it has ended well, or goes on beside the others.
    pub fn passed(&self, sidecar: bool) -> bool {
        match &self.state {
            ContainerState::Terminated(end) => end.exit_code == 0 && !sidecar,
            ContainerState::Running { .. } => sidecar && self.ready,
            ContainerState::Waiting { .. } => false,
        }
    }
}

/// `state` of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContainerState {
    /// Not yet, or not again, started.
    Waiting {
        /// `reason`, such as `ContainerCreating`.
        reason: &'static str,
        /// `message`; empty where there is none.
        message: Text,
    },
    /// Runs.
    Running {
        /// `startedAt`.
        since_ms: Ms,
    },
    /// Has ended.
    Terminated(Terminated),
}

/// How a container ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminated {
    /// `exitCode`.
    pub exit_code: i32,
    /// `reason`: `Completed`, `Error`, or `ContainerStatusUnknown` for a container that never ran.
    pub reason: &'static str,
    /// `startedAt`.
    pub started_ms: Ms,
    /// `finishedAt`.
    pub finished_ms: Ms,
    /// What `containerID` is made from.
    pub container_id: u64,
}

impl Pod {
    /// A pod with this spec that nobody has touched yet.
    pub fn new(spec: Rc<PodSpec>, own: PodIdentity) -> Self {
        Self { node_name: spec.node_name.clone(), spec, own: Rc::new(own), status: PodStatus::default() }
    }

    /// Reads the document of a pod whose spec is defaulted and admitted.
    pub fn from_value(value: &Value) -> Self {
        let spec = PodSpec::from_value(value.get("spec").unwrap_or(&Value::Null));
        let own = PodIdentity { hostname: spec.hostname.clone(), subdomain: spec.subdomain.clone(), ..PodIdentity::default() };
        Self::new(Rc::new(spec), own)
    }

    /// All volumes that use a claim.
    pub fn claims(&self) -> impl Iterator<Item = &ClaimVolume> {
        let own = &self.own.claims;
        own.iter().chain(self.spec.claims.iter().filter(move |volume| !own.iter().any(|template| template.volume == volume.volume)))
    }

    /// Whether the `Ready` condition holds.
    pub fn ready(&self) -> bool {
        self.condition(READY).is_some_and(|condition| condition.status == ConditionStatus::True)
    }

    /// Since when the pod has been ready, if it is.
    pub fn ready_since_ms(&self) -> Option<Ms> {
        self.condition(READY).filter(|condition| condition.status == ConditionStatus::True).map(|condition| condition.since_ms)
    }

    /// A condition by its type.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.status.conditions.iter().find(|condition| condition.kind == kind)
    }

    /// Whether the pod has been bound to a node.
    pub fn bound(&self) -> bool {
        !self.node_name.is_empty()
    }

    /// How many containers are ready.
    pub fn ready_containers(&self) -> usize {
        self.status.containers.iter().filter(|container| container.ready).count()
    }

    /// How often containers were started again.
    pub fn restarts(&self) -> u32 {
        self.status.containers.iter().map(|container| container.restarts).sum()
    }

    /// `spec` as a document, without what admission adds where `token_suffix` is set.
    pub fn spec_to_value(&self) -> Value {
        let mut spec = Value::clone(&self.spec.document);
        let Some(map) = spec.as_object_mut() else {
            return spec;
        };
        for (key, text) in [("hostname", &self.own.hostname), ("subdomain", &self.own.subdomain), ("nodeName", &self.node_name)] {
            if !text.is_empty() {
                map.insert(key.to_owned(), json!(&**text));
            }
        }
        if !self.own.claims.is_empty() {
            let templated = |volume: &&Value| !self.own.claims.iter().any(|claim| read::string(volume, &["name"]) == Some(&claim.volume));
            let mut volumes: Vec<Value> = self
                .own
                .claims
                .iter()
                .map(|claim| json!({"name": &*claim.volume, "persistentVolumeClaim": {"claimName": &*claim.claim}}))
                .collect();
            volumes.extend(map.get("volumes").and_then(Value::as_array).into_iter().flatten().filter(templated).cloned());
            map.insert("volumes".to_owned(), Value::Array(volumes));
        }
        spec
    }

    /// `status` as a document.
    pub fn status_to_value(&self, epoch: Epoch) -> Value {
        let status = &self.status;
        let mut map = Map::new();
        let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
        put("phase", json!(status.phase.as_str()));
        put("qosClass", json!(strategy::qos_class(&self.spec.document)));
        for (key, text) in [("reason", &status.reason), ("message", &status.message), ("nominatedNodeName", &status.nominated_node)] {
            if !text.is_empty() {
                put(key, json!(&**text));
            }
        }
        if !status.host_ip.is_empty() {
            put("hostIP", json!(&*status.host_ip));
            put("hostIPs", json!([{"ip": &*status.host_ip}]));
        }
        if !status.ip.is_empty() {
            put("podIP", json!(&*status.ip));
            put("podIPs", json!([{"ip": &*status.ip}]));
        }
        if let Some(start_ms) = status.start_ms {
            put("startTime", json!(epoch.rfc3339(start_ms)));
        }
        if !status.conditions.is_empty() {
            put("conditions", status.conditions.iter().map(|condition| condition.to_value(epoch)).collect());
        }
        for (key, containers, statuses) in [
            ("containerStatuses", &self.spec.containers, &status.containers),
            ("initContainerStatuses", &self.spec.init_containers, &status.init_containers),
        ] {
            if !statuses.is_empty() {
                let rows =
                    containers.iter().zip(statuses).map(|(container, status)| status.to_value(&container.name, &container.image, epoch));
                put(key, rows.collect());
            }
        }
        if status.observed_generation != 0 {
            put("observedGeneration", json!(status.observed_generation));
        }
        Value::Object(map)
    }
}

impl PodStatus {
    /// Sets a condition; the transition time moves only where the status changes.
    pub fn set_condition(&mut self, kind: &'static str, status: ConditionStatus, reason: &'static str, message: impl Into<Text>, now: Ms) {
        let message = message.into();
        let observed_generation = (kind != POD_SCHEDULED || status != ConditionStatus::True).then_some(self.observed_generation.max(1));
        match self.conditions.iter_mut().find(|condition| condition.kind == kind) {
            Some(condition) => {
                if condition.status != status {
                    condition.status = status;
                    condition.since_ms = now;
                }
                condition.reason = reason;
                condition.message = message;
                condition.observed_generation = observed_generation;
            }
            None => self.conditions.push(Condition { kind, status, reason, message, since_ms: now, observed_generation }),
        }
    }
}

impl Condition {
    fn to_value(&self, epoch: Epoch) -> Value {
        let mut value = json!({
            "type": self.kind,
            "status": self.status.as_str(),
            "lastProbeTime": null,
            "lastTransitionTime": epoch.rfc3339(self.since_ms),
        });
        for (key, text) in [("reason", self.reason), ("message", &*self.message)] {
            if !text.is_empty() {
                value[key] = json!(text);
            }
        }
        if let Some(generation) = self.observed_generation {
            value["observedGeneration"] = json!(generation);
        }
        value
    }
}

impl ContainerStatus {
    /// A container that has not been started, for this reason.
    pub fn waiting(reason: &'static str) -> Self {
        Self { ready: false, restarts: 0, state: ContainerState::Waiting { reason, message: "".into() }, last: None, container_id: 0 }
    }

    fn to_value(&self, name: &str, image: &str, epoch: Epoch) -> Value {
        let made = self.container_id != 0;
        let running = matches!(self.state, ContainerState::Running { .. });
        let mut value = json!({
            "name": name,
            "image": image,
            "imageID": if made { image_id(image) } else { String::new() },
            "ready": self.ready,
            "restartCount": self.restarts,
            "started": running,
            "state": self.state.to_value(epoch),
            "lastState": self.last.map_or_else(|| json!({}), |last| json!({"terminated": last.to_value(epoch)})),
        });
        if made {
            value["containerID"] = json!(container_id(self.container_id));
        }
        value
    }
}

impl ContainerState {
    fn to_value(&self, epoch: Epoch) -> Value {
        match self {
            Self::Waiting { reason, message } if message.is_empty() => {
                json!({"waiting": {"reason": reason}})
            }
            Self::Waiting { reason, message } => {
                json!({"waiting": {"reason": reason, "message": &**message}})
            }
            Self::Running { since_ms } => {
                json!({"running": {"startedAt": epoch.rfc3339(*since_ms)}})
            }
            Self::Terminated(terminated) => json!({"terminated": terminated.to_value(epoch)}),
        }
    }
}

impl Terminated {
    fn to_value(self, epoch: Epoch) -> Value {
        json!({
            "containerID": container_id(self.container_id),
            "exitCode": self.exit_code,
            "reason": self.reason,
            "startedAt": epoch.rfc3339(self.started_ms),
            "finishedAt": epoch.rfc3339(self.finished_ms),
        })
    }
}

fn container_id(seed: u64) -> String {
    format!("containerd://{}", hex64(seed))
}

fn image_id(image: &str) -> String {
    let seed = image.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let repository = match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => image,
    };
    format!("{repository}@sha256:{}", hex64(seed))
}

/// 64 hexadecimal digits that depend on nothing but the seed.
fn hex64(seed: u64) -> String {
    (0..4_u64).map(|word| format!("{:016x}", crate::cluster::random::mix(seed.wrapping_add(word)))).collect()
}
