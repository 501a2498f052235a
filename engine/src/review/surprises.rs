//! Words without quotes that read as something else than they look like: YAML 1.1, as Kubernetes reads it. What a field takes
//! is not asked here; where a value does not fit its field, that is a problem of structure. It must not know the cluster.

use crate::manifest::{Document, Manifest, Node, NodeKind, Problem, ScalarStyle, Severity};

/// Surprises listed in one document.
const SURPRISES_MAX: usize = 50;

/// Adds a hint for each.
pub(super) fn find(document: &Document, manifest: &Manifest, out: &mut Vec<Problem>) {
    let places: Vec<usize> = out.iter().map(|problem| problem.range.start.byte).collect();
    let mut found = Vec::new();
    walk(&document.root, manifest, &mut found);
    // A value that is refused for what it reads as has its own problem.
    out.extend(found.into_iter().filter(|problem| !places.contains(&problem.range.start.byte)).take(SURPRISES_MAX));
}

fn walk(node: &Node, manifest: &Manifest, out: &mut Vec<Problem>) {
    if let NodeKind::Scalar { text, style: ScalarStyle::Plain } = &node.kind
        && node.tag.is_none()
        && let Some(problem) = surprise(node, text, manifest)
    {
        out.push(problem);
    }
    for child in node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)) {
        walk(child, manifest, out);
    }
}

fn surprise(node: &Node, text: &str, manifest: &Manifest) -> Option<Problem> {
    let hint = |code| manifest.problem(code, Severity::Hint, node.range).arg("value", text);
    let quoted = format!("\"{text}\"");
    if matches!(text, "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON") {
        return Some(hint("reads-as-true").fix(node.range, "true"));
    }
    if matches!(text, "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF") {
        return Some(hint("reads-as-false").fix(node.range, "false"));
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = text.strip_prefix('0')
        && digits(rest)
        && let Ok(number) = u64::from_str_radix(rest, 8)
        && number.to_string() != rest
    {
        return Some(hint("reads-as-octal").arg("number", number.to_string()));
    }
    let mut parts = text.split(':');
    if text.contains(':') && parts.clone().count() <= 3 && parts.all(|part| digits(part) && part.len() <= 2) {
        return Some(hint("reads-as-base-60").fix(node.range, quoted));
    }
    None
}
