//! Nodes and namespaces.

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::node::Node;
use crate::api::object::{Body, Object};
use crate::api::quantity::Quantity;
use crate::api::read;
use crate::cluster::World;
use crate::kubectl::output::{age, jsonpath::go_text};
use crate::kubectl::table::or_none;
use crate::order;

use super::sheet::Sheet;

pub(super) fn describe(sheet: &mut Sheet, object: &Object, node: &Node, world: &World) {
    let epoch = world.settings.epoch;
    let document = object.to_value(epoch);
    sheet.field(0, "Name", &object.meta.name);
    let roles: Vec<&str> = object.meta.labels.keys().filter_map(|label| label.strip_prefix("node-role.kubernetes.io/")).collect();
    sheet.field(0, "Roles", or_none(roles.join(",")));
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    sheet.field(0, "CreationTimestamp", epoch.rfc1123(object.meta.creation_ms));
    let mut taints: Vec<String> = node
        .taints
        .iter()
        .map(|taint| {
            let value = if taint.value.is_empty() { String::new() } else { format!("={}", taint.value) };
            format!("{}{value}:{}", taint.key, taint.effect)
        })
        .collect();
    order::sort(&mut taints);
    sheet.pairs("Taints", taints);
    sheet.field(0, "Unschedulable", node.unschedulable);
    let conditions = read::items(&document, &["status", "conditions"]);
    sheet.line(0, "Lease:");
    sheet.field(1, "HolderIdentity", &object.meta.name);
    sheet.field(1, "AcquireTime", "<unset>");
    let date = |value: &Value, key: &str| {
        read::string(value, &[key]).and_then(|text| epoch.ms(text)).map(|ms| epoch.rfc1123(ms)).unwrap_or_default()
    };
    let silent = node.ready != crate::api::pod::ConditionStatus::True;
    let renewed =
        if silent { conditions.last().map(|condition| date(condition, "lastHeartbeatTime")) } else { Some(epoch.rfc1123(world.now_ms())) };
    sheet.field(1, "RenewTime", renewed.unwrap_or_default());
    sheet.line(0, "Conditions:");
    sheet.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    sheet.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for condition in conditions {
        let text = |key: &str| read::string(condition, &[key]).unwrap_or_default();
        sheet.line(
            1,
            &format!(
                "{} \t{} \t{} \t{} \t{} \t{}",
                text("type"),
                text("status"),
                date(condition, "lastHeartbeatTime"),
                date(condition, "lastTransitionTime"),
                text("reason"),
                text("message")
            ),
        );
    }
    sheet.line(0, "Addresses:");
    for address in read::items(&document, &["status", "addresses"]) {
        let text = |key: &str| read::string(address, &[key]).unwrap_or_default();
        sheet.field(1, text("type"), text("address"));
    }
    for (title, key) in [("Capacity", "capacity"), ("Allocatable", "allocatable")] {
        sheet.line(0, &format!("{title}:"));
        for (resource, amount) in read::at(&document, &["status", key]).and_then(Value::as_object).into_iter().flatten() {
            sheet.field(1, resource, go_text(amount));
        }
    }
    sheet.line(0, "System Info:");
    for (title, key) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        let text = read::string(&document, &["status", "nodeInfo", key]);
        sheet.field(1, title, text.unwrap_or_else(|| if key.ends_with("ID") { &object.meta.name } else { "" }));
    }
    if let Some(cidr) = read::string(&document, &["spec", "podCIDR"]) {
        sheet.field(0, "PodCIDR", cidr);
        let all: Vec<&str> = read::items(&document, &["spec", "podCIDRs"]).iter().filter_map(Value::as_str).collect();
        sheet.field(0, "PodCIDRs", all.join(","));
    }
    pods(sheet, object, &document, world);
}

fn pods(sheet: &mut Sheet, object: &Object, document: &Value, world: &World) {
    let on_node =
        |pod: &&std::rc::Rc<Object>| pod.pod().is_some_and(|body| body.node_name == object.meta.name && !body.status.phase.terminal());
    let found: Vec<&std::rc::Rc<Object>> = world.store.all(Kind::Pod).filter(on_node).collect();
    sheet.field(0, "Non-terminated Pods", format!("({} in total)", found.len()));
    sheet.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    sheet.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    let kinds = [("requests", "cpu"), ("limits", "cpu"), ("requests", "memory"), ("limits", "memory")];
    let mut totals = [Quantity::from_units(0, crate::api::quantity::Format::DecimalSi); 4];
    for pod in found {
        let spec = pod.pod().map(|pod| pod.spec_to_value()).unwrap_or(Value::Null);
        let mut cells = Vec::new();
        for (index, (list, resource)) in kinds.iter().enumerate() {
            let amounts: Vec<Quantity> = read::items(&spec, &["containers"])
                .iter()
                .filter_map(|container| read::at(container, &["resources", list, resource]))
                .filter_map(|amount| Quantity::parse(&go_text(amount)).ok())
                .collect();
            let sum = amounts.iter().skip(1).fold(amounts.first().copied(), |sum, amount| sum.map(|sum| sum.plus(*amount)));
            if let Some(sum) = sum {
                totals[index] = if totals[index].sign() == 0 { sum } else { totals[index].plus(sum) };
            }
            cells.push(share(sum, document, resource));
        }
        let age = age::since(pod.meta.creation_ms, world.now_ms());
        sheet.line(1, &format!("{}\t{}\t\t{}\t{age}", pod.meta.namespace, pod.meta.name, cells.join("\t")));
    }
    sheet.line(0, "Allocated resources:");
    sheet.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
    sheet.line(1, "Resource\tRequests\tLimits");
    sheet.line(1, "--------\t--------\t------");
    for (title, at) in [("cpu", 0), ("memory", 2)] {
        sheet.line(1, &format!("{title}\t{}\t{}", share(Some(totals[at]), document, title), share(Some(totals[at + 1]), document, title)));
    }
    sheet.line(1, "ephemeral-storage\t0 (0%)\t0 (0%)");
}

fn share(amount: Option<Quantity>, document: &Value, resource: &str) -> String {
    let Some(amount) = amount.filter(|amount| amount.sign() != 0) else {
        return "0 (0%)".to_owned();
    };
    let all = read::at(document, &["status", "allocatable", resource]).map(go_text).and_then(|text| Quantity::parse(&text).ok());
    let percent = all.map_or(0, |all| amount.milli_value() * 100 / all.milli_value().max(1));
    format!("{amount} ({percent}%)")
}

pub(super) fn namespace(sheet: &mut Sheet, object: &Object) {
    sheet.field(0, "Name", &object.meta.name);
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    let phase = match &object.body {
        Body::Other(_, document) if !object.meta.terminating() => {
            read::string(document, &["status", "phase"]).unwrap_or("Active").to_owned()
        }
        _ => "Terminating".to_owned(),
    };
    sheet.field(0, "Status", phase);
    sheet.line(0, "\nNo resource quota.\n\nNo LimitRange resource.");
}
