//! Short reads of a JSON document. Documents come from users: every read tolerates a missing or ill-typed field.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::metadata::{Labels, Text};

/// The value at a path of keys.
pub fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// The string at a path of keys.
pub fn string<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    at(value, path)?.as_str()
}

/// The string at a path of keys, shared; empty where there is none.
pub fn text(value: &Value, path: &[&str]) -> Text {
    string(value, path).unwrap_or_default().into()
}

/// The integer at a path of keys.
pub fn integer(value: &Value, path: &[&str]) -> Option<i64> {
    at(value, path)?.as_i64()
}

/// The boolean at a path of keys, false where there is none.
pub fn flag(value: &Value, path: &[&str]) -> bool {
    at(value, path).and_then(Value::as_bool).unwrap_or(false)
}

/// The items of the list at a path of keys; none where there is no list.
pub fn items<'a>(value: &'a Value, path: &[&str]) -> &'a [Value] {
    at(value, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The strings of the list at a path of keys.
pub fn texts(value: &Value, path: &[&str]) -> Rc<[Text]> {
    items(value, path).iter().filter_map(Value::as_str).map(Text::from).collect()
}

/// The map of strings at a path of keys.
pub fn labels(value: &Value, path: &[&str]) -> Labels {
    let map = at(value, path).and_then(Value::as_object);
    Rc::new(map.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str().into(), value.as_str()?.into()))).collect())
}

/// The value at a path of keys in a document to be changed; objects on the way are made where they are missing.
pub fn entry<'a>(value: &'a mut Value, path: &[&str]) -> &'a mut Value {
    path.iter().fold(value, |value, key| {
        if !value.is_object() {
            *value = Value::Object(Map::new());
        }
        &mut value[*key]
    })
}

/// Removes a key of the object at a path and returns what it held.
pub fn take(value: &mut Value, path: &[&str], key: &str) -> Option<Value> {
    path.iter().try_fold(value, |value, key| value.get_mut(key))?.as_object_mut()?.remove(key)
}
