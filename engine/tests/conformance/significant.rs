//! What counts when two runs are compared, as the recordings' own description has it: each significant event is a tuple
//! without uids, addresses and node names; equal neighbours collapse.

use std::collections::BTreeMap;

use serde_json::Value;

/// A significant event: when, and the tuple in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tuple {
    pub(crate) ms: u64,
    pub(crate) words: String,
    /// Whether its place among the others counts: pods and claims.
    pub(crate) ordered: bool,
}

/// The significant events of a run, in order.
pub(crate) fn tuples(events: &[Value]) -> Vec<Tuple> {
    let mut reader = Reader::default();
    for event in events {
        reader.read(event);
    }
    reader.tuples
}

#[derive(Default)]
struct Reader {
    tuples: Vec<Tuple>,
    lives: BTreeMap<String, (u64, String)>,
    last: BTreeMap<String, String>,
    revisions: BTreeMap<String, usize>,
    pods: BTreeMap<String, Value>,
    spoken: Vec<(String, String)>,
    names: BTreeMap<String, String>,
}

impl Reader {
    fn put(&mut self, event: &Value, key: String, words: String, ordered: bool) {
        if self.last.get(&key) == Some(&words) {
            return;
        }
        self.last.insert(key, words.clone());
        self.tuples.push(Tuple { ms: event["ms"].as_u64().unwrap_or(0), words, ordered });
    }

    fn read(&mut self, event: &Value) {
        let text = |key: &str| event[key].as_str().unwrap_or_default();
        let name = text("name").to_owned();
        let kind = text("type");
        match text("kind") {
            "Pod" => self.pod(event, &name, kind),
            "PersistentVolumeClaim" => {
                let state = match kind {
                    "ADDED" => "added",
                    "DELETED" => "deleted",
                    _ if text("phase") == "Bound" => "Bound",
                    _ => return,
                };
                self.put(event, format!("pvc/{name}"), format!("claim {name} {state}"), true);
            }
            "ControllerRevision" => {
                let words = match kind {
                    "ADDED" => format!("revision {name} added {}", event["revision"]),
                    "DELETED" => format!("revision {name} deleted"),
                    _ => format!("revision {name} is number {}", event["revision"]),
                };
                self.put(event, format!("revision/{name}"), words, false);
            }
            "Event" if text("from") == "statefulset-controller" => {
                // Which of many similar messages are combined follows from the order of a Go map.
                let message = text("message").trim_start_matches("(combined from similar events): ");
                let key = (text("obj").to_owned(), format!("{} {message}", text("reason")));
                if !self.spoken.contains(&key) {
                    self.put(event, format!("event/{}/{}", key.0, key.1), format!("event {} {}", key.0, key.1), false);
                    self.spoken.push(key);
                }
            }
            _ => {}
        }
    }

    fn pod(&mut self, event: &Value, name: &str, kind: &str) {
        let text = |key: &str| event[key].as_str().unwrap_or_default();
        let name = &self.plain_name(event, name);
        let uid = text("uid").to_owned();
        let (life, known) = self.lives.get(name).cloned().unwrap_or((0, String::new()));
        let life = if known == uid { life } else { life + 1 };
        self.lives.insert(name.clone(), (life, uid.clone()));
        let key = |part: &str| format!("pod/{name}/{life}/{part}");
        let put = |reader: &mut Self, part: &str, state: String| {
            reader.put(event, key(part), format!("pod {name} #{life} {state}"), true);
        };
        if kind == "ADDED" {
            let count = self.revisions.len();
            let position = *self.revisions.entry(text("rev").to_owned()).or_insert(count);
            put(self, "added", format!("added at revision {position}"));
        }
        let before = self.pods.insert(uid, event.clone());
        let was = |key: &str| before.as_ref().map(|before| before[key].clone()).unwrap_or(Value::Null);
        if !text("node").is_empty() {
            put(self, "scheduled", "scheduled".to_owned());
        }
        if matches!(text("phase"), "Running" | "Failed" | "Succeeded") && was("phase") != event["phase"] {
            put(self, "phase", text("phase").to_owned());
        }
        let ready = event["ready"].as_bool().unwrap_or(false);
        if ready != was("ready").as_bool().unwrap_or(false) {
            put(self, "ready", if ready { "ready" } else { "unready" }.to_owned());
        }
        if !text("deletionTimestamp").is_empty() && kind != "DELETED" {
            put(self, "terminating", "terminating".to_owned());
        }
        if kind == "DELETED" {
            put(self, "deleted", "deleted".to_owned());
        }
    }

    /// Names with a random suffix compare by their order of appearance.
    fn plain_name(&mut self, event: &Value, name: &str) -> String {
        let by_replica_set = event["owners"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|owner| owner.as_str().is_some_and(|owner| owner.starts_with("ReplicaSet/")));
        if !by_replica_set {
            return name.to_owned();
        }
        let count = self.names.len();
        self.names.entry(name.to_owned()).or_insert_with(|| format!("<replica {count}>")).clone()
    }
}

