//! What shows only when documents stand beside each other and beside the cluster: names that lead nowhere, Services that select
//! nothing, numbers that do not go together. The API server accepts all of it, and the person would regret most of it.
//! It must not know forms or values that the server itself refuses.

use serde_json::Value;

use super::Surroundings;
use super::part::{Item, Part};
use super::refusal::{column_of, end_of};
use crate::api::kind::Kind;
use crate::api::metadata::Labels;
use crate::api::read;
use crate::api::storage::is_default_class;
use crate::manifest::{Problem, Range, Severity, node_at, parse_path, scalar_text};

/// A name in a namespace: kind, namespace, name.
type Name<'a> = (&'a str, &'a str, &'a str);

/// The problems of each part.
pub(super) fn between(parts: &[Part], around: Option<Surroundings<'_>>) -> Vec<Vec<Problem>> {
    let mut out: Vec<Vec<Problem>> = parts.iter().map(|_| Vec::new()).collect();
    let mut lines = 0;
    let mut seen: Vec<(Name<'_>, usize)> = Vec::new();
    let beside = Around { parts, cluster: around };
    for (index, part) in parts.iter().enumerate() {
        for item in &part.objects {
            let name = name_of(item, around);
            if !name.2.is_empty() {
                match seen.iter().find(|(other, _)| *other == name) {
                    Some((_, line)) => out[index].push(
                        part.at(item, "metadata.name", "object-twice", Severity::Warning)
                            .arg("kind", item.kind)
                            .arg("name", name.2)
                            .arg("other-line", line.to_string()),
                    ),
                    None => {
                        let place = part.document(item).locate(&format!("{}metadata.name", item.prefix)).place();
                        seen.push((name, place.start.line + lines));
                    }
                }
            }
            namespace(part, item, around, &seen, &mut out[index]);
            if item.sound {
                match item.kind {
                    "StatefulSet" => {
                        beside.service(index, part, item, &mut out);
                        beside.set(part, item, &mut out[index]);
                    }
                    "Pod" => probes(part, item, "spec", &mut out[index]),
                    "Deployment" => probes(part, item, "spec.template.spec", &mut out[index]),
                    "PersistentVolumeClaim" => beside.class(part, item, &item.value["spec"], "spec", &mut out[index]),
                    _ => {}
                }
            }
        }
        lines += part.lines() - 1;
    }
    out
}

/// A namespace that neither the cluster nor the text above has.
fn namespace(part: &Part, item: &Item, around: Option<Surroundings<'_>>, seen: &[(Name<'_>, usize)], out: &mut Vec<Problem>) {
    let (Some(around), Some(namespace)) = (around, item.value["metadata"]["namespace"].as_str()) else {
        return;
    };
    let written = seen.iter().any(|(name, _)| *name == ("Namespace", "", namespace));
    if written || !Kind::by_name(item.kind).is_none_or(Kind::namespaced) || around.store.find(Kind::Namespace, "", namespace).is_some() {
        return;
    }
    let problem = part
        .at(item, "metadata.namespace", "namespace-missing", Severity::Error)
        .arg("namespace", namespace)
        .arg("api", format!("namespaces \"{namespace}\" not found"));
    let start = part.document(item).range.start;
    out.push(if item.prefix.is_empty() && start.column == 1 {
        let text = format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {}\n---\n", scalar_text(namespace));
        problem.fix(Range { start, end: start }, text)
    } else {
        problem
    });
}

fn name_of<'a>(item: &'a Item, around: Option<Surroundings<'a>>) -> Name<'a> {
    let default = around.map_or("default", |around| around.namespace);
    let namespaced = Kind::by_name(item.kind).is_none_or(Kind::namespaced);
    let namespace = read::string(&item.value, &["metadata", "namespace"]).unwrap_or(default);
    (item.kind, if namespaced { namespace } else { "" }, read::string(&item.value, &["metadata", "name"]).unwrap_or_default())
}

struct Around<'a> {
    parts: &'a [Part],
    cluster: Option<Surroundings<'a>>,
}

