//! Sorted maps and sets in vectors of short vectors, for small code: no tree to balance, and still little to move at a change.
//! Copies share the short vectors until one of them changes, so that a world can be remembered at many moments.
//! The names and meanings are those of `BTreeMap` and `BTreeSet`, whose code is some kilobytes for each pair of types.

use std::borrow::Borrow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::iter::FlatMap;
use std::ops::{Bound, RangeBounds};
use std::rc::Rc;
use std::{slice, vec};

/// The most entries of a chunk.
const CHUNK: usize = 64;

/// A map in order of its keys.
#[derive(Clone, Debug)]
pub struct SortedMap<K, V> {
    /// None is empty, but for the only one: a map that is filled and emptied all the time keeps its memory.
    chunks: Vec<Chunk<K, V>>,
    /// Where the last search ended. What is looked up is often looked up again at once, and is then found without a search.
    finger: Cell<Place>,
}

/// Some neighbours of a map. Maps that were one share what did not change.
type Chunk<K, V> = Rc<Vec<(K, V)>>;

/// A chunk of a map, and a place in it.
type Place = (usize, usize);

/// A set in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortedSet<T> {
    map: SortedMap<T, ()>,
}

/// The entries of a map in order.
#[derive(Debug)]
pub struct Entries<'a, K, V> {
    head: slice::Iter<'a, (K, V)>,
    middle: slice::Iter<'a, Chunk<K, V>>,
    tail: slice::Iter<'a, (K, V)>,
}

/// The elements of a set in order.
#[derive(Debug)]
pub struct Elements<'a, T>(Entries<'a, T, ()>);

/// The entries of a map, taken out of it in order.
pub type TakenEntries<K, V> = FlatMap<vec::IntoIter<Chunk<K, V>>, Vec<(K, V)>, fn(Chunk<K, V>) -> Vec<(K, V)>>;

/// The elements of a set, taken out of it in order.
#[derive(Clone, Debug)]
pub struct TakenElements<T>(TakenEntries<T, ()>);

/// The place of a key in a map, filled or not.
#[derive(Debug)]
pub struct Slot<'a, K, V> {
    map: &'a mut SortedMap<K, V>,
    place: Result<Place, (Place, K)>,
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> SortedMap<K, V> {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self { chunks: Vec::new(), finger: Cell::new((0, 0)) }
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.first().is_none_or(|chunk| chunk.is_empty())
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        self.chunks.clear();
    }

    /// The entries in order.
    #[must_use]
    pub fn iter(&self) -> Entries<'_, K, V> {
        Entries { head: [].iter(), middle: self.chunks.iter(), tail: [].iter() }
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values in order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// The entry with the least key.
    #[must_use]
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.chunks.first()?.first().map(|(key, value)| (key, value))
    }

    /// The entry with the greatest key.
    #[must_use]
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.chunks.last()?.last().map(|(key, value)| (key, value))
    }
}

