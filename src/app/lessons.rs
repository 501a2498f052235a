//! Lessons: what the app does when one is opened, gone through and left. It must not know how the panel looks.

use std::rc::Rc;

use statefulset_engine::lesson::prove;
use statefulset_engine::session::Session;
use statefulset_engine::settings::Settings;
use yew::platform::spawn_local;

use super::{Action, App};
use crate::browser::frames::now;
use crate::chrome::panes::Pane;
use crate::editor::desk::Deed;
use crate::lesson::Act;
use crate::lesson::classroom::{Open, Shown, Visit};
use crate::lesson::load::{self, Loaded};
use crate::share::replay::replay_in;
use crate::share::saved::Saved;
use crate::state::acts::Place;
use crate::state::sandbox::Sandbox;

/// How long a session in a lesson may take to be done again, in milliseconds of the browser's clock.
const REPLAY_MS_MAX: f64 = 8_000.0;

impl App {
    /// Does what the lesson panel asks; true where the page may look different afterwards.
    pub(super) fn lesson(&mut self, act: Act) -> bool {
        let room = Rc::make_mut(&mut self.room);
        match act {
            Act::Map => {
                (room.shown, room.folded, room.failed) = (Shown::Map, false, false);
                self.pane = Pane::Lesson;
                self.fetch_course();
            }
            Act::Close => {
                room.shown = Shown::Closed;
                if self.pane == Pane::Lesson {
                    self.pane = Pane::Stage;
                }
            }
            Act::Fold => room.folded = !room.folded,
            Act::Course(course) => {
                room.failed = course.is_none();
                room.course = course.or(room.course.take());
            }
            Act::Open(name) => self.fetch_lesson(name, true),
            Act::Loaded { lesson: None, .. } => room.failed = true,
            Act::Loaded { lesson: Some(lesson), anew: true } => self.open_lesson(lesson),
            Act::Loaded { lesson: Some(lesson), anew: false } => {
                if let Some(open) = room.open.as_mut().filter(|open| open.loaded.name == lesson.name) {
                    open.visits.resize(lesson.lesson.steps.len(), Visit::default());
                    open.loaded = lesson;
                }
            }
            Act::Step(step) => {
                room.shown = Shown::Lesson;
                room.term = None;
                if let Some(open) = &mut room.open {
                    // Coming back from the map goes to where one was.
                    open.step = if step == usize::MAX { open.step } else { step.min(open.visits.len()) };
                    open.begin(self.sandbox.session(), self.sandbox.place());
                }
            }
            Act::Restart => self.restart_step(),
            Act::Hint => {
                if let Some(open) = &mut room.open
                    && let Some(visit) = open.visits.get_mut(open.step)
                {
                    visit.hints += 1;
                }
            }
            Act::Predict(choice) => {
                if let Some(open) = &mut room.open
                    && let Some(visit) = open.visits.get_mut(open.step).filter(|visit| visit.settled_ms.is_none())
                {
                    visit.guess = Some(choice);
                }
            }
            Act::File(name) => self.open_lesson_file(&name),
            Act::Term(term) => room.term = term,
        }
        true
    }

    /// Judges the open lesson by the moment looked at.
    pub(super) fn judge(&mut self) {
        if self.room.open.is_none() {
            return;
        }
        let mut room = (*self.room).clone();
        room.judge(self.sandbox.session(), !self.sandbox.in_the_past());
        if room != *self.room {
            self.room = Rc::new(room);
        }
    }

    /// Fetches the course where it is not there, or is in another language by now.
    pub(super) fn fetch_course(&mut self) {
        let dispatch = self.dispatch.clone();
        spawn_local(async move {
            let course = load::course().await.map(Rc::new);
            dispatch.emit(Action::Lesson(Act::Course(course)));
        });
    }

    /// Fetches a lesson, and the course around it where it is not there.
    fn fetch_lesson(&mut self, name: String, anew: bool) {
        let (dispatch, known) = (self.dispatch.clone(), self.room.course.clone().filter(|_| anew));
        spawn_local(async move {
            let course = match known {
                Some(course) => Some(course),
                None => load::course().await.map(Rc::new),
            };
            dispatch.emit(Action::Lesson(Act::Course(course.clone())));
            let lesson = match &course {
                Some(course) => load::lesson(&name, course).await.map(Rc::new),
                None => None,
            };
            dispatch.emit(Action::Lesson(Act::Loaded { lesson, anew }));
        });
    }

    /// The page speaks another language: the lesson does, too.
    pub(super) fn lesson_language(&mut self) {
        match self.room.open.as_ref().map(|open| open.loaded.name.clone()) {
            Some(name) => self.fetch_lesson(name, false),
            None if self.room.course.is_some() => self.fetch_course(),
            None => {}
        }
    }

    /// What a saved session has to know of the open lesson: its name, the step, the step whose beginning was set up for it,
    /// and where the step shown began.
    pub(super) fn lesson_view(&self) -> Vec<(String, String)> {
        let Some((open, base)) = self.room.open.as_ref().and_then(|open| Some((open, open.base?))) else {
            return Vec::new();
        };
        let begun = open.current().and_then(|(_, visit)| visit.begun).map_or_else(Place::default, |(_, place)| place);
        let begun = format!("{} {} {}", begun.steps, begun.acts, begun.at_ms);
        let view = [("lesson", open.loaded.name.clone()), ("step", open.step.to_string()), ("base", base.to_string()), ("begun", begun)];
        view.map(|(name, value)| (name.to_owned(), value)).into()
    }

