//! What the API server fills in: the fields that `get -o yaml` shows although nobody wrote them.
//!
//! Owns defaults of Kubernetes 1.36 (`pkg/apis/{apps,core,storage,policy}/v1/defaults.go`), what its typed decoding drops on
//! the way ([`normalise`]), and what create-time strategies and admission plugins add ([`strategy`]). Everything here is a
//! function of the object alone: names, addresses and volumes that need a cluster are the caller's. It refuses nothing, and
//! passes over what has a wrong type.

mod image;
pub mod normalise;
mod pod;
pub mod strategy;
mod volume;
mod workload;

pub use pod::{default_pod_spec, default_pod_template};

use crate::json::json;
use serde_json::{Map, Value};

/// The feature gates that defaulting and validation ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gates {
    /// `MaxUnavailableStatefulSet`: off, the field is dropped.
    pub max_unavailable_stateful_set: bool,
}

/// Fills in what the API server of 1.36 would, with its default gates.
pub fn apply(kind: &str, object: &mut Value) {
    apply_with(kind, object, Gates::default());
}

/// Fills in what the API server would under the given gates.
pub fn apply_with(kind: &str, object: &mut Value, gates: Gates) {
    normalise::object(kind, object);
    let Some(object) = object.as_object_mut() else {
        return;
    };
    match kind {
        "StatefulSet" => workload::stateful_set(object, gates),
        "Deployment" => workload::deployment(object),
        "ReplicaSet" => workload::replica_set(object),
        "DaemonSet" => workload::daemon_set(object),
        "Job" => workload::job(object),
        "Pod" => pod::pod(object),
        "PodTemplate" => {
            if let Some(template) = object.get_mut("template") {
                default_pod_template(template);
            }
        }
        "Service" => service(object),
        "PersistentVolumeClaim" => volume::claim(object),
        "PersistentVolume" => volume::persistent_volume(object),
        "StorageClass" => {
            set_default(object, "reclaimPolicy", json!("Delete"));
            set_default(object, "volumeBindingMode", json!("Immediate"));
        }
        "Namespace" => namespace(object),
        "Node" => node(object),
        "Secret" => set_default(object, "type", json!("Opaque")),
        "Endpoints" => endpoints(object),
        "EndpointSlice" => endpoint_slice(object),
        "PodDisruptionBudget" => {
            child(object, "status");
        }
        "HorizontalPodAutoscaler" => autoscaler(object),
        _ => {}
    }
}

fn service(object: &mut Map<String, Value>) {
    if let Some(spec) = child(object, "spec") {
        set_default(spec, "sessionAffinity", json!("None"));
        if text(spec, "sessionAffinity") == "None" {
            spec.remove("sessionAffinityConfig");
        } else if text(spec, "sessionAffinity") == "ClientIP" {
            let seconds = child(spec, "sessionAffinityConfig").and_then(|config| child(config, "clientIP"));
            if let Some(config) = seconds {
                set_default(config, "timeoutSeconds", json!(10_800));
            }
        }
        set_default(spec, "type", json!("ClusterIP"));
        for port in items(spec, "ports") {
            set_default(port, "protocol", json!("TCP"));
            let unset = match port.get("targetPort") {
                None => true,
                Some(target) => target == &json!(0) || target == &json!(""),
            };
            if unset {
                let number = port.get("port").cloned().unwrap_or_else(|| json!(0));
                port.insert("targetPort".to_owned(), number);
            }
        }
        let service_type = text(spec, "type").to_owned();
        let external = matches!(service_type.as_str(), "NodePort" | "LoadBalancer");
        if external {
            set_default(spec, "externalTrafficPolicy", json!("Cluster"));
        }
        if external || service_type == "ClusterIP" {
            set_default(spec, "internalTrafficPolicy", json!("Cluster"));
        }
        if service_type == "LoadBalancer" {
            set_default(spec, "allocateLoadBalancerNodePorts", json!(true));
        }
        if service_type == "ClusterIP" || external {
            ip_families(spec);
            let address = text(spec, "clusterIP").to_owned();
            if !address.is_empty() && !spec.contains_key("clusterIPs") {
                spec.insert("clusterIPs".to_owned(), json!([address]));
            }
        }
    }
    if let Some(status) = child(object, "status") {
        child(status, "loadBalancer");
    }
}

