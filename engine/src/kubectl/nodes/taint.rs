//! `kubectl taint`.

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::read;
use crate::json::json;
use crate::kubectl::change::{self, DryRun};
use crate::kubectl::client::{self, Filter};
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::kubectl::resources;
use crate::process::Context;

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// Runs `kubectl taint`.
///
/// # Errors
/// What cannot be read, and nodes that are not there.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let is_taint = |word: &str| word.contains('=') || word.contains(':') || word.ends_with('-');
    let Some((resource, rest)) = parsed.words.split_first() else {
        return Err(Failure::text("one or more resources must be specified as <resource> <name>"));
    };
    let first = rest.iter().position(|word| is_taint(word)).unwrap_or(rest.len());
    let (names, taints) = rest.split_at(first);
    if resources::one(resource)? != Kind::Node {
        return Err(Failure::text(format!("invalid resource type {resource}, only node types are supported")));
    }
    if taints.is_empty() {
        return Err(Failure::text("at least one taint update is required"));
    }
    let dry_run = DryRun::read(parsed)?;
    let mut changes = Vec::new();
    for taint in taints {
        changes.push(read_taint(taint)?);
    }
    let nodes = if names.is_empty() {
        if !parsed.on("all") && !parsed.has("selector") {
            return Err(Failure::text("one or more resources must be specified as <resource> <name>"));
        }
        Filter::read(parsed, "".into(), &[Kind::Node])?.list(context.world, Kind::Node)
    } else {
        let mut found = Vec::new();
        for name in names {
            found.push(client::fetch(context.world, Kind::Node, "", name)?);
        }
        found
    };
    for node in nodes {
        let name = &node.meta.name;
        let mut document = node.to_value(context.world.settings.epoch);
        let mut list: Vec<Value> = read::items(&document, &["spec", "taints"]).to_vec();
        let (mut added, mut removed) = (false, false);
        for (key, value, effect) in &changes {
            let same = |taint: &Value| {
                read::string(taint, &["key"]) == Some(key)
                    && effect.as_deref().is_none_or(|effect| read::string(taint, &["effect"]) == Some(effect))
            };
            let standing = list.iter().any(same);
            match value {
                None => {
                    if !standing {
                        let shown = effect.as_ref().map(|effect| format!("{key}:{effect}")).unwrap_or_else(|| key.clone());
                        return Err(Failure::text(format!("taint {shown:?} not found")));
                    }
                    list.retain(|taint| !same(taint));
                    removed = true;
                }
                Some(value) => {
                    if standing && !parsed.on("overwrite") {
                        return Err(Failure::text(format!(
                            "node {name} already has {key} taint(s) with same effect(s) and --overwrite is false"
                        )));
                    }
                    list.retain(|taint| !same(taint));
                    let mut taint = json!({"key": key, "effect": effect.clone().unwrap_or_default()});
                    if !value.is_empty() {
                        taint["value"] = json!(value);
                    }
                    list.push(taint);
                    added = true;
                }
            }
        }
        if list.is_empty() {
            read::take(&mut document, &["spec"], "taints");
        } else {
            document["spec"]["taints"] = Value::Array(list);
        }
        if dry_run != DryRun::Client {
            change::replace(context, document, "", dry_run)?;
        }
        let done = match (added, removed, parsed.on("overwrite")) {
            (true, true, _) | (true, _, true) => "modified",
            (true, false, false) => "tainted",
            _ => "untainted",
        };
        // That it was a dry run is not said.
        context.streams.line(&format!("node/{name} {done}"));
    }
    Ok(())
}

/// `key=value:effect`, `key:effect`, or with a minus behind it; the value is `None` for what is to go.
type Change = (String, Option<String>, Option<String>);

fn read_taint(text: &str) -> Result<Change, Failure> {
    let (body, gone) = match text.strip_suffix('-') {
        Some(body) => (body, true),
        None => (text, false),
    };
    if body.matches('=').count() > 1 || body.matches(':').count() > 1 {
        return Err(Failure::usage(&format!("invalid taint spec: {text}"), "taint"));
    }
    let (pair, effect) = body.split_once(':').map_or((body, None), |(pair, effect)| (pair, Some(effect)));
    if let Some(effect) = effect
        && !EFFECTS.contains(&effect)
    {
        return Err(Failure::usage(&format!("invalid taint effect: {effect}, unsupported taint effect"), "taint"));
    }
    // Without an effect all of it is read as a key.
    let (key, value) = if effect.is_none() { (pair, "") } else { pair.split_once('=').unwrap_or((pair, "")) };
    if let Some(problem) = crate::api::names::qualified_name(key).first() {
        return Err(Failure::usage(&format!("invalid taint spec: {text}, {problem}"), "taint"));
    }
    Ok((key.to_owned(), (!gone).then(|| value.to_owned()), effect.map(str::to_owned)))
}
