//! At rest the status of a set equals a recount of its pods.

use crate::api::kind::Kind;
use crate::api::pod::{Phase, Pod};
use crate::cluster::World;
use crate::controllers::statefulset::rules;

pub(super) fn check(world: &World) -> Result<(), String> {
    for set in world.store.all(Kind::StatefulSet) {
        let Some(body) = set.statefulset().filter(|_| !set.meta.terminating()) else { continue };
        // A set whose syncs fail is not at rest, however long it tries: the real controller, too, can come to a status that
        // the API server refuses each time.
        if world.decisions.about(&set.key()).is_some_and(|decision| decision.rule == rules::IS_REFUSED) {
            continue;
        }
        let pods = || world.store.owned_of_kind(set.meta.uid, Kind::Pod);
        let count = pods().count();
        let running = |pod: &Pod| pod.status.phase == Phase::Running && pod.ready();
        let ready = pods().filter(|pod| pod.pod().is_some_and(running)).count();
        let at = |revision: &str| {
            let made_from = |pod: &&std::rc::Rc<crate::api::object::Object>| pod.meta.label("controller-revision-hash") == Some(revision);
            pods().filter(made_from).filter(|pod| !pod.meta.terminating()).count()
        };
        let status = &body.status;
        let number = |count: usize| i64::try_from(count).unwrap_or(0);
        let written =
            [status.replicas, status.ready_replicas, status.available_replicas, status.updated_replicas, status.observed_generation];
        let counted = [number(count), number(ready), number(ready), number(at(&status.update_revision)), set.meta.generation];
        if written != counted {
            let words = "(replicas, ready, available, updated, generation)";
            return Err(format!("{}: {words} are written as {written:?} and counted as {counted:?}", set.meta.name));
        }
    }
    Ok(())
}
