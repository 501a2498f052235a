//! `kubectl edit` with an editor that needs no person: `EDITOR='sed -i s/a/b/'`. Follows `kubectl/pkg/cmd/util/editor`.

use crate::api::status::Reason;
use crate::manifest;
use crate::process::Context;
use crate::schema;
use crate::shell;

use super::change::{self, DryRun};
use super::client;
use super::failure::{Failure, Outcome};
use super::flags::Parsed;
use super::output::yaml;

const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
";

/// Runs `kubectl edit`.
///
/// # Errors
/// What cannot be edited, or saved.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let mut chosen = parsed.clone();
    if !parsed.has("selector") {
        chosen.put("selector", "");
    }
    let (objects, failures) = client::select(&chosen, &parsed.words, context, "edit")?;
    Failure::of(failures)?;
    let variables = &context.terminal.variables;
    let editor = ["KUBE_EDITOR", "EDITOR"].iter().find_map(|name| variables.get(*name).filter(|text| !text.is_empty())).cloned();
    let Some(editor) = editor else {
        return Err(Failure::Verbatim(
            "sandbox: kubectl edit needs an editor here; name one that needs no keyboard, as in EDITOR='sed -i s/replicas:\\ 3/replicas:\\ 5/' kubectl edit sts web"
                .to_owned(),
        ));
    };
    for object in objects {
        let before = object.to_value(context.world.settings.epoch);
        let text = format!("{HEADER}{}", yaml::document(&before));
        let edited = open(&editor, &text, context)?;
        let body: String = edited.lines().filter(|line| !line.trim_start().starts_with('#')).map(|line| format!("{line}\n")).collect();
        if edited == text || body.trim().is_empty() {
            let why = if edited == text { "no changes made" } else { "saved file was empty" };
            context.streams.error(&format!("Edit cancelled, {why}."));
            continue;
        }
        let resource = format!("{} \"{}\"", object.kind().info().resource(), object.meta.name);
        let after = match manifest::value(&body) {
            Ok(after) => after,
            Err(words) => {
                let words = format!("error parsing edited-file: error converting YAML to JSON: {words}");
                context.streams.error(&format!("error: the edited file had a syntax error: {words}"));
                return Err(give_up(context, None));
            }
        };
        if after == before {
            context.streams.error("Edit cancelled, no changes made.");
            continue;
        }
        let wrong_type = schema::lookup(&object.kind().api_version(), object.kind().name())
            .is_some_and(|kind| schema::decode(&after, kind.ty()).iter().any(|error| !error.is_strict()));
        if wrong_type {
            return Err(give_up(context, Some(&resource)));
        }
        let mut after = after;
        let unknown = super::unknown::drop(&mut after);
        match change::replace(context, after, &object.meta.namespace, DryRun::None) {
            Ok((stored, _)) => change::announce(context, parsed, &stored, "edited", DryRun::None)?,
            Err(status) if status.reason == Reason::Invalid => return Err(give_up(context, Some(&resource))),
            Err(status) => return Err(status.into()),
        }
        for words in unknown {
            context.streams.error(&format!("Warning: {words}"));
        }
    }
    Ok(())
}

/// What the editor made of the text; `cat` prints it.
fn open(editor: &str, text: &str, context: &mut Context<'_>) -> Result<String, Failure> {
    match shell::edit(editor, text) {
        Some(Ok(edited)) => {
            if editor.split_whitespace().next() == Some("cat") {
                context.streams.out.push_str(text);
            }
            Ok(edited)
        }
        Some(Err(words)) => Err(Failure::text(format!("there was a problem with the editor {editor:?}: {words}"))),
        None => Err(Failure::Verbatim(format!(
            "sandbox: the editor {editor:?} needs a screen; `sed -i`, `cat` and `true` do not, as in EDITOR='sed -i s/replicas:\\ 3/replicas:\\ 5/'"
        ))),
    }
}

fn give_up(context: &mut Context<'_>, resource: Option<&str>) -> Failure {
    if let Some(resource) = resource {
        context.streams.error(&format!("error: {resource} is invalid"));
    }
    let number = context.world.store.revision() * 7_919 + 1_000_003;
    context.streams.error(&format!("A copy of your changes has been stored to \"/tmp/kubectl-edit-{number}.yaml\""));
    Failure::text("Edit cancelled, no valid changes were saved.")
}
