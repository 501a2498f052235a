//! A set with many identities: all of them as cells, the interesting ones large above, and a ruler on which the partition
//! and the edge of the replicas are moved. The cells are one list for the keyboard: arrows move, Enter chooses, Delete
//! deletes. It must not know other sets.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::cell::{self, RUN, Run, class_of};
use super::line::{Ground, Line, LineKind};
use super::portions::{FRAME_MS, Portions, use_again};
use super::scene::large;
use super::scene::{Column, Density, PodState, SetScene, Slot};
use super::set::{SetProps, column};
use crate::app::Action;
use crate::browser::frames::now;
use crate::locale::{tr, tr_count};
use crate::state::command::{Command, Target};

/// Runs of cells that are drawn in one turn of the browser: a thousand at once would make it stall.
const RUNS_AT_ONCE: usize = 6;
/// So often a card may give its place to another, in milliseconds: faster, nobody could read them.
const EXCHANGE_EVERY_MS: u32 = 120;
/// How much of the cards is drawn at once: three changes, or one card that is new.
const WORK_AT_ONCE: usize = 3;

/// The set.
#[component]
pub(super) fn Many(props: &SetProps) -> Html {
    let set = &props.set;
    let list = use_node_ref();
    let active = use_state(|| None::<usize>);
    // What was large when this was drawn last.
    let shown = use_mut_ref(|| None::<Shown>);
    let runs = set.columns.len().div_ceil(RUN);
    let drawn = use_state(|| RUNS_AT_ONCE);
    use_effect_with((*drawn, runs), {
        let drawn = drawn.clone();
        move |(so_far, runs)| {
            let more = (so_far < runs).then(|| {
                let next = so_far + RUNS_AT_ONCE;
                Timeout::new(0, move || drawn.set(next))
            });
            move || drop(more)
        }
    });
    {
        // The focus stays on the list, so the browser does not bring the cell into view by itself.
        let (active, list) = (*active, list.clone());
        use_effect_with(active, move |active| {
            let cell = active.and_then(|place| list.cast::<Element>()?.query_selector(&format!("[data-at='{place}']")).ok()?);
            if let Some(cell) = cell {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                cell.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let chosen = props.chosen.as_ref().filter(|key| key.kind == Kind::Pod && key.namespace == set.namespace);
    let chosen = chosen.and_then(|key| set.columns.iter().find(|column| column.pod_name == key.name)).map(|column| column.ordinal);
    // While a pointer passes over moments, cells follow it, and cards wait where they are: each of them costs as much as all cells.
    let waits = props.passes && shown.borrow().is_some();
    if waits {
        if let Some(shown) = shown.borrow_mut().as_mut() {
            shown.waited = true;
        }
    } else {
        let next = Shown::next(shown.borrow_mut().take(), props, chosen);
        *shown.borrow_mut() = Some(next);
    }
    let (places, cards, more) =
        shown.borrow().as_ref().map(|shown| (shown.places(set), shown.cards.clone(), shown.more)).unwrap_or_default();
    use_again(more);
    let choose = {
        let (dispatch, set) = (props.dispatch.clone(), set.clone());
        move |place: usize| {
            if let Some(column) = set.columns.get(place) {
                dispatch.emit(Action::Select(Some(Key::new(Kind::Pod, set.namespace.clone(), column.pod_name.clone()))));
            }
        }
    };
    let click = {
        let (active, choose) = (active.clone(), choose.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(place) = event.target_dyn_into::<Element>().and_then(|target| place_of(&target)) {
                active.set(Some(place));
                choose(place);
            }
        })
    };
    let key = {
        let (active, list, props) = (active.clone(), list.clone(), props.clone());
        Callback::from(move |event: KeyboardEvent| {
            let set = &props.set;
            let last = set.columns.len().saturating_sub(1);
            let at = active.unwrap_or(0).min(last);
            let a_row = || list.cast::<HtmlElement>().map_or(1, |list| per_row(&list));
            let to = match event.key().as_str() {
                "ArrowLeft" => at.saturating_sub(1),
                "ArrowRight" => at + 1,
                "ArrowUp" => at.saturating_sub(a_row()),
                "ArrowDown" => at + a_row(),
                "Home" => 0,
                "End" => last,
                "Enter" | " " => {
                    choose(at);
                    at
                }
                "Delete" | "Backspace" => {
                    if let Some(Slot::Pod(pod)) = set.columns.get(at).map(|column| &column.slot)
                        && pod.state != PodState::Terminating
                    {
                        let target = Target::new(&pod.namespace, &pod.name, &props.namespace);
                        props.dispatch.emit(Action::Run(Command::delete_pod(&target)));
                    }
                    at
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            active.set(Some(to.min(last)));
        })
    };
    let focus = {
        let active = active.clone();
        Callback::from(move |_: FocusEvent| {
            if active.is_none() {
                active.set(Some(0));
            }
        })
    };
    let ends = set.columns.first().zip(set.columns.last()).map_or((0, 0), |(first, last)| (first.ordinal, last.ordinal));
    html! {
        <div class="many">
            <div class="many__all">
                { ruler(props) }
                <ul
                    class={classes!("cells", (set.density == Density::Strip).then_some("cells--strip"))}
                    ref={list}
                    role="listbox"
                    tabindex="0"
                    aria-label={tr("stage.cells", &[("name", &set.name), ("first", &ends.0.to_string()), ("last", &ends.1.to_string())])}
                    aria-activedescendant={active.map(|place| cell::id(set, place))}
                    data-role="cells"
                    onclick={click}
                    onkeydown={key}
                    onfocus={focus}
                >
                    { for (0..runs.min(*drawn)).map(|run| {
                        let from = run * RUN;
                        let within = from..from + RUN;
                        let here = |place: &usize| within.contains(place);
                        html! {
                            <Run
                                key={from}
                                set={set.clone()}
                                {from}
                                active={active.filter(here)}
                                chosen={chosen.filter(|ordinal| set.columns.iter().skip(from).take(RUN).any(|column| column.ordinal == *ordinal))}
                                large={places.iter().copied().filter(here).collect::<Vec<usize>>()}
                                numbered={set.density == Density::Tiles}
                            />
                        }
                    }) }
                </ul>
                { legend(set) }
            </div>
            <div
                class={classes!("columns", "columns--large", waits.then_some("is-behind"))}
                tabindex="0"
                role="group"
                aria-busy={waits.then_some("true")}
                aria-label={tr("stage.large", &[("name", &set.name)])}
            >
                <ul class="columns__row">{ cards }</ul>
            </div>
        </div>
    }
}

/// What was drawn large.
struct Shown {
    columns: Portions,
    cards: Html,
    chosen: Option<i64>,
    /// When a card gave its place to another last, in the browser's milliseconds.
    exchanged: f64,
    /// In how many milliseconds more of them change, where they are not all as they should be.
    more: Option<u32>,
    /// Whether they are of another moment.
    waited: bool,
}

impl Shown {
    /// What is drawn large now. Where time goes by, cards come and change one after the other.
    fn next(last: Option<Self>, props: &SetProps, chosen: Option<i64>) -> Self {
        let (set, now) = (&props.set, now());
        let here = |places: &[usize]| -> Vec<Rc<Column>> { places.iter().filter_map(|place| set.columns.get(*place)).cloned().collect() };
        let Some(Self { mut columns, exchanged, .. }) = last.filter(|last| last.chosen == chosen && !last.waited) else {
            let large = large::of(set, chosen, &[]);
            let mut columns = Portions::default();
            columns.draw_all(here(&large.places).into_iter());
            let cards = cards(props, columns.drawn(), large.more);
            return Self { columns, cards, chosen, exchanged: now, more: None, waited: false };
        };
        let ordinals: Vec<i64> = columns.drawn().iter().map(|column| column.ordinal).collect();
        let wanted = large::of(set, chosen, &ordinals);
        // A timer may be early by a fraction of a millisecond.
        let early = now - exchanged < f64::from(EXCHANGE_EVERY_MS - 1);
        let large = large::exchange(set, &ordinals, &wanted, usize::from(!early));
        columns.draw(&here(&large.places), WORK_AT_ONCE, false);
        let same = columns.drawn().iter().map(|column| column.ordinal).eq(ordinals);
        let more = if columns.left() { Some(FRAME_MS) } else { (large.places != wanted.places).then_some(EXCHANGE_EVERY_MS) };
        let cards = cards(props, columns.drawn(), large.more);
        Self { columns, cards, chosen, exchanged: if same { exchanged } else { now }, more, waited: false }
    }

    /// Where they stand among all columns.
    fn places(&self, set: &SetScene) -> Vec<usize> {
        let place = |column: &Rc<Column>| set.columns.iter().position(|other| other.ordinal == column.ordinal);
        self.columns.drawn().iter().filter_map(place).collect()
    }
}

/// The large columns, and how many more would deserve it.
fn cards(props: &SetProps, columns: &[Rc<Column>], more: usize) -> Html {
    let more = (more > 0).then(|| {
        html! { <li class="columns__more" key="more">{ tr_count("stage.more-interesting", more as u64, &[]) }</li> }
    });
    columns.iter().map(|each| column(props, each, props.passes)).chain(more).collect()
}

/// The ruler with the lines that can be moved.
fn ruler(props: &SetProps) -> Html {
    let set = &props.set;
    if set.deleted {
        return html! {};
    }
    let max = ruler_end(set.replicas.max(set.partition.map_or(0, |partition| partition.at)));
    let line = |kind: LineKind| {
        html! { <Line {kind} ground={Ground::Ruler(max)} set={set.clone()} namespace={props.namespace.clone()} dispatch={props.dispatch.clone()} /> }
    };
    html! {
        <div class="ruler">
            <span class="ruler__end" aria-hidden="true">{ "0" }</span>
            <div class="ruler__track">
                if set.partition.is_some() { { line(LineKind::Partition) } }
                { line(LineKind::Replicas) }
            </div>
            <span class="ruler__end" aria-hidden="true">{ max.to_string() }</span>
        </div>
    }
}

/// Where a ruler ends: a round number with room to scale up.
fn ruler_end(present: i64) -> i64 {
    let step = if present < 200 { 20 } else { 100 };
    (present.saturating_add(present / 10) / step + 1) * step
}

/// How many identities are how, each beside a cell that looks like it.
fn legend(set: &SetScene) -> Html {
    let tally = set.tally();
    let item = |key: &'static str, class: Classes, count: usize, words: String| {
        (count > 0).then(|| {
            html! {
                <li class="legend__item" {key}>
                    <span class={classes!("legend__cell", (set.density == Density::Strip).then_some("cells--strip"))} aria-hidden="true"><span {class}></span></span>
                    { format!("{count} {words}") }
                </li>
            }
        })
    };
    let states = PodState::ALL.iter().zip(tally.states).filter_map(|(state, count)| {
        item(state.name(), classes!("cell", class_of(*state)), count, tr(&format!("stage.state.{}", state.name()), &[]))
    });
    // Where there is one revision only, its colour needs no words.
    let revisions = [
        item("older", classes!("cell", "pod--ready"), tally.older(), tr("stage.legend-older", &[])),
        item("newer", classes!("cell", "pod--ready", "pod--newer"), tally.newer, tr("stage.legend-newer", &[])),
    ];
    html! {
        <ul class="legend" aria-label={tr("stage.legend", &[])}>
            { for states }
            { for item("none", classes!("cell", "cell--none"), tally.none, tr("stage.no-pod", &[])) }
            if tally.newer > 0 { { for revisions.into_iter().flatten() } }
            <li key="hint" class="legend__hint">{ tr("stage.cells-hint", &[]) }</li>
        </ul>
    }
}

/// The place of the cell under an element.
fn place_of(target: &Element) -> Option<usize> {
    target.closest("[data-at]").ok().flatten()?.get_attribute("data-at")?.parse().ok()
}

/// How many cells stand in a row.
fn per_row(list: &HtmlElement) -> usize {
    let cells = list.children();
    let top = |index: u32| cells.item(index).and_then(|cell| cell.dyn_into::<HtmlElement>().ok()).map(|cell| cell.offset_top());
    let first = top(0);
    (1..cells.length()).find(|index| top(*index) != first).unwrap_or(1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ruler_has_room_to_scale_up() {
        assert_eq!([21, 100, 190, 1_000].map(ruler_end), [40, 120, 220, 1_200]);
    }
}
