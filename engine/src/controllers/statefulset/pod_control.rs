//! What the StatefulSet controller does once it has decided: pods and claims made, corrected and deleted, each with its
//! Event, one call to the API server after the other. It must not decide anything.
//! Follows `pkg/controller/statefulset/stateful_pod_control.go`, 1.36.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::Text;
use crate::api::object::{Key, Object};
use crate::api::pod::PodIdentity;
use crate::api::revision::ControllerRevision;
use crate::api::statefulset::StatefulSetSpec;
use crate::api::status::Status;
use crate::api::text::text;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::recorder::Remark;

use super::super::Controller;
use super::super::client::{self, CALL_MS, DELETE_MS};
use super::control::{Action, Which};
use super::{SOURCE, claims, identity};

/// A set and its two revisions, as one sync sees them.
#[derive(Clone, Debug)]
pub(super) struct Hands {
    /// The set.
    pub(super) set: Rc<Object>,
    /// Its spec.
    pub(super) spec: Rc<StatefulSetSpec>,
    /// The current revision.
    pub(super) current: Rc<Object>,
    /// The update revision.
    pub(super) update: Rc<Object>,
}

/// One action under way: a goroutine that waits for the API server's answer.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    /// The action.
    pub(super) action: Action,
    /// When the call that was asked for last takes effect.
    pub(super) due_ms: Ms,
    call: Option<Call>,
    /// The pod.
    pod: Key,
    /// Which part of the action, and which claim of that part, comes next.
    part: usize,
    claim: usize,
    claims: Rc<[Key]>,
    errors: Vec<String>,
    changed: bool,
}

/// A part of an action. Each makes any number of calls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Make the claims that the pod lacks.
    Claims,
    /// Make the pod.
    Pod,
    /// Bring the claims' owners in line with the retention policy.
    Owners,
    /// Bring the pod in line with its identity.
    Update,
    /// Delete the pod.
    Delete,
}

/// A call to the API server.
#[derive(Clone, Copy, Debug)]
enum Call {
    CreateClaim,
    CreatePod,
    /// The claim as it was read: its resourceVersion.
    UpdateClaim(u64),
    UpdatePod,
    DeletePod,
}

impl Worker {
    /// The parts of the action, in order.
    fn parts(&self) -> &'static [Part] {
        match self.action {
            Action::Create { .. } => &[Part::Claims, Part::Pod, Part::Owners],
            Action::EnsureClaims { .. } => &[Part::Claims, Part::Owners],
            Action::Correct { .. } => &[Part::Claims, Part::Owners, Part::Update],
            Action::CorrectClaims { .. } => &[Part::Owners],
            Action::Delete { .. } => &[Part::Delete],
        }
    }
}

impl Hands {
    /// Begins an action.
    pub(super) fn begin(&self, action: Action) -> Worker {
        let needs_claims = !matches!(action, Action::Delete { .. }) && !self.spec.claim_templates.is_empty();
        let claims = if needs_claims { claims::keys(&self.set.meta, &self.spec, action.ordinal()).collect() } else { Rc::default() };
        let pod = Key::new(Kind::Pod, &self.set.meta.namespace, identity::pod_name(&self.set.meta.name, action.ordinal()));
        Worker { action, due_ms: 0, call: None, pod, part: 0, claim: 0, claims, errors: Vec::new(), changed: false }
    }

    /// Goes on to the worker's next call and asks for it; where there is none left, says how the action ended.
    pub(super) fn ask(&self, world: &mut World, worker: &mut Worker) -> Option<Result<(), String>> {
        while let Some(part) = worker.parts().get(worker.part) {
            match self.next_call(world, worker, *part) {
                Ok(Some(call)) => {
                    worker.call = Some(call);
                    worker.due_ms = super::call(world, if matches!(call, Call::DeletePod) { DELETE_MS } else { CALL_MS });
                    return None;
                }
                Ok(None) => {
                    worker.part += 1;
                    worker.claim = 0;
                }
                Err(error) => return Some(Err(error)),
            }
        }
        match worker.action {
            Action::Create { .. } => self.pod_event(world, Verb::Create, &worker.pod, None),
            Action::Correct { .. } if worker.changed => self.pod_event(world, Verb::Update, &worker.pod, None),
            _ => {}
        }
        Some(Ok(()))
    }

