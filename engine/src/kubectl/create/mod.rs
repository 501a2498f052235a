//! `kubectl create`: from files, and the small generators. Follows `kubectl/pkg/cmd/create`.

pub mod generate;

pub use generate::generate;

use crate::process::Context;

use super::apply::{relaxed, with_last_applied};
use super::change::{self, DryRun};
use super::failure::{Failure, Outcome};
use super::files;
use super::flags::Parsed;

/// Runs `kubectl create -f`.
///
/// # Errors
/// What could not be created.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    if !parsed.has("filename") && !parsed.has("kustomize") {
        if !parsed.words.is_empty() {
            return Err(Failure::usage(&format!("Unexpected args: [{}]", parsed.words.join(" ")), "create"));
        }
        return Err(Failure::text("must specify one of -f and -k"));
    }
    let dry_run = DryRun::read(parsed)?;
    let (items, unread) = files::read(parsed, context)?;
    if items.is_empty() && unread.is_empty() {
        return Err(Failure::text("no objects passed to create"));
    }
    let mut failures = Vec::new();
    for item in items {
        let value = if parsed.on("save-config") { with_last_applied(&item.value) } else { item.value };
        if dry_run == DryRun::Client {
            change::announce_document(context, parsed, &value, "created", dry_run)?;
            continue;
        }
        match change::create(context, relaxed(parsed, value), &item.namespace, dry_run) {
            Ok(object) => change::announce(context, parsed, &object, "created", dry_run)?,
            Err(status) => failures.push(Failure::from(status).when("creating", &item.source)),
        }
    }
    failures.extend(unread);
    Failure::of(failures)
}
