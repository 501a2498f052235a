//! Events: what an actor said about an object, and how often.
//! Follows `core/v1 Event`. It must not know when an actor speaks.

use serde_json::Value;

use super::kind::Kind;
use super::metadata::{Text, Uid};
use super::time::{Epoch, Ms};
use crate::json::json;

/// The body of an Event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The kind of the object concerned.
    pub object_kind: Kind,
    /// Its namespace; empty for a cluster-wide object.
    pub object_namespace: Text,
    /// Its name.
    pub object_name: Text,
    /// Its uid.
    pub object_uid: Uid,
    /// The part concerned, such as `spec.containers{nginx}`; empty for the whole.
    pub field_path: Text,
    /// `type` is `Warning`.
    pub warning: bool,
    /// `reason`.
    pub reason: &'static str,
    /// `message`.
    pub message: Text,
    /// `source.component`.
    pub source: &'static str,
    /// How often it was said; 0 where the writer uses the newer events API, which counts in a series.
    pub count: u32,
    /// `series.count`, where the writer uses the newer events API and has repeated itself; 0 otherwise.
    pub series: u32,
    /// When it was first said.
    pub first_ms: Ms,
    /// When it was last said.
    pub last_ms: Ms,
}

impl Event {
    /// The document without `apiVersion`, `kind` and `metadata`.
    pub fn to_value(&self, epoch: Epoch) -> Value {
        let mut object = json!({
            "apiVersion": self.object_kind.api_version(),
            "kind": self.object_kind.name(),
            "name": &*self.object_name,
            "uid": self.object_uid.to_string(),
        });
        if !self.object_namespace.is_empty() {
            object["namespace"] = json!(&*self.object_namespace);
        }
        if !self.field_path.is_empty() {
            object["fieldPath"] = json!(&*self.field_path);
        }
        let kind = if self.warning { "Warning" } else { "Normal" };
        if self.count == 0 {
            let mut value = json!({
                "involvedObject": object,
                "type": kind,
                "reason": self.reason,
                "message": &*self.message,
                "action": if self.warning { "Scheduling" } else { "Binding" },
                "source": {},
                "reportingComponent": self.source,
                "reportingInstance": self.source,
                "firstTimestamp": null,
                "lastTimestamp": null,
                "eventTime": epoch.rfc3339(self.first_ms).replace('Z', ".000000Z"),
            });
            if self.series > 0 {
                value["series"] = json!({"count": self.series, "lastObservedTime": epoch.rfc3339(self.last_ms).replace('Z', ".000000Z")});
            }
            return value;
        }
        json!({
            "involvedObject": object,
            "type": kind,
            "reason": self.reason,
            "message": &*self.message,
            "source": {"component": self.source},
            "reportingComponent": self.source,
            "reportingInstance": "",
            "count": self.count,
            "firstTimestamp": epoch.rfc3339(self.first_ms),
            "lastTimestamp": epoch.rfc3339(self.last_ms),
            "eventTime": null,
        })
    }
}
