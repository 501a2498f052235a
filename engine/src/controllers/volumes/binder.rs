//! The binder: brings claims and volumes together and sets their phases.
//! It must not know how volumes are made. Follows `pkg/controller/volume/persistentvolume/pv_controller.go` 1.36.

use crate::api::kind::Kind;
use crate::api::object::{Key, Object};
use crate::api::status::go_quote;
use crate::api::storage::{ClaimPhase, ClaimReference, PersistentVolume, PersistentVolumeClaim, StorageClass, VolumePhase};
use crate::api::text::text;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::recorder::Remark;

use super::super::Controller;
use super::{BIND_COMPLETED, BOUND_BY_CONTROLLER, PROVISIONED_BY, SELECTED_NODE, SOURCE, matching, note, provisioner, reaches};

/// All claims and volumes that are not settled are looked at this often (`PVClaimBinderSyncPeriod`).
const RESYNC_MS: Ms = 15_000;
/// How soon after its creation a claim is first looked at: before the pod that comes with it.
const FIRST_LOOK_MS: Ms = 10;
/// How long an external provisioner takes to notice and take down a released volume, as recorded.
const TAKE_DOWN_MS: Ms = 300;

/// Looks at one object.
pub fn bind(world: &mut World, key: &Key) {
    match key.kind {
        Kind::PersistentVolumeClaim => bind_claim(world, key),
        Kind::PersistentVolume => settle_volume(world, key),
        _ => {}
    }
}

fn bind_claim(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let Some(claim) = object.claim() else { return };
    if object.meta.annotation(BIND_COMPLETED).is_some() {
        check_bound_claim(world, &object, claim);
    } else if claim.volume_name.is_empty() {
        find_volume(world, &object, claim);
    } else {
        bind_to_named(world, &object, claim);
    }
}

/// A claim that names no volume: find one, or have one made.
fn find_volume(world: &mut World, object: &Object, claim: &PersistentVolumeClaim) {
    let key = object.key();
    let class_name = claim.class.clone().unwrap_or_default();
    let class = world.store.find(Kind::StorageClass, "", &class_name).cloned();
    let body = class.as_ref().and_then(|class| class.class());
    let delayed = body.is_some_and(|class| class.waits_for_consumer) && object.meta.annotation(SELECTED_NODE).is_none();
    let found = if delayed {
        matching::reserved(world, object)
    } else {
        matching::best_match(world, object, |volume| on_node(world, object, volume))
    };
    if let Some(volume) = found {
        bind_together(world, &volume, object);
        return;
    }
    if delayed {
        wait_for_consumer(world, object);
    } else if class_name.is_empty() {
        world.record(
            Kind::PersistentVolumeClaim,
            &object.meta,
            Remark::normal(SOURCE, "FailedBinding", "no persistent volumes available for this claim and no storage class is set"),
        );
        note(world, &key, "claim-waits-for-volume", true, Vec::new());
    } else if let Some(class) = body {
        have_made(world, object, class);
        return;
    } else {
        let message = format!("storageclass.storage.k8s.io {} not found", go_quote(&class_name));
        world.record(Kind::PersistentVolumeClaim, &object.meta, Remark::warning(SOURCE, "ProvisioningFailed", message));
        note(world, &key, "claim-waits-for-class", true, vec![Key::new(Kind::StorageClass, "", class_name)]);
    }
    look_again(world, key);
}

/// Whether a volume can be reached from the node that the scheduler chose for a claim, if it chose one.
fn on_node(world: &World, claim: &Object, volume: &Object) -> bool {
    let Some(name) = claim.meta.annotation(SELECTED_NODE) else { return true };
    world.store.find(Kind::Node, "", name).is_none_or(|node| reaches(volume, node))
}

fn look_again(world: &mut World, key: Key) {
    let at_ms = (world.now_ms() / RESYNC_MS + 1) * RESYNC_MS;
    world.wake_at(Controller::VolumeBinder, key, at_ms);
}

fn wait_for_consumer(world: &mut World, object: &Object) {
    let key = object.key();
    let first_look = world.now_ms() < object.meta.creation_ms + FIRST_LOOK_MS;
    let pods: Vec<Key> = super::users(world, &key)
        .filter(|pod| world.store.get(pod).and_then(|object| object.pod()).is_some_and(|pod| !pod.bound()))
        .cloned()
        .collect();
    let (reason, message) = match pods.as_slice() {
        [] => ("WaitForFirstConsumer", "waiting for first consumer to be created before binding".into()),
        _ if first_look => ("WaitForFirstConsumer", "waiting for first consumer to be created before binding".into()),
        [pod] => ("WaitForPodScheduled", text!("waiting for pod {} to be scheduled", pod.name)),
        pods => {
            let names: Vec<&str> = pods.iter().map(|pod| &*pod.name).collect();
            ("WaitForPodScheduled", text!("waiting for pods {} to be scheduled", names.join(",")))
        }
    };
    world.record(Kind::PersistentVolumeClaim, &object.meta, Remark::normal(SOURCE, reason, message));
    note(world, &key, "claim-waits-for-consumer", true, pods);
}