/// What the allocator of addresses fills in beside the address, in a cluster of IPv4 alone.
fn ip_families(spec: &mut Map<String, Value>) {
    // Without a selector somebody else names the endpoints, and those may be of either family.
    let open = text(spec, "clusterIP") == "None" && !spec.contains_key("selector");
    set_default(spec, "ipFamilyPolicy", json!(if open { "RequireDualStack" } else { "SingleStack" }));
    let single = text(spec, "ipFamilyPolicy") == "SingleStack";
    if let Some(families) = array(spec, "ipFamilies") {
        if families.is_empty() {
            families.push(json!("IPv4"));
        }
        if open && !single && families.len() == 1 {
            let other = if families[0] == "IPv4" { "IPv6" } else { "IPv4" };
            families.push(json!(other));
        }
    }
}

fn autoscaler(object: &mut Map<String, Value>) {
    if let Some(spec) = child(object, "spec") {
        set_default(spec, "minReplicas", json!(1));
        if let Some(metrics) = array(spec, "metrics").filter(|metrics| metrics.is_empty()) {
            metrics.push(json!({
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
            }));
        }
    }
}

fn namespace(object: &mut Map<String, Value>) {
    if let Some(metadata) = child(object, "metadata") {
        let name = text(metadata, "name").to_owned();
        if !name.is_empty()
            && let Some(labels) = child(metadata, "labels")
        {
            labels.insert("kubernetes.io/metadata.name".to_owned(), json!(name));
        }
    }
    if let Some(spec) = child(object, "spec") {
        let missing = !spec.get("finalizers").and_then(Value::as_array).is_some_and(|list| list.contains(&json!("kubernetes")));
        if missing && let Some(list) = array(spec, "finalizers") {
            list.push(json!("kubernetes"));
        }
    }
    if let Some(status) = child(object, "status") {
        set_default(status, "phase", json!("Active"));
    }
}

fn node(object: &mut Map<String, Value>) {
    child(object, "spec");
    if let Some(status) = child(object, "status")
        && let Some(capacity) = status.get("capacity").cloned()
    {
        set_default(status, "allocatable", capacity);
    }
}

fn endpoints(object: &mut Map<String, Value>) {
    for subset in items(object, "subsets") {
        for port in items(subset, "ports") {
            set_default(port, "protocol", json!("TCP"));
        }
    }
}

fn endpoint_slice(object: &mut Map<String, Value>) {
    for port in items(object, "ports") {
        port.entry("name").or_insert_with(|| json!(""));
        set_default(port, "protocol", json!("TCP"));
    }
}

/// Sets a field that is absent, null, or (as Go cannot tell these apart) an empty text.
pub(crate) fn set_default(object: &mut Map<String, Value>, key: &str, value: Value) {
    let unset = match object.get(key) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    };
    if unset {
        object.insert(key.to_owned(), value);
    }
}

/// Sets a number that is absent or 0, for fields where Go cannot tell these apart.
pub(crate) fn set_default_number(object: &mut Map<String, Value>, key: &str, value: i64) {
    if object.get(key).is_none_or(|old| old.is_null() || old == &json!(0)) {
        object.insert(key.to_owned(), json!(value));
    }
}

/// The object below a key, made where it is absent or null; none where something else stands there.
pub(crate) fn child<'a>(object: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Map<String, Value>> {
    if object.get(key).is_none_or(Value::is_null) {
        object.insert(key.to_owned(), json!({}));
    }
    object.get_mut(key).and_then(Value::as_object_mut)
}

/// The object below a key, where there is one.
pub(crate) fn existing<'a>(object: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Map<String, Value>> {
    object.get_mut(key).and_then(Value::as_object_mut)
}

/// The list below a key, made where it is absent or null.
pub(crate) fn array<'a>(object: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Vec<Value>> {
    if object.get(key).is_none_or(Value::is_null) {
        object.insert(key.to_owned(), json!([]));
    }
    object.get_mut(key).and_then(Value::as_array_mut)
}

/// The objects of the list below a key.
pub(crate) fn items<'a>(object: &'a mut Map<String, Value>, key: &str) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    object.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

/// The text below a key; empty where there is none.
pub(crate) fn text<'a>(object: &'a Map<String, Value>, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or("")
}

#[cfg(test)]
mod tests;
