//! The editing keys of a command line, as readline has them: a key, a text and a cursor in, both as they are afterwards out.
//! It must not know the DOM.

/// A key as it was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stroke<'a> {
    /// Its name, as browsers call it.
    pub(super) key: &'a str,
    /// Whether Ctrl was held.
    pub(super) ctrl: bool,
    /// Whether Alt was held.
    pub(super) alt: bool,
}

/// The text and the cursor (in bytes) after an editing key; `None` where the key is no such key. What it cuts goes to
/// `cut`, and comes back with Ctrl+Y.
pub(super) fn edit(stroke: Stroke<'_>, text: &str, cursor: usize, cut: &mut String) -> Option<(String, usize)> {
    let (before, after) = text.split_at_checked(cursor)?;
    let key = stroke.key.to_ascii_lowercase();
    let mut kill = |from: usize, to: usize| {
        *cut = text[from..to].to_owned();
        Some((format!("{}{}", &text[..from], &text[to..]), from))
    };
    let next = after.chars().next().map_or(cursor, |character| cursor + character.len_utf8());
    let previous = before.chars().next_back().map_or(cursor, |character| cursor - character.len_utf8());
    match (stroke.ctrl, stroke.alt, key.as_str()) {
        (true, false, "a") => Some((text.to_owned(), 0)),
        (true, false, "e") => Some((text.to_owned(), text.len())),
        (true, false, "b") => Some((text.to_owned(), previous)),
        (true, false, "f") => Some((text.to_owned(), next)),
        (true, false, "u") => kill(0, cursor),
        (true, false, "k") => kill(cursor, text.len()),
        (true, false, "w") => kill(blank_before(before), cursor),
        (false, true, "backspace") => kill(word_before(before), cursor),
        (false, true, "d") => kill(cursor, cursor + word_after(after)),
        (true, false, "d") if !text.is_empty() => Some((format!("{before}{}", &text[next..]), cursor)),
        (true, false, "h") => Some((format!("{}{after}", &text[..previous]), previous)),
        (true, false, "y") => Some((format!("{before}{cut}{after}"), cursor + cut.len())),
        (false, true, "b") => Some((text.to_owned(), word_before(before))),
        (false, true, "f") => Some((text.to_owned(), cursor + word_after(after))),
        _ => None,
    }
}

/// Where the word before the cursor begins, words being what stands between blanks.
fn blank_before(before: &str) -> usize {
    let word = before.trim_end();
    word.rfind(char::is_whitespace).map_or(0, |at| at + word[at..].chars().next().map_or(1, char::len_utf8))
}

/// Where the word before the cursor begins, words being letters and digits.
fn word_before(before: &str) -> usize {
    let word = before.trim_end_matches(|character: char| !character.is_alphanumeric());
    word.trim_end_matches(char::is_alphanumeric).len()
}

/// Where the word after the cursor ends, seen from the cursor.
fn word_after(after: &str) -> usize {
    let word = after.trim_start_matches(|character: char| !character.is_alphanumeric());
    after.len() - word.trim_start_matches(char::is_alphanumeric).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Presses a key; `|` stands for the cursor.
    fn press(key: &str, line: &str) -> Option<String> {
        let cursor = line.find('|').expect("a cursor");
        let (ctrl, alt, name) = match key.split_once('+') {
            Some(("C", name)) => (true, false, name),
            Some((_, name)) => (false, true, name),
            None => (false, false, key),
        };
        let (mut text, at) = edit(Stroke { key: name, ctrl, alt }, &line.replacen('|', "", 1), cursor, &mut "cut".to_owned())?;
        text.insert(at, '|');
        Some(text)
    }

    #[test]
    fn keys_edit_as_in_a_shell() {
        for (key, before, after) in [
            ("C+a", "kubectl get| pods", "|kubectl get pods"),
            ("C+e", "kubectl |get", "kubectl get|"),
            ("C+u", "kubectl get| pods", "| pods"),
            ("C+k", "kubectl get| pods", "kubectl get|"),
            ("C+w", "kubectl get pod/web-0|", "kubectl get |"),
            ("C+w", "kubectl get  | x", "kubectl | x"),
            ("C+w", "é|", "|"),
            ("A+Backspace", "kubectl get pod/web-0|", "kubectl get pod/web-|"),
            ("A+d", "kubectl |get pods", "kubectl | pods"),
            ("A+b", "kubectl get| pods", "kubectl |get pods"),
            ("A+f", "kubectl| get pods", "kubectl get| pods"),
            ("C+b", "aé|", "a|é"),
            ("C+f", "a|é", "aé|"),
            ("C+d", "a|éb", "a|b"),
            ("C+h", "aé|b", "a|b"),
            ("C+y", "a|b", "acut|b"),
            ("C+b", "|a", "|a"),
            ("C+f", "a|", "a|"),
        ] {
            assert_eq!(press(key, before).as_deref(), Some(after), "{key} on {before}");
        }
    }

    #[test]
    fn other_keys_are_left_to_the_browser() {
        for key in ["a", "Enter", "Tab", "C+c", "C+r", "C+x", "A+x", "C+ArrowLeft"] {
            assert_eq!(press(key, "a|b"), None, "{key}");
        }
        assert_eq!(press("C+d", "|"), None, "on an empty line it ends the input");
    }
}
