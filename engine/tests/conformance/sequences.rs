//! Replays random sequences of operations and compares the state at rest after each.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use statefulset_engine::api::kind::Kind;
use statefulset_engine::controllers;
use statefulset_engine::process::Streams;
use statefulset_engine::session::Session;
use statefulset_engine::settings::{KubeletRule, RuleMode, Settings};

use crate::Outcome;
use crate::recording;

/// A cluster is at rest when nothing has changed for this long.
const REST_MS: u64 = 1_300;
/// It rests at the latest after this long.
const PATIENCE_MS: u64 = 60_000;

/// Replays a sequence.
pub(crate) fn compare(root: &Path, name: &str) -> Outcome {
    let folder = root.join("sequences").join(name);
    let namespace = recording::namespace(&recording::lines(&folder.join("watch.jsonl")));
    let steps = recording::lines(&folder.join("steps.jsonl"));
    let mut outcome = Outcome { name: format!("sequence-{name}"), events: (0, steps.len()), outputs: (0, 0), differences: Vec::new() };
    let mut session = session(root, &folder, &namespace);
    let mut identities = Identities::default();
    let inferred = recording::lines(&folder.join("inferred.jsonl"));
    for (number, step) in steps.iter().enumerate() {
        let unready: Vec<&str> = step["unready"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        hold_unready(&mut session, &unready);
        use_up_calls(&mut session, inferred.iter().filter(|inferred| inferred["step"] == number));
        for command in step["ops"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let deadline_ms = session.world.now_ms() + PATIENCE_MS;
            session.run(command, Streams::with_input(""), deadline_ms);
        }
        rest(&mut session);
        if step["quiesced"] != true {
            continue;
        }
        let recorded = identities.recorded.plain(&step["state"]);
        let ours = identities.ours.plain(&state(&session, &namespace));
        if recorded == ours {
            outcome.events.0 += 1;
        } else {
            outcome
                .differences
                .push(format!("after step {number} ({}) {}\nrecorded {recorded}\nours     {ours}", step["desc"], step["ops"]));
        }
    }
    outcome
}

fn session(root: &Path, folder: &Path, namespace: &str) -> Session {
    let mut settings = Settings { nodes: 3, ..Settings::default() };
    settings.kubelet.create_ms = 20;
    settings.kubelet.run_ms = Some(120);
    settings.kubelet.term_ms = 120;
    settings.kubelet.gone_ms = 20;
    settings.kubelet.ready_ms = Some(0);
    let mut session = Session::new(settings);
    session.world.create_namespace(namespace);
    let cluster = fs::read_to_string(root.join("cluster.yaml")).expect("the recording has a cluster");
    let patience_ms = session.world.now_ms() + PATIENCE_MS;
    session.run("kubectl apply -f -", Streams::with_input(&cluster), patience_ms);
    session.terminal.namespace = namespace.into();
    let manifest = fs::read_to_string(folder.join("web.yaml")).expect("the sequence has a manifest");
    session.terminal.files.insert("web.yaml".to_owned(), manifest.into());
    session
}

fn hold_unready(session: &mut Session, pods: &[&str]) {
    let rule =
        |pod: &&str| KubeletRule { pattern: (*pod).into(), mode: Some(RuleMode::NotReady), run_ms: None, term_ms: None, exit_code: None };
    session.world.settings.kubelet.rules = pods.iter().map(rule).collect();
    controllers::kubelet_settings_changed(&mut session.world);
}

/// Uses up calls of the controller's client, as sequences beside this one did before one of its steps.
fn use_up_calls<'a>(session: &mut Session, inferred: impl Iterator<Item = &'a Value>) {
    let now = session.world.now_ms();
    let mut times = session.world.settings.kube_api.others_ms.to_vec();
    for inferred in inferred {
        let calls = inferred["calls"].as_u64().expect("an inference has a number of calls");
        times.extend((0..calls).map(|_| now));
    }
    session.world.settings.kube_api.others_ms = times.into();
}

/// Lets time go by until nothing changes any more.
fn rest(session: &mut Session) {
    let limit_ms = session.world.now_ms() + PATIENCE_MS;
    loop {
        let (length, now) = (session.world.store.log.len(), session.world.now_ms());
        session.advance_to(now + REST_MS);
        if session.world.store.log.len() == length || session.world.now_ms() >= limit_ms {
            return;
        }
    }
}

/// Our state in the form of the recordings.
fn state(session: &Session, namespace: &str) -> Value {
    let store = &session.world.store;
    let epoch = session.world.settings.epoch;
    let set = store.find(Kind::StatefulSet, namespace, "web").map(|set| {
        let value = set.to_value(epoch);
        let status = |key: &str| value["status"].get(key).cloned().unwrap_or_else(|| json!(0));
        let spec = &value["spec"];
        json!({
            "replicas": status("replicas"),
            "readyReplicas": status("readyReplicas"),
            "availableReplicas": status("availableReplicas"),
            "currentReplicas": status("currentReplicas"),
            "updatedReplicas": status("updatedReplicas"),
            "currentRevision": value["status"]["currentRevision"],
            "updateRevision": value["status"]["updateRevision"],
            "observedGeneration": value["status"]["observedGeneration"],
            "generation": value["metadata"]["generation"],
            "spec": {
                "replicas": spec["replicas"],
                "updateStrategy": spec["updateStrategy"],
                "image": spec["template"]["spec"]["containers"][0]["image"],
                "policy": spec["podManagementPolicy"],
                "ordinals": spec["ordinals"],
            },
        })
    });
    let pods: BTreeMap<&str, Value> = store
        .list(Kind::Pod, namespace)
        .map(|object| {
            let value = object.to_value(epoch);
            // The recording tells both reasons of a failed pull by their common part.
            let waiting = value["status"]["containerStatuses"][0]["state"]["waiting"]["reason"].as_str();
            let waiting = waiting.map(|reason| if matches!(reason, "ErrImagePull" | "ImagePullBackOff") { "ImagePull" } else { reason });
            let pod = json!({
                "rev": object.meta.label("controller-revision-hash"),
                "image": value["spec"]["containers"][0]["image"],
                "phase": value["status"]["phase"],
                "ready": object.pod().is_some_and(|pod| pod.ready()),
                "waiting": waiting,
                "terminating": object.meta.terminating(),
                "uid": object.meta.uid.to_string(),
            });
            (&*object.meta.name, pod)
        })
        .collect();
    let claims: BTreeMap<&str, String> =
        store.list(Kind::PersistentVolumeClaim, namespace).map(|claim| (&*claim.meta.name, claim.meta.uid.to_string())).collect();
    let revisions: BTreeMap<&str, i64> = store
        .list(Kind::ControllerRevision, namespace)
        .map(|object| (&*object.meta.name, object.revision().map_or(0, |revision| revision.revision)))
        .collect();
    json!({"sts": set, "pods": pods, "pvcs": claims, "revisions": revisions})
}

/// Uids compare as same or different: each is replaced by the order of its appearance.
#[derive(Default)]
struct Identities {
    recorded: Names,
    ours: Names,
}

#[derive(Default)]
struct Names {
    numbers: BTreeMap<String, usize>,
}

impl Names {
    fn plain(&mut self, state: &Value) -> Value {
        let mut state = state.clone();
        for kind in ["pods", "pvcs"] {
            for value in state[kind].as_object_mut().into_iter().flat_map(|map| map.values_mut()) {
                let uid = if kind == "pods" { &mut value["uid"] } else { value };
                let count = self.numbers.len();
                *uid = json!(self.numbers.entry(uid.to_string()).or_insert(count));
            }
        }
        state
    }
}
