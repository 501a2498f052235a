//! Deployments, ReplicaSets and PodDisruptionBudgets: the company that a StatefulSet keeps.
//! Follows `apps/v1` and `policy/v1`. It must not know how their controllers decide.

use std::rc::Rc;

use serde_json::{Value, json};

use super::pod_template::PodTemplate;
use super::read;
use super::selector::LabelSelector;
use super::statefulset::IntOrPercent;

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
    pub fn status_to_value(&self) -> Value {
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
    pub fn status_to_value(&self) -> Value {
        json!({
            "observedGeneration": self.status.observed_generation,
            "disruptionsAllowed": self.status.disruptions_allowed,
            "currentHealthy": self.status.current_healthy,
            "desiredHealthy": self.status.desired_healthy,
            "expectedPods": self.status.expected_pods,
        })
    }
}