impl<K: Clone, V: Clone> SortedMap<K, V> {
    /// The entries in order, their values to be changed.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> {
        self.chunks.iter_mut().flat_map(Rc::make_mut).map(|(key, value)| (&*key, value))
    }

    /// The values in order of their keys, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.chunks.iter_mut().flat_map(Rc::make_mut).map(|(_, value)| value)
    }

    /// The values in order of their keys, taken out.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> {
        self.into_iter().map(|(_, value)| value)
    }

    /// Keeps the entries for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for chunk in &mut self.chunks {
            Rc::make_mut(chunk).retain_mut(|(key, value)| keep(key, value));
        }
        self.chunks.retain(|chunk| !chunk.is_empty());
    }

    /// Takes the entry with the least key.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        if self.is_empty() { None } else { Some(self.take((0, 0))) }
    }

    fn take(&mut self, (chunk, at): Place) -> (K, V) {
        let entry = Rc::make_mut(&mut self.chunks[chunk]).remove(at);
        if self.chunks[chunk].is_empty() && self.chunks.len() > 1 {
            self.chunks.remove(chunk);
        }
        entry
    }

    /// Puts an entry before the one at a place, and says where it is then.
    fn put(&mut self, (mut chunk, mut at): Place, entry: (K, V)) -> Place {
        match self.chunks.get_mut(chunk) {
            None => self.chunks.push(Rc::default()),
            Some(full) if full.len() == CHUNK => {
                // At the end, where most entries come, nothing is moved.
                let kept = if at == CHUNK { CHUNK } else { CHUNK / 2 };
                let moved = Rc::new(Rc::make_mut(full).split_off(kept));
                self.chunks.insert(chunk + 1, moved);
                if at >= kept {
                    (chunk, at) = (chunk + 1, at - kept);
                }
            }
            Some(_) => {}
        }
        Rc::make_mut(&mut self.chunks[chunk]).insert(at, entry);
        self.finger.set((chunk, at));
        (chunk, at)
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<Place, Place>
    where
        K: Borrow<Q>,
    {
        let (chunk, at) = self.finger.get();
        let pointed_at = self.chunks.get(chunk).and_then(|chunk| chunk.get(at));
        if pointed_at.is_some_and(|(known, _)| known.borrow() == key) {
            return Ok((chunk, at));
        }
        let starts_behind = |chunk: &Rc<Vec<(K, V)>>| chunk.first().is_some_and(|(first, _)| first.borrow() > key);
        let chunk = if self.chunks.len() < 2 { 0 } else { self.chunks.partition_point(|chunk| !starts_behind(chunk)).saturating_sub(1) };
        let entries = self.chunks.get(chunk).map(|chunk| chunk.as_slice()).unwrap_or_default();
        let at = entries.binary_search_by(|(known, _)| known.borrow().cmp(key)).map_err(|at| (chunk, at))?;
        self.finger.set((chunk, at));
        Ok((chunk, at))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|(chunk, at)| &self.chunks[chunk][at].1)
    }

    /// Whether there is an entry for a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// The entries whose keys are in a range, in order.
    pub fn range<Q: Ord + ?Sized>(&self, range: impl RangeBounds<Q>) -> Entries<'_, K, V>
    where
        K: Borrow<Q>,
    {
        let before = |bound: &Q, with: bool| match self.place(bound) {
            Ok((chunk, at)) => (chunk, at + usize::from(with)),
            Err(place) => place,
        };
        let start = match range.start_bound() {
            Bound::Included(bound) => before(bound, false),
            Bound::Excluded(bound) => before(bound, true),
            Bound::Unbounded => (0, 0),
        };
        let end = match range.end_bound() {
            Bound::Included(bound) => before(bound, true),
            Bound::Excluded(bound) => before(bound, false),
            Bound::Unbounded => (self.chunks.len(), 0),
        };
        let part = |chunk: usize, from: usize, to: Option<usize>| {
            let entries = self.chunks.get(chunk).map(|chunk| chunk.as_slice()).unwrap_or_default();
            entries.get(from..to.unwrap_or(entries.len())).unwrap_or_default().iter()
        };
        if start.0 == end.0 {
            return Entries { head: part(start.0, start.1, Some(end.1)), middle: [].iter(), tail: [].iter() };
        }
        let middle = self.chunks.get(start.0 + 1..end.0).unwrap_or_default().iter();
        Entries { head: part(start.0, start.1, None), middle, tail: part(end.0, 0, Some(end.1)) }
    }
}

