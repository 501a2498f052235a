//! One command in the log: its line, when it ran and how long, what it printed with the names of objects as buttons, and a
//! way to copy it. It must not know how commands run.

use std::rc::Rc;

use statefulset_engine::api::time::Ms;
use yew::prelude::*;

use crate::app::Action;
use crate::chrome::panes::Pane;
use crate::locale::{tr, tr_count};
use crate::state::jobs::{JobView, Printed};

/// Properties of [`Output`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct OutputProps {
    /// The command and what it printed.
    pub job: Rc<JobView>,
    /// Whether time goes by.
    pub playing: bool,
    /// Whether copying its output was allowed, where it was copied last.
    pub copied: Option<bool>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// What took less than a tenth of a second took no time to speak of.
const SHOWN_MS: Ms = 100;

/// One command and what it printed.
#[component]
pub(super) fn Output(props: &OutputProps) -> Html {
    let job = &props.job;
    let copy = {
        let (dispatch, id) = (props.dispatch.clone(), job.id);
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Copy(id)))
    };
    let printed_nothing = job.out.text.is_empty() && job.err.text.is_empty() && job.out.hidden + job.err.hidden == 0;
    html! {
        <div class="job" data-job={job.id.to_string()}>
            <div class="job__head">
                <p class="job__line"><span class="job__prompt" aria-hidden="true">{ "$ " }</span>{ &job.line }</p>
                <button class="job__copy" type="button" tabindex="-1" data-rove="" hidden={printed_nothing} onclick={copy}>
                    { tr(copy_key(props.copied), &[]) }
                    <span class="visually-hidden">{ " " }{ &job.line }</span>
                </button>
                <p class="job__time">
                    if let Some(exit) = job.exit.filter(|exit| *exit != 0) {
                        <span class="job__exit">{ tr("terminal.exit", &[("code", &exit.to_string())]) }</span>
                    }
                    if let Some(took_ms) = job.ended_ms.map(|ended_ms| ended_ms - job.started_ms).filter(|took_ms| *took_ms >= SHOWN_MS) {
                        <span data-took={took_ms.to_string()}>{ tr("terminal.took", &[("time", &length(took_ms))]) }</span>
                    }
                </p>
            </div>
            { stream("job__out", &job.out, &props.dispatch) }
            { stream("job__err", &job.err, &props.dispatch) }
            if job.exit.is_none() {
                <p class="job__running">{ if props.playing { tr("terminal.running", &[]) } else { tr("terminal.stands-still", &[]) } }</p>
            }
        </div>
    }
}

fn copy_key(copied: Option<bool>) -> &'static str {
    match copied {
        None => "terminal.copy",
        Some(true) => "terminal.copied",
        Some(false) => "terminal.copy-refused",
    }
}

fn stream(class: &'static str, printed: &Printed, dispatch: &Callback<Action>) -> Html {
    if printed.text.is_empty() && printed.hidden == 0 {
        return Html::default();
    }
    let mut pieces: Vec<Html> = Vec::new();
    let mut at = 0;
    for link in &printed.links {
        let (Some(before), Some(name)) = (printed.text.get(at..link.start), printed.text.get(link.start..link.end)) else {
            continue;
        };
        pieces.push(html! { { before.to_owned() } });
        let (key, dispatch) = (link.key.clone(), dispatch.clone());
        let choose = Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Select(Some(key.clone())));
            dispatch.emit(Action::Pane(Pane::Stage));
        });
        let title = tr("terminal.show", &[("name", name)]);
        pieces.push(html! {
            <button class="job__link" type="button" tabindex="-1" data-rove="" {title}
                data-link-kind={link.key.kind.name()} data-link-name={link.key.name.to_string()} onclick={choose}>
                { name.to_owned() }
            </button>
        });
        at = link.end;
    }
    pieces.push(html! { { printed.text.get(at..).unwrap_or_default().to_owned() } });
    html! {
        <>
            if printed.hidden > 0 {
                <p class="job__hidden">{ tr_count("terminal.hidden", printed.hidden as u64, &[]) }</p>
            }
            <pre {class}>{ for pieces }</pre>
        </>
    }
}

/// A length of cluster time: `0 s`, `31.2 s`, `2 min 5 s`.
fn length(ms: Ms) -> String {
    let (seconds, tenths) = (ms / 1_000, ms / 100 % 10);
    match (seconds, tenths) {
        (60.., _) => format!("{} min {} s", seconds / 60, seconds % 60),
        (_, 0) => format!("{seconds} s"),
        _ => format!("{seconds}.{tenths} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short() {
        let lengths = [SHOWN_MS, 1_000, 31_240, 60_000, 125_000].map(length);
        assert_eq!(lengths, ["0.1 s", "1 s", "31.2 s", "1 min 0 s", "2 min 5 s"]);
    }
}
