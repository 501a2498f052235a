//! The shapes that say what colour alone must not: the state of a pod, the revision of a pod, a disk.
//! They must not know what they stand beside.

use yew::prelude::*;

use super::scene::{PodState, Revision};
use crate::locale::tr;

/// The shape of a state: full circle for ready, hollow triangle for waiting, cross for trouble, and so on.
pub(crate) fn state_shape(state: PodState) -> Html {
    let shape = match state {
        PodState::Ready => html! { <circle class="fill" cx="7" cy="7" r="5" /> },
        PodState::NotReady => html! { <path d="M7 2 L12.5 12 H1.5 Z" /> },
        PodState::Pending => html! { <circle cx="7" cy="7" r="4.6" stroke-dasharray="2.4 2.4" /> },
        PodState::Creating => html! { <><circle cx="7" cy="7" r="4.6" /><path class="fill" d="M7 2.4 A4.6 4.6 0 0 1 7 11.6 Z" /></> },
        PodState::Terminating => html! { <path d="M3 7 H11" /> },
        PodState::Failing | PodState::Failed => html! { <path d="M3 3 L11 11 M11 3 L3 11" /> },
        PodState::Succeeded => html! { <path d="M2.5 7.5 L5.8 10.8 L11.5 3.8" /> },
        PodState::Unknown => html! { <path d="M4.6 5 A2.5 2.5 0 1 1 7 7.6 V8.6 M7 11 V11.6" /> },
    };
    html! { <svg class="shape" viewBox="0 0 14 14" aria-hidden="true">{ shape }</svg> }
}

/// The badge of a revision: round for the older or only one, square for the newer of two.
pub(super) fn revision_badge(revision: &Revision) -> Html {
    let number = revision.number.to_string();
    html! {
        <span class={classes!("badge", revision.newer.then_some("badge--newer"))} title={revision.name.shared()}>
            { tr("stage.revision", &[("number", &number)]) }
        </span>
    }
}

/// A disk.
pub(super) fn disk() -> Html {
    html! {
        <svg class="disk__shape" viewBox="0 0 96 42" preserveAspectRatio="none" aria-hidden="true">
            <path class="disk__body" d="M1 8 V34 C1 44 95 44 95 34 V8" />
            <ellipse class="disk__top" cx="48" cy="8" rx="47" ry="7" />
        </svg>
    }
}
