//! What an inspector tells about an object: what matters, conditions, Events, owners, its YAML, and the commands with which
//! a person would see the same. A pure function of a session and a key. It must not know how it is shown.

use serde_json::Value;
use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::{Key, Object};
use statefulset_engine::api::time::Ms;
use statefulset_engine::order;
use statefulset_engine::process::Streams;
use statefulset_engine::session::Session;

use crate::state::command::Target;

/// Events shown: the newest.
const EVENTS_MAX: usize = 12;
/// Longer chains of owners do not exist; the bound is for loops.
const OWNERS_MAX: usize = 5;
/// Objects below it that are named.
const OWNED_MAX: usize = 30;

/// A fact: the message of its label, and its value.
pub type Fact = (&'static str, String);

/// An entry of `status.conditions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `type`.
    pub kind: String,
    /// `status`.
    pub status: String,
    /// `reason` and `message`.
    pub why: String,
}

/// An Event about the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// When it was said last.
    pub at_ms: Ms,
    /// Whether it is a warning.
    pub warning: bool,
    /// `reason`.
    pub reason: String,
    /// `message`.
    pub message: String,
    /// How often it was said.
    pub count: u32,
}

/// Everything about one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Which.
    pub key: Key,
    /// Whether it is there at this moment.
    pub exists: bool,
    /// What matters.
    pub facts: Vec<Fact>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
    /// Events about it, newest first.
    pub events: Vec<Said>,
    /// Who owns it, the nearest first.
    pub owners: Vec<Key>,
    /// What it owns or uses.
    pub below: Vec<Key>,
    /// Its YAML.
    pub yaml: String,
    /// Commands that show the same.
    pub commands: Vec<String>,
}

/// Where a kind keeps what matters: labels and paths into its document.
fn facts_of(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Pod => &[
            ("inspect.phase", "/status/phase"),
            ("inspect.ip", "/status/podIP"),
            ("inspect.node", "/spec/nodeName"),
            ("inspect.image", "/spec/containers/0/image"),
            ("inspect.restarts", "/status/containerStatuses/0/restartCount"),
            ("inspect.waiting", "/status/containerStatuses/0/state/waiting/reason"),
            ("inspect.revision", "/metadata/labels/controller-revision-hash"),
            ("inspect.grace", "/metadata/deletionGracePeriodSeconds"),
        ],
        Kind::StatefulSet => &[
            ("inspect.replicas", "/spec/replicas"),
            ("inspect.ready", "/status/readyReplicas"),
            ("inspect.updated", "/status/updatedReplicas"),
            ("inspect.strategy", "/spec/updateStrategy/type"),
            ("inspect.partition", "/spec/updateStrategy/rollingUpdate/partition"),
            ("inspect.order", "/spec/podManagementPolicy"),
            ("inspect.service", "/spec/serviceName"),
            ("inspect.current", "/status/currentRevision"),
            ("inspect.update", "/status/updateRevision"),
        ],
        Kind::Deployment | Kind::ReplicaSet => &[
            ("inspect.replicas", "/spec/replicas"),
            ("inspect.ready", "/status/readyReplicas"),
            ("inspect.updated", "/status/updatedReplicas"),
        ],
        Kind::PersistentVolumeClaim => &[
            ("inspect.phase", "/status/phase"),
            ("inspect.size", "/spec/resources/requests/storage"),
            ("inspect.class", "/spec/storageClassName"),
            ("inspect.volume", "/spec/volumeName"),
            ("inspect.access", "/spec/accessModes/0"),
        ],
        Kind::PersistentVolume => &[
            ("inspect.phase", "/status/phase"),
            ("inspect.size", "/spec/capacity/storage"),
            ("inspect.class", "/spec/storageClassName"),
            ("inspect.claim", "/spec/claimRef/name"),
            ("inspect.policy", "/spec/persistentVolumeReclaimPolicy"),
        ],
        Kind::Service => &[("inspect.type", "/spec/type"), ("inspect.ip", "/spec/clusterIP"), ("inspect.port", "/spec/ports/0/port")],
        Kind::Node => &[
            ("inspect.ip", "/status/addresses/0/address"),
            ("inspect.capacity", "/status/capacity/pods"),
            ("inspect.cordoned", "/spec/unschedulable"),
        ],
        _ => &[],
    }
}

