//! What a word of a manifest means: the field at a place of the text, its type, and what the documentation says of it once the
//! texts are there. It must not know how that is shown.

use super::context::{self, Step};
use super::type_words;
use crate::schema::{self, descriptions};

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The first byte of the word.
    pub from: usize,
    /// The byte behind it.
    pub to: usize,
    /// Its path, `spec.updateStrategy.type`; the kind for the document itself.
    pub title: String,
    /// Its type.
    pub ty: String,
    /// What the documentation says; empty as long as the texts are not there.
    pub text: String,
}

/// What stands at `byte` of `text`: a key, or the value behind one.
#[must_use]
pub fn hover(text: &str, byte: usize) -> Option<Hover> {
    let mut context = context::read(text, byte)?;
    let line = &context.lines[context.at];
    let key = line.key?;
    let (from, to, path_key) = (line.start + line.column, line.start + line.colon - 1, !context.value);
    if byte < from {
        return None;
    }
    if path_key {
        // The place of a key is its own, whatever part of it the cursor is in.
        context = context::read(text, line.start + line.colon)?;
    }
    let (from, to) = if path_key { (from, to) } else { word(text, byte, line_end(text, byte)) };
    let kind = context.kind()?;
    if context.path == [Step::Key("kind")] {
        let words = descriptions::of_type(schema::of(kind)).unwrap_or_default();
        return Some(Hover { from, to, title: kind.name().to_owned(), ty: format!("<{}>", kind.api_version()), text: words });
    }
    let place = context.place()?;
    let field = place.field?;
    let path: Vec<&str> = context.path.iter().filter_map(|step| if let Step::Key(key) = step { Some(*key) } else { None }).collect();
    debug_assert!(path.last() == Some(&key));
    let text = descriptions::of_field(place.owner, field.name).unwrap_or_default();
    Some(Hover { from, to, title: path.join("."), ty: type_words(&field.ty), text })
}

/// What the documentation says of the subject of a completion, `DEFINITION.field`.
#[must_use]
pub fn explain(subject: &str) -> Option<Hover> {
    let (definition, name) = subject.rsplit_once('.')?;
    let ty = schema::by_definition(definition)?;
    let field = ty.field(name)?;
    let text = descriptions::of_field(ty, name).unwrap_or_default();
    Some(Hover { from: 0, to: 0, title: name.to_owned(), ty: type_words(&field.ty), text })
}

fn line_end(text: &str, byte: usize) -> usize {
    text.get(byte..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| byte + end)
}

/// The word around a place of a line.
fn word(text: &str, byte: usize, end: usize) -> (usize, usize) {
    let stops = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}');
    let from = text.get(..byte).and_then(|before| before.rfind(stops)).map_or(0, |at| at + 1);
    let to = text.get(byte..end).and_then(|rest| rest.find(stops)).map_or(end, |at| byte + at);
    (from, to)
}
