//! From a refusal of the API server to a problem in plain words: which rule was broken, and the change that keeps it.
//! The server's own words stay with it. It must not know what else is wrong with the document.

use serde_json::{Map, Value};

use super::part::{Item, Part};
use crate::api::read;
use crate::api::status::{BadValue, FieldError, FieldErrorKind};
use crate::json::json;
use crate::manifest::{CollectionStyle, Node, NodeKind, Problem, Range, Severity, Step};
use crate::manifest::{nearest, node_at, parse_path, scalar_text, shorten};

/// What part of the server's sentence stands for which problem; the first that fits counts.
const SENTENCES: &[(&str, &str)] = &[
    ("updates to statefulset spec", "set-field-fixed"),
    ("pod updates may not", "pod-field-fixed"),
    ("field is immutable", "field-fixed"),
    ("is immutable after creation", "field-fixed"),
    ("does not match template `labels`", "selector-differs"),
    ("empty selector is invalid", "selector-empty"),
    ("must be greater than or equal to 0", "number-negative"),
    ("must be greater than zero", "amount-not-positive"),
    ("must be between ", "number-out-of-bounds"),
    ("must not contain dots", "name-with-dots"),
    ("RFC 1123 label", "name-not-valid"),
    ("RFC 1035 label", "name-not-valid"),
    ("RFC 1123 subdomain", "name-not-valid-dotted"),
    ("a valid label must be", "label-not-valid"),
    ("must be no more than ", "value-too-long"),
    ("may not be more than ", "value-too-long"),
    ("qualified name", "label-key-not-valid"),
    ("name part ", "label-key-not-valid"),
    ("prefix part ", "label-key-not-valid"),
    ("not a valid selector operator", "not-one-of"),
    ("must be '", "not-one-of"),
    ("supported values: ", "not-one-of"),
    ("only allowed for updateStrategy", "rolling-update-idle"),
    ("may not specify more than 1 handler", "second-handler"),
    ("may not specify more than 1 volume type", "second-volume-type"),
    ("must be less than or equal to ", "request-above-limit"),
    ("must be a valid IP address", "not-an-address"),
    ("may not be set to 'None' for ", "headless-conflict"),
    ("minAvailable and maxUnavailable", "budget-both-bounds"),
    ("must contain only alpha-numeric", "port-name-not-valid"),
    ("must contain at least one letter", "port-name-not-valid"),
];

/// Adds the problem of a refusal, or the server's words to a problem that says the same of the same place.
pub(super) fn add(part: &Part, item: &Item, error: &FieldError, live: Option<&Value>, value: &Value, problems: &mut Vec<Problem>) {
    let words = error.to_string();
    let whole = format!("{}{}", item.prefix, error.path);
    if let Some(reason) = problems.iter_mut().find(|problem| follows(error, &whole, problem)) {
        reason.say(&words);
        return;
    }
    for mut problem in of(part, item, error, live, value) {
        problem.say(&words);
        let same = |other: &&mut Problem| {
            other.range == problem.range
                && other.severity == Severity::Error
                && (other.code == problem.code && other.get("path") == problem.get("path") || covers(other.code, problem.code))
        };
        match problems.iter_mut().find(same) {
            Some(other) => other.say(&words),
            None => problems.push(problem),
        }
    }
}

