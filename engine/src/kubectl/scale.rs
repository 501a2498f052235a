//! `kubectl scale`. Follows `kubectl/pkg/cmd/scale`.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::read;
use crate::api::status::Status;
use crate::json::json;
use crate::process::Context;

use super::change::{self, DryRun};
use super::client;
use super::failure::{Failure, Outcome};
use super::files;
use super::flags::Parsed;

/// Runs `kubectl scale`.
///
/// # Errors
/// What could not be scaled.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let Some(replicas) = parsed.number("replicas") else {
        return Err(Failure::text("required flag(s) \"replicas\" not set"));
    };
    if replicas < 0 {
        return Err(Failure::text("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"));
    }
    let current = parsed.number("current-replicas").filter(|count| *count >= 0);
    let dry_run = DryRun::read(parsed)?;
    let mut failures = Vec::new();
    let objects: Vec<Rc<Object>> = if parsed.has("filename") {
        let (items, unread) = files::read(parsed, context)?;
        Failure::of(unread)?;
        let mut found = Vec::new();
        for item in items {
            found.push(client::fetch(context.world, item.kind, &item.namespace, &item.name)?);
        }
        found
    } else {
        let (objects, missing) = client::select(parsed, &parsed.words, context, "scale")?;
        failures = missing;
        objects
    };
    if objects.is_empty() {
        return Failure::of(failures).and(Err(Failure::text("no objects passed to scale")));
    }
    for object in objects {
        let kind = object.kind();
        if !matches!(kind, Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet | Kind::ReplicationController) {
            return Err(Status::no_such_resource().into());
        }
        let mut document = object.to_value(context.world.settings.epoch);
        let standing = read::integer(&document, &["spec", "replicas"]).unwrap_or(1);
        if let Some(current) = current
            && current != standing
        {
            return Err(Failure::text(format!("Expected replicas to be {current}, was {standing}")));
        }
        read::entry(&mut document, &["spec"])["replicas"] = json!(replicas);
        change::record(parsed, &mut document);
        if dry_run != DryRun::Client {
            change::replace(context, document.clone(), &object.meta.namespace, dry_run)?;
        }
        change::announce(context, parsed, &object, "scaled", dry_run)?;
    }
    Failure::of(failures)
}
