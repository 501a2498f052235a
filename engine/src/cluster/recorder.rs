//! Events as actors record them: the same words about the same object count up instead of making a new Event, and a chatty
//! actor is throttled. Follows `client-go/tools/record/events_cache.go`. It must not know who speaks about what.

use std::rc::Rc;

use crate::api::event::Event;
use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Text, Uid};
use crate::api::object::{Body, Key, Object};
use crate::api::text::text;
use crate::api::time::Ms;
use crate::sorted::SortedMap;

use super::World;

/// Events of one source about one object that may be written at once.
const BURST: u64 = 25;
/// After the burst, one more is allowed each time this has passed.
const REFILL_MS: Ms = 300_000;
/// From this many different messages with one reason about one object on, they are combined into one Event.
const SIMILAR_MAX: usize = 10;
/// Similar messages count within this time.
const SIMILAR_WITHIN_MS: Ms = 600_000;

/// What an actor says about an object.
#[derive(Clone, Debug)]
pub struct Remark {
    /// Who speaks: `statefulset-controller`.
    pub source: &'static str,
    /// Whether it is a warning.
    pub warning: bool,
    /// `reason`.
    pub reason: &'static str,
    /// `message`.
    pub message: Text,
    /// The part of the object concerned; empty for the whole.
    pub field_path: Text,
}

impl Remark {
    /// A remark of the type Normal.
    pub fn normal(source: &'static str, reason: &'static str, message: impl Into<Text>) -> Self {
        Self { source, warning: false, reason, message: message.into(), field_path: Text::default() }
    }

    /// A remark of the type Warning.
    pub fn warning(source: &'static str, reason: &'static str, message: impl Into<Text>) -> Self {
        Self { warning: true, ..Self::normal(source, reason, message) }
    }

    /// The same about a part of the object.
    pub fn at(self, field_path: &Text) -> Self {
        Self { field_path: field_path.clone(), ..self }
    }
}

/// What recorders remember.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    objects: SortedMap<Uid, Rc<Remembered>>,
    names: u64,
}

/// What a series is recognised by: the object's resourceVersion when it was spoken of, reason and message.
type SeriesKey = (u64, &'static str, Text);

/// What an Event is recognised by: source, reason, and place and message, which do not count where messages are combined.
type EventKey = (&'static str, &'static str, Option<(Text, Text)>);

/// What was said about one object. Few things are said about each, so plain lists do.
#[derive(Clone, Debug, Default)]
struct Remembered {
    /// By the newer API: the Event's name, and how often it was said.
    series: Vec<(SeriesKey, (Text, u32))>,
    /// The Event's name.
    written: Vec<(EventKey, Text)>,
    /// By source and reason: the different messages.
    similar: Vec<((&'static str, &'static str), Similar)>,
    /// By source: how many Events were written, since when.
    spent: Vec<(&'static str, (u64, Ms))>,
}

/// The different messages of one source and reason about one object.
#[derive(Clone, Debug, Default)]
struct Similar {
    messages: Vec<Text>,
    last_ms: Ms,
}

impl Similar {
    /// Notes a message, and says whether it is new.
    fn adds(&mut self, message: &Text) -> bool {
        let new = !self.messages.contains(message);
        if new {
            self.messages.push(message.clone());
        }
        new
    }

    /// Upstream forgets one of the messages, whichever its map gives first; here it is the first in order.
    fn forget_one(&mut self) {
        let first = self.messages.iter().enumerate().min_by_key(|(_, message)| *message).map(|(at, _)| at);
        if let Some(at) = first {
            self.messages.swap_remove(at);
        }
    }
}

/// The value of a key in a list, made first where there is none.
fn slot<K: PartialEq, V>(list: &mut Vec<(K, V)>, key: K, make: impl FnOnce() -> V) -> &mut V {
    let place = list.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
        list.push((key, make()));
        list.len() - 1
    });
    &mut list[place].1
}

impl Recorder {
    /// Whether what a source says about an object now is dropped, since it has said too much.
    pub fn drops(&self, uid: Uid, source: &'static str, now: Ms) -> bool {
        let spent = self.objects.get(&uid).and_then(|remembered| remembered.spent.iter().find(|(known, _)| *known == source));
        spent.is_some_and(|(_, bucket)| refilled(*bucket, now).0 >= BURST)
    }

    /// Forgets an object that is gone.
    pub fn forget(&mut self, uid: Uid) {
        self.objects.remove(&uid);
    }
}

impl Remembered {
    /// Whether one more Event of a source may be written: a bucket of [`BURST`] that refills slowly.
    fn allows(&mut self, source: &'static str, now: Ms) -> bool {
        let bucket = slot(&mut self.spent, source, || (0, now));
        *bucket = refilled(*bucket, now);
        if bucket.0 >= BURST {
            return false;
        }
        bucket.0 += 1;
        true
    }
}

