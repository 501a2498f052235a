//! What the API server answers when it refuses: `Status` objects, and the field errors they are made of, worded to the letter.
//!
//! Owns the formats only. It must not know which rule was broken, nor any kind's fields.
//! Follows Kubernetes 1.36: `apimachinery/pkg/api/errors`, `apimachinery/pkg/util/validation/field`, and for
//! [`Status::kubectl_text`] `kubectl/pkg/cmd/util/helpers.go`.

mod field;

use crate::json::json;
use serde_json::Value;
use std::fmt;

pub use field::{BadValue, FieldError, FieldErrorKind, Path, go_json, go_quote};

/// Why a request was refused, in the API's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The object (or the resource) does not exist.
    NotFound,
    /// An object of this name exists.
    AlreadyExists,
    /// The object changed since it was read, or a precondition does not hold.
    Conflict,
    /// Validation found errors; the causes name them.
    Invalid,
    /// Not allowed, whatever the object says.
    Forbidden,
    /// The request cannot be understood.
    BadRequest,
    /// The resource does not support the verb.
    MethodNotAllowed,
    /// Not now: the caller should try again later (an eviction that a budget does not allow).
    TooManyRequests,
    /// The body's type is not one the server takes.
    UnsupportedMediaType,
    /// The watch or the list token is too old.
    Expired,
    /// A fault of the server.
    InternalError,
}

impl Reason {
    /// The word as it stands in a Status and in `Error from server (…)`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "NotFound",
            Self::AlreadyExists => "AlreadyExists",
            Self::Conflict => "Conflict",
            Self::Invalid => "Invalid",
            Self::Forbidden => "Forbidden",
            Self::BadRequest => "BadRequest",
            Self::MethodNotAllowed => "MethodNotAllowed",
            Self::TooManyRequests => "TooManyRequests",
            Self::UnsupportedMediaType => "UnsupportedMediaType",
            Self::Expired => "Expired",
            Self::InternalError => "InternalError",
        }
    }

    /// The HTTP code that goes with the reason.
    pub fn code(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::AlreadyExists | Self::Conflict => 409,
            Self::Invalid => 422,
            Self::Forbidden => 403,
            Self::BadRequest => 400,
            Self::MethodNotAllowed => 405,
            Self::TooManyRequests => 429,
            Self::UnsupportedMediaType => 415,
            Self::Expired => 410,
            Self::InternalError => 500,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One reason among the details of a Status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The machine's word, such as `FieldValueInvalid`.
    pub reason: String,
    /// The sentence, without the field.
    pub message: String,
    /// The field's path; empty when no field is meant.
    pub field: String,
}

/// A refusal of the API server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// HTTP code.
    pub code: u16,
    /// Machine-readable reason.
    pub reason: Reason,
    /// The sentence.
    pub message: String,
    /// API group of what was asked for; empty for the core group.
    pub group: Box<str>,
    /// The resource (`statefulsets`), or for [`Reason::Invalid`] the kind (`StatefulSet`).
    pub kind: Box<str>,
    /// The object's name.
    pub name: Box<str>,
    /// What was wrong, one by one.
    pub causes: Vec<Cause>,
}

/// `resource.group`, or only the resource in the core group.
fn qualified(group: &str, resource: &str) -> String {
    if group.is_empty() { resource.to_owned() } else { format!("{resource}.{group}") }
}

