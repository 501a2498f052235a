//! The columns of `kubectl get` for each kind, as the API server's table printers fill them.
//! It must not know flags or layout. Follows `pkg/printers/internalversion/printers.go`.

pub mod cluster;
pub mod network;
pub mod other;
pub mod pods;
pub mod storage;
pub mod workloads;

pub use network::endpoints_text;
pub use pods::{restarts, status};
pub use storage::access_modes;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::time::{Epoch, Ms};

use super::output::age;

/// A column: its heading, and whether only `-o wide` shows it.
pub type Column = (&'static str, bool);

/// The moment at which a table is made.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The moment.
    pub ms: Ms,
    /// The calendar.
    pub epoch: Epoch,
}

impl Now {
    /// The age of an object.
    pub fn age(self, object: &Object) -> String {
        age::since(object.meta.creation_ms, self.ms)
    }

    /// How long ago a moment was.
    pub fn since(self, then: Ms) -> String {
        age::since(then, self.ms)
    }
}

/// The columns of a kind.
pub fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Pod => pods::COLUMNS,
        Kind::StatefulSet => workloads::STATEFULSET,
        Kind::Deployment => workloads::DEPLOYMENT,
        Kind::ReplicaSet => workloads::REPLICASET,
        Kind::ControllerRevision => workloads::REVISION,
        Kind::PodDisruptionBudget => workloads::BUDGET,
        Kind::PersistentVolumeClaim => storage::CLAIM,
        Kind::PersistentVolume => storage::VOLUME,
        Kind::StorageClass => storage::CLASS,
        Kind::Service => network::SERVICE,
        Kind::Endpoints => network::ENDPOINTS,
        Kind::EndpointSlice => network::SLICE,
        Kind::Node => cluster::NODE,
        Kind::Namespace => cluster::NAMESPACE,
        Kind::Event => cluster::EVENT,
        other => other::columns(other),
    }
}

/// The cells of an object, wide ones included.
pub fn cells(object: &Object, now: Now) -> Vec<String> {
    match object.kind() {
        Kind::Pod => pods::cells(object, now),
        Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet | Kind::ControllerRevision | Kind::PodDisruptionBudget => {
            workloads::cells(object, now)
        }
        Kind::PersistentVolumeClaim | Kind::PersistentVolume | Kind::StorageClass => storage::cells(object, now),
        Kind::Service | Kind::Endpoints | Kind::EndpointSlice => network::cells(object, now),
        Kind::Node | Kind::Namespace | Kind::Event => cluster::cells(object, now),
        _ => other::cells(object, now),
    }
}

/// A text, or `<none>` where it is empty.
pub fn or_none(text: impl Into<String>) -> String {
    let text = text.into();
    if text.is_empty() { "<none>".to_owned() } else { text }
}
