//! The watch log as JSON lines, with the keys of the recordings in `tests/conformance`.
//! It must not know what is compared with it.

use serde_json::{Map, Value};

use crate::api::metadata::{Metadata, labels_to_value};
use crate::api::object::{Body, Object};
use crate::api::pod::{ConditionStatus, ContainerState, DISRUPTION_TARGET, POD_SCHEDULED, Pod};
use crate::api::read;
use crate::api::statefulset::{StatefulSet, UpdateStrategy};
use crate::api::time::Epoch;
use crate::api::workload::{DisruptionStatus, Workload};
use crate::json::json;

use super::store::WatchEvent;

/// One watch event as one JSON line.
pub fn line(event: &WatchEvent, epoch: Epoch) -> String {
    let object = &event.object;
    let mut map = Map::new();
    map.insert("type".into(), json!(event.verb.as_str()));
    map.insert("kind".into(), json!(object.kind().name()));
    map.insert("name".into(), json!(&*object.meta.name));
    map.insert("ns".into(), json!(&*object.meta.namespace));
    map.insert("ms".into(), json!(event.at_ms));
    map.insert("rv".into(), json!(object.meta.resource_version));
    describe(object, epoch, &mut map);
    Value::Object(map).to_string()
}

fn describe(object: &Object, epoch: Epoch, map: &mut Map<String, Value>) {
    let meta = &object.meta;
    let mut put = |key: &str, value: Value| {
        map.insert(key.to_owned(), value);
    };
    if let Some(deletion) = meta.deletion {
        put("deletionTimestamp", json!(epoch.rfc3339(deletion.at_ms)));
    }
    match &object.body {
        Body::Pod(pod) => {
            put("owners", owners(meta));
            if let Some(deletion) = meta.deletion {
                put("grace", json!(deletion.grace_period_seconds));
            }
            describe_pod(meta, pod, &mut put);
        }
        Body::StatefulSet(set) => {
            put("gen", json!(meta.generation));
            if !meta.finalizers.is_empty() {
                put("finalizers", texts(meta));
            }
            describe_set(set, &mut put);
        }
        Body::PersistentVolumeClaim(claim) => {
            put("phase", json!(claim.phase.as_str()));
            put("finalizers", texts(meta));
            put("labels", labels_to_value(&meta.labels));
            put("volume", json!(&*claim.volume_name));
            if !meta.owners.is_empty() {
                put("owners", owners(meta));
            }
        }
        Body::PersistentVolume(volume) => {
            put("phase", json!(volume.phase.as_str()));
            put("finalizers", texts(meta));
            put("claim", json!(volume.claim.as_ref().map_or("", |claim| &claim.name)));
        }
        Body::ControllerRevision(revision) => {
            put("revision", json!(revision.revision));
            put("labels", labels_to_value(&meta.labels));
            put("owners", owners(meta));
        }
        Body::EndpointSlice(slice) => {
            let endpoints: Vec<Value> = slice
                .endpoints
                .iter()
                .map(|endpoint| {
                    json!({
                        "addr": [&*endpoint.address],
                        "hostname": (!endpoint.hostname.is_empty()).then_some(&*endpoint.hostname),
                        "pod": &*endpoint.pod,
                        "ready": endpoint.ready,
                        "serving": endpoint.serving,
                        "terminating": endpoint.terminating,
                    })
                })
                .collect();
            put("endpoints", if endpoints.is_empty() { Value::Null } else { Value::Array(endpoints) });
            put("owners", owners(meta));
        }
        Body::Event(event) => {
            put("obj", json!(format!("{}/{}", event.object_kind, event.object_name)));
            put("reason", json!(event.reason));
            put("message", json!(&*event.message));
            put("evtype", json!(if event.warning { "Warning" } else { "Normal" }));
            put("from", json!(event.source));
            put("count", json!(event.count));
        }
        Body::Service(service) => put("clusterIP", json!(&*service.cluster_ip)),
        Body::Deployment(workload) | Body::ReplicaSet(workload) => {
            put("gen", json!(meta.generation));
            put("spec.replicas", json!(workload.replicas));
            put("status", workload_status(workload));
            put("owners", owners(meta));
        }
        Body::Node(node) => {
            put("ready", json!(node.ready.as_str()));
            put("unschedulable", json!(node.unschedulable));
            put("taints", node.taints.iter().map(|taint| json!(format!("{}:{}", taint.key, taint.effect))).collect());
        }
        Body::PodDisruptionBudget(budget) => put("status", budget_status(&budget.status)),
        Body::StorageClass(_) | Body::Other(..) => {}
    }
}

