//! The StatefulSet controller: what wakes it for a set, and one look at a set from reading to writing the status.
//! It must not know kubectl, and it decides nothing itself: [`control`] does.
//! Follows `pkg/controller/statefulset/stateful_set.go`, 1.36.

pub mod claims;
pub mod control;
pub mod identity;
mod pod_control;
pub mod revisions;
pub mod rules;
pub mod status;
pub mod step;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Text, Uid, controller_reference};
use crate::api::object::{Key, Object};
use crate::api::pod::{Phase, Pod};
use crate::api::statefulset::{StatefulSet, StatefulSetSpec, StatefulSetStatus};
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::decisions::Decision;
use crate::cluster::store::{Change, Verb};

use super::Controller;
use control::{Action, Because, ClaimView, Plan, PodView, View};
use pod_control::Hands;

/// The first wait after a failed look; it doubles with each further failure.
const BACKOFF_MS: Ms = 5;
/// The longest wait after failed looks.
const BACKOFF_MS_MAX: Ms = 1_000_000;

/// What is remembered between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    failures: BTreeMap<Key, u32>,
}

/// Wakes the controller for the sets that a change concerns. Claims wake nobody: upstream does not watch them.
pub fn notice(world: &mut World, change: &Change) {
    match change.new.kind() {
        Kind::StatefulSet => {
            let key = change.new.key();
            if change.verb == Verb::Deleted {
                world.decisions.forget(&key);
                world.memory.statefulset.failures.remove(&key);
            } else {
                world.wake(Controller::StatefulSet, key);
            }
        }
        Kind::Pod => notice_pod(world, change),
        _ => {}
    }
}

fn notice_pod(world: &mut World, change: &Change) {
    let owner = |object: &Object| {
        let owner = object.meta.controller().filter(|owner| &*owner.kind == "StatefulSet")?;
        let key = Key::new(Kind::StatefulSet, object.meta.namespace.clone(), owner.name.clone());
        world.store.holds(&key, owner.uid).then_some(key)
    };
    let mut sets: BTreeSet<Key> = owner(&change.new).into_iter().collect();
    if let Some(old) = change.old.as_deref().filter(|old| old.meta.owners != change.new.meta.owners) {
        sets.extend(owner(old));
    }
    if change.new.meta.controller().is_none() && change.verb != Verb::Deleted {
        let matching = world
            .store
            .list(Kind::StatefulSet, &change.new.meta.namespace)
            .filter(|set| set.statefulset().is_some_and(|body| body.spec.selector.matches(&change.new.meta.labels)));
        sets.extend(matching.map(|set| set.key()));
    }
    for key in sets {
        world.wake(Controller::StatefulSet, key);
    }
}

/// Looks at one set.
pub fn sync(world: &mut World, key: &Key) {
    let Some(set) = world.get(key) else { return };
    let Some(body) = set.statefulset().cloned() else { return };
    if !set.meta.terminating() {
        revisions::adopt(world, &set, &body.spec);
        adopt_pods(world, &set, &body.spec);
    }
    let pods = pods_of(world, set.meta.uid, &set.meta.name);
    let history = revisions::settle(world, &set, &body);
    let (Some(current), Some(update)) = (history.current.revision(), history.update.revision()) else { return };
    let views: Vec<PodView> = pods.iter().map(|(ordinal, pod)| view_of(world, &set.meta, &body.spec, *ordinal, pod)).collect();
    let view = View {
        generation: set.meta.generation,
        deleting: set.meta.terminating(),
        replicas: body.spec.replicas,
        start: body.spec.start,
        policy: body.spec.policy,
        strategy: &body.spec.strategy,
        max_unavailable_gate: world.settings.max_unavailable_gate(),
        current_replicas: body.status.current_replicas,
        current: &history.current.meta.name,
        update: &history.update.meta.name,
        collision_count: history.collision_count,
        pods: &views,
    };
    let plan = control::decide(&view, &Claims { world, set: &set.meta, spec: &body.spec });
    let hands =
        Hands { set: &set, spec: &body.spec, current: (&history.current.meta.name, current), update: (&history.update.meta.name, update) };
    let outcome = act(world, &hands, &plan);
    let mut status = plan.status.clone();
    if outcome.update_left_out {
        status.current_replicas = plan.current_replicas_before_update;
    }
    status::complete_rolling_update(&body.spec.strategy, body.spec.replicas, &mut status);
    write_status(world, key, &body, status);
    let in_use: BTreeSet<Text> = pods.iter().map(|(_, pod)| identity::revision_of(&pod.meta).into()).collect();
    revisions::truncate(world, &history, body.spec.revision_history_limit, &in_use);
    note(world, &set, &body.spec, &plan, outcome.error.as_deref());
    set_alarms(world, key, &body, &pods, outcome.error.is_some());
}

/// How acting went.
struct Outcome {
    error: Option<String>,
    update_left_out: bool,
}

fn act(world: &mut World, hands: &Hands<'_>, plan: &Plan) -> Outcome {
    let mut outcome = Outcome { error: None, update_left_out: false };
    let mut failed_batch = None;
    for (batch, action) in &plan.actions {
        if failed_batch.is_some_and(|failed| failed < *batch) {
            outcome.update_left_out |= matches!(action, Action::Delete { because: Because::Outdated, .. });
            continue;
        }
        if let Err(error) = hands.act(world, *action) {
            failed_batch.get_or_insert(*batch);
            outcome.error.get_or_insert(error);
        }
    }
    outcome
}

