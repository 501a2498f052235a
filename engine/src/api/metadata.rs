//! What every object carries: name, uid, versions, labels, owners, finalizers, deletion.
//! Follows `metav1.ObjectMeta`. It must not know any kind.

use crate::json::json;
use crate::sorted::SortedMap;
use std::fmt;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::kind::Kind;
use super::read;
use super::time::{Epoch, Ms};

pub use super::text::Text;

/// Labels or annotations, shared until they change.
pub type Labels = Rc<SortedMap<Text, Text>>;

/// The annotation in which client-side apply keeps what was applied last.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The identity of one life of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(pub u128);

impl fmt::Display for Uid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = ((self.0 >> 64) as u64, self.0 as u64);
        let [first, second, third] = [head >> 32, head >> 16 & 0xffff, head & 0xffff];
        write!(formatter, "{first:08x}-{second:04x}-{third:04x}-{:04x}-{:012x}", tail >> 48, tail & 0xffff_ffff_ffff)
    }
}

impl Uid {
    /// Reads the written form; `None` where it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let hex: String = text.chars().filter(|character| *character != '-').collect();
        (hex.len() == 32).then(|| u128::from_str_radix(&hex, 16).ok().map(Self)).flatten()
    }
}

/// An entry of `metadata.ownerReferences`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerReference {
    /// `apps/v1`.
    pub api_version: Text,
    /// `StatefulSet`.
    pub kind: Text,
    /// The owner's name.
    pub name: Text,
    /// The owner's uid: another object of that name is not the owner.
    pub uid: Uid,
    /// Whether this owner manages the object; absent where it was not written.
    pub controller: Option<bool>,
    /// Whether foreground deletion of the owner waits for this object; absent where it was not written.
    pub block_owner_deletion: Option<bool>,
}

/// The fact that an object is being deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// `deletionTimestamp`: when the object may be gone at the latest.
    pub at_ms: Ms,
    /// `deletionGracePeriodSeconds`.
    pub grace_period_seconds: i64,
}

/// `metadata` of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The name, unique among objects of one kind in one namespace.
    pub name: Text,
    /// The namespace; empty for cluster-wide objects.
    pub namespace: Text,
    /// `generateName`; empty where none was given.
    pub generate_name: Text,
    /// Set by the store.
    pub uid: Uid,
    /// The store's revision at the last change.
    pub resource_version: u64,
    /// Counts changes of what was asked for; 0 for kinds that do not count.
    pub generation: i64,
    /// When the object was created.
    pub creation_ms: Ms,
    /// Set once deletion was asked for.
    pub deletion: Option<Deletion>,
    /// Labels.
    pub labels: Labels,
    /// Annotations.
    pub annotations: Labels,
    /// What must be removed before the object can go.
    pub finalizers: Rc<[Text]>,
    /// Who owns the object.
    pub owners: Rc<[OwnerReference]>,
}

impl Metadata {
    /// Metadata of a new object; the store fills in the rest.
    pub fn new(namespace: impl Into<Text>, name: impl Into<Text>) -> Self {
        // What is empty is shared: it need not be allocated anew for each object.
        thread_local!(static BLANK: Metadata = Metadata {
            name: Text::default(),
            namespace: Text::default(),
            generate_name: Text::default(),
            uid: Uid::default(),
            resource_version: 0,
            generation: 0,
            creation_ms: 0,
            deletion: None,
            labels: Labels::default(),
            annotations: Labels::default(),
            finalizers: [].into(),
            owners: [].into(),
        });
        Self { name: name.into(), namespace: namespace.into(), ..BLANK.with(Self::clone) }
    }

    /// Whether deletion was asked for.
    pub fn terminating(&self) -> bool {
        self.deletion.is_some()
    }

