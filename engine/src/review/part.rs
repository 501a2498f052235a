//! One document of a text, read once and remembered: its tree, and the problems that need no other document. Their places are
//! counted from the document's start. It must not know what stands around it, apart from the live object of its name.

use serde_json::Value;

use super::{Surroundings, refusal, surprises};
use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::read;
use crate::api::status::FieldError;
use crate::api::{defaults, validation};
use crate::kubectl::apply;
use crate::manifest::{Document, Manifest, Problem, Range, Severity, Step, check, parse, parse_path};
use crate::order;
use crate::schema;

/// Objects of one `List` whose values are judged.
const LIST_ITEMS_MAX: usize = 200;

/// Codes of structure that validation has the last word on: what it does not refuse is no error.
const UNSURE: [&str; 3] = ["empty-field", "missing-field", "not-one-of"];

/// A document with what is wrong with it.
pub(super) struct Part {
    manifest: Manifest,
    /// Form and structure.
    structure: Vec<Problem>,
    /// All of it, values included.
    problems: Vec<Problem>,
    /// The objects in it.
    pub(super) objects: Vec<Item>,
    judged: Option<Judged>,
}

/// An object of a document: the document itself, or an element of a `List`.
pub(super) struct Item {
    /// Which document of the part.
    document: usize,
    /// Its path within the document, with the dot behind it; empty for the document itself.
    pub(super) prefix: String,
    /// What it says.
    pub(super) value: Value,
    /// Its kind in the schema, also where only its version is wrong.
    pub(super) kind: &'static str,
    /// Whether its structure is right.
    pub(super) sound: bool,
}

/// Beside what the values were judged: the namespace, and the versions of the live objects of the part's names.
type Judged = (String, Vec<Option<u64>>);

impl Part {
    /// Reads a document.
    pub(super) fn read(text: &str) -> Self {
        let manifest = parse(text);
        let mut structure = check(&manifest);
        for problem in &mut structure {
            // Whether the server would say so is for validation to tell, and what kubectl says comes before it.
            if UNSURE.contains(&problem.code) {
                problem.unsay();
            } else if problem.code == "name-missing" {
                problem.unsay();
                problem.say("resource name may not be empty");
            }
        }
        // What kubectl says where it cannot read the text belongs to the first reason for it.
        let words: Vec<Option<&str>> = manifest.documents.iter().map(|document| document.refusal.as_deref()).collect();
        let mut said = vec![false; words.len()];
        for mut problem in manifest.problems.iter().cloned() {
            let at = problem.range.start.byte;
            let inside = manifest.documents.iter().position(|document| document.range.contains(at)).unwrap_or(0);
            if problem.severity == Severity::Error
                && let Some(Some(words)) = words.get(inside)
                && !std::mem::replace(&mut said[inside], true)
            {
                problem = problem.arg("api", *words);
            }
            structure.push(problem);
        }
        separator_missing(&manifest, &mut structure);
        let mut objects = Vec::new();
        for (index, document) in manifest.documents.iter().enumerate() {
            items(index, &document.value, "", &mut objects);
        }
        for item in &mut objects {
            let range = manifest.documents[item.document].range;
            let misfit = |problem: &Problem| {
                problem.severity == Severity::Error
                    && !UNSURE.contains(&problem.code)
                    && range.contains(problem.range.start.byte)
                    && problem.get("path").starts_with(item.prefix.as_str())
            };
            item.sound = manifest.documents[item.document].refusal.is_none() && !structure.iter().any(misfit);
        }
        for document in &manifest.documents {
            surprises::find(document, &manifest, &mut structure);
        }
        Self { manifest, structure, problems: Vec::new(), objects, judged: None }
    }

    /// The document's text, with the separator behind it.
    pub(super) fn text(&self) -> &str {
        &self.manifest.text
    }

    /// How many lines it has.
    pub(super) fn lines(&self) -> usize {
        self.manifest.lines.count()
    }

    /// What was found.
    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The document that an object stands in.
    pub(super) fn document(&self, item: &Item) -> &Document {
        &self.manifest.documents[item.document]
    }

    /// A problem at a path of an object: at its value, or at the nearest thing above it that is there.
    pub(super) fn at(&self, item: &Item, path: &str, code: &'static str, severity: Severity) -> Problem {
        let path = format!("{}{path}", item.prefix);
        let place = self.document(item).locate(&path).place();
        self.manifest.problem(code, severity, place).arg("path", path.clone()).arg("field", last(&path))
    }

