//! Deployments and ReplicaSets: the other way to run pods, drawn for contrast. Their pods have no identity, so there are
//! no columns. It must not know sets.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::{Text, Uid};
use statefulset_engine::api::object::Object;
use statefulset_engine::api::workload::Workload;
use statefulset_engine::sorted::SortedMap;

use super::cards::{Cards, RevisionOf, Source};
use super::services::Endpoints;
use super::{PodCard, SYSTEM, ServiceCard, selects};

/// The annotation with the number of a ReplicaSet among those of its Deployment.
const REVISION: &str = "deployment.kubernetes.io/revision";

/// A Deployment, or a ReplicaSet that belongs to none, with its pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentScene {
    /// Which of the two.
    pub kind: Kind,
    /// Its namespace.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// Its uid.
    pub uid: Text,
    /// Whether deletion was asked for.
    pub deleted: bool,
    /// How many pods were asked for.
    pub replicas: i64,
    /// How many are ready, as its status says.
    pub ready_replicas: i64,
    /// Services that select its pods.
    pub services: Vec<Rc<ServiceCard>>,
    /// Its pods: those of older ReplicaSets first, then by name.
    pub pods: Vec<Rc<PodCard>>,
}

/// The pods of ReplicaSets, by the uid of the ReplicaSet.
pub(super) type PodsOfReplicaSets<'a> = SortedMap<Uid, Vec<&'a Rc<Object>>>;

/// All Deployments, and ReplicaSets without one.
pub(super) fn of(
    source: &mut Source<'_>,
    cards: &mut Cards,
    endpoints: &Endpoints,
    pods: &PodsOfReplicaSets<'_>,
) -> Vec<Rc<DeploymentScene>> {
    let store = &source.world.store;
    let alone = store.all(Kind::ReplicaSet).filter(|object| object.meta.controller().is_none());
    let objects = store.all(Kind::Deployment).chain(alone).filter(|object| &*object.meta.namespace != SYSTEM);
    objects
        .filter_map(|object| {
            Some(Rc::new(scene_of(source, cards, endpoints, pods, object, object.deployment().or_else(|| object.replica_set())?)))
        })
        .collect()
}

fn scene_of(
    source: &mut Source<'_>,
    cards: &mut Cards,
    endpoints: &Endpoints,
    pods: &PodsOfReplicaSets<'_>,
    object: &Rc<Object>,
    workload: &Workload,
) -> DeploymentScene {
    let store = &source.world.store;
    let namespace = &object.meta.namespace;
    let mut sets: Vec<(i64, &Rc<Object>)> = if object.kind() == Kind::ReplicaSet {
        vec![(0, object)]
    } else {
        store.owned_of_kind(object.meta.uid, Kind::ReplicaSet).map(|set| (number_of(set), set)).collect()
    };
    statefulset_engine::order::sort_by_key(&mut sets, |(number, _)| *number);
    let newest = sets.last().map_or(0, |(number, _)| *number);
    let several = sets.iter().filter(|(_, set)| pods.get(&set.meta.uid).is_some_and(|pods| !pods.is_empty())).count() > 1;
    let mut drawn = Vec::new();
    for (number, set) in &sets {
        for pod in pods.get(&set.meta.uid).into_iter().flatten() {
            let revision = (*number > 0).then(|| RevisionOf { name: &set.meta.name, number: *number, newer: several && *number == newest });
            drawn.extend(cards.pod(source, pod, None, revision));
        }
    }
    let services = store
        .list(Kind::Service, namespace)
        .filter_map(|service| Some((service, service.service()?)))
        .filter(|(_, service)| service.selector.as_ref().is_some_and(|labels| selects(labels, &workload.template.labels)))
        .map(|(object, service)| Rc::new(endpoints.card(object, service, false)))
        .collect();
    DeploymentScene {
        kind: object.kind(),
        namespace: namespace.clone(),
        name: object.meta.name.clone(),
        uid: object.meta.uid.to_string().into(),
        deleted: object.meta.terminating(),
        replicas: workload.replicas,
        ready_replicas: workload.status.ready_replicas,
        services,
        pods: drawn,
    }
}

/// The number of a ReplicaSet among those of its Deployment; 0 where it has none.
fn number_of(set: &Object) -> i64 {
    set.meta.annotations.get(REVISION).and_then(|number| number.parse().ok()).unwrap_or(0)
}
