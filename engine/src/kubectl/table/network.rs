//! Services, Endpoints, EndpointSlices.

use serde_json::Value;

use super::{Column, Now, or_none};
use crate::api::object::{Body, Object};
use crate::api::read;
use crate::api::service::Service;
use crate::kubectl::selectors;

pub(super) const SERVICE: &[Column] = &[
    ("NAME", false),
    ("TYPE", false),
    ("CLUSTER-IP", false),
    ("EXTERNAL-IP", false),
    ("PORT(S)", false),
    ("AGE", false),
    ("SELECTOR", true),
];
pub(super) const ENDPOINTS: &[Column] = &[("NAME", false), ("ENDPOINTS", false), ("AGE", false)];
pub(super) const SLICE: &[Column] = &[("NAME", false), ("ADDRESSTYPE", false), ("PORTS", false), ("ENDPOINTS", false), ("AGE", false)];

/// As many endpoints as the table shows.
const SHOWN_MAX: usize = 3;

pub(super) fn cells(object: &Object, now: Now) -> Vec<String> {
    let name = object.meta.name.to_string();
    let age = now.age(object);
    match &object.body {
        Body::Service(service) => vec![
            name,
            service.kind.to_string(),
            or_none(&*service.cluster_ip),
            external(service),
            ports(service),
            age,
            or_none(service.selector.as_ref().map(|selector| selectors::of_labels(selector)).unwrap_or_default()),
        ],
        Body::EndpointSlice(slice) => {
            let ports: Vec<String> = slice.ports.iter().map(|port| port.port.to_string()).collect();
            let addresses: Vec<&str> = slice.endpoints.iter().map(|endpoint| &*endpoint.address).collect();
            vec![name, "IPv4".to_owned(), shortened_ports(ports), or_unset(shortened(&addresses)), age]
        }
        Body::Other(_, document) => vec![name, endpoints_text(document, SHOWN_MAX), age],
        _ => vec![name, age],
    }
}

fn or_unset(text: String) -> String {
    if text.is_empty() { "<unset>".to_owned() } else { text }
}

fn shortened_ports(ports: Vec<String>) -> String {
    let ports: Vec<&str> = ports.iter().map(String::as_str).collect();
    or_unset(shortened(&ports))
}

fn shortened(all: &[&str]) -> String {
    if all.len() <= SHOWN_MAX {
        return all.join(",");
    }
    format!("{} + {} more...", all[..SHOWN_MAX].join(","), all.len() - SHOWN_MAX)
}

/// The addresses of an Endpoints document with their ports, at most so many.
pub fn endpoints_text(document: &Value, shown_max: usize) -> String {
    let subsets = read::items(document, &["subsets"]);
    if subsets.is_empty() {
        return "<none>".to_owned();
    }
    let mut all = Vec::new();
    for subset in subsets {
        let ports = read::items(subset, &["ports"]);
        let addresses = read::items(subset, &["addresses"]).iter().filter_map(|address| read::string(address, &["ip"]));
        if ports.is_empty() {
            all.extend(addresses.map(str::to_owned));
            continue;
        }
        let addresses: Vec<&str> = addresses.collect();
        for port in ports {
            let port = read::integer(port, &["port"]).unwrap_or(0);
            all.extend(addresses.iter().map(|address| format!("{address}:{port}")));
        }
    }
    let shown = all[..all.len().min(shown_max)].join(",");
    let text = if all.len() > shown_max { format!("{shown} + {} more...", all.len() - shown_max) } else { shown };
    or_none(text)
}

fn external(service: &Service) -> String {
    let listed: Vec<&str> = read::items(&service.document, &["externalIPs"]).iter().filter_map(Value::as_str).collect();
    match &*service.kind {
        "ExternalName" => service.external_name.to_string(),
        "LoadBalancer" if listed.is_empty() => "<pending>".to_owned(),
        _ if listed.is_empty() => "<none>".to_owned(),
        _ => listed.join(","),
    }
}

fn ports(service: &Service) -> String {
    let ports = read::items(&service.document, &["ports"]).iter().map(|port| {
        let number = read::integer(port, &["port"]).unwrap_or(0);
        let protocol = read::string(port, &["protocol"]).unwrap_or("TCP");
        match read::integer(port, &["nodePort"]).filter(|node_port| *node_port > 0) {
            Some(node_port) => format!("{number}:{node_port}/{protocol}"),
            None => format!("{number}/{protocol}"),
        }
    });
    or_none(ports.collect::<Vec<_>>().join(","))
}
