//! Lines by their indentation: what a person sees of a YAML text without reading it. Repairs are guessed from it, so it
//! works on broken text as well. It must not know Kubernetes kinds.

use super::shadow::Shadow;

/// What can be seen of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Line {
    /// Blanks in front (tabs count as one).
    pub(crate) indent: usize,
    /// Byte of the first character behind the indentation and any `- `.
    pub(crate) key_column: usize,
    /// Whether its indentation holds a tab.
    pub(crate) has_tab: bool,
    /// Whether it has no content but perhaps a comment.
    pub(crate) is_empty: bool,
    /// Whether it is a list element (`- `).
    pub(crate) is_item: bool,
    /// Whether its value must follow below (`key:`, `-`).
    pub(crate) opens: bool,
    /// Whether it is text of a block scalar (`|`, `>`).
    pub(crate) in_block_scalar: bool,
}

/// All lines of a document.
#[derive(Clone, Debug)]
pub(crate) struct Outline {
    lines: Vec<Line>,
}

impl Outline {
    pub(crate) fn new(shadow: &Shadow<'_>) -> Outline {
        let mut lines = Vec::with_capacity(shadow.line_count());
        // Indentation of the line whose block scalar is being read.
        let mut block: Option<usize> = None;
        for number in 0..shadow.line_count() {
            let words = shadow.line(number);
            let mut line = look(words);
            if let Some(parent) = block {
                let spaces = words.len() - words.trim_start_matches(' ').len();
                if words.trim().is_empty() || spaces > parent {
                    line.in_block_scalar = true;
                    line.has_tab = false;
                    line.is_empty = words.trim().is_empty();
                } else {
                    block = None;
                }
            }
            if block.is_none() && opens_block_scalar(words) {
                block = Some(line.indent);
            }
            lines.push(line);
        }
        Outline { lines }
    }

    pub(crate) fn count(&self) -> usize {
        self.lines.len()
    }

    pub(crate) fn line(&self, line: usize) -> Line {
        self.lines.get(line).copied().unwrap_or(Line { is_empty: true, ..Line::default() })
    }

    /// Records a repaired indentation.
    pub(crate) fn set_indent(&mut self, line: usize, indent: usize) {
        if let Some(line) = self.lines.get_mut(line) {
            line.key_column = line.key_column - line.indent.min(line.key_column) + indent;
            line.indent = indent;
        }
    }

    /// The last line with content before `line`.
    pub(crate) fn before(&self, line: usize) -> Option<usize> {
        (0..line.min(self.lines.len())).rev().find(|number| !self.line(*number).is_empty)
    }

    /// The first line with content after `line`.
    fn after(&self, line: usize) -> Option<usize> {
        (line + 1..self.lines.len()).find(|number| !self.line(*number).is_empty)
    }

    /// The indentation that the neighbours of a line indented with tabs suggest; lines before it are repaired already.
    pub(crate) fn guess_indent(&self, number: usize, shadow: &Shadow<'_>) -> usize {
        let Some(before) = self.before(number) else {
            return 0;
        };
        let previous = self.line(before);
        if previous.has_tab {
            let (tabs, tabs_before) = (blanks(shadow.line(number)), blanks(shadow.line(before)));
            if tabs == tabs_before {
                return previous.indent;
            }
            if !tabs.starts_with(tabs_before) {
                // Back out: to the nearest earlier line indented alike, while lines are indented with tabs.
                let alike = (0..before)
                    .rev()
                    .filter(|other| !self.line(*other).is_empty)
                    .take_while(|other| self.line(*other).has_tab)
                    .find(|other| blanks(shadow.line(*other)) == tabs);
                if let Some(alike) = alike {
                    return self.line(alike).indent;
                }
            }
        }
        if !previous.opens {
            return if self.line(number).is_item { previous.indent } else { previous.key_column };
        }
        let next = self.after(number).map(|next| self.line(next));
        match next {
            Some(next) if !next.has_tab && next.indent > previous.key_column => next.indent,
            _ => previous.key_column + 2,
        }
    }

    /// Indentations at which a line at `number` could belong to something above it, and one step in.
    pub(crate) fn open_indents(&self, number: usize) -> Vec<usize> {
        let mut out = Vec::new();
        let mut limit = usize::MAX;
        let mut push = |indent: usize| {
            if !out.contains(&indent) {
                out.push(indent);
            }
        };
        for other in (0..number).rev() {
            let line = self.line(other);
            if line.is_empty || line.in_block_scalar || line.has_tab {
                continue;
            }
            if limit == usize::MAX && line.opens {
                push(line.key_column + 2);
            }
            if line.indent < limit {
                push(line.key_column);
                push(line.indent);
                limit = line.indent;
            }
            if limit == 0 {
                break;
            }
        }
        out
    }

    /// The line behind the block that starts at `number`: all that is nested deeper, and with `with_siblings` all that
    /// is indented alike as well.
    pub(crate) fn block_end(&self, number: usize, with_siblings: bool) -> usize {
        let indent = self.line(number).indent;
        (number + 1..self.lines.len())
            .find(|other| {
                let line = self.line(*other);
                !line.is_empty && (line.indent < indent || (line.indent == indent && !with_siblings))
            })
            .unwrap_or(self.lines.len())
    }
}

/// The blanks in front of a line.
fn blanks(words: &str) -> &str {
    &words[..words.len() - words.trim_start_matches([' ', '\t']).len()]
}

fn look(words: &str) -> Line {
    let indent = blanks(words).len();
    let content = &words[indent..];
    let mut key_column = indent;
    let mut rest = content;
    let mut is_item = false;
    while let Some(after) = rest.strip_prefix("- ") {
        is_item = true;
        let trimmed = after.trim_start_matches(' ');
        key_column += rest.len() - trimmed.len();
        rest = trimmed;
    }
    let bare = content.trim_end();
    if bare == "-" {
        is_item = true;
    }
    let written = match rest.find(" #") {
        Some(at) => &rest[..at],
        None => rest,
    }
    .trim_end();
    Line {
        indent,
        key_column,
        has_tab: words[..indent].contains('\t'),
        is_empty: bare.is_empty() || bare.starts_with('#'),
        is_item,
        opens: written.ends_with(':') || bare == "-",
        in_block_scalar: false,
    }
}

/// Whether a line ends in the head of a block scalar, such as `- |` or `data: >-2`.
fn opens_block_scalar(words: &str) -> bool {
    let written = match words.find(" #") {
        Some(at) => &words[..at],
        None => words,
    };
    let Some(last) = written.split_whitespace().next_back() else {
        return false;
    };
    let mut characters = last.chars();
    let head =
        matches!(characters.next(), Some('|' | '>')) && last.len() <= 3 && characters.all(|c| matches!(c, '+' | '-') || c.is_ascii_digit());
    let before = written.trim_end().trim_end_matches(last).trim_end();
    head && (before.ends_with(':') || before.ends_with('-'))
}
