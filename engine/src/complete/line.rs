//! Finds, in a line that is being typed, the word at the cursor and the command that it belongs to: after pipes, `;`, `&&`,
//! inside `$(…)` and quotes, behind redirections. Lines are unfinished here, so this reads more forgivingly than the shell.
//! It must not know any command.

/// The word at the cursor and what stands before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    /// The whole words of the same command, without quotes.
    pub(super) words: Vec<String>,
    /// What is there of the word at the cursor, without quotes.
    pub(super) prefix: String,
    /// The quote that is open at the cursor.
    pub(super) quote: Option<char>,
    /// Whether the word is the file of a redirection.
    pub(super) redirects: bool,
}

/// Words that may stand before a command.
const BEFORE_COMMANDS: &[&str] = &["!", "do", "elif", "else", "if", "then", "time", "until", "while", "{"];

/// A command that is being read; commands inside it stand above it on a stack.
#[derive(Default)]
struct Frame {
    words: Vec<String>,
    word: String,
    /// Whether a word has begun: `''` is one, too.
    begun: bool,
    /// Whether the word is quoted somewhere, and so no reserved word.
    quoted: bool,
    redirects: bool,
    /// The quote inside which this frame was opened by `$(`.
    outer_quote: Option<char>,
    /// What ends the frame: `)` or a backquote; a blank for the line itself.
    ends: char,
}

impl Frame {
    fn inside(ends: char, outer_quote: Option<char>) -> Self {
        Self { ends, outer_quote, ..Self::default() }
    }

    fn push(&mut self, character: char) {
        self.word.push(character);
        self.begun = true;
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        if !std::mem::take(&mut self.begun) {
            return;
        }
        let quoted = std::mem::take(&mut self.quoted);
        if std::mem::take(&mut self.redirects) {
            return;
        }
        // Reserved words and assignments before a command leave the next word in its place.
        let assignment = word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(is_name));
        if self.words.is_empty() && !quoted && (BEFORE_COMMANDS.contains(&word.as_str()) || assignment) {
            return;
        }
        self.words.push(word);
    }

    fn end_command(&mut self) {
        self.end_word();
        self.words.clear();
        self.redirects = false;
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Reads a line up to the cursor; `None` where no word can be completed: in a comment, in the text of a here-document.
pub(super) fn read(text: &str) -> Option<Typed> {
    let mut frames = vec![Frame::inside(' ', None)];
    let mut quote: Option<char> = None;
    let mut here: Vec<String> = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        let frame = frames.last_mut()?;
        match (quote, character) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => frame.push(character),
            (Some(_), '\\') if next.is_some_and(|next| matches!(next, '"' | '\\' | '$' | '`')) => {
                frame.push(next?);
                rest.next();
            }
            (_, '$') if next == Some('(') && !text[at..].starts_with("$((") => {
                rest.next();
                frames.push(Frame::inside(')', quote.take()));
            }
            (None, ')') if frame.ends == ')' => close(&mut frames, &mut quote)?,
            (_, '`') if frame.ends == '`' => close(&mut frames, &mut quote)?,
            (_, '`') => frames.push(Frame::inside('`', quote.take())),
            (Some(_), _) => frame.push(character),
            (None, '\'' | '"') => {
                quote = Some(character);
                (frame.begun, frame.quoted) = (true, true);
            }
            (None, '\\') => {
                match next {
                    Some('\n') => {}
                    Some(next) => {
                        frame.push(next);
                        frame.quoted = true;
                    }
                    None => return None,
                }
                rest.next();
            }
            (None, ' ' | '\t') => frame.end_word(),
            (None, '#') if !frame.begun => {
                // A comment goes to the end of its line.
                while rest.peek().is_some_and(|(_, next)| *next != '\n') {
                    rest.next();
                }
                rest.peek()?;
            }
            (None, '\n') => {
                frame.end_command();
                if !here.is_empty() {
                    let past = after_here_documents(&text[at + 1..], &here)?;
                    here.clear();
                    while rest.peek().is_some_and(|(index, _)| *index < at + 1 + past) {
                        rest.next();
                    }
                }
            }
            (None, '<') if text[at..].starts_with("<<") => {
                frame.end_word();
                let (delimiter, length) = delimiter(&text[at..]);
                here.push(delimiter?);
                while rest.peek().is_some_and(|(index, _)| *index < at + length) {
                    rest.next();
                }
            }
            (None, '<' | '>') => {
                // `2>` names a stream, not a word.
                if frame.word.bytes().all(|byte| byte.is_ascii_digit()) {
                    frame.word.clear();
                    frame.begun = false;
                }
                frame.end_word();
                if next.is_some_and(|next| matches!(next, '>' | '&')) {
                    rest.next();
                }
                frame.redirects = true;
            }
            (None, '&') if next == Some('>') => {
                rest.next();
                frame.redirects = true;
            }
            (None, '|' | '&' | ';' | '(' | ')') => frame.end_command(),
            (None, _) => frame.push(character),
        }
    }
    if !here.is_empty() && text.contains('\n') && text.rsplit('\n').next().is_some_and(|last| !last.contains("<<")) {
        return None;
    }
    let frame = frames.pop()?;
    Some(Typed { words: frame.words, prefix: frame.word, quote, redirects: frame.redirects })
}

