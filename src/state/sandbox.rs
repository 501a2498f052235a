//! A session with its place in time: acts are recorded, time goes forward step by step, and back by doing everything
//! again up to an earlier place. That is exact, because a run is a function of its acts and its settings.
//! It must not know a wall clock.

use statefulset_engine::api::time::Ms;
use statefulset_engine::process::Streams;
use statefulset_engine::session::{JobId, Session};
use statefulset_engine::settings::Settings;

use super::acts::{Act, Entry, Place};
use super::history::History;
use super::visible::Visible;

/// How many steps one press of *step* looks through for something to see.
const QUIET_STEPS_MAX: usize = 20_000;
/// How many places are kept to step back to; the oldest go first.
const MARKS_MAX: usize = 100_000;

/// A session, what its person did, and where in its run it is.
pub struct Sandbox {
    session: Session,
    settings: Settings,
    acts: Vec<Entry>,
    done: usize,
    steps: u64,
    marks: Vec<Place>,
    visible: Visible,
    history: History,
}

impl Sandbox {
    /// A fresh cluster.
    pub fn new(settings: Settings) -> Self {
        let session = Session::new(settings.clone());
        let mut sandbox = Self {
            session,
            settings,
            acts: Vec::new(),
            done: 0,
            steps: 0,
            marks: Vec::new(),
            visible: Visible::default(),
            history: History::default(),
        };
        sandbox.look();
        sandbox
    }

    /// The session as it is now.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The lives of pods up to now.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The present moment of the run.
    pub fn now_ms(&self) -> Ms {
        self.session.world.now_ms()
    }

    /// The acts done so far, oldest first.
    pub fn acts(&self) -> &[Entry] {
        &self.acts[..self.done]
    }

    /// Whether acts lie ahead: the run was taken back, and nothing new was done since.
    pub fn in_the_past(&self) -> bool {
        self.done < self.acts.len()
    }

    /// Whether there is an earlier place to step back to.
    pub fn can_step_back(&self) -> bool {
        self.steps > 0 || self.done > 0
    }

    /// When something happens next, if anything does.
    pub fn next_ms(&self) -> Option<Ms> {
        let act_ms = self.due_act().map(|entry| entry.at_ms);
        act_ms.into_iter().chain(self.session.next_ms()).min()
    }

    /// Does something now. What lay ahead is given up: history goes on from here.
    pub fn act(&mut self, act: Act) -> Option<JobId> {
        self.acts.truncate(self.done);
        self.acts.push(Entry { act, steps: self.steps, at_ms: self.now_ms() });
        let job = self.do_next_act();
        self.look();
        job
    }

    /// Lets everything happen up to a moment, or until `go_on` says no; true where the moment was reached.
    pub fn advance_to(&mut self, at_ms: Ms, mut go_on: impl FnMut() -> bool) -> bool {
        while self.next_ms().is_some_and(|next_ms| next_ms <= at_ms) {
            if !go_on() {
                return false;
            }
            self.next();
            self.look();
        }
        self.session.advance_to(at_ms);
        true
    }

    /// Has every running command look again: something came that is no part of the cluster.
    pub fn look_again(&mut self) {
        self.session.look_again();
    }

    /// Goes on until something visible has changed; false where nothing is left to happen.
    pub fn step(&mut self) -> bool {
        for _ in 0..QUIET_STEPS_MAX {
            if !self.next() {
                return false;
            }
            if self.look() {
                break;
            }
        }
        true
    }

    /// Goes back to before the last visible change; false at the start of the run.
    pub fn step_back(&mut self) -> bool {
        if !self.can_step_back() {
            return false;
        }
        // The last mark is where the present picture began; the one before it is where to go.
        let present = self.marks.pop();
        let target = match self.marks.last() {
            Some(mark) => *mark,
            None => Place::default(),
        };
        debug_assert!(present.is_none_or(|present| target <= present));
        self.go_to(target);
        true
    }

