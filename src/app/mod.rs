//! The root component: owns the sandbox and the pace of playback, takes every action of the page, and hands out what the
//! panels show. It must not know how a panel looks.

mod action;
mod around;
mod editing;
mod frame;
mod keeping;
mod lessons;
mod opening;
mod playback;
mod terminal;
mod travel;

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use statefulset_engine::api::object::Key;
use statefulset_engine::api::time::Ms;
use statefulset_engine::session::JobId;
use statefulset_engine::session::terminal::OpenFile;
use yew::prelude::*;

pub use action::{Action, Ask};
use around::Around;
pub use around::Visit;
pub use keeping::{Export, Keeping};
pub use opening::Made;
use opening::Opening;
use playback::Playback;

use crate::browser::focus::Focus;
use crate::browser::theme::Theme;
use crate::browser::{language, panic, tempo, texts, visit};
use crate::chrome::panes::Pane;
use crate::compare::{Comparer, Comparison};
use crate::editor::desk::{Deed, Desk};
use crate::inspector::sheet::{Sheet, inspect};
use crate::lesson::classroom::Classroom;
use crate::locale::Language;
use crate::resolver::lookup::{self, Lookup};
use crate::stage::View;
use crate::stage::scene::{Scene, Scenes};
use crate::state::command::Command;
use crate::state::examples::EXAMPLES;
use crate::state::jobs::JobViews;
use crate::state::news::Reporter;
use crate::state::recall::Recall;
use crate::state::sandbox::Sandbox;
use crate::timeline::Travel;
use crate::timeline::film::Film;
use crate::timeline::keys;
use crate::why::choose::{self, Why};

/// How the page starts.
#[derive(Clone, Debug, Default, PartialEq, Properties)]
pub struct AppProps {
    /// Whether time stands still at first: tests move it themselves, with [`Action::Advance`].
    #[prop_or_default]
    pub paused: bool,
    /// Where it was opened; a test is on nobody's visit, and nothing is kept.
    #[prop_or_default]
    pub visit: Visit,
    /// What to begin with, where it is made already.
    #[prop_or_default]
    pub made: Made,
}

/// The page.
pub struct App {
    sandbox: Sandbox,
    playback: Playback,
    opening: Opening,
    dispatch: Callback<Action>,
    desk: Desk,
    scene: Rc<Scene>,
    scenes: Scenes,
    /// The object that is told about; it may be gone by now.
    chosen: Option<Key>,
    /// What is told about it.
    sheet: Option<Rc<Sheet>>,
    comparison: Option<Rc<Comparison>>,
    comparer: Comparer,
    why: Rc<Why>,
    jobs: JobViews,
    film: Rc<Film>,
    filmed: f64,
    applied: Option<JobId>,
    foreground: Option<JobId>,
    /// Lines typed into the terminal of a command that goes on.
    unfinished: String,
    lookups: Rc<[Rc<Lookup>]>,
    /// The pods that can ask for names.
    askers: Rc<[String]>,
    /// The revision of the cluster that those are of.
    asked: Option<u64>,
    reporter: Reporter,
    news: Rc<str>,
    seen_revision: u64,
    seen_decisions: usize,
    seen_silent: usize,
    seen_ms: Ms,
    theme: Theme,
    pane: Pane,
    /// The open tab of the dock.
    dock: Pane,
    language_changed: bool,
    focus: Focus,
    /// Keys that work anywhere on the page.
    _keys: Option<EventListener>,
    /// The lines that were typed.
    recall: Recall,
    /// The command whose output was copied last, and whether that was allowed.
    copied: Option<(usize, bool)>,
    /// How often the terminal was to take the focus back.
    calls: u32,
    /// The file that a command has open in the editor.
    open: Option<OpenFile>,
    view: View,
    around: Around,
    /// The lesson panel.
    room: Rc<Classroom>,
    /// When an author's files are looked at again.
    rereading: Option<Timeout>,
    /// While a pointer passes over moments: when it rests.
    passing: Option<Timeout>,
}

impl Component for App {
    type Message = Action;
    type Properties = AppProps;

