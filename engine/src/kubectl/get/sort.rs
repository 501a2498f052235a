//! `--sort-by`. Follows `kubectl/pkg/cmd/get/sorter.go`.

use std::cmp::Ordering;
use std::rc::Rc;

use serde_json::Value;

use crate::api::object::Object;
use crate::api::quantity::Quantity;
use crate::api::time::Epoch;
use crate::kubectl::client;
use crate::kubectl::failure::Failure;
use crate::kubectl::output::columns::relaxed;
use crate::kubectl::output::jsonpath::Path;
use crate::order;

/// Sorts objects by the value at a path; objects without it come first.
///
/// # Errors
/// A path that cannot be read or that no object has.
pub fn by_path(objects: &mut [Rc<Object>], path: &str, epoch: Epoch) -> Result<(), Failure> {
    let text = relaxed(path)?;
    let read = Path::parse(&text).map_err(Failure::Text)?;
    let mut keyed: Vec<(Option<Value>, Rc<Object>)> = Vec::new();
    for object in objects.iter() {
        let document = client::document(object, epoch);
        let found = read.find(&document).map_err(Failure::Text)?.first().map(|value| (*value).clone());
        keyed.push((found, object.clone()));
    }
    if !keyed.is_empty() && keyed.iter().all(|(key, _)| key.is_none()) {
        return Err(Failure::text(format!("couldn't find any field with path \"{text}\" in the list of objects")));
    }
    order::sort_by(&mut keyed, |(a, _), (b, _)| compare(a.as_ref(), b.as_ref()));
    for (slot, (_, object)) in objects.iter_mut().zip(keyed) {
        *slot = object;
    }
    Ok(())
}

fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    // A value of null is none: Events of the scheduler have such times, and come first.
    match (a.filter(|value| !value.is_null()), b.filter(|value| !value.is_null())) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(Value::Number(a)), Some(Value::Number(b))) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        },
        (Some(Value::String(a)), Some(Value::String(b))) => match (Quantity::parse(a), Quantity::parse(b)) {
            (Ok(a), Ok(b)) => a.milli_value().cmp(&b.milli_value()),
            _ => natural(a, b),
        },
        (Some(Value::Bool(a)), Some(Value::Bool(b))) => a.cmp(b),
        (Some(a), Some(b)) => a.to_string().cmp(&b.to_string()),
    }
}

/// Runs of digits count as numbers.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (Some(x), Some(y)) = (left.chars().next(), right.chars().next()) else {
            return left.len().cmp(&right.len());
        };
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let digits = |text: &str| text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
            let (x_end, y_end) = (digits(left), digits(right));
            let (x_number, y_number) = (left[..x_end].trim_start_matches('0'), right[..y_end].trim_start_matches('0'));
            let order = x_number.len().cmp(&y_number.len()).then(x_number.cmp(y_number));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (&left[x_end..], &right[y_end..]);
        } else {
            if x != y {
                return x.cmp(&y);
            }
            (left, right) = (&left[x.len_utf8()..], &right[y.len_utf8()..]);
        }
    }
}
