//! Kinds, objects, containers: what is there in the cluster to be named. It must not know flags' values or programs.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::labels::Selector;
use crate::api::object::{Body, Object};
use crate::images::FAMILIES;
use crate::kubectl::client;
use crate::kubectl::table;

use super::arguments::WITH_PODS;
use super::kubectl::{Call, kinds_of};
use super::{Found, Scope, What};

/// The columns of `kubectl get` that say how an object is.
const TELLING: &[&str] = &["READY", "STATUS", "TYPE", "PROVISIONER"];

/// Kinds by their names, and by their short names once something is typed; `whole` where the word ends with the kind.
pub(super) fn kinds(asked: &[Kind], found: &mut Found, whole: bool) {
    let kinds = kinds_of(asked);
    for kind in &kinds {
        let info = kind.info();
        found.push(What::Resource, info.plural, info.short_names.join(", "), whole);
    }
    if found.prefix.is_empty() {
        return;
    }
    for kind in &kinds {
        let info = kind.info();
        for short in info.short_names {
            found.push(What::Resource, short, info.plural.to_owned(), whole);
        }
    }
    // `statefulset` and `statefulsets.apps` are no beginnings of the plural, and yet good.
    if found.candidates.is_empty() {
        for kind in &kinds {
            let info = kind.info();
            found.push(What::Resource, &info.singular(), info.plural.to_owned(), whole);
            found.push(What::Resource, &info.resource(), String::new(), whole);
        }
    }
}

/// `TYPE NAME…`, `TYPE/NAME…` or `TYPE,TYPE`.
pub(super) fn arguments(scope: &Scope<'_>, call: &Call<'_>, asked: &[Kind], prefix: &str) -> Found {
    if let Some((kind, name)) = prefix.split_once('/') {
        let mut found = Found::new(name);
        if let Some(kind) = Kind::by_argument(kind) {
            let given = |name: &str| call.arguments.iter().any(|word| word.ends_with(&format!("/{name}")));
            objects(scope, call, kind, &mut found, given);
        }
        return found;
    }
    let slashed = call.arguments.first().is_some_and(|first| first.contains('/'));
    if call.arguments.is_empty() || slashed {
        if let Some((_, last)) = prefix.rsplit_once(',') {
            let mut found = Found::new(last);
            kinds(asked, &mut found, true);
            return found;
        }
        let mut found = Found::new(prefix);
        if call.command == "get" && !slashed {
            found.add(What::Resource, "all", "");
        }
        kinds(asked, &mut found, !slashed);
        if slashed {
            for candidate in &mut found.candidates {
                candidate.text.push('/');
            }
        }
        return found;
    }
    let mut found = Found::new(prefix);
    for kind in call.kinds() {
        objects(scope, call, kind, &mut found, |name| call.arguments[1..].contains(&name));
    }
    found
}

/// A pod, or `TYPE/NAME` of something that has pods.
pub(super) fn pod(scope: &Scope<'_>, call: &Call<'_>, prefix: &str) -> Found {
    if prefix.contains('/') {
        return arguments(scope, call, WITH_PODS, prefix);
    }
    let mut found = Found::new(prefix);
    objects(scope, call, Kind::Pod, &mut found, |_| false);
    for kind in WITH_PODS {
        found.add_open(What::Resource, &format!("{}/", kind.info().plural), "");
        if !prefix.is_empty() {
            for short in kind.info().short_names {
                found.add_open(What::Resource, &format!("{short}/"), kind.info().plural);
            }
        }
    }
    found
}

/// Objects of a kind by name alone, those that were not named yet.
pub(super) fn named(scope: &Scope<'_>, call: &Call<'_>, kind: Kind, found: &mut Found) {
    objects(scope, call, kind, found, |name| call.arguments.contains(&name));
}

fn objects(scope: &Scope<'_>, call: &Call<'_>, kind: Kind, found: &mut Found, given: impl Fn(&str) -> bool) {
    let now = client::now(scope.world);
    let namespace = if kind.namespaced() { call.namespace(scope) } else { None };
    // Endpoints are not stored: each Service has its own.
    let stored = if kind == Kind::Endpoints { Kind::Service } else { kind };
    for object in scope.world.store.all(stored) {
        if namespace.as_ref().is_some_and(|namespace| object.meta.namespace != *namespace) || given(&object.meta.name) {
            continue;
        }
        if object.meta.name.starts_with(&*found.prefix) {
            found.add(What::Object, &object.meta.name, if stored == kind { note(object, now) } else { String::new() });
        }
    }
}