    fn create(context: &Context<Self>) -> Self {
        let dispatch = context.link().callback(|action| action);
        let (sandbox, desk) = context.props().made.take();
        let mut reporter = Reporter::default();
        reporter.skip(&sandbox.session().world.store);
        let around = Around::new(&context.props().visit, &dispatch);
        let theme = around.parameters.theme.unwrap_or_else(Theme::stored);
        theme.show();
        let mut app = Self {
            playback: Playback::new(dispatch.clone(), !context.props().paused),
            opening: Opening::new(context.props().visit.real),
            scene: Rc::new(Scene::default()),
            scenes: Scenes::default(),
            chosen: None,
            sheet: None,
            comparison: None,
            comparer: Comparer::default(),
            why: Rc::new(Why::default()),
            jobs: JobViews::default(),
            film: Rc::default(),
            filmed: 0.0,
            applied: None,
            foreground: None,
            unfinished: String::new(),
            lookups: Rc::new([]),
            askers: Rc::new([]),
            asked: None,
            desk,
            reporter,
            news: "".into(),
            seen_revision: u64::MAX,
            seen_decisions: usize::MAX,
            seen_silent: 0,
            seen_ms: 0,
            theme,
            pane: Pane::Stage,
            dock: Pane::Terminal,
            language_changed: false,
            focus: Focus::default(),
            _keys: keys::listen(dispatch.clone()),
            recall: terminal::recall(),
            copied: None,
            calls: 0,
            open: None,
            view: View::default(),
            around,
            room: Rc::new(Classroom::stored()),
            rereading: None,
            passing: None,
            sandbox,
            dispatch,
        };
        if context.props().visit.real {
            app.begin(&context.props().visit.fragment);
            app.look_first();
        }
        app.refresh();
        app.greet();
        app
    }

    fn update(&mut self, _: &Context<Self>, action: Action) -> bool {
        if !self.may(&action) {
            return false;
        }
        let changes = action.changes();
        let goes_on = action.goes_on();
        let rests = !matches!(action, Action::Travel(Travel::Past(_))) && self.rest();
        let render = self.perform(action) || rests;
        while self.take_back_input() {}
        if changes {
            self.store_soon();
            self.tell_what_is_kept();
        }
        if render {
            self.focus.note();
            self.refresh();
            self.tell_news();
            self.desk.follow(self.sandbox.session(), goes_on);
        }
        let dispatch = self.dispatch.clone();
        texts::fetch_wanted(move || dispatch.emit(Action::Texts));
        self.playback.keep_going(self.sandbox.next_ms().is_some());
        render
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if std::mem::take(&mut self.language_changed) {
            // The page was drawn anew, and with it the control that had the focus.
            language::focus_switch();
        }
        self.focus.mend();
        self.tell_height();
        self.draw_next();
    }

    fn view(&self, _: &Context<Self>) -> Html {
        self.page()
    }
}

impl App {
    /// Does what an action asks; true where the page may look different afterwards.
    fn perform(&mut self, action: Action) -> bool {
        match action {
            Action::Edit(text) => {
                panic::note(&self.desk.files.open().name, &text);
                self.desk.edit(text);
            }
            Action::Desk(deed) => return self.perform_at_desk(deed),
            Action::Example(index) => {
                if let Some(example) = EXAMPLES.get(index) {
                    self.desk.perform(Deed::Receive(example.file(), example.text.to_owned()), self.sandbox.session());
                    self.applied = None;
                }
            }
            Action::Apply if self.desk.visits() => self.close_file(Some(self.desk.text())),
            Action::Apply => {
                let file = self.desk.files.open();
                let command = Command::apply(&file.name, &file.text);
                self.applied = self.run(command, false);
                self.pane = if self.applied_failed() { self.pane } else { Pane::Stage };
            }
            Action::Run(command) => self.gesture(command),
            Action::Type(line) => self.type_line(line),
            Action::Lines(lines) => lines.into_iter().for_each(|line| self.type_line(line)),
            Action::Interrupt => self.interrupt(),
            Action::EndInput => self.end_input(),
            Action::Clear => self.jobs.clear(self.sandbox.session()),
            Action::Complete(ask) => {
                self.complete(&ask);
                return false;
            }
            Action::Copy(id) => self.copy(id),
            Action::Copied(id, done) => self.copied = Some((id, done)),
            Action::CloseFile(saved) => self.close_file(saved),
            Action::Resolve(query) => {
                let id = self.lookups.first().map_or(0, |newest| newest.id + 1);
                let session = self.sandbox.session();
                let lookup = Lookup::ask(&session.world, &session.terminal.namespace, id, query);
                self.lookups = std::iter::once(Rc::new(lookup)).chain(self.lookups.iter().take(Lookup::KEPT_MAX - 1).cloned()).collect();
            }
            Action::Play => self.playback.set_playing(true),
            Action::Pause => self.playback.set_playing(false),
            Action::Step => {
                self.playback.set_playing(false);
                self.sandbox.step();
            }
            Action::StepBack => {
                self.playback.hold();
                self.sandbox.step_back();
                self.arrive();
            }
            Action::Travel(travel) => return self.travel(travel),
            Action::Speed(speed) => {
                self.playback.set_speed(speed);
                tempo::show(speed.tempo_ms());
            }
            Action::Reset => self.reset(),
            Action::Advance(by_ms) => {
                let at_ms = self.sandbox.now_ms().saturating_add(by_ms);
                self.sandbox.advance_to(at_ms, || true);
            }
            // Whoever waits for the texts looks again; no time goes by.
            Action::Texts => {
                self.desk.look_at_cursor();
                self.sandbox.look_again();
            }
            Action::Draw => self.opening.go_on(),
            Action::Frame(at) => return self.playback.frame(&mut self.sandbox, at),
            Action::Select(key) => {
                if self.chosen == key {
                    return false;
                }
                self.chosen = key;
                self.seen_decisions = usize::MAX;
            }
            Action::Theme(theme) => {
                self.theme = theme;
                theme.store();
                theme.show();
            }
            Action::Pane(pane) => {
                self.pane = pane;
                if matches!(pane, Pane::Terminal | Pane::Names) {
                    self.dock = pane;
                }
            }
            Action::Dock(pane) => self.dock = pane,
            Action::Language(language) => {
                language::store(language);
                self.load_language(language);
                return false;
            }
            Action::View(view) => self.view = view,
            Action::Share => self.share(),
            Action::Export(export) => self.export(export),
            Action::Keep(keeping) => return self.keep(keeping),
            Action::Host(request) => self.hear(request),
            Action::OpenInFull => visit::open(&self.whole_address()),
            Action::LanguageLoaded => {
                self.language_changed = true;
                self.lesson_language();
            }
            Action::Lesson(act) => return self.lesson(act),
        }
        true
    }

