//! Services with their EndpointSlices, and which set they give names to.
//! It must not know pods' cards.

use std::rc::Rc;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::metadata::Text;
use statefulset_engine::api::object::Object;
use statefulset_engine::api::service::Service;
use statefulset_engine::cluster::store::Store;
use statefulset_engine::order;
use statefulset_engine::sorted::SortedMap;

/// Endpoints that a Service's card lists; more are counted.
const ENDPOINTS_MAX: usize = 6;

/// A Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCard {
    /// Its namespace.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// Its uid.
    pub uid: Text,
    /// Whether it has no address of its own.
    pub headless: bool,
    /// Its address, where it has one.
    pub cluster_ip: Text,
    /// How many addresses it answers with.
    pub ready: usize,
    /// The first of its endpoints, in order of their pods.
    pub endpoints: Vec<EndpointMark>,
    /// How many endpoints it has in all.
    pub endpoints_all: usize,
    /// Pods that it selects and leaves out because they are not ready.
    pub left_out: Vec<Text>,
    /// Whether it names the pods of the set beside which it is drawn.
    pub governing: bool,
}

/// An entry of an EndpointSlice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointMark {
    /// The address.
    pub address: Text,
    /// The pod; empty for an endpoint that a person wrote.
    pub pod: Text,
    /// `conditions.ready`.
    pub ready: bool,
    /// `conditions.serving`.
    pub serving: bool,
    /// `conditions.terminating`.
    pub terminating: bool,
}

impl EndpointMark {
    /// Its state's name: in classes, and in the locale files behind `stage.endpoint.`.
    pub fn state(&self) -> &'static str {
        match (self.ready, self.serving, self.terminating) {
            (true, _, _) => "ready",
            (false, true, true) => "serving",
            (false, _, true) => "terminating",
            (false, _, false) => "not-ready",
        }
    }
}

/// Who gives the pods of a set their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameServer {
    /// The set names no Service.
    None,
    /// The Service that the set names is there.
    Service(Text),
    /// The set names a Service that is not there.
    Missing(Text),
}

/// The endpoints of all Services, by namespace and Service; each list is in order of pods.
#[derive(Debug, Default)]
pub(super) struct Endpoints {
    slices: Vec<Rc<Object>>,
    by_service: SortedMap<(Text, Text), Vec<EndpointMark>>,
}

impl Endpoints {
    /// Reads the EndpointSlices, unless they are those that were read last.
    pub(super) fn update(&mut self, store: &Store) {
        let same = |(old, new): (&Rc<Object>, &Rc<Object>)| Rc::ptr_eq(old, new);
        let count = store.count(Kind::EndpointSlice);
        if count == self.slices.len() && self.slices.iter().zip(store.all(Kind::EndpointSlice)).all(same) {
            return;
        }
        self.slices = store.all(Kind::EndpointSlice).cloned().collect();
        self.by_service.clear();
        for object in &self.slices {
            let (Some(slice), Some(service)) = (object.slice(), object.meta.label("kubernetes.io/service-name")) else {
                continue;
            };
            let marks = self.by_service.entry((object.meta.namespace.clone(), service.into())).or_default();
            marks.extend(slice.endpoints.iter().map(|endpoint| EndpointMark {
                address: endpoint.address.clone(),
                pod: endpoint.pod.clone(),
                ready: endpoint.ready,
                serving: endpoint.serving,
                terminating: endpoint.terminating,
            }));
        }
        for marks in self.by_service.values_mut() {
            order::sort_by(marks, |one, other| (&one.pod, &one.address).cmp(&(&other.pod, &other.address)));
        }
    }

    /// The endpoints of a Service, in order of their pods.
    pub(super) fn of(&self, namespace: &Text, service: &Text) -> &[EndpointMark] {
        self.by_service.get(&(namespace.clone(), service.clone())).map_or(&[], Vec::as_slice)
    }

    /// The card of a Service.
    pub(super) fn card(&self, object: &Object, service: &Service, governing: bool) -> ServiceCard {
        let marks = self.of(&object.meta.namespace, &object.meta.name);
        ServiceCard {
            namespace: object.meta.namespace.clone(),
            name: object.meta.name.clone(),
            uid: object.meta.uid.to_string().into(),
            headless: service.headless(),
            cluster_ip: if service.headless() { "".into() } else { service.cluster_ip.clone() },
            ready: marks.iter().filter(|mark| mark.ready).count(),
            endpoints: marks.iter().take(ENDPOINTS_MAX).cloned().collect(),
            endpoints_all: marks.len(),
            left_out: marks.iter().filter(|mark| !mark.ready).map(|mark| mark.pod.clone()).collect(),
            governing,
        }
    }
}

/// The endpoint of a pod in a list that is in order of pods.
pub(super) fn of_pod<'a>(marks: &'a [EndpointMark], pod: &str) -> Option<&'a EndpointMark> {
    marks.binary_search_by(|mark| (*mark.pod).cmp(pod)).ok().and_then(|at| marks.get(at))
}