impl Status {
    /// A Status with only a reason and a sentence.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self {
            code: reason.code(),
            reason,
            message: message.into(),
            group: "".into(),
            kind: "".into(),
            name: "".into(),
            causes: Vec::new(),
        }
    }

    fn about(reason: Reason, group: &str, kind: &str, name: &str, message: String) -> Self {
        Self { group: group.into(), kind: kind.into(), name: name.into(), ..Self::new(reason, message) }
    }

    /// `statefulsets.apps "web" not found`.
    pub fn not_found(group: &str, resource: &str, name: &str) -> Self {
        let message = format!("{} {} not found", qualified(group, resource), go_quote(name));
        Self::about(Reason::NotFound, group, resource, name, message)
    }

    /// What is answered for a path that serves nothing, such as the scale of a pod.
    pub fn no_such_resource() -> Self {
        Self::new(Reason::NotFound, "the server could not find the requested resource")
    }

    /// `statefulsets.apps "web" already exists`.
    pub fn already_exists(group: &str, resource: &str, name: &str) -> Self {
        let message = format!("{} {} already exists", qualified(group, resource), go_quote(name));
        Self::about(Reason::AlreadyExists, group, resource, name, message)
    }

    /// The name is still held by an object that is being deleted.
    pub fn already_exists_being_deleted(group: &str, resource: &str, name: &str) -> Self {
        let mut status = Self::already_exists(group, resource, name);
        status.message = format!("object is being deleted: {}", status.message);
        status
    }

    /// The object was changed by somebody else since it was read.
    pub fn conflict_modified(group: &str, resource: &str, name: &str) -> Self {
        Self::conflict(group, resource, name, "the object has been modified; please apply your changes to the latest version and try again")
    }

    /// `Operation cannot be fulfilled on statefulsets.apps "web": …`.
    pub fn conflict(group: &str, resource: &str, name: &str, detail: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} {}: {detail}", qualified(group, resource), go_quote(name));
        Self::about(Reason::Conflict, group, resource, name, message)
    }

    /// A precondition of a delete names another uid than the object has.
    pub fn conflict_uid(group: &str, resource: &str, name: &str, wanted: &str, found: &str) -> Self {
        let detail = format!("Precondition failed: UID in precondition: {wanted}, UID in object meta: {found}");
        Self::conflict(group, resource, name, &detail)
    }

    /// `pods "web-0" is forbidden: …`.
    pub fn forbidden(group: &str, resource: &str, name: &str, detail: &str) -> Self {
        let message = if resource.is_empty() {
            format!("forbidden: {detail}")
        } else if name.is_empty() {
            format!("{} is forbidden: {detail}", qualified(group, resource))
        } else {
            format!("{} {} is forbidden: {detail}", qualified(group, resource), go_quote(name))
        };
        Self::about(Reason::Forbidden, group, resource, name, message)
    }

    /// A request that cannot be understood.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(Reason::BadRequest, message)
    }

    /// An error of the server itself.
    pub fn internal(detail: &str) -> Self {
        Self::new(Reason::InternalError, format!("Internal error occurred: {detail}"))
    }

    /// A JSON patch that names a place which is not there, or fails a test.
    pub fn patch_rejected() -> Self {
        Self::new(Reason::Invalid, "the server rejected our request due to an error in our request")
    }

    /// Validation's answer: `StatefulSet.apps "web" is invalid: …`, equal sentences once.
    pub fn invalid(group: &str, kind: &str, name: &str, errors: &[FieldError]) -> Self {
        let mut lines: Vec<String> = Vec::new();
        let mut causes = Vec::new();
        for error in errors {
            let line = error.to_string();
            if !lines.contains(&line) {
                lines.push(line);
            }
            causes.push(error.cause());
        }
        let list = match lines.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let message = format!("{} {} is invalid: {list}", qualified(group, kind), go_quote(name));
        Self { causes, ..Self::about(Reason::Invalid, group, kind, name, message) }
    }

    /// The Status with kubectl's remark on where the object came from: `error when creating "web.yaml": …`.
    pub fn when(mut self, doing: &str, source: &str) -> Self {
        self.message = format!("error when {doing} {}: {}", go_quote(source), self.message);
        self
    }

    /// `Error from server (Reason): message`, which kubectl prints for one error among several, and for most alone.
    pub fn standard_text(&self) -> String {
        format!("Error from server ({}): {}", self.reason, self.message)
    }

    /// What kubectl prints, without the last newline, when this is the only error.
    pub fn kubectl_text(&self) -> String {
        if self.reason != Reason::Invalid {
            return self.standard_text();
        }
        let head = if self.kind.is_empty() && self.name.is_empty() {
            if self.causes.is_empty() {
                return format!("The request is invalid: {}", self.message);
            }
            "The request is invalid".to_owned()
        } else {
            format!("The {} {} is invalid", self.kind, go_quote(&self.name))
        };
        let mut lines: Vec<String> = Vec::new();
        for cause in &self.causes {
            let line = format!("{}: {}", cause.field, cause.message);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        match lines.as_slice() {
            [] => head,
            [one] => format!("{head}: {one}"),
            several => several.iter().fold(format!("{head}: "), |text, line| text + "\n* " + line),
        }
    }

    /// The Status as the object that the API sends.
    pub fn to_value(&self) -> Value {
        let mut details = serde_json::Map::new();
        for (key, text) in [("name", &self.name), ("group", &self.group), ("kind", &self.kind)] {
            if !text.is_empty() {
                details.insert(key.to_owned(), json!(text));
            }
        }
        if !self.causes.is_empty() {
            let causes: Vec<Value> = self
                .causes
                .iter()
                .map(|cause| {
                    let mut map = serde_json::Map::new();
                    map.insert("reason".to_owned(), json!(cause.reason));
                    map.insert("message".to_owned(), json!(cause.message));
                    if !cause.field.is_empty() {
                        map.insert("field".to_owned(), json!(cause.field));
                    }
                    Value::Object(map)
                })
                .collect();
            details.insert("causes".to_owned(), Value::Array(causes));
        }
        let mut status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "reason": self.reason.as_str(), "code": self.code,
        });
        if !details.is_empty() {
            status["details"] = Value::Object(details);
        }
        status
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_error_stands_on_the_line_and_several_below_it() {
        let replicas = FieldError::invalid(&Path::new("spec").child("replicas"), -1, "must be greater than or equal to 0");
        let selector = FieldError::required(&Path::new("spec").child("selector"), "");
        let one = Status::invalid("apps", "StatefulSet", "web", std::slice::from_ref(&replicas));
        assert_eq!(
            one.kubectl_text(),
            "The StatefulSet \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0"
        );
        assert_eq!(
            one.when("creating", "f.yaml").standard_text(),
            "Error from server (Invalid): error when creating \"f.yaml\": StatefulSet.apps \"web\" is invalid: \
             spec.replicas: Invalid value: -1: must be greater than or equal to 0"
        );
        let two = Status::invalid("apps", "StatefulSet", "web", &[replicas, selector.clone(), selector]);
        assert_eq!(
            two.kubectl_text(),
            "The StatefulSet \"web\" is invalid: \n* spec.replicas: Invalid value: -1: must be greater than or equal to 0\n\
             * spec.selector: Required value"
        );
        assert_eq!(
            two.message,
            "StatefulSet.apps \"web\" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, \
             spec.selector: Required value]"
        );
    }

    #[test]
    fn constructors_speak_as_the_api_server() {
        assert_eq!(
            Status::not_found("apps", "statefulsets", "nope").kubectl_text(),
            "Error from server (NotFound): statefulsets.apps \"nope\" not found"
        );
        assert_eq!(
            Status::conflict_modified("", "pods", "web-0").message,
            "Operation cannot be fulfilled on pods \"web-0\": the object has been modified; please apply your changes to \
             the latest version and try again"
        );
        assert_eq!(
            Status::patch_rejected().kubectl_text(),
            "The request is invalid: the server rejected our request due to an error in our request"
        );
        let patch = FieldError::invalid(&Path::new("patch"), "map[spec:map[replicas:x]]", "unrecognized type: int32");
        assert_eq!(
            Status::invalid("", "", "", &[patch]).kubectl_text(),
            "The request is invalid: patch: Invalid value: \"map[spec:map[replicas:x]]\": unrecognized type: int32"
        );
    }

    #[test]
    fn values_are_shown_as_go_shows_them() {
        let path = Path::new("spec").child("ports").index(0).key("a");
        assert_eq!(path.to_string(), "spec.ports[0][a]");
        assert_eq!(FieldError::not_found(&path, "www").body(), "Not found: \"www\"");
        assert_eq!(FieldError::invalid(&path, Value::Null, "x").body(), "Invalid value: null: x");
        assert_eq!(FieldError::invalid(&path, json!({"b": "<", "a": 1}), "").body(), "Invalid value: {\"a\":1,\"b\":\"\\u003c\"}");
        assert_eq!(FieldError::not_supported(&path, "x", &["A", "B"]).body(), "Unsupported value: \"x\": supported values: \"A\", \"B\"");
        assert_eq!(go_quote("a\n\"é\u{1}"), "\"a\\n\\\"é\\x01\"");
    }
}
