//! The keyboard's place on the page: where what had the focus is drawn no more, or can be pressed no more, something beside it
//! gets the focus. It must not know what is drawn.

use wasm_bindgen::JsCast as _;
use web_sys::{Document, Element, HtmlElement};

/// What takes the focus.
const TAKERS: &str = "button:not(:disabled), a[href], input:not(:disabled):not([tabindex='-1']), select:not(:disabled), [tabindex='0']";
/// The parts of the page. Nothing outside the one that held the focus is near it.
const PARTS: &str = ".zone, dialog";
/// How many are asked in each place: some may be hidden.
const TRIED_MAX: u32 = 8;
/// Where the keyboard goes on when a whole part is gone.
const REST: &str = "#stage";

/// What has the focus of a person who uses the keyboard, and what is around it.
struct Held {
    element: Element,
    around: Vec<Element>,
}

/// Who holds the focus, as far as is known.
#[derive(Default)]
pub struct Focus(Option<Held>);

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

impl Focus {
    /// Notes who has it, before anything is drawn anew.
    pub fn note(&mut self) {
        let Some(active) = document().and_then(|document| document.active_element()) else { return };
        if is_nobody(&active) {
            // Who let go of it by a press beside everything has it no more; who was taken away has yet to be mended.
            self.0 = self.0.take().filter(Held::is_lost);
        } else if self.0.as_ref().is_none_or(|held| held.element != active) {
            // A pointer comes back by itself.
            self.0 = active.matches(":focus-visible").unwrap_or(false).then(|| Held::of(active));
        }
    }

    /// Gives the focus to what is nearest, where it was lost.
    pub fn mend(&mut self) {
        if let Some(held) = self.0.take_if(|held| held.is_lost()) {
            held.give_away();
        }
    }
}

impl Held {
    fn of(element: Element) -> Self {
        let mut around = Vec::new();
        let mut within = element.parent_element();
        while let Some(parent) = within {
            let whole = parent.matches(PARTS).unwrap_or(false);
            within = parent.parent_element().filter(|_| !whole);
            around.push(parent);
        }
        Self { element, around }
    }

    fn is_lost(&self) -> bool {
        !self.element.is_connected() || self.element.matches(":disabled").unwrap_or(false)
    }

    fn give_away(self) {
        let Some(document) = document() else { return };
        // Whoever took the element away may have given its focus to something else.
        if !document.active_element().is_none_or(|active| active == self.element || is_nobody(&active)) {
            return;
        }
        let in_part = self.around.iter().filter(|element| element.is_connected() && element.closest(PARTS).ok().flatten().is_some());
        let near = in_part.filter_map(|element| element.query_selector_all(TAKERS).ok());
        let near = near.flat_map(|takers| (0..takers.length().min(TRIED_MAX)).filter_map(move |index| takers.get(index)));
        for taker in near.chain(document.query_selector(REST).ok().flatten().map(Into::into)) {
            if let Some(taker) = taker.dyn_ref::<HtmlElement>() {
                // What is not shown does not take the focus, and the next one is asked.
                let _ = taker.focus();
                if document.active_element().is_some_and(|active| active == **taker) {
                    return;
                }
            }
        }
    }
}

/// Whether nothing has the focus.
fn is_nobody(element: &Element) -> bool {
    element.tag_name() == "BODY"
}
