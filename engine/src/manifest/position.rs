//! Where something stands in the text: byte, line and column, and the index that turns one into the others.
//! It must not know YAML.

use serde::{Deserialize, Serialize};

/// A place in the text the user wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Offset in bytes from the start of the text.
    pub byte: usize,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters (not bytes, not UTF-16 units), counted from 1.
    pub column: usize,
}

/// A stretch of the text, from `start` up to and without `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Range {
    /// The first place that belongs to it.
    pub start: Position,
    /// The first place after it.
    pub end: Position,
}

impl Range {
    /// Whether `byte` lies in the range; its end counts, so that a cursor behind a word is still on it.
    #[must_use]
    pub fn contains(&self, byte: usize) -> bool {
        self.start.byte <= byte && byte <= self.end.byte
    }

    /// The text of the range. Empty where the range does not fit `text`.
    #[must_use]
    pub fn slice<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start.byte..self.end.byte).unwrap_or("")
    }
}

/// Bytes between two counts of characters: a column costs at most this many steps, however long the line.
const COUNT_STEP: usize = 256;

/// Line starts of a text, to turn byte offsets into positions.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<usize>,
    /// How many characters come before every [`COUNT_STEP`]th byte.
    counts: Vec<usize>,
    len: usize,
}

/// How many characters begin in `bytes`.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

impl Lines {
    /// Reads the line starts of `text` (`\n` ends a line; a `\r` before it belongs to the line).
    #[must_use]
    pub fn new(text: &str) -> Lines {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
        let mut counts = vec![0];
        let mut count = 0;
        for chunk in text.as_bytes().chunks(COUNT_STEP) {
            count += characters(chunk);
            counts.push(count);
        }
        Lines { starts, counts, len: text.len() }
    }

    /// How many lines there are; a text that ends in `\n` has an empty last line.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line (from 0) that holds `byte`.
    #[must_use]
    pub fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// First byte and end (without the line break) of line `line` (from 0).
    #[must_use]
    pub fn bounds(&self, text: &str, line: usize) -> (usize, usize) {
        let start = self.starts.get(line).copied().unwrap_or(self.len);
        let end = self.starts.get(line + 1).copied().unwrap_or(self.len);
        let slice = text.get(start..end).unwrap_or("");
        (start, start + slice.trim_end_matches(['\n', '\r']).len())
    }

    /// The words of line `line` (from 0), without the line break.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str, line: usize) -> &'a str {
        let (start, end) = self.bounds(text, line);
        text.get(start..end).unwrap_or("")
    }

    /// The position of `byte`, moved back to the start of a character where it falls inside one.
    #[must_use]
    pub fn position(&self, text: &str, byte: usize) -> Position {
        let mut byte = byte.min(self.len);
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.line_of(byte);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let column = self.characters_before(text, byte) - self.characters_before(text, start);
        Position { byte, line: line + 1, column: column + 1 }
    }

    /// How many characters of `text` begin before `byte`.
    fn characters_before(&self, text: &str, byte: usize) -> usize {
        let step = byte / COUNT_STEP;
        let counted = self.counts.get(step).copied().unwrap_or(0);
        counted + text.as_bytes().get(step * COUNT_STEP..byte).map_or(0, characters)
    }

    /// The range from byte `start` to byte `end`.
    #[must_use]
    pub fn range(&self, text: &str, start: usize, end: usize) -> Range {
        Range { start: self.position(text, start), end: self.position(text, end.max(start)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "a: é1\nb\n";
        let lines = Lines::new(text);
        assert_eq!(lines.position(text, 5), Position { byte: 5, line: 1, column: 5 });
        assert_eq!(lines.position(text, 4).byte, 3, "inside é");
        assert_eq!(lines.position(text, 7).line, 2);
        assert_eq!(lines.position(text, 99).line, 3);
        assert_eq!(lines.text(text, 0), "a: é1");
    }
}
