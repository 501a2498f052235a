//! Services: what they answer with, and which set they give names to.
//! It must not know pods' cards.

use statefulset_engine::sorted::{SortedMap, SortedSet};

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Object;
use statefulset_engine::api::service::Service;
use statefulset_engine::cluster::store::Store;

/// A Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCard {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// Whether it has no address of its own.
    pub headless: bool,
    /// Its address, where it has one.
    pub cluster_ip: String,
    /// How many addresses it answers with.
    pub ready: usize,
    /// Pods that it selects and leaves out because they are not ready.
    pub left_out: Vec<String>,
    /// Whether it names the pods of the set beside which it is drawn.
    pub governing: bool,
}

/// Who gives the pods of a set their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameServer {
    /// The set names no Service.
    None,
    /// The Service that the set names is there.
    Service(String),
    /// The set names a Service that is not there.
    Missing(String),
}

/// The endpoints of all Services, by namespace and Service.
pub(super) struct Endpoints<'a> {
    by_service: SortedMap<(&'a str, &'a str), Answers<'a>>,
}

/// The pods behind a Service.
#[derive(Clone, Default)]
struct Answers<'a> {
    ready: SortedSet<&'a str>,
    not_ready: SortedSet<&'a str>,
    addresses: usize,
}

impl<'a> Endpoints<'a> {
    /// Reads the EndpointSlices.
    pub(super) fn of(store: &'a Store) -> Self {
        let mut by_service: SortedMap<(&str, &str), Answers<'_>> = SortedMap::new();
        for object in store.all(Kind::EndpointSlice) {
            let (Some(slice), Some(service)) = (object.slice(), object.meta.label("kubernetes.io/service-name")) else {
                continue;
            };
            let answers = by_service.entry((&*object.meta.namespace, service)).or_default();
            for endpoint in slice.endpoints.iter() {
                if endpoint.ready {
                    answers.addresses += 1;
                    answers.ready.insert(&*endpoint.pod);
                } else {
                    answers.not_ready.insert(&*endpoint.pod);
                }
            }
        }
        Self { by_service }
    }

    /// Whether a Service answers with a pod.
    pub(super) fn answers(&self, namespace: &str, service: &str, pod: &str) -> bool {
        self.by_service.get(&(namespace, service)).is_some_and(|answers| answers.ready.contains(pod))
    }

    /// The card of a Service.
    pub(super) fn card(&self, object: &Object, service: &Service, governing: bool) -> ServiceCard {
        let answers = self.by_service.get(&(&*object.meta.namespace, &*object.meta.name));
        ServiceCard {
            namespace: object.meta.namespace.to_string(),
            name: object.meta.name.to_string(),
            uid: object.meta.uid.to_string(),
            headless: service.headless(),
            cluster_ip: if service.headless() { String::new() } else { service.cluster_ip.to_string() },
            ready: answers.map_or(0, |answers| answers.addresses),
            left_out: answers.map(|answers| answers.not_ready.iter().map(|pod| (*pod).to_owned()).collect()).unwrap_or_default(),
            governing,
        }
    }
}
