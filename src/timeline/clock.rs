//! The virtual clock, and whether it goes.
//! It must not know who moves it.

use statefulset_engine::api::time::Ms;
use yew::prelude::*;

use crate::locale::tr;

/// Properties of [`Clock`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct ClockProps {
    /// The virtual time.
    pub at_ms: Ms,
    /// When something happens next.
    pub next_ms: Option<Ms>,
    /// Whether time goes by where anything is to happen.
    pub playing: bool,
    /// Whether acts lie ahead.
    pub in_the_past: bool,
}

/// The clock.
#[component]
pub(super) fn Clock(props: &ClockProps) -> Html {
    let wait_ms = props.next_ms.map(|next_ms| next_ms.saturating_sub(props.at_ms));
    let note = match wait_ms {
        _ if props.in_the_past => tr("time.past", &[]),
        None => tr("time.settled", &[]),
        Some(_) if !props.playing => tr("time.paused", &[]),
        Some(wait_ms) if wait_ms > 3_000 => tr("time.next-in", &[("seconds", &wait_ms.div_ceil(1_000).to_string())]),
        Some(_) => tr("time.running", &[]),
    };
    html! {
        <p class="clock">
            <span class="clock__time" data-clock={props.at_ms.to_string()}>{ time_of(props.at_ms) }</span>
            <span class="clock__note">{ note }</span>
        </p>
    }
}

/// A time as minutes, seconds and tenths; hours where there are any.
pub fn time_of(at_ms: Ms) -> String {
    let (tenths, seconds, minutes, hours) = (at_ms / 100 % 10, at_ms / 1_000 % 60, at_ms / 60_000 % 60, at_ms / 3_600_000);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}.{tenths}") } else { format!("{minutes:02}:{seconds:02}.{tenths}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_clocks_show_them() {
        assert_eq!(time_of(0), "00:00.0");
        assert_eq!(time_of(62_340), "01:02.3");
        assert_eq!(time_of(3_600_000), "1:00:00.0");
    }
}
