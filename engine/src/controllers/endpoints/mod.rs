//! EndpointSlices: which pods answer for a Service, and at which ports.
//!
//! Owns the slices of Services with a selector. It must not know DNS, which only reads them.
//! Follows `pkg/controller/endpointslice` and `endpointslice/reconciler.go`, `utils.go` 1.36.
//!
//! A change of a pod is remembered for the Services that it concerns, and only that pod's place in their slices is worked
//! out anew; all pods of a namespace are read only when a Service itself or one of its slices changes.
//!
//! `Endpoints`, the older view of the same, are not stored: [`derived`] works them out when they are read.

mod entry;
#[cfg(test)]
mod tests;
mod view;

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::{Labels, Metadata, Text, controller_reference};
use crate::api::object::{Body, Key, Object};
use crate::api::service::{Endpoint, EndpointPort, EndpointSlice, Service};
use crate::cluster::World;
use crate::cluster::deletion::DeleteOptions;
use crate::cluster::store::{Change, Verb};
use crate::sorted::{SortedMap, SortedSet};

use super::Controller;

pub use view::derived;

/// As many endpoints as one slice holds (`max-endpoints-per-slice`).
const SLICE_MAX: usize = 100;
/// The label that names the Service of a slice.
pub const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// The label that tells who looks after a slice.
const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
const MANAGER: &str = "endpointslice-controller.k8s.io";
/// The label of a headless Service's slices.
const HEADLESS: &str = "service.kubernetes.io/headless";

/// What is remembered between looks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    services: SortedMap<Key, Book>,
}

/// What is remembered about one Service.
#[derive(Clone, Debug, Default)]
struct Book {
    /// All pods are to be read.
    all: bool,
    /// The pods that have changed.
    changed: SortedSet<Text>,
    /// In which slice each pod stands.
    place: SortedMap<Text, Text>,
    /// The slices: how many endpoints each holds.
    slices: SortedMap<Text, usize>,
}

/// Wakes the actor for what a change concerns.
pub fn notice(world: &mut World, change: &Change) {
    match change.new.kind() {
        Kind::Pod => notice_pod(world, change),
        Kind::Service => {
            let key = change.new.key();
            if change.verb == Verb::Deleted {
                world.memory.endpoints.services.remove(&key);
                return;
            }
            let asks = |object: &Object| (object.meta.labels.clone(), object.meta.annotation(view::TOLERATE).map(Text::from));
            let same = change.old.as_ref().is_some_and(|old| old.body == change.new.body && asks(old) == asks(&change.new));
            if !same {
                look_at_all(world, key);
            }
        }
        Kind::EndpointSlice => notice_slice(world, change),
        _ => {}
    }
}

fn look_at_all(world: &mut World, service: Key) {
    world.memory.endpoints.services.entry(service.clone()).or_default().all = true;
    world.wake(Controller::Endpoints, service);
}

fn notice_pod(world: &mut World, change: &Change) {
    let namespace = &change.new.meta.namespace;
    let before = change.old.as_deref().filter(|old| entry::is_listed(old));
    let after = (change.verb != Verb::Deleted && entry::is_listed(&change.new)).then_some(&*change.new);
    let same = match (before, after) {
        (None, None) => true,
        (Some(before), Some(after)) => entry::looks_the_same(before, after),
        _ => false,
    };
    if same {
        return;
    }
    let selects = |service: &Service, object: Option<&Object>| object.is_some_and(|object| selects(service, &object.meta.labels));
    let concerned: Vec<Key> = world
        .store
        .list(Kind::Service, namespace)
        .filter(|object| object.service().is_some_and(|service| selects(service, before) || selects(service, after)))
        .map(|object| object.key())
        .collect();
    for service in concerned {
        world.memory.endpoints.services.entry(service.clone()).or_default().changed.insert(change.new.meta.name.clone());
        world.wake(Controller::Endpoints, service);
    }
}