/// Whether a refusal only follows from a problem that is there already.
fn follows(error: &FieldError, path: &str, problem: &Problem) -> bool {
    let theirs = problem.get("path");
    if problem.severity != Severity::Error {
        return false;
    }
    // A selector as a whole is refused for any of its parts.
    let of_its_parts = error.detail.is_empty()
        && error.kind == FieldErrorKind::Invalid
        && theirs.strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', '[']));
    // Labels cannot fit a selector that is not there.
    let no_selector = error.detail.contains("does not match template")
        && theirs.ends_with("spec.selector")
        && matches!(problem.code, "missing-field" | "empty-field");
    // A target port is the port where nothing else is written.
    let target = path.strip_suffix(".targetPort").is_some_and(|port| theirs == format!("{port}.port"));
    // A claim template whose name is refused gives no volume.
    let volume = error.kind == FieldErrorKind::NotFound
        && problem.code.starts_with("name-not-valid")
        && theirs.contains("volumeClaimTemplates")
        && error.value.as_ref().map(plain).as_deref() == Some(problem.get("value"));
    of_its_parts || no_selector || target || volume
}

/// Whether one code says all that another would of the same place.
fn covers(one: &str, other: &str) -> bool {
    match one {
        "not-one-of" | "only-value" => matches!(other, "not-one-of" | "only-value" | "value-not-allowed"),
        "selector-differs" | "label-not-valid" | "value-too-long" => other == "value-not-allowed",
        "name-not-valid" => other == "port-name-not-valid",
        "empty-field" | "missing-field" => matches!(other, "value-not-found" | "number-out-of-bounds"),
        _ => false,
    }
}

/// A warning that the server sends with its consent: `path: words`.
pub(super) fn warning(part: &Part, item: &Item, words: &str) -> Problem {
    let path = words.split_once(": ").map_or("", |(path, _)| path);
    let path = if path.contains(' ') { "" } else { path };
    let problem = if words.contains("negative values are invalid and will be treated as 1") {
        part.at(item, path, "grace-period-negative", Severity::Warning)
    } else if words.contains("retains all historical revisions") {
        part.at(item, path, "history-unlimited", Severity::Warning)
    } else {
        let said = words.strip_prefix(path).map_or(words, |rest| rest.trim_start_matches(": "));
        part.at(item, path, "server-warns", Severity::Warning).arg("words", said)
    };
    problem.arg("api", format!("Warning: {words}"))
}

fn of(part: &Part, item: &Item, error: &FieldError, live: Option<&Value>, value: &Value) -> Vec<Problem> {
    let known = SENTENCES.iter().find(|(words, _)| error.detail.contains(words)).map(|(_, code)| *code);
    let code = match (error.kind, known) {
        (FieldErrorKind::NotFound, _) if error.path.contains("volumeMounts") => "volume-missing",
        (FieldErrorKind::NotFound, _) => "value-not-found",
        (FieldErrorKind::Duplicate, _) => "value-duplicate",
        (FieldErrorKind::Required, _) if exact(part, item, &in_text(part, item, &error.path)) => "empty-field",
        (FieldErrorKind::Required, _) => "missing-field",
        (_, Some(code)) => code,
        (FieldErrorKind::Forbidden, None) => "value-forbidden",
        (FieldErrorKind::TooLong | FieldErrorKind::TooMany, None) => "value-too-long",
        (_, None) => "value-not-allowed",
    };
    if matches!(code, "set-field-fixed" | "pod-field-fixed" | "field-fixed")
        && let Some(live) = live
    {
        let found = fixed_fields(part, item, error, code, live, value);
        if !found.is_empty() {
            return found;
        }
    }
    let mut path = in_text(part, item, &error.path);
    let shown = error.value.as_ref().map_or(String::new(), plain);
    // The server names the map; the value or key stands at one of its entries.
    if let Some(entry) = node_at(&part.document(item).root, &parse_path(&format!("{}{path}", item.prefix)))
        .and_then(|node| node.entries().iter().find(|entry| [entry.key.scalar(), entry.value.scalar()].contains(&Some(&shown))))
        && let Some(key) = entry.key.scalar()
    {
        path = format!("{path}[{key}]");
    }
    let problem = part.at(item, &path, code, Severity::Error);
    let problem = problem.arg("value", shorten(&shown)).arg("detail", sentence(&error.detail));
    vec![match code {
        "number-out-of-bounds" => {
            let bounds: Vec<String> = numbers(&error.detail);
            problem.arg("min", bounds.first().cloned().unwrap_or_default()).arg("max", bounds.get(1).cloned().unwrap_or_default())
        }
        "number-negative" => with_value(part, item, &path, problem, "0"),
        "value-too-long" => problem.arg("limit", numbers(&error.detail).first().cloned().unwrap_or_default()),
        "not-one-of" => {
            let quote = if error.detail.contains('"') { '"' } else { '\'' };
            let mut values: Vec<&str> = error.detail.split(quote).skip(1).step_by(2).collect();
            if values.is_empty() {
                values = vec!["In", "NotIn", "Exists", "DoesNotExist"];
            }
            let mut problem = problem.arg("values", values.join(", "));
            if values.len() == 1 {
                problem.code = "only-value";
            }
            let only = if values.len() == 1 { values.first().copied() } else { None };
            match nearest(&shown, values.iter().copied()).or(only) {
                Some(name) => with_value(part, item, &path, problem, name),
                None => problem,
            }
        }
        "name-with-dots" => with_value(part, item, &path, problem, &scalar_text(&shown.replace('.', "-"))),
        "name-not-valid" | "name-not-valid-dotted" | "port-name-not-valid" => {
            let better = better_name(&shown, code == "name-not-valid-dotted");
            if better.is_empty() { problem } else { with_value(part, item, &path, problem, &scalar_text(&better)) }
        }
        "selector-differs" => selector_differs(part, item, problem),
        "volume-missing" => volume_missing(part, item, &path, problem, &shown),
        "request-above-limit" => {
            let limit = error.detail.rsplit(' ').next().unwrap_or_default().to_owned();
            problem.arg("limit", limit)
        }
        "headless-conflict" => {
            let kind = error.detail.split("for ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
            problem.arg("type", kind)
        }
        _ => problem,
    }]
}

/// Whether all of a path is in the text.
fn exact(part: &Part, item: &Item, path: &str) -> bool {
    part.document(item).locate(&format!("{}{path}", item.prefix)).exact
}

/// The path as the text has it: the server leaves out `requests`, and calls a Service's one address by its list.
fn in_text(part: &Part, item: &Item, path: &str) -> String {
    let exact = |path: &str| exact(part, item, path);
    if let Some((head, rest)) = path.split_once(".resources[") {
        return format!("{head}.resources.requests.{}", rest.trim_end_matches(']'));
    }
    if path == "spec.clusterIPs[0]" && !exact(path) {
        return "spec.clusterIP".to_owned();
    }
    if path == "spec.updateStrategy" && exact("spec.updateStrategy.type") {
        return "spec.updateStrategy.type".to_owned();
    }
    // The volume of a claim template is the controller's own; the template is what the person wrote.
    let template = "spec.volumeClaimTemplates[0].metadata.name";
    if path.starts_with("spec.template.spec.volumes[") && !exact(path) && exact("spec.volumeClaimTemplates[0]") {
        return template.to_owned();
    }
    path.to_owned()
}

/// The fields that may not change and do, one by one, which the server does not tell.
fn fixed_fields(part: &Part, item: &Item, error: &FieldError, code: &'static str, live: &Value, value: &Value) -> Vec<Problem> {
    let mut paths = Vec::new();
    match code {
        "set-field-fixed" => {
            let (before, after) = (&live["spec"], &value["spec"]);
            for key in ["podManagementPolicy", "selector", "serviceName"] {
                let default = if key == "podManagementPolicy" { json!("OrderedReady") } else { Value::Null };
                let after = if after[key].is_null() { &default } else { &after[key] };
                if &before[key] != after {
                    paths.push(format!("spec.{key}"));
                }
            }
            let (old, new) = (read::items(before, &["volumeClaimTemplates"]), read::items(after, &["volumeClaimTemplates"]));
            if old.len() != new.len() {
                paths.push("spec.volumeClaimTemplates".to_owned());
            }
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                differing(old, new, &format!("spec.volumeClaimTemplates[{index}]"), &mut paths);
            }
        }
        "pod-field-fixed" => differing(&live["spec"], &value["spec"], "spec", &mut paths),
        _ => paths.push(error.path.clone()),
    }
    let problem = |path: &String| {
        let before = at(live, path);
        let shown = before.map_or(String::new(), |before| before.as_str().map_or_else(|| before.to_string(), str::to_owned));
        let single = before.filter(|before| !before.is_object() && !before.is_array());
        let code = match code {
            _ if single.is_some() => code,
            "set-field-fixed" => "set-field-changed",
            _ => "field-changed",
        };
        let problem = part.at(item, path, code, Severity::Error).arg("before", shorten(&shown));
        match single {
            Some(before) => with_value(part, item, path, problem, &written(before)),
            _ => problem,
        }
    };
    paths.iter().map(problem).collect()
}

/// A value as it stands in a text.
fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), scalar_text)
}