    /// Has a saved session go on in the lesson that it belongs to, once that is there; false where it belongs to none.
    pub(super) fn resume_lesson(&mut self, saved: &Saved) -> bool {
        let name = saved.view("lesson").map(str::to_owned);
        self.resumed = name.is_some().then(|| Box::new(saved.clone()));
        name.map(|name| self.fetch_lesson(name, true)).is_some()
    }

    /// Opens the lesson that the page's address names, unless a session in it goes on.
    pub(super) fn begin_lesson(&mut self) {
        if let Some(name) = self.around.parameters.lesson.clone().filter(|_| self.resumed.is_none()) {
            self.fetch_lesson(name, true);
        }
    }

    fn open_lesson(&mut self, lesson: Rc<Loaded>) {
        let saved = self.resumed.take().filter(|saved| saved.view("lesson") == Some(&lesson.name));
        let number = |name: &str| saved.as_ref().and_then(|saved| saved.view(name)?.parse::<usize>().ok()).unwrap_or(0);
        let base = number("base").min(lesson.lesson.steps.len().saturating_sub(1));
        let files = |name: &str| find(&lesson, name);
        let Ok(session) = prove::begin_step(&lesson.lesson, base, &files) else {
            Rc::make_mut(&mut self.room).failed = true;
            return;
        };
        self.start_from(session);
        let mut open = Open::new(lesson.clone());
        open.base = Some(base);
        if let Some(saved) = &saved {
            let deadline = now() + REPLAY_MS_MAX;
            let sandbox = std::mem::replace(&mut self.sandbox, Sandbox::new(Settings::default()));
            self.renew(replay_in(sandbox, saved, || now() < deadline).0);
            open.resume(number("step"));
            self.begin_where_it_began(&mut open, saved.view("begun").unwrap_or_default());
            let room = Rc::make_mut(&mut self.room);
            (room.open, room.shown, room.folded) = (Some(open), Shown::Lesson, false);
            return;
        }
        self.desk.files.set(lesson.files.iter().map(|(name, text)| (name.as_str(), text.as_str())), 0);
        let room = Rc::make_mut(&mut self.room);
        open.begin(self.sandbox.session(), self.sandbox.place());
        (room.open, room.shown, room.folded, room.term, room.failed) = (Some(open), Shown::Lesson, false, None, false);
        self.pane = Pane::Lesson;
    }

    /// Begins the step shown where a saved session says that it had begun.
    fn begin_where_it_began(&mut self, open: &mut Open, begun: &str) {
        let mut numbers = begun.split(' ').map(|number| number.parse::<u64>().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        let (steps, acts, at_ms) = (next(), usize::try_from(next()).unwrap_or(0), next());
        let here = self.sandbox.place();
        self.sandbox.go_to(Place { steps, acts, at_ms });
        open.begin(self.sandbox.session(), self.sandbox.place());
        self.sandbox.go_to(here);
    }

    /// Takes the cluster to where the step began: in the learner's own history, or, where the step was jumped to, as the
    /// solutions of the steps before it leave it.
    fn restart_step(&mut self) {
        let Some(open) = self.room.open.clone() else {
            return;
        };
        let place = open.current().and_then(|(_, visit)| visit.begun).map(|(_, place)| place);
        let jumped = open.step.checked_sub(1).and_then(|before| open.visits.get(before)).is_some_and(|visit| !visit.done());
        match place.filter(|_| !jumped) {
            Some(place) => {
                self.sandbox.go_to(place);
                if !self.sandbox.fork() {
                    // No more histories fit: this one begins where the step does.
                    let session = self.sandbox.session().clone();
                    self.start_from(session);
                    self.set_base(None);
                }
                self.jobs = Default::default();
                self.arrive();
            }
            None => {
                let files = |name: &str| find(&open.loaded, name);
                if let Ok(session) = prove::begin_step(&open.loaded.lesson, open.step, &files) {
                    self.start_from(session);
                    self.set_base(Some(open.step));
                }
            }
        }
        if let Some(open) = &mut Rc::make_mut(&mut self.room).open {
            open.begin_again(self.sandbox.session(), self.sandbox.place());
        }
    }

    /// Notes from the beginning of which step the cluster was set up; `None` where that cannot be done again.
    fn set_base(&mut self, base: Option<usize>) {
        if let Some(open) = &mut Rc::make_mut(&mut self.room).open {
            open.base = base;
        }
    }

    /// Shows a cluster that is there already, as if it had just been started.
    fn start_from(&mut self, mut session: Session) {
        session.forget_jobs();
        self.renew(Sandbox::of(session));
    }

    /// Opens a file of the lesson in the editor: its tab, or a fresh one where that was closed.
    fn open_lesson_file(&mut self, name: &str) {
        match self.desk.files.all().iter().position(|file| *file.name == *name) {
            Some(index) => {
                self.desk.perform(Deed::Open(index), self.sandbox.session());
            }
            None => {
                if let Some(text) = self.room.open.as_ref().and_then(|open| find(&open.loaded, name)) {
                    self.desk.files.put(name, &text);
                }
            }
        }
        self.pane = Pane::Editor;
    }
}

/// The text of a file of a lesson.
fn find(lesson: &Loaded, name: &str) -> Option<String> {
    lesson.files.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
}
