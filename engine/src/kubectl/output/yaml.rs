//! YAML as kubectl prints it: go-yaml v2's emitter with its key order, its quotes and its line folding.
//! It must not know what the values mean. Follows `sigs.k8s.io/yaml/goyaml.v2`.

use crate::order;
use std::cmp::Ordering;

use serde_json::{Map, Value};

/// Lines are folded at a blank behind this column.
const WIDTH: usize = 80;

/// A document, with a line break at the end.
pub fn document(value: &Value) -> String {
    let mut writer = Writer { out: String::new(), column: 0 };
    match value {
        Value::Object(map) if !map.is_empty() => writer.mapping(map, 0, true),
        Value::Array(items) if !items.is_empty() => writer.sequence(items, 0, true),
        other => {
            writer.scalar(other, 0, false);
            writer.line(0);
        }
    }
    if !writer.out.ends_with('\n') {
        writer.out.push('\n');
    }
    writer.out
}

struct Writer {
    out: String,
    column: usize,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = last.chars().count(),
            None => self.column += text.chars().count(),
        }
    }

    fn line(&mut self, indent: usize) {
        if !self.out.ends_with('\n') && !self.out.is_empty() {
            self.out.push('\n');
        }
        self.column = 0;
        self.push(&" ".repeat(indent));
    }

    /// `inline`: the first key goes on where the line stands, as behind `- `.
    fn mapping(&mut self, map: &Map<String, Value>, indent: usize, inline: bool) {
        let mut keys: Vec<&String> = map.keys().collect();
        order::sort_by(&mut keys, |a, b| natural(a, b));
        for (index, key) in keys.into_iter().enumerate() {
            if index > 0 || !inline {
                self.line(indent);
            }
            self.string(key, indent, true);
            self.push(":");
            match &map[key] {
                Value::Object(inner) if !inner.is_empty() => self.mapping(inner, indent + 2, false),
                Value::Array(items) if !items.is_empty() => self.sequence(items, indent, false),
                scalar => {
                    self.push(" ");
                    self.scalar(scalar, indent + 2, false);
                }
            }
        }
    }

    fn sequence(&mut self, items: &[Value], indent: usize, inline: bool) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 || !inline {
                self.line(indent);
            }
            self.push("- ");
            match item {
                Value::Object(inner) if !inner.is_empty() => self.mapping(inner, indent + 2, true),
                Value::Array(inner) if !inner.is_empty() => self.sequence(inner, indent + 2, true),
                scalar => self.scalar(scalar, indent + 2, false),
            }
        }
    }

    fn scalar(&mut self, value: &Value, indent: usize, key: bool) {
        match value {
            Value::Null => self.push("null"),
            Value::Bool(flag) => self.push(if *flag { "true" } else { "false" }),
            Value::Number(number) => self.push(&number.to_string()),
            Value::String(text) => self.string(text, indent, key),
            Value::Array(_) => self.push("[]"),
            Value::Object(_) => self.push("{}"),
        }
    }

    fn string(&mut self, text: &str, indent: usize, key: bool) {
        let shape = Shape::of(text);
        if text.contains('\n') {
            if !key && shape.block {
                self.literal(text, indent);
            } else {
                self.double_quoted(text, indent, key);
            }
        } else if !reads_as_string(text) {
            self.double_quoted(text, indent, key);
        } else if shape.plain {
            self.folded(text, indent, key, None);
        } else if shape.single_quoted {
            self.folded(text, indent, key, Some('\''));
        } else {
            self.double_quoted(text, indent, key);
        }
    }

    /// Plain or in single quotes, broken at single blanks where a line grows too long.
    fn folded(&mut self, text: &str, indent: usize, key: bool, quote: Option<char>) {
        let quotes = quote.map(String::from).unwrap_or_default();
        self.push(&quotes);
        let characters: Vec<char> = text.chars().collect();
        let mut blank_before = false;
        for (index, character) in characters.iter().enumerate() {
            if *character == ' ' {
                let within = quote.is_none() || (index > 0 && index + 1 < characters.len());
                let next_blank = characters.get(index + 1) == Some(&' ');
                if !key && !blank_before && self.column > WIDTH && within && !next_blank {
                    self.line(indent);
                } else {
                    self.push(" ");
                }
                blank_before = true;
            } else {
                if quote == Some(*character) {
                    self.push("'");
                }
                self.push(&character.to_string());
                blank_before = false;
            }
        }
        self.push(&quotes);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.push("|");
        if text.starts_with([' ', '\n']) {
            self.push("2");
        }
        let body = text.strip_suffix('\n');
        match body {
            None => self.push("-"),
            Some(body) if body.ends_with('\n') || body.is_empty() => self.push("+"),
            Some(_) => {}
        }
        for line in body.unwrap_or(text).split('\n') {
            self.out.push('\n');
            self.column = 0;
            if !line.is_empty() {
                self.push(&" ".repeat(indent));
                self.push(line);
            }
        }
    }

    fn double_quoted(&mut self, text: &str, indent: usize, key: bool) {
        self.push("\"");
        let characters: Vec<char> = text.chars().collect();
        let mut blank_before = false;
        for (index, character) in characters.iter().copied().enumerate() {
            let escape = match character {
                '"' => "\\\"".to_owned(),
                '\\' => "\\\\".to_owned(),
                '\0' => "\\0".to_owned(),
                '\u{7}' => "\\a".to_owned(),
                '\u{8}' => "\\b".to_owned(),
                '\t' => "\\t".to_owned(),
                '\n' => "\\n".to_owned(),
                '\u{b}' => "\\v".to_owned(),
                '\u{c}' => "\\f".to_owned(),
                '\r' => "\\r".to_owned(),
                '\u{1b}' => "\\e".to_owned(),
                '\u{85}' => "\\N".to_owned(),
                '\u{a0}' => "\\_".to_owned(),
                '\u{2028}' => "\\L".to_owned(),
                '\u{2029}' => "\\P".to_owned(),
                control if !printable(control) => match control as u32 {
                    code @ ..=0xff => format!("\\x{code:02X}"),
                    code @ ..=0xffff => format!("\\u{code:04X}"),
                    code => format!("\\U{code:08X}"),
                },
                ' ' if !key && !blank_before && self.column > WIDTH && index > 0 && index + 1 < characters.len() => {
                    self.line(indent);
                    if characters.get(index + 1) == Some(&' ') {
                        self.push("\\");
                    }
                    blank_before = true;
                    continue;
                }
                other => other.to_string(),
            };
            self.push(&escape);
            blank_before = character == ' ';
        }
        self.push("\"");
    }
}

