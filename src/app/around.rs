//! What is around the session on this visit: the address that asked for it, the page around this one, what the browser
//! keeps, and what there is to say about any of these. It must not know panels.

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use yew::Callback;

use super::keeping::Keeping;
use super::{Action, App};
use crate::browser::frames::now;
use crate::browser::visit;
use crate::chrome::notice::Notice;
use crate::embed::host::Host;
use crate::embed::parameters::{Mode, Parameters};
use crate::embed::protocol::{Request, Word};
use crate::keep::Keep;
use crate::share::dialog::Shared;
use crate::share::link;
use crate::share::write::write;
use crate::state::acts::Act;

/// Changes of objects that are told to the page around at once.
const EVENTS_MAX: usize = 50;

/// How long the page may work to get to a moment that has yet to happen, in milliseconds of the browser's clock.
const SEEK_MS_MAX: f64 = 3_000.0;

/// Where the page was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// What stands behind the question mark of the address.
    pub query: String,
    /// What stands behind its hash.
    pub fragment: String,
    /// Whether the browser is asked to keep anything, and others are spoken to.
    pub real: bool,
}

impl Visit {
    /// The visit of a person.
    pub fn of_browser() -> Self {
        Self { query: visit::query(), fragment: visit::fragment(), real: true }
    }
}

/// What is around the session.
#[derive(Default)]
pub(super) struct Around {
    pub(super) parameters: Parameters,
    pub(super) keep: Keep,
    pub(super) storing: Option<Timeout>,
    pub(super) notice: Option<Notice>,
    /// The session before this one, to go back to.
    pub(super) before: Option<Rc<str>>,
    /// The script that has made the cluster, where it was not a fresh one.
    pub(super) start: String,
    /// A session that is not shown unasked.
    pub(super) offered: Option<Rc<str>>,
    /// What the dialog hands out.
    pub(super) shared: Rc<Shared>,
    host: Option<Host>,
    _listeners: Vec<EventListener>,
    /// How much of the watch log, and how many acts, the page around was told of.
    told_events: usize,
    told_acts: usize,
    told_height: u32,
    told_goals: Option<(String, usize)>,
    /// Whether it was said what becomes of several histories.
    pub(super) told_histories: bool,
}

impl Around {
    /// What is around the page on a visit.
    pub(super) fn new(visit: &Visit, dispatch: &Callback<Action>) -> Self {
        let parameters = Parameters::read(&visit.query);
        if !visit.real {
            return Self { parameters, ..Self::default() };
        }
        let keep = match (parameters.embedded, parameters.lesson.as_deref()) {
            (false, _) => Keep::new(None),
            (true, Some(lesson)) => Keep::new(Some(lesson)),
            // Frames of one site share their storage, and nothing tells these apart.
            (true, None) => Keep::default(),
        };
        let on = |event: &'static str, keeping: Keeping| {
            let dispatch = dispatch.clone();
            web_sys::window().map(|window| EventListener::new(&window, event, move |_| dispatch.emit(Action::Keep(keeping.clone()))))
        };
        let listeners = [on("pagehide", Keeping::Store), on("sandbox-update", Keeping::NewVersion)].into_iter().flatten().collect();
        let host = parameters.embedded.then(|| Host::new(parameters.origins.clone(), dispatch.reform(Action::Host))).flatten();
        if parameters.embedded {
            visit::mark_root(&[
                ("data-embed", ""),
                ("data-mode", parameters.mode.name()),
                ("data-parts", &parameters.parts.join(" ")),
                ("data-grows", if parameters.grows { "true" } else { "false" }),
            ]);
        }
        Self { parameters, keep, host, _listeners: listeners, ..Self::default() }
    }
}

impl Around {
    /// Whether the manifest may be read, and not be written.
    pub(super) fn reads_only(&self) -> bool {
        self.parameters.mode != Mode::Free
    }
}

impl App {
    /// Whether an action is none that the page around has ruled out.
    pub(super) fn may(&self, action: &Action) -> bool {
        let typed = matches!(action, Action::Type(_) | Action::Lines(_) | Action::Edit(_) | Action::Example(_) | Action::Apply)
            || matches!(action, Action::EndInput | Action::CloseFile(_))
            || matches!(action, Action::Desk(deed) if deed.writes());
        let acts = matches!(action, Action::Run(_) | Action::Interrupt | Action::Reset);
        match self.around.parameters.mode {
            Mode::Free => true,
            Mode::Guided => !typed,
            Mode::ReadOnly => !typed && !acts,
        }
    }

