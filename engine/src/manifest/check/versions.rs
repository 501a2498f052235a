//! Which kind a document is: API versions that are gone, misspelt kinds, kinds of extensions.

use serde_json::Value;

use super::Checker;
use super::similar::nearest;
use crate::api::kind::{KINDS, Kind};
use crate::manifest::position::Range;
use crate::manifest::problem::{Problem, Severity};
use crate::schema;

/// API versions that Kubernetes served once, and the release in which it stopped.
const REMOVED: [(&str, &str); 16] = [
    ("apps/v1alpha1", "1.6"),
    ("apps/v1beta1", "1.16"),
    ("apps/v1beta2", "1.16"),
    ("autoscaling/v2beta1", "1.25"),
    ("autoscaling/v2beta2", "1.26"),
    ("batch/v1beta1", "1.25"),
    ("batch/v2alpha1", "1.21"),
    ("discovery.k8s.io/v1beta1", "1.25"),
    ("extensions/v1beta1", "1.22"),
    ("networking.k8s.io/v1beta1", "1.22"),
    ("policy/v1beta1", "1.25"),
    ("rbac.authorization.k8s.io/v1alpha1", "1.22"),
    ("rbac.authorization.k8s.io/v1beta1", "1.22"),
    ("scheduling.k8s.io/v1beta1", "1.22"),
    ("storage.k8s.io/v1alpha1", "1.22"),
    ("storage.k8s.io/v1beta1", "1.22"),
];

/// The kind of `value`; where its version is wrong but its name known, the kind that it must have meant.
pub(super) fn kind(checker: &Checker<'_>, value: &Value, out: &mut Vec<Problem>) -> Option<Kind> {
    let api_version = word(checker, value, "apiVersion", ["api-version-missing", "api-version-not-text"], out);
    let kind = word(checker, value, "kind", ["kind-missing", "kind-not-text"], out);
    let (api_version, kind) = match (api_version, kind) {
        (Some(api_version), Some(kind)) => (api_version, kind),
        // With one of the two missing, the fields are still checked as what it seems to be.
        (None, Some(kind)) => return Kind::by_name(kind),
        _ => return None,
    };
    if let Some(found) = Kind::of(api_version, kind) {
        return Some(found);
    }
    let place = checker.locate("apiVersion").value;
    if api_version.matches('/').count() > 1 {
        let problem = checker
            .problem_in("api-version-malformed", place)
            .arg("api-version", api_version)
            .arg("api", format!("unexpected GroupVersion string: {api_version}"));
        out.push(with_instead(problem, place, Kind::by_name(kind)));
        return Kind::by_name(kind);
    }
    let api = schema::no_match(api_version, kind);
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let ours = group.is_empty() || !group.contains('.') || group.ends_with(".k8s.io") && KINDS.iter().any(|info| info.group == group);
    if !ours {
        let problem = checker.problem_in("custom-kind", place).arg("kind", kind).arg("group", group);
        out.push(problem.arg("api", api));
        return None;
    }
    if let Some(known) = Kind::by_name(kind) {
        let removed = REMOVED.iter().find(|(version, _)| *version == api_version);
        let problem = match removed {
            Some((_, release)) => checker.problem_in("old-api-version", place).arg("release", *release),
            None => checker.problem_in("wrong-api-version", place),
        };
        let problem = problem.arg("api-version", api_version).arg("kind", kind).arg("api", api);
        out.push(with_instead(problem, place, Some(known)));
        return Some(known);
    }
    let place = checker.locate("kind").value;
    let similar = nearest(kind, KINDS.iter().map(|info| info.name)).and_then(Kind::by_name);
    let problem = match similar {
        Some(known) => checker.problem_in("unknown-kind-similar", place).arg("similar", known.name()).fix(place, known.name()),
        None => checker.problem_in("unknown-kind", place),
    };
    out.push(problem.arg("kind", kind).arg("api-version", api_version).arg("api", api));
    similar
}

fn with_instead(problem: Problem, place: Range, known: Option<Kind>) -> Problem {
    match known {
        Some(known) => problem.arg("instead", known.api_version()).fix(place, known.api_version()),
        None => problem.arg("instead", "apps/v1"),
    }
}

/// The text of a top-level field that must be there; `codes` for missing and for not a text.
fn word<'v>(checker: &Checker<'_>, value: &'v Value, field: &str, codes: [&'static str; 2], out: &mut Vec<Problem>) -> Option<&'v str> {
    let api = |words: &str| format!("{field} {words}");
    match &value[field] {
        Value::String(text) => Some(text),
        Value::Null => {
            let whole = checker.locate("").value;
            let mut problem = checker.severe(codes[0], Severity::Error, whole).arg("api", api("not set"));
            let known = value["kind"].as_str().and_then(Kind::by_name);
            if let (Some(known), "apiVersion") = (known, field) {
                problem = problem.arg("instead", known.api_version());
                let block = !whole.slice(checker.text).starts_with('{');
                if block && value.get(field).is_none() {
                    let at = Range { start: whole.start, end: whole.start };
                    let indent = " ".repeat(whole.start.column - 1);
                    problem = problem.fix(at, format!("apiVersion: {}\n{indent}", known.api_version()));
                }
            } else {
                problem = problem.arg("instead", "apps/v1");
            }
            out.push(problem);
            None
        }
        _ => {
            let place = checker.locate(field).value;
            out.push(checker.problem_in(codes[1], place).arg("api", api("isn't string type")));
            None
        }
    }
}
