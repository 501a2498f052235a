//! How a session leaves the page and comes back: links, files, what the browser keeps, and the way back from each.
//! It must not know how any of them is written or shown.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use statefulset_engine::settings::Settings;

use super::{Action, App};
use crate::browser::frames::now;
use crate::browser::theme::Theme;
use crate::browser::{files, panic, visit};
use crate::chrome::notice::Notice;
use crate::chrome::panes::Pane;
use crate::editor::desk::Desk;
use crate::keep::Found;
use crate::lesson::classroom::Shown;
use crate::locale::{self, Language, tr};
use crate::share::dialog::{self, Shared};
use crate::share::link::{self, Damage};
use crate::share::read::{Trouble, TroubleKind, is_script, read};
use crate::share::replay::{deeds, replay};
use crate::share::saved::{File, Saved};
use crate::share::write::write;
use crate::share::{kubectl, picture};
use crate::stage::scene::Scene;
use crate::state::examples::EXAMPLES;
use crate::state::sandbox::Sandbox;

/// How long a session may take to be done again, in milliseconds of the browser's clock.
const REPLAY_MS_MAX: f64 = 8_000.0;
/// How long after something was done the session is kept.
const PAUSE_MS: u32 = 300;
/// Pictures in a strip: what fits on a few pages.
const FRAMES_MAX: usize = 16;

/// Something about keeping a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// A file was opened.
    Open {
        /// Its name.
        name: String,
        /// Its text.
        text: String,
    },
    /// What was offered is wanted: what could be read of a link, or the session that broke the page.
    Offered,
    /// Everything is to be cleared.
    StartOver,
    /// Back to the session before.
    Undo,
    /// The notice was read.
    Dismiss,
    /// The browser is to keep the session.
    Store,
    /// A new version of the page waits.
    NewVersion,
    /// It is wanted.
    Update,
}

/// A form in which a session is saved as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// Its text.
    Session,
    /// The stage as SVG.
    Svg,
    /// The stage as PNG.
    Png,
    /// The run in pictures.
    Strip,
}

