//! The provisioner: makes a volume for a claim that asks for one, and takes down the volumes that it made.
//! It must not know how claims are bound. Follows `sig-storage-lib-external-provisioner`, `controller.go`.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Text};
use crate::api::object::{Body, Key, Object};
use crate::api::storage::{ClaimReference, PersistentVolume, PersistentVolumeClaim, VolumePhase};
use crate::api::text::text;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::recorder::Remark;
use crate::json::json;

use super::super::Controller;
use super::PROVISIONED_BY;

/// The annotation by which the binder asks a provisioner.
pub(super) const PROVISIONER: &str = "volume.kubernetes.io/storage-provisioner";
/// The same by its older name.
pub(super) const PROVISIONER_BETA: &str = "volume.beta.kubernetes.io/storage-provisioner";
/// Who writes the provisioner's Events, as in the recordings.
const SOURCE: &str = "k8s.io/minikube-hostpath_oracle";
/// How long it takes to make a volume, as recorded.
const MAKE_MS: Ms = 200;
/// Volumes live below this path of a node.
const ROOT: &str = "/tmp/hostpath-provisioner";

/// As many documents of volumes are kept to be used again.
const MADE_MAX: usize = 16;

/// What a volume was made from, and its document.
#[derive(Clone, Debug)]
pub(super) struct Made {
    claim: Rc<Value>,
    class: Text,
    reclaim_policy: Text,
    volume: Rc<Value>,
}

/// Provisioners that were part of Kubernetes, and the drivers that took over from them.
const MIGRATED: &[(&str, &str)] = &[
    ("kubernetes.io/aws-ebs", "ebs.csi.aws.com"),
    ("kubernetes.io/azure-disk", "disk.csi.azure.com"),
    ("kubernetes.io/azure-file", "file.csi.azure.com"),
    ("kubernetes.io/cinder", "cinder.csi.openstack.org"),
    ("kubernetes.io/gce-pd", "pd.csi.storage.gke.io"),
    ("kubernetes.io/portworx-volume", "pxd.portworx.com"),
    ("kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com"),
];

/// Who makes volumes for a class with this provisioner; `None` where nobody does.
pub(super) fn external_name(provisioner: &str) -> Option<&str> {
    if let Some((_, driver)) = MIGRATED.iter().find(|(name, _)| *name == provisioner) {
        return Some(driver);
    }
    (!provisioner.starts_with("kubernetes.io/")).then_some(provisioner)
}

/// Whether somebody makes volumes for a class with this provisioner. The sandbox plays every external provisioner.
pub fn provisions(provisioner: &str) -> bool {
    external_name(provisioner).is_some()
}

/// Has the provisioner look at a claim that asks for a volume.
pub(super) fn begin(world: &mut World, claim: &Key) {
    if !world.memory.volumes.under_way.contains_key(claim) {
        world.wake(Controller::Provisioner, claim.clone());
    }
}

/// Looks at one object.
pub fn provision(world: &mut World, key: &Key) {
    match key.kind {
        Kind::PersistentVolumeClaim => make(world, key),
        Kind::PersistentVolume => take_down(world, key),
        _ => {}
    }
}

fn make(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let Some(claim) = object.claim() else { return };
    let Some(provisioner) = object.meta.annotation(PROVISIONER) else { return };
    if !claim.volume_name.is_empty() {
        world.memory.volumes.under_way.remove(key);
        return;
    }
    let now = world.now_ms();
    let Some(due_ms) = world.memory.volumes.under_way.get(key).copied() else {
        let message = text!("External provisioner is provisioning volume for claim \"{}/{}\"", key.namespace, key.name);
        world.record(Kind::PersistentVolumeClaim, &object.meta, Remark::normal(SOURCE, "Provisioning", message));
        let due_ms = now + if world.instant { 0 } else { MAKE_MS };
        world.memory.volumes.under_way.insert(key.clone(), due_ms);
        world.wake_at(Controller::Provisioner, key.clone(), due_ms);
        return;
    };
    if now < due_ms {
        world.wake_at(Controller::Provisioner, key.clone(), due_ms);
        return;
    }
    world.memory.volumes.under_way.remove(key);
    let class = claim.class.clone().unwrap_or_default();
    let reclaim_policy = world.store.find(Kind::StorageClass, "", &class).and_then(|class| class.class());
    let reclaim_policy = reclaim_policy.map_or_else(|| "Delete".into(), |class| class.reclaim_policy.clone());
    let name = text!("pvc-{}", object.meta.uid);
    let mut meta = Metadata::new("", &name);
    meta.annotate(PROVISIONED_BY, provisioner);
    meta.add_finalizer("kubernetes.io/pv-protection");
    let volume = PersistentVolume {
        document: document(world, claim, &class, &reclaim_policy),
        host_path: text!("{ROOT}/{}/{}", key.namespace, key.name),
        class,
        capacity: claim.request,
        access_modes: claim.access_modes.clone(),
        reclaim_policy,
        claim: Some(ClaimReference {
            namespace: key.namespace.clone(),
            name: key.name.clone(),
            uid: Some(object.meta.uid),
            resource_version: object.meta.resource_version,
        }),
        phase: VolumePhase::Pending,
    };
    if world.store.find(Kind::PersistentVolume, "", &name).is_some() {
        return;
    }
    world.insert(Object { meta, body: Body::PersistentVolume(volume) });
    let message = text!("Successfully provisioned volume {name}");
    world.record(Kind::PersistentVolumeClaim, &object.meta, Remark::normal(SOURCE, "ProvisioningSucceeded", message));
}

/// The document of a new volume, the same one for all that are asked for alike.
fn document(world: &mut World, claim: &PersistentVolumeClaim, class: &Text, reclaim_policy: &Text) -> Rc<Value> {
    let asked = |made: &&Made| Rc::ptr_eq(&made.claim, &claim.document) && made.class == *class && made.reclaim_policy == *reclaim_policy;
    let made = &mut world.memory.volumes.made;
    if let Some(alike) = made.iter().find(asked) {
        return alike.volume.clone();
    }
    let modes: Vec<&str> = claim.access_modes.iter().map(|mode| &**mode).collect();
    let volume = Rc::new(json!({
        "accessModes": modes,
        "capacity": {"storage": claim.request.map_or_else(|| "0".to_owned(), |request| request.to_string())},
        "persistentVolumeReclaimPolicy": reclaim_policy,
        "storageClassName": class,
        "volumeMode": claim.document.get("volumeMode").cloned().unwrap_or_else(|| json!("Filesystem")),
    }));
    if made.len() == MADE_MAX {
        made.clear();
    }
    made.push(Made { claim: claim.document.clone(), class: class.clone(), reclaim_policy: reclaim_policy.clone(), volume: volume.clone() });
    volume
}

/// Takes down a released volume.
fn take_down(world: &mut World, key: &Key) {
    let Some(due_ms) = world.memory.volumes.going.get(key).copied() else { return };
    if world.now_ms() < due_ms {
        world.wake_at(Controller::Provisioner, key.clone(), due_ms);
        return;
    }
    world.memory.volumes.going.remove(key);
    let released = world.store.get(key).is_some_and(|object| {
        object.volume().is_some_and(|volume| volume.phase == VolumePhase::Released && &*volume.reclaim_policy == "Delete")
    });
    if released {
        // Deleting what has just been read cannot be refused.
        let _ = world.delete(key, &DeleteOptions::default());
    }
}
