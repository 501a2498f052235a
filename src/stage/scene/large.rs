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

/// Which columns of a set are kept large; `chosen` is the ordinal that a person chose.
pub fn of(set: &SetScene, chosen: Option<i64>) -> Large {
    let mut places: SortedSet<usize> = SortedSet::new();
    let place_of = |ordinal: i64| set.columns.iter().position(|column| column.ordinal == ordinal);
    places.extend(chosen.and_then(place_of));
    let mut interesting = 0;
    // Trouble first, then what is on its way: there may be room for some of them only.
    for urgent in [true, false] {
        let those = set.columns.iter().enumerate().filter(|(_, column)| interest(column) == Some(urgent));
        for (place, _) in those {
            interesting += 1;
            if places.len() < LARGE_MAX {
                places.insert(place);
            }
        }
    }
    let partition = set.partition.filter(|partition| partition.at > 0).map(|partition| partition.columns_before);
    let boundary = partition.into_iter().flat_map(|before| [before.checked_sub(1), Some(before)]).flatten();
    let ends = [Some(0), set.columns.len().checked_sub(1)].into_iter().flatten();
    let enough = LARGE_MAX.min(set.columns.len());
    for place in boundary.chain(ends).filter(|place| *place < set.columns.len()) {
        if places.len() < enough {
            places.insert(place);
        }
    }
    let shown = places.iter().filter(|place| interest(&set.columns[**place]).is_some()).count();
    Large { places: places.into_iter().collect(), more: interesting - shown }
}

/// Whether a column is worth a look: `Some(true)` where something is wrong or ends there.
fn interest(column: &Column) -> Option<bool> {
    match &column.slot {
        Slot::Pod(pod) if !pod.interesting() => None,
        Slot::Pod(pod) => Some(matches!(pod.state, PodState::Failing | PodState::Failed | PodState::Terminating | PodState::Unknown)),
        Slot::NotYet | Slot::ScaledDown => None,
    }
}
