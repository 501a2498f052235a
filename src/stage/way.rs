//! The way of a pod in a thin bar: from the scheduler's choice to its first passed probe, or the grace period that runs
//! out. It must not know what else is on a card.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::scene::{PodCard, PodState, Step};

/// The bar.
pub(super) fn way(pod: &PodCard) -> Html {
    if let Some(grace) = pod.grace {
        let left = grace.left_s.saturating_mul(1_000) / grace.all_s.max(1);
        return html! { <Running thousandths={left.min(1_000)} /> };
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

/// Properties of [`Running`].
#[derive(Clone, Debug, PartialEq, Properties)]
struct RunningProps {
    /// What is left, of a thousand.
    thousandths: u64,
}

/// A grace period that runs out. It shrinks by being scaled: that costs the page nothing between one second and the next.
#[component]
fn Running(props: &RunningProps) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), props.thousandths), |(node, thousandths)| {
        if let Some(left) = node.cast::<HtmlElement>() {
            // Through the object model: an attribute would be forbidden by the page's policy.
            let _ = left.style().set_property("transform", &format!("scaleX({})", *thousandths as f64 / 1_000.0));
        }
    });
    html! {
        <span class="way way--grace" aria-hidden="true"><span class="way__left" ref={node}></span></span>
    }
}
