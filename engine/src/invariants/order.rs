//! Under OrderedReady the controller makes no pod while a lower one is missing or not Ready.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::{Key, Object};
use crate::api::statefulset::PodManagementPolicy;
use crate::cluster::World;
use crate::cluster::store::{Verb, WatchEvent};
use crate::controllers::statefulset::identity;

pub(super) fn check<'a>(world: &World, events: impl Iterator<Item = &'a WatchEvent>) -> Result<(), String> {
    for event in events.filter(|event| event.verb == Verb::Added && event.object.kind() == Kind::Pod) {
        check_pod(world, &event.object)?;
    }
    Ok(())
}

fn check_pod(world: &World, pod: &Rc<Object>) -> Result<(), String> {
    let meta = &pod.meta;
    let Some(owner) = meta.controller().filter(|owner| &*owner.kind == "StatefulSet") else { return Ok(()) };
    let set = world.store.get(&Key::new(Kind::StatefulSet, meta.namespace.clone(), owner.name.clone()));
    let Some(spec) = set.filter(|set| set.meta.uid == owner.uid).and_then(|set| set.statefulset()).map(|set| &set.spec) else {
        return Ok(());
    };
    let Some(ordinal) = identity::ordinal_in(&owner.name, &meta.name) else { return Ok(()) };
    if spec.policy != PodManagementPolicy::OrderedReady {
        return Ok(());
    }
    for lower in spec.start..ordinal {
        let name = identity::pod_name(&owner.name, lower);
        let found = world.store.find(Kind::Pod, &meta.namespace, &name);
        if !found.is_some_and(|pod| !pod.meta.terminating() && pod.pod().is_some_and(|pod| pod.ready())) {
            return Err(format!("pod {} was made while {name} was not Ready", meta.name));
        }
    }
    Ok(())
}
