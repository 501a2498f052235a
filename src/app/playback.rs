//! Playback: turns the browser's frames into virtual time while there is anything to wait for.
//! It must not know what happens in that time.

use yew::Callback;

use crate::browser::frames::{Frames, now};
use crate::state::sandbox::Sandbox;
use crate::state::speed::{Pace, Speed};

use super::Action;

/// How long one frame may work, in milliseconds: as much again and more belongs to drawing what came of it.
const WORK_MS_MAX: f64 = 4.0;

/// Whether and how fast time goes by.
pub(super) struct Playback {
    playing: bool,
    /// Whether time went by until somebody looked at another moment.
    held: bool,
    speed: Speed,
    pace: Pace,
    frames: Frames,
    last: Option<f64>,
}

impl Playback {
    /// Playback that sends a frame's time as [`Action::Frame`].
    pub(super) fn new(dispatch: Callback<Action>, playing: bool) -> Self {
        let frames = Frames::new(move |at| dispatch.emit(Action::Frame(at)));
        Self { playing, held: false, speed: Speed::default(), pace: Pace::default(), frames, last: None }
    }

    /// Whether time goes by where there is anything to wait for.
    pub(super) fn playing(&self) -> bool {
        self.playing
    }

    /// How fast.
    pub(super) fn speed(&self) -> Speed {
        self.speed
    }

    pub(super) fn set_playing(&mut self, playing: bool) {
        (self.playing, self.held) = (playing, false);
    }

    /// Time stands still while another moment is looked at.
    pub(super) fn hold(&mut self) {
        self.held |= std::mem::take(&mut self.playing);
    }

    /// Back at the newest moment, time goes on if it did before.
    pub(super) fn release(&mut self) {
        self.playing |= std::mem::take(&mut self.held);
    }

    pub(super) fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
    }

    /// Asks for another frame where one is needed: nothing runs while nothing is due.
    pub(super) fn keep_going(&mut self, due: bool) {
        if self.playing && due {
            self.frames.request();
        } else {
            self.frames.cancel();
            self.last = None;
        }
    }

    /// Lets the time of a frame go by; true where any did.
    pub(super) fn frame(&mut self, sandbox: &mut Sandbox, at: f64) -> bool {
        self.frames.arrived();
        let elapsed_ms = self.last.replace(at).map_or(0.0, |last| (at - last).max(0.0));
        // Real time is only ever an input here: no decision of the engine sees it.
        let elapsed_us = (elapsed_ms * 1_000.0) as u64;
        let by_ms = self.pace.advance(elapsed_us, self.speed);
        if by_ms == 0 {
            return false;
        }
        let started = now();
        let target_ms = sandbox.now_ms().saturating_add(by_ms);
        sandbox.advance_to(target_ms, || now() - started < WORK_MS_MAX);
        true
    }
}
