//! A person's sandbox: histories, the one that is shown, and the moment of it that is looked at. Commands act at the newest
//! moment; one given while the past is looked at begins another history there. Every act can be undone and done again,
//! which are moves among these. It must not know a wall clock.

use statefulset_engine::api::time::Ms;
use statefulset_engine::session::{JobId, Session};
use statefulset_engine::settings::Settings;

use super::acts::{Act, Entry, Place};
use super::branches::{Branch, BranchId, Branches};
use super::head::Head;
use super::history::History;
use super::record::Record;

/// How many steps one press of *step* looks through for something to stop at, and how much time.
const QUIET_STEPS_MAX: usize = 20_000;
const QUIET_MS_MAX: Ms = 600_000;
/// How many acts can be undone one after the other and done again.
const UNDONE_MAX: usize = 100;

/// Another history beside the one that is shown.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Its number.
    pub id: BranchId,
    /// It, at the moment that is looked at.
    pub head: &'a Head,
    /// When the two parted.
    pub parted_ms: Ms,
}

/// Histories and the moment that is looked at.
#[derive(Debug)]
pub struct Sandbox {
    head: Head,
    branches: Branches,
    /// Going on leaves the history shown: the act that comes next in it was undone.
    leaves: bool,
    /// Where the acts that were undone had led, the newest last.
    undone: Vec<(BranchId, Place)>,
    /// A history was to begin, and there are as many as are kept.
    refused: bool,
    /// The other history that is compared with the one shown, at the same moment since they parted.
    beside: Option<(BranchId, Head)>,
}

impl Sandbox {
    /// A fresh cluster.
    pub fn new(settings: Settings) -> Self {
        Self::of(Session::new(settings))
    }

    /// A cluster that is there already, at its beginning.
    pub fn of(session: Session) -> Self {
        let head = Head::of(session);
        let branches = Branches::new(&head);
        Self { head, branches, leaves: false, undone: Vec::new(), refused: false, beside: None }
    }

    /// The session as it is at the moment looked at.
    pub fn session(&self) -> &Session {
        &self.head.session
    }

    /// The lives of pods up to the moment looked at.
    pub fn history(&self) -> &History {
        &self.head.history
    }

    /// What the history shown has shown, up to its newest moment.
    pub fn record(&self) -> &Record {
        &self.branches.shown().record
    }

    /// All histories, and which is shown.
    pub fn branches(&self) -> &Branches {
        &self.branches
    }

    /// The moment looked at.
    pub fn now_ms(&self) -> Ms {
        self.head.session.world.now_ms()
    }

    /// The place looked at.
    pub fn place(&self) -> Place {
        self.head.place()
    }

    /// The newest moment of the history shown.
    pub fn tip_ms(&self) -> Ms {
        self.branches.shown().tip.at_ms
    }

    /// The acts of the history shown, oldest first.
    pub fn acts(&self) -> &[Entry] {
        &self.branches.shown().acts
    }

    /// How many of them were done at the moment looked at.
    pub fn done(&self) -> usize {
        self.head.place().acts
    }

    /// Whether more lies ahead in the history shown.
    pub fn in_the_past(&self) -> bool {
        self.head.place() < self.branches.shown().tip
    }

    /// Whether a history was to begin, and there are as many as are kept.
    pub fn refused(&self) -> bool {
        self.refused
    }

    /// Whether there is an earlier place to step back to.
    pub fn can_step_back(&self) -> bool {
        let place = self.head.place();
        place.steps > 0 || place.acts > 0
    }

    /// The act that would be undone.
    pub fn undoes(&self) -> Option<&Act> {
        let done = self.done();
        done.checked_sub(1).and_then(|last| self.acts().get(last)).map(|entry| &entry.act)
    }

    /// The act that would be done again.
    pub fn redoes(&self) -> Option<&Act> {
        let (id, place) = self.undone.last()?;
        self.branches.get(*id)?.acts.get(place.acts.checked_sub(1)?).map(|entry| &entry.act)
    }

    /// The newest command that was typed and still runs: what is typed next goes to it.
    pub fn foreground(&self) -> Option<JobId> {
        let done = self.acts().get(..self.done()).unwrap_or_default();
        let runs = done.iter().filter_map(|entry| match entry.act {
            Act::Run { typed, .. } => Some(typed),
            _ => None,
        });
        let typed: Vec<bool> = runs.collect();
        let jobs = self.session().jobs().filter(|(id, job)| job.exit.is_none() && typed.get(id.0) == Some(&true));
        jobs.last().map(|(id, _)| id)
    }

