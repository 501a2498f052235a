//! Services and EndpointSlices.
//! Follows `core/v1 Service` and `discovery/v1 EndpointSlice`. It must not know how endpoints are found.

use std::rc::Rc;

use serde_json::Value;

use super::metadata::{Labels, Text, Uid};
use super::read;
use crate::json::json;

/// The annotation that older manifests use for `publishNotReadyAddresses`.
pub const TOLERATE_UNREADY: &str = "service.alpha.kubernetes.io/tolerate-unready-endpoints";

/// The body of a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The defaulted spec, with its cluster IP.
    pub document: Rc<Value>,
    /// `clusterIP`: an address, `None`, or empty.
    pub cluster_ip: Text,
    /// `type`.
    pub kind: Text,
    /// `externalName`.
    pub external_name: Text,
    /// `selector`; `None` where the Service has none.
    pub selector: Option<Labels>,
    /// `ports`.
    pub ports: Rc<[ServicePort]>,
    /// `publishNotReadyAddresses`.
    pub publish_not_ready: bool,
}

/// An entry of a Service's `ports`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePort {
    /// `name`; empty where none is given.
    pub name: Text,
    /// `port`.
    pub port: i64,
    /// `protocol`.
    pub protocol: Text,
    /// `targetPort`: a number or the name of a container's port.
    pub target: Value,
}

impl Service {
    /// Reads the defaulted document of a Service.
    pub fn from_value(value: &Value) -> Self {
        let spec = value.get("spec").cloned().unwrap_or(Value::Null);
        let selector = read::labels(&spec, &["selector"]);
        Self {
            cluster_ip: read::text(&spec, &["clusterIP"]),
            kind: read::string(&spec, &["type"]).unwrap_or("ClusterIP").into(),
            external_name: read::text(&spec, &["externalName"]),
            selector: (!selector.is_empty()).then_some(selector),
            ports: read::items(&spec, &["ports"])
                .iter()
                .map(|port| ServicePort {
                    name: read::text(port, &["name"]),
                    port: read::integer(port, &["port"]).unwrap_or(0),
                    protocol: read::string(port, &["protocol"]).unwrap_or("TCP").into(),
                    target: port.get("targetPort").cloned().unwrap_or_else(|| port.get("port").cloned().unwrap_or(Value::Null)),
                })
                .collect(),
            publish_not_ready: read::flag(&spec, &["publishNotReadyAddresses"]),
            document: Rc::new(spec),
        }
    }

    /// Whether the Service has no address of its own.
    pub fn headless(&self) -> bool {
        &*self.cluster_ip == "None"
    }
}

/// The body of an EndpointSlice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointSlice {
    /// `endpoints`.
    pub endpoints: Rc<[Rc<Endpoint>]>,
    /// `ports`.
    pub ports: Rc<[EndpointPort]>,
}

/// An entry of `endpoints`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The address.
    pub address: Text,
    /// `hostname`; empty where the pod has no name under the Service.
    pub hostname: Text,
    /// `nodeName`.
    pub node_name: Text,
    /// The pod's name; empty for an endpoint that a person wrote.
    pub pod: Text,
    /// The pod's uid.
    pub pod_uid: Uid,
    /// `conditions.ready`.
    pub ready: bool,
    /// `conditions.serving`.
    pub serving: bool,
    /// `conditions.terminating`.
    pub terminating: bool,
}

/// An entry of a slice's `ports`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointPort {
    /// `name`.
    pub name: Text,
    /// `port`.
    pub port: i64,
    /// `protocol`.
    pub protocol: Text,
}

impl EndpointSlice {
    /// Reads a document.
    pub fn from_value(value: &Value) -> Self {
        Self {
            endpoints: read::items(value, &["endpoints"])
                .iter()
                .map(|endpoint| {
                    let ready = read::at(endpoint, &["conditions", "ready"]).and_then(Value::as_bool).unwrap_or(true);
                    Rc::new(Endpoint {
                        address: read::items(endpoint, &["addresses"]).first().and_then(Value::as_str).unwrap_or_default().into(),
                        hostname: read::text(endpoint, &["hostname"]),
                        node_name: read::text(endpoint, &["nodeName"]),
                        pod: read::text(endpoint, &["targetRef", "name"]),
                        pod_uid: read::string(endpoint, &["targetRef", "uid"]).and_then(Uid::parse).unwrap_or_default(),
                        ready,
                        serving: read::at(endpoint, &["conditions", "serving"]).and_then(Value::as_bool).unwrap_or(ready),
                        terminating: read::flag(endpoint, &["conditions", "terminating"]),
                    })
                })
                .collect(),
            ports: read::items(value, &["ports"])
                .iter()
                .map(|port| EndpointPort {
                    name: read::text(port, &["name"]),
                    port: read::integer(port, &["port"]).unwrap_or(0),
                    protocol: read::string(port, &["protocol"]).unwrap_or("TCP").into(),
                })
                .collect(),
        }
    }

    /// The document without `apiVersion`, `kind` and `metadata`.
    pub fn to_value(&self, namespace: &str) -> Value {
        let endpoints: Vec<Value> = self.endpoints.iter().map(|endpoint| endpoint.to_value(namespace)).collect();
        let ports: Vec<Value> =
            self.ports.iter().map(|port| json!({"name": &*port.name, "port": port.port, "protocol": &*port.protocol})).collect();
        let or_null = |items: Vec<Value>| {
            if items.is_empty() { Value::Null } else { Value::Array(items) }
        };
        json!({"addressType": "IPv4", "endpoints": or_null(endpoints), "ports": or_null(ports)})
    }
}

impl Endpoint {
    fn to_value(&self, namespace: &str) -> Value {
        let mut value = json!({
            "addresses": [&*self.address],
            "conditions": {"ready": self.ready, "serving": self.serving, "terminating": self.terminating},
        });
        for (key, text) in [("hostname", &self.hostname), ("nodeName", &self.node_name)] {
            if !text.is_empty() {
                value[key] = json!(&**text);
            }
        }
        if !self.pod.is_empty() {
            value["targetRef"] = json!({"kind": "Pod", "name": &*self.pod, "namespace": namespace, "uid": self.pod_uid.to_string()});
        }
        value
    }
}
