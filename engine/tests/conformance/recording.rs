//! Reads recordings. It must not know how they are compared.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// The folders of recordings, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the recordings are in the repository")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// The lines of a file of JSON lines.
pub(crate) fn lines(path: &Path) -> Vec<Value> {
    fs::read_to_string(path)
        .unwrap_or_default()
        .lines()
        .map(|line| serde_json::from_str(line).expect("recordings are JSON lines"))
        .collect()
}

/// The namespace of a recording, from its first line.
pub(crate) fn namespace(watch: &[Value]) -> String {
    watch.first().and_then(|line| line["ns"].as_str()).unwrap_or("default").to_owned()
}

/// The watch events without the first line, in the true order.
pub(crate) fn in_order(watch: Vec<Value>) -> Vec<Value> {
    let mut events: Vec<Value> = watch.into_iter().filter(|line| line["type"] != "START").collect();
    events.sort_by_key(|event| event["rv"].as_u64().unwrap_or(0));
    events
}
