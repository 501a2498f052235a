//! Cards of pods and claims, kept from one scene to the next: a card is made anew only where its object, its kubelet or
//! the clock has changed it, so that what stays the same is the same card. It must not know sets.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::{Text, Uid};
use statefulset_engine::api::object::Object;
use statefulset_engine::api::time::Ms;
use statefulset_engine::cluster::World;
use statefulset_engine::controllers::kubelet;
use statefulset_engine::sorted::SortedMap;

use super::card::Moment;
use super::{ClaimCard, Column, PodCard, Revision};
use crate::state::history::History;

/// Cards of objects that are gone are dropped once they are this many times as many as those in use.
const STALE_MAX: usize = 2;

/// The cards that were made, by the uid of their object.
#[derive(Debug, Default)]
pub(super) struct Cards {
    pods: SortedMap<Uid, Pod>,
    claims: SortedMap<Uid, Claim>,
    /// The volumes of the scene before, in order of name.
    volumes: Vec<Rc<Object>>,
}

#[derive(Clone, Debug)]
struct Pod {
    object: Rc<Object>,
    moment: Moment,
    card: Rc<PodCard>,
}

#[derive(Clone, Debug)]
struct Claim {
    object: Rc<Object>,
    volume: Option<Rc<Object>>,
    card: Rc<ClaimCard>,
}

/// What all cards of a scene are made from.
pub(super) struct Source<'a> {
    pub(super) world: &'a World,
    pub(super) history: &'a History,
    /// All volumes, in order of name.
    volumes: Vec<&'a Rc<Object>>,
    /// The names of volumes that came, went or changed since the scene before.
    changed_volumes: Vec<Text>,
    /// When the scene changes by time alone.
    pub(super) until_ms: Option<Ms>,
    used: (usize, usize),
}

impl<'a> Source<'a> {
    /// What the next scene is made from.
    pub(super) fn new(world: &'a World, history: &'a History, cards: &mut Cards) -> Self {
        let volumes: Vec<&Rc<Object>> = world.store.all(Kind::PersistentVolume).collect();
        let changed_volumes = changed(&cards.volumes, &volumes);
        if !changed_volumes.is_empty() {
            cards.volumes = volumes.iter().map(|volume| (*volume).clone()).collect();
        }
        Self { world, history, volumes, changed_volumes, until_ms: None, used: (0, 0) }
    }

    /// Notes that a column is the same as before, pod, claims and all. False where one of its volumes may be another.
    pub(super) fn keeps(&mut self, column: &Column) -> bool {
        if column.claims.iter().any(|claim| self.changed_volumes.contains(&claim.volume)) {
            return false;
        }
        self.used.0 += usize::from(column.slot.pod().is_some());
        self.used.1 += column.claims.len();
        true
    }

    fn volume(&self, name: &str) -> Option<&'a Rc<Object>> {
        self.volumes.binary_search_by(|volume| (*volume.meta.name).cmp(name)).ok().map(|at| self.volumes[at])
    }
}

/// The names of objects that are in one of two lists only, or have changed from one to the other. Both are in order of name.
fn changed(old: &[Rc<Object>], new: &[&Rc<Object>]) -> Vec<Text> {
    let mut names = Vec::new();
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let (before, after) = match (old.peek(), new.peek()) {
            (Some(before), Some(after)) if Rc::ptr_eq(before, after) => {
                old.next();
                new.next();
                continue;
            }
            (Some(before), Some(after)) => (before.meta.name <= after.meta.name, after.meta.name <= before.meta.name),
            (before, after) => (before.is_some(), after.is_some()),
        };
        match old.next_if(|_| before).or(new.next_if(|_| after).copied()) {
            Some(object) => names.push(object.meta.name.clone()),
            None => return names,
        }
    }
}

impl Cards {
    /// The card of a pod.
    pub(super) fn pod(
        &mut self,
        source: &mut Source<'_>,
        object: &Rc<Object>,
        ordinal: Option<i64>,
        revision: Option<RevisionOf<'_>>,
    ) -> Option<Rc<PodCard>> {
        let pod = object.pod()?;
        let moment = Moment::of(object, pod, source.world.now_ms(), || kubelet::doing(source.world, &object.key()));
        source.until_ms = source.until_ms.into_iter().chain(moment.until_ms).min();
        source.used.0 += 1;
        if let Some(kept) = self.pods.get(&object.meta.uid)
            && Rc::ptr_eq(&kept.object, object)
            && kept.moment == moment
            && RevisionOf::same(revision.as_ref(), kept.card.revision.as_ref())
        {
            return Some(kept.card.clone());
        }
        let revision = revision.map(|revision| revision.owned());
        let card = Rc::new(PodCard::of(object, pod, ordinal, revision, moment, source.history));
        self.pods.insert(object.meta.uid, Pod { object: object.clone(), moment, card: card.clone() });
        Some(card)
    }

    /// The card of a claim.
    pub(super) fn claim(&mut self, source: &mut Source<'_>, object: &Rc<Object>, used: bool) -> Option<Rc<ClaimCard>> {
        let claim = object.claim()?;
        let volume = source.volume(&claim.volume_name);
        source.used.1 += 1;
        if let Some(kept) = self.claims.get(&object.meta.uid)
            && Rc::ptr_eq(&kept.object, object)
            && kept.card.used == used
            && kept.volume.as_ref().map(Rc::as_ptr) == volume.map(Rc::as_ptr)
        {
            return Some(kept.card.clone());
        }
        let card = Rc::new(ClaimCard::of(object, claim, volume.map(Rc::as_ref), used));
        self.claims.insert(object.meta.uid, Claim { object: object.clone(), volume: volume.cloned(), card: card.clone() });
        Some(card)
    }

    /// Drops cards that nobody has asked for in a while.
    pub(super) fn tidy(&mut self, source: &Source<'_>) {
        if self.pods.len() > source.used.0 * STALE_MAX {
            self.pods.clear();
        }
        if self.claims.len() > source.used.1 * STALE_MAX {
            self.claims.clear();
        }
    }
}

/// The revision of a pod, borrowed.
#[derive(Clone, Copy)]
pub(super) struct RevisionOf<'a> {
    pub(super) name: &'a str,
    pub(super) number: i64,
    pub(super) newer: bool,
}

impl RevisionOf<'_> {
    fn owned(&self) -> Revision {
        Revision { name: self.name.into(), number: self.number, newer: self.newer }
    }

    fn same(this: Option<&Self>, card: Option<&Revision>) -> bool {
        match (this, card) {
            (Some(this), Some(card)) => this.newer == card.newer && this.number == card.number && *this.name == *card.name,
            (None, None) => true,
            _ => false,
        }
    }
}
