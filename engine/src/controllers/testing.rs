//! Small worlds for the actors' tests, and their watch logs as short lines. It must not be used outside tests.

use serde_json::{Value, json};

use crate::api::kind::Kind;
use crate::api::object::{Body, Key, Object};
use crate::api::pod::{ConditionStatus, Phase, READY};
use crate::cluster::World;
use crate::cluster::store::{Verb, WatchEvent};
use crate::settings::Settings;

/// A fresh cluster without anything under way.
pub(crate) fn world() -> World {
    let mut world = World::fresh(Settings { nodes_fixed: true, ..Settings::default() });
    world.store.log.clear();
    world
}

/// Creates an object through the API server.
pub(crate) fn create(world: &mut World, value: Value) -> Key {
    match world.create(value, "default") {
        Ok(object) => object.key(),
        Err(status) => panic!("refused: {}", status.message),
    }
}

/// A claim for one gibibyte.
pub(crate) fn claim(name: &str, class: Option<&str>) -> Value {
    let mut value = json!({
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    });
    if let Some(class) = class {
        value["spec"]["storageClassName"] = json!(class);
    }
    value
}

/// A pod labelled `app: nginx` with the claims that it uses and what else its spec says.
pub(crate) fn pod(name: &str, claims: &[&str], spec: Value) -> Value {
    let volumes: Vec<Value> = claims.iter().map(|claim| json!({"name": claim, "persistentVolumeClaim": {"claimName": claim}})).collect();
    let mut value = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": "nginx"}},
        "spec": {"containers": [{"name": "nginx", "image": "nginx", "ports": [{"name": "web", "containerPort": 8080}]}], "volumes": volumes},
    });
    for (key, part) in spec.as_object().into_iter().flatten() {
        value["spec"][key] = part.clone();
    }
    value
}

/// Lets a pod run, as its kubelet would.
pub(crate) fn run(world: &mut World, name: &str, ip: &str, ready: bool) {
    let now = world.now_ms();
    let status = if ready { ConditionStatus::True } else { ConditionStatus::False };
    world.change(&Key::new(Kind::Pod, "default", name), |object| {
        if let Some(pod) = object.pod_mut() {
            pod.status.phase = Phase::Running;
            pod.status.ip = ip.into();
            pod.status.set_condition(READY, status, "", "", now);
        }
    });
}

/// The watch log as short lines, without the objects that a kubelet or a fresh cluster writes.
pub(crate) fn lines(world: &World) -> Vec<String> {
    world.store.log.iter().filter_map(line).collect()
}

fn line(event: &WatchEvent) -> Option<String> {
    let object = &event.object;
    let verb = match event.verb {
        Verb::Added => "+",
        Verb::Modified => "~",
        Verb::Deleted => "-",
    };
    let detail = match &object.body {
        Body::Event(body) if body.source == "kubelet" => return None,
        Body::Event(body) => {
            return Some(format!("{verb} {}/{} {}: {}", body.object_kind, body.object_name, body.reason, body.message));
        }
        Body::Pod(pod) if pod.bound() => format!(" on {}", pod.node_name),
        Body::PersistentVolumeClaim(claim) => format!(" {}", claim.phase.as_str()),
        Body::PersistentVolume(volume) => format!(" {}", volume.phase.as_str()),
        Body::EndpointSlice(slice) => {
            let entries: Vec<String> = slice
                .endpoints
                .iter()
                .map(|endpoint| {
                    let flag = |set: bool, letter: &'static str| if set { letter } else { "-" };
                    format!(
                        "{}:{}{}{}",
                        endpoint.pod,
                        flag(endpoint.ready, "r"),
                        flag(endpoint.serving, "s"),
                        flag(endpoint.terminating, "t")
                    )
                })
                .collect();
            format!(" [{}]", entries.join(" "))
        }
        _ => String::new(),
    };
    let name = if object.meta.generate_name.is_empty() { &object.meta.name } else { &object.meta.generate_name };
    let going = if object.meta.terminating() && event.verb != Verb::Deleted { " going" } else { "" };
    Some(format!("{verb} {}/{}{detail}{going}", object.kind(), shorten(name, object)))
}

fn shorten(name: &str, object: &Object) -> String {
    if object.kind() == Kind::PersistentVolume && name.starts_with("pvc-") { "pvc".to_owned() } else { name.to_owned() }
}