impl<K: Ord + Clone, V: Clone> SortedMap<K, V> {
    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|(chunk, at)| &mut Rc::make_mut(&mut self.chunks[chunk])[at].1)
    }

    /// Gives a key a value, and returns the one it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok((chunk, at)) => Some(std::mem::replace(&mut Rc::make_mut(&mut self.chunks[chunk])[at].1, value)),
            Err(place) => {
                self.put(place, (key, value));
                None
            }
        }
    }

    /// Removes a key and returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| self.take(place).1)
    }

    /// The place of a key, to be filled where it is not.
    pub fn entry(&mut self, key: K) -> Slot<'_, K, V> {
        let place = self.place(&key).map_err(|place| (place, key));
        Slot { map: self, place }
    }
}

impl<'a, K: Ord + Clone, V: Clone> Slot<'a, K, V> {
    /// The value, if there is one.
    #[must_use]
    pub fn get(&self) -> Option<&V> {
        self.place.as_ref().ok().map(|(chunk, at)| &self.map.chunks[*chunk][*at].1)
    }

    /// Makes this the value.
    pub fn set(self, value: V) {
        match self.place {
            Ok((chunk, at)) => Rc::make_mut(&mut self.map.chunks[chunk])[at].1 = value,
            Err((place, key)) => {
                self.map.put(place, (key, value));
            }
        }
    }

    /// The value, made first where there is none.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        let (chunk, at) = match self.place {
            Ok(place) => place,
            Err((place, key)) => self.map.put(place, (key, make())),
        };
        &mut Rc::make_mut(&mut self.map.chunks[chunk])[at].1
    }

    /// The value, which is `value` where there was none.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// The value, which is the default where there was none.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
}

impl<K: Ord + Clone, V: Clone> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord + Clone, V: Clone, const N: usize> From<[(K, V); N]> for SortedMap<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Clone, V: Clone> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = TakenEntries<K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.chunks.into_iter().flat_map(Rc::unwrap_or_clone as fn(Chunk<K, V>) -> Vec<(K, V)>)
    }
}

impl<'a, K, V> IntoIterator for &'a SortedMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Entries<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K, V> Clone for Entries<'_, K, V> {
    fn clone(&self) -> Self {
        Self { head: self.head.clone(), middle: self.middle.clone(), tail: self.tail.clone() }
    }
}

impl<'a, K, V> Iterator for Entries<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((key, value)) = self.head.next() {
                return Some((key, value));
            }
            let Some(chunk) = self.middle.next() else {
                return self.tail.next().map(|(key, value)| (key, value));
            };
            self.head = chunk.iter();
        }
    }
}

impl<K, V> DoubleEndedIterator for Entries<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((key, value)) = self.tail.next_back() {
                return Some((key, value));
            }
            let Some(chunk) = self.middle.next_back() else {
                return self.head.next_back().map(|(key, value)| (key, value));
            };
            self.tail = chunk.iter();
        }
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SortedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other)
    }
}

impl<K: Eq, V: Eq> Eq for SortedMap<K, V> {}

impl<K: PartialOrd, V: PartialOrd> PartialOrd for SortedMap<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.iter().partial_cmp(other)
    }
}

impl<K: Ord, V: Ord> Ord for SortedMap<K, V> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other)
    }
}

impl<K: Hash, V: Hash> Hash for SortedMap<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        for entry in self {
            entry.hash(state);
        }
    }
}

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> SortedSet<T> {
    /// An empty set.
    #[must_use]
    pub const fn new() -> Self {
        Self { map: SortedMap::new() }
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there are no elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Removes all elements.
    pub fn clear(&mut self) {
        self.map.clear();
    }

    /// The elements in order.
    #[must_use]
    pub fn iter(&self) -> Elements<'_, T> {
        Elements(self.map.iter())
    }

    /// The least element.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.map.first_key_value().map(|(element, ())| element)
    }

    /// The greatest element.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.map.last_key_value().map(|(element, ())| element)
    }
}

impl<T: Clone> SortedSet<T> {
    /// Keeps the elements for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.map.retain(|element, ()| keep(element));
    }

    /// Takes the least element.
    pub fn pop_first(&mut self) -> Option<T> {
        self.map.pop_first().map(|(element, ())| element)
    }
}