/// A slice that is not as it was left is put right.
fn notice_slice(world: &mut World, change: &Change) {
    let Some(name) = change.new.meta.label(SERVICE_NAME) else { return };
    if change.new.meta.label(MANAGED_BY) != Some(MANAGER) {
        return;
    }
    let service = Key::new(Kind::Service, change.new.meta.namespace.clone(), name);
    let Some(book) = world.memory.endpoints.services.get(&service) else { return };
    let known = book.slices.get(&change.new.meta.name);
    let held = change.new.slice().map(|slice| slice.endpoints.len());
    let expected = if change.verb == Verb::Deleted { known.is_none() } else { known.copied() == held };
    if !expected {
        look_at_all(world, service);
    }
}

fn selects(service: &Service, labels: &Labels) -> bool {
    service.selector.as_ref().is_some_and(|selector| selector.iter().all(|(key, value)| labels.get(key) == Some(value)))
}

/// Looks at one object.
pub fn sync(world: &mut World, key: &Key) {
    let Some(object) = world.get(key) else { return };
    let Some(service) = object.service() else { return };
    if service.selector.is_none() || object.meta.terminating() {
        return;
    }
    let Some(book) = world.memory.endpoints.services.get_mut(key) else { return };
    let all = std::mem::take(&mut book.all);
    let changed = std::mem::take(&mut book.changed);
    let mut plan = Plan::new(&object.meta, service);
    if all {
        plan.read_slices(world);
        let pods: Vec<Rc<Object>> =
            world.store.list(Kind::Pod, &key.namespace).filter(|pod| selects(service, &pod.meta.labels)).cloned().collect();
        let names: SortedSet<&Text> = pods.iter().map(|pod| &pod.meta.name).collect();
        let gone: Vec<Text> = plan.place(world).into_iter().filter(|name| !names.contains(name)).collect();
        for name in gone {
            plan.set(world, &name, None);
        }
        for pod in &pods {
            plan.set(world, &pod.meta.name, entry::of(pod, &object.meta, service));
        }
    } else {
        for name in changed {
            let pod = world.store.find(Kind::Pod, &key.namespace, &name).filter(|pod| selects(service, &pod.meta.labels));
            let entry = pod.and_then(|pod| entry::of(pod, &object.meta, service));
            plan.set(world, &name, entry);
        }
    }
    plan.write(world, all);
}

/// What the slices of a Service are to become.
struct Plan<'a> {
    service: &'a Metadata,
    body: &'a Service,
    key: Key,
    slices: SortedMap<Text, Draft>,
    added: Vec<(Rc<[EndpointPort]>, Rc<Endpoint>)>,
}

/// A slice that changes.
#[derive(Clone)]
struct Draft {
    ports: Rc<[EndpointPort]>,
    endpoints: Vec<Rc<Endpoint>>,
    /// The pods that were taken out.
    gone: Vec<Text>,
    /// The pods that were put in.
    come: Vec<Text>,
}

impl Draft {
    fn of(slice: &EndpointSlice) -> Self {
        Self { ports: slice.ports.clone(), endpoints: slice.endpoints.to_vec(), gone: Vec::new(), come: Vec::new() }
    }

    fn with(ports: Rc<[EndpointPort]>, endpoints: Vec<Rc<Endpoint>>) -> Self {
        let come = endpoints.iter().map(|endpoint| endpoint.pod.clone()).collect();
        Self { ports, endpoints, gone: Vec::new(), come }
    }
}

impl<'a> Plan<'a> {
    fn new(service: &'a Metadata, body: &'a Service) -> Self {
        let key = Key::new(Kind::Service, service.namespace.clone(), service.name.clone());
        Self { service, body, key, slices: SortedMap::new(), added: Vec::new() }
    }

