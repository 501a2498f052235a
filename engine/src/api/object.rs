//! An object as the store keeps it: metadata and a body, and its document form.
//! It must not know the store.

use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use serde_json::Value;

use super::defaults::strategy;
use super::event::Event;
use super::kind::Kind;
use super::metadata::{Metadata, Text};
use super::node::Node;
use super::pod::Pod;
use crate::json::json;

use super::revision::ControllerRevision;
use super::service::{EndpointSlice, Service};
use super::statefulset::StatefulSet;
use super::storage::{PersistentVolume, PersistentVolumeClaim, StorageClass};
use super::time::Epoch;
use super::workload::{PodDisruptionBudget, Workload};

/// Which object: its kind, namespace and name. Keys sort in this order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The kind.
    pub kind: Kind,
    /// The head of the name, by which most keys differ: comparing it reads no text.
    head: (u64, u64),
    /// The namespace; empty for cluster-wide objects.
    pub namespace: Text,
    /// The name.
    pub name: Text,
}

impl Key {
    /// The key of an object; a cluster-wide kind drops the namespace.
    pub fn new(kind: Kind, namespace: impl Into<Text>, name: impl Into<Text>) -> Self {
        let name = name.into();
        Self { kind, head: head(&name), namespace: if kind.namespaced() { namespace.into() } else { Text::default() }, name }
    }

    #[inline(never)]
    fn cmp_texts(&self, other: &Self) -> Ordering {
        (&self.namespace, &self.name).cmp(&(&other.namespace, &other.name))
    }
}

/// The first sixteen bytes of a name as numbers that sort as the name does.
fn head(name: &str) -> (u64, u64) {
    let mut bytes = [0; 16];
    let len = name.len().min(bytes.len());
    bytes[..len].copy_from_slice(&name.as_bytes()[..len]);
    let whole = u128::from_be_bytes(bytes);
    ((whole >> 64) as u64, whole as u64)
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    /// Maps compare keys all the time: what decides most often comes first, and is decided on numbers and pointers.
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        if self.kind != other.kind {
            self.kind.cmp(&other.kind)
        } else if self.namespace.is(&other.namespace) && self.head != other.head {
            self.head.cmp(&other.head)
        } else {
            self.cmp_texts(other)
        }
    }
}

impl fmt::Display for Key {
    /// `StatefulSet/web`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.kind, self.name)
    }
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// `metadata`.
    pub meta: Metadata,
    /// Everything else.
    pub body: Body,
}

/// What an object of each kind holds beside its metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A pod.
    Pod(Pod),
    /// A StatefulSet.
    StatefulSet(StatefulSet),
    /// A ControllerRevision.
    ControllerRevision(ControllerRevision),
    /// A claim.
    PersistentVolumeClaim(PersistentVolumeClaim),
    /// A volume.
    PersistentVolume(PersistentVolume),
    /// A storage class.
    StorageClass(StorageClass),
    /// A Service.
    Service(Service),
    /// An EndpointSlice.
    EndpointSlice(EndpointSlice),
    /// A node.
    Node(Node),
    /// An Event.
    Event(Event),
    /// A Deployment.
    Deployment(Workload),
    /// A ReplicaSet.
    ReplicaSet(Workload),
    /// A PodDisruptionBudget.
    PodDisruptionBudget(PodDisruptionBudget),
    /// Kinds without behaviour: the document without `apiVersion`, `kind` and `metadata`.
    Other(Kind, Rc<Value>),
}

macro_rules! views {
    ($( $view:ident, $view_mut:ident, $variant:ident, $type:ty, $what:literal; )*) => {
        impl Object {
            $(
                #[doc = concat!("The body, where the object is ", $what, ".")]
                pub fn $view(&self) -> Option<&$type> {
                    match &self.body { Body::$variant(body) => Some(body), _ => None }
                }
                #[doc = concat!("The body to be changed, where the object is ", $what, ".")]
                pub fn $view_mut(&mut self) -> Option<&mut $type> {
                    match &mut self.body { Body::$variant(body) => Some(body), _ => None }
                }
            )*
        }
    };
}

views! {
    pod, pod_mut, Pod, Pod, "a pod";
    statefulset, statefulset_mut, StatefulSet, StatefulSet, "a StatefulSet";
    revision, revision_mut, ControllerRevision, ControllerRevision, "a ControllerRevision";
    claim, claim_mut, PersistentVolumeClaim, PersistentVolumeClaim, "a claim";
    volume, volume_mut, PersistentVolume, PersistentVolume, "a volume";
    class, class_mut, StorageClass, StorageClass, "a storage class";
    service, service_mut, Service, Service, "a Service";
    slice, slice_mut, EndpointSlice, EndpointSlice, "an EndpointSlice";
    node, node_mut, Node, Node, "a node";
    event, event_mut, Event, Event, "an Event";
    deployment, deployment_mut, Deployment, Workload, "a Deployment";
    replica_set, replica_set_mut, ReplicaSet, Workload, "a ReplicaSet";
    budget, budget_mut, PodDisruptionBudget, PodDisruptionBudget, "a PodDisruptionBudget";
}

