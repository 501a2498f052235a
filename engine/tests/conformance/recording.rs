//! Reads recordings. It must not know how they are compared.

use std::fs;
use std::path::Path;

use std::collections::BTreeMap;

use serde_json::Value;
use statefulset_engine::api::time::Epoch;

/// The folders of recordings, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the recordings are in the repository")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// The lines of a file of JSON lines.
pub(crate) fn lines(path: &Path) -> Vec<Value> {
    fs::read_to_string(path)
        .unwrap_or_default()
        .lines()
        .map(|line| serde_json::from_str(line).expect("recordings are JSON lines"))
        .collect()
}

/// The namespace of a recording, from its first line.
pub(crate) fn namespace(watch: &[Value]) -> String {
    watch.first().and_then(|line| line["ns"].as_str()).unwrap_or("default").to_owned()
}

/// The watch events without the first line, in the true order.
pub(crate) fn in_order(watch: Vec<Value>) -> Vec<Value> {
    let mut events: Vec<Value> = watch.into_iter().filter(|line| line["type"] != "START").collect();
    events.sort_by_key(|event| event["rv"].as_u64().unwrap_or(0));
    events
}

/// When a recording began, in milliseconds since 1970, and the date as it was written.
pub(crate) fn began(watch: &[Value]) -> (u64, String) {
    let wall = watch.first().and_then(|line| line["wall"].as_str()).unwrap_or("2026-11-21T05:00:00Z").to_owned();
    let epoch = Epoch::parse(&wall).expect("recordings have a date");
    (u64::try_from(epoch.unix_seconds).unwrap_or(0) * 1000 + u64::from(epoch.millis), wall)
}

/// What the StatefulSet controller asked of the API server in each recording: the moments, in milliseconds since 1970.
///
/// Four recordings at a time were made on one control plane, so that its controller, and the limit of the controller's
/// client, was shared: each felt the others.
pub(crate) struct Calls {
    by_recording: BTreeMap<String, Vec<u64>>,
    /// Calls that no recording shows: of recordings that are not here, and for namespaces that were cleared away.
    unseen: Vec<u64>,
}

impl Calls {
    /// Reads them from all recorded runs.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut unseen = Vec::new();
        let mut by_recording = BTreeMap::new();
        for name in names(folder) {
            let watch = lines(&folder.join(&name).join("watch.jsonl"));
            let (began_ms, _) = began(&watch);
            for inferred in lines(&folder.join(&name).join("inferred.jsonl")) {
                let number = |key: &str| inferred[key].as_u64().expect("an inference has a moment and a number of calls");
                unseen.extend((0..number("calls")).map(|_| began_ms + number("ms")));
            }
            by_recording.insert(name, calls_in(in_order(watch)).into_iter().map(|ms| began_ms + ms).collect());
        }
        Self { by_recording, unseen }
    }

    /// The calls for all others while a recording was made, in its own time. What the bucket lacked when it began stands
    /// as calls at its very beginning.
    pub(crate) fn of_others(&self, recording: &str, began_ms: u64, length_ms: u64) -> Vec<u64> {
        let others = self.by_recording.iter().filter(|(name, _)| *name != recording).flat_map(|(_, calls)| calls);
        let mut all: Vec<u64> = others.chain(&self.unseen).copied().collect();
        all.sort_unstable();
        let full_ms = all.iter().filter(|ms| **ms < began_ms).fold(0, |full_ms, ms| (*ms).max(full_ms) + REFILL_MS);
        let lacked = usize::try_from(full_ms.saturating_sub(began_ms).div_ceil(REFILL_MS)).unwrap_or(0);
        let while_made = all.iter().filter_map(|ms| ms.checked_sub(began_ms)).filter(|ms| *ms <= length_ms);
        std::iter::repeat_n(0, lacked).chain(while_made).collect()
    }
}

/// The client's bucket gets a token this often.
const REFILL_MS: u64 = 50;
/// A call's effect is seen this long after it went out.
const SEEN_AFTER_MS: u64 = 3;

/// When the controller called: for pods, claims, revisions and Events made, pods deleted, statuses written.
fn calls_in(events: Vec<Value>) -> Vec<u64> {
    let mut times = Vec::new();
    let mut statuses: BTreeMap<String, Value> = BTreeMap::new();
    for event in &events {
        let owned = event["owners"].to_string().contains("StatefulSet/");
        let added = event["type"] == "ADDED";
        let calls = match event["kind"].as_str().unwrap_or_default() {
            "Pod" | "ControllerRevision" => usize::from(added && owned),
            "PersistentVolumeClaim" => usize::from(added),
            "StatefulSet" => {
                let name = event["name"].as_str().unwrap_or_default().to_owned();
                let before = statuses.insert(name, event["status"].clone());
                usize::from(before.is_some_and(|before| before != event["status"]))
            }
            // A pod that was deleted, and the word about it.
            "Event" if event["from"] == "statefulset-controller" => {
                if event["reason"] == "SuccessfulDelete" {
                    2
                } else {
                    1
                }
            }
            _ => 0,
        };
        times.extend(std::iter::repeat_n(event["ms"].as_u64().unwrap_or(0).saturating_sub(SEEN_AFTER_MS), calls));
    }
    times
}
