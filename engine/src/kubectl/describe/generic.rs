//! Kinds without a description of their own: every field, its name in words. Follows `genericDescriber` and
//! `printUnstructuredContent`.

use serde_json::Value;

use crate::api::object::Object;
use crate::api::read;
use crate::cluster::World;
use crate::kubectl::output::jsonpath::go_text;

use super::sheet::Sheet;

pub(super) fn describe(sheet: &mut Sheet, object: &Object, world: &World) {
    let document = object.to_value(world.settings.epoch);
    sheet.field(0, "Name", &object.meta.name);
    sheet.field(0, "Namespace", &object.meta.namespace);
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    content(sheet, 0, &document, "");
}

/// Said above already, or of no use.
const SKIPPED: &[&str] = &[
    ".metadata.name",
    ".metadata.namespace",
    ".metadata.labels",
    ".metadata.annotations",
    ".metadata.managedFields",
    ".metadata.selfLink",
];

fn content(sheet: &mut Sheet, level: usize, value: &Value, path: &str) {
    let Some(map) = value.as_object() else { return };
    for (key, value) in map {
        let place = format!("{path}.{key}");
        if SKIPPED.contains(&place.as_str()) {
            continue;
        }
        match value {
            Value::Object(_) => {
                sheet.line(level, &format!("{}:", words(key)));
                content(sheet, level + 1, value, &place);
            }
            Value::Array(items) => {
                sheet.line(level, &format!("{}:", words(key)));
                for item in items {
                    match item {
                        Value::Object(_) => content(sheet, level + 1, item, &place),
                        other => sheet.line(level + 1, &go_text(other)),
                    }
                }
            }
            other => sheet.field(level, &words(key), go_text(other)),
        }
    }
}

/// `imagePullPolicy` as `Image Pull Policy`.
fn words(key: &str) -> String {
    // Keys that a person chose, such as those of labels, stay as they are.
    if key.contains(|character: char| !character.is_alphabetic() && character != '-') {
        return key.to_owned();
    }
    if key.eq_ignore_ascii_case("uid") {
        return "UID".to_owned();
    }
    if key.eq_ignore_ascii_case("apiversion") {
        return "API Version".to_owned();
    }
    let characters: Vec<char> = key.chars().collect();
    let mut out = String::new();
    for (index, character) in characters.iter().enumerate() {
        let upper = character.is_ascii_uppercase();
        let before_lower = index > 0 && !characters[index - 1].is_ascii_uppercase();
        let next_lower = characters.get(index + 1).is_some_and(|next| next.is_ascii_lowercase());
        if index > 0 && upper && (before_lower || next_lower) {
            out.push(' ');
        }
        if index == 0 { out.push(character.to_ascii_uppercase()) } else { out.push(*character) }
    }
    out
}

pub(super) fn service_account(sheet: &mut Sheet, object: &Object) {
    head(sheet, object);
    for title in ["Image pull secrets", "Mountable secrets", "Tokens"] {
        sheet.field(0, title, "<none>");
    }
}

pub(super) fn config_map(sheet: &mut Sheet, object: &Object, document: &Value) {
    head(sheet, object);
    sheet.line(0, "\nData\n====");
    for (key, value) in document.get("data").and_then(Value::as_object).into_iter().flatten() {
        sheet.line(0, &format!("{key}:\n----\n{}\n", value.as_str().unwrap_or_default()));
    }
    sheet.line(0, "\nBinaryData\n====");
    for (key, value) in document.get("binaryData").and_then(Value::as_object).into_iter().flatten() {
        sheet.line(0, &format!("{key}: {} bytes", decoded_bytes(value.as_str().unwrap_or_default())));
    }
    sheet.line(0, "");
}

pub(super) fn secret(sheet: &mut Sheet, object: &Object, document: &Value) {
    head(sheet, object);
    sheet.line(0, &format!("\nType:  {}\n\nData\n====", read::string(document, &["type"]).unwrap_or("Opaque")));
    for (key, value) in document.get("data").and_then(Value::as_object).into_iter().flatten() {
        sheet.field(0, key, format!("{} bytes", decoded_bytes(value.as_str().unwrap_or_default())));
    }
}

/// How many bytes a text in base64 stands for.
fn decoded_bytes(text: &str) -> usize {
    let whole = text.len() / 4 * 3;
    whole - text.bytes().rev().take_while(|byte| *byte == b'=').count().min(whole)
}

fn head(sheet: &mut Sheet, object: &Object) {
    sheet.field(0, "Name", &object.meta.name);
    sheet.field(0, "Namespace", &object.meta.namespace);
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
}
