//! Claims, volumes, storage classes.

use super::{Column, Now};
use crate::api::metadata::Text;
use crate::api::object::{Body, Object};
use crate::api::read;
use crate::api::storage::is_default_class;

pub(super) const CLAIM: &[Column] = &[
    ("NAME", false),
    ("STATUS", false),
    ("VOLUME", false),
    ("CAPACITY", false),
    ("ACCESS MODES", false),
    ("STORAGECLASS", false),
    ("VOLUMEATTRIBUTESCLASS", false),
    ("AGE", false),
    ("VOLUMEMODE", true),
];
pub(super) const VOLUME: &[Column] = &[
    ("NAME", false),
    ("CAPACITY", false),
    ("ACCESS MODES", false),
    ("RECLAIM POLICY", false),
    ("STATUS", false),
    ("CLAIM", false),
    ("STORAGECLASS", false),
    ("VOLUMEATTRIBUTESCLASS", false),
    ("REASON", false),
    ("AGE", false),
    ("VOLUMEMODE", true),
];
pub(super) const CLASS: &[Column] = &[
    ("NAME", false),
    ("PROVISIONER", false),
    ("RECLAIMPOLICY", false),
    ("VOLUMEBINDINGMODE", false),
    ("ALLOWVOLUMEEXPANSION", false),
    ("AGE", false),
];

pub(super) fn cells(object: &Object, now: Now) -> Vec<String> {
    let name = object.meta.name.to_string();
    let age = now.age(object);
    let attributes = |document| read::string(document, &["volumeAttributesClassName"]).unwrap_or("<unset>").to_owned();
    let mode = |document| read::string(document, &["volumeMode"]).unwrap_or("<unset>").to_owned();
    match &object.body {
        Body::PersistentVolumeClaim(claim) => {
            let phase = if object.meta.terminating() { "Terminating" } else { claim.phase.as_str() };
            let bound = !claim.volume_name.is_empty();
            let capacity = claim.capacity.filter(|_| bound).map(|capacity| capacity.to_string()).unwrap_or_default();
            let modes = if bound { access_modes(&claim.bound_access_modes) } else { String::new() };
            vec![
                name,
                phase.to_owned(),
                claim.volume_name.to_string(),
                capacity,
                modes,
                claim.class.as_deref().unwrap_or_default().to_owned(),
                attributes(&*claim.document),
                age,
                mode(&*claim.document),
            ]
        }
        Body::PersistentVolume(volume) => {
            let phase = if object.meta.terminating() { "Terminating" } else { volume.phase.as_str() };
            let claim = volume.claim.as_ref().map(|claim| format!("{}/{}", claim.namespace, claim.name));
            vec![
                name,
                volume.capacity.map(|capacity| capacity.to_string()).unwrap_or_default(),
                access_modes(&volume.access_modes),
                volume.reclaim_policy.to_string(),
                phase.to_owned(),
                claim.unwrap_or_default(),
                volume.class.to_string(),
                attributes(&*volume.document),
                String::new(),
                age,
                mode(&*volume.document),
            ]
        }
        Body::StorageClass(class) => vec![
            if is_default_class(&object.meta) { format!("{name} (default)") } else { name },
            class.provisioner.to_string(),
            class.reclaim_policy.to_string(),
            if class.waits_for_consumer { "WaitForFirstConsumer" } else { "Immediate" }.to_owned(),
            read::flag(&class.document, &["allowVolumeExpansion"]).to_string(),
            age,
        ],
        _ => vec![name, age],
    }
}

/// `RWO,ROX`.
pub fn access_modes(modes: &[Text]) -> String {
    let short = [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
    let present = short.iter().filter(|(long, _)| modes.iter().any(|mode| &**mode == *long));
    present.map(|(_, short)| *short).collect::<Vec<_>>().join(",")
}
