//! What a kubelet writes into a pod's status at each turn of its containers' lives.
//! It must not know when a turn comes.

use std::rc::Rc;

use crate::api::metadata::Text;
use crate::api::object::{Key, Object};
use crate::api::pod::{
    CONTAINERS_READY, ConditionStatus, ContainerState, ContainerStatus, INITIALIZED, Phase, Pod, PodStatus, READY, READY_TO_START,
    Terminated,
};
use crate::api::pod_template::Container;
use crate::api::text::text;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::recorder::Remark;
use crate::images;
use crate::settings::RuleMode;

use super::{SOURCE, new_container, speak};

/// The exit code of a container that the kubelet never saw.
const EXIT_UNKNOWN: i32 = 137;

fn change(world: &mut World, key: &Key, change: impl FnOnce(&mut Pod, i64)) {
    world.change(key, |object| {
        let generation = object.meta.generation;
        if let Some(pod) = object.pod_mut() {
            change(pod, generation);
        }
    });
}

/// The init container that the pod waits for: the first one that has neither ended well nor goes on beside the others.
pub(super) fn initializing(pod: &Pod) -> Option<usize> {
    let all = pod.spec.init_containers.iter().zip(&pod.status.init_containers);
    all.into_iter().position(|(container, status)| !status.passed(container.sidecar))
}

/// The containers whose turn it is: the init container that the pod waits for, or the ordinary ones.
fn whose_turn(pod: &Pod) -> &[Container] {
    initializing(pod).map_or(&pod.spec.containers[..], |number| &pod.spec.init_containers[number..=number])
}

/// The statuses of the containers whose turn it is, and which container is the first of them: the init container that the pod
/// waits for, or the ordinary ones.
fn current(pod: &mut Pod) -> (Rc<[Container]>, usize, &mut [ContainerStatus]) {
    match initializing(pod) {
        Some(number) => (pod.spec.init_containers.clone(), number, &mut pod.status.init_containers[number..=number]),
        None => (pod.spec.containers.clone(), 0, &mut pod.status.containers),
    }
}

/// The containers are about to be created.
pub(super) fn create(world: &mut World, key: &Key) {
    let now = world.now_ms();
    let host_ip: Text = world
        .get(key)
        .and_then(|object| object.pod().map(|pod| pod.node_name.clone()))
        .and_then(|node| world.store.find(crate::api::kind::Kind::Node, "", &node).cloned())
        .and_then(|node| node.node().map(|node| node.internal_ip.clone()))
        .unwrap_or_default();
    change(world, key, |pod, generation| {
        let init = !pod.spec.init_containers.is_empty();
        let unready = unready_message(pod);
        let waiting = if init { "PodInitializing" } else { "ContainerCreating" };
        let status = &mut pod.status;
        status.observed_generation = generation;
        status.start_ms = Some(now);
        status.host_ip = host_ip;
        if init {
            let names: Vec<&str> = pod.spec.init_containers.iter().map(|container| &*container.name).collect();
            let message = text!("containers with incomplete status: [{}]", names.join(" "));
            status.set_condition(INITIALIZED, ConditionStatus::False, "ContainersNotInitialized", message, now);
            status.init_containers = pod.spec.init_containers.iter().map(|_| ContainerStatus::waiting("PodInitializing")).collect();
        } else {
            status.set_condition(INITIALIZED, ConditionStatus::True, "", "", now);
        }
        set_unready(status, "ContainersNotReady", &unready, now);
        status.set_condition(READY_TO_START, ConditionStatus::False, "", "", now);
        status.containers = pod.spec.containers.iter().map(|_| ContainerStatus::waiting(waiting)).collect();
    });
}

/// An init container starts, if it has not yet.
pub(super) fn start_init(world: &mut World, key: &Key, number: usize, address: Option<Text>, pulled_ms: Option<Ms>) {
    let Some(object) = world.get(key) else { return };
    let Some(pod) = object.pod() else { return };
    if !pod.status.init_containers.get(number).is_some_and(|status| matches!(status.state, ContainerState::Waiting { .. })) {
        return;
    }
    let now = world.now_ms();
    let container_id = new_container(world);
    started(world, &object, &pod.spec.init_containers[number], pulled_ms);
    change(world, key, |pod, _| {
        pod.status.ip = address.unwrap_or_default();
        pod.status.set_condition(READY_TO_START, ConditionStatus::True, "", "", now);
        if let Some(status) = pod.status.init_containers.get_mut(number) {
            *status = ContainerStatus { state: ContainerState::Running { since_ms: now }, container_id, ..status.clone() };
        }
    });
}

