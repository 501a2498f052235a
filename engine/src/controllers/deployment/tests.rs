//! Deployments in small worlds, against the recording of one.

use serde_json::{Value, json};

use crate::api::kind::Kind;
use crate::api::object::Key;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::store::Verb;
use crate::controllers::testing::{create, lines, world};
use crate::settings::Version;

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

/// CoreDNS as kubeadm sets it up: volumes, probes, amounts, affinity, a security context.
fn core_dns(tag: &str) -> Value {
    let port = |name: &str, number: i64, protocol: &str| json!({"name": name, "containerPort": number, "protocol": protocol});
    let probe = |path: &str, port: &str| json!({"httpGet": {"path": path, "port": port, "scheme": "HTTP"}});
    let mut liveness = probe("/health", "liveness-probe");
    for (key, number) in [("initialDelaySeconds", 60), ("timeoutSeconds", 5), ("successThreshold", 1), ("failureThreshold", 5)] {
        liveness[key] = json!(number);
    }
    let near = json!({
        "labelSelector": {"matchExpressions": [{"key": "k8s-app", "operator": "In", "values": ["kube-dns"]}]},
        "topologyKey": "kubernetes.io/hostname",
    });
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "coredns"},
        "spec": {
            "replicas": 2, "selector": {"matchLabels": {"k8s-app": "kube-dns"}},
            "template": {
                "metadata": {"labels": {"k8s-app": "kube-dns"}},
                "spec": {
                    "affinity": {"podAntiAffinity": {
                        "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": near}],
                    }},
                    "containers": [{
                        "name": "coredns", "image": format!("registry.k8s.io/coredns/coredns:{tag}"), "imagePullPolicy": "IfNotPresent",
                        "args": ["-conf", "/etc/coredns/Corefile"],
                        "livenessProbe": liveness, "readinessProbe": probe("/ready", "readiness-probe"),
                        "ports": [
                            port("dns", 53, "UDP"), port("dns-tcp", 53, "TCP"), port("metrics", 9153, "TCP"),
                            port("liveness-probe", 8080, "TCP"), port("readiness-probe", 8181, "TCP"),
                        ],
                        "resources": {"limits": {"memory": "170Mi"}, "requests": {"cpu": "0.1", "memory": "70Mi"}},
                        "securityContext": {
                            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                            "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
                        },
                        "volumeMounts": [{"name": "config-volume", "mountPath": "/etc/coredns", "readOnly": true}],
                    }],
                    "dnsPolicy": "Default", "nodeSelector": {"kubernetes.io/os": "linux"},
                    "priorityClassName": "system-cluster-critical", "serviceAccountName": "coredns",
                    "tolerations": [
                        {"key": "CriticalAddonsOnly", "operator": "Exists"},
                        {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"},
                    ],
                    "volumes": [{
                        "name": "config-volume",
                        "configMap": {"name": "coredns", "items": [{"key": "Corefile", "path": "Corefile"}]},
                    }],
                },
            },
        },
    })
}

#[test]
fn core_dns_is_named_as_in_every_cluster_of_its_version() {
    for (version, tag, hash) in
        [(Version::V1_34, "v1.12.1", "66bc5c9577"), (Version::V1_35, "v1.13.1", "7d764666f9"), (Version::V1_36, "v1.14.2", "589f44dc88")]
    {
        let mut world = world();
        world.settings.version = version;
        create(&mut world, core_dns(tag));
        world.advance_to(1_000);
        let names: Vec<&str> = world.store.list(Kind::ReplicaSet, "default").map(|set| &*set.meta.name).collect();
        assert_eq!(names, [format!("coredns-{hash}")], "{tag}");
    }
}
