//! Waits until nothing that matters changes any more. It must not know scripts.

use crate::api::object::{Body, Object};
use crate::api::time::Ms;
use crate::cluster::store::{Verb, WatchEvent};
use crate::journal::Journal;
use crate::session::Session;

/// As long as this nothing may have changed.
const QUIET_MS: Ms = 90_000;
/// A cluster that is never quiet is left after this.
const SETTLE_MS_MAX: Ms = 3_600_000;

/// Lets time pass until no phase, readiness, deletion, claim, set status or revision has changed for 90 virtual seconds,
/// at most an hour.
pub(super) fn settle(session: &mut Session) {
    settle_or(session, |_| false);
}

/// As [`settle`], but ends at once when `done` holds.
pub(super) fn settle_or(session: &mut Session, done: impl Fn(&Session) -> bool) {
    let start_ms = session.world.now_ms();
    let end_ms = start_ms.saturating_add(SETTLE_MS_MAX);
    let mut last_ms = start_ms;
    let mut seen = session.world.store.log.len();
    while !done(session) {
        let quiet_ms = last_ms.saturating_add(QUIET_MS).min(end_ms);
        match session.next_ms() {
            Some(next_ms) if next_ms <= quiet_ms => {
                session.step();
            }
            _ => {
                session.advance_to(quiet_ms);
                return;
            }
        }
        let log = &session.world.store.log;
        if (seen..log.len()).any(|index| matters(log, index)) {
            last_ms = session.world.now_ms();
        }
        seen = log.len();
    }
}

/// Whether an event changed a phase, readiness, deletion, claim, set status or revision.
fn matters(log: &Journal<WatchEvent>, index: usize) -> bool {
    let Some(event) = log.get(index) else { return false };
    if !concerns(&event.object) {
        return false;
    }
    if event.verb != Verb::Modified {
        return true;
    }
    let before = log.iter().rev().skip(log.len() - index).find(|earlier| earlier.object.meta.uid == event.object.meta.uid);
    before.is_none_or(|before| differs(&before.object, &event.object))
}

fn concerns(object: &Object) -> bool {
    matches!(
        object.body,
        Body::Pod(_)
            | Body::StatefulSet(_)
            | Body::PersistentVolumeClaim(_)
            | Body::ControllerRevision(_)
            | Body::Deployment(_)
            | Body::ReplicaSet(_)
    )
}

fn differs(old: &Object, new: &Object) -> bool {
    if old.meta.deletion != new.meta.deletion {
        return true;
    }
    match (&old.body, &new.body) {
        (Body::Pod(old), Body::Pod(new)) => old.status.phase != new.status.phase || old.ready() != new.ready(),
        (Body::StatefulSet(old), Body::StatefulSet(new)) => old.status != new.status,
        (Body::PersistentVolumeClaim(old), Body::PersistentVolumeClaim(new)) => {
            old.phase != new.phase || old.volume_name != new.volume_name
        }
        (Body::ControllerRevision(old), Body::ControllerRevision(new)) => old.revision != new.revision,
        (Body::Deployment(old), Body::Deployment(new)) | (Body::ReplicaSet(old), Body::ReplicaSet(new)) => old.status != new.status,
        _ => false,
    }
}