    /// The next call of a part of an action, if it needs one.
    fn next_call(&self, world: &mut World, worker: &mut Worker, part: Part) -> Result<Option<Call>, String> {
        match part {
            Part::Claims => {
                if matches!(worker.action, Action::Correct { .. }) && self.storage_matches(world, &worker.pod) {
                    return Ok(None);
                }
                self.next_claim(world, worker)
            }
            Part::Owners => Ok(self.next_owner(world, worker)),
            Part::Pod | Part::Delete if worker.claim == 0 => {
                worker.claim = 1;
                Ok(Some(if part == Part::Pod { Call::CreatePod } else { Call::DeletePod }))
            }
            Part::Update if worker.claim == 0 => {
                worker.claim = 1;
                let identity_matches = self.identity_matches(world, &worker.pod);
                worker.changed |= !identity_matches || !self.storage_matches(world, &worker.pod);
                Ok(worker.changed.then_some(Call::UpdatePod))
            }
            Part::Pod | Part::Delete | Part::Update => Ok(None),
        }
    }

    /// The next claim that the pod lacks. A claim that is on its way out stops a pod from being made.
    fn next_claim(&self, world: &mut World, worker: &mut Worker) -> Result<Option<Call>, String> {
        let creates = matches!(worker.action, Action::Create { .. });
        while let Some(key) = worker.claims.get(worker.claim) {
            match world.store.get(key) {
                None => return Ok(Some(Call::CreateClaim)),
                Some(claim) if claim.meta.terminating() && creates => worker.errors.push(format!("pvc {} is being deleted", key.name)),
                Some(_) => {}
            }
            worker.claim += 1;
        }
        let error = match worker.errors.len() {
            0 => return Ok(None),
            1 => worker.errors.remove(0),
            _ => format!("[{}]", worker.errors.join(", ")),
        };
        match worker.action {
            Action::Create { .. } => self.pod_event(world, Verb::Create, &worker.pod, Some(&error)),
            Action::Correct { .. } => self.pod_event(world, Verb::Update, &worker.pod, Some(&error)),
            _ => {}
        }
        Err(error)
    }

    /// The next claim whose owners are not as the retention policy asks.
    fn next_owner(&self, world: &World, worker: &mut Worker) -> Option<Call> {
        if !claims::owners_matter(world, &self.spec) {
            return None;
        }
        let pod = world.store.get(&worker.pod)?;
        while let Some(key) = worker.claims.get(worker.claim) {
            if let Some(claim) = world.store.get(key)
                && !claims::owners_match(claim, &self.set.meta, &self.spec, &pod.meta, worker.action.ordinal())
            {
                return Some(Call::UpdateClaim(claim.meta.resource_version));
            }
            worker.claim += 1;
        }
        None
    }

