//! Builds the scene: sorts pods, claims and Services to the sets they belong to.
//! It must not know how anything is drawn.

use statefulset_engine::order;
use statefulset_engine::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::Text;
use statefulset_engine::api::object::Object;
use statefulset_engine::api::statefulset::{PodManagementPolicy, StatefulSet, UpdateStrategy};
use statefulset_engine::cluster::World;

use super::cards::{Cards, RevisionOf, Source};
use super::deployments::{self, PodsOfReplicaSets};
use super::services::{self, Endpoints};
use super::{
    COLUMNS_MAX, ClaimCard, Column, Density, NameServer, Partition, SYSTEM, Scene, ServiceCard, SetScene, Slot, controller, nodes, selects,
};
use crate::state::history::History;

/// The label with a pod's revision.
const REVISION_LABEL: &str = "controller-revision-hash";

/// Namespace and name.
type Name<'a> = (&'a str, &'a str);

/// The pods of sets, by set and ordinal.
type PodsOfSets<'a> = SortedMap<Name<'a>, SortedMap<i64, &'a Rc<Object>>>;

/// Makes scenes, one after the other. What a scene has in common with the one before it is the same in memory, so that a
/// thousand pods of which one has changed cost little to compare and to draw.
#[derive(Debug, Default)]
pub struct Scenes {
    cards: Cards,
    endpoints: Endpoints,
    last: Rc<Scene>,
    /// The sets of the scene before, and what they were made from.
    grounds: Vec<(Rc<SetScene>, Ground)>,
}

/// What the columns of a set were made from: where that is the same, they are the same, and nobody looks into their objects.
#[derive(Clone, Debug, Default)]
struct Ground {
    revisions: Revisions,
    columns: Vec<ColumnGround>,
}

/// What a column was made from.
#[derive(Clone, Debug, Default)]
struct ColumnGround {
    pod: Option<Rc<Object>>,
    claims: Vec<Rc<Object>>,
}

impl Ground {
    /// Whether the column at a place was made from this pod and these claims.
    fn is(&self, place: usize, pod: Option<&Rc<Object>>, claims: &[&Rc<Object>]) -> bool {
        let same = |(one, other): (&Rc<Object>, &&Rc<Object>)| Rc::ptr_eq(one, other);
        self.columns.get(place).is_some_and(|before| {
            let same_pod = before.pod.as_ref().map(Rc::as_ptr) == pod.map(Rc::as_ptr);
            same_pod && before.claims.len() == claims.len() && before.claims.iter().zip(claims).all(same)
        })
    }

    /// Remembers what the column at a place is made from.
    fn note(&mut self, place: usize, pod: Option<&Rc<Object>>, claims: &[&Rc<Object>]) {
        if self.columns.len() <= place {
            self.columns.resize(place + 1, Default::default());
        }
        self.columns[place] = ColumnGround { pod: pod.cloned(), claims: claims.iter().map(|claim| (*claim).clone()).collect() };
    }
}

impl Scenes {
    /// The scene of a cluster; `current` is the namespace that comes first.
    pub fn next(&mut self, world: &World, history: &History, current: &str) -> Rc<Scene> {
        let scene = self.build(world, history, current);
        if scene != *self.last {
            self.last = Rc::new(scene);
        }
        self.last.clone()
    }

