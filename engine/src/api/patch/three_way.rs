//! The patch of `kubectl apply`: what the manifest no longer has since it was last applied goes, what it has and the live
//! object has not comes, and what others added stays.
//!
//! Follows `CreateThreeWayMergePatch` of `apimachinery/pkg/util/strategicpatch/patch.go`, Kubernetes 1.36. An empty patch is
//! what kubectl calls "unchanged".

use super::strategic::{DELETE_FROM, ORDER, PATCH, RETAIN_KEYS};
use super::{MergeKeys, Strategy};
use crate::json::json;
use serde_json::{Map, Value};

/// Which differences are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// What is new or other.
    Changes,
    /// What is gone.
    Deletions,
}

/// The strategic merge patch that turns `current` into what `modified` wants, given what was applied last (null: never).
pub fn three_way_patch(last_applied: &Value, modified: &Value, current: &Value, keys: &impl MergeKeys) -> Value {
    let empty = Map::new();
    let map = |value: &'_ Value| value.as_object().cloned().unwrap_or_else(|| empty.clone());
    let (last, modified, current) = (map(last_applied), map(modified), map(current));
    let changes = diff_maps(&current, &modified, keys, false, Look::Changes);
    let deletions = diff_maps(&last, &modified, keys, false, Look::Deletions);
    Value::Object(join(deletions, changes, keys))
}

fn diff_maps(
    original: &Map<String, Value>,
    modified: &Map<String, Value>,
    keys: &impl MergeKeys,
    retain_keys: bool,
    look: Look,
) -> Map<String, Value> {
    let mut patch = Map::new();
    for (key, new) in modified {
        let Some(old) = original.get(key) else {
            if look == Look::Changes {
                patch.insert(key.clone(), new.clone());
            }
            continue;
        };
        let (strategy, below) = keys.field(key);
        match (old, new) {
            (Value::Object(old), Value::Object(new)) if !strategy.replace => {
                let inner = diff_maps(old, new, &below, strategy.retain_keys, look);
                if !inner.is_empty() {
                    patch.insert(key.clone(), Value::Object(inner));
                }
            }
            (Value::Array(old), Value::Array(new)) if strategy.merge => diff_lists(key, old, new, strategy, &below, look, &mut patch),
            _ => {
                if look == Look::Changes && old != new {
                    patch.insert(key.clone(), new.clone());
                }
            }
        }
    }
    if look == Look::Deletions {
        for key in original.keys().filter(|key| !modified.contains_key(*key)) {
            patch.insert(key.clone(), Value::Null);
        }
    }
    if retain_keys && !patch.is_empty() {
        patch.insert(RETAIN_KEYS.to_owned(), modified.keys().map(|key| json!(key)).collect());
    }
    patch
}

fn diff_lists(
    name: &str,
    old: &[Value],
    new: &[Value],
    strategy: Strategy,
    below: &impl MergeKeys,
    look: Look,
    patch: &mut Map<String, Value>,
) {
    if old.is_empty() {
        if look == Look::Changes && !new.is_empty() {
            patch.insert(name.to_owned(), Value::Array(new.to_vec()));
        }
        return;
    }
    let objects = old.iter().chain(new).any(Value::is_object);
    let Some(key) = strategy.key.filter(|_| objects) else {
        let gone: Vec<Value> = old.iter().filter(|value| !new.contains(value)).cloned().collect();
        let added: Vec<Value> = new.iter().filter(|value| !old.contains(value)).cloned().collect();
        let (put, order) = match look {
            Look::Changes => ((name.to_owned(), added), old != new),
            Look::Deletions => ((format!("{DELETE_FROM}{name}"), gone.clone()), !gone.is_empty()),
        };
        if !put.1.is_empty() {
            patch.insert(put.0, Value::Array(put.1));
        }
        if order {
            patch.insert(format!("{ORDER}{name}"), Value::Array(new.to_vec()));
        }
        return;
    };
    let same = |a: &Value, b: &Value| a.get(key) == b.get(key);
    let mut elements = Vec::new();
    for element in new {
        match old.iter().find(|other| same(other, element)) {
            Some(Value::Object(before)) => {
                let Some(after) = element.as_object() else { continue };
                let mut inner = diff_maps(before, after, below, strategy.retain_keys, look);
                if !inner.is_empty() {
                    inner.insert(key.to_owned(), element.get(key).cloned().unwrap_or(Value::Null));
                    elements.push(Value::Object(inner));
                }
            }
            _ if look == Look::Changes => elements.push(element.clone()),
            _ => {}
        }
    }
    if look == Look::Deletions {
        let gone = old.iter().filter(|element| !new.iter().any(|other| same(other, element)));
        elements.extend(gone.map(|element| json!({PATCH: "delete", key: element.get(key)})));
    }
    let moved = old.len() != new.len() || old.iter().zip(new).any(|(a, b)| !same(a, b));
    if !elements.is_empty() || (look == Look::Changes && moved) {
        let order = new.iter().map(|element| json!({key: element.get(key)})).collect();
        patch.insert(format!("{ORDER}{name}"), Value::Array(order));
    }
    if !elements.is_empty() {
        patch.insert(name.to_owned(), Value::Array(elements));
    }
}

/// Joins the patch of deletions with that of changes; where both speak of one place, changes win.
fn join(mut deletions: Map<String, Value>, changes: Map<String, Value>, keys: &impl MergeKeys) -> Map<String, Value> {
    for (name, change) in changes {
        let (strategy, below) = keys.field(&name);
        let joined = match (deletions.remove(&name), change) {
            (Some(Value::Object(gone)), Value::Object(change)) => Value::Object(join(gone, change, &below)),
            (Some(Value::Array(gone)), Value::Array(change)) if strategy.merge && !name.starts_with('$') => {
                Value::Array(join_lists(gone, change, strategy, &below))
            }
            (_, change) => change,
        };
        deletions.insert(name, joined);
    }
    deletions
}

fn join_lists(mut gone: Vec<Value>, changes: Vec<Value>, strategy: Strategy, below: &impl MergeKeys) -> Vec<Value> {
    let mut joined = Vec::new();
    for change in changes {
        let at = strategy.key.and_then(|key| gone.iter().position(|element| element.get(key) == change.get(key)));
        match (at.map(|at| gone.remove(at)), change) {
            (Some(Value::Object(old)), Value::Object(new)) if !old.contains_key(PATCH) => joined.push(Value::Object(join(old, new, below))),
            (_, change) => joined.push(change),
        }
    }
    joined.append(&mut gone);
    joined
}
