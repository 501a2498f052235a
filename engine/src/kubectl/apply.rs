//! `kubectl apply`: the three-way merge with what was applied last. Follows `kubectl/pkg/cmd/apply`.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::metadata::LAST_APPLIED;
use crate::api::patch::{BuiltIn, strategic_merge, three_way_patch};
use crate::api::read;
use crate::cluster::managed::{self, Conflict};
use crate::cluster::store::Writer;
use crate::json::json;
use crate::order;
use crate::process::Context;

use super::change::{self, DryRun};
use super::client;
use super::failure::{Failure, Outcome};
use super::files::{self, Item};
use super::flags::Parsed;
use super::get::Format;
use super::output::json as write;

/// Runs `kubectl apply`.
///
/// # Errors
/// What could not be applied.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    if !parsed.words.is_empty() {
        let words = parsed.words.join(" ");
        return Err(Failure::usage(&format!("Unexpected args: [{words}]"), "apply"));
    }
    if !parsed.has("filename") && !parsed.has("kustomize") {
        return Err(Failure::text("must specify one of -f and -k"));
    }
    let dry_run = DryRun::read(parsed)?;
    let by_server = parsed.on("server-side");
    let contradiction = match dry_run {
        DryRun::Client if by_server => "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
        _ if parsed.on("force-conflicts") && !by_server => "--force-conflicts only works with --server-side",
        _ if parsed.on("force") && by_server => "--force cannot be used with --server-side",
        DryRun::Server if parsed.on("force") => "--dry-run=server cannot be used with --force",
        _ => "",
    };
    if !contradiction.is_empty() {
        return Err(Failure::text(contradiction));
    }
    let (items, unread) = files::read(parsed, context)?;
    if items.is_empty() && unread.is_empty() {
        return Err(Failure::text("no objects passed to apply"));
    }
    let mut failures = Vec::new();
    for item in items {
        let done = if by_server { server_side(parsed, item, dry_run, context) } else { apply(parsed, item, dry_run, context) };
        if let Err(failure) = done {
            failures.push(failure);
        }
    }
    failures.extend(unread);
    Failure::of(failures)
}

/// Runs `kubectl apply view-last-applied`.
///
/// # Errors
/// Objects that were not applied.
pub fn view_last_applied(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let format = match Format::read(parsed)? {
        Format::Table => Format::Yaml,
        format => format,
    };
    let (objects, mut failures) = client::select(parsed, &parsed.words, context, "apply view-last-applied")?;
    for object in objects {
        let last = object.meta.annotations.get(LAST_APPLIED).and_then(|text| serde_json::from_str(text).ok());
        match last {
            Some(last) => context.streams.out.push_str(&format.print(&last, false).map_err(Failure::Text)?),
            None => {
                failures.push(Failure::text(format!("no last-applied-configuration annotation found on resource: {}", object.meta.name)))
            }
        }
    }
    Failure::of(failures)
}

fn apply(parsed: &Parsed, item: Item, dry_run: DryRun, context: &mut Context<'_>) -> Outcome {
    let generated = read::string(&item.value, &["metadata", "generateName"]).unwrap_or_default();
    if item.name.is_empty() {
        return Err(match generated {
            "" => nameless(&item),
            generated => Failure::text(format!("from {generated}: cannot use generate name with apply")),
        });
    }
    let mut wanted = item.value.clone();
    change::record(parsed, &mut wanted);
    let modified = with_last_applied(&wanted);
    let current = match client::fetch(context.world, item.kind, &item.namespace, &item.name) {
        Ok(object) => object.to_value(context.world.settings.epoch),
        Err(status) if status.reason == crate::api::status::Reason::NotFound => {
            return create(parsed, &item, modified, dry_run, context);
        }
        Err(status) => return Err(status.into()),
    };
    let last = read::string(&current, &["metadata", "annotations", LAST_APPLIED]).map(str::to_owned);
    if last.is_none() {
        let info = item.kind.info();
        context.streams.error(&format!(
            "Warning: resource {}/{} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.",
            info.plural, item.name
        ));
    }
    let last: Value = last.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null);
    let keys = BuiltIn::of_kind(item.kind.name());
    let patch = three_way_patch(&last, &modified, &current, &keys);
    if patch.as_object().is_none_or(serde_json::Map::is_empty) {
        return change::announce_document(context, parsed, &current, "unchanged", dry_run);
    }
    let merged = strategic_merge(&current, &patch, &keys).map_err(|error| Failure::from(error.status()))?;
    if dry_run == DryRun::Client {
        return change::announce_document(context, parsed, &merged, "configured", dry_run);
    }
    let merged = relaxed(parsed, merged);
    match change::replace(context, merged, &item.namespace, dry_run) {
        Ok((object, _)) => change::announce(context, parsed, &object, "configured", dry_run),
        Err(status) => {
            let info = item.kind.info();
            let words = format!(
                "applying patch:\n{}\nto:\nResource: \"{}\", GroupVersionKind: \"{}\"\nName: \"{}\", Namespace: \"{}\"\nfor: \"{}\": error when patching",
                write::compact(&patch),
                resource(info.group, info.version, &format!("Resource={}", info.plural)),
                resource(info.group, info.version, &format!("Kind={}", info.name)),
                item.name,
                item.namespace,
                item.source,
            );
            Err(Failure::from(status).when(&words, &item.source))
        }
    }
}