    /// Takes the run to an earlier place by doing it all again.
    fn go_to(&mut self, place: Place) {
        self.session = Session::new(self.settings.clone());
        self.done = 0;
        self.steps = 0;
        self.visible = Visible::default();
        self.history = History::default();
        while self.done < place.acts || self.steps < place.steps {
            let act_is_due = self.done < place.acts && self.due_act().is_some();
            if act_is_due {
                self.do_next_act();
            } else if self.steps < place.steps && self.session.step() {
                self.steps += 1;
            } else {
                break;
            }
        }
        self.session.advance_to(place.at_ms);
        self.visible.absorb(&self.session.world.store);
        self.history.absorb(&self.session.world.store);
    }

    /// The act that comes before the next step.
    fn due_act(&self) -> Option<&Entry> {
        self.acts.get(self.done).filter(|entry| entry.steps == self.steps)
    }

    /// Lets the next thing happen: an act that lies ahead, or a step of the session.
    fn next(&mut self) -> bool {
        let act_ms = self.due_act().map(|entry| entry.at_ms);
        match (act_ms, self.session.next_ms()) {
            (Some(_), _) => {
                self.do_next_act();
                true
            }
            (None, Some(_)) => {
                self.steps += 1;
                self.session.step()
            }
            (None, None) => false,
        }
    }

    fn do_next_act(&mut self) -> Option<JobId> {
        let entry = self.acts.get(self.done)?.clone();
        self.done += 1;
        self.session.advance_to(entry.at_ms);
        match entry.act {
            Act::Run { files, line, typed } => {
                for (name, text) in files {
                    self.session.terminal.files.insert(name, text.as_str().into());
                }
                let input = if typed { Streams::default() } else { Streams::with_input("") };
                Some(self.session.start(&line, input))
            }
            Act::Type { job, text } => {
                self.session.type_into(job, &text);
                Some(job)
            }
            Act::EndInput { job } => {
                self.session.end_input(job);
                Some(job)
            }
            Act::CloseFile { saved } => {
                self.session.close_file(saved.as_deref());
                None
            }
            Act::Interrupt { job } => {
                self.session.interrupt(job);
                Some(job)
            }
        }
    }

    /// Takes note of what has changed; true where it can be seen.
    fn look(&mut self) -> bool {
        self.history.absorb(&self.session.world.store);
        let changed = self.visible.absorb(&self.session.world.store);
        if changed {
            if self.marks.len() == MARKS_MAX {
                self.marks.remove(0);
            }
            self.marks.push(Place { steps: self.steps, acts: self.done, at_ms: self.now_ms() });
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Act {
        Act::Run { files: Vec::new(), line: line.into(), typed: false }
    }

    #[test]
    fn a_fresh_sandbox_is_at_the_start() {
        let mut sandbox = Sandbox::new(Settings::default());
        assert_eq!(sandbox.now_ms(), 0);
        assert!(!sandbox.can_step_back());
        assert!(!sandbox.step_back());
    }

    #[test]
    fn time_passes_also_where_nothing_happens() {
        let mut sandbox = Sandbox::new(Settings::default());
        assert!(sandbox.advance_to(5_000, || true));
        assert_eq!(sandbox.now_ms(), 5_000);
    }

    #[test]
    fn going_back_does_everything_again_and_keeps_what_lies_ahead() {
        let mut sandbox = Sandbox::new(Settings::default());
        sandbox.advance_to(1_000, || true);
        sandbox.act(run("kubectl get pods"));
        sandbox.advance_to(2_000, || true);
        sandbox.act(run("kubectl get nodes"));
        sandbox.go_to(Place { steps: 0, acts: 1, at_ms: 1_500 });
        assert_eq!(sandbox.now_ms(), 1_500);
        assert_eq!(sandbox.session().jobs().count(), 1);
        assert!(sandbox.in_the_past());
        assert_eq!(sandbox.next_ms(), Some(2_000));
        sandbox.act(run("kubectl get sts"));
        assert!(!sandbox.in_the_past());
        assert_eq!(sandbox.acts().len(), 2);
    }
}
