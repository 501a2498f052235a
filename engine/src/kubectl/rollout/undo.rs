//! `kubectl rollout undo`.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::patch::{BuiltIn, strategic_merge};
use crate::api::read;
use crate::kubectl::change::{self, DryRun};
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::process::Context;

use super::history::template_text;
use super::{Past, past, quoted, targets, warn_of_apply};

/// Runs `kubectl rollout undo`.
///
/// # Errors
/// What cannot be rolled back.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let dry_run = DryRun::read(parsed)?;
    let revision = parsed.number("to-revision").unwrap_or(0);
    let (objects, mut failures) = targets(parsed, context)?;
    for object in objects {
        if let Err(failure) = undo(parsed, &object, revision, dry_run, context) {
            failures.push(failure);
        }
    }
    Failure::of(failures)
}

fn undo(parsed: &Parsed, object: &Rc<Object>, revision: i64, dry_run: DryRun, context: &mut Context<'_>) -> Outcome {
    let Some(all) = past(context.world, object) else {
        let kind = object.kind();
        return Err(Failure::text(format!("no rollbacker has been implemented for {:?}", format!("{kind}.{}", kind.info().group))));
    };
    warn_of_apply(object, context);
    let document = object.to_value(context.world.settings.epoch);
    if read::flag(&document, &["spec", "paused"]) {
        let name = &object.meta.name;
        return Err(Failure::text(format!(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again: {} {name}",
            quoted(object)
        )));
    }
    let chosen = choose(&all, revision)?;
    if dry_run == DryRun::Client {
        let doing = if chosen.set.is_some() { "" } else { "will roll back to " };
        return change::announce(context, parsed, object, &format!("{doing}{}", template_text(chosen.shown())), dry_run);
    }
    if document.pointer("/spec/template") == Some(&chosen.template) {
        let words = format!("skipped rollback (current template already matches revision {})", chosen.number);
        return change::announce(context, parsed, object, &words, DryRun::None);
    }
    let keys = BuiltIn::of_kind(object.kind().name());
    let rolled = if object.kind() == Kind::StatefulSet {
        strategic_merge(&document, &chosen.data, &keys).map_err(|error| Failure::from(error.status()))?
    } else {
        let mut rolled = document;
        rolled["spec"]["template"] = chosen.template.clone();
        rolled
    };
    let (stored, _) = change::replace(context, rolled, &object.meta.namespace, dry_run)?;
    change::announce(context, parsed, &stored, "rolled back", dry_run)
}

fn choose(all: &[Past], revision: i64) -> Result<Past, Failure> {
    if revision == 0 {
        let before = all.len().checked_sub(2).and_then(|index| all.get(index));
        return before.cloned().ok_or_else(|| Failure::text("no last revision to roll back to"));
    }
    let found = all.iter().find(|past| past.number == revision).cloned();
    found.ok_or_else(|| Failure::text(format!("unable to find specified revision {revision} in history")))
}
