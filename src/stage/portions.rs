//! Cards in portions. A card costs as much to draw as many cells, so where many change at once, a turn of the browser draws
//! some of them and the next turns the others. It must not know what a card looks like.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::scene::Column;

/// How much drawing a new card is, beside one that is changed in its place.
const NEW_CARD: usize = 3;
/// A frame, in milliseconds: when the next portion follows.
pub(super) const FRAME_MS: u32 = 16;

/// Columns as they are drawn.
#[derive(Debug, Default)]
pub(super) struct Portions {
    drawn: Vec<Rc<Column>>,
    /// With which ordinal the next portion begins: each has its turn.
    from: i64,
    /// Whether some wait for the next portion.
    left: bool,
}

impl Portions {
    /// The columns to draw now.
    pub(super) fn drawn(&self) -> &[Rc<Column>] {
        &self.drawn
    }

    /// Whether some columns are not drawn as they should be.
    pub(super) fn left(&self) -> bool {
        self.left
    }

    /// Draws all that is wanted.
    pub(super) fn draw_all(&mut self, wanted: impl Iterator<Item = Rc<Column>>) {
        *self = Self { drawn: wanted.collect(), ..Self::default() };
    }

    /// Draws as much of what is wanted as makes for so much work, and at least one change. `still` is whether a pod that takes
    /// the place of another is drawn in its place.
    pub(super) fn draw(&mut self, wanted: &[Rc<Column>], work_max: usize, still: bool) {
        let begin = wanted.iter().position(|column| column.ordinal >= self.from).unwrap_or(0);
        let mut next: Vec<Option<Rc<Column>>> = vec![None; wanted.len()];
        let mut work = 0;
        self.left = false;
        for place in (begin..wanted.len()).chain(0..begin) {
            let column = &wanted[place];
            let before = self.drawn.iter().find(|drawn| drawn.ordinal == column.ordinal);
            let more = before.map_or(NEW_CARD, |before| work_of(before, column, still));
            next[place] = if work == 0 || more == 0 || work + more <= work_max {
                self.from = if more > 0 { column.ordinal.saturating_add(1) } else { self.from };
                work += more;
                Some(column.clone())
            } else {
                self.left = true;
                before.cloned()
            };
        }
        self.drawn = next.into_iter().flatten().collect();
    }
}

/// How much work it is to draw a column over what is drawn.
fn work_of(before: &Rc<Column>, after: &Rc<Column>, still: bool) -> usize {
    let uid = |column: &Rc<Column>| column.slot.pod().map(|pod| pod.uid.clone());
    let (old, new) = (uid(before), uid(after));
    match (Rc::ptr_eq(before, after), old == new || still && old.is_some() == new.is_some()) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => NEW_CARD,
    }
}

/// Draws the component again in so many milliseconds, where it asks for that: for the next portion, should nothing else draw it
/// before. A timer that runs already is left alone: setting one in every frame costs more than what it does.
#[hook]
pub(super) fn use_again(in_ms: Option<u32>) {
    let timer = use_mut_ref(|| None::<Timeout>);
    let again = use_force_update();
    if let Some(in_ms) = in_ms.filter(|_| timer.borrow().is_none()) {
        let due = {
            let timer = Rc::downgrade(&timer);
            move || {
                if let Some(timer) = timer.upgrade() {
                    *timer.borrow_mut() = None;
                    again.force_update();
                }
            }
        };
        *timer.borrow_mut() = Some(Timeout::new(in_ms, due));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Slot;
    use super::*;

    fn columns(ordinals: std::ops::Range<i64>, slot: &Slot) -> Vec<Rc<Column>> {
        let column = |ordinal| Column {
            ordinal,
            pod_name: "".into(),
            dns_name: "".into(),
            answers: false,
            endpoint: None,
            slot: slot.clone(),
            claims: Vec::new(),
        };
        ordinals.map(|ordinal| Rc::new(column(ordinal))).collect()
    }

    #[test]
    fn each_column_has_its_turn_and_in_the_end_all_are_drawn() {
        let (before, after) = (columns(0..7, &Slot::NotYet), columns(0..8, &Slot::ScaledDown));
        let mut portions = Portions::default();
        portions.draw_all(before.into_iter());
        let mut changed = Vec::new();
        for _ in 0..4 {
            portions.draw(&after, 3, true);
            changed.push((portions.drawn().iter().filter(|column| column.slot == Slot::ScaledDown).count(), portions.left()));
        }
        assert_eq!(changed, [(3, true), (6, true), (7, true), (8, false)]);
        // What changes all the time does not keep the others from being drawn.
        let mut portions = Portions::default();
        portions.draw_all(columns(0..3, &Slot::NotYet).into_iter());
        let mut places = Vec::new();
        for _ in 0..3 {
            let wanted = columns(0..3, &Slot::NotYet);
            portions.draw(&wanted, 1, true);
            places.extend(portions.drawn().iter().zip(&wanted).position(|(drawn, wanted)| Rc::ptr_eq(drawn, wanted)));
        }
        assert_eq!(places, [0, 1, 2]);
    }
}
