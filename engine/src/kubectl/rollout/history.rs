//! `kubectl rollout history`.

use serde_json::Value;

use crate::api::object::Object;
use crate::api::patch::{BuiltIn, strategic_merge};
use crate::api::time::Epoch;
use crate::kubectl::describe::{containers, sheet::Sheet};
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::kubectl::get::Format;
use crate::kubectl::output::tabwriter::{DESCRIPTION, align};
use crate::process::Context;

use super::{Past, past, targets};

/// Runs `kubectl rollout history`.
///
/// # Errors
/// What keeps no history.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let revision = parsed.number("revision").unwrap_or(0);
    if revision < 0 {
        return Err(Failure::text(format!("revision must be a positive integer: {revision}")));
    }
    let (objects, mut failures) = targets(parsed, context)?;
    let mut printed = false;
    for object in objects {
        let kind = object.kind();
        let name = format!("{}/{}", kind.info().printed(), object.meta.name);
        let Some(all) = past(context.world, &object) else {
            failures
                .push(Failure::text(format!("no history viewer has been implemented for {:?}", format!("{kind}.{}", kind.info().group))));
            continue;
        };
        let format = Format::read(parsed)?;
        let chosen: Vec<&Past> = all.iter().filter(|past| revision == 0 || past.number == revision).collect();
        if revision > 0 && chosen.is_empty() {
            failures.push(Failure::text("unable to find the specified revision"));
            continue;
        }
        if !matches!(format, Format::Table) {
            for past in chosen {
                let document = as_of(&object, past, context.world.settings.epoch)?;
                let between = if printed && matches!(format, Format::Yaml) { "---\n" } else { "" };
                context.streams.out.push_str(&format!("{between}{}", format.print(&document, false).map_err(Failure::Text)?));
                printed = true;
            }
            continue;
        }
        if let Some(found) = chosen.first().filter(|_| revision > 0) {
            let text = template_text(found.shown());
            context.streams.line(&format!("{name} with revision #{revision}\n{text}"));
            continue;
        }
        if all.is_empty() {
            context.streams.line("No rollout history found.");
            continue;
        }
        let mut text = "REVISION\tCHANGE-CAUSE\n".to_owned();
        for past in all {
            text.push_str(&format!("{}\t{}\n", past.number, past.change_cause));
        }
        context.streams.line(&format!("{name} \n{}", align(&text, DESCRIPTION)));
    }
    Failure::of(failures)
}

/// What stood at a past state: the set as it was then, or the ReplicaSet that remembers a Deployment's.
fn as_of(object: &Object, past: &Past, epoch: Epoch) -> Outcome<Value> {
    match &past.set {
        Some(set) => Ok(set.to_value(epoch)),
        None => strategic_merge(&object.to_value(epoch), &past.data, &BuiltIn::of_kind(object.kind().name()))
            .map_err(|error| Failure::from(error.status())),
    }
}

/// A template, with tabs: kubectl does not align it here.
pub(super) fn template_text(template: &Value) -> String {
    let mut sheet = Sheet::default();
    containers::template(&mut sheet, template);
    sheet.text
}
