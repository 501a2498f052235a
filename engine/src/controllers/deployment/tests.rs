//! Deployments in small worlds, against the recording of one.

use serde_json::{Value, json};

use crate::api::kind::Kind;
use crate::api::object::Key;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::store::Verb;
use crate::controllers::testing::{create, lines, world};

fn deployment(strategy: Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
        "spec": {
            "replicas": 3, "strategy": strategy, "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "nginx", "image": "nginx:1.25"}]}},
        },
    })
}

fn set_image(world: &mut World, key: &Key, image: &str) {
    let image = image.to_owned();
    let changed = world.amend(key, |value| {
        value["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image);
        Ok(())
    });
    assert!(changed.is_ok());
}

fn scale(world: &mut World, key: &Key, replicas: i64) {
    let changed = world.amend(key, |value| {
        value["spec"]["replicas"] = json!(replicas);
        Ok(())
    });
    assert!(changed.is_ok());
}

fn scalings(world: &World) -> Vec<String> {
    // The hashes differ: number the ReplicaSets in order of appearance.
    let mut names: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    for line in lines(world).into_iter().filter(|line| line.contains("ScalingReplicaSet")) {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let Some(place) = words.iter().position(|word| word.starts_with("web-")) else { continue };
        let number = names.iter().position(|name| *name == words[place]).unwrap_or_else(|| {
            names.push(words[place].clone());
            names.len() - 1
        });
        words[place] = format!("#{number}");
        let from = words.iter().position(|word| word == "Scaled").unwrap_or(0);
        seen.push(words[from..].join(" "));
    }
    seen
}

fn status(world: &World, key: &Key) -> Value {
    world.store.get(key).map(|object| object.to_value(world.settings.epoch)["status"].clone()).unwrap_or_default()
}

#[test]
fn a_rollout_a_bad_image_an_undo_and_scaling_go_as_recorded() {
    // 14-deployment.
    let mut world = world();
    let key =
        create(&mut world, deployment(json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}})));
    world.advance_to(30_000);
    assert_eq!(status(&world, &key)["availableReplicas"], json!(3));
    assert_eq!(status(&world, &key)["conditions"][1]["reason"], json!("NewReplicaSetAvailable"));
    set_image(&mut world, &key, "nginx:1.26");
    world.advance_to(90_000);
    set_image(&mut world, &key, "nginx:bad");
    world.advance_to(110_000);
    assert_eq!(status(&world, &key)["updatedReplicas"], json!(1));
    set_image(&mut world, &key, "nginx:1.26");
    world.advance_to(140_000);
    scale(&mut world, &key, 5);
    world.advance_to(170_000);
    scale(&mut world, &key, 2);
    world.advance_to(200_000);
    assert_eq!(
        scalings(&world),
        [
            "Scaled up replica set #0 from 0 to 3",
            "Scaled up replica set #1 from 0 to 1",
            "Scaled down replica set #0 from 3 to 2",
            "Scaled up replica set #1 from 1 to 2",
            "Scaled down replica set #0 from 2 to 1",
            "Scaled up replica set #1 from 2 to 3",
            "Scaled down replica set #0 from 1 to 0",
            "Scaled up replica set #2 from 0 to 1",
            "Scaled down replica set #2 from 1 to 0",
            "Scaled up replica set #1 from 3 to 5",
            "Scaled down replica set #1 from 5 to 2",
        ]
    );
    let revision = world.store.get(&key).and_then(|object| object.meta.annotation("deployment.kubernetes.io/revision").map(str::to_owned));
    assert_eq!(revision.as_deref(), Some("4"));
    let _ = world.delete(&key, &DeleteOptions::default());
    world.advance_to(260_000);
    assert_eq!(world.store.list(Kind::ReplicaSet, "default").count(), 0);
    assert_eq!(world.store.list(Kind::Pod, "default").count(), 0);
}

#[test]
fn recreate_waits_for_the_last_old_pod() {
    let mut world = world();
    let key = create(&mut world, deployment(json!({"type": "Recreate"})));
    world.advance_to(30_000);
    world.store.log.clear();
    set_image(&mut world, &key, "nginx:1.26");
    world.advance_to(120_000);
    let pods: Vec<&str> = world
        .store
        .log
        .iter()
        .filter(|event| event.object.kind() == Kind::Pod)
        .map(|event| event.verb.as_str())
        .filter(|verb| *verb != "MODIFIED")
        .collect();
    let last_gone = pods.iter().position(|verb| *verb == "ADDED");
    assert!(last_gone.is_some());
    assert_eq!(status(&world, &key)["availableReplicas"], json!(3));
}

#[test]
fn a_deleted_pod_is_replaced_at_once() {
    let mut world = world();
    create(&mut world, deployment(json!({})));
    world.advance_to(30_000);
    let pod = world.store.list(Kind::Pod, "default").next().map(|pod| pod.key());
    world.store.log.clear();
    if let Some(pod) = pod {
        let _ = world.delete(&pod, &DeleteOptions::default());
    }
    world.advance_to(world.now_ms() + 50);
    assert!(lines(&world).iter().any(|line| line.contains("SuccessfulCreate: Created pod: web-")));
}

/// How many objects of a kind there are in `default`, and the moments at which one came or went.
fn moments(world: &World, kind: Kind, verb: Verb) -> Vec<Ms> {
    let log = world.store.log.iter().filter(|event| event.object.kind() == kind && event.verb == verb);
    log.filter(|event| &*event.object.meta.namespace == "default").map(|event| event.at_ms).collect()
}

#[test]
fn a_hundred_pods_take_as_long_as_the_client_has_them_wait() {
    let mut world = world();
    let key = create(&mut world, deployment(json!({})));
    world.advance_to(10_000);
    world.store.log.clear();
    scale(&mut world, &key, 103);
    world.advance_to(11_000);
    let made = moments(&world, Kind::Pod, Verb::Added);
    // Batches of 1, 2, 4, 8 and the beginning of the next ask for 30 calls, with an Event's beside each.
    let at_once = made.iter().filter(|at_ms| **at_ms < made[0] + 50).count();
    assert!((24..=28).contains(&at_once), "{at_once}");
    world.advance_to(40_000);
    let made = moments(&world, Kind::Pod, Verb::Added);
    assert_eq!(made.len(), 100);
    let rest: Vec<Ms> = made[at_once..].to_vec();
    assert!(rest.windows(2).all(|pair| 50 <= pair[1] - pair[0]), "{rest:?}");
    let told = world.store.log.iter().filter(|event| event.object.event().is_some_and(|event| event.source == "replicaset-controller"));
    assert_eq!(told.count(), 22, "25 Events about one object, 3 of them before");
    assert_eq!(status(&world, &key)["readyReplicas"], json!(103));
    world.store.log.clear();
    scale(&mut world, &key, 3);
    world.advance_to(41_000);
    let stay = world.store.list(Kind::Pod, "default").filter(|pod| !pod.meta.terminating()).count();
    assert!((53..=56).contains(&stay), "{stay}");
    world.advance_to(60_000);
    assert_eq!(world.store.list(Kind::Pod, "default").count(), 3);
}

#[test]
fn a_replica_set_that_goes_while_its_pods_are_made_takes_them_along() {
    let mut world = world();
    let mut value = deployment(json!({}));
    value["spec"]["replicas"] = json!(200);
    let key = create(&mut world, value);
    world.advance_to(2_000);
    assert!(world.store.list(Kind::Pod, "default").count() > 30);
    let _ = world.delete(&key, &DeleteOptions::default());
    world.advance_to(60_000);
    assert_eq!(world.store.list(Kind::Pod, "default").count(), 0);
}
