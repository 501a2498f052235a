//! Breaks text into lines at blanks, as kubectl does for `explain`. Follows `github.com/mitchellh/go-wordwrap`.
//! It must not know what the text says.

/// Breaks `text` so that no line is longer than `limit` characters, unless one word is.
pub fn wrap(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / limit.max(1));
    let mut wrapper = Wrapper { out: &mut out, written: 0, blanks: String::new(), word: String::new(), letters: 0 };
    for character in text.chars() {
        match character {
            '\n' => {
                if wrapper.word.is_empty() && wrapper.written + wrapper.blanks.len() > limit {
                    wrapper.blanks.clear();
                }
                wrapper.write();
                wrapper.out.push('\n');
                wrapper.written = 0;
            }
            _ if character.is_whitespace() && character != '\u{a0}' => {
                if wrapper.blanks.is_empty() || !wrapper.word.is_empty() {
                    wrapper.write();
                }
                wrapper.blanks.push(character);
            }
            _ => {
                wrapper.word.push(character);
                wrapper.letters += 1;
                if wrapper.written + wrapper.blanks.len() + wrapper.letters > limit && wrapper.letters < limit {
                    wrapper.out.push('\n');
                    wrapper.written = 0;
                    wrapper.blanks.clear();
                }
            }
        }
    }
    if !wrapper.word.is_empty() || wrapper.written + wrapper.blanks.len() <= limit {
        wrapper.write();
    }
    out
}

struct Wrapper<'a> {
    out: &'a mut String,
    /// How long the line is so far.
    written: usize,
    /// Blanks that stand before the word, if the line does not end there.
    blanks: String,
    word: String,
    /// How many characters the word has.
    letters: usize,
}

impl Wrapper<'_> {
    fn write(&mut self) {
        self.written += self.blanks.len() + self.letters;
        self.out.push_str(&self.blanks);
        self.out.push_str(&self.word);
        self.blanks.clear();
        self.word.clear();
        self.letters = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_blanks() {
        assert_eq!(wrap("one two three", 7), "one two\nthree");
        assert_eq!(wrap("one two\nthree four\n", 7), "one two\nthree\nfour\n");
        assert_eq!(wrap("a  - b c", 8), "a  - b c");
    }

    #[test]
    fn a_word_longer_than_a_line_stays_whole() {
        assert_eq!(wrap("see https://example.test/a/long/path now", 10), "see\nhttps://example.test/a/long/path\nnow");
    }
}
