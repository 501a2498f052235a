//! A list that only grows at its end, in chunks that copies share: copying one costs little however long it is, which is
//! what lets a run be remembered at many moments. It must not know what it lists.

use std::rc::Rc;

/// Entries of a chunk.
const CHUNK: usize = 256;

/// A list that grows at its end.
#[derive(Clone, Debug)]
pub struct Journal<T> {
    /// All but the last are full; none is empty.
    chunks: Vec<Rc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Journal<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T> Journal<T> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The entry at a place, counted from the oldest.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.chunks.get(at / CHUNK)?.get(at % CHUNK)
    }

    /// The newest entry.
    pub fn last(&self) -> Option<&T> {
        self.chunks.last()?.last()
    }

    /// The entries, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.since(0)
    }

    /// The entries from a place on, oldest first.
    pub fn since(&self, from: usize) -> impl DoubleEndedIterator<Item = &T> {
        let chunks = self.chunks.get(from / CHUNK..).unwrap_or_default();
        chunks.iter().enumerate().flat_map(move |(index, chunk)| {
            let skipped = if index == 0 { from % CHUNK } else { 0 };
            chunk.get(skipped..).unwrap_or_default()
        })
    }

    /// Forgets all entries.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl<T: Clone> Journal<T> {
    /// Adds an entry.
    pub fn push(&mut self, entry: T) {
        match self.chunks.last_mut().filter(|chunk| chunk.len() < CHUNK) {
            Some(chunk) => Rc::make_mut(chunk).push(entry),
            None => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(entry);
                self.chunks.push(Rc::new(chunk));
            }
        }
        self.len += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_share_what_was_written_before_and_nothing_after() {
        let mut journal = Journal::default();
        for number in 0..600 {
            journal.push(number);
        }
        let copy = journal.clone();
        journal.push(600);
        assert_eq!((copy.len(), journal.len()), (600, 601));
        assert_eq!((copy.get(600), journal.get(600), copy.last()), (None, Some(&600), Some(&599)));
        assert!(Rc::ptr_eq(&copy.chunks[1], &journal.chunks[1]));
    }

    #[test]
    fn entries_are_listed_from_any_place_in_both_directions() {
        let mut journal = Journal::default();
        for number in 0..1_000 {
            journal.push(number);
        }
        for from in [0, 1, 255, 256, 257, 999, 1_000, 2_000] {
            assert!(journal.since(from).copied().eq(from..1_000), "{from}");
            assert!(journal.since(from).rev().copied().eq((from..1_000).rev()), "{from}");
        }
        assert_eq!((journal.last(), journal.get(1_000)), (Some(&999), None));
        journal.clear();
        assert!(journal.is_empty());
    }
}
