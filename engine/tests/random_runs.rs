//! Random runs: manifests, commands, kubelet faults and node failures in an order that follows from a seed, with every
//! invariant checked after every event. A failure names its seed.

use serde_json::json;
use statefulset_engine::cluster::random::Random;
use statefulset_engine::controllers;
use statefulset_engine::invariants::Watcher;
use statefulset_engine::process::Streams;
use statefulset_engine::session::Session;
use statefulset_engine::settings::{KubeletRule, RuleMode, Settings};

/// Runs in the ordinary test; the variable `RANDOM_RUNS` asks for more.
const RUNS: u64 = 150;
/// Acts of one run.
const ACTS: usize = 12;

fn manifest(random: &mut Random) -> String {
    let pick = |random: &mut Random, words: &[&str]| words[random.below("manifest", words.len())].to_owned();
    let strategy = match random.below("manifest", 4) {
        0 => json!({"type": "OnDelete"}),
        1 => json!({"type": "RollingUpdate"}),
        2 => json!({"rollingUpdate": {"partition": random.below("manifest", 4)}}),
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
    if random.below("manifest", 3) > 0 {
        set["spec"]["volumeClaimTemplates"] = json!([{
            "metadata": {"name": "www"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        }]);
    }
    let service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "nginx"},
        "spec": {"clusterIP": "None", "selector": {"app": "nginx"}, "ports": [{"port": 80}]},
    });
    format!("{service}\n---\n{set}\n")
}

/// One act of a person, or one fault.
fn act(session: &mut Session, random: &mut Random) {
    let below = |random: &mut Random, bound: usize| random.below("acts", bound);
    let line = match below(random, 11) {
        0 | 1 => format!("kubectl scale sts web --replicas={}", below(random, 6)),
        2 | 3 => format!("kubectl set image sts web nginx=nginx:{}", ["1", "2", "3", "bad", "crash"][below(random, 5)]),
        4 | 5 => format!("kubectl delete pod web-{} --wait=false", below(random, 5)),
        6 => format!("kubectl delete pod web-{} --force --grace-period=0", below(random, 5)),
        7 => format!(
            "kubectl patch sts web -p '{{\"spec\":{{\"updateStrategy\":{{\"rollingUpdate\":{{\"partition\":{}}}}}}}}}'",
            below(random, 5)
        ),
        8 => format!("kubectl delete pvc www-web-{} --wait=false", below(random, 5)),
        9 => {
            let mode = [Some(RuleMode::NotReady), Some(RuleMode::Failed), None][below(random, 3)];
            let pattern = format!("web-{}", below(random, 5)).into();
            let rules = &mut session.world.settings.kubelet.rules;
            rules.clear();
            rules.extend(mode.map(|mode| KubeletRule { pattern, mode: Some(mode), run_ms: None, term_ms: None, exit_code: None }));
            controllers::kubelet_settings_changed(&mut session.world);
            return;
        }
        _ => {
            let down = &mut session.world.settings.kubelet.nodes_down;
            let node = format!("node-{}", below(random, 3) + 1).into();
            if !down.remove(&node) {
                down.insert(node);
            }
            controllers::kubelet_settings_changed(&mut session.world);
            return;
        }
    };
    session.start(&line, Streams::with_input(""));
}

/// Lets time go by, looking after every event.
fn pass(session: &mut Session, watcher: &mut Watcher, until_ms: u64) {
    while session.next_ms().is_some_and(|next_ms| next_ms <= until_ms) {
        session.step();
        watcher.look(&session.world).unwrap_or_else(|words| panic!("{words}"));
    }
    session.advance_to(until_ms);
}

fn run(seed: u64) {
    let mut random = Random::new(seed);
    let mut session = Session::new(Settings { seed, ..Settings::default() });
    let mut watcher = Watcher::default();
    let text = manifest(&mut random);
    session.start("kubectl apply -f -", Streams::with_input(&text));
    for _ in 0..ACTS {
        let until_ms = session.world.now_ms() + u64::try_from(random.below("acts", 4_000)).unwrap_or(0);
        pass(&mut session, &mut watcher, until_ms);
        act(&mut session, &mut random);
    }
    session.world.settings.kubelet.nodes_down.clear();
    session.world.settings.kubelet.rules.clear();
    controllers::kubelet_settings_changed(&mut session.world);
    let until_ms = session.world.now_ms() + 700_000;
    pass(&mut session, &mut watcher, until_ms);
    watcher.look_at_rest(&session.world).unwrap_or_else(|words| panic!("{words}"));
}

#[test]
fn every_invariant_holds_after_every_event() {
    let runs = std::env::var("RANDOM_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(RUNS);
    for seed in 0..runs {
        run(seed);
    }
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
