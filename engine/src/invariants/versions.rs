//! resourceVersions only grow.

use crate::cluster::store::WatchEvent;

pub(super) fn check(newest: &mut u64, event: &WatchEvent) -> Result<(), String> {
    let version = event.object.meta.resource_version;
    if version <= *newest {
        return Err(format!("{} got version {version} after {newest}", event.object.key()));
    }
    *newest = version;
    Ok(())
}
