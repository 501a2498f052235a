//! What is wrong with a manifest, ready to be listed: each problem with its words, its place and its fix.
//! It must not know how it is listed, or how problems are found.

use std::rc::Rc;

use statefulset_engine::manifest::{Problem, Severity};

use crate::locale::{has, tr};

/// Problems listed; a broken text can have thousands, and the first ones matter.
pub(crate) const FINDINGS_MAX: usize = 200;

/// Everything found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// The first problems, in the order of the text.
    pub(crate) shown: Vec<Rc<Finding>>,
    /// How many more there are.
    pub(crate) more: usize,
    /// The length of the text, in UTF-16 units.
    pub(crate) units: usize,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// How bad it is.
    pub(crate) severity: Severity,
    /// Its line, from 1.
    pub(crate) line: usize,
    /// Its column, from 1.
    pub(crate) column: usize,
    /// The first byte of its place.
    pub(crate) start: usize,
    /// The byte behind its place.
    pub(crate) end: usize,
    /// Its place in UTF-16 units.
    pub(crate) units: (usize, usize),
    /// Its words.
    pub(crate) text: String,
    /// What the API server or kubectl says about it; empty where they say nothing.
    pub(crate) api: String,
    /// The change that removes it, where that is clear: first byte, byte behind, what to put there.
    pub(crate) fix: Option<(usize, usize, String)>,
}

impl Findings {
    /// The problems of a text, in the order of the text.
    pub(crate) fn of(text: &str, problems: &[Problem]) -> Self {
        let mut findings: Vec<Finding> = problems.iter().take(FINDINGS_MAX).map(Finding::of).collect();
        count_units(text, &mut findings);
        Self {
            more: problems.len().saturating_sub(findings.len()),
            shown: findings.into_iter().map(Rc::new).collect(),
            units: text.encode_utf16().count(),
        }
    }
}

/// Counts the places in UTF-16 units, in one walk through the text.
fn count_units(text: &str, findings: &mut [Finding]) {
    let (mut byte, mut units) = (0, 0);
    for finding in findings {
        if let Some(between) = text.get(byte..finding.start) {
            units += between.encode_utf16().count();
            byte = finding.start;
        }
        let inside = text.get(finding.start..finding.end).map_or(0, |words| words.encode_utf16().count());
        finding.units = (units, units + inside);
    }
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
            units: (0, 0),
            text,
            api: problem.get("api").to_owned(),
            fix: problem.fix.as_ref().map(|fix| (fix.range.start.byte, fix.range.end.byte, fix.replacement.clone())),
        }
    }

    /// The text with the problem's fix; `None` where there is none, or the text has changed since.
    pub(crate) fn fixed(&self, text: &str) -> Option<String> {
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

    use statefulset_engine::review::Reviewer;

    use super::*;

    fn findings(text: &str) -> Findings {
        Findings::of(text, &Reviewer::default().review(text, None))
    }

    #[test]
    fn a_broken_text_gives_its_problems_with_their_places() {
        let findings = findings("kind: StatefulSet # é😀\nspec:\n\treplicas: 3\n");
        let finding = findings.shown.iter().find(|finding| finding.line == 3).expect("the tab is found");
        assert_eq!((finding.start, finding.units.0), (33, 30));
    }

    #[test]
    fn a_value_that_the_server_would_refuse_is_found_in_its_place_with_its_words() {
        let text = crate::state::examples::EXAMPLES[0].text.replace("replicas: 3", "replicas: -1");
        let findings = findings(&text);
        let finding = &findings.shown[0];
        assert_eq!(&text[finding.start..finding.end], "-1");
        assert_eq!(finding.api, "spec.replicas: Invalid value: -1: must be greater than or equal to 0");
        assert_eq!(finding.fixed(&text).as_deref(), Some(&*text.replace("-1", "0")));
    }

    #[test]
    fn no_example_has_more_than_hints() {
        for example in crate::state::examples::EXAMPLES {
            let worse = findings(example.text).shown.into_iter().filter(|finding| finding.severity != Severity::Hint);
            assert_eq!(worse.collect::<Vec<_>>(), [], "{}", example.name);
        }
    }

    #[test]
    fn hostile_texts_are_read_quickly_and_listed_shortly() {
        let texts = ["[".repeat(10_000), "a: b\n".repeat(400_000), "- \t{".repeat(50_000), "\u{1}".repeat(100_000)];
        for text in texts {
            let started = Instant::now();
            assert!(findings(&text).shown.len() <= FINDINGS_MAX);
            assert!(started.elapsed().as_secs() < 10, "{} bytes took {:?}", text.len(), started.elapsed());
        }
    }
}
