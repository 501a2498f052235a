//! Claims, volumes, storage classes.

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::read;
use crate::api::storage::{PersistentVolume, PersistentVolumeClaim, StorageClass, is_default_class};
use crate::cluster::World;
use crate::kubectl::output::age;
use crate::kubectl::table::{access_modes, or_none};

use super::containers;
use super::sheet::Sheet;

fn phase(object: &Object, phase: &str, world: &World) -> String {
    match object.meta.deletion {
        Some(deletion) => format!("Terminating (lasts {})", age::since(deletion.at_ms, world.now_ms())),
        None => phase.to_owned(),
    }
}

fn finalizers(object: &Object) -> String {
    format!("[{}]", object.meta.finalizers.iter().map(|finalizer| &**finalizer).collect::<Vec<_>>().join(" "))
}

pub(super) fn claim(sheet: &mut Sheet, object: &Object, claim: &PersistentVolumeClaim, world: &World) {
    sheet.field(0, "Name", &object.meta.name);
    sheet.field(0, "Namespace", &object.meta.namespace);
    sheet.field(0, "StorageClass", claim.class.as_deref().unwrap_or_default());
    sheet.field(0, "Status", phase(object, claim.phase.as_str(), world));
    sheet.field(0, "Volume", &claim.volume_name);
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    sheet.field(0, "Finalizers", finalizers(object));
    let bound = !claim.volume_name.is_empty();
    sheet.field(0, "Capacity", claim.capacity.filter(|_| bound).map(|capacity| capacity.to_string()).unwrap_or_default());
    sheet.field(0, "Access Modes", if bound { access_modes(&claim.bound_access_modes) } else { String::new() });
    sheet.field(0, "VolumeMode", read::string(&claim.document, &["volumeMode"]).unwrap_or("Filesystem"));
    if let Some(source) = claim.document.get("dataSource").filter(|source| source.is_object()) {
        sheet.line(0, "DataSource:");
        for (title, key) in [("Kind", "kind"), ("Name", "name")] {
            sheet.field(1, title, read::string(source, &[key]).unwrap_or_default());
        }
    }
    let users = world
        .store
        .list(Kind::Pod, &object.meta.namespace)
        .filter(|pod| pod.pod().is_some_and(|body| body.claims().any(|volume| volume.claim == object.meta.name)));
    sheet.pairs("Used By", users.map(|pod| pod.meta.name.to_string()).collect());
}

pub(super) fn volume(sheet: &mut Sheet, object: &Object, volume: &PersistentVolume, world: &World) {
    sheet.field(0, "Name", &object.meta.name);
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    sheet.field(0, "Finalizers", finalizers(object));
    sheet.field(0, "StorageClass", &volume.class);
    sheet.field(0, "Status", phase(object, volume.phase.as_str(), world));
    sheet.field(0, "Claim", volume.claim.as_ref().map(|claim| format!("{}/{}", claim.namespace, claim.name)).unwrap_or_default());
    sheet.field(0, "Reclaim Policy", &volume.reclaim_policy);
    sheet.field(0, "Access Modes", access_modes(&volume.access_modes));
    sheet.field(0, "VolumeMode", read::string(&volume.document, &["volumeMode"]).unwrap_or("Filesystem"));
    sheet.field(0, "Capacity", volume.capacity.map(|capacity| capacity.to_string()).unwrap_or_default());
    affinity(sheet, &volume.document);
    sheet.field(0, "Message", "");
    sheet.line(0, "Source:");
    containers::source(sheet, &volume.spec_to_value());
}

fn affinity(sheet: &mut Sheet, document: &Value) {
    let terms = read::items(document, &["nodeAffinity", "required", "nodeSelectorTerms"]);
    if terms.is_empty() {
        return sheet.field(0, "Node Affinity", "<none>");
    }
    sheet.line(0, "Node Affinity:");
    sheet.line(1, "Required Terms:");
    for (index, term) in terms.iter().enumerate() {
        let parts = read::items(term, &["matchExpressions"]).iter().map(|expression| {
            let values: Vec<&str> = read::items(expression, &["values"]).iter().filter_map(Value::as_str).collect();
            let text = |key: &str| read::string(expression, &[key]).unwrap_or_default();
            format!("{} {} [{}]", text("key"), text("operator").to_ascii_lowercase(), values.join(", "))
        });
        sheet.field(2, &format!("Term {index}"), or_none(parts.collect::<Vec<_>>().join(", ")));
    }
}

pub(super) fn class(sheet: &mut Sheet, object: &Object, class: &StorageClass) {
    sheet.field(0, "Name", &object.meta.name);
    sheet.field(0, "IsDefaultClass", if is_default_class(&object.meta) { "Yes" } else { "No" });
    let annotations: Vec<String> = object.meta.annotations.iter().map(|(key, value)| format!("{key}={value}")).collect();
    sheet.field(0, "Annotations", or_none(annotations.join(",")));
    sheet.field(0, "Provisioner", &class.provisioner);
    let parameters = read::labels(&class.document, &["parameters"]);
    sheet.field(0, "Parameters", or_none(crate::kubectl::selectors::of_labels(&parameters)));
    let expansion = class.document.get("allowVolumeExpansion").and_then(Value::as_bool);
    sheet.field(
        0,
        "AllowVolumeExpansion",
        match expansion {
            None => "<unset>",
            Some(true) => "True",
            Some(false) => "False",
        },
    );
    let options: Vec<&str> = read::items(&class.document, &["mountOptions"]).iter().filter_map(Value::as_str).collect();
    if options.is_empty() {
        sheet.field(0, "MountOptions", "<none>");
    } else {
        sheet.line(0, "MountOptions:");
        for option in options {
            sheet.line(1, option);
        }
    }
    sheet.field(0, "ReclaimPolicy", &class.reclaim_policy);
    sheet.field(0, "VolumeBindingMode", if class.waits_for_consumer { "WaitForFirstConsumer" } else { "Immediate" });
}
