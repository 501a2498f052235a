//! One sync of a set, from reading to writing the status. It takes time: each call to the API server waits for the client
//! and for its answer, and what changes meanwhile is looked at afterwards. It must not decide anything: [`control`] does.
//! Follows `sync` of `stateful_set.go`, `UpdateStatefulSet` and `slowStartBatch` of `stateful_set_control.go`, 1.36.

use std::rc::Rc;

use crate::api::metadata::{Metadata, Text};
use crate::api::object::{Key, Object};
use crate::api::statefulset::{StatefulSet, StatefulSetSpec, StatefulSetStatus};
use crate::api::time::Ms;
use crate::cluster::World;

use super::super::Controller;
use super::super::client::CALL_MS;
use super::control::{self, Action, Because, ClaimView, Plan, View};
use super::pod_control::{Hands, Worker};
use super::revisions::{self, History};
use super::summary::Summary;
use super::{adopt_pods, call, check_retention, claims, note, release_strangers, set_alarms, status, take_book};

/// A sync under way.
#[derive(Clone, Debug)]
pub(super) struct Sync {
    /// Whether something has changed since the set and its pods were read.
    pub(super) dirty: bool,
    /// When the set and its pods were read.
    pub(super) since_ms: Ms,
    /// When the next call takes effect.
    due_ms: Ms,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    /// A revision is about to be written.
    Revise,
    /// Pods and claims are made, corrected and deleted.
    Act(Box<Acting>),
    /// The status is about to be written.
    WriteStatus(Box<Acting>, StatefulSetStatus),
}

/// What was decided, and how far it has come.
#[derive(Clone, Debug)]
struct Acting {
    hands: Hands,
    plan: Plan,
    history: History,
    in_use: Vec<Text>,
    next_available_ms: Option<Ms>,
    /// How many of the plan's actions have been begun or left out.
    begun: usize,
    /// The batch under way.
    batch: Vec<Worker>,
    error: Option<String>,
    update_left_out: bool,
}

/// Begins a sync, or goes on with the one under way.
pub(super) fn run(world: &mut World, key: &Key) {
    let Some(set) = world.get(key) else {
        world.memory.statefulset.syncs.remove(key);
        return;
    };
    let Some(mut sync) = world.memory.statefulset.syncs.remove(key) else {
        begin(world, &set);
        return;
    };
    let now = world.now_ms();
    if now < sync.due_ms {
        // Somebody's alarm: it is seen to afterwards.
        sync.dirty = true;
        world.wake_at(Controller::StatefulSet, key.clone(), sync.due_ms);
        world.memory.statefulset.syncs.insert(key.clone(), sync);
        return;
    }
    match sync.stage {
        Stage::Revise => {
            if let Some(body) = set.statefulset()
                && let Some(history) = revisions::settle(world, &set, body, true)
            {
                let acting = decide(world, &set, body, history);
                proceed(world, key, acting, (false, now));
            }
        }
        Stage::Act(acting) => proceed(world, key, acting, (sync.dirty, sync.since_ms)),
        Stage::WriteStatus(mut acting, status) => {
            acting.write(world, key, status);
            finish(world, key, &acting, sync.dirty);
        }
    }
}

fn begin(world: &mut World, set: &Rc<Object>) {
    let Some(body) = set.statefulset() else { return };
    if !set.meta.terminating() {
        revisions::adopt(world, set, &body.spec);
        adopt_pods(world, set, &body.spec);
    }
    let now = world.now_ms();
    let instant = world.instant;
    match revisions::settle(world, set, body, instant) {
        Some(history) => {
            let acting = decide(world, set, body, history);
            proceed(world, &set.key(), acting, (false, now));
        }
        None => {
            let due_ms = call(world, CALL_MS);
            wait(world, &set.key(), Sync { dirty: false, since_ms: now, due_ms, stage: Stage::Revise });
        }
    }
}

fn wait(world: &mut World, key: &Key, sync: Sync) {
    world.wake_at(Controller::StatefulSet, key.clone(), sync.due_ms);
    world.memory.statefulset.syncs.insert(key.clone(), sync);
}

/// Reads the pods and decides.
fn decide(world: &mut World, set: &Rc<Object>, body: &StatefulSet, history: History) -> Box<Acting> {
    let mut shared = take_book(world, set, &body.spec);
    let book = Rc::make_mut(&mut shared);
    release_strangers(world, set, book);
    let numbers = (book.number(Some(&history.current.meta.name)), book.number(Some(&history.update.meta.name)));
    let (now, epoch, min_ready_seconds) = (world.now_ms(), world.settings.epoch, body.spec.min_ready_seconds);
    // What time and claims say of pods is not in the book: then all are read.
    let owners_matter = claims::owners_matter(world, &body.spec);
    let read_all = min_ready_seconds > 0 || owners_matter;
    let read = read_all.then(|| {
        let mut pods = book.pods_at(min_ready_seconds, now, epoch);
        if owners_matter {
            check_retention(world, &set.meta, &body.spec, &mut pods);
        }
        (Summary::of(&pods), pods)
    });
    let (summary, pods) = read.as_ref().map_or((book.summary(), book.pods()), |(summary, pods)| (summary, pods.as_slice()));
    let view = View {
        generation: set.meta.generation,
        deleting: set.meta.terminating(),
        replicas: body.spec.replicas,
        start: body.spec.start,
        policy: body.spec.policy,
        strategy: &body.spec.strategy,
        max_unavailable_gate: world.settings.max_unavailable_gate(),
        current_replicas: body.status.current_replicas,
        current: (numbers.0, &history.current.meta.name),
        update: (numbers.1, &history.update.meta.name),
        collision_count: history.collision_count,
        pods,
        summary,
    };
    let plan = control::decide(&view, &Claims { world, set: &set.meta, spec: &body.spec });
    let next_available_ms = if min_ready_seconds > 0 { book.next_available_ms(min_ready_seconds, now, epoch) } else { None };
    let in_use = book.revisions_in_use();
    // Acting changes pods, which is written into the book.
    world.memory.statefulset.books.insert(set.meta.uid, shared);
    note(world, set, &body.spec, &plan, None);
    let (current, update) = (history.current.clone(), history.update.clone());
    let hands = Hands { set: set.clone(), spec: body.spec.clone(), current, update };
    Box::new(Acting { hands, plan, history, in_use, next_available_ms, begun: 0, batch: Vec::new(), error: None, update_left_out: false })
}

