//! Nodes and namespaces.
//! Follows `core/v1`. It must not know what runs on a node.

use std::rc::Rc;

use serde_json::Value;

use super::metadata::Text;
use super::pod::ConditionStatus;
use super::read;
use super::time::{Epoch, Ms};
use crate::json::json;

/// The body of a Node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// `spec` as it was written.
    pub document: Rc<Value>,
    /// `spec.unschedulable`.
    pub unschedulable: bool,
    /// `spec.taints`.
    pub taints: Rc<[Taint]>,
    /// The address of the node.
    pub internal_ip: Text,
    /// The `Ready` condition.
    pub ready: ConditionStatus,
    /// Since when `ready` has had its value.
    pub ready_since_ms: Ms,
    /// What the node says of itself.
    pub info: Rc<NodeInfo>,
}

/// What a node says of itself (`status.nodeInfo`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeInfo {
    /// `osImage`.
    pub os_image: Text,
    /// `kernelVersion`.
    pub kernel_version: Text,
    /// `containerRuntimeVersion`.
    pub container_runtime_version: Text,
}

impl Default for NodeInfo {
    fn default() -> Self {
        Self {
            os_image: "StatefulSet Sandbox".into(),
            kernel_version: "6.1.0".into(),
            container_runtime_version: "containerd://2.1.0".into(),
        }
    }
}

/// An entry of `spec.taints`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taint {
    /// `key`.
    pub key: Text,
    /// `value`; empty where none is given.
    pub value: Text,
    /// `effect`.
    pub effect: Text,
    /// `timeAdded`, where its writer sets it.
    pub added_ms: Option<Ms>,
}

impl Node {
    /// Reads a document.
    pub fn from_value(value: &Value, epoch: Epoch) -> Self {
        let spec = value.get("spec").cloned().unwrap_or_else(|| json!({}));
        Self {
            unschedulable: read::flag(&spec, &["unschedulable"]),
            taints: read::items(&spec, &["taints"])
                .iter()
                .map(|taint| Taint {
                    key: read::text(taint, &["key"]),
                    value: read::text(taint, &["value"]),
                    effect: read::text(taint, &["effect"]),
                    added_ms: read::string(taint, &["timeAdded"]).and_then(|text| epoch.ms(text)),
                })
                .collect(),
            internal_ip: "".into(),
            ready: ConditionStatus::Unknown,
            ready_since_ms: 0,
            info: Rc::default(),
            document: Rc::new(spec),
        }
    }

    /// `spec` as a document.
    pub fn spec_to_value(&self, epoch: Epoch) -> Value {
        let mut spec = Value::clone(&self.document);
        let Some(map) = spec.as_object_mut() else {
            return spec;
        };
        map.remove("unschedulable");
        map.remove("taints");
        if self.unschedulable {
            map.insert("unschedulable".into(), json!(true));
        }
        if !self.taints.is_empty() {
            map.insert("taints".into(), self.taints.iter().map(|taint| taint.to_value(epoch)).collect());
        }
        spec
    }

    /// `status` as a document.
    pub fn status_to_value(&self, name: &str, epoch: Epoch) -> Value {
        // A kubelet that is silent says nothing of pressure either.
        let unknown = (ConditionStatus::Unknown, "NodeStatusUnknown", "Kubelet stopped posting node status.");
        let ready = match self.ready {
            ConditionStatus::True => (self.ready, "KubeletReady", "kubelet is posting ready status"),
            ConditionStatus::False => (self.ready, "KubeletNotReady", "container runtime is down"),
            ConditionStatus::Unknown => unknown,
        };
        let calm =
            |reason, message| if self.ready == ConditionStatus::Unknown { unknown } else { (ConditionStatus::False, reason, message) };
        let conditions = [
            ("MemoryPressure", calm("KubeletHasSufficientMemory", "kubelet has sufficient memory available")),
            ("DiskPressure", calm("KubeletHasNoDiskPressure", "kubelet has no disk pressure")),
            ("PIDPressure", calm("KubeletHasSufficientPID", "kubelet has sufficient PID available")),
            ("Ready", ready),
        ];
        let condition = |(kind, (status, reason, message)): (&str, (ConditionStatus, &str, &str))| {
            json!({
                "type": kind,
                "status": status.as_str(),
                "reason": reason,
                "message": message,
                "lastHeartbeatTime": epoch.rfc3339(self.ready_since_ms),
                "lastTransitionTime": epoch.rfc3339(self.ready_since_ms),
            })
        };
        let conditions: Vec<Value> = conditions.into_iter().map(condition).collect();
        let capacity = json!({"cpu": "4", "memory": "8Gi", "pods": "110", "ephemeral-storage": "100Gi"});
        json!({
            "addresses": [{"type": "InternalIP", "address": &*self.internal_ip}, {"type": "Hostname", "address": name}],
            "allocatable": capacity,
            "capacity": capacity,
            "conditions": conditions,
            "nodeInfo": {
                "architecture": "amd64",
                "containerRuntimeVersion": &*self.info.container_runtime_version,
                "kernelVersion": &*self.info.kernel_version,
                "kubeletVersion": "v1.36.2",
                "kubeProxyVersion": "",
                "operatingSystem": "linux",
                "osImage": &*self.info.os_image,
            },
        })
    }
}

impl Taint {
    fn to_value(&self, epoch: Epoch) -> Value {
        let mut value = json!({"key": &*self.key, "effect": &*self.effect});
        if !self.value.is_empty() {
            value["value"] = json!(&*self.value);
        }
        if let Some(added_ms) = self.added_ms {
            value["timeAdded"] = json!(epoch.rfc3339(added_ms));
        }
        value
    }
}
