//! The timeline: a strip for each pod, what was done and what happened above them, and the moment as a line that can be
//! dragged. It must not know how time travel works.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::Text;
use statefulset_engine::api::object::Key;
use statefulset_engine::api::time::Ms;
use web_sys::Element;
use yew::prelude::*;

use super::branches::Histories;
use super::clock::time_of;
use super::film::Film;
use super::layout::{CLOSE, Layout, WIDTH, across};
use super::scrub::Scrub;
use super::table::Table;
use super::{Foretold, Travel};
use crate::app::Action;
use crate::locale::{tr, tr_count};
use crate::state::branches::BranchId;

/// How often the timeline can be made twice as wide.
const ZOOM_MAX: u32 = 6;
/// Commands that get a flag: the newest.
const FLAGS_MAX: usize = 200;

/// Properties of [`Timeline`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TimelineProps {
    /// What it shows.
    pub film: Rc<Film>,
    /// The moment looked at.
    pub at_ms: Ms,
    /// The history that is compared with the one shown.
    pub beside: Option<BranchId>,
    /// Whether one history more was wanted than are kept.
    pub refused: bool,
    /// The object that is told about.
    pub chosen: Option<Key>,
    /// What was expected of a moment of this history.
    pub foretold: Option<Foretold>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The timeline.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let zoom = use_state(|| 0_u32);
    let as_table = use_state(|| false);
    let scroll = use_node_ref();
    {
        // Where the timeline is wider than its window, the moment stays in view.
        let (scroll, at) = (scroll.clone(), across(props.at_ms, props.film.tip_ms));
        use_effect_with((at, *zoom), move |(at, zoom)| {
            if let Some(window) = scroll.cast::<Element>().filter(|_| *zoom > 0) {
                keep_in_view(&window, *at);
            }
        });
    }
    let by = |delta: i32| {
        let zoom = zoom.clone();
        Callback::from(move |_: MouseEvent| zoom.set(zoom.saturating_add_signed(delta).min(ZOOM_MAX)))
    };
    let toggle = {
        let as_table = as_table.clone();
        Callback::from(move |_: MouseEvent| as_table.set(!*as_table))
    };
    let (film, zoomed) = (&props.film, 1_u64 << *zoom);
    let layout = use_memo(
        (film.clone(), zoomed, *as_table),
        |(film, zoom, as_table)| {
            if *as_table { Layout::default() } else { Layout::of(film, *zoom) }
        },
    );
    // A history that is shorter has not come to that moment.
    let foretold = props.foretold.clone().filter(|foretold| foretold.at_ms <= props.film.tip_ms);
    let words = if *as_table { tr("time.as-strips", &[]) } else { tr("time.as-table", &[]) };
    html! {
        <div class="timeline">
            <div class="timeline__bar">
                <Histories film={props.film.clone()} beside={props.beside} refused={props.refused} dispatch={props.dispatch.clone()} />
                <div class="timeline__tools">
                    { tool(props, "fork", "time.fork", ICON_FORK, Travel::Fork) }
                    { tool(props, "newest", "time.newest", ICON_NEWEST, Travel::Newest) }
                    <button class="button button--quiet" type="button" data-role="as-table" aria-pressed={as_table.to_string()} onclick={toggle}>{ words }</button>
                    <button class="button button--quiet" type="button" data-role="zoom-out" aria-label={tr("time.zoom-out", &[])} title={tr("time.zoom-out", &[])} disabled={*zoom == 0 || *as_table} onclick={by(-1)}>{ "−" }</button>
                    <button class="button button--quiet" type="button" data-role="zoom-in" aria-label={tr("time.zoom-in", &[])} title={tr("time.zoom-in", &[])} disabled={*zoom == ZOOM_MAX || *as_table} onclick={by(1)}>{ "+" }</button>
                </div>
            </div>
            { foretold.as_ref().map(difference) }
            if *as_table {
                <Table film={props.film.clone()} dispatch={props.dispatch.clone()} />
            } else {
                <div class="timeline__window" ref={scroll}>
                    <div class={classes!("timeline__sheet", format!("timeline__sheet--{}", *zoom))}>
                        <Names film={film.clone()} layout={layout.clone()} chosen={props.chosen.clone()} dispatch={props.dispatch.clone()} />
                        <Scrub at_ms={props.at_ms} tip_ms={props.film.tip_ms} dispatch={props.dispatch.clone()}>
                            <Strips film={film.clone()} {layout} zoom={zoomed} {foretold} />
                        </Scrub>
                    </div>
                </div>
            }
        </div>
    }
}