/// An init container has ended well; after the last one the pod is initialized.
pub(super) fn finish_init(world: &mut World, key: &Key, number: usize) {
    let now = world.now_ms();
    change(world, key, |pod, _| {
        if let Some(status) = pod.status.init_containers.get_mut(number) {
            let started_ms = match status.state {
                ContainerState::Running { since_ms } => since_ms,
                _ => now,
            };
            let ended = Terminated { exit_code: 0, reason: "Completed", started_ms, finished_ms: now, container_id: status.container_id };
            status.ready = true;
            if !pod.spec.init_containers[number].sidecar {
                status.state = ContainerState::Terminated(ended);
            }
        }
        if number + 1 == pod.spec.init_containers.len() {
            pod.status.set_condition(INITIALIZED, ConditionStatus::True, "", "", now);
        }
    });
}

/// The containers whose image cannot be pulled.
pub(super) fn bad_images(pod: &Pod, mode: Option<RuleMode>) -> Vec<usize> {
    let (all, ruled) = (whose_turn(pod), initializing(pod).is_none() && mode == Some(RuleMode::ImagePull));
    let bad = |image: &str| ruled || !images::model(image).pulls;
    (0..all.len()).filter(|index| bad(&all[*index].image)).collect()
}

/// The containers start; `pulled_ms` is how long their images took, where they were not there already.
pub(super) fn run(world: &mut World, key: &Key, address: Option<Text>, pulled_ms: Option<Ms>, ready: bool) {
    let Some(object) = world.get(key) else { return };
    let now = world.now_ms();
    let pods_containers = object.pod().map(|pod| pod.spec.containers.clone()).unwrap_or_default();
    let ids: Vec<u64> = pods_containers.iter().map(|_| new_container(world)).collect();
    for container in pods_containers.iter() {
        started(world, &object, container, pulled_ms);
    }
    change(world, key, |pod, _| {
        let unready = unready_message(pod);
        let status = &mut pod.status;
        status.phase = Phase::Running;
        status.ip = address.unwrap_or_default();
        status.set_condition(READY_TO_START, ConditionStatus::True, "", "", now);
        for (container, container_id) in status.containers.iter_mut().zip(ids) {
            *container = ContainerStatus { ready, container_id, state: ContainerState::Running { since_ms: now }, ..container.clone() };
        }
        set_readiness(status, ready, &unready, now);
    });
    if !ready {
        unhealthy(world, &object);
    }
}

/// Says that a container was started.
fn started(world: &mut World, object: &Object, container: &Container, pulled_ms: Option<Ms>) {
    let place = &container.field_path;
    if let Some(pulled_ms) = pulled_ms {
        let took = go_duration(pulled_ms);
        let size_bytes = images::model(&container.image).size_bytes;
        let message = text!(
            "Successfully pulled image \"{}\" in {took} ({took} including waiting). Image size: {size_bytes} bytes.",
            container.image
        );
        speak(world, object, Remark::normal(SOURCE, "Pulled", message).at(place));
    }
    speak(world, object, Remark::normal(SOURCE, "Created", "Container created").at(place));
    speak(world, object, Remark::normal(SOURCE, "Started", "Container started").at(place));
}

/// Images could not be pulled; the other containers run.
pub(super) fn fail_to_pull(world: &mut World, key: &Key, address: Option<Text>, bad: &[usize]) {
    let Some(object) = world.get(key) else { return };
    let now = world.now_ms();
    let ids: Vec<u64> = object
        .pod()
        .map(|pod| pod.spec.containers.len())
        .map(|count| (0..count).map(|_| new_container(world)).collect())
        .unwrap_or_default();
    for (image, place) in images_at(&object, bad) {
        let message = format!("Failed to pull image \"{image}\": {}", pull_error(&image));
        speak(world, &object, Remark::warning(SOURCE, "Failed", message).at(&place));
        speak(world, &object, Remark::warning(SOURCE, "Failed", "Error: ErrImagePull").at(&place));
    }
    change(world, key, |pod, _| {
        pod.status.ip = address.unwrap_or_default();
        pod.status.set_condition(READY_TO_START, ConditionStatus::True, "", "", now);
        let (containers, first, statuses) = current(pod);
        for (index, status) in statuses.iter_mut().enumerate() {
            if bad.contains(&index) {
                let message = pull_error(&containers[first + index].image).into();
                status.state = ContainerState::Waiting { reason: "ErrImagePull", message };
            } else if status.container_id == 0 {
                *status = ContainerStatus {
                    ready: true,
                    container_id: ids[index],
                    state: ContainerState::Running { since_ms: now },
                    ..status.clone()
                };
            }
        }
    });
}

