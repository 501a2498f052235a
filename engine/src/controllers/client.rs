//! How controllers talk to the API server: each has a client of its own, whose limit its calls share, Events among them.
//! Two ways lead through it. A controller whose one look makes many calls asks for each of them ([`call`]). The looks of all
//! others wait for a free call in a line ([`enter`]), and what they have written is counted afterwards ([`leave`]).
//! It must not know what is called.
//! Follows `client-go/util/flowcontrol/throttle.go`, a token bucket, with the defaults of `cmd/kube-controller-manager` 1.36
//! (`--kube-api-qps=20`, `--kube-api-burst=30`; `QPS *= 2` for the garbage collector) and of the scheduler
//! (`clientConnection`: 50 and 100). The client that clears namespaces may make 400 calls a second after 3,000, which no sandbox
//! ever meets.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::{Key, Object};
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::recorder::Remark;
use crate::sorted::SortedSet;

use super::Controller;

/// From a call going out to its effect, as recorded.
pub const CALL_MS: Ms = 3;
/// The same for a graceful deletion, which the API server reads and writes more than once.
pub const DELETE_MS: Ms = 8;

/// The clients of all controllers.
#[derive(Clone, Debug, Default)]
pub struct Clients([Client; Controller::COUNT]);

/// A controller's client.
#[derive(Clone, Debug, Default)]
struct Client {
    bucket: Bucket,
    /// What the look under way has written so far.
    written: u32,
    /// Whose look waits for a free call: in the order in which they came, and by key.
    line: VecDeque<Key>,
    in_line: SortedSet<Key>,
    /// Events that are still to be written: about what, saying what, and since when. They go out one after the other.
    events: VecDeque<(Rc<Object>, Remark, Ms)>,
    /// When the first of them is written; `None` where nothing is under way.
    event_due_ms: Option<Ms>,
}

/// A token bucket.
#[derive(Clone, Debug, Default)]
struct Bucket {
    /// When it will be full again.
    full_ms: Ms,
    /// How many of the others' calls have been counted.
    others: usize,
}

/// What the clients may do.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientSettings {
    /// Calls a second after a burst; 0: as many as they like, the scheduler's included.
    pub qps: u32,
    /// Calls that may go out at once after a rest.
    pub burst: u32,
    /// When calls of the StatefulSet controller go out that this cluster does not show: those for other users of a shared control
    /// plane. Ascending.
    pub others_ms: Rc<[Ms]>,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self { qps: 20, burst: 30, others_ms: Rc::default() }
    }
}

/// What one client may do: how long until one more call may go out, and how many may at once.
#[derive(Clone, Copy)]
struct Limit {
    refill_ms: Ms,
    burst: Ms,
}

impl Limit {
    /// The limit of a controller's client; `None` where there is none.
    fn of(controller: Controller, settings: &ClientSettings) -> Option<Self> {
        let (qps, burst) = match controller {
            _ if settings.qps == 0 => return None,
            // They are played.
            Controller::Kubelet | Controller::Provisioner => return None,
            Controller::Scheduler => (50, 100),
            Controller::Garbage => (settings.qps * 2, settings.burst),
            _ => (settings.qps, settings.burst),
        };
        Some(Self { refill_ms: 1_000 / Ms::from(qps), burst: burst.max(1).into() })
    }
}

impl Bucket {
    /// Counts the calls of others up to now.
    fn count_others(&mut self, limit: Limit, others_ms: &[Ms], now: Ms) {
        while let Some(at_ms) = others_ms.get(self.others).filter(|at_ms| **at_ms <= now) {
            self.full_ms = self.full_ms.max(*at_ms) + limit.refill_ms;
            self.others += 1;
        }
    }

    /// When a call may go out that is asked for now.
    fn take(&mut self, limit: Limit, now: Ms) -> Ms {
        self.full_ms = self.full_ms.max(now) + limit.refill_ms;
        now.max(self.full_ms.saturating_sub(limit.burst * limit.refill_ms))
    }

