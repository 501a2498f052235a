//! The kubelets: each runs the pods that are bound to its node, from `ContainerCreating` to gone.
//!
//! What a kubelet and a container runtime do is played, not modelled: with the pace and the rules of the settings, and with
//! images that say how long they take and what goes wrong with them. What the control plane sees of it (phases,
//! conditions, container states and their order) is the real one's. It must not know who made a pod, or why.
//! Follows `pkg/kubelet` in what it writes, 1.36.

mod addresses;
mod containers;
mod pace;
mod pattern;
mod worker;

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::Text;
use crate::api::object::{Key, Object};
use crate::api::pod::Pod;
use crate::api::pod_template::Probe;
use crate::api::read;
use crate::api::text::text;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::recorder::Remark;
use crate::cluster::store::{Change, Verb};
use crate::ensemble;
use crate::images;
use crate::settings::RuleMode;
use crate::sorted::{SortedMap, SortedSet};

use super::Controller;
use addresses::Addresses;
use pace::Pace;
use worker::{CRASH_AFTER_MS, CRASHED_MS, INIT_MS, PULL_BACKOFF_MS, PULL_FAILED_MS, START_MS, Stage, Worker};

pub use addresses::{node_ip, pod_cidr};

/// Who speaks in the Events.
const SOURCE: &str = "kubelet";

/// What kubelets remember between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    workers: SortedMap<Key, Worker>,
    addresses: Addresses,
    pulled: SortedSet<(Text, Text)>,
    containers: u64,
}

/// What a kubelet is doing for a pod that does not run yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Taking note of the pod.
    Preparing,
    /// Running its init containers.
    Initializing,
    /// Pulling its images.
    Pulling {
        /// When they will be there.
        until_ms: Ms,
    },
    /// Making and starting its containers.
    Starting,
}

/// What a pod's kubelet is doing for it, for those who watch; `None` where it does nothing of the kind.
pub fn doing(world: &World, key: &Key) -> Option<Doing> {
    let worker = world.memory.kubelet.workers.get(key)?;
    match worker.stage {
        Stage::Init(_) => Some(Doing::Initializing),
        Stage::Creating { pull_ms: Some(pull_ms), .. } => Some(Doing::Pulling { until_ms: worker.since_ms.saturating_add(pull_ms) }),
        Stage::Bound => Some(Doing::Preparing),
        Stage::Creating { pull_ms: None, .. } => Some(Doing::Starting),
        _ => None,
    }
}

/// Wakes the kubelet for a pod that changed.
pub fn notice(world: &mut World, change: &Change) {
    // Whether a member of an ensemble is ready depends on its peers.
    for key in ensemble::affected(world, &change.new) {
        world.wake(Controller::Kubelet, key);
    }
    let Some(pod) = change.new.pod() else { return };
    if change.new.kind() != Kind::Pod {
        return;
    }
    if change.verb == Verb::Deleted {
        release(world, &change.new);
        return;
    }
    let old = change.old.as_deref().and_then(Object::pod);
    let newly_bound = pod.bound() && old.is_none_or(|old| !old.bound());
    let newly_deleted = change.new.meta.deletion != change.old.as_deref().and_then(|old| old.meta.deletion);
    if newly_bound || (pod.bound() && newly_deleted) {
        world.wake(Controller::Kubelet, change.new.key());
    }
}

/// Looks at every pod again after the pace or the rules changed.
pub fn settings_changed(world: &mut World) {
    let keys: Vec<Key> = world.store.all(Kind::Pod).map(|pod| pod.key()).collect();
    for key in keys {
        world.wake(Controller::Kubelet, key);
    }
}

/// Ends a pod that will not be started again: `kubectl run --restart=Never` has returned.
pub fn finish(world: &mut World, key: &Key, exit_code: i32) {
    let now = world.now_ms();
    if let Some(worker) = world.memory.kubelet.workers.get_mut(key) {
        worker.enter(Stage::Ended, now);
    }
    containers::stop(world, key, exit_code);
}

/// Forgets a pod that is gone.
fn release(world: &mut World, pod: &Object) {
    let key = pod.key();
    let memory = &mut world.memory.kubelet;
    if memory.workers.get(&key).is_some_and(|worker| worker.uid == pod.meta.uid)
        && let Some(worker) = memory.workers.remove(&key)
        && let Some(address) = worker.address
    {
        memory.addresses.give_back(&worker.node, &address);
    }
    for container in pod.pod().into_iter().flat_map(|pod| &pod.status.containers) {
        world.disks.drop_container(container.container_id);
        world.disks.drop_log(container.container_id);
        if let Some(last) = container.last {
            world.disks.drop_log(last.container_id);
        }
    }
}

