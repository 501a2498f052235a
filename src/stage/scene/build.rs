//! Builds the scene: sorts pods, claims and Services to the sets they belong to.
//! It must not know how anything is drawn.

use statefulset_engine::order;
use statefulset_engine::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::Labels;
use statefulset_engine::api::object::Object;
use statefulset_engine::api::statefulset::{StatefulSet, UpdateStrategy};
use statefulset_engine::cluster::store::Store;

use crate::state::history::History;

use super::services::Endpoints;
use super::{COLUMNS_MAX, ClaimCard, Column, Density, NameServer, Partition, PodCard, Revision, Scene, ServiceCard, SetScene, Slot};

/// The label with a pod's revision.
const REVISION_LABEL: &str = "controller-revision-hash";
/// The cluster's own objects live here; they are not part of the play.
const SYSTEM: &str = "kube-system";

/// Namespace and name.
type Name<'a> = (&'a str, &'a str);

/// The pods of sets, by set and ordinal.
type PodsOfSets<'a> = SortedMap<Name<'a>, SortedMap<i64, &'a Rc<Object>>>;

impl Scene {
    /// The scene of a cluster; `current` is the namespace that comes first.
    pub fn of(store: &Store, history: &History, current: &str) -> Self {
        let endpoints = Endpoints::of(store);
        let (of_sets, alone) = sort_pods(store);
        let used: SortedSet<Name<'_>> = store
            .all(Kind::Pod)
            .filter_map(|object| object.pod().map(|pod| (object, pod)))
            .flat_map(|(object, pod)| pod.claims().map(|claim| (&*object.meta.namespace, &*claim.claim)))
            .collect();
        let mut taken = Taken::default();

        let mut names: SortedSet<Name<'_>> = of_sets.keys().copied().collect();
        names.extend(store.all(Kind::StatefulSet).map(|object| (&*object.meta.namespace, &*object.meta.name)));
        let mut sets: Vec<Rc<SetScene>> = names
            .into_iter()
            .filter(|(namespace, _)| *namespace != SYSTEM)
            .map(|name| {
                let none = SortedMap::new();
                let pods = of_sets.get(&name).unwrap_or(&none);
                Rc::new(SetBuilder { store, history, endpoints: &endpoints, used: &used, name, pods }.build(&mut taken))
            })
            .collect();
        order::sort_by_key(&mut sets, |set| set.namespace != current);

        let claims = store
            .all(Kind::PersistentVolumeClaim)
            .filter(|object| !taken.claims.contains(&(object.meta.namespace.to_string(), object.meta.name.to_string())))
            .filter_map(|object| {
                let used = used.contains(&(&*object.meta.namespace, &*object.meta.name));
                Some(Rc::new(ClaimCard::of(object, object.claim()?, used, store)))
            })
            .collect();
        let services = store
            .all(Kind::Service)
            .filter(|object| &*object.meta.namespace != SYSTEM && !is_own_service(object))
            .filter(|object| !taken.services.contains(&(object.meta.namespace.to_string(), object.meta.name.to_string())))
            .filter_map(|object| Some(Rc::new(endpoints.card(object, object.service()?, false))))
            .collect();
        let pods = alone.into_iter().filter_map(|object| Some(Rc::new(PodCard::of(object, object.pod()?, None, None, history)))).collect();
        Self { sets, services, pods, claims }
    }
}

/// What is drawn beside a set, so that it is not drawn a second time.
#[derive(Default)]
struct Taken {
    claims: SortedSet<(String, String)>,
    services: SortedSet<(String, String)>,
}

/// The Service of the API server is part of every cluster.
fn is_own_service(object: &Object) -> bool {
    &*object.meta.namespace == "default" && &*object.meta.name == "kubernetes"
}

/// The pods that sets made, and the others.
fn sort_pods(store: &Store) -> (PodsOfSets<'_>, Vec<&Rc<Object>>) {
    let mut of_sets = PodsOfSets::new();
    let mut alone = Vec::new();
    for object in store.all(Kind::Pod).filter(|object| &*object.meta.namespace != SYSTEM) {
        let owner = object.meta.controller().filter(|owner| &*owner.kind == Kind::StatefulSet.name());
        let ordinal = owner.and_then(|owner| ordinal_of(&object.meta.name, &owner.name));
        match (owner, ordinal) {
            (Some(owner), Some(ordinal)) => {
                of_sets.entry((&*object.meta.namespace, &*owner.name)).or_default().insert(ordinal, object);
            }
            _ => alone.push(object),
        }
    }
    (of_sets, alone)
}

