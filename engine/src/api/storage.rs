//! StorageClasses, PersistentVolumes and PersistentVolumeClaims.
//! Follows `storage/v1` and `core/v1`. It must not know how claims are bound.

use std::rc::Rc;

use serde_json::Value;

use super::metadata::{Metadata, Text, Uid};
use super::quantity::Quantity;
use super::read;
use crate::json::json;

/// The annotation that makes a class the default.
pub const DEFAULT_CLASS: &str = "storageclass.kubernetes.io/is-default-class";

/// The body of a StorageClass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageClass {
    /// The document without `apiVersion`, `kind` and `metadata`.
    pub document: Rc<Value>,
    /// `provisioner`.
    pub provisioner: Text,
    /// `reclaimPolicy`.
    pub reclaim_policy: Text,
    /// `volumeBindingMode` is `WaitForFirstConsumer`.
    pub waits_for_consumer: bool,
}

impl StorageClass {
    /// Reads a defaulted document.
    pub fn from_value(value: &Value) -> Self {
        Self {
            provisioner: read::text(value, &["provisioner"]),
            reclaim_policy: read::string(value, &["reclaimPolicy"]).unwrap_or("Delete").into(),
            waits_for_consumer: read::string(value, &["volumeBindingMode"]) == Some("WaitForFirstConsumer"),
            document: Rc::new(super::object::rest_of(value)),
        }
    }
}

/// Whether a class with this metadata is the default.
pub fn is_default_class(metadata: &Metadata) -> bool {
    metadata.annotation(DEFAULT_CLASS) == Some("true")
}

/// The body of a PersistentVolumeClaim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersistentVolumeClaim {
    /// The defaulted spec as it was written.
    pub document: Rc<Value>,
    /// `storageClassName`; `None` where none is set, empty for "no class".
    pub class: Option<Text>,
    /// `accessModes`.
    pub access_modes: Rc<[Text]>,
    /// `resources.requests.storage`; `None` where it is absent or no quantity.
    pub request: Option<Quantity>,
    /// `volumeName`; empty until the claim is bound.
    pub volume_name: Text,
    /// `status.phase`.
    pub phase: ClaimPhase,
    /// `status.capacity.storage`, once bound.
    pub capacity: Option<Quantity>,
    /// `status.accessModes`, once bound.
    pub bound_access_modes: Rc<[Text]>,
}

/// `status.phase` of a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClaimPhase {
    /// Not bound.
    #[default]
    Pending,
    /// Bound to a volume.
    Bound,
    /// Its volume is gone.
    Lost,
}

impl ClaimPhase {
    /// The word that the API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Bound => "Bound",
            Self::Lost => "Lost",
        }
    }
}

impl PersistentVolumeClaim {
    /// Reads the defaulted document of a claim.
    pub fn from_value(value: &Value) -> Self {
        let spec = value.get("spec").cloned().unwrap_or(Value::Null);
        Self {
            class: read::string(&spec, &["storageClassName"])
                .or_else(|| read::string(value, &["metadata", "annotations", "volume.beta.kubernetes.io/storage-class"]))
                .map(Text::from),
            access_modes: read::texts(&spec, &["accessModes"]),
            request: storage(&spec, &["resources", "requests", "storage"]),
            volume_name: read::text(&spec, &["volumeName"]),
            phase: ClaimPhase::Pending,
            capacity: None,
            bound_access_modes: [].into(),
            document: Rc::new(spec),
        }
    }

    /// `spec` as a document.
    pub fn spec_to_value(&self) -> Value {
        let mut spec = Value::clone(&self.document);
        if let Some(class) = &self.class
            && spec.get("storageClassName").is_none()
        {
            spec["storageClassName"] = json!(&**class);
        }
        if !self.volume_name.is_empty() {
            spec["volumeName"] = json!(&*self.volume_name);
        }
        spec
    }

    /// `status` as a document.
    pub fn status_to_value(&self) -> Value {
        let mut status = json!({"phase": self.phase.as_str()});
        if let Some(capacity) = &self.capacity {
            status["capacity"] = json!({"storage": capacity.to_string()});
            status["accessModes"] = self.bound_access_modes.iter().map(|mode| json!(&**mode)).collect();
        }
        status
    }
}

