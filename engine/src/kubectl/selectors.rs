//! Selectors as kubectl prints them. It must not know what they select.

use crate::sorted::SortedMap;

use serde_json::Value;

use crate::api::labels::format_label_selector;
use crate::api::metadata::Text;

/// `app=nginx,tier=web`.
pub fn of_labels(labels: &SortedMap<Text, Text>) -> String {
    labels.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
}

/// The selector of a spec; `<none>` where there is none.
pub fn of_spec(spec: &Value) -> String {
    format_label_selector(spec.get("selector"))
}

/// A `metav1.LabelSelector`.
pub fn of_selector(selector: Option<&Value>) -> String {
    format_label_selector(selector)
}
