//! Fits every document to the Kubernetes structure and reports each misfit in its place, with the remedy: unknown
//! fields, wrong types, missing fields, values outside their list, old API versions. What values mean together is
//! `api::validation`'s; its field paths are turned into places by [`Document::locate`]. It must not know the cluster.

mod similar;
mod types;
mod unknown;
mod values;
mod versions;

pub(crate) use similar::nearest;

use crate::order;
use crate::sorted::SortedSet;

use serde_json::Value;

use super::node::Node;
use super::path::{Found, Step, locate, parse_path};
use super::position::{Lines, Range};
use super::problem::{Problem, Severity};
use super::read::PROBLEMS_MAX;
use super::{Document, Manifest};
use crate::api::kind::Kind;
use crate::schema::{self, Type};

/// Objects in one `List` that are looked at.
const LIST_ITEMS_MAX: usize = 2_000;

/// All problems of structure in `manifest`, in the order of the text. [`Manifest::problems`] has those of reading it.
#[must_use]
pub fn check(manifest: &Manifest) -> Vec<Problem> {
    let mut out = Vec::new();
    for document in &manifest.documents {
        // A document of which nothing could be made out has its problem from reading.
        if document.refusal.is_some() && document.value.is_null() {
            continue;
        }
        let checker = Checker { text: &manifest.text, lines: &manifest.lines, document, prefix: Vec::new() };
        checker.object(&document.value, &mut out);
        if out.len() > PROBLEMS_MAX {
            break;
        }
    }
    // One node can stand for several values through aliases; it is wrong once.
    let mut seen = SortedSet::new();
    out.retain(|problem| seen.insert((problem.range.start.byte, problem.range.end.byte, problem.code, problem.get("field").to_owned())));
    order::sort_by_key(&mut out, |problem| (problem.range.start.byte, problem.range.end.byte));
    out.truncate(PROBLEMS_MAX);
    out
}

/// One object of a document: the document itself, or an element of a `List`.
struct Checker<'a> {
    text: &'a str,
    lines: &'a Lines,
    document: &'a Document,
    /// Path of the object within the document.
    prefix: Vec<Step>,
}

impl<'a> Checker<'a> {
    fn object(&self, value: &Value, out: &mut Vec<Problem>) {
        if !value.is_object() {
            out.push(self.problem_in("document-not-object", self.locate("").value).arg("api", "invalid object to validate"));
            return;
        }
        if value["kind"] == "List" && value["apiVersion"] == "v1" {
            let items = value["items"].as_array().map(Vec::as_slice).unwrap_or_default();
            for (index, item) in items.iter().take(LIST_ITEMS_MAX).enumerate() {
                let mut prefix = self.prefix.clone();
                prefix.extend([Step::Key("items".to_owned()), Step::Index(index)]);
                // A list within a list is not followed: kubectl does, nobody writes it.
                if item["kind"] != "List" {
                    let first = out.len();
                    Checker { prefix, ..*self }.object(item, out);
                    for problem in &mut out[first..] {
                        problem.below(&format!("items[{index}]."));
                    }
                }
            }
            return;
        }
        let Some(kind) = self.kind(value, out) else {
            return;
        };
        self.name(value, out);
        for error in schema::decode(value, schema::of(kind)) {
            out.push(self.misfit(&error, value, schema::of(kind)));
        }
        self.values(value, schema::of(kind), out);
    }

    /// A name is needed, or a prefix to make one from.
    fn name(&self, value: &Value, out: &mut Vec<Problem>) {
        let metadata = &value["metadata"];
        let named = |key: &str| metadata[key].as_str().map_or(!metadata[key].is_null(), |name| !name.is_empty());
        if !named("name") && !named("generateName") {
            let place = self.locate("metadata");
            out.push(
                self.problem_in("name-missing", place.key.unwrap_or(place.value))
                    .arg("api", "metadata.name: Required value: name or generateName is required"),
            );
        }
    }

    fn locate(&self, path: &str) -> Found {
        self.locate_steps(&parse_path(path))
    }

    /// Where `steps` of this object stand. Follows the value's own structure, so a dot in a key does no harm.
    fn locate_steps(&self, steps: &[Step]) -> Found {
        let whole: Vec<Step> = self.prefix.iter().chain(steps).cloned().collect();
        locate(&self.document.root, &whole)
    }

    /// The node at `steps` of this object.
    fn node(&self, steps: &[Step]) -> Option<&'a Node> {
        let whole: Vec<Step> = self.prefix.iter().chain(steps).cloned().collect();
        super::path::node_at(&self.document.root, &whole)
    }

    /// An error at `range`, cut to its first line so that it marks words and not half the file.
    fn problem_in(&self, code: &'static str, range: Range) -> Problem {
        self.severe(code, Severity::Error, range)
    }

    fn severe(&self, code: &'static str, severity: Severity, range: Range) -> Problem {
        let mut range = range;
        if range.end.line > range.start.line {
            let (start, end) = self.lines.bounds(self.text, range.start.line - 1);
            range = self.lines.range(self.text, range.start.byte.max(start), end);
        }
        Problem::at(code, severity, self.text, self.lines, range)
    }

    fn kind(&self, value: &Value, out: &mut Vec<Problem>) -> Option<Kind> {
        versions::kind(self, value, out)
    }
}

/// The object types along `steps` from `root`: one for each step that leads into an object or its list or map.
fn types_along(root: &'static Type, steps: &[Step]) -> Vec<Option<&'static Type>> {
    let mut ty = Some(root);
    let mut out = vec![ty];
    for step in steps {
        if let Step::Key(key) = step {
            ty = ty.and_then(|ty| ty.field(key)).and_then(|field| field.ty.object());
        }
        out.push(ty);
    }
    out
}
