//! The ReplicaSets of a Deployment: which is the new one, what they are called, and their revisions.
//! It must not know how pods are moved between them. Follows `pkg/controller/deployment/sync.go` and
//! `util/deployment_util.go` 1.36.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::metadata::{LAST_APPLIED, Metadata, controller_reference};
use crate::api::object::{Body, Key, Object};
use crate::api::pod::ConditionStatus;
use crate::api::read;
use crate::api::workload::Workload;
use crate::cluster::World;
use crate::hash;
use crate::json::json;
use crate::order;

use super::HASH_LABEL;
use super::dump;
use super::rolling;
use super::scale::{self, DESIRED, MAX};

/// The annotation that numbers a template's turn.
pub(super) const REVISION: &str = "deployment.kubernetes.io/revision";
/// The annotation that keeps the numbers of earlier turns.
const HISTORY: &str = "deployment.kubernetes.io/revision-history";

/// The ReplicaSets of a Deployment, each as it was when it was read.
#[derive(Debug, Default)]
pub(super) struct Sets {
    /// The one with the Deployment's template.
    pub new: Option<Rc<Object>>,
    /// The others, oldest first.
    pub old: Vec<Rc<Object>>,
}

impl Sets {
    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Rc<Object>> {
        self.old.iter().chain(&self.new)
    }

    /// How many pods they ask for.
    pub(super) fn asked(&self) -> i64 {
        self.all().map(|set| replicas(set)).sum()
    }
}

/// How many pods a ReplicaSet asks for.
pub(super) fn replicas(set: &Object) -> i64 {
    set.replica_set().map_or(0, |set| set.replicas)
}

/// How many of its pods are available.
pub(super) fn available(set: &Object) -> i64 {
    set.replica_set().map_or(0, |set| set.status.available_replicas)
}

/// Reads the ReplicaSets of a Deployment, taking over those that nobody owns.
pub(super) fn read(world: &mut World, object: &Object, deployment: &Workload) -> Sets {
    let orphans: Vec<Key> = world
        .store
        .ownerless(Kind::ReplicaSet)
        .filter(|set| {
            set.meta.namespace == object.meta.namespace && !set.meta.terminating() && deployment.selector.matches(&set.meta.labels)
        })
        .map(|set| set.key())
        .collect();
    if !object.meta.terminating() {
        for key in orphans {
            let owner = controller_reference(Kind::Deployment, &object.meta);
            world.change(&key, |set| set.meta.owners = set.meta.owners.iter().cloned().chain([owner]).collect());
        }
    }
    let mut owned: Vec<Rc<Object>> = world.store.owned_by(object.meta.uid).filter(|set| set.replica_set().is_some()).cloned().collect();
    order::sort_by(&mut owned, |left, right| (left.meta.creation_ms, &left.meta.name).cmp(&(right.meta.creation_ms, &right.meta.name)));
    let template = &deployment.template.document;
    let place = owned.iter().position(|set| set.replica_set().is_some_and(|body| same_template(&body.template.document, template)));
    let new = place.map(|place| owned.remove(place));
    Sets { new, old: owned }
}

/// Whether two templates are the same but for the hash.
fn same_template(set: &Value, deployment: &Value) -> bool {
    let mut bare = set.clone();
    read::take(&mut bare, &["metadata", "labels"], HASH_LABEL);
    let mut other = deployment.clone();
    read::take(&mut other, &["metadata", "labels"], HASH_LABEL);
    bare == other
}

/// The number of a ReplicaSet's turn.
pub(super) fn revision(object: &Object) -> i64 {
    object.meta.annotation(REVISION).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Numbers the new ReplicaSet, and makes it where `make` says so and it is not there.
pub(super) fn settle(world: &mut World, object: &Object, deployment: &Workload, sets: &mut Sets, make: bool) {
    let next = sets.old.iter().map(|set| revision(set)).max().unwrap_or(0) + 1;
    if let Some(new) = sets.new.clone() {
        let key = new.key();
        world.change(&key, |set| number(set, object, deployment, next));
        sets.new = world.get(&key);
        let number = sets.new.as_deref().map_or(0, revision).to_string();
        let progressing = deployment.status.condition("Progressing").is_some();
        let now = world.now_ms();
        world.change(&object.key(), |stored| {
            stored.meta.annotate(REVISION, &number);
            if let Some(body) = stored.deployment_mut().filter(|_| !progressing) {
                let message = format!("Found new replica set \"{}\"", key.name);
                body.status.set_condition("Progressing", ConditionStatus::True, "FoundNewReplicaSet", message, now);
            }
        });
        return;
    }
    if make {
        create(world, object, deployment, sets, next);
    }
}

fn create(world: &mut World, object: &Object, deployment: &Workload, sets: &mut Sets, next: i64) {
    let hash = hash::safe_encode(hash::fnv1a(dump::template(&deployment.template.document, world.settings.version).bytes()));
    let name = format!("{}-{hash}", object.meta.name);
    let key = Key::new(Kind::ReplicaSet, object.meta.namespace.clone(), name.as_str());
    if world.store.get(&key).is_some() {
        return;
    }
    let mut spec = json!({
        "selector": deployment.document.get("selector").cloned().unwrap_or_default(),
        "template": *deployment.template.document,
    });
    if 0 < deployment.min_ready_seconds {
        spec["minReadySeconds"] = json!(deployment.min_ready_seconds);
    }
    read::entry(&mut spec, &["selector", "matchLabels"])[HASH_LABEL] = json!(hash);
    read::entry(&mut spec, &["template", "metadata", "labels"])[HASH_LABEL] = json!(hash);
    let replicas = rolling::new_replicas(deployment, None, sets.asked());
    spec["replicas"] = json!(replicas);
    let body = Workload::from_value(&json!({"spec": spec}));
    let mut meta = Metadata::new(object.meta.namespace.clone(), name.as_str());
    meta.labels = body.template.labels.clone();
    meta.owners = [controller_reference(Kind::Deployment, &object.meta)].into();
    let mut set = Object { meta, body: Body::ReplicaSet(body) };
    number(&mut set, object, deployment, next);
    let made = world.insert(set);
    let now = world.now_ms();
    world.change(&object.key(), |stored| {
        stored.meta.annotate(REVISION, &next.to_string());
        if let Some(body) = stored.deployment_mut() {
            let message = format!("Created new replica set \"{name}\"");
            body.status.set_condition("Progressing", ConditionStatus::True, "NewReplicaSetCreated", message, now);
        }
    });
    if 0 < replicas {
        scale::tell(world, object, &name, 0, replicas);
    }
    sets.new = Some(made);
}

/// Gives a ReplicaSet the number of its turn, and the Deployment's annotations.
fn number(set: &mut Object, object: &Object, deployment: &Workload, next: i64) {
    for (key, value) in object.meta.annotations.iter() {
        if ![LAST_APPLIED, REVISION, HISTORY, DESIRED, MAX].contains(&&**key) && set.meta.annotations.get(key) != Some(value) {
            set.meta.annotate(key, value);
        }
    }
    let standing = revision(set);
    if standing < next {
        if standing != 0 {
            let history = match set.meta.annotation(HISTORY) {
                Some(history) => format!("{history},{standing}"),
                None => standing.to_string(),
            };
            set.meta.annotate(HISTORY, &history);
        }
        set.meta.annotate(REVISION, &next.to_string());
    }
    if set.meta.annotation(DESIRED).is_none() {
        scale::annotate(set, deployment);
    }
}
