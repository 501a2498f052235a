//! Writes one number or word of an object into the text that holds the object: how a gesture on the stage and the text stay in
//! step. The rest of the text stays as it is, comments included. It must not know who asks.

use crate::manifest::{CollectionStyle, Document, Node, NodeKind, node_at, parse, parse_path, scalar_text};

/// A leaf of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// The object's kind.
    pub kind: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// The path within it.
    pub path: &'a str,
}

/// The text with the leaf set to `value`. `None` where no object of that name is in it, where the object cannot be read, or where
/// the value is there already.
#[must_use]
pub fn set_value(text: &str, leaf: &Leaf<'_>, value: &str, current_namespace: &str) -> Option<String> {
    let manifest = parse(text);
    let is_it = |document: &&Document| {
        document.refusal.is_none()
            && document.kind.as_deref() == Some(leaf.kind)
            && document.name.as_deref() == Some(leaf.name)
            && document.namespace.as_deref().unwrap_or(current_namespace) == leaf.namespace
    };
    let document = manifest.documents.iter().rfind(is_it)?;
    let steps = parse_path(leaf.path);
    let value = scalar_text(value).trim_matches('"').to_owned();
    if let Some(node) = node_at(&document.root, &steps) {
        let range = node.range;
        let written = range.slice(text);
        if written == value || node.scalar().is_none() || written.contains('\n') {
            return None;
        }
        let quote = if written.starts_with('"') { "\"" } else { "" };
        // A value left out stands right behind its colon.
        let gap = if range.start == range.end && !text.get(..range.start.byte)?.ends_with(' ') { " " } else { "" };
        return Some(format!("{}{gap}{quote}{value}{quote}{}", text.get(..range.start.byte)?, text.get(range.end.byte..)?));
    }
    // Into the nearest mapping that is there, with the keys between.
    let depth = (0..steps.len()).rev().find(|depth| node_at(&document.root, &steps[..*depth]).is_some())?;
    let parent = node_at(&document.root, &steps[..depth])?;
    let mut names = Vec::new();
    for step in &steps[depth..] {
        match step {
            crate::manifest::Step::Key(key) => names.push(key.as_str()),
            crate::manifest::Step::Index(_) => return None,
        }
    }
    insert(text, parent, &names, &value)
}

fn insert(text: &str, parent: &Node, names: &[&str], value: &str) -> Option<String> {
    match &parent.kind {
        NodeKind::Mapping { entries, style: CollectionStyle::Block } => {
            let column = entries.first()?.key.range.start.column - 1;
            let at = entries.last()?.value.range.end.byte.max(entries.last()?.key.range.end.byte + 1);
            let end = text.get(at..)?.find('\n').map_or(text.len(), |rest| at + rest);
            let mut added = String::new();
            for (depth, name) in names.iter().enumerate() {
                added.push_str(&format!("\n{}{name}:", " ".repeat(column + depth * 2)));
            }
            Some(format!("{}{added} {value}{}", text.get(..end)?, text.get(end..)?))
        }
        NodeKind::Mapping { entries, style: CollectionStyle::Flow } => {
            let at = parent.range.end.byte.checked_sub(1)?;
            let comma = if entries.is_empty() { "" } else { ", " };
            let open: String =
                names.iter().enumerate().map(|(depth, name)| format!("{}{name}: ", if depth > 0 { "{" } else { "" })).collect();
            let close = "}".repeat(names.len() - 1);
            Some(format!("{}{comma}{open}{value}{close}{}", text.get(..at)?.trim_end(), text.get(at..)?))
        }
        _ => None,
    }
}
