//! Expands words: variables, results of commands, arithmetic, fields, braces, files. Commands in words have been run before.
//! It must not know how commands are run.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::process::Context;

use super::state::{OUTPUT_BYTES_MAX, Shell};
use super::syntax::{Change, List, Part, Word};
use super::{arithmetic, files, pattern};

/// Fields that one word may become.
const FIELDS_MAX: usize = 100_000;

/// A piece of a field: its text, and whether it was quoted.
type Piece = (String, bool);

/// The commands in words that have to be run before the words can be expanded, in order.
pub(super) fn commands_in(shell: &Shell, words: &mut dyn Iterator<Item = &Word>) -> VecDeque<Rc<List>> {
    let mut found = VecDeque::new();
    for word in words {
        collect(shell, word, &mut found);
    }
    found
}

fn collect(shell: &Shell, word: &Word, found: &mut VecDeque<Rc<List>>) {
    for part in &word.0 {
        match part {
            Part::Command { list, .. } => found.push_back(list.clone()),
            Part::Arithmetic { expression, .. } => collect(shell, expression, found),
            Part::Variable { name, change: Some((change, word)), .. } if uses_word(*change, shell.get(name).as_deref()) => {
                collect(shell, word, found)
            }
            Part::Variable { .. } | Part::Text { .. } => {}
        }
    }
}

/// Whether `${NAME:-word}` comes to its word.
fn uses_word(change: Change, value: Option<&str>) -> bool {
    let missing = |or_empty: bool| value.is_none() || or_empty && value == Some("");
    match change {
        Change::Default { or_empty } | Change::Demand { or_empty } => missing(or_empty),
        Change::Alternative { or_empty } => !missing(or_empty),
        Change::CutStart { .. } | Change::CutEnd { .. } => true,
        Change::Length => false,
    }
}

/// Expands words, taking what their commands printed from `results`.
pub(super) struct Expansion<'a, 'b, 'c> {
    pub(super) shell: &'a Shell,
    pub(super) context: &'a Context<'c>,
    pub(super) results: &'b mut VecDeque<String>,
}

impl Expansion<'_, '_, '_> {
    /// A word as fields: split at blanks, with braces and file patterns expanded.
    pub(super) fn fields(&mut self, word: &Word) -> Result<Vec<String>, String> {
        let mut fields: Vec<Vec<Piece>> = Vec::new();
        let mut open: Option<Vec<Piece>> = None;
        let mut bytes = 0;
        for part in &word.0 {
            if let Part::Variable { name, change: None, quoted: true } = part
                && name == "@"
            {
                for (index, value) in self.shell.positional.iter().skip(1).enumerate() {
                    if index > 0 {
                        fields.extend(open.take());
                    }
                    open.get_or_insert_default().push((value.clone(), true));
                }
                continue;
            }
            let (text, quoted, splits) = self.part(part)?;
            bytes += text.len();
            short_enough(bytes)?;
            if !splits {
                open.get_or_insert_default().push((text, quoted));
                continue;
            }
            let starts_blank = text.starts_with([' ', '\t', '\n']);
            let ends_blank = text.ends_with([' ', '\t', '\n']);
            for (index, piece) in text.split([' ', '\t', '\n']).filter(|piece| !piece.is_empty()).enumerate() {
                if index > 0 || starts_blank {
                    fields.extend(open.take());
                }
                open.get_or_insert_default().push((piece.to_owned(), false));
            }
            if ends_blank {
                fields.extend(open.take());
            }
            if fields.len() > FIELDS_MAX {
                return Err(format!("a word becomes more than {FIELDS_MAX} words"));
            }
        }
        fields.extend(open);
        let mut expanded = Vec::new();
        for field in fields {
            for field in braces(field)? {
                self.files(&field, &mut expanded);
            }
        }
        Ok(expanded)
    }

    /// A word as one text: what is assigned, redirected to, or read from a here-document.
    pub(super) fn text(&mut self, word: &Word) -> Result<String, String> {
        let mut text = String::new();
        for part in &word.0 {
            text.push_str(&self.part(part)?.0);
            short_enough(text.len())?;
        }
        Ok(text)
    }

    /// A part's text, whether it counts as quoted, and whether it is split into fields.
    fn part(&mut self, part: &Part) -> Result<(String, bool, bool), String> {
        Ok(match part {
            Part::Text { text, quoted: false } if text == "~" || text.starts_with("~/") => (text.replacen('~', "/root", 1), false, false),
            Part::Text { text, quoted } => (text.clone(), *quoted, false),
            Part::Command { quoted, .. } => {
                let result = self.results.pop_front().unwrap_or_default();
                (result.trim_end_matches('\n').to_owned(), *quoted, !*quoted)
            }
            Part::Arithmetic { expression, quoted } => {
                let expression = self.text(expression)?;
                let value = arithmetic::evaluate(&expression, &|name| self.shell.get(name))?;
                (value.to_string(), *quoted, !*quoted)
            }
            Part::Variable { name, change, quoted } => (self.variable(name, change.as_ref())?, *quoted, !*quoted),
        })
    }

    fn variable(&mut self, name: &str, change: Option<&(Change, Word)>) -> Result<String, String> {
        let value = self.shell.get(name);
        let Some((change, word)) = change else {
            return Ok(value.unwrap_or_default());
        };
        let used = uses_word(*change, value.as_deref());
        let word = if used { self.text(word)? } else { String::new() };
        let value = value.unwrap_or_default();
        Ok(match change {
            Change::Default { .. } => {
                if used {
                    word
                } else {
                    value
                }
            }
            Change::Alternative { .. } => word,
            Change::Demand { .. } if used => return Err(format!("{name}: {}", if word.is_empty() { "parameter not set" } else { &word })),
            Change::Demand { .. } => value,
            Change::CutStart { longest } => pattern::cut_start(&value, &word, *longest).to_owned(),
            Change::CutEnd { longest } => pattern::cut_end(&value, &word, *longest).to_owned(),
            Change::Length => value.chars().count().to_string(),
        })
    }

    /// Adds a field, or the files that it matches where it is a pattern.
    fn files(&self, field: &[Piece], expanded: &mut Vec<String>) {
        let text: String = field.iter().map(|(text, _)| text.as_str()).collect();
        let wild = field.iter().any(|(text, quoted)| !quoted && text.contains(['*', '?', '[']));
        if wild && text.len() < 4_096 {
            let (folder, last) = text.rsplit_once('/').map_or(("", text.as_str()), |(folder, last)| (folder, last));
            let shown = if folder.is_empty() && !text.starts_with('/') { String::new() } else { format!("{folder}/") };
            let found: Vec<String> = files::list(self.shell, self.context, if shown.is_empty() { "." } else { &shown })
                .unwrap_or_default()
                .into_iter()
                .map(|entry| entry.name)
                .filter(|name| !name.starts_with('.') && pattern::matches(last, name))
                .map(|name| format!("{shown}{name}"))
                .collect();
            if !found.is_empty() {
                expanded.extend(found);
                return;
            }
        }
        expanded.push(text);
    }
}

