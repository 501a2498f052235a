//! Services, Endpoints, EndpointSlices.

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::read;
use crate::api::service::{EndpointSlice, Service};
use crate::cluster::World;
use crate::controllers::endpoints::SERVICE_NAME;
use crate::kubectl::output::jsonpath::go_text;
use crate::kubectl::selectors;
use crate::kubectl::table::or_none;

use super::sheet::Sheet;

/// As many endpoints as a description shows for a port.
const SHOWN_MAX: usize = 3;

pub(super) fn service(sheet: &mut Sheet, object: &Object, service: &Service, world: &World) {
    let spec = &service.document;
    let text = |key: &str| read::string(spec, &[key]).unwrap_or_default();
    let list = |key: &str| read::items(spec, &[key]).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",");
    sheet.field(0, "Name", &object.meta.name);
    sheet.field(0, "Namespace", &object.meta.namespace);
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    sheet.field(0, "Selector", or_none(service.selector.as_ref().map(|labels| selectors::of_labels(labels)).unwrap_or_default()));
    sheet.field(0, "Type", &service.kind);
    if !text("ipFamilyPolicy").is_empty() {
        sheet.field(0, "IP Family Policy", text("ipFamilyPolicy"));
    }
    sheet.field(0, "IP Families", or_none(list("ipFamilies")));
    sheet.field(0, "IP", &service.cluster_ip);
    sheet.field(0, "IPs", or_none(list("clusterIPs")));
    if !list("externalIPs").is_empty() {
        sheet.field(0, "External IPs", list("externalIPs"));
    }
    if !service.external_name.is_empty() {
        sheet.field(0, "External Name", &service.external_name);
    }
    let slices = slices_of(object, world);
    for port in read::items(spec, &["ports"]) {
        let number = read::integer(port, &["port"]).unwrap_or(0);
        let protocol = read::string(port, &["protocol"]).unwrap_or("TCP");
        let name = read::string(port, &["name"]).unwrap_or_default();
        sheet.field(0, "Port", format!("{}  {number}/{protocol}", if name.is_empty() { "<unset>" } else { name }));
        sheet.field(0, "TargetPort", format!("{}/{protocol}", port.get("targetPort").map(go_text).unwrap_or_default()));
        if let Some(node_port) = read::integer(port, &["nodePort"]).filter(|number| *number > 0) {
            sheet.field(0, "NodePort", format!("{}  {node_port}/{protocol}", if name.is_empty() { "<unset>" } else { name }));
        }
        sheet.field(0, "Endpoints", addresses_of(&slices, name));
    }
    sheet.field(0, "Session Affinity", text("sessionAffinity"));
    for (title, key) in [("External Traffic Policy", "externalTrafficPolicy"), ("Internal Traffic Policy", "internalTrafficPolicy")] {
        if !text(key).is_empty() {
            sheet.field(0, title, text(key));
        }
    }
}

/// The slices that belong to a Service, by name.
fn slices_of<'a>(object: &Object, world: &'a World) -> Vec<&'a EndpointSlice> {
    let all = world.store.list(Kind::EndpointSlice, &object.meta.namespace);
    let ours = all.filter(|slice| slice.meta.label(SERVICE_NAME) == Some(&object.meta.name));
    ours.filter_map(|slice| slice.slice()).collect()
}

/// The ready addresses with the port of this name, at most three, in the order in which slices list them.
fn addresses_of(slices: &[&EndpointSlice], name: &str) -> String {
    if slices.is_empty() {
        return "<none>".to_owned();
    }
    let mut all = Vec::new();
    for slice in slices {
        let ports = slice.ports.iter().filter(|port| &*port.name == name);
        for port in ports {
            let ready = slice.endpoints.iter().filter(|endpoint| endpoint.ready);
            all.extend(ready.map(|endpoint| format!("{}:{}", endpoint.address, port.port)));
        }
    }
    if all.len() > SHOWN_MAX {
        return format!("{} + {} more...", all[..SHOWN_MAX].join(","), all.len() - SHOWN_MAX);
    }
    all.join(",")
}

pub(super) fn endpoints(sheet: &mut Sheet, object: &Object, document: &Value) {
    sheet.field(0, "Name", &object.meta.name);
    sheet.field(0, "Namespace", &object.meta.namespace);
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    sheet.line(0, "Subsets:");
    for subset in read::items(document, &["subsets"]) {
        for (title, key) in [("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")] {
            let ips: Vec<&str> = read::items(subset, &[key]).iter().filter_map(|address| read::string(address, &["ip"])).collect();
            sheet.field(1, title, or_none(ips.join(",")));
        }
        let ports = read::items(subset, &["ports"]);
        if !ports.is_empty() {
            sheet.line(1, "Ports:");
            sheet.line(2, "Name\tPort\tProtocol");
            sheet.line(2, "----\t----\t--------");
            for port in ports {
                let name = read::string(port, &["name"]).unwrap_or("<unset>");
                let protocol = read::string(port, &["protocol"]).unwrap_or("TCP");
                sheet.line(2, &format!("{name}\t{}\t{protocol}", read::integer(port, &["port"]).unwrap_or(0)));
            }
        }
        sheet.line(0, "");
    }
}

pub(super) fn slice(sheet: &mut Sheet, object: &Object, slice: &EndpointSlice) {
    sheet.field(0, "Name", &object.meta.name);
    sheet.field(0, "Namespace", &object.meta.namespace);
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    sheet.field(0, "AddressType", "IPv4");
    if slice.ports.is_empty() {
        sheet.field(0, "Ports", "<unset>");
    } else {
        sheet.line(0, "Ports:");
        sheet.line(1, "Name\tPort\tProtocol");
        sheet.line(1, "----\t----\t--------");
        for port in slice.ports.iter() {
            let name = if port.name.is_empty() { "<unset>" } else { &port.name };
            sheet.line(1, &format!("{name}\t{}\t{}", port.port, port.protocol));
        }
    }
    if slice.endpoints.is_empty() {
        return sheet.field(0, "Endpoints", "<none>");
    }
    sheet.line(0, "Endpoints:");
    for endpoint in slice.endpoints.iter() {
        let or_unset = |text: &str| if text.is_empty() { "<unset>".to_owned() } else { text.to_owned() };
        sheet.field(1, "- Addresses", &endpoint.address);
        sheet.line(2, "Conditions:");
        sheet.field(3, "Ready", endpoint.ready);
        sheet.field(2, "Hostname", or_unset(&endpoint.hostname));
        if !endpoint.pod.is_empty() {
            sheet.field(2, "TargetRef", format!("Pod/{}", endpoint.pod));
        }
        sheet.field(2, "NodeName", or_unset(&endpoint.node_name));
        sheet.field(2, "Zone", "<unset>");
    }
}
