//! Every recorded answer of a real CoreDNS, asked of ours: status, flags and records must be equal. The state is the recorded
//! one, event by event; answers are compared as sets, since CoreDNS shuffles them, and without the SOA's serial, which is the
//! clock of the recording.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::Uid;
use statefulset_engine::api::object::{Key, Object};
use statefulset_engine::cluster::random::Random;
use statefulset_engine::cluster::store::Store;
use statefulset_engine::dns::cache::Cache;
use statefulset_engine::dns::{self, Answer, Record, Type};
use statefulset_engine::manifest;
use statefulset_engine::settings::{DnsCache, Settings};

const NAMESPACE: &str = "20-dns";

fn read(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/dns").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn lines(name: &str) -> Vec<Value> {
    read(name).lines().map(|line| serde_json::from_str(line).expect("a recorded line is JSON")).collect()
}

/// The recorded cluster: its Services come from the manifests, their addresses and all else from the watch.
struct Recorded {
    store: Store,
    manifests: Vec<Value>,
    events: Vec<Value>,
    next: usize,
    uids: u128,
}

impl Recorded {
    fn new() -> Self {
        let mut events: Vec<Value> =
            lines("watch.jsonl").into_iter().filter(|event| matches!(event["kind"].as_str(), Some("Service" | "EndpointSlice"))).collect();
        events.sort_by_key(|event| event["rv"].as_u64());
        let manifests =
            ["web.yaml", "more.yaml"].iter().flat_map(|name| manifest::parse(&read(name)).documents).map(|document| document.value);
        let mut recorded = Self { store: Store::default(), manifests: manifests.collect(), events, next: 0, uids: 0 };
        for name in ["default", "kube-system", NAMESPACE] {
            recorded.put(Kind::Namespace, "", name, &json!({"metadata": {"name": name}}), 0);
        }
        let api =
            json!({"metadata": {"name": "kubernetes"}, "spec": {"clusterIP": "10.96.0.1", "ports": [{"name": "https", "port": 443}]}});
        recorded.put(Kind::Service, "default", "kubernetes", &api, 0);
        recorded
    }

    fn put(&mut self, kind: Kind, namespace: &str, name: &str, value: &Value, now: u64) {
        let mut object = Object::from_value(kind, value, namespace, Settings::default().epoch);
        if let Some(standing) = self.store.find(kind, namespace, name).cloned() {
            object.meta.uid = standing.meta.uid;
            self.store.replace(&standing, object, now);
        } else {
            self.uids += 1;
            object.meta.uid = Uid(self.uids);
            self.store.insert(object, now);
        }
    }

    fn manifest(&self, name: &str) -> Value {
        let found = self.manifests.iter().find(|value| value["kind"] == "Service" && value["metadata"]["name"] == name);
        found.cloned().unwrap_or_else(|| panic!("the manifest of {name}"))
    }

    /// Applies what happened up to a moment.
    fn advance_to(&mut self, ms: u64) {
        while let Some(event) = self.events.get(self.next).filter(|event| event["ms"].as_u64() <= Some(ms)).cloned() {
            self.next += 1;
            self.apply(&event);
        }
    }

    fn apply(&mut self, event: &Value) {
        let (kind, name) = (event["kind"].as_str().unwrap_or_default(), event["name"].as_str().unwrap_or_default());
        let kind = Kind::by_name(kind).expect("a kind");
        let now = event["ms"].as_u64().unwrap_or_default();
        if event["type"] == "DELETED" {
            if let Some(old) = self.store.get(&Key::new(kind, NAMESPACE, name)).cloned() {
                self.store.remove(&old, Object::clone(&old), now);
            }
            return;
        }
        let value = if kind == Kind::Service {
            let mut value = self.manifest(name);
            value["spec"]["clusterIP"] = event["clusterIP"].clone();
            value
        } else {
            let owner =
                event["owners"][0].as_str().and_then(|owner| owner.strip_prefix("Service/")).and_then(|owner| owner.split('(').next());
            let owner = owner.expect("a slice belongs to a Service");
            let endpoints = event["endpoints"].as_array().into_iter().flatten().map(|endpoint| {
                json!({
                    "addresses": endpoint["addr"],
                    "hostname": endpoint["hostname"],
                    "conditions": {"ready": endpoint["ready"], "serving": endpoint["serving"], "terminating": endpoint["terminating"]},
                    "targetRef": {"kind": "Pod", "name": endpoint["pod"]},
                })
            });
            json!({
                "metadata": {"name": name, "labels": {"kubernetes.io/service-name": owner}},
                "endpoints": endpoints.collect::<Vec<_>>(),
                "ports": self.manifest(owner)["spec"]["ports"],
            })
        };
        self.put(kind, NAMESPACE, name, &value, now);
    }
}