/// Looks at one pod.
pub fn sync(world: &mut World, key: &Key) {
    // Each stage writes what it has to say, so one look may pass several.
    while let Some(object) = world.get(key) {
        let Some(pod) = object.pod().filter(|pod| pod.bound()) else { return };
        if world.settings.kubelet.nodes_down.contains(&pod.node_name) {
            return;
        }
        let now = world.now_ms();
        let known = world.memory.kubelet.workers.get(key).filter(|worker| worker.uid == object.meta.uid).cloned();
        let mut worker = known.unwrap_or_else(|| Worker::new(object.meta.uid, pod.node_name.clone(), now));
        let pace = pace::of(&world.settings.kubelet, &key.name, world.instant);
        let step = next_step(world, &object, pod, &mut worker, &pace);
        let alarm_ms = match step {
            Step::Pass(stage) => {
                worker.enter(stage, now);
                None
            }
            Step::WaitUntil(at_ms) => Some(at_ms),
            Step::Rest => Some(Ms::MAX),
        };
        let gone = !world.store.holds(key, worker.uid);
        if gone {
            return;
        }
        world.memory.kubelet.workers.insert(key.clone(), worker);
        match alarm_ms {
            None => {}
            Some(Ms::MAX) => return,
            Some(at_ms) => {
                world.wake_at(Controller::Kubelet, key.clone(), at_ms);
                return;
            }
        }
    }
}

/// What a look came to.
enum Step {
    /// The pod has entered a stage; look again.
    Pass(Stage),
    /// Nothing to do before this moment.
    WaitUntil(Ms),
    /// Nothing to do before something changes.
    Rest,
}

/// Acts on one stage.
fn next_step(world: &mut World, object: &Rc<Object>, pod: &Pod, worker: &mut Worker, pace: &Pace) -> Step {
    let now = world.now_ms();
    let key = object.key();
    let due = |takes_ms: Ms| worker.since_ms.saturating_add(takes_ms);
    if object.meta.terminating() && !matches!(worker.stage, Stage::Stopping { .. } | Stage::Stopped) {
        return begin_to_stop(world, object, worker, pace);
    }
    if !object.meta.terminating()
        && let Some(mode @ (RuleMode::Failed | RuleMode::Succeeded)) = pace.mode
        && worker.running_ms.is_some()
        && worker.stage != Stage::Ended
    {
        containers::stop(world, &key, i32::from(mode == RuleMode::Failed));
        return Step::Pass(Stage::Ended);
    }
    match worker.stage {
        Stage::Bound => {
            if pace.mode == Some(RuleMode::Pending) {
                return Step::Rest;
            }
            if now < due(pace.create_ms) {
                return Step::WaitUntil(due(pace.create_ms));
            }
            let init = !pod.spec.init_containers.is_empty();
            containers::create(world, &key);
            if init { Step::Pass(Stage::Init(0)) } else { Step::Pass(begin_to_pull(world, object, pod, pace)) }
        }
        Stage::Init(number) => {
            let takes_ms = if pace.create_ms == 0 { 0 } else { INIT_MS };
            if now < due(takes_ms) {
                containers::start_init(world, &key, number);
                return Step::WaitUntil(due(takes_ms));
            }
            containers::finish_init(world, &key, number);
            if number + 1 < pod.spec.init_containers.len() {
                Step::Pass(Stage::Init(number + 1))
            } else {
                Step::Pass(begin_to_pull(world, object, pod, pace))
            }
        }
        Stage::Creating { takes_ms, pull_ms } => {
            if now < due(takes_ms) {
                return Step::WaitUntil(due(takes_ms));
            }
            take_address(world, pod, worker);
            let bad = containers::bad_images(pod, pace.mode);
            if bad.is_empty() {
                containers::run(world, &key, worker.address.clone(), pull_ms, ready_at_once(pod, pace));
                worker.running_ms = Some(now);
                Step::Pass(Stage::Running)
            } else {
                containers::fail_to_pull(world, &key, worker.address.clone(), &bad);
                Step::Pass(Stage::PullFailed)
            }
        }
        Stage::PullFailed => {
            if now < due(PULL_FAILED_MS) {
                return Step::WaitUntil(due(PULL_FAILED_MS));
            }
            containers::back_off_pulling(world, &key, &containers::bad_images(pod, pace.mode));
            Step::Pass(Stage::PullBackOff)
        }
        Stage::PullBackOff => {
            if now < due(PULL_BACKOFF_MS) {
                return Step::WaitUntil(due(PULL_BACKOFF_MS));
            }
            // Nothing is pulled any faster by trying again, and a good image starts at once.
            begin_to_pull(world, object, pod, pace);
            Step::Pass(Stage::Creating { takes_ms: 0, pull_ms: Some(0) })
        }
        Stage::Running => running(world, object, pod, worker, pace),
        Stage::Crashed => {
            if now < due(CRASHED_MS) {
                return Step::WaitUntil(due(CRASHED_MS));
            }
            if worker.crashes < 2 {
                containers::restart(world, &key, ready_at_once(pod, pace));
                return Step::Pass(Stage::Running);
            }
            containers::back_off_restarting(world, &key);
            Step::Pass(Stage::CrashBackOff)
        }
        Stage::CrashBackOff => {
            if now < due(worker.crash_backoff_ms()) {
                return Step::WaitUntil(due(worker.crash_backoff_ms()));
            }
            containers::restart(world, &key, ready_at_once(pod, pace));
            Step::Pass(Stage::Running)
        }
        Stage::Ended => Step::Rest,
        Stage::Stopping { until_ms } => {
            let asked = object.meta.deletion.map_or(0, |deletion| deletion.grace_period_seconds.unsigned_abs() * 1000);
            let until_ms = until_ms.min(worker.since_ms.saturating_add(asked));
            if now < until_ms {
                return Step::WaitUntil(until_ms);
            }
            containers::stop(world, &key, pace.exit_code);
            Step::Pass(Stage::Stopped)
        }
        Stage::Stopped => {
            if now < due(pace.gone_ms) {
                return Step::WaitUntil(due(pace.gone_ms));
            }
            let options = DeleteOptions { grace_period_seconds: Some(0), uid: Some(object.meta.uid), ..DeleteOptions::default() };
            // An object that is gone already needs no deleting; one with finalizers waits for them.
            let _ = world.delete(&key, &options);
            Step::Rest
        }
    }
}

