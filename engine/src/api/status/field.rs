//! Errors of fields, as Go's `field.Error` writes them: the kind of fault, the value found, the path.
//!
//! Owns the formats of values and paths. It must not know which kind of object a field belongs to. Follows
//! `apimachinery/pkg/util/validation/field` of Kubernetes 1.36.

use super::Cause;
use serde_json::Value;
use std::fmt::{self, Write as _};

/// What kind of fault a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldErrorKind {
    /// Must be set.
    Required,
    /// Has a value that is not allowed.
    Invalid,
    /// May not be set (or changed) here.
    Forbidden,
    /// Is not one of the values known.
    NotSupported,
    /// Is too long.
    TooLong,
    /// Occurs twice where once is allowed.
    Duplicate,
    /// Has too many elements.
    TooMany,
    /// Refers to what does not exist.
    NotFound,
    /// The server could not tell.
    InternalError,
}

impl FieldErrorKind {
    fn text(self) -> &'static str {
        match self {
            Self::Required => "Required value",
            Self::Invalid => "Invalid value",
            Self::Forbidden => "Forbidden",
            Self::NotSupported => "Unsupported value",
            Self::TooLong => "Too long",
            Self::Duplicate => "Duplicate value",
            Self::TooMany => "Too many",
            Self::NotFound => "Not found",
            Self::InternalError => "Internal error",
        }
    }

    fn cause_reason(self) -> &'static str {
        match self {
            Self::Required => "FieldValueRequired",
            Self::Invalid => "FieldValueInvalid",
            Self::Forbidden => "FieldValueForbidden",
            Self::NotSupported => "FieldValueNotSupported",
            Self::TooLong => "FieldValueTooLong",
            Self::Duplicate => "FieldValueDuplicate",
            Self::TooMany => "FieldValueTooMany",
            Self::NotFound => "FieldValueNotFound",
            Self::InternalError => "InternalError",
        }
    }
}

/// The value that a field error shows.
#[derive(Debug, Clone, PartialEq)]
pub enum BadValue {
    /// A value: strings are quoted as Go does, everything else is JSON.
    Json(Value),
    /// Text that is shown as it stands: Go structs, whose keys are not sorted and not named as in YAML.
    Text(String),
}

impl<T: Into<Value>> From<T> for BadValue {
    fn from(value: T) -> Self {
        Self::Json(value.into())
    }
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(Value::String(text)) => f.write_str(&go_quote(text)),
            Self::Json(value) => f.write_str(&go_json(value)),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// One fault of one field, as Go's `field.Error`.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    /// What kind of fault.
    pub kind: FieldErrorKind,
    /// Where, such as `spec.template.spec.containers[0].image`.
    pub path: String,
    /// The value found there, where the text shows one.
    pub value: Option<BadValue>,
    /// The sentence; may be empty.
    pub detail: String,
}

impl FieldError {
    fn new(kind: FieldErrorKind, path: &Path, value: Option<BadValue>, detail: impl Into<String>) -> Self {
        Self { kind, path: path.to_string(), value, detail: detail.into() }
    }

    /// `path: Required value: detail`.
    pub fn required(path: &Path, detail: impl Into<String>) -> Self {
        Self::new(FieldErrorKind::Required, path, None, detail)
    }

    /// `path: Invalid value: value: detail`.
    pub fn invalid(path: &Path, value: impl Into<BadValue>, detail: impl Into<String>) -> Self {
        Self::new(FieldErrorKind::Invalid, path, Some(value.into()), detail)
    }

    /// As [`FieldError::invalid`], for a value that is shown as the given text.
    pub fn invalid_text(path: &Path, value: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(FieldErrorKind::Invalid, path, Some(BadValue::Text(value.into())), detail)
    }

    /// `path: Forbidden: detail`.
    pub fn forbidden(path: &Path, detail: impl Into<String>) -> Self {
        Self::new(FieldErrorKind::Forbidden, path, None, detail)
    }

    /// `path: Unsupported value: "x": supported values: "A", "B"`, in the order given.
    pub fn not_supported(path: &Path, value: impl Into<BadValue>, supported: &[&str]) -> Self {
        let quoted: Vec<String> = supported.iter().map(|item| go_quote(item)).collect();
        let detail = if quoted.is_empty() { String::new() } else { format!("supported values: {}", quoted.join(", ")) };
        Self::new(FieldErrorKind::NotSupported, path, Some(value.into()), detail)
    }

    /// `path: Too long: may not be more than N bytes`.
    pub fn too_long(path: &Path, length_max: usize) -> Self {
        Self::new(FieldErrorKind::TooLong, path, None, format!("may not be more than {length_max} bytes"))
    }

    /// `path: Duplicate value: value`.
    pub fn duplicate(path: &Path, value: impl Into<BadValue>) -> Self {
        Self::new(FieldErrorKind::Duplicate, path, Some(value.into()), "")
    }

    /// `path: Not found: value`.
    pub fn not_found(path: &Path, value: impl Into<BadValue>) -> Self {
        Self::new(FieldErrorKind::NotFound, path, Some(value.into()), "")
    }

    /// `path: Internal error: detail`.
    pub fn internal(path: &Path, detail: impl Into<String>) -> Self {
        Self::new(FieldErrorKind::InternalError, path, None, detail)
    }

    /// The text without the path.
    pub fn body(&self) -> String {
        use FieldErrorKind as Kind;
        let mut text = self.kind.text().to_owned();
        let shows_value = !matches!(self.kind, Kind::Required | Kind::Forbidden | Kind::TooLong | Kind::InternalError);
        if let (true, Some(value)) = (shows_value, &self.value) {
            let _ = write!(text, ": {value}");
        }
        if !self.detail.is_empty() {
            let _ = write!(text, ": {}", self.detail);
        }
        text
    }

    /// The error as a cause of a Status.
    pub fn cause(&self) -> Cause {
        Cause { reason: self.kind.cause_reason().to_owned(), message: self.body(), field: self.path.clone() }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.body())
    }
}

/// The path of a field, as error texts write it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(String);

impl Path {
    /// A path of one name; an empty name is the object itself.
    pub fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The field below this one; dots in the name name several levels.
    pub fn child(&self, name: &str) -> Self {
        if self.0.is_empty() { Self::new(name) } else { Self(format!("{}.{name}", self.0)) }
    }

    /// The element of a list.
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    /// The entry of a map.
    pub fn key(&self, key: &str) -> Self {
        Self(format!("{}[{key}]", self.0))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "<nil>" } else { &self.0 })
    }
}

/// Text quoted as Go's `%q` does.
pub fn go_quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            c if (c as u32) < 0x20 || c == '\u{7f}' => {
                let _ = write!(quoted, "\\x{:02x}", c as u32);
            }
            '\u{80}'..='\u{a0}' | '\u{ad}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200b}'..='\u{200f}' => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Compact JSON as Go's encoder writes it: `<`, `>`, `&` and the two line separators escaped.
pub fn go_json(value: &Value) -> String {
    let plain = value.to_string();
    if !plain.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return plain;
    }
    let mut escaped = String::with_capacity(plain.len() + 16);
    for c in plain.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(escaped, "\\u{:04x}", c as u32);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
