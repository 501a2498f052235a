//! All pods of a set at once: counts, and which pods want a closer look, so that a look at a set of thousands reads few.
//! Pure: it must not know the store. It says what going through all pods would say; a test holds it to that.

use std::ops::Range;

use crate::api::pod::Phase;
use crate::sorted::SortedSet;

use super::control::PodView;

/// What is known of all pods together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many pods there are.
    pub replicas: i64,
    /// How many of them are ready.
    pub ready: i64,
    /// How many of them are available.
    pub available: i64,
    /// By revision number: the pods made from it.
    revisions: Vec<Revision>,
    /// The ordinals of pods that are not simply running, available and as they should be.
    restless: SortedSet<i64>,
}

/// The pods made from one revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Revision {
    /// How many are not on their way out.
    staying: i64,
    ordinals: SortedSet<i64>,
}

impl Summary {
    /// Goes through pods.
    pub fn of(pods: &[PodView]) -> Self {
        let mut summary = Self::default();
        for pod in pods {
            summary.add(pod);
        }
        summary
    }

    /// Counts a pod.
    pub fn add(&mut self, pod: &PodView) {
        self.count(pod, 1);
        self.revision_mut(pod.revision).ordinals.insert(pod.ordinal);
        if !is_calm(pod) {
            self.restless.insert(pod.ordinal);
        }
    }

    /// Forgets a pod that was counted.
    pub fn remove(&mut self, pod: &PodView) {
        self.count(pod, -1);
        self.revision_mut(pod.revision).ordinals.remove(&pod.ordinal);
        self.restless.remove(&pod.ordinal);
    }

    fn count(&mut self, pod: &PodView, by: i64) {
        self.replicas += by;
        self.ready += if pod.ready { by } else { 0 };
        self.available += if pod.available { by } else { 0 };
        self.revision_mut(pod.revision).staying += if pod.terminating { 0 } else { by };
    }

    fn revision_mut(&mut self, number: u32) -> &mut Revision {
        let index = number as usize;
        if self.revisions.len() <= index {
            self.revisions.resize_with(index + 1, Revision::default);
        }
        &mut self.revisions[index]
    }

    /// How many pods of a revision are not on their way out.
    pub fn staying(&self, revision: u32) -> i64 {
        self.revisions.get(revision as usize).map_or(0, |revision| revision.staying)
    }

    /// The ordinals in a range whose pods want a closer look, ascending.
    pub fn restless(&self, range: Range<i64>) -> impl Iterator<Item = i64> + '_ {
        self.restless.range(range).copied()
    }

    /// The highest ordinal in a range whose pod wants a closer look, or was not made from `revision`.
    pub fn last_of_interest(&self, range: Range<i64>, revision: u32) -> Option<i64> {
        let restless = self.restless.range(range.clone()).next_back().copied();
        let others = self.others(revision).filter_map(|other| other.ordinals.range(range.clone()).next_back().copied());
        others.chain(restless).max()
    }

    /// The ordinals in a range whose pods were not made from `revision`, ascending.
    pub fn outdated(&self, range: Range<i64>, revision: u32) -> Vec<i64> {
        let all: SortedSet<i64> = self.others(revision).flat_map(|other| other.ordinals.range(range.clone()).copied()).collect();
        all.iter().copied().collect()
    }

    fn others(&self, revision: u32) -> impl Iterator<Item = &Revision> {
        self.revisions.iter().enumerate().filter(move |(number, _)| *number != revision as usize).map(|(_, other)| other)
    }
}

/// Whether a pod wants nothing and stops nothing.
fn is_calm(pod: &PodView) -> bool {
    pod.phase == Phase::Running && pod.ready && pod.available && !pod.terminating && pod.matches && pod.retention_matches
}

/// The pods in a range of ordinals.
pub fn within(pods: &[PodView], range: &Range<i64>) -> Range<usize> {
    let behind = |ordinal: i64| pods.partition_point(|pod| pod.ordinal < ordinal);
    behind(range.start)..behind(range.end).max(behind(range.start))
}

/// The ordinals of a range that no pod has, ascending. `pods` are those in the range.
pub fn missing<'a>(pods: &'a [PodView], range: &Range<i64>) -> impl Iterator<Item = i64> + use<'a> {
    let (start, end) = (range.start, range.end);
    // Where none is missing before a place, the pod there has the ordinal that its place says.
    let dense = first_gap(pods.len(), |at| pods[at].ordinal == ordinal_at(start, at));
    let mut next = ordinal_at(start, dense);
    let mut rest = pods[dense..].iter();
    let mut upcoming = rest.next();
    std::iter::from_fn(move || {
        while let Some(pod) = upcoming.filter(|pod| pod.ordinal == next) {
            next = pod.ordinal + 1;
            upcoming = rest.next();
        }
        let found = (next < end).then_some(next);
        next += 1;
        found
    })
}

/// The highest ordinal of a range that no pod has. `pods` are those in the range.
pub fn last_missing(pods: &[PodView], range: &Range<i64>) -> Option<i64> {
    let dense = first_gap(pods.len(), |at| pods[pods.len() - 1 - at].ordinal == range.end - 1 - ordinal_at(0, at));
    let candidate = range.end - 1 - ordinal_at(0, dense);
    (range.start <= candidate).then_some(candidate)
}

fn ordinal_at(start: i64, at: usize) -> i64 {
    start.saturating_add(i64::try_from(at).unwrap_or(i64::MAX))
}

/// The first place at which `holds` does not hold, where it holds for all before.
fn first_gap(len: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::random::Random;

    fn pod(random: &mut Random, ordinal: i64) -> PodView {
        let mut flag = |odds: usize| random.below("pods", odds) > 0;
        let phase = if flag(4) { Phase::Running } else { Phase::Pending };
        let ready = phase == Phase::Running && flag(4);
        PodView {
            ordinal,
            phase,
            ready,
            available: ready,
            terminating: !flag(5),
            revision: u32::from(flag(2)),
            matches: true,
            retention_matches: true,
        }
    }

    #[test]
    fn it_says_what_going_through_all_pods_says() {
        let mut random = Random::new(7);
        for _ in 0..300 {
            let ordinals: Vec<i64> = (0..12).filter(|_| random.below("pods", 5) > 0).collect();
            let pods: Vec<PodView> = ordinals.iter().map(|ordinal| pod(&mut random, *ordinal)).collect();
            let mut summary = Summary::of(&pods);
            let extra = pod(&mut random, 99);
            summary.add(&extra);
            summary.remove(&extra);
            assert_eq!(summary.replicas, pods.len() as i64);
            let range = 2..10;
            let wanted = &pods[within(&pods, &range)];
            let gaps: Vec<i64> = range.clone().filter(|ordinal| !ordinals.contains(ordinal)).collect();
            assert_eq!(missing(wanted, &range).collect::<Vec<_>>(), gaps);
            assert_eq!(last_missing(wanted, &range), gaps.last().copied());
            let restless: Vec<i64> = wanted.iter().filter(|pod| !is_calm(pod)).map(|pod| pod.ordinal).collect();
            assert_eq!(summary.restless(range.clone()).collect::<Vec<_>>(), restless);
            let outdated: Vec<i64> = wanted.iter().filter(|pod| pod.revision != 1).map(|pod| pod.ordinal).collect();
            assert_eq!(summary.outdated(range.clone(), 1), outdated);
            assert_eq!(summary.last_of_interest(range, 1), restless.into_iter().chain(outdated).max());
            let staying = pods.iter().filter(|pod| pod.revision == 0 && !pod.terminating).count();
            assert_eq!(summary.staying(0), staying as i64);
        }
    }
}
