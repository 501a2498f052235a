//! Where in an object a place of the text is: found by the indentation of the lines above it, so that it is right also in a line
//! that is not YAML yet. It must not know what the fields mean, only how the structure nests.

use crate::api::kind::Kind;
use crate::manifest::chunks;
use crate::schema::{self, Field, FieldType, Type};

/// A line of a document.
pub(super) struct Line<'t> {
    /// Where it starts in the whole text.
    pub(super) start: usize,
    /// Its words, without the line break.
    pub(super) text: &'t str,
    /// The columns of its dashes.
    pub(super) dashes: Vec<usize>,
    /// The column of what follows the dashes.
    pub(super) column: usize,
    /// Its key, if it has one.
    pub(super) key: Option<&'t str>,
    /// The column behind the key's colon.
    pub(super) colon: usize,
    /// Whether it is part of a block of text, a comment, or blank.
    pub(super) silent: bool,
}

/// One step down into an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'t> {
    /// Into a key's value.
    Key(&'t str),
    /// Into an element of a list.
    Element,
}

/// What a place of the text is about.
pub(super) struct Context<'t> {
    /// The lines of its document.
    pub(super) lines: Vec<Line<'t>>,
    /// Which of them it is in.
    pub(super) at: usize,
    /// The steps to the mapping (for a key) or the key (for a value) that it belongs to.
    pub(super) path: Vec<Step<'t>>,
    /// The column at which a key here stands.
    pub(super) column: usize,
    /// Whether a value stands here, rather than a key.
    pub(super) value: bool,
    /// The first byte of the word here.
    pub(super) from: usize,
}

/// Reads the document around `byte`.
pub(super) fn read(text: &str, byte: usize) -> Option<Context<'_>> {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let chunks = chunks::split(text);
    let chunk = chunks.iter().rfind(|chunk| chunk.start <= byte);
    let (start, end) = chunk.map_or((0, 0), |chunk| (chunk.start, chunk.end));
    // Behind the last separator a new document begins.
    let (start, end) = if byte > end { (text[..byte].rfind('\n').map_or(0, |at| at + 1), byte) } else { (start, end) };
    let lines = lines(text.get(start..end)?, start);
    let at = lines.iter().rposition(|line| line.start <= byte)?;
    let line = &lines[at];
    let column = byte - line.start;
    let before = line.text.get(..column.min(line.text.len())).unwrap_or(line.text);
    if lines[at].silent && !before.trim().is_empty() {
        return None;
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    let value = line.key.is_some() && column >= line.colon;
    let mut from = byte - before.chars().rev().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
    if !value {
        from = from.max(line.start + line.column.min(column));
    }
    let here = from - line.start;
    let mut path = path_above(&lines, at, if value { line.column } else { here });
    if value && let Some(key) = line.key {
        path.push(Step::Key(key));
    }
    Some(Context { at, path, column: if value { line.column } else { here }, value, from, lines })
}

/// The lines of a document that starts at byte `start` of the text.
fn lines(document: &str, start: usize) -> Vec<Line<'_>> {
    let mut out: Vec<Line<'_>> = Vec::new();
    let mut at = start;
    // The column of the key whose block of text goes on.
    let mut block: Option<usize> = None;
    for whole in document.split_inclusive('\n').chain((document.is_empty() || document.ends_with('\n')).then_some("")) {
        let text = whole.trim_end_matches(['\n', '\r']);
        let mut line = Line { start: at, text, dashes: Vec::new(), column: 0, key: None, colon: 0, silent: true };
        at += whole.len();
        let mut column = text.len() - text.trim_start_matches([' ', '\t']).len();
        line.column = column;
        let blank = text.trim().is_empty();
        if block.is_some_and(|key| blank || column > key) {
            out.push(line);
            continue;
        }
        block = None;
        if blank || text.trim_start().starts_with('#') || text.starts_with("---") {
            line.column = text.len();
            out.push(line);
            continue;
        }
        line.silent = false;
        while let Some(rest) = text.get(column..).filter(|rest| *rest == "-" || rest.starts_with("- ")) {
            line.dashes.push(column);
            let inside = rest[1..].trim_start_matches(' ');
            column += rest.len() - inside.len();
        }
        line.column = column;
        let rest = text.get(column..).unwrap_or_default();
        if let Some(end) = rest.find(": ").or_else(|| rest.ends_with(':').then(|| rest.len() - 1))
            && !rest[..end].contains(['{', '[', '#'])
        {
            line.key = Some(rest[..end].trim_matches(['"', '\'']));
            line.colon = column + end + 1;
            let value = rest[end + 1..].trim_start();
            if value.starts_with(['|', '>']) {
                block = Some(line.dashes.last().copied().unwrap_or(column));
            }
        }
        out.push(line);
    }
    out
}