/// Which styles a text allows, as libyaml's emitter analyses it.
struct Shape {
    plain: bool,
    single_quoted: bool,
    block: bool,
}

impl Shape {
    fn of(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        if characters.is_empty() {
            return Self { plain: false, single_quoted: true, block: false };
        }
        let mut plain = !text.starts_with("---") && !text.starts_with("...");
        let (mut special, mut space_break, mut trailing_break) = (false, false, false);
        let mut before = '\0';
        for (index, character) in characters.iter().copied().enumerate() {
            let first = index == 0;
            let next_blank = characters.get(index + 1).is_none_or(|next| matches!(next, ' ' | '\t' | '\n' | '\r'));
            let blank_before = first || matches!(before, ' ' | '\t' | '\n' | '\r');
            plain &= match character {
                '#' if blank_before => false,
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' if first => false,
                '-' | '?' if first && next_blank => false,
                ':' if next_blank => false,
                ' ' if first || index + 1 == characters.len() => false,
                '\n' => false,
                _ => true,
            };
            if !printable(character) && character != '\n' {
                special = true;
            }
            if character == '\n' && before == ' ' {
                space_break = true;
            }
            trailing_break = character == '\n';
            before = character;
        }
        let _ = trailing_break;
        let trailing_space = before == ' ';
        Self {
            plain: plain && !special && !space_break,
            single_quoted: !special && !space_break,
            block: !special && !space_break && !trailing_space,
        }
    }
}

fn printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{85}' | '\u{10000}'..)
}

/// Whether a plain scalar of these words would be read back as a string.
fn reads_as_string(text: &str) -> bool {
    if text.is_empty() {
        return false;
    }
    const WORDS: &[&str] = &[
        "~", "null", "Null", "NULL", "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "n", "N", "no", "No", "NO",
        "false", "False", "FALSE", "off", "Off", "OFF", ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
        "-.Inf", "-.INF", "<<", "=",
    ];
    !WORDS.contains(&text) && !number(text) && !timestamp(text) && !base_sixty(text)
}

