//! What the controller remembers of each set's pods, kept up with every change of a pod, so that a look at a set of a
//! thousand pods does not read a thousand pods. It must not decide anything; it can be thrown away and is made anew.

use std::rc::Rc;

use crate::api::metadata::{Metadata, Text};
use crate::api::object::Object;
use crate::api::pod::Phase;
use crate::api::statefulset::StatefulSetSpec;
use crate::api::time::{Epoch, Ms};

use super::control::PodView;
use super::identity;
use super::summary::Summary;

/// The pods of one set.
#[derive(Clone, Debug)]
pub(super) struct Book {
    set: Text,
    spec: Rc<StatefulSetSpec>,
    /// In ascending order of ordinal, as the decision wants them.
    pods: Vec<PodView>,
    /// The same at once.
    summary: Summary,
    /// When each became ready, if it is; in the order of `pods`.
    ready_since_ms: Vec<Option<Ms>>,
    /// The names of revisions, in the order of their first appearance, and how many pods each has.
    revisions: Vec<(Text, usize)>,
    /// Pods whose labels no longer match the selector.
    strangers: Vec<Text>,
}

impl Book {
    /// A book of the pods that a set owns.
    pub(super) fn new<'a>(set: &Metadata, spec: &Rc<StatefulSetSpec>, pods: impl Iterator<Item = &'a Rc<Object>>) -> Self {
        let mut book = Self {
            set: set.name.clone(),
            spec: spec.clone(),
            pods: Vec::new(),
            summary: Summary::default(),
            ready_since_ms: Vec::new(),
            revisions: Vec::new(),
            strangers: Vec::new(),
        };
        for pod in pods {
            book.put(pod, None);
        }
        book
    }

    /// The book, where it holds for this spec, too: that depends on the selector and the claim templates.
    pub(super) fn kept_for(mut self: Rc<Self>, spec: &Rc<StatefulSetSpec>) -> Option<Rc<Self>> {
        if Rc::ptr_eq(&self.spec, spec) {
            return Some(self);
        }
        if self.spec.selector != spec.selector || self.spec.claim_templates != spec.claim_templates {
            return None;
        }
        Rc::make_mut(&mut self).spec = spec.clone();
        Some(self)
    }

    /// Notes the newest state of a pod of the set; `old` is the state before it.
    pub(super) fn put(&mut self, object: &Object, old: Option<&Object>) {
        let name = &object.meta.name;
        // Most changes are of the status alone: what follows from the rest stands.
        let status_alone = old.is_some_and(|old| is_change_of_status(old, object));
        if !status_alone {
            self.strangers.retain(|stranger| stranger != name);
            if !self.spec.selector.matches(&object.meta.labels) && !object.meta.terminating() {
                self.strangers.push(name.clone());
            }
        }
        // Pods whose names have no ordinal are ignored, as upstream does.
        let (Some(ordinal), Some(pod)) = (identity::ordinal_in(&self.set, name), object.pod()) else { return };
        let place = self.place(ordinal);
        let (revision, matches) = match place {
            Ok(at) if status_alone => (self.pods[at].revision, self.pods[at].matches),
            _ => {
                let identity_matches = identity::identity_matches(&self.set, &object.meta);
                let matches = identity_matches && identity::storage_matches(&self.set, &self.spec, pod, name);
                (self.number(object.meta.labels.get(identity::REVISION_LABEL)), matches)
            }
        };
        let phase = pod.status.phase;
        let ready = phase == Phase::Running && pod.ready();
        let view = PodView {
            ordinal,
            phase,
            ready,
            available: ready,
            terminating: object.meta.terminating(),
            revision,
            matches,
            retention_matches: true,
        };
        let since_ms = pod.ready_since_ms().filter(|_| ready);
        if let Ok(at) = place
            && self.pods[at] == view
        {
            self.ready_since_ms[at] = since_ms;
            return;
        }
        self.revisions[revision as usize].1 += 1;
        match place {
            Ok(at) => {
                self.forget(at);
                self.summary.add(&view);
                self.pods[at] = view;
                self.ready_since_ms[at] = since_ms;
            }
            Err(at) => {
                self.summary.add(&view);
                self.pods.insert(at, view);
                self.ready_since_ms.insert(at, since_ms);
            }
        }
    }

    /// Forgets a pod that is gone, or no longer the set's.
    pub(super) fn remove(&mut self, name: &str) {
        self.strangers.retain(|stranger| &**stranger != name);
        if let Some(Ok(at)) = identity::ordinal_in(&self.set, name).map(|ordinal| self.place(ordinal)) {
            self.forget(at);
            self.pods.remove(at);
            self.ready_since_ms.remove(at);
        }
    }

    fn place(&self, ordinal: i64) -> Result<usize, usize> {
        self.pods.binary_search_by(|pod| pod.ordinal.cmp(&ordinal))
    }

    /// Takes a pod out of what is counted.
    fn forget(&mut self, at: usize) {
        let pod = &self.pods[at];
        self.summary.remove(pod);
        self.revisions[pod.revision as usize].1 -= 1;
    }

    /// The number that stands for a revision's name in this book.
    pub(super) fn number(&mut self, name: Option<&Text>) -> u32 {
        let name = name.map_or("", |name| name);
        let found = self.revisions.iter().position(|(known, _)| &**known == name);
        let index = found.unwrap_or_else(|| {
            self.revisions.push((name.into(), 0));
            self.revisions.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// The names of the revisions that pods were made from.
    pub(super) fn revisions_in_use(&self) -> Vec<Text> {
        self.revisions.iter().filter(|(_, count)| *count > 0).map(|(name, _)| name.clone()).collect()
    }

    /// Pods whose labels no longer match the selector.
    pub(super) fn strangers(&self) -> &[Text] {
        &self.strangers
    }

    /// The pods; each that is ready counts as available.
    pub(super) fn pods(&self) -> &[PodView] {
        &self.pods
    }

    /// The same at once.
    pub(super) fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The pods as they stand at a moment: ready for `min_ready_seconds` is available.
    pub(super) fn pods_at(&self, min_ready_seconds: i64, now: Ms, epoch: Epoch) -> Vec<PodView> {
        let mut pods = self.pods.clone();
        for (pod, since_ms) in pods.iter_mut().zip(&self.ready_since_ms) {
            pod.available = pod.ready
                && (min_ready_seconds <= 0 || since_ms.is_some_and(|since_ms| available_ms(since_ms, min_ready_seconds, epoch) <= now));
        }
        pods
    }

    /// When the next pod becomes available.
    pub(super) fn next_available_ms(&self, min_ready_seconds: i64, now: Ms, epoch: Epoch) -> Option<Ms> {
        let times = self.ready_since_ms.iter().flatten().map(|since_ms| available_ms(*since_ms, min_ready_seconds, epoch));
        times.filter(|at_ms| *at_ms > now).min()
    }
}

/// Whether two states of a pod differ in their status alone.
fn is_change_of_status(old: &Object, new: &Object) -> bool {
    let (Some(before), Some(after)) = (old.pod(), new.pod()) else { return false };
    Rc::ptr_eq(&old.meta.labels, &new.meta.labels)
        && old.meta.owners == new.meta.owners
        && old.meta.terminating() == new.meta.terminating()
        && Rc::ptr_eq(&before.own, &after.own)
        && Rc::ptr_eq(&before.spec, &after.spec)
}

/// When a pod becomes available that is ready since `since_ms`. Conditions are written to the second, and `minReadySeconds`
/// counts from what is written.
fn available_ms(since_ms: Ms, min_ready_seconds: i64, epoch: Epoch) -> Ms {
    epoch.written_ms(since_ms) + min_ready_seconds.max(0).unsigned_abs() * 1000
}