/// The ordinal in a name `SET-ORDINAL`.
fn ordinal_of(name: &str, set: &str) -> Option<i64> {
    let digits = name.strip_prefix(set)?.strip_prefix('-')?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.len() == 1 || !digits.starts_with('0'));
    if plain { digits.parse().ok() } else { None }
}

/// Builds the scene of one set.
struct SetBuilder<'a> {
    store: &'a Store,
    history: &'a History,
    endpoints: &'a Endpoints<'a>,
    used: &'a SortedSet<Name<'a>>,
    name: Name<'a>,
    pods: &'a SortedMap<i64, &'a Rc<Object>>,
}

impl SetBuilder<'_> {
    fn build(&self, taken: &mut Taken) -> SetScene {
        let (namespace, name) = self.name;
        let object = self.store.find(Kind::StatefulSet, namespace, name);
        let set = object.and_then(|object| object.statefulset());
        let name_server = self.name_server(set);
        let services = self.services(set, &name_server);
        taken.services.extend(services.iter().map(|service| (service.namespace.clone(), service.name.clone())));

        let kept = self.kept_claims(set);
        let wanted = set.map(|set| set.spec.ordinals()).unwrap_or(0..0);
        let ordinals = self.ordinals(wanted.clone(), &kept);
        let revisions = set.map(|set| self.revisions(set)).unwrap_or_default();
        let columns: Vec<Rc<Column>> = ordinals
            .drawn
            .iter()
            .map(|ordinal| Rc::new(self.column(*ordinal, set, wanted.contains(ordinal), &name_server, &revisions)))
            .collect();
        taken.claims.extend(kept.values().flatten().map(|claim| (namespace.to_owned(), claim.to_string())));

        let staged = set.is_some_and(|set| set.status.current_revision != set.status.update_revision);
        let partition = set.and_then(|set| match &set.spec.strategy {
            UpdateStrategy::RollingUpdate(Some(rolling)) => Some(Partition {
                at: rolling.partition,
                columns_before: columns.iter().filter(|column| column.ordinal < set.spec.start.saturating_add(rolling.partition)).count(),
                staged,
            }),
            UpdateStrategy::RollingUpdate(None) | UpdateStrategy::OnDelete => None,
        });
        SetScene {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            uid: object.map(|object| object.meta.uid.to_string()).unwrap_or_default(),
            deleted: object.is_none_or(|object| object.meta.terminating()),
            replicas: set.map_or(0, |set| set.spec.replicas),
            ready_replicas: set.map_or(0, |set| set.status.ready_replicas),
            parallel: set.is_some_and(|set| set.spec.policy == statefulset_engine::api::statefulset::PodManagementPolicy::Parallel),
            on_delete: set.is_some_and(|set| set.spec.strategy == UpdateStrategy::OnDelete),
            update_revision: set.map(|set| set.status.update_revision.to_string()).unwrap_or_default(),
            name_server,
            services,
            partition,
            density: Density::of(columns.len()),
            columns,
            left_out: ordinals.left_out,
        }
    }

    fn name_server(&self, set: Option<&StatefulSet>) -> NameServer {
        match set.map(|set| &*set.spec.service_name) {
            None | Some("") => NameServer::None,
            Some(service) if self.store.find(Kind::Service, self.name.0, service).is_some() => NameServer::Service(service.to_owned()),
            Some(service) => NameServer::Missing(service.to_owned()),
        }
    }

    /// The Services that select the set's pods, the one that names them first.
    fn services(&self, set: Option<&StatefulSet>, name_server: &NameServer) -> Vec<Rc<ServiceCard>> {
        let Some(set) = set else {
            return Vec::new();
        };
        let governs = |object: &Object| matches!(name_server, NameServer::Service(name) if **name == *object.meta.name);
        let mut services: Vec<Rc<ServiceCard>> = self
            .store
            .list(Kind::Service, self.name.0)
            .filter_map(|object| object.service().map(|service| (object, service)))
            .filter(|(object, service)| {
                governs(object) || service.selector.as_ref().is_some_and(|labels| selects(labels, &set.spec.template.labels))
            })
            .map(|(object, service)| Rc::new(self.endpoints.card(object, service, governs(object))))
            .collect();
        order::sort_by_key(&mut services, |service| !service.governing);
        services
    }

    /// The claims of the set's claim templates that are there, by ordinal.
    fn kept_claims(&self, set: Option<&StatefulSet>) -> SortedMap<i64, Vec<&str>> {
        let mut kept: SortedMap<i64, Vec<&str>> = SortedMap::new();
        let templates = set.map(|set| &*set.spec.claim_templates).unwrap_or_default();
        if templates.is_empty() {
            return kept;
        }
        let prefixes: Vec<String> = templates.iter().map(|template| format!("{}-{}", template.name, self.name.1)).collect();
        for object in self.store.list(Kind::PersistentVolumeClaim, self.name.0) {
            let ordinal = prefixes.iter().find_map(|prefix| ordinal_of(&object.meta.name, prefix));
            if let Some(ordinal) = ordinal {
                kept.entry(ordinal).or_default().push(&object.meta.name);
            }
        }
        kept
    }

    fn ordinals(&self, wanted: std::ops::Range<i64>, kept: &SortedMap<i64, Vec<&str>>) -> Ordinals {
        // Only so many are looked at: a set may ask for more pods than anybody can count.
        let far = i64::try_from(COLUMNS_MAX).unwrap_or(i64::MAX);
        let near = wanted.start..wanted.end.min(wanted.start.saturating_add(far));
        let mut all: SortedSet<i64> = near.clone().collect();
        all.extend(self.pods.keys().chain(kept.keys()).copied());
        let beyond = all.len().saturating_sub(COLUMNS_MAX);
        let asked_beyond = usize::try_from(wanted.end.saturating_sub(near.end)).unwrap_or(usize::MAX);
        Ordinals { drawn: all.into_iter().take(COLUMNS_MAX).collect(), left_out: beyond.max(asked_beyond) }
    }

    /// The numbers of the set's revisions, by name.
    fn revisions(&self, set: &StatefulSet) -> Revisions {
        let numbers = self
            .store
            .list(Kind::ControllerRevision, self.name.0)
            .filter_map(|object| Some((object.meta.name.to_string(), object.revision()?.revision)))
            .collect();
        let (current, update) = (&set.status.current_revision, &set.status.update_revision);
        Revisions { numbers, newer: if current == update { String::new() } else { update.to_string() } }
    }

    fn column(&self, ordinal: i64, set: Option<&StatefulSet>, wanted: bool, name_server: &NameServer, revisions: &Revisions) -> Column {
        let (namespace, name) = self.name;
        let pod_name = format!("{name}-{ordinal}");
        let card = self.pods.get(&ordinal).and_then(|object| {
            let revision = object.meta.label(REVISION_LABEL).map(|label| revisions.of(label));
            Some(Rc::new(PodCard::of(object, object.pod()?, Some(ordinal), revision, self.history)))
        });
        let (dns_name, answers) = match name_server {
            NameServer::Service(service) => (format!("{pod_name}.{service}"), self.endpoints.answers(namespace, service, &pod_name)),
            NameServer::Missing(service) => (format!("{pod_name}.{service}"), false),
            NameServer::None => (pod_name.clone(), false),
        };
        let templates = set.map(|set| &*set.spec.claim_templates).unwrap_or_default();
        let claims = templates
            .iter()
            .filter_map(|template| self.store.find(Kind::PersistentVolumeClaim, namespace, &format!("{}-{pod_name}", template.name)))
            .filter_map(|object| {
                let used = card.is_some() && self.used.contains(&(namespace, &*object.meta.name));
                Some(Rc::new(ClaimCard::of(object, object.claim()?, used, self.store)))
            })
            .collect();
        let slot = match card {
            Some(card) => Slot::Pod(card),
            None if wanted => Slot::NotYet,
            None => Slot::ScaledDown,
        };
        Column { ordinal, pod_name, dns_name, answers, slot, claims }
    }
}

struct Ordinals {
    drawn: Vec<i64>,
    left_out: usize,
}

#[derive(Default)]
struct Revisions {
    numbers: SortedMap<String, i64>,
    /// The name of the newer of two revisions; empty where there is one.
    newer: String,
}

impl Revisions {
    /// The revision that a pod's label names.
    fn of(&self, label: &str) -> Revision {
        let number = self.numbers.get(label).copied().unwrap_or(0);
        Revision { name: label.to_owned(), number, newer: !self.newer.is_empty() && label == self.newer }
    }
}

/// Whether a Service's selector selects pods with these labels.
fn selects(selector: &Labels, labels: &Labels) -> bool {
    selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}
