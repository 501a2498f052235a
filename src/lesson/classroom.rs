//! What the lesson panel shows: the course, the open lesson, how far it is. Judges goals as the cluster changes; a goal
//! that was reached stays ticked, also when time goes back. It must not know elements.

use std::rc::Rc;

use statefulset_engine::api::time::Ms;
use statefulset_engine::lesson::Step;
use statefulset_engine::lesson::goal::Mark;
use statefulset_engine::lesson::text;
use statefulset_engine::session::Session;
use yew::AttrValue;

use super::load::{Course, Loaded};
use super::progress::Progress;
use crate::state::acts::Place;
use crate::timeline::Foretold;

/// How the words of [`Open::left`] about each step begin.
const HINTS: &str = "hints=";
const GUESSES: &str = "guesses=";
const SETTLED: &str = "settled=";

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
    /// Where to go on in the lesson that is fetched, as [`Open::left`] has written it.
    pub resume: Option<String>,
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
    /// Whether it was begun anew, so that its cluster is as the steps before leave it.
    pub laid_out: bool,
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
        Self { loaded, step: 0, visits, commands: Vec::new() }
    }

    /// Where the learner is, in a line: the step, what was ticked in each, where the one shown has begun, and of each the hints
    /// that are shown, the prediction, and when it was settled.
    pub fn left(&self) -> String {
        let of_each = |between: &str, word: &dyn Fn(&Visit) -> String| self.visits.iter().map(word).collect::<Vec<_>>().join(between);
        let ticks = of_each(".", &|visit| visit.ticked.iter().map(|ticked| if *ticked { '1' } else { '0' }).collect());
        let begun = self.current().and_then(|(_, visit)| visit.begun).map(|(mark, place)| {
            format!(" {} {} {} {} {} {}", mark.events, mark.decisions, mark.jobs, place.at_ms, place.acts, place.steps)
        });
        let hints = of_each(",", &|visit| visit.hints.to_string());
        let guesses = of_each(",", &|visit| visit.guess.clone().unwrap_or_default());
        let settled = of_each(",", &|visit| visit.settled_ms.map(|at_ms| at_ms.to_string()).unwrap_or_default());
        format!("{} {ticks}{} {HINTS}{hints} {GUESSES}{guesses} {SETTLED}{settled}", self.step, begun.unwrap_or_default())
    }

    /// Goes on where the learner was; what makes no sense is passed over.
    pub fn resume(&mut self, left: &str) {
        let mut words = left.split(' ');
        let step = words.next().and_then(|word| word.parse().ok()).unwrap_or(0_usize);
        self.step = step.min(self.visits.len());
        let steps = &self.loaded.lesson.steps;
        for ((visit, ticks), step) in self.visits.iter_mut().zip(words.next().unwrap_or_default().split('.')).zip(steps) {
            visit.ticked = ticks.chars().take(step.goals.len()).map(|tick| tick == '1').collect();
        }
        let numbers: Vec<usize> = words.clone().filter_map(|word| word.parse().ok()).collect();
        if let (&[events, decisions, jobs, at_ms, acts, steps], Some(visit)) = (&*numbers, self.visits.get_mut(self.step)) {
            visit.begun = Some((Mark { events, decisions, jobs }, Place { steps: steps as u64, acts, at_ms: at_ms as Ms }));
        }
        let list = |name: &str| words.clone().find_map(|word| word.strip_prefix(name)).unwrap_or_default().split(',');
        let kept = list(HINTS).zip(list(GUESSES)).zip(list(SETTLED));
        for ((visit, step), ((hints, guess), settled)) in self.visits.iter_mut().zip(steps).zip(kept) {
            visit.hints = hints.parse().unwrap_or(0_usize).min(step.hints.len());
            let choices = step.predict.iter().flat_map(|predict| &predict.choices);
            visit.guess = choices.into_iter().find(|choice| *choice == guess).cloned();
            visit.settled_ms = settled.parse().ok();
        }
    }

    /// How many steps were done.
    pub fn done(&self) -> usize {
        self.visits.iter().filter(|visit| visit.done()).count()
    }

    /// The step shown; `None` in the summary.
    pub fn current(&self) -> Option<(&Step, &Visit)> {
        Some((self.loaded.lesson.steps.get(self.step)?, self.visits.get(self.step)?))
    }

    /// Whether the step shown was jumped to, so that its cluster is another than the one that it is about.
    pub fn jumped(&self) -> bool {
        let open = self.step.checked_sub(1).and_then(|before| self.visits.get(before)).is_some_and(|before| !before.done());
        open && self.visits.get(self.step).is_some_and(|visit| !visit.laid_out && !visit.done())
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
            *visit = Visit { begun: Some((Mark::now(session), place)), hints: visit.hints, laid_out: true, ..Visit::default() };
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

    /// The prediction of the step shown, beside what happened, once it is settled.
    pub fn foretold(&self) -> Option<Foretold> {
        let open = self.open.as_ref().filter(|_| self.shown == Shown::Lesson)?;
        let (step, visit) = open.current()?;
        let said = open.loaded.text.step(&step.name)?;
        let words = |choice: &str| {
            let words = said.choices.iter().find(|(name, _)| name == choice).map(|(_, words)| words.as_slice());
            AttrValue::from(text::plain(words.unwrap_or_default()))
        };
        let predict = step.predict.as_ref()?;
        Some(Foretold { at_ms: visit.settled_ms?, expected: words(visit.guess.as_ref()?), happened: words(&predict.answer) })
    }

    /// The lesson behind the open one in the course.
    pub fn next_lesson(&self) -> Option<&String> {
        let name = &self.open.as_ref()?.loaded.name;
        self.course.as_ref()?.lessons().skip_while(|lesson| *lesson != name).nth(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::load::Loaded;

    #[test]
    fn where_a_learner_left_is_where_they_go_on() {
        let source = include_str!("../../lessons/stateful/lesson.yaml");
        let loaded = Rc::new(Loaded::of("stateful", statefulset_engine::lesson::read(source).0));
        let mut open = Open::new(loaded.clone());
        open.step = 3;
        open.visits[0] = Visit { ticked: vec![true, false], hints: 2, ..Visit::default() };
        let begun = (Mark { events: 7, decisions: 5, jobs: 3 }, Place { steps: 40, acts: 4, at_ms: 9_000 });
        open.visits[3] = Visit {
            begun: Some(begun),
            ticked: vec![true],
            guess: Some("next".into()),
            settled_ms: Some(12_300),
            hints: 1,
            ..Visit::default()
        };
        let mut again = Open::new(loaded.clone());
        again.resume(&open.left());
        assert_eq!((again.step, &again.visits), (open.step, &open.visits));

        // What an older page has written, or anybody has changed, is taken as far as it goes.
        for (left, step) in [("1 11.0", 1), ("99 1.1.1 1 2 3", 5), ("", 0), ("3 . hints=9,9,9,9 guesses=,,,nonsense settled=,,,x", 3)] {
            let mut again = Open::new(loaded.clone());
            again.resume(left);
            assert_eq!(again.step, step, "{left}");
            assert_eq!(again.visits[3].guess, None, "{left}");
            assert!(again.visits[0].hints <= loaded.lesson.steps[0].hints.len(), "{left}");
        }
    }
}
