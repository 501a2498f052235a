//! The lines that were typed, to be called back: also after the page was left, where the browser keeps them.
//! It must not know where they are kept.

use std::rc::Rc;

/// As many lines are kept.
const LINES_MAX: usize = 500;
/// Longer lines are not kept.
const LINE_BYTES_MAX: usize = 2_000;
/// What stands between lines where they are kept: no line holds it.
const BETWEEN: char = '\u{1e}';

/// The lines, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recall {
    lines: Rc<[Rc<str>]>,
}

impl Recall {
    /// Lines as they were kept.
    pub fn of_text(text: &str) -> Self {
        Self { lines: text.split(BETWEEN).filter(|line| !line.is_empty()).map(Rc::from).collect() }
    }

    /// The lines as they are to be kept.
    pub fn to_text(&self) -> String {
        self.lines.join(&BETWEEN.to_string())
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> &Rc<[Rc<str>]> {
        &self.lines
    }

    /// Takes a command; false where it is the last one again, or too long to be kept.
    pub fn push(&mut self, command: &str) -> bool {
        let line = one_line(command);
        let line = line.trim();
        if line.is_empty() || line.len() > LINE_BYTES_MAX || line.contains(BETWEEN) || self.lines.last().is_some_and(|last| **last == *line)
        {
            return false;
        }
        let kept = self.lines.len().min(LINES_MAX - 1);
        self.lines = self.lines[self.lines.len() - kept..].iter().cloned().chain([Rc::from(line)]).collect();
        true
    }
}

/// A command of several lines as one; of a here-document only the line that begins it.
fn one_line(command: &str) -> String {
    let mut lines = command.lines().map(str::trim_end);
    let mut whole = lines.next().unwrap_or_default().to_owned();
    if whole.contains("<<") {
        return whole;
    }
    for line in lines {
        let goes_on = ["do", "then", "else", "{", "(", "|", "&&", "||", ";"].iter().any(|end| whole.ends_with(end));
        match whole.strip_suffix('\\') {
            Some(joined) => whole.truncate(joined.len()),
            None => whole.push_str(if goes_on { " " } else { "; " }),
        }
        whole.push_str(line.trim_start());
    }
    whole
}

/// The newest line that holds the words, `skip` such lines left out; its index.
pub fn search(lines: &[Rc<str>], words: &str, skip: usize) -> Option<usize> {
    let holds = |index: &usize| lines[*index].contains(words) && lines.get(index + 1).is_none_or(|next| *next != lines[*index]);
    (0..lines.len()).rev().filter(holds).nth(skip).filter(|_| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recall(lines: &[&str]) -> Recall {
        let mut recall = Recall::default();
        for line in lines {
            recall.push(line);
        }
        recall
    }

    #[test]
    fn lines_come_back_as_they_were_kept() {
        let recall = recall(&["kubectl get pods", "kubectl get pods", "", "echo 'a  b'"]);
        assert_eq!(recall.lines().len(), 2);
        assert_eq!(Recall::of_text(&recall.to_text()), recall);
        assert_eq!(Recall::of_text(""), Recall::default());
    }

    #[test]
    fn only_the_newest_lines_are_kept_and_none_that_is_huge() {
        let mut recall = Recall::default();
        for number in 0..2 * LINES_MAX {
            recall.push(&format!("echo {number}"));
        }
        assert_eq!(recall.lines().len(), LINES_MAX);
        assert_eq!(recall.lines().first().map(|line| &**line), Some("echo 500"));
        assert!(!recall.push(&"x".repeat(1_000_000)));
    }

    #[test]
    fn commands_of_several_lines_become_one() {
        for (command, line) in [
            ("for i in 1 2; do\n  echo $i\ndone", "for i in 1 2; do echo $i; done"),
            ("kubectl get \\\n  pods", "kubectl get pods"),
            ("kubectl apply -f - <<EOF\nkind: Pod\nEOF", "kubectl apply -f - <<EOF"),
            ("true &&\nfalse", "true && false"),
        ] {
            assert_eq!(recall(&[command]).lines().last().map(|line| &**line), Some(line));
        }
    }

    #[test]
    fn a_search_goes_from_the_newest_back() {
        let recall = recall(&["kubectl get pods", "echo a", "kubectl get sts"]);
        let found = |words, skip| search(recall.lines(), words, skip).map(|index| &*recall.lines()[index]);
        assert_eq!(found("get", 0), Some("kubectl get sts"));
        assert_eq!(found("get", 1), Some("kubectl get pods"));
        assert_eq!(found("get", 2), None);
        assert_eq!(found("", 0), None);
    }
}