/// Asks the class's provisioner for a volume.
fn have_made(world: &mut World, object: &Object, class: &StorageClass) {
    let key = object.key();
    let Some(provisioner) = provisioner::external_name(&class.provisioner) else {
        let message = format!("no volume plugin matched name: {}", class.provisioner);
        world.record(Kind::PersistentVolumeClaim, &object.meta, Remark::warning(SOURCE, "ProvisioningFailed", message));
        note(world, &key, "claim-waits-for-volume", true, Vec::new());
        look_again(world, key);
        return;
    };
    if object.meta.annotation(provisioner::PROVISIONER) == Some(provisioner) {
        provisioner::begin(world, &key);
        return;
    }
    world.change(&key, |object| {
        object.meta.annotate(provisioner::PROVISIONER_BETA, provisioner);
        object.meta.annotate(provisioner::PROVISIONER, provisioner);
    });
    let message = text!(
        "Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the system \
         administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
    );
    world.record(Kind::PersistentVolumeClaim, &object.meta, Remark::normal(SOURCE, "ExternalProvisioning", message));
    note(world, &key, "claim-is-being-provisioned", true, Vec::new());
    provisioner::begin(world, &key);
}

/// A claim in which a person named a volume.
fn bind_to_named(world: &mut World, object: &Object, claim: &PersistentVolumeClaim) {
    let key = object.key();
    let volume_key = Key::new(Kind::PersistentVolume, "", claim.volume_name.clone());
    let volume = world.get(&volume_key);
    let Some(body) = volume.as_ref().and_then(|volume| volume.volume()) else {
        note(world, &key, "claim-waits-for-volume", true, vec![volume_key]);
        return;
    };
    match &body.claim {
        Some(reference) if !refers_to(reference, object) => {
            note(world, &key, "claim-waits-for-volume", true, vec![volume_key]);
            look_again(world, key);
        }
        _ if !matching::suits(body, claim) => {
            let message = mismatch(body, claim);
            world.record(Kind::PersistentVolumeClaim, &object.meta, Remark::warning(SOURCE, "VolumeMismatch", message));
            note(world, &key, "claim-waits-for-volume", true, vec![volume_key]);
            look_again(world, key);
        }
        _ => bind_together(world, &volume_key, object),
    }
}

fn mismatch(volume: &PersistentVolume, claim: &PersistentVolumeClaim) -> String {
    let detail = if claim.request.is_some_and(|request| volume.capacity.is_none_or(|capacity| capacity < request)) {
        "requested PV is too small"
    } else if *volume.class != *claim.class.as_deref().unwrap_or_default() {
        "storageClassName does not match"
    } else if !claim.access_modes.iter().all(|mode| volume.access_modes.contains(mode)) {
        "incompatible accessMode"
    } else {
        "incompatible volumeMode"
    };
    format!("Cannot bind to requested volume {}: {detail}", go_quote(&claim.volume_name))
}

fn refers_to(reference: &ClaimReference, claim: &Object) -> bool {
    reference.namespace == claim.meta.namespace
        && reference.name == claim.meta.name
        && reference.uid.is_none_or(|uid| uid == claim.meta.uid)
}

/// Makes a volume refer to a claim.
pub(super) fn refer(volume: &mut Object, claim: &Object) {
    let Some(body) = volume.volume_mut() else { return };
    let by_person = body.claim.is_some();
    if body.claim.as_ref().is_some_and(|reference| reference.uid == Some(claim.meta.uid)) {
        return;
    }
    body.claim = Some(ClaimReference {
        namespace: claim.meta.namespace.clone(),
        name: claim.meta.name.clone(),
        uid: Some(claim.meta.uid),
        resource_version: claim.meta.resource_version,
    });
    if !by_person {
        volume.meta.annotate(BOUND_BY_CONTROLLER, "yes");
    }
}

