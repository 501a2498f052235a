//! What the StatefulSet controller does once it has decided: pods and claims made, corrected and deleted, each with its
//! Event. It must not decide anything.
//! Follows `pkg/controller/statefulset/stateful_pod_control.go`, 1.36.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::Text;
use crate::api::object::{Key, Object};
use crate::api::pod::PodIdentity;
use crate::api::revision::ControllerRevision;
use crate::api::statefulset::StatefulSetSpec;
use crate::api::status::Status;
use crate::cluster::World;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::recorder::Remark;

use super::control::{Action, Which};
use super::{claims, identity};

/// Who speaks in the Events.
const SOURCE: &str = "statefulset-controller";

/// A set and its two revisions, as one look sees them.
pub(super) struct Hands<'a> {
    /// The set.
    pub(super) set: &'a Rc<Object>,
    /// Its spec.
    pub(super) spec: &'a Rc<StatefulSetSpec>,
    /// The name of the current revision, and what it holds.
    pub(super) current: (&'a Text, &'a ControllerRevision),
    /// The name of the update revision, and what it holds.
    pub(super) update: (&'a Text, &'a ControllerRevision),
}

impl Hands<'_> {
    /// Makes the claims that a pod about to be made lacks. The workers of a batch all do this before any makes its pod.
    ///
    /// # Errors
    /// What the API server refuses; the Event has been written.
    pub(super) fn prepare(&self, world: &mut World, action: Action) -> Result<(), String> {
        let Action::Create { ordinal, .. } = action else { return Ok(()) };
        self.ensure_claims(world, ordinal, true)
            .inspect_err(|error| self.pod_event(world, Verb::Create, &self.pod_key(ordinal).name, Some(error)))
    }

    /// Does one thing that has been prepared.
    ///
    /// # Errors
    /// What the API server refuses; the Event has been written.
    pub(super) fn act(&self, world: &mut World, action: Action) -> Result<(), String> {
        match action {
            Action::Create { ordinal, which } => self.create(world, ordinal, which),
            Action::EnsureClaims { ordinal } => self.ensure_claims(world, ordinal, false),
            Action::Correct { ordinal } => self.correct(world, ordinal),
            Action::CorrectClaims { ordinal } => {
                if let Some(pod) = world.get(&self.pod_key(ordinal)) {
                    claims::apply_retention(world, &self.set.meta, self.spec, &pod.meta, ordinal);
                }
                Ok(())
            }
            Action::Delete { ordinal, .. } => self.delete(world, ordinal),
        }
    }

    fn pod_key(&self, ordinal: i64) -> Key {
        Key::new(Kind::Pod, self.set.meta.namespace.clone(), identity::pod_name(&self.set.meta.name, ordinal))
    }

    fn create(&self, world: &mut World, ordinal: i64, which: Which) -> Result<(), String> {
        let set = &self.set.meta;
        let key = self.pod_key(ordinal);
        if world.store.get(&key).is_some() {
            let info = Kind::Pod.info();
            // Upstream keeps quiet about a name that is taken, and tries again.
            return Err(Status::already_exists(info.group, info.plural, &key.name).message);
        }
        let (name, revision) = match which {
            Which::Current => self.current,
            Which::Update => self.update,
        };
        let token_suffix = world.random.suffix(5);
        let pod = world.insert(identity::new_pod(set, self.spec, &revision.template, name, ordinal, token_suffix));
        claims::apply_retention(world, set, self.spec, &pod.meta, ordinal);
        self.pod_event(world, Verb::Create, &key.name, None);
        Ok(())
    }

    /// Makes the claims that a pod lacks. A claim that is on its way out stops a pod from being made.
    fn ensure_claims(&self, world: &mut World, ordinal: i64, for_new_pod: bool) -> Result<(), String> {
        if self.spec.claim_templates.is_empty() {
            return Ok(());
        }
        let mut errors = Vec::new();
        for (volume, key) in claims::keys(&self.set.meta, self.spec, ordinal).into_iter().enumerate() {
            match world.get(&key) {
                Some(claim) if claim.meta.terminating() && for_new_pod => errors.push(format!("pvc {} is being deleted", key.name)),
                Some(_) => {}
                None => {
                    let created = claims::create(world, &self.set.meta, self.spec, volume, ordinal);
                    let pod = identity::pod_name(&self.set.meta.name, ordinal);
                    self.claim_event(world, &key.name, &pod, created.as_ref().err());
                    if let Err(status) = created {
                        errors.push(format!("failed to create PVC {}: {}", key.name, status.message));
                    }
                }
            }
        }
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(format!("[{}]", errors.join(", "))),
        }
    }

    fn correct(&self, world: &mut World, ordinal: i64) -> Result<(), String> {
        let key = self.pod_key(ordinal);
        let Some(pod) = world.get(&key) else { return Ok(()) };
        claims::apply_retention(world, &self.set.meta, self.spec, &pod.meta, ordinal);
        let identity_matches = identity::identity_matches(&self.set.meta.name, &pod.meta);
        let storage_matches = pod.pod().is_none_or(|body| identity::storage_matches(&self.set.meta.name, self.spec, body, &pod.meta.name));
        if identity_matches && storage_matches {
            return Ok(());
        }
        if !storage_matches {
            self.ensure_claims(world, ordinal, false)?;
        }
        world.change(&key, |object| {
            let name = object.meta.name.clone();
            object.meta.set_label(identity::POD_NAME_LABEL, &name);
            object.meta.set_label(identity::POD_INDEX_LABEL, &ordinal.to_string());
            if let Some(body) = object.pod_mut()
                && !storage_matches
            {
                let claims = identity::claim_volumes(self.spec, &self.set.meta.name, ordinal);
                body.own = Rc::new(PodIdentity { claims, ..PodIdentity::clone(&body.own) });
            }
        });
        self.pod_event(world, Verb::Update, &key.name, None);
        Ok(())
    }

    fn delete(&self, world: &mut World, ordinal: i64) -> Result<(), String> {
        let key = self.pod_key(ordinal);
        let deleted = world.delete(&key, &DeleteOptions::default());
        self.pod_event(world, Verb::Delete, &key.name, deleted.as_ref().err().map(|status| status.message.as_str()));
        // A pod that somebody else has just deleted is gone all the same.
        Ok(())
    }

    fn pod_event(&self, world: &mut World, verb: Verb, pod: &str, error: Option<&str>) {
        let set = &self.set.meta.name;
        let (word, done, failed) = verb.words();
        let remark = match error {
            None => Remark::normal(SOURCE, done, format!("{word} Pod {pod} in StatefulSet {set} successful")),
            Some(error) => Remark::warning(SOURCE, failed, format!("{word} Pod {pod} in StatefulSet {set} failed error: {error}")),
        };
        world.record(Kind::StatefulSet, &self.set.meta, remark);
    }

    fn claim_event(&self, world: &mut World, claim: &str, pod: &str, error: Option<&Status>) {
        let set = &self.set.meta.name;
        let remark = match error {
            None => Remark::normal(SOURCE, "SuccessfulCreate", format!("Create Claim {claim} Pod {pod} in StatefulSet {set} success")),
            Some(error) => Remark::warning(
                SOURCE,
                "FailedCreate",
                format!("Create Claim {claim} for Pod {pod} in StatefulSet {set} failed error: {}", error.message),
            ),
        };
        world.record(Kind::StatefulSet, &self.set.meta, remark);
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
