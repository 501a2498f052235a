//! Which columns of a large set are kept large, while the others are tiles: the one that was chosen, those in trouble or
//! on their way, those on both sides of the partition, and at the least the first and the last.
//! It must not know how they are drawn.

use statefulset_engine::sorted::SortedSet;

use super::{Column, PodState, SetScene, Slot};

/// Columns that are kept large.
pub const LARGE_MAX: usize = 6;

/// Which columns are kept large, and how many more would deserve it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Large {
    /// Their places among the columns, in order.
    pub places: Vec<usize>,
    /// How many more are not simply ready.
    pub more: usize,
}

/// Which columns of a set are kept large; `chosen` is the ordinal that a person chose, `shown` those that are large already:
/// they stay while they are of interest, so that a person can follow a pod to the end of its way.
pub fn of(set: &SetScene, chosen: Option<i64>, shown: &[i64]) -> Large {
    let mut places: SortedSet<usize> = SortedSet::new();
    places.extend(chosen.and_then(|ordinal| set.columns.iter().position(|column| column.ordinal == ordinal)));
    let mut interesting: Vec<(bool, bool, Interest, usize)> = set
        .columns
        .iter()
        .enumerate()
        .filter_map(|(place, column)| {
            let interest = interest(column)?;
            Some((interest != Interest::Trouble, !shown.contains(&column.ordinal), interest, place))
        })
        .collect();
    let all = interesting.len();
    let room = LARGE_MAX.saturating_sub(places.len());
    // Only the first few are needed in order.
    if all > room && room > 0 {
        interesting.select_nth_unstable(room - 1);
    }
    places.extend(interesting.iter().take(room).map(|(.., place)| *place));
    let partition = set.partition.filter(|partition| partition.at > 0).map(|partition| partition.columns_before);
    let boundary = partition.into_iter().flat_map(|before| [before.checked_sub(1), Some(before)]).flatten();
    let ends = [Some(0), set.columns.len().checked_sub(1)].into_iter().flatten();
    let enough = LARGE_MAX.min(set.columns.len());
    for place in boundary.chain(ends).filter(|place| *place < set.columns.len()) {
        if places.len() < enough {
            places.insert(place);
        }
    }
    let places: Vec<usize> = places.into_iter().collect();
    Large { more: all - told(set, &places), places }
}

/// What to keep large next on the way from the ordinals `shown` to what is `wanted`: so many come at once, and each of those
/// that are not wanted any more stays until another takes its place.
pub fn exchange(set: &SetScene, shown: &[i64], wanted: &Large, at_once: usize) -> Large {
    let is_shown = |place: &usize| set.columns.get(*place).is_some_and(|column| shown.contains(&column.ordinal));
    let (kept, mut others): (Vec<usize>, Vec<usize>) = wanted.places.iter().partition(|place| is_shown(place));
    let waiting = others.len().saturating_sub(at_once);
    others.truncate(at_once);
    let stay = (0..set.columns.len()).filter(|place| is_shown(place) && !wanted.places.contains(place)).take(waiting);
    let chosen: Vec<usize> = kept.into_iter().chain(others).chain(stay).collect();
    let places: Vec<usize> = (0..set.columns.len()).filter(|place| chosen.contains(place)).collect();
    let all = wanted.more + told(set, &wanted.places);
    Large { more: all - told(set, &places), places }
}

/// How many of these places are of interest.
fn told(set: &SetScene, places: &[usize]) -> usize {
    places.iter().filter_map(|place| set.columns.get(*place)).filter(|column| interest(column).is_some()).count()
}

/// Why a column is worth a look, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Interest {
    /// Something goes wrong and will not pass by itself.
    Trouble,
    /// Its pod is being ended.
    Ends,
    /// Its pod is on its way.
    Comes,
}

fn interest(column: &Column) -> Option<Interest> {
    match &column.slot {
        Slot::Pod(pod) if !pod.interesting() => None,
        Slot::Pod(pod) => Some(match pod.state {
            PodState::Failing | PodState::Failed | PodState::Unknown => Interest::Trouble,
            PodState::Terminating => Interest::Ends,
            _ => Interest::Comes,
        }),
        Slot::NotYet | Slot::ScaledDown => None,
    }
}
