//! JSON patch (RFC 6902), with the liberties of the library that the API server uses (`evanphx/json-patch`): a key that is not
//! there can be replaced, an index may count from the end.

use super::PatchError;
use serde_json::Value;

/// Applies the operations in order; the document stays as it is where one does not apply.
pub fn json_patch(target: &Value, operations: &Value) -> Result<Value, PatchError> {
    let mut result = target.clone();
    let operations = operations.as_array().ok_or_else(|| {
        let text = "json: cannot unmarshal object into Go value of type jsonpatch.Patch";
        PatchError::BadFormat(text.to_owned())
    })?;
    for operation in operations {
        apply(&mut result, operation)?;
    }
    Ok(result)
}

fn apply(target: &mut Value, operation: &Value) -> Result<(), PatchError> {
    let text = |key: &str| operation.get(key).and_then(Value::as_str);
    let path = text("path").ok_or(PatchError::DoesNotApply)?;
    let value = || operation.get("value").cloned().unwrap_or(Value::Null);
    match text("op").unwrap_or("") {
        "add" => add(target, path, value()),
        "remove" => remove(target, path).map(|_| ()),
        "replace" => replace(target, path, value()),
        "test" => {
            let found = get(target, path).cloned().unwrap_or(Value::Null);
            if found == value() { Ok(()) } else { Err(PatchError::DoesNotApply) }
        }
        "move" => {
            let moved = remove(target, text("from").ok_or(PatchError::DoesNotApply)?)?;
            add(target, path, moved)
        }
        "copy" => {
            let from = text("from").ok_or(PatchError::DoesNotApply)?;
            let copied = get(target, from).cloned().ok_or(PatchError::DoesNotApply)?;
            add(target, path, copied)
        }
        _ => Err(PatchError::DoesNotApply),
    }
}

/// The steps of a path; what stands before the first slash does not count.
fn steps(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

/// The container that the last step of a path is in, and that step.
fn place<'a>(target: &'a mut Value, path: &str) -> Result<(&'a mut Value, String), PatchError> {
    let mut steps = steps(path);
    let last = steps.pop().ok_or(PatchError::DoesNotApply)?;
    let mut at = target;
    for step in steps {
        at = match at {
            Value::Object(map) => map.get_mut(&step),
            Value::Array(list) => index(&step, list.len()).and_then(|index| list.get_mut(index)),
            _ => None,
        }
        .ok_or(PatchError::DoesNotApply)?;
    }
    Ok((at, last))
}

fn get<'a>(target: &'a Value, path: &str) -> Option<&'a Value> {
    steps(path).iter().try_fold(target, |at, step| match at {
        Value::Object(map) => map.get(step),
        Value::Array(list) => list.get(index(step, list.len())?),
        _ => None,
    })
}

/// An index below `length`; -1 is the last.
fn index(step: &str, length: usize) -> Option<usize> {
    let number: i64 = step.parse().ok()?;
    let number = if number < 0 { number + i64::try_from(length).ok()? } else { number };
    usize::try_from(number).ok().filter(|index| *index < length)
}

fn add(target: &mut Value, path: &str, value: Value) -> Result<(), PatchError> {
    if path.is_empty() {
        *target = value;
        return Ok(());
    }
    match place(target, path)? {
        (Value::Object(map), key) => {
            map.insert(key, value);
        }
        (Value::Array(list), step) => {
            let at = if step == "-" { Some(list.len()) } else { index(&step, list.len() + 1) };
            list.insert(at.ok_or(PatchError::DoesNotApply)?, value);
        }
        _ => return Err(PatchError::DoesNotApply),
    }
    Ok(())
}

fn replace(target: &mut Value, path: &str, value: Value) -> Result<(), PatchError> {
    if path.is_empty() {
        *target = value;
        return Ok(());
    }
    match place(target, path)? {
        (Value::Object(map), key) => {
            map.insert(key, value);
        }
        (Value::Array(list), step) => {
            let at = index(&step, list.len()).ok_or(PatchError::DoesNotApply)?;
            list[at] = value;
        }
        _ => return Err(PatchError::DoesNotApply),
    }
    Ok(())
}

fn remove(target: &mut Value, path: &str) -> Result<Value, PatchError> {
    match place(target, path)? {
        (Value::Object(map), key) => map.remove(&key).ok_or(PatchError::DoesNotApply),
        (Value::Array(list), step) => {
            let at = index(&step, list.len()).ok_or(PatchError::DoesNotApply)?;
            Ok(list.remove(at))
        }
        _ => Err(PatchError::DoesNotApply),
    }
}
