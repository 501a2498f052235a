//! Which records there are: a pure function of store and settings. Follows CoreDNS's plugin `kubernetes` (`kubernetes.go`,
//! `parse.go`, `reverse.go`) and `backend_lookup.go`. It must not know the cache.

use crate::sorted::SortedSet;

use crate::api::kind::Kind;
use crate::api::metadata::Text;
use crate::api::service::{Endpoint, EndpointSlice, Service};
use crate::cluster::store::Store;
use crate::settings::Settings;

use super::{Answer, Data, Record, Status, Type};

/// How many seconds clients may keep a record.
const TTL: u64 = 30;
/// The label that ties a slice to its Service.
const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// A port of a Service or slice without ports: it has addresses but no SRV record.
const NO_PORT: i64 = -1;
/// Top-level domains of names that exist somewhere in the world; this cluster has no way there.
const WORLD: &[&str] = &[
    "com", "org", "net", "io", "dev", "edu", "gov", "info", "app", "cloud", "ai", "co", "de", "uk", "fr", "it", "es", "nl", "eu", "jp",
    "cn", "tw", "kr", "in", "br", "us", "ca", "ch", "at", "arpa",
];

/// What the server answers for a whole name, without its cache.
pub fn answer(store: &Store, settings: &Settings, name: &str, kind: Type) -> Answer {
    let lower = name.to_ascii_lowercase();
    let zone = &*settings.cluster_domain;
    let server = Server { store, settings, name, kind };
    if let Some(address) = lower.strip_suffix(".in-addr.arpa").and_then(forward) {
        return server.reverse(&address);
    }
    if !in_domain(name, zone) {
        // Upstream: the sandbox has none, but that a top-level domain does not exist, everybody knows.
        let last = lower.rsplit('.').next().unwrap_or_default();
        return Answer::empty(if WORLD.contains(&last) { Status::ServFail } else { Status::NxDomain }, false);
    }
    let base = lower[..lower.len() - zone.len()].trim_end_matches('.');
    server.in_zone(base)
}

/// Whether a name lies in a domain.
pub(super) fn in_domain(name: &str, domain: &str) -> bool {
    let start = name.len().checked_sub(domain.len());
    start.is_some_and(|start| {
        name.is_char_boundary(start) && name[start..].eq_ignore_ascii_case(domain) && (start == 0 || name.as_bytes()[start - 1] == b'.')
    })
}

fn forward(reversed: &str) -> Option<String> {
    let parts: Vec<u8> = reversed.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [d, c, b, a] = parts[..] else { return None };
    Some(format!("{a}.{b}.{c}.{d}"))
}

struct Server<'a> {
    store: &'a Store,
    settings: &'a Settings,
    name: &'a str,
    kind: Type,
}

/// What a question below `svc` asks for.
#[derive(Default)]
struct Question<'a> {
    namespace: &'a str,
    service: &'a str,
    endpoint: &'a str,
    port: &'a str,
    protocol: &'a str,
}

impl Question<'_> {
    fn takes(&self, port: &str, protocol: &str) -> bool {
        (self.port.is_empty() || self.port.eq_ignore_ascii_case(port))
            && (self.protocol.is_empty() || self.protocol.eq_ignore_ascii_case(protocol))
    }
}

/// Something that answers a question: an address or another name, a port, and the name of it.
struct Host {
    target: Target,
    port: i64,
    name: String,
}

enum Target {
    Address(Text),
    Name(String),
}

