//! Guesses at what broken lines were meant to be: for a place where reading stops, the repairs worth trying, likeliest
//! first. Which one is right is decided by how far the text reads afterwards. It must not know Kubernetes kinds.

use super::outline::{Line, Outline};
use super::shadow::{Edit, Shadow};
use crate::order;

/// Where and why reading stops.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    /// Line, from 0.
    pub(crate) line: usize,
    /// Line where the construct began that could not be read.
    pub(crate) context_line: Option<usize>,
    /// The reader's words.
    pub(crate) words: String,
}

/// A problem that a candidate explains: code, place in the original, arguments and the fix.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) code: &'static str,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) args: Vec<(&'static str, String)>,
    pub(crate) fix: Option<Edit>,
}

/// A repair worth trying.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) edits: Vec<Edit>,
    pub(crate) notes: Vec<Note>,
    /// Whether it merely takes a line out: allowed without visible progress.
    pub(crate) blanks: bool,
}

/// How far up an unclosed quote is looked for, in lines.
const QUOTE_LOOK_BACK: usize = 400;

/// The repairs worth trying for `trouble`, likeliest first.
pub(crate) fn candidates(shadow: &Shadow<'_>, trouble: &Trouble) -> Vec<Candidate> {
    let outline = Outline::new(shadow);
    let guesser = Guesser { shadow, outline: &outline, trouble };
    let mut out = Vec::new();
    out.extend(guesser.tabs());
    guesser.spaces_after_colon(&mut out);
    guesser.unclosed_quotes(&mut out);
    guesser.unclosed_brackets(&mut out);
    guesser.values_to_quote(&mut out);
    guesser.indents(&mut out);
    guesser.missing_colons(&mut out);
    out.extend(guesser.blank_line());
    out
}

struct Guesser<'a> {
    shadow: &'a Shadow<'a>,
    outline: &'a Outline,
    trouble: &'a Trouble,
}

