//! A claim with its volume.
//! It must not know columns.

use statefulset_engine::api::metadata::Text;
use statefulset_engine::api::object::Object;
use statefulset_engine::api::storage::PersistentVolumeClaim;

/// A claim and the volume it is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimCard {
    /// Its namespace.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// Its uid.
    pub uid: Text,
    /// `status.phase`.
    pub phase: &'static str,
    /// Whether deletion was asked for.
    pub terminating: bool,
    /// Its size: what it has, else what it asks for.
    pub size: Text,
    /// The class it asks for; empty where it asks for none.
    pub class: Text,
    /// Its volume; empty until it is bound.
    pub volume: Text,
    /// The phase of its volume; empty where there is none.
    pub volume_phase: &'static str,
    /// Whether a pod uses it now.
    pub used: bool,
}

impl ClaimCard {
    /// The card of a claim; `volume` is the one that it names, where that is there.
    pub(super) fn of(object: &Object, claim: &PersistentVolumeClaim, volume: Option<&Object>, used: bool) -> Self {
        let volume = volume.and_then(Object::volume);
        let size = claim.capacity.as_ref().or(claim.request.as_ref());
        Self {
            namespace: object.meta.namespace.clone(),
            name: object.meta.name.clone(),
            uid: object.meta.uid.to_string().into(),
            phase: claim.phase.as_str(),
            terminating: object.meta.terminating(),
            size: size.map_or_else(|| "".into(), |size| size.to_string().into()),
            class: claim.class.clone().unwrap_or_else(|| "".into()),
            volume: claim.volume_name.clone(),
            volume_phase: volume.map_or("", |volume| volume.phase.as_str()),
            used,
        }
    }

    /// A short form of the volume's name: `pvc-3f1c…` for one that was made for a claim.
    pub fn volume_short(&self) -> Text {
        match self.volume.strip_prefix("pvc-") {
            Some(id) if id.len() > 8 => format!("pvc-{}…", &id[..id.char_indices().nth(5).map_or(id.len(), |(at, _)| at)]).into(),
            _ => self.volume.clone(),
        }
    }
}
