//! `kubectl rollout history`.

use serde_json::Value;

use crate::kubectl::describe::{containers, sheet::Sheet};
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::kubectl::output::tabwriter::{DESCRIPTION, align};
use crate::process::Context;

use super::{past, targets};

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
    for object in objects {
        let kind = object.kind();
        let name = format!("{}/{}", kind.info().printed(), object.meta.name);
        let Some(all) = past(context.world, &object) else {
            failures
                .push(Failure::text(format!("no history viewer has been implemented for {:?}", format!("{kind}.{}", kind.info().group))));
            continue;
        };
        if revision > 0 {
            match all.iter().find(|past| past.number == revision) {
                Some(found) => {
                    let text = template_text(&found.template);
                    context.streams.line(&format!("{name} with revision #{revision}\n{text}"));
                }
                None => failures.push(Failure::text("unable to find the specified revision")),
            }
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

/// A template, with tabs: kubectl does not align it here.
pub(super) fn template_text(template: &Value) -> String {
    let mut sheet = Sheet::default();
    containers::template(&mut sheet, template);
    sheet.text
}
