//! What the editor holds beside the cluster: the files, what was found in the open one, and the other two views of it.
//! It must not know the DOM.

use std::cell::RefCell;
use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::Uid;
use statefulset_engine::assist::{self, Known};
use statefulset_engine::cluster::World;
use statefulset_engine::manifest::{self, Severity};
use statefulset_engine::review::{LiveLine, Plan, Reviewer, Surroundings, live_lines, plan};
use statefulset_engine::session::Session;
use statefulset_engine::texts::{DESCRIPTIONS, State};

use super::findings::Findings;
use crate::browser::frames::now;
use crate::state::files::{File, Files};

/// How long one look may take before the page gets its turn again, in milliseconds.
const LOOK_MS_MAX: f64 = 8.0;
/// Objects of a text whose live state is shown.
const LIVE_MAX: usize = 20;

/// Which view of the manifest is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// What the person wrote.
    #[default]
    Written,
    /// What the cluster has of it.
    Live,
    /// What Apply would change.
    Changes,
}

/// Something that a person does in the editor beside typing.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Opens a tab.
    Open(usize),
    /// A new file.
    New,
    /// Another name for a file.
    Rename(usize, String),
    /// Deletes a file.
    Delete(usize),
    /// Brings back the file that was deleted last.
    Restore,
    /// A file was dropped or chosen: name and text.
    Receive(String, String),
    /// Another view.
    Show(View),
    /// The text is to be looked at, or looked at further.
    Look,
    /// The usual form for the text.
    Format,
    /// The cursor rests at this byte.
    Rest(usize),
}

impl Deed {
    /// Whether it changes a file.
    pub fn writes(&self) -> bool {
        !matches!(self, Self::Open(_) | Self::Show(_) | Self::Look | Self::Rest(_))
    }
}

/// A live object of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveObject {
    /// `StatefulSet/web`.
    pub name: String,
    /// Its lines; empty where the cluster has no such object.
    pub lines: Vec<LiveLine>,
}

/// What the code editor asks while a person types. It is shared with its callbacks, which must answer at once.
#[derive(Default)]
pub struct Help {
    text: RefCell<Rc<str>>,
    known: RefCell<Known>,
}

impl PartialEq for Help {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Help {
    /// The text that the callbacks are asked about.
    pub(super) fn text(&self) -> Rc<str> {
        self.text.borrow().clone()
    }

    /// The names that exist in the cluster.
    pub(super) fn known(&self) -> Known {
        self.known.borrow().clone()
    }
}

/// A file that a command has open, as `kubectl edit` does: it has a tab beside the person's files until it is saved or given up.
struct Visitor {
    file: File,
    /// Whether its tab is the open one.
    shown: bool,
}

/// The editor's memory.
pub struct Desk {
    /// The files.
    pub files: Files,
    visitor: Option<Visitor>,
    /// How often a command has opened a file.
    pub(super) calls: u32,
    /// Which view is shown.
    view: View,
    /// What the code editor asks.
    pub help: Rc<Help>,
    /// What was found in the text that was looked at last.
    pub(super) findings: Rc<Findings>,
    /// Whether a look is under way that is not finished; it changes with every turn of it.
    pending: u32,
    /// The live objects, if that view was looked at.
    pub(super) live: Rc<Vec<LiveObject>>,
    /// What Apply would do, if that view was looked at.
    pub(super) plan: Rc<Plan>,
    /// What stands under the cursor.
    pub(super) under_cursor: Option<Rc<assist::Hover>>,
    cursor: usize,
    reviewer: Reviewer,
    /// The text whose look is under way.
    reading: Option<Rc<str>>,
    /// The text that was looked at last.
    read: Option<Rc<str>>,
    /// What the plan was made of: the text, and what of the cluster it depends on.
    tried: Option<(Rc<str>, Ground)>,
}

impl Desk {
    /// A desk with one file.
    pub fn new(name: &str, text: &str) -> Self {
        Self {
            files: Files::new(name, text),
            visitor: None,
            calls: 0,
            view: View::default(),
            help: Rc::default(),
            findings: Rc::default(),
            pending: 0,
            live: Rc::default(),
            plan: Rc::default(),
            under_cursor: None,
            cursor: 0,
            reviewer: Reviewer::default(),
            reading: None,
            read: None,
            tried: None,
        }
    }

