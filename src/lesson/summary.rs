//! The end of a lesson: what was learnt, and the commands that were used.
//! It must not know how they were used.

use yew::prelude::*;

use super::classroom::{Classroom, Open};
use super::{Act, words};
use crate::app::Action;
use crate::locale::tr;

/// The summary.
pub(super) fn view(room: &Classroom, open: &Open, dispatch: &Callback<Action>) -> Html {
    let act = |act: Act| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Lesson(act.clone())))
    };
    let finished = room.progress.finished(&open.loaded.name);
    html! {
        <div class="lesson-summary" data-role="lesson-summary" data-done={finished.to_string()}>
            <h3 class="lesson-step__title">{ tr("lesson.summary", &[]) }</h3>
            { words::blocks(&open.loaded.text.summary, dispatch) }
            if !finished {
                <p class="lesson__text hint">{ tr("lesson.challenge-open", &[]) }</p>
            }
            if !open.commands.is_empty() {
                <h3 class="lesson-step__title">{ tr("lesson.commands", &[]) }</h3>
                <ul class="lesson-commands">{ for open.commands.iter().map(|line| html! { <li><code class="code">{ line }</code></li> }) }</ul>
            }
            <div class="lesson__foot">
                <button class="button button--small" type="button" data-role="step-previous" onclick={act(Act::Step(open.step.saturating_sub(1)))}>
                    { tr("lesson.previous", &[]) }
                </button>
                if let Some(next) = room.next_lesson() {
                    <button class="button button--small button--accent lesson__next" type="button" data-role="lesson-next" onclick={act(Act::Open(next.clone()))}>
                        { tr("lesson.next-lesson", &[]) }
                    </button>
                } else {
                    <button class="button button--small button--accent lesson__next" type="button" data-role="lesson-map" onclick={act(Act::Map)}>{ tr("lesson.all", &[]) }</button>
                }
            </div>
        </div>
    }
}
