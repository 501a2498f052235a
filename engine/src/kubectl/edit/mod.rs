//! `kubectl edit`: opens objects in an editor, and again with what was wrong until they can be saved or the person gives up.
//! The editor is the page's, which saves when its person says so, or one that needs nobody: `EDITOR='sed -i s/a/b/'`.
//! Follows `kubectl/pkg/cmd/util/editor/editoptions.go`.

mod header;

use std::rc::Rc;

use serde_json::Value;

use crate::api::object::Object;
use crate::api::patch::{BuiltIn, strategic_merge, three_way_patch};
use crate::api::read;
use crate::api::status::{Reason as Refusal, Status};
use crate::cluster::store::Writer;
use crate::json::json;
use crate::manifest;
use crate::process::{Context, Poll, Process};
use crate::schema;
use crate::session::terminal::OpenFile;
use crate::shell;

use super::change::{self, DryRun};
use super::client;
use super::failure::Failure;
use super::flags::Parsed;
use super::output::jsonpath::go_text;
use super::output::yaml;
use header::{Reason, without_comments};

/// Starts `kubectl edit`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Edit { parsed, editing: None })
}

#[derive(Clone)]
struct Edit {
    parsed: Parsed,
    editing: Option<Editing>,
}

/// What is being edited.
#[derive(Clone)]
struct Editing {
    objects: Vec<Rc<Object>>,
    /// The objects as they were read.
    before: Vec<Value>,
    /// The value of `EDITOR`; `None` for the page's own editor.
    editor: Option<String>,
    file: String,
    /// What the editor was given.
    shown: String,
    /// What it gave back before, where that could not be saved.
    rejected: Option<String>,
    /// Whether the page's editor has the file open.
    open: bool,
}

impl Process for Edit {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        let editing = match &mut self.editing {
            Some(editing) => editing,
            slot => match begin(&self.parsed, context) {
                Ok(editing) => slot.insert(editing),
                Err(failure) => return Poll::Done(failure.print(context.streams)),
            },
        };
        loop {
            let edited = match editing.edited(context) {
                Ok(Some(edited)) => edited,
                Ok(None) => return Poll::Waiting { until_ms: None },
                Err(failure) => return Poll::Done(failure.print(context.streams)),
            };
            match editing.save(&self.parsed, edited, context) {
                Ok(true) => return Poll::Done(0),
                Ok(false) => {}
                Err(failure) => return Poll::Done(failure.print(context.streams)),
            }
        }
    }

    fn interrupt(&mut self, context: &mut Context<'_>) {
        if self.editing.as_ref().is_some_and(|editing| editing.open) {
            context.terminal.open = None;
        }
    }
}

fn begin(parsed: &Parsed, context: &mut Context<'_>) -> Result<Editing, Failure> {
    let mut chosen = parsed.clone();
    if !parsed.has("selector") {
        chosen.put("selector", "");
    }
    let (objects, failures) = client::select(&chosen, &parsed.words, context, "edit")?;
    Failure::of(failures)?;
    if objects.is_empty() {
        return Err(Failure::text("edit cancelled, no objects found"));
    }
    let variables = &context.terminal.variables;
    let editor = ["KUBE_EDITOR", "EDITOR"].iter().find_map(|name| variables.get(*name).filter(|text| !text.is_empty())).cloned();
    // Where nobody can type, nobody can edit.
    if editor.is_none() && context.streams.input_ended {
        return Err(Failure::Verbatim(
            "sandbox: kubectl edit needs a person or an editor that needs none, as in EDITOR='sed -i s/replicas:\\ 3/replicas:\\ 5/' kubectl edit sts web"
                .to_owned(),
        ));
    }
    let before: Vec<Value> = objects.iter().map(|object| object.to_value(context.world.settings.epoch)).collect();
    let text = match before.as_slice() {
        [one] => yaml::document(one),
        several => yaml::document(&json!({"apiVersion": "v1", "items": several, "kind": "List", "metadata": {}})),
    };
    let number = context.world.store.revision() * 7_919 + 1_000_003;
    Ok(Editing {
        objects,
        before,
        editor,
        file: format!("/tmp/kubectl-edit-{number}.yaml"),
        shown: header::text(&[]) + &text,
        rejected: None,
        open: false,
    })
}

impl Editing {
    /// What the editor made of the text; `None` while it is open.
    fn edited(&mut self, context: &mut Context<'_>) -> Result<Option<String>, Failure> {
        if let Some(editor) = &self.editor {
            return run_editor(editor, &self.shown, context).map(Some);
        }
        if self.open {
            let Some(answer) = context.terminal.open.as_mut().and_then(|open| open.closed.take()) else {
                return Ok(None);
            };
            (self.open, context.terminal.open) = (false, None);
            return Ok(Some(answer.map_or_else(|| self.shown.clone(), |text| text.to_string())));
        }
        // One file at a time: another command has the editor.
        if context.terminal.open.is_none() {
            let text = self.shown.as_str().into();
            context.terminal.open = Some(OpenFile { name: self.file.clone(), text, closed: None });
            self.open = true;
        }
        Ok(None)
    }

