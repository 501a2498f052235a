//! Builds the spanned tree of one document from the events of the YAML parser. It must not know what scalars mean.

use granit_parser::{ErrorKind, Event, Parser, Span, StructureStyle, Tag};

use super::node::{CollectionStyle, Comment, Entry, Node, NodeKind, ScalarStyle};
use super::position::Range;

/// Deepest nesting of lists and mappings that is read. Kubernetes objects need about twenty; the bound keeps
/// recursion over trees and values far from the end of the stack, also in a browser.
pub(crate) const NESTING_MAX: usize = 100;

/// Comment lines in a row that the parser may hold back while it looks ahead: a file can begin with a long licence.
const COMMENTS_BUFFERED_MAX: usize = 100_000;

/// What one run over a document gave.
pub(crate) struct Built {
    /// The tree, whole or up to the error.
    pub(crate) root: Option<Node>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) error: Option<TreeError>,
    /// Aliases without an anchor: name and place.
    pub(crate) unknown_aliases: Vec<(String, Range)>,
    /// Where a second document begins that kubectl would not read (after `...` or `--- text`).
    pub(crate) ignored_from: Option<usize>,
}

/// Where and why the parser stopped.
pub(crate) struct TreeError {
    pub(crate) kind: ErrorKind,
    /// Byte in the text given to [`build`].
    pub(crate) byte: usize,
}

struct Frame {
    node: Node,
    key: Option<Node>,
}

/// Parses `text`; `place` turns a stretch of it into a range of the text the user wrote.
pub(crate) fn build(text: &str, place: &dyn Fn(usize, usize) -> Range) -> Built {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        max_buffered_comment_events: COMMENTS_BUFFERED_MAX,
        flow_nesting_limit: NESTING_MAX,
        block_nesting_limit: NESTING_MAX,
    };
    let mut builder = Builder {
        text,
        place,
        stack: Vec::new(),
        built: Built { root: None, comments: Vec::new(), error: None, unknown_aliases: Vec::new(), ignored_from: None },
        documents: 0,
        ended: false,
    };
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok((event, span)) => {
                if !builder.take(event, span) {
                    break;
                }
            }
            // Behind the end of the first document nothing counts, broken or not: kubectl does not look.
            Err(error) if builder.ended => {
                builder.built.ignored_from = error.marker().byte_offset();
                break;
            }
            Err(error) => {
                builder.built.error = Some(TreeError {
                    byte: error.marker().byte_offset().unwrap_or(text.len()).min(text.len()),
                    kind: error.kind().clone(),
                });
                break;
            }
        }
    }
    while !builder.stack.is_empty() {
        builder.close(None);
    }
    builder.built
}

struct Builder<'a> {
    text: &'a str,
    place: &'a dyn Fn(usize, usize) -> Range,
    stack: Vec<Frame>,
    built: Built,
    documents: usize,
    ended: bool,
}

