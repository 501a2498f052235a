//! Fits a JSON value to a type as the API server's strict decoder does (sigs.k8s.io/json and apimachinery), and words
//! every misfit as it does. Unlike it, goes on to the end and gives each misfit its path.

use serde_json::Value;

use super::quantity;
use super::{FieldType, Type};

/// One misfit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Where, as the API server writes paths: `spec.template.spec.containers[0].image`.
    pub path: String,
    /// What is wrong there.
    pub reason: Reason,
    /// The API server's words for it alone, such as `unknown field "spec.replica"` or
    /// `json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32`.
    pub text: String,
}

/// What kind of misfit it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The type has no such field.
    UnknownField {
        /// The type that lacks it.
        owner: &'static Type,
        /// The field's name.
        field: String,
    },
    /// The value is of another JSON type.
    WrongType {
        /// What was found: `string`, `number`, `number 2.5`, `bool`, `array` or `object`.
        found: String,
        /// What was wanted, as a Go type.
        wanted: String,
        /// What was wanted.
        ty: FieldType,
    },
    /// The value has the right JSON type, but its text cannot be read (quantities, times, base64).
    Unreadable {
        /// What was wanted.
        ty: FieldType,
    },
}

impl DecodeError {
    /// Whether it comes from strictness: such errors are all listed, and only when there is no other.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        matches!(self.reason, Reason::UnknownField { .. })
    }

    /// Whether the decoder gives up at it, so that it wins over misfits before it.
    pub(crate) fn aborts(&self) -> bool {
        matches!(
            &self.reason,
            Reason::Unreadable { ty } if *ty != FieldType::Bytes
        ) || matches!(&self.reason, Reason::WrongType { ty: FieldType::IntOrString | FieldType::Time | FieldType::MicroTime, .. })
    }
}

/// All misfits of `value`, in the order in which the API server meets them (keys sorted, as kubectl sends them).
#[must_use]
pub fn decode(value: &Value, ty: &'static Type) -> Vec<DecodeError> {
    let mut decoder = Decoder { out: Vec::new() };
    let at = At { path: String::new(), go_path: String::new(), owner: "" };
    match value {
        Value::Object(_) => decoder.object(value, ty, &at),
        other => decoder.out.push(DecodeError {
            path: String::new(),
            text: format!("json: cannot unmarshal {} into Go value of type {}", found(other), ty.go_name()),
            reason: Reason::WrongType { found: found(other).to_owned(), wanted: ty.go_name(), ty: FieldType::Any },
        }),
    }
    decoder.out
}

/// Where the decoder is: the path with indices, Go's path without them, and the struct that holds the field.
struct At {
    path: String,
    go_path: String,
    owner: &'static str,
}

struct Decoder {
    out: Vec<DecodeError>,
}

impl Decoder {
    fn object(&mut self, value: &Value, ty: &'static Type, at: &At) {
        let Value::Object(map) = value else {
            return;
        };
        for (name, value) in map {
            let path = join(&at.path, name);
            let Some(field) = ty.field(name) else {
                self.out.push(DecodeError {
                    text: format!("unknown field \"{path}\""),
                    path,
                    reason: Reason::UnknownField { owner: ty, field: name.clone() },
                });
                continue;
            };
            let inner = At { path, go_path: join(&at.go_path, name), owner: ty.name };
            self.value(value, &field.ty, field.go, &inner);
        }
    }

    /// `go` is the Go type's own name where it has one.
    fn value(&mut self, value: &Value, ty: &FieldType, go: Option<&str>, at: &At) {
        if value.is_null() {
            return;
        }
        match (ty, value) {
            (FieldType::Any, _)
            | (FieldType::String, Value::String(_))
            | (FieldType::Bool, Value::Bool(_))
            | (FieldType::Float, Value::Number(_))
            | (FieldType::IntOrString, Value::String(_)) => {}
            (FieldType::Int32 | FieldType::IntOrString, Value::Number(number)) => {
                if number.as_i64().is_none_or(|n| i32::try_from(n).is_err()) {
                    self.mismatch(&format!("number {number}"), ty, Some("int32"), at);
                }
            }
            (FieldType::Int64, Value::Number(number)) => {
                if number.as_i64().is_none() {
                    self.mismatch(&format!("number {number}"), ty, go, at);
                }
            }
            (FieldType::IntOrString, other) => {
                self.mismatch(found(other), ty, Some("int32"), at);
            }
            (FieldType::Quantity, other) => self.quantity(other, at),
            (FieldType::Time | FieldType::MicroTime, Value::String(text)) => {
                self.time(text, ty, at);
            }
            (FieldType::Time | FieldType::MicroTime, other) => {
                self.mismatch(found(other), ty, Some("string"), at);
            }
            (FieldType::Bytes, Value::String(text)) => self.bytes(text, at),
            (FieldType::Object(_), Value::Object(_)) => {
                if let Some(ty) = ty.object() {
                    self.object(value, ty, at);
                }
            }
            (FieldType::List(element), Value::Array(items)) => {
                let go = go.and_then(|go| go.strip_prefix("[]"));
                for (index, item) in items.iter().enumerate() {
                    let inner = At { path: format!("{}[{index}]", at.path), go_path: at.go_path.clone(), owner: at.owner };
                    self.value(item, element, go, &inner);
                }
            }
            (FieldType::Map(element), Value::Object(map)) => {
                for (key, item) in map {
                    let inner = At { path: format!("{}[{key}]", at.path), go_path: at.go_path.clone(), owner: at.owner };
                    self.value(item, element, None, &inner);
                }
            }
            (_, other) => self.mismatch(found(other), ty, go, at),
        }
    }