    /// The manifest of the part alone.
    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Judges the values, unless that was done beside the same live objects.
    pub(super) fn judge(&mut self, around: Option<Surroundings<'_>>) {
        let live: Vec<Option<&std::rc::Rc<Object>>> = self.objects.iter().map(|item| find(item, around)).collect();
        let versions = live.iter().map(|object| object.map(|object| object.meta.resource_version)).collect();
        let judged = (around.map_or_else(String::new, |around| around.namespace.to_owned()), versions);
        if self.judged.as_ref() == Some(&judged) {
            return;
        }
        let mut problems = self.structure.clone();
        for (item, live) in self.objects.iter().zip(&live) {
            let live = live.zip(around).map(|(object, around)| object.to_value(around.epoch));
            self.judge_object(item, live.as_ref(), around, &mut problems);
        }
        order::sort_by_key(&mut problems, |problem| (problem.range.start.byte, problem.range.end.byte));
        self.problems = problems;
        self.judged = Some(judged);
    }

    fn judge_object(&self, item: &Item, live: Option<&Value>, around: Option<Surroundings<'_>>, problems: &mut Vec<Problem>) {
        let document = self.document(item);
        if document.refusal.is_some() && document.value.is_null() {
            return;
        }
        let inside = |problem: &Problem| document.range.contains(problem.range.start.byte);
        // What does not fit its type is refused before anything else is looked at; the rest shows all the same.
        let misfits: Vec<String> = problems
            .iter()
            .filter(|problem| inside(problem) && problem.severity == Severity::Error && !UNSURE.contains(&problem.code))
            .map(|problem| problem.get("path").to_owned())
            .filter(|path| !path.is_empty() && path.starts_with(&item.prefix))
            .collect();
        let mut value = item.value.clone();
        let namespace = around.map_or("default", |around| around.namespace);
        let namespaced = Kind::by_name(item.kind).is_none_or(Kind::namespaced);
        if namespaced && value["metadata"].is_object() && value["metadata"]["namespace"].is_null() {
            value["metadata"]["namespace"] = namespace.into();
        }
        if !misfits.is_empty()
            && let Some(kind) = Kind::by_name(item.kind)
        {
            schema::prune(&mut value, schema::of(kind));
        }
        let errors = match live {
            Some(live) => match apply::merged(item.kind, live, &value) {
                Some(mut merged) => {
                    defaults::apply(item.kind, &mut merged);
                    validation::validate_update(item.kind, live, &merged)
                }
                None => Vec::new(),
            },
            None => {
                defaults::apply(item.kind, &mut value);
                validation::validate_create(item.kind, &value)
            }
        };
        let confirmed = |error: &FieldError, problem: &Problem| {
            inside(problem) && same_fault(error, problem, &format!("{}{}", item.prefix, error.path))
        };
        let mut left = Vec::new();
        for error in &errors {
            match problems.iter_mut().find(|problem| confirmed(error, problem)) {
                Some(problem) if problem.code == "name-missing" => {}
                Some(problem) => problem.say(&error.to_string()),
                None => left.push(error),
            }
        }
        if misfits.is_empty() {
            let judges = KINDS_JUDGED.contains(&item.kind);
            problems.retain(|problem| !judges || !inside(problem) || !UNSURE.contains(&problem.code) || problem.said());
        }
        for error in left {
            if !misfits.iter().any(|path| explains(path, &format!("{}{}", item.prefix, error.path), error)) {
                refusal::add(self, item, error, live, &value, problems);
            }
        }
        if item.sound && errors.is_empty() {
            for words in validation::warnings(item.kind, &value) {
                problems.push(refusal::warning(self, item, &words));
            }
        }
        self.names(item, problems);
        refusal::offer_selector(self, item, problems);
    }

    /// What kubectl says of an object's name.
    fn names(&self, item: &Item, problems: &mut Vec<Problem>) {
        let metadata = &item.value["metadata"];
        if metadata["name"].is_null() && metadata["generateName"].as_str().is_some_and(|prefix| !prefix.is_empty()) {
            let words = format!("from {}: cannot use generate name with apply", metadata["generateName"].as_str().unwrap_or_default());
            problems.push(self.at(item, "metadata.generateName", "name-generated", Severity::Error).arg("api", words));
        }
    }
}

