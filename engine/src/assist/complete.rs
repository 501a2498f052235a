//! What can come next: keys of the object here, values of the field here, names that exist, and whole pieces of a manifest.
//! It must not know how a list of these is shown.

use super::context::{self, Context};
use super::{snippets, type_words};
use crate::api::kind::{KINDS, KindInfo};
use crate::schema::{Field, FieldType, Required};

/// Names that are known beyond the structure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// StorageClasses.
    pub classes: Vec<String>,
    /// Services.
    pub services: Vec<String>,
    /// Namespaces.
    pub namespaces: Vec<String>,
}

/// What can come next at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// The first byte of the word that is completed.
    pub from: usize,
    /// The possibilities, best first.
    pub options: Vec<Completion>,
}

/// One possibility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it is called.
    pub label: String,
    /// Its type, or what it is.
    pub detail: String,
    /// What to put in place of the word.
    pub insert: String,
    /// Whether `insert` is a piece with blanks to fill in, written `${NUMBER:WORD}`.
    pub template: bool,
    /// What [`super::hover()`]'s words are about, `TYPE.field`; empty where there are none.
    pub subject: String,
    /// Higher comes first.
    pub rank: i32,
}

impl Completion {
    fn new(label: &str, detail: &str, insert: String) -> Self {
        Self { label: label.to_owned(), detail: detail.to_owned(), insert, template: false, subject: String::new(), rank: 0 }
    }
}

/// What can come next at `byte` of `text`.
#[must_use]
pub fn complete(text: &str, byte: usize, known: &Known) -> Completions {
    let Some(context) = context::read(text, byte) else {
        return Completions::default();
    };
    let mut options = if context.value { values(&context, text, known) } else { keys(&context) };
    if !context.value {
        options.extend(snippets::fitting(&context));
    }
    Completions { from: context.from, options }
}

fn keys(context: &Context<'_>) -> Vec<Completion> {
    let taken = context.siblings();
    let free = |name: &str| !taken.contains(&name);
    if context.path.is_empty() && context.kind().is_none() {
        let top = ["apiVersion", "kind", "metadata", "spec"];
        let named = top.into_iter().filter(|name| free(name));
        return named.map(|name| Completion::new(name, "", key_text(name, name.starts_with(['m', 's']), false, context.column))).collect();
    }
    let Some(ty) = context.place().and_then(|place| place.keys()) else {
        return Vec::new();
    };
    let fields = ty.fields.iter().filter(|field| free(field.name) && !(context.path.is_empty() && field.name == "status"));
    let option = |field: &Field| {
        let (nested, list) = match &field.ty {
            FieldType::Object(_) | FieldType::Map(_) => (true, false),
            FieldType::List(element) => (true, matches!(**element, FieldType::Object(_) | FieldType::String)),
            _ => (false, false),
        };
        let mut option = Completion::new(field.name, &type_words(&field.ty), key_text(field.name, nested, list, context.column));
        option.subject = format!("{}.{}", ty.definition, field.name);
        option.rank = match field.required {
            Required::No => 0,
            _ => 2,
        };
        if context.path.is_empty() {
            option.rank += i32::from(matches!(field.name, "metadata" | "spec"));
        }
        option
    };
    fields.map(option).collect()
}

/// The key with what follows it: a blank, or a new line with the place where its value goes.
fn key_text(name: &str, nested: bool, list: bool, column: usize) -> String {
    // A list of a key stands at the key's own column, as kubectl prints it.
    match (nested, list) {
        (true, true) => format!("{name}:\n{}- ", " ".repeat(column)),
        (true, false) => format!("{name}:\n{}", " ".repeat(column + 2)),
        _ => format!("{name}: "),
    }
}

fn values(context: &Context<'_>, text: &str, known: &Known) -> Vec<Completion> {
    let plain = |words: &mut dyn Iterator<Item = String>, detail: &str| -> Vec<Completion> {
        words.map(|word| Completion::new(&word, detail, word.clone())).collect()
    };
    let key = context.path.iter().rev().find_map(|step| match step {
        context::Step::Key(key) => Some(*key),
        context::Step::Element => None,
    });
    if context.path.len() == 1 {
        match key {
            Some("kind") => {
                let fits = |info: &&KindInfo| context.top("apiVersion").is_none_or(|version| info.api_version() == version);
                let mut found: Vec<String> = KINDS.iter().filter(fits).map(|info| info.name.to_owned()).collect();
                if found.is_empty() {
                    found = KINDS.iter().map(|info| info.name.to_owned()).collect();
                }
                found.dedup();
                return plain(&mut found.into_iter(), "");
            }
            Some("apiVersion") => {
                let fits = |info: &&KindInfo| context.top("kind").is_none_or(|name| info.name == name);
                let mut found: Vec<String> = KINDS.iter().filter(fits).map(KindInfo::api_version).collect();
                crate::order::sort(&mut found);
                found.dedup();
                return plain(&mut found.into_iter(), "");
            }
            _ => {}
        }
    }
    let Some(place) = context.place() else {
        return Vec::new();
    };
    let Some(field) = place.field else {
        return Vec::new();
    };
    if !field.values.is_empty() {
        return plain(&mut field.values.iter().map(|value| (*value).to_owned()), "");
    }
    let names = |names: &[String], extra: Vec<String>| -> Vec<Completion> {
        let mut all = names.to_vec();
        all.extend(extra);
        crate::order::sort(&mut all);
        all.dedup();
        plain(&mut all.into_iter(), "")
    };
    match (place.owner.name, field.name) {
        (_, "storageClassName") => names(&known.classes, written_names(text, "StorageClass")),
        (_, "serviceName") => names(&known.services, written_names(text, "Service")),
        ("ObjectMeta", "namespace") => names(&known.namespaces, written_names(text, "Namespace")),
        ("VolumeMount", "name") => names(&[], volumes(context)),
        _ if field.ty == FieldType::Bool => plain(&mut ["true", "false"].iter().map(|word| (*word).to_owned()), ""),
        _ => Vec::new(),
    }
}

/// The names of the text's objects of a kind.
fn written_names(text: &str, kind: &str) -> Vec<String> {
    let manifest = crate::manifest::parse(text);
    manifest
        .documents
        .iter()
        .filter(|document| document.kind.as_deref() == Some(kind))
        .filter_map(|document| document.name.clone())
        .collect()
}

/// The names of the volumes and claim templates of the document.
fn volumes(context: &Context<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for (index, line) in context.lines.iter().enumerate().filter(|(_, line)| !line.silent && line.key == Some("name")) {
        let before = context.lines[..index].iter().rev().filter(|above| !above.silent && above.key.is_some());
        let mut around = before.filter(|above| above.column < line.column || above.column == line.column.saturating_sub(2));
        let inside = around.find(|above| above.column < line.column && above.key != Some("metadata")).and_then(|above| above.key);
        if matches!(inside, Some("volumes" | "volumeClaimTemplates")) {
            out.extend(line.text.get(line.colon..).map(|value| value.trim().trim_matches('"').to_owned()));
        }
    }
    out
}
