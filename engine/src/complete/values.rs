//! Completes the values of kubectl's flags, where they are names or one of a few words. It must not know commands beyond
//! what the same flag means in each.

use crate::api::kind::Kind;
use crate::kubectl::config;
use crate::kubectl::flags::Flag;
use crate::order;

use super::arguments::{self, Arguments};
use super::kubectl::{Call, kinds_of};
use super::objects;
use super::programs;
use super::{Found, Scope, What};

/// Formats of `-o` that end the word, for everything that prints objects.
const FORMATS: &[&str] = &["json", "name", "wide", "yaml"];
/// Formats that go on behind `=`.
const OPEN_FORMATS: &[&str] = &["custom-columns=", "go-template=", "jsonpath=", "jsonpath-as-json="];
/// Conditions that are waited for.
const CONDITIONS: &[&str] = &["Available", "Complete", "ContainersReady", "Initialized", "PodScheduled", "Progressing", "Ready"];
/// What lists are usually sorted by.
const SORTED_BY: &[&str] = &[".lastTimestamp", ".metadata.creationTimestamp", ".metadata.name", ".spec.nodeName", ".status.startTime"];

/// The values of a flag.
pub(super) fn of(scope: &Scope<'_>, call: &Call<'_>, flag: &Flag, prefix: &str) -> Found {
    // Of values with commas between them, the last is completed.
    let part = match flag.name {
        "types" | "label-columns" | "verbs" | "selector" | "labels" => prefix.rsplit(',').next().unwrap_or(prefix),
        _ => prefix,
    };
    let mut found = Found::new(part);
    match flag.name {
        "namespace" => objects::names(scope, Kind::Namespace, &mut found),
        "filename" | "kustomize" | "patch-file" | "from-env-file" => return programs::files(scope, None, prefix),
        "from-file" => return programs::files(scope, None, prefix.rsplit('=').next().unwrap_or(prefix)),
        "container" | "containers" => {
            objects::containers(scope, call, &mut found);
            for (name, image) in objects::template_containers(scope, call) {
                found.add(What::Container, &name, image);
            }
        }
        "context" => found.add(What::Value, config::NAME, ""),
        "selector" => labels(scope, call, &mut found, false),
        "label-columns" => labels(scope, call, &mut found, true),
        "field-selector" => fields(scope, call, &mut found),
        "image" => objects::images(scope, call, &mut found),
        "output" => formats(call, &mut found),
        "for" if call.command == "events" => return objects::arguments(scope, &Call::read(&[]), &[], prefix),
        "for" => match prefix.split_once('=') {
            Some(("condition", condition)) => {
                found = Found::new(condition);
                CONDITIONS.iter().for_each(|name| found.add(What::Value, name, ""));
            }
            _ => {
                found.add_open(What::Value, "condition=", "");
                found.add(What::Value, "create", "");
                found.add(What::Value, "delete", "");
                found.add_open(What::Value, "jsonpath=", "");
            }
        },
        "to-revision" | "revision" => revisions(scope, call, &mut found),
        _ => words(call.command, flag.name).iter().for_each(|word| found.add(What::Value, word, "")),
    }
    found
}

/// Flags that take one of a few words.
fn words(command: &str, flag: &str) -> &'static [&'static str] {
    match flag {
        "cascade" => &["background", "foreground", "orphan"],
        "dry-run" => &["client", "none", "server"],
        "image-pull-policy" => &["Always", "IfNotPresent", "Never"],
        "override-type" => &["json", "merge", "strategic"],
        "protocol" => &["SCTP", "TCP", "UDP"],
        "restart" => &["Always", "Never", "OnFailure"],
        "session-affinity" => &["ClientIP", "None"],
        "sort-by" if command == "api-resources" => &["kind", "name"],
        "sort-by" => SORTED_BY,
        "subresource" => &["scale", "status"],
        "type" if command == "patch" => &["json", "merge", "strategic"],
        "type" if command == "expose" => &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"],
        "types" => &["Normal", "Warning"],
        "validate" => &["ignore", "strict", "warn"],
        "verbs" => &["create", "delete", "get", "list", "patch", "update", "watch"],
        _ => &[],
    }
}

