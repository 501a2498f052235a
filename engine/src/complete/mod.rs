//! Completion: what may stand at the cursor of a line that is typed at the terminal, as bash with kubectl's completion
//! offers it. Pure: a line, a cursor and the cluster in, candidates out. Commands and flags come from kubectl's own table.
//! It joins world, shell and kubectl, and must not know keys or menus. Follows `kubectl/pkg/util/completion`.

mod arguments;
mod kubectl;
mod line;
mod objects;
mod programs;
mod values;

use crate::cluster::World;
use crate::session::terminal::Terminal;

/// More candidates than this are only counted: nobody reads a menu of a thousand.
pub const CANDIDATES_MAX: usize = 300;
/// Longer lines are not completed.
const LINE_BYTES_MAX: usize = 10_000;

/// What a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A command of kubectl.
    Command,
    /// A flag.
    Flag,
    /// A value of a flag, a part of an argument.
    Value,
    /// A kind of object.
    Resource,
    /// An object.
    Object,
    /// A container.
    Container,
    /// A program, or a word of the shell.
    Program,
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A name that a lookup may ask for.
    Name,
}

/// Something that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its text; it begins with the completion's prefix.
    pub text: String,
    /// What it is.
    pub what: What,
    /// A few words about it; often empty.
    pub note: String,
    /// Whether the word ends with it, so that a blank follows.
    pub ends: bool,
}

/// What may stand at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// What of a candidate stands before the cursor already.
    pub prefix: String,
    /// The candidates, at most [`CANDIDATES_MAX`].
    pub candidates: Vec<Candidate>,
    /// How many more there are.
    pub more: usize,
    quote: Option<char>,
}

impl Completion {
    /// What all candidates go on with.
    #[must_use]
    pub fn common(&self) -> String {
        if self.more > 0 {
            return String::new();
        }
        let mut texts = self.candidates.iter().map(|candidate| candidate.text.get(self.prefix.len()..).unwrap_or_default());
        let first = texts.next().unwrap_or_default();
        let length = texts.fold(first.len(), |length, text| {
            first[..length].char_indices().zip(text.chars()).find(|((_, one), other)| one != other).map_or_else(
                || {
                    let shorter = length.min(text.len());
                    if first.is_char_boundary(shorter) { shorter } else { 0 }
                },
                |((at, _), _)| at,
            )
        });
        escape(&first[..length], self.quote)
    }

    /// What to write at the cursor for a candidate.
    #[must_use]
    pub fn finish(&self, candidate: &Candidate) -> String {
        let mut text = escape(candidate.text.get(self.prefix.len()..).unwrap_or_default(), self.quote);
        if candidate.ends {
            text.extend(self.quote);
            text.push(' ');
        }
        text
    }
}

/// Guards what the shell would read otherwise.
fn escape(text: &str, quote: Option<char>) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        let special = match quote {
            Some('\'') => false,
            Some(_) => matches!(character, '"' | '\\' | '$' | '`'),
            None => " \t'\"\\$`|&;<>()*?[]!#~".contains(character),
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// What candidates are chosen by: all that the answer depends on.
struct Scope<'a> {
    world: &'a World,
    terminal: &'a Terminal,
}

/// Candidates on the way, those that go on from what is typed.
struct Found {
    prefix: String,
    candidates: Vec<Candidate>,
}

impl Found {
    fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), candidates: Vec::new() }
    }

    /// Takes a candidate, unless what is typed is something else or it is there already.
    fn add(&mut self, what: What, text: &str, note: impl Into<String>) {
        self.push(what, text, note.into(), true);
    }

    /// Takes a candidate after which the word goes on.
    fn add_open(&mut self, what: What, text: &str, note: impl Into<String>) {
        self.push(what, text, note.into(), false);
    }

    fn push(&mut self, what: What, text: &str, note: String, ends: bool) {
        if text.starts_with(&self.prefix) && !text.is_empty() && !self.candidates.iter().any(|known| known.text == text) {
            self.candidates.push(Candidate { text: text.to_owned(), what, note, ends });
        }
    }
}

/// What may stand at the cursor of a line typed at the terminal; `cursor` counts bytes.
#[must_use]
pub fn complete(world: &World, terminal: &Terminal, text: &str, cursor: usize) -> Completion {
    let scope = Scope { world, terminal };
    answer(text, cursor, |typed| programs::at_terminal(&scope, typed))
}

/// The same for a line that a running command reads: a shell in a container completes its programs and files, and other
/// commands nothing. `command` is the line by which it was started.
#[must_use]
pub fn complete_inside(world: &World, terminal: &Terminal, command: &str, text: &str, cursor: usize) -> Completion {
    let scope = Scope { world, terminal };
    let Some(inside) = line::read(&format!("{command} ")).and_then(|typed| kubectl::shell_of(&scope, &typed.words)) else {
        return Completion::default();
    };
    answer(text, cursor, |typed| programs::in_container(&scope, &inside, typed))
}

fn answer(text: &str, cursor: usize, find: impl FnOnce(&line::Typed) -> Found) -> Completion {
    let Some(before) = text.get(..cursor).filter(|before| before.len() <= LINE_BYTES_MAX) else {
        return Completion::default();
    };
    let Some(typed) = line::read(before) else {
        return Completion::default();
    };
    let mut found = find(&typed);
    let more = found.candidates.len().saturating_sub(CANDIDATES_MAX);
    found.candidates.truncate(CANDIDATES_MAX);
    Completion { prefix: found.prefix, candidates: found.candidates, more, quote: typed.quote }
}

#[cfg(test)]
mod tests;
