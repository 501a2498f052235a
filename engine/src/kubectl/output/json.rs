//! JSON as kubectl prints it: sorted keys, four blanks, and Go's escapes of `<`, `>` and `&`.

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

/// On several lines, with a line break at the end.
pub fn pretty(value: &Value) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    // A value that was read from JSON can be written as JSON.
    let _ = value.serialize(&mut serializer);
    let mut text = escape(&String::from_utf8_lossy(&bytes));
    text.push('\n');
    text
}

/// On one line.
pub fn compact(value: &Value) -> String {
    escape(&value.to_string())
}

/// Go's `encoding/json` escapes what would mean something in HTML.
fn escape(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_looks_like_gos() {
        assert_eq!(
            pretty(&json!({"b": [], "a": {"x": "<&>"}})),
            "{\n    \"a\": {\n        \"x\": \"\\u003c\\u0026\\u003e\"\n    },\n    \"b\": []\n}\n"
        );
        assert_eq!(compact(&json!({"b": 1, "a": null})), "{\"a\":null,\"b\":1}");
    }
}
