//! Controllers delete claims by retention policy only: a claim goes because its owner went, a set whose claims go with it or
//! a pod that scaling took away. Everything else is a person's doing.

use crate::api::kind::Kind;
use crate::api::object::Key;
use crate::cluster::World;
use crate::cluster::store::{Verb, WatchEvent, Writer};

pub(super) fn check(world: &World, event: &WatchEvent) -> Result<(), String> {
    let meta = &event.object.meta;
    let goes = event.verb == Verb::Deleted || meta.terminating();
    let by_actor = matches!(event.by, Writer::Actor(_));
    let begins = meta.deletion.is_none_or(|deletion| deletion.at_ms == event.at_ms);
    if event.object.kind() != Kind::PersistentVolumeClaim || !goes || !by_actor || !begins {
        return Ok(());
    }
    let namespace = world.store.find(Kind::Namespace, "", &meta.namespace);
    if namespace.is_none_or(|namespace| namespace.meta.terminating()) {
        return Ok(());
    }
    let stays = meta.owners.iter().find(|owner| {
        let kind = Kind::by_name(&owner.kind);
        let key = kind.map(|kind| Key::new(kind, meta.namespace.clone(), owner.name.clone()));
        key.and_then(|key| world.store.get(&key)).is_some_and(|object| object.meta.uid == owner.uid && !object.meta.terminating())
    });
    match stays {
        Some(owner) => Err(format!("claim {} was deleted while its owner {}/{} stays", meta.name, owner.kind, owner.name)),
        None if meta.owners.is_empty() && event.verb != Verb::Deleted => {
            Err(format!("claim {} was deleted, and nobody owned it", meta.name))
        }
        None => Ok(()),
    }
}