/// The kubelet waits before it tries again to pull.
pub(super) fn back_off_pulling(world: &mut World, key: &Key, bad: &[usize]) {
    let Some(object) = world.get(key) else { return };
    for (image, place) in images_at(&object, bad) {
        speak(world, &object, Remark::normal(SOURCE, "BackOff", format!("Back-off pulling image \"{image}\"")).at(&place));
        speak(world, &object, Remark::warning(SOURCE, "Failed", "Error: ImagePullBackOff").at(&place));
    }
    change(world, key, |pod, _| {
        let (containers, first, statuses) = current(pod);
        for index in bad {
            let image = &containers[first + *index].image;
            let message = format!("Back-off pulling image \"{image}\": ErrImagePull: {}", pull_error(image));
            if let Some(status) = statuses.get_mut(*index) {
                status.state = ContainerState::Waiting { reason: "ImagePullBackOff", message: message.into() };
            }
        }
    });
}

/// Containers that end again and again have ended.
pub(super) fn crash(world: &mut World, key: &Key, mode: Option<RuleMode>) {
    let now = world.now_ms();
    let mut crashed = Vec::new();
    change(world, key, |pod, _| {
        let (containers, first, statuses) = current(pod);
        for (status, container) in statuses.iter_mut().zip(&containers[first..]) {
            if mode == Some(RuleMode::Crash) || images::model(&container.image).crashes {
                end(status, 1, now);
                crashed.push(status.container_id);
            }
        }
        let unready = unready_message(pod);
        set_unready(&mut pod.status, "ContainersNotReady", &unready, now);
    });
    for id in crashed {
        world.disks.write_log(
            id,
            now,
            "sandbox: this container ends again and again with exit code 1, as the tag of its image or a rule asks",
        );
    }
}

/// Ended containers start again.
pub(super) fn restart(world: &mut World, key: &Key, ready: bool) {
    let now = world.now_ms();
    let count = world.get(key).and_then(|object| object.pod().map(|pod| pod.status.containers.len())).unwrap_or(0);
    let ids: Vec<u64> = (0..count).map(|_| new_container(world)).collect();
    let (mut ended, mut before) = (Vec::new(), Vec::new());
    change(world, key, |pod, _| {
        for (status, container_id) in current(pod).2.iter_mut().zip(ids) {
            if matches!(status.state, ContainerState::Running { .. }) {
                continue;
            }
            ended.push(status.container_id);
            before.extend(status.last.map(|last| last.container_id).filter(|id| *id != status.container_id));
            if let ContainerState::Terminated(terminated) = status.state {
                status.last = Some(terminated);
            }
            *status = ContainerStatus {
                ready,
                restarts: status.restarts + 1,
                state: ContainerState::Running { since_ms: now },
                last: status.last,
                container_id,
            };
        }
        let unready = unready_message(pod);
        set_readiness(&mut pod.status, ready, &unready, now);
    });
    // What a container wrote to its own layer goes with it.
    for id in ended {
        world.disks.drop_container(id);
    }
    // The kubelet keeps the log of one life before.
    for id in before {
        world.disks.drop_log(id);
    }
}

/// The kubelet waits before it starts ended containers again.
pub(super) fn back_off_restarting(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let mut names = Vec::new();
    change(world, key, |pod, _| {
        let (containers, first, statuses) = current(pod);
        for (Container { name, field_path, .. }, status) in containers[first..].iter().zip(statuses) {
            if let ContainerState::Terminated(terminated) = status.state {
                status.last = Some(terminated);
                let message = format!("back-off 10s restarting failed container={name} pod={}_{}", object.meta.name, object.meta.namespace);
                status.state = ContainerState::Waiting { reason: "CrashLoopBackOff", message: message.into() };
                names.push((name.clone(), field_path.clone()));
            }
        }
    });
    for (name, place) in names {
        let pod = format!("{}_{}({})", object.meta.name, object.meta.namespace, object.meta.uid);
        speak(
            world,
            &object,
            Remark::warning(SOURCE, "BackOff", format!("Back-off restarting failed container {name} in pod {pod}")).at(&place),
        );
    }
}

/// A running pod becomes ready, or stops being ready.
pub(super) fn set_ready(world: &mut World, key: &Key, ready: bool) {
    let Some(object) = world.get(key) else { return };
    let now = world.now_ms();
    change(world, key, |pod, _| {
        for status in &mut pod.status.containers {
            status.ready = ready;
        }
        let unready = unready_message(pod);
        set_readiness(&mut pod.status, ready, &unready, now);
    });
    if !ready {
        unhealthy(world, &object);
    }
}

