//! From a field path such as `spec.template.spec.containers[0].image` to its place in the text. Takes the forms the
//! API server prints: `a.b[0].c`, `a[key]`, `a["key"]`. It must not know Kubernetes kinds.

use super::node::{Entry, Node, NodeKind, ScalarStyle};
use super::position::Range;
use super::scalar::{Resolved, resolve};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// A place in a list, from 0.
    Index(usize),
}

/// What was found of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether the whole path is there; else the rest is about the nearest ancestor that is.
    pub exact: bool,
    /// How many steps of the path were found.
    pub depth: usize,
    /// The key, for the value of a mapping.
    pub key: Option<Range>,
    /// The value.
    pub value: Range,
}

impl Found {
    /// The best single place to point at: the key where something is missing below it, else the value, else the key.
    #[must_use]
    pub fn place(&self) -> Range {
        if self.exact && self.value.start != self.value.end {
            return self.value;
        }
        self.key.unwrap_or(Range { start: self.value.start, end: self.value.end })
    }
}

/// Reads a path. A part in brackets is an index where it is a number, else a key, with or without quotes.
#[must_use]
pub fn parse_path(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (part, after) = match inner.strip_prefix('"').and_then(|q| q.split_once("\"]")) {
                Some((key, after)) => (Step::Key(key.to_owned()), after),
                None => {
                    let (part, after) = inner.split_once(']').unwrap_or((inner, ""));
                    let step = part.parse().map_or_else(|_| Step::Key(part.to_owned()), Step::Index);
                    (step, after)
                }
            };
            steps.push(part);
            rest = after;
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            if end > 0 {
                steps.push(Step::Key(rest[..end].to_owned()));
            } else if !rest.starts_with('[') && !rest.starts_with('.') {
                break;
            }
            rest = &rest[end..];
        }
    }
    steps
}

/// The node at `steps` from `root`, through aliases and merge keys.
pub(crate) fn node_at<'a>(root: &'a Node, steps: &[Step]) -> Option<&'a Node> {
    let mut node = root;
    for step in steps {
        node = match step {
            Step::Key(key) => lookup(root, node, key, 0)?.1,
            Step::Index(index) => follow(root, node, 0).items().get(*index)?,
        };
    }
    Some(follow(root, node, 0))
}

/// Follows `steps` from `root` as far as the text goes, through aliases and merge keys.
#[must_use]
pub fn locate(root: &Node, steps: &[Step]) -> Found {
    let mut found = Found { exact: steps.is_empty(), depth: 0, key: None, value: root.range };
    let mut node = root;
    for (depth, step) in steps.iter().enumerate() {
        let next = match step {
            Step::Key(key) => lookup(root, node, key, 0),
            Step::Index(index) => follow(root, node, 0).items().get(*index).map(|item| (None, item)),
        };
        let Some((key, value)) = next else {
            return found;
        };
        node = value;
        found = Found { exact: depth + 1 == steps.len(), depth: depth + 1, key, value: value.range };
    }
    found
}

/// The JSON name of a plain key that does not read as a text.
fn key_name(key: &Node) -> Option<String> {
    let NodeKind::Scalar { text, style: ScalarStyle::Plain } = &key.kind else {
        return None;
    };
    match resolve(text) {
        Resolved::Value(serde_json::Value::Number(number)) => Some(number.to_string()),
        Resolved::Value(serde_json::Value::Bool(value)) => Some(value.to_string()),
        _ => None,
    }
}

/// Aliases and merges followed at most; more are a loop.
const FOLLOW_MAX: usize = 4;

fn lookup<'a>(root: &'a Node, node: &'a Node, key: &str, depth: usize) -> Option<(Option<Range>, &'a Node)> {
    let node = follow(root, node, 0);
    // A plain key such as `n` or `0644` has another name in JSON.
    let named = |entry: &&Entry| key_name(&entry.key).as_deref() == Some(key);
    if let Some(entry) = node.entry(key).or_else(|| node.entries().iter().rev().find(named)) {
        return Some((Some(entry.key.range), &entry.value));
    }
    if depth > FOLLOW_MAX {
        return None;
    }
    let merged = node.entry("<<")?;
    let sources: Vec<&Node> = match &merged.value.kind {
        NodeKind::Sequence { items, .. } => items.iter().collect(),
        _ => vec![&merged.value],
    };
    sources.into_iter().find_map(|source| lookup(root, source, key, depth + 1))
}

fn follow<'a>(root: &'a Node, node: &'a Node, depth: usize) -> &'a Node {
    match &node.kind {
        NodeKind::Alias { target: Some(id) } if depth <= FOLLOW_MAX => {
            anchored(root, *id).map_or(node, |found| follow(root, found, depth + 1))
        }
        _ => node,
    }
}

fn anchored(node: &Node, id: usize) -> Option<&Node> {
    if node.anchor == Some(id) {
        return Some(node);
    }
    node.items().iter().chain(node.entries().iter().flat_map(|e| [&e.key, &e.value])).find_map(|child| anchored(child, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::parse;

    #[test]
    fn paths_of_the_api_server_are_found() {
        let text =
            "spec:\n  tpl: &t\n    a: 1\n  list:\n  - name: x\n    image: y\n  copy:\n    <<: *t\n  s:\n    storage: 1\n    a.b/c: 2\n";
        let manifest = parse(text);
        let doc = &manifest.documents[0];
        let at = |path: &str| {
            let found = doc.locate(path);
            (found.exact, found.place().slice(text))
        };
        assert_eq!(at("spec.list[0].image"), (true, "y"));
        assert_eq!(at("spec.copy.a"), (true, "1"));
        assert_eq!(at("spec.s[storage]"), (true, "1"));
        assert_eq!(at("spec.s[a.b/c]"), (true, "2"));
        assert_eq!(at("spec.list[1].image"), (false, "list"));
        assert!(!at("spec.list[0].ports").0);
        assert!(!at("metadata.name").0);
        for odd in ["", ".", "..", "[", "a[", "a..b", "]", "[\"x", "a.[0]"] {
            let _ = parse_path(odd);
        }
    }
}