    fn build(&mut self, world: &World, history: &History, current: &str) -> Scene {
        let store = &world.store;
        self.endpoints.update(store);
        let sorted = sort_pods(world);
        let mut source = Source::new(world, history, &mut self.cards);
        let mut grounds = std::mem::take(&mut self.grounds);
        let mut taken = Taken::default();

        let mut names: SortedSet<Name<'_>> = sorted.of_sets.keys().copied().collect();
        names.extend(store.all(Kind::StatefulSet).map(|object| (&*object.meta.namespace, &*object.meta.name)));
        let mut sets = Vec::new();
        for name in names.into_iter().filter(|(namespace, _)| *namespace != SYSTEM) {
            let none = SortedMap::new();
            let pods = sorted.of_sets.get(&name).unwrap_or(&none);
            let kept = grounds.iter().position(|(set, _)| (&*set.namespace, &*set.name) == name).map(|at| grounds.swap_remove(at));
            let (last, ground) = kept.map_or_else(Default::default, |(set, ground)| (Some(set), ground));
            let mut builder =
                SetBuilder { source: &mut source, cards: &mut self.cards, endpoints: &self.endpoints, last, name, pods, ground };
            let set = builder.build(&mut taken);
            self.grounds.push((set.clone(), builder.ground));
            sets.push(set);
        }
        order::sort_by_key(&mut sets, |set| &*set.namespace != current);

        let deployments = deployments::of(&mut source, &mut self.cards, &self.endpoints, &sorted.of_replica_sets);
        taken.services.extend(deployments.iter().flat_map(|set| &set.services).map(|service| service.uid.clone()));
        let pods: Vec<_> = sorted.alone.into_iter().filter_map(|object| self.cards.pod(&mut source, object, None, None)).collect();
        let left: Vec<&Rc<Object>> =
            store.all(Kind::PersistentVolumeClaim).filter(|object| !taken.claims.contains(&Rc::as_ptr(object))).collect();
        let used: SortedSet<(Text, Text)> = if left.is_empty() { SortedSet::new() } else { used_claims(world) };
        let claims = left
            .into_iter()
            .filter_map(|object| {
                self.cards.claim(&mut source, object, used.contains(&(object.meta.namespace.clone(), object.meta.name.clone())))
            })
            .collect();
        let services = store
            .all(Kind::Service)
            .filter(|object| &*object.meta.namespace != SYSTEM && !is_own_service(object))
            .map(|object| (object, object.meta.uid.to_string()))
            .filter(|(_, uid)| !taken.services.contains(uid.as_str()))
            .filter_map(|(object, _)| Some(Rc::new(self.endpoints.card(object, object.service()?, false))))
            .collect();
        self.cards.tidy(&source);
        Scene { sets, deployments, services, pods, claims, nodes: nodes::of(world), until_ms: source.until_ms }
    }
}

impl Scene {
    /// The scene of a cluster; `current` is the namespace that comes first.
    pub fn of(world: &World, history: &History, current: &str) -> Self {
        Scenes::default().build(world, history, current)
    }
}

/// What is drawn beside a set, so that it is not drawn a second time.
#[derive(Default)]
struct Taken {
    /// The claims, by the place of their object in memory.
    claims: SortedSet<*const Object>,
    /// The uids of Services.
    services: SortedSet<Text>,
}

/// The claims that pods use.
fn used_claims(world: &World) -> SortedSet<(Text, Text)> {
    let pods = world.store.all(Kind::Pod).filter_map(|object| Some((object, object.pod()?)));
    pods.flat_map(|(object, pod)| pod.claims().map(|claim| (object.meta.namespace.clone(), claim.claim.clone()))).collect()
}

/// The Service of the API server is part of every cluster.
fn is_own_service(object: &Object) -> bool {
    &*object.meta.namespace == "default" && &*object.meta.name == "kubernetes"
}

/// Pods by who made them.
struct SortedPods<'a> {
    of_sets: PodsOfSets<'a>,
    of_replica_sets: PodsOfReplicaSets<'a>,
    alone: Vec<&'a Rc<Object>>,
}

fn sort_pods(world: &World) -> SortedPods<'_> {
    let mut sorted = SortedPods { of_sets: PodsOfSets::new(), of_replica_sets: PodsOfReplicaSets::new(), alone: Vec::new() };
    for object in world.store.all(Kind::Pod).filter(|object| &*object.meta.namespace != SYSTEM) {
        let owner = object.meta.controller();
        match owner.map(|owner| (owner, &*owner.kind)) {
            Some((owner, "StatefulSet")) => match ordinal_of(&object.meta.name, &owner.name) {
                Some(ordinal) => {
                    sorted.of_sets.entry((&*object.meta.namespace, &*owner.name)).or_default().insert(ordinal, object);
                }
                None => sorted.alone.push(object),
            },
            Some((owner, "ReplicaSet")) if is_there(world, object, &owner.name) => {
                sorted.of_replica_sets.entry(owner.uid).or_default().push(object);
            }
            _ => sorted.alone.push(object),
        }
    }
    sorted
}

fn is_there(world: &World, pod: &Object, replica_set: &str) -> bool {
    world.store.find(Kind::ReplicaSet, &pod.meta.namespace, replica_set).is_some()
}

/// The ordinal in a name `SET-ORDINAL`.
fn ordinal_of(name: &str, set: &str) -> Option<i64> {
    let digits = name.strip_prefix(set)?.strip_prefix('-')?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.len() == 1 || !digits.starts_with('0'));
    if plain { digits.parse().ok() } else { None }
}

/// Builds the scene of one set.
struct SetBuilder<'a, 'w> {
    source: &'a mut Source<'w>,
    cards: &'a mut Cards,
    endpoints: &'a Endpoints,
    /// The scene of the set before this one.
    last: Option<Rc<SetScene>>,
    name: Name<'w>,
    pods: &'a SortedMap<i64, &'w Rc<Object>>,
    ground: Ground,
}

