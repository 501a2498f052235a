//! `kubectl rollout restart|pause|resume`.

use crate::api::kind::Kind;
use crate::api::read;
use crate::json::json;
use crate::kubectl::change::{self, DryRun};
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::process::Context;

use super::{quoted, some_targets};

/// The annotation that a restart changes.
const RESTARTED: &str = "kubectl.kubernetes.io/restartedAt";

/// Runs `kubectl rollout restart`.
///
/// # Errors
/// What cannot be restarted.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let (objects, mut failures) = some_targets(parsed, context)?;
    for object in objects {
        if !matches!(object.kind(), Kind::StatefulSet | Kind::Deployment | Kind::DaemonSet) {
            failures.push(Failure::text(format!("{} restarting is not supported", quoted(&object))));
            continue;
        }
        let epoch = context.world.settings.epoch;
        let mut document = object.to_value(epoch);
        if read::flag(&document, &["spec", "paused"]) {
            failures.push(Failure::text(format!("{} can't restart paused deployment (run rollout resume first)", quoted(&object))));
            continue;
        }
        let now = json!(epoch.rfc3339(context.now_ms()));
        let annotations = read::entry(&mut document, &["spec", "template", "metadata", "annotations"]);
        if annotations.get(RESTARTED) == Some(&now) {
            failures.push(Failure::text(format!(
                "failed to create patch for {}: if restart has already been triggered within the past second, please wait before attempting to trigger another",
                object.meta.name
            )));
            continue;
        }
        if !annotations.is_object() {
            *annotations = json!({});
        }
        annotations[RESTARTED] = now;
        match change::replace(context, document, &object.meta.namespace, DryRun::None) {
            Ok((stored, _)) => change::announce(context, parsed, &stored, "restarted", DryRun::None)?,
            Err(status) => failures.push(Failure::text(format!("failed to patch: {}", status.message))),
        }
    }
    Failure::of(failures)
}

/// Runs `kubectl rollout pause`.
///
/// # Errors
/// What cannot be paused.
pub fn pause(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    set_paused(parsed, context, true)
}

/// Runs `kubectl rollout resume`.
///
/// # Errors
/// What cannot be resumed.
pub fn resume(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    set_paused(parsed, context, false)
}

fn set_paused(parsed: &Parsed, context: &mut Context<'_>, paused: bool) -> Outcome {
    let (objects, mut failures) = some_targets(parsed, context)?;
    let (doing, done, standing) =
        if paused { ("pausing", "paused", "is already paused") } else { ("resuming", "resumed", "is not paused") };
    for object in objects {
        if object.kind() != Kind::Deployment {
            failures.push(Failure::text(format!("{} {doing} is not supported", quoted(&object))));
            continue;
        }
        let mut document = object.to_value(context.world.settings.epoch);
        if read::flag(&document, &["spec", "paused"]) == paused {
            failures.push(Failure::text(format!("{} {standing}", quoted(&object))));
            continue;
        }
        if paused {
            document["spec"]["paused"] = json!(true);
        } else {
            read::take(&mut document, &["spec"], "paused");
        }
        match change::replace(context, document, &object.meta.namespace, DryRun::None) {
            Ok((stored, _)) => change::announce(context, parsed, &stored, done, DryRun::None)?,
            Err(status) => failures.push(Failure::text(format!("failed to patch: {}", status.message))),
        }
    }
    Failure::of(failures)
}