/// The steps from the document's root to the mapping whose keys stand at `column` of line `at`.
fn path_above<'t>(lines: &[Line<'t>], at: usize, column: usize) -> Vec<Step<'t>> {
    let mut climb = Climb { path: Vec::new(), column, in_list: false };
    climb.dashes(&lines[at]);
    for line in lines[..at].iter().rev().filter(|line| !line.silent) {
        if climb.column == 0 && !climb.in_list {
            break;
        }
        let empty = || line.text.get(line.colon..).is_some_and(|rest| rest.split(" #").next().is_some_and(|rest| rest.trim().is_empty()));
        match line.key {
            // A list may stand at the very column of the key that it belongs to.
            Some(key) if line.column < climb.column || climb.in_list && line.column == climb.column && empty() => {
                climb.path.push(Step::Key(key));
                climb.column = line.column;
                climb.in_list = false;
                climb.dashes(line);
            }
            // A sibling that begins the element.
            _ if line.column == climb.column && !climb.in_list => climb.dashes(line),
            _ => {}
        }
    }
    climb.path.reverse();
    climb.path
}

/// The way up from a place: the steps so far, deepest first, and the column of what they lead to.
struct Climb<'t> {
    path: Vec<Step<'t>>,
    column: usize,
    in_list: bool,
}

impl Climb<'_> {
    /// Out of the elements that a line begins.
    fn dashes(&mut self, line: &Line<'_>) {
        for dash in line.dashes.iter().rev() {
            if *dash < self.column {
                self.path.push(Step::Element);
                self.column = *dash;
                self.in_list = true;
            }
        }
    }
}

impl<'t> Context<'t> {
    /// The kind of the document, where it names one; one of the same name where its version is not known.
    pub(super) fn kind(&self) -> Option<Kind> {
        let name = self.top("kind")?;
        let version = self.top("apiVersion").unwrap_or_default();
        Kind::of(version, name).or_else(|| Kind::by_name(name).filter(|_| !version.contains("/v") || !version.contains('.')))
    }

    /// The value of a key of the document itself.
    pub(super) fn top(&self, key: &str) -> Option<&'t str> {
        let line = self.lines.iter().find(|line| !line.silent && line.column == 0 && line.key == Some(key))?;
        let value = line.text.get(line.colon..)?.split(" #").next()?.trim().trim_matches(['"', '\'']);
        (!value.is_empty()).then_some(value)
    }

    /// The field that the path leads to and what is there; the document itself for an empty path.
    pub(super) fn place(&self) -> Option<Place> {
        let mut place = Place { owner: schema::of(self.kind()?), field: None, ty: None };
        for step in &self.path {
            match step {
                Step::Key(key) => {
                    let owner = match &place.ty {
                        None => place.owner,
                        Some(FieldType::Map(element)) => {
                            place.ty = Some(FieldType::clone(element));
                            continue;
                        }
                        Some(FieldType::List(_)) => return None,
                        Some(ty) => ty.object()?,
                    };
                    let field = owner.field(key)?;
                    place = Place { owner, field: Some(field), ty: Some(field.ty.clone()) };
                }
                Step::Element => {
                    let Some(FieldType::List(element)) = place.ty else {
                        return None;
                    };
                    place.ty = Some(*element);
                }
            }
        }
        Some(place)
    }

    /// The keys beside the place, the line's own left out.
    pub(super) fn siblings(&self) -> Vec<&'t str> {
        let mut found = Vec::new();
        let collect = |line: &Line<'t>, found: &mut Vec<&'t str>| {
            if line.column == self.column {
                found.extend(line.key);
            }
        };
        // Upwards to the line that begins this mapping.
        if self.lines[self.at].dashes.is_empty() || self.lines[self.at].silent {
            for line in self.lines[..self.at].iter().rev().filter(|line| !line.silent) {
                if line.column < self.column {
                    break;
                }
                collect(line, &mut found);
                if line.dashes.last().is_some_and(|dash| *dash < self.column) {
                    break;
                }
            }
        }
        for line in self.lines[self.at + 1..].iter().filter(|line| !line.silent) {
            if line.column < self.column || !line.dashes.is_empty() && line.dashes[0] < self.column {
                break;
            }
            collect(line, &mut found);
        }
        found
    }
}

/// Where a path leads.
pub(super) struct Place {
    /// The type that has the field.
    pub(super) owner: &'static Type,
    /// The field; `None` for the document itself.
    pub(super) field: Option<&'static Field>,
    /// What is there; `None` for the document itself.
    pub(super) ty: Option<FieldType>,
}

impl Place {
    /// The type whose fields can stand here as keys.
    pub(super) fn keys(&self) -> Option<&'static Type> {
        match &self.ty {
            None => Some(self.owner),
            Some(FieldType::Object(_)) => self.ty.as_ref().and_then(FieldType::object),
            Some(_) => None,
        }
    }
}