fn begin_to_stop(world: &mut World, object: &Rc<Object>, worker: &Worker, pace: &Pace) -> Step {
    let now = world.now_ms();
    if worker.running_ms.is_some() && worker.stage != Stage::Ended {
        for container in object.pod().into_iter().flat_map(|pod| pod.spec.containers.iter()) {
            speak(
                world,
                object,
                Remark::normal(SOURCE, "Killing", text!("Stopping container {}", container.name)).at(&container.field_path),
            );
        }
    }
    if worker.stage == Stage::Ended {
        return Step::Pass(Stage::Stopped);
    }
    Step::Pass(Stage::Stopping { until_ms: now + pace.term_ms })
}

fn begin_to_pull(world: &mut World, object: &Rc<Object>, pod: &Pod, pace: &Pace) -> Stage {
    let mut pull_ms = None;
    for container in pod.spec.containers.iter() {
        let model = images::model(&container.image);
        let cached = (pod.node_name.clone(), container.image.clone());
        let present = pace.run_ms.is_none() && !container.always_pull && world.memory.kubelet.pulled.contains(&cached);
        if present {
            let message = text!("Container image \"{}\" already present on machine", container.image);
            speak(world, object, Remark::normal(SOURCE, "Pulled", message).at(&container.field_path));
        } else {
            speak(
                world,
                object,
                Remark::normal(SOURCE, "Pulling", text!("Pulling image \"{}\"", container.image)).at(&container.field_path),
            );
            pull_ms = pull_ms.max(Some(pace.run_ms.unwrap_or(model.pull_ms)));
            if model.pulls {
                world.memory.kubelet.pulled.insert(cached);
            }
        }
    }
    Stage::Creating { takes_ms: pace.run_ms.unwrap_or(pull_ms.unwrap_or(0) + START_MS), pull_ms }
}

fn take_address(world: &mut World, pod: &Pod, worker: &mut Worker) {
    if worker.address.is_some() {
        return;
    }
    let node = world.store.find(Kind::Node, "", &pod.node_name).cloned();
    let Some(body) = node.as_deref().and_then(Object::node) else { return };
    if pod.spec.host_network {
        worker.address = Some(body.internal_ip.clone());
        return;
    }
    let cidr = read::string(&body.document, &["podCIDR"]).unwrap_or_default();
    worker.address = world.memory.kubelet.addresses.take(&pod.node_name, cidr);
}

