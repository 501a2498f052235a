//! The partition line: identities on its left keep their revision, those on its right get the new one. It is a slider:
//! dragged by pointer, moved by the arrow keys. Where it stands is a number of columns; the style sheet knows how wide
//! those are. It must not know revisions.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::scene::{Partition, SetScene};
use crate::app::Action;
use crate::locale::tr;
use crate::state::command::{Command, Target};

/// Properties of [`PartitionLine`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct PartitionLineProps {
    /// Where it stands.
    pub partition: Partition,
    /// The set.
    pub set: Rc<SetScene>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The line.
#[component]
pub(super) fn PartitionLine(props: &PartitionLineProps) -> Html {
    let node = use_node_ref();
    // Where the pointer has dragged it to: a number of columns before it.
    let dragged = use_state(|| None::<usize>);
    let set = &props.set;
    let before = (*dragged).unwrap_or(props.partition.columns_before);
    let start = set.columns.first().map_or(0, |column| column.ordinal);
    let at = match *dragged {
        Some(before) => partition_of(set, before),
        None => props.partition.at,
    };
    {
        let node = node.clone();
        use_effect_with(before, move |before| {
            if let Some(line) = node.cast::<HtmlElement>() {
                // Through the object model: an attribute would be forbidden by the page's policy.
                let _ = line.style().set_property("--before", &before.to_string());
            }
        });
    }
    let move_to = {
        let (dispatch, present) = (props.dispatch.clone(), props.partition.at);
        let target = Target::new(&set.namespace, &set.name, &props.namespace);
        Callback::from(move |partition: i64| {
            if partition != present && partition >= 0 {
                dispatch.emit(Action::Run(Command::partition(&target, partition)));
            }
        })
    };
    let key = {
        let (move_to, present, all) = (move_to.clone(), props.partition.at, set.replicas);
        Callback::from(move |event: KeyboardEvent| {
            let partition = match event.key().as_str() {
                "ArrowLeft" | "ArrowDown" => present - 1,
                "ArrowRight" | "ArrowUp" => present + 1,
                "Home" => 0,
                "End" => all,
                _ => return,
            };
            event.prevent_default();
            move_to.emit(partition.min(all.max(present)));
        })
    };
    let down = {
        let (dragged, node, before) = (dragged.clone(), node.clone(), props.partition.columns_before);
        Callback::from(move |event: PointerEvent| {
            // Yew listens at the root, so the event's own target does not say whose handler this is.
            if let Some(line) = node.cast::<HtmlElement>() {
                event.prevent_default();
                // Refusals would only mean that the line is not on the page any more. Without capture the drag ends at its edge.
                let _ = line.focus();
                let _ = line.set_pointer_capture(event.pointer_id());
                dragged.set(Some(before));
            }
        })
    };
    let drag = {
        let (dragged, node) = (dragged.clone(), node.clone());
        Callback::from(move |event: PointerEvent| {
            if dragged.is_some()
                && let Some(before) = node.cast::<Element>().and_then(|line| columns_left_of(&line, f64::from(event.client_x())))
                && *dragged != Some(before)
            {
                dragged.set(Some(before));
            }
        })
    };
    let up = {
        let (dragged, set) = (dragged.clone(), set.clone());
        Callback::from(move |_: PointerEvent| {
            if let Some(before) = *dragged {
                dragged.set(None);
                move_to.emit(partition_of(&set, before));
            }
        })
    };
    let cancel = {
        let dragged = dragged.clone();
        Callback::from(move |_: PointerEvent| dragged.set(None))
    };
    let number = at.to_string();
    let first = start.saturating_add(at).to_string();
    html! {
        <div
            class={classes!("partition", (props.partition.at > 0 || dragged.is_some()).then_some("partition--set"), dragged.is_some().then_some("is-dragged"), (before == 0).then_some("partition--start"))}
            ref={node}
            data-role="partition"
            data-partition={props.partition.at.to_string()}
            role="slider"
            tabindex="0"
            aria-orientation="horizontal"
            aria-label={tr("stage.partition-of", &[("name", &set.name)])}
            aria-valuemin="0"
            aria-valuemax={set.replicas.max(props.partition.at).to_string()}
            aria-valuenow={number.clone()}
            aria-valuetext={tr("stage.partition-means", &[("number", &number), ("first", &first)])}
            onkeydown={key}
            onpointerdown={down}
            onpointermove={drag}
            onpointerup={up}
            onpointercancel={cancel}
        >
            <span class="partition__label">{ tr("stage.partition", &[("number", &number)]) }</span>
            <span class="partition__line" aria-hidden="true"></span>
        </div>
    }
}

/// The partition of a line that stands behind so many columns.
fn partition_of(set: &SetScene, before: usize) -> i64 {
    i64::try_from(before).unwrap_or(i64::MAX).min(set.replicas.max(0))
}

/// How many columns have their middle left of a point.
fn columns_left_of(line: &Element, x: f64) -> Option<usize> {
    let columns = line.parent_element()?.query_selector_all(".column").ok()?;
    let mut count = 0;
    for index in 0..columns.length() {
        let column = columns.item(index)?.dyn_into::<Element>().ok()?.get_bounding_client_rect();
        if column.left() + column.width() / 2.0 < x {
            count += 1;
        }
    }
    Some(count)
}