    /// The owner that manages the object.
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.owners.iter().find(|owner| owner.controller == Some(true))
    }

    /// Whether an owner with this uid manages the object.
    pub fn controlled_by(&self, uid: Uid) -> bool {
        self.controller().is_some_and(|owner| owner.uid == uid)
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.get(key).map(AsRef::as_ref)
    }

    /// The value of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.get(key).map(AsRef::as_ref)
    }

    /// Sets an annotation.
    pub fn annotate(&mut self, key: &str, value: &str) {
        Rc::make_mut(&mut self.annotations).insert(key.into(), value.into());
    }

    /// Sets a label.
    pub fn set_label(&mut self, key: &str, value: &str) {
        Rc::make_mut(&mut self.labels).insert(key.into(), value.into());
    }

    /// Whether a finalizer is present.
    pub fn has_finalizer(&self, finalizer: &str) -> bool {
        self.finalizers.iter().any(|present| &**present == finalizer)
    }

    /// Adds a finalizer where it is absent.
    pub fn add_finalizer(&mut self, finalizer: &str) {
        if !self.has_finalizer(finalizer) {
            self.finalizers = self.finalizers.iter().cloned().chain([finalizer.into()]).collect();
        }
    }

    /// Removes a finalizer.
    pub fn remove_finalizer(&mut self, finalizer: &str) {
        if self.has_finalizer(finalizer) {
            self.finalizers = self.finalizers.iter().filter(|present| &***present != finalizer).cloned().collect();
        }
    }

    /// Reads `metadata` of a document; `namespace` counts where the document names none.
    pub fn from_value(value: &Value, namespace: &str, epoch: Epoch) -> Self {
        let written = read::string(value, &["namespace"]).filter(|written| !written.is_empty()).unwrap_or(namespace);
        let mut metadata = Self::new(written, read::string(value, &["name"]).unwrap_or_default());
        metadata.generate_name = read::text(value, &["generateName"]);
        metadata.uid = read::string(value, &["uid"]).and_then(Uid::parse).unwrap_or_default();
        metadata.resource_version = read::string(value, &["resourceVersion"]).and_then(|text| text.parse().ok()).unwrap_or(0);
        metadata.generation = read::integer(value, &["generation"]).unwrap_or(0);
        metadata.creation_ms = read::string(value, &["creationTimestamp"]).and_then(|text| epoch.ms(text)).unwrap_or(0);
        metadata.deletion = read::string(value, &["deletionTimestamp"])
            .and_then(|text| epoch.ms(text))
            .map(|at_ms| Deletion { at_ms, grace_period_seconds: read::integer(value, &["deletionGracePeriodSeconds"]).unwrap_or(0) });
        metadata.labels = read::labels(value, &["labels"]);
        metadata.annotations = read::labels(value, &["annotations"]);
        metadata.finalizers = read::texts(value, &["finalizers"]);
        metadata.owners = read::items(value, &["ownerReferences"]).iter().map(owner_from_value).collect();
        metadata
    }

    /// The document form, with the keys that the API server writes.
    pub fn to_value(&self, epoch: Epoch) -> Value {
        let mut map = Map::new();
        let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
        put("name", json!(&*self.name));
        if !self.namespace.is_empty() {
            put("namespace", json!(&*self.namespace));
        }
        if !self.generate_name.is_empty() {
            put("generateName", json!(&*self.generate_name));
        }
        put("uid", json!(self.uid.to_string()));
        put("resourceVersion", json!(self.resource_version.to_string()));
        if self.generation != 0 {
            put("generation", json!(self.generation));
        }
        put("creationTimestamp", json!(epoch.rfc3339(self.creation_ms)));
        if let Some(deletion) = self.deletion {
            put("deletionTimestamp", json!(epoch.rfc3339(deletion.at_ms)));
            put("deletionGracePeriodSeconds", json!(deletion.grace_period_seconds));
        }
        if !self.labels.is_empty() {
            put("labels", labels_to_value(&self.labels));
        }
        if !self.annotations.is_empty() {
            put("annotations", labels_to_value(&self.annotations));
        }
        if !self.finalizers.is_empty() {
            put("finalizers", self.finalizers.iter().map(|finalizer| json!(&**finalizer)).collect());
        }
        if !self.owners.is_empty() {
            put("ownerReferences", self.owners.iter().map(owner_to_value).collect());
        }
        Value::Object(map)
    }
}

/// An owner reference to an object of `kind` that manages what carries it.
pub fn controller_reference(kind: Kind, owner: &Metadata) -> OwnerReference {
    OwnerReference {
        api_version: kind.api_version().into(),
        kind: kind.name().into(),
        name: owner.name.clone(),
        uid: owner.uid,
        controller: Some(true),
        block_owner_deletion: Some(true),
    }
}

/// A map of strings as a document.
pub fn labels_to_value(labels: &SortedMap<Text, Text>) -> Value {
    json!(labels)
}

fn owner_from_value(value: &Value) -> OwnerReference {
    OwnerReference {
        api_version: read::text(value, &["apiVersion"]),
        kind: read::text(value, &["kind"]),
        name: read::text(value, &["name"]),
        uid: read::string(value, &["uid"]).and_then(Uid::parse).unwrap_or_default(),
        controller: value.get("controller").and_then(Value::as_bool),
        block_owner_deletion: value.get("blockOwnerDeletion").and_then(Value::as_bool),
    }
}

fn owner_to_value(owner: &OwnerReference) -> Value {
    let mut value = json!({
        "apiVersion": &*owner.api_version,
        "kind": &*owner.kind,
        "name": &*owner.name,
        "uid": owner.uid.to_string(),
    });
    if let Some(controller) = owner.controller {
        value["controller"] = json!(controller);
    }
    if let Some(block) = owner.block_owner_deletion {
        value["blockOwnerDeletion"] = json!(block);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_reads_as_it_is_written() {
        let uid = Uid(0x9faa_c55c_d00d_438f_a746_2d38_2a24_30da);
        assert_eq!(uid.to_string(), "9faac55c-d00d-438f-a746-2d382a2430da");
        assert_eq!(Uid::parse(&uid.to_string()), Some(uid));
        assert_eq!(Uid::parse("x"), None);
    }

    #[test]
    fn metadata_survives_a_round_trip() {
        let epoch = Epoch::default();
        let mut metadata = Metadata::new("default", "web-0");
        metadata.uid = Uid(7);
        metadata.resource_version = 12;
        metadata.creation_ms = 3_000;
        metadata.deletion = Some(Deletion { at_ms: 13_000, grace_period_seconds: 10 });
        metadata.set_label("app", "nginx");
        metadata.annotate("a", "b");
        metadata.add_finalizer("kubernetes.io/pvc-protection");
        metadata.owners = [controller_reference(Kind::StatefulSet, &Metadata::new("default", "web"))].into();
        assert_eq!(Metadata::from_value(&metadata.to_value(epoch), "other", epoch), metadata);
    }
}
