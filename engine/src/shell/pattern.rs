//! Patterns: `*` and `?` of file names, and regular expressions of `grep` and `sed`. It must not know the shell.

use regex_lite::{Regex, RegexBuilder};

/// Whether a text matches a pattern of file names as a whole.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    glob(pattern).is_some_and(|regex| regex.is_match(text))
}

/// The text without the beginning that matches.
pub(super) fn cut_start<'a>(text: &'a str, pattern: &str, longest: bool) -> &'a str {
    let Some(regex) = glob(pattern) else { return text };
    let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).filter(|at| regex.is_match(&text[..*at]));
    let end = if longest { ends.last() } else { ends.next() };
    &text[end.unwrap_or(0)..]
}

/// The text without the end that matches.
pub(super) fn cut_end<'a>(text: &'a str, pattern: &str, longest: bool) -> &'a str {
    let Some(regex) = glob(pattern) else { return text };
    let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]).filter(|at| regex.is_match(&text[*at..]));
    let start = if longest { starts.next() } else { starts.last() };
    &text[..start.unwrap_or(text.len())]
}

fn glob(pattern: &str) -> Option<Regex> {
    let mut regex = String::from("^(?s:");
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '[' if pattern.contains(']') => {
                regex.push('[');
                if characters.peek() == Some(&'!') {
                    characters.next();
                    regex.push('^');
                }
                for inside in characters.by_ref() {
                    if inside == '[' || inside == '\\' {
                        regex.push('\\');
                    }
                    regex.push(inside);
                    if inside == ']' {
                        break;
                    }
                }
            }
            _ => regex.push_str(&regex_lite::escape(&character.to_string())),
        }
    }
    regex.push_str(")$");
    RegexBuilder::new(&regex).build().ok()
}

/// Which regular expressions a program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Where `+ ? | ( ) { }` mean themselves unless escaped.
    Basic,
    /// `grep -E`, `sed -E`, `awk`.
    Extended,
    /// `grep -F`.
    Fixed,
}

/// A regular expression as `grep` and `sed` read it.
pub(super) fn regex(pattern: &str, syntax: Syntax, ignore_case: bool) -> Result<Regex, String> {
    let translated = match syntax {
        Syntax::Fixed => regex_lite::escape(pattern),
        Syntax::Extended => classes(pattern),
        Syntax::Basic => basic(pattern),
    };
    RegexBuilder::new(&translated).case_insensitive(ignore_case).build().map_err(|error| error.to_string())
}

fn classes(pattern: &str) -> String {
    let word = pattern.replace("\\<", "\\b").replace("\\>", "\\b");
    // In a bracket, `[` means itself unless it opens a class.
    let mut out = String::with_capacity(word.len());
    let mut inside = false;
    let mut characters = word.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                out.push('\\');
                out.extend(characters.next());
                continue;
            }
            '[' if inside && characters.peek() != Some(&':') => out.push('\\'),
            '[' if inside => {
                // A class such as [:space:] is copied whole.
                out.push('[');
                for next in characters.by_ref() {
                    out.push(next);
                    if next == ']' {
                        break;
                    }
                }
                continue;
            }
            '[' => inside = true,
            ']' => inside = false,
            _ => {}
        }
        out.push(character);
    }
    out
}

fn basic(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    let mut inside = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some(next @ ('+' | '?' | '|' | '(' | ')' | '{' | '}')) => out.push(next),
                Some(next) => out.extend(['\\', next]),
                None => out.push_str("\\\\"),
            },
            '[' | ']' => {
                inside = character == '[';
                out.push(character);
            }
            '+' | '?' | '|' | '(' | ')' | '{' | '}' if !inside => out.extend(['\\', character]),
            '*' if out.is_empty() || out == "^" => out.push_str("\\*"),
            _ => out.push(character),
        }
    }
    classes(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_file_names() {
        assert!(matches("*.yaml", "web.yaml"));
        assert!(!matches("*.yaml", "web.yml"));
        assert!(matches("web-[0-2]", "web-1"));
        assert!(!matches("web-[!0-2]", "web-1"));
        assert!(matches("[", "["));
        assert_eq!(cut_start("a/b/c", "*/", false), "b/c");
        assert_eq!(cut_start("a/b/c", "*/", true), "c");
        assert_eq!(cut_end("web-0.nginx.svc", ".*", false), "web-0.nginx");
        assert_eq!(cut_end("web-0.nginx.svc", ".*", true), "web-0");
    }

    #[test]
    fn basic_and_extended_expressions_differ() {
        let found = |pattern: &str, syntax, text: &str| regex(pattern, syntax, false).is_ok_and(|regex| regex.is_match(text));
        assert!(found("a+", Syntax::Basic, "a+"));
        assert!(!found("a+", Syntax::Basic, "aa"));
        assert!(found("a\\+$", Syntax::Basic, "aa"));
        assert!(found("web|etcd", Syntax::Extended, "etcd"));
        assert!(found("a.c", Syntax::Fixed, "a.c") && !found("a.c", Syntax::Fixed, "abc"));
        assert!(found("^[[:space:]]*x", Syntax::Basic, "  x"));
        assert!(regex("(", Syntax::Extended, false).is_err());
    }
}
