//! A place in an object: a value that may be absent, and the path that error texts call it by.
//!
//! Owns tolerant reading: a field of a wrong type reads as unset, so that nothing panics. It must not know any field.

use crate::api::status::{FieldError, Path};
use serde_json::{Map, Value};

/// A place in an object.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    value: Option<&'a Value>,
    /// What the place is called.
    pub(super) path: Path,
}

impl<'a> Cursor<'a> {
    /// The object itself.
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value: Some(value), path: Path::default() }
    }

    /// A value that is found elsewhere than its path says.
    pub(super) fn at(value: Option<&'a Value>, path: Path) -> Self {
        Self { value: value.filter(|value| !value.is_null()), path }
    }

    /// The field below; absent where this is no object.
    pub(super) fn child(&self, key: &str) -> Cursor<'a> {
        let value = self.value.and_then(|value| value.get(key)).filter(|value| !value.is_null());
        Cursor { value, path: self.path.child(key) }
    }

    /// Whether something stands here.
    pub(super) fn is_set(&self) -> bool {
        self.value.is_some()
    }

    /// Whether something stands in a field below.
    pub(super) fn has(&self, key: &str) -> bool {
        self.child(key).is_set()
    }

    /// The value.
    pub(super) fn value(&self) -> Option<&'a Value> {
        self.value
    }

    /// The value, null where there is none.
    pub(super) fn value_or_null(&self) -> Value {
        self.value.cloned().unwrap_or(Value::Null)
    }

    /// The text here, empty where there is none.
    pub(super) fn text(&self) -> &'a str {
        self.value.and_then(Value::as_str).unwrap_or("")
    }

    /// The text of a field below.
    pub(super) fn text_of(&self, key: &str) -> &'a str {
        self.child(key).text()
    }

    /// The integer here.
    pub(super) fn int(&self) -> Option<i64> {
        self.value.and_then(Value::as_i64)
    }

    /// The integer of a field below.
    pub(super) fn int_of(&self, key: &str) -> Option<i64> {
        self.child(key).int()
    }

    /// The switch of a field below, where it is set.
    pub(super) fn flag_of(&self, key: &str) -> Option<bool> {
        self.child(key).value.and_then(Value::as_bool)
    }

    /// The elements of the list here.
    pub(super) fn elements(&self) -> impl Iterator<Item = Cursor<'a>> + use<'a> {
        let path = self.path.clone();
        let list = self.value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().enumerate().map(move |(index, value)| Cursor { value: Some(value), path: path.index(index) })
    }

    /// The elements of a list below.
    pub(super) fn elements_of(&self, key: &str) -> impl Iterator<Item = Cursor<'a>> + use<'a> {
        self.child(key).elements()
    }

    /// How many elements the list here has.
    pub(super) fn len(&self) -> usize {
        self.value.and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// The map here.
    pub(super) fn map(&self) -> Option<&'a Map<String, Value>> {
        self.value.and_then(Value::as_object)
    }

    /// The entries of the map here, in the order of their keys.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.map().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
    }
}

/// The errors found so far.
#[derive(Default)]
pub(super) struct Errors(pub(super) Vec<FieldError>);

impl Errors {
    /// Adds an error.
    pub(super) fn push(&mut self, error: FieldError) {
        self.0.push(error);
    }

    /// Adds an error for each problem that a text has.
    pub(super) fn invalid_texts(&mut self, path: &Path, value: &str, problems: Vec<String>) {
        for problem in problems {
            self.push(FieldError::invalid(path, value, problem));
        }
    }

    /// Adds an error for a number below 0.
    pub(super) fn nonnegative(&mut self, place: &Cursor<'_>) {
        if let Some(number) = place.int().filter(|number| *number < 0) {
            self.push(FieldError::invalid(&place.path, number, NEGATIVE));
        }
    }

    /// Adds an error for a text that is none of those known; `what_if_empty` says whether an empty one is required or passed.
    pub(super) fn one_of(&mut self, place: &Cursor<'_>, known: &[&str]) {
        let text = place.text();
        if !known.contains(&text) {
            self.push(FieldError::not_supported(&place.path, text, known));
        }
    }

    /// The same for a field that defaulting fills in: empty, it is reported as missing.
    pub(super) fn required_one_of(&mut self, place: &Cursor<'_>, known: &[&str]) {
        if place.text().is_empty() {
            self.push(FieldError::required(&place.path, ""));
        } else {
            self.one_of(place, known);
        }
    }

    /// Adds an error for an empty text; says whether there is one.
    pub(super) fn required_text(&mut self, place: &Cursor<'_>) -> bool {
        let missing = place.text().is_empty();
        if missing {
            self.push(FieldError::required(&place.path, ""));
        }
        !missing
    }
}

/// What is said of a number below 0.
pub(super) const NEGATIVE: &str = "must be greater than or equal to 0";
/// What is said of a number that is not above 0.
pub(super) const NOT_POSITIVE: &str = "must be greater than zero";
/// What is said of a field that may not change.
pub(super) const IMMUTABLE: &str = "field is immutable";
