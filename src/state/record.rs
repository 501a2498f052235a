//! What a run has shown so far, whatever moment is looked at: where something visible changed, where something began to be
//! waited for, how each pod was over time, and what happened beside. It is written once, at the newest place of the run.
//! It must not know how a timeline draws.

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Body;
use statefulset_engine::api::time::Ms;
use statefulset_engine::cluster::World;
use statefulset_engine::cluster::store::Verb;

use super::acts::Place;
use super::strips::Strips;
use super::visible::Visible;

/// How many places are kept to step to, and how many marks; the oldest go first.
const KEPT_MAX: usize = 20_000;

/// Something that happened beside the pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at_ms: Ms,
    /// What.
    pub kind: MarkKind,
    /// The object's name, and for an Event its reason.
    pub words: String,
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// An Event of the type Normal.
    Event,
    /// An Event of the type Warning.
    Warning,
    /// A set got another revision to roll out.
    Rollout,
}

/// What a run has shown.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Where something visible changed or something was decided, in order.
    pub stops: Vec<Place>,
    /// Where something began to be waited for, in order.
    pub waits: Vec<Place>,
    /// How each pod was.
    pub strips: Strips,
    /// What happened beside the pods, in order.
    pub marks: Vec<Mark>,
    visible: Visible,
    read: usize,
    decisions: usize,
}

impl Record {
    /// Reads what is new in a world; true where there is anything to stop at.
    pub fn absorb(&mut self, world: &World, place: Place) -> bool {
        let mut stops = self.visible.absorb(&world.store);
        for event in world.store.log.since(self.read) {
            match &event.object.body {
                Body::Pod(_) => self.strips.absorb(event),
                Body::Event(said) if event.verb != Verb::Deleted && &*said.object_namespace != "kube-system" => {
                    let kind = if said.warning { MarkKind::Warning } else { MarkKind::Event };
                    let words = format!("{}: {}", said.object_name, said.reason);
                    push(&mut self.marks, Mark { at_ms: event.at_ms, kind, words });
                }
                Body::StatefulSet(set) if event.verb != Verb::Deleted => {
                    let name = &event.object.meta.name;
                    let key = (event.object.meta.namespace.clone(), name.clone());
                    if self.strips.rolls_out(event.at_ms, key, &set.status.current_revision, &set.status.update_revision) {
                        push(&mut self.marks, Mark { at_ms: event.at_ms, kind: MarkKind::Rollout, words: name.to_string() });
                    }
                }
                _ => {}
            }
        }
        self.read = world.store.log.len();
        let mut waits = false;
        for decision in world.decisions.log().since(self.decisions) {
            let told = &*decision.subject.namespace != "kube-system" && decision.subject.kind != Kind::Node;
            stops |= told;
            waits |= told && decision.waits;
        }
        self.decisions = world.decisions.log().len();
        if stops {
            push(&mut self.stops, place);
        }
        if waits {
            push(&mut self.waits, place);
        }
        stops
    }

    /// What it was at an earlier place, at which the world looked like this.
    pub fn up_to(&self, place: Place, world: &World) -> Self {
        let mut cut = Self::default();
        cut.absorb(world, place);
        let until = |places: &[Place]| places.iter().copied().take_while(|known| *known <= place).collect();
        (cut.stops, cut.waits) = (until(&self.stops), until(&self.waits));
        cut
    }
}

/// Adds to a list that forgets its oldest half where it is full.
fn push<T>(list: &mut Vec<T>, entry: T) {
    if list.len() >= KEPT_MAX {
        list.drain(..KEPT_MAX / 2);
    }
    list.push(entry);
}
