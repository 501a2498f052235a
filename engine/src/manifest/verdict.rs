//! Whether kubectl's own YAML reader would take a document, and its words where it does not. go-yaml v2, which kubectl
//! uses, and libyaml, which serde_yaml uses, are the same scanner in two languages, so their texts agree; only the way
//! a line number is printed differs, and that is done here as go-yaml's `fail` does it.

use serde::de::{Deserialize as _, IgnoredAny};

/// Unclosed brackets beyond which a text is not given to libyaml: it looks through all open ones at every token.
const OPEN_BRACKETS_MAX: usize = 1_000;

/// Why the text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// go-yaml's sentence without its line.
    pub(crate) problem: String,
    /// Line of the problem in the text, counted from 0; the first where it has no place.
    pub(crate) line: usize,
    /// Line, counted from 0, where the construct began that could not be read to its end.
    pub(crate) context_line: Option<usize>,
    /// The line number that go-yaml prints; `None` where it prints none.
    printed_line: Option<usize>,
}

impl Refusal {
    /// As go-yaml prints it: `yaml: line 7: found character that cannot start any token`.
    pub(crate) fn go_yaml(&self) -> String {
        match self.printed_line {
            Some(line) => format!("yaml: line {line}: {}", self.problem),
            None => format!("yaml: {}", self.problem),
        }
    }
}

/// Asks libyaml about the first document of `text`.
pub(crate) fn ask(text: &str) -> Result<(), Refusal> {
    if open_brackets_max(text) > OPEN_BRACKETS_MAX {
        return Ok(());
    }
    let Some(document) = serde_yaml::Deserializer::from_str(text).next() else {
        return Ok(());
    };
    match IgnoredAny::deserialize(document) {
        Ok(_) => Ok(()),
        Err(error) => read(&format!("{error:?}"), &error).map_or(Ok(()), Err),
    }
}

/// The most brackets open at once, strings and comments counted as if they were brackets too.
fn open_brackets_max(text: &str) -> usize {
    let mut open = 0usize;
    let mut max = 0;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => {
                open += 1;
                max = max.max(open);
            }
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    max
}

/// Reads kind, problem and marks out of the error's debug form, which is the only one that names the kind.
/// `None` for errors that are not about syntax: those are found elsewhere.
fn read(debug: &str, error: &serde_yaml::Error) -> Option<Refusal> {
    let kind = debug.strip_prefix("Error { kind: ")?.split([',', ' ']).next()?;
    let problem = quoted(debug, "problem: ")?;
    let problem_mark = mark(debug, "problem_mark: ");
    let context_mark = mark(debug, "context_mark: ");
    let context_line = context_mark.map(|(line, _)| line);
    let line =
        problem_mark.or(context_mark).map(|(line, _)| line).or_else(|| Some(error.location()?.line().saturating_sub(1))).unwrap_or(0);
    // go-yaml's `fail`: the problem's line if it is not 0, else the context's; only scanner errors count from 1.
    let printed_line = match problem_mark.map(|(line, _)| line).filter(|line| *line != 0) {
        Some(line) if kind == "SCANNER" => Some(line + 1),
        Some(line) => Some(line),
        None => context_line.filter(|line| *line != 0),
    };
    Some(Refusal { problem, line, context_line, printed_line })
}

/// The quoted text behind `key`.
fn quoted(debug: &str, key: &str) -> Option<String> {
    let rest = debug.split_once(key)?.1.strip_prefix('"')?;
    let mut out = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return Some(out),
            '\\' => out.push(chars.next()?),
            c => out.push(c),
        }
    }
}

/// Line and column, both from 0, behind `key`.
fn mark(debug: &str, key: &str) -> Option<(usize, usize)> {
    let rest = debug.split_once(key)?.1.split('}').next()?;
    let number = |name: &str| -> Option<usize> {
        let digits = rest.split_once(name)?.1.trim_start_matches([' ', ':']);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse::<usize>().ok()
    };
    Some((number("line")?.saturating_sub(1), number("column")?.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_line_numbers_are_those_of_go_yaml() {
        let table = [
            ("a: \"1\"\n\tb: 2\n", "yaml: line 2: found character that cannot start any token"),
            ("a: x\n\t\tb: 2\n", "yaml: line 2: found a tab character that violates indentation"),
        ];
        for (text, words) in table {
            let refusal = ask(text).expect_err(text);
            assert_eq!(refusal.go_yaml(), words, "{text}");
        }
        assert_eq!(ask("a: 1\n"), Ok(()));
    }
}
