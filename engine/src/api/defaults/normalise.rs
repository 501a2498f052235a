//! What an object loses or gains by passing through the API server's Go types: nulls and empty values vanish where the
//! type cannot hold them, quantities become canonical, a Secret's `stringData` moves into `data`.
//!
//! Owns the tables of such fields. Only fields named here are touched, so that all else that a user wrote comes back; `status`
//! is the controllers' and stays as it is. Follows the `json` tags of `k8s.io/api` 1.36. It must not know about defaults.

use crate::api::quantity::Quantity;
use crate::json::json;
use serde_json::{Map, Value};

/// Maps from text to text: an empty one vanishes, and a null in one is an empty text.
const TEXT_MAPS: &[&str] = &["annotations", "binaryData", "data", "labels", "matchLabels", "nodeSelector", "parameters", "stringData"];

/// Maps from a resource's name to a quantity.
const QUANTITY_MAPS: &[&str] = &["capacity", "limits", "overhead", "requests"];

/// Fields that are one quantity.
const QUANTITIES: &[&str] = &["divisor", "sizeLimit"];

/// Texts that vanish when empty (their Go fields are no pointers, and say `omitempty`).
const TEXTS: &[&str] = &[
    "clusterIP",
    "effect",
    "externalName",
    "externalTrafficPolicy",
    "fsType",
    "generateName",
    "hostname",
    "image",
    "loadBalancerIP",
    "medium",
    "namespace",
    "nodeName",
    "priorityClassName",
    "schedulerName",
    "serviceAccount",
    "serviceAccountName",
    "serviceName",
    "subPath",
    "subPathExpr",
    "subdomain",
    "value",
    "volumeName",
    "workingDir",
];

/// Switches that vanish when false.
const SWITCHES: &[&str] =
    &["hostIPC", "hostNetwork", "hostPID", "paused", "publishNotReadyAddresses", "readOnly", "stdin", "stdinOnce", "tty", "unschedulable"];

/// Numbers that vanish when 0.
const NUMBERS: &[&str] = &["healthCheckNodePort", "hostPort", "initialDelaySeconds", "minReadySeconds", "nodePort"];

/// Lists that vanish when empty.
const LISTS: &[&str] = &[
    "accessModes",
    "add",
    "args",
    "clusterIPs",
    "command",
    "drop",
    "env",
    "envFrom",
    "ephemeralContainers",
    "externalIPs",
    "finalizers",
    "hostAliases",
    "hostnames",
    "httpHeaders",
    "imagePullSecrets",
    "initContainers",
    "ipFamilies",
    "items",
    "loadBalancerSourceRanges",
    "matchExpressions",
    "matchFields",
    "mountOptions",
    "nameservers",
    "options",
    "ownerReferences",
    "ports",
    "preferredDuringSchedulingIgnoredDuringExecution",
    "readinessGates",
    "resourceClaims",
    "schedulingGates",
    "searches",
    "supplementalGroups",
    "sysctls",
    "taints",
    "tolerations",
    "topologySpreadConstraints",
    "values",
    "volumeClaimTemplates",
    "volumeDevices",
    "volumeMounts",
    "volumes",
];

/// Kinds whose Go types the tables describe.
const KINDS: &[&str] = &[
    "ConfigMap",
    "DaemonSet",
    "Deployment",
    "Job",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "PodTemplate",
    "ReplicaSet",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
    "StorageClass",
];

/// Passes an object through its Go type.
pub fn object(kind: &str, object: &mut Value) {
    let Some(map) = object.as_object_mut() else {
        return;
    };
    if !KINDS.contains(&kind) {
        return;
    }
    if kind == "Service"
        && let Some(spec) = map.get_mut("spec").and_then(Value::as_object_mut)
        && let Some(selector) = spec.get_mut("selector").and_then(Value::as_object_mut)
    {
        null_to_empty(selector);
        if selector.is_empty() {
            spec.remove("selector");
        }
    }
    fields(map, true);
    if kind == "Secret" {
        encode_string_data(map);
    }
}

/// The same for a pod template alone.
pub fn template(template: &mut Value) {
    if let Some(map) = template.as_object_mut() {
        fields(map, false);
    }
}

fn fields(map: &mut Map<String, Value>, top: bool) {
    map.retain(|_, value| !value.is_null());
    for (key, value) in map.iter_mut() {
        if top && key == "status" {
            continue;
        }
        let key = key.as_str();
        match value {
            Value::Object(inner) if TEXT_MAPS.contains(&key) => null_to_empty(inner),
            Value::Object(inner) if QUANTITY_MAPS.contains(&key) => inner.values_mut().for_each(quantity),
            Value::Object(inner) => fields(inner, false),
            Value::Array(list) => {
                for item in list.iter_mut().filter_map(Value::as_object_mut) {
                    // The value of an HTTP header must be there, even when empty.
                    if key == "httpHeaders" {
                        item.retain(|_, value| !value.is_null());
                    } else {
                        fields(item, false);
                    }
                }
            }
            _ if QUANTITIES.contains(&key) => quantity(value),
            _ => {}
        }
    }
    map.retain(|key, value| !vanishes(key, value));
}

fn vanishes(key: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty() && TEXTS.contains(&key),
        Value::Bool(false) => SWITCHES.contains(&key),
        Value::Number(number) => number.as_i64() == Some(0) && NUMBERS.contains(&key),
        Value::Array(list) => list.is_empty() && LISTS.contains(&key),
        Value::Object(map) => map.is_empty() && (TEXT_MAPS.contains(&key) || QUANTITY_MAPS.contains(&key)),
        Value::Null | Value::Bool(true) => false,
    }
}

fn null_to_empty(map: &mut Map<String, Value>) {
    for value in map.values_mut().filter(|value| value.is_null()) {
        *value = json!("");
    }
}

fn quantity(value: &mut Value) {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return,
    };
    if let Ok(amount) = Quantity::parse(&text) {
        *value = json!(amount.to_string());
    }
}

fn encode_string_data(secret: &mut Map<String, Value>) {
    let Some(Value::Object(plain)) = secret.remove("stringData") else {
        return;
    };
    if let Some(data) = super::child(secret, "data") {
        for (key, value) in plain {
            if let Some(text) = value.as_str() {
                data.insert(key, json!(base64(text.as_bytes())));
            }
        }
    }
}

/// Standard base64, padded, as the API carries bytes.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let sextet = (group >> (18 - 6 * position)) & 63;
            text.push(if position > chunk.len() { '=' } else { char::from(ALPHABET[sextet as usize]) });
        }
    }
    text
}

/// Base64 as Secrets carry it; what is no text comes out with replacement characters.
pub fn from_base64(text: &str) -> String {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        count += 1;
        match count % 4 {
            2 => bytes.push((bits >> 4) as u8),
            3 => bytes.push((bits >> 2) as u8),
            0 => bytes.push(bits as u8),
            _ => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_decoded() {
        for (text, expected) in [("YWRtaW4=", "admin"), ("", ""), ("aGk=", "hi"), ("YWJj", "abc"), ("!!", "")] {
            assert_eq!(from_base64(text), expected);
        }
    }
}
