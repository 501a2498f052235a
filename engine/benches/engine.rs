//! Host time and allocations of the engine's main jobs, and how they grow: `cargo xtask bench`.
//! A measurement, not a test: it never fails. The real control function's time for the same work stands beside ours.

use std::alloc::System;
use std::time::{Duration, Instant};

use serde_json::json;
use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use statefulset_engine::api::pod::Pod;
use statefulset_engine::api::statefulset::StatefulSetStatus;
use statefulset_engine::cluster::World;
use statefulset_engine::settings::Settings;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

/// Counts what is allocated.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The best of this many runs counts: what is slower was disturbed.
const RUNS: usize = 12;

/// What a job took.
#[derive(Clone, Copy)]
struct Cost {
    time: Duration,
    allocations: usize,
    bytes: usize,
    /// How many changes were written.
    changes: usize,
}

impl Cost {
    fn of(world: &mut World, job: impl FnOnce(&mut World)) -> Self {
        let before = world.store.log.len();
        let region = Region::new(ALLOCATOR);
        let start = Instant::now();
        job(world);
        let time = start.elapsed();
        let stats = region.change();
        Self { time, allocations: stats.allocations, bytes: stats.bytes_allocated, changes: world.store.log.len() - before }
    }

    fn ms(&self) -> f64 {
        self.time.as_secs_f64() * 1e3
    }
}

/// A job: its work, and what is asked of a cluster.
#[derive(Clone, Copy)]
struct Sets {
    count: usize,
    replicas: u32,
    policy: &'static str,
    claims: bool,
}

impl Sets {
    fn one(replicas: u32, policy: &'static str) -> Self {
        Self { count: 1, replicas, policy, claims: true }
    }

    fn names(self) -> impl Iterator<Item = String> {
        (0..self.count).map(|number| format!("web{number}"))
    }

    fn world(self) -> World {
        let pods = self.replicas * u32::try_from(self.count).unwrap_or(1);
        let mut settings = Settings { nodes: (pods / 100 + 1).max(3), ..Settings::default() };
        settings.kubelet.run_ms = Some(700);
        World::fresh(settings)
    }

    fn apply(self, world: &mut World) {
        for name in self.names() {
            let service = json!({
                "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
                "spec": {"clusterIP": "None", "selector": {"app": name}, "ports": [{"port": 80, "name": "web"}]},
            });
            world.create(service, "default").expect("a valid Service");
            world.create(self.manifest(&name), "default").expect("a valid set");
        }
    }