/// Binds in the order of the real one: the volume's claim, the volume's phase, the claim's volume, the claim's phase.
fn bind_together(world: &mut World, volume_key: &Key, claim: &Object) {
    let key = claim.key();
    world.change(volume_key, |volume| refer(volume, claim));
    let bound = world.change(volume_key, |volume| {
        if let Some(body) = volume.volume_mut() {
            body.phase = VolumePhase::Bound;
        }
    });
    let Some(volume) = bound.as_ref().and_then(|volume| volume.volume()) else { return };
    world.change(&key, |object| {
        if let Some(body) = object.claim_mut()
            && body.volume_name.is_empty()
        {
            body.volume_name = volume_key.name.clone();
            object.meta.annotate(BOUND_BY_CONTROLLER, "yes");
        }
        object.meta.annotate(BIND_COMPLETED, "yes");
    });
    world.change(&key, |object| {
        if let Some(body) = object.claim_mut() {
            body.phase = ClaimPhase::Bound;
            body.capacity = volume.capacity;
            body.bound_access_modes = volume.access_modes.clone();
        }
    });
    note(world, &key, "claim-is-bound", false, vec![volume_key.clone()]);
}

/// A claim that was bound: is its volume still there, and its own?
fn check_bound_claim(world: &mut World, object: &Object, claim: &PersistentVolumeClaim) {
    let volume_key = Key::new(Kind::PersistentVolume, "", claim.volume_name.clone());
    let volume = if claim.volume_name.is_empty() { None } else { world.get(&volume_key) };
    let Some(body) = volume.as_ref().and_then(|volume| volume.volume()) else {
        let what = if claim.volume_name.is_empty() {
            "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!"
        } else {
            "Bound claim has lost its PersistentVolume. Data on the volume is lost!"
        };
        lose(world, object, claim, "ClaimLost", what);
        return;
    };
    match &body.claim {
        Some(reference) if !refers_to(reference, object) => {
            lose(world, object, claim, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
        }
        Some(_) if claim.phase == ClaimPhase::Bound && body.phase == VolumePhase::Bound => {}
        _ => bind_together(world, &volume_key, object),
    }
}

fn lose(world: &mut World, object: &Object, claim: &PersistentVolumeClaim, reason: &'static str, message: &str) {
    if claim.phase == ClaimPhase::Lost {
        return;
    }
    let key = object.key();
    world.change(&key, |object| {
        if let Some(body) = object.claim_mut() {
            body.phase = ClaimPhase::Lost;
            body.capacity = None;
            body.bound_access_modes = [].into();
        }
    });
    world.record(Kind::PersistentVolumeClaim, &object.meta, Remark::warning(SOURCE, reason, message));
    note(world, &key, "claim-lost-its-volume", true, vec![Key::new(Kind::PersistentVolume, "", claim.volume_name.clone())]);
}

fn settle_volume(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let Some(volume) = object.volume() else { return };
    let Some(reference) = &volume.claim else {
        set_phase(world, key, VolumePhase::Available);
        return;
    };
    let Some(uid) = reference.uid else {
        // Reserved by a person: free for that claim only.
        set_phase(world, key, VolumePhase::Available);
        return;
    };
    let claim = world.get(&super::claim_key(reference)).filter(|claim| claim.meta.uid == uid);
    match claim.as_ref().and_then(|claim| claim.claim()) {
        None => release(world, &object, volume),
        Some(claim) if claim.volume_name == object.meta.name => set_phase(world, key, VolumePhase::Bound),
        Some(claim) if claim.volume_name.is_empty() => world.wake(Controller::VolumeBinder, super::claim_key(reference)),
        // The claim took another volume.
        Some(_) if object.meta.annotation(PROVISIONED_BY).is_some() && &*volume.reclaim_policy == "Delete" => {
            release(world, &object, volume);
        }
        Some(_) => {
            world.change(key, |object| {
                if object.meta.annotation(BOUND_BY_CONTROLLER).is_some()
                    && let Some(body) = object.volume_mut()
                {
                    body.claim = None;
                }
            });
        }
    }
}

fn set_phase(world: &mut World, key: &Key, phase: VolumePhase) {
    world.change(key, |object| {
        if let Some(body) = object.volume_mut() {
            body.phase = phase;
        }
    });
}

/// A volume whose claim is gone is kept or taken down, as its policy says.
fn release(world: &mut World, object: &Object, volume: &PersistentVolume) {
    let key = object.key();
    if !matches!(volume.phase, VolumePhase::Released | VolumePhase::Failed) {
        set_phase(world, &key, VolumePhase::Released);
    }
    if &*volume.reclaim_policy != "Delete" || object.meta.terminating() || volume.phase == VolumePhase::Failed {
        return;
    }
    if object.meta.annotation(PROVISIONED_BY).is_none() {
        let message = format!("error getting deleter volume plugin for volume {}: no volume plugin matched", go_quote(&key.name));
        set_phase(world, &key, VolumePhase::Failed);
        world.record(Kind::PersistentVolume, &object.meta, Remark::warning(SOURCE, "VolumeFailedDelete", message));
        return;
    }
    let at_ms = world.now_ms() + TAKE_DOWN_MS;
    world.memory.volumes.going.entry(key.clone()).or_insert(at_ms);
    world.wake_at(Controller::Provisioner, key, at_ms);
}