/// The body of a PersistentVolume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersistentVolume {
    /// The defaulted spec as it was written, but for `hostPath` where `host_path` stands for it.
    pub document: Rc<Value>,
    /// `hostPath.path`; empty where the volume is something else. Volumes that are made alike differ in it alone and share the rest.
    pub host_path: Text,
    /// `storageClassName`.
    pub class: Text,
    /// `capacity.storage`; `None` where it is absent or no quantity.
    pub capacity: Option<Quantity>,
    /// `accessModes`.
    pub access_modes: Rc<[Text]>,
    /// `persistentVolumeReclaimPolicy`.
    pub reclaim_policy: Text,
    /// `claimRef`.
    pub claim: Option<ClaimReference>,
    /// `status.phase`.
    pub phase: VolumePhase,
}

/// `spec.claimRef` of a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimReference {
    /// The claim's namespace.
    pub namespace: Text,
    /// The claim's name.
    pub name: Text,
    /// The claim's uid; absent where a person reserved the volume by name.
    pub uid: Option<Uid>,
    /// The claim's resourceVersion when it was bound.
    pub resource_version: u64,
}

/// `status.phase` of a volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VolumePhase {
    /// Not looked at yet.
    #[default]
    Pending,
    /// Free.
    Available,
    /// Bound to a claim.
    Bound,
    /// Its claim is gone.
    Released,
    /// Could not be reclaimed.
    Failed,
}

impl VolumePhase {
    /// The word that the API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Available => "Available",
            Self::Bound => "Bound",
            Self::Released => "Released",
            Self::Failed => "Failed",
        }
    }
}

impl PersistentVolume {
    /// Reads the defaulted document of a volume.
    pub fn from_value(value: &Value) -> Self {
        let mut spec = value.get("spec").cloned().unwrap_or(Value::Null);
        let host_path = take_host_path(&mut spec);
        Self {
            host_path,
            class: read::text(&spec, &["storageClassName"]),
            capacity: storage(&spec, &["capacity", "storage"]),
            access_modes: read::texts(&spec, &["accessModes"]),
            reclaim_policy: read::string(&spec, &["persistentVolumeReclaimPolicy"]).unwrap_or("Retain").into(),
            claim: spec.get("claimRef").filter(|claim| claim.is_object()).map(|claim| ClaimReference {
                namespace: read::text(claim, &["namespace"]),
                name: read::text(claim, &["name"]),
                uid: read::string(claim, &["uid"]).and_then(Uid::parse),
                resource_version: read::string(claim, &["resourceVersion"]).and_then(|text| text.parse().ok()).unwrap_or(0),
            }),
            phase: VolumePhase::Pending,
            document: Rc::new(spec),
        }
    }

    /// `spec` as a document.
    pub fn spec_to_value(&self) -> Value {
        let mut spec = Value::clone(&self.document);
        if !self.host_path.is_empty() {
            spec["hostPath"] = json!({"path": self.host_path, "type": ""});
        }
        match &self.claim {
            Some(claim) => {
                let mut reference = json!({
                    "apiVersion": "v1",
                    "kind": "PersistentVolumeClaim",
                    "namespace": &*claim.namespace,
                    "name": &*claim.name,
                });
                if let Some(uid) = claim.uid {
                    reference["uid"] = json!(uid.to_string());
                    reference["resourceVersion"] = json!(claim.resource_version.to_string());
                }
                spec["claimRef"] = reference;
            }
            None => {
                read::take(&mut spec, &[], "claimRef");
            }
        }
        spec
    }
}

/// Takes out a `hostPath` that is nothing but a path.
fn take_host_path(spec: &mut Value) -> Text {
    let source = spec.get("hostPath").and_then(Value::as_object).filter(|source| source.len() == 2);
    let path =
        source.filter(|source| source.get("type").and_then(Value::as_str) == Some("")).and_then(|source| source.get("path")?.as_str());
    let path: Text = path.unwrap_or_default().into();
    if !path.is_empty() {
        read::take(spec, &[], "hostPath");
    }
    path
}

fn storage(spec: &Value, path: &[&str]) -> Option<Quantity> {
    read::string(spec, path).and_then(|text| Quantity::parse(text).ok())
}