/// Tells about an object; `now` and `current` are the session's own.
pub fn inspect(session: &Session, key: &Key) -> Sheet {
    let world = &session.world;
    let target = Target::new(&key.namespace, &key.name, &session.terminal.namespace);
    let object = world.get(key);
    let value = object.as_ref().map_or(Value::Null, |object| object.to_value(world.settings.epoch));
    let facts = facts_of(key.kind).iter().filter_map(|(label, path)| Some((*label, plain(value.pointer(path)?)?)));
    let conditions = value.pointer("/status/conditions").and_then(Value::as_array).into_iter().flatten().map(condition);
    let mut owners = Vec::new();
    let mut below = object.as_ref().and_then(|object| owner_of(object));
    while let Some(owner) = below.take().filter(|_| owners.len() < OWNERS_MAX) {
        below = world.get(&owner).and_then(|object| owner_of(&object));
        owners.push(owner);
    }
    Sheet {
        exists: object.is_some(),
        facts: facts.collect(),
        conditions: conditions.collect(),
        events: events(session, key),
        owners,
        below: object.as_ref().map(|object| owned(session, object)).unwrap_or_default(),
        yaml: if object.is_some() { printed(session, &target.command("get", key.kind, " -o yaml")) } else { String::new() },
        commands: commands(key, &target),
        key: key.clone(),
    }
}

/// A value in one line; `None` for what is empty.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    }
}

fn condition(value: &Value) -> Condition {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    let why = [text("reason"), text("message")].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ");
    Condition { kind: text("type").to_owned(), status: text("status").to_owned(), why }
}

fn owner_of(object: &Object) -> Option<Key> {
    let owner = object.meta.controller().or(object.meta.owners.first())?;
    Some(Key::new(Kind::by_name(&owner.kind)?, object.meta.namespace.clone(), owner.name.clone()))
}

/// What an object owns; for a pod its claims, for a claim its volume.
fn owned(session: &Session, object: &Object) -> Vec<Key> {
    let store = &session.world.store;
    let namespace = object.meta.namespace.clone();
    let mut below: Vec<Key> =
        store.owned_by(object.meta.uid).map(|object| object.key()).filter(|key| key.kind != Kind::ControllerRevision).collect();
    if let Some(pod) = object.pod() {
        below.extend(pod.claims().map(|volume| Key::new(Kind::PersistentVolumeClaim, namespace.clone(), volume.claim.clone())));
    }
    if let Some(claim) = object.claim().filter(|claim| !claim.volume_name.is_empty()) {
        below.push(Key::new(Kind::PersistentVolume, "", claim.volume_name.clone()));
    }
    below.truncate(OWNED_MAX);
    below
}

fn events(session: &Session, key: &Key) -> Vec<Said> {
    let namespace = if key.kind.namespaced() { &*key.namespace } else { "default" };
    let about = session.world.store.list(Kind::Event, namespace).filter_map(|object| {
        let event = object.event()?;
        (event.object_kind == key.kind && event.object_name == key.name).then(|| Said {
            at_ms: event.last_ms,
            warning: event.warning,
            reason: event.reason.to_string(),
            message: event.message.to_string(),
            count: event.count.max(event.series).max(1),
        })
    });
    let mut events: Vec<Said> = about.collect();
    order::sort_by_key(&mut events, |said| std::cmp::Reverse(said.at_ms));
    events.truncate(EVENTS_MAX);
    events
}

