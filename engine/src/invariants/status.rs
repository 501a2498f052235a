//! At rest the status of a set equals a recount of its pods.

use crate::api::kind::Kind;
use crate::api::pod::{Phase, Pod};
use crate::cluster::World;

pub(super) fn check(world: &World) -> Result<(), String> {
    for set in world.store.all(Kind::StatefulSet) {
        let Some(body) = set.statefulset().filter(|_| !set.meta.terminating()) else { continue };
        let pods = || world.store.owned_of_kind(set.meta.uid, Kind::Pod);
        let count = pods().count();
        let running = |pod: &Pod| pod.status.phase == Phase::Running && pod.ready();
        let ready = pods().filter(|pod| pod.pod().is_some_and(running)).count();
        let written = (body.status.replicas, body.status.ready_replicas, body.status.observed_generation);
        let counted = (i64::try_from(count).unwrap_or(0), i64::try_from(ready).unwrap_or(0), set.meta.generation);
        if written != counted {
            return Err(format!("{}: (replicas, ready, generation) are written as {written:?} and counted as {counted:?}", set.meta.name));
        }
    }
    Ok(())
}
