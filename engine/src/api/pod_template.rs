//! What a pod is made from: the template of a workload, and the pod's spec with the parts that actors decide on read out.
//! Shared by every pod of one revision. It must not know who makes pods.

use std::rc::Rc;

use serde_json::Value;

use super::metadata::{Labels, Text};
use super::read;
use super::selector::LabelSelector;

/// `spec.template` of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodTemplate {
    /// The whole template, defaulted, as `get -o yaml` shows it.
    pub document: Rc<Value>,
    /// `metadata.labels`.
    pub labels: Labels,
    /// `metadata.annotations`.
    pub annotations: Labels,
    /// `metadata.finalizers`.
    pub finalizers: Rc<[Text]>,
    /// `spec`.
    pub spec: Rc<PodSpec>,
}

impl PodTemplate {
    /// Reads a defaulted template.
    pub fn from_value(document: &Value) -> Self {
        Self {
            labels: read::labels(document, &["metadata", "labels"]),
            annotations: read::labels(document, &["metadata", "annotations"]),
            finalizers: read::texts(document, &["metadata", "finalizers"]),
            spec: Rc::new(PodSpec::from_value(document.get("spec").unwrap_or(&Value::Null))),
            document: Rc::new(document.clone()),
        }
    }
}

/// A pod's spec: the document and what actors read in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodSpec {
    /// The defaulted spec.
    pub document: Rc<Value>,
    /// `containers`.
    pub containers: Rc<[Container]>,
    /// `initContainers`.
    pub init_containers: Rc<[Container]>,
    /// Volumes that use a claim, in order.
    pub claims: Rc<[ClaimVolume]>,
    /// `hostname`; empty where none is given.
    pub hostname: Text,
    /// `subdomain`; empty where none is given.
    pub subdomain: Text,
    /// `nodeName`; empty where the scheduler decides.
    pub node_name: Text,
    /// `nodeSelector`.
    pub node_selector: Labels,
    /// Required node affinity: any of these terms must match.
    pub node_affinity: Option<Rc<[LabelSelector]>>,
    /// Required anti-affinity to other pods.
    pub anti_affinity: Rc<[AffinityTerm]>,
    /// Required affinity to other pods.
    pub affinity: Rc<[AffinityTerm]>,
    /// `tolerations`.
    pub tolerations: Rc<[Toleration]>,
    /// `restartPolicy`.
    pub restart_policy: RestartPolicy,
    /// `terminationGracePeriodSeconds`.
    pub grace_period_seconds: i64,
    /// `hostNetwork`.
    pub host_network: bool,
}

/// What the kubelet does when a container ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartPolicy {
    /// Always start it again.
    Always,
    /// Start it again if it failed.
    OnFailure,
    /// Leave it.
    Never,
}

/// A container of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// `name`.
    pub name: Text,
    /// What Events about it call it: `spec.containers{nginx}`.
    pub field_path: Text,
    /// `image`.
    pub image: Text,
    /// `imagePullPolicy` is `Always`.
    pub always_pull: bool,
    /// `restartPolicy` is `Always`: an init container that goes on beside the others.
    pub sidecar: bool,
    /// How long `lifecycle.preStop` sleeps; 0 where it does anything else.
    pub pre_stop_seconds: i64,
    /// `ports`.
    pub ports: Rc<[ContainerPort]>,
    /// `readinessProbe`.
    pub readiness: Option<Probe>,
    /// `startupProbe`.
    pub startup: Option<Probe>,
    /// `volumeMounts`: name of the volume and path.
    pub mounts: Rc<[(Text, Text)]>,
    /// `command`, then `args`.
    pub command: Rc<[Text]>,
}

/// A port of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerPort {
    /// `name`; empty where none is given.
    pub name: Text,
    /// `containerPort`.
    pub port: i64,
    /// `protocol`.
    pub protocol: Text,
}

/// When a probe first runs and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// `initialDelaySeconds`.
    pub initial_delay_seconds: i64,
    /// `periodSeconds`.
    pub period_seconds: i64,
    /// `successThreshold`.
    pub success_threshold: i64,
    /// `failureThreshold`.
    pub failure_threshold: i64,
}

/// A volume of a pod that uses a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimVolume {
    /// The volume's name in the pod.
    pub volume: Text,
    /// The claim's name.
    pub claim: Text,
}

/// A required rule about other pods in one topology domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AffinityTerm {
    /// Which pods count.
    pub selector: LabelSelector,
    /// The node label whose value makes the domain.
    pub topology_key: Text,
    /// Namespaces that count; the pod's own where empty.
    pub namespaces: Rc<[Text]>,
}

/// What a pod puts up with on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toleration {
    /// `key`; empty means every key.
    pub key: Text,
    /// `operator` is `Exists`.
    pub exists: bool,
    /// `value`.
    pub value: Text,
    /// `effect`; empty means every effect.
    pub effect: Text,
    /// `tolerationSeconds`.
    pub seconds: Option<i64>,
}

