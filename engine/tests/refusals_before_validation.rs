//! What kubectl and the API server print for manifests that are not YAML, not objects, or do not fit the structure,
//! compared with recordings of 1.36. Refusals that come from validation belong to `api::validation`.

use serde_json::Value;
use statefulset_engine::api::kind::Kind;
use statefulset_engine::manifest::parse;
use statefulset_engine::schema;

/// The standard error of `kubectl apply -f FILE`, as far as reading and decoding decide it.
fn predicted(text: &str, file: &str) -> String {
    let manifest = parse(text);
    let mut errors = Vec::new();
    for document in manifest.applied() {
        let named = document.name.is_some();
        if let Some(error) = schema::client_refusal(&document.value, file) {
            errors.push(error);
        } else if let (Some(api_version), Some(kind), true) = (&document.api_version, &document.kind, named)
            && let Some(kind) = Kind::of(api_version, kind)
            && let Some(words) = schema::bad_request(&document.value, kind)
        {
            errors.push(format!("Error from server (BadRequest): error when creating \"{file}\": {words}"));
        }
    }
    errors.extend(manifest.kubectl_error(file));
    errors.join("\n")
}

fn is_ours(stderr: &str) -> bool {
    ["error parsing", "error validating", "unable to decode", "no matches for kind", "cannot be handled as"]
        .iter()
        .any(|words| stderr.contains(words))
}

fn recorded(lines: &str) -> Vec<(String, String, String)> {
    lines
        .lines()
        .filter_map(|line| {
            let line: Value = serde_json::from_str(line).ok()?;
            Some((line["id"].as_str()?.to_owned(), line["manifest"].as_str()?.to_owned(), line["apply"]["stderr"].as_str()?.to_owned()))
        })
        .collect()
}

#[test]
fn refusals_before_validation_are_worded_as_recorded() {
    let lines = recorded(include_str!("../../tests/conformance/refusals/create.jsonl"));
    assert_eq!(lines.len(), 120, "the recording is complete");
    let mut ours = 0;
    let mut wrong = Vec::new();
    for (id, manifest, stderr) in &lines {
        let predicted = predicted(manifest, &format!("{id}.yaml"));
        if is_ours(stderr) {
            ours += 1;
            if predicted != stderr.trim_end() {
                wrong.push(format!("{id}\n  {predicted}\n  {stderr}"));
            }
        } else if !predicted.is_empty() {
            wrong.push(format!("{id} is not refused before validation\n  {predicted}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {ours}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(ours, 42, "recorded refusals of reading and decoding");
}

#[test]
fn updates_are_refused_before_validation_only_where_recorded() {
    for (id, manifest, stderr) in recorded(include_str!("../../tests/conformance/refusals/update.jsonl")) {
        if !is_ours(&stderr) {
            assert_eq!(predicted(&manifest, &format!("{id}.yaml")), "", "{id}");
        }
    }
}

#[test]
fn documents_before_a_syntax_error_are_still_applied() {
    let text = "apiVersion: v1\nkind: Service\n---\na: \"1\"\n\tb: 2\n---\nkind: Pod\n";
    let manifest = parse(text);
    assert_eq!(manifest.documents.len(), 3, "the third is checked as well");
    assert_eq!(manifest.applied().len(), 1);
    assert_eq!(
        manifest.kubectl_error("x.yaml").as_deref(),
        Some("error: error parsing x.yaml: error converting YAML to JSON: yaml: line 2: found character that cannot start any token")
    );
}
