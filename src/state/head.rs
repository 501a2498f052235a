//! A session and how far it has come in a list of acts: it goes forward by steps and acts, and a copy of it is a moment to
//! come back to. Going on from a copy is exact, because a run is a function of its acts and its settings.
//! It must not know branches or a wall clock.

use statefulset_engine::api::time::Ms;
use statefulset_engine::process::Streams;
use statefulset_engine::session::{JobId, Session};
use statefulset_engine::settings::Settings;

use super::acts::{Act, Entry, Place};
use super::history::History;

/// A session at a place of a run.
#[derive(Clone, Debug)]
pub struct Head {
    /// The session.
    pub session: Session,
    /// The lives of pods up to here.
    pub history: History,
    done: usize,
    steps: u64,
}

impl Head {
    /// A fresh cluster.
    pub fn new(settings: Settings) -> Self {
        Self::of(Session::new(settings))
    }

    /// A cluster that is there already.
    pub fn of(session: Session) -> Self {
        let mut history = History::default();
        history.absorb(&session.world.store);
        Self { session, history, done: 0, steps: 0 }
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        Place { steps: self.steps, acts: self.done, at_ms: self.session.world.now_ms() }
    }

    /// When the next thing happens, an act included.
    pub fn next_ms(&self, acts: &[Entry]) -> Option<Ms> {
        match self.due(acts) {
            Some(act) => Some(act.at_ms),
            None => self.session.next_ms(),
        }
    }

    /// Lets the next thing happen: the act that comes before the next step, or the step; false where nothing is left.
    pub fn next(&mut self, acts: &[Entry]) -> bool {
        if let Some(act) = self.due(acts) {
            self.perform(act);
            return true;
        }
        let stepped = self.session.step();
        self.steps += u64::from(stepped);
        stepped
    }

    /// Goes forward to a place of the run.
    pub fn run_to(&mut self, place: Place, acts: &[Entry]) {
        let acts = acts.get(..place.acts).unwrap_or(acts);
        while (self.done < acts.len() || self.steps < place.steps) && self.next(acts) {}
        self.idle_until(place.at_ms);
        self.history.absorb(&self.session.world.store);
    }

    /// Goes forward to the last place of the run at a moment.
    pub fn run_until(&mut self, at_ms: Ms, acts: &[Entry]) {
        while self.next_ms(acts).is_some_and(|next_ms| next_ms <= at_ms) && self.next(acts) {}
        self.idle_until(at_ms);
        self.history.absorb(&self.session.world.store);
    }

    /// Does an act now, whatever is due.
    pub fn perform(&mut self, entry: &Entry) -> Option<JobId> {
        self.done += 1;
        self.idle_until(entry.at_ms);
        match &entry.act {
            Act::Run { files, line, typed } => {
                for (name, text) in files {
                    self.session.terminal.files.insert(name.clone(), text.as_str().into());
                }
                let input = if *typed { Streams::default() } else { Streams::with_input("") };
                Some(self.session.start(line, input))
            }
            Act::Type { job, text } => {
                self.session.type_into(*job, text);
                Some(*job)
            }
            Act::EndInput { job } => {
                self.session.end_input(*job);
                Some(*job)
            }
            Act::CloseFile { saved } => {
                self.session.close_file(saved.as_deref());
                None
            }
            Act::Interrupt { job } => {
                self.session.interrupt(*job);
                Some(*job)
            }
        }
    }

    /// Lets time go by in which nothing happens. What is due at the present moment stays due: a place can be in the middle
    /// of a moment.
    pub fn idle_until(&mut self, at_ms: Ms) {
        if at_ms > self.session.world.now_ms() {
            self.session.advance_to(at_ms);
        }
    }

    /// The act that comes before the next step.
    fn due<'a>(&self, acts: &'a [Entry]) -> Option<&'a Entry> {
        acts.get(self.done).filter(|entry| entry.steps == self.steps)
    }

    /// About how much memory a copy holds that it does not share: what running commands have printed, and a little.
    pub fn own_bytes(&self) -> usize {
        let running = self.session.jobs().filter(|(_, job)| job.exit.is_none());
        20_000 + self.session.world.store.len() * 12 + running.map(|(_, job)| job.streams.out.len()).sum::<usize>()
    }
}