    /// Takes stock of the slices that are there.
    fn read_slices(&mut self, world: &mut World) {
        let mut book = Book::default();
        for object in world.store.owned_by(self.service.uid) {
            let Some(slice) = object.slice() else { continue };
            book.slices.insert(object.meta.name.clone(), slice.endpoints.len());
            for endpoint in slice.endpoints.iter() {
                book.place.insert(endpoint.pod.clone(), object.meta.name.clone());
            }
            self.slices.insert(object.meta.name.clone(), Draft::of(slice));
        }
        world.memory.endpoints.services.insert(self.key.clone(), book);
    }

    fn place(&self, world: &World) -> Vec<Text> {
        world.memory.endpoints.services.get(&self.key).map(|book| book.place.keys().cloned().collect()).unwrap_or_default()
    }

    fn draft(&mut self, world: &World, slice: &Text) -> Option<&mut Draft> {
        if !self.slices.contains_key(slice) {
            let body = world.store.find(Kind::EndpointSlice, &self.service.namespace, slice)?.slice()?;
            self.slices.insert(slice.clone(), Draft::of(body));
        }
        self.slices.get_mut(slice)
    }

    /// Sets, adds or removes a pod's entry.
    fn set(&mut self, world: &World, pod: &Text, entry: Option<(Rc<[EndpointPort]>, Rc<Endpoint>)>) {
        let slice = world.memory.endpoints.services.get(&self.key).and_then(|book| book.place.get(pod)).cloned();
        let standing = slice.and_then(|slice| self.draft(world, &slice));
        let Some((ports, endpoint)) = entry else {
            if let Some(draft) = standing {
                draft.endpoints.retain(|endpoint| endpoint.pod != *pod);
                draft.gone.push(pod.clone());
            }
            return;
        };
        if let Some(draft) = standing {
            let place = draft.endpoints.iter().position(|standing| standing.pod == *pod);
            match place {
                // A pod that another one has replaced goes to the end, as one that is new.
                Some(place) if draft.ports == ports && draft.endpoints[place].pod_uid == endpoint.pod_uid => {
                    draft.endpoints[place] = endpoint;
                    return;
                }
                Some(place) => {
                    draft.endpoints.remove(place);
                    draft.gone.push(pod.clone());
                }
                None => {}
            }
        }
        self.added.push((ports, endpoint));
    }

    /// Writes what changed.
    fn write(mut self, world: &mut World, all: bool) {
        let added = std::mem::take(&mut self.added);
        for (ports, endpoint) in added {
            self.add(world, ports, endpoint);
        }
        self.tidy(world, all);
        // The labels follow the Service's: they change with it only.
        let labels = all.then(|| self.labels());
        let drafts = std::mem::take(&mut self.slices);
        for (name, draft) in drafts {
            self.note(world, &name, &draft);
            if name.is_empty() {
                let labels = labels.clone().unwrap_or_else(|| self.labels());
                self.create(world, draft, labels);
                continue;
            }
            let key = Key::new(Kind::EndpointSlice, self.service.namespace.clone(), name);
            let Draft { ports, endpoints, .. } = draft;
            world.change(&key, |object| {
                if let Some(labels) = labels.as_ref().filter(|labels| **labels != object.meta.labels) {
                    object.meta.labels = labels.clone();
                }
                if let Some(slice) = object.slice_mut() {
                    if *slice.endpoints != *endpoints {
                        slice.endpoints = endpoints.into();
                    }
                    if slice.ports != ports {
                        slice.ports = ports;
                    }
                }
            });
        }
    }