    fn load_language(&self, language: Language) {
        let dispatch = self.dispatch.clone();
        yew::platform::spawn_local(async move {
            language::load(language).await;
            dispatch.emit(Action::LanguageLoaded);
        });
    }

    /// Another sandbox takes the place of this one.
    fn renew(&mut self, sandbox: Sandbox) {
        self.sandbox = sandbox;
        self.around.start.clear();
        self.reporter = Reporter::default();
        self.jobs = JobViews::default();
        self.copied = None;
        self.film = Rc::default();
        self.lookups = Rc::new([]);
        self.chosen = None;
        self.applied = None;
        self.unfinished.clear();
        self.arrive();
    }

    /// Brings what the panels show up to the present of the sandbox.
    fn refresh(&mut self) {
        let session = self.sandbox.session();
        let (world, current) = (&session.world, &session.terminal.namespace);
        let revision = world.store.revision();
        let decisions = world.decisions.log().len();
        let changed = revision != self.seen_revision || decisions != self.seen_decisions;
        // A node that falls silent and a grace period that runs write nothing, and can be seen.
        let silent = world.settings.kubelet.nodes_down.len();
        let now_ms = world.now_ms();
        let ticks = now_ms < self.seen_ms || self.scene.until_ms.is_some_and(|until_ms| now_ms >= until_ms);
        let before = self.scene.clone();
        if changed || ticks || silent != self.seen_silent {
            self.scene = self.scenes.next(world, self.sandbox.history(), current);
            (self.seen_silent, self.seen_ms) = (silent, now_ms);
        }
        // Who can ask is a list of up to hundreds, which only those need who see it.
        let passes = self.passing.is_some();
        if self.dock == Pane::Names && !passes && (changed || self.asked != Some(revision)) {
            let askers = lookup::askers(world, current);
            if *askers != *self.askers {
                self.askers = askers.into();
            }
            self.asked = Some(revision);
        }
        if changed {
            let why = choose::choose(&world.decisions, &world.store, current, self.chosen.as_ref());
            if why != *self.why {
                self.why = Rc::new(why);
            }
            if !passes {
                let sheet = self.chosen.as_ref().map(|key| inspect(session, key));
                if sheet.as_ref() != self.sheet.as_deref() {
                    self.sheet = sheet.map(Rc::new);
                }
            }
            let news = self.reporter.report(&world.store);
            if !news.is_empty() {
                self.news = crate::chrome::live::sentences(&news).into();
            }
            (self.seen_revision, self.seen_decisions) = (revision, decisions);
        }
        if !passes {
            self.jobs.update(session);
        }
        self.judge();
        self.show_file();
        self.compare();
        self.expose(!Rc::ptr_eq(&before, &self.scene));
    }

    fn applied_failed(&self) -> bool {
        let job = self.applied.and_then(|id| self.sandbox.session().jobs().nth(id.0));
        job.is_some_and(|(_, job)| !job.streams.err.is_empty())
    }
}