/// How an object is, from the columns of `kubectl get`.
fn note(object: &Object, now: table::Now) -> String {
    let cells = table::cells(object, now);
    let telling = table::columns(object.kind()).iter().zip(&cells).filter(|((heading, wide), _)| !wide && TELLING.contains(heading));
    telling.map(|(_, cell)| cell.as_str()).collect::<Vec<_>>().join(" ")
}

/// The names of a kind's objects, for values of flags.
pub(super) fn names(scope: &Scope<'_>, kind: Kind, found: &mut Found) {
    for object in scope.world.store.all(kind) {
        found.add(What::Object, &object.meta.name, "");
    }
}

/// The containers of the pod that the first argument names.
pub(super) fn containers(scope: &Scope<'_>, call: &Call<'_>, found: &mut Found) {
    let Some(namespace) = call.namespace(scope) else { return };
    for word in &call.arguments {
        let (kind, name) = word.split_once('/').map_or((Some(Kind::Pod), *word), |(kind, name)| (Kind::by_argument(kind), name));
        let pod = match kind {
            Some(Kind::Pod) => scope.world.store.find(Kind::Pod, &namespace, name).cloned(),
            Some(kind) => pods_behind(scope, kind, &namespace, name).into_iter().next(),
            None => None,
        };
        let Some(pod) = pod else { continue };
        let spec = pod.pod().map(|pod| pod.spec.clone());
        for container in spec.iter().flat_map(|spec| spec.containers.iter().chain(spec.init_containers.iter())) {
            found.add(What::Container, &container.name, &*container.image);
        }
    }
}

/// The pods of a workload or a Service.
pub(super) fn pods_behind(scope: &Scope<'_>, kind: Kind, namespace: &str, name: &str) -> Vec<Rc<Object>> {
    let store = &scope.world.store;
    let Some(owner) = store.find(kind, namespace, name) else { return Vec::new() };
    let document = owner.to_value(scope.world.settings.epoch);
    let selector = if kind == Kind::Service {
        Selector::from_map(document.pointer("/spec/selector").and_then(Value::as_object))
    } else {
        Selector::from_label_selector(document.pointer("/spec/selector")).unwrap_or(Selector::Nothing)
    };
    store.list(Kind::Pod, namespace).filter(|pod| selector.matches_with(|key| pod.meta.label(key))).cloned().collect()
}

/// The containers in the template of the object that `set` is to change: name and image.
pub(super) fn template_containers(scope: &Scope<'_>, call: &Call<'_>) -> Vec<(String, String)> {
    let Some(namespace) = call.namespace(scope) else { return Vec::new() };
    let name = call.arguments.first().and_then(|first| first.split_once('/')).map(|(_, name)| name);
    let Some(name) = name.or_else(|| call.arguments.get(1).copied()) else { return Vec::new() };
    let mut found = Vec::new();
    for kind in call.kinds() {
        let Some(object) = scope.world.store.find(kind, &namespace, name) else { continue };
        let document = object.to_value(scope.world.settings.epoch);
        let spec = document.pointer("/spec/template/spec").or_else(|| document.get("spec"));
        let containers = spec.and_then(|spec| spec.get("containers")).and_then(Value::as_array);
        for container in containers.into_iter().flatten() {
            let text = |key: &str| container.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            found.push((text("name"), text("image")));
        }
    }
    found
}

/// Images: those of the object at hand and those that the sandbox knows.
pub(super) fn images(scope: &Scope<'_>, call: &Call<'_>, found: &mut Found) {
    for (_, image) in template_containers(scope, call) {
        found.add(What::Value, &image, "");
    }
    for pod in scope.world.store.all(Kind::Pod) {
        if let Body::Pod(pod) = &pod.body {
            pod.spec.containers.iter().for_each(|container| found.add(What::Value, &container.image, ""));
        }
    }
    FAMILIES.iter().for_each(|family| found.add(What::Value, family.name, ""));
}
