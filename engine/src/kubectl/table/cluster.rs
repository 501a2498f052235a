//! Nodes, namespaces, events.

use super::{Column, Now, or_none};
use crate::api::object::{Body, Object};
use crate::api::pod::ConditionStatus;
use crate::api::read;

pub(super) const NODE: &[Column] = &[
    ("NAME", false),
    ("STATUS", false),
    ("ROLES", false),
    ("AGE", false),
    ("VERSION", false),
    ("INTERNAL-IP", true),
    ("EXTERNAL-IP", true),
    ("OS-IMAGE", true),
    ("KERNEL-VERSION", true),
    ("CONTAINER-RUNTIME", true),
];
pub(super) const NAMESPACE: &[Column] = &[("NAME", false), ("STATUS", false), ("AGE", false)];
pub(super) const EVENT: &[Column] = &[
    ("LAST SEEN", false),
    ("TYPE", false),
    ("REASON", false),
    ("OBJECT", false),
    ("SUBOBJECT", true),
    ("SOURCE", true),
    ("MESSAGE", false),
    ("FIRST SEEN", true),
    ("COUNT", true),
    ("NAME", true),
];

pub(super) fn cells(object: &Object, now: Now) -> Vec<String> {
    let name = object.meta.name.to_string();
    match &object.body {
        Body::Node(node) => {
            let ready = if node.ready == ConditionStatus::True { "Ready" } else { "NotReady" };
            let status = if node.unschedulable { format!("{ready},SchedulingDisabled") } else { ready.to_owned() };
            let document = node.status_to_value(&name, now.epoch);
            let info = |key: &str| read::string(&document, &["nodeInfo", key]).unwrap_or("<unknown>").to_owned();
            let prefix = "node-role.kubernetes.io/";
            let roles: Vec<&str> = object.meta.labels.keys().filter_map(|label| label.strip_prefix(prefix)).collect();
            vec![
                name,
                status,
                or_none(roles.join(",")),
                now.age(object),
                info("kubeletVersion"),
                or_none(&*node.internal_ip),
                "<none>".to_owned(),
                info("osImage"),
                format!("{} ({})", info("kernelVersion"), info("architecture")),
                info("containerRuntimeVersion"),
            ]
        }
        Body::Event(event) => vec![
            now.since(event.last_ms),
            if event.warning { "Warning" } else { "Normal" }.to_owned(),
            event.reason.to_string(),
            format!("{}/{}", event.object_kind.name().to_ascii_lowercase(), event.object_name),
            event.field_path.to_string(),
            event.source.to_string(),
            event.message.trim().to_owned(),
            now.since(event.first_ms),
            event.count.max(1).to_string(),
            name,
        ],
        Body::Other(_, document) => {
            let phase =
                if object.meta.terminating() { "Terminating" } else { read::string(document, &["status", "phase"]).unwrap_or("Active") };
            vec![name, phase.to_owned(), now.age(object)]
        }
        _ => vec![name],
    }
}