/// Does what is due, and waits for the next answer or ends the sync.
fn proceed(world: &mut World, key: &Key, mut acting: Box<Acting>, (dirty, since_ms): (bool, Ms)) {
    loop {
        acting.answer(world);
        if let Some(due_ms) = acting.batch.iter().map(|worker| worker.due_ms).min() {
            if due_ms <= world.now_ms() {
                continue;
            }
            wait(world, key, Sync { dirty, since_ms, due_ms, stage: Stage::Act(acting) });
            return;
        }
        if !acting.begin_batch(world) {
            break;
        }
    }
    let status = acting.status();
    let standing = acting.hands.set.statefulset().map(|body| &body.status);
    if standing == Some(&status) {
        finish(world, key, &acting, dirty);
        return;
    }
    let due_ms = call(world, CALL_MS);
    if due_ms <= world.now_ms() {
        acting.write(world, key, status);
        finish(world, key, &acting, dirty);
    } else {
        wait(world, key, Sync { dirty, since_ms, due_ms, stage: Stage::WriteStatus(acting, status) });
    }
}

impl Acting {
    /// Makes the calls that are due, and asks for the next ones.
    fn answer(&mut self, world: &mut World) {
        let now = world.now_ms();
        let mut batch = std::mem::take(&mut self.batch);
        batch.retain_mut(|worker| {
            if now < worker.due_ms {
                return true;
            }
            let answered = self.hands.perform(world, worker);
            let ended = match answered {
                Ok(()) => self.hands.ask(world, worker),
                Err(error) => Some(Err(error)),
            };
            self.end(ended)
        });
        self.batch = batch;
    }

    /// Notes how a worker's action ended, if it has; true where it goes on.
    fn end(&mut self, ended: Option<Result<(), String>>) -> bool {
        match ended {
            None => true,
            Some(Ok(())) => false,
            Some(Err(error)) => {
                self.error.get_or_insert(error);
                false
            }
        }
    }

    /// Begins the next batch. False where there is none.
    fn begin_batch(&mut self, world: &mut World) -> bool {
        let rest = &self.plan.actions[self.begun..];
        let Some(batch) = rest.chunk_by(|left, right| left.0 == right.0).next() else { return false };
        self.begun += batch.len();
        if self.error.is_some() {
            self.update_left_out |= batch.iter().any(|(_, action)| matches!(action, Action::Delete { because: Because::Outdated, .. }));
            return true;
        }
        // A batch is done by as many workers at once as it has actions, and the one started last begins: the Go scheduler
        // runs the newest goroutine first.
        let mut actions: Vec<Action> = batch.iter().map(|(_, action)| *action).collect();
        actions.rotate_right(1);
        for action in actions {
            let mut worker = self.hands.begin(action);
            let ended = self.hands.ask(world, &mut worker);
            if self.end(ended) {
                self.batch.push(worker);
            }
        }
        true
    }

    /// The status to be written.
    fn status(&self) -> StatefulSetStatus {
        let mut status = self.plan.status.clone();
        if self.update_left_out {
            status.current_replicas = self.plan.current_replicas_before_update;
        }
        status::complete_rolling_update(&self.hands.spec.strategy, self.hands.spec.replicas, &mut status);
        status
    }

    /// Writes the status, unless the API server refuses it.
    fn write(&mut self, world: &mut World, key: &Key, status: StatefulSetStatus) {
        if let Some(refusal) = status::refusal(&key.name, &status) {
            self.error.get_or_insert(refusal);
            return;
        }
        world.change(key, |object| {
            if let Some(set) = object.statefulset_mut() {
                set.status = status;
            }
        });
    }
}

fn finish(world: &mut World, key: &Key, acting: &Acting, dirty: bool) {
    let Acting { hands, plan, history, error, .. } = acting;
    revisions::truncate(world, history, hands.spec.revision_history_limit, &acting.in_use);
    if let Some(error) = error {
        note(world, &hands.set, &hands.spec, plan, Some(error));
    }
    set_alarms(world, key, error.is_some(), acting.next_available_ms);
    if dirty {
        world.wake(Controller::StatefulSet, key.clone());
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
