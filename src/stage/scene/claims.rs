//! A claim with its volume.
//! It must not know columns.

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Object;
use statefulset_engine::api::storage::PersistentVolumeClaim;
use statefulset_engine::cluster::store::Store;

/// A claim and the volume it is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimCard {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// `status.phase`.
    pub phase: &'static str,
    /// Whether deletion was asked for.
    pub terminating: bool,
    /// Its size: what it has, else what it asks for.
    pub size: String,
    /// The class it asks for; empty where it asks for none.
    pub class: String,
    /// Its volume; empty until it is bound.
    pub volume: String,
    /// The phase of its volume; empty where there is none.
    pub volume_phase: &'static str,
    /// Whether a pod uses it now.
    pub used: bool,
}

impl ClaimCard {
    /// The card of a claim.
    pub(super) fn of(object: &Object, claim: &PersistentVolumeClaim, used: bool, store: &Store) -> Self {
        let volume = store.find(Kind::PersistentVolume, "", &claim.volume_name).and_then(|volume| volume.volume());
        Self {
            namespace: object.meta.namespace.to_string(),
            name: object.meta.name.to_string(),
            uid: object.meta.uid.to_string(),
            phase: claim.phase.as_str(),
            terminating: object.meta.terminating(),
            size: claim.capacity.as_ref().or(claim.request.as_ref()).map(ToString::to_string).unwrap_or_default(),
            class: claim.class.as_ref().map(ToString::to_string).unwrap_or_default(),
            volume: claim.volume_name.to_string(),
            volume_phase: volume.map_or("", |volume| volume.phase.as_str()),
            used,
        }
    }

    /// A short form of the volume's name: `pvc-3f1c…` for one that was made for a claim.
    pub fn volume_short(&self) -> String {
        match self.volume.strip_prefix("pvc-") {
            Some(id) if id.len() > 8 => format!("pvc-{}…", &id[..id.char_indices().nth(5).map_or(id.len(), |(at, _)| at)]),
            _ => self.volume.clone(),
        }
    }
}
