//! The world: object store, watch log, virtual clock, event queue, and the memory of its actors.
//!
//! A run is a pure function of the command log with its times, the seed, the settings and the engine's version: no wall
//! clock, no hash-map iteration, no floats in decisions, no randomness but named streams of the seed. It must not know
//! kubectl or the shell.

pub mod api_server;
pub mod commands;
pub mod core_dns;
pub mod decisions;
pub mod deletion;
pub mod disks;
pub mod fresh;
pub mod managed;
pub mod queue;
pub mod random;
pub mod recorder;
pub mod store;
pub mod trace;

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::Uid;
use crate::api::object::{Key, Object};
use crate::api::time::Ms;
use crate::controllers::{self, Controller, Memory};
use crate::dns::cache::Cache;
use crate::settings::Settings;
use crate::sorted::SortedMap;

use commands::CommandLog;
use decisions::Decisions;
use disks::Disks;
use queue::{Queue, Ticket};
use random::Random;
use recorder::Recorder;
use store::{Change, Store, Writer};

/// A cluster at one moment, and all that it needs to go on.
#[derive(Clone, Debug)]
pub struct World {
    /// What the run depends on besides its command log.
    pub settings: Settings,
    /// The objects and the log of their changes.
    pub store: Store,
    /// The streams of the seed.
    pub random: Random,
    /// Who said what about which object.
    pub recorder: Recorder,
    /// What controllers decided, and why.
    pub decisions: Decisions,
    /// The files on volumes and in containers.
    pub disks: Disks,
    /// What CoreDNS keeps.
    pub dns_cache: Cache,
    /// What actors remember between looks.
    pub memory: Memory,
    /// What people did.
    pub commands: CommandLog,
    /// Whether nothing takes time: while the cluster starts up.
    pub(crate) instant: bool,
    now_ms: Ms,
    queue: Queue<Wake>,
    pending: SortedMap<Wake, Ticket>,
}

/// An actor will look at an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wake {
    /// Who.
    pub controller: Controller,
    /// At what.
    pub key: Key,
}

impl World {
    /// A cluster without any object. Most callers want [`World::fresh`].
    pub fn empty(settings: Settings) -> Self {
        Self {
            random: Random::new(settings.seed),
            settings,
            store: Store::default(),
            recorder: Recorder::default(),
            decisions: Decisions::default(),
            disks: Disks::default(),
            dns_cache: Cache::default(),
            memory: Memory::default(),
            commands: CommandLog::default(),
            instant: false,
            now_ms: 0,
            queue: Queue::default(),
            pending: SortedMap::new(),
        }
    }

    /// The present moment.
    pub fn now_ms(&self) -> Ms {
        self.now_ms
    }

    /// When something happens next, if anything is to happen.
    pub fn next_ms(&self) -> Option<Ms> {
        self.queue.next_ms()
    }

    /// Lets the next thing happen; false where nothing is to happen.
    pub fn step(&mut self) -> bool {
        let Some((at_ms, wake)) = self.queue.pop() else {
            return false;
        };
        self.now_ms = self.now_ms.max(at_ms);
        self.pending.remove(&wake);
        let person = std::mem::replace(&mut self.store.writer, Writer::Actor(wake.controller));
        controllers::sync(self, wake.controller, &wake.key);
        self.store.writer = person;
        true
    }

    /// Lets everything happen that is due up to a moment, and makes it the present. A moment already past changes nothing.
    pub fn advance_to(&mut self, at_ms: Ms) {
        while self.queue.next_ms().is_some_and(|next_ms| next_ms <= at_ms) {
            self.step();
        }
        self.now_ms = self.now_ms.max(at_ms);
    }

    /// Whether an actor is going to look at an object.
    pub fn is_awake(&self, controller: Controller, key: &Key) -> bool {
        self.pending.contains_key(&Wake { controller, key: key.clone() })
    }

    /// Has an actor look at an object after its usual delay. A look that is due earlier stands.
    pub fn wake(&mut self, controller: Controller, key: Key) {
        let at_ms = self.now_ms + if self.instant { 0 } else { controller.delay_ms() };
        self.wake_at(controller, key, at_ms);
    }

    /// Has an actor look at an object at a moment. A look that is due earlier stands: whoever is woken early sets its
    /// alarm again.
    pub fn wake_at(&mut self, controller: Controller, key: Key, at_ms: Ms) {
        let wake = Wake { controller, key };
        let slot = self.pending.entry(wake.clone());
        if let Some(ticket) = slot.get() {
            if ticket.0 <= at_ms {
                return;
            }
            self.queue.cancel(*ticket);
        }
        slot.set(self.queue.push(at_ms.max(self.now_ms), wake));
    }

    /// An object.
    pub fn get(&self, key: &Key) -> Option<Rc<Object>> {
        self.store.get(key).cloned()
    }

    /// Adds an object as an actor makes it: it gets its uid and creation time, nothing is checked. The caller has made sure
    /// that the name is free.
    pub fn insert(&mut self, mut object: Object) -> Rc<Object> {
        object.meta.uid = Uid(self.random.uid());
        object.meta.creation_ms = self.now_ms;
        self.count_call(object.kind());
        let change = self.store.insert(object, self.now_ms);
        self.tell(change)
    }

    /// Changes an object in place, as an actor does that has just read it. `None` where the object is gone; nothing is
    /// written where nothing changes.
    pub fn change(&mut self, key: &Key, change: impl FnOnce(&mut Object)) -> Option<Rc<Object>> {
        let old = self.store.get(key)?.clone();
        let mut new = Object::clone(&old);
        change(&mut new);
        match self.store.replace(&old, new, self.now_ms) {
            Some(change) => {
                self.count_call(key.kind);
                Some(self.tell(change))
            }
            None => Some(old),
        }
    }

    /// Counts a call of the actor that writes, if one does.
    pub(crate) fn count_call(&mut self, kind: Kind) {
        if let Writer::Actor(controller) = self.store.writer {
            self.memory.clients.count(controller, kind);
        }
    }

    /// Writes an object as it stands once more, for the sake of who writes it.
    pub(crate) fn touch(&mut self, old: &Rc<Object>) -> Rc<Object> {
        let change = self.store.touch(old, self.now_ms);
        self.tell(change)
    }

    /// Removes an object; `last` is its last state, as the watch shows it.
    pub(crate) fn remove(&mut self, old: &Rc<Object>, last: Object) -> Rc<Object> {
        let change = self.store.remove(old, last, self.now_ms);
        self.tell(change)
    }

    fn tell(&mut self, change: Change) -> Rc<Object> {
        controllers::notice(self, &change);
        change.new
    }

    /// The namespaces' names, in order.
    pub fn namespaces(&self) -> impl Iterator<Item = &str> {
        self.store.all(Kind::Namespace).map(|namespace| &*namespace.meta.name)
    }
}