impl Object {
    /// The object's kind.
    pub fn kind(&self) -> Kind {
        match &self.body {
            Body::Pod(_) => Kind::Pod,
            Body::StatefulSet(_) => Kind::StatefulSet,
            Body::ControllerRevision(_) => Kind::ControllerRevision,
            Body::PersistentVolumeClaim(_) => Kind::PersistentVolumeClaim,
            Body::PersistentVolume(_) => Kind::PersistentVolume,
            Body::StorageClass(_) => Kind::StorageClass,
            Body::Service(_) => Kind::Service,
            Body::EndpointSlice(_) => Kind::EndpointSlice,
            Body::Node(_) => Kind::Node,
            Body::Event(_) => Kind::Event,
            Body::Deployment(_) => Kind::Deployment,
            Body::ReplicaSet(_) => Kind::ReplicaSet,
            Body::PodDisruptionBudget(_) => Kind::PodDisruptionBudget,
            Body::Other(kind, _) => *kind,
        }
    }

    /// The object's key.
    pub fn key(&self) -> Key {
        Key::new(self.kind(), &self.meta.namespace, &self.meta.name)
    }

    /// Reads a document that has been defaulted and validated. `namespace` counts where the document names none; the
    /// status starts empty, since a status is never taken from a user.
    pub fn from_value(kind: Kind, value: &Value, namespace: &str, epoch: Epoch) -> Self {
        let namespace = if kind.namespaced() { namespace } else { "" };
        let mut meta = Metadata::from_value(value.get("metadata").unwrap_or(&Value::Null), namespace, epoch);
        if !kind.namespaced() {
            meta.namespace = "".into();
        }
        let body = match kind {
            Kind::Pod => Body::Pod(Pod::from_value(value)),
            Kind::StatefulSet => Body::StatefulSet(StatefulSet::from_value(value)),
            Kind::ControllerRevision => Body::ControllerRevision(ControllerRevision::from_value(value)),
            Kind::PersistentVolumeClaim => Body::PersistentVolumeClaim(PersistentVolumeClaim::from_value(value)),
            Kind::PersistentVolume => Body::PersistentVolume(PersistentVolume::from_value(value)),
            Kind::StorageClass => Body::StorageClass(StorageClass::from_value(value)),
            Kind::Service => Body::Service(Service::from_value(value)),
            Kind::EndpointSlice => Body::EndpointSlice(EndpointSlice::from_value(value)),
            Kind::Node => Body::Node(Node::from_value(value, epoch)),
            Kind::Deployment => Body::Deployment(Workload::from_value(value)),
            Kind::ReplicaSet => Body::ReplicaSet(Workload::from_value(value)),
            Kind::PodDisruptionBudget => Body::PodDisruptionBudget(PodDisruptionBudget::from_value(value)),
            other => Body::Other(other, Rc::new(rest_of(value))),
        };
        Self { meta, body }
    }

    /// The whole document, as `get -o yaml` shows it.
    pub fn to_value(&self, epoch: Epoch) -> Value {
        let mut value = match &self.body {
            Body::Pod(pod) => {
                let mut value = json!({"spec": pod.spec_to_value(), "status": pod.status_to_value(epoch)});
                if !pod.own.token_suffix.is_empty() {
                    strategy::admit_pod(&mut value, &pod.own.token_suffix);
                }
                value
            }
            Body::StatefulSet(set) => {
                json!({"spec": *set.spec.document, "status": set.status_to_value()})
            }
            Body::ControllerRevision(revision) => {
                json!({"data": *revision.data, "revision": revision.revision})
            }
            Body::PersistentVolumeClaim(claim) => {
                json!({"spec": claim.spec_to_value(), "status": claim.status_to_value()})
            }
            Body::PersistentVolume(volume) => {
                json!({"spec": volume.spec_to_value(), "status": {"phase": volume.phase.as_str()}})
            }
            Body::StorageClass(class) => Value::clone(&class.document),
            Body::Service(service) => {
                json!({"spec": *service.document, "status": {"loadBalancer": {}}})
            }
            Body::EndpointSlice(slice) => slice.to_value(&self.meta.namespace),
            Body::Node(node) => {
                json!({"spec": node.spec_to_value(epoch), "status": node.status_to_value(&self.meta.name, epoch)})
            }
            Body::Event(event) => event.to_value(epoch),
            Body::Deployment(workload) | Body::ReplicaSet(workload) => {
                json!({"spec": workload.spec_to_value(), "status": workload.status_to_value(epoch)})
            }
            Body::PodDisruptionBudget(budget) => {
                json!({"spec": *budget.document, "status": budget.status_to_value(epoch)})
            }
            Body::Other(_, document) => Value::clone(document),
        };
        if !value.is_object() {
            value = json!({});
        }
        value["apiVersion"] = json!(self.kind().api_version());
        value["kind"] = json!(self.kind().name());
        value["metadata"] = self.meta.to_value(epoch);
        value
    }
}

/// A document without `apiVersion`, `kind` and `metadata`.
pub fn rest_of(value: &Value) -> Value {
    let mut rest = value.clone();
    if let Some(map) = rest.as_object_mut() {
        for key in ["apiVersion", "kind", "metadata"] {
            map.remove(key);
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_by_kind_namespace_and_name() {
        let names = ["", "a", "ab", "b", "www-web-0", "www-web-00000000", "www-web-000000000", "www-web-000000001", "www-web-1"];
        let mut keys = Vec::new();
        for kind in [Kind::Event, Kind::Pod] {
            for namespace in ["a", "default", "default-0"] {
                keys.extend(names.map(|name| Key::new(kind, namespace, name)));
            }
        }
        for (at, key) in keys.iter().enumerate() {
            assert!(keys.iter().enumerate().all(|(other, known)| key.cmp(known) == at.cmp(&other) && (key == known) == (at == other)));
        }
    }
}
