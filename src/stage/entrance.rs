//! How a part of a card comes onto the stage: as a new element, which enters with a movement; or, where a pointer passes over
//! moments, changed in its place and without one, so that twenty cards can follow the pointer. It must not know the part.

use statefulset_engine::api::metadata::Text;
use yew::prelude::*;

/// How a part is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entrance {
    /// The key of its element: under another key it is another element.
    pub key: u32,
    /// Whether it came while a pointer passed, or with the card around it, and does not move for having come.
    pub still: bool,
}

impl Entrance {
    /// What comes next, where the part shows something else than before.
    fn next(self, passes: bool) -> Self {
        if passes { Self { still: true, ..self } } else { Self { key: self.key.wrapping_add(1), still: false } }
    }

    /// The class for it.
    pub(super) fn class(self) -> Option<&'static str> {
        self.still.then_some("is-still")
    }
}

/// How the part is drawn that shows `what`; `still` is whether it stands still where it is there from the first.
#[hook]
pub(super) fn use_entrance(what: Text, passes: bool, still: bool) -> Entrance {
    let last = use_mut_ref(|| (what.clone(), Entrance { key: 0, still }));
    let mut last = last.borrow_mut();
    if last.0 != what {
        *last = (what, last.1.next(passes));
    }
    last.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_while_a_pointer_passes_keeps_its_element_and_stands_still() {
        let first = Entrance::default();
        let passed = first.next(true);
        assert_eq!((passed.key, passed.still), (first.key, true));
        let entered = passed.next(false);
        assert_ne!(entered.key, first.key);
        assert!(!entered.still, "it enters again once time goes on");
    }
}
