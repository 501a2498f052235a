//! A live object as `kubectl get -o yaml` prints it, line by line, each with where it comes from: written by the person, added by
//! the server, or kept for field management. It must not know colours.

use serde_json::Value;

use crate::api::quantity::Quantity;
use crate::kubectl::output::yaml;
use crate::manifest::{Node, parse};

/// Where a line of a live object comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The text says the same.
    Written,
    /// The text says something else.
    Differs,
    /// The server or a controller added it.
    Added,
    /// Bookkeeping of who set which field.
    Managed,
}

/// A line of a live object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveLine {
    /// Its words.
    pub text: String,
    /// Where they come from.
    pub origin: Origin,
}

/// The lines of a live object beside what the person wrote of it.
#[must_use]
pub fn live_lines(live: &Value, written: &Value) -> Vec<LiveLine> {
    let text = yaml::document(live);
    let manifest = parse(&text);
    let mut origins = vec![Origin::Written; manifest.lines.count()];
    if let Some(document) = manifest.documents.first() {
        mark(&document.root, live, Some(written), &mut origins);
        let managed = document.locate("metadata.managedFields");
        if let (true, Some(key)) = (managed.exact, managed.key) {
            paint(&mut origins, key.start.line, managed.value.end.line, Origin::Managed);
        }
    }
    text.lines().zip(origins).map(|(text, origin)| LiveLine { text: text.to_owned(), origin }).collect()
}

fn paint(origins: &mut [Origin], first: usize, last: usize, origin: Origin) {
    let count = origins.len();
    for place in &mut origins[(first - 1).min(count)..last.min(count)] {
        *place = origin;
    }
}

fn mark(node: &Node, live: &Value, written: Option<&Value>, origins: &mut [Origin]) {
    match live {
        Value::Object(map) => {
            for entry in node.entries() {
                let Some(key) = entry.key.scalar() else {
                    continue;
                };
                let theirs = written.and_then(|written| written.get(key)).filter(|value| !value.is_null());
                let (first, last) = (entry.key.range.start.line, entry.value.range.end.line);
                let Some(value) = map.get(key) else {
                    continue;
                };
                match theirs {
                    None => paint(origins, first, last, Origin::Added),
                    Some(theirs) if value.is_object() || value.is_array() => mark(&entry.value, value, Some(theirs), origins),
                    Some(theirs) if theirs != value && !same_amount(theirs, value) => paint(origins, first, last, Origin::Differs),
                    Some(_) => {}
                }
            }
        }
        Value::Array(items) => {
            for (index, (item, value)) in node.items().iter().zip(items).enumerate() {
                match written.and_then(|written| partner(written, value, index)) {
                    None => paint(origins, item.range.start.line, item.range.end.line, Origin::Added),
                    Some(theirs) if value.is_object() => mark(item, value, Some(theirs), origins),
                    Some(theirs) if theirs != value => paint(origins, item.range.start.line, item.range.end.line, Origin::Differs),
                    Some(_) => {}
                }
            }
        }
        _ => {}
    }
}

/// The element of the written list that a live one came from: of the same name, else in the same place.
fn partner<'v>(written: &'v Value, live: &Value, index: usize) -> Option<&'v Value> {
    let list = written.as_array()?;
    match live.get("name") {
        Some(name) => list.iter().find(|item| item.get("name") == Some(name)),
        None => list.get(index),
    }
}

/// Amounts and texts that the server writes in its own form.
fn same_amount(one: &Value, other: &Value) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (one, other) = (text(one), text(other));
    let amount = |text: &str| Quantity::parse(text).ok().map(Quantity::milli_value);
    one == other || amount(&one).is_some_and(|one| Some(one) == amount(&other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    #[test]
    fn lines_tell_who_wrote_them() {
        let live = json!({
            "kind": "StatefulSet",
            "metadata": {"name": "web", "uid": "1", "managedFields": [{"manager": "kubectl"}]},
            "spec": {"replicas": 3, "list": [{"name": "a", "x": 1}, {"name": "b"}]},
        });
        let written = json!({"kind": "StatefulSet", "metadata": {"name": "web"}, "spec": {"replicas": 2, "list": [{"name": "a"}]}});
        let lines = live_lines(&live, &written);
        let of = |origin| lines.iter().filter(|line| line.origin == origin).map(|line| line.text.trim()).collect::<Vec<_>>();
        assert_eq!(of(Origin::Added), ["uid: \"1\"", "x: 1", "- name: b"]);
        assert_eq!(of(Origin::Differs), ["replicas: 3"]);
        assert_eq!(of(Origin::Managed), ["managedFields:", "- manager: kubectl"]);
    }
}
