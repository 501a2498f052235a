//! The lesson panel: the map of the course, the steps of a lesson with goals that tick as the cluster reaches them, hints,
//! predictions, and what was learnt. Lessons are files beside the page. It must not know how a goal is judged: the engine does.

pub mod classroom;
pub mod load;
mod map;
mod predict;
pub mod progress;
mod step;
mod summary;
mod words;

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::app::Action;
use crate::locale::tr;
use classroom::{Classroom, Shown};
use load::{Course, Loaded};

/// Something that happens to the lesson panel.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// The map of the course is to be shown.
    Map,
    /// The panel is to be closed; the lesson stays where it is.
    Close,
    /// The panel is to be folded up or unfolded.
    Fold,
    /// The course is there, or could not be had.
    Course(Option<Rc<Course>>),
    /// A lesson is to be opened.
    Open(String),
    /// A lesson is there, or could not be had. `anew` where it begins; else only its words are others.
    Loaded {
        /// The lesson.
        lesson: Option<Rc<Loaded>>,
        /// Whether it begins.
        anew: bool,
    },
    /// The files of the open lesson are to be looked at again: its author may have changed them.
    Reread,
    /// Another step, by number; one behind the last is the summary.
    Step(usize),
    /// The step begins anew, with the cluster as it was then.
    Restart,
    /// The next stage of hints.
    Hint,
    /// A prediction.
    Predict(String),
    /// A file of the lesson is to be opened in the editor.
    File(String),
    /// A word of the glossary is asked for; `None` closes it.
    Term(Option<String>),
}

/// Properties of [`LessonPanel`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LessonPanelProps {
    /// What it shows.
    pub room: Rc<Classroom>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The panel.
#[component]
pub fn LessonPanel(props: &LessonPanelProps) -> Html {
    let room = &props.room;
    let to = |act: Act| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Lesson(act.clone())))
    };
    let title = match (&room.open, room.shown) {
        (Some(open), Shown::Lesson) => open.loaded.text.title.clone(),
        _ => tr("lesson.map", &[]),
    };
    let body_ref = use_node_ref();
    {
        // Another step is read from its top, and from there by keyboard, as the button that led to it is gone.
        let place = (room.shown, room.open.as_ref().map(|open| (open.loaded.name.clone(), open.step)));
        let (before, element) = (use_mut_ref(|| false), body_ref.clone());
        use_effect_with(place, move |_| {
            let first = !before.replace(true);
            if let Some(element) = element.cast::<HtmlElement>().filter(|_| !first) {
                element.set_scroll_top(0);
                let active = element.owner_document().and_then(|document| document.active_element());
                if active.is_none_or(|active| active.tag_name() == "BODY") {
                    // What is not drawn does not take the focus.
                    let _ = element.focus();
                }
            }
        });
    }
    html! {
        <div class="lesson" data-role="lesson" data-lesson={room.open.as_ref().map(|open| open.loaded.name.clone())}>
            <div class="panel-head lesson__head">
                <h2 class="panel-title lesson__title" id="lesson-title">{ title }</h2>
                if room.shown == Shown::Lesson {
                    <button class="button button--small" type="button" data-role="lesson-map" onclick={to(Act::Map)}>{ tr("lesson.all", &[]) }</button>
                }
                <button class="button button--small" type="button" data-role="lesson-fold" aria-expanded={(!room.folded).to_string()} onclick={to(Act::Fold)}>
                    { if room.folded { tr("lesson.unfold", &[]) } else { tr("lesson.fold", &[]) } }
                </button>
                <button class="button button--small" type="button" data-role="lesson-close" onclick={to(Act::Close)}>{ tr("lesson.close", &[]) }</button>
            </div>
            if !room.folded {
                <div class="lesson__body" ref={body_ref} tabindex="0" role="group" aria-labelledby="lesson-title">
                    { body(room, &props.dispatch) }
                    { term(room, &props.dispatch) }
                </div>
            }
        </div>
    }
}

fn body(room: &Classroom, dispatch: &Callback<Action>) -> Html {
    match (&room.open, room.shown) {
        (Some(open), Shown::Lesson) if open.step < open.loaded.lesson.steps.len() => step::view(room, open, dispatch),
        (Some(open), Shown::Lesson) => summary::view(room, open, dispatch),
        _ => map::view(room, dispatch),
    }
}

/// A word of the glossary, explained at the foot of the panel.
fn term(room: &Classroom, dispatch: &Callback<Action>) -> Html {
    let explained = room.term.as_ref().and_then(|name| {
        let names = &room.course.as_ref()?.names;
        Some((names.get("term", name)?, names.get("means", name)?))
    });
    let Some((word, meaning)) = explained else {
        return Html::default();
    };
    let close = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Lesson(Act::Term(None))))
    };
    html! {
        <aside class="lesson__term" data-role="glossary" role="status">
            <p><b>{ word }</b>{ " " }{ meaning }</p>
            <button class="button button--small" type="button" onclick={close}>{ tr("lesson.close", &[]) }</button>
        </aside>
    }
}
