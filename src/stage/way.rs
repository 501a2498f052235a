//! The way of a pod in a thin bar: from the scheduler's choice to its first passed probe, or the grace period that runs
//! out. It must not know what else is on a card.

use yew::prelude::*;

use super::scene::{PodCard, PodState, Step};

/// The bar.
pub(super) fn way(pod: &PodCard) -> Html {
    if let Some(grace) = pod.grace {
        // A share of a thousand, so that the style sheet can let it shrink evenly.
        let left = grace.left_s.saturating_mul(1_000) / grace.all_s.max(1);
        return html! {
            <svg class="way way--grace" viewBox="0 0 1000 4" preserveAspectRatio="none" aria-hidden="true">
                <rect class="way__all" width="1000" height="4" />
                <rect class="way__left" width={left.min(1_000).to_string()} height="4" />
            </svg>
        };
    }
    let behind = match (pod.step, pod.state) {
        (Some(step), _) => step.behind(),
        (None, PodState::Ready) => Step::WAY.len(),
        (None, _) => 0,
    };
    html! {
        <span class="way" aria-hidden="true">
            { for Step::WAY.iter().enumerate().map(|(place, _)| {
                let look = match (place < behind, pod.step.is_some() && place == behind) {
                    (true, _) => "is-behind",
                    (false, true) => "is-here",
                    (false, false) => "",
                };
                html! { <span class={classes!("way__part", look)}></span> }
            }) }
        </span>
    }
}