/// What of a bucket is spent now, and since when.
fn refilled((spent, since_ms): (u64, Ms), now: Ms) -> (u64, Ms) {
    let refills = (now - since_ms) / REFILL_MS;
    (spent.saturating_sub(refills), since_ms + refills * REFILL_MS)
}

impl World {
    /// Records an Event about an object.
    pub fn record(&mut self, kind: Kind, about: &Metadata, remark: Remark) {
        self.record_said(kind, about, remark, self.now_ms());
    }

    /// Records an Event that was said earlier than it is written. A namespace that goes takes none.
    pub fn record_said(&mut self, kind: Kind, about: &Metadata, mut remark: Remark, said_ms: Ms) {
        let now = self.now_ms();
        let namespace = Key::new(Kind::Namespace, Text::default(), event_namespace(about));
        if self.store.get(&namespace).is_none_or(|namespace| namespace.meta.terminating()) {
            return;
        }
        let remembered = Rc::make_mut(self.recorder.objects.entry(about.uid).or_default());
        let similar = slot(&mut remembered.similar, (remark.source, remark.reason), Similar::default);
        if now.saturating_sub(similar.last_ms) > SIMILAR_WITHIN_MS {
            similar.messages.clear();
        }
        similar.last_ms = now;
        let mut memory = (remark.source, remark.reason, Some((remark.field_path.clone(), remark.message.clone())));
        if similar.adds(&remark.message) && similar.messages.len() >= SIMILAR_MAX {
            similar.forget_one();
            remark.message = text!("(combined from similar events): {}", remark.message);
            memory.2 = None;
        }
        if !remembered.allows(remark.source, now) {
            return;
        }
        let written = remembered.written.iter().find(|(known, _)| *known == memory).map(|(_, name)| name.clone());
        if let Some(name) = written {
            let key = Key::new(Kind::Event, event_namespace(about), name.clone());
            let told = self.change(&key, |object| {
                if let Some(event) = object.event_mut() {
                    event.count += 1;
                    event.last_ms = said_ms;
                    event.message = remark.message.clone();
                }
            });
            if told.is_some() {
                return;
            }
        }
        let name = self.event_name(&about.name);
        let remembered = Rc::make_mut(self.recorder.objects.entry(about.uid).or_default());
        *slot(&mut remembered.written, memory, || name.clone()) = name.clone();
        self.insert(new_event(kind, about, name, remark, 1, said_ms));
    }

    /// Records an Event by the newer events API, as the scheduler does: the same words about the same version of an object
    /// become a series, of which only the beginning is written (`client-go/tools/events/event_broadcaster.go`).
    pub fn record_series(&mut self, kind: Kind, about: &Metadata, remark: Remark) {
        let now = self.now_ms();
        let memory = (about.resource_version, remark.reason, remark.message.clone());
        let remembered = Rc::make_mut(self.recorder.objects.entry(about.uid).or_default());
        if let Some((_, (name, count))) = remembered.series.iter_mut().find(|(known, _)| *known == memory) {
            *count += 1;
            if *count == 2 {
                let key = Key::new(Kind::Event, event_namespace(about), name.clone());
                self.change(&key, |object| {
                    if let Some(event) = object.event_mut() {
                        event.series = 2;
                        event.last_ms = now;
                    }
                });
            }
            return;
        }
        let name = self.event_name(&about.name);
        Rc::make_mut(self.recorder.objects.entry(about.uid).or_default()).series.push((memory, (name.clone(), 1)));
        self.insert(new_event(kind, about, name, remark, 0, now));
    }

    /// A name for an Event about an object: its name and a time stamp in hexadecimal nanoseconds.
    pub fn event_name(&mut self, about: &str) -> Text {
        self.recorder.names += 1;
        let nanoseconds = i128::from(self.settings.epoch.unix_seconds) * 1_000_000_000
            + i128::from(self.now_ms()) * 1_000_000
            + i128::from(self.recorder.names);
        // Until the year 2554 they fit into 64 bits, which are much quicker to write.
        u64::try_from(nanoseconds).map_or_else(|_| text!("{about}.{nanoseconds:x}"), |short| text!("{about}.{short:x}"))
    }
}

/// An Event that has been said for the first time. `count` is 0 by the newer API, which counts in a series.
fn new_event(kind: Kind, about: &Metadata, name: Text, remark: Remark, count: u32, now: Ms) -> Object {
    let event = Event {
        object_kind: kind,
        object_namespace: about.namespace.clone(),
        object_name: about.name.clone(),
        object_uid: about.uid,
        field_path: remark.field_path,
        warning: remark.warning,
        reason: remark.reason,
        message: remark.message,
        source: remark.source,
        count,
        series: 0,
        first_ms: now,
        last_ms: now,
    };
    Object { meta: Metadata::new(event_namespace(about), name), body: Body::Event(event) }
}

/// Events about cluster-wide objects live in `default`.
pub fn event_namespace(about: &Metadata) -> Text {
    if about.namespace.is_empty() { "default".into() } else { about.namespace.clone() }
}
