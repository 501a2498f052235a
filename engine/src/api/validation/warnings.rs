//! The warnings that the API server sends beside an accepted object, which kubectl prints as `Warning: …`.
//!
//! Follows `pkg/api/pod/warnings.go`, `pkg/api/service/warnings.go`, `pkg/api/persistentvolume*/util.go` and the strategies of
//! Kubernetes 1.36.

use super::cursor::Cursor;
use super::resources;
use crate::api::names;
use crate::sorted::SortedMap;
use serde_json::Value;

/// The warnings for an object that is created or changed, without the word `Warning: `.
pub fn warnings(kind: &str, object: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let object = Cursor::root(object);
    let spec = object.child("spec");
    match kind {
        "Pod" => {
            dns_label_name(&object, "this is used in the Pod's hostname", &mut found);
            pod(&object.child("metadata"), &spec, &mut found);
        }
        "StatefulSet" => {
            template(&spec, &mut found);
            for claim in spec.elements_of("volumeClaimTemplates") {
                self::claim(&claim.child("spec"), &mut found);
            }
            let limit = spec.child("revisionHistoryLimit");
            if limit.int().is_some_and(|limit| limit < 0) {
                found.push(format!("{}: a negative value retains all historical revisions; a value >= 0 is recommended", limit.path));
            }
        }
        "Deployment" | "ReplicaSet" => {
            dns_label_name(&object, "this is used in Pod names and hostnames", &mut found);
            template(&spec, &mut found);
        }
        "DaemonSet" | "Job" => template(&spec, &mut found),
        "Service" => service(&spec, &mut found),
        "PersistentVolumeClaim" => {
            class_annotation(&object, &mut found);
            claim(&spec, &mut found);
        }
        "PersistentVolume" => {
            class_annotation(&object, &mut found);
            if spec.text_of("persistentVolumeReclaimPolicy") == "Recycle" {
                found.push(
                    "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended \
                     approach is to use dynamic provisioning."
                        .to_owned(),
                );
            }
        }
        "Endpoints" => found.push("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice".to_owned()),
        _ => {}
    }
    found
}

fn dns_label_name(object: &Cursor<'_>, use_of_it: &str, found: &mut Vec<String>) {
    let name = object.child("metadata").child("name");
    let problems = names::dns1123_label(name.text());
    if !name.text().is_empty() && !problems.is_empty() {
        found.push(format!(
            "metadata.name: {use_of_it}, which can result in surprising behavior; a DNS label is recommended: [{}]",
            problems.join(" ")
        ));
    }
}

fn template(spec: &Cursor<'_>, found: &mut Vec<String>) {
    let template = spec.child("template");
    pod(&template.child("metadata"), &template.child("spec"), found);
}

/// Labels of nodes that were renamed.
const NODE_LABELS: &[(&str, &str, &str)] = &[
    ("beta.kubernetes.io/arch", "v1.14", "kubernetes.io/arch"),
    ("beta.kubernetes.io/os", "v1.14", "kubernetes.io/os"),
    ("failure-domain.beta.kubernetes.io/region", "v1.17", "topology.kubernetes.io/region"),
    ("failure-domain.beta.kubernetes.io/zone", "v1.17", "topology.kubernetes.io/zone"),
    ("beta.kubernetes.io/instance-type", "v1.17", "node.kubernetes.io/instance-type"),
];

