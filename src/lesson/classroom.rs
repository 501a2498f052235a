//! What the lesson panel shows: the course, the open lesson, how far it is. Judges goals as the cluster changes; a goal
//! that was reached stays ticked, also when time goes back. It must not know elements.

use std::rc::Rc;

use statefulset_engine::api::time::Ms;
use statefulset_engine::lesson::Step;
use statefulset_engine::lesson::goal::Mark;
use statefulset_engine::session::Session;

use super::load::{Course, Loaded};
use super::progress::Progress;
use crate::state::acts::Place;

/// What the panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Nothing: it is closed.
    #[default]
    Closed,
    /// The map of the course.
    Map,
    /// The open lesson.
    Lesson,
}

/// The state of the panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classroom {
    /// What is shown.
    pub shown: Shown,
    /// Whether only the head of the panel is.
    pub folded: bool,
    /// The course, once it is there.
    pub course: Option<Rc<Course>>,
    /// Whether something could not be fetched.
    pub failed: bool,
    /// The open lesson.
    pub open: Option<Open>,
    /// The word of the glossary that is explained.
    pub term: Option<String>,
    /// What was done so far.
    pub progress: Progress,
}

/// A lesson that was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Open {
    /// The lesson.
    pub loaded: Rc<Loaded>,
    /// The step, from 0; behind the last comes the summary.
    pub step: usize,
    /// What happened in each step.
    pub visits: Vec<Visit>,
    /// The commands that were used, each once.
    pub commands: Vec<String>,
    /// The step from whose beginning the cluster was set up; `None` where that cannot be done again.
    pub base: Option<usize>,
}

/// A step that was begun.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visit {
    /// Where it began.
    pub begun: Option<(Mark, Place)>,
    /// Which goals were reached.
    pub ticked: Vec<bool>,
    /// What was done that must not be, by number.
    pub broken: Option<usize>,
    /// How many hints are shown.
    pub hints: usize,
    /// The prediction that was made.
    pub guess: Option<String>,
    /// When it was settled.
    pub settled_ms: Option<Ms>,
}

impl Visit {
    /// Whether every goal was reached and nothing was done that must not be.
    pub fn done(&self) -> bool {
        self.broken.is_none() && !self.ticked.is_empty() && self.ticked.iter().all(|ticked| *ticked)
    }
}

impl Open {
    /// A lesson at its beginning.
    pub fn new(loaded: Rc<Loaded>) -> Self {
        let visits = vec![Visit::default(); loaded.lesson.steps.len()];
        Self { loaded, step: 0, visits, commands: Vec::new(), base: Some(0) }
    }

    /// The step shown; `None` in the summary.
    pub fn current(&self) -> Option<(&Step, &Visit)> {
        Some((self.loaded.lesson.steps.get(self.step)?, self.visits.get(self.step)?))
    }

    /// Goes on at a step; those before it were done.
    pub fn resume(&mut self, step: usize) {
        self.step = step.min(self.visits.len());
        for (visit, step) in self.visits.iter_mut().zip(&self.loaded.lesson.steps).take(self.step) {
            visit.ticked = vec![true; step.goals.len()];
        }
    }

    /// Begins the step shown, where it has not begun.
    pub fn begin(&mut self, session: &Session, place: Place) {
        if let Some(visit) = self.visits.get_mut(self.step) {
            visit.begun.get_or_insert_with(|| (Mark::now(session), place));
        }
    }

    /// Begins the step shown anew.
    pub fn begin_again(&mut self, session: &Session, place: Place) {
        if let Some(visit) = self.visits.get_mut(self.step) {
            *visit = Visit { begun: Some((Mark::now(session), place)), hints: visit.hints, ..Visit::default() };
        }
    }

    /// Judges the step shown.
    fn judge(&mut self, session: &Session, newest: bool) {
        for (_, job) in session.jobs() {
            if !self.commands.iter().any(|known| **known == *job.line) {
                self.commands.push(job.line.to_string());
            }
        }
        let (Some(step), Some(visit)) = (self.loaded.lesson.steps.get(self.step), self.visits.get_mut(self.step)) else {
            return;
        };
        let Some((mark, _)) = visit.begun else {
            return;
        };
        visit.ticked.resize(step.goals.len(), false);
        for (ticked, goal) in visit.ticked.iter_mut().zip(&step.goals) {
            *ticked = *ticked || goal.check.met(session, mark).is_some();
        }
        // What is looked at in the past was judged when it happened, and may have been taken back since.
        if newest {
            visit.broken = step.never.iter().position(|never| never.check.met(session, mark).is_some());
        }
        let shown = step.predict.as_ref().and_then(|predict| predict.shown.as_ref());
        if visit.settled_ms.is_none() {
            visit.settled_ms = shown.and_then(|shown| shown.check.met(session, mark));
        }
    }
}

impl Classroom {
    /// The panel as a visit begins.
    pub fn stored() -> Self {
        Self { progress: Progress::stored(), ..Self::default() }
    }

    /// Judges the open lesson, and notes what was reached.
    pub fn judge(&mut self, session: &Session, newest: bool) {
        let Some(open) = &mut self.open else {
            return;
        };
        open.judge(session, newest);
        if let Some((step, visit)) = open.current()
            && visit.done()
        {
            self.progress.note(&open.loaded.name, &step.name);
        }
    }

    /// The lesson behind the open one in the course.
    pub fn next_lesson(&self) -> Option<&String> {
        let name = &self.open.as_ref()?.loaded.name;
        self.course.as_ref()?.lessons().skip_while(|lesson| *lesson != name).nth(1)
    }
}
