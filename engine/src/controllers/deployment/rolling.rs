//! One step of a rolling update: more of the new, fewer of the old, within what may be missing and what may be too many.
//! It must not know how pods are made. Follows `pkg/controller/deployment/rolling.go` and `util/deployment_util.go` 1.36.

use std::rc::Rc;

use crate::api::object::Object;
use crate::api::workload::Workload;
use crate::cluster::World;

use super::scale;
use super::sets::{Sets, available, replicas};

/// How many pods may be too many.
pub(super) fn surge(deployment: &Workload) -> i64 {
    if deployment.recreate {
        return 0;
    }
    deployment.max_surge.map_or(0, |surge| surge.of_rounded_up(deployment.replicas))
}

/// How many pods may be missing.
pub(super) fn may_be_missing(deployment: &Workload) -> i64 {
    if deployment.recreate || deployment.replicas == 0 {
        return 0;
    }
    let missing = deployment.max_unavailable.map_or(0, |missing| missing.of(deployment.replicas));
    // With neither, nothing could ever move.
    let missing = if missing == 0 && surge(deployment) == 0 { 1 } else { missing };
    missing.min(deployment.replicas)
}

/// How many pods the new ReplicaSet is to ask for, where all together ask for `asked`.
pub(super) fn new_replicas(deployment: &Workload, new: Option<&Object>, asked: i64) -> i64 {
    let own = new.map_or(0, replicas);
    if deployment.recreate {
        return deployment.replicas;
    }
    let most = deployment.replicas + surge(deployment);
    if most <= asked {
        return own;
    }
    own + (most - asked).min(deployment.replicas - own)
}

/// Scales the new ReplicaSet; whether anything changed.
pub(super) fn grow_new(world: &mut World, object: &Object, deployment: &Workload, sets: &Sets) -> bool {
    let Some(new) = &sets.new else { return false };
    let own = replicas(new);
    if own == deployment.replicas {
        return false;
    }
    let wanted = if deployment.replicas < own { deployment.replicas } else { new_replicas(deployment, Some(new), sets.asked()) };
    scale::set(world, object, deployment, new, wanted)
}

/// Scales the old ReplicaSets down as far as the new one's pods allow; whether anything changed.
pub(super) fn shrink_old(world: &mut World, object: &Object, deployment: &Workload, sets: &Sets) -> bool {
    if sets.old.iter().all(|set| replicas(set) == 0) {
        return false;
    }
    let least = deployment.replicas - may_be_missing(deployment);
    let new_missing = sets.new.as_deref().map_or(0, |new| replicas(new) - available(new));
    let most = sets.asked() - least - new_missing;
    if most <= 0 {
        return false;
    }
    // First pods that do not work anyway.
    let mut sizes: Vec<(Rc<Object>, i64)> = sets.old.iter().map(|set| (set.clone(), replicas(set))).collect();
    let mut taken = 0;
    for (set, size) in &mut sizes {
        let broken = (*size - available(set)).max(0).min(most - taken);
        if *size == 0 || broken == 0 {
            continue;
        }
        scale::set(world, object, deployment, set, *size - broken);
        *size -= broken;
        taken += broken;
        if let Some(fresh) = world.get(&set.key()) {
            *set = fresh;
        }
    }
    let working: i64 = sets.all().map(|set| available(set)).sum();
    let mut spare = (working - least).max(0);
    let mut shrunk = 0 < taken;
    for (set, size) in &sizes {
        let less = (*size).min(spare);
        if less == 0 {
            continue;
        }
        scale::set(world, object, deployment, set, *size - less);
        spare -= less;
        shrunk = true;
    }
    shrunk
}
