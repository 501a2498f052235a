//! Keeping: a session outlives a reload and a crash of the page, in the browser's storage, in the form of `share::write`.
//! A session that broke the page is not run again unasked: a mark tells that it did. It must not know components.

use crate::browser::storage::{self, Kept};

/// Under which name the session of the whole page is kept. Those of embedded lessons have the lesson behind it.
const SESSION: &str = "statefulset-sandbox.session";
/// What is put behind the name for the mark of a crash.
const BROKE: &str = ".broke";
/// What is put behind the name for a text of a newer sandbox, which this one must not write over.
const ASIDE: &str = ".newer";

/// A place in the browser's storage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// `None` where nothing is to be kept.
    name: Option<String>,
    said: bool,
}

/// What was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The text.
    pub text: String,
    /// Whether the page broke when it was shown last.
    pub broke: bool,
}

impl Keep {
    /// The place of the whole page, or of an embedded lesson.
    pub fn new(lesson: Option<&str>) -> Self {
        let name = lesson.map_or_else(|| SESSION.to_owned(), |lesson| format!("{SESSION}:{lesson}"));
        Self { name: Some(name), said: false }
    }

    /// What the last visit left. The mark of a crash is taken away: it holds once.
    pub fn find(&self) -> Option<Found> {
        let name = self.name.as_ref()?;
        let mark = format!("{name}{BROKE}");
        let broke = storage::get(&mark).is_some();
        storage::remove(&mark);
        Some(Found { text: storage::get(name)?, broke })
    }

    /// Keeps a text. True where there was no room for it, the first time.
    pub fn store(&mut self, text: &str) -> bool {
        let full = self.name.as_ref().is_some_and(|name| storage::set(name, text) == Kept::Full);
        full && !std::mem::replace(&mut self.said, true)
    }

    /// Keeps a text that this sandbox cannot read for one that can.
    pub fn put_aside(&self, text: &str) {
        if let Some(name) = &self.name {
            // Without room for it, nothing else can be done.
            let _ = storage::set(&format!("{name}{ASIDE}"), text);
        }
    }

    /// The name of the session and of the mark, for the moment when the page breaks.
    pub fn names(&self) -> Option<(String, String)> {
        self.name.as_ref().map(|name| (name.clone(), format!("{name}{BROKE}")))
    }
}