    fn manifest(self, name: &str) -> serde_json::Value {
        let mut set = json!({
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": name},
            "spec": {
                "replicas": self.replicas, "serviceName": name, "podManagementPolicy": self.policy,
                "selector": {"matchLabels": {"app": name}},
                "template": {
                    "metadata": {"labels": {"app": name}},
                    "spec": {"containers": [{"name": "nginx", "image": "nginx:1", "ports": [{"containerPort": 80, "name": "web"}]}]},
                },
            },
        });
        if self.claims {
            set["spec"]["volumeClaimTemplates"] = json!([{
                "metadata": {"name": "www"},
                "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
            }]);
            set["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] = json!([{"name": "www", "mountPath": "/data"}]);
        }
        set
    }

    /// Lets time go by until the sets are as asked.
    fn settle(self, world: &mut World) {
        let settled = |world: &World| {
            self.names().all(|name| {
                world.store.find(Kind::StatefulSet, "default", &name).is_some_and(|set| {
                    let seen = |status: &StatefulSetStatus| status.observed_generation == set.meta.generation;
                    let replicas = i64::from(self.replicas);
                    let whole = |status: &StatefulSetStatus| [status.ready_replicas, status.updated_replicas] == [replicas; 2];
                    set.statefulset().is_some_and(|body| seen(&body.status) && whole(&body.status))
                })
            })
        };
        // Only a write to a set can settle it.
        let written = |world: &World| world.store.log.last().is_some_and(|event| event.object.kind() == Kind::StatefulSet);
        while world.step() {
            if written(world) && settled(world) {
                break;
            }
        }
        let ready = world.store.list(Kind::Pod, "default").filter(|pod| pod.pod().is_some_and(Pod::ready)).count();
        assert_eq!(ready, self.count * self.replicas as usize);
    }

    fn settled(self) -> World {
        let mut world = self.world();
        self.apply(&mut world);
        self.settle(&mut world);
        world
    }

    fn create(self) -> Cost {
        best(|| {
            Cost::of(&mut self.world(), |world| {
                self.apply(world);
                self.settle(world);
            })
        })
    }

    fn change_image(self, world: &mut World) {
        for name in self.names() {
            let changed = world.amend(&Key::new(Kind::StatefulSet, "default", name), |value| {
                value["spec"]["template"]["spec"]["containers"][0]["image"] = json!("nginx:2");
                Ok(())
            });
            changed.expect("a valid change");
        }
    }

    fn update(self) -> Cost {
        best(|| {
            Cost::of(&mut self.settled(), |world| {
                self.change_image(world);
                self.settle(world);
            })
        })
    }

    /// One look at a set that wants nothing.
    fn idle(self) -> Cost {
        let mut world = self.settled();
        let now = world.now_ms();
        world.advance_to(now + 600_000);
        let key = Key::new(Kind::StatefulSet, "default", "web0");
        best(|| Cost::of(&mut world, |world| statefulset_engine::controllers::statefulset::sync(world, &key)))
    }

    /// A copy of a cluster that stands, as a fork of the past takes it.
    fn copy(self) -> Cost {
        let mut world = self.settled();
        let mut copies = Vec::new();
        best(|| Cost::of(&mut world, |world| copies.push(world.clone())))
    }
}

fn best(mut job: impl FnMut() -> Cost) -> Cost {
    let mut best = job();
    for _ in 1..RUNS {
        let cost = job();
        if cost.time < best.time {
            best = cost;
        }
    }
    best
}

fn row(work: &str, cost: Cost, real_ms: Option<f64>) {
    let ratio = real_ms.map_or(String::new(), |real| format!("{real:>9.0} ms {:>6.0}x", real / cost.ms()));
    let kilobytes = cost.bytes / 1024;
    println!("{work:<44} {:>9.3} ms {:>9} {kilobytes:>9} kB {ratio}", cost.ms(), cost.allocations);
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("profile") {
        let set = Sets::one(1_000, "OrderedReady");
        let mut world = set.world();
        set.apply(&mut world);
        set.settle(&mut world);
        if arguments.next().as_deref() == Some("update") {
            set.change_image(&mut world);
            set.settle(&mut world);
        }
        return;
    }
    println!("{:<44} {:>12} {:>9} {:>12} {:>12} {:>7}", "work", "ours", "allocated", "bytes", "real", "ratio");
    let set = Sets::one;
    // The real control function over in-memory fakes, without API server, kubelet, scheduler or claims.
    row("100 replicas to Ready, OrderedReady", set(100, "OrderedReady").create(), Some(86.0));
    row("1,000 replicas to Ready, OrderedReady", set(1_000, "OrderedReady").create(), Some(4_240.0));
    row("the same without claims", Sets { claims: false, ..set(1_000, "OrderedReady") }.create(), Some(4_240.0));
    row("1,000 replicas to Ready, Parallel", set(1_000, "Parallel").create(), Some(22.0));
    row("1,000 replicas updated, OrderedReady", set(1_000, "OrderedReady").update(), Some(6_363.0));
    row("1,000 replicas updated, Parallel", set(1_000, "Parallel").update(), Some(11_052.0));
    row("9,900 pods in 10 sets, Parallel", Sets { count: 10, replicas: 990, policy: "Parallel", claims: false }.create(), None);
    row("one reconcile of an idle set of 1,000", set(1_000, "Parallel").idle(), Some(3.486));
    row("a copy of a cluster with 1,000 replicas", set(1_000, "Parallel").copy(), None);
    println!("\nhow creation grows, OrderedReady with claims");
    for replicas in [10, 100, 1_000, 9_900] {
        let cost = set(replicas, "OrderedReady").create();
        let per_change_ns = cost.time.as_secs_f64() * 1e9 / cost.changes as f64;
        println!(
            "{replicas:>8} replicas {:>10.3} ms {:>8} changes {per_change_ns:>7.0} ns and {:>5.1} allocations a change",
            cost.ms(),
            cost.changes,
            cost.allocations as f64 / cost.changes as f64
        );
    }
}
