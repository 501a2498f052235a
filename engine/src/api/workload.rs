//! Deployments, ReplicaSets and PodDisruptionBudgets: the company that a StatefulSet keeps.
//! Follows `apps/v1` and `policy/v1`. It must not know how their controllers decide.

use std::rc::Rc;

use serde_json::Value;

use super::metadata::Text;
use super::pod::ConditionStatus;
use super::pod_template::PodTemplate;
use super::read;
use super::selector::LabelSelector;
use super::statefulset::IntOrPercent;
use super::time::{Epoch, Ms};
use crate::json::{self, json};

/// The body of a Deployment or a ReplicaSet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// The defaulted spec.
    pub document: Rc<Value>,
    /// `replicas`.
    pub replicas: i64,
    /// `selector`.
    pub selector: LabelSelector,
    /// `template`.
    pub template: Rc<PodTemplate>,
    /// `minReadySeconds`.
    pub min_ready_seconds: i64,
    /// `strategy.rollingUpdate.maxSurge`; ReplicaSets have none.
    pub max_surge: Option<IntOrPercent>,
    /// `strategy.rollingUpdate.maxUnavailable`; ReplicaSets have none.
    pub max_unavailable: Option<IntOrPercent>,
    /// `strategy.type` is `Recreate`.
    pub recreate: bool,
    /// `paused`; Deployments only.
    pub paused: bool,
    /// `revisionHistoryLimit`; Deployments only.
    pub revision_history_limit: i64,
    /// `status`.
    pub status: WorkloadStatus,
}

/// `status` of a Deployment or a ReplicaSet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkloadStatus {
    /// `observedGeneration`.
    pub observed_generation: i64,
    /// `replicas`.
    pub replicas: i64,
    /// `readyReplicas`.
    pub ready_replicas: i64,
    /// `availableReplicas`.
    pub available_replicas: i64,
    /// `updatedReplicas`; Deployments only.
    pub updated_replicas: i64,
    /// `unavailableReplicas`; Deployments only.
    pub unavailable_replicas: i64,
    /// `fullyLabeledReplicas`; ReplicaSets only.
    pub fully_labeled_replicas: i64,
    /// `terminatingReplicas`; `None` until the controller has counted.
    pub terminating_replicas: Option<i64>,
    /// `conditions`.
    pub conditions: Vec<WorkloadCondition>,
}

/// An entry of `status.conditions` of a workload or a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkloadCondition {
    /// `type`.
    pub kind: &'static str,
    /// `status`.
    pub status: ConditionStatus,
    /// `reason`.
    pub reason: Text,
    /// `message`.
    pub message: Text,
    /// `lastTransitionTime`.
    pub since_ms: Ms,
    /// `lastUpdateTime`.
    pub updated_ms: Ms,
}

impl WorkloadStatus {
    /// Sets a condition, unless it stands already with this status and reason.
    pub fn set_condition(&mut self, kind: &'static str, status: ConditionStatus, reason: &str, message: String, now: Ms) {
        let standing = self.conditions.iter().position(|condition| condition.kind == kind);
        let mut since_ms = now;
        if let Some(place) = standing {
            let condition = &self.conditions[place];
            if condition.status == status && &*condition.reason == reason {
                return;
            }
            if condition.status == status {
                since_ms = condition.since_ms;
            }
            self.conditions.remove(place);
        }
        self.conditions.push(WorkloadCondition { kind, status, reason: reason.into(), message: message.into(), since_ms, updated_ms: now });
    }

    /// A condition by its type.
    pub fn condition(&self, kind: &str) -> Option<&WorkloadCondition> {
        self.conditions.iter().find(|condition| condition.kind == kind)
    }
}

impl Workload {
    /// Reads a defaulted document.
    pub fn from_value(value: &Value) -> Self {
        let spec = value.get("spec").cloned().unwrap_or(Value::Null);
        let rolling = |key: &str| read::at(&spec, &["strategy", "rollingUpdate", key]).and_then(IntOrPercent::from_value);
        Self {
            replicas: read::integer(&spec, &["replicas"]).unwrap_or(1),
            selector: spec.get("selector").map(LabelSelector::from_value).unwrap_or_default(),
            template: Rc::new(PodTemplate::from_value(spec.get("template").unwrap_or(&Value::Null))),
            min_ready_seconds: read::integer(&spec, &["minReadySeconds"]).unwrap_or(0),
            max_surge: rolling("maxSurge"),
            max_unavailable: rolling("maxUnavailable"),
            recreate: read::string(&spec, &["strategy", "type"]) == Some("Recreate"),
            paused: read::flag(&spec, &["paused"]),
            revision_history_limit: read::integer(&spec, &["revisionHistoryLimit"]).unwrap_or(10),
            status: WorkloadStatus::default(),
            document: Rc::new(spec),
        }
    }