/// Whether a pod is ready as soon as it runs.
fn ready_at_once(pod: &Pod, pace: &Pace) -> bool {
    ready_delay_ms(pod, pace) == Some(0) && ensemble::probed_by(pod).is_none()
}

/// How long after starting a pod becomes ready; `None`: never.
fn ready_delay_ms(pod: &Pod, pace: &Pace) -> Option<Ms> {
    if pace.mode == Some(RuleMode::NotReady) || pod.spec.containers.iter().any(|container| images::model(&container.image).never_ready) {
        return None;
    }
    let probed = pod.spec.containers.iter().map(|container| {
        let startup = container.startup.map_or(0, |probe| probe.initial_delay_seconds);
        let readiness =
            container.readiness.map_or(0, |probe| probe.initial_delay_seconds + (probe.success_threshold - 1) * probe.period_seconds);
        (startup + readiness).unsigned_abs() * 1000
    });
    Some(pace.ready_ms.unwrap_or_else(|| probed.max().unwrap_or(0)))
}

fn running(world: &mut World, object: &Rc<Object>, pod: &Pod, worker: &mut Worker, pace: &Pace) -> Step {
    let now = world.now_ms();
    let key = object.key();
    let crashes = pace.mode == Some(RuleMode::Crash) || pod.spec.containers.iter().any(|container| images::model(&container.image).crashes);
    let crash_ms = crashes.then(|| worker.since_ms.saturating_add(CRASH_AFTER_MS));
    if crash_ms.is_some_and(|crash_ms| crash_ms <= now) {
        worker.crashes += 1;
        containers::crash(world, &key, pace.mode);
        return Step::Pass(Stage::Crashed);
    }
    let ready_ms = ready_delay_ms(pod, pace).map(|delay_ms| worker.since_ms.saturating_add(delay_ms));
    let member = ensemble::probed_by(pod).filter(|_| ready_ms.is_some());
    let change_ms = member.map(|probe| quorum_counts_ms(world, &key, &probe, worker, pace)).or(ready_ms);
    let counts = change_ms.is_some_and(|change_ms| change_ms <= now);
    // Before enough probes have said so, a member stays what it was.
    let should_be_ready = match worker.quorum.filter(|_| member.is_some()) {
        Some((quorum, _)) if counts => quorum,
        Some(_) => pod.ready(),
        None => counts,
    };
    if pod.ready() != should_be_ready {
        containers::set_ready(world, &key, should_be_ready);
    }
    let next = [crash_ms, change_ms.filter(|change_ms| *change_ms > now)].into_iter().flatten().min();
    next.map_or(Step::Rest, Step::WaitUntil)
}

/// When a pod's probe has told often enough whether its ensemble has a majority; notes since when it has one, or has none.
/// Probes come a period apart, and so many in a row must say the same as the threshold asks for.
fn quorum_counts_ms(world: &World, key: &Key, probe: &Probe, worker: &mut Worker, pace: &Pace) -> Ms {
    let now = world.now_ms();
    let quorum = ensemble::of(world, key).is_some_and(|ensemble| ensemble.quorum());
    let (_, since_ms) = *worker.quorum.insert(worker.quorum.filter(|(known, _)| *known == quorum).unwrap_or((quorum, now)));
    let first_ms = worker.since_ms.saturating_add(pace.ready_ms.unwrap_or(probe.initial_delay_seconds.unsigned_abs() * 1000));
    if world.instant {
        return first_ms;
    }
    let threshold = if quorum { probe.success_threshold } else { probe.failure_threshold };
    let period_ms = probe.period_seconds.unsigned_abs().max(1) * 1000;
    let periods = since_ms.saturating_sub(first_ms).div_ceil(period_ms) + threshold.unsigned_abs().saturating_sub(1);
    first_ms.saturating_add(periods.saturating_mul(period_ms))
}

/// Writes an Event about a pod, where kubelets write Events.
fn speak(world: &mut World, object: &Object, remark: Remark) {
    if world.settings.kubelet.events && !world.instant {
        world.record(Kind::Pod, &object.meta, remark);
    }
}

/// A new container's id.
fn new_container(world: &mut World) -> u64 {
    world.memory.kubelet.containers += 1;
    crate::cluster::random::mix(world.settings.seed ^ world.memory.kubelet.containers) | 1
}