    /// When something happens next, if anything does.
    pub fn next_ms(&self) -> Option<Ms> {
        self.head.next_ms(if self.leaves { &[] } else { self.acts() })
    }

    /// Does something. At the newest moment history goes on; at an earlier one another history begins, and the one that
    /// was shown stays. `None` also where there are too many.
    pub fn act(&mut self, act: Act) -> Option<JobId> {
        if !self.may_go_on(true) {
            return None;
        }
        self.undone.clear();
        let place = self.head.place();
        let entry = Entry { act, steps: place.steps, at_ms: place.at_ms };
        let job = self.head.perform(&entry);
        self.branches.shown_mut().acts.push(entry);
        self.look();
        job
    }

    /// Begins another history where the present moment leaves the one shown; false where there are too many.
    fn may_go_on(&mut self, anew: bool) -> bool {
        if self.leaves || (anew && self.in_the_past()) {
            self.refused = !self.branches.fork(&self.head, self.leaves && !anew);
            if self.refused {
                return false;
            }
            self.leaves = false;
        }
        self.refused = false;
        true
    }

    /// Lets everything happen up to a moment, or until `go_on` says no; true where the moment was reached.
    pub fn advance_to(&mut self, at_ms: Ms, mut go_on: impl FnMut() -> bool) -> bool {
        if !self.may_go_on(false) {
            return false;
        }
        while self.next_ms().is_some_and(|next_ms| next_ms <= at_ms) {
            if !go_on() {
                return false;
            }
            self.next();
        }
        self.head.idle_until(at_ms);
        self.look();
        true
    }

    /// Has every running command look again: something came that is no part of the cluster.
    pub fn look_again(&mut self) {
        self.head.session.look_again();
    }

    /// Goes on until something visible has changed or was decided; false where nothing is left to happen.
    pub fn step(&mut self) -> bool {
        self.go_on_to(|record| &record.stops)
    }

    /// Goes on until something begins to be waited for; false where nothing is left to happen.
    pub fn to_next_wait(&mut self) -> bool {
        self.go_on_to(|record| &record.waits)
    }

    fn go_on_to(&mut self, places: impl Fn(&Record) -> &Vec<Place>) -> bool {
        if !self.may_go_on(false) {
            return false;
        }
        let here = self.head.place();
        let known = places(self.record());
        if let Some(ahead) = known.get(known.partition_point(|place| *place <= here)) {
            self.go_to(*ahead);
            return true;
        }
        self.go_to(self.branches.shown().tip);
        let last = places(self.record()).last().copied();
        let quiet_ms = self.now_ms().saturating_add(QUIET_MS_MAX);
        for _ in 0..QUIET_STEPS_MAX {
            if self.next_ms().is_none_or(|next_ms| next_ms > quiet_ms) {
                return false;
            }
            self.next();
            if places(self.record()).last().copied() != last {
                return true;
            }
        }
        false
    }

    /// Goes back to before the last change that could be stopped at; false at the start of the run.
    pub fn step_back(&mut self) -> bool {
        if !self.can_step_back() {
            return false;
        }
        let (here, stops) = (self.head.place(), &self.record().stops);
        // The last stop is where the present picture began; the one before it is where to go.
        let began = stops.partition_point(|place| *place <= here).checked_sub(1);
        let target = began.and_then(|began| began.checked_sub(1)).and_then(|before| stops.get(before)).copied();
        self.go_to(target.unwrap_or_default());
        true
    }

    /// Looks at a moment of the history shown; one beyond its newest is its newest.
    pub fn go_to_ms(&mut self, at_ms: Ms) {
        let branch = self.branches.shown();
        if at_ms >= branch.tip.at_ms {
            return self.go_to(branch.tip);
        }
        (self.leaves, self.refused) = (false, false);
        run_head_until(&mut self.head, branch, at_ms);
    }

    /// Looks at a place of the history shown.
    pub fn go_to(&mut self, place: Place) {
        let branch = self.branches.shown();
        let place = place.min(branch.tip);
        let near = branch.snapshots.before(place);
        if place < self.head.place() || near.place() > self.head.place() {
            self.head = Head::clone(near);
        }
        self.head.run_to(place, &branch.acts);
        (self.leaves, self.refused) = (false, false);
    }

