//! The sentences in which kubectl and the API server refuse an object that does not fit the structure.
//! Follows cli-runtime (`mapper.go`, `paramVerifyingSchema`) and the API server's create handler.

use serde_json::Value;

use super::decode::{DecodeError, decode};
use super::{Type, kind, of};
use crate::api::kind::Kind;

/// The API server's message for a value that does not fit its kind, as in a Status: `StatefulSet in version "v1"
/// cannot be handled as a StatefulSet: …`. `None` where it fits.
#[must_use]
pub fn bad_request(value: &Value, kind: Kind) -> Option<String> {
    let words = decode_refusal(&decode(value, of(kind)))?;
    Some(format!("{kind} in version \"{}\" cannot be handled as a {kind}: {words}", kind.info().version))
}

/// The one text that the decoder makes of all misfits: the first wrong type, else all unknown fields.
#[must_use]
pub fn decode_refusal(errors: &[DecodeError]) -> Option<String> {
    let first = errors.iter().find(|error| error.aborts()).or_else(|| errors.iter().find(|error| !error.is_strict()));
    if let Some(error) = first {
        return Some(error.text.clone());
    }
    let unknown: Vec<&str> = errors.iter().map(|error| error.text.as_str()).collect();
    (!unknown.is_empty()).then(|| format!("strict decoding error: {}", unknown.join(", ")))
}

/// What kubectl itself says about an object from `file` before it asks the API server, with its `error: `: not an
/// object, no apiVersion or kind, metadata of wrong types, no such kind. `None` where it would send it.
#[must_use]
pub fn client_refusal(value: &Value, file: &str) -> Option<String> {
    let invalid = invalid(value);
    if !invalid.is_empty() {
        let words = match invalid.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        return Some(format!(
            "error: error validating \"{file}\": error validating data: {words}; if you choose to ignore these errors, turn validation off with --validate=false"
        ));
    }
    if let Some(words) = metadata_refusal(value) {
        return Some(format!("error: unable to decode \"{file}\": {words}"));
    }
    let text = |path: &str| value.pointer(path).and_then(Value::as_str).unwrap_or("");
    let (api_version, kind) = (text("/apiVersion"), text("/kind"));
    if kind == "List" && api_version == "v1" || Kind::of(api_version, kind).is_some() {
        return None;
    }
    Some(format!(
        "error: resource mapping not found for name: \"{}\" namespace: \"{}\" from \"{file}\": {}\nensure CRDs are installed first",
        text("/metadata/name"),
        text("/metadata/namespace"),
        no_match(api_version, kind)
    ))
}

/// `no matches for kind "StatefulSet" in version "apps/v1beta1"`.
#[must_use]
pub fn no_match(api_version: &str, kind: &str) -> String {
    format!("no matches for kind \"{kind}\" in version \"{api_version}\"")
}

/// What keeps kubectl from knowing group, version and kind.
fn invalid(value: &Value) -> Vec<String> {
    let Value::Object(map) = value else {
        return vec!["invalid object to validate".to_owned()];
    };
    let mut out = Vec::new();
    match map.get("apiVersion") {
        None | Some(Value::Null) => out.push("apiVersion not set".to_owned()),
        Some(Value::String(text)) => {
            if text.matches('/').count() > 1 {
                out.push(format!("unexpected GroupVersion string: {text}"));
            }
        }
        Some(_) => out.push("apiVersion isn't string type".to_owned()),
    }
    match map.get("kind") {
        None | Some(Value::Null) => out.push("kind not set".to_owned()),
        Some(Value::String(_)) => {}
        Some(_) => out.push("kind isn't string type".to_owned()),
    }
    out
}

/// kubectl decodes the metadata of every object itself; unknown fields there are the API server's business.
fn metadata_refusal(value: &Value) -> Option<String> {
    let metadata = value.get("metadata")?;
    if !metadata.is_object() && !metadata.is_null() {
        let errors = decode(&crate::json::json!({ "metadata": metadata }), pod()?);
        return Some(errors.first()?.text.replace("Pod.metadata", "metadataOnlyObject.metadata"));
    }
    let errors = decode(&crate::json::json!({ "metadata": metadata }), pod()?);
    let errors: Vec<DecodeError> = errors.into_iter().filter(|e| !e.is_strict()).collect();
    decode_refusal(&errors)
}

/// Any type with metadata.
fn pod() -> Option<&'static Type> {
    kind("v1", "Pod")
}