    /// Makes the call that the worker has asked for.
    ///
    /// # Errors
    /// What the API server refuses; the Event has been written.
    pub(super) fn perform(&self, world: &mut World, worker: &mut Worker) -> Result<(), String> {
        match worker.call.take() {
            Some(Call::CreateClaim) => {
                let volume = worker.claim;
                worker.claim += 1;
                let (Some(template), Some(Key { name, .. })) = (self.spec.claim_templates.get(volume), worker.claims.get(volume)) else {
                    return Ok(());
                };
                let created = claims::create(world, &self.set.meta, &self.spec, template, name);
                self.claim_event(world, name, &worker.pod, created.as_ref().err());
                if let Err(status) = created {
                    worker.errors.push(format!("failed to create PVC {name}: {}", status.message));
                }
                Ok(())
            }
            Some(Call::CreatePod) => self.create(world, worker),
            Some(Call::UpdateClaim(version)) => {
                let key = worker.claims.get(worker.claim).cloned();
                worker.claim += 1;
                key.map_or(Ok(()), |key| self.update_claim(world, worker, &key, version))
            }
            Some(Call::UpdatePod) => {
                self.update(world, worker);
                Ok(())
            }
            Some(Call::DeletePod) => {
                let deleted = world.delete(&worker.pod, &DeleteOptions::default());
                self.pod_event(world, Verb::Delete, &worker.pod, deleted.as_ref().err().map(|status| status.message.as_str()));
                // A pod that somebody else has just deleted is gone all the same.
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn create(&self, world: &mut World, worker: &Worker) -> Result<(), String> {
        let (set, action) = (&self.set.meta, worker.action);
        if world.store.get(&worker.pod).is_some() {
            let info = Kind::Pod.info();
            // Upstream keeps quiet about a name that is taken, and tries again.
            return Err(Status::already_exists(info.group, info.plural, &worker.pod.name).message);
        }
        let revision = if matches!(action, Action::Create { which: Which::Current, .. }) { &self.current } else { &self.update };
        let Some(ControllerRevision { template, .. }) = revision.revision() else { return Ok(()) };
        let token_suffix = world.random.suffix(5);
        world.insert(identity::new_pod(set, &self.spec, template, &revision.meta.name, action.ordinal(), token_suffix));
        Ok(())
    }

    /// Writes the owners of a claim, unless somebody else has written the claim since it was read.
    fn update_claim(&self, world: &mut World, worker: &mut Worker, key: &Key, version: u64) -> Result<(), String> {
        let ordinal = worker.action.ordinal();
        let (Some(claim), Some(pod)) = (world.get(key), world.get(&worker.pod)) else { return Ok(()) };
        if claim.meta.resource_version != version {
            let info = Kind::PersistentVolumeClaim.info();
            let conflict = Status::conflict_modified(info.group, info.plural, &key.name).message;
            let error = format!("could not update claim {} for delete policy ownerRefs: {conflict}", key.name);
            self.pod_event(world, Verb::Update, &worker.pod, Some(&error));
            return Err(error);
        }
        claims::write_owners(world, key, &self.set.meta, &self.spec, &pod.meta, ordinal);
        worker.changed = true;
        Ok(())
    }

    fn identity_matches(&self, world: &World, pod: &Key) -> bool {
        world.store.get(pod).is_none_or(|pod| identity::identity_matches(&self.set.meta.name, &pod.meta))
    }

    fn storage_matches(&self, world: &World, pod: &Key) -> bool {
        world
            .store
            .get(pod)
            .is_none_or(|pod| pod.pod().is_none_or(|body| identity::storage_matches(&self.set.meta.name, &self.spec, body, &pod.meta.name)))
    }

    fn update(&self, world: &mut World, worker: &Worker) {
        let ordinal = worker.action.ordinal();
        let storage_matches = self.storage_matches(world, &worker.pod);
        world.change(&worker.pod, |object| {
            let name = object.meta.name.clone();
            object.meta.set_label(identity::POD_NAME_LABEL, &name);
            object.meta.set_label(identity::POD_INDEX_LABEL, &ordinal.to_string());
            if let Some(body) = object.pod_mut()
                && !storage_matches
            {
                let claims = identity::claim_volumes(&self.spec, &self.set.meta.name, ordinal);
                body.own = Rc::new(PodIdentity { claims, ..PodIdentity::clone(&body.own) });
            }
        });
    }

    fn pod_event(&self, world: &mut World, verb: Verb, pod: &Key, error: Option<&str>) {
        let (set, pod) = (&self.set.meta.name, &pod.name);
        let (word, done, failed) = verb.words();
        let remark = match error {
            None => Remark::normal(SOURCE, done, text!("{word} Pod {pod} in StatefulSet {set} successful")),
            Some(error) => Remark::warning(SOURCE, failed, text!("{word} Pod {pod} in StatefulSet {set} failed error: {error}")),
        };
        client::say(world, Controller::StatefulSet, &self.set, remark);
    }

    fn claim_event(&self, world: &mut World, claim: &Text, pod: &Key, error: Option<&Status>) {
        let (set, pod) = (&self.set.meta.name, &pod.name);
        let remark = match error {
            None => Remark::normal(SOURCE, "SuccessfulCreate", text!("Create Claim {claim} Pod {pod} in StatefulSet {set} success")),
            Some(error) => Remark::warning(
                SOURCE,
                "FailedCreate",
                text!("Create Claim {claim} for Pod {pod} in StatefulSet {set} failed error: {}", error.message),
            ),
        };
        client::say(world, Controller::StatefulSet, &self.set, remark);
    }
}

#[derive(Clone, Copy)]
enum Verb {
    Create,
    Update,
    Delete,
}

impl Verb {
    /// The word in the message, and the reasons for success and failure.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Create => ("Create", "SuccessfulCreate", "FailedCreate"),
            Self::Update => ("Update", "SuccessfulUpdate", "FailedUpdate"),
            Self::Delete => ("Delete", "SuccessfulDelete", "FailedDelete"),
        }
    }
}
