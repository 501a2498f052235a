//! The claims of a set's pods: made before the pod, kept after it, owned by whom the retention policy says.
//! It must not know how claims are bound.
//! Follows `pkg/controller/statefulset/stateful_pod_control.go` and the claim functions of `stateful_set_utils.go`, 1.36.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::metadata::{Labels, Metadata, OwnerReference, Text, Uid, controller_reference};
use crate::api::object::{Key, Object};
use crate::api::read;
use crate::api::statefulset::{ClaimTemplate, StatefulSetSpec};
use crate::api::status::Status;
use crate::cluster::World;
use crate::json::json;

use super::identity;

/// The keys of a pod's claims.
pub fn keys(set: &Metadata, spec: &StatefulSetSpec, ordinal: i64) -> impl Iterator<Item = Key> {
    let key = move |name: Text| Key::new(Kind::PersistentVolumeClaim, &set.namespace, name);
    spec.claim_templates.iter().map(move |template| key(identity::claim_name(&template.name, &set.name, ordinal)))
}

/// The claim that was made last from a template. The next one differs from it in its name alone.
#[derive(Clone, Debug)]
pub(super) struct Model {
    template: ClaimTemplate,
    match_labels: Labels,
    default_class: Option<Text>,
    claim: Rc<Object>,
}

impl Model {
    /// Whether a claim with this name can be made after it.
    fn serves(&self, world: &World, spec: &StatefulSetSpec, template: &ClaimTemplate, name: &str) -> bool {
        self.template == *template
            && self.match_labels == spec.match_labels
            && self.default_class.as_ref() == world.default_class()
            && name.len() <= self.claim.meta.name.len()
    }
}

/// Makes a claim of a pod from its template.
///
/// # Errors
/// What the API server refuses.
pub fn create(
    world: &mut World,
    set: &Metadata,
    spec: &StatefulSetSpec,
    template: &ClaimTemplate,
    name: &Text,
) -> Result<Rc<Object>, Status> {
    let place = (set.uid, template.name.clone());
    let model = world.memory.statefulset.models.get(&place);
    if let Some(model) = model.filter(|model| model.serves(world, spec, template, name)) {
        let model = model.claim.clone();
        return world.create_again(&model, name.clone());
    }
    let default_class = world.default_class().cloned();
    let claim = world.create(document(set, spec, template, name), &set.namespace)?;
    let model = Model { template: template.clone(), match_labels: spec.match_labels.clone(), default_class, claim: claim.clone() };
    world.memory.statefulset.models.insert(place, model);
    Ok(claim)
}

fn document(set: &Metadata, spec: &StatefulSetSpec, template: &ClaimTemplate, name: &str) -> Value {
    let mut document = Value::clone(&template.document);
    if !document.is_object() {
        document = json!({});
    }
    read::take(&mut document, &[], "status");
    document["apiVersion"] = json!("v1");
    document["kind"] = json!("PersistentVolumeClaim");
    let meta = read::entry(&mut document, &["metadata"]);
    meta["name"] = json!(name);
    meta["namespace"] = json!(&*set.namespace);
    for (key, value) in spec.match_labels.iter() {
        read::entry(&mut document, &["metadata", "labels"])[&**key] = json!(&**value);
    }
    document
}

/// Whether a claim belongs to an earlier pod of the same name, and so is about to go.
pub fn stale(world: &World, set: &Metadata, spec: &StatefulSetSpec, ordinal: i64) -> bool {
    if !spec.retention.delete_when_scaled {
        return false;
    }
    let pod_key = Key::new(Kind::Pod, set.namespace.clone(), identity::pod_name(&set.name, ordinal));
    let pod_uid = world.store.get(&pod_key).map(|pod| pod.meta.uid);
    keys(set, spec, ordinal).filter_map(|key| world.store.get(&key)).any(|claim| {
        claim.meta.owners.iter().any(|owner| &*owner.kind == "Pod" && owner.name == pod_key.name && Some(owner.uid) != pod_uid)
    })
}

/// Whether the owners of claims can be other than they should: where the policy keeps all claims and no claim of the
/// cluster has an owner, there is nothing to see.
pub fn owners_matter(world: &World, spec: &StatefulSetSpec) -> bool {
    let keeps = !spec.retention.delete_when_deleted && !spec.retention.delete_when_scaled;
    !spec.claim_templates.is_empty() && (!keeps || world.store.owned_claims() > 0)
}

/// Whether the owners of a pod's claims are as the retention policy asks.
pub fn match_retention(world: &World, set: &Metadata, spec: &StatefulSetSpec, pod: &Metadata, ordinal: i64) -> bool {
    keys(set, spec, ordinal).filter_map(|key| world.store.get(&key)).all(|claim| owners_match(claim, set, spec, pod, ordinal))
}

/// Whether the owners of one of a pod's claims are as the retention policy asks.
pub fn owners_match(claim: &Object, set: &Metadata, spec: &StatefulSetSpec, pod: &Metadata, ordinal: i64) -> bool {
    let condemned = !spec.ordinals().contains(&ordinal);
    wanted_owners(&claim.meta.owners, set, spec, condemned.then_some(pod)) == *claim.meta.owners
}

/// Writes the owners that the retention policy asks for on one of a pod's claims.
pub fn write_owners(world: &mut World, claim: &Key, set: &Metadata, spec: &StatefulSetSpec, pod: &Metadata, ordinal: i64) {
    let condemned = !spec.ordinals().contains(&ordinal);
    world.change(claim, |claim| {
        let owners = wanted_owners(&claim.meta.owners, set, spec, condemned.then_some(pod));
        if owners != *claim.meta.owners {
            claim.meta.owners = owners.into();
        }
    });
}

/// The owners a claim should have: the set where claims go with it, the pod while a condemned pod takes its claims along,
/// and whoever else owns it. `condemned` is the pod where it is beyond what was asked for.
fn wanted_owners(standing: &[OwnerReference], set: &Metadata, spec: &StatefulSetSpec, condemned: Option<&Metadata>) -> Vec<OwnerReference> {
    let retention = spec.retention;
    let by_pod = condemned.filter(|_| retention.delete_when_scaled);
    let by_set = retention.delete_when_deleted && by_pod.is_none();
    let is_set = |owner: &OwnerReference| {
        owner.uid == set.uid || (&*owner.kind == "StatefulSet" && owner.name == set.name && owner.uid != Uid::default())
    };
    let is_pod = |owner: &OwnerReference| &*owner.kind == "Pod" && identity::ordinal_in(&set.name, &owner.name).is_some();
    let mut owners: Vec<OwnerReference> = standing
        .iter()
        .filter(|owner| (!is_set(owner) || by_set) && (!is_pod(owner) || by_pod.is_some_and(|pod| pod.uid == owner.uid)))
        .cloned()
        .collect();
    if by_set && !owners.iter().any(|owner| owner.uid == set.uid) {
        owners.push(controller_reference(Kind::StatefulSet, set));
    }
    if let Some(pod) = by_pod
        && !owners.iter().any(|owner| owner.uid == pod.uid)
    {
        owners.push(controller_reference(Kind::Pod, pod));
    }
    owners
}