/// Paths of the text's own leaves that differ from the live ones; what the server added does not count.
fn differing(old: &Value, new: &Value, path: &str, out: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in new {
                if !value.is_null() {
                    differing(old.get(key).unwrap_or(&Value::Null), value, &format!("{path}.{key}"), out);
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                differing(old, new, &format!("{path}[{index}]"), out);
            }
        }
        _ if old != new => out.push(path.to_owned()),
        _ => {}
    }
}

/// The value at a path.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    parse_path(path).iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
    })
}

/// Puts a value in place of the one that is there, where it is a single word.
fn with_value(part: &Part, item: &Item, path: &str, problem: Problem, value: &str) -> Problem {
    let found = part.document(item).locate(&format!("{}{path}", item.prefix));
    let written = found.value.slice(&part.manifest().text);
    if !found.exact || found.value.start == found.value.end || written.contains('\n') || written.starts_with(['{', '[', '*', '&']) {
        return problem;
    }
    problem.fix(found.value, value)
}

/// The labels that the selector asks for, in the template.
fn selector_differs(part: &Part, item: &Item, problem: Problem) -> Problem {
    let wanted = &item.value["spec"]["selector"]["matchLabels"];
    let labels = &item.value["spec"]["template"]["metadata"]["labels"];
    let shown = |map: &Value| match map.as_object() {
        Some(map) if !map.is_empty() => map
            .iter()
            .map(|(key, value)| format!("{key}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
            .collect::<Vec<_>>()
            .join(", "),
        _ => "-".to_owned(),
    };
    let problem = problem.arg("selector", shown(wanted)).arg("labels", shown(labels));
    let Some(wanted) = wanted.as_object() else {
        return problem;
    };
    let Some(labels) = labels.as_object().filter(|labels| !labels.is_empty()) else {
        return labels_missing(part, item, problem, wanted);
    };
    let wrong: Vec<(&String, &Value)> = wanted.iter().filter(|(key, value)| labels.get(*key) != Some(value)).collect();
    match wrong.as_slice() {
        [(key, value)] => {
            let path = format!("spec.template.metadata.labels[{key}]");
            with_value(part, item, &path, problem, &written(value))
        }
        _ => problem,
    }
}

/// The labels that the selector asks for, put into the template.
fn labels_missing(part: &Part, item: &Item, mut problem: Problem, wanted: &Map<String, Value>) -> Problem {
    problem.code = "labels-missing";
    let block = |path: &str| {
        let node = node_at(&part.document(item).root, &parse_path(&format!("{}{path}", item.prefix)))?;
        Some((node.range.start, column_of(node)?))
    };
    let at_metadata = block("spec.template.metadata");
    let Some((at, column)) =
        at_metadata.or_else(|| block("spec.template").filter(|_| item.value["spec"]["template"]["metadata"].is_null()))
    else {
        return problem;
    };
    if exact(part, item, "spec.template.metadata") != at_metadata.is_some() {
        return problem;
    }
    let (head, column) =
        if at_metadata.is_some() { (String::new(), column) } else { (format!("metadata:\n{}", " ".repeat(column + 2)), column + 2) };
    let indent = " ".repeat(column);
    let mut text = format!("{head}labels:\n");
    for (key, value) in wanted {
        text.push_str(&format!("{indent}  {}: {}\n", scalar_text(key), written(value)));
    }
    text.push_str(&" ".repeat(if at_metadata.is_some() { column } else { column - 2 }));
    problem.fix(Range { start: at, end: at }, text)
}

/// Offers a selector to a workload that has none: the labels of its template.
pub(super) fn offer_selector(part: &Part, item: &Item, problems: &mut [Problem]) {
    let path = format!("{}spec.selector", item.prefix);
    let range = part.document(item).range;
    let missing =
        |problem: &&mut Problem| problem.code == "missing-field" && problem.get("path") == path && range.contains(problem.range.start.byte);
    let labels = item.value["spec"]["template"]["metadata"]["labels"].as_object().filter(|labels| !labels.is_empty());
    let spec = node_at(&part.document(item).root, &parse_path(&format!("{}spec", item.prefix)));
    if let (Some(problem), Some(labels), Some((spec, column))) =
        (problems.iter_mut().find(missing), labels, spec.and_then(|spec| Some((spec, column_of(spec)?))))
    {
        let indent = " ".repeat(column);
        let mut text = format!("selector:\n{indent}  matchLabels:\n");
        for (key, value) in labels {
            text.push_str(&format!("{indent}    {}: {}\n", scalar_text(key), written(value)));
        }
        let at = spec.range.start;
        *problem = problem.clone().fix(Range { start: at, end: at }, text + &indent);
    }
}

/// The volumes that are there, and the one that was meant.
fn volume_missing(part: &Part, item: &Item, path: &str, problem: Problem, name: &str) -> Problem {
    let spec = if item.kind == "Pod" { &item.value["spec"] } else { &item.value["spec"]["template"]["spec"] };
    let volumes = read::items(spec, &["volumes"]).iter().filter_map(|volume| volume["name"].as_str());
    let claims = read::items(&item.value, &["spec", "volumeClaimTemplates"]).iter().filter_map(|claim| claim["metadata"]["name"].as_str());
    let known: Vec<&str> = claims.chain(volumes).collect();
    let meant = nearest(name, known.iter().copied()).or(if known.len() == 1 { known.first().copied() } else { None });
    let mut problem = problem.arg("known", known.join(", "));
    if known.is_empty() {
        problem.code = "volume-none";
    }
    match meant {
        Some(meant) => with_value(part, item, path, problem, &scalar_text(meant)),
        None => problem,
    }
}

/// A name that keeps the rules and looks like this one.
fn better_name(name: &str, dots: bool) -> String {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || dots && c == '.';
    let better: String = name.to_lowercase().chars().map(|c| if allowed(c) { c } else { '-' }).collect();
    better.trim_matches(['-', '.']).to_owned()
}

/// The value as a person wrote it, without Go's quotes.
fn plain(value: &BadValue) -> String {
    match value {
        BadValue::Json(Value::String(text)) => text.clone(),
        other => other.to_string(),
    }
}

/// The server's detail as the end of a sentence.
fn sentence(detail: &str) -> String {
    detail.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}

/// The whole numbers in a text.
fn numbers(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The indentation of a node's line, and where its line ends: to put something behind it.
pub(super) fn end_of(node: &Node) -> Range {
    Range { start: node.range.end, end: node.range.end }
}

/// The column (from 0) at which a block mapping's keys stand.
pub(super) fn column_of(node: &Node) -> Option<usize> {
    match &node.kind {
        NodeKind::Mapping { entries, style: CollectionStyle::Block } => Some(entries.first()?.key.range.start.column - 1),
        _ => None,
    }
}