impl Builder<'_> {
    /// Takes one event; false where the rest of the text does not count.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        let bytes = span.byte_range().unwrap_or(self.text.len()..self.text.len());
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.built.ignored_from = Some(bytes.start);
                    return false;
                }
            }
            Event::Comment(text, _) => {
                self.built.comments.push(Comment { range: (self.place)(bytes.start, bytes.end), text: text.into_owned() })
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(text.into_owned(), style, bytes, anchor, tag.as_deref());
                self.add(node);
            }
            Event::Alias(id) => {
                let node = self.alias(bytes, Some(id));
                self.add(node);
            }
            Event::UnresolvedAlias(name) => {
                let node = self.alias(bytes, None);
                self.built.unknown_aliases.push((name.into_owned(), node.range));
                self.add(node);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let kind = NodeKind::Sequence { items: Vec::new(), style: collection(style) };
                self.open(kind, bytes, anchor, tag.as_deref());
            }
            Event::MappingStart(style, anchor, tag) => {
                let kind = NodeKind::Mapping { entries: Vec::new(), style: collection(style) };
                self.open(kind, bytes, anchor, tag.as_deref());
            }
            Event::DocumentEnd => self.ended = true,
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(bytes.end)),
            _ => {}
        }
        true
    }

    fn scalar(
        &self,
        text: String,
        style: granit_parser::ScalarStyle,
        bytes: std::ops::Range<usize>,
        anchor: usize,
        tag: Option<&Tag>,
    ) -> Node {
        let style = match style {
            granit_parser::ScalarStyle::Plain => ScalarStyle::Plain,
            granit_parser::ScalarStyle::SingleQuoted => ScalarStyle::SingleQuoted,
            granit_parser::ScalarStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
            granit_parser::ScalarStyle::Literal => ScalarStyle::Literal,
            granit_parser::ScalarStyle::Folded => ScalarStyle::Folded,
        };
        // The parser gives a value left out as `~` without any extent.
        let absent = style == ScalarStyle::Plain && bytes.is_empty();
        let text = if absent { String::new() } else { text };
        let range = if absent {
            let at = self.absent_at(bytes.start);
            (self.place)(at, at)
        } else {
            let written = self.text.get(bytes.clone()).unwrap_or("").trim_end();
            (self.place)(bytes.start, bytes.start + written.len())
        };
        Node { range, kind: NodeKind::Scalar { text, style }, tag: tag.map(tag_name), anchor: (anchor != 0).then_some(anchor) }
    }

    /// Where a value that was left out would stand: behind the last character before `byte` that is not blank.
    fn absent_at(&self, byte: usize) -> usize {
        self.text.get(..byte).map_or(byte, |before| before.trim_end().len())
    }

    fn alias(&self, bytes: std::ops::Range<usize>, target: Option<usize>) -> Node {
        Node { range: (self.place)(bytes.start, bytes.end), kind: NodeKind::Alias { target }, tag: None, anchor: None }
    }

    fn open(&mut self, kind: NodeKind, bytes: std::ops::Range<usize>, anchor: usize, tag: Option<&Tag>) {
        self.stack.push(Frame {
            node: Node {
                range: (self.place)(bytes.start, bytes.end),
                kind,
                tag: tag.map(tag_name),
                anchor: (anchor != 0).then_some(anchor),
            },
            key: None,
        });
    }

    fn close(&mut self, end: Option<usize>) {
        let Some(mut frame) = self.stack.pop() else {
            return;
        };
        if let Some(key) = frame.key.take() {
            let at = key.range.end;
            let value = Node::absent(Range { start: at, end: at });
            if let NodeKind::Mapping { entries, .. } = &mut frame.node.kind {
                entries.push(Entry { key, value });
            }
        }
        let (style, last) = match &frame.node.kind {
            NodeKind::Sequence { items, style } => (*style, items.last().map(|item| item.range)),
            NodeKind::Mapping { entries, style } => (*style, entries.last().map(|entry| entry.value.range)),
            _ => return,
        };
        match (style, end) {
            (CollectionStyle::Flow, Some(end)) => frame.node.range.end = (self.place)(end, end).end,
            _ => {
                if let Some(last) = last {
                    frame.node.range.end = last.end.max(frame.node.range.start);
                }
            }
        }
        self.add(frame.node);
    }

    fn add(&mut self, node: Node) {
        let Some(frame) = self.stack.last_mut() else {
            if self.built.root.is_none() {
                self.built.root = Some(node);
            }
            return;
        };
        match &mut frame.node.kind {
            NodeKind::Sequence { items, .. } => items.push(node),
            NodeKind::Mapping { entries, .. } => match frame.key.take() {
                None => frame.key = Some(node),
                Some(key) => {
                    let mut value = node;
                    if value.is_absent() {
                        // An empty value stands behind its own key, whatever follows.
                        let mut at = key.range.end;
                        if self.text.is_empty() || value.range.start.byte <= at.byte {
                            value.range.start = value.range.start.max(at);
                        } else {
                            // Behind the colon, where that stands on the key's own line.
                            if value.range.start.line == at.line {
                                at.byte += 1;
                                at.column += 1;
                            }
                            value.range.start = at;
                        }
                        value.range.end = value.range.start;
                    }
                    entries.push(Entry { key, value });
                }
            },
            _ => {}
        }
    }
}

fn collection(style: StructureStyle) -> CollectionStyle {
    match style {
        StructureStyle::Block => CollectionStyle::Block,
        StructureStyle::Flow => CollectionStyle::Flow,
    }
}

fn tag_name(tag: &Tag) -> String {
    format!("{}{}", tag.handle(), tag.suffix())
}