/// The pods of a set in ascending order of ordinal. Pods whose names have no ordinal are ignored, as upstream does.
fn pods_of(world: &World, set: Uid, name: &str) -> Vec<(i64, Rc<Object>)> {
    let mut pods: Vec<(i64, Rc<Object>)> = world
        .store
        .owned_by(set)
        .filter(|object| object.kind() == Kind::Pod && object.meta.controlled_by(set))
        .filter_map(|pod| Some((identity::ordinal_in(name, &pod.meta.name)?, pod.clone())))
        .collect();
    pods.sort_by_key(|(ordinal, _)| *ordinal);
    pods
}

/// Takes over pods that nobody owns, and lets go of those whose labels no longer match.
fn adopt_pods(world: &mut World, set: &Object, spec: &StatefulSetSpec) {
    let ours = |pod: &Object| pod.meta.namespace == set.meta.namespace && identity::ordinal_in(&set.meta.name, &pod.meta.name).is_some();
    let orphans: Vec<Key> = world
        .store
        .ownerless(Kind::Pod)
        .filter(|pod| ours(pod) && !pod.meta.terminating() && spec.selector.matches(&pod.meta.labels))
        .map(|pod| pod.key())
        .collect();
    for key in orphans {
        let owner = controller_reference(Kind::StatefulSet, &set.meta);
        world.change(&key, |pod| pod.meta.owners = pod.meta.owners.iter().cloned().chain([owner]).collect());
    }
    let strangers: Vec<Key> = world
        .store
        .owned_by(set.meta.uid)
        .filter(|pod| pod.kind() == Kind::Pod && !pod.meta.terminating() && !spec.selector.matches(&pod.meta.labels))
        .map(|pod| pod.key())
        .collect();
    for key in strangers {
        world.change(&key, |pod| pod.meta.owners = pod.meta.owners.iter().filter(|owner| owner.uid != set.meta.uid).cloned().collect());
    }
}

fn view_of(world: &World, set: &Metadata, spec: &StatefulSetSpec, ordinal: i64, object: &Object) -> PodView {
    let pod = object.pod();
    let phase = pod.map_or(Phase::Pending, |pod| pod.status.phase);
    let ready = phase == Phase::Running && pod.is_some_and(Pod::ready);
    let available =
        ready && pod.is_some_and(|pod| available_at_ms(pod, spec.min_ready_seconds).is_some_and(|at_ms| at_ms <= world.now_ms()));
    PodView {
        ordinal,
        phase,
        ready,
        available,
        terminating: object.meta.terminating(),
        revision: object.meta.labels.get(identity::REVISION_LABEL).cloned().unwrap_or_else(|| "".into()),
        matches: identity::identity_matches(&set.name, &object.meta)
            && pod.is_none_or(|pod| identity::storage_matches(&set.name, spec, pod, &object.meta.name)),
        retention_matches: spec.claim_templates.is_empty() || claims::match_retention(world, set, spec, &object.meta, ordinal),
    }
}

/// When a ready pod becomes available.
fn available_at_ms(pod: &Pod, min_ready_seconds: i64) -> Option<Ms> {
    Some(pod.ready_since_ms()? + min_ready_seconds.max(0).unsigned_abs() * 1000)
}

fn write_status(world: &mut World, key: &Key, body: &StatefulSet, status: StatefulSetStatus) {
    if status == body.status {
        return;
    }
    world.change(key, |object| {
        if let Some(set) = object.statefulset_mut() {
            set.status = status;
        }
    });
}

/// Notes why the set acts, waits or rests.
fn note(world: &mut World, set: &Object, spec: &StatefulSetSpec, plan: &Plan, error: Option<&str>) {
    let pod_key = |ordinal: &i64| Key::new(Kind::Pod, set.meta.namespace.clone(), identity::pod_name(&set.meta.name, *ordinal));
    let mut arguments = vec![("replicas", spec.replicas.to_string())];
    let (rule, waits) = match error {
        Some(error) => {
            arguments.push(("error", error.to_owned()));
            (rules::IS_REFUSED, true)
        }
        None => (plan.reason.rule, plan.reason.waits),
    };
    match rule {
        rules::PARTITION_HOLDS => arguments.push(("partition", spec.partition().to_string())),
        rules::WAITS_FOR_AVAILABLE => arguments.push(("seconds", spec.min_ready_seconds.to_string())),
        _ => {}
    }
    let decision = Decision {
        since_ms: world.now_ms(),
        subject: set.key(),
        rule,
        waits,
        objects: plan.reason.ordinals.iter().map(pod_key).collect(),
        arguments,
    };
    world.decisions.note(decision);
}

/// Looks again after a failure, and when the next pod becomes available.
fn set_alarms(world: &mut World, key: &Key, body: &StatefulSet, pods: &[(i64, Rc<Object>)], failed: bool) {
    if failed {
        let failures = world.memory.statefulset.failures.entry(key.clone()).or_insert(0);
        let wait_ms = BACKOFF_MS.saturating_mul(1 << (*failures).min(20)).min(BACKOFF_MS_MAX);
        *failures += 1;
        let at_ms = world.now_ms() + wait_ms;
        world.wake_at(Controller::StatefulSet, key.clone(), at_ms);
    } else {
        world.memory.statefulset.failures.remove(key);
    }
    if body.spec.min_ready_seconds > 0 {
        let now = world.now_ms();
        let next =
            pods.iter().filter_map(|(_, pod)| available_at_ms(pod.pod()?, body.spec.min_ready_seconds)).filter(|at_ms| *at_ms > now).min();
        if let Some(at_ms) = next {
            world.wake_at(Controller::StatefulSet, key.clone(), at_ms);
        }
    }
}

/// Claims as the decision needs to know them.
struct Claims<'a> {
    world: &'a World,
    set: &'a Metadata,
    spec: &'a StatefulSetSpec,
}

impl ClaimView for Claims<'_> {
    fn stale(&self, ordinal: i64) -> bool {
        claims::stale(self.world, self.set, self.spec, ordinal)
    }
}
