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
        debug_assert!(CODES.iter().any(|(known, _)| *known == code), "{code} is in CODES");
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

    /// The same problem in a text that has so many bytes and lines before this one's.
    #[must_use]
    pub(crate) fn moved(&self, bytes: usize, lines: usize) -> Problem {
        let mut moved = self.clone();
        if bytes == 0 {
            return moved;
        }
        let by = |range: &mut Range| {
            for place in [&mut range.start, &mut range.end] {
                place.byte += bytes;
                place.line += lines;
            }
        };
        by(&mut moved.range);
        if let Some(fix) = &mut moved.fix {
            by(&mut fix.range);
        }
        for (name, value) in &mut moved.args {
            if matches!(*name, "line" | "first-line")
                && let Ok(line) = value.parse::<usize>()
            {
                *value = (line + lines).to_string();
            }
        }
        moved
    }

    /// Puts `prefix` in front of the problem's path, if it has one.
    pub(crate) fn below(&mut self, prefix: &str) {
        for (_, path) in self.args.iter_mut().filter(|(name, _)| *name == "path") {
            path.insert_str(0, prefix);
        }
    }

    /// Adds what the API server or kubectl says about it, on a line of its own.
    pub(crate) fn say(&mut self, words: &str) {
        match self.args.iter_mut().find(|(name, _)| *name == "api") {
            Some((_, said)) if said.lines().any(|line| line == words) => {}
            Some((_, said)) => said.push_str(&format!("\n{words}")),
            None => self.args.push(("api", words.to_owned())),
        }
    }

    /// Whether it is known what the API server or kubectl says about it.
    pub(crate) fn said(&self) -> bool {
        self.args.iter().any(|(name, _)| *name == "api")
    }

    /// Forgets what the API server would say.
    pub(crate) fn unsay(&mut self) {
        self.args.retain(|(name, _)| *name != "api");
    }

    /// The value of an argument, or an empty text.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.args.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }
}