/// Ends the innermost `$(…)`: what it will print is a part of the word around it that nobody knows yet.
fn close(frames: &mut Vec<Frame>, quote: &mut Option<char>) -> Option<()> {
    let inner = frames.pop()?;
    *quote = inner.outer_quote;
    let outer = frames.last_mut()?;
    (outer.begun, outer.quoted) = (true, true);
    Some(())
}

/// The delimiter of a here-document whose `<<` the text begins with, and the length of both; no delimiter where it is still
/// being typed.
fn delimiter(text: &str) -> (Option<String>, usize) {
    let blanks = text[2..].trim_start_matches('-').trim_start_matches([' ', '\t']);
    let from = text.len() - blanks.len();
    let length = blanks.find([' ', '\t', '\n', ';', '|', '&', '>']).unwrap_or(blanks.len());
    let word: String = blanks[..length].chars().filter(|character| !matches!(character, '\'' | '"' | '\\')).collect();
    let typed = from + length == text.len();
    ((!word.is_empty() && !typed).then_some(word), from + length)
}

/// How far the texts of here-documents reach; `None` where one has no end yet.
fn after_here_documents(text: &str, delimiters: &[String]) -> Option<usize> {
    let mut at = 0;
    for delimiter in delimiters {
        loop {
            let line = text[at..].split('\n').next()?;
            let ends = line.trim_start_matches('\t') == delimiter;
            if at + line.len() >= text.len() {
                return None;
            }
            at += line.len() + 1;
            if ends {
                break;
            }
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Option<(String, String)> {
        read(line).map(|typed| (typed.words.join("|"), typed.prefix))
    }

    #[test]
    fn the_command_at_the_cursor_is_found() {
        for (line, words, prefix) in [
            ("", "", ""),
            ("kub", "", "kub"),
            ("kubectl get po", "kubectl|get", "po"),
            ("kubectl get pods ", "kubectl|get|pods", ""),
            ("kubectl get pods | gr", "", "gr"),
            ("kubectl get pods|grep we", "grep", "we"),
            ("sleep 5; kubectl sc", "kubectl", "sc"),
            ("true && k get", "k", "get"),
            ("for i in 1 2; do kubectl get po", "kubectl|get", "po"),
            ("while true; do ", "", ""),
            ("EDITOR=cat kubectl edit s", "kubectl|edit", "s"),
            ("echo $(kubectl get p", "kubectl|get", "p"),
            ("echo \"$(kubectl get p", "kubectl|get", "p"),
            ("echo `kubectl get p", "kubectl|get", "p"),
            ("echo $(date) wo", "echo|", "wo"),
            ("kubectl get 'po", "kubectl|get", "po"),
            ("kubectl get \"pods\" web\\ ", "kubectl|get|pods", "web "),
            ("kubectl get pods > out; ca", "", "ca"),
            ("kubectl get pods 2>/dev/null ", "kubectl|get|pods", ""),
            ("( kubectl ge", "kubectl", "ge"),
            ("kubectl get \\\n po", "kubectl|get", "po"),
            ("cat <<EOF > f\na b\nEOF\nkubectl ", "kubectl", ""),
            ("cat <<EOF | kubectl apply -f ", "kubectl|apply|-f", ""),
        ] {
            assert_eq!(typed(line), Some((words.to_owned(), prefix.to_owned())), "{line:?}");
        }
    }

    #[test]
    fn nothing_is_completed_where_no_word_is_typed() {
        for line in ["ls # kube", "cat <<EOF\nkubectl ge", "cat <<EO"] {
            assert_eq!(read(line), None, "{line:?}");
        }
    }

    #[test]
    fn files_of_redirections_and_open_quotes_are_known() {
        assert!(read("cat < we").is_some_and(|typed| typed.redirects && typed.prefix == "we"));
        assert!(read("kubectl get pods > ").is_some_and(|typed| typed.redirects));
        assert!(read("kubectl get pods >out ").is_some_and(|typed| !typed.redirects));
        assert_eq!(read("ls \"a").and_then(|typed| typed.quote), Some('"'));
    }
}
