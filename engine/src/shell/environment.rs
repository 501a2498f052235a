//! The variables that a kubelet puts in a container. Follows `pkg/kubelet/kubelet_pods.go` and `envvars`. It must not know
//! the shell.

use crate::sorted::SortedMap;

use serde_json::Value;

use crate::api::defaults::normalise::from_base64;
use crate::api::kind::Kind;
use crate::api::object::Body;
use crate::api::read;
use crate::cluster::World;

use super::image_files;
use super::state::InPod;

/// The variables of a container: those of Services, then what its spec says.
pub(super) fn of(world: &World, at: &InPod) -> SortedMap<String, String> {
    let mut all = SortedMap::new();
    let Some(object) = world.store.get(&at.key) else { return all };
    let Some(pod) = object.pod() else { return all };
    let links = read::at(&pod.spec.document, &["enableServiceLinks"]).and_then(Value::as_bool).unwrap_or(true);
    let namespace = &at.key.namespace;
    for (from, name) in [("default", Some("kubernetes"))].into_iter().chain(links.then_some((&**namespace, None))) {
        for service in world.store.list(Kind::Service, from).filter(|service| name.is_none_or(|name| &*service.meta.name == name)) {
            // Services that came later than the pod are not in its variables.
            if service.meta.creation_ms <= object.meta.creation_ms
                && let Some(body) = service.service()
                && !body.headless()
                && !body.cluster_ip.is_empty()
            {
                let prefix = service.meta.name.to_ascii_uppercase().replace(['-', '.'], "_");
                all.insert(format!("{prefix}_SERVICE_HOST"), body.cluster_ip.to_string());
                if let Some(first) = body.ports.first() {
                    all.insert(format!("{prefix}_SERVICE_PORT"), first.port.to_string());
                }
                for port in body.ports.iter().filter(|port| !port.name.is_empty()) {
                    all.insert(
                        format!("{prefix}_SERVICE_PORT_{}", port.name.to_ascii_uppercase().replace('-', "_")),
                        port.port.to_string(),
                    );
                }
            }
        }
    }
    let Some(container) = read::items(&pod.spec.document, &["containers"]).get(at.container) else { return all };
    for source in read::items(container, &["envFrom"]) {
        let prefix = read::string(source, &["prefix"]).unwrap_or_default();
        for (kind, field) in [(Kind::ConfigMap, "configMapRef"), (Kind::Secret, "secretRef")] {
            if let Some(name) = read::string(source, &[field, "name"]) {
                for (key, value) in entries(world, kind, namespace, name) {
                    all.insert(format!("{prefix}{key}"), value);
                }
            }
        }
    }
    for variable in read::items(container, &["env"]) {
        let Some(name) = read::string(variable, &["name"]) else { continue };
        let value = match read::string(variable, &["value"]) {
            Some(text) => Some(referred(text, &all)),
            None => from_elsewhere(world, at, variable),
        };
        all.insert(name.to_owned(), value.unwrap_or_default());
    }
    all
}

/// `$(NAME)` in a value is another variable.
fn referred(text: &str, known: &SortedMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("$(") {
        let behind = &rest[at + 2..];
        match behind.find(')').and_then(|end| known.get(&behind[..end]).map(|value| (end, value))) {
            Some((end, value)) => {
                out.push_str(&rest[..at]);
                out.push_str(value);
                rest = &behind[end + 1..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

fn from_elsewhere(world: &World, at: &InPod, variable: &Value) -> Option<String> {
    let source = variable.get("valueFrom")?;
    for (kind, field) in [(Kind::ConfigMap, "configMapKeyRef"), (Kind::Secret, "secretKeyRef")] {
        if let Some(name) = read::string(source, &[field, "name"]) {
            return entries(world, kind, &at.key.namespace, name).remove(read::string(source, &[field, "key"])?);
        }
    }
    let object = world.store.get(&at.key)?;
    let pod = object.pod()?;
    let path = read::string(source, &["fieldRef", "fieldPath"])?;
    let quoted = |prefix: &str| path.strip_prefix(prefix).and_then(|rest| rest.strip_suffix("']")).map(str::to_owned);
    Some(match path {
        "metadata.name" => object.meta.name.to_string(),
        "metadata.namespace" => object.meta.namespace.to_string(),
        "metadata.uid" => object.meta.uid.to_string(),
        "spec.nodeName" => pod.node_name.to_string(),
        "status.podIP" | "status.podIPs" => image_files::address(world, &at.key),
        "status.hostIP" => pod.status.host_ip.to_string(),
        "spec.serviceAccountName" => read::string(&pod.spec.document, &["serviceAccountName"]).unwrap_or("default").to_owned(),
        _ => match (quoted("metadata.labels['"), quoted("metadata.annotations['")) {
            (Some(label), _) => object.meta.label(&label)?.to_owned(),
            (_, Some(annotation)) => object.meta.annotation(&annotation)?.to_owned(),
            _ => return None,
        },
    })
}

fn entries(world: &World, kind: Kind, namespace: &str, name: &str) -> SortedMap<String, String> {
    let Some(object) = world.store.find(kind, namespace, name) else { return SortedMap::new() };
    let Body::Other(_, document) = &object.body else { return SortedMap::new() };
    let mut found = SortedMap::new();
    for (section, encoded) in [("data", kind == Kind::Secret), ("stringData", false)] {
        for (key, value) in document.get(section).and_then(Value::as_object).into_iter().flatten() {
            let text = value.as_str().unwrap_or_default();
            found.insert(key.clone(), if encoded { from_base64(text) } else { text.to_owned() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_refer_to_earlier_ones() {
        let known = SortedMap::from([("A".to_owned(), "1".to_owned())]);
        assert_eq!(referred("x$(A)y$(B)$(", &known), "x1y$(B)$(");
    }
}