impl Guesser<'_> {
    fn line(&self, line: usize) -> Line {
        self.outline.line(line)
    }

    /// The line of the trouble and the lines with content just before it.
    fn suspects(&self) -> Vec<usize> {
        let mut lines = vec![self.trouble.line];
        lines.extend(self.outline.before(self.trouble.line));
        lines.retain(|line| !self.line(*line).is_empty);
        lines
    }

    /// Where byte `at` of line `line` of the shadow stands in the original.
    fn at(&self, line: usize, at: usize) -> usize {
        self.shadow.original(self.shadow.line_start(line) + at)
    }

    fn insertion(&self, line: usize, at: usize, with: &str) -> Edit {
        let at = self.at(line, at);
        Edit { start: at, end: at, with: with.to_owned() }
    }

    /// The edit that gives a line `indent` blanks in front.
    fn indent_edit(&self, line: usize, indent: usize) -> Edit {
        let (start, _) = self.shadow.original_line(line);
        let words = self.shadow.original_text(line);
        let blank = words.len() - words.trim_start().len();
        Edit { start, end: start + blank, with: " ".repeat(indent) }
    }

    /// Every line that is indented with tabs, each with the indentation its neighbours suggest.
    fn tabs(&self) -> Option<Candidate> {
        let near = self.trouble.line.saturating_sub(1)..=self.trouble.line + 1;
        let concerned = self.trouble.words.contains("tab") || near.clone().any(|line| self.line(line).has_tab);
        if !concerned {
            return None;
        }
        let mut edits: Vec<Edit> = Vec::new();
        let mut notes = Vec::new();
        let mut outline = self.outline.clone();
        for number in 0..outline.count() {
            let line = outline.line(number);
            if !line.has_tab || line.is_empty {
                continue;
            }
            let indent = outline.guess_indent(number, self.shadow);
            outline.set_indent(number, indent);
            let edit = self.indent_edit(number, indent);
            notes.push(Note {
                code: "tab-indentation",
                start: edit.start,
                end: edit.end,
                args: vec![("indent", indent.to_string())],
                fix: Some(edit.clone()),
            });
            edits.push(edit);
        }
        if edits.is_empty() {
            return None;
        }
        Some(Candidate { edits, notes, blanks: false })
    }

    /// `replicas:2` for `replicas: 2`.
    fn spaces_after_colon(&self, out: &mut Vec<Candidate>) {
        for number in self.suspects() {
            let words = self.shadow.line(number);
            let line = self.line(number);
            let Some(colon) = tight_colon(words, line.key_column) else {
                continue;
            };
            let edit = self.insertion(number, colon + 1, " ");
            out.push(Candidate {
                notes: vec![Note {
                    code: "missing-space-after-colon",
                    start: self.at(number, line.key_column),
                    end: self.at(number, colon + 1),
                    args: vec![("key", words[line.key_column..colon].to_owned())],
                    fix: Some(edit.clone()),
                }],
                edits: vec![edit],
                blanks: false,
            });
        }
    }

    /// A quote that opens on a line and does not close there.
    fn unclosed_quotes(&self, out: &mut Vec<Candidate>) {
        let last = self.trouble.line.min(self.shadow.line_count());
        for number in last.saturating_sub(QUOTE_LOOK_BACK)..=last {
            let words = self.shadow.line(number);
            if self.line(number).in_block_scalar {
                continue;
            }
            let Some((at, quote)) = open_quote(words) else {
                continue;
            };
            let end = words.trim_end().len();
            let edit = self.insertion(number, end, &quote.to_string());
            out.push(Candidate {
                notes: vec![Note {
                    code: "unclosed-quote",
                    start: self.at(number, at),
                    end: self.at(number, end),
                    args: vec![("quote", quote.to_string())],
                    fix: Some(edit.clone()),
                }],
                edits: vec![edit],
                blanks: false,
            });
        }
    }

    /// A bracket that opens on a line and does not close there.
    fn unclosed_brackets(&self, out: &mut Vec<Candidate>) {
        if !["','", "bracket", "flow", "EOF", "end of stream", "node content"].iter().any(|word| self.trouble.words.contains(word)) {
            return;
        }
        let mut lines = self.suspects();
        lines.extend(self.trouble.context_line);
        order::sort(&mut lines);
        lines.dedup();
        for number in lines {
            let words = self.shadow.line(number);
            let Some((at, missing)) = open_brackets(words) else {
                continue;
            };
            let end = without_comment(words).trim_end_matches([' ', '\t', ',']).len();
            let edit = self.insertion(number, end, &missing);
            out.push(Candidate {
                notes: vec![Note {
                    code: "unclosed-bracket",
                    start: self.at(number, at),
                    end: self.at(number, at + 1),
                    args: vec![("missing", missing)],
                    fix: Some(edit.clone()),
                }],
                edits: vec![edit],
                blanks: false,
            });
        }
    }

    /// `command: a: b`, `user: @me`, `image: %x`: a value that only quotes make a text.
    fn values_to_quote(&self, out: &mut Vec<Candidate>) {
        for number in self.suspects() {
            let words = self.shadow.line(number);
            let line = self.line(number);
            let Some(start) = value_start(words, line.key_column) else {
                continue;
            };
            let value = without_comment(words).trim_end().get(start..).unwrap_or("");
            let special = value.starts_with(['@', '`', '%', '*', '&', '!', ']', '}', ',']);
            if value.is_empty()
                || value.starts_with(['"', '\'', '|', '>', '[', '{'])
                || !(special || value.contains(": ") || value.ends_with(':'))
            {
                continue;
            }
            let quoted = format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
            let edit = Edit { start: self.at(number, start), end: self.at(number, start + value.len()), with: quoted };
            out.push(Candidate {
                notes: vec![Note {
                    code: "value-needs-quotes",
                    start: edit.start,
                    end: edit.end,
                    args: vec![("value", value.to_owned())],
                    fix: Some(edit.clone()),
                }],
                edits: vec![edit],
                blanks: false,
            });
        }
    }

    /// The line, with what belongs to it, at every indentation that is open there.
    fn indents(&self, out: &mut Vec<Candidate>) {
        for number in self.suspects() {
            let line = self.line(number);
            if line.in_block_scalar || line.has_tab {
                continue;
            }
            let mut indents = self.outline.open_indents(number);
            indents.retain(|indent| *indent != line.indent);
            order::sort_by_key(&mut indents, |indent| (indent.abs_diff(line.indent), *indent));
            for indent in indents {
                // With its siblings first, then only with what is nested under it.
                for with_siblings in [true, false] {
                    let end = self.outline.block_end(number, with_siblings);
                    let edits: Vec<Edit> = (number..end)
                        .filter(|other| !self.line(*other).is_empty)
                        .map(|other| {
                            let moved = (self.line(other).indent + indent).saturating_sub(line.indent);
                            self.indent_edit(other, moved)
                        })
                        .collect();
                    let whole = self.block_edit(number, end, &edits);
                    let (start, end) = self.shadow.original_line(number);
                    out.push(Candidate {
                        notes: vec![Note {
                            code: "bad-indentation",
                            start,
                            end,
                            args: vec![("indent", line.indent.to_string()), ("expected", indent.to_string())],
                            fix: whole,
                        }],
                        edits,
                        blanks: false,
                    });
                }
            }
        }
    }

    /// One edit that does what `edits` do to the indentation of the lines from `number` to `end`.
    fn block_edit(&self, number: usize, end: usize, edits: &[Edit]) -> Option<Edit> {
        let last = (number..end).rev().find(|line| !self.line(*line).is_empty)?;
        let (start, _) = self.shadow.original_line(number);
        let (_, stop) = self.shadow.original_line(last);
        if let [only] = edits {
            return Some(only.clone());
        }
        let lines: Vec<String> = (number..=last)
            .map(|line| {
                let (start, _) = self.shadow.original_line(line);
                let words = self.shadow.original_text(line);
                match edits.iter().find(|edit| edit.start == start) {
                    Some(edit) => format!("{}{}", edit.with, words.trim_start()),
                    None => words.to_owned(),
                }
            })
            .collect();
        Some(Edit { start, end: stop, with: lines.join("\n") })
    }

    /// `replicas 2` or `spec` without the colon.
    fn missing_colons(&self, out: &mut Vec<Candidate>) {
        for number in self.suspects() {
            let words = self.shadow.line(number);
            let line = self.line(number);
            let content = words.get(line.key_column..).unwrap_or("");
            if line.in_block_scalar || content.contains(':') {
                continue;
            }
            let key = content.split([' ', '#']).next().unwrap_or("");
            if key.is_empty() || !key.chars().all(is_key_character) {
                continue;
            }
            let edit = self.insertion(number, line.key_column + key.len(), ":");
            out.push(Candidate {
                notes: vec![Note {
                    code: "missing-colon",
                    start: self.at(number, line.key_column),
                    end: self.at(number, line.key_column + key.len()),
                    args: vec![("key", key.to_owned())],
                    fix: Some(edit.clone()),
                }],
                edits: vec![edit],
                blanks: false,
            });
        }
    }

    /// The last resort: the line does not count.
    fn blank_line(&self) -> Option<Candidate> {
        let number = self.suspects().into_iter().next()?;
        let (start, end) = self.shadow.original_line(number);
        Some(Candidate {
            edits: vec![Edit { start, end, with: String::new() }],
            notes: vec![Note {
                code: "yaml-syntax",
                start: self.at(number, self.line(number).indent.min(end - start)),
                end,
                args: vec![("words", self.trouble.words.clone())],
                fix: None,
            }],
            blanks: true,
        })
    }
}

