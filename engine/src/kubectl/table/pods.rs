//! Pods: the READY, STATUS and RESTARTS columns. Follows `printPod`.

use super::{Column, Now, or_none};
use crate::api::object::Object;
use crate::api::pod::{ContainerState, ContainerStatus, INITIALIZED, Pod};
use crate::api::time::Ms;

pub(super) const COLUMNS: &[Column] = &[
    ("NAME", false),
    ("READY", false),
    ("STATUS", false),
    ("RESTARTS", false),
    ("AGE", false),
    ("IP", true),
    ("NODE", true),
    ("NOMINATED NODE", true),
    ("READINESS GATES", true),
];

pub(super) fn cells(object: &Object, now: Now) -> Vec<String> {
    let Some(pod) = object.pod() else { return Vec::new() };
    vec![
        object.meta.name.to_string(),
        format!("{}/{}", ready_count(pod), pod.spec.containers.len() + sidecars(pod).count()),
        status(object),
        restarts(pod, now),
        now.age(object),
        or_none(&*pod.status.ip),
        or_none(&*pod.node_name),
        "<none>".to_owned(),
        "<none>".to_owned(),
    ]
}

/// The first init container that has not ended well, by its place.
fn initializing(pod: &Pod) -> Option<(usize, &ContainerStatus)> {
    let passed = |place: usize, container: &ContainerStatus| {
        // The column does not mind that a sidecar has ended.
        container.passed(false) || container.passed(pod.spec.init_containers[place].sidecar)
    };
    pod.status.init_containers.iter().enumerate().find(|(place, container)| !passed(*place, container))
}

/// The places of init containers that go on beside the others.
fn sidecars(pod: &Pod) -> impl Iterator<Item = usize> + '_ {
    pod.spec.init_containers.iter().enumerate().filter(|(_, container)| container.sidecar).map(|(place, _)| place)
}

fn initialized(pod: &Pod) -> bool {
    initializing(pod).is_none() || pod.condition(INITIALIZED).is_some_and(|condition| condition.status.as_str() == "True")
}

fn ready_count(pod: &Pod) -> usize {
    let ready = |container: &&ContainerStatus| container.ready && matches!(container.state, ContainerState::Running { .. });
    let beside = sidecars(pod).filter_map(|place| pod.status.init_containers.get(place)).filter(ready).count();
    if !initialized(pod) {
        return beside;
    }
    beside + pod.status.containers.iter().filter(ready).count()
}

/// The STATUS column.
pub fn status(object: &Object) -> String {
    let Some(pod) = object.pod() else { return String::new() };
    let mut reason = if pod.status.reason.is_empty() { pod.status.phase.as_str().to_owned() } else { pod.status.reason.to_string() };
    if let Some((place, container)) = initializing(pod)
        && !initialized(pod)
    {
        reason = match &container.state {
            ContainerState::Terminated(end) => format!("Init:{}", end.reason),
            ContainerState::Waiting { reason, .. } if !reason.is_empty() && *reason != "PodInitializing" => format!("Init:{reason}"),
            _ => format!("Init:{place}/{}", pod.spec.init_containers.len()),
        };
    } else {
        let mut running = false;
        for container in pod.status.containers.iter().rev() {
            match &container.state {
                ContainerState::Waiting { reason: waiting, .. } if !waiting.is_empty() => reason = (*waiting).to_owned(),
                ContainerState::Terminated(end) => reason = end.reason.to_owned(),
                ContainerState::Running { .. } if container.ready => running = true,
                _ => {}
            }
        }
        if reason == "Completed" && running {
            reason = if pod.ready() { "Running" } else { "NotReady" }.to_owned();
        }
    }
    if object.meta.terminating() {
        if &*pod.status.reason == "NodeLost" {
            return "Unknown".to_owned();
        }
        if !pod.status.phase.terminal() {
            return "Terminating".to_owned();
        }
    }
    reason
}

/// The RESTARTS column.
pub fn restarts(pod: &Pod, now: Now) -> String {
    let counted = if initialized(pod) { &pod.status.containers } else { &pod.status.init_containers };
    let count: u32 = counted.iter().map(|container| container.restarts).sum();
    let last: Option<Ms> = counted.iter().filter_map(|container| container.last.map(|end| end.finished_ms)).max();
    match last {
        Some(last_ms) if count != 0 => format!("{count} ({} ago)", now.since(last_ms)),
        _ => count.to_string(),
    }
}
