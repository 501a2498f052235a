//! Strategic merge: a merge patch that knows lists of named elements, with its directives (`$patch`, `$retainKeys`,
//! `$deleteFromPrimitiveList`, `$setElementOrder`).
//!
//! Follows `StrategicMergeMapPatchUsingLookupPatchMeta` of `apimachinery/pkg/util/strategicpatch/patch.go`, Kubernetes 1.36.

use super::{MergeKeys, PatchError, Strategy};
use crate::order;
use serde_json::{Map, Value};

pub(super) const PATCH: &str = "$patch";
pub(super) const RETAIN_KEYS: &str = "$retainKeys";
pub(super) const DELETE_FROM: &str = "$deleteFromPrimitiveList/";
pub(super) const ORDER: &str = "$setElementOrder/";

/// Applies a strategic merge patch.
pub fn strategic_merge(original: &Value, patch: &Value, keys: &impl MergeKeys) -> Result<Value, PatchError> {
    match (original, patch) {
        (Value::Object(original), Value::Object(patch)) => Ok(Value::Object(merge_map(original.clone(), patch, keys)?)),
        _ => Err(PatchError::BadFormat("cannot restore struct from: a patch that is no object".to_owned())),
    }
}

fn merge_map(
    mut original: Map<String, Value>,
    patch: &Map<String, Value>,
    keys: &impl MergeKeys,
) -> Result<Map<String, Value>, PatchError> {
    match patch.get(PATCH).map(|directive| directive.as_str().unwrap_or("")) {
        None => {}
        Some("replace") => {
            let mut whole = patch.clone();
            whole.remove(PATCH);
            return Ok(whole);
        }
        Some("delete") => return Ok(Map::new()),
        Some("merge") => {}
        Some(other) => return Err(PatchError::BadFormat(format!("unknown patch type: {other}"))),
    }
    if let Some(kept) = patch.get(RETAIN_KEYS).and_then(Value::as_array) {
        original.retain(|key, _| kept.iter().any(|item| item.as_str() == Some(key)));
    }
    for (key, list) in patch {
        let Some(name) = key.strip_prefix(DELETE_FROM) else { continue };
        if let (Some(Value::Array(values)), Value::Array(gone)) = (original.get_mut(name), list) {
            values.retain(|value| !gone.contains(value));
        }
    }
    for (key, value) in patch {
        if key.starts_with('$') {
            continue;
        }
        let (strategy, below) = keys.field(key);
        let order = patch.get(&format!("{ORDER}{key}")).and_then(Value::as_array);
        let merged = match (original.remove(key), value) {
            (_, Value::Null) => continue,
            (Some(Value::Object(old)), Value::Object(new)) if !strategy.replace => Value::Object(merge_map(old, new, &below)?),
            (Some(Value::Array(old)), Value::Array(new)) if strategy.merge => Value::Array(merge_list(old, new, order, strategy, &below)?),
            (None, Value::Array(new)) if strategy.merge => Value::Array(merge_list(Vec::new(), new, order, strategy, &below)?),
            (_, Value::Object(new)) => Value::Object(merge_map(Map::new(), new, &below)?),
            (_, new) => new.clone(),
        };
        original.insert(key.clone(), merged);
    }
    // An order can be given without a change.
    for (key, order) in patch {
        let Some(name) = key.strip_prefix(ORDER).filter(|name| !patch.contains_key(*name)) else { continue };
        let (strategy, below) = keys.field(name);
        if let (Some(Value::Array(old)), Value::Array(order)) = (original.get(name).cloned(), order) {
            let sorted = merge_list(old, &[], Some(order), strategy, &below)?;
            original.insert(name.to_owned(), Value::Array(sorted));
        }
    }
    Ok(original)
}

fn merge_list(
    original: Vec<Value>,
    patch: &[Value],
    order: Option<&Vec<Value>>,
    strategy: Strategy,
    below: &impl MergeKeys,
) -> Result<Vec<Value>, PatchError> {
    let objects = original.iter().chain(patch).any(Value::is_object);
    let Some(key) = strategy.key.filter(|_| objects) else {
        let mut merged = original.clone();
        merged.extend(patch.iter().filter(|value| !original.contains(value)).cloned());
        merged.dedup();
        return Ok(in_order(merged, order.map_or(patch, Vec::as_slice), &original, |a, b| a == b));
    };
    let same = |a: &Value, b: &Value| a.get(key).is_some() && a.get(key) == b.get(key);
    let mut base = original.clone();
    let mut changes: Vec<&Value> = Vec::new();
    for element in patch {
        match element.get(PATCH).and_then(Value::as_str) {
            Some("delete") => {
                require_key(element, key)?;
                base.retain(|item| !same(item, element));
            }
            Some("replace") if element.as_object().is_some_and(|map| map.len() == 1) => base.clear(),
            _ => changes.push(element),
        }
    }
    let mut merged = base;
    for element in changes {
        require_key(element, key)?;
        let Some(map) = element.as_object() else { continue };
        match merged.iter().position(|item| same(item, element)) {
            Some(at) => {
                let old = merged[at].as_object().cloned().unwrap_or_default();
                merged[at] = Value::Object(merge_map(old, map, below)?);
            }
            None => merged.push(Value::Object(merge_map(Map::new(), map, below)?)),
        }
    }
    Ok(in_order(merged, order.map_or(patch, Vec::as_slice), &original, same))
}

fn require_key(element: &Value, key: &str) -> Result<(), PatchError> {
    if element.get(key).is_some() {
        return Ok(());
    }
    Err(PatchError::MissingMergeKey(format!("map: {} does not contain declared merge key: {key}", go_map(element))))
}

/// A value as Go prints maps: `map[a:1 b:map[]]`.
fn go_map(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let parts: Vec<String> = map.iter().map(|(key, value)| format!("{key}:{}", go_map(value))).collect();
            format!("map[{}]", parts.join(" "))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(go_map).collect::<Vec<_>>().join(" ")),
        Value::String(text) => text.clone(),
        Value::Null => "<nil>".to_owned(),
        other => other.to_string(),
    }
}

/// Sorts a merged list: the patch's elements as the patch has them, the others as the live list has them; where only one of two
/// is in the live list, the patch's comes first.
fn in_order(merged: Vec<Value>, order: &[Value], live: &[Value], same: impl Fn(&Value, &Value) -> bool) -> Vec<Value> {
    let rank = |list: &[Value], item: &Value| list.iter().position(|other| same(other, item));
    let (mut ours, mut theirs): (Vec<Value>, Vec<Value>) = merged.into_iter().partition(|item| rank(order, item).is_some());
    order::sort_by_key(&mut ours, |item| rank(order, item));
    order::sort_by_key(&mut theirs, |item| rank(live, item));
    let mut sorted = Vec::with_capacity(ours.len() + theirs.len());
    let (mut ours, mut theirs) = (ours.into_iter().peekable(), theirs.into_iter().peekable());
    loop {
        let next = match (theirs.peek(), ours.peek()) {
            (Some(a), Some(b)) => {
                if matches!((rank(live, a), rank(live, b)), (Some(a), Some(b)) if a < b) {
                    theirs.next()
                } else {
                    ours.next()
                }
            }
            (Some(_), None) => theirs.next(),
            (None, _) => ours.next(),
        };
        match next {
            Some(item) => sorted.push(item),
            None => return sorted,
        }
    }
}