/// The names with a random part, in their order of appearance: those of ReplicaSets and of their pods, the longest first so
/// that a pod's name is replaced before the ReplicaSet's in it.
pub(crate) fn random_names(events: &[Value]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for event in events {
        let owned = event["owners"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|owner| owner.as_str().is_some_and(|owner| owner.starts_with("ReplicaSet/")));
        let random = event["kind"] == "ReplicaSet" || (event["kind"] == "Pod" && owned);
        let name = event["name"].as_str().unwrap_or_default();
        if random && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names.sort_by_key(|name| std::cmp::Reverse(name.matches('-').count()));
    names
}

/// The nodes of a recording and ours that hold the same pods, from the pods that were bound before a moment.
pub(crate) fn nodes_alike(recorded: &[Value], ours: &[Value], before_ms: u64) -> Vec<(String, String)> {
    let places = |events: &[Value]| -> BTreeMap<String, String> {
        let bound = events.iter().filter(|event| event["kind"] == "Pod" && event["ms"].as_u64().is_some_and(|ms| ms < before_ms));
        let place = |event: &Value| {
            let node = event["node"].as_str().filter(|node| !node.is_empty())?;
            Some((event["name"].as_str()?.to_owned(), node.to_owned()))
        };
        bound.filter_map(place).collect()
    };
    let (recorded, ours) = (places(recorded), places(ours));
    let mut votes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (pod, node) in &recorded {
        if let Some(our) = ours.get(pod) {
            *votes.entry((node, our)).or_default() += 1;
        }
    }
    let mut order: Vec<((&str, &str), usize)> = votes.into_iter().collect();
    order.sort_by_key(|(pair, count)| (std::cmp::Reverse(*count), *pair));
    let mut alike: Vec<(String, String)> = Vec::new();
    for ((theirs, our), _) in order {
        if !alike.iter().any(|(known, taken)| known == theirs || taken == our) {
            alike.push((theirs.to_owned(), our.to_owned()));
        }
    }
    alike
}

/// Events closer than this may swap.
const CLOSE_MS: u64 = 80;

/// Compares two runs: how many of the recorded events match, and the differences in words.
pub(crate) fn compare(recorded: &[Tuple], ours: &[Tuple]) -> (usize, Vec<String>) {
    let mut differences = Vec::new();
    let mut left: BTreeMap<&str, Vec<&Tuple>> = BTreeMap::new();
    for tuple in ours {
        left.entry(&tuple.words).or_default().push(tuple);
    }
    let mut matched: Vec<(&Tuple, &Tuple)> = Vec::new();
    for tuple in recorded {
        match left.get_mut(tuple.words.as_str()).filter(|tuples| !tuples.is_empty()) {
            Some(tuples) => matched.push((tuple, tuples.remove(0))),
            None => differences.push(format!("{} ms: recorded, not ours: {}", tuple.ms, tuple.words)),
        }
    }
    for tuple in ours {
        if left.get(tuple.words.as_str()).is_some_and(|tuples| tuples.iter().any(|other| std::ptr::eq(*other, tuple))) {
            differences.push(format!("ours, not recorded: {}, at {} ms", tuple.words, tuple.ms));
        }
    }
    let position = |wanted: &Tuple| ours.iter().position(|tuple| std::ptr::eq(tuple, wanted)).unwrap_or(0);
    let ordered: Vec<(&Tuple, usize)> =
        matched.iter().filter(|(recorded, _)| recorded.ordered).map(|(recorded, our)| (*recorded, position(our))).collect();
    for (index, (later, later_at)) in ordered.iter().enumerate() {
        let wrong = ordered[..index]
            .iter()
            .rev()
            .find(|(earlier, earlier_at)| later.ms.saturating_sub(earlier.ms) >= CLOSE_MS && earlier_at > later_at);
        if let Some((earlier, _)) = wrong {
            differences
                .push(format!("{} ms: recorded after `{}` ({} ms), ours before it: {}", later.ms, earlier.words, earlier.ms, later.words));
        }
    }
    (matched.len(), differences)
}

/// The last state of what counts: pods, claims, revisions and sets.
pub(crate) fn last_state(events: &[Value]) -> BTreeMap<String, String> {
    let mut state = BTreeMap::new();
    for event in events {
        let text = |key: &str| event[key].as_str().unwrap_or_default();
        let key = format!("{}/{}", text("kind"), text("name"));
        let owned_by_replica_set = event["owners"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|owner| owner.as_str().is_some_and(|owner| owner.starts_with("ReplicaSet/")));
        let words = match text("kind") {
            "Pod" if owned_by_replica_set => continue,
            "Pod" => format!(
                "{} ready={} rev={} terminating={}",
                text("phase"),
                event["ready"],
                text("rev"),
                !text("deletionTimestamp").is_empty()
            ),
            "PersistentVolumeClaim" => text("phase").to_owned(),
            "ControllerRevision" => event["revision"].to_string(),
            "StatefulSet" => {
                let status = &event["status"];
                ["replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "currentRevision", "updateRevision"]
                    .map(|key| format!("{key}={}", status[key]))
                    .join(" ")
            }
            _ => continue,
        };
        if text("type") == "DELETED" {
            state.remove(&key);
        } else {
            state.insert(key, words);
        }
    }
    state
}
