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
    let several = objects.len() > 1;
    for object in objects {
        let before = object.to_value(context.world.settings.epoch);
        if list {
            let blank = if several { " " } else { "" };
            if several {
                let (kind, name) = (object.kind().info(), &object.meta.name);
                context.streams.line(&format!("Listing {} for {}.{}/{name}:", words.key, kind.name, kind.group));
            }
            for (key, value) in read::labels(&before, &["metadata", words.key]).iter() {
                context.streams.line(&format!("{blank}{key}={value}"));
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
            if words.one == "label" && dry_run != DryRun::Client && !standing.contains_key(key.as_str()) {
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
        // kubectl tells by the length of the document whether something went.
        let shorter = !parsed.on("overwrite") && after.to_string().len() < before.to_string().len();
        let done = match (after == before, shorter, words.one) {
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
                    if value.contains('=') {
                        return Err(Failure::text(format!("invalid label spec: {change}")));
                    }
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
        return Err(Failure::text(match words.one {
            "label" => "can not both modify and remove a label in the same command".to_owned(),
            _ => format!("can not both modify and remove the following annotation(s) in the same command: {key}"),
        }));
    }
    Ok((set, removed))
}

fn targets(parsed: &Parsed, resources: &[String], context: &mut Context<'_>) -> Result<(Vec<Rc<Object>>, Vec<Failure>), Failure> {
    if !parsed.has("filename") {
        return client::select(parsed, resources, context, "label");
    }
    files::stored(parsed, context)
}