/// `a{1..3}b` and `a{x,y}b`, where the braces are not quoted; the first braces vary slowest.
fn braces(field: Vec<Piece>) -> Result<Vec<Vec<Piece>>, String> {
    let mut all = vec![field];
    let mut at = 0;
    while let Some(field) = all.get(at) {
        let Some((index, start, end, choices)) = first_braces(field) else {
            at += 1;
            continue;
        };
        if all.len() + choices.len() > FIELDS_MAX {
            return Err(format!("a word becomes more than {FIELDS_MAX} words"));
        }
        let text = &field[index].0;
        short_enough(field.iter().map(|(text, _)| text.len()).sum::<usize>() * choices.len())?;
        let expanded: Vec<Vec<Piece>> = choices
            .into_iter()
            .map(|choice| {
                let piece = (format!("{}{choice}{}", &text[..start], &text[end + 1..]), false);
                field[..index].iter().cloned().chain([piece]).chain(field[index + 1..].iter().cloned()).collect()
            })
            .collect();
        all.splice(at..=at, expanded);
    }
    Ok(all)
}

/// A variable that doubles itself in a loop would fill the memory.
fn short_enough(bytes: usize) -> Result<(), String> {
    if bytes > OUTPUT_BYTES_MAX { Err(format!("a word becomes longer than {OUTPUT_BYTES_MAX} bytes")) } else { Ok(()) }
}

/// The first braces of a field that stand for several words: the piece, where they open and close, the words.
fn first_braces(field: &[Piece]) -> Option<(usize, usize, usize, Vec<String>)> {
    field.iter().enumerate().filter(|(_, (_, quoted))| !quoted).find_map(|(index, (text, _))| {
        text.match_indices('{').find_map(|(start, _)| {
            let end = start + text[start..].find('}')?;
            Some((index, start, end, choices(&text[start + 1..end])?))
        })
    })
}

fn choices(inside: &str) -> Option<Vec<String>> {
    if let Some((from, to)) = inside.split_once("..") {
        let (from, to) = (from.parse::<i64>().ok()?, to.parse::<i64>().ok()?);
        let count = from.abs_diff(to).min(FIELDS_MAX as u64 + 1);
        let step = if from <= to { 1 } else { -1 };
        return Some((0..=count as i64).map(|index| (from + step * index).to_string()).collect());
    }
    inside.contains(',').then(|| inside.split(',').map(str::to_owned).collect())
}
