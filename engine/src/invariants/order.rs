//! Under OrderedReady the controller makes no pod while a lower one is missing or not Ready, and deletes none for scaling or
//! updating while another is on its way out. Both hold for what it knew when it decided: a sync takes time.
//! Pods that have ended are replaced all the same, and with `maxUnavailable` several are updated at a time. A pod that is too
//! many goes although a lower one that is too many is still going: scaling looks from the highest down.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::Text;
use crate::api::object::{Key, Object};
use crate::api::statefulset::{PodManagementPolicy, StatefulSetSpec};
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::store::{Verb, WatchEvent, Writer};
use crate::controllers::Controller;
use crate::controllers::statefulset::{self, identity};

/// What was seen of pods and syncs.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    pods: BTreeMap<(Text, Text), Seen>,
    /// When the sync under way of each set began, and what the set asked for then.
    syncs: BTreeMap<Key, (Ms, Rc<StatefulSetSpec>)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// Since when the pod has not been Ready; `None` while it is.
    unready_ms: Option<Ms>,
    /// Since when it has been on its way out; `None` where it is not.
    terminating_ms: Option<Ms>,
}

impl Order {
    pub(super) fn check(&mut self, world: &World, event: &WatchEvent) -> Result<(), String> {
        if event.object.kind() != Kind::Pod {
            return Ok(());
        }
        let by_controller = event.by == Writer::Actor(Controller::StatefulSet);
        if let Some((key, spec)) = set_of(world, &event.object).filter(|(_, spec)| spec.policy == PodManagementPolicy::OrderedReady) {
            let (decided_ms, spec) = self.syncs.get(&key).cloned().unwrap_or((event.at_ms, spec));
            let begins_to_go = event.verb == Verb::Modified && event.object.meta.terminating() && !self.goes(&event.object);
            if event.verb == Verb::Added && by_controller {
                self.made_in_order(&event.object, &key, &spec, decided_ms)?;
            } else if begins_to_go && by_controller {
                self.deleted_in_order(world, &event.object, (&key, &spec), decided_ms)?;
            }
        }
        self.note(event);
        Ok(())
    }

    /// Remembers which syncs are under way.
    pub(super) fn note_syncs(&mut self, world: &World) {
        let under_way = |set: &Rc<Object>| {
            let key = set.key();
            let since_ms = statefulset::syncing_since_ms(world, &key)?;
            let known = self.syncs.get(&key).filter(|(known_ms, _)| *known_ms == since_ms);
            let spec = known.map_or_else(|| Some(set.statefulset()?.spec.clone()), |(_, spec)| Some(spec.clone()))?;
            Some((key, (since_ms, spec)))
        };
        self.syncs = world.store.all(Kind::StatefulSet).filter_map(under_way).collect();
    }

    fn note(&mut self, event: &WatchEvent) {
        let meta = &event.object.meta;
        let key = (meta.namespace.clone(), meta.name.clone());
        let gone = event.verb == Verb::Deleted;
        let seen = self.pods.entry(key).or_default();
        let ready = !gone && !meta.terminating() && event.object.pod().is_some_and(|pod| pod.ready());
        seen.unready_ms = if ready { None } else { seen.unready_ms.or(Some(event.at_ms)) };
        seen.terminating_ms = if meta.terminating() && !gone { seen.terminating_ms.or(Some(event.at_ms)) } else { None };
    }

    fn goes(&self, pod: &Object) -> bool {
        let key = (pod.meta.namespace.clone(), pod.meta.name.clone());
        self.pods.get(&key).is_some_and(|seen| seen.terminating_ms.is_some())
    }

    fn made_in_order(&self, pod: &Object, set: &Key, spec: &StatefulSetSpec, decided_ms: Ms) -> Result<(), String> {
        let Some(ordinal) = identity::ordinal_in(&set.name, &pod.meta.name) else { return Ok(()) };
        for lower in spec.start..ordinal {
            let name = identity::pod_name(&set.name, lower);
            let seen = self.pods.get(&(set.namespace.clone(), name.clone()));
            let was_ready = seen.is_some_and(|seen| seen.unready_ms.is_none_or(|since_ms| since_ms >= decided_ms));
            if !was_ready {
                return Err(format!("pod {} was made while {name} was not Ready", pod.meta.name));
            }
        }
        Ok(())
    }

    fn deleted_in_order(&self, world: &World, pod: &Object, (set, spec): (&Key, &StatefulSetSpec), decided_ms: Ms) -> Result<(), String> {
        let ended = pod.pod().is_some_and(|pod| pod.status.phase.terminal());
        if ended || world.settings.max_unavailable_gate() {
            return Ok(());
        }
        let ordinal = identity::ordinal_in(&set.name, &pod.meta.name).unwrap_or(0);
        for ((namespace, name), seen) in &self.pods {
            let Some(other) = identity::ordinal_in(&set.name, name).filter(|other| *namespace == set.namespace && *other != ordinal) else {
                continue;
            };
            // What is too many goes from the highest down, and the highest does not ask whether a lower one is still going.
            let wanted = spec.ordinals();
            let lower = other < ordinal && !wanted.contains(&other) && !wanted.contains(&ordinal);
            let owned = || {
                let found = world.store.find(Kind::Pod, namespace, name);
                found.is_some_and(|other| other.meta.controller().map(|owner| owner.uid) == pod.meta.controller().map(|owner| owner.uid))
            };
            if !lower && seen.terminating_ms.is_some_and(|since_ms| since_ms < decided_ms) && owned() {
                return Err(format!("pod {} was deleted while {name} was on its way out", pod.meta.name));
            }
        }
        Ok(())
    }
}

/// The set that a pod belongs to, and what it asks for.
fn set_of(world: &World, pod: &Object) -> Option<(Key, Rc<StatefulSetSpec>)> {
    let owner = pod.meta.controller().filter(|owner| &*owner.kind == "StatefulSet")?;
    let key = Key::new(Kind::StatefulSet, pod.meta.namespace.clone(), owner.name.clone());
    let set = world.store.get(&key).filter(|set| set.meta.uid == owner.uid)?;
    Some((key, set.statefulset()?.spec.clone()))
}