    /// Puts a new entry into the fullest slice with room and the same ports, else into a new one.
    fn add(&mut self, world: &mut World, ports: Rc<[EndpointPort]>, endpoint: Rc<Endpoint>) {
        // Slices that are full stay as they are.
        let slices = world.memory.endpoints.services.get(&self.key).map(|book| &book.slices);
        let open = slices.into_iter().flatten().filter(|(_, held)| **held < SLICE_MAX);
        for (name, _) in open {
            self.draft(world, name);
        }
        let held = |draft: &Draft| draft.endpoints.len();
        let fitting =
            self.slices.iter().filter(|(_, draft)| held(draft) < SLICE_MAX && (draft.ports == ports || draft.endpoints.is_empty()));
        let fullest = fitting.max_by_key(|(name, draft)| (held(draft), std::cmp::Reverse((*name).clone()))).map(|(name, _)| name.clone());
        if let Some(draft) = fullest.as_ref().and_then(|name| self.slices.get_mut(name)) {
            draft.ports = ports;
            draft.come.push(endpoint.pod.clone());
            draft.endpoints.push(endpoint);
            return;
        }
        // Several new slices at once happen only to a Service that comes after more than a slice's worth of pods.
        if let Some(draft) = self.slices.remove("") {
            let labels = self.labels();
            self.create(world, draft, labels);
        }
        self.slices.insert("".into(), Draft::with(ports, vec![endpoint]));
    }

    /// Removes empty slices, all but the last; there is always one.
    fn tidy(&mut self, world: &mut World, all: bool) {
        let total = world.memory.endpoints.services.get(&self.key).map_or(0, |book| book.slices.len());
        let fresh = usize::from(self.slices.contains_key(""));
        let mut left = total + fresh;
        let empty: Vec<Text> = self
            .slices
            .iter()
            .filter(|(name, draft)| !name.is_empty() && draft.endpoints.is_empty())
            .map(|(name, _)| name.clone())
            .collect();
        for name in empty {
            if left > 1 {
                left -= 1;
                self.slices.remove(&name);
                if let Some(book) = world.memory.endpoints.services.get_mut(&self.key) {
                    book.slices.remove(&name);
                }
                // What has just been read can be deleted.
                let _ = world.delete(&Key::new(Kind::EndpointSlice, self.service.namespace.clone(), name), &DeleteOptions::default());
            } else if let Some(draft) = self.slices.get_mut(&name) {
                draft.ports = [].into();
            }
        }
        if left == 0 && all {
            self.slices.insert("".into(), Draft::with([].into(), Vec::new()));
        }
    }

    /// Remembers what a slice will hold, before it is written: its own change is then no news.
    fn note(&self, world: &mut World, name: &Text, draft: &Draft) {
        if name.is_empty() {
            return;
        }
        let Some(book) = world.memory.endpoints.services.get_mut(&self.key) else { return };
        book.slices.insert(name.clone(), draft.endpoints.len());
        for pod in &draft.gone {
            if book.place.get(pod) == Some(name) {
                book.place.remove(pod);
            }
        }
        for pod in &draft.come {
            book.place.insert(pod.clone(), name.clone());
        }
    }

    fn create(&self, world: &mut World, draft: Draft, labels: Labels) {
        let generate_name = format!("{}-", self.service.name);
        let name: Text = loop {
            let name = format!("{generate_name}{}", world.random.suffix(5));
            if world.store.find(Kind::EndpointSlice, &self.service.namespace, &name).is_none() {
                break name.into();
            }
        };
        self.note(world, &name, &draft);
        let mut meta = Metadata::new(self.service.namespace.clone(), name);
        meta.generate_name = generate_name.into();
        meta.labels = labels;
        meta.owners = [controller_reference(Kind::Service, self.service)].into();
        let slice = EndpointSlice { endpoints: draft.endpoints.into(), ports: draft.ports };
        world.insert(Object { meta, body: Body::EndpointSlice(slice) });
    }

    /// The Service's labels and the controller's own.
    fn labels(&self) -> Labels {
        let mut labels = Labels::clone(&self.service.labels);
        let map = Rc::make_mut(&mut labels);
        map.insert(SERVICE_NAME.into(), self.service.name.clone());
        map.insert(MANAGED_BY.into(), MANAGER.into());
        if self.body.headless() {
            map.insert(HEADLESS.into(), "".into());
        }
        labels
    }
}