fn commands(key: &Key, target: &Target) -> Vec<String> {
    let mut commands = vec![target.command("get", key.kind, " -o yaml"), target.command("describe", key.kind, "")];
    let flag = target.namespace.as_ref().map_or_else(String::new, |namespace| format!(" -n {namespace}"));
    if key.kind == Kind::Pod {
        commands.push(format!("kubectl logs {}{flag}", key.name));
    }
    if key.kind == Kind::StatefulSet {
        commands.push(format!("kubectl rollout history sts {}{flag}", key.name));
    }
    if key.kind.namespaced() {
        commands.push(format!("kubectl events --for {}/{}{flag}", key.kind.name().to_lowercase(), key.name));
    }
    commands
}

/// What a command prints, asked of a copy, so that nobody notices.
fn printed(session: &Session, line: &str) -> String {
    let mut copy = session.clone();
    let job = copy.start(line, Streams::with_input(""));
    copy.job(job).streams.out.clone()
}

#[cfg(test)]
mod tests {
    use statefulset_engine::settings::Settings;

    use super::*;

    #[test]
    fn a_pod_is_told_with_owner_claims_events_and_the_commands_that_show_the_same() {
        let mut session = Session::new(Settings::default());
        let manifest = include_str!("../../static/examples/web.yaml").replace("my-gfs-storageclass", "standard");
        session.terminal.files.insert("web.yaml".into(), manifest.as_str().into());
        session.start("kubectl apply -f web.yaml", Streams::with_input(""));
        session.advance_to(60_000);
        let jobs = session.jobs().count();
        let sheet = inspect(&session, &Key::new(Kind::Pod, "default", "web-0"));
        assert!(sheet.exists);
        assert!(sheet.facts.contains(&("inspect.phase", "Running".to_owned())), "{:?}", sheet.facts);
        assert_eq!(sheet.owners, [Key::new(Kind::StatefulSet, "default", "web")]);
        assert!(sheet.below.contains(&Key::new(Kind::PersistentVolumeClaim, "default", "www-web-0")));
        assert!(sheet.conditions.iter().any(|condition| condition.kind == "Ready" && condition.status == "True"));
        assert!(sheet.events.iter().any(|said| said.reason == "Scheduled"));
        assert!(sheet.yaml.starts_with("apiVersion: v1\nkind: Pod\n"), "{}", sheet.yaml);
        assert_eq!(session.jobs().count(), jobs, "looking leaves no trace");
        for command in &sheet.commands {
            let mut copy = session.clone();
            let job = copy.start(command, Streams::with_input(""));
            assert_eq!(copy.job(job).exit, Some(0), "{command}: {}", copy.job(job).streams.err);
        }
        let volume = session.world.store.all(Kind::PersistentVolume).next().map(|volume| volume.key()).expect("a volume");
        session.start("kubectl create deployment shop --image=nginx", Streams::with_input(""));
        let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop}\nspec: {defaultBackend: {service: {name: shop, port: {number: 80}}}}\n";
        session.terminal.files.insert("ingress.yaml".into(), ingress.into());
        session.start("kubectl apply -f ingress.yaml", Streams::with_input(""));
        let keys = [
            Key::new(Kind::Node, "", "node-1"),
            Key::new(Kind::StorageClass, "", "standard"),
            volume,
            Key::new(Kind::Service, "default", "nginx"),
            Key::new(Kind::Deployment, "default", "shop"),
            Key::new(Kind::Ingress, "default", "shop"),
        ];
        for key in keys {
            let sheet = inspect(&session, &key);
            assert!(sheet.exists && sheet.yaml.contains(&format!("kind: {}\n", key.kind)), "{key:?}: {}", sheet.yaml);
            for command in &sheet.commands {
                assert!(!command.contains(" -n"), "{command}");
                let mut copy = session.clone();
                let job = copy.start(command, Streams::with_input(""));
                assert_eq!(copy.job(job).exit, Some(0), "{command}: {}", copy.job(job).streams.err);
            }
        }
        let gone = inspect(&session, &Key::new(Kind::Pod, "default", "web-9"));
        assert!(!gone.exists && gone.yaml.is_empty());
    }
}
