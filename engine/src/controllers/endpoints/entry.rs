//! A pod's entry in a slice. It must not know slices.
//! Follows `endpointslice/utils.go` and `k8s.io/endpointslice/util` 1.36.

use std::rc::Rc;

use serde_json::Value;

use crate::api::metadata::Metadata;
use crate::api::object::Object;
use crate::api::pod::Pod;
use crate::api::service::{Endpoint, EndpointPort, Service, ServicePort};

use super::view;

/// Whether a pod is listed at all: it has an address and has not ended.
pub(super) fn is_listed(object: &Object) -> bool {
    object.pod().is_some_and(|pod| !pod.status.ip.is_empty() && !pod.status.phase.terminal())
}

/// Whether two states of a listed pod make the same entry for every Service.
pub(super) fn looks_the_same(before: &Object, after: &Object) -> bool {
    let (Some(old), Some(new)) = (before.pod(), after.pod()) else { return false };
    before.meta.uid == after.meta.uid
        && before.meta.terminating() == after.meta.terminating()
        && before.meta.labels == after.meta.labels
        && old.ready() == new.ready()
        && old.status.ip == new.status.ip
        && old.node_name == new.node_name
}

/// The entry of a pod and the ports at which it answers; `None` where it is not listed.
pub(super) fn of(object: &Object, service: &Metadata, body: &Service) -> Option<(Rc<[EndpointPort]>, Rc<Endpoint>)> {
    if !is_listed(object) {
        return None;
    }
    let pod = object.pod()?;
    let serving = pod.ready();
    let terminating = object.meta.terminating();
    let governed = !pod.own.hostname.is_empty() && pod.own.subdomain == service.name && object.meta.namespace == service.namespace;
    let endpoint = Endpoint {
        address: pod.status.ip.clone(),
        hostname: if governed { pod.own.hostname.clone() } else { "".into() },
        node_name: pod.node_name.clone(),
        pod: object.meta.name.clone(),
        pod_uid: object.meta.uid,
        ready: view::publishes_unready(service, body) || (serving && !terminating),
        serving,
        terminating,
    };
    Some((ports(pod, body), Rc::new(endpoint)))
}

/// The ports at which a pod answers for a Service; a named port that the pod lacks is left out.
fn ports(pod: &Pod, service: &Service) -> Rc<[EndpointPort]> {
    let resolved = service.ports.iter().filter_map(|port| {
        let number = target(pod, port)?;
        Some(EndpointPort { name: port.name.clone(), port: number, protocol: port.protocol.clone() })
    });
    resolved.collect()
}

fn target(pod: &Pod, port: &ServicePort) -> Option<i64> {
    match &port.target {
        Value::String(name) => {
            let ports = pod.spec.containers.iter().flat_map(|container| container.ports.iter());
            ports.into_iter().find(|offered| *offered.name == **name && offered.protocol == port.protocol).map(|offered| offered.port)
        }
        number => number.as_i64().filter(|number| *number != 0).or(Some(port.port)),
    }
}
