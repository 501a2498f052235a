//! Why something is as it is, where no controller notes a decision: what a kubelet has written about a pod, why a name is
//! not answered, why an identity has no pod. Read from the state alone, with rule ids as decisions have them.
//! It must not know sentences, nor change anything.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::{Body, Key, Object};
use crate::api::pod::{ContainerState, Phase, Pod};
use crate::cluster::decisions::{Decision, Decisions};
use crate::cluster::store::Store;
use crate::controllers::statefulset::identity;

/// Every rule id of this module, in alphabetical order.
pub const ALL: &[&str] = &[
    "name-has-no-service",
    "name-is-answered",
    "name-is-not-selected",
    "name-waits-for-ready",
    "object-is-not-there",
    "pod-cannot-pull",
    "pod-crashes",
    "pod-has-ended",
    "pod-is-created",
    "pod-is-not-ready",
    "pod-is-not-wanted",
    "pod-is-ready",
    "pod-terminates",
    "pod-waits-its-turn",
    "service-answers",
    "service-has-no-endpoints",
];

/// What is known about an object: the decision that stands, or what its state says.
pub fn about(decisions: &Decisions, store: &Store, key: &Key) -> Option<Rc<Decision>> {
    let decision = decisions.about(key).filter(|_| store.get(key).is_some());
    if let Some(decision) = decision.filter(|decision| decision.waits) {
        return Some(decision.clone());
    }
    let read = match (store.get(key), key.kind) {
        (Some(object), Kind::Pod) => object.pod().map(|pod| pod_is(key, object, pod)),
        (Some(_), Kind::Service) => Some(service_is(store, key)),
        (Some(_), _) => None,
        (None, Kind::Pod) => Some(absent(store, key)),
        (None, _) => Some(decision_of(key, "object-is-not-there", false)),
    };
    read.map(Rc::new).or_else(|| decision.cloned())
}

/// Whether something goes wrong, rather than taking its time.
pub fn is_trouble(rule: &str) -> bool {
    matches!(rule, "pod-cannot-pull" | "pod-crashes")
}

fn decision_of(subject: &Key, rule: &'static str, waits: bool) -> Decision {
    Decision { since_ms: 0, subject: subject.clone(), rule, waits, objects: Vec::new(), arguments: Vec::new() }
}

/// What a kubelet has written about a pod.
fn pod_is(key: &Key, object: &Object, pod: &Pod) -> Decision {
    let created_ms = object.meta.creation_ms;
    if let Some(deletion) = object.meta.deletion {
        let arguments = vec![("seconds", deletion.grace_period_seconds.to_string())];
        return Decision { since_ms: deletion.at_ms, arguments, ..decision_of(key, "pod-terminates", true) };
    }
    let waiting = pod.status.containers.iter().enumerate().find_map(|(index, container)| match &container.state {
        ContainerState::Waiting { reason, .. } => Some((*reason, index)),
        _ => None,
    });
    let condition_ms = pod.condition("Ready").map_or(created_ms, |ready| ready.since_ms);
    let (rule, waits, since_ms) = match (pod.status.phase, &waiting) {
        (Phase::Succeeded | Phase::Failed, _) => ("pod-has-ended", false, condition_ms),
        (_, Some(("ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull", _))) => {
            ("pod-cannot-pull", true, condition_ms)
        }
        (_, Some(("CrashLoopBackOff" | "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError", _))) => {
            ("pod-crashes", true, condition_ms)
        }
        (Phase::Pending, _) => ("pod-is-created", true, pod.status.start_ms.unwrap_or(created_ms)),
        (Phase::Running, _) if pod.ready() => ("pod-is-ready", false, pod.ready_since_ms().unwrap_or(created_ms)),
        (Phase::Running | Phase::Unknown, _) => ("pod-is-not-ready", true, condition_ms),
    };
    let (reason, index) = waiting.unwrap_or_default();
    let spec = pod.spec.containers.get(index);
    let arguments = vec![
        ("reason", reason.to_owned()),
        ("image", spec.map(|spec| spec.image.to_string()).unwrap_or_default()),
        ("node", pod.node_name.to_string()),
    ];
    Decision { since_ms, arguments, ..decision_of(key, rule, waits) }
}

/// Why an identity has no pod.
fn absent(store: &Store, key: &Key) -> Decision {
    let set = store.list(Kind::StatefulSet, &key.namespace).find_map(|set| {
        let ordinal = identity::ordinal_in(&set.meta.name, &key.name)?;
        Some((set, ordinal, set.statefulset()?))
    });
    let Some((object, ordinal, set)) = set else {
        return decision_of(key, "object-is-not-there", false);
    };
    let wanted = set.spec.start..set.spec.start.saturating_add(set.spec.replicas);
    let (rule, waits) = if wanted.contains(&ordinal) { ("pod-waits-its-turn", true) } else { ("pod-is-not-wanted", false) };
    let arguments = vec![("replicas", set.spec.replicas.to_string()), ("ordinal", ordinal.to_string())];
    Decision { objects: vec![object.key()], arguments, ..decision_of(key, rule, waits) }
}

