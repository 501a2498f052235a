//! Writes `engine/src/schema/data/structure.txt`: the structure of the kinds in `kinds.txt`, from the published OpenAPI
//! definitions of Kubernetes, with what those leave out from `additions.txt`.
//!
//! The definitions come from the PyPI package `kubernetes-validate`:
//! `pip download --no-deps kubernetes-validate==1.37.0`, unpack the wheel, then
//! `cargo run -p statefulset-engine --example generate_schema -- kubernetes_validate/kubernetes-json-schema/v1.36.0-local engine/src/schema/data`.
//! With a file's name as a third argument it also writes the descriptions there, with what `texts.txt` adds; the form is
//! explained in `engine/src/schema/descriptions.rs`. The page fetches `static/schema/descriptions-1.36.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

const KINDS: &str = include_str!("kinds.txt");
const ADDITIONS: &str = include_str!("additions.txt");
const TEXTS: &str = include_str!("texts.txt");

/// Definitions that are scalars or free-form in Go, by the letter they get in the data.
const SPECIAL: [(&str, &str); 6] = [
    ("io.k8s.apimachinery.pkg.api.resource.Quantity", "q"),
    ("io.k8s.apimachinery.pkg.util.intstr.IntOrString", "o"),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.Time", "t"),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime", "u"),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1", "x"),
    ("io.k8s.apimachinery.pkg.runtime.RawExtension", "x"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (Some(source), Some(target)) = (args.first(), args.get(1)) else {
        return Err("usage: generate_schema DEFINITIONS_FOLDER TARGET_FOLDER [DESCRIPTIONS_FILE]".into());
    };
    let text = std::fs::read_to_string(Path::new(source).join("_definitions.json"))?;
    let all: Value = serde_json::from_str(&text)?;
    let definitions = all.get("$defs").and_then(Value::as_object).ok_or("no $defs in _definitions.json")?;
    let release = Path::new(source).file_name().map(|name| name.to_string_lossy().replace("-local", "")).unwrap_or_default();

    let kinds: Vec<Vec<&str>> = lines(KINDS).map(|line| line.split(' ').collect()).collect();
    let additions: BTreeMap<&str, &str> = lines(ADDITIONS).filter_map(|line| line.split_once(' ')).collect();

    let mut reachable = BTreeSet::new();
    for kind in &kinds {
        reach(definitions, kind[1], &mut reachable);
    }
    let index: BTreeMap<&str, usize> = reachable.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();

    let mut used = BTreeSet::new();
    let mut out = format!(
        "# The structure of Kubernetes {release}, from the OpenAPI definitions in the PyPI package kubernetes-validate 1.37.0.\n\
         # Written by engine/examples/generate_schema; do not edit. The form is explained in engine/src/schema/load.rs.\n"
    );
    for kind in &kinds {
        writeln!(out, "K {} {}", kind[0], index[kind[1]])?;
    }
    let mut descriptions = String::new();
    for (name, _) in SPECIAL {
        describe(&mut descriptions, &format!("@{name}"), "", &definitions[name]);
    }
    for name in &reachable {
        let mut parts: Vec<&str> = name.split('.').collect();
        let short = parts.pop().unwrap_or_default();
        let package = parts.pop().unwrap_or_default();
        let definition = &definitions[name.as_str()];
        writeln!(out, "T {package} {short} {name}")?;
        describe(&mut descriptions, &format!("@{name}"), "", definition);
        let required: Vec<&str> =
            definition["required"].as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
        let empty = serde_json::Map::new();
        for (field, schema) in definition["properties"].as_object().unwrap_or(&empty) {
            let key = format!("{short}.{field}");
            let mark = if required.contains(&field.as_str()) { "!" } else { "" };
            write!(out, "{field}{mark} {}", code(schema, &index))?;
            for (name, from) in [
                ("key", "x-kubernetes-patch-merge-key"),
                ("patch", "x-kubernetes-patch-strategy"),
                ("list", "x-kubernetes-list-type"),
                ("map", "x-kubernetes-map-type"),
            ] {
                if let Some(value) = schema[from].as_str() {
                    write!(out, " {name}={value}")?;
                }
            }
            if let Some(keys) = schema["x-kubernetes-list-map-keys"].as_array() {
                let keys: Vec<&str> = keys.iter().filter_map(Value::as_str).collect();
                write!(out, " keys={}", keys.join("|"))?;
            }
            if let Some((key, addition)) = additions.get_key_value(key.as_str()) {
                used.insert(*key);
                write!(out, " {addition}")?;
            }
            writeln!(out)?;
            describe(&mut descriptions, field, &enumeration(additions.get(key.as_str()).copied().unwrap_or("")), schema);
        }
    }
    if let Some(key) = additions.keys().find(|key| !used.contains(*key)) {
        return Err(format!("additions.txt: no field {key}").into());
    }
    std::fs::write(Path::new(target).join("structure.txt"), &out)?;
    println!("{} types, {} bytes", reachable.len(), out.len());
    if let Some(file) = args.get(2) {
        std::fs::write(file, &descriptions)?;
        println!("descriptions: {} bytes", descriptions.len());
    }
    Ok(())
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Writes a line of the descriptions: what it is of, a tabulator, and the text, where there is one.
fn describe(out: &mut String, of: &str, more: &str, schema: &Value) {
    let special =
        lines(TEXTS).find_map(|line| line.strip_prefix('@')?.split_once(' ').filter(|(name, _)| of.ends_with(&format!(".{name}"))));
    let text = schema["description"].as_str().map(|text| text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t"));
    let text = text.or_else(|| special.map(|(_, text)| text.to_owned())).unwrap_or_default();
    if of.starts_with('@') || !text.is_empty() || !more.is_empty() {
        let _ = writeln!(out, "{of}\t{text}{more}");
    }
}

/// The list of an enumeration's values that the API server puts at the end of a field's description.
fn enumeration(addition: &str) -> String {
    let word = |key: &str| addition.split(' ').find_map(|word| word.strip_prefix(key));
    let (Some(values), Some(go)) = (word("enum="), word("go=")) else { return String::new() };
    if go.starts_with('[') {
        return String::new();
    }
    let go = go.strip_prefix("v1.").unwrap_or(go);
    let mut values: Vec<&str> = values.split('|').collect();
    values.sort_unstable();
    values.iter().fold("\\n\\nPossible enum values:".to_owned(), |mut out, value| {
        let text = lines(TEXTS).find_map(|line| line.strip_prefix(go)?.strip_prefix(' ')?.strip_prefix(value)?.strip_prefix(' '));
        let _ = write!(out, "\\n - `\"{value}\"`{}{}", if text.is_some() { " " } else { "" }, text.unwrap_or_default());
        out
    })
}

fn target(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// Collects `name` and every definition below it that has fields.
fn reach(definitions: &serde_json::Map<String, Value>, name: &str, out: &mut BTreeSet<String>) {
    if SPECIAL.iter().any(|(special, _)| *special == name) || !out.insert(name.to_owned()) {
        return;
    }
    let mut open: Vec<&Value> = definitions[name]["properties"].as_object().map(|fields| fields.values().collect()).unwrap_or_default();
    while let Some(schema) = open.pop() {
        if let Some(name) = target(schema) {
            reach(definitions, name, out);
        }
        open.extend(["items", "additionalProperties"].iter().filter_map(|key| schema.get(*key)));
    }
}

/// The letter of a type: see `engine/src/schema/load.rs`.
fn code(schema: &Value, index: &BTreeMap<&str, usize>) -> String {
    if let Some(name) = target(schema) {
        return match SPECIAL.iter().find(|(special, _)| *special == name) {
            Some((_, letter)) => (*letter).to_owned(),
            None => format!("@{}", index[name]),
        };
    }
    let types = &schema["type"];
    let name = types.as_str().or_else(|| types.as_array()?.iter().filter_map(Value::as_str).find(|t| *t != "null")).unwrap_or("");
    let letter = match (name, schema["format"].as_str()) {
        ("string", Some("byte")) => "y",
        ("string", _) => "s",
        ("integer", Some("int64")) => "l",
        ("integer", _) => "i",
        ("number", _) => "n",
        ("boolean", _) => "b",
        ("array", _) => return format!("[{}", code(&schema["items"], index)),
        ("object", _) if schema.get("additionalProperties").is_some() => {
            return format!("{{{}", code(&schema["additionalProperties"], index));
        }
        _ => "x",
    };
    letter.to_owned()
}