impl<T: Ord + Clone> SortedSet<T> {
    /// Adds an element, and says whether it is new.
    pub fn insert(&mut self, element: T) -> bool {
        self.map.insert(element, ()).is_none()
    }

    /// Removes an element, and says whether it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, element: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.map.remove(element).is_some()
    }
}

impl<T: Ord> SortedSet<T> {
    /// Whether an element is in the set.
    pub fn contains<Q: Ord + ?Sized>(&self, element: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.map.contains_key(element)
    }

    /// The elements in a range, in order.
    pub fn range<Q: Ord + ?Sized>(&self, range: impl RangeBounds<Q>) -> Elements<'_, T>
    where
        T: Borrow<Q>,
    {
        Elements(self.map.range(range))
    }

    /// The elements that are not in the other set, in order.
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl DoubleEndedIterator<Item = &'a T> {
        self.iter().filter(|element| !other.contains(*element))
    }
}

impl<T: Ord + Clone> Extend<T> for SortedSet<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, elements: I) {
        for element in elements {
            self.insert(element);
        }
    }
}

impl<T: Ord + Clone> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let mut set = Self::new();
        set.extend(elements);
        set
    }
}

impl<T: Ord + Clone, const N: usize> From<[T; N]> for SortedSet<T> {
    fn from(elements: [T; N]) -> Self {
        elements.into_iter().collect()
    }
}

impl<T: Clone> IntoIterator for SortedSet<T> {
    type Item = T;
    type IntoIter = TakenElements<T>;

    fn into_iter(self) -> Self::IntoIter {
        TakenElements(self.map.into_iter())
    }
}

impl<'a, T> IntoIterator for &'a SortedSet<T> {
    type Item = &'a T;
    type IntoIter = Elements<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> Clone for Elements<'_, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'a, T> Iterator for Elements<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(element, ())| element)
    }
}

impl<T> DoubleEndedIterator for Elements<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(element, ())| element)
    }
}

impl<T: Clone> Iterator for TakenElements<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.next().map(|(element, ())| element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn does_what_the_standard_library_does() {
        let (mut ours, mut theirs) = (SortedMap::new(), BTreeMap::new());
        let mut state = 7u32;
        for step in 0..6_000u32 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let key = state >> 22;
            // Now and then both are emptied, one by one.
            let emptying = step % 1_000 > 800;
            match state % 8 {
                _ if emptying => assert_eq!(ours.pop_first(), theirs.pop_first()),
                0 | 1 => assert_eq!(ours.remove(&key), theirs.remove(&key)),
                2 => {
                    *ours.entry(key).or_default() +=
                        *theirs.entry(key).and_modify(|value| *value += 1).or_insert(1) - *ours.get(&key).unwrap_or(&0)
                }
                3 => assert_eq!(ours.pop_first(), theirs.pop_first()),
                4 => {
                    let slot = ours.entry(key);
                    assert_eq!(slot.get(), theirs.get(&key));
                    slot.set(step);
                    theirs.insert(key, step);
                }
                _ => assert_eq!(ours.insert(key, step), theirs.insert(key, step)),
            }
            assert!(ours.iter().eq(&theirs));
            assert_eq!((ours.len(), ours.is_empty()), (theirs.len(), theirs.is_empty()));
            assert_eq!((ours.first_key_value(), ours.last_key_value()), (theirs.first_key_value(), theirs.last_key_value()));
            assert_eq!(ours.get(&key), theirs.get(&key));
            let (from, to) = (key.min(500), key.max(500));
            assert!(ours.range(from..to).eq(theirs.range(from..to)));
            assert!(ours.range(from..=to).rev().eq(theirs.range(from..=to).rev()));
            assert!(ours.range((Bound::Excluded(from), Bound::Unbounded)).eq(theirs.range((Bound::Excluded(from), Bound::Unbounded))));
        }
    }
}
