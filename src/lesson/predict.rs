//! A prediction: the question and its choices, and once the cluster has shown it, what was expected beside what happened,
//! with the way to the moment. It must not know how it is settled.

use statefulset_engine::lesson::Step;
use statefulset_engine::lesson::text::{Inlines, StepText};
use yew::prelude::*;

use super::classroom::Visit;
use super::{Act, words};
use crate::app::Action;
use crate::locale::tr;
use crate::timeline::Travel;

/// The prediction of a step, if it has one.
pub(super) fn view(step: &Step, said: &StepText, visit: &Visit, dispatch: &Callback<Action>) -> Html {
    let Some(predict) = &step.predict else {
        return Html::default();
    };
    let words_of = |name: &str| said.choices.iter().find(|(choice, _)| choice == name).map(|(_, text)| text);
    let run = |text: Option<&Inlines>| words::run(text.map(Vec::as_slice).unwrap_or_default(), dispatch);
    let state = match (&visit.guess, visit.settled_ms) {
        (None, None) => "open",
        (Some(_), None) => "chosen",
        (None, Some(_)) => "missed",
        (Some(guess), Some(_)) if *guess == predict.answer => "right",
        (Some(_), Some(_)) => "wrong",
    };
    html! {
        <fieldset class="predict" data-role="predict" data-state={state}>
            <legend class="predict__ask">{ words::run(&said.ask, dispatch) }</legend>
            if let Some(at_ms) = visit.settled_ms {
                <dl class="predict__compare">
                    if let Some(guess) = &visit.guess {
                        <div><dt>{ tr("lesson.expected", &[]) }</dt><dd>{ run(words_of(guess)) }</dd></div>
                    }
                    <div><dt>{ tr("lesson.happened", &[]) }</dt><dd>{ run(words_of(&predict.answer)) }</dd></div>
                </dl>
                <p class="predict__verdict" role="status">{ tr(&format!("lesson.verdict.{state}"), &[]) }</p>
                <p class="lesson__text">{ words::run(&said.outcome, dispatch) }</p>
                { moment(at_ms, dispatch) }
            } else {
                <div class="predict__choices">
                    { for predict.choices.iter().map(|choice| {
                        let (dispatch, act) = (dispatch.clone(), Act::Predict(choice.clone()));
                        let onchange = Callback::from(move |_: Event| dispatch.emit(Action::Lesson(act.clone())));
                        html! {
                            <label class="predict__choice">
                                <input type="radio" name="predict" data-role="predict-choice" value={choice.clone()} checked={visit.guess.as_ref() == Some(choice)} {onchange} />
                                <span>{ run(words_of(choice)) }</span>
                            </label>
                        }
                    }) }
                </div>
                <p class="hint">{ tr(if visit.guess.is_some() { "lesson.now-try" } else { "lesson.choose-first" }, &[]) }</p>
            }
        </fieldset>
    }
}

/// The way to the moment on the timeline.
fn moment(at_ms: u64, dispatch: &Callback<Action>) -> Html {
    let to = |travel: Travel| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Travel(travel)))
    };
    let seconds = format!("{}.{}", at_ms / 1_000, at_ms % 1_000 / 100);
    html! {
        <p class="predict__moment">
            <button class="button button--small" type="button" data-role="predict-moment" onclick={to(Travel::To(at_ms))}>
                { tr("lesson.see-moment", &[("seconds", &seconds)]) }
            </button>
            <button class="button button--small" type="button" data-role="predict-newest" onclick={to(Travel::Newest)}>{ tr("lesson.newest", &[]) }</button>
        </p>
    }
}