/// Every code there is, with its arguments besides `line`, `column` and `found`. `path` is a field path as the API server
/// writes it, `api` are its own words for the problem.
pub const CODES: &[(&str, &[&str])] = &[
    ("alias-contains-itself", &["name"]),
    ("alias-expansion-limit", &["limit"]),
    ("amount-not-positive", &["path", "field", "value", "detail"]),
    ("api-version-malformed", &["api-version", "api", "instead"]),
    ("api-version-missing", &["api", "instead"]),
    ("api-version-not-text", &["api"]),
    ("bad-indentation", &["indent", "expected"]),
    ("budget-both-bounds", &["path", "field", "value", "detail"]),
    ("byte-order-mark", &["character"]),
    ("class-missing", &["path", "field", "class", "known"]),
    ("class-not-named", &["path", "field"]),
    ("control-character", &["character"]),
    ("custom-kind", &["kind", "group", "api"]),
    ("dedented-field", &["field", "type", "path", "parent", "api"]),
    ("document-ignored", &[]),
    ("document-not-object", &["api"]),
    ("duplicate-key", &["key", "first-line", "first-column"]),
    ("empty-field", &["field", "path", "api"]),
    ("field-changed", &["path", "field", "before", "value", "detail"]),
    ("field-fixed", &["path", "field", "before", "value", "detail"]),
    ("grace-period-negative", &["path", "field"]),
    ("grace-period-zero", &["path", "field"]),
    ("headless-conflict", &["path", "field", "value", "detail", "type"]),
    ("history-unlimited", &["path", "field"]),
    ("key-not-scalar", &[]),
    ("key-reads-as-boolean", &["key", "value"]),
    ("kind-missing", &["api", "instead"]),
    ("kind-not-text", &["api"]),
    ("label-key-not-valid", &["path", "field", "value", "detail"]),
    ("label-not-valid", &["path", "field", "value", "detail"]),
    ("labels-missing", &["path", "field", "value", "detail", "selector", "labels"]),
    ("merge-needs-mapping", &[]),
    ("misplaced-field", &["field", "type", "path", "parent", "api"]),
    ("missing-colon", &["key"]),
    ("missing-field", &["field", "path", "api"]),
    ("missing-space-after-colon", &["key"]),
    ("name-generated", &["path", "field"]),
    ("name-missing", &["api"]),
    ("name-not-valid", &["path", "field", "value", "detail"]),
    ("name-not-valid-dotted", &["path", "field", "value", "detail"]),
    ("name-with-dots", &["path", "field", "value", "detail"]),
    ("namespace-missing", &["path", "field", "namespace"]),
    ("nesting-too-deep", &["limit"]),
    ("not-a-boolean", &["path", "field", "value", "api"]),
    ("not-a-list", &["path", "field", "value", "api"]),
    ("not-a-map", &["path", "field", "value", "api"]),
    ("not-a-number", &["path", "field", "value", "api"]),
    ("not-a-number-or-text", &["path", "field", "value", "api"]),
    ("not-a-quantity", &["path", "field", "value", "api"]),
    ("not-a-text", &["path", "field", "value", "api"]),
    ("not-a-time", &["path", "field", "value", "api"]),
    ("not-a-whole-number", &["path", "field", "value", "api"]),
    ("not-an-address", &["path", "field", "value", "detail"]),
    ("not-an-object", &["path", "field", "value", "api"]),
    ("not-base64", &["path", "field", "value", "api"]),
    ("not-one-of", &["path", "field", "value", "values"]),
    ("number-negative", &["path", "field", "value", "detail"]),
    ("number-not-finite", &[]),
    ("number-not-whole", &["path", "field", "value", "api"]),
    ("number-out-of-bounds", &["path", "field", "value", "detail", "min", "max"]),
    ("number-out-of-range", &["path", "field", "value", "api"]),
    ("object-twice", &["path", "field", "kind", "name", "other-line"]),
    ("old-api-version", &["release", "api-version", "kind", "api", "instead"]),
    ("only-value", &["path", "field", "value", "detail", "values"]),
    ("partition-above-replicas", &["path", "field", "partition", "replicas", "last"]),
    ("pod-field-fixed", &["path", "field", "before", "value", "detail"]),
    ("port-name-not-valid", &["path", "field", "value", "detail"]),
    ("probe-absent", &["path", "field", "container"]),
    ("reads-as-base-60", &["value"]),
    ("reads-as-boolean", &["path", "field", "value", "api"]),
    ("reads-as-false", &["value"]),
    ("reads-as-octal", &["value", "number"]),
    ("reads-as-true", &["value"]),
    ("request-above-limit", &["path", "field", "value", "detail", "limit"]),
    ("rolling-update-idle", &["path", "field", "value", "detail"]),
    ("second-handler", &["path", "field", "value", "detail"]),
    ("second-volume-type", &["path", "field", "value", "detail"]),
    ("selector-differs", &["path", "field", "value", "detail", "selector", "labels"]),
    ("selector-empty", &["path", "field", "value", "detail"]),
    ("separator-missing", &[]),
    ("server-warns", &["path", "field", "words"]),
    ("service-missing", &["path", "field", "service", "set"]),
    ("service-name-absent", &["path", "field"]),
    ("service-not-headless", &["path", "field", "service", "set"]),
    ("service-selects-nothing", &["path", "field", "service", "set", "selector"]),
    ("set-field-changed", &["path", "field", "before", "value", "detail"]),
    ("set-field-fixed", &["path", "field", "before", "value", "detail"]),
    ("tab-indentation", &["indent"]),
    ("tag-does-not-fit", &["tag", "value"]),
    ("text-too-long", &["bytes", "limit"]),
    ("too-many-documents", &["limit"]),
    ("too-many-problems", &["limit"]),
    ("unclosed-bracket", &["missing"]),
    ("unclosed-quote", &["quote"]),
    ("unknown-anchor", &["name"]),
    ("unknown-field", &["field", "type", "path", "api"]),
    ("unknown-field-known", &["field", "type", "path", "known", "api"]),
    ("unknown-field-similar", &["field", "type", "path", "similar", "api"]),
    ("unknown-kind", &["kind", "api-version", "api"]),
    ("unknown-kind-similar", &["similar", "kind", "api-version", "api"]),
    ("value-duplicate", &["path", "field", "value", "detail"]),
    ("value-forbidden", &["path", "field", "value", "detail"]),
    ("value-needs-quotes", &["value"]),
    ("value-not-allowed", &["path", "field", "value", "detail"]),
    ("value-not-found", &["path", "field", "value", "detail"]),
    ("value-too-long", &["path", "field", "value", "detail", "limit"]),
    ("volume-missing", &["path", "field", "value", "detail", "known"]),
    ("volume-none", &["path", "field", "value", "detail", "known"]),
    ("wrong-api-version", &["api-version", "kind", "api", "instead"]),
    ("yaml-syntax", &["words"]),
];

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_sentence_and_every_placeholder_an_argument() {
        let table = include_str!("../../../locales/en/problems.txt");
        let lines: Vec<(&str, &str)> =
            table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ")).collect();
        let codes: Vec<&str> = lines.iter().map(|(code, _)| *code).collect();
        let known: Vec<&str> = CODES.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, known, "the same codes in the same, sorted, order");
        assert!(codes.is_sorted());
        for (code, sentence) in lines {
            let (_, args) = CODES.iter().find(|(known, _)| *known == code).expect("known");
            for placeholder in sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let always = ["line", "column", "found"].contains(&placeholder);
                assert!(always || args.contains(&placeholder), "{code}: {{{placeholder}}}");
            }
            assert!(sentence.ends_with('.'), "{code}");
        }
    }
}
