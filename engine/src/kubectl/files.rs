//! `-f`: files of the terminal, `-` for standard input, folders; their documents as kubectl sends them.
//! It must not know what becomes of the documents. Follows `cli-runtime/pkg/resource/visitor.go`.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::metadata::Text;
use crate::api::object::Object;
use crate::api::read;
use crate::manifest;
use crate::process::Context;
use crate::schema;

use super::client;
use super::failure::Failure;
use super::flags::Parsed;

/// A document of a file.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its kind.
    pub kind: Kind,
    /// Its name; empty where it has none.
    pub name: String,
    /// Its namespace, that of the command where it names none; empty for cluster-wide kinds.
    pub namespace: String,
    /// The document.
    pub value: Value,
    /// The file, as it was named.
    pub source: String,
}

/// Whether a command still waits for the standard input that it reads.
pub fn awaits_input(parsed: &Parsed, context: &Context<'_>) -> bool {
    !context.streams.input_ended && parsed.list("filename").contains(&"-")
}

/// Reads the files that a command names: the documents, and what cannot be read beside them.
///
/// # Errors
/// A file that is not there.
pub fn read(parsed: &Parsed, context: &mut Context<'_>) -> Result<(Vec<Item>, Vec<Failure>), Failure> {
    let namespace = client::namespace(parsed, context);
    let mut texts: Vec<(String, Text)> = Vec::new();
    let mut missing = Vec::new();
    for name in parsed.list("filename") {
        match open(name, context) {
            Ok(found) => texts.extend(found),
            Err(failure) => missing.push(failure),
        }
    }
    Failure::of(missing)?;
    let (mut items, mut failures) = (Vec::new(), Vec::new());
    for (source, text) in texts {
        let manifest = manifest::parse(&text);
        for document in manifest.applied() {
            expand(&document.value, &source, &namespace, parsed, &mut items, &mut failures);
        }
        if let Some(words) = manifest.kubectl_error(&source) {
            failures.push(Failure::Verbatim(words));
        }
    }
    Ok((items, failures))
}

/// The objects of the cluster that the files of a command name, and what cannot be read or is not there beside them.
///
/// # Errors
/// A file that is not there.
pub fn stored(parsed: &Parsed, context: &mut Context<'_>) -> Result<(Vec<Rc<Object>>, Vec<Failure>), Failure> {
    let (items, mut failures) = read(parsed, context)?;
    let mut found = Vec::new();
    for item in items {
        match client::fetch(context.world, item.kind, &item.namespace, &item.name) {
            Ok(object) => found.push(object),
            Err(status) => failures.push(status.into()),
        }
    }
    Ok((found, failures))
}

fn open(name: &str, context: &mut Context<'_>) -> Result<Vec<(String, Text)>, Failure> {
    if name == "-" {
        return Ok(vec![("STDIN".to_owned(), context.streams.take_input().into())]);
    }
    if name.starts_with("http://") || name.starts_with("https://") {
        return Err(Failure::text(format!(
            "unable to read URL \"{name}\": this sandbox has no network; paste the manifest into the editor instead"
        )));
    }
    let plain = name.strip_prefix("./").unwrap_or(name).trim_end_matches('/');
    if let Some(text) = context.terminal.files.get(plain).or_else(|| context.terminal.files.get(name)) {
        return Ok(vec![(name.to_owned(), text.clone())]);
    }
    let folder = if plain.is_empty() || plain == "." { String::new() } else { format!("{plain}/") };
    let inside: Vec<(String, Text)> = context
        .terminal
        .files
        .iter()
        .filter(|(path, _)| path.strip_prefix(&folder).is_some_and(|rest| !rest.contains('/')))
        .filter(|(path, _)| [".json", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending)))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    if inside.is_empty() || folder.is_empty() && plain != "." {
        return Err(Failure::text(format!("the path \"{name}\" does not exist")));
    }
    Ok(inside)
}

fn expand(value: &Value, source: &str, namespace: &str, parsed: &Parsed, items: &mut Vec<Item>, failures: &mut Vec<Failure>) {
    if read::string(value, &["kind"]) == Some("List") && value.get("items").is_some_and(Value::is_array) {
        for inner in read::items(value, &["items"]) {
            expand(inner, source, namespace, parsed, items, failures);
        }
        return;
    }
    if let Some(words) = schema::client_refusal(value, source) {
        let lenient = matches!(parsed.text("validate"), "false" | "ignore") && words.contains("error validating data");
        failures.push(Failure::Verbatim(if lenient { unvalidated(value, source) } else { words }));
        return;
    }
    let (api_version, kind) =
        (read::string(value, &["apiVersion"]).unwrap_or_default(), read::string(value, &["kind"]).unwrap_or_default());
    let name = read::string(value, &["metadata", "name"]).unwrap_or_default().to_owned();
    let Some(kind) = Kind::of(api_version, kind) else {
        failures
            .push(Failure::text(format!("this sandbox does not keep objects of the kind {kind} ({api_version}); \"{name}\" was left out")));
        return;
    };
    let written = read::string(value, &["metadata", "namespace"]).unwrap_or_default();
    let mut value = value.clone();
    if !value.get("metadata").is_some_and(Value::is_object) {
        value["metadata"] = crate::json::json!({});
    }
    let namespace = match (kind.namespaced(), written) {
        (false, _) => String::new(),
        (true, "") => namespace.to_owned(),
        (true, written) if parsed.has("namespace") && written != namespace => {
            failures.push(Failure::text(format!(
                "the namespace from the provided object \"{written}\" does not match the namespace \"{namespace}\". You must pass '--namespace={written}' to perform this operation."
            )));
            return;
        }
        (true, written) => written.to_owned(),
    };
    if kind.namespaced() {
        value["metadata"]["namespace"] = crate::json::json!(namespace);
    }
    items.push(Item { kind, name, namespace, value, source: source.to_owned() });
}

/// What is said of a document without kind or version where nobody validates it.
fn unvalidated(value: &Value, source: &str) -> String {
    let found = match value {
        Value::Object(_) => "",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Number(_) => "number",
        Value::Bool(_) => "bool",
        Value::Null => "null",
    };
    if !found.is_empty() {
        return format!("error: unable to decode \"{source}\": json: cannot unmarshal {found} into Go value of type unstructured.detector");
    }
    let text = |key: &str| read::string(value, &[key]).unwrap_or_default();
    if text("kind").is_empty() || text("apiVersion").matches('/').count() > 1 {
        let json = super::output::json::compact(value);
        return format!("error: unable to decode \"{source}\": Object 'Kind' is missing in '{json}'");
    }
    let name = read::string(value, &["metadata", "name"]).unwrap_or_default();
    let namespace = read::string(value, &["metadata", "namespace"]).unwrap_or_default();
    format!(
        "error: resource mapping not found for name: \"{name}\" namespace: \"{namespace}\" from \"{source}\": {}\nensure CRDs are installed first",
        schema::no_match(text("apiVersion"), text("kind"))
    )
}
