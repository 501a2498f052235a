//! What can be wrong with a manifest: a stable code, a severity, a place, arguments, and a fix where there is one.
//! The sentences live in the locale files by code, never here.

use serde::Serialize;

use super::position::{Lines, Range};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// kubectl or the API server refuses it.
    Error,
    /// It is accepted, and the user would regret it.
    Warning,
    /// Worth knowing.
    Hint,
}

/// A change of the text that removes the problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What to replace; empty for an insertion.
    pub range: Range,
    /// What to put there.
    pub replacement: String,
}

/// One problem, in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable name, in kebab case; the key of its sentence in the locale files.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands.
    pub range: Range,
    /// Arguments of the sentence. `line`, `column` and `found` (the words of the line) are always there.
    pub args: Vec<(&'static str, String)>,
    /// What one click would change, where that is clear.
    pub fix: Option<Fix>,
}

impl Problem {
    /// A problem at `start..end` of `text`, with the words of its first line as the argument `found`.
    #[must_use]
    pub fn new(code: &'static str, severity: Severity, text: &str, lines: &Lines, start: usize, end: usize) -> Problem {
        let range = lines.range(text, start, end);
        Problem::at(code, severity, text, lines, range)
    }

    /// A problem at `range` of `text`, with the words of its first line as the argument `found`.
    #[must_use]
    pub fn at(code: &'static str, severity: Severity, text: &str, lines: &Lines, range: Range) -> Problem {
        let found = lines.text(text, range.start.line.saturating_sub(1)).trim();
        let args = vec![("line", range.start.line.to_string()), ("column", range.start.column.to_string()), ("found", shorten(found))];
        Problem { code, severity, range, args, fix: None }
    }

    /// Adds an argument of the sentence.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<String>) -> Problem {
        self.args.push((name, value.into()));
        self
    }

    /// Adds the fix.
    #[must_use]
    pub fn fix(mut self, range: Range, replacement: impl Into<String>) -> Problem {
        self.fix = Some(Fix { range, replacement: replacement.into() });
        self
    }

    /// The value of an argument, or an empty text.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.args.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }
}

/// Longest quotation of the user's own words in an argument, in characters: one line of a narrow panel.
const FOUND_MAX: usize = 120;

/// `words`, cut to [`FOUND_MAX`] characters, control characters shown as spaces.
#[must_use]
pub(crate) fn shorten(words: &str) -> String {
    let mut out: String = words.chars().take(FOUND_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if words.chars().nth(FOUND_MAX).is_some() {
        out.push('…');
    }
    out
}
