//! The scheduler in small worlds.

use serde_json::{Value, json};

use crate::api::kind::Kind;
use crate::api::object::Key;
use crate::cluster::World;
use crate::controllers::testing::{create, pod, world};
use crate::settings::Settings;

fn node_of(world: &World, name: &str) -> String {
    world.store.find(Kind::Pod, "default", name).and_then(|object| object.pod()).map(|pod| pod.node_name.to_string()).unwrap_or_default()
}

fn message(world: &World, name: &str) -> String {
    let pod = world.store.find(Kind::Pod, "default", name).and_then(|object| object.pod());
    pod.and_then(|pod| pod.condition("PodScheduled")).map(|condition| condition.message.to_string()).unwrap_or_default()
}

fn cordon(world: &mut World, node: &str, cordoned: bool) {
    world.change(&Key::new(Kind::Node, "", node), |object| {
        if let Some(node) = object.node_mut() {
            node.unschedulable = cordoned;
        }
    });
}

fn alone() -> Value {
    json!({"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
        {"labelSelector": {"matchLabels": {"app": "nginx"}}, "topologyKey": "kubernetes.io/hostname"},
    ]}}})
}

#[test]
fn pods_spread_over_the_nodes() {
    let mut world = world();
    for ordinal in 0..6 {
        create(&mut world, pod(&format!("web-{ordinal}"), &[], json!({})));
        world.advance_to(world.now_ms() + 100);
    }
    let nodes: Vec<String> = (0..6).map(|ordinal| node_of(&world, &format!("web-{ordinal}"))).collect();
    for node in ["node-1", "node-2", "node-3"] {
        assert_eq!(nodes.iter().filter(|name| *name == node).count(), 2, "{nodes:?}");
    }
}

#[test]
fn cordoned_nodes_are_named_in_the_recorded_words_and_tried_again() {
    // 13-drain-cordon, 27279.
    let mut world = world();
    for node in ["node-1", "node-2", "node-3"] {
        cordon(&mut world, node, true);
    }
    world.advance_to(100);
    create(&mut world, pod("web", &[], json!({})));
    world.advance_to(200);
    assert_eq!(
        message(&world, "web"),
        "0/3 nodes are available: 3 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    );
    cordon(&mut world, "node-2", false);
    world.advance_to(300);
    assert_eq!(node_of(&world, "web"), "node-2");
}

#[test]
fn a_missing_claim_is_named() {
    let mut world = world();
    create(&mut world, pod("web", &["www"], json!({})));
    world.advance_to(100);
    assert_eq!(message(&world, "web"), "0/3 nodes are available: persistentvolumeclaim \"www\" not found. not found");
}

#[test]
fn anti_affinity_leaves_a_pod_pending_where_the_nodes_are_fixed() {
    let mut world = world();
    for ordinal in 0..4 {
        create(&mut world, pod(&format!("web-{ordinal}"), &[], alone()));
        world.advance_to(world.now_ms() + 100);
    }
    assert_eq!(
        message(&world, "web-3"),
        "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod."
    );
}

#[test]
fn the_sandbox_adds_a_node_for_a_replica_that_must_stand_alone() {
    let mut world = World::fresh(Settings::default());
    for ordinal in 0..4 {
        let mut value = pod(&format!("web-{ordinal}"), &[], alone());
        value["metadata"]["ownerReferences"] = json!([{"apiVersion": "example.com/v1", "kind": "Thing", "name": "web", "uid": "00000000-0000-4000-8000-000000000001", "controller": true}]);
        create(&mut world, value);
        world.advance_to(world.now_ms() + 100);
    }
    assert_eq!(node_of(&world, "web-3"), "node-4");
    assert!(world.decisions.log().iter().any(|decision| decision.rule == "sandbox-adds-node"));
}

#[test]
fn affinity_and_selectors_bound_the_choice() {
    let mut world = world();
    create(&mut world, pod("here", &[], json!({"nodeSelector": {"kubernetes.io/hostname": "node-3"}})));
    world.advance_to(100);
    assert_eq!(node_of(&world, "here"), "node-3");
    let near = json!({"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
        {"labelSelector": {"matchLabels": {"app": "nginx"}}, "topologyKey": "kubernetes.io/hostname"},
    ]}}});
    create(&mut world, pod("near", &[], near));
    world.advance_to(200);
    assert_eq!(node_of(&world, "near"), "node-3");
    create(&mut world, pod("nowhere", &[], json!({"nodeSelector": {"disk": "ssd"}})));
    world.advance_to(300);
    assert_eq!(
        message(&world, "nowhere"),
        "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    );
}