fn number(text: &str) -> bool {
    let plain = text.replace('_', "");
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return !digits.is_empty() && digits.chars().all(|character| character.is_ascii_hexdigit());
    }
    if let Some(digits) = unsigned.strip_prefix("0b") {
        return !digits.is_empty() && digits.chars().all(|character| matches!(character, '0' | '1'));
    }
    if let Some(digits) = unsigned.strip_prefix("0o") {
        return !digits.is_empty() && digits.chars().all(|character| matches!(character, '0'..='7'));
    }
    // [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let good_mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && all_digits(fraction),
        Some((whole, fraction)) => all_digits(whole) && all_digits(fraction),
        None => !mantissa.is_empty() && all_digits(mantissa),
    };
    let good_exponent = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    good_mantissa && good_exponent
}

fn timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| bytes.len() >= to && bytes[from..to].iter().all(u8::is_ascii_digit);
    let date = digits(0, 4) && bytes.get(4) == Some(&b'-') && digits(5, 7) && bytes.get(7) == Some(&b'-') && digits(8, 10);
    date && (bytes.len() == 10 || (matches!(bytes[10], b'T' | b't' | b' ') && digits(11, 13) && bytes.get(13) == Some(&b':')))
}

/// `1:30`, which YAML 1.1 reads in base sixty.
fn base_sixty(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or_default();
    let good = |part: &str| {
        let whole = part.split('.').next().unwrap_or_default();
        (1..=2).contains(&whole.len()) && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let rest: Vec<&str> = parts.collect();
    !rest.is_empty()
        && !first.is_empty()
        && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
        && rest.iter().all(|part| good(part))
}

/// go-yaml's order of keys: letters by letter, numbers by value, letters behind everything else.
fn natural(a: &str, b: &str) -> Ordering {
    let (left, right): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    for index in 0..left.len().min(right.len()) {
        let (x, y) = (left[index], right[index]);
        if x == y {
            continue;
        }
        match (x.is_alphabetic(), y.is_alphabetic()) {
            (true, true) => return x.cmp(&y),
            (true, false) => return Ordering::Greater,
            (false, true) => return Ordering::Less,
            (false, false) => {}
        }
        let (mut x_value, mut y_value) = (0u64, 0u64);
        if x == '0' || y == '0' {
            let digits = left[..index].iter().rev().take_while(|character| character.is_numeric());
            if digits.into_iter().any(|digit| *digit != '0') {
                (x_value, y_value) = (1, 1);
            }
        }
        let value = |start: u64, characters: &[char]| {
            let mut value = start;
            let mut end = index;
            while let Some(digit) = characters.get(end).and_then(|character| character.to_digit(10)) {
                value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
                end += 1;
            }
            (value, end)
        };
        let (x_value, x_end) = value(x_value, &left);
        let (y_value, y_end) = value(y_value, &right);
        return x_value.cmp(&y_value).then(x_end.cmp(&y_end)).then(x.cmp(&y));
    }
    left.len().cmp(&right.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn strings_are_quoted_where_they_would_be_read_as_something_else() {
        let table = [
            ("web", "web"),
            ("0", "\"0\""),
            ("", "\"\""),
            ("yes", "\"yes\""),
            ("1Gi", "1Gi"),
            ("2026-01-01T00:00:07Z", "\"2026-01-01T00:00:07Z\""),
            ("*", "'*'"),
            ("a: b", "'a: b'"),
            ("it's: x", "'it''s: x'"),
            ("- x", "'- x'"),
            ("-x", "-x"),
            ("10.0.0.1", "10.0.0.1"),
            ("25%", "25%"),
            ("a\nb", "|-\n    a\n    b"),
            ("a\n", "|\n    a"),
            ("\u{1}", "\"\\x01\""),
        ];
        for (text, written) in table {
            assert_eq!(document(&json!({"a": {"k": text}})), format!("a:\n  k: {written}\n"), "{text}");
        }
    }

    #[test]
    fn lists_do_not_indent_and_long_lines_fold() {
        let value = json!({"items": [{"a": [1, 2], "b": {}}, [], "x"], "message": "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found at all"});
        assert_eq!(
            document(&value),
            "items:\n- a:\n  - 1\n  - 2\n  b: {}\n- []\n- x\nmessage: '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.\n  not found at all'\n"
        );
    }

    #[test]
    fn keys_sort_naturally() {
        let value = json!({"a10": 1, "a9": 1, "b": 1, "a-b": 1, "ab": 1, "$patch": 1});
        assert_eq!(document(&value), "$patch: 1\na-b: 1\na9: 1\na10: 1\nab: 1\nb: 1\n");
    }
}
