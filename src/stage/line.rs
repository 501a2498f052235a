//! The two lines of a set that can be moved: the partition, right of which identities get the new revision, and the edge of
//! the replicas. Each is a slider: dragged by mouse or finger, moved by keys. Where a line stands is a number; the style
//! sheet knows how wide a column is. It must not know revisions.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::scene::SetScene;
use crate::app::Action;
use crate::locale::tr;
use crate::state::command::{Command, Target};

/// How far beyond the last column the edge of the replicas can be dragged at once.
const BEYOND_MAX: i64 = 5;
/// How far a page key moves a line.
const PAGE: i64 = 10;

/// Which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    /// The partition of the rolling update.
    Partition,
    /// The number of replicas.
    Replicas,
}

impl LineKind {
    fn name(self) -> &'static str {
        match self {
            Self::Partition => "partition",
            Self::Replicas => "replicas",
        }
    }

    /// Where the line stands.
    fn value(self, set: &SetScene) -> i64 {
        match self {
            Self::Partition => set.partition.map_or(0, |partition| partition.at),
            Self::Replicas => set.replicas,
        }
    }
}

/// What the line stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// The columns, drawn as cards.
    Columns,
    /// A ruler from 0 to this number.
    Ruler(i64),
}

/// Properties of [`Line`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct LineProps {
    /// Which line.
    pub kind: LineKind,
    /// What it stands on.
    pub ground: Ground,
    /// The set.
    pub set: Rc<SetScene>,
    /// The terminal's namespace.
    pub namespace: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

impl LineProps {
    /// The farthest it can be moved.
    fn max(&self) -> i64 {
        let present = self.kind.value(&self.set);
        match (self.kind, self.ground) {
            (LineKind::Partition, _) => self.set.replicas.max(present),
            (LineKind::Replicas, Ground::Columns) => value_at(&self.set, self.set.columns.len()).max(present) + BEYOND_MAX,
            (LineKind::Replicas, Ground::Ruler(max)) => max.max(present),
        }
    }

    fn command(&self, value: i64) -> Command {
        let target = Target::new(&self.set.namespace, &self.set.name, &self.namespace);
        match self.kind {
            LineKind::Partition => Command::partition(&target, value),
            LineKind::Replicas => Command::scale(&target, value),
        }
    }
}