    /// Changes with every turn of a look that is not finished; 0 where none is under way.
    pub fn pending(&self) -> u32 {
        self.pending
    }

    /// Whether the text in the open tab was not looked at to its end yet.
    pub fn is_unread(&self) -> bool {
        !self.read.as_ref().is_some_and(|read| Rc::ptr_eq(read, &self.text()))
    }

    /// The text in the open tab.
    pub fn text(&self) -> Rc<str> {
        let visitor = self.visitor.as_ref().filter(|visitor| visitor.shown);
        visitor.map_or_else(|| self.files.open().text.clone(), |visitor| visitor.file.text.clone())
    }

    /// The person has changed the text in the open tab.
    pub fn edit(&mut self, text: Rc<str>) {
        match self.visitor.as_mut().filter(|visitor| visitor.shown) {
            Some(visitor) => visitor.file.text = text,
            None => self.files.edit(text),
        }
        *self.help.text.borrow_mut() = self.text();
    }

    /// A gesture has changed the person's open file, whichever tab is open.
    pub fn edit_own(&mut self, text: Rc<str>) {
        self.files.edit(text);
        *self.help.text.borrow_mut() = self.text();
    }

    /// A command has opened a file, or closed it.
    pub fn visit(&mut self, file: Option<File>) {
        self.calls += u32::from(file.is_some());
        self.visitor = file.map(|file| Visitor { file, shown: true });
        *self.help.text.borrow_mut() = self.text();
    }

    /// Whether the open tab is that of a command's file.
    pub fn visits(&self) -> bool {
        self.visitor.as_ref().is_some_and(|visitor| visitor.shown)
    }

    /// The files in tabs, a command's last, and which tab is open.
    pub fn tabs(&self) -> (Rc<[File]>, usize) {
        let files = self.files.all().iter().chain(self.visitor.as_ref().map(|visitor| &visitor.file));
        let open = if self.visits() { self.files.all().len() } else { self.files.open_index() };
        (files.cloned().collect(), open)
    }

    /// Which view is shown; a command's file has one.
    pub(super) fn shown_view(&self) -> View {
        if self.visits() { View::Written } else { self.view }
    }

    /// Looks at the terminal's files: see [`Files::look`].
    pub fn follow(&mut self, session: &Session, take: bool) {
        self.files.look(&session.terminal.files, take);
        *self.help.text.borrow_mut() = self.text();
    }

    /// Does what a deed asks of the desk itself; true where something looks different afterwards.
    pub fn perform(&mut self, deed: Deed, session: &Session) -> bool {
        let own = match deed {
            Deed::Open(index) => Some(index < self.files.all().len()),
            Deed::New | Deed::Receive(..) | Deed::Restore => Some(true),
            _ => None,
        };
        if let (Some(own), Some(visitor)) = (own, &mut self.visitor) {
            visitor.shown = !own;
        }
        match deed {
            Deed::Open(index) => self.files.choose(index),
            Deed::New => self.files.add(),
            Deed::Receive(name, text) => self.files.put(&name, &text),
            Deed::Restore => self.files.restore(),
            Deed::Show(view) => {
                self.view = view;
                self.look_at_view(session);
            }
            Deed::Look => return self.look(session),
            Deed::Format => match assist::format(&self.text()) {
                Some(text) => self.edit(text.into()),
                None => return false,
            },
            Deed::Rest(byte) => {
                if DESCRIPTIONS.state() == State::Absent {
                    DESCRIPTIONS.want();
                }
                self.cursor = byte;
                return self.look_at_cursor();
            }
            // These are commands, too: the app runs them.
            Deed::Rename(..) | Deed::Delete(_) => {}
        }
        *self.help.text.borrow_mut() = self.text();
        true
    }