/// Containers have stopped for good.
pub(super) fn stop(world: &mut World, key: &Key, exit_code: i32) {
    let now = world.now_ms();
    change(world, key, |pod, _| {
        if pod.status.containers.is_empty() {
            pod.status.containers = pod.spec.containers.iter().map(|_| ContainerStatus::waiting("ContainerCreating")).collect();
        }
        for status in &mut pod.status.containers {
            end(status, exit_code, now);
        }
        let running = |status: &&mut ContainerStatus| matches!(status.state, ContainerState::Running { .. });
        for status in pod.status.init_containers.iter_mut().filter(running) {
            end(status, exit_code, now);
        }
        let failed = |status: &ContainerStatus| matches!(status.state, ContainerState::Terminated(terminated) if terminated.exit_code != 0);
        pod.status.phase = if pod.status.containers.iter().any(failed) { Phase::Failed } else { Phase::Succeeded };
        let reason = if pod.status.phase == Phase::Failed { "PodFailed" } else { "PodCompleted" };
        set_unready(&mut pod.status, reason, &Text::default(), now);
    });
}

fn end(status: &mut ContainerStatus, exit_code: i32, now: Ms) {
    let (exit_code, reason, started_ms) = match status.state {
        ContainerState::Terminated(_) => return,
        ContainerState::Running { since_ms } => (exit_code, if exit_code == 0 { "Completed" } else { "Error" }, since_ms),
        ContainerState::Waiting { .. } if status.last.is_some() => {
            let Some(last) = status.last else { return };
            status.state = ContainerState::Terminated(last);
            return;
        }
        ContainerState::Waiting { .. } => (EXIT_UNKNOWN, "ContainerStatusUnknown", now),
    };
    status.ready = false;
    status.state =
        ContainerState::Terminated(Terminated { exit_code, reason, started_ms, finished_ms: now, container_id: status.container_id });
}

fn set_readiness(status: &mut PodStatus, ready: bool, unready: &Text, now: Ms) {
    if ready {
        status.set_condition(READY, ConditionStatus::True, "", "", now);
        status.set_condition(CONTAINERS_READY, ConditionStatus::True, "", "", now);
    } else {
        set_unready(status, "ContainersNotReady", unready, now);
    }
}

fn set_unready(status: &mut PodStatus, reason: &'static str, message: &Text, now: Ms) {
    status.set_condition(READY, ConditionStatus::False, reason, message, now);
    status.set_condition(CONTAINERS_READY, ConditionStatus::False, reason, message, now);
}

fn unready_message(pod: &Pod) -> Text {
    let ready = |index: usize| pod.status.containers.get(index).is_some_and(|status| status.ready);
    let names: Vec<&str> =
        pod.spec.containers.iter().enumerate().filter(|(index, _)| !ready(*index)).map(|(_, container)| &*container.name).collect();
    text!("containers with unready status: [{}]", names.join(" "))
}

fn unhealthy(world: &mut World, object: &Object) {
    let Some(container) = object.pod().and_then(|pod| pod.spec.containers.first()) else { return };
    if container.readiness.is_none() && world.settings.kubelet.rules.is_empty() && !images::model(&container.image).never_ready {
        return;
    }
    let remark = Remark::warning(SOURCE, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503");
    speak(world, object, remark.at(&container.field_path));
}

fn images_at(object: &Object, indices: &[usize]) -> Vec<(Text, Text)> {
    let containers = object.pod().map(whose_turn).unwrap_or_default();
    indices
        .iter()
        .filter_map(|index| containers.get(*index))
        .map(|container| (container.image.clone(), container.field_path.clone()))
        .collect()
}

fn pull_error(image: &str) -> String {
    let reference = if image.contains('/') { image.to_owned() } else { format!("docker.io/library/{image}") };
    format!(
        "rpc error: code = NotFound desc = failed to pull and unpack image \"{reference}\": failed to resolve reference \"{reference}\": {reference}: not found"
    )
}

/// A duration as Go prints it: `700ms`, `1.5s`.
fn go_duration(ms: Ms) -> String {
    match ms {
        0..1_000 => format!("{ms}ms"),
        _ if ms.is_multiple_of(1_000) => format!("{}s", ms / 1_000),
        _ => format!("{}.{}s", ms / 1_000, format!("{:03}", ms % 1_000).trim_end_matches('0')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_go_prints_them() {
        assert_eq!(go_duration(700), "700ms");
        assert_eq!(go_duration(1_500), "1.5s");
        assert_eq!(go_duration(3_000), "3s");
        assert_eq!(go_duration(1_025), "1.025s");
    }
}