impl<'w> SetBuilder<'_, 'w> {
    fn build(&mut self, taken: &mut Taken) -> Rc<SetScene> {
        let (namespace, name) = self.name;
        let store = &self.source.world.store;
        let object = store.find(Kind::StatefulSet, namespace, name);
        let set = object.and_then(|object| object.statefulset());
        let name_server = self.name_server(set);
        let services = self.services(set, &name_server);
        taken.services.extend(services.iter().map(|service| service.uid.clone()));

        let kept = self.kept_claims(set);
        taken.claims.extend(kept.values().flatten().map(|claim| Rc::as_ptr(claim)));
        let wanted = set.map(|set| set.spec.ordinals()).unwrap_or(0..0);
        let ordinals = self.ordinals(wanted.clone(), &kept);
        let revisions = set.map(|set| self.revisions(set)).unwrap_or_default();
        let endpoints = self.endpoints;
        let marks = services.first().map_or(&[][..], |service| endpoints.of(&service.namespace, &service.name));
        let served = self.last.as_ref().is_some_and(|last| last.name_server == name_server);
        let names = Names { server: &name_server, marks, set: name, same: served && self.ground.revisions == revisions };
        let columns: Vec<Rc<Column>> = ordinals
            .drawn
            .iter()
            .enumerate()
            .map(|(place, ordinal)| {
                let claims = kept.get(ordinal).map_or(&[][..], Vec::as_slice);
                self.column(place, *ordinal, claims, wanted.contains(ordinal), &names, &revisions)
            })
            .collect();

        self.ground.columns.truncate(columns.len());
        self.ground.revisions = revisions;
        let before = |ordinal: i64| columns.iter().take_while(|column| column.ordinal < ordinal).count();
        let start = set.map_or(0, |set| set.spec.start);
        let partition = set.and_then(|set| match &set.spec.strategy {
            UpdateStrategy::RollingUpdate(Some(rolling)) => Some(Partition {
                at: rolling.partition,
                columns_before: before(start.saturating_add(rolling.partition)),
                staged: set.status.current_revision != set.status.update_revision,
            }),
            UpdateStrategy::RollingUpdate(None) | UpdateStrategy::OnDelete => None,
        });
        let scene = SetScene {
            namespace: namespace.into(),
            name: name.into(),
            uid: object.map_or_else(|| "".into(), |object| object.meta.uid.to_string().into()),
            deleted: object.is_none_or(|object| object.meta.terminating()),
            start,
            replicas: set.map_or(0, |set| set.spec.replicas),
            ready_replicas: set.map_or(0, |set| set.status.ready_replicas),
            parallel: set.is_some_and(|set| set.spec.policy == PodManagementPolicy::Parallel),
            on_delete: set.is_some_and(|set| set.spec.strategy == UpdateStrategy::OnDelete),
            update_revision: set.map_or_else(|| "".into(), |set| set.status.update_revision.clone()),
            name_server,
            services,
            turn: object.and_then(|object| controller::turn(self.source.world, object, self.pods.len())).map(Rc::new),
            partition,
            edge_before: before(start.saturating_add(set.map_or(0, |set| set.spec.replicas))),
            density: Density::of(columns.len()),
            columns,
            left_out: ordinals.left_out,
        };
        match &self.last {
            Some(last) if **last == scene => last.clone(),
            _ => Rc::new(scene),
        }
    }

    fn name_server(&self, set: Option<&StatefulSet>) -> NameServer {
        match set.map(|set| &set.spec.service_name) {
            None => NameServer::None,
            Some(name) if name.is_empty() => NameServer::None,
            Some(service) if self.source.world.store.find(Kind::Service, self.name.0, service).is_some() => {
                NameServer::Service(service.clone())
            }
            Some(service) => NameServer::Missing(service.clone()),
        }
    }

    /// The Services that select the set's pods, the one that names them first.
    fn services(&self, set: Option<&StatefulSet>, name_server: &NameServer) -> Vec<Rc<ServiceCard>> {
        let Some(set) = set else {
            return Vec::new();
        };
        let governs = |object: &Object| matches!(name_server, NameServer::Service(name) if *name == object.meta.name);
        let store = &self.source.world.store;
        let mut services: Vec<Rc<ServiceCard>> = store
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

    /// The claims of the set's claim templates that are there, by ordinal, in order of the templates.
    fn kept_claims(&self, set: Option<&StatefulSet>) -> SortedMap<i64, Vec<&'w Rc<Object>>> {
        let mut kept: SortedMap<i64, Vec<&Rc<Object>>> = SortedMap::new();
        let templates = set.map(|set| &*set.spec.claim_templates).unwrap_or_default();
        if templates.is_empty() {
            return kept;
        }
        let store = &self.source.world.store;
        for template in templates {
            let prefix = format!("{}-{}", template.name, self.name.1);
            for object in store.list(Kind::PersistentVolumeClaim, self.name.0) {
                if let Some(ordinal) = ordinal_of(&object.meta.name, &prefix) {
                    kept.entry(ordinal).or_default().push(object);
                }
            }
        }
        kept
    }

    fn ordinals(&self, wanted: std::ops::Range<i64>, kept: &SortedMap<i64, Vec<&Rc<Object>>>) -> Ordinals {
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
            .source
            .world
            .store
            .list(Kind::ControllerRevision, self.name.0)
            .filter_map(|object| Some((object.meta.name.to_string(), object.revision()?.revision)))
            .collect();
        let (current, update) = (&set.status.current_revision, &set.status.update_revision);
        Revisions { numbers, newer: if current == update { String::new() } else { update.to_string() } }
    }

    fn column(
        &mut self,
        place: usize,
        ordinal: i64,
        claims: &[&'w Rc<Object>],
        wanted: bool,
        names: &Names<'_>,
        revisions: &Revisions,
    ) -> Rc<Column> {
        // Most columns are as they were, and stand where they stood: their names need not be written again.
        let last = self.last.as_ref().and_then(|set| set.columns.get(place)).filter(|column| column.ordinal == ordinal).cloned();
        let object = self.pods.get(&ordinal).copied();
        let same = names.same && self.ground.is(place, object, claims);
        if !same {
            self.ground.note(place, object, claims);
        }
        if let Some(last) = last.as_ref().filter(|last| same && last.rests(wanted))
            && services::of_pod(names.marks, &last.pod_name) == last.endpoint.as_ref()
            && self.source.keeps(last)
        {
            return last.clone();
        }
        let pod_name: Text = last.as_ref().map_or_else(|| format!("{}-{ordinal}", names.set).into(), |last| last.pod_name.clone());
        let card = object.and_then(|object| {
            let revision = object.meta.label(REVISION_LABEL).map(|label| revisions.of(label));
            self.cards.pod(self.source, object, Some(ordinal), revision)
        });
        let domain: &str = match names.server {
            NameServer::Service(service) | NameServer::Missing(service) => service,
            NameServer::None => "",
        };
        let same = |last: &&Rc<Column>| {
            last.dns_name.strip_prefix(&*pod_name).is_some_and(|rest| rest.strip_prefix('.').unwrap_or(rest) == domain)
        };
        let dns_name: Text = match last.as_ref().filter(same) {
            Some(last) => last.dns_name.clone(),
            None if domain.is_empty() => pod_name.clone(),
            None => format!("{pod_name}.{domain}").into(),
        };
        let endpoint = services::of_pod(names.marks, &pod_name).cloned();
        let claims: Vec<Rc<ClaimCard>> = claims
            .iter()
            .filter_map(|object| {
                let used = card.as_ref().is_some_and(|card| card.claims.contains(&object.meta.name));
                self.cards.claim(self.source, object, used)
            })
            .collect();
        let slot = match card {
            Some(card) => Slot::Pod(card),
            None if wanted => Slot::NotYet,
            None => Slot::ScaledDown,
        };
        let answers = matches!(names.server, NameServer::Service(_)) && endpoint.as_ref().is_some_and(|mark| mark.ready);
        let column = Column { ordinal, pod_name, dns_name, answers, endpoint, slot, claims };
        match last {
            Some(last) if *last == column => last,
            _ => Rc::new(column),
        }
    }
}

/// How the pods of a set get their names.
struct Names<'a> {
    server: &'a NameServer,
    /// The endpoints of its first Service.
    marks: &'a [services::EndpointMark],
    set: &'a str,
    /// Whether names and revisions are those of the scene before.
    same: bool,
}

impl Column {
    /// Whether it stays as it is while its objects do: no clock runs in it.
    fn rests(&self, wanted: bool) -> bool {
        match &self.slot {
            Slot::Pod(pod) => pod.step.is_none() && pod.grace.is_none(),
            Slot::NotYet => wanted,
            Slot::ScaledDown => !wanted,
        }
    }
}

struct Ordinals {
    drawn: Vec<i64>,
    left_out: usize,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Revisions {
    numbers: SortedMap<String, i64>,
    /// The name of the newer of two revisions; empty where there is one.
    newer: String,
}

impl Revisions {
    /// The revision that a pod's label names.
    fn of<'a>(&self, label: &'a str) -> RevisionOf<'a> {
        let number = self.numbers.get(label).copied().unwrap_or(0);
        RevisionOf { name: label, number, newer: !self.newer.is_empty() && label == self.newer }
    }
}
