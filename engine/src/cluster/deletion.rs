//! Deleting objects: grace periods, finalizers, and what becomes of dependents.
//! Follows `apiserver/pkg/registry/rest/delete.go` and `pkg/registry/core/pod/strategy.go`. It must not know who deletes.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::{Deletion, Uid};
use crate::api::object::{Body, Key, Object};
use crate::api::status::Status;
use crate::json::json;

use super::World;

/// Waits for dependents to be gone before the object goes.
pub const FOREGROUND_FINALIZER: &str = "foregroundDeletion";
/// Waits for dependents to be released before the object goes.
pub const ORPHAN_FINALIZER: &str = "orphan";

/// Namespaces that nobody may delete.
const IMMORTAL: [&str; 3] = ["default", "kube-public", "kube-system"];

/// What becomes of dependents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Propagation {
    /// They are deleted after their owner.
    #[default]
    Background,
    /// They are deleted before their owner.
    Foreground,
    /// They stay.
    Orphan,
}

/// How to delete.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeleteOptions {
    /// Replaces the object's own grace period.
    pub grace_period_seconds: Option<i64>,
    /// What becomes of dependents.
    pub propagation: Propagation,
    /// Only if the object has this uid.
    pub uid: Option<Uid>,
}

/// What a deletion did at once.
#[derive(Clone, Debug)]
pub enum Deleted {
    /// The object is gone.
    Gone(Rc<Object>),
    /// The object is on its way: it waits for its grace period or its finalizers.
    Underway(Rc<Object>),
}

impl World {
    /// Deletes an object.
    ///
    /// # Errors
    /// `NotFound` where it is not there, `Conflict` where its uid is another one, `Forbidden` for the namespaces of the system.
    pub fn delete(&mut self, key: &Key, options: &DeleteOptions) -> Result<Deleted, Status> {
        let info = key.kind.info();
        let Some(old) = self.get(key) else {
            return Err(Status::not_found(info.group, info.plural, &key.name));
        };
        if let Some(uid) = options.uid
            && uid != old.meta.uid
        {
            return Err(Status::conflict_uid(info.group, info.plural, &key.name, &uid.to_string(), &old.meta.uid.to_string()));
        }
        if key.kind == Kind::Namespace {
            if IMMORTAL.contains(&&*key.name) {
                return Err(Status::forbidden(info.group, info.plural, &key.name, "this namespace may not be deleted"));
            }
            return Ok(self.begin_namespace_deletion(&old));
        }
        let grace_period_seconds = grace_period(&old, options.grace_period_seconds);
        let mut new = Object::clone(&old);
        match options.propagation {
            Propagation::Background => {}
            Propagation::Foreground => new.meta.add_finalizer(FOREGROUND_FINALIZER),
            Propagation::Orphan => new.meta.add_finalizer(ORPHAN_FINALIZER),
        }
        let now = self.now_ms();
        match old.meta.deletion {
            Some(deletion) if grace_period_seconds >= deletion.grace_period_seconds && !new.meta.finalizers.is_empty() => {}
            Some(deletion) if grace_period_seconds < deletion.grace_period_seconds => {
                // A shorter grace period moves the deadline, counted from when deletion was first asked for.
                let asked_ms = deletion.at_ms.saturating_sub(deletion.grace_period_seconds.unsigned_abs() * 1000);
                let at_ms = asked_ms + grace_period_seconds.unsigned_abs() * 1000;
                new.meta.deletion = Some(Deletion { at_ms, grace_period_seconds });
            }
            Some(deletion) if deletion.grace_period_seconds > 0 => {
                return Ok(Deleted::Underway(old));
            }
            Some(_) => {}
            // A pod's deadline is written even where it is now.
            None if key.kind == Kind::Pod || !new.meta.finalizers.is_empty() => {
                new.meta.deletion = Some(Deletion { at_ms: now + grace_period_seconds.unsigned_abs() * 1000, grace_period_seconds });
                if new.meta.generation > 0 {
                    new.meta.generation += 1;
                }
            }
            None => {
                self.count_call(key.kind);
                return Ok(Deleted::Gone(self.remove(&old, new)));
            }
        }
        if new.meta.finalizers.is_empty() && grace_period_seconds == 0 {
            // The shorter deadline is written first, then the object goes: watchers see both.
            let written = self.change(key, |object| object.meta.deletion = new.meta.deletion);
            let Some(written) = written.or_else(|| self.get(key)) else {
                return Ok(Deleted::Gone(old));
            };
            let Some(standing) = self.get(key) else {
                return Ok(Deleted::Gone(written));
            };
            let last = Object::clone(&standing);
            return Ok(Deleted::Gone(self.remove(&standing, last)));
        }
        let told = self.change(key, |object| *object = new).unwrap_or(old);
        Ok(if self.store.holds(key, told.meta.uid) { Deleted::Underway(told) } else { Deleted::Gone(told) })
    }
}

impl World {
    /// A namespace stays, Terminating, until all that it holds is gone.
    fn begin_namespace_deletion(&mut self, old: &Rc<Object>) -> Deleted {
        if old.meta.terminating() {
            return Deleted::Underway(old.clone());
        }
        let now = self.now_ms();
        let told = self.change(&old.key(), |object| {
            object.meta.deletion = Some(Deletion { at_ms: now, grace_period_seconds: 0 });
            if let Body::Other(_, document) = &mut object.body {
                Rc::make_mut(document)["status"] = json!({"phase": "Terminating"});
            }
        });
        Deleted::Underway(told.unwrap_or_else(|| old.clone()))
    }

    /// Lets an empty namespace go.
    pub(crate) fn finish_namespace(&mut self, key: &Key) {
        if let Some(old) = self.get(key) {
            let last = Object::clone(&old);
            self.remove(&old, last);
        }
    }
}

/// Only pods have a grace period; one that is not bound, or has ended, needs none.
fn grace_period(object: &Object, asked: Option<i64>) -> i64 {
    let Some(pod) = object.pod() else { return 0 };
    if object.kind() != Kind::Pod || !pod.bound() || pod.status.phase.terminal() {
        return 0;
    }
    match asked {
        Some(seconds) if seconds < 0 => 1,
        Some(seconds) => seconds,
        None => pod.spec.grace_period_seconds,
    }
}