    /// Tells the page around that this one is there.
    pub(super) fn greet(&mut self) {
        self.around.told_events = self.sandbox.session().world.store.log.len();
        self.around.told_acts = self.sandbox.acts().len();
        if let Some(host) = &self.around.host {
            host.announce(&Word::Ready);
        }
    }

    /// Tells the page around that something it asked for cannot be done.
    pub(super) fn complain(&self, code: &'static str, about: &str) {
        if let Some(host) = &self.around.host {
            host.say(&Word::Error(code, about.to_owned()));
        }
    }

    /// Does what the page around asks for.
    pub(super) fn hear(&mut self, request: Request) {
        match request {
            Request::Hello => {}
            Request::Get => self.tell_state(),
            Request::Load(fragment) => {
                if !self.load_link(&fragment) {
                    self.complain("bad-link", "link");
                }
            }
            Request::Run(_) if self.around.parameters.mode == Mode::ReadOnly => self.complain("not-allowed", "run"),
            Request::Run(line) => {
                self.perform(Action::Run(crate::state::command::Command::new(line)));
                self.store_soon();
            }
            Request::Seek(at_ms) => {
                self.playback.set_playing(false);
                self.sandbox.go_to_ms(at_ms);
                // What lies beyond the newest moment has yet to happen.
                let deadline = now() + SEEK_MS_MAX;
                self.sandbox.advance_to(at_ms.max(self.sandbox.now_ms()), || now() < deadline);
                self.arrive();
            }
            Request::Play => self.playback.set_playing(true),
            Request::Pause => self.playback.set_playing(false),
            Request::Look(language, theme) => {
                if let Some(theme) = theme {
                    self.theme = theme;
                    theme.show();
                }
                if let Some(language) = language {
                    self.load_language(language);
                }
            }
        }
    }

    /// Tells the page around the state of the session.
    pub(super) fn tell_state(&self) {
        if let Some(host) = self.around.host.as_ref().filter(|host| host.listens()) {
            host.say(&Word::State(link::fragment(&write(&self.saved(true))), self.sandbox.now_ms()));
        }
    }

    /// Tells the page around what has been done and what has changed since it was told last.
    pub(super) fn tell_news(&mut self) {
        self.tell_goals();
        let Some(host) = &self.around.host else {
            return;
        };
        let acts = self.sandbox.acts();
        let done = self.sandbox.done().min(acts.len());
        for entry in acts.get(self.around.told_acts..done).unwrap_or_default() {
            if let Act::Run { line, .. } = &entry.act {
                host.say(&Word::Command(line.clone(), entry.at_ms));
            }
        }
        self.around.told_acts = done;
        let log = &self.sandbox.session().world.store.log;
        let new = log.len().saturating_sub(self.around.told_events);
        let left_out = new.saturating_sub(EVENTS_MAX);
        for (index, event) in log.since(log.len() - (new - left_out)).enumerate() {
            let meta = &event.object.meta;
            host.say(&Word::Event {
                verb: event.verb.as_str(),
                kind: event.object.kind().name(),
                namespace: meta.namespace.to_string(),
                name: meta.name.to_string(),
                at_ms: event.at_ms,
                left_out: if index == 0 { left_out } else { 0 },
            });
        }
        self.around.told_events = log.len();
    }

    /// Tells the page around how far the lesson is.
    fn tell_goals(&mut self) {
        if let (Some(host), Some(open)) = (&self.around.host, &self.room.open) {
            let (name, done) = (open.loaded.name.clone(), open.done());
            let now = Some((name.clone(), done));
            if now != self.around.told_goals {
                host.say(&Word::Goal(name, done, open.visits.len()));
                self.around.told_goals = now;
            }
        }
    }

    /// Tells the page around how tall the content is, where its frame is to follow.
    pub(super) fn tell_height(&mut self) {
        if let Some(host) = self.around.host.as_ref().filter(|_| self.around.parameters.grows) {
            let height = visit::height_of(".page");
            if height != self.around.told_height {
                self.around.told_height = height;
                host.announce(&Word::Height(height));
            }
        }
    }
}
