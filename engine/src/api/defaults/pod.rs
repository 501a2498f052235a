//! Defaults of pods, pod templates and what they are made of.
//!
//! Follows `pkg/apis/core/v1/defaults.go` and `zz_generated.defaults.go` of Kubernetes 1.36. A template gets less than a pod:
//! requests are not derived from limits in it, and service links are not switched on.

use super::{child, existing, image, items, set_default, set_default_number, text, volume};
use crate::json::json;
use serde_json::{Map, Value};

/// Fills in a pod template (`{metadata, spec}`).
pub fn default_pod_template(template: &mut Value) {
    if template.is_null() {
        *template = json!({});
    }
    if let Some(template) = template.as_object_mut() {
        child(template, "metadata");
        if let Some(spec) = child(template, "spec") {
            default_pod_spec(spec);
        }
    }
}

/// Fills in a pod.
pub(super) fn pod(object: &mut Map<String, Value>) {
    child(object, "metadata");
    if let Some(spec) = child(object, "spec") {
        default_pod_spec(spec);
        for list in ["containers", "initContainers"] {
            for container in items(spec, list) {
                requests_from_limits(container);
            }
        }
        if spec.get("hostNetwork") == Some(&json!(true)) {
            for list in ["containers", "initContainers"] {
                for container in items(spec, list) {
                    for port in items(container, "ports") {
                        let number = port.get("containerPort").and_then(Value::as_i64).unwrap_or(0);
                        set_default_number(port, "hostPort", number);
                    }
                }
            }
        }
        set_default(spec, "enableServiceLinks", json!(true));
    }
    child(object, "status");
}

/// A container asks for what it is limited to, where it does not say.
pub(super) fn requests_from_limits(container: &mut Map<String, Value>) {
    let Some(resources) = existing(container, "resources") else {
        return;
    };
    let Some(limits) = resources.get("limits").and_then(Value::as_object).cloned() else {
        return;
    };
    if limits.is_empty() {
        return;
    }
    if let Some(requests) = child(resources, "requests") {
        for (name, amount) in limits {
            requests.entry(name).or_insert(amount);
        }
    }
}

/// Fills in a pod's spec as it stands in a template.
pub fn default_pod_spec(spec: &mut Map<String, Value>) {
    for volume in items(spec, "volumes") {
        volume::pod_volume(volume);
    }
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for item in items(spec, list) {
            container(item);
        }
    }
    set_default(spec, "dnsPolicy", json!("ClusterFirst"));
    set_default(spec, "restartPolicy", json!("Always"));
    child(spec, "securityContext");
    set_default(spec, "terminationGracePeriodSeconds", json!(30));
    set_default(spec, "schedulerName", json!("default-scheduler"));
    // One field under two names.
    if !text(spec, "serviceAccountName").is_empty() {
        let name = text(spec, "serviceAccountName").to_owned();
        spec.insert("serviceAccount".to_owned(), json!(name));
    } else if !text(spec, "serviceAccount").is_empty() {
        let name = text(spec, "serviceAccount").to_owned();
        spec.insert("serviceAccountName".to_owned(), json!(name));
    }
}

fn container(container: &mut Map<String, Value>) {
    let policy = if image::is_latest(text(container, "image")) { "Always" } else { "IfNotPresent" };
    set_default(container, "imagePullPolicy", json!(policy));
    set_default(container, "terminationMessagePath", json!("/dev/termination-log"));
    set_default(container, "terminationMessagePolicy", json!("File"));
    child(container, "resources");
    for port in items(container, "ports") {
        set_default(port, "protocol", json!("TCP"));
    }
    for variable in items(container, "env") {
        let Some(source) = existing(variable, "valueFrom") else {
            continue;
        };
        volume::downward_source(source);
        if let Some(file) = existing(source, "fileKeyRef") {
            set_default(file, "optional", json!(false));
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = existing(container, name) {
            set_default_number(probe, "timeoutSeconds", 1);
            set_default_number(probe, "periodSeconds", 10);
            set_default_number(probe, "successThreshold", 1);
            set_default_number(probe, "failureThreshold", 3);
            handler(probe);
        }
    }
    if let Some(lifecycle) = existing(container, "lifecycle") {
        for name in ["postStart", "preStop"] {
            if let Some(hook) = existing(lifecycle, name) {
                handler(hook);
            }
        }
    }
}

fn handler(handler: &mut Map<String, Value>) {
    if let Some(get) = existing(handler, "httpGet") {
        set_default(get, "path", json!("/"));
        set_default(get, "scheme", json!("HTTP"));
        get.entry("port").or_insert_with(|| json!(0));
    }
    if let Some(grpc) = existing(handler, "grpc") {
        grpc.entry("service").or_insert_with(|| json!(""));
    }
}
