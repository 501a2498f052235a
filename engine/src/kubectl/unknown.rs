//! Fields that a kind does not have: dropped with a warning where kubectl does not ask for strictness.

use serde_json::Value;

use crate::api::read;
use crate::schema;

/// Drops unknown fields and tells which, in the API server's words.
pub fn drop(value: &mut Value) -> Vec<String> {
    let text = |key: &str| read::string(value, &[key]).unwrap_or_default();
    let Some(ty) = schema::kind(text("apiVersion"), text("kind")) else { return Vec::new() };
    schema::prune(value, ty).into_iter().map(|path| format!("unknown field \"{path}\"")).collect()
}