    /// When the next call may go out, if nobody asks for one before.
    fn next_ms(&self, limit: Limit, now: Ms) -> Ms {
        now.max((self.full_ms.max(now) + limit.refill_ms).saturating_sub(limit.burst * limit.refill_ms))
    }

    /// How many calls may go out now.
    fn free(&self, limit: Limit, now: Ms) -> Ms {
        limit.burst.saturating_sub(self.full_ms.saturating_sub(now).div_ceil(limit.refill_ms))
    }
}

/// When a call takes effect that a controller asks for now and that takes so long once it may go out.
pub fn call(world: &mut World, controller: Controller, takes_ms: Ms) -> Ms {
    let now = world.now_ms();
    if world.instant {
        return now;
    }
    let Some(limit) = Limit::of(controller, &world.settings.kube_api) else { return now + takes_ms };
    let bucket = &mut world.memory.clients.of(controller).bucket;
    if controller == Controller::StatefulSet {
        bucket.count_others(limit, &world.settings.kube_api.others_ms, now);
    }
    bucket.take(limit, now) + takes_ms
}

/// How many calls of a controller may go out now.
pub fn free(world: &World, controller: Controller) -> usize {
    let count = limit(world, controller).map(|limit| world.memory.clients.0[controller as usize].bucket.free(limit, world.now_ms()));
    count.map_or(usize::MAX, |count| usize::try_from(count).unwrap_or(usize::MAX))
}

fn limit(world: &World, controller: Controller) -> Option<Limit> {
    if world.instant { None } else { Limit::of(controller, &world.settings.kube_api) }
}

/// The limit of a controller whose looks wait in a line.
fn limit_of_looks(world: &World, controller: Controller, kind: Kind) -> Option<Limit> {
    let asks_itself = matches!(controller, Controller::StatefulSet | Controller::ReplicaSet);
    let clears_namespace = controller == Controller::Garbage && kind == Kind::Namespace;
    if asks_itself || clears_namespace { None } else { limit(world, controller) }
}

/// Whether a controller may look at an object now. Where its client has no call left, the look waits in line.
pub fn enter(world: &mut World, controller: Controller, key: &Key) -> bool {
    let Some(limit) = limit_of_looks(world, controller, key.kind) else { return true };
    let now = world.now_ms();
    let client = world.memory.clients.of(controller);
    client.written = 0;
    let is_free = client.bucket.next_ms(limit, now) <= now;
    if client.line.is_empty() && is_free {
        return true;
    }
    if is_free && client.line.front() == Some(key) {
        client.line.pop_front();
        client.in_line.remove(key);
        return true;
    }
    if client.in_line.insert(key.clone()) {
        client.line.push_back(key.clone());
    }
    call_next(world, controller, limit);
    false
}

/// Counts what a look has written, and lets the next one in line begin.
pub fn leave(world: &mut World, controller: Controller, key: &Key) {
    let Some(limit) = limit_of_looks(world, controller, key.kind) else { return };
    let now = world.now_ms();
    let client = world.memory.clients.of(controller);
    for _ in 0..std::mem::take(&mut client.written) {
        client.bucket.take(limit, now);
    }
    if !client.line.is_empty() {
        call_next(world, controller, limit);
    }
}

/// Has the first in line look once there is a call for it.
fn call_next(world: &mut World, controller: Controller, limit: Limit) {
    let client = &world.memory.clients.0[controller as usize];
    if let Some(first) = client.line.front().cloned() {
        let at_ms = client.bucket.next_ms(limit, world.now_ms());
        world.wake_at(controller, first, at_ms);
    }
}

impl Clients {
    fn of(&mut self, controller: Controller) -> &mut Client {
        &mut self.0[controller as usize]
    }

    /// Counts a call of the look under way. The scheduler's Events have a client of their own.
    pub(crate) fn count(&mut self, controller: Controller, kind: Kind) {
        if controller != Controller::Scheduler || kind != Kind::Event {
            let written = &mut self.of(controller).written;
            *written = written.saturating_add(1);
        }
    }
}

