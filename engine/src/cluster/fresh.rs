//! What a fresh cluster holds before anybody does anything.
//! It must not know what people do with it.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::metadata::Metadata;
use crate::api::node::Node;
use crate::api::object::{Body, Key, Object};
use crate::api::pod::ConditionStatus;
use crate::controllers::kubelet;
use crate::json::json;
use crate::settings::{NODES_MAX, Settings};

use super::World;
use super::core_dns;

/// The Service that gives the API server a name.
const API_SERVER_IP: &str = "10.96.0.1";

impl World {
    /// A cluster as a person finds it: namespaces, nodes, the DNS server, a default StorageClass.
    pub fn fresh(settings: Settings) -> Self {
        let mut world = Self::empty(settings);
        world.instant = true;
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
            world.create_namespace(name);
        }
        for ordinal in 1..=world.settings.nodes.clamp(1, NODES_MAX) {
            world.add_node(ordinal);
        }
        world.put(json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
            "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
            "provisioner": "k8s.io/minikube-hostpath", "reclaimPolicy": "Delete", "volumeBindingMode": "Immediate",
        }));
        world.put(json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "kubernetes", "namespace": "default", "labels": {"component": "apiserver", "provider": "kubernetes"}},
            "spec": {"clusterIP": API_SERVER_IP, "ports": [{"name": "https", "port": 443, "targetPort": 6443}]},
        }));
        for object in core_dns::objects(&world.settings) {
            world.put(object);
        }
        world.start_up();
        world
    }

    /// Runs the cluster's own start-up in no time: its first command comes at 0.
    fn start_up(&mut self) {
        self.instant = true;
        self.advance_to(0);
        self.instant = false;
    }

    /// Creates a namespace with what every namespace has.
    pub fn create_namespace(&mut self, name: &str) {
        if self.store.find(Kind::Namespace, "", name).is_some() {
            return;
        }
        self.put(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}));
    }

    /// What every namespace is given once it exists.
    pub(crate) fn furnish_namespace(&mut self, name: &str) {
        for (kind, object, data) in [
            (Kind::ServiceAccount, "default", json!({})),
            (
                Kind::ConfigMap,
                "kube-root-ca.crt",
                json!({"data": {"ca.crt": "-----BEGIN CERTIFICATE-----\n(the sandbox has no certificate)\n-----END CERTIFICATE-----\n"}}),
            ),
        ] {
            if self.store.find(kind, name, object).is_none() {
                self.insert(Object { meta: Metadata::new(name, object), body: Body::Other(kind, Rc::new(data)) });
            }
        }
    }

    /// Adds a Ready node `node-<ordinal>`.
    pub fn add_node(&mut self, ordinal: u32) {
        let name = format!("node-{ordinal}");
        let mut meta = Metadata::new("", name.as_str());
        for (key, value) in [
            ("beta.kubernetes.io/arch", "amd64"),
            ("beta.kubernetes.io/os", "linux"),
            ("kubernetes.io/arch", "amd64"),
            ("kubernetes.io/os", "linux"),
            ("kubernetes.io/hostname", name.as_str()),
        ] {
            meta.set_label(key, value);
        }
        meta.annotate("node.alpha.kubernetes.io/ttl", "0");
        let cidr = kubelet::pod_cidr(ordinal);
        let now = self.now_ms();
        let mut node = Node::from_value(&json!({"spec": {"podCIDR": cidr, "podCIDRs": [cidr]}}), self.settings.epoch);
        node.internal_ip = kubelet::node_ip(ordinal).into();
        node.ready = ConditionStatus::True;
        node.ready_since_ms = now;
        node.info = self.settings.node_info.clone();
        self.insert(Object { meta, body: Body::Node(node) });
    }

    /// Creates an object of the cluster's own through the API server.
    fn put(&mut self, value: Value) {
        let created = self.create(value, "default");
        debug_assert!(created.is_ok(), "the cluster's own objects are valid: {created:?}");
    }

    /// The node with this ordinal, if it exists.
    pub fn node(&self, ordinal: u32) -> Option<&Rc<Object>> {
        self.store.get(&Key::new(Kind::Node, "", format!("node-{ordinal}")))
    }
}
