//! `kubectl rollout status`: a line for every change of the object, until the roll-out is done.

use crate::api::metadata::Uid;
use crate::api::object::{Body, Key, Object};
use crate::api::statefulset::UpdateStrategy;
use crate::api::time::Ms;
use crate::cluster::store::Verb;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::Parsed;
use crate::process::{Context, Poll, Process};

/// Starts `kubectl rollout status`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Status { parsed, watched: None, failures: Vec::new() })
}

#[derive(Clone)]
struct Status {
    parsed: Parsed,
    watched: Option<Watched>,
    failures: Vec<Failure>,
}

#[derive(Clone)]
struct Watched {
    /// What is watched, and what comes after it.
    left: Vec<(Key, Uid)>,
    seen: usize,
    fresh: bool,
    deadline_ms: Option<Ms>,
}

impl Process for Status {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if self.watched.is_none() {
            match super::some_targets(&self.parsed, context) {
                Ok((objects, failures)) => {
                    self.failures = failures;
                    let mut left: Vec<(Key, Uid)> = objects.iter().map(|object| (object.key(), object.meta.uid)).collect();
                    left.reverse();
                    let timeout_ms = self.parsed.duration_ms("timeout").and_then(|ms| u64::try_from(ms).ok()).filter(|ms| *ms > 0);
                    let deadline_ms = timeout_ms.map(|ms| context.now_ms() + ms);
                    self.watched = Some(Watched { left, seen: 0, fresh: true, deadline_ms });
                }
                Err(failure) => return Poll::Done(failure.print(context.streams)),
            }
        }
        let once = !self.parsed.on_unless_off("watch");
        match self.watched.as_mut().map(|watched| watched.go_on(once, context)) {
            Some(Ok(None)) | None => match Failure::of(std::mem::take(&mut self.failures)) {
                Ok(()) => Poll::Done(0),
                Err(failure) => Poll::Done(failure.print(context.streams)),
            },
            Some(Ok(Some(poll))) => poll,
            Some(Err(failure)) => Poll::Done(failure.print(context.streams)),
        }
    }
}

impl Watched {
    /// `None` once everything is rolled out.
    fn go_on(&mut self, once: bool, context: &mut Context<'_>) -> Result<Option<Poll>, Failure> {
        while let Some((key, uid)) = self.left.last().cloned() {
            let mut done = false;
            if self.fresh {
                self.fresh = false;
                self.seen = context.world.store.log.len();
                let Some(object) = context.world.get(&key) else {
                    return Err(Failure::text("object has been deleted"));
                };
                done = say(&object, context)? || once;
            }
            while !done {
                let Some(event) = context.world.store.log.get(self.seen).cloned() else { break };
                self.seen += 1;
                if event.object.meta.uid != uid {
                    continue;
                }
                if event.verb == Verb::Deleted {
                    return Err(Failure::text("object has been deleted"));
                }
                done = say(&event.object, context)?;
            }
            if !done {
                if self.deadline_ms.is_some_and(|deadline_ms| deadline_ms <= context.now_ms()) {
                    return Err(Failure::text("timed out waiting for the condition"));
                }
                return Ok(Some(Poll::Waiting { until_ms: self.deadline_ms }));
            }
            self.left.pop();
            self.fresh = true;
        }
        Ok(None)
    }
}

/// Prints the status; true once the roll-out is done.
fn say(object: &Object, context: &mut Context<'_>) -> Result<bool, Failure> {
    let (words, done) = status(object)?;
    context.streams.line(&words);
    Ok(done)
}

/// The status in words, and whether the roll-out is done.
fn status(object: &Object) -> Result<(String, bool), Failure> {
    let name = &object.meta.name;
    match &object.body {
        Body::StatefulSet(set) => {
            let UpdateStrategy::RollingUpdate(rolling) = &set.spec.strategy else {
                return Err(Failure::text("rollout status is only available for RollingUpdate strategy type"));
            };
            let (status, replicas) = (&set.status, set.spec.replicas);
            if status.observed_generation == 0 || object.meta.generation > status.observed_generation {
                return Ok(("Waiting for statefulset spec update to be observed...".to_owned(), false));
            }
            if status.ready_replicas < replicas {
                return Ok((format!("Waiting for {} pods to be ready...", replicas - status.ready_replicas), false));
            }
            if let Some(rolling) = rolling {
                let wanted = replicas - rolling.partition;
                let updated = status.updated_replicas;
                if updated < wanted {
                    let words =
                        format!("Waiting for partitioned roll out to finish: {updated} out of {wanted} new pods have been updated...");
                    return Ok((words, false));
                }
                return Ok((format!("partitioned roll out complete: {updated} new pods have been updated..."), true));
            }
            if status.update_revision != status.current_revision {
                let (updated, revision) = (status.updated_replicas, &status.update_revision);
                let words = format!("waiting for statefulset rolling update to complete {updated} pods at revision {revision}...");
                return Ok((words, false));
            }
            let (current, revision) = (status.current_replicas, &status.current_revision);
            Ok((format!("statefulset rolling update complete {current} pods at revision {revision}..."), true))
        }
        Body::Deployment(workload) => {
            let status = &workload.status;
            let waiting = |words: String| Ok((format!("Waiting for deployment \"{name}\" rollout to finish: {words}..."), false));
            if object.meta.generation > status.observed_generation {
                return Ok(("Waiting for deployment spec update to be observed...".to_owned(), false));
            }
            if status.updated_replicas < workload.replicas {
                return waiting(format!("{} out of {} new replicas have been updated", status.updated_replicas, workload.replicas));
            }
            if status.replicas > status.updated_replicas {
                return waiting(format!("{} old replicas are pending termination", status.replicas - status.updated_replicas));
            }
            if status.available_replicas < status.updated_replicas {
                return waiting(format!("{} of {} updated replicas are available", status.available_replicas, status.updated_replicas));
            }
            Ok((format!("deployment \"{name}\" successfully rolled out"), true))
        }
        _ => Err(Failure::text(format!("no status viewer has been implemented for {}", object.kind().name()))),
    }
}
