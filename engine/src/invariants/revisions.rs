//! The number of a revision only grows.

use std::collections::BTreeMap;

use crate::api::metadata::Uid;
use crate::cluster::store::WatchEvent;

pub(super) fn check(numbers: &mut BTreeMap<Uid, i64>, event: &WatchEvent) -> Result<(), String> {
    let Some(revision) = event.object.revision() else { return Ok(()) };
    match numbers.insert(event.object.meta.uid, revision.revision) {
        Some(before) if before > revision.revision => {
            Err(format!("revision {} went from number {before} to {}", event.object.meta.name, revision.revision))
        }
        _ => Ok(()),
    }
}
