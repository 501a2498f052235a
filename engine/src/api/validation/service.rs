//! Validation of Services.
//!
//! Follows `ValidateService` and `ValidateServiceUpdate` of `pkg/apis/core/validation/validation.go`, Kubernetes 1.36. Node
//! ports and cluster IPs are the allocator's: what is in use it must say.

use super::container::port_number_or_name;
use super::cursor::{Cursor, Errors};
use super::meta;
use crate::api::names::{self, NameForm};
use crate::api::status::{BadValue, FieldError, go_quote};
use crate::sorted::SortedSet;

const AFFINITY_SECONDS_MAX: i64 = 86_400;

/// A Service, new or changed.
pub(super) fn service(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Label, true, errors);
    let spec = object.child("spec");
    let kind = spec.text_of("type");
    let headless = is_headless(&spec);
    let ports = spec.child("ports");
    if ports.len() == 0 && !headless && kind != "ExternalName" {
        errors.push(FieldError::required(&ports.path, ""));
    }
    let addresses = spec.child("clusterIPs");
    match kind {
        "LoadBalancer" | "NodePort" if headless => {
            let detail = format!("may not be set to 'None' for {kind} services");
            errors.push(FieldError::invalid(&addresses.path.index(0), "None", detail));
        }
        "ExternalName" => external_name(&spec, errors),
        _ => {}
    }
    let mut port_names = SortedSet::new();
    for port in ports.elements() {
        self::port(&port, ports.len() > 1, &mut port_names, errors);
    }
    meta::labels(&spec.child("selector"), errors);
    errors.required_one_of(&spec.child("sessionAffinity"), &["ClientIP", "None"]);
    session_affinity(&spec, errors);
    if kind != "ExternalName" {
        cluster_ips(&spec, errors);
    }
    for ip in spec.elements_of("externalIPs") {
        errors.invalid_texts(&ip.path, ip.text(), names::ip_address(ip.text()));
    }
    errors.required_one_of(&spec.child("type"), &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]);
    port_pairs(&ports, kind, errors);
    if spec.child("loadBalancerSourceRanges").len() > 0 && kind != "LoadBalancer" {
        let path = spec.path.child("LoadBalancerSourceRanges");
        errors.push(FieldError::forbidden(&path, "may only be used when `type` is 'LoadBalancer'"));
    }
    for key in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
        if spec.has(key) && kind != "LoadBalancer" {
            let detail = "may only be used when `type` is 'LoadBalancer'";
            errors.push(FieldError::forbidden(&spec.path.child(key), detail));
        }
    }
    traffic_policies(&spec, kind, errors);
}

/// A changed Service: its cluster IP stays.
pub(super) fn service_update(old: &Cursor<'_>, new: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta_update(old, new, errors);
    let (before, after) = (old.child("spec"), new.child("spec"));
    let external = [&before, &after].iter().any(|spec| spec.text_of("type") == "ExternalName");
    let stays_headless = is_headless(&before) && is_headless(&after);
    if !external && !stays_headless {
        let (old_list, new_list) = (before.child("clusterIPs"), after.child("clusterIPs"));
        let shown = new_list.value_or_null();
        let path = new_list.path.clone();
        if old_list.len() > 0 && new_list.len() == 0 {
            errors.push(FieldError::invalid(&path.index(0), shown, "primary clusterIP can not be unset"));
        } else {
            for (index, (a, b)) in old_list.elements().zip(new_list.elements()).enumerate() {
                if a.text() != b.text() {
                    errors.push(FieldError::invalid(&path.index(index), shown.clone(), "may not change once set"));
                }
            }
        }
    }
    if !external && !is_headless(&before) && !is_headless(&after) {
        let (old_list, new_list) = (before.child("ipFamilies"), after.child("ipFamilies"));
        if old_list.elements().zip(new_list.elements()).any(|(a, b)| a.text() != b.text()) {
            let shown = new_list.value_or_null();
            errors.push(FieldError::invalid(&new_list.path.index(0), shown, "may not change once set"));
        }
    }
    service(new, errors);
}

fn is_headless(spec: &Cursor<'_>) -> bool {
    let addresses = spec.child("clusterIPs");
    addresses.len() == 1 && addresses.elements().all(|address| address.text() == "None")
}

fn external_name(spec: &Cursor<'_>, errors: &mut Errors) {
    for key in ["clusterIPs", "ipFamilies"] {
        if spec.child(key).len() > 0 {
            errors.push(FieldError::forbidden(&spec.path.child(key), "may not be set for ExternalName services"));
        }
    }
    if spec.has("ipFamilyPolicy") {
        let path = spec.path.child("ipFamilyPolicy");
        errors.push(FieldError::forbidden(&path, "may not be set for ExternalName services"));
    }
    let name = spec.child("externalName");
    let text = name.text().strip_suffix('.').unwrap_or(name.text());
    if text.is_empty() {
        errors.push(FieldError::required(&name.path, ""));
    } else {
        errors.invalid_texts(&name.path, text, names::dns1123_subdomain(text));
    }
}

fn port<'a>(port: &Cursor<'a>, needs_name: bool, taken: &mut SortedSet<&'a str>, errors: &mut Errors) {
    let name = port.child("name");
    if name.text().is_empty() {
        if needs_name {
            errors.push(FieldError::required(&name.path, ""));
        }
    } else {
        errors.invalid_texts(&name.path, name.text(), names::dns1123_label(name.text()));
        if !taken.insert(name.text()) {
            errors.push(FieldError::duplicate(&name.path, name.text()));
        }
    }
    let number = port.int_of("port").unwrap_or(0);
    for problem in names::port_number(number) {
        errors.push(FieldError::invalid(&port.path.child("port"), number, problem));
    }
    errors.required_one_of(&port.child("protocol"), &["SCTP", "TCP", "UDP"]);
    port_number_or_name(&port.child("targetPort"), errors);
    let protocol = port.child("appProtocol");
    if protocol.is_set() {
        errors.invalid_texts(&protocol.path, protocol.text(), names::qualified_name(protocol.text()));
    }
}

