//! A claim that has a volume keeps it for life.

use std::collections::BTreeMap;

use crate::api::metadata::{Text, Uid};
use crate::cluster::store::WatchEvent;

pub(super) fn check(bound: &mut BTreeMap<Uid, Text>, event: &WatchEvent) -> Result<(), String> {
    let Some(claim) = event.object.claim().filter(|claim| !claim.volume_name.is_empty()) else { return Ok(()) };
    match bound.insert(event.object.meta.uid, claim.volume_name.clone()) {
        Some(before) if before != claim.volume_name => {
            Err(format!("claim {} changed from volume {before} to {}", event.object.meta.name, claim.volume_name))
        }
        _ => Ok(()),
    }
}