impl Server<'_> {
    fn in_zone(&self, base: &str) -> Answer {
        if base == "dns-version" {
            return self.data(if self.kind == Type::Txt { vec![Data::Txt("1.1.0".to_owned())] } else { Vec::new() });
        }
        if base.is_empty() {
            let wants_zone = matches!(self.kind, Type::Soa | Type::Any);
            return self.data(if wants_zone { vec![self.zone().data] } else { Vec::new() });
        }
        let mut labels: Vec<&str> = base.split('.').collect();
        let below = labels.pop().unwrap_or_default();
        let Some(namespace) = labels.pop() else {
            // `svc` and `pod` exist, as their names do.
            return if matches!(below, "svc" | "pod") { self.data(Vec::new()) } else { self.missing() };
        };
        if !matches!(below, "svc" | "pod") || self.store.find(Kind::Namespace, "", namespace).is_none() {
            return self.missing();
        }
        let Some(service) = labels.pop() else {
            return self.data(Vec::new());
        };
        let mut question = Question { namespace, service, ..Question::default() };
        match labels[..] {
            [] => {}
            [endpoint] => question.endpoint = endpoint,
            [port, protocol] => {
                question.port = port.strip_prefix('_').unwrap_or(port);
                question.protocol = protocol.strip_prefix('_').unwrap_or(protocol);
            }
            _ => return self.missing(),
        }
        if below == "pod" {
            return self.pod(&question);
        }
        match self.hosts(&question) {
            Some(hosts) => self.of_hosts(&hosts),
            None => self.missing(),
        }
    }

    /// `10-244-1-3.NAMESPACE.pod`: kubeadm's `pods insecure` answers any address.
    fn pod(&self, question: &Question<'_>) -> Answer {
        let address = question.service.replace('-', ".");
        let dashes = question.service.matches('-').count() == 3;
        if !question.endpoint.is_empty() || !question.port.is_empty() || !dashes || super::reverse(&address).is_none() {
            return self.missing();
        }
        self.data(if matches!(self.kind, Type::A | Type::Any) { vec![Data::A(address.into())] } else { Vec::new() })
    }

    /// Who answers below a Service; `None` where nobody does, which means that the name does not exist.
    fn hosts(&self, question: &Question<'_>) -> Option<Vec<Host>> {
        let object = self.store.find(Kind::Service, question.namespace, question.service)?;
        let service = object.service()?;
        let whole = format!("{}.{}.svc.{}.", question.service, question.namespace, self.settings.cluster_domain);
        let mut hosts = Vec::new();
        if &*service.kind == "ExternalName" {
            let plain = question.endpoint.is_empty() && question.port.is_empty() && question.protocol.is_empty();
            if plain && !service.external_name.is_empty() {
                let target = format!("{}.", service.external_name.trim_end_matches('.'));
                hosts.push(Host { target: Target::Name(target.clone()), port: 0, name: target });
            }
        } else if service.headless() || !question.endpoint.is_empty() {
            for slice in slices(self.store, question.namespace, question.service) {
                endpoint_hosts(slice, question, &whole, &mut hosts);
            }
        } else {
            service_hosts(service, question, &whole, &mut hosts);
        }
        (!hosts.is_empty()).then_some(hosts)
    }

    fn of_hosts(&self, hosts: &[Host]) -> Answer {
        let mut data = Vec::new();
        for host in hosts {
            let one = match (&host.target, self.kind) {
                // Whatever the type, another name is told.
                (Target::Name(name), Type::A | Type::Aaaa | Type::Cname | Type::Any) => Data::Cname(name.clone()),
                (Target::Address(address), Type::A | Type::Any) => Data::A(address.clone()),
                (_, Type::Srv) if host.port != NO_PORT => {
                    Data::Srv { weight: (100 / hosts.len() as u64).max(1), port: host.port, target: host.name.clone() }
                }
                _ => continue,
            };
            if !data.contains(&one) {
                data.push(one);
            }
        }
        let mut answer = self.data(data);
        if self.kind == Type::Srv {
            let mut told = SortedSet::new();
            for host in hosts {
                if let Target::Address(address) = &host.target
                    && told.insert((&host.name, address))
                {
                    answer.additional.push(Record { name: host.name.clone(), ttl: TTL, data: Data::A(address.clone()) });
                }
            }
        }
        answer
    }

    /// The names of an address: of the Service that has it, or one for each Service that lists it.
    fn reverse(&self, address: &str) -> Answer {
        let domain = &self.settings.cluster_domain;
        let mut names = Vec::new();
        for object in self.store.all(Kind::Service) {
            if object.service().is_some_and(|service| &*service.cluster_ip == address) {
                names.push(format!("{}.{}.svc.{domain}.", object.meta.name, object.meta.namespace));
            }
        }
        if names.is_empty() {
            for object in self.store.all(Kind::EndpointSlice) {
                let (Some(slice), Some(service)) = (object.slice(), object.meta.label(SERVICE_NAME)) else { continue };
                for endpoint in slice.endpoints.iter().filter(|endpoint| endpoint.ready && &*endpoint.address == address) {
                    let name = format!("{}.{service}.{}.svc.{domain}.", label_of(endpoint), object.meta.namespace);
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
        }
        if names.is_empty() {
            return Answer::empty(Status::ServFail, false);
        }
        self.data(if matches!(self.kind, Type::Ptr | Type::Any) { names.into_iter().map(Data::Ptr).collect() } else { Vec::new() })
    }

    /// An existing name with its records; without any, with the zone beside it.
    fn data(&self, data: Vec<Data>) -> Answer {
        let mut answer = Answer::empty(Status::NoError, true);
        let name = format!("{}.", self.name);
        answer.answers = data.into_iter().map(|data| Record { name: name.clone(), ttl: TTL, data }).collect();
        if answer.answers.is_empty() {
            answer.authority.push(self.zone());
        }
        answer
    }

    fn missing(&self) -> Answer {
        let mut answer = Answer::empty(Status::NxDomain, true);
        answer.authority.push(self.zone());
        answer
    }

    fn zone(&self) -> Record {
        let zone = format!("{}.", self.settings.cluster_domain);
        let touched = self.store.log.iter().rev().find(|event| matches!(event.object.kind(), Kind::Service | Kind::EndpointSlice));
        let seconds = touched.map_or(0, |event| event.at_ms / 1000);
        let serial = self.settings.epoch.unix_seconds.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
        Record { name: zone.clone(), ttl: TTL, data: Data::Soa { zone, serial } }
    }
}

/// The slices of a Service.
fn slices<'a>(store: &'a Store, namespace: &str, service: &'a str) -> impl Iterator<Item = &'a EndpointSlice> {
    store
        .list(Kind::EndpointSlice, namespace)
        .filter(move |object| object.meta.label(SERVICE_NAME) == Some(service))
        .filter_map(|object| object.slice())
}

fn endpoint_hosts(slice: &EndpointSlice, question: &Question<'_>, whole: &str, hosts: &mut Vec<Host>) {
    for endpoint in slice.endpoints.iter().filter(|endpoint| endpoint.ready) {
        let label = label_of(endpoint);
        if !question.endpoint.is_empty() && !question.endpoint.eq_ignore_ascii_case(&label) {
            continue;
        }
        let host = |port: i64| Host { target: Target::Address(endpoint.address.clone()), port, name: format!("{label}.{whole}") };
        if slice.ports.is_empty() && question.takes("", "") {
            hosts.push(host(NO_PORT));
        }
        hosts.extend(slice.ports.iter().filter(|port| question.takes(&port.name, &port.protocol)).map(|port| host(port.port)));
    }
}

fn service_hosts(service: &Service, question: &Question<'_>, whole: &str, hosts: &mut Vec<Host>) {
    if service.cluster_ip.is_empty() {
        return;
    }
    let host = |port: i64| Host { target: Target::Address(service.cluster_ip.clone()), port, name: whole.to_owned() };
    if service.ports.is_empty() && question.takes("", "") {
        hosts.push(host(NO_PORT));
    }
    hosts.extend(service.ports.iter().filter(|port| question.takes(&port.name, &port.protocol)).map(|port| host(port.port)));
}

/// The first label of an endpoint's name: its hostname, or its address with dashes.
fn label_of(endpoint: &Endpoint) -> String {
    if endpoint.hostname.is_empty() { endpoint.address.replace('.', "-") } else { endpoint.hostname.to_string() }
}