/// What was expected of a moment beside what happened, in words.
fn difference(foretold: &Foretold) -> Html {
    let (look, key, sign) = if foretold.right() { ("right", "time.as-foretold", "=") } else { ("wrong", "time.unlike-foretold", "≠") };
    let words = [("time", &*time_of(foretold.at_ms)), ("expected", &*foretold.expected), ("happened", &*foretold.happened)];
    html! {
        <p class={format!("foretold foretold--{look}")} data-role="foretold" data-state={look} data-ms={foretold.at_ms.to_string()}>
            <span class="foretold__sign" aria-hidden="true">{ sign }</span>
            { tr(key, &words) }
        </p>
    }
}

/// A button for somebody who looks at the past.
fn tool(props: &TimelineProps, role: &'static str, key: &str, icon: &'static str, travel: Travel) -> Html {
    let dispatch = props.dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Travel(travel)));
    let words = tr(key, &[]);
    html! {
        <button class="button button--quiet" type="button" data-role={role} title={words.clone()} aria-label={words} disabled={props.at_ms >= props.film.tip_ms} {onclick}>
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={icon} /></svg>
        </button>
    }
}

const ICON_FORK: &str =
    "M3 7.2 H6.4 L10.4 3.2 H9 V1.6 H13.2 V5.8 H11.6 V4.3 L7.8 8 L11.6 11.7 V10.2 H13.2 V14.4 H9 V12.8 H10.4 L6.4 8.8 H3 Z";
const ICON_NEWEST: &str = "M2.5 3 L7.5 8 L2.5 13 Z M7.5 3 L12.5 8 L7.5 13 Z M12.5 3 H14 V13 H12.5 Z";

/// Scrolls sideways so far that a place of the sheet is in view.
fn keep_in_view(window: &Element, at: u64) {
    let (left, seen, whole) = (window.scroll_left(), window.client_width(), window.scroll_width());
    let x = NAMES_PX + i32::try_from(i64::from(whole - NAMES_PX) * i64::try_from(at).unwrap_or(0) / WIDTH as i64).unwrap_or(0);
    if x < left + NAMES_PX || x > left + seen - 12 {
        window.set_scroll_left(x - (seen + NAMES_PX) / 2);
    }
}

/// How wide the column of names is; the style sheet says the same.
const NAMES_PX: i32 = 104;

/// Properties of [`Names`].
#[derive(Clone, Debug, Properties)]
struct NamesProps {
    film: Rc<Film>,
    layout: Rc<Layout>,
    chosen: Option<Key>,
    dispatch: Callback<Action>,
}

impl PartialEq for NamesProps {
    /// Strips grow many times a second; the names beside them stay.
    fn eq(&self, other: &Self) -> bool {
        fn names(props: &NamesProps) -> impl Iterator<Item = (&Text, &Text)> {
            props.film.strips.iter().map(|strip| (&strip.namespace, &strip.name))
        }
        self.chosen == other.chosen && self.layout.rows == other.layout.rows && names(self).eq(names(other))
    }
}

