//! Random runs: manifests, commands, kubelet faults and node failures in an order that follows from a seed, with every
//! invariant checked after every event. A failing run is cut down to the acts that it takes, and printed with its seed.

use std::fmt::Write as _;

use serde_json::json;
use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use statefulset_engine::cluster::random::Random;
use statefulset_engine::controllers::{self, statefulset};
use statefulset_engine::invariants::Watcher;
use statefulset_engine::process::Streams;
use statefulset_engine::session::Session;
use statefulset_engine::settings::{KubeletRule, RuleMode, Settings, Version};

/// Runs in the ordinary test; the variable `RANDOM_RUNS` asks for more, and `RANDOM_SECONDS` for as many as fit in a time.
const RUNS: u64 = 250;
/// Events within which a sync is over.
const SYNC_EVENTS_MAX: usize = 500;
/// Acts of one run.
const ACTS: usize = 12;

/// A run that has not happened yet: all that it will do follows from this.
#[derive(Clone)]
struct Plan {
    seed: u64,
    version: Version,
    manifest: String,
    /// How long to wait before each act, and the act.
    acts: Vec<(u64, Act)>,
}

#[derive(Clone, Debug)]
enum Act {
    Command(String),
    /// What goes wrong with the pods whose names match.
    Rule(String, Option<RuleMode>),
    /// A node's kubelet falls silent, or answers again.
    Node(usize),
}

impl Plan {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let versions = [Version::V1_34, Version::V1_35, Version::V1_36, Version::V1_37];
        let version = versions[random.below("manifest", versions.len())];
        let manifest = manifest(&mut random);
        let acts = (0..ACTS).map(|_| (random.below("acts", 4_000) as u64, act(&mut random))).collect();
        Self { seed, version, manifest, acts }
    }

    /// Does it all.
    ///
    /// # Errors
    /// The first invariant that does not hold, in words.
    fn run(&self) -> Result<(), String> {
        let mut session = Session::new(Settings { seed: self.seed, version: self.version, ..Settings::default() });
        session.terminal.files.insert("web.yaml".into(), self.manifest.as_str().into());
        let mut watcher = Watcher::default();
        session.start("kubectl apply -f web.yaml", Streams::with_input(""));
        for (wait_ms, act) in &self.acts {
            let until_ms = session.world.now_ms() + wait_ms;
            pass(&mut session, &mut watcher, until_ms)?;
            match act {
                Act::Command(line) => {
                    session.start(line, Streams::with_input(""));
                }
                Act::Rule(pattern, mode) => {
                    let rules = &mut session.world.settings.kubelet.rules;
                    rules.clear();
                    let pattern = pattern.as_str().into();
                    rules.extend(mode.map(|mode| KubeletRule { pattern, mode: Some(mode), run_ms: None, term_ms: None, exit_code: None }));
                    controllers::kubelet_settings_changed(&mut session.world);
                }
                Act::Node(number) => {
                    let down = &mut session.world.settings.kubelet.nodes_down;
                    let node = format!("node-{number}").into();
                    if !down.remove(&node) {
                        down.insert(node);
                    }
                    controllers::kubelet_settings_changed(&mut session.world);
                }
            }
        }
        session.world.settings.kubelet.nodes_down.clear();
        session.world.settings.kubelet.rules.clear();
        controllers::kubelet_settings_changed(&mut session.world);
        let until_ms = session.world.now_ms() + 700_000;
        pass(&mut session, &mut watcher, until_ms)?;
        // A set whose syncs fail tries for ever, and is in the midst of a try now and then.
        let set = Key::new(Kind::StatefulSet, "default", "web");
        for _ in 0..SYNC_EVENTS_MAX {
            if statefulset::syncing_since_ms(&session.world, &set).is_none() {
                return watcher.look_at_rest(&session.world);
            }
            session.step();
            watcher.look(&session.world)?;
        }
        Err("a sync does not come to its end".to_owned())
    }

    /// The fewest of its acts that still fail.
    fn shrunk(mut self) -> (Self, String) {
        let mut words = self.run().expect_err("a run that fails fails again");
        let mut at = 0;
        while at < self.acts.len() {
            let mut fewer = self.clone();
            let (wait_ms, _) = fewer.acts.remove(at);
            if let Some((later_ms, _)) = fewer.acts.get_mut(at) {
                *later_ms += wait_ms;
            }
            match fewer.run() {
                Err(again) => (self, words) = (fewer, again),
                Ok(()) => at += 1,
            }
        }
        (self, words)
    }
}

fn manifest(random: &mut Random) -> String {
    let pick = |random: &mut Random, words: &[&str]| words[random.below("manifest", words.len())].to_owned();
    let strategy = match random.below("manifest", 5) {
        0 => json!({"type": "OnDelete"}),
        1 => json!({"type": "RollingUpdate"}),
        2 => json!({"rollingUpdate": {"partition": random.below("manifest", 4)}}),
        3 => json!({"rollingUpdate": {"maxUnavailable": random.below("manifest", 3) + 1}}),
        _ => json!({}),
    };
    let mut set = json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web"},
        "spec": {
            "serviceName": "nginx", "replicas": random.below("manifest", 5),
            "podManagementPolicy": pick(random, &["OrderedReady", "Parallel"]),
            "updateStrategy": strategy,
            "persistentVolumeClaimRetentionPolicy": {
                "whenScaled": pick(random, &["Retain", "Delete"]), "whenDeleted": pick(random, &["Retain", "Delete"]),
            },
            "minReadySeconds": random.below("manifest", 2) * 3,
            "revisionHistoryLimit": random.below("manifest", 3),
            "selector": {"matchLabels": {"app": "nginx"}},
            "template": {
                "metadata": {"labels": {"app": "nginx"}},
                "spec": {
                    "terminationGracePeriodSeconds": random.below("manifest", 3) * 5,
                    "containers": [{"name": "nginx", "image": "nginx:1"}],
                },
            },
        },
    });
    if random.below("manifest", 4) == 0 {
        set["spec"]["ordinals"] = json!({"start": random.below("manifest", 3)});
    }
    if random.below("manifest", 3) > 0 {
        set["spec"]["volumeClaimTemplates"] = json!([{
            "metadata": {"name": "www"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        }]);
    }
    let service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "nginx"},
        "spec": {
            "clusterIP": "None", "selector": {"app": "nginx"}, "ports": [{"port": 80}],
            "publishNotReadyAddresses": random.below("manifest", 3) == 0,
        },
    });
    format!("{service}\n---\n{set}\n")
}