fn told(name: &str, ttl: u64, kind: &str, data: &str) -> String {
    // ns.dns.… hostmaster.… SERIAL 7200 …
    let data = if kind == "SOA" {
        data.split(' ').enumerate().map(|(at, word)| if at == 2 { "SERIAL" } else { word }).collect::<Vec<_>>().join(" ")
    } else {
        data.to_owned()
    };
    format!("{name} {ttl} {kind} {data}")
}

fn recorded_records(records: &Value) -> BTreeSet<String> {
    let text = |record: &Value, key: &str| record[key].as_str().unwrap_or_default().to_owned();
    let records = records.as_array().into_iter().flatten();
    records
        .map(|record| told(&text(record, "name"), record["ttl"].as_u64().unwrap_or_default(), &text(record, "type"), &text(record, "data")))
        .collect()
}

fn our_records(records: &[Record]) -> BTreeSet<String> {
    records.iter().map(|record| told(&record.name, record.ttl, record.data.kind().as_str(), &record.data.text())).collect()
}

fn differences(recorded: &Value, ours: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    if recorded["status"] != ours.status.as_str() {
        found.push(format!("status {} instead of {}", ours.status.as_str(), recorded["status"]));
    }
    let authoritative = recorded["flags"].as_array().is_some_and(|flags| flags.iter().any(|flag| flag == "aa"));
    if authoritative != ours.authoritative {
        found.push(format!("authoritative {} instead of {authoritative}", ours.authoritative));
    }
    for (part, records) in [("answer", &ours.answers), ("authority", &ours.authority), ("additional", &ours.additional)] {
        let (real, own) = (recorded_records(&recorded[part]), our_records(records));
        if real != own || recorded[part].as_array().map_or(0, Vec::len) != records.len() {
            found.push(format!("{part} {own:?} instead of {real:?}"));
        }
    }
    found
}

#[test]
fn all_recorded_answers_are_equal() {
    let mut recorded = Recorded::new();
    let uncached = Settings { dns_cache: DnsCache::Off, ..Settings::default() };
    let caching = Settings { dns_cache: DnsCache::All, ..Settings::default() };
    let (mut kept_little, mut kept_all, mut random) = (Cache::default(), Cache::default(), Random::new(0));
    let (mut count, mut wrong) = (0, Vec::new());
    for command in lines("commands.jsonl") {
        let Some(real) = command.get("dns") else { continue };
        let now = command["end"].as_u64().expect("a command has an end");
        recorded.advance_to(now);
        let question = &real["question"][0];
        let (name, kind) = (question["name"].as_str().expect("a name"), question["type"].as_str().and_then(Type::parse).expect("a type"));
        let (settings, cache) = if real["resolver"] == "caching" { (&caching, &mut kept_all) } else { (&uncached, &mut kept_little) };
        let ours = dns::ask_at(&recorded.store, settings, cache, &mut random, now, name, kind);
        count += 1;
        let differences = differences(real, &ours);
        if !differences.is_empty() {
            wrong.push(format!("{} ms, {} {name} {}: {}", command["ms"], real["resolver"], kind.as_str(), differences.join("; ")));
        }
    }
    assert_eq!(count, 62, "answers in the recording");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}
