//! `kubectl set env`, with `--list`.

use serde_json::Value;

use crate::api::object::Object;
use crate::api::read;
use crate::json::json;
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::process::Context;

use super::{containers_mut, means, name_of, pod_spec_path, targets, update};

/// Runs `kubectl set env`.
///
/// # Errors
/// What could not be set.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let is_change = |word: &String| word.contains('=') || word.ends_with('-') && word.len() > 1;
    let (mut changes, words): (Vec<String>, Vec<String>) = parsed.words.iter().cloned().partition(is_change);
    changes.extend(parsed.all("env").into_iter().map(str::to_owned));
    if words.is_empty() && !parsed.has("filename") {
        return Err(Failure::text("one or more resources must be specified as <resource> <name> or <resource>/<name>"));
    }
    if parsed.has("from") {
        return Err(Failure::text("this sandbox does not model --from; name the variables instead, as in NAME=value"));
    }
    let (objects, failures) = targets(parsed, &words, context)?;
    let pattern = parsed.get("containers").unwrap_or("*").to_owned();
    if parsed.on("list") {
        for object in objects {
            let spec = pod_spec(&object, context).unwrap_or_default();
            let chosen: Vec<&Value> = containers(&spec).filter(|container| means(&pattern, name_of(container))).collect();
            if chosen.is_empty() {
                warn(&object, &pattern, context);
            }
            for container in chosen {
                let kind = object.kind().info().name;
                context.streams.line(&format!("# {kind} {}, container {}", object.meta.name, name_of(container)));
                for variable in read::items(container, &["env"]) {
                    let name = read::string(variable, &["name"]).unwrap_or_default();
                    match variable.get("valueFrom") {
                        Some(source) => context.streams.line(&format!("# {name} from {}", source_text(source))),
                        None => context.streams.line(&format!("{name}={}", read::string(variable, &["value"]).unwrap_or_default())),
                    }
                }
            }
        }
        return Failure::of(failures);
    }
    let names: Vec<&str> = changes.iter().filter_map(|change| change.split_once('=')).map(|(name, _)| name).collect();
    if changes.iter().any(|change| !change.contains('=') && names.contains(&change.trim_end_matches('-'))) {
        return Err(Failure::text("can not both modify and remove the same environment variable in the same command"));
    }
    for object in &objects {
        let spec = pod_spec(object, context);
        if spec.is_some_and(|spec| !containers(&spec).any(|container| means(&pattern, name_of(container)))) {
            warn(object, &pattern, context);
        }
    }
    update(parsed, objects, failures, ("env update", "env updated"), context, |spec, _| {
        for container in containers_mut(spec).filter(|container| means(&pattern, name_of(container))) {
            for change in &changes {
                match change.split_once('=') {
                    Some((name, value)) => put(container, name, value),
                    None => remove(container, change.trim_end_matches('-')),
                }
            }
        }
    })
}

/// The pod spec of an object, where it has one.
fn pod_spec(object: &Object, context: &Context<'_>) -> Option<Value> {
    read::at(&object.to_value(context.world.settings.epoch), pod_spec_path(object.kind())?).cloned()
}

/// The containers of a pod spec, init containers last.
fn containers(spec: &Value) -> impl Iterator<Item = &Value> {
    read::items(spec, &["containers"]).iter().chain(read::items(spec, &["initContainers"]))
}

fn warn(object: &Object, pattern: &str, context: &mut Context<'_>) {
    let kind = object.kind().info().name;
    let name = &object.meta.name;
    context.streams.error(&format!("Warning: {kind}/{name} does not have any containers matching {pattern:?}"));
}

fn source_text(source: &Value) -> String {
    for (key, words) in [("configMapKeyRef", "configmap"), ("secretKeyRef", "secret")] {
        if let Some(reference) = source.get(key) {
            let text = |field: &str| read::string(reference, &[field]).unwrap_or_default().to_owned();
            return format!("{words} {}, key {}", text("name"), text("key"));
        }
    }
    if let Some(resource) = read::string(source, &["resourceFieldRef", "resource"]) {
        return format!("resource field {resource}");
    }
    format!("field path {}", read::string(source, &["fieldRef", "fieldPath"]).unwrap_or_default())
}

fn put(container: &mut Value, name: &str, value: &str) {
    if !container["env"].is_array() {
        container["env"] = json!([]);
    }
    let Some(list) = container["env"].as_array_mut() else { return };
    match list.iter_mut().find(|variable| name_of(variable) == name) {
        Some(variable) => *variable = json!({"name": name, "value": value}),
        None => list.push(json!({"name": name, "value": value})),
    }
}

fn remove(container: &mut Value, name: &str) {
    let Some(list) = container.get_mut("env").and_then(Value::as_array_mut) else { return };
    list.retain(|variable| name_of(variable) != name);
    if list.is_empty() {
        read::take(container, &[], "env");
    }
}
