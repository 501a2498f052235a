//! The controller's Events on their way to the API server: they go out one after the other through the controller's own
//! client, behind and between its other calls, so that they lag where the client is throttled.
//! It must not know what is said. Follows `client-go/tools/record/event.go` (`StartRecordingToSink`).

use std::collections::VecDeque;
use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::{Key, Object};
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::recorder::Remark;

use super::super::Controller;
use super::super::client::CALL_MS;
use super::SOURCE;

/// What is still to be written.
#[derive(Clone, Debug, Default)]
pub(super) struct Broadcaster {
    waiting: VecDeque<(Rc<Object>, Remark, Ms)>,
    /// When the first of them is written; `None` where nothing is under way.
    due_ms: Option<Ms>,
}

/// The key under which the broadcaster is woken.
fn key() -> Key {
    Key::new(Kind::Event, "", SOURCE)
}

/// Says something about a set.
pub(super) fn say(world: &mut World, set: &Rc<Object>, remark: Remark) {
    let now = world.now_ms();
    if world.instant {
        world.record(Kind::StatefulSet, &set.meta, remark);
        return;
    }
    world.memory.statefulset.broadcaster.waiting.push_back((set.clone(), remark, now));
    if world.memory.statefulset.broadcaster.due_ms.is_none() {
        ask(world);
    }
}

fn ask(world: &mut World) {
    let due_ms = super::call(world, CALL_MS);
    world.memory.statefulset.broadcaster.due_ms = Some(due_ms);
    world.wake_at(Controller::StatefulSet, key(), due_ms);
}

/// Writes what is due.
pub(super) fn write(world: &mut World) {
    let now = world.now_ms();
    let broadcaster = &mut world.memory.statefulset.broadcaster;
    if broadcaster.due_ms.is_none_or(|due_ms| now < due_ms) {
        return;
    }
    broadcaster.due_ms = None;
    if let Some((set, remark, said_ms)) = broadcaster.waiting.pop_front() {
        world.record_said(Kind::StatefulSet, &set.meta, remark, said_ms);
    }
    if !world.memory.statefulset.broadcaster.waiting.is_empty() {
        ask(world);
    }
}
