//! What is wrong with a manifest, ready to be listed: each problem with its words, its place and its fix.
//! It must not know how it is listed.

use std::rc::Rc;

use statefulset_engine::api::validation;
use statefulset_engine::api::{defaults, status::FieldError};
use statefulset_engine::manifest::{self, Document, Manifest, Problem, Range, Severity, TEXT_BYTES_MAX};
use statefulset_engine::order;

use crate::locale::{has, tr};

/// Problems listed; a broken text can have thousands, and the first ones matter.
pub(super) const FINDINGS_MAX: usize = 50;

/// Documents whose values are looked at while typing.
const DOCUMENTS_MAX: usize = 100;

/// Longer texts are not looked through while typing: it would take longer than a key press may. Applying looks at all of it.
const LOOKED_AT_BYTES_MAX: usize = 300_000;

/// Everything found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// The first problems, in the order of the text.
    pub shown: Vec<Rc<Finding>>,
    /// How many more there are.
    pub more: usize,
    /// Whether the text is too long to be looked through while typing.
    pub(super) unread: bool,
    /// How many lines the text has.
    pub lines: usize,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Its line, from 1.
    pub line: usize,
    /// Its column, from 1.
    pub column: usize,
    /// The first byte of its place.
    pub start: usize,
    /// The byte behind its place.
    pub end: usize,
    /// Its words.
    pub text: String,
    /// The change that removes it, where that is clear: first byte, byte behind, what to put there.
    pub fix: Option<(usize, usize, String)>,
}

impl Findings {
    /// Reads a text: what is wrong with its form, with its structure, and, where those are right, with its values.
    pub(super) fn of(text: &str) -> Self {
        // Beyond the manifest's own limit reading is refused at once, with a problem that says so.
        if (LOOKED_AT_BYTES_MAX..=TEXT_BYTES_MAX).contains(&text.len()) {
            return Self { unread: true, lines: line_count(text), ..Self::default() };
        }
        let manifest = manifest::parse(text);
        let mut problems = manifest::check(&manifest);
        problems.extend(manifest.problems.iter().cloned());
        let refused = refused_values(&manifest, &problems);
        let count = problems.len() + refused.len();
        order::sort_by_key(&mut problems, |problem| problem.range.start.byte);
        let mut shown: Vec<Finding> = problems.iter().take(FINDINGS_MAX).map(Finding::of).collect();
        shown.extend(refused.into_iter().take(FINDINGS_MAX));
        order::sort_by_key(&mut shown, |finding| finding.start);
        shown.truncate(FINDINGS_MAX);
        let more = count.saturating_sub(shown.len());
        Self { shown: shown.into_iter().map(Rc::new).collect(), more, unread: false, lines: line_count(text) }
    }
}

/// What the API server would refuse of the documents that are otherwise right, in its own words.
fn refused_values(manifest: &Manifest, problems: &[Problem]) -> Vec<Finding> {
    let broken = |document: &Document| {
        let inside = |range: &Range| document.range.contains(range.start.byte);
        document.refusal.is_some() || problems.iter().any(|problem| problem.severity == Severity::Error && inside(&problem.range))
    };
    let mut refused = Vec::new();
    for document in manifest.documents.iter().take(DOCUMENTS_MAX).filter(|document| !broken(document)) {
        let Some(kind) = &document.kind else {
            continue;
        };
        let mut value = document.value.clone();
        if value["metadata"].is_object() && value["metadata"]["namespace"].is_null() {
            value["metadata"]["namespace"] = "default".into();
        }
        defaults::apply(kind, &mut value);
        refused.extend(validation::validate_create(kind, &value).iter().map(|error| Finding::refused(document, error)));
    }
    refused
}

impl Finding {
    fn of(problem: &Problem) -> Self {
        let key = format!("problems.{}", problem.code);
        let mut arguments: Vec<(&str, &str)> = problem.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        arguments.push(("code", problem.code));
        let text = if has(&key) { tr(&key, &arguments) } else { tr("editor.problem-unknown", &arguments) };
        Self {
            severity: problem.severity,
            line: problem.range.start.line,
            column: problem.range.start.column,
            start: problem.range.start.byte,
            end: problem.range.end.byte,
            text,
            fix: problem.fix.as_ref().map(|fix| (fix.range.start.byte, fix.range.end.byte, fix.replacement.clone())),
        }
    }

    /// A value that the API server would refuse, with its words.
    fn refused(document: &Document, error: &FieldError) -> Self {
        let range = document.locate(&error.path).place();
        Self {
            severity: Severity::Error,
            line: range.start.line,
            column: range.start.column,
            start: range.start.byte,
            end: range.end.byte,
            text: error.to_string(),
            fix: None,
        }
    }

    /// The text with the problem's fix; `None` where there is none, or the text has changed since.
    pub(super) fn fixed(&self, text: &str) -> Option<String> {
        let (start, end, replacement) = self.fix.as_ref()?;
        Some(format!("{}{replacement}{}", text.get(..*start)?, text.get(*end..)?))
    }
}

/// How many lines a text has.
pub(super) fn line_count(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count() + 1
}

/// The name of a severity: in classes, and in the locale files.
pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_broken_text_gives_its_problems_with_their_places() {
        let findings = Findings::of("kind: StatefulSet\nspec:\n\treplicas: 3\n");
        assert!(findings.shown.iter().any(|finding| finding.line == 3), "{findings:?}");
    }

    #[test]
    fn a_value_that_the_server_would_refuse_is_found_in_its_place() {
        let text = crate::state::examples::EXAMPLES[0].text.replace("replicas: 3", "replicas: -1");
        let findings = Findings::of(&text);
        assert_eq!(findings.shown.len(), 1, "{findings:?}");
        let finding = &findings.shown[0];
        assert_eq!(&text[finding.start..finding.end], "-1");
        assert!(finding.text.contains("must be greater than or equal to 0"), "{}", finding.text);
    }

    #[test]
    fn every_example_is_without_fault() {
        for example in crate::state::examples::EXAMPLES {
            assert_eq!(Findings::of(example.text).shown, [], "{}", example.name);
        }
    }

    #[test]
    fn a_fix_replaces_its_stretch_and_nothing_else() {
        let finding =
            Finding {
                severity: Severity::Error, line: 1, column: 1, start: 0, end: 1, text: String::new(), fix: Some((0, 1, "é".into()))
            };
        assert_eq!(finding.fixed("abc").as_deref(), Some("ébc"));
        assert_eq!(finding.fixed(""), None);
    }

    #[test]
    fn hostile_texts_are_read_quickly_and_listed_shortly() {
        let texts = ["[".repeat(10_000), "a: b\n".repeat(400_000), "- \t{".repeat(50_000), "\u{1}".repeat(100_000)];
        for text in texts {
            let started = Instant::now();
            let findings = Findings::of(&text);
            assert!(findings.shown.len() <= FINDINGS_MAX);
            assert!(started.elapsed().as_secs() < 10, "{} bytes took {:?}", text.len(), started.elapsed());
        }
    }
}