    fn mismatch(&mut self, found: &str, ty: &FieldType, go: Option<&str>, at: &At) {
        let wanted = go.map_or_else(|| ty.go_type(), str::to_owned);
        self.out.push(DecodeError {
            path: at.path.clone(),
            text: format!("json: cannot unmarshal {found} into Go struct field {}.{} of type {wanted}", at.owner, at.go_path),
            reason: Reason::WrongType { found: found.to_owned(), wanted, ty: ty.clone() },
        });
    }

    fn unreadable(&mut self, text: String, ty: FieldType, at: &At) {
        self.out.push(DecodeError { path: at.path.clone(), reason: Reason::Unreadable { ty }, text });
    }

    fn quantity(&mut self, value: &Value, at: &At) {
        let complaint = match value {
            Value::String(text) => quantity::complaint(text),
            other => quantity::complaint(&other.to_string()),
        };
        if let Some(words) = complaint {
            self.unreadable(words.to_owned(), FieldType::Quantity, at);
        }
    }

    fn time(&mut self, text: &str, ty: &FieldType, at: &At) {
        let (layout, fits) = match ty {
            FieldType::MicroTime => ("2006-01-02T15:04:05.000000Z07:00", is_time(text, true)),
            _ => ("2006-01-02T15:04:05Z07:00", is_time(text, false)),
        };
        if !fits {
            let words = format!("parsing time {text:?} as {layout:?}: cannot parse {text:?} as \"2006\"");
            self.unreadable(words, ty.clone(), at);
        }
    }

    fn bytes(&mut self, text: &str, at: &At) {
        let plain: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
        let padding = plain.iter().rev().take_while(|b| **b == b'=').count();
        let body = plain.len() - padding;
        let bad = plain[..body]
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')))
            .or_else(|| (padding > 2).then_some(body + 2))
            .or_else(|| (!plain.len().is_multiple_of(4)).then_some(plain.len() - plain.len() % 4));
        if let Some(byte) = bad {
            let words = format!("illegal base64 data at input byte {byte}");
            self.unreadable(words, FieldType::Bytes, at);
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The JSON type of a value, in the words of Go's decoder.
fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether a text has the form of an RFC 3339 time; calendars are not consulted.
fn is_time(text: &str, micro: bool) -> bool {
    let form = |text: &str, form: &str| {
        text.len() == form.len() && text.bytes().zip(form.bytes()).all(|(b, f)| if f == b'0' { b.is_ascii_digit() } else { b == f })
    };
    let Some((head, rest)) = text.get(..19).zip(text.get(19..)) else {
        return false;
    };
    let digits = rest.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let zone = if digits > 0 { &rest[digits + 1..] } else { rest };
    form(head, "0000-00-00T00:00:00") && (!micro || digits == 6) && (zone == "Z" || form(zone, "+00:00") || form(zone, "-00:00"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::kind;
    use serde_json::json;

    fn texts(api_version: &str, name: &str, value: &Value) -> Vec<String> {
        decode(value, kind(api_version, name).expect("known kind"))
            .into_iter()
            .map(|error| format!("{}: {}", error.path, error.text))
            .collect()
    }

    #[test]
    fn every_misfit_has_its_path_and_the_servers_words() {
        let value = json!({
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"labels": {"x": true}},
            "spec": {
                "replica": 2, "replicas": "3", "podManagementPolicy": 1,
                "template": {"spec": {"containers": [{"ports": [{"containerPort": "80"}], "resources": {"limits": {"cpu": "1x"}}}]}},
            }
        });
        assert_eq!(
            texts("apps/v1", "StatefulSet", &value),
            [
                "metadata.labels[x]: json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string",
                "spec.podManagementPolicy: json: cannot unmarshal number into Go struct field StatefulSetSpec.spec.podManagementPolicy of type v1.PodManagementPolicyType",
                "spec.replica: unknown field \"spec.replica\"",
                "spec.replicas: json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32",
                "spec.template.spec.containers[0].ports[0].containerPort: json: cannot unmarshal string into Go struct field ContainerPort.spec.template.spec.containers.ports.containerPort of type int32",
                "spec.template.spec.containers[0].resources.limits[cpu]: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
            ]
        );
    }

    #[test]
    fn texts_that_are_not_plain_are_read() {
        let secret = json!({"data": {"a": "aGk=", "b": "hello"}, "stringData": {"c": 1}});
        assert_eq!(
            texts("v1", "Secret", &secret),
            [
                "data[b]: illegal base64 data at input byte 4",
                "stringData[c]: json: cannot unmarshal number into Go struct field Secret.stringData of type string",
            ]
        );
        let pod = json!({"metadata": {"creationTimestamp": null, "deletionTimestamp": "2026-01-02T03:04:05Z"}});
        assert!(texts("v1", "Pod", &pod).is_empty());
    }
}
