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
use crate::api::pod_template::{Container, Probe};
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
        Stage::Init { .. } => Some(Doing::Initializing),
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
            containers::create(world, &key);
            Step::Pass(begin_next(world, object, pod, pace, 0))
        }
        Stage::Init { number, pull_ms } => {
            let Some(container) = pod.spec.init_containers.get(number) else { return Step::Rest };
            let started_ms = due(pull_ms.unwrap_or(0));
            if now < started_ms {
                return Step::WaitUntil(started_ms);
            }
            // The pod's network is there before any of its containers.
            take_address(world, pod, worker);
            let bad = containers::bad_images(pod, pace.mode);
            if !bad.is_empty() {
                containers::fail_to_pull(world, &key, worker.address.clone(), &bad);
                return Step::Pass(Stage::PullFailed);
            }
            containers::start_init(world, &key, number, worker.address.clone(), pull_ms);
            let runs_ms = if pace.create_ms == 0 || container.sidecar { 0 } else { INIT_MS };
            if now < started_ms + runs_ms {
                return Step::WaitUntil(started_ms + runs_ms);
            }
            if images::model(&container.image).crashes {
                worker.crashes += 1;
                containers::crash(world, &key, pace.mode);
                return Step::Pass(Stage::Crashed);
            }
            containers::finish_init(world, &key, number);
            Step::Pass(begin_next(world, object, pod, pace, number + 1))
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
            if let Some(number) = containers::initializing(pod) {
                return Step::Pass(begin_next(world, object, pod, pace, number));
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
                return Step::Pass(restart(world, &key, pod, pace));
            }
            containers::back_off_restarting(world, &key);
            Step::Pass(Stage::CrashBackOff)
        }
        Stage::CrashBackOff => {
            if now < due(worker.crash_backoff_ms()) {
                return Step::WaitUntil(due(worker.crash_backoff_ms()));
            }
            Step::Pass(restart(world, &key, pod, pace))
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
        let sidecars = object.pod().into_iter().flat_map(|pod| pod.spec.init_containers.iter()).filter(|container| container.sidecar);
        for container in object.pod().into_iter().flat_map(|pod| pod.spec.containers.iter()).chain(sidecars) {
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
    // Hooks run before anything is told to stop; they count towards the grace period.
    let hooks = object.pod().into_iter().flat_map(|pod| pod.spec.containers.iter()).map(|container| container.pre_stop_seconds);
    let hook_ms = if pace.term_ms == 0 || worker.running_ms.is_none() { 0 } else { hooks.max().unwrap_or(0).unsigned_abs() * 1000 };
    Step::Pass(Stage::Stopping { until_ms: now.saturating_add(pace.term_ms).saturating_add(hook_ms) })
}

/// Starts ended containers again: of a pod that is not initialized yet, the init container that it waits for.
fn restart(world: &mut World, key: &Key, pod: &Pod, pace: &Pace) -> Stage {
    let init = containers::initializing(pod);
    containers::restart(world, key, init.is_none() && ready_at_once(pod, pace));
    init.map_or(Stage::Running, |number| Stage::Init { number, pull_ms: None })
}

/// What comes after so many init containers: the next one, or the ordinary ones.
fn begin_next(world: &mut World, object: &Rc<Object>, pod: &Pod, pace: &Pace, number: usize) -> Stage {
    match pod.spec.init_containers.get(number) {
        Some(container) => {
            let pull_ms = pull(world, object, pod, pace, container);
            // A pace that was given is that of the ordinary containers.
            Stage::Init { number, pull_ms: pull_ms.map(|pull_ms| if pace.run_ms.is_some() { 0 } else { pull_ms }) }
        }
        None => begin_to_pull(world, object, pod, pace),
    }
}

fn begin_to_pull(world: &mut World, object: &Rc<Object>, pod: &Pod, pace: &Pace) -> Stage {
    let mut pull_ms = None;
    for container in pod.spec.containers.iter() {
        pull_ms = pull_ms.max(pull(world, object, pod, pace, container));
    }
    Stage::Creating { takes_ms: pace.run_ms.unwrap_or(pull_ms.unwrap_or(0) + START_MS), pull_ms }
}

/// How long pulling a container's image takes; `None` where it is there already.
fn pull(world: &mut World, object: &Rc<Object>, pod: &Pod, pace: &Pace, container: &Container) -> Option<Ms> {
    let model = images::model(&container.image);
    let cached = (pod.node_name.clone(), container.image.clone());
    let place = &container.field_path;
    if pace.run_ms.is_none() && !container.always_pull && world.memory.kubelet.pulled.contains(&cached) {
        let message = text!("Container image \"{}\" already present on machine", container.image);
        speak(world, object, Remark::normal(SOURCE, "Pulled", message).at(place));
        return None;
    }
    speak(world, object, Remark::normal(SOURCE, "Pulling", text!("Pulling image \"{}\"", container.image)).at(place));
    if model.pulls {
        world.memory.kubelet.pulled.insert(cached);
    }
    Some(pace.run_ms.unwrap_or(model.pull_ms))
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
