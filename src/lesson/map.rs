//! The map of the course: chapters, lessons, how far each is, and the glossary.
//! It must not know what is in a lesson.

use yew::prelude::*;

use super::Act;
use super::classroom::{Classroom, Shown};
use crate::app::Action;
use crate::locale::tr;

/// The map.
pub(super) fn view(room: &Classroom, dispatch: &Callback<Action>) -> Html {
    let Some(course) = &room.course else {
        let key = if room.failed { "lesson.failed" } else { "lesson.loading" };
        return html! { <p class="lesson__text" role="status">{ tr(key, &[]) }</p> };
    };
    let names = &course.names;
    let name = |area: &str, name: &str| names.get(area, name).unwrap_or(name).to_owned();
    let lesson = |lesson: &String| {
        let (dispatch, to) = (dispatch.clone(), lesson.clone());
        let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Lesson(Act::Open(to.clone()))));
        let state = match (room.progress.finished(lesson), room.progress.count(lesson)) {
            (true, _) => "done",
            (false, 0) => "new",
            (false, _) => "begun",
        };
        html! {
            <li>
                <button class="lesson-map__lesson" type="button" data-role="lesson-open" data-lesson={lesson.clone()} data-state={state} {onclick}>
                    <span class="lesson-map__name">{ name("lesson", lesson) }</span>
                    <span class="lesson-map__line">{ name("line", lesson) }</span>
                    if state != "new" {
                        <span class="lesson-map__state">{ tr(&format!("lesson.state.{state}"), &[]) }</span>
                    }
                </button>
            </li>
        }
    };
    let back = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Lesson(Act::Step(usize::MAX))))
    };
    html! {
        <>
            if room.failed {
                <p class="lesson__text" role="alert">{ tr("lesson.failed-one", &[]) }</p>
            }
            if let Some(open) = room.open.as_ref().filter(|_| room.shown == Shown::Map) {
                <button class="button" type="button" data-role="lesson-back" onclick={back}>
                    { tr("lesson.back-to", &[("title", &open.loaded.text.title)]) }
                </button>
            }
            <p class="lesson__text hint">{ tr("lesson.fresh-cluster", &[]) }</p>
            { for course.chapters.iter().map(|chapter| html! {
                <section class="lesson-map__chapter">
                    <h3 class="lesson-map__title">{ name("chapter", &chapter.name) }</h3>
                    <ol class="lesson-map__lessons">{ for chapter.lessons.iter().map(lesson) }</ol>
                </section>
            }) }
            <details class="lesson-map__glossary">
                <summary>{ tr("lesson.glossary", &[]) }</summary>
                <dl>
                    { for names.names("term").map(|term| html! {
                        <><dt>{ name("term", term) }</dt><dd>{ name("means", term) }</dd></>
                    }) }
                </dl>
            </details>
        </>
    }
}
