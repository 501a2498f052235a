//! Events as actors record them: the same words about the same object count up instead of making a new Event, and a chatty
//! actor is throttled. Follows `client-go/tools/record/events_cache.go`. It must not know who speaks about what.

use crate::sorted::{SortedMap, SortedSet};

use crate::api::event::Event;
use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Text, Uid};
use crate::api::object::{Body, Key, Object};
use crate::api::time::Ms;

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
pub struct Remark<'a> {
    /// Who speaks: `statefulset-controller`.
    pub source: &'static str,
    /// Whether it is a warning.
    pub warning: bool,
    /// `reason`.
    pub reason: &'static str,
    /// `message`.
    pub message: String,
    /// The part of the object concerned; empty for the whole.
    pub field_path: &'a str,
}

impl<'a> Remark<'a> {
    /// A remark of the type Normal.
    pub fn normal(source: &'static str, reason: &'static str, message: impl Into<String>) -> Self {
        Self { source, warning: false, reason, message: message.into(), field_path: "" }
    }

    /// A remark of the type Warning.
    pub fn warning(source: &'static str, reason: &'static str, message: impl Into<String>) -> Self {
        Self { warning: true, ..Self::normal(source, reason, message) }
    }

    /// The same about a part of the object.
    pub fn at(self, field_path: &'a str) -> Self {
        Self { field_path, ..self }
    }
}

/// What an Event of the newer API is recognised by: object, its resourceVersion when it was spoken of, reason and message.
type SeriesKey = (Uid, u64, &'static str, String);

/// What recorders remember.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    series: SortedMap<SeriesKey, (Text, u32)>,
    written: SortedMap<(Uid, &'static str, &'static str, String), Text>,
    similar: SortedMap<(Uid, &'static str, &'static str), Similar>,
    spent: SortedMap<(Uid, &'static str), (u64, Ms)>,
    names: u64,
}

/// The different messages of one source and reason about one object.
#[derive(Clone, Debug, Default)]
struct Similar {
    messages: SortedSet<String>,
    last_ms: Ms,
}

impl Recorder {
    /// Forgets an object that is gone.
    pub fn forget(&mut self, uid: Uid) {
        let gone: Vec<_> =
            self.series.range((uid, 0, "", String::new())..).take_while(|(key, _)| key.0 == uid).map(|(key, _)| key.clone()).collect();
        for key in gone {
            self.series.remove(&key);
        }
        let first = (uid, "", "", String::new());
        let gone: Vec<_> = self.written.range(first..).take_while(|(key, _)| key.0 == uid).map(|(key, _)| key.clone()).collect();
        for key in gone {
            self.written.remove(&key);
        }
        let gone: Vec<_> = self.similar.range((uid, "", "")..).take_while(|(key, _)| key.0 == uid).map(|(key, _)| *key).collect();
        for key in gone {
            self.similar.remove(&key);
        }
        let gone: Vec<_> = self.spent.range((uid, "")..).take_while(|(key, _)| key.0 == uid).map(|(key, _)| *key).collect();
        for key in gone {
            self.spent.remove(&key);
        }
    }

    /// Whether one more Event of a source about an object may be written: a bucket of [`BURST`] that refills slowly.
    fn allows(&mut self, uid: Uid, source: &'static str, now: Ms) -> bool {
        let (spent, since) = self.spent.entry((uid, source)).or_insert((0, now));
        let refilled = (now - *since) / REFILL_MS;
        if refilled > 0 {
            *spent = spent.saturating_sub(refilled);
            *since += refilled * REFILL_MS;
        }
        if *spent >= BURST {
            return false;
        }
        *spent += 1;
        true
    }
}

impl World {
    /// Records an Event about an object.
    pub fn record(&mut self, kind: Kind, about: &Metadata, remark: Remark<'_>) {
        let now = self.now_ms();
        let similar = self.recorder.similar.entry((about.uid, remark.source, remark.reason)).or_default();
        if now.saturating_sub(similar.last_ms) > SIMILAR_WITHIN_MS {
            similar.messages.clear();
        }
        similar.last_ms = now;
        let mut message = remark.message;
        let mut memory = (about.uid, remark.source, remark.reason, format!("{}\0{message}", remark.field_path));
        if similar.messages.insert(message.clone()) && similar.messages.len() >= SIMILAR_MAX {
            // Upstream forgets one of the messages, whichever its map gives first; here it is the first in order.
            similar.messages.pop_first();
            message = format!("(combined from similar events): {message}");
            memory.3.clear();
        }
        if !self.recorder.allows(about.uid, remark.source, now) {
            return;
        }
        if let Some(name) = self.recorder.written.get(&memory) {
            let key = Key::new(Kind::Event, event_namespace(about), name.clone());
            let told = self.change(&key, |object| {
                if let Some(event) = object.event_mut() {
                    event.count += 1;
                    event.last_ms = now;
                    event.message = message.as_str().into();
                }
            });
            if told.is_some() {
                return;
            }
        }
        let name = self.event_name(&about.name);
        self.recorder.written.insert(memory, name.clone());
        let event = Event {
            object_kind: kind,
            object_namespace: about.namespace.clone(),
            object_name: about.name.clone(),
            object_uid: about.uid,
            field_path: remark.field_path.into(),
            warning: remark.warning,
            reason: remark.reason.into(),
            message: message.into(),
            source: remark.source.into(),
            count: 1,
            series: 0,
            first_ms: now,
            last_ms: now,
        };
        self.insert(Object { meta: Metadata::new(event_namespace(about), name), body: Body::Event(event) });
    }

    /// Records an Event by the newer events API, as the scheduler does: the same words about the same version of an object
    /// become a series, of which only the beginning is written (`client-go/tools/events/event_broadcaster.go`).
    pub fn record_series(&mut self, kind: Kind, about: &Metadata, remark: Remark<'_>) {
        let now = self.now_ms();
        let memory = (about.uid, about.resource_version, remark.reason, remark.message.clone());
        if let Some((name, count)) = self.recorder.series.get_mut(&memory) {
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
        self.recorder.series.insert(memory, (name.clone(), 1));
        let event = Event {
            object_kind: kind,
            object_namespace: about.namespace.clone(),
            object_name: about.name.clone(),
            object_uid: about.uid,
            field_path: remark.field_path.into(),
            warning: remark.warning,
            reason: remark.reason.into(),
            message: remark.message.into(),
            source: remark.source.into(),
            count: 0,
            series: 0,
            first_ms: now,
            last_ms: now,
        };
        self.insert(Object { meta: Metadata::new(event_namespace(about), name), body: Body::Event(event) });
    }

    /// A name for an Event about an object: its name and a time stamp in hexadecimal nanoseconds.
    pub fn event_name(&mut self, about: &str) -> Text {
        self.recorder.names += 1;
        let nanoseconds = i128::from(self.settings.epoch.unix_seconds) * 1_000_000_000
            + i128::from(self.now_ms()) * 1_000_000
            + i128::from(self.recorder.names);
        format!("{about}.{nanoseconds:x}").into()
    }
}

/// Events about cluster-wide objects live in `default`.
pub fn event_namespace(about: &Metadata) -> Text {
    if about.namespace.is_empty() { "default".into() } else { about.namespace.clone() }
}
