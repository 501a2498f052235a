//! Values of the wrong type: the code says what was wanted, the fix puts or takes quotes where that is all it needs.

use serde_json::Value;

use super::Checker;
use crate::manifest::node::{CollectionStyle, Node, NodeKind, ScalarStyle};
use crate::manifest::path::parse_path;
use crate::manifest::problem::Problem;
use crate::schema::{DecodeError, FieldType, Reason, Type};

impl Checker<'_> {
    /// The problem of one misfit of the object `value` of type `root`.
    pub(super) fn misfit(&self, error: &DecodeError, value: &Value, root: &'static Type) -> Problem {
        let problem = match &error.reason {
            Reason::UnknownField { owner, field } => self.unknown_field(&error.path, field, owner, value, root),
            Reason::WrongType { found, ty, .. } => self.wrong_type(&error.path, found, ty),
            Reason::Unreadable { ty } => self.wrong_type(&error.path, "string", ty),
        };
        problem.arg("api", error.text.clone())
    }

    fn wrong_type(&self, path: &str, found: &str, ty: &FieldType) -> Problem {
        let steps = parse_path(path);
        let place = self.locate_steps(&steps);
        let range = if place.value.start == place.value.end { place.place() } else { place.value };
        let node = self.node(&steps);
        let written = node.map_or("", |node| node.range.slice(self.text));
        let plain = node.is_some_and(is_plain);
        let code = match ty {
            FieldType::Int32 | FieldType::Int64 if found.starts_with("number ") => {
                if written.contains('.') {
                    "number-not-whole"
                } else {
                    "number-out-of-range"
                }
            }
            FieldType::Int32 | FieldType::Int64 => "not-a-whole-number",
            FieldType::Float => "not-a-number",
            FieldType::String if found == "bool" && !matches!(written, "true" | "false") => "reads-as-boolean",
            FieldType::String => "not-a-text",
            FieldType::Bool => "not-a-boolean",
            FieldType::Quantity => "not-a-quantity",
            FieldType::IntOrString => "not-a-number-or-text",
            FieldType::Time | FieldType::MicroTime => "not-a-time",
            FieldType::Bytes => "not-base64",
            FieldType::List(_) => "not-a-list",
            FieldType::Map(_) => "not-a-map",
            FieldType::Object(_) | FieldType::Any => "not-an-object",
        };
        let problem = self
            .problem_in(code, range)
            .arg("path", path)
            .arg(
                "field",
                steps.last().map_or(String::new(), |step| match step {
                    crate::manifest::path::Step::Key(key) => key.clone(),
                    crate::manifest::path::Step::Index(index) => format!("[{index}]"),
                }),
            )
            .arg("value", crate::manifest::problem::shorten(written.lines().next().unwrap_or("")));
        let inner = node.and_then(Node::scalar).unwrap_or("");
        let quoted = !plain && written.starts_with(['"', '\'']);
        let replacement = match ty {
            FieldType::Int32 | FieldType::Int64 if quoted && inner.parse::<i64>().is_ok() => Some(inner.to_owned()),
            FieldType::Bool if quoted && matches!(inner, "true" | "false") => Some(inner.to_owned()),
            FieldType::Bool if !quoted && matches!(written, "True" | "TRUE" | "False" | "FALSE") => Some(written.to_ascii_lowercase()),
            FieldType::String if plain && node.is_some_and(|n| n.scalar().is_some()) => Some(format!("\"{written}\"")),
            FieldType::List(element)
                if node.is_some_and(|n| n.scalar().is_some()) && **element == FieldType::String && !written.contains('\n') =>
            {
                Some(format!("[{written}]"))
            }
            FieldType::Quantity => quantity(inner),
            _ => None,
        };
        match (replacement, node) {
            (Some(replacement), Some(node)) => problem.fix(node.range, replacement),
            _ => problem,
        }
    }
}

fn is_plain(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Scalar { style: ScalarStyle::Plain, .. } | NodeKind::Sequence { style: CollectionStyle::Flow, .. })
}

/// The quantity that was probably meant: the right case of its suffix, no blank in it.
fn quantity(text: &str) -> Option<String> {
    let squeezed: String = text.split_whitespace().collect();
    let digits = squeezed.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, suffix) = squeezed.split_at(digits);
    if number.is_empty() {
        return None;
    }
    let suffix = match suffix.to_ascii_lowercase().as_str() {
        "ki" | "kib" => "Ki",
        "mi" | "mib" => "Mi",
        "gi" | "gib" => "Gi",
        "ti" | "tib" => "Ti",
        "kb" => "k",
        "mb" => "M",
        "g" | "gb" => "G",
        "t" | "tb" => "T",
        _ => return None,
    };
    Some(format!("{number}{suffix}"))
}
