//! What is wrong with a text as a whole: its form and structure (`manifest`), its values as the API server would judge them
//! (`api::validation`, beside the live objects where there are any), and its meaning, across documents and against the cluster.
//! Every problem has a code, a place, arguments and, where it is clear, a fix; the server's own words are its argument `api`.
//!
//! A reviewer remembers each document by its text, so that a key press costs one document. It changes no cluster and must not
//! know the page.

mod live;
mod meaning;
mod part;
mod plan;
mod refusal;
mod surprises;

use crate::api::time::Epoch;
use crate::cluster::store::Store;
use crate::manifest::{DOCUMENTS_MAX, Lines, Problem, Severity, TEXT_BYTES_MAX, chunks, parse};
use crate::order;

use part::Part;

pub use live::{LiveLine, Origin, live_lines};
pub use plan::{Fate, Plan, PlannedDiff, plan};

/// The cluster that a text is judged beside.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Its objects.
    pub store: &'a Store,
    /// The namespace of objects that name none.
    pub namespace: &'a str,
    /// The calendar's start, to read live objects with.
    pub epoch: Epoch,
}

/// Judges texts, and remembers the documents of the last one.
#[derive(Default)]
pub struct Reviewer {
    parts: Vec<Part>,
    /// How many of the parts belong to the text that is being read; the others are left from the one before.
    read: usize,
    bytes: usize,
}

impl Reviewer {
    /// All problems of `text`, in the order of the text.
    pub fn review(&mut self, text: &str, around: Option<Surroundings<'_>>) -> Vec<Problem> {
        self.start();
        self.go_on(text, around, || true).unwrap_or_default()
    }

    /// Begins to read a text anew; what is the same in it as before is remembered.
    pub fn start(&mut self) {
        (self.read, self.bytes) = (0, 0);
    }

    /// Reads on from where it stopped, a document at a time, as long as `more` says so. The problems, once all is read.
    pub fn go_on(&mut self, text: &str, around: Option<Surroundings<'_>>, mut more: impl FnMut() -> bool) -> Option<Vec<Problem>> {
        if text.len() > TEXT_BYTES_MAX {
            self.parts.clear();
            return Some(parse(text).problems);
        }
        let chunks = chunks::split(text);
        while self.read < chunks.len().min(DOCUMENTS_MAX) {
            // The first chunk takes a byte order mark with it, each takes the separator line behind it.
            let start = self.bytes;
            let end = chunks.get(self.read + 1).map_or(text.len(), |next| next.start);
            let words = text.get(start..end).unwrap_or_default();
            let index = self.read;
            let found = (index..self.parts.len()).find(|at| self.parts[*at].text() == words);
            match found {
                Some(at) => self.parts.swap(index, at),
                None => {
                    let part = Part::read(words);
                    self.parts.insert(index, part);
                }
            }
            self.parts[index].judge(around);
            self.read += 1;
            self.bytes = end;
            if self.read < chunks.len() && !more() {
                return None;
            }
        }
        self.parts.truncate(self.read);
        Some(self.all(text, chunks.len(), around))
    }

    /// The problems of all parts in the places of the whole text, with those that only show beside each other.
    fn all(&self, text: &str, chunks: usize, around: Option<Surroundings<'_>>) -> Vec<Problem> {
        let mut out = Vec::new();
        let between = meaning::between(&self.parts, around);
        let (mut bytes, mut lines) = (0, 0);
        for (index, part) in self.parts.iter().enumerate() {
            let own = part.problems().iter().chain(between.get(index).into_iter().flatten());
            out.extend(own.map(|problem| problem.moved(bytes, lines)));
            bytes += part.text().len();
            lines += part.lines() - 1;
        }
        if chunks > DOCUMENTS_MAX {
            let lines = Lines::new(text);
            let limit = DOCUMENTS_MAX.to_string();
            out.push(Problem::new("too-many-documents", Severity::Error, text, &lines, bytes, bytes).arg("limit", limit));
        }
        order::sort_by_key(&mut out, |problem| (problem.range.start.byte, problem.range.end.byte));
        out
    }
}
