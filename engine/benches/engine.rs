//! Host time of the engine's main jobs, and how it grows: `cargo xtask bench`.
//! A measurement, not a test: it never fails. The real control function's time for the same work stands beside ours.

use std::time::{Duration, Instant};

use serde_json::json;
use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use statefulset_engine::api::pod::Pod;
use statefulset_engine::api::statefulset::StatefulSetStatus;
use statefulset_engine::cluster::World;
use statefulset_engine::settings::Settings;

/// The best of this many runs counts: what is slower was disturbed.
const RUNS: usize = 3;

fn set(name: &str, replicas: u32, policy: &str, image: &str, claims: bool) -> serde_json::Value {
    let mut set = json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": name},
        "spec": {
            "replicas": replicas, "serviceName": name, "podManagementPolicy": policy,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "nginx", "image": image, "ports": [{"containerPort": 80, "name": "web"}]}]},
            },
        },
    });
    if claims {
        set["spec"]["volumeClaimTemplates"] = json!([{
            "metadata": {"name": "www"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        }]);
        set["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] = json!([{"name": "www", "mountPath": "/data"}]);
    }
    set
}

fn world(replicas: u32) -> World {
    let nodes = (replicas / 100 + 1).max(3);
    let mut settings = Settings { nodes, ..Settings::default() };
    settings.kubelet.run_ms = Some(700);
    World::fresh(settings)
}

fn apply(world: &mut World, name: &str, replicas: u32, policy: &str, claims: bool) {
    let service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"clusterIP": "None", "selector": {"app": name}, "ports": [{"port": 80, "name": "web"}]},
    });
    world.create(service, "default").expect("a valid Service");
    world.create(set(name, replicas, policy, "nginx:1", claims), "default").expect("a valid set");
}

/// Lets time go by until the sets are as asked.
fn until_settled(world: &mut World, names: &[String], replicas: u32) {
    let settled = |world: &World| {
        names.iter().all(|name| {
            world.store.find(Kind::StatefulSet, "default", name).is_some_and(|set| {
                let seen = |status: &StatefulSetStatus| status.observed_generation == set.meta.generation;
                let whole = |status: &StatefulSetStatus| [status.ready_replicas, status.updated_replicas] == [i64::from(replicas); 2];
                set.statefulset().is_some_and(|body| seen(&body.status) && whole(&body.status))
            })
        })
    };
    while !settled(world) && world.step() {}
    let ready = world.store.list(Kind::Pod, "default").filter(|pod| pod.pod().is_some_and(Pod::ready)).count();
    assert_eq!(ready, names.len() * replicas as usize);
}

fn best(mut job: impl FnMut() -> Duration) -> Duration {
    (0..RUNS).map(|_| job()).min().unwrap_or_default()
}

fn create(replicas: u32, policy: &str, claims: bool) -> Duration {
    best(|| {
        let mut world = world(replicas);
        let start = Instant::now();
        apply(&mut world, "web", replicas, policy, claims);
        until_settled(&mut world, &["web".to_owned()], replicas);
        start.elapsed()
    })
}

fn update(replicas: u32, policy: &str) -> Duration {
    best(|| {
        let mut world = world(replicas);
        apply(&mut world, "web", replicas, policy, true);
        until_settled(&mut world, &["web".to_owned()], replicas);
        let key = Key::new(Kind::StatefulSet, "default", "web");
        let start = Instant::now();
        let changed = world.amend(&key, |value| {
            value["spec"]["template"]["spec"]["containers"][0]["image"] = json!("nginx:2");
            Ok(())
        });
        changed.expect("a valid change");
        until_settled(&mut world, &["web".to_owned()], replicas);
        start.elapsed()
    })
}

fn many_sets() -> Duration {
    best(|| {
        let mut world = world(10_000);
        let names: Vec<String> = (0..10).map(|number| format!("set{number}")).collect();
        let start = Instant::now();
        for name in &names {
            apply(&mut world, name, 990, "Parallel", false);
        }
        until_settled(&mut world, &names, 990);
        start.elapsed()
    })
}

fn idle_look() -> Duration {
    let mut world = world(1_000);
    apply(&mut world, "web", 1_000, "Parallel", true);
    until_settled(&mut world, &["web".to_owned()], 1_000);
    let now = world.now_ms();
    world.advance_to(now + 600_000);
    let key = Key::new(Kind::StatefulSet, "default", "web");
    best(|| {
        let start = Instant::now();
        statefulset_engine::controllers::statefulset::sync(&mut world, &key);
        start.elapsed()
    })
}

fn row(work: &str, ours: Duration, real_ms: Option<f64>) {
    let ms = ours.as_secs_f64() * 1000.0;
    let ratio = real_ms.map_or(String::new(), |real| format!("{:>8.0} ms {:>7.0}x", real, real / ms));
    println!("{work:<48} {ms:>10.3} ms {ratio}");
}

fn main() {
    if let Some(job) = std::env::args().nth(1).filter(|job| job == "profile") {
        println!("{job}: {:?}", create(1_000, "OrderedReady", true));
        return;
    }
    println!("{:<48} {:>13} {:>11} {:>8}", "work", "ours", "real", "ratio");
    // The real control function over in-memory fakes, without API server, kubelet, scheduler or claims.
    row("100 replicas to Ready, OrderedReady, claims", create(100, "OrderedReady", true), Some(86.0));
    row("1,000 replicas to Ready, OrderedReady, claims", create(1_000, "OrderedReady", true), Some(4_240.0));
    row("1,000 replicas to Ready, OrderedReady", create(1_000, "OrderedReady", false), Some(4_240.0));
    row("1,000 replicas to Ready, Parallel, claims", create(1_000, "Parallel", true), Some(22.0));
    row("1,000 replicas updated, OrderedReady, claims", update(1_000, "OrderedReady"), Some(6_363.0));
    row("9,900 pods in 10 sets, Parallel", many_sets(), None);
    row("one look at an idle set of 1,000", idle_look(), Some(3.486));
    println!("\nhow creation grows, OrderedReady with claims");
    for replicas in [10, 100, 1_000] {
        let time = create(replicas, "OrderedReady", true);
        println!(
            "{replicas:>8} replicas {:>10.3} ms, {:>7.1} us a replica",
            time.as_secs_f64() * 1e3,
            time.as_secs_f64() * 1e6 / f64::from(replicas)
        );
    }
}