/// Kinds whose values validation judges as a whole.
const KINDS_JUDGED: [&str; 15] = [
    "ConfigMap",
    "DaemonSet",
    "Deployment",
    "Job",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "ReplicaSet",
    "Secret",
    "Service",
    "StatefulSet",
    "StorageClass",
];

/// The objects of a document.
fn items(index: usize, value: &Value, prefix: &str, out: &mut Vec<Item>) {
    if value["kind"] == "List" && value["apiVersion"] == "v1" && prefix.is_empty() {
        for (at, element) in read::items(value, &["items"]).iter().take(LIST_ITEMS_MAX).enumerate() {
            items(index, element, &format!("items[{at}]."), out);
        }
        return;
    }
    let kind = value["kind"].as_str().and_then(|kind| {
        let version = value["apiVersion"].as_str().unwrap_or_default();
        // A kind of an extension may have the name of one of ours.
        let foreign = version.split_once('/').is_some_and(|(group, _)| group.contains('.') && !group.ends_with(".k8s.io"));
        Kind::of(version, kind).or_else(|| Kind::by_name(kind).filter(|_| !foreign))
    });
    if let Some(kind) = kind {
        out.push(Item { document: index, prefix: prefix.to_owned(), value: value.clone(), kind: kind.name(), sound: true });
    }
}

/// Two objects without `---` between them read as one with every key twice: said once, where the second begins.
fn separator_missing(manifest: &Manifest, problems: &mut Vec<Problem>) {
    for document in &manifest.documents {
        let entries = document.root.entries();
        let twice = |key: &str| entries.iter().filter(|entry| entry.key.scalar() == Some(key)).nth(1);
        let (Some(version), Some(kind)) = (twice("apiVersion"), twice("kind")) else {
            continue;
        };
        let start = version.key.range.start.min(kind.key.range.start);
        let second = |problem: &Problem| problem.code == "duplicate-key" && problem.range.start >= start && problem.range.start.column == 1;
        problems.retain(|problem| !second(problem));
        let at = Range { start, end: start };
        let place = if start == version.key.range.start { version.key.range } else { kind.key.range };
        problems.push(manifest.problem("separator-missing", Severity::Warning, place).fix(at, "---\n"));
    }
}

/// The live object of an object's name.
fn find<'a>(item: &Item, around: Option<Surroundings<'a>>) -> Option<&'a std::rc::Rc<Object>> {
    let around = around?;
    let kind = Kind::by_name(item.kind)?;
    let name = read::string(&item.value, &["metadata", "name"])?;
    let namespace = read::string(&item.value, &["metadata", "namespace"]).unwrap_or(around.namespace);
    let object = around.store.find(kind, if kind.namespaced() { namespace } else { "" }, name)?;
    (!object.meta.terminating()).then_some(object)
}

/// Whether a problem of structure and a refusal are about the same thing.
fn same_fault(error: &FieldError, problem: &Problem, path: &str) -> bool {
    let theirs = problem.get("path");
    match problem.code {
        "missing-field" | "empty-field" => {
            theirs == path || theirs.replace(".requests.", "[").trim_end_matches(']') == path.trim_end_matches(']')
        }
        "not-one-of" => {
            // Validation points at the list or the object around some values.
            let around = theirs.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
            let value = problem.get("value");
            around
                && (error.detail.contains("must be '") || error.detail.starts_with("supported values") || error.detail.contains("operator"))
                && error.value.as_ref().is_some_and(|shown| shown.to_string().contains(value))
        }
        "name-missing" => path.ends_with("metadata.name"),
        _ => false,
    }
}

/// Whether a misfit at `path` is reason enough for a refusal at `other`: it is the same place, above or below it, or something
/// beside it that is only missing because a name is misspelt.
fn explains(path: &str, other: &str, error: &FieldError) -> bool {
    let below = |one: &str, two: &str| two.strip_prefix(one).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let parent = |path: &str| path.rfind(['.', '[']).map_or(String::new(), |at| path[..at].to_owned());
    let missing = error.kind == crate::api::status::FieldErrorKind::Required || error.detail.contains("does not match template");
    below(path, other) || below(other, path) || missing && (below(&parent(path), other) || below(&parent(other), path))
}

/// The last name of a path.
pub(super) fn last(path: &str) -> String {
    match parse_path(path).pop() {
        Some(Step::Key(key)) => key,
        Some(Step::Index(index)) => format!("[{index}]"),
        None => String::new(),
    }
}