fn create(parsed: &Parsed, item: &Item, modified: Value, dry_run: DryRun, context: &mut Context<'_>) -> Outcome {
    if dry_run == DryRun::Client {
        return change::announce_document(context, parsed, &modified, "created", dry_run);
    }
    let modified = relaxed(parsed, modified);
    match change::create(context, modified, &item.namespace, dry_run) {
        Ok(object) => change::announce(context, parsed, &object, "created", dry_run),
        Err(status) => Err(Failure::from(status).when("creating", &item.source)),
    }
}

/// What applying `written` would make of the live document `current`; `None` where the two cannot be merged.
pub fn merged(kind: &str, current: &Value, written: &Value) -> Option<Value> {
    let last = read::string(current, &["metadata", "annotations", LAST_APPLIED]);
    let last: Value = last.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
    let keys = BuiltIn::of_kind(kind);
    let patch = three_way_patch(&last, &with_last_applied(written), current, &keys);
    strategic_merge(current, &patch, &keys).ok()
}

/// With `--validate=false` the API server drops unknown fields in silence.
pub fn relaxed(parsed: &Parsed, mut value: Value) -> Value {
    if matches!(parsed.text("validate"), "false" | "ignore" | "warn") {
        super::unknown::drop(&mut value);
    }
    value
}

fn resource(group: &str, version: &str, rest: &str) -> String {
    format!("{group}/{version}, {rest}")
}

fn nameless(item: &Item) -> Failure {
    let info = item.kind.info();
    Failure::text(format!(
        "error when retrieving current configuration of:\nResource: \"{}\", GroupVersionKind: \"{}\"\nName: \"\", Namespace: \"{}\"\nfrom server for: \"{}\": resource name may not be empty",
        resource(info.group, info.version, &format!("Resource={}", info.plural)),
        resource(info.group, info.version, &format!("Kind={}", info.name)),
        item.namespace,
        item.source
    ))
}

/// The document with itself in an annotation, as client-side apply sends it.
pub fn with_last_applied(value: &Value) -> Value {
    let mut applied = value.clone();
    let annotations = read::entry(&mut applied, &["metadata", "annotations"]);
    if !annotations.is_object() {
        *annotations = json!({});
    }
    read::take(&mut applied, &["metadata", "annotations"], LAST_APPLIED);
    let text = format!("{}\n", write::compact(&applied));
    read::entry(&mut applied, &["metadata", "annotations"])[LAST_APPLIED] = json!(text);
    applied
}

/// Server-side apply: what was applied is merged and belongs to whoever applied it, unless others have it at other values.
fn server_side(parsed: &Parsed, item: Item, dry_run: DryRun, context: &mut Context<'_>) -> Outcome {
    let manager = super::dispatch::manager("apply", parsed);
    let mut wanted = item.value.clone();
    let applied = Writer::Applier(manager.clone(), Rc::new(item.value));
    let object = match client::fetch(context.world, item.kind, &item.namespace, &item.name) {
        Ok(object) => object,
        Err(_) => {
            context.world.store.writer = applied;
            let created = change::create(context, wanted, &item.namespace, dry_run)?;
            return change::announce(context, parsed, &created, "serverside-applied", dry_run);
        }
    };
    let conflicts = managed::conflicts(context.world, &object, &wanted, &manager);
    let known = managed::has_applied(context.world, &object, &wanted, &manager);
    if !conflicts.is_empty() && !parsed.on("force-conflicts") {
        return Err(Failure::Verbatim(refusal(&conflicts)));
    }
    if item.kind == Kind::StatefulSet {
        // What the API server filled in is not to be lost, and nobody may change it.
        read::take(&mut wanted, &["spec"], "volumeClaimTemplates");
    }
    let current = object.to_value(context.world.settings.epoch);
    let merged = strategic_merge(&current, &wanted, &BuiltIn::of_kind(item.kind.name())).map_err(|error| Failure::from(error.status()))?;
    context.world.store.writer = applied;
    let (mut object, changed) = change::replace(context, merged, &item.namespace, dry_run).map_err(Failure::from)?;
    if !changed && !known && dry_run == DryRun::None {
        object = context.world.touch(&object);
    }
    change::announce(context, parsed, &object, "serverside-applied", dry_run)
}

/// What kubectl says where others manage what was applied.
fn refusal(conflicts: &[Conflict]) -> String {
    let mut text = match conflicts {
        [one] => format!("error: Apply failed with 1 conflict: conflict with {}: {}", one.manager, one.field),
        several => {
            let mut managers: Vec<&str> = several.iter().map(|conflict| conflict.manager.as_str()).collect();
            order::sort(&mut managers);
            managers.dedup();
            let mut text = format!("error: Apply failed with {} conflicts: ", several.len());
            let mut lines = Vec::new();
            for manager in managers {
                lines.push(format!("conflicts with {manager}:"));
                lines.extend(several.iter().filter(|conflict| conflict.manager == manager).map(|conflict| format!("- {}", conflict.field)));
            }
            text.push_str(&lines.join("\n"));
            text
        }
    };
    text.push_str(WAYS_OUT);
    text
}

const WAYS_OUT: &str = "
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";