impl PodSpec {
    /// Reads a defaulted spec.
    pub fn from_value(document: &Value) -> Self {
        let containers = |key: &str| read::items(document, &[key]).iter().map(|value| Container::from_value(value, key)).collect();
        Self {
            containers: containers("containers"),
            init_containers: containers("initContainers"),
            claims: read::items(document, &["volumes"])
                .iter()
                .filter_map(|volume| {
                    let claim = read::string(volume, &["persistentVolumeClaim", "claimName"])?;
                    Some(ClaimVolume { volume: read::text(volume, &["name"]), claim: claim.into() })
                })
                .collect(),
            hostname: read::text(document, &["hostname"]),
            subdomain: read::text(document, &["subdomain"]),
            node_name: read::text(document, &["nodeName"]),
            node_selector: read::labels(document, &["nodeSelector"]),
            node_affinity: read::at(
                document,
                &["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"],
            )
            .and_then(Value::as_array)
            .map(|terms| terms.iter().map(LabelSelector::from_value).collect()),
            anti_affinity: affinity_terms(document, "podAntiAffinity"),
            affinity: affinity_terms(document, "podAffinity"),
            tolerations: read::items(document, &["tolerations"]).iter().map(Toleration::from_value).collect(),
            restart_policy: match read::string(document, &["restartPolicy"]) {
                Some("Never") => RestartPolicy::Never,
                Some("OnFailure") => RestartPolicy::OnFailure,
                _ => RestartPolicy::Always,
            },
            grace_period_seconds: match read::integer(document, &["terminationGracePeriodSeconds"]) {
                // The API server treats a negative period as one second.
                Some(seconds) if seconds < 0 => 1,
                Some(seconds) => seconds,
                None => 30,
            },
            host_network: read::flag(document, &["hostNetwork"]),
            document: Rc::new(document.clone()),
        }
    }
}

/// How long a container's preStop hook takes, as far as it says so: by `sleep`, or by a command that sleeps.
fn pre_stop_seconds(container: &Value) -> i64 {
    let Some(hook) = read::at(container, &["lifecycle", "preStop"]) else { return 0 };
    let words = read::items(hook, &["exec", "command"]).iter().filter_map(Value::as_str).flat_map(str::split_whitespace);
    let words: Vec<&str> = words.skip_while(|word| *word != "sleep").take(2).collect();
    let commanded = words.get(1).and_then(|word| word.trim_end_matches([';', 's']).parse().ok());
    read::integer(hook, &["sleep", "seconds"]).or(commanded).unwrap_or(0)
}

impl Container {
    fn from_value(value: &Value, key: &str) -> Self {
        let name = read::text(value, &["name"]);
        Self {
            field_path: format!("spec.{key}{{{name}}}").into(),
            sidecar: key == "initContainers" && read::string(value, &["restartPolicy"]) == Some("Always"),
            pre_stop_seconds: pre_stop_seconds(value),
            name,
            image: read::text(value, &["image"]),
            always_pull: read::string(value, &["imagePullPolicy"]) == Some("Always"),
            ports: read::items(value, &["ports"])
                .iter()
                .map(|port| ContainerPort {
                    name: read::text(port, &["name"]),
                    port: read::integer(port, &["containerPort"]).unwrap_or(0),
                    protocol: read::string(port, &["protocol"]).unwrap_or("TCP").into(),
                })
                .collect(),
            readiness: value.get("readinessProbe").filter(|probe| probe.is_object()).map(Probe::from_value),
            startup: value.get("startupProbe").filter(|probe| probe.is_object()).map(Probe::from_value),
            mounts: read::items(value, &["volumeMounts"])
                .iter()
                .map(|mount| (read::text(mount, &["name"]), read::text(mount, &["mountPath"])))
                .collect(),
            command: read::texts(value, &["command"]).iter().chain(read::texts(value, &["args"]).iter()).cloned().collect(),
        }
    }
}

impl Probe {
    fn from_value(value: &Value) -> Self {
        Self {
            initial_delay_seconds: read::integer(value, &["initialDelaySeconds"]).unwrap_or(0).max(0),
            period_seconds: read::integer(value, &["periodSeconds"]).unwrap_or(10).max(1),
            success_threshold: read::integer(value, &["successThreshold"]).unwrap_or(1).max(1),
            failure_threshold: read::integer(value, &["failureThreshold"]).unwrap_or(3).max(1),
        }
    }
}

impl Toleration {
    fn from_value(value: &Value) -> Self {
        Self {
            key: read::text(value, &["key"]),
            exists: read::string(value, &["operator"]) == Some("Exists"),
            value: read::text(value, &["value"]),
            effect: read::text(value, &["effect"]),
            seconds: read::integer(value, &["tolerationSeconds"]),
        }
    }

    /// Whether this tolerates a taint.
    pub fn tolerates(&self, key: &str, value: &str, effect: &str) -> bool {
        (self.effect.is_empty() || &*self.effect == effect)
            && (self.key.is_empty() || &*self.key == key)
            && (self.exists || &*self.value == value)
    }
}

fn affinity_terms(document: &Value, kind: &str) -> Rc<[AffinityTerm]> {
    read::items(document, &["affinity", kind, "requiredDuringSchedulingIgnoredDuringExecution"])
        .iter()
        .map(|term| AffinityTerm {
            selector: term.get("labelSelector").map(LabelSelector::from_value).unwrap_or_default(),
            topology_key: read::text(term, &["topologyKey"]),
            namespaces: read::texts(term, &["namespaces"]),
        })
        .collect()
}
