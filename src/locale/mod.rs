//! The page's text: finds a message by its key and fills in its arguments.
//!
//! A language is a folder of files `locales/LANGUAGE/AREA.txt` with lines `key = text with {argument}`; a message is
//! called `AREA.key`. A message that depends on a number has one line for each plural category of the language: `pods.one`,
//! `pods.other`. English is built in; what another language lacks is shown in English.
//! It must not know the page or the cluster.

mod catalogue;
mod language;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};

pub use catalogue::{Catalogue, ENGLISH};
pub use language::Language;

thread_local! {
    static ENGLISH_CATALOGUE: Catalogue = Catalogue::english();
    static CURRENT: Cell<Language> = const { Cell::new(Language::English) };
    /// The messages of the current language, where that is not English.
    static FETCHED: RefCell<Catalogue> = RefCell::new(Catalogue::default());
}

/// The language that messages are in.
pub fn current() -> Language {
    CURRENT.get()
}

/// Has messages in a language from now on. `files` are its texts in the order of [`ENGLISH`]; English needs none.
pub fn install(language: Language, files: &[String]) {
    FETCHED.set(Catalogue::of(files));
    CURRENT.set(language);
}

/// Values of a message's arguments, by name.
pub type Arguments<'a> = &'a [(&'a str, &'a str)];

/// A piece of a filled-in message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The message's own words.
    Words(String),
    /// The value of an argument: its name and what was put there.
    Value(String, String),
}

/// A message, filled in. A message that is missing shows its key: visible, and harmless.
pub fn tr(key: &str, arguments: Arguments<'_>) -> String {
    pieces(key, arguments)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(text) | Piece::Value(_, text) => text,
        })
        .collect()
}

/// A message that depends on a number, filled in; the number is the argument `count`.
pub fn tr_count(key: &str, count: u64, arguments: Arguments<'_>) -> String {
    let number = count.to_string();
    let mut all = vec![("count", number.as_str())];
    all.extend_from_slice(arguments);
    tr(&format!("{key}.{}", current().plural(count)), &all)
}

/// A message in pieces, for places that set an argument off from the words.
pub fn pieces(key: &str, arguments: Arguments<'_>) -> Vec<Piece> {
    look_up(key, |text| fill(text.unwrap_or(key), arguments))
}

/// Whether there is a message of this key.
pub fn has(key: &str) -> bool {
    look_up(key, |text| text.is_some())
}

/// Finds a message in the current language, or else in English.
fn look_up<T>(key: &str, then: impl FnOnce(Option<&str>) -> T) -> T {
    FETCHED.with_borrow(|fetched| match fetched.find(key) {
        Some(text) => then(Some(text)),
        None => ENGLISH_CATALOGUE.with(|english| then(english.find(key))),
    })
}

/// Puts arguments into a text. What is in braces and no argument stays as it is.
fn fill(text: &str, arguments: Arguments<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        words.push_str(before);
        let value = from.find('}').and_then(|close| {
            let name = &from[1..close];
            arguments.iter().find(|(argument, _)| *argument == name).map(|(_, value)| (name, *value, close))
        });
        match value {
            Some((name, value, close)) => {
                if !words.is_empty() {
                    pieces.push(Piece::Words(std::mem::take(&mut words)));
                }
                pieces.push(Piece::Value(name.to_owned(), value.to_owned()));
                rest = &from[close + 1..];
            }
            None => {
                words.push('{');
                rest = &from[1..];
            }
        }
    }
    words.push_str(rest);
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    pieces
}
