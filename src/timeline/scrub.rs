//! The moment as a line across the strips: a slider, dragged by pointer, moved by keys. It shows a moment only once the
//! sandbox is there. It must not know what is drawn under it.

use statefulset_engine::api::time::Ms;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::Travel;
use super::clock::time_of;
use crate::app::Action;
use crate::locale::tr;

/// How far an arrow key goes.
const ARROW_MS: Ms = 1_000;
/// How far a page key goes, at least.
const PAGE_MS: Ms = 10_000;

/// Properties of [`Scrub`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct ScrubProps {
    /// The moment looked at.
    pub at_ms: Ms,
    /// The newest moment.
    pub tip_ms: Ms,
    /// What it lies over.
    pub children: Html,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The line over its track.
#[component]
pub(super) fn Scrub(props: &ScrubProps) -> Html {
    let (track, line) = (use_node_ref(), use_node_ref());
    // The moment that was looked at when a drag began.
    let dragged = use_mut_ref(|| None::<Ms>);
    let (at_ms, tip_ms) = (props.at_ms, props.tip_ms.max(props.at_ms));
    {
        let line = line.clone();
        use_effect_with((at_ms, tip_ms), move |(at_ms, tip_ms)| {
            if let Some(line) = line.cast::<HtmlElement>() {
                let percent = *at_ms as f64 * 100.0 / (*tip_ms).max(1) as f64;
                // Through the object model: an attribute would be forbidden by the page's policy.
                let _ = line.style().set_property("left", &format!("{percent:.3}%"));
            }
        });
    }
    let go = {
        let dispatch = props.dispatch.clone();
        move |travel: Travel| dispatch.emit(Action::Travel(travel))
    };
    let moment = {
        let track = track.clone();
        move |event: &PointerEvent| {
            let place = track.cast::<Element>()?.get_bounding_client_rect();
            let part = (f64::from(event.client_x()) - place.left()) / place.width().max(1.0);
            // Between the start and the newest moment, so nothing is lost.
            Some((part.clamp(0.0, 1.0) * tip_ms as f64) as Ms)
        }
    };
    let down = {
        let (dragged, line, track, moment, go) = (dragged.clone(), line.clone(), track.clone(), moment.clone(), go.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            event.prevent_default();
            *dragged.borrow_mut() = Some(at_ms);
            if let (Some(line), Some(track)) = (line.cast::<HtmlElement>(), track.cast::<Element>()) {
                // Refusals would only mean that the line is not on the page any more.
                let _ = line.focus();
                let _ = track.set_pointer_capture(event.pointer_id());
            }
            if let Some(at_ms) = moment(&event) {
                go(Travel::Past(at_ms));
            }
        })
    };
    let drag = {
        let (dragged, go) = (dragged.clone(), go.clone());
        Callback::from(move |event: PointerEvent| {
            if dragged.borrow().is_some()
                && let Some(at_ms) = moment(&event)
            {
                go(Travel::Past(at_ms));
            }
        })
    };
    let end = {
        let dragged = dragged.clone();
        Callback::from(move |_: PointerEvent| {
            if dragged.take().is_some() {
                go(Travel::Rest);
            }
        })
    };
    let key = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let page_ms = PAGE_MS.max(tip_ms / 20);
            let travel = match event.key().as_str() {
                // Breaks a drag off: back to where it began.
                "Escape" => match dragged.take() {
                    Some(from_ms) if from_ms < tip_ms => Travel::To(from_ms),
                    Some(_) => Travel::Newest,
                    None => return,
                },
                "ArrowLeft" | "ArrowDown" => Travel::To(at_ms.saturating_sub(ARROW_MS)),
                "ArrowRight" | "ArrowUp" => Travel::To((at_ms + ARROW_MS).min(tip_ms)),
                "PageDown" => Travel::To(at_ms.saturating_sub(page_ms)),
                "PageUp" => Travel::To((at_ms + page_ms).min(tip_ms)),
                "Home" => Travel::Start,
                "End" => Travel::Newest,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            dispatch.emit(Action::Travel(travel));
        })
    };
    let words = tr("time.moment-of", &[("time", &time_of(at_ms)), ("end", &time_of(tip_ms))]);
    html! {
        <div class="scrub" ref={track} onpointerdown={down} onpointermove={drag} onpointerup={end.clone()} onpointercancel={end}>
            { props.children.clone() }
            <div class={classes!("scrub__line", (at_ms < props.tip_ms).then_some("scrub__line--past"))}
                ref={line}
                data-role="scrub"
                role="slider"
                tabindex="0"
                aria-label={tr("time.moment", &[])}
                aria-valuemin="0"
                aria-valuemax={tip_ms.to_string()}
                aria-valuenow={at_ms.to_string()}
                aria-valuetext={words}
                onkeydown={key}
            ></div>
        </div>
    }
}
