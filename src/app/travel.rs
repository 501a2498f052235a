//! Ways through time: what the app does when another moment or another history is to be looked at.
//! It must not know how time travel works.

use std::rc::Rc;

use gloo_timers::callback::Timeout;

use super::{Action, App};
use crate::browser::frames::now;
use crate::chrome::notice::Notice;
use crate::compare::{Comparer, Comparison};
use crate::stage::scene::Scenes;
use crate::state::jobs::JobViews;
use crate::timeline::Travel;
use crate::timeline::film::Film;

/// While time goes by, the timeline is drawn anew this often, in milliseconds: the strips grow slowly.
const FILM_EVERY_MS: f64 = 120.0;

/// Where the stage changes in every frame, the timeline waits this long for one in which it does not.
const FILM_WAITS_MS: f64 = 400.0;

/// A pointer that has not moved for so long rests, in milliseconds.
const REST_MS: u32 = 100;

impl App {
    /// Goes another way through time; true where the page may look different afterwards.
    pub(super) fn travel(&mut self, travel: Travel) -> bool {
        let before = self.sandbox.branches().shown().id;
        match travel {
            Travel::PlayOrPause => self.playback.set_playing(!self.playback.playing()),
            Travel::To(at_ms) | Travel::Past(at_ms) => {
                self.playback.hold();
                if matches!(travel, Travel::Past(_)) {
                    let dispatch = self.dispatch.clone();
                    self.passing = Some(Timeout::new(REST_MS, move || dispatch.emit(Action::Travel(Travel::Rest))));
                }
                if at_ms == self.sandbox.now_ms() {
                    return false;
                }
                self.sandbox.go_to_ms(at_ms);
            }
            // Any action but passing on draws what has waited.
            Travel::Rest => return false,
            Travel::Start => {
                self.playback.hold();
                self.sandbox.go_to(Default::default());
            }
            Travel::Newest => {
                self.playback.release();
                self.sandbox.go_to_ms(u64::MAX);
            }
            Travel::NextWait => {
                self.playback.set_playing(false);
                self.sandbox.to_next_wait();
            }
            Travel::Undo => {
                self.sandbox.undo();
            }
            Travel::Redo => {
                self.sandbox.redo();
            }
            Travel::Fork => {
                self.sandbox.fork();
            }
            Travel::Show(id) => self.sandbox.switch(id),
            Travel::Compare(id) => self.sandbox.compare(id),
            Travel::Forget(id) => self.sandbox.remove(id),
        }
        if self.sandbox.branches().shown().id != before {
            // Jobs and versions of another history have the same numbers.
            self.jobs = JobViews::default();
            self.scenes = Scenes::default();
        }
        self.arrive();
        true
    }

    /// Says, once, that of several histories the one shown is kept.
    pub(super) fn tell_what_is_kept(&mut self) {
        let several = self.sandbox.branches().all().len() > 1;
        if several && self.around.notice.is_none() && !std::mem::replace(&mut self.around.told_histories, true) {
            self.around.notice = Some(Notice::Histories);
        }
    }

    /// Another moment is looked at: nothing that was seen holds, and nothing of it is news.
    pub(super) fn arrive(&mut self) {
        (self.seen_revision, self.seen_decisions) = (u64::MAX, usize::MAX);
        self.reporter.skip(&self.sandbox.session().world.store);
        self.foreground = self.sandbox.foreground();
        self.filmed = 0.0;
    }

    /// A pointer that passed over moments rests: what waited for that is drawn. False where none did.
    pub(super) fn rest(&mut self) -> bool {
        let rests = self.passing.take().is_some();
        if rests {
            (self.seen_revision, self.seen_decisions) = (u64::MAX, usize::MAX);
        }
        rests
    }

    /// Brings the comparison of histories up to date.
    pub(super) fn compare(&mut self) {
        let (shown, now_ms) = (self.sandbox.branches().shown().id, self.sandbox.now_ms());
        let namespace = self.sandbox.session().terminal.namespace.clone();
        let before = self.comparison.as_ref().map(|comparison| comparison.branches);
        let comparison = self.sandbox.beside().map(|beside| {
            let branches = [shown, beside.id];
            if before != Some(branches) {
                self.comparer = Comparer::default();
            }
            let world = &beside.head.session.world;
            let scene = self.comparer.beside.next(world, &beside.head.history, &namespace);
            Comparison {
                branches,
                at_ms: [now_ms, world.now_ms()],
                parted_ms: beside.parted_ms,
                groups: self.comparer.compare([self.scene.clone(), scene]),
            }
        });
        if comparison.as_ref() != self.comparison.as_deref() {
            self.comparison = comparison.map(Rc::new);
        }
    }

    /// Brings the timeline's picture up to date, where it has changed and it is time.
    pub(super) fn expose(&mut self, stage_changed: bool) {
        let edition = Film::edition(&self.sandbox);
        if self.film.edition == edition {
            return;
        }
        // A run that has come to rest is shown whole: nothing that follows would show its end.
        let (now, playing) = (now(), self.playback.playing() && self.sandbox.next_ms().is_some());
        if !playing
            || self.film.edition.branch != edition.branch
            || now - self.filmed >= if stage_changed { FILM_WAITS_MS } else { FILM_EVERY_MS }
        {
            self.film = Rc::new(Film::of(&self.sandbox));
            self.filmed = now;
        }
    }
}
