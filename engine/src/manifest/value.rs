//! Turns the tree of a document into the JSON value that kubectl would send: aliases followed, `<<` merged, keys made
//! strings, plain scalars read as YAML 1.1. Follows go-yaml v2 `decode.go` and sigs.k8s.io/yaml `yaml.go`.
//! It must not know Kubernetes kinds.

use crate::sorted::{SortedMap, SortedSet};

use serde_json::{Map, Value};

use super::node::{Entry, Node, NodeKind, ScalarStyle};
use super::position::Lines;
use super::problem::{Problem, Severity};
use super::scalar::{Resolved, resolve, short_tag};

/// Nodes that aliases may add to one document. Real manifests share a few dozen; an "alias bomb" of nine short lines
/// asks for billions, and go-yaml refuses that as well ("document contains excessive aliasing").
pub const ALIAS_NODES_MAX: usize = 20_000;

const YAML_TAG: &str = "tag:yaml.org,2002:";

/// The value of a document, with what was wrong on the way.
pub(crate) struct Converted {
    pub(crate) value: Value,
    pub(crate) problems: Vec<Problem>,
    /// The first complaint that makes kubectl refuse the document, in its own words behind
    /// `error converting YAML to JSON: `.
    pub(crate) refusal: Option<String>,
}

/// Converts `root`; `text` and `lines` are for the words in problems.
pub(crate) fn convert(root: &Node, text: &str, lines: &Lines) -> Converted {
    let mut anchors = SortedMap::new();
    collect_anchors(root, &mut anchors);
    let mut converter = Converter {
        text,
        lines,
        anchors,
        active: Vec::new(),
        alias_nodes: 0,
        bomb: false,
        out: Converted { value: Value::Null, problems: Vec::new(), refusal: None },
    };
    let value = converter.value(root);
    converter.out.value = value;
    converter.out
}

fn collect_anchors<'a>(node: &'a Node, anchors: &mut SortedMap<usize, &'a Node>) {
    if let Some(id) = node.anchor {
        anchors.insert(id, node);
    }
    for item in node.items() {
        collect_anchors(item, anchors);
    }
    for entry in node.entries() {
        collect_anchors(&entry.key, anchors);
        collect_anchors(&entry.value, anchors);
    }
}

struct Converter<'a> {
    text: &'a str,
    lines: &'a Lines,
    anchors: SortedMap<usize, &'a Node>,
    /// Anchors whose nodes are being converted, to notice one that contains itself.
    active: Vec<usize>,
    alias_nodes: usize,
    bomb: bool,
    out: Converted,
}

impl<'a> Converter<'a> {
    fn report(&mut self, problem: Problem) {
        self.out.problems.push(problem);
    }

    fn problem(&self, code: &'static str, severity: Severity, node: &Node) -> Problem {
        Problem::at(code, severity, self.text, self.lines, node.range)
    }

    fn refuse(&mut self, words: String) {
        self.out.refusal.get_or_insert(words);
    }

    fn value(&mut self, node: &'a Node) -> Value {
        if self.bomb {
            return Value::Null;
        }
        if !self.active.is_empty() {
            self.alias_nodes += 1;
            if self.alias_nodes > ALIAS_NODES_MAX {
                self.bomb = true;
                return Value::Null;
            }
        }
        match &node.kind {
            NodeKind::Scalar { text, style } => self.scalar(node, text, *style),
            NodeKind::Alias { target } => self.alias(node, *target),
            NodeKind::Sequence { items, .. } => Value::Array(items.iter().map(|item| self.value(item)).collect()),
            NodeKind::Mapping { entries, .. } => {
                let mut map = Map::new();
                if self.active.is_empty() {
                    self.duplicates(entries);
                }
                for entry in entries {
                    self.entry(entry, &mut map);
                }
                Value::Object(map)
            }
        }
    }

    fn alias(&mut self, node: &'a Node, target: Option<usize>) -> Value {
        // An unknown anchor is reported by the tree's own list.
        let Some((id, anchored)) = target.and_then(|id| Some((id, *self.anchors.get(&id)?))) else {
            return Value::Null;
        };
        let name = node.range.slice(self.text).trim_start_matches('*').to_owned();
        if self.active.contains(&id) || contains(anchored, node) {
            self.refuse(format!("yaml: anchor '{name}' value contains itself"));
            let problem = self.problem("alias-contains-itself", Severity::Error, node).arg("name", name);
            self.report(problem);
            return Value::Null;
        }
        self.active.push(id);
        let value = self.value(anchored);
        self.active.pop();
        if self.bomb && self.active.is_empty() {
            self.refuse("yaml: document contains excessive aliasing".to_owned());
            let problem = self.problem("alias-expansion-limit", Severity::Error, node).arg("limit", ALIAS_NODES_MAX.to_string());
            self.report(problem);
        }
        value
    }

    fn entry(&mut self, entry: &'a Entry, map: &mut Map<String, Value>) {
        if is_merge(&entry.key) {
            self.merge(&entry.value, map);
            return;
        }
        if let Some(key) = self.key(&entry.key) {
            let value = self.value(&entry.value);
            map.insert(key, value);
        }
    }