fn describe_pod(meta: &Metadata, pod: &Pod, put: &mut impl FnMut(&str, Value)) {
    put("phase", json!(pod.status.phase.as_str()));
    put("ready", json!(pod.ready()));
    put("rev", json!(meta.label("controller-revision-hash").unwrap_or_default()));
    put("node", json!(&*pod.node_name));
    put("ip", json!(&*pod.status.ip));
    put("uid", json!(meta.uid.to_string()[..8]));
    put("image", json!(pod.spec.containers.first().map_or("", |container| &container.image)));
    let scheduled = pod.condition(POD_SCHEDULED);
    if let Some(condition) = scheduled.filter(|condition| condition.status == ConditionStatus::False) {
        put("unschedulable", json!(&*condition.message));
    }
    match pod.status.containers.first().map(|container| &container.state) {
        Some(ContainerState::Waiting { reason, .. }) => put("waiting", json!(reason)),
        Some(ContainerState::Terminated(terminated)) => put("terminated", json!(terminated.reason)),
        Some(ContainerState::Running { .. }) | None => {}
    }
    if pod.restarts() > 0 {
        put("restarts", json!(pod.restarts()));
    }
    if let Some(condition) = pod.condition(DISRUPTION_TARGET) {
        put("disruptionTarget", json!(condition.reason));
    }
}

fn describe_set(set: &StatefulSet, put: &mut impl FnMut(&str, Value)) {
    put("spec.replicas", json!(set.spec.replicas));
    put("image", json!(set.spec.template.spec.containers.first().map_or("", |container| &container.image)));
    let (strategy, partition) = match &set.spec.strategy {
        UpdateStrategy::OnDelete => ("OnDelete", None),
        UpdateStrategy::RollingUpdate(rolling) => ("RollingUpdate", rolling.as_ref().map(|rolling| rolling.partition)),
    };
    put("strategy", json!(strategy));
    put("partition", json!(partition));
    if let Some(count) = read::at(&set.spec.document, &["updateStrategy", "rollingUpdate", "maxUnavailable"]) {
        put("maxUnavailable", count.clone());
    }
    let status = &set.status;
    put(
        "status",
        json!({
            "availableReplicas": status.available_replicas,
            "collisionCount": status.collision_count,
            "currentReplicas": status.current_replicas,
            "currentRevision": &*status.current_revision,
            "observedGeneration": status.observed_generation,
            "readyReplicas": status.ready_replicas,
            "replicas": status.replicas,
            "updateRevision": &*status.update_revision,
            "updatedReplicas": status.updated_replicas,
        }),
    );
}

/// A Deployment's or ReplicaSet's counts, as the recordings name them.
fn workload_status(workload: &Workload) -> Value {
    let status = &workload.status;
    let mut value = json!({
        "replicas": status.replicas,
        "ready": status.ready_replicas,
        "available": status.available_replicas,
        "terminating": status.terminating_replicas,
    });
    if status.updated_replicas + status.unavailable_replicas > 0 {
        value["updated"] = json!(status.updated_replicas);
        value["unavailable"] = json!(status.unavailable_replicas);
    }
    value
}

/// A budget's counts, as the recordings name them.
fn budget_status(status: &DisruptionStatus) -> Value {
    json!({
        "currentHealthy": status.current_healthy,
        "desiredHealthy": status.desired_healthy,
        "disruptionsAllowed": status.disruptions_allowed,
        "expectedPods": status.expected_pods,
    })
}

/// `StatefulSet/web(controller)(block)`, as the recordings write owners.
fn owners(meta: &Metadata) -> Value {
    meta.owners
        .iter()
        .map(|owner| {
            let mark = |set: Option<bool>, word: &'static str| if set == Some(true) { word } else { "" };
            json!(format!(
                "{}/{}{}{}",
                owner.kind,
                owner.name,
                mark(owner.controller, "(controller)"),
                mark(owner.block_owner_deletion, "(block)")
            ))
        })
        .collect()
}

fn texts(meta: &Metadata) -> Value {
    meta.finalizers.iter().map(|finalizer| json!(&**finalizer)).collect()
}
