//! Reads a text document by document: limits first, then tree, verdict and repairs, then the value.
//! It must not know Kubernetes kinds.

use serde_json::Value;

use super::chunks::{self, Chunk};
use super::node::Node;
use super::position::Lines;
use super::problem::{Problem, Severity};
use super::recover::{self, Budget};
use super::value::convert;
use super::{Document, Manifest};
use crate::order;

/// Longest text that is read, in bytes. etcd refuses objects over 1.5 MiB, so no manifest that works needs more.
pub const TEXT_BYTES_MAX: usize = 1_536 * 1024;

/// Most documents in one text. Real bundles hold some dozens; the bound keeps memory small.
pub const DOCUMENTS_MAX: usize = 2_000;

/// Most problems listed. Nobody reads more, and a text in another format would give thousands.
pub(crate) const PROBLEMS_MAX: usize = 500;

/// kubectl's words in front of every complaint of its YAML reader.
const CONVERTING: &str = "error converting YAML to JSON: ";

/// Reads `text` as kubectl does and goes on where kubectl stops. Never fails: what is wrong is in
/// [`Manifest::problems`], and every document that can be made out is in [`Manifest::documents`].
#[must_use]
pub fn parse(text: &str) -> Manifest {
    let lines = Lines::new(text);
    let mut manifest = Manifest { text: text.to_owned(), lines, documents: Vec::new(), problems: Vec::new() };
    if text.len() > TEXT_BYTES_MAX {
        let problem = Problem::new("text-too-long", Severity::Error, text, &manifest.lines, 0, 0)
            .arg("bytes", text.len().to_string())
            .arg("limit", TEXT_BYTES_MAX.to_string());
        manifest.problems.push(problem);
        return manifest;
    }
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut budget = Budget::default();
    for (index, chunk) in chunks::split(&text[bom..]).into_iter().enumerate() {
        let chunk = Chunk { start: chunk.start + bom, end: chunk.end + bom };
        if index >= DOCUMENTS_MAX {
            let problem = Problem::new("too-many-documents", Severity::Error, text, &manifest.lines, chunk.start, chunk.start)
                .arg("limit", DOCUMENTS_MAX.to_string());
            manifest.problems.push(problem);
            break;
        }
        read_document(&mut manifest, index, chunk, &mut budget);
    }
    order::sort_by_key(&mut manifest.problems, |problem| (problem.range.start.byte, problem.range.end.byte));
    cap(&mut manifest.problems, &manifest.text, &manifest.lines);
    manifest
}

/// The value of a text's first document, or what go-yaml says where it cannot read it.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    match parse(text).documents.into_iter().next() {
        Some(Document { refusal: Some(words), .. }) => Err(words.trim_start_matches(CONVERTING).to_owned()),
        Some(document) => Ok(document.value),
        None => Ok(Value::Null),
    }
}

/// Keeps at most [`PROBLEMS_MAX`] problems and says so.
fn cap(problems: &mut Vec<Problem>, text: &str, lines: &Lines) {
    if problems.len() > PROBLEMS_MAX {
        let at = problems[PROBLEMS_MAX].range;
        problems.truncate(PROBLEMS_MAX);
        problems.push(Problem::at("too-many-problems", Severity::Error, text, lines, at).arg("limit", PROBLEMS_MAX.to_string()));
    }
}

fn read_document(manifest: &mut Manifest, index: usize, chunk: Chunk, budget: &mut Budget) {
    let text = manifest.text.as_str();
    let lines = &manifest.lines;
    let outcome = recover::read(text, lines, chunk, budget);
    let mut problems = outcome.problems;
    let mut refusal = outcome.refusal;
    for (name, range) in &outcome.unknown_aliases {
        refusal.get_or_insert_with(|| format!("yaml: unknown anchor '{name}' referenced"));
        problems.push(Problem::at("unknown-anchor", Severity::Error, text, lines, *range).arg("name", name.as_str()));
    }
    if let Some(root) = outcome.root.filter(|root| !is_empty(root)) {
        let converted = convert(&root, text, lines);
        problems.extend(converted.problems);
        let refusal = refusal.or(converted.refusal);
        manifest.documents.push(Document {
            index,
            range: root.range,
            api_version: string(&converted.value, &["apiVersion"]),
            kind: string(&converted.value, &["kind"]),
            name: string(&converted.value, &["metadata", "name"]),
            namespace: string(&converted.value, &["metadata", "namespace"]),
            value: converted.value,
            root,
            comments: outcome.comments,
            refusal: refusal.map(|words| format!("{CONVERTING}{words}")),
        });
    } else if let Some(words) = refusal {
        // Nothing could be made out, but kubectl stops here all the same.
        let range = lines.range(text, chunk.start, chunk.start);
        manifest.documents.push(Document {
            index,
            range,
            root: Node::absent(range),
            value: Value::Null,
            api_version: None,
            kind: None,
            name: None,
            namespace: None,
            comments: outcome.comments,
            refusal: Some(format!("{CONVERTING}{words}")),
        });
    }
    manifest.problems.extend(problems);
}

/// A document of only blanks and comments, or an explicit null: kubectl skips it.
fn is_empty(root: &Node) -> bool {
    root.is_absent() || matches!(root.scalar(), Some("null" | "~" | "Null" | "NULL"))
}

fn string(value: &Value, path: &[&str]) -> Option<String> {
    let mut value = value;
    for key in path {
        value = value.get(key)?;
    }
    value.as_str().map(str::to_owned)
}