    /// `<<: *defaults`, or a list of such: earlier elements of the list win, as in go-yaml.
    fn merge(&mut self, source: &'a Node, map: &mut Map<String, Value>) {
        let sources: Vec<&Node> = match &source.kind {
            NodeKind::Sequence { items, .. } => items.iter().rev().collect(),
            _ => vec![source],
        };
        for source in sources {
            match self.value(source) {
                Value::Object(merged) => map.extend(merged),
                _ if self.bomb => {}
                _ => {
                    self.refuse("yaml: map merge requires map or sequence of maps as the value".to_owned());
                    let problem = self.problem("merge-needs-mapping", Severity::Error, source);
                    self.report(problem);
                }
            }
        }
    }

    /// A key as JSON has it: numbers and booleans become text.
    fn key(&mut self, node: &'a Node) -> Option<String> {
        match self.value(node) {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => {
                let written = node.range.slice(self.text).to_owned();
                if written != "true" && written != "false" {
                    let problem = self
                        .problem("key-reads-as-boolean", Severity::Warning, node)
                        .arg("key", written.clone())
                        .arg("value", value.to_string())
                        .fix(node.range, format!("\"{written}\""));
                    self.report(problem);
                }
                Some(value.to_string())
            }
            Value::Null | Value::Array(_) | Value::Object(_) => {
                if !self.bomb {
                    self.refuse("unsupported map key".to_owned());
                    let problem = self.problem("key-not-scalar", Severity::Error, node);
                    self.report(problem);
                }
                None
            }
        }
    }

    fn scalar(&mut self, node: &Node, text: &str, style: ScalarStyle) -> Value {
        let tag = node.tag.as_deref().map(|tag| tag.strip_prefix(YAML_TAG).unwrap_or(tag));
        match tag {
            None | Some("") => {}
            Some("str" | "!" | "binary" | "timestamp") => return Value::String(text.to_owned()),
            Some(tag @ ("int" | "float" | "bool" | "null")) => {
                return self.tagged(node, text, tag);
            }
            // go-yaml keeps a scalar with a tag it does not know as text.
            Some(_) => return Value::String(text.to_owned()),
        }
        if style != ScalarStyle::Plain {
            return Value::String(text.to_owned());
        }
        match resolve(text) {
            Resolved::Value(value) => value,
            Resolved::NotJson(number) => {
                let name = if number.is_nan() {
                    "NaN"
                } else if number > 0.0 {
                    "+Inf"
                } else {
                    "-Inf"
                };
                self.refuse(format!("json: unsupported value: {name}"));
                let problem = self.problem("number-not-finite", Severity::Error, node).fix(node.range, format!("\"{text}\""));
                self.report(problem);
                Value::Null
            }
        }
    }

    fn tagged(&mut self, node: &Node, text: &str, tag: &str) -> Value {
        let resolved = resolve(text);
        let got = short_tag(&resolved);
        let wanted = format!("!!{tag}");
        match resolved {
            Resolved::Value(value) if got == wanted || (wanted == "!!float" && got == "!!int") => value,
            _ => {
                self.refuse(format!("yaml: cannot decode {got} `{text}` as a {wanted}"));
                let problem = self.problem("tag-does-not-fit", Severity::Error, node).arg("tag", wanted).arg("value", text);
                self.report(problem);
                Value::Null
            }
        }
    }

    /// Repeated keys: accepted by Kubernetes, the last one wins, and hardly ever meant.
    fn duplicates(&mut self, entries: &[Entry]) {
        let mut first: SortedMap<&str, &Node> = SortedMap::new();
        for entry in entries {
            let Some(key) = entry.key.scalar() else {
                continue;
            };
            if is_merge(&entry.key) {
                continue;
            }
            if let Some(earlier) = first.insert(key, &entry.key) {
                let problem = self
                    .problem("duplicate-key", Severity::Warning, &entry.key)
                    .arg("key", key)
                    .arg("first-line", earlier.range.start.line.to_string())
                    .arg("first-column", earlier.range.start.column.to_string());
                self.report(problem);
            }
        }
    }
}

/// How many keys of the tree repeat an earlier one of their mapping.
pub(crate) fn repeated_keys(node: &Node) -> usize {
    let mut seen = SortedSet::new();
    let here = node.entries().iter().filter_map(|entry| entry.key.scalar()).filter(|key| !seen.insert(*key)).count();
    let below = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    here + below.map(repeated_keys).sum::<usize>()
}

/// Whether `inner` lies within `outer`.
fn contains(outer: &Node, inner: &Node) -> bool {
    outer.range.start.byte <= inner.range.start.byte && inner.range.end.byte <= outer.range.end.byte && outer.range != inner.range
}

/// Whether a key is the merge key `<<` (go-yaml: its text, whatever the quotes, unless tagged otherwise).
pub(crate) fn is_merge(key: &Node) -> bool {
    key.scalar() == Some("<<") && key.tag.as_deref().is_none_or(|tag| tag.ends_with("merge"))
}
