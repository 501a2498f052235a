//! Lessons: what the app does when one is opened, gone through and left. It must not know how the panel looks.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use statefulset_engine::lesson::Lesson;
use yew::platform::spawn_local;

use super::{Action, App};
use crate::chrome::notice::Notice;
use crate::chrome::panes::Pane;
use crate::editor::desk::Deed;
use crate::lesson::Act;
use crate::lesson::classroom::{Open, Shown, Visit};
use crate::lesson::load::{self, Loaded};
use crate::share::replay::played;
use crate::state::sandbox::Sandbox;

/// How often an author's files are looked at.
const REREAD_MS: u32 = 1_000;

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
            Act::Loaded { lesson: None, .. } => {
                room.failed = true;
                if room.shown == Shown::Closed {
                    // The address asked for it: whoever gave that a wrong name is told, and what there is can be chosen.
                    room.shown = Shown::Map;
                    self.pane = Pane::Lesson;
                    self.complain("no-lesson", "lesson");
                }
            }
            Act::Loaded { lesson: Some(lesson), anew: true } => {
                self.open_lesson(lesson);
                self.reread_soon();
            }
            Act::Reread => {
                self.reread();
                return false;
            }
            Act::Loaded { lesson: Some(lesson), anew: false } => {
                self.reread_soon();
                let room = Rc::make_mut(&mut self.room);
                if let Some(left) = room.resume.take() {
                    let mut open = Open::new(lesson);
                    open.resume(&left);
                    open.begin(self.sandbox.session(), self.sandbox.place());
                    (room.open, room.shown, room.failed) = (Some(open), Shown::Lesson, false);
                } else if let Some(open) = room.open.as_mut().filter(|open| open.loaded.name == lesson.name) {
                    if open.loaded.same_as(&lesson) {
                        return false;
                    }
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
    pub(super) fn fetch_lesson(&mut self, name: String, anew: bool) {
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

    /// In a build for writing and testing, an author sees a lesson as it is on disk.
    fn reread_soon(&mut self) {
        if cfg!(debug_assertions) {
            let dispatch = self.dispatch.clone();
            self.rereading = Some(Timeout::new(REREAD_MS, move || dispatch.emit(Action::Lesson(Act::Reread))));
        }
    }

    fn reread(&mut self) {
        let (dispatch, room) = (self.dispatch.clone(), self.room.clone());
        spawn_local(async move {
            if let (Some(course), Some(open)) = (&room.course, &room.open) {
                // A file that is being written may be missing for a moment.
                let lesson = load::lesson(&open.loaded.name, course).await.map(Rc::new).or(Some(open.loaded.clone()));
                dispatch.emit(Action::Lesson(Act::Loaded { lesson, anew: false }));
            }
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

    fn open_lesson(&mut self, lesson: Rc<Loaded>) {
        if !self.start_from(beginning(&lesson.lesson, lesson.files.iter().chain(&lesson.beside), 0)) {
            Rc::make_mut(&mut self.room).failed = true;
            return;
        }
        self.desk.files.set(lesson.files.iter().map(|(name, text)| (name.as_str(), text.as_str())), 0);
        let room = Rc::make_mut(&mut self.room);
        let mut open = Open::new(lesson);
        open.begin(self.sandbox.session(), self.sandbox.place());
        (room.open, room.shown, room.folded, room.term, room.failed) = (Some(open), Shown::Lesson, false, None, false);
        self.pane = Pane::Lesson;
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
                    // No more histories fit: this one begins where the step does, as the solutions before it leave it.
                    self.start_from(beginning(&open.loaded.lesson, open.loaded.files.iter().chain(&open.loaded.beside), open.step));
                }
                self.jobs = Default::default();
                self.arrive();
            }
            None => {
                self.start_from(beginning(&open.loaded.lesson, open.loaded.files.iter().chain(&open.loaded.beside), open.step));
            }
        }
        if let Some(open) = &mut Rc::make_mut(&mut self.room).open {
            open.begin_again(self.sandbox.session(), self.sandbox.place());
        }
    }

    /// Shows the cluster that a script makes, as if it had just been started; false where the script cannot be read.
    fn start_from(&mut self, start: String) -> bool {
        let Some(session) = played(&start, 0) else {
            return false;
        };
        self.leave_for(Notice::Lesson);
        self.renew(Sandbox::of(session));
        self.around.start = start;
        true
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

/// The script that makes the cluster in which a step of a lesson begins: the lesson's own, and the solutions before the step.
fn beginning<'a>(lesson: &Lesson, files: impl Iterator<Item = &'a (String, String)>, step: usize) -> String {
    let mut script = String::new();
    for (name, text) in files {
        script.push_str(&format!("@file {name}\n{}\n@end\n", text.trim_end_matches('\n')));
    }
    let solutions = lesson.steps.iter().take(step).map(|step| &step.solution);
    for part in std::iter::once(&lesson.start).chain(solutions) {
        script.push_str(part.text.trim_end());
        script.push('\n');
    }
    script
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::share::link::fragment;
    use crate::share::read::read;
    use crate::share::replay::{deeds, replay};
    use crate::share::saved::{File, Saved};
    use crate::share::write::write;
    use crate::state::acts::Act;
    use statefulset_engine::lesson::{course, prove};
    use statefulset_engine::session::Session;

    /// What has happened in a cluster, without times: a file that is laid out is no event.
    fn log(session: &Session) -> Vec<String> {
        session.world.store.log.iter().map(|event| format!("{} {} {}", event.at_ms, event.verb.as_str(), event.object.meta.name)).collect()
    }

    #[test]
    fn every_step_of_every_lesson_begins_from_a_text_as_its_author_meant_and_fits_a_link() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
        let text = |path: &Path| fs::read_to_string(path).expect("a file of the lesson");
        let (chapters, _) = course::read(&text(&folder.join("course.yaml")));
        for name in chapters.iter().flat_map(|chapter| &chapter.lessons) {
            let files = |file: &str| fs::read_to_string(folder.join(name).join(file)).ok();
            let (lesson, _) = statefulset_engine::lesson::read(&files("lesson.yaml").expect("the lesson"));
            let named = lesson.files.iter().cloned().chain(lesson.files_beside());
            let texts: Vec<(String, String)> = named.filter_map(|file| Some((file.clone(), files(&file)?))).collect();
            for step in 0..lesson.steps.len() {
                let start = beginning(&lesson, texts.iter(), step);
                let tabs = texts.iter().map(|(name, text)| File { name: name.clone(), text: text.clone() }).collect();
                let saved = Saved { start, files: tabs, ..Saved::default() };
                let written = write(&saved);
                let (back, troubles) = read(&written);
                assert_eq!((troubles, &back.start), (Vec::new(), &saved.start), "{name}, step {step}");
                let letters = fragment(&written).len();
                assert!(letters < 3_000, "{name}, step {step}: {letters}");
                let session = played(&back.start, 0).unwrap_or_else(|| panic!("{name}, step {step}"));
                let meant = prove::begin_step(&lesson, step, &files).expect("a lesson that is read");
                assert!(log(&session) == log(&meant), "{name}, step {step} begins in another cluster");
            }
        }
    }

    /// Does what a solution does, as a learner who types it, looks at the pods, and lets time go by where the solution does.
    fn solve(sandbox: &mut Sandbox, solution: &str) {
        let mut files = Vec::new();
        let mut lines = solution.lines();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("@file ") {
                let text = lines.by_ref().take_while(|line| *line != "@end").flat_map(|line| [line, "\n"]).collect();
                files.push((name.to_owned(), text));
            } else if let Some(line) = line.strip_prefix("$ ") {
                sandbox.act(Act::Run { files: std::mem::take(&mut files), line: line.to_owned(), typed: true });
                sandbox.advance_to(sandbox.now_ms() + 4_321, || true);
            } else if line == "@settle" || line.starts_with("@wait ") {
                let seconds =
                    line.strip_prefix("@wait ").and_then(|text| text.strip_suffix('s')).map_or(300, |text| text.parse().expect("seconds"));
                sandbox.advance_to(sandbox.now_ms() + seconds * 1_000, || true);
            } else {
                assert_eq!(line.trim(), "", "a line of a solution that this test does not know");
            }
        }
        sandbox.act(Act::Run { files: Vec::new(), line: "kubectl get pods -o wide".into(), typed: true });
        sandbox.advance_to(sandbox.now_ms() + 7_654, || true);
    }

    #[test]
    fn every_solved_lesson_fits_where_courses_keep_it() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
        let (chapters, _) = course::read(&fs::read_to_string(folder.join("course.yaml")).expect("the course"));
        for name in chapters.iter().flat_map(|chapter| &chapter.lessons) {
            let files = |file: &str| fs::read_to_string(folder.join(name).join(file)).ok();
            let (lesson, _) = statefulset_engine::lesson::read(&files("lesson.yaml").expect("the lesson"));
            let named = lesson.files.iter().cloned().chain(lesson.files_beside());
            let texts: Vec<(String, String)> = named.filter_map(|file| Some((file.clone(), files(&file)?))).collect();
            let start = beginning(&lesson, texts.iter(), 0);
            let mut sandbox = Sandbox::of(played(&start, 0).expect("a script that can be read"));
            lesson.steps.iter().for_each(|step| solve(&mut sandbox, &step.solution.text));
            let step = "5 11.11.111.11.1 4120 812 23 241311 23 5120 hints:1,0,2,0,1 guesses:with,old,,, settled:,241311,,331210,";
            let view = [
                ("step", step),
                ("theme", "dark"),
                ("language", "zh-TW"),
                ("pane", "lesson"),
                ("dock", "terminal"),
                ("time", "paused"),
                ("lesson", name),
            ];
            let saved = Saved {
                sandbox: env!("CARGO_PKG_VERSION").to_owned(),
                start,
                acts: deeds(&sandbox),
                place: sandbox.place(),
                files: texts.iter().map(|(name, text)| File { name: name.clone(), text: text.clone() }).collect(),
                view: view.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
                ..Saved::default()
            };
            let letters = fragment(&write(&saved)).len();
            println!("{name}, solved: {letters} letters");
            // SCORM 1.2 keeps 4096.
            assert!(letters <= 4_000, "{name}: {letters}");
            let (again, whole) = replay(&saved, || true);
            assert!(whole && log(again.session()) == log(sandbox.session()), "{name} comes back as something else");
        }
    }
}
