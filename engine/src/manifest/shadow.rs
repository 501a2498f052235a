//! The text of a document with repairs in it, and the way back from each of its bytes to the text the user wrote.
//! A repair never adds or takes away a line. It must not know YAML.

/// A change of the text: bytes `start..end` of the original replaced by `with`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) with: String,
}

/// A text, the edits made to it, and the outcome.
#[derive(Clone, Debug)]
pub(crate) struct Shadow<'a> {
    original: &'a str,
    edits: Vec<Edit>,
    text: String,
    /// Starts of stretches, in the shadow and in the original, and whether the stretch is copied (else put in).
    map: Vec<(usize, usize, bool)>,
    line_starts: Vec<usize>,
}

impl<'a> Shadow<'a> {
    pub(crate) fn new(original: &'a str) -> Shadow<'a> {
        let mut shadow = Shadow { original, edits: Vec::new(), text: String::new(), map: Vec::new(), line_starts: Vec::new() };
        shadow.render();
        shadow
    }

    /// The repaired text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Adds edits. One that overlaps earlier ones replaces them; insertions at one place follow each other.
    pub(crate) fn apply(&mut self, edits: &[Edit]) {
        for edit in edits {
            let insertion = edit.start == edit.end;
            let same = self.edits.iter_mut().find(|old| insertion && old.start == edit.start && old.end == edit.end);
            if let Some(old) = same {
                old.with.push_str(&edit.with);
                continue;
            }
            self.edits.retain(|old| old.end <= edit.start || old.start >= edit.end);
            let at = self.edits.partition_point(|old| (old.start, old.end) <= (edit.start, edit.end));
            self.edits.insert(at, edit.clone());
        }
        self.render();
    }

    /// Adds many edits of separate places in order; false where there are none.
    pub(crate) fn apply_all(&mut self, edits: Vec<Edit>) -> bool {
        let any = !edits.is_empty();
        if any && self.edits.is_empty() {
            self.edits = edits;
            self.render();
        } else {
            self.apply(&edits);
        }
        any
    }

    fn render(&mut self) {
        self.text.clear();
        self.map.clear();
        let mut at = 0;
        for edit in &self.edits {
            self.map.push((self.text.len(), at, true));
            self.text.push_str(self.original.get(at..edit.start).unwrap_or(""));
            self.map.push((self.text.len(), edit.start, false));
            self.text.push_str(&edit.with);
            at = edit.end;
        }
        self.map.push((self.text.len(), at, true));
        self.text.push_str(self.original.get(at..).unwrap_or(""));
        self.line_starts = std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    }

    /// The byte of the original that stands behind byte `at` of the shadow.
    pub(crate) fn original(&self, at: usize) -> usize {
        let index = self.map.partition_point(|(shadow, _, _)| *shadow <= at).saturating_sub(1);
        let Some(&(shadow, original, copied)) = self.map.get(index) else {
            return at.min(self.original.len());
        };
        let next = self.map.get(index + 1).map_or(self.original.len(), |(_, original, _)| *original);
        let moved = if copied || next > original { original + at.saturating_sub(shadow) } else { original };
        moved.min(next).min(self.original.len())
    }

    /// How many lines there are.
    pub(crate) fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// Line `line` (from 0) of the shadow, without its line break.
    pub(crate) fn line(&self, line: usize) -> &str {
        let start = self.line_start(line);
        let end = self.line_starts.get(line + 1).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// First byte of line `line` in the shadow.
    pub(crate) fn line_start(&self, line: usize) -> usize {
        self.line_starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// The line (from 0) of byte `at` of the shadow.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// Bytes of line `line` in the original: its start and its end without the line break.
    pub(crate) fn original_line(&self, line: usize) -> (usize, usize) {
        let start = self.original(self.line_start(line));
        let rest = self.original.get(start..).unwrap_or("");
        let len = rest.find('\n').unwrap_or(rest.len());
        let words = rest.get(..len).unwrap_or("").trim_end_matches('\r');
        (start, start + words.len())
    }

    /// The words of line `line` in the original.
    pub(crate) fn original_text(&self, line: usize) -> &'a str {
        let (start, end) = self.original_line(line);
        self.original.get(start..end).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, with: &str) -> Edit {
        Edit { start, end, with: with.to_owned() }
    }

    #[test]
    fn every_byte_leads_back_to_the_original() {
        let mut shadow = Shadow::new("a:\n\t\tb: \"c\nd: 1\n");
        shadow.apply(&[edit(3, 5, "      ")]);
        shadow.apply(&[edit(10, 10, "\"")]);
        assert_eq!(shadow.text(), "a:\n      b: \"c\"\nd: 1\n");
        assert_eq!(shadow.original(0), 0);
        assert_eq!(shadow.original(9), 5, "b");
        assert_eq!(shadow.original(5), 5, "inside the new indent");
        assert_eq!(shadow.original(16), 11, "d");
        assert_eq!(shadow.line(1), "      b: \"c\"");
        assert_eq!(shadow.original_text(1), "\t\tb: \"c");
        shadow.apply(&[edit(3, 5, "  ")]);
        assert_eq!(shadow.text(), "a:\n  b: \"c\"\nd: 1\n");
        shadow.apply(&[edit(3, 10, "")]);
        assert_eq!(shadow.line(1), "\"", "an insertion behind a blanked line stays");
    }
}