/// What a Service answers with.
fn service_is(store: &Store, key: &Key) -> Decision {
    let (ready, left_out) = endpoints(store, key);
    if ready.is_empty() {
        Decision { objects: left_out, ..decision_of(key, "service-has-no-endpoints", true) }
    } else {
        Decision { objects: ready, ..decision_of(key, "service-answers", false) }
    }
}

/// The pods behind a Service that are answered, and those that are left out.
fn endpoints(store: &Store, service: &Key) -> (Vec<Key>, Vec<Key>) {
    let (mut ready, mut left_out) = (Vec::new(), Vec::new());
    for object in store.list(Kind::EndpointSlice, &service.namespace) {
        let Body::EndpointSlice(slice) = &object.body else { continue };
        if object.meta.label("kubernetes.io/service-name") != Some(&service.name) {
            continue;
        }
        for endpoint in slice.endpoints.iter() {
            let pod = Key::new(Kind::Pod, service.namespace.clone(), endpoint.pod.clone());
            if endpoint.ready { ready.push(pod) } else { left_out.push(pod) }
        }
    }
    (ready, left_out)
}

/// Whether the name of a set's pod is answered, and why not. `None` for a pod that no set made.
pub fn name_of(store: &Store, pod: &Key) -> Option<Decision> {
    let set = store.list(Kind::StatefulSet, &pod.namespace).find_map(|set| {
        identity::ordinal_in(&set.meta.name, &pod.name)?;
        set.statefulset()
    })?;
    let name = set.spec.service_name.clone();
    let service = Key::new(Kind::Service, pod.namespace.clone(), name.clone());
    let said = |rule, waits| Decision { objects: vec![service.clone()], ..decision_of(pod, rule, waits) };
    if name.is_empty() || store.get(&service).is_none() {
        return Some(said("name-has-no-service", true));
    }
    let (ready, left_out) = endpoints(store, &service);
    Some(if ready.contains(pod) {
        said("name-is-answered", false)
    } else if left_out.contains(pod) || store.get(pod).is_none() {
        said("name-waits-for-ready", true)
    } else {
        said("name-is-not-selected", true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Streams;
    use crate::session::Session;
    use crate::settings::Settings;

    fn session(lines: &[&str]) -> Session {
        let mut session = Session::new(Settings::default());
        for line in lines {
            session.start(line, Streams::with_input(""));
            let at_ms = session.world.now_ms() + 30_000;
            session.advance_to(at_ms);
        }
        session
    }

    fn rule(session: &Session, kind: Kind, name: &str) -> &'static str {
        let world = &session.world;
        about(&world.decisions, &world.store, &Key::new(kind, "default", name)).map_or("", |decision| decision.rule)
    }

    #[test]
    fn a_pod_tells_what_its_kubelet_says() {
        let session = session(&["kubectl run good --image=nginx", "kubectl run bad --image=nginx:bad"]);
        assert_eq!(rule(&session, Kind::Pod, "good"), "pod-is-ready");
        assert_eq!(rule(&session, Kind::Pod, "bad"), "pod-cannot-pull");
        assert_eq!(rule(&session, Kind::Pod, "none"), "object-is-not-there");
    }

    #[test]
    fn an_identity_without_a_pod_waits_its_turn_or_is_not_wanted() {
        let manifest = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  serviceName: nowhere\n  replicas: 2\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: c, image: nginx}]}\n";
        let mut session = Session::new(Settings::default());
        session.terminal.files.insert("web.yaml".into(), manifest.into());
        session.start("kubectl apply -f web.yaml", Streams::with_input(""));
        assert_eq!(rule(&session, Kind::Pod, "web-1"), "pod-waits-its-turn");
        assert_eq!(rule(&session, Kind::Pod, "web-2"), "pod-is-not-wanted");
        session.advance_to(60_000);
        let name = name_of(&session.world.store, &Key::new(Kind::Pod, "default", "web-0"));
        assert_eq!(name.map(|decision| decision.rule), Some("name-has-no-service"));
        session.start("kubectl create service clusterip nowhere --clusterip=None", Streams::with_input(""));
        session.advance_to(70_000);
        assert_eq!(rule(&session, Kind::Service, "nowhere"), "service-has-no-endpoints");
    }
}