impl Around<'_> {
    fn set(&self, part: &Part, item: &Item, out: &mut Vec<Problem>) {
        let spec = &item.value["spec"];
        let replicas = read::integer(spec, &["replicas"]).unwrap_or(1);
        let partition = "updateStrategy.rollingUpdate.partition".split('.').collect::<Vec<_>>();
        if let Some(partition) = read::integer(spec, &partition)
            && partition >= replicas
            && partition > 0
            && replicas > 0
        {
            out.push(
                part.at(item, "spec.updateStrategy.rollingUpdate.partition", "partition-above-replicas", Severity::Warning)
                    .arg("partition", partition.to_string())
                    .arg("replicas", replicas.to_string())
                    .arg("last", (replicas - 1).to_string()),
            );
        }
        if read::integer(spec, &["template", "spec", "terminationGracePeriodSeconds"]) == Some(0) {
            let path = "spec.template.spec.terminationGracePeriodSeconds";
            let problem = part.at(item, path, "grace-period-zero", Severity::Warning);
            let found = part.document(item).locate(&format!("{}{path}", item.prefix));
            out.push(problem.fix(found.value, "30"));
        }
        for (index, claim) in read::items(spec, &["volumeClaimTemplates"]).iter().enumerate() {
            self.class(part, item, &claim["spec"], &format!("spec.volumeClaimTemplates[{index}].spec"), out);
        }
        probes(part, item, "spec.template.spec", out);
    }

    /// The Service that gives a set's pods their names: what is wrong with it is said where it is written.
    fn service(&self, index: usize, part: &Part, item: &Item, out: &mut [Vec<Problem>]) {
        let spec = &item.value["spec"];
        let Some(name) = read::string(spec, &["serviceName"]).filter(|name| !name.is_empty()) else {
            out[index].push(part.at(item, "spec", "service-name-absent", Severity::Hint));
            return;
        };
        let (_, namespace, set) = name_of(item, self.cluster);
        let labels = read::labels(spec, &["template", "metadata", "labels"]);
        let here = self.parts.iter().enumerate().flat_map(|(index, part)| part.objects.iter().map(move |item| (index, part, item)));
        let mut here = here.filter(|(_, _, other)| other.kind == "Service");
        if let Some((at, its_part, service)) = here.find(|(_, _, other)| name_of(other, self.cluster) == ("Service", namespace, name)) {
            if service.sound {
                written_service(its_part, service, set, &labels, &mut out[at]);
            }
            return;
        }
        let problem = |code| part.at(item, "spec.serviceName", code, Severity::Warning).arg("service", name).arg("set", set);
        let live = self.cluster.and_then(|around| around.store.find(Kind::Service, namespace, name));
        match live.and_then(|service| service.service()) {
            Some(service) => {
                if &*service.cluster_ip != "None" {
                    out[index].push(problem("service-not-headless"));
                }
                if let Some(words) = service.selector.as_ref().and_then(|selector| misses(selector, &labels)) {
                    out[index].push(problem("service-selects-nothing").arg("selector", words));
                }
            }
            None => {
                let problem = problem("service-missing");
                out[index].push(match new_service(part, item, name, namespace) {
                    Some((range, text)) => problem.fix(range, text),
                    None => problem,
                });
            }
        }
    }

    /// The StorageClass of a claim.
    fn class(&self, part: &Part, item: &Item, spec: &Value, path: &str, out: &mut Vec<Problem>) {
        let Some(cluster) = self.cluster else {
            return;
        };
        let Some(class) = read::string(spec, &["storageClassName"]) else {
            if !cluster.store.all(Kind::StorageClass).any(|class| is_default_class(&class.meta)) {
                out.push(part.at(item, path, "class-not-named", Severity::Warning));
            }
            return;
        };
        let written = self.parts.iter().flat_map(|part| &part.objects);
        let mut written =
            written.filter(|other| other.kind == "StorageClass").filter_map(|other| read::string(&other.value, &["metadata", "name"]));
        if class.is_empty() || written.any(|name| name == class) || cluster.store.find(Kind::StorageClass, "", class).is_some() {
            return;
        }
        // Volumes of that class may have been made by hand.
        let by_hand = |volume: &str| volume == class;
        if cluster.store.all(Kind::PersistentVolume).filter_map(|volume| volume.volume()).any(|volume| by_hand(&volume.class)) {
            return;
        }
        let known: Vec<String> = cluster.store.all(Kind::StorageClass).map(|class| class.meta.name.to_string()).collect();
        let path = format!("{path}.storageClassName");
        let problem = part.at(item, &path, "class-missing", Severity::Warning).arg("class", class).arg("known", known.join(", "));
        let place = part.document(item).locate(&format!("{}{path}", item.prefix));
        out.push(match known.as_slice() {
            [only] => problem.fix(place.value, only.as_str()),
            _ => problem,
        });
    }
}

/// The selector in words, where no pod with these labels has what it asks for.
fn misses(selector: &Labels, labels: &Labels) -> Option<String> {
    let fits = selector.iter().all(|(key, value)| labels.get(key) == Some(value));
    let words: Vec<String> = selector.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    (!fits && !words.is_empty()).then(|| words.join(", "))
}