    /// `spec` as a document.
    pub fn spec_to_value(&self) -> Value {
        let mut spec = Value::clone(&self.document);
        spec["replicas"] = json!(self.replicas);
        spec
    }

    /// `status` as a document.
    pub fn status_to_value(&self, epoch: Epoch) -> Value {
        let status = &self.status;
        let mut value = json!({});
        for (key, count) in [
            ("observedGeneration", status.observed_generation),
            ("replicas", status.replicas),
            ("readyReplicas", status.ready_replicas),
            ("availableReplicas", status.available_replicas),
            ("updatedReplicas", status.updated_replicas),
            ("unavailableReplicas", status.unavailable_replicas),
            ("fullyLabeledReplicas", status.fully_labeled_replicas),
        ] {
            if count != 0 {
                value[key] = json!(count);
            }
        }
        // A ReplicaSet without pods says so.
        if value.get("replicas").is_none() {
            value["replicas"] = json!(status.replicas);
        }
        if let Some(terminating) = status.terminating_replicas {
            value["terminatingReplicas"] = json!(terminating);
        }
        if !status.conditions.is_empty() {
            value["conditions"] = status
                .conditions
                .iter()
                .map(|condition| {
                    json!({
                        "type": condition.kind,
                        "status": condition.status.as_str(),
                        "reason": &*condition.reason,
                        "message": &*condition.message,
                        "lastUpdateTime": epoch.rfc3339(condition.updated_ms),
                        "lastTransitionTime": epoch.rfc3339(condition.since_ms),
                    })
                })
                .collect();
        }
        value
    }
}

/// The body of a PodDisruptionBudget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodDisruptionBudget {
    /// `spec` as it was written.
    pub document: Rc<Value>,
    /// `selector`.
    pub selector: LabelSelector,
    /// `minAvailable`.
    pub min_available: Option<IntOrPercent>,
    /// `maxUnavailable`.
    pub max_unavailable: Option<IntOrPercent>,
    /// `status`.
    pub status: DisruptionStatus,
}

/// `status` of a PodDisruptionBudget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisruptionStatus {
    /// `observedGeneration`.
    pub observed_generation: i64,
    /// `disruptionsAllowed`.
    pub disruptions_allowed: i64,
    /// `currentHealthy`.
    pub current_healthy: i64,
    /// `desiredHealthy`.
    pub desired_healthy: i64,
    /// `expectedPods`.
    pub expected_pods: i64,
    /// `disruptedPods`: pods whose eviction was granted and not yet seen, and when.
    pub disrupted_pods: Vec<(Text, Ms)>,
    /// Since when `DisruptionAllowed` has had its status; `None` until the controller has counted.
    pub allowed_since_ms: Option<Ms>,
}

impl PodDisruptionBudget {
    /// Reads a document.
    pub fn from_value(value: &Value) -> Self {
        let spec = value.get("spec").cloned().unwrap_or(Value::Null);
        let count = |key: &str| spec.get(key).and_then(IntOrPercent::from_value);
        Self {
            selector: spec.get("selector").map(LabelSelector::from_value).unwrap_or_default(),
            min_available: count("minAvailable"),
            max_unavailable: count("maxUnavailable"),
            status: DisruptionStatus::default(),
            document: Rc::new(spec),
        }
    }

    /// `status` as a document.
    pub fn status_to_value(&self, epoch: Epoch) -> Value {
        let mut value = json!({
            "observedGeneration": self.status.observed_generation,
            "disruptionsAllowed": self.status.disruptions_allowed,
            "currentHealthy": self.status.current_healthy,
            "desiredHealthy": self.status.desired_healthy,
            "expectedPods": self.status.expected_pods,
        });
        if self.status.observed_generation == 0 {
            read::take(&mut value, &[], "observedGeneration");
        }
        if let Some(since_ms) = self.status.allowed_since_ms {
            let allowed = self.status.disruptions_allowed > 0;
            value["conditions"] = json!([{
                "type": "DisruptionAllowed",
                "status": if allowed { "True" } else { "False" },
                "reason": if allowed { "SufficientPods" } else { "InsufficientPods" },
                "message": "",
                "observedGeneration": self.status.observed_generation,
                "lastTransitionTime": epoch.rfc3339(since_ms),
            }]);
        }
        if !self.status.disrupted_pods.is_empty() {
            let pods = self.status.disrupted_pods.iter().map(|(pod, at_ms)| (pod, json!(epoch.rfc3339(*at_ms))));
            value["disruptedPods"] = json::object(pods);
        }
        value
    }
}
