//! All messages of a language: English from the files that are built in, others from files of the same names that are
//! fetched when they are chosen, so that nobody loads a language that nobody reads.
//! It must not know how messages are filled in, nor how files are fetched.

use std::borrow::Cow;

use statefulset_engine::sorted::SortedMap;

/// The files of English, by area. The files of the other languages have the same names.
pub const ENGLISH: &[(&str, &str)] = &[
    ("about", include_str!("../../locales/en/about.txt")),
    ("compare", include_str!("../../locales/en/compare.txt")),
    ("editor", include_str!("../../locales/en/editor.txt")),
    ("inspect", include_str!("../../locales/en/inspect.txt")),
    ("lesson", include_str!("../../locales/en/lesson.txt")),
    ("news", include_str!("../../locales/en/news.txt")),
    ("page", include_str!("../../locales/en/page.txt")),
    ("problems", include_str!("../../locales/en/problems.txt")),
    ("resolver", include_str!("../../locales/en/resolver.txt")),
    ("share", include_str!("../../locales/en/share.txt")),
    ("stage", include_str!("../../locales/en/stage.txt")),
    ("terminal", include_str!("../../locales/en/terminal.txt")),
    ("time", include_str!("../../locales/en/time.txt")),
    ("why", include_str!("../../locales/en/why.txt")),
];

/// Messages by key.
#[derive(Debug, Default)]
pub struct Catalogue {
    messages: SortedMap<String, Cow<'static, str>>,
}

impl Catalogue {
    /// English.
    pub fn english() -> Self {
        let mut catalogue = Self::default();
        for (area, text) in ENGLISH {
            catalogue.read(area, lines(text).map(|(key, text)| (key, Cow::Borrowed(text))));
        }
        catalogue
    }

    /// A language from the texts of its files, in the order of [`ENGLISH`].
    pub fn of(files: &[String]) -> Self {
        let mut catalogue = Self::default();
        for ((area, _), text) in ENGLISH.iter().zip(files) {
            catalogue.read(area, lines(text).map(|(key, text)| (key, Cow::Owned(text.to_owned()))));
        }
        catalogue
    }

    /// Takes in an area's messages; a key that comes twice keeps its first text.
    fn read<'a>(&mut self, area: &str, messages: impl Iterator<Item = (&'a str, Cow<'static, str>)>) {
        for (key, text) in messages {
            self.messages.entry(format!("{area}.{key}")).or_insert(text);
        }
    }

    /// The text of a message.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.messages.get(key).map(Cow::as_ref)
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.messages.keys().map(String::as_str)
    }
}

/// The messages of a file: key and text. A line that is no message is passed over.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(key, text)| (key.trim(), text.trim()))
}
