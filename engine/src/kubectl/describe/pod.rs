//! Pods.

use crate::api::object::Object;
use crate::api::pod::Pod;
use crate::api::read;
use crate::cluster::World;
use crate::kubectl::output::age;

use super::containers;
use super::sheet::Sheet;

pub(super) fn describe(sheet: &mut Sheet, object: &Object, pod: &Pod, world: &World) {
    let epoch = world.settings.epoch;
    let document = object.to_value(epoch);
    let spec = &document["spec"];
    let text = |path: &[&str]| read::string(&document, path).unwrap_or_default().to_owned();
    sheet.field(0, "Name", &object.meta.name);
    sheet.field(0, "Namespace", &object.meta.namespace);
    sheet.field(0, "Priority", read::integer(spec, &["priority"]).unwrap_or(0));
    if !text(&["spec", "priorityClassName"]).is_empty() {
        sheet.field(0, "Priority Class Name", text(&["spec", "priorityClassName"]));
    }
    sheet.field(0, "Service Account", text(&["spec", "serviceAccountName"]));
    if pod.bound() {
        let host = if pod.status.host_ip.is_empty() { host_ip(pod, world) } else { pod.status.host_ip.to_string() };
        sheet.field(0, "Node", format!("{}/{host}", pod.node_name));
    } else {
        sheet.field(0, "Node", "<none>");
    }
    if let Some(start_ms) = pod.status.start_ms {
        sheet.field(0, "Start Time", epoch.rfc1123(start_ms));
    }
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    match object.meta.deletion {
        Some(deletion) if !pod.status.phase.terminal() => {
            sheet.field(0, "Status", format!("Terminating (lasts {})", age::since(deletion.at_ms, world.now_ms())));
            sheet.field(0, "Termination Grace Period", format!("{}s", deletion.grace_period_seconds));
        }
        _ => sheet.field(0, "Status", pod.status.phase.as_str()),
    }
    for (title, words) in [("Reason", &pod.status.reason), ("Message", &pod.status.message)] {
        if !words.is_empty() {
            sheet.field(0, title, words);
        }
    }
    sheet.field(0, "IP", &pod.status.ip);
    if pod.status.ip.is_empty() {
        sheet.field(0, "IPs", "<none>");
    } else {
        sheet.line(0, "IPs:");
        sheet.field(1, "IP", &pod.status.ip);
    }
    if let Some(owner) = object.meta.controller() {
        sheet.field(0, "Controlled By", format!("{}/{}", owner.kind, owner.name));
    }
    let statuses = |key: &str| read::items(&document, &["status", key]);
    if !read::items(spec, &["initContainers"]).is_empty() {
        let some = Some((statuses("initContainerStatuses"), epoch, &document));
        containers::containers(sheet, "Init Containers", spec, "initContainers", some, "");
    }
    containers::containers(sheet, "Containers", spec, "containers", Some((statuses("containerStatuses"), epoch, &document)), "");
    if !pod.status.conditions.is_empty() {
        sheet.line(0, "Conditions:");
        sheet.line(1, "Type\tStatus");
        for condition in &pod.status.conditions {
            sheet.line(1, &format!("{} \t{} ", condition.kind, condition.status.as_str()));
        }
    }
    containers::volumes(sheet, spec, "");
    sheet.field(0, "QoS Class", text(&["status", "qosClass"]));
    sheet.labels("Node-Selectors", &read::labels(spec, &["nodeSelector"]));
    containers::tolerations(sheet, "Tolerations", spec);
    containers::spread(sheet, "Topology Spread Constraints", spec);
}

fn host_ip(pod: &Pod, world: &World) -> String {
    let node = world.store.find(crate::api::kind::Kind::Node, "", &pod.node_name);
    node.and_then(|node| node.node()).map(|node| node.internal_ip.to_string()).unwrap_or_default()
}
