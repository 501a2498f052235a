//! The difference of two specs, as the API server appends it to "may not change" errors.
//!
//! The real one prints Go structs through `github.com/google/go-cmp`, whose form is explicitly not stable; this shows the same
//! fields in the same layout, two unchanged ones around each change, but prints a changed list or struct as a whole.

use crate::api::status::go_quote;
use serde_json::Value;
use std::fmt::Write as _;

/// How many unchanged fields are shown before and after a change.
const CONTEXT: usize = 2;

/// A field of a Go struct.
pub(super) struct Field<'a> {
    /// Its name in Go.
    pub(super) go: &'a str,
    /// Its name in JSON.
    pub(super) json: &'a str,
    /// Whether it is a pointer, which shows as `&`.
    pub(super) pointer: bool,
}

/// The difference of two structs.
pub(super) fn struct_diff(type_name: &str, fields: &[Field<'_>], old: &Value, new: &Value) -> String {
    let changed: Vec<bool> = fields.iter().map(|field| old.get(field.json) != new.get(field.json)).collect();
    let near = |index: usize| {
        let from = index.saturating_sub(CONTEXT);
        let to = (index + CONTEXT + 1).min(fields.len());
        changed[from..to].contains(&true)
    };
    let shown: Vec<bool> = (0..fields.len()).map(near).collect();
    let width = fields.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(field, _)| field.go.len() + 1).max().unwrap_or(0);
    let mut text = format!("  {type_name}{{\n");
    let mut hidden = 0;
    for (index, field) in fields.iter().enumerate() {
        if !shown[index] {
            hidden += 1;
            continue;
        }
        close_gap(&mut text, &mut hidden);
        let name = format!("{}:", field.go);
        let mut line = |mark: char, object: &Value| {
            let _ = writeln!(text, "{mark} \t{name:width$} {},", go_value(object.get(field.json), field.pointer));
        };
        if changed[index] {
            line('-', old);
            line('+', new);
        } else {
            line(' ', old);
        }
    }
    close_gap(&mut text, &mut hidden);
    text + "  }\n"
}

fn close_gap(text: &mut String, hidden: &mut usize) {
    if *hidden > 0 {
        let fields = if *hidden == 1 { "field" } else { "fields" };
        let _ = writeln!(text, "  \t... // {hidden} identical {fields}");
        *hidden = 0;
    }
}

fn go_value(value: Option<&Value>, pointer: bool) -> String {
    let mark = if pointer { "&" } else { "" };
    match value {
        None | Some(Value::Null) => "nil".to_owned(),
        Some(Value::String(text)) => format!("{mark}{}", go_quote(text)),
        Some(Value::Array(list)) => {
            let parts: Vec<String> = list.iter().map(|item| go_value(Some(item), false)).collect();
            format!("{{{}}}", parts.join(", "))
        }
        Some(Value::Object(map)) => {
            let parts: Vec<String> = map.iter().map(|(key, item)| format!("{}: {}", go_name(key), go_value(Some(item), false))).collect();
            format!("{mark}{{{}}}", parts.join(", "))
        }
        Some(other) => format!("{mark}{other}"),
    }
}

/// A JSON name as Go names it.
pub(super) fn go_name(json: &str) -> String {
    match json {
        "nfs" | "rbd" | "fc" | "csi" | "iscsi" => json.to_ascii_uppercase(),
        _ => {
            let mut chars = json.chars();
            chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
        }
    }
}
