//! What would help: for rules with a way out that one command takes.
//! It must not know how it is offered.

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use statefulset_engine::api::pod::ConditionStatus;
use statefulset_engine::api::read;
use statefulset_engine::cluster::decisions::Decision;
use statefulset_engine::cluster::store::Store;

use crate::state::command::{Command, Target};

/// A command that would help, and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// The message on its button.
    pub key: &'static str,
    /// The name in that message.
    pub name: String,
    /// The command.
    pub command: Command,
}

/// The remedy for a decision, where it has one; `current` is the terminal's namespace.
pub(super) fn of(decision: &Decision, store: &Store, current: &str) -> Option<Remedy> {
    let at = |key: &Key| Target::new(&key.namespace, &key.name, current);
    let offer = |key: &'static str, about: &Key, command: Command| Some(Remedy { key, name: about.name.to_string(), command });
    let (subject, object) = (&decision.subject, decision.objects.first());
    match (decision.rule, object) {
        ("claim-waits-for-class", Some(class)) if class.kind == Kind::StorageClass => {
            offer("why.remedy-class", class, Command::supply_class(&class.name))
        }
        ("on-delete-waits", Some(pod)) if pod.kind == Kind::Pod => offer("why.remedy-delete-pod", pod, Command::delete_pod(&at(pod))),
        ("node-is-cordoned", Some(node)) => offer("why.remedy-uncordon", node, Command::new(format!("kubectl uncordon {}", node.name))),
        ("node-is-silent", _) => offer("why.remedy-restore", subject, Command::restore_node(&subject.name)),
        ("partition-holds", _) => offer("why.remedy-partition", subject, Command::partition(&at(subject), 0)),
        ("deployment-is-paused", _) => offer("why.remedy-resume", subject, Command::resume(&at(subject))),
        ("pod-waits-for-missing-claim" | "pod-waits-for-lost-claim", _) => {
            offer("why.remedy-make-anew", subject, Command::delete_pod(&at(subject)))
        }
        ("pod-terminates", _) if is_on_silent_node(store, subject) => offer("why.remedy-force", subject, Command::force_away(&at(subject))),
        ("waits-for-termination", Some(pod)) if is_on_silent_node(store, pod) => {
            offer("why.remedy-force", pod, Command::force_away(&at(pod)))
        }
        ("pod-cannot-pull" | "pod-crashes", _) => broken_pod(store, subject, &at),
        ("name-has-no-service", Some(service)) => missing_service(store, subject, service),
        _ => None,
    }
}

/// A pod of a set that cannot start: the rollout that made it is taken back; one that is left from a rollout taken back, or
/// that a person made so, is made anew.
fn broken_pod(store: &Store, pod: &Key, at: &dyn Fn(&Key) -> Target) -> Option<Remedy> {
    let object = store.get(pod)?;
    let owner = object.meta.controller().filter(|owner| &*owner.kind == "StatefulSet")?;
    let key = Key::new(Kind::StatefulSet, pod.namespace.clone(), owner.name.clone());
    let status = &store.get(&key)?.statefulset()?.status;
    let revision = object.meta.label("controller-revision-hash")?;
    if revision == &*status.update_revision && status.update_revision != status.current_revision {
        return Some(Remedy { key: "why.remedy-undo-rollout", name: key.name.to_string(), command: Command::undo_rollout(&at(&key)) });
    }
    let stale = revision != &*status.update_revision;
    stale.then(|| Remedy { key: "why.remedy-make-anew", name: pod.name.to_string(), command: Command::delete_pod(&at(pod)) })
}

/// A pod that is to go and whose node cannot say that it is gone.
fn is_on_silent_node(store: &Store, pod: &Key) -> bool {
    let node = store.get(pod).and_then(|object| object.pod()).map(|pod| pod.node_name.clone());
    let node = node.and_then(|name| store.find(Kind::Node, "", &name).cloned());
    node.as_ref().and_then(|node| node.node()).is_some_and(|node| node.ready != ConditionStatus::True)
}

/// The Service that a set names and that is not there.
fn missing_service(store: &Store, pod: &Key, service: &Key) -> Option<Remedy> {
    let set = store
        .list(Kind::StatefulSet, &pod.namespace)
        .find_map(|set| set.statefulset().filter(|set| set.spec.service_name == service.name))?;
    let labels = read::at(&set.spec.document, &["selector", "matchLabels"])?.as_object()?;
    let labels: Vec<(String, String)> =
        labels.iter().map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect();
    let command = Command::headless_service(&service.name, &service.namespace, &labels);
    (!service.name.is_empty()).then(|| Remedy { key: "why.remedy-service", name: service.name.to_string(), command })
}
