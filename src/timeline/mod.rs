//! Time on the page: the transport (play, pause, steps, speed, undo and redo, a fresh cluster, the clock), the timeline under
//! it, and the histories. It must not know what happens in time.

mod branches;
pub mod clock;
pub mod film;
pub mod keys;
pub mod layout;
mod panel;
mod scrub;
mod table;

use statefulset_engine::api::time::Ms;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::Action;
use crate::locale::tr;
use crate::state::branches::BranchId;
use crate::state::speed::{SPEEDS, Speed};
use clock::Clock;
pub use panel::Timeline;

/// What somebody expected, and what a moment has shown instead or as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foretold {
    /// The moment.
    pub at_ms: Ms,
    /// What was expected.
    pub expected: AttrValue,
    /// What happened; the same where the expectation was right.
    pub happened: AttrValue,
}

impl Foretold {
    /// Whether it came as expected.
    fn right(&self) -> bool {
        self.expected == self.happened
    }
}

/// Ways through time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travel {
    /// To a moment of the history shown.
    To(Ms),
    /// To a moment that a pointer passes: what takes long to draw waits until it rests.
    Past(Ms),
    /// The pointer rests, or has let go.
    Rest,
    /// To its start.
    Start,
    /// To its newest moment.
    Newest,
    /// On to where something begins to be waited for.
    NextWait,
    /// Back to before the last act, to go on without it.
    Undo,
    /// To where the act that was undone had led.
    Redo,
    /// Another history begins at this moment.
    Fork,
    /// Another history is shown.
    Show(BranchId),
    /// A history is compared with the one shown; `None` ends the comparison.
    Compare(Option<BranchId>),
    /// A history is forgotten.
    Forget(BranchId),
    /// Time goes by, or stands still where it did.
    PlayOrPause,
}

/// Properties of [`Transport`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TransportProps {
    /// The virtual time.
    pub at_ms: Ms,
    /// When something happens next.
    pub next_ms: Option<Ms>,
    /// Whether time goes by.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
    /// Whether there is anything to step back to.
    pub can_step_back: bool,
    /// Whether more lies ahead in the history shown.
    pub in_the_past: bool,
    /// The command that can be undone; empty where there is none.
    pub undoes: AttrValue,
    /// The command that can be done again; empty where there is none.
    pub redoes: AttrValue,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The transport.
#[component]
pub fn Transport(props: &TransportProps) -> Html {
    let choose = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            if let Some(speed) = select.and_then(|select| Speed::of_label(&select.value())) {
                dispatch.emit(Action::Speed(speed));
            }
        })
    };
    html! {
        <div class="transport" role="group" aria-label={tr("time.controls", &[])}>
            <div class="transport__group">
                { control(props, "step-back", "time.step-back", ICON_BACK, Action::StepBack, None, !props.can_step_back) }
                { control(props, "play", "time.play", ICON_PLAY, Action::Play, Some(props.playing), false) }
                { control(props, "pause", "time.pause", ICON_PAUSE, Action::Pause, Some(!props.playing), false) }
                { control(props, "step", "time.step", ICON_STEP, Action::Step, None, props.next_ms.is_none()) }
                { control(props, "next-wait", "time.next-wait", ICON_WAIT, Action::Travel(Travel::NextWait), None, props.next_ms.is_none() && !props.in_the_past) }
            </div>
            <div class="transport__group">
                { named(props, "undo", ["time.undo", "time.undo-none"], ICON_UNDO, Action::Travel(Travel::Undo), &props.undoes) }
                { named(props, "redo", ["time.redo", "time.redo-none"], ICON_REDO, Action::Travel(Travel::Redo), &props.redoes) }
            </div>
            <label class="transport__speed">
                <span class="visually-hidden">{ tr("time.speed", &[]) }</span>
                <select class="select" data-role="speed" onchange={choose}>
                    { for SPEEDS.iter().map(|speed| html! {
                        <option value={speed.label()} selected={*speed == props.speed}>{ tr("time.speed-of", &[("speed", &speed.label())]) }</option>
                    }) }
                </select>
            </label>
            <Clock at_ms={props.at_ms} next_ms={props.next_ms} playing={props.playing} in_the_past={props.in_the_past} />
            { control(props, "reset", "time.reset", ICON_RESET, Action::Reset, None, false) }
        </div>
    }
}

const ICON_BACK: &str = "M11.5 3 L5.5 8 L11.5 13 Z M3.5 3 H5 V13 H3.5 Z";
const ICON_PLAY: &str = "M4 2.5 L13 8 L4 13.5 Z";
const ICON_PAUSE: &str = "M4 3 H6.8 V13 H4 Z M9.2 3 H12 V13 H9.2 Z";
const ICON_STEP: &str = "M4.5 3 L10.5 8 L4.5 13 Z M11 3 H12.5 V13 H11 Z";
const ICON_WAIT: &str = "M3 3 L9 8 L3 13 Z M10 3 H14 V4.6 L12.6 8 L14 11.4 V13 H10 V11.4 L11.4 8 L10 4.6 Z";
const ICON_UNDO: &str = "M6.5 2.5 V5.2 H10 A4 4 0 0 1 10 13.2 H4.5 V11.6 H10 A2.4 2.4 0 0 0 10 6.8 H6.5 V9.5 L2 6 Z";
const ICON_REDO: &str = "M9.5 2.5 V5.2 H6 A4 4 0 0 0 6 13.2 H11.5 V11.6 H6 A2.4 2.4 0 0 1 6 6.8 H9.5 V9.5 L14 6 Z";
const ICON_RESET: &str = "M8 2.5 A5.5 5.5 0 1 0 13.5 8 H11.9 A3.9 3.9 0 1 1 8 4.1 V6.6 L12 3.3 L8 0 Z";

/// A button for a command that is named in its hint; where there is none, another text says so.
fn named(props: &TransportProps, role: &'static str, [key, none]: [&str; 2], icon: &'static str, action: Action, line: &AttrValue) -> Html {
    let dispatch = props.dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()));
    let words = if line.is_empty() { tr(none, &[]) } else { tr(key, &[("line", line)]) };
    html! {
        <button class="button button--icon" type="button" data-role={role} title={words.clone()} aria-label={words} disabled={line.is_empty()} {onclick}>
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={icon} /></svg>
        </button>
    }
}

/// A button with its icon and its word.
fn control(
    props: &TransportProps,
    role: &'static str,
    key: &str,
    icon: &'static str,
    action: Action,
    pressed: Option<bool>,
    disabled: bool,
) -> Html {
    let dispatch = props.dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()));
    html! {
        <button
            class={classes!("button", "button--icon", format!("button--{role}"), (pressed == Some(true)).then_some("is-pressed"))}
            type="button"
            data-role={role}
            title={tr(key, &[])}
            aria-pressed={pressed.map(|pressed| pressed.to_string())}
            {disabled}
            {onclick}
        >
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={icon} /></svg>
            <span class="button__word">{ tr(key, &[]) }</span>
        </button>
    }
}
