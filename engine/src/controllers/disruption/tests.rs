//! Budgets and evictions in small worlds.

use serde_json::json;

use super::*;
use crate::controllers::testing::{create, pod, world};

fn budget(world: &World, key: &Key) -> (i64, i64, i64, i64) {
    let status = world.store.get(key).and_then(|object| object.budget()).map(|budget| budget.status.clone()).unwrap_or_default();
    (status.current_healthy, status.desired_healthy, status.disruptions_allowed, status.expected_pods)
}

fn pods(world: &mut World, count: usize) {
    for ordinal in 0..count {
        create(world, pod(&format!("web-{ordinal}"), &[], json!({})));
    }
    world.advance_to(60_000);
}

#[test]
fn a_budget_refuses_in_the_recorded_words_until_it_allows_one() {
    // 13-drain-cordon, 6982 to 24814.
    let mut world = world();
    pods(&mut world, 4);
    let key = create(
        &mut world,
        json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}, "spec": {"minAvailable": 4, "selector": {"matchLabels": {"app": "nginx"}}}}),
    );
    world.advance_to(61_000);
    assert_eq!(budget(&world, &key), (4, 4, 0, 4));
    let first = Key::new(Kind::Pod, "default", "web-3");
    let second = Key::new(Kind::Pod, "default", "web-0");
    let refused = evict(&mut world, &first).err();
    assert_eq!(refused.map(|status| status.message), Some("Cannot evict pod as it would violate the pod's disruption budget.".to_owned()));
    let changed = world.amend(&key, |value| {
        value["spec"]["minAvailable"] = json!(3);
        Ok(())
    });
    assert!(changed.is_ok());
    world.advance_to(62_000);
    assert_eq!(budget(&world, &key), (4, 3, 1, 4));
    assert!(evict(&mut world, &first).is_ok());
    assert_eq!(budget(&world, &key), (4, 3, 0, 4));
    assert!(evict(&mut world, &second).is_err());
    world.advance_to(62_100);
    assert_eq!(budget(&world, &key), (3, 3, 0, 4));
    let target = world
        .store
        .get(&first)
        .and_then(|object| object.pod()?.condition("DisruptionTarget").map(|condition| condition.reason.to_string()));
    assert_eq!(target.as_deref(), Some("EvictionByEvictionAPI"));
}

#[test]
fn without_a_budget_a_pod_is_evicted_at_once() {
    let mut world = world();
    pods(&mut world, 1);
    let key = Key::new(Kind::Pod, "default", "web-0");
    assert!(evict(&mut world, &key).is_ok());
    assert!(world.store.get(&key).is_some_and(|pod| pod.meta.terminating()));
}
