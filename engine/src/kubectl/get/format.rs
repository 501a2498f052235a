//! The values of `-o`. It must not know which command prints.

use serde_json::Value;

use crate::api::kind::Kind;
use crate::json::json;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::Parsed;
use crate::kubectl::output::columns::CustomColumns;
use crate::kubectl::output::jsonpath::Path;
use crate::kubectl::output::tabwriter::Rows;
use crate::kubectl::output::template::Template;
use crate::kubectl::output::{json, yaml};

/// How documents are printed.
#[derive(Clone, Debug)]
pub enum Format {
    /// A table, wide or not.
    Table,
    /// `-o yaml`.
    Yaml,
    /// `-o json`.
    Json,
    /// `-o name`.
    Name,
    /// `-o jsonpath=…`.
    JsonPath(Path, String),
    /// `-o jsonpath-as-json=…`.
    JsonPathAsJson(Path),
    /// `-o custom-columns=…`.
    Columns(CustomColumns),
    /// `-o go-template=…`.
    Template(Template),
}

const ALLOWED: &str = "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml";

impl Format {
    /// As `-o` says.
    ///
    /// # Errors
    /// A format that does not exist, or a template that cannot be read.
    pub fn read(parsed: &Parsed) -> Result<Self, Failure> {
        let output = parsed.text("output");
        let (name, argument) = output.split_once('=').unwrap_or((output, ""));
        let given = if argument.is_empty() { parsed.text("template") } else { argument };
        let template = || if given.is_empty() { Err(Failure::text("template format specified but no template given")) } else { Ok(given) };
        match name {
            "" if !parsed.text("template").is_empty() => Ok(Self::Template(Template::parse(given).map_err(Failure::Text)?)),
            "" | "wide" => Ok(Self::Table),
            "yaml" => Ok(Self::Yaml),
            "kyaml" => Err(Failure::Verbatim("sandbox: kubectl knows -o kyaml, this one does not; -o yaml says the same".to_owned())),
            "json" => Ok(Self::Json),
            "name" => Ok(Self::Name),
            "jsonpath" | "jsonpath-as-json" => {
                let text = template()?;
                let path = Path::parse(text).map_err(|words| Failure::text(format!("error parsing jsonpath {text}, {words}")))?;
                Ok(if name == "jsonpath" { Self::JsonPath(path, text.to_owned()) } else { Self::JsonPathAsJson(path) })
            }
            "custom-columns-file" | "go-template-file" | "templatefile" | "jsonpath-file" => {
                let inline = name.replace("-file", "").replace("templatefile", "template");
                let words = format!("sandbox: kubectl knows -o {name}, this one does not; -o {inline}=… takes the same text");
                Err(Failure::Verbatim(words))
            }
            "custom-columns" => Ok(Self::Columns(CustomColumns::parse(given)?)),
            "go-template" | "template" => {
                let text = template()?;
                let read = Template::parse(text).map_err(|words| Failure::text(format!("error parsing template {text}, {words}")))?;
                Ok(Self::Template(read))
            }
            _ => Err(Failure::text(format!(
                "unable to match a printer suitable for the output format \"{output}\", allowed formats are: {ALLOWED}"
            ))),
        }
    }

    /// A document, or a List of documents.
    ///
    /// # Errors
    /// Where a template does not fit the document.
    pub fn print(&self, document: &Value, no_headers: bool) -> Result<String, String> {
        match self {
            Self::Table => Ok(String::new()),
            Self::Yaml => Ok(yaml::document(document)),
            Self::Json => Ok(json::pretty(document)),
            Self::Name => Ok(items(document).into_iter().map(|item| format!("{}\n", name(item))).collect()),
            Self::JsonPath(path, text) => {
                path.print(document).map_err(|words| format!("error executing jsonpath {text:?}: Error executing template: {words}."))
            }
            Self::JsonPathAsJson(path) => Ok(json::pretty(&path.find(document)?.into_iter().cloned().collect())),
            Self::Template(template) => template.print(document),
            Self::Columns(columns) => {
                let mut rows = Vec::new();
                if !no_headers {
                    rows.push(columns.headings());
                }
                rows.extend(items(document).into_iter().map(|item| columns.row(item)));
                Ok(Rows::default().print(&rows))
            }
        }
    }
}

fn items(document: &Value) -> Vec<&Value> {
    match document.get("items").and_then(Value::as_array) {
        Some(items) if document.get("kind").and_then(Value::as_str) == Some("List") => items.iter().collect(),
        _ => vec![document],
    }
}

/// `statefulset.apps/web`.
fn name(document: &Value) -> String {
    let text = |key: &str| document.get(key).and_then(Value::as_str).unwrap_or_default();
    let kind = Kind::of(text("apiVersion"), text("kind")).map_or_else(|| text("kind").to_ascii_lowercase(), |kind| kind.info().printed());
    format!("{kind}/{}", document.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default())
}

/// Documents as one.
pub fn list_of(items: Vec<Value>) -> Value {
    json!({"apiVersion": "v1", "kind": "List", "items": items, "metadata": {"resourceVersion": ""}})
}
