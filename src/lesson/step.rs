//! A step of a lesson: what it says, its goals as they are reached, hints, and the ways on and back.
//! It must not know how a goal is judged.

use yew::prelude::*;

use super::classroom::{Classroom, Open};
use super::{Act, predict, words};
use crate::app::Action;
use crate::locale::tr;
use crate::state::command::Command;

/// The step shown.
pub(super) fn view(room: &Classroom, open: &Open, dispatch: &Callback<Action>) -> Html {
    let Some((step, visit)) = open.current() else {
        return Html::default();
    };
    let (lesson, text) = (&open.loaded.lesson, &open.loaded.text);
    let Some(said) = text.step(&step.name) else {
        return findings(open);
    };
    let act = |act: Act| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Lesson(act.clone())))
    };
    let (number, count) = ((open.step + 1).to_string(), lesson.steps.len().to_string());
    let done = visit.done();
    html! {
        <div class="lesson-step" data-role="lesson-step" data-step={step.name.clone()} data-done={done.to_string()} key={step.name.clone()}>
            { findings(open) }
            if open.step == 0 {
                { words::blocks(&text.intro, dispatch) }
                <p class="lesson__text hint">{ tr("lesson.minutes", &[("minutes", &lesson.minutes.to_string())]) }</p>
            }
            <h3 class="lesson-step__title">
                <span class="lesson-step__number">{ tr("lesson.step-of", &[("number", &number), ("count", &count)]) }</span>
                { &said.title }
            </h3>
            if open.jumped() {
                <p class="lesson__text hint" data-role="step-jumped">{ tr("lesson.jumped", &[]) }</p>
            }
            { words::blocks(&said.body, dispatch) }
            { files(open, dispatch) }
            { predict::view(step, said, visit, dispatch) }
            <ul class="lesson-goals" aria-label={tr("lesson.goals", &[])}>
                { for step.goals.iter().enumerate().map(|(index, goal)| {
                    let ticked = visit.ticked.get(index) == Some(&true);
                    let text = said.goals.iter().find(|(name, _)| *name == goal.name).map(|(_, text)| text.as_slice());
                    html! {
                        <li class="lesson-goal" data-role="goal" data-goal={goal.name.clone()} data-met={ticked.to_string()}>
                            <svg class="lesson-goal__mark" viewBox="0 0 16 16" aria-hidden="true">
                                <circle cx="8" cy="8" r="7" />
                                if ticked {
                                    <path d="M4.5 8.4 L7 10.9 L11.6 5.6" />
                                }
                            </svg>
                            <span>
                                <span class="visually-hidden">{ tr(if ticked { "lesson.met" } else { "lesson.unmet" }, &[]) }{ " " }</span>
                                { words::run(text.unwrap_or_default(), dispatch) }
                            </span>
                        </li>
                    }
                }) }
            </ul>
            if !said.never.is_empty() {
                <ul class="lesson-rules">
                    { for said.never.iter().enumerate().map(|(index, (_, text))| html! {
                        <li class={classes!("lesson-rule", (visit.broken == Some(index)).then_some("is-broken"))}>{ words::run(text, dispatch) }</li>
                    }) }
                </ul>
            }
            if visit.broken.is_some() {
                <p class="lesson__text lesson__broken" role="alert">{ tr("lesson.broken", &[]) }</p>
            }
            if visit.hints > 0 {
                <ol class="lesson-hints" aria-label={tr("lesson.hints", &[])}>
                    { for said.hints.iter().zip(&step.hints).take(visit.hints).map(|(text, hint)| html! {
                        <li class="lesson-hint" data-role="hint-text">
                            { words::run(text, dispatch) }
                            { command(&hint.command, dispatch) }
                        </li>
                    }) }
                </ol>
            }
            if done {
                <p class="lesson__text lesson__done" role="status">{ tr("lesson.step-done", &[]) }</p>
            }
            <div class="lesson__foot">
                <button class="button button--small" type="button" data-role="step-previous" disabled={open.step == 0} onclick={act(Act::Step(open.step.saturating_sub(1)))}>
                    { tr("lesson.previous", &[]) }
                </button>
                <button class="button button--small" type="button" data-role="step-reset" onclick={act(Act::Restart)}>{ tr("lesson.reset-step", &[]) }</button>
                if visit.hints < step.hints.len() {
                    <button class="button button--small" type="button" data-role="hint" onclick={act(Act::Hint)}>{ tr("lesson.hint", &[]) }</button>
                }
                <button
                    class={classes!("button", "button--small", "lesson__next", (done || room.progress.has(&open.loaded.name, &step.name)).then_some("button--accent"))}
                    type="button"
                    data-role="step-next"
                    onclick={act(Act::Step(open.step + 1))}
                >
                    { tr(if step.challenge { "lesson.finish" } else if done { "lesson.next" } else { "lesson.skip" }, &[]) }
                </button>
            </div>
        </div>
    }
}

/// The lesson's files, to open in the editor.
fn files(open: &Open, dispatch: &Callback<Action>) -> Html {
    html! {
        <p class="lesson__files">
            <span class="hint">{ tr("lesson.files", &[]) }</span>
            { for open.loaded.files.iter().map(|(name, _)| {
                let (dispatch, act) = (dispatch.clone(), Act::File(name.clone()));
                let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Lesson(act.clone())));
                html! { <button class="link code" type="button" data-role="lesson-file" {onclick}>{ name }</button> }
            }) }
        </p>
    }
}

/// A hint's command, and a way to have it typed.
fn command(line: &str, dispatch: &Callback<Action>) -> Html {
    if line.is_empty() {
        return Html::default();
    }
    let (dispatch, typed) = (dispatch.clone(), line.to_owned());
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Run(Command::new(typed.clone()))));
    html! {
        <div class="lesson-command">
            <code class="code">{ line }</code>
            <button class="button button--small" type="button" data-role="hint-run" {onclick}>{ tr("lesson.run", &[]) }</button>
        </div>
    }
}

/// What the lesson's author still has to put right.
fn findings(open: &Open) -> Html {
    if open.loaded.findings.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="lesson__findings" data-role="lesson-findings" role="alert">
            { for open.loaded.findings.iter().map(|finding| html! { <li>{ finding.to_string() }</li> }) }
        </ul>
    }
}
