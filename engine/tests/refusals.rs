//! What the real API server refused, and what it let pass: each recorded manifest must meet the same answer here, to the letter.
//!
//! The recordings (`tests/conformance/refusals`) hold what kubectl printed. A refusal belongs to one of four places; only
//! validation's are compared here. What YAML and decoding refuse is compared in `refusals_before_validation.rs`; the rest is
//! kubectl's and the store's.

use serde_json::Value;
use statefulset_engine::api::status::Status;
use statefulset_engine::api::{defaults, validation};
use statefulset_engine::manifest;
use std::collections::BTreeMap;
use std::path::Path;

/// Who gives an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Validation,
    Decoding,
    Kubectl,
    Store,
}

struct Case {
    id: String,
    manifest: String,
    owner: Owner,
    /// What kubectl printed for the refusal (empty: accepted), warnings included.
    expected: String,
}

fn recording(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/refusals");
    std::fs::read_to_string(folder.join(file)).expect("the recordings are in the repository")
}

fn cases(file: &str) -> Vec<Case> {
    recording(file).lines().map(|line| case(&serde_json::from_str(line).expect("a line is one recording"))).collect()
}

fn case(recording: &Value) -> Case {
    let text = |key: &str| recording[key].as_str().unwrap_or("").to_owned();
    let stderr = |command: &str| recording[command]["stderr"].as_str().map(|text| text.trim_end().to_owned());
    let apply = stderr("apply").expect("every recording applies");
    // Unknown fields are decoding's; with --validate=false they are dropped, and validation is heard.
    let heard = if apply.contains("strict decoding error") {
        stderr("apply_validate_false").unwrap_or_default()
    } else if apply.starts_with("error: ") {
        stderr("create_dry_run_server").unwrap_or_default()
    } else {
        apply
    };
    let owner = match heard.as_str() {
        text if text.starts_with("The ") || text.starts_with("Warning: ") || text.is_empty() => Owner::Validation,
        text if text.contains("cannot be handled as") || text.contains("cannot unmarshal") => Owner::Decoding,
        text if text.starts_with("error: ") || text.contains("error parsing") || text.contains("no matches for kind") => Owner::Kubectl,
        _ => Owner::Store,
    };
    Case { id: text("id"), manifest: text("manifest"), owner, expected: heard }
}

fn documents(text: &str) -> Vec<Value> {
    manifest::parse(text).applied().iter().map(|document| document.value.clone()).collect()
}

/// Group, kind and name of an object; a generated name is the recorded one.
fn identity(object: &Value) -> (String, String, String) {
    let part = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or("").to_owned();
    let version = part("/apiVersion");
    let group = version.split_once('/').map_or("", |(group, _)| group).to_owned();
    let mut name = part("/metadata/name");
    if name.is_empty() && !part("/metadata/generateName").is_empty() {
        name = part("/metadata/generateName") + "qx2mf";
    }
    (group, part("/kind"), name)
}

/// What would be printed for a new object, or for a change of `old`.
fn answer(mut object: Value, old: Option<&Value>) -> String {
    let (group, kind, name) = identity(&object);
    if !name.is_empty() {
        object["metadata"]["name"] = Value::String(name.clone());
    }
    defaults::apply(&kind, &mut object);
    let errors = match old {
        None => validation::validate_create(&kind, &object),
        Some(old) => validation::validate_update(&kind, old, &object),
    };
    if !errors.is_empty() {
        return Status::invalid(&group, &kind, &name, &errors).kubectl_text();
    }
    let warnings: Vec<String> = validation::warnings(&kind, &object).iter().map(|warning| format!("Warning: {warning}")).collect();
    warnings.join("\n")
}

/// Compares the validation cases and returns how many there are, with those that differ.
fn compare(file: &str, base: &BTreeMap<String, Value>) -> (usize, Vec<String>) {
    let cases = cases(file);
    let mut owners: BTreeMap<Owner, usize> = BTreeMap::new();
    let mut different = Vec::new();
    for case in &cases {
        *owners.entry(case.owner).or_default() += 1;
        if case.owner != Owner::Validation {
            continue;
        }
        let answers = documents(&case.manifest).into_iter().map(|object| {
            let old = base.get(&identity(&object).1);
            answer(object, old)
        });
        let found = answers.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
        if found != case.expected {
            println!("{}\n  real: {}\n  ours: {found}", case.id, case.expected);
            different.push(case.id.clone());
        }
    }
    let compared = owners.get(&Owner::Validation).copied().unwrap_or(0);
    println!("{file}: {} of {compared} validation answers equal; all answers by owner: {owners:?}", compared - different.len());
    (compared, different)
}

#[test]
fn new_objects_meet_the_real_answers() {
    let (compared, different) = compare("create.jsonl", &BTreeMap::new());
    assert_eq!(different, [""; 0]);
    assert!(compared > 70, "only {compared} cases were compared");
}

#[test]
fn changes_meet_the_real_answers() {
    let base = documents(&recording("update-base.yaml")).into_iter().map(|mut object| {
        let kind = identity(&object).1;
        defaults::apply(&kind, &mut object);
        (kind, object)
    });
    let (compared, different) = compare("update.jsonl", &base.collect());
    assert_eq!(different, [""; 0]);
    assert_eq!(compared, 15);
}