fn is_key_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/')
}

/// The place of a colon right behind a key and right before a value, from byte `from`.
fn tight_colon(words: &str, from: usize) -> Option<usize> {
    let content = words.get(from..)?;
    let len = content.find(|c| !is_key_character(c))?;
    let rest = content.get(len..)?.strip_prefix(':')?;
    let tight = len > 0 && !rest.is_empty() && !rest.starts_with([' ', '\t', ':']) && !rest.starts_with("//");
    tight.then_some(from + len)
}

/// The start of the value of `key: value` or `- value`, from the key at byte `from`.
fn value_start(words: &str, from: usize) -> Option<usize> {
    let content = words.get(from..)?;
    let start = match content.find(": ") {
        Some(colon) => {
            let blank = content.get(colon + 2..)?;
            from + colon + 2 + (blank.len() - blank.trim_start().len())
        }
        None => from,
    };
    (start > 0 && start < words.len()).then_some(start)
}

/// `words` up to a comment.
fn without_comment(words: &str) -> &str {
    if words.trim_start().starts_with('#') {
        return "";
    }
    words.find(" #").map_or(words, |at| &words[..at])
}

/// A quote that opens a scalar on this line and is not closed on it: its place and the quote.
fn open_quote(words: &str) -> Option<(usize, char)> {
    let mut open: Option<(usize, char)> = None;
    let mut before = ' ';
    let mut escaped = false;
    for (at, c) in words.char_indices() {
        match open {
            Some((_, '"')) if escaped => escaped = false,
            Some((_, '"')) if c == '\\' => escaped = true,
            Some((_, quote)) if c == quote => open = None,
            Some(_) => {}
            None if c == '#' && before.is_whitespace() => break,
            None if matches!(c, '"' | '\'') && (before.is_whitespace() || matches!(before, '[' | '{' | ',')) => {
                open = Some((at, c));
            }
            None => {}
        }
        before = c;
    }
    open
}

/// The first bracket that is not closed on this line, and what would close all of them.
fn open_brackets(words: &str) -> Option<(usize, String)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut quote: Option<char> = None;
    for (at, c) in without_comment(words).char_indices() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => open.push((at, ']')),
            (None, '{') => open.push((at, '}')),
            (None, ']' | '}') => {
                open.pop();
            }
            _ => {}
        }
    }
    let first = open.first()?.0;
    Some((first, open.iter().rev().map(|(_, close)| *close).collect()))
}
