//! Fields that a kind does not have: dropped with a warning where kubectl does not ask for strictness.

use serde_json::Value;

use crate::api::read;
use crate::schema;

/// Drops unknown fields and tells which, in the API server's words.
pub fn drop(value: &mut Value) -> Vec<String> {
    let (api_version, kind) =
        (read::string(value, &["apiVersion"]).unwrap_or_default(), read::string(value, &["kind"]).unwrap_or_default());
    let Some(found) = schema::lookup(api_version, kind) else { return Vec::new() };
    let unknown: Vec<(String, String)> = schema::decode(value, found.ty())
        .into_iter()
        .filter(schema::DecodeError::is_strict)
        .map(|error| (error.path, error.text))
        .collect();
    for (path, _) in &unknown {
        remove(value, path);
    }
    unknown.into_iter().map(|(_, text)| text).collect()
}

fn remove(value: &mut Value, path: &str) {
    let pointer: String = path.replace('[', ".").replace(']', "");
    let mut steps: Vec<&str> = pointer.split('.').collect();
    let Some(last) = steps.pop() else { return };
    let place = steps.iter().try_fold(value, |value, step| match step.parse::<usize>() {
        Ok(index) if value.is_array() => value.get_mut(index),
        _ => value.get_mut(*step),
    });
    if let Some(map) = place.and_then(Value::as_object_mut) {
        map.remove(last);
    }
}