    /// Takes the last act back: looks at the moment before it, and history goes on from there without it. The history in
    /// which it was done stays.
    pub fn undo(&mut self) -> bool {
        let done = self.done();
        let Some(entry) = done.checked_sub(1).and_then(|last| self.acts().get(last)) else {
            return false;
        };
        let before = Place { steps: entry.steps, acts: done - 1, at_ms: entry.at_ms };
        if self.undone.len() == UNDONE_MAX {
            self.undone.remove(0);
        }
        self.undone.push((self.branches.shown().id, self.head.place()));
        self.go_to(before);
        self.leaves = true;
        true
    }

    /// Goes back to where the act that was undone last had led.
    pub fn redo(&mut self) -> bool {
        while let Some((id, place)) = self.undone.pop() {
            if self.turn_to(id) {
                self.go_to(place);
                return true;
            }
        }
        false
    }

    /// Begins another history at the moment looked at, in which nothing lies ahead; false where there are too many.
    pub fn fork(&mut self) -> bool {
        self.may_go_on(true)
    }

    /// Shows another history at the moment looked at, or at its newest moment where it does not reach so far.
    pub fn switch(&mut self, id: BranchId) {
        let (at_ms, before) = (self.now_ms(), self.branches.shown().id);
        let compared = self.beside.as_ref().is_some_and(|(beside, _)| *beside == id);
        if self.turn_to(id) {
            self.undone.clear();
            self.go_to_ms(at_ms);
            // The two that are compared change sides.
            if compared {
                self.compare(Some(before));
            }
        }
    }

    /// Turns to another history, at its start.
    fn turn_to(&mut self, id: BranchId) -> bool {
        if !self.branches.show(id) {
            return false;
        }
        self.head = Head::clone(self.branches.shown().snapshots.before(Place::default()));
        if self.beside.as_ref().is_some_and(|(beside, _)| *beside == id) {
            self.beside = None;
        }
        true
    }

    /// Forgets a history that is not shown.
    pub fn remove(&mut self, id: BranchId) {
        self.branches.remove(id);
        self.undone.retain(|(known, _)| *known != id);
        if self.beside.as_ref().is_some_and(|(beside, _)| *beside == id) {
            self.beside = None;
        }
        self.refused = false;
    }

    /// Compares the history shown with another, or with none.
    pub fn compare(&mut self, id: Option<BranchId>) {
        let shown = self.branches.shown().id;
        let branch = id.filter(|id| *id != shown).and_then(|id| self.branches.get(id));
        self.beside = branch.map(|branch| (branch.id, Head::clone(branch.snapshots.before(Place::default()))));
    }

    /// The number of the history that is compared with the one shown.
    pub fn beside_id(&self) -> Option<BranchId> {
        self.beside.as_ref().map(|(id, _)| *id)
    }

    /// The history that is compared with the one shown, as it was as long after they parted.
    pub fn beside(&mut self) -> Option<Beside<'_>> {
        let now_ms = self.now_ms();
        let (id, head) = self.beside.as_mut()?;
        let branch = self.branches.get(*id)?;
        let parted_ms = self.branches.parted_ms(self.branches.shown(), branch);
        run_head_until(head, branch, now_ms.min(branch.tip.at_ms));
        Some(Beside { id: *id, head, parted_ms })
    }

    /// Lets the next thing happen: at the newest place of the history it is recorded.
    fn next(&mut self) {
        self.head.next(&self.branches.shown().acts);
        self.look();
    }

    /// Takes note of what is new, where it is.
    fn look(&mut self) {
        let (place, branch) = (self.head.place(), self.branches.shown_mut());
        self.head.history.absorb(&self.head.session.world.store);
        if place > branch.tip {
            branch.tip = place;
            branch.record.absorb(&self.head.session.world, place);
            branch.snapshots.offer(&self.head);
        }
    }
}

/// Brings a head that is somewhere in a branch to a moment of it.
fn run_head_until(head: &mut Head, branch: &Branch, at_ms: Ms) {
    let near = branch.snapshots.before_ms(at_ms);
    if at_ms < head.place().at_ms || near.place() > head.place() {
        *head = Head::clone(near);
    }
    if at_ms >= branch.tip.at_ms {
        head.run_to(branch.tip, &branch.acts);
    } else {
        head.run_until(at_ms, &branch.acts);
    }
}
