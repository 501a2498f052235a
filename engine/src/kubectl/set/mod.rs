//! `kubectl set image|env|resources|serviceaccount|selector`. Follows `kubectl/pkg/cmd/set`.

pub mod env;
pub mod image;
pub mod resources;

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::read;
use crate::order;
use crate::process::Context;

use super::change::{self, DryRun};
use super::client;
use super::failure::{Failure, Outcome};
use super::files;
use super::flags::Parsed;

/// The objects that a `set` command means.
///
/// # Errors
/// What is not there.
fn targets(parsed: &Parsed, words: &[String], context: &mut Context<'_>) -> Result<(Vec<Rc<Object>>, Vec<Failure>), Failure> {
    if parsed.has("filename") {
        return files::stored(parsed, context);
    }
    client::select(parsed, words, context, "set")
}

/// Where a kind keeps its pods' spec.
pub(super) fn pod_spec_path(kind: Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::Pod => Some(&["spec"]),
        Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet | Kind::DaemonSet | Kind::Job | Kind::ReplicationController => {
            Some(&["spec", "template", "spec"])
        }
        Kind::CronJob => Some(&["spec", "jobTemplate", "spec", "template", "spec"]),
        _ => None,
    }
}

/// The containers of a pod spec to be changed, init containers last.
fn containers_mut(spec: &mut Value) -> impl Iterator<Item = &mut Value> {
    let Some(map) = spec.as_object_mut() else {
        return Vec::new().into_iter();
    };
    let mut lists: Vec<(&String, &mut Value)> =
        map.iter_mut().filter(|(key, _)| matches!(key.as_str(), "containers" | "initContainers")).collect();
    order::sort_by(&mut lists, |a, b| a.0.cmp(b.0));
    let found: Vec<&mut Value> = lists.into_iter().filter_map(|(_, list)| list.as_array_mut()).flatten().collect();
    found.into_iter()
}

fn name_of(container: &Value) -> &str {
    read::string(container, &["name"]).unwrap_or_default()
}

/// Whether a pattern (`*` stands for anything) means a container.
fn means(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => {
            name.strip_prefix(head).is_some_and(|rest| (0..=rest.len()).any(|at| rest.is_char_boundary(at) && means(tail, &rest[at..])))
        }
    }
}

/// Changes the pod spec of each object and says what was done; nothing is said where nothing changes.
fn update(
    parsed: &Parsed,
    objects: Vec<Rc<Object>>,
    mut failures: Vec<Failure>,
    (doing, done): (&str, &str),
    context: &mut Context<'_>,
    mut edit: impl FnMut(&mut Value, &mut Vec<Failure>),
) -> Outcome {
    let dry_run = DryRun::read(parsed)?;
    for object in objects {
        let kind = object.kind();
        let Some(path) = pod_spec_path(kind) else {
            let info = kind.info();
            failures.push(Failure::text(format!(
                "{}/{} the object is not a pod or does not have a pod template: *{}.{}",
                info.plural, object.meta.name, info.version, info.name
            )));
            continue;
        };
        let before = object.to_value(context.world.settings.epoch);
        let mut after = before.clone();
        edit(read::entry(&mut after, path), &mut failures);
        if after == before {
            continue;
        }
        change::record(parsed, &mut after);
        if dry_run == DryRun::Client {
            change::announce_document(context, parsed, &after, done, dry_run)?;
            continue;
        }
        match change::replace(context, after, &object.meta.namespace, dry_run) {
            Ok((stored, _)) => change::announce(context, parsed, &stored, done, dry_run)?,
            Err(status) => failures.push(Failure::text(format!("failed to patch {doing} to pod template: {}", status.message))),
        }
    }
    Failure::of(failures)
}
