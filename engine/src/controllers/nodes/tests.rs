//! Silent and cordoned nodes in small worlds.

use serde_json::json;

use super::*;
use crate::controllers::testing::{create, lines, pod, world};

fn taints(world: &World, node: &str) -> Vec<String> {
    let node = world.store.find(Kind::Node, "", node).and_then(|node| node.node());
    node.map(|node| node.taints.iter().map(|taint| format!("{}:{}", taint.key, taint.effect)).collect()).unwrap_or_default()
}

#[test]
fn a_cordoned_node_is_tainted_and_untainted() {
    let mut world = world();
    let key = Key::new(Kind::Node, "", "node-2");
    let cordon = |world: &mut World, cordoned: bool| {
        world.change(&key, |object| {
            if let Some(node) = object.node_mut() {
                node.unschedulable = cordoned;
            }
        });
        world.advance_to(world.now_ms() + 100);
    };
    cordon(&mut world, true);
    assert_eq!(taints(&world, "node-2"), ["node.kubernetes.io/unschedulable:NoSchedule"]);
    cordon(&mut world, false);
    assert!(taints(&world, "node-2").is_empty());
}

#[test]
fn a_silent_node_loses_its_pods_and_may_come_back() {
    // 13-node-notready, 7191 to 106802.
    let mut world = world();
    let tolerations =
        json!([{"effect": "NoExecute", "key": "node.kubernetes.io/unreachable", "operator": "Exists", "tolerationSeconds": 8}]);
    create(&mut world, pod("web-0", &[], json!({"tolerations": tolerations})));
    world.advance_to(3_000);
    let node = world
        .store
        .find(Kind::Pod, "default", "web-0")
        .and_then(|object| object.pod())
        .map(|pod| pod.node_name.clone())
        .unwrap_or_default();
    world.store.log.clear();
    set_silent(&mut world, &node, true);
    world.advance_to(3_000 + 70_000);
    let seen: Vec<String> = lines(&world).into_iter().filter(|line| line.contains("web-0") || line.contains("Node/")).collect();
    assert_eq!(
        seen,
        [
            format!("~ Node/{node}"),
            format!("+ Node/{node} NodeNotReady: Node {node} status is now: NodeNotReady"),
            format!("~ Pod/web-0 on {node}"),
            "+ Pod/web-0 NodeNotReady: Node is not ready".to_owned(),
            format!("~ Node/{node}"),
            format!("~ Node/{node}"),
            "+ Pod/web-0 TaintManagerEviction: Marking for deletion Pod default/web-0".to_owned(),
            format!("~ Pod/web-0 on {node}"),
            format!("~ Pod/web-0 on {node} going"),
        ]
    );
    assert_eq!(taints(&world, &node), ["node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute"]);
    set_silent(&mut world, &node, false);
    world.advance_to(world.now_ms() + 10_000);
    assert!(taints(&world, &node).is_empty());
    assert!(world.store.find(Kind::Pod, "default", "web-0").is_none(), "the kubelet ends it once it answers");
}

#[test]
fn a_pod_that_bears_the_taint_stays_when_the_node_is_back_in_time() {
    let mut world = world();
    let tolerations =
        json!([{"effect": "NoExecute", "key": "node.kubernetes.io/unreachable", "operator": "Exists", "tolerationSeconds": 300}]);
    create(&mut world, pod("web-0", &[], json!({"tolerations": tolerations})));
    world.advance_to(3_000);
    let node = world
        .store
        .find(Kind::Pod, "default", "web-0")
        .and_then(|object| object.pod())
        .map(|pod| pod.node_name.clone())
        .unwrap_or_default();
    set_silent(&mut world, &node, true);
    world.advance_to(100_000);
    set_silent(&mut world, &node, false);
    world.advance_to(400_000);
    let pod = world.store.find(Kind::Pod, "default", "web-0").and_then(|object| object.pod());
    assert!(pod.is_some_and(|pod| pod.ready()));
    assert!(lines(&world).iter().any(|line| line.contains("Cancelling deletion of Pod default/web-0")));
}
