//! `kubectl label` and `kubectl annotate`. Follows `kubectl/pkg/cmd/label` and `annotate`.

use std::rc::Rc;

use serde_json::Value;

use crate::api::object::Object;
use crate::api::read;
use crate::json::json;
use crate::process::Context;

use super::change::{self, DryRun};
use super::client;
use super::failure::{Failure, Outcome};
use super::files;
use super::flags::Parsed;

/// Runs `kubectl label`.
///
/// # Errors
/// What cannot be labelled.
pub fn label(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    run(parsed, context, &LABEL)
}

/// Runs `kubectl annotate`.
///
/// # Errors
/// What cannot be annotated.
pub fn annotate(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    run(parsed, context, &ANNOTATION)
}

struct Words {
    key: &'static str,
    one: &'static str,
    done: &'static str,
    undone: &'static str,
}

const LABEL: Words = Words { key: "labels", one: "label", done: "labeled", undone: "unlabeled" };
const ANNOTATION: Words = Words { key: "annotations", one: "annotation", done: "annotated", undone: "annotated" };

fn run(parsed: &Parsed, context: &mut Context<'_>, words: &Words) -> Outcome {
    let is_change = |word: &str| word.contains('=') || (word.ends_with('-') && word.len() > 1);
    let from_files = parsed.has("filename");
    // The first words name resources, the rest are changes; a resource never holds an equals sign.
    let first = parsed.words.iter().position(|word| is_change(word)).unwrap_or(parsed.words.len());
    let (resources, changes) = parsed.words.split_at(first);
    if let Some(stray) = changes.iter().find(|word| !is_change(word)) {
        return Err(Failure::text(format!("all resources must be specified before {} changes: {stray}", words.one)));
    }
    let list = parsed.on("list");
    if resources.is_empty() && !from_files {
        return Err(Failure::text("one or more resources must be specified as <resource> <name> or <resource>/<name>"));
    }
    if changes.is_empty() && !list {
        return Err(Failure::text(format!("at least one {} update is required", words.one)));
    }
    let (set, removed) = split(changes, words)?;
    let dry_run = DryRun::read(parsed)?;
    let (objects, mut failures) = targets(parsed, resources, context)?;
    if objects.is_empty() && failures.is_empty() {
        context.streams.error("No resources found");
        return Ok(());
    }
    for object in objects {
        let before = object.to_value(context.world.settings.epoch);
        if list {
            for (key, value) in read::labels(&before, &["metadata", words.key]).iter() {
                context.streams.line(&format!("{key}={value}"));
            }
            continue;
        }
        let standing = read::labels(&before, &["metadata", words.key]);
        if !parsed.on("overwrite") {
            let clash = set.iter().find(|(key, value)| standing.get(key.as_str()).is_some_and(|found| **found != **value));
            if let Some((key, _)) = clash {
                let found = standing.get(key.as_str()).map(|found| found.to_string()).unwrap_or_default();
                failures.push(Failure::text(match words.one {
                    "label" => format!("'{key}' already has a value ({found}), and --overwrite is false"),
                    _ => format!(
                        "--overwrite is false but found the following declared annotation(s): '{key}' already has a value ({found})"
                    ),
                }));
                continue;
            }
        }
        let mut after = before.clone();
        for key in &removed {
            if words.one == "label" && !standing.contains_key(key.as_str()) {
                context.streams.line(&format!("label \"{key}\" not found."));
            }
            read::take(&mut after, &["metadata", words.key], key);
        }
        for (key, value) in &set {
            read::entry(&mut after, &["metadata", words.key])[key.as_str()] = json!(value);
        }
        if read::at(&after, &["metadata", words.key]).and_then(Value::as_object).is_some_and(serde_json::Map::is_empty) {
            read::take(&mut after, &["metadata"], words.key);
        }
        let done = match (after == before, set.is_empty(), words.one) {
            (true, _, "label") => "not labeled",
            (_, true, _) => words.undone,
            _ => words.done,
        };
        if after == before || dry_run == DryRun::Client {
            change::announce_document(context, parsed, &after, done, dry_run)?;
            continue;
        }
        match change::replace(context, after, &object.meta.namespace, dry_run) {
            Ok((stored, _)) => change::announce(context, parsed, &stored, done, dry_run)?,
            Err(status) => failures.push(status.into()),
        }
    }
    Failure::of(failures)
}

type Changes = (Vec<(String, String)>, Vec<String>);

fn split(changes: &[String], words: &Words) -> Result<Changes, Failure> {
    let (mut set, mut removed) = (Vec::new(), Vec::new());
    for change in changes {
        match change.split_once('=') {
            Some((key, value)) => {
                if words.one == "label" {
                    let problems = crate::api::names::label_value(value);
                    if let Some(problem) = problems.first() {
                        return Err(Failure::text(format!("invalid label value: {change:?}: {problem}")));
                    }
                }
                set.push((key.to_owned(), value.to_owned()));
            }
            None => removed.push(change.trim_end_matches('-').to_owned()),
        }
    }
    if let Some((key, _)) = set.iter().find(|(key, _)| removed.contains(key)) {
        return Err(Failure::text(format!("can not both modify and remove {} \"{key}\" in the same command", words.one)));
    }
    Ok((set, removed))
}

fn targets(parsed: &Parsed, resources: &[String], context: &mut Context<'_>) -> Result<(Vec<Rc<Object>>, Vec<Failure>), Failure> {
    if !parsed.has("filename") {
        return client::select(parsed, resources, context, "label");
    }
    files::stored(parsed, context)
}
