//! The moments of a run to come back to: copies of its head at regular steps. Going to any place is a copy of the last one
//! before it and the few steps from there. Their number and memory are bounded: where there are too many, every second one
//! goes and they are taken half as often from then on. It must not know what a head is made of.

use std::rc::Rc;

use statefulset_engine::api::time::Ms;

use super::acts::Place;
use super::head::Head;

/// Steps between two of them at first: so few that going anywhere takes a few milliseconds.
const EVERY_STEPS: u64 = 32;
/// How many there are at most.
const COUNT_MAX: usize = 512;
/// How much memory they may hold that they do not share, about.
const BYTES_MAX: usize = 48 * 1024 * 1024;

/// The copies, in order of their places. There is always one, of the start.
#[derive(Clone, Debug)]
pub struct Snapshots {
    kept: Vec<Rc<Head>>,
    every: u64,
    bytes: usize,
}

impl Snapshots {
    /// Only the start.
    pub fn new(start: Head) -> Self {
        Self { bytes: start.own_bytes(), kept: vec![Rc::new(start)], every: EVERY_STEPS }
    }

    /// How many there are, and about how many bytes they hold.
    pub fn size(&self) -> (usize, usize) {
        (self.kept.len(), self.bytes)
    }

    /// The last one at or before a place.
    pub fn before(&self, place: Place) -> &Rc<Head> {
        self.last_where(|head| head.place() <= place)
    }

    /// The last one at or before a moment.
    pub fn before_ms(&self, at_ms: Ms) -> &Rc<Head> {
        self.last_where(|head| head.place().at_ms <= at_ms)
    }

    fn last_where(&self, holds: impl Fn(&Head) -> bool) -> &Rc<Head> {
        let behind = self.kept.partition_point(|head| holds(head));
        &self.kept[behind.saturating_sub(1)]
    }

    /// Keeps a copy of a head at the newest place of the run, where it is time for one.
    pub fn offer(&mut self, head: &Head) {
        let last = self.kept.last().map(|last| last.place().steps).unwrap_or_default();
        if head.place().steps < last + self.every {
            return;
        }
        self.bytes += head.own_bytes();
        self.kept.push(Rc::new(head.clone()));
        while self.kept.len() > COUNT_MAX || (self.bytes > BYTES_MAX && self.kept.len() > 2) {
            self.thin();
        }
    }

    fn thin(&mut self) {
        let mut index = 0;
        self.kept.retain(|_| {
            index += 1;
            index % 2 == 1
        });
        self.every = self.every.saturating_mul(2);
        self.bytes = self.kept.iter().map(|head| head.own_bytes()).sum();
    }

    /// Those up to a place, shared.
    pub fn up_to(&self, place: Place) -> Self {
        let kept: Vec<Rc<Head>> = self.kept.iter().take_while(|head| head.place() <= place).cloned().collect();
        let bytes = kept.iter().map(|head| head.own_bytes()).sum();
        Self { kept, every: self.every, bytes }
    }
}