/// The line.
#[component]
pub(super) fn Line(props: &LineProps) -> Html {
    let node = use_node_ref();
    let dragged = use_state(|| None::<i64>);
    let set = &props.set;
    let present = props.kind.value(set);
    let value = dragged.unwrap_or(present);
    // A number of columns, or thousandths of the ruler.
    let place = match props.ground {
        Ground::Columns => before(set, value),
        Ground::Ruler(max) => value.clamp(0, max) * 1_000 / max.max(1),
    };
    use_effect_with((node.clone(), place), |(node, place)| {
        if let Some(line) = node.cast::<HtmlElement>() {
            // Through the object model: an attribute would be forbidden by the page's policy.
            let _ = line.style().set_property("--before", &place.to_string());
        }
    });
    let move_to = {
        let props = props.clone();
        move |value: i64| {
            let value = value.clamp(0, props.max());
            if value != props.kind.value(&props.set) {
                props.dispatch.emit(Action::Run(props.command(value)));
            }
        }
    };
    let key = {
        let (move_to, max, dragged) = (move_to.clone(), props.max(), dragged.clone());
        Callback::from(move |event: KeyboardEvent| {
            let value = match event.key().as_str() {
                // Lets go of a line that is being dragged, where it was.
                "Escape" if dragged.is_some() => {
                    dragged.set(None);
                    present
                }
                "ArrowLeft" | "ArrowDown" => present - 1,
                "ArrowRight" | "ArrowUp" => present + 1,
                "PageDown" => present - PAGE,
                "PageUp" => present + PAGE,
                "Home" => 0,
                "End" => max,
                _ => return,
            };
            event.prevent_default();
            // Keys of the page (play, step) are not meant where a slider takes them.
            event.stop_propagation();
            move_to(value);
        })
    };
    let down = {
        let (dragged, node) = (dragged.clone(), node.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            // Yew listens at the root, so the event's own target does not say whose handler this is.
            if let Some(line) = node.cast::<HtmlElement>() {
                event.prevent_default();
                // Refusals would only mean that the line is not on the page any more. Without capture the drag ends at its edge.
                let _ = line.focus();
                let _ = line.set_pointer_capture(event.pointer_id());
                dragged.set(Some(present));
            }
        })
    };
    let drag = {
        let (dragged, node, props) = (dragged.clone(), node.clone(), props.clone());
        Callback::from(move |event: PointerEvent| {
            let x = f64::from(event.client_x());
            if dragged.is_some()
                && let Some(value) = node.cast::<Element>().and_then(|line| value_under(&props, &line, x))
                && *dragged != Some(value)
            {
                dragged.set(Some(value));
            }
        })
    };
    let up = {
        let dragged = dragged.clone();
        Callback::from(move |_: PointerEvent| {
            if let Some(value) = *dragged {
                dragged.set(None);
                move_to(value);
            }
        })
    };
    let cancel = {
        let dragged = dragged.clone();
        Callback::from(move |_: PointerEvent| dragged.set(None))
    };
    let name = props.kind.name();
    let number = value.to_string();
    let first = set.start.saturating_add(value).to_string();
    let on = value > 0 && props.kind == LineKind::Partition;
    html! {
        <div
            class={classes!(
                "line",
                format!("line--{name}"),
                matches!(props.ground, Ground::Ruler(_)).then_some("line--ruler"),
                on.then_some("is-set"),
                (value == 0).then_some("is-start"),
                dragged.is_some().then_some("is-dragged"),
            )}
            ref={node}
            data-role={name}
            data-value={present.to_string()}
            role="slider"
            tabindex="0"
            aria-orientation="horizontal"
            aria-label={tr(&format!("stage.line.{name}-of"), &[("name", &set.name)])}
            aria-valuemin="0"
            aria-valuemax={props.max().to_string()}
            aria-valuenow={number.clone()}
            aria-valuetext={tr(&format!("stage.line.{name}-means"), &[("number", &number), ("first", &first)])}
            onkeydown={key}
            onpointerdown={down}
            onpointermove={drag}
            onpointerup={up}
            onpointercancel={cancel}
        >
            <span class="line__label">{ tr(&format!("stage.line.{name}"), &[("number", &number)]) }</span>
            <span class="line__line" aria-hidden="true"></span>
            <span class="line__grip" aria-hidden="true"></span>
        </div>
    }
}

/// Before how many columns a value stands, those counted that are not there yet.
fn before(set: &SetScene, value: i64) -> i64 {
    let ordinal = set.start.saturating_add(value);
    let drawn = set.columns.iter().take_while(|column| column.ordinal < ordinal).count();
    let end = set.columns.last().map_or(set.start, |column| column.ordinal.saturating_add(1));
    i64::try_from(drawn).unwrap_or(i64::MAX).saturating_add(ordinal.saturating_sub(end).clamp(0, BEYOND_MAX))
}

/// The value of a line that stands behind so many of the drawn columns.
fn value_at(set: &SetScene, before: usize) -> i64 {
    let ordinal = match (set.columns.get(before), set.columns.last()) {
        (Some(column), _) => column.ordinal,
        (None, Some(last)) => last.ordinal.saturating_add(1),
        (None, None) => set.start,
    };
    ordinal.saturating_sub(set.start).max(0)
}

/// The value under a point of the screen.
fn value_under(props: &LineProps, line: &Element, x: f64) -> Option<i64> {
    let ground = line.parent_element()?;
    let value = match props.ground {
        Ground::Ruler(max) => {
            let track = ground.get_bounding_client_rect();
            let share = ((x - track.left()) / track.width().max(1.0)).clamp(0.0, 1.0);
            (share * max as f64).round() as i64
        }
        Ground::Columns => {
            let columns = ground.query_selector_all("[data-column]").ok()?;
            let mut passed = 0;
            let mut last = None;
            for index in 0..columns.length() {
                let column = columns.item(index)?.dyn_into::<Element>().ok()?.get_bounding_client_rect();
                passed += usize::from(column.left() + column.width() / 2.0 < x);
                last = Some(column);
            }
            let beyond =
                last.filter(|_| passed == columns.length() as usize).map_or(0.0, |last| (x - last.right()) / last.width().max(1.0));
            value_at(&props.set, passed) + (beyond + 0.5).floor().max(0.0) as i64
        }
    };
    Some(value.clamp(0, props.max()))
}