/// The key under which a controller is woken for its next Event.
fn event_key() -> Key {
    Key::new(Kind::Event, "", "")
}

/// Says something about an object by the controller's own client, behind and between its other calls, so that Events lag where
/// the client is throttled (`client-go/tools/record/event.go`, `StartRecordingToSink`).
pub fn say(world: &mut World, controller: Controller, about: &Rc<Object>, remark: Remark) {
    let now = world.now_ms();
    if world.instant {
        world.record(about.kind(), &about.meta, remark);
        return;
    }
    let client = world.memory.clients.of(controller);
    client.events.push_back((about.clone(), remark, now));
    if client.event_due_ms.is_none() {
        ask_for_event(world, controller);
    }
}

/// Asks for the call that writes the next Event, if there is one.
fn ask_for_event(world: &mut World, controller: Controller) {
    let now = world.now_ms();
    // What a chatty controller says beyond what it may is dropped without a call.
    while let Some((about, remark, _)) = world.memory.clients.of(controller).events.front()
        && world.recorder.drops(about.meta.uid, remark.source, now)
    {
        write_first(world, controller);
    }
    if world.memory.clients.of(controller).events.is_empty() {
        return;
    }
    let due_ms = call(world, controller, CALL_MS);
    world.memory.clients.of(controller).event_due_ms = Some(due_ms);
    world.wake_at(controller, event_key(), due_ms);
}

fn write_first(world: &mut World, controller: Controller) {
    if let Some((about, remark, said_ms)) = world.memory.clients.of(controller).events.pop_front() {
        world.record_said(about.kind(), &about.meta, remark, said_ms);
    }
}

/// Writes the Event that is due.
pub fn write_event(world: &mut World, controller: Controller) {
    let now = world.now_ms();
    let client = world.memory.clients.of(controller);
    if client.event_due_ms.is_none_or(|due_ms| now < due_ms) {
        return;
    }
    client.event_due_ms = None;
    write_first(world, controller);
    ask_for_event(world, controller);
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { refill_ms: 50, burst: 30 };

    #[test]
    fn a_burst_goes_out_at_once_and_then_twenty_a_second() {
        let mut bucket = Bucket::default();
        assert_eq!((bucket.free(LIMIT, 1_000), bucket.next_ms(LIMIT, 1_000)), (30, 1_000));
        let calls: Vec<Ms> = (0..33).map(|_| bucket.take(LIMIT, 1_000)).collect();
        assert!(calls[..30].iter().all(|at_ms| *at_ms == 1_000));
        assert_eq!(calls[30..], [1_050, 1_100, 1_150]);
        assert_eq!((bucket.free(LIMIT, 1_000), bucket.next_ms(LIMIT, 1_000)), (0, 1_200));
        assert_eq!((bucket.free(LIMIT, 1_249), bucket.free(LIMIT, 1_250)), (1, 2));
        assert_eq!(bucket.take(LIMIT, 10_000), 10_000);
    }

    #[test]
    fn the_calls_of_others_count() {
        let mut bucket = Bucket::default();
        let others_ms = [10; 30];
        bucket.count_others(LIMIT, &others_ms, 5);
        assert_eq!(bucket.take(LIMIT, 5), 5);
        bucket.count_others(LIMIT, &others_ms, 20);
        assert_eq!(bucket.take(LIMIT, 20), 105);
    }

    #[test]
    fn each_controller_has_the_limit_that_it_has_in_a_cluster() {
        let of = |controller, qps| {
            let settings = ClientSettings { qps, ..ClientSettings::default() };
            Limit::of(controller, &settings).map(|limit| (limit.refill_ms, limit.burst))
        };
        assert_eq!(of(Controller::ReplicaSet, 20), Some((50, 30)));
        assert_eq!(of(Controller::Garbage, 20), Some((25, 30)));
        assert_eq!(of(Controller::Scheduler, 20), Some((20, 100)));
        assert_eq!(of(Controller::Kubelet, 20), None);
        assert_eq!(of(Controller::Scheduler, 0), None);
    }
}
