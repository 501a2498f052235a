//! Fields the type does not have: misspelt, in the wrong place, or simply not there.

use serde_json::Value;

use super::similar::nearest;
use super::{Checker, types_along};
use crate::manifest::node::{CollectionStyle, Entry, Node, NodeKind};
use crate::manifest::path::{Step, parse_path};
use crate::manifest::position::Range;
use crate::manifest::problem::Problem;
use crate::order;
use crate::schema::{FieldType, Type};

/// Names listed in the sentence "it has …" at most.
const KNOWN_LISTED_MAX: usize = 8;

/// Where a field belongs.
struct Home {
    /// Path of the object that has such a field.
    path: String,
    /// The move that puts it there, where it is a matter of indentation.
    fix: Option<(Range, String)>,
}

impl Checker<'_> {
    /// The field `field`, at `path`, which `owner` does not have.
    pub(super) fn unknown_field(&self, path: &str, field: &str, owner: &'static Type, value: &Value, root: &'static Type) -> Problem {
        let mut steps = parse_path(path);
        steps.pop();
        let found = self.locate(path);
        let place = found.key.filter(|_| found.exact).unwrap_or(found.value);
        let at = |code| self.problem_in(code, place).arg("field", field).arg("type", owner.name).arg("path", path);

        if let Some(home) = self.dedented(&steps, field, owner) {
            return with_fix(at("dedented-field").arg("parent", home.path), home.fix);
        }
        let near = nearest(field, owner.fields.iter().map(|field| field.name));
        if let Some(name) = near.filter(|name| self.node(&steps).is_none_or(|node| node.entry(name).is_none())) {
            return at("unknown-field-similar").arg("similar", name).fix(place, name);
        }
        if let Some(home) = self.elsewhere(&steps, field, owner, value, root) {
            return with_fix(at("misplaced-field").arg("parent", home.path), home.fix);
        }
        if let Some(name) = near {
            return at("unknown-field-similar").arg("similar", name);
        }
        if owner.fields.len() <= KNOWN_LISTED_MAX {
            let names: Vec<&str> = owner.fields.iter().map(|field| field.name).collect();
            return at("unknown-field-known").arg("known", names.join(", "));
        }
        at("unknown-field")
    }

    /// `app: nginx` too far left below `selector:`, which is left without a value: it belongs there.
    fn dedented(&self, steps: &[Step], field: &str, owner: &'static Type) -> Option<Home> {
        let mapping = self.node(steps)?;
        let (before, entry) = neighbours(mapping, field)?;
        let mut path = steps.to_vec();
        let mut ty = Some(owner);
        let mut last = before?;
        loop {
            let key = last.key.scalar()?;
            path.push(Step::Key(key.to_owned()));
            let known = ty?.field(key)?;
            if last.value.is_absent() {
                let fits = match &known.ty {
                    FieldType::Map(_) => true,
                    FieldType::Object(_) => known.ty.object()?.field(field).is_some(),
                    _ => false,
                };
                return fits.then(|| Home { path: write(&path), fix: self.move_to(entry, last.key.range.start.column - 1 + 2) });
            }
            ty = known.ty.object();
            last = last.value.entries().last()?;
        }
    }

    /// A field that an object below or above has.
    fn elsewhere(&self, steps: &[Step], field: &str, owner: &'static Type, value: &Value, root: &'static Type) -> Option<Home> {
        let mapping = self.node(steps)?;
        let (before, entry) = neighbours(mapping, field)?;
        // Below: the fields that are written first, the others then.
        let mut below: Vec<&crate::schema::Field> = owner.fields.iter().filter(|f| f.name != "status").collect();
        order::sort_by_key(&mut below, |known| mapping.entry(known.name).is_none());
        for known in below {
            let fits = match &known.ty {
                FieldType::Object(_) => known.ty.object().is_some_and(|ty| ty.field(field).is_some()),
                FieldType::Map(inner) => **inner == FieldType::String && entry.value.scalar().is_some(),
                _ => false,
            };
            // A map takes any key, so it is only likely where it is the very thing such keys are for.
            let likely = !matches!(known.ty, FieldType::Map(_)) || known.name == "matchLabels" || mapping.entry(known.name).is_some();
            if fits && likely && known.name != "metadata" {
                let mut path = steps.to_vec();
                path.push(Step::Key(known.name.to_owned()));
                let sibling = before.filter(|before| before.key.scalar() == Some(known.name));
                let column = sibling.and_then(|before| child_column(&before.value));
                let fix = match column {
                    Some(column) => self.move_to(entry, column),
                    None if mapping.entries().len() == 1 => self.put_under(entry, known.name),
                    None => None,
                };
                return Some(Home { path: write(&path), fix });
            }
        }
        // Above: the nearest object around that has it.
        let types = types_along(root, steps);
        for depth in (0..steps.len()).rev() {
            let Some(ty) = types.get(depth).copied().flatten() else {
                continue;
            };
            let is_object = !matches!(steps.get(depth), Some(Step::Index(_)));
            if is_object && ty.field(field).is_some() {
                let path = &steps[..depth];
                let above = self.node(path)?;
                let taken = above.entry(field).is_some();
                let fix = child_column(above).filter(|_| !taken).and_then(|column| self.move_to(entry, column));
                let name = if path.is_empty() { value["kind"].as_str().unwrap_or("").to_owned() } else { write(path) };
                return Some(Home { path: name, fix });
            }
        }
        None
    }

    /// Puts the only entry of an object under a new key `parent` of it.
    fn put_under(&self, entry: &Entry, parent: &str) -> Option<(Range, String)> {
        let column = entry.key.range.start.column - 1;
        let (range, moved) = self.move_to(entry, column + 2)?;
        Some((range, format!("{}{parent}:\n{moved}", " ".repeat(column))))
    }

    /// Moves an entry in or out to `column` (from 0), where that puts it into another object: nothing of its own may
    /// follow on its level or above until `column`.
    fn move_to(&self, entry: &Entry, column: usize) -> Option<(Range, String)> {
        let now = entry.key.range.start.column - 1;
        let first = entry.key.range.start.line - 1;
        let last = entry.value.range.end.line.max(first + 1) - 1;
        let (start, _) = self.lines.bounds(self.text, first);
        let (_, end) = self.lines.bounds(self.text, last);
        let block = self.text.get(start..end)?;
        let tabs = |line: &str| line.trim_start_matches(' ').starts_with('\t');
        if block.lines().any(tabs) || !block.get(..now)?.bytes().all(|b| b == b' ') {
            return None;
        }
        if column < now {
            let next = (last + 1..self.lines.count())
                .map(|line| self.lines.text(self.text, line))
                .find(|words| !words.trim().is_empty() && !words.trim_start().starts_with('#'));
            let indent = next.map_or(0, |words| words.len() - words.trim_start().len());
            if indent > column {
                return None;
            }
        }
        let moved: Vec<String> = block
            .lines()
            .map(|line| {
                let indent = line.len() - line.trim_start().len();
                if line.trim().is_empty() {
                    return String::new();
                }
                let indent = (indent + column).saturating_sub(now);
                format!("{}{}", " ".repeat(indent), line.trim_start())
            })
            .collect();
        Some((self.lines.range(self.text, start, end), moved.join("\n")))
    }
}

fn with_fix(problem: Problem, fix: Option<(Range, String)>) -> Problem {
    match fix {
        Some((range, replacement)) => problem.fix(range, replacement),
        None => problem,
    }
}

/// The entry of `key` and the one before it in the text.
fn neighbours<'n>(mapping: &'n Node, key: &str) -> Option<(Option<&'n Entry>, &'n Entry)> {
    let entries = mapping.entries();
    let index = entries.iter().rposition(|entry| entry.key.scalar() == Some(key))?;
    let before = index.checked_sub(1).and_then(|before| entries.get(before));
    Some((before, entries.get(index)?))
}

/// The column (from 0) of the keys of a block mapping.
fn child_column(node: &Node) -> Option<usize> {
    match &node.kind {
        NodeKind::Mapping { entries, style: CollectionStyle::Block } => Some(entries.first()?.key.range.start.column - 1),
        _ => None,
    }
}

/// A path as the API server writes it.
fn write(steps: &[Step]) -> String {
    let mut out = String::new();
    for step in steps {
        match step {
            Step::Index(index) => out.push_str(&format!("[{index}]")),
            Step::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(key);
            }
        }
    }
    out
}
