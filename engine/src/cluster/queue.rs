//! What will happen and when: one queue in a total order of time and sequence.
//! A `BTreeMap` because entries can be listed ("what happens next") and cancelled. It must not know what an entry means.

use std::collections::BTreeMap;

use crate::api::time::Ms;

/// Where an entry stands in the queue.
pub type Ticket = (Ms, u64);

/// A queue of things to happen.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    entries: BTreeMap<Ticket, T>,
    next_sequence: u64,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), next_sequence: 0 }
    }
}

impl<T> Queue<T> {
    /// Adds an entry behind all others of the same time.
    pub fn push(&mut self, at_ms: Ms, entry: T) -> Ticket {
        let ticket = (at_ms, self.next_sequence);
        self.next_sequence += 1;
        self.entries.insert(ticket, entry);
        ticket
    }

    /// Takes an entry out.
    pub fn cancel(&mut self, ticket: Ticket) -> Option<T> {
        self.entries.remove(&ticket)
    }

    /// When the first entry is due.
    pub fn next_ms(&self) -> Option<Ms> {
        self.entries.first_key_value().map(|((at_ms, _), _)| *at_ms)
    }

    /// Takes the first entry.
    pub fn pop(&mut self) -> Option<(Ms, T)> {
        self.entries.pop_first().map(|((at_ms, _), entry)| (at_ms, entry))
    }
}