    /// What stands under the cursor; true where that is something else than before.
    pub fn look_at_cursor(&mut self) -> bool {
        let found = assist::hover(&self.text(), self.cursor).map(Rc::new);
        let changed = found != self.under_cursor;
        self.under_cursor = found;
        changed
    }

    /// Looks at the text, for a while; true where something looks different afterwards.
    fn look(&mut self, session: &Session) -> bool {
        let text = self.text();
        let world = &session.world;
        let around = Surroundings { store: &world.store, namespace: &session.terminal.namespace, epoch: world.settings.epoch };
        if !self.reading.as_ref().is_some_and(|reading| Rc::ptr_eq(reading, &text)) {
            self.reviewer.start();
            self.reading = Some(text.clone());
        }
        let begun = now();
        let found = self.reviewer.go_on(&text, Some(around), || now() - begun < LOOK_MS_MAX);
        let Some(problems) = found else {
            self.pending = self.pending.wrapping_add(1).max(1);
            return true;
        };
        self.reading = None;
        self.read = Some(text.clone());
        // What the API server writes into an object is no matter for hints.
        let visits = self.visits();
        let problems: Vec<_> = problems.into_iter().filter(|problem| !visits || problem.severity == Severity::Error).collect();
        let findings = Findings::of(&text, &problems);
        let changed = findings != *self.findings || self.pending != 0;
        self.pending = 0;
        if changed {
            self.findings = Rc::new(findings);
        }
        *self.help.known.borrow_mut() = known(world);
        self.look_at_view(session) || changed
    }

    /// Brings the view that is shown up to date; true where it looks different afterwards.
    fn look_at_view(&mut self, session: &Session) -> bool {
        match self.shown_view() {
            View::Written => false,
            View::Live => {
                let live = live_objects(&self.text(), session);
                let changed = live != *self.live;
                if changed {
                    self.live = Rc::new(live);
                }
                changed
            }
            View::Changes => {
                // Trying it out is work: only where something else can come of it.
                let basis = (self.text(), ground(&session.world));
                if self.tried.as_ref() == Some(&basis) {
                    return false;
                }
                self.tried = Some(basis);
                let plan = plan(&session.world, &session.terminal, &self.files.open().name, &self.text());
                let changed = plan != *self.plan;
                if changed {
                    self.plan = Rc::new(plan);
                }
                changed
            }
        }
    }
}

/// What of a cluster decides about the pods of sets: which sets, pods, classes and nodes there are, in which generation.
type Ground = Vec<(Uid, i64)>;

/// The ground of a cluster.
fn ground(world: &World) -> Ground {
    let kinds = [Kind::StatefulSet, Kind::Pod, Kind::Service, Kind::StorageClass, Kind::Node];
    let objects = kinds.into_iter().flat_map(|kind| world.store.all(kind));
    objects.map(|object| (object.meta.uid, object.meta.generation)).collect()
}

/// The names in the cluster that a manifest can refer to.
fn known(world: &World) -> Known {
    let names = |kind| -> Vec<String> {
        let mut names: Vec<String> = world.store.all(kind).map(|object| object.meta.name.to_string()).collect();
        names.dedup();
        names
    };
    Known { classes: names(Kind::StorageClass), services: names(Kind::Service), namespaces: names(Kind::Namespace) }
}

/// The objects of a text as the cluster has them.
fn live_objects(text: &str, session: &Session) -> Vec<LiveObject> {
    let manifest = manifest::parse(text);
    let mut out = Vec::new();
    for document in manifest.documents.iter().take(LIVE_MAX) {
        let (Some(kind), Some(name)) = (document.kind.as_deref(), document.name.as_deref()) else {
            continue;
        };
        let live = Kind::by_name(kind).and_then(|kind| {
            let namespace = document.namespace.as_deref().unwrap_or(&session.terminal.namespace);
            session.world.store.find(kind, if kind.namespaced() { namespace } else { "" }, name)
        });
        let lines = live.map_or_else(Vec::new, |live| live_lines(&live.to_value(session.world.settings.epoch), &document.value));
        out.push(LiveObject { name: format!("{kind}/{name}"), lines });
    }
    out
}
