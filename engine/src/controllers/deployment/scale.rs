//! Setting how many pods a ReplicaSet asks for, also in proportion while several have pods.
//! It must not know which revision is new. Follows `pkg/controller/deployment/sync.go` (`scale`) 1.36.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::workload::Workload;
use crate::cluster::World;
use crate::cluster::recorder::Remark;
use crate::order;

use super::rolling::surge;
use super::sets::{Sets, available, replicas};

/// The annotation that keeps how many pods the Deployment asked for.
pub(super) const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
/// The annotation that keeps how many pods the Deployment may have at most.
pub(super) const MAX: &str = "deployment.kubernetes.io/max-replicas";

const SOURCE: &str = "deployment-controller";

/// Notes on a ReplicaSet what its Deployment asks for.
pub(super) fn annotate(set: &mut Object, deployment: &Workload) {
    for (key, count) in [(DESIRED, deployment.replicas), (MAX, deployment.replicas + surge(deployment))] {
        let count = count.to_string();
        if set.meta.annotation(key) != Some(&count) {
            set.meta.annotate(key, &count);
        }
    }
}

fn noted(set: &Object, key: &str) -> Option<i64> {
    set.meta.annotation(key).and_then(|text| text.parse().ok())
}

/// Says that a ReplicaSet was scaled.
pub(super) fn tell(world: &mut World, object: &Object, set: &str, from: i64, to: i64) {
    let way = if from < to { "up" } else { "down" };
    let message = format!("Scaled {way} replica set {set} from {from} to {to}");
    world.record(Kind::Deployment, &object.meta, Remark::normal(SOURCE, "ScalingReplicaSet", message));
}

/// Sets how many pods a ReplicaSet asks for; whether that changed.
pub(super) fn set(world: &mut World, object: &Object, deployment: &Workload, set: &Object, to: i64) -> bool {
    let from = replicas(set);
    world.change(&set.key(), |stored| {
        annotate(stored, deployment);
        if let Some(body) = stored.replica_set_mut() {
            body.replicas = to;
        }
    });
    if from == to {
        return false;
    }
    tell(world, object, &set.meta.name, from, to);
    true
}

/// Whether the Deployment was scaled since its ReplicaSets were last written.
pub(super) fn is_due(deployment: &Workload, sets: &Sets) -> bool {
    sets.all().any(|set| replicas(set) > 0 && noted(set, DESIRED).is_some_and(|desired| desired != deployment.replicas))
}

/// Scales the ReplicaSets of a Deployment that is not being rolled out.
pub(super) fn all(world: &mut World, object: &Object, deployment: &Workload, sets: &Sets) {
    let active: Vec<Rc<Object>> = sets.all().filter(|set| replicas(set) > 0).cloned().collect();
    let only = match active.as_slice() {
        [] => sets.new.clone().or_else(|| sets.old.last().cloned()),
        [only] => Some(only.clone()),
        _ => None,
    };
    if let Some(only) = only {
        if replicas(&only) != deployment.replicas {
            set(world, object, deployment, &only, deployment.replicas);
        }
        return;
    }
    if sets.new.as_deref().is_some_and(|new| is_saturated(deployment, new)) {
        for old in sets.old.iter().filter(|set| replicas(set) > 0) {
            set(world, object, deployment, old, 0);
        }
        return;
    }
    if !deployment.recreate {
        in_proportion(world, object, deployment, active);
    }
}

fn is_saturated(deployment: &Workload, set: &Object) -> bool {
    noted(set, DESIRED) == Some(replicas(set)) && replicas(set) == deployment.replicas && available(set) == deployment.replicas
}

/// Shares out what is to be added or taken away by size, larger ReplicaSets first; what is left goes to the first.
fn in_proportion(world: &mut World, object: &Object, deployment: &Workload, mut active: Vec<Rc<Object>>) {
    let asked: i64 = active.iter().map(|set| replicas(set)).sum();
    let allowed = if 0 < deployment.replicas { deployment.replicas + surge(deployment) } else { 0 };
    let to_add = allowed - asked;
    order::sort_by(&mut active, |left, right| {
        let by_size = replicas(right).cmp(&replicas(left));
        let by_age = if 0 < to_add {
            right.meta.creation_ms.cmp(&left.meta.creation_ms)
        } else {
            left.meta.creation_ms.cmp(&right.meta.creation_ms)
        };
        by_size.then(by_age)
    });
    let mut added = 0;
    let mut sizes: Vec<i64> = Vec::new();
    for set in &active {
        let mut size = replicas(set);
        if to_add != 0 {
            let before = noted(set, MAX).filter(|max| *max != 0).unwrap_or(asked.max(1));
            let fraction = (2 * size * allowed + before).div_euclid(2 * before) - size;
            let left = to_add - added;
            let share = if 0 < to_add { fraction.min(left) } else { fraction.max(left) };
            size += share;
            added += share;
        }
        sizes.push(size);
    }
    if let Some(first) = sizes.first_mut() {
        *first = (*first + to_add - added).max(0);
    }
    for (one, size) in active.iter().zip(sizes) {
        set(world, object, deployment, one, size);
    }
}
