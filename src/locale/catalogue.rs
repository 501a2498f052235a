//! All messages of a language, read from the files that are built in.
//! It must not know how messages are filled in.

use statefulset_engine::sorted::SortedMap;

/// The files of English, by area.
const ENGLISH: &[(&str, &str)] = &[
    ("about", include_str!("../../locales/en/about.txt")),
    ("editor", include_str!("../../locales/en/editor.txt")),
    ("news", include_str!("../../locales/en/news.txt")),
    ("page", include_str!("../../locales/en/page.txt")),
    ("problems", include_str!("../../locales/en/problems.txt")),
    ("resolver", include_str!("../../locales/en/resolver.txt")),
    ("stage", include_str!("../../locales/en/stage.txt")),
    ("terminal", include_str!("../../locales/en/terminal.txt")),
    ("time", include_str!("../../locales/en/time.txt")),
    ("why", include_str!("../../locales/en/why.txt")),
];

/// Messages by key.
#[derive(Debug, Default)]
pub struct Catalogue {
    messages: SortedMap<String, &'static str>,
}

thread_local! {
    /// The messages of the page's language.
    pub static CATALOGUE: Catalogue = Catalogue::read(ENGLISH);
}

impl Catalogue {
    /// Reads files; a line that is no message is passed over, a key that comes twice keeps its first text.
    fn read(files: &[(&str, &'static str)]) -> Self {
        let mut messages = SortedMap::new();
        for (area, text) in files {
            for (key, text) in lines(text) {
                messages.entry(format!("{area}.{key}")).or_insert(text);
            }
        }
        Self { messages }
    }

    /// The text of a message.
    pub fn find(&self, key: &str) -> Option<&'static str> {
        self.messages.get(key).copied()
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.messages.keys().map(String::as_str)
    }
}

/// The messages of a file: key and text.
fn lines(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(key, text)| (key.trim(), text.trim()))
}
