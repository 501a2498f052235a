//! `Endpoints`, the view of before 1.21: worked out from the pods when it is read, not stored.
//! It must not change anything. Follows `pkg/controller/endpoint/endpoints_controller.go` 1.36.

use crate::hash;
use crate::json::json;
use crate::order;
use crate::sorted::SortedMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Uid};
use crate::api::object::{Body, Object};
use crate::api::service::{Endpoint, EndpointPort, Service, TOLERATE_UNREADY};
use crate::cluster::World;
use crate::cluster::random::mix;

use super::{HEADLESS, SERVICE_NAME};

/// The annotation that older manifests use for `publishNotReadyAddresses`.
pub(super) const TOLERATE: &str = TOLERATE_UNREADY;

/// Whether pods that are not ready count as ready.
pub(super) fn publishes_unready(service: &Metadata, body: &Service) -> bool {
    body.publish_not_ready || service.annotation(TOLERATE) == Some("true")
}

/// The `Endpoints` of a Service with a selector. Its uid follows from the Service's, so that it stays the same; its
/// resourceVersion is that of the newest slice.
pub fn derived(world: &World, service: &Object) -> Option<Object> {
    let body = service.service()?;
    body.selector.as_ref()?;
    let mut subsets: SortedMap<String, Subset> = SortedMap::new();
    let mut meta = Metadata::new(service.meta.namespace.clone(), service.meta.name.clone());
    meta.labels = service.meta.labels.clone();
    meta.set_label("endpoints.kubernetes.io/managed-by", "endpoint-controller");
    if body.headless() {
        meta.set_label(HEADLESS, "");
    }
    let uid = service.meta.uid.0;
    let low = mix((uid >> 64) as u64 ^ uid as u64);
    let high = mix(low);
    meta.uid = Uid((u128::from(high) << 64 | u128::from(low)) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62);
    meta.creation_ms = service.meta.creation_ms;
    meta.resource_version = service.meta.resource_version;
    for object in world.store.owned_by(service.meta.uid) {
        let Some(slice) = object.slice() else { continue };
        if object.meta.label(SERVICE_NAME) != Some(&service.meta.name) {
            continue;
        }
        meta.resource_version = meta.resource_version.max(object.meta.resource_version);
        if slice.endpoints.is_empty() {
            continue;
        }
        let mut ports: Vec<&EndpointPort> = slice.ports.iter().collect();
        order::sort_by_key(&mut ports, |port| hash::md5(dump(port).as_bytes()));
        let ports: Vec<Value> = ports.into_iter().map(|port| port_value(&port.name, port.port, &port.protocol)).collect();
        let subset = subsets.entry(json!(ports).to_string()).or_insert_with(|| Subset { ports, ..Subset::default() });
        for endpoint in slice.endpoints.iter() {
            if endpoint.ready {
                subset.ready.push(endpoint.clone());
            } else if !endpoint.terminating {
                subset.unready.push(endpoint.clone());
            }
        }
    }
    let subsets: Vec<Value> = subsets.into_values().filter_map(|subset| subset.into_value(&service.meta.namespace)).collect();
    let document = if subsets.is_empty() { json!({}) } else { json!({"subsets": subsets}) };
    Some(Object { meta, body: Body::Other(Kind::Endpoints, Rc::new(document)) })
}

#[derive(Clone, Default)]
struct Subset {
    ports: Vec<Value>,
    ready: Vec<Rc<Endpoint>>,
    unready: Vec<Rc<Endpoint>>,
}

impl Subset {
    fn into_value(self, namespace: &str) -> Option<Value> {
        let addresses = |mut endpoints: Vec<Rc<Endpoint>>| -> Vec<Value> {
            order::sort_by(&mut endpoints, |left, right| left.address.cmp(&right.address));
            endpoints.iter().map(|endpoint| address(endpoint, namespace)).collect()
        };
        let mut map = Map::new();
        for (key, list) in [("addresses", addresses(self.ready)), ("notReadyAddresses", addresses(self.unready)), ("ports", self.ports)] {
            if !list.is_empty() {
                map.insert(key.to_owned(), Value::Array(list));
            }
        }
        (map.contains_key("addresses") || map.contains_key("notReadyAddresses")).then_some(Value::Object(map))
    }
}

/// A port as Go's `spew` writes it: the ports of a subset are in the order of its hash (`endpoints/util.go`).
fn dump(port: &EndpointPort) -> String {
    let EndpointPort { name, port, protocol } = port;
    format!("(v1.EndpointPort){{Name:(string){name} Port:(int32){port} Protocol:(v1.Protocol){protocol} AppProtocol:(*string)<nil>}}")
}

fn port_value(name: &str, port: i64, protocol: &str) -> Value {
    let mut value = json!({"port": port, "protocol": protocol});
    if !name.is_empty() {
        value["name"] = json!(name);
    }
    value
}

fn address(endpoint: &Endpoint, namespace: &str) -> Value {
    let mut value = json!({
        "ip": &*endpoint.address,
        "targetRef": {"kind": "Pod", "name": &*endpoint.pod, "namespace": namespace, "uid": endpoint.pod_uid.to_string()},
    });
    for (key, text) in [("hostname", &endpoint.hostname), ("nodeName", &endpoint.node_name)] {
        if !text.is_empty() {
            value[key] = json!(&**text);
        }
    }
    value
}
