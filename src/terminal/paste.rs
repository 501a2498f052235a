//! Text that is pasted into the command line: whole lines run one after the other, the rest waits for Enter, as in a
//! terminal. It must not know the DOM.

/// As many lines are taken at once.
pub(super) const LINES_MAX: usize = 1_000;
/// As many bytes are taken at once.
const BYTES_MAX: usize = 1_048_576;

/// What a paste comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pasted {
    /// No line is whole: the text goes into the command line.
    Text(String),
    /// Lines to run, and what stays in the command line.
    Lines(Vec<String>, String),
    /// It has so many lines that nothing of it is taken.
    TooLong(usize),
}

/// Reads a paste between what stands before and behind the cursor.
pub(super) fn read(before: &str, pasted: &str, after: &str) -> Pasted {
    let pasted = pasted.replace("\r\n", "\n").replace('\r', "\n");
    let count = pasted.lines().count();
    if count > LINES_MAX || pasted.len() > BYTES_MAX {
        return Pasted::TooLong(count);
    }
    // A line of course text often begins with the prompt, which is no part of the command.
    let prompts = before.is_empty() && pasted.trim_start().starts_with("$ ");
    let without = |line: &str| if prompts { without_prompt(line).to_owned() } else { line.to_owned() };
    if !pasted.contains('\n') {
        return Pasted::Text(without(&pasted));
    }
    let whole = format!("{before}{pasted}{after}");
    let mut lines: Vec<String> = whole.split('\n').map(without).collect();
    let rest = lines.pop().unwrap_or_default();
    // Blank lines before the first command come of selecting too much.
    let blank = lines.iter().take_while(|line| line.trim().is_empty()).count();
    lines.drain(..blank);
    Pasted::Lines(lines, rest)
}

/// A line without the prompt before it, or the one before a line that goes on.
fn without_prompt(line: &str) -> &str {
    let start = line.trim_start();
    start.strip_prefix("$ ").or_else(|| start.strip_prefix("> ")).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&str], rest: &str) -> Pasted {
        Pasted::Lines(lines.iter().map(|line| (*line).to_owned()).collect(), rest.to_owned())
    }

    #[test]
    fn whole_lines_run_and_the_last_one_waits() {
        assert_eq!(read("", "a\nb", ""), lines(&["a"], "b"));
        assert_eq!(read("", "a\nb\n", ""), lines(&["a", "b"], ""));
        assert_eq!(read("echo ", "1\r\n2", " 3"), lines(&["echo 1"], "2 3"));
        assert_eq!(
            read("", "\n\nkubectl apply -f - <<EOF\nkind: Pod\n\nEOF\n", ""),
            lines(&["kubectl apply -f - <<EOF", "kind: Pod", "", "EOF"], "")
        );
        assert_eq!(read("a", "b c", "d"), Pasted::Text("b c".into()));
    }

    #[test]
    fn prompts_of_course_texts_are_left_out() {
        assert_eq!(read("", "$ kubectl get pods", ""), Pasted::Text("kubectl get pods".into()));
        assert_eq!(read("", "$ a\n$ b\n", ""), lines(&["a", "b"], ""));
        assert_eq!(read("", "$ cat <<EOF\n> a\n> EOF\n", ""), lines(&["cat <<EOF", "a", "EOF"], ""));
        assert_eq!(read("echo ", "$ 5", ""), Pasted::Text("$ 5".into()));
        assert_eq!(read("", "cat <<EOF\n$ 5\nEOF\n", ""), lines(&["cat <<EOF", "$ 5", "EOF"], ""));
    }

    #[test]
    fn what_is_too_long_is_not_taken_in_part() {
        assert_eq!(read("", &"a\n".repeat(1_001), ""), Pasted::TooLong(1_001));
        assert_eq!(read("", &"a".repeat(2_000_000), ""), Pasted::TooLong(1));
    }
}