/// Volume sources that no longer work.
const VOLUMES: &[(&str, &str)] = &[
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

fn pod(metadata: &Cursor<'_>, spec: &Cursor<'_>, found: &mut Vec<String>) {
    for (key, since, instead) in NODE_LABELS {
        if spec.child("nodeSelector").has(key) {
            let path = spec.path.child("nodeSelector").key(key);
            found.push(format!("{path}: deprecated since {since}; use \"{instead}\" instead"));
        }
    }
    for alias in spec.elements_of("hostAliases").enumerate().filter_map(|(index, alias)| {
        spec.elements_of("hostAliases").take(index).any(|other| other.child("ip").text() == alias.child("ip").text()).then_some(alias)
    }) {
        found.push(format!("{}: duplicate ip \"{}\"", alias.path.child("ip"), alias.text_of("ip")));
    }
    for secret in spec.elements_of("imagePullSecrets").filter(|secret| secret.child("name").text().is_empty()) {
        let name = secret.text_of("name");
        found.push(format!("{}: invalid empty name \"{name}\"", secret.path.child("name")));
    }
    for volume in spec.elements_of("volumes") {
        for (key, what) in VOLUMES {
            if volume.has(key) {
                found.push(format!("{}: {what}", volume.path.child(key)));
            }
        }
    }
    let old_priority = "scheduler.alpha.kubernetes.io/critical-pod";
    if metadata.child("annotations").has(old_priority) {
        let path = metadata.path.child("annotations").key(old_priority);
        found.push(format!("{path}: non-functional in v1.16+; use the \"priorityClassName\" field instead"));
    }
    for list in ["initContainers", "containers"] {
        for item in spec.elements_of(list) {
            container(&item, found);
        }
    }
    let grace = spec.child("terminationGracePeriodSeconds");
    if grace.int().is_some_and(|seconds| seconds < 0) {
        found.push(format!("{}: must be >= 0; negative values are invalid and will be treated as 1", grace.path));
    }
    for constraint in spec.elements_of("topologySpreadConstraints").filter(|constraint| !constraint.has("labelSelector")) {
        let path = constraint.path.child("labelSelector");
        found.push(format!("{path}: a null labelSelector results in matching no pod"));
    }
    let affinity = spec.child("affinity");
    for key in ["podAffinity", "podAntiAffinity"] {
        let place = affinity.child(key);
        let required = place.elements_of("requiredDuringSchedulingIgnoredDuringExecution");
        let preferred = place.elements_of("preferredDuringSchedulingIgnoredDuringExecution").map(|term| term.child("podAffinityTerm"));
        for term in required.chain(preferred).filter(|term| !term.has("labelSelector")) {
            let path = term.path.child("labelSelector");
            found.push(format!("{path}: a null labelSelector results in matching no pod"));
        }
    }
}

fn container(item: &Cursor<'_>, found: &mut Vec<String>) {
    for list in ["limits", "requests"] {
        let amounts = item.child("resources").child(list);
        for name in ["memory", "ephemeral-storage"] {
            fractional(&amounts.child(name), &amounts.path.key(name).to_string(), found);
        }
    }
    let mut names: SortedMap<&str, usize> = SortedMap::new();
    for (index, variable) in item.elements_of("env").enumerate() {
        let name = variable.text_of("name");
        if let Some(before) = names.insert(name, index)
            && before < index
        {
            found.push(format!("{}: hides previous definition of \"{name}\", which may be dropped when using apply", variable.path));
        }
    }
    let mut ports: SortedMap<(i64, i64, &str, &str), String> = SortedMap::new();
    for port in item.elements_of("ports") {
        let key = (
            port.int_of("containerPort").unwrap_or(0),
            port.int_of("hostPort").unwrap_or(0),
            port.text_of("protocol"),
            port.text_of("hostIP"),
        );
        if let Some(first) = ports.get(&key) {
            found.push(format!("{}: duplicate port definition with {first}", port.path));
        } else {
            ports.insert(key, port.path.to_string());
        }
    }
}

fn fractional(amount: &Cursor<'_>, path: &str, found: &mut Vec<String>) {
    if let Some(quantity) = amount.value().and_then(resources::quantity).filter(|quantity| !quantity.is_whole()) {
        found.push(format!("{path}: fractional byte value \"{quantity}\" is invalid, must be an integer"));
    }
}

fn claim(spec: &Cursor<'_>, found: &mut Vec<String>) {
    for list in ["requests", "limits"] {
        let amounts = spec.child("resources").child(list);
        fractional(&amounts.child("storage"), &amounts.path.key("storage").to_string(), found);
    }
}

fn class_annotation(object: &Cursor<'_>, found: &mut Vec<String>) {
    let key = "volume.beta.kubernetes.io/storage-class";
    if object.child("metadata").child("annotations").has(key) {
        found.push(format!("metadata.annotations[{key}]: deprecated since v1.8; use \"storageClassName\" attribute instead"));
    }
}

fn service(spec: &Cursor<'_>, found: &mut Vec<String>) {
    let headless = spec.text_of("clusterIP") == "None";
    if spec.text_of("sessionAffinity") == "ClientIP" && headless {
        found.push("spec.SessionAffinity is ignored for headless services".to_owned());
    }
    if headless && spec.child("externalIPs").len() > 0 {
        found.push("spec.externalIPs is ignored when spec.clusterIP is \"None\"".to_owned());
    }
    if headless && !spec.text_of("loadBalancerIP").is_empty() {
        found.push("spec.loadBalancerIP is ignored when spec.clusterIP is \"None\"".to_owned());
    }
    if !spec.text_of("externalName").is_empty() && spec.text_of("type") != "ExternalName" {
        found.push("spec.externalName is ignored when spec.type is not \"ExternalName\"".to_owned());
    }
}