/// One act of a person, or one fault.
fn act(random: &mut Random) -> Act {
    let below = |random: &mut Random, bound: usize| random.below("acts", bound);
    let patch = |patch: serde_json::Value| format!("kubectl patch sts web -p '{}'", json!({"spec": patch}));
    Act::Command(match below(random, 20) {
        0..=2 => format!("kubectl scale sts web --replicas={}", below(random, 6)),
        3..=5 => format!("kubectl set image sts web nginx=nginx:{}", ["1", "2", "3", "bad", "crash"][below(random, 5)]),
        6 | 7 => format!("kubectl delete pod web-{} --wait=false", below(random, 5)),
        8 => format!("kubectl delete pod web-{} --force --grace-period=0", below(random, 5)),
        9 => patch(json!({"updateStrategy": {"rollingUpdate": {"partition": below(random, 5)}}})),
        10 => format!("kubectl delete pvc www-web-{} --wait=false", below(random, 5)),
        11 => "kubectl rollout undo sts/web".to_owned(),
        12 => format!("kubectl delete sts web --wait=false --cascade={}", ["background", "foreground", "orphan"][below(random, 3)]),
        13 => "kubectl apply -f web.yaml".to_owned(),
        14 => {
            let policy = |random: &mut Random| ["Retain", "Delete"][random.below("acts", 2)];
            let policies = json!({"whenScaled": policy(random), "whenDeleted": policy(random)});
            patch(json!({"persistentVolumeClaimRetentionPolicy": policies}))
        }
        15 => format!("kubectl drain node-{} --ignore-daemonsets --timeout=5s", below(random, 3) + 1),
        16 => format!("kubectl uncordon node-{}", below(random, 3) + 1),
        17 => patch(json!({"ordinals": {"start": below(random, 3)}})),
        18 => {
            let mode = [Some(RuleMode::NotReady), Some(RuleMode::Failed), Some(RuleMode::Succeeded), None][below(random, 4)];
            return Act::Rule(format!("web-{}", below(random, 5)), mode);
        }
        _ => return Act::Node(below(random, 3) + 1),
    })
}

/// Lets time go by, looking after every event.
fn pass(session: &mut Session, watcher: &mut Watcher, until_ms: u64) -> Result<(), String> {
    while session.next_ms().is_some_and(|next_ms| next_ms <= until_ms) {
        session.step();
        watcher.look(&session.world)?;
    }
    session.advance_to(until_ms);
    Ok(())
}

/// Cuts a failing run down and says what it takes.
fn explain(plan: Plan) -> String {
    let (plan, words) = plan.shrunk();
    let mut text = format!("seed {}, Kubernetes {:?}: {words}\n{}", plan.seed, plan.version, plan.manifest);
    for (wait_ms, act) in &plan.acts {
        let _ = writeln!(text, "after {wait_ms} ms: {act:?}");
    }
    text
}

#[test]
fn every_invariant_holds_after_every_event() {
    let asked = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let runs = asked("RANDOM_RUNS").unwrap_or(RUNS);
    let first = asked("RANDOM_SEED").unwrap_or(0);
    let seconds = asked("RANDOM_SECONDS").map(std::time::Duration::from_secs);
    let start = std::time::Instant::now();
    let mut done = 0;
    for seed in first..first + runs {
        if seconds.is_some_and(|seconds| start.elapsed() > seconds) {
            break;
        }
        let plan = Plan::new(seed);
        if plan.run().is_err() {
            panic!("{}", explain(plan));
        }
        done += 1;
    }
    println!("{done} random runs in {:.1} s, every invariant checked after every event", start.elapsed().as_secs_f64());
}

/// The watcher can see: a world whose log was tampered with is found out.
#[test]
fn a_broken_invariant_is_found() {
    let mut session = Session::new(Settings::default());
    session.start("kubectl run web --image=nginx", Streams::with_input(""));
    let again = session.world.store.log.last().cloned().expect("something was written");
    session.world.store.log.push(again);
    let found = Watcher::default().look(&session.world);
    assert!(found.is_err_and(|words| words.contains("got version")));
}

/// A set that is changed in the midst of a sync sees that sync end as it was decided.
#[test]
fn a_sync_ends_as_it_was_decided() {
    assert_eq!(Plan::new(73_699).run(), Ok(()));
}

/// With a grace period of 0 a pod of the old revision is made and deleted in one sync, is deducted from the current ones,
/// and the status is refused, each time anew: recorded decisions of the real control function show the same -1.
#[test]
fn a_set_whose_status_is_refused_for_ever_is_no_failure() {
    for seed in [22_349, 46_669] {
        assert_eq!(Plan::new(seed).run(), Ok(()), "seed {seed}");
    }
}
