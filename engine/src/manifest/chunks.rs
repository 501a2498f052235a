//! Cuts a text into documents at `---` lines, exactly where kubectl cuts it (apimachinery `YAMLReader`), so that line
//! numbers and "which documents are still applied" come out as kubectl's. It must not know YAML beyond that.

/// One document's stretch of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A document separator as kubectl recognises it: `---` at the line's start, then only blanks or a comment.
fn is_separator(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| {
        let rest = rest.trim();
        rest.is_empty() || rest.starts_with('#')
    })
}

/// The documents of `text`. A separator at the very start belongs to the document after it, as in kubectl.
pub(crate) fn split(text: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if is_separator(line) && at > start {
            chunks.push(Chunk { start, end: at });
            start = at + line.len();
        }
        at += line.len();
    }
    if at > start {
        chunks.push(Chunk { start, end: at });
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        split(text).iter().map(|chunk| &text[chunk.start..chunk.end]).collect()
    }

    #[test]
    fn documents_end_where_kubectl_ends_them() {
        assert_eq!(parts("a: 1\n---\nb: 2\n"), ["a: 1\n", "b: 2\n"]);
        assert_eq!(parts("---\na: 1\n--- # two\nb"), ["---\na: 1\n", "b"]);
        assert_eq!(parts("a\n--- b\nc"), ["a\n--- b\nc"]);
        assert_eq!(parts("a\n ---\n----\n"), ["a\n ---\n----\n"]);
        assert_eq!(parts("---\n---\n"), ["---\n"]);
        assert!(parts("").is_empty());
    }
}