fn session_affinity(spec: &Cursor<'_>, errors: &mut Errors) {
    let config = spec.child("sessionAffinityConfig");
    match spec.text_of("sessionAffinity") {
        "ClientIP" => {
            let seconds = config.child("clientIP").child("timeoutSeconds");
            match seconds.int() {
                None => errors.push(FieldError::required(&config.path, "when session affinity type is ClientIP")),
                Some(value) if !(1..=AFFINITY_SECONDS_MAX).contains(&value) => {
                    let detail = format!("must be greater than 0 and less than {AFFINITY_SECONDS_MAX}");
                    errors.push(FieldError::invalid(&seconds.path, value, detail));
                }
                Some(_) => {}
            }
        }
        "None" if config.is_set() => {
            errors.push(FieldError::forbidden(&config.path, "must not be set when session affinity is None"));
        }
        _ => {}
    }
}

fn cluster_ips(spec: &Cursor<'_>, errors: &mut Errors) {
    let address = spec.text_of("clusterIP");
    let list = spec.child("clusterIPs");
    let first = list.elements().next();
    match (address.is_empty(), &first) {
        (false, None) => errors.push(FieldError::required(&list.path, "")),
        (false, Some(first)) if first.text() != address => {
            errors.push(FieldError::invalid(&list.path, list.value_or_null(), "first value must match `clusterIP`"));
        }
        (true, Some(_)) => {
            let detail = "must be empty when `clusterIP` is not specified";
            errors.push(FieldError::invalid(&list.path, list.value_or_null(), detail));
        }
        _ => {}
    }
    let mut families = SortedSet::new();
    for family in spec.elements_of("ipFamilies") {
        errors.one_of(&family, &["IPv4", "IPv6"]);
        if !families.insert(family.text()) {
            errors.push(FieldError::duplicate(&family.path, family.text()));
        }
    }
    if spec.has("ipFamilyPolicy") {
        let known = ["PreferDualStack", "RequireDualStack", "SingleStack"];
        errors.one_of(&spec.child("ipFamilyPolicy"), &known);
    }
    for (index, address) in list.elements().enumerate() {
        if index == 0 && address.text() == "None" {
            if list.len() > 1 {
                let detail = "'None' must be the first and only value";
                errors.push(FieldError::invalid(&list.path, list.value_or_null(), detail));
            }
            continue;
        }
        errors.invalid_texts(&address.path, address.text(), names::ip_address(address.text()));
    }
    if list.len() > 2 {
        errors.push(FieldError::invalid(&list.path, list.value_or_null(), "may only hold up to 2 values"));
    }
}

fn port_pairs(ports: &Cursor<'_>, kind: &str, errors: &mut Errors) {
    let node_port = |port: &Cursor<'_>| port.int_of("nodePort").filter(|number| *number != 0);
    if kind == "ClusterIP" {
        for port in ports.elements().filter(|port| node_port(port).is_some()) {
            let detail = "may not be used when `type` is 'ClusterIP'";
            errors.push(FieldError::forbidden(&port.path.child("nodePort"), detail));
        }
    }
    let mut taken = SortedSet::new();
    for port in ports.elements() {
        if let Some(number) = node_port(&port)
            && !taken.insert((port.text_of("protocol"), number))
        {
            errors.push(FieldError::duplicate(&port.path.child("nodePort"), number));
        }
    }
    let mut taken = SortedSet::new();
    for port in ports.elements() {
        let (protocol, number) = (port.text_of("protocol"), port.int_of("port").unwrap_or(0));
        if !taken.insert((protocol, number)) {
            let shown = format!(
                "{{\"Name\":\"\",\"Protocol\":{},\"AppProtocol\":null,\"Port\":{number},\"TargetPort\":0,\"NodePort\":0}}",
                go_quote(protocol)
            );
            errors.push(FieldError::duplicate(&port.path, BadValue::Text(shown)));
        }
    }
}

fn traffic_policies(spec: &Cursor<'_>, kind: &str, errors: &mut Errors) {
    let external = spec.child("externalTrafficPolicy");
    let reachable = matches!(kind, "LoadBalancer" | "NodePort") || (kind == "ClusterIP" && spec.child("externalIPs").len() > 0);
    if reachable {
        // A ClusterIP service with external IPs is given the policy by the strategy.
        if external.is_set() || kind != "ClusterIP" {
            errors.required_one_of(&external, &["Cluster", "Local"]);
        }
    } else if !external.text().is_empty() {
        let detail = "may only be set for externally-accessible services";
        errors.push(FieldError::invalid(&external.path, external.text(), detail));
    }
    let health = spec.child("healthCheckNodePort");
    let checked = kind == "LoadBalancer" && external.text() == "Local";
    if let Some(number) = health.int().filter(|number| *number != 0 && !checked) {
        let detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
        errors.push(FieldError::invalid(&health.path, number, detail));
    }
    let internal = spec.child("internalTrafficPolicy");
    if internal.is_set() {
        errors.one_of(&internal, &["Cluster", "Local"]);
    } else if matches!(kind, "NodePort" | "LoadBalancer" | "ClusterIP") {
        errors.push(FieldError::required(&internal.path, ""));
    }
    let distribution = spec.child("trafficDistribution");
    if distribution.is_set() {
        errors.one_of(&distribution, &["PreferClose", "PreferSameNode", "PreferSameZone"]);
    }
}
