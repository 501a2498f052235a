//! The tree of one document with the place of every node: what the text says before any meaning is given to it.
//! It must not know Kubernetes.

use super::position::Range;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes: the only style whose text can mean something other than a string.
    Plain,
    /// In `'` quotes.
    SingleQuoted,
    /// In `"` quotes.
    DoubleQuoted,
    /// A block after `|`.
    Literal,
    /// A block after `>`.
    Folded,
}

/// How a sequence or mapping is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectionStyle {
    /// By indentation.
    Block,
    /// In brackets or braces.
    Flow,
}

/// A node and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// From its first to behind its last character; without surrounding blanks and comments. An absent value has
    /// an empty range behind its key.
    pub range: Range,
    /// What it is.
    pub kind: NodeKind,
    /// Its explicit tag, as written after resolving handles, such as `tag:yaml.org,2002:str`.
    pub tag: Option<String>,
    /// The number of its anchor (`&name`) within the document, which aliases refer to.
    pub anchor: Option<usize>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// A word, number, text: anything without children.
    Scalar {
        /// The text after quotes and escapes are taken away.
        text: String,
        /// How it is written.
        style: ScalarStyle,
    },
    /// A list.
    Sequence {
        /// Its elements.
        items: Vec<Node>,
        /// How it is written.
        style: CollectionStyle,
    },
    /// Keys with values, in the order of the text, repeated keys included.
    Mapping {
        /// Its entries.
        entries: Vec<Entry>,
        /// How it is written.
        style: CollectionStyle,
    },
    /// `*name`: stands for the node with the anchor `&name` of the number `target` in the document.
    Alias {
        /// The anchor's number within the document; `None` where no such anchor comes before it.
        target: Option<usize>,
    },
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// A comment, with its `#`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// Its place.
    pub range: Range,
    /// Its text behind the `#`.
    pub text: String,
}

impl Node {
    /// A value left out, at `range`.
    #[must_use]
    pub fn absent(range: Range) -> Node {
        Node { range, kind: NodeKind::Scalar { text: String::new(), style: ScalarStyle::Plain }, tag: None, anchor: None }
    }

    /// The text of a scalar.
    #[must_use]
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The entries of a mapping; empty for everything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            NodeKind::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The elements of a sequence; empty for everything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    /// The entry of `key` that counts: the last one, as the API server reads repeated keys.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| entry.key.scalar() == Some(key))
    }

    /// Whether it is a plain empty scalar, that is, a value left out.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar { text, style: ScalarStyle::Plain } if text.is_empty())
    }
}
