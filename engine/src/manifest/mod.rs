//! YAML text -> spanned tree -> documents, with every problem found and where it stands. It must not know the cluster,
//! and it holds no sentences: problems are codes with arguments, their texts are in the locale files.
//!
//! Reads as `kubectl apply -f` does (apimachinery's `YAMLReader`, sigs.k8s.io/yaml, go-yaml v2), but does not stop at
//! the first error: what can be repaired by a guess is repaired, so that the rest is still checked.

mod check;
pub(crate) mod chunks;
mod guess;
mod node;
mod outline;
mod path;
mod position;
mod problem;
mod read;
mod recover;
mod scalar;
mod shadow;
mod tree;
mod value;
mod verdict;

pub use check::check;
pub(crate) use check::nearest;
pub use node::{CollectionStyle, Comment, Entry, Node, NodeKind, ScalarStyle};
pub(crate) use path::node_at;
pub use path::{Found, Step, locate, parse_path};
pub use position::{Lines, Position, Range};
pub(crate) use problem::shorten;
pub use problem::{CODES, Fix, Problem, Severity};
pub(crate) use read::value;
pub use read::{DOCUMENTS_MAX, TEXT_BYTES_MAX, parse};
pub use scalar::scalar_text;
pub use value::ALIAS_NODES_MAX;

use serde_json::Value;

/// A text as kubectl reads it: its documents and everything that is wrong with it.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The text the user wrote.
    pub text: String,
    /// Its line index.
    pub lines: Lines,
    /// The documents that hold something, in order. Empty ones are left out; `Document::index` still counts them.
    pub documents: Vec<Document>,
    /// Everything found while reading, in the order of the text.
    pub problems: Vec<Problem>,
}

/// One document of a manifest.
#[derive(Clone, Debug)]
pub struct Document {
    /// Which document it is, from 0, empty ones counted.
    pub index: usize,
    /// Its place, without surrounding blank lines.
    pub range: Range,
    /// Its tree.
    pub root: Node,
    /// What it means: the JSON value that kubectl would send. Where the text is broken, the best guess at it.
    pub value: Value,
    /// `apiVersion`, where it is a text.
    pub api_version: Option<String>,
    /// `kind`, where it is a text.
    pub kind: Option<String>,
    /// `metadata.name`, where it is a text.
    pub name: Option<String>,
    /// `metadata.namespace`, where it is a text.
    pub namespace: Option<String>,
    /// Its comments.
    pub comments: Vec<Comment>,
    /// Why kubectl cannot read it, in kubectl's words behind `error parsing FILE: `; `None` where it can.
    pub refusal: Option<String>,
}

impl Manifest {
    /// A problem at `range`, cut to its first line so that it marks words and not half the text.
    pub(crate) fn problem(&self, code: &'static str, severity: Severity, range: Range) -> Problem {
        let mut range = range;
        if range.end.line > range.start.line {
            let (start, end) = self.lines.bounds(&self.text, range.start.line - 1);
            range = self.lines.range(&self.text, range.start.byte.max(start), end);
        }
        Problem::at(code, severity, &self.text, &self.lines, range)
    }

    /// Whether a problem makes kubectl or the API server refuse something.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// What kubectl prints when it cannot read `file`, such as
    /// `error: error parsing web.yaml: error converting YAML to JSON: yaml: line 12: found character that cannot start any token`.
    /// The documents in [`Manifest::applied`] come before the error and are still applied.
    #[must_use]
    pub fn kubectl_error(&self, file: &str) -> Option<String> {
        let refusal = self.documents.iter().find_map(|doc| doc.refusal.as_ref())?;
        Some(format!("error: error parsing {file}: {refusal}"))
    }

    /// The documents that kubectl gets to: all before the first one that it cannot read.
    #[must_use]
    pub fn applied(&self) -> &[Document] {
        let end = self.documents.iter().position(|doc| doc.refusal.is_some()).unwrap_or(self.documents.len());
        &self.documents[..end]
    }
}

impl Document {
    /// Where `path`, such as `spec.template.spec.containers[0].image`, stands: its key and its value, or the nearest
    /// ancestor that is there.
    #[must_use]
    pub fn locate(&self, path: &str) -> Found {
        locate(&self.root, &parse_path(path))
    }
}