    /// Saves what was edited; false where the editor is to open again with what was wrong.
    fn save(&mut self, parsed: &Parsed, edited: String, context: &mut Context<'_>) -> Result<bool, Failure> {
        let body = without_comments(&edited);
        if self.rejected.as_ref().is_some_and(|rejected| same(&without_comments(rejected), &body)) {
            return Err(self.keep(&edited, context, Failure::text("Edit cancelled, no valid changes were saved.")));
        }
        if body.trim().is_empty() {
            context.streams.error("Edit cancelled, saved file was empty.");
            return Ok(true);
        }
        let after = match manifest::value(&body) {
            Ok(after) => after,
            Err(words) => {
                let cause = format!("<nil>: Invalid value: \"The edited file failed validation\": {words}");
                self.again(edited, &[Reason::invalid(&self.objects[0], vec![cause])], context);
                return Ok(false);
            }
        };
        let documents = if self.before.len() == 1 { vec![after] } else { read::items(&after, &["items"]).to_vec() };
        if documents == self.before {
            context.streams.error("Edit cancelled, no changes made.");
            return Ok(true);
        }
        let mut reasons = Vec::new();
        let mut lost = None;
        for after in documents {
            let uid = read::string(&after, &["metadata", "uid"]).unwrap_or_default();
            let found = self.before.iter().position(|before| read::string(before, &["metadata", "uid"]) == Some(uid));
            // The only object can be no other, whatever was made of its uid.
            let Some(index) = found.or_else(|| (self.before.len() == 1).then_some(0)) else {
                let name = read::string(&after, &["metadata", "name"]).unwrap_or_default();
                return Err(self.keep(&edited, context, Failure::text(format!("no original object found for {name}"))));
            };
            let (object, before) = (&self.objects[index], &self.before[index]);
            if after == *before {
                change::announce(context, parsed, object, "skipped", DryRun::None)?;
                continue;
            }
            if ["apiVersion", "kind"].iter().any(|key| after[key] != before[key]) || after["metadata"]["name"] != before["metadata"]["name"]
            {
                let words = "At least one of apiVersion, kind and name was changed";
                return Err(self.keep(&edited, context, Failure::text(words)));
            }
            match patch(parsed, object, before, &after, context) {
                Ok(()) => {}
                Err(Trouble::Invalid(causes)) => reasons.push(Reason::invalid(object, causes)),
                Err(Trouble::Gone) => {
                    context.streams.error(&format!("error: {} could not be found on the server", header::named(object)));
                    lost = Some(format!("The edits you made on deleted resources have been saved to {:?}", self.file));
                }
                Err(Trouble::Other(words)) => {
                    context.streams.error(&format!("error: {} could not be patched: {words}", header::named(object)));
                    lost = Some(format!("You can run `kubectl replace -f {}` to try this update again.", self.file));
                }
            }
        }
        if let Some(words) = lost {
            context.terminal.files.insert(self.file.clone(), edited.as_str().into());
            context.streams.error(&words);
            return Err(Failure::Exit(1));
        }
        if reasons.is_empty() {
            return Ok(true);
        }
        self.again(edited, &reasons, context);
        Ok(false)
    }

    /// Opens the editor again, with what was wrong at the head of the text.
    fn again(&mut self, edited: String, reasons: &[Reason], context: &mut Context<'_>) {
        for reason in reasons {
            context.streams.error(&format!("error: {} is invalid", reason.object()));
        }
        self.shown = header::text(reasons) + &without_comments(&edited);
        self.rejected = Some(edited);
    }

    /// Keeps what was edited as a file, and says where.
    fn keep(&self, edited: &str, context: &mut Context<'_>, failure: Failure) -> Failure {
        context.terminal.files.insert(self.file.clone(), edited.into());
        context.streams.error(&format!("A copy of your changes has been stored to {:?}", self.file));
        failure
    }
}

/// Whether two texts mean the same document, or are the same where they mean none.
fn same(one: &str, other: &str) -> bool {
    match (manifest::value(one), manifest::value(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// Why an object could not be saved.
enum Trouble {
    /// Validation says so, one cause each.
    Invalid(Vec<String>),
    /// It is not there any more.
    Gone,
    /// Anything else.
    Other(String),
}

impl From<Status> for Trouble {
    fn from(status: Status) -> Self {
        match status.reason {
            Refusal::Invalid => Self::Invalid(status.causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect()),
            Refusal::NotFound => Self::Gone,
            _ => Self::Other(status.message),
        }
    }
}

/// Sends what was changed as a patch, so that what others changed in the meantime stays.
fn patch(parsed: &Parsed, object: &Object, before: &Value, after: &Value, context: &mut Context<'_>) -> Result<(), Trouble> {
    let keys = BuiltIn::of_kind(object.kind().name());
    let patch = three_way_patch(before, after, before, &keys);
    let live = client::fetch(context.world, object.kind(), &object.meta.namespace, &object.meta.name)?;
    let live = live.to_value(context.world.settings.epoch);
    let mut patched = strategic_merge(&live, &patch, &keys).map_err(|error| error.status())?;
    let invalid = |words: &str| Trouble::Invalid(vec![format!("patch: Invalid value: \"{}\": {words}", go_text(&patch))]);
    let errors = schema::decode(&patched, schema::of(object.kind()));
    if let Some(error) = errors.iter().find(|error| !error.is_strict()) {
        return Err(invalid(&format!("unrecognized type: {}", error.text.rsplit(' ').next().unwrap_or_default())));
    }
    let unknown = super::unknown::drop(&mut patched);
    match parsed.text("validate") {
        "false" | "ignore" => {}
        "warn" => unknown.iter().for_each(|words| context.streams.error(&format!("Warning: {words}"))),
        _ if unknown.is_empty() => {}
        _ => return Err(invalid(&format!("strict decoding error: {}", unknown.join(", ")))),
    }
    context.world.store.writer = Writer::Person("kubectl-edit".into());
    let stored = change::replace(context, patched, &object.meta.namespace, DryRun::None);
    context.world.store.writer = Writer::default();
    let (stored, _) = stored?;
    change::announce(context, parsed, &stored, "edited", DryRun::None).map_err(|failure| Trouble::Other(failure.words()))
}

/// Runs an editor that needs nobody; `cat` prints the text.
fn run_editor(editor: &str, text: &str, context: &mut Context<'_>) -> Result<String, Failure> {
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

#[cfg(test)]
mod tests;
