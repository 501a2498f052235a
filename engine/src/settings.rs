//! Version, gates, pace, domain, cache and limits in one place.
//! It must not know what is done with them.

use crate::sorted::SortedSet;
use std::rc::Rc;

use crate::api::metadata::Text;
use crate::api::node::NodeInfo;
use crate::api::time::{Epoch, Ms};
use crate::controllers::client::ClientSettings;

/// What a run depends on besides its command log.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The Kubernetes version whose behaviour is modelled.
    pub version: Version,
    /// Feature gates that were set by hand; the others follow from the version.
    pub gates: Vec<(Text, bool)>,
    /// The cluster's DNS domain.
    pub cluster_domain: Text,
    /// What CoreDNS keeps.
    pub dns_cache: DnsCache,
    /// How many nodes a fresh cluster has.
    pub nodes: u32,
    /// Whether that number is meant: the sandbox then adds no node where pods find no place.
    pub nodes_fixed: bool,
    /// What nodes say of themselves.
    pub node_info: Rc<NodeInfo>,
    /// The date at which virtual time begins.
    pub epoch: Epoch,
    /// Where random-looking values come from.
    pub seed: u64,
    /// What the controllers' clients may do (`--kube-api-qps`).
    pub kube_api: ClientSettings,
    /// The kubelets' pace and rules.
    pub kubelet: KubeletSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: Version::V1_36,
            gates: Vec::new(),
            cluster_domain: "cluster.local".into(),
            dns_cache: DnsCache::Off,
            nodes: NODES_DEFAULT,
            nodes_fixed: false,
            node_info: Rc::default(),
            epoch: Epoch::default(),
            seed: 0,
            kube_api: ClientSettings::default(),
            kubelet: KubeletSettings::default(),
        }
    }
}

impl Settings {
    /// Whether `MaxUnavailableStatefulSet` is on: by hand, or as the version has it (on only in 1.37 of those modelled).
    pub fn max_unavailable_gate(&self) -> bool {
        let by_hand = self.gates.iter().rev().find(|(name, _)| &**name == "MaxUnavailableStatefulSet").map(|(_, on)| *on);
        by_hand.unwrap_or(self.version == Version::V1_37)
    }
}

/// A Kubernetes version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 1.34.
    V1_34,
    /// 1.35.4 and later.
    V1_35,
    /// 1.36.
    V1_36,
    /// 1.37.
    V1_37,
}

impl Version {
    /// Reads `1.36`; `None` for a version that is not modelled.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "1.34" => Some(Self::V1_34),
            "1.35" => Some(Self::V1_35),
            "1.36" => Some(Self::V1_36),
            "1.37" => Some(Self::V1_37),
            _ => None,
        }
    }
}

/// What CoreDNS keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DnsCache {
    /// Nothing of the cluster's own domain: what kubeadm sets up.
    Off,
    /// Every answer for 30 seconds, also that a name does not exist: what older clusters do.
    All,
}

/// How fast kubelets work, and what goes wrong on them.
#[derive(Clone, Debug, PartialEq)]
pub struct KubeletSettings {
    /// From binding to `ContainerCreating`.
    pub create_ms: Ms,
    /// From `ContainerCreating` to `Running`. `None`: as long as pulling the image and starting takes.
    pub run_ms: Option<Ms>,
    /// From `Running` to `Ready`. `None`: what the readiness probe says, at once where there is none.
    pub ready_ms: Option<Ms>,
    /// From deletion to containers stopped, within the grace period.
    pub term_ms: Ms,
    /// From containers stopped to the object gone.
    pub gone_ms: Ms,
    /// Nodes whose kubelet is silent.
    pub nodes_down: SortedSet<Text>,
    /// Whether kubelets write Events.
    pub events: bool,
    /// No delays at all.
    pub zero: bool,
    /// What goes wrong, in the order in which the rules were made.
    pub rules: Vec<KubeletRule>,
}

impl Default for KubeletSettings {
    /// The pace of the recordings, but images and probes take as long as they say.
    fn default() -> Self {
        Self {
            create_ms: 100,
            run_ms: None,
            ready_ms: None,
            term_ms: 600,
            gone_ms: 100,
            nodes_down: SortedSet::new(),
            events: true,
            zero: false,
            rules: Vec::new(),
        }
    }
}

/// A rule about the pods whose whole name matches a pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct KubeletRule {
    /// The pattern, as it was written.
    pub pattern: Text,
    /// What happens to the pods; `None` where only the times change.
    pub mode: Option<RuleMode>,
    /// Replaces `run_ms`.
    pub run_ms: Option<Ms>,
    /// Replaces `term_ms`.
    pub term_ms: Option<Ms>,
    /// The exit code with which containers stop.
    pub exit_code: Option<i32>,
}

/// What happens to the pods of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleMode {
    /// Never ready.
    NotReady,
    /// Ends again and again.
    Crash,
    /// The image cannot be pulled.
    ImagePull,
    /// Ends badly, for good.
    Failed,
    /// Ends well, for good.
    Succeeded,
    /// Is not started.
    Pending,
}

impl RuleMode {
    /// Reads the word of a script; `None` for an unknown one.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "notready" => Self::NotReady,
            "crash" => Self::Crash,
            "imagepull" => Self::ImagePull,
            "failed" => Self::Failed,
            "succeeded" => Self::Succeeded,
            "pending" => Self::Pending,
            _ => return None,
        })
    }
}

/// A shared copy of the settings.
pub type SharedSettings = Rc<Settings>;

/// Three nodes: enough to see pods spread, few enough to draw.
pub const NODES_DEFAULT: u32 = 3;
/// More nodes than any lesson needs; anti-affinity adds nodes up to this.
pub const NODES_MAX: u32 = 200;
/// Pods that one sandbox runs; beyond this a browser tab gets slow.
pub const PODS_MAX: i64 = 10_000;
/// Objects of all kinds: a pod with its claim, volume and Events makes about ten.
pub const OBJECTS_MAX: usize = 200_000;
/// Events kept; the oldest go first, as the real one drops them after an hour.
pub const EVENTS_MAX: usize = 20_000;
/// Watch events kept for the trace and for time travel.
pub const WATCH_LOG_MAX: usize = 2_000_000;
/// The size of one object's document, as etcd bounds a request (1.5 MiB).
pub const OBJECT_BYTES_MAX: usize = 1_572_864;
/// The length of one command line.
pub const COMMAND_BYTES_MAX: usize = 262_144;
