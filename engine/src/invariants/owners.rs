//! At rest every owner that an object names exists.

use crate::api::kind::{KINDS, Kind};
use crate::api::object::Key;
use crate::cluster::World;

pub(super) fn check(world: &World) -> Result<(), String> {
    for object in KINDS.iter().flat_map(|info| world.store.all(info.kind)) {
        for owner in object.meta.owners.iter() {
            let Some(kind) = Kind::by_name(&owner.kind) else { continue };
            let key = Key::new(kind, object.meta.namespace.clone(), owner.name.clone());
            if !world.store.holds(&key, owner.uid) {
                return Err(format!("{} is owned by {key}, which is not there", object.key()));
            }
        }
    }
    Ok(())
}