fn formats(call: &Call<'_>, found: &mut Found) {
    let (closed, open): (&[&str], &[&str]) = match call.command {
        "version" | "explain" => (&["json", "yaml"], &[]),
        "config get-contexts" => (&["name"], &[]),
        "api-resources" => (FORMATS, &[]),
        "get" | "events" | "rollout history" => (FORMATS, OPEN_FORMATS),
        _ => (&["json", "name", "yaml"], &["go-template=", "jsonpath="]),
    };
    closed.iter().for_each(|format| found.add(What::Value, format, ""));
    open.iter().for_each(|format| found.add_open(What::Value, format, ""));
}

/// Labels of the objects at hand: `key=value`, or keys alone.
fn labels(scope: &Scope<'_>, call: &Call<'_>, found: &mut Found, keys_alone: bool) {
    let namespace = call.namespace(scope);
    let mut texts: Vec<String> = Vec::new();
    for kind in of_interest(call) {
        for object in scope.world.store.all(kind) {
            if namespace.as_ref().is_some_and(|namespace| kind.namespaced() && object.meta.namespace != *namespace) {
                continue;
            }
            for (key, value) in object.meta.labels.iter() {
                texts.push(if keys_alone { key.to_string() } else { format!("{key}={value}") });
            }
        }
    }
    order::sort(&mut texts);
    texts.dedup();
    texts.iter().for_each(|text| found.add(What::Value, text, ""));
}

fn of_interest(call: &Call<'_>) -> Vec<Kind> {
    let kinds = call.kinds();
    if !kinds.is_empty() {
        return kinds;
    }
    match arguments::of(call.command) {
        Arguments::Named(kind) => vec![kind],
        Arguments::Objects(kinds) => kinds_of(kinds),
        Arguments::Pod | Arguments::PodThenContainer => vec![Kind::Pod],
        _ => Vec::new(),
    }
}

fn fields(scope: &Scope<'_>, call: &Call<'_>, found: &mut Found) {
    let pods = of_interest(call).contains(&Kind::Pod);
    match found.prefix.clone().split_once('=') {
        Some(("spec.nodeName", node)) => {
            *found = Found::new(node.trim_start_matches('='));
            objects::names(scope, Kind::Node, found);
        }
        Some(("status.phase", phase)) => {
            *found = Found::new(phase.trim_start_matches('='));
            ["Failed", "Pending", "Running", "Succeeded", "Unknown"].iter().for_each(|phase| found.add(What::Value, phase, ""));
        }
        Some(_) => {}
        None => {
            for field in ["metadata.name=", "metadata.namespace="] {
                found.add_open(What::Value, field, "");
            }
            if pods {
                for field in ["spec.nodeName=", "status.phase=", "status.podIP="] {
                    found.add_open(What::Value, field, "");
                }
            }
        }
    }
}

/// The revisions of the object at hand.
fn revisions(scope: &Scope<'_>, call: &Call<'_>, found: &mut Found) {
    let Some(namespace) = call.namespace(scope) else { return };
    let name = call.arguments.first().and_then(|first| first.split_once('/')).map(|(_, name)| name);
    let Some(name) = name.or_else(|| call.arguments.get(1).copied()) else { return };
    for kind in call.kinds() {
        let Some(owner) = scope.world.store.find(kind, &namespace, name) else { continue };
        for object in scope.world.store.owned_of_kind(owner.meta.uid, Kind::ControllerRevision) {
            if let Some(revision) = object.to_value(scope.world.settings.epoch).get("revision") {
                found.add(What::Value, &revision.to_string(), &*object.meta.name);
            }
        }
        for object in scope.world.store.owned_of_kind(owner.meta.uid, Kind::ReplicaSet) {
            if let Some(revision) = object.meta.annotation("deployment.kubernetes.io/revision") {
                found.add(What::Value, revision, &*object.meta.name);
            }
        }
    }
}