/// What is wrong with a Service of the text for the set that names it.
fn written_service(part: &Part, item: &Item, set: &str, labels: &Labels, out: &mut Vec<Problem>) {
    let spec = &item.value["spec"];
    let (_, _, name) = name_of(item, None);
    let problem = |path: &str, code| part.at(item, path, code, Severity::Warning).arg("service", name).arg("set", set);
    if read::string(spec, &["clusterIP"]) != Some("None") {
        let path = if spec["clusterIP"].is_null() { "spec" } else { "spec.clusterIP" };
        let mut problem = problem(path, "service-not-headless");
        let node = node_at(&part.document(item).root, &parse_path(&format!("{}spec", item.prefix)));
        let plain = spec["clusterIP"].is_null() && matches!(spec["type"].as_str(), None | Some("ClusterIP"));
        if let Some((node, column)) = node.and_then(|node| Some((node, column_of(node)?))).filter(|_| plain) {
            let at = node.range.start;
            problem = problem.fix(Range { start: at, end: at }, format!("clusterIP: None\n{}", " ".repeat(column)));
        }
        if path == "spec"
            && let Some(key) = part.document(item).locate(&format!("{}spec", item.prefix)).key
        {
            problem.range = key;
        }
        out.push(problem);
    }
    let selector = read::labels(spec, &["selector"]);
    if let Some(words) = misses(&selector, labels) {
        let wrong: Vec<_> = selector.iter().filter(|entry| labels.get(entry.0) != Some(entry.1)).collect();
        let mut problem = problem("spec.selector", "service-selects-nothing").arg("selector", words);
        if let &[(key, _)] = wrong.as_slice() {
            let place = part.document(item).locate(&format!("{}spec.selector[{key}]", item.prefix));
            if let (true, Some(label)) = (place.exact, labels.get(key)) {
                problem.range = place.value;
                problem = problem.fix(place.value, scalar_text(label));
            }
        }
        out.push(problem);
    }
}

/// A headless Service in front of the set's document.
fn new_service(part: &Part, item: &Item, name: &str, namespace: &str) -> Option<(Range, String)> {
    let document = part.document(item);
    if !item.prefix.is_empty() || document.range.start.column != 1 {
        return None;
    }
    let spec = &item.value["spec"];
    let selector = read::labels(spec, &["template", "metadata", "labels"]);
    let namespace = if item.value["metadata"]["namespace"].is_null() { String::new() } else { format!("  namespace: {namespace}\n") };
    let mut text = format!("apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n{namespace}spec:\n  clusterIP: None\n  selector:\n");
    for (key, value) in selector.iter() {
        text.push_str(&format!("    {key}: {}\n", scalar_text(value)));
    }
    let containers = read::items(spec, &["template", "spec", "containers"]);
    let ports: Vec<&Value> = containers.iter().flat_map(|container| read::items(container, &["ports"])).collect();
    if !ports.is_empty() {
        text.push_str("  ports:\n");
    }
    for port in ports {
        text.push_str(&format!("  - port: {}\n", read::integer(port, &["containerPort"])?));
        if let Some(name) = read::string(port, &["name"]) {
            text.push_str(&format!("    name: {}\n", scalar_text(name)));
        }
    }
    text.push_str("---\n");
    let at = document.range.start;
    Some((Range { start: at, end: at }, text))
}

/// Containers whose readiness nobody asks for: their pods count as ready as soon as they run.
fn probes(part: &Part, item: &Item, path: &str, out: &mut Vec<Problem>) {
    let steps: Vec<&str> = path.split('.').chain(["containers"]).collect();
    let containers = read::items(&item.value, &steps);
    if containers.is_empty() || containers.iter().any(|container| !container["readinessProbe"].is_null()) {
        return;
    }
    let container = &containers[0];
    let place = format!("{path}.containers[0]");
    let name = read::string(container, &["name"]).unwrap_or_default();
    let problem = part.at(item, &format!("{place}.name"), "probe-absent", Severity::Hint).arg("container", name);
    let node = node_at(&part.document(item).root, &parse_path(&format!("{}{place}", item.prefix)));
    let port = read::items(container, &["ports"]).first().map(|port| match read::string(port, &["name"]) {
        Some(name) => name.to_owned(),
        None => port["containerPort"].to_string(),
    });
    let fix = node.zip(port).and_then(|(node, port)| {
        let indent = " ".repeat(column_of(node)?);
        Some((end_of(node), format!("\n{indent}readinessProbe:\n{indent}  tcpSocket:\n{indent}    port: {port}")))
    });
    out.push(match fix {
        Some((range, text)) => problem.fix(range, text),
        None => problem,
    });
}
