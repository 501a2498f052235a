//! What create-time strategies and admission plugins add to an object, beyond its kind's defaults.
//!
//! Owns the pod's part of `ServiceAccount`, `DefaultTolerationSeconds`, `Priority` and `StorageObjectInUseProtection`. What is
//! random (the suffix of the token volume) comes from the caller. It must not know the cluster.

use super::{array, child, items, pod, set_default, text};
use crate::json::json;
use serde_json::{Map, Value};

/// Where a container finds its ServiceAccount's token.
pub const TOKEN_MOUNT_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The finalizer that keeps a claim while a pod uses it.
pub const CLAIM_PROTECTION: &str = "kubernetes.io/pvc-protection";
/// The finalizer that keeps a volume while a claim is bound to it.
pub const VOLUME_PROTECTION: &str = "kubernetes.io/pv-protection";
/// How long a pod stays on a node that is not ready or not reachable.
const TOLERATION_SECONDS: i64 = 300;

/// Adds what admission adds to a new pod; `token_suffix` is the random end of its token volume's name.
pub fn admit_pod(pod: &mut Value, token_suffix: &str) {
    let Some(pod) = pod.as_object_mut() else {
        return;
    };
    let Some(spec) = child(pod, "spec") else {
        return;
    };
    set_default(spec, "serviceAccountName", json!("default"));
    let account = text(spec, "serviceAccountName").to_owned();
    spec.insert("serviceAccount".to_owned(), json!(account));
    // Defaults of pods alone, not of the templates that they are made from.
    spec.entry("enableServiceLinks").or_insert_with(|| json!(true));
    for list in ["containers", "initContainers"] {
        items(spec, list).for_each(pod::requests_from_limits);
    }
    add_token(spec, token_suffix);
    let priority = match text(spec, "priorityClassName") {
        "system-cluster-critical" => 2_000_000_000,
        "system-node-critical" => 2_000_001_000,
        _ => 0,
    };
    spec.entry("priority").or_insert_with(|| json!(priority));
    set_default(spec, "preemptionPolicy", json!("PreemptLowerPriority"));
    add_tolerations(spec);
    if let Some(status) = child(pod, "status") {
        set_default(status, "phase", json!("Pending"));
        let class = qos_class(pod.get("spec").unwrap_or(&Value::Null));
        if let Some(status) = child(pod, "status") {
            set_default(status, "qosClass", json!(class));
        }
    }
}

fn add_token(spec: &mut Map<String, Value>, suffix: &str) {
    if spec.get("automountServiceAccountToken") == Some(&json!(false)) {
        return;
    }
    let name = format!("kube-api-access-{suffix}");
    let mut needed = false;
    for list in ["initContainers", "containers"] {
        for container in items(spec, list) {
            let Some(mounts) = array(container, "volumeMounts") else {
                continue;
            };
            let taken = mounts.iter().any(|mount| mount.get("mountPath") == Some(&json!(TOKEN_MOUNT_PATH)));
            if !taken {
                mounts.push(json!({"mountPath": TOKEN_MOUNT_PATH, "name": name, "readOnly": true}));
                needed = true;
            }
        }
    }
    if needed && let Some(volumes) = array(spec, "volumes") {
        volumes.push(json!({
            "name": name,
            "projected": {
                "defaultMode": 420,
                "sources": [
                    {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                    {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}], "name": "kube-root-ca.crt"}},
                    {"downwardAPI": {"items": [{
                        "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}, "path": "namespace",
                    }]}},
                ],
            },
        }));
    }
}

fn add_tolerations(spec: &mut Map<String, Value>) {
    let Some(tolerations) = array(spec, "tolerations") else {
        return;
    };
    let tolerated = |tolerations: &[Value], key: &str| {
        tolerations.iter().any(|toleration| {
            let part = |name: &str| toleration.get(name).and_then(Value::as_str).unwrap_or("");
            (part("key") == key || part("key").is_empty()) && matches!(part("effect"), "NoExecute" | "")
        })
    };
    let written = tolerations.clone();
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        if !tolerated(&written, key) {
            tolerations.push(json!({
                "effect": "NoExecute", "key": key, "operator": "Exists", "tolerationSeconds": TOLERATION_SECONDS,
            }));
        }
    }
}

/// The quality-of-service class that follows from a pod's requests and limits.
pub fn qos_class(spec: &Value) -> &'static str {
    let mut any = false;
    let mut guaranteed = true;
    for list in ["initContainers", "containers"] {
        for container in spec.get(list).and_then(Value::as_array).into_iter().flatten() {
            for resource in ["cpu", "memory"] {
                let amount = |which: &str| {
                    let text = container.pointer(&format!("/resources/{which}/{resource}"))?.as_str()?;
                    let amount = crate::api::quantity::Quantity::parse(text).ok()?;
                    (amount.sign() != 0).then_some(amount)
                };
                let (request, limit) = (amount("requests"), amount("limits"));
                any |= request.is_some() || limit.is_some();
                guaranteed &= limit.is_some() && (request.is_none() || request == limit);
            }
        }
    }
    match (any, guaranteed) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}

/// Adds the finalizer that protects a claim or a volume in use; other kinds stay as they are.
pub fn protect(kind: &str, object: &mut Value) {
    let finalizer = match kind {
        "PersistentVolumeClaim" => CLAIM_PROTECTION,
        "PersistentVolume" => VOLUME_PROTECTION,
        _ => return,
    };
    let metadata = object.as_object_mut().and_then(|object| child(object, "metadata"));
    if let Some(finalizers) = metadata.and_then(|metadata| array(metadata, "finalizers"))
        && !finalizers.contains(&json!(finalizer))
    {
        finalizers.push(json!(finalizer));
    }
}