/// The names beside the strips; pressing one chooses the pod.
#[component]
fn Names(props: &NamesProps) -> Html {
    let layout = &props.layout;
    let strips = &props.film.strips;
    html! {
        <div class="timeline__names">
            <p class="timeline__lane-name">{ tr("time.commands", &[]) }</p>
            <ul class="timeline__list">
                { for layout.rows.iter().enumerate().map(|(index, row)| {
                    if row.pods > 1 {
                        let words = tr_count("time.band", row.pods as u64, &[("name", &row.name)]);
                        return html! { <li key={row.name.clone()} class="timeline__name timeline__name--band" title={words.clone()}>{ words }</li> };
                    }
                    let key = strips.get(index).map(|strip| Key::new(Kind::Pod, strip.namespace.clone(), strip.name.clone()));
                    let chosen = key.is_some() && props.chosen == key;
                    let choose = {
                        let dispatch = props.dispatch.clone();
                        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Select(key.clone())))
                    };
                    if row.height < CLOSE {
                        // Too close to be pressed: the stage has a place for each.
                        return html! {
                            <li key={format!("{index}/{}", row.name)} class="timeline__name timeline__name--close" title={row.name.clone()}>{ &row.name }</li>
                        };
                    }
                    html! {
                        <li key={format!("{index}/{}", row.name)} class="timeline__name timeline__name--open">
                            <button type="button" class="timeline__pod" title={row.name.clone()} aria-pressed={chosen.to_string()} onclick={choose}>{ &row.name }</button>
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}

/// What a strip of this look stands for.
fn state_words(class: &str) -> String {
    match class {
        "none" => tr("stage.no-pod", &[]),
        "ready-newer" => format!("{} · {}", tr("stage.state.ready", &[]), tr("stage.legend-newer", &[])),
        state => tr(&format!("stage.state.{state}"), &[]),
    }
}

/// Properties of [`Strips`].
#[derive(Clone, Debug, PartialEq, Properties)]
struct StripsProps {
    film: Rc<Film>,
    layout: Rc<Layout>,
    zoom: u64,
    foretold: Option<Foretold>,
}

/// Everything that is drawn and does not move with the moment.
#[component]
fn Strips(props: &StripsProps) -> Html {
    let film = &props.film;
    let layout = &props.layout;
    let percent = |x: u64| format!("{}.{:03}%", x * 100 / WIDTH, x * 100 % WIDTH * 1_000 / WIDTH);
    let height = layout.height.max(18).to_string();
    let pods: usize = layout.rows.iter().map(|row| row.pods).sum();
    let summary =
        tr("time.summary", &[("pods", &pods.to_string()), ("commands", &film.flags.len().to_string()), ("time", &time_of(film.tip_ms))]);
    let forks = film.branches.iter().filter(|branch| branch.parent == Some(film.edition.branch) || branch.id == film.edition.branch);
    let skipped = film.flags.len().saturating_sub(FLAGS_MAX);
    html! {
        <div class="strips" role="img" aria-label={summary}>
            <svg class="strips__lane" width="100%" height="24" aria-hidden="true">
                <svg width="100%" height="10" y="13" viewBox={format!("0 0 {WIDTH} 10")} preserveAspectRatio="none">
                    { for layout.marks.iter().map(|paint| html! { <path class={format!("mark mark--{}", paint.class)} d={paint.path.clone()} /> }) }
                </svg>
                { for film.flags.iter().skip(skipped).map(|flag| html! {
                    <svg x={percent(across(flag.at_ms, film.tip_ms))} y="1" width="1" height="12" overflow="visible">
                        <path class="flag" d="M0 0v22M0 0l9 3.5-9 3.5z"><title>{ format!("{} {}", time_of(flag.at_ms), flag.line) }</title></path>
                    </svg>
                }) }
                { for forks.filter(|branch| branch.parent.is_some()).map(|branch| html! {
                    <svg x={percent(across(branch.forked_ms, film.tip_ms))} y="12" width="1" height="12" overflow="visible">
                        <path class="fork" d="M0 10v-4c0-3 6-1 6-5M0 6v-6"><title>{ tr("time.history", &[("number", &branch.id.to_string())]) }</title></path>
                    </svg>
                }) }
            </svg>
            <svg class="strips__rows" width="100%" height={height} viewBox={format!("0 0 {WIDTH} {}", layout.height.max(18))} preserveAspectRatio="none" aria-hidden="true">
                { for layout.paints.iter().map(|paint| html! {
                    <path class={format!("strip strip--{}", paint.class)} d={paint.path.clone()}><title>{ state_words(paint.class) }</title></path>
                }) }
                if let Some(foretold) = &props.foretold {
                    <path
                        class={format!("strips__foretold strips__foretold--{}", if foretold.right() { "right" } else { "wrong" })}
                        d={format!("M{} 0V{}", across(foretold.at_ms, film.tip_ms), layout.height.max(18))}
                    />
                }
            </svg>
            <svg class="strips__times" width="100%" height="16" aria-hidden="true">
                { for layout.ticks.iter().filter(|tick| tick.x <= WIDTH - WIDTH / (5 * props.zoom)).map(|tick| html! {
                    <text class="strips__time" x={percent(tick.x)} y="12">{ &tick.words }</text>
                }) }
            </svg>
        </div>
    }
}