impl App {
    /// What there is to the session. In a link time stands still: it shows a moment.
    pub(super) fn saved(&self, for_others: bool) -> Saved {
        let view = [
            ("theme", self.theme.name()),
            ("language", locale::current().tag()),
            ("pane", self.pane.name()),
            ("dock", self.dock.name()),
            ("time", if for_others || !self.playback.playing() { "paused" } else { "playing" }),
        ];
        let lesson = self.room.open.as_ref().filter(|_| self.room.shown == Shown::Lesson);
        let lesson = lesson.map(|open| [("lesson", open.loaded.name.clone()), ("step", open.left())]);
        let view = view.map(|(name, value)| (name, value.to_owned())).into_iter().chain(lesson.into_iter().flatten());
        Saved {
            sandbox: env!("CARGO_PKG_VERSION").to_owned(),
            start: self.around.start.clone(),
            seed: self.sandbox.session().world.settings.seed,
            acts: deeds(&self.sandbox),
            place: self.sandbox.place(),
            files: self.desk.files.all().iter().map(|file| File { name: file.name.to_string(), text: file.text.to_string() }).collect(),
            open: self.desk.files.open_index(),
            view: view.map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }

    /// Shows a session. Its acts are done again where `runs` says so; false where that took too long.
    fn show_saved(&mut self, saved: &Saved, runs: bool) -> bool {
        let deadline = now() + REPLAY_MS_MAX;
        let (sandbox, whole) = if runs {
            replay(saved, || now() < deadline)
        } else {
            (Sandbox::new(Settings { seed: saved.seed, ..Settings::default() }), true)
        };
        self.renew(sandbox);
        self.around.start = if runs { saved.start.clone() } else { String::new() };
        self.desk.files.set(saved.files.iter().map(|file| (file.name.as_str(), file.text.as_str())), saved.open);
        // The tabs are as they were left, whatever the terminal had been given until then.
        self.desk.follow(self.sandbox.session(), false);
        let lesson = saved.view("lesson").filter(|_| runs).map(str::to_owned);
        let room = Rc::make_mut(&mut self.room);
        (room.open, room.shown) = (None, Shown::Closed);
        room.resume = lesson.as_ref().map(|_| saved.view("step").unwrap_or_default().to_owned());
        if let Some(name) = lesson {
            self.fetch_lesson(name, false);
        }
        let pane = |name: &str| saved.view(name).and_then(|value| Pane::ALL.into_iter().find(|pane| pane.name() == value));
        self.pane = pane("pane").unwrap_or(self.pane);
        self.dock = pane("dock").filter(|dock| matches!(dock, Pane::Terminal | Pane::Names)).unwrap_or(self.dock);
        // What the address asks for comes before what was kept.
        let asked = &self.around.parameters;
        let (theme_asked, language_asked) = (asked.theme.is_some(), asked.language.is_some());
        if let Some(theme) =
            saved.view("theme").filter(|_| !theme_asked).and_then(|name| Theme::ALL.into_iter().find(|theme| theme.name() == name))
        {
            // Shown, and not kept: it is the session's choice.
            self.theme = theme;
            theme.show();
        }
        let language = saved.view("language").and_then(Language::of_tag).filter(|_| !language_asked);
        if let Some(language) = language.filter(|language| *language != locale::current()) {
            self.load_language(language);
        }
        if let Some(time) = saved.view("time") {
            self.playback.set_playing(time != "paused");
        }
        whole
    }

    /// What the page begins with: what its address carries, or what the browser kept.
    pub(super) fn begin(&mut self, fragment: &str) {
        self.begin_with(fragment);
        let open = self.room.resume.is_some();
        if let Some(lesson) = self.around.parameters.lesson.clone().filter(|_| !open) {
            self.fetch_lesson(lesson, true);
        }
    }

    fn begin_with(&mut self, fragment: &str) {
        if let Some((text, damage)) = link::text(fragment) {
            visit::forget_fragment();
            self.around.before = self.around.keep.find().map(|found| found.text.into());
            match damage {
                None => self.open_session(&text),
                Some(damage) => self.offer(text, damage),
            }
            return;
        }
        if let Some(Found { text, broke }) = self.around.keep.find() {
            let (saved, troubles) = read(&text);
            if troubles.iter().any(|trouble| trouble.kind == TroubleKind::Newer) {
                self.around.keep.put_aside(&text);
            }
            let whole = self.show_saved(&saved, !broke);
            if broke {
                self.around.offered = Some(text.into());
                self.around.notice = Some(Notice::Broke);
            } else if !whole {
                self.around.notice = Some(Notice::TooLong);
            }
        }
    }

    /// Offers what could be read of a damaged link.
    fn offer(&mut self, text: String, damage: Damage) {
        let (saved, _) = read(&text);
        let something = !saved.acts.is_empty() || !saved.files.is_empty();
        self.around.offered = something.then(|| text.into());
        self.around.notice = Some(Notice::Damaged(damage, something));
    }

    /// Shows the session of a text in the place of the person's own.
    fn open_session(&mut self, text: &str) {
        let (saved, troubles) = read(text);
        let whole = self.show_saved(&saved, true);
        self.around.notice = Some(match troubles.as_slice() {
            _ if !whole => Notice::TooLong,
            [] => Notice::Opened,
            [Trouble { line, kind }, ..] => Notice::OpenedInPart(troubles.len(), *line, kind.name()),
        });
    }

    /// Takes the session that a link carries, from the page around; false where it is none, or damaged.
    pub(super) fn load_link(&mut self, fragment: &str) -> bool {
        match link::text(fragment) {
            Some((text, None)) => {
                self.open_session(&text);
                self.around.notice = None;
                true
            }
            _ => false,
        }
    }

    /// Does what is asked about keeping; true where the page may look different afterwards.
    pub(super) fn keep(&mut self, keeping: Keeping) -> bool {
        match keeping {
            Keeping::Store => {
                self.store();
                return self.around.notice == Some(Notice::Full);
            }
            Keeping::Open { name, text } => {
                if is_script(&text) {
                    self.around.before = Some(write(&self.saved(false)).into());
                    self.open_session(&text);
                } else {
                    self.desk.files.put(&name, &text);
                    self.pane = Pane::Editor;
                }
            }
            Keeping::Offered => {
                if let Some(text) = self.around.offered.take() {
                    self.open_session(&text);
                }
            }
            Keeping::StartOver => {
                self.around.before = Some(write(&self.saved(false)).into());
                self.start_over();
                self.around.notice = Some(Notice::StartedOver);
            }
            Keeping::Undo => {
                if let Some(text) = self.around.before.take() {
                    self.show_saved(&read(&text).0, true);
                }
                self.around.notice = None;
            }
            Keeping::Dismiss => self.around.notice = None,
            Keeping::NewVersion => self.around.notice = Some(Notice::Update),
            Keeping::Update => {
                self.store();
                visit::tell_worker();
            }
        }
        self.store_soon();
        true
    }

    /// Everything as on the first visit.
    fn start_over(&mut self) {
        self.renew(Sandbox::new(Settings::default()));
        let example = &EXAMPLES[0];
        self.desk = Desk::new(&example.file(), example.text);
        (self.pane, self.dock) = (Pane::Stage, Pane::Terminal);
    }

    /// A fresh cluster, with a way back.
    pub(super) fn reset(&mut self) {
        self.leave_for(Notice::Fresh);
        self.renew(Sandbox::new(Settings::default()));
    }

    /// Another cluster takes the place of this one: where anything was done in it, there is a way back.
    pub(super) fn leave_for(&mut self, notice: Notice) {
        if !self.sandbox.acts().is_empty() {
            self.around.before = Some(write(&self.saved(false)).into());
            self.around.notice = Some(notice);
        }
    }

    /// Has the session kept in a moment, once for much that is done at once.
    pub(super) fn store_soon(&mut self) {
        if self.around.storing.is_none() {
            let dispatch = self.dispatch.clone();
            self.around.storing = Some(Timeout::new(PAUSE_MS, move || dispatch.emit(Action::Keep(Keeping::Store))));
        }
    }

    /// Keeps the session, and has it at hand for the case that the page breaks.
    fn store(&mut self) {
        self.around.storing = None;
        let text = write(&self.saved(false));
        if self.around.keep.store(&text) {
            self.around.notice = Some(Notice::Full);
        }
        panic::remember(text, self.around.keep.names());
        self.tell_state();
    }

    /// Opens the dialog with everything that there is to hand out.
    pub(super) fn share(&mut self) {
        self.around.shared = Rc::new(self.shared());
        dialog::open();
    }

    fn shared(&self) -> Shared {
        let saved = self.saved(true);
        let fragment = link::fragment(&write(&saved));
        let address = visit::address();
        let folder = &address[..address.rfind('/').map_or(0, |slash| slash + 1)];
        let notes = [tr("share.script-note", &[]), tr("share.script-how", &[])];
        Shared {
            link: format!("{address}#{fragment}"),
            letters: fragment.len(),
            embed: format!(
                "<script defer src=\"{folder}embed.js\"></script>\n<statefulset-sandbox state=\"{fragment}\"></statefulset-sandbox>\n"
            ),
            kubectl: kubectl::script(&saved, &notes),
        }
    }

    /// The address that shows the same in the whole page.
    pub(super) fn whole_address(&self) -> String {
        format!("{}#{}", visit::address(), link::fragment(&write(&self.saved(true))))
    }

    /// Saves the session in some form as a file.
    pub(super) fn export(&self, export: Export) {
        let colours = if self.theme.dark() { &picture::DARK } else { &picture::LIGHT };
        let stage = || picture::svg(&self.scene, colours, &picture_title(self.sandbox.now_ms()), &crate::why::banner::words(&self.why));
        match export {
            Export::Session => files::save("statefulset-sandbox.txt", "text/plain", &write(&self.saved(true))),
            Export::Svg => files::save("statefulset-stage.svg", "image/svg+xml", &stage()),
            Export::Png => files::save_png("statefulset-stage.png", &stage()),
            Export::Strip => files::save("statefulset-run.svg", "image/svg+xml", &picture::strip(&self.frames(), &picture::LIGHT)),
        }
    }

    /// The run in pictures, up to the moment that is looked at: what it stopped at, evenly chosen where that is much.
    fn frames(&self) -> Vec<(Scene, String, String)> {
        let deadline = now() + REPLAY_MS_MAX;
        let (mut again, _) = replay(&self.saved(true), || now() < deadline);
        let here = again.place();
        let mut stops: Vec<_> = again.record().stops.iter().copied().filter(|stop| *stop <= here).collect();
        // Of what happened in one moment, the last is what was seen.
        stops.dedup_by(|later, earlier| {
            let same = later.at_ms == earlier.at_ms;
            if same {
                *earlier = *later;
            }
            same
        });
        let every = stops.len().div_ceil(FRAMES_MAX).max(1);
        let last = stops.len().saturating_sub(1);
        let chosen = stops.into_iter().enumerate().filter(|(index, _)| index % every == 0 || *index == last).map(|(_, stop)| stop);
        let mut frames: Vec<(Scene, String, String)> = Vec::new();
        for stop in chosen {
            again.go_to(stop);
            let session = again.session();
            let (world, current) = (&session.world, &session.terminal.namespace);
            let scene = Scene::of(world, again.history(), current);
            let why = crate::why::choose::choose(&world.decisions, &world.store, current, None);
            if frames.last().is_none_or(|(before, _, _)| *before != scene) {
                frames.push((scene, picture_title(stop.at_ms), crate::why::banner::words(&why)));
            }
        }
        frames
    }
}

fn picture_title(at_ms: u64) -> String {
    tr("share.moment", &[("time", &crate::timeline::clock::time_of(at_ms))])
}
