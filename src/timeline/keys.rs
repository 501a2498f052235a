//! Keys that move through time from anywhere on the page, as in players: space, arrows, Home, End, and undo and redo.
//! Where a person types or a control has its own use for a key, the key is its. It must not know what the keys do.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};
use yew::Callback;

use super::Travel;
use crate::app::Action;

/// Where text is typed. The code editor stands in a shadow root, whose events come from the element around it.
const TYPED: &str = "input, textarea, select, [contenteditable], .field__code";
/// What has its own use for space, arrows, Home and End.
const OWN: &str = "button, a, summary, dialog, [role='slider'], [role='tab'], [role='log'], [role='separator'], [role='listbox'], [role='menu'], [role='grid'], [tabindex='0']";

/// Listens until it is dropped.
pub fn listen(dispatch: Callback<Action>) -> Option<EventListener> {
    let document = web_sys::window()?.document()?;
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&document, "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if event.default_prevented() || event.is_composing() || event.alt_key() {
            return;
        }
        let at = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let within = |selector: &str| at.as_ref().is_some_and(|at| at.closest(selector).ok().flatten().is_some());
        if within(TYPED) {
            return;
        }
        let action = if event.ctrl_key() || event.meta_key() {
            match (event.key().to_lowercase().as_str(), event.shift_key()) {
                ("z", false) => Action::Travel(Travel::Undo),
                ("z", true) | ("y", false) => Action::Travel(Travel::Redo),
                _ => return,
            }
        } else if event.shift_key() || within(OWN) {
            return;
        } else {
            match event.key().as_str() {
                " " => Action::Travel(Travel::PlayOrPause),
                "ArrowLeft" => Action::StepBack,
                "ArrowRight" => Action::Step,
                "Home" => Action::Travel(Travel::Start),
                "End" => Action::Travel(Travel::Newest),
                _ => return,
            }
        };
        event.prevent_default();
        dispatch.emit(action);
    }))
}
