//! A query as the resolver shows it: the thin layer over the engine's name server. It asks as a pod does, and of a copy of
//! the server's cache, so that looking changes nothing. It must not know how it is drawn.

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use statefulset_engine::api::pod::Phase;
use statefulset_engine::api::time::Ms;
use statefulset_engine::cluster::World;
use statefulset_engine::dns::{self, Answer, Data, NAME_BYTES_MAX, Resolver, Status, Type};
use statefulset_engine::order;

/// As many pods are offered to ask from.
const ASKERS_MAX: usize = 100;

/// The types of record that can be asked for.
pub const TYPES: &[Type] = &[Type::A, Type::Srv, Type::Cname, Type::Ptr];

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The name as it was typed.
    pub name: String,
    /// The type of record.
    pub kind: Type,
    /// The pod that asks; empty for any pod of the namespace.
    pub asker: String,
}

/// A query and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// Which query it is: no two are the same.
    pub id: usize,
    /// The question.
    pub query: Query,
    /// When it was asked.
    pub at_ms: Ms,
    /// The name server's address, as in the pod's `/etc/resolv.conf`.
    pub server: String,
    /// The domains that are tried behind a name, as there.
    pub search: Vec<String>,
    /// Names with at least as many dots are first tried as they are, as there.
    pub ndots: usize,
    /// The names that were tried, in order.
    pub tries: Vec<Try>,
    /// The addresses in the answer.
    pub addresses: Vec<Address>,
    /// Its other records, as `dig` writes them.
    pub records: Vec<String>,
    /// For how many seconds the answer may be kept, where there is one.
    pub ttl: Option<u64>,
}

/// One name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// The full name.
    pub name: String,
    /// What came back.
    pub outcome: Outcome,
    /// For how long the server had the answer in its cache, where it had.
    pub cached_ms: Option<Ms>,
}

/// What came back for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Records.
    Found,
    /// There is no such name.
    Missing,
    /// The name exists and has no such record.
    Empty,
    /// The server could not find out.
    Failed,
}

impl Outcome {
    /// Its name in classes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Missing => "missing",
            Self::Empty => "empty",
            Self::Failed => "failed",
        }
    }

    fn of(answer: &Answer) -> Self {
        match answer.status {
            Status::NoError if answer.answers.is_empty() => Self::Empty,
            Status::NoError => Self::Found,
            Status::NxDomain => Self::Missing,
            Status::ServFail => Self::Failed,
        }
    }
}

/// An address in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub ip: String,
    /// Whose it is: a pod or a Service; nobody's where nobody has it.
    pub owner: Option<Key>,
}

impl Address {
    /// The name of its owner.
    pub fn owner_name(&self) -> &str {
        self.owner.as_ref().map_or("", |owner| &owner.name)
    }
}

impl Lookup {
    /// Lookups that are kept.
    pub const KEPT_MAX: usize = 12;

    /// Asks the cluster's name server, as a pod of a namespace would.
    pub fn ask(world: &World, namespace: &str, id: usize, query: Query) -> Self {
        let resolver = Resolver::in_namespace(&world.settings, namespace);
        let mut lookup = Self {
            id,
            at_ms: world.now_ms(),
            server: dns::server_ip(&world.store).to_string(),
            search: resolver.search.clone(),
            ndots: resolver.ndots,
            tries: Vec::new(),
            addresses: Vec::new(),
            records: Vec::new(),
            ttl: None,
            query,
        };
        let name = &lookup.query.name;
        if name.len() > NAME_BYTES_MAX || name.trim_end_matches('.').is_empty() {
            return lookup;
        }
        // An address is looked up by the name that stands for it, and as it is.
        let (names, kind) = match dns::reverse(name) {
            Some(reverse) => (vec![reverse.trim_end_matches('.').to_owned()], Type::Ptr),
            None => (resolver.names(name), lookup.query.kind),
        };
        let (mut cache, mut random) = (world.dns_cache.clone(), world.random.clone());
        for whole in names {
            let answer = dns::ask_at(&world.store, &world.settings, &mut cache, &mut random, lookup.at_ms, &whole, kind);
            let outcome = Outcome::of(&answer);
            let cached_ms = answer.cached_ms.map(|since_ms| lookup.at_ms.saturating_sub(since_ms));
            lookup.tries.push(Try { name: whole, outcome, cached_ms });
            lookup.ttl = answer.answers.first().map(|record| record.ttl);
            lookup.addresses = answer.addresses().map(|ip| Address { ip: ip.to_string(), owner: owner_of(world, ip) }).collect();
            let others = answer.answers.iter().filter(|record| !matches!(record.data, Data::A(_)));
            lookup.records = others.map(|record| format!("{} {}", record.data.kind().as_str(), record.data.text())).collect();
            // As a resolver library does: an answer, or a server that fails, ends the search; a missing name does not.
            if matches!(outcome, Outcome::Found | Outcome::Failed) {
                break;
            }
        }
        order::sort_by(&mut lookup.addresses, |one, other| (one.owner_name(), &one.ip).cmp(&(other.owner_name(), &other.ip)));
        order::sort_by(&mut lookup.records, Ord::cmp);
        lookup
    }

    /// The time it was asked, in seconds.
    pub fn clock(&self) -> String {
        format!("{}.{}", self.at_ms / 1_000, self.at_ms / 100 % 10)
    }

    /// How many dots the name has: fewer than `ndots` send it along the search list first. `None` where the list is not used.
    pub fn dots(&self) -> Option<usize> {
        let name = &self.query.name;
        (!name.ends_with('.') && dns::reverse(name).is_none()).then(|| name.matches('.').count())
    }
}

/// The pods of a namespace that can ask: those that run, in order.
pub fn askers(world: &World, namespace: &str) -> Vec<String> {
    let running =
        |object: &&std::rc::Rc<statefulset_engine::api::object::Object>| object.pod().is_some_and(|pod| pod.status.phase == Phase::Running);
    world.store.list(Kind::Pod, namespace).filter(running).take(ASKERS_MAX).map(|object| object.meta.name.to_string()).collect()
}

/// Whose an address is.
fn owner_of(world: &World, ip: &str) -> Option<Key> {
    let pod = world.store.all(Kind::Pod).find(|object| object.pod().is_some_and(|pod| &*pod.status.ip == ip));
    let service = || world.store.all(Kind::Service).find(|object| object.service().is_some_and(|service| &*service.cluster_ip == ip));
    pod.or_else(service).map(|object| object.key())
}

#[cfg(test)]
mod tests {
    use statefulset_engine::process::Streams;
    use statefulset_engine::session::Session;
    use statefulset_engine::settings::{DnsCache, Settings};

    use super::*;
    use crate::state::examples::EXAMPLES;

    fn session(settings: Settings) -> Session {
        let mut session = Session::new(settings);
        let manifest = EXAMPLES[0].text.replace("my-gfs-storageclass", "standard");
        session.terminal.files.insert("web.yaml".into(), manifest.as_str().into());
        session.run("kubectl apply -f web.yaml", Streams::with_input(""), 1_000);
        session.advance_to(60_000);
        session
    }

    fn ask(session: &Session, name: &str, kind: Type) -> Lookup {
        Lookup::ask(&session.world, "default", 0, Query { name: name.to_owned(), kind, asker: String::new() })
    }

    #[test]
    fn a_pods_name_is_found_along_the_search_list() {
        let lookup = ask(&session(Settings::default()), "web-1.nginx", Type::A);
        assert_eq!(lookup.tries.len(), 1, "{lookup:?}");
        assert_eq!(lookup.tries[0].name, "web-1.nginx.default.svc.cluster.local");
        assert_eq!(lookup.addresses.len(), 1);
        assert_eq!(lookup.addresses[0].owner_name(), "web-1");
        assert_eq!((lookup.server.as_str(), lookup.ndots, lookup.dots(), lookup.ttl), ("10.96.0.10", 5, Some(1), Some(30)));
    }

    #[test]
    fn a_name_that_does_not_exist_is_tried_everywhere() {
        let lookup = ask(&session(Settings::default()), "web-9.nginx", Type::A);
        assert!(lookup.tries.len() >= 4, "{lookup:?}");
        assert!(lookup.addresses.is_empty());
        assert!(lookup.tries.iter().all(|attempt| attempt.outcome == Outcome::Missing), "{lookup:?}");
        let whole = ask(&session(Settings::default()), "web-9.nginx.default.svc.cluster.local.", Type::A);
        assert_eq!((whole.tries.len(), whole.dots()), (1, None), "a dot at the end leaves the search list out");
    }

    #[test]
    fn the_service_answers_with_all_its_pods() {
        let lookup = ask(&session(Settings::default()), "nginx", Type::A);
        let owners: Vec<&str> = lookup.addresses.iter().map(Address::owner_name).collect();
        assert_eq!(owners, ["web-0", "web-1", "web-2"]);
    }

    #[test]
    fn other_records_are_told_as_they_are_written() {
        let session = session(Settings::default());
        let ports = ask(&session, "_web._tcp.nginx", Type::Srv);
        assert_eq!(ports.records.len(), 3, "{ports:?}");
        assert_eq!(ports.records[0], "SRV 0 33 80 web-0.nginx.default.svc.cluster.local.");
        let ip = ask(&session, "web-0.nginx", Type::A).addresses[0].ip.clone();
        assert_eq!(ask(&session, &ip, Type::A).records, ["PTR web-0.nginx.default.svc.cluster.local."]);
    }

    #[test]
    fn what_the_server_has_kept_is_told_with_its_age() {
        let mut session = session(Settings { dns_cache: DnsCache::All, ..Settings::default() });
        session.run(
            "kubectl run ask --image=busybox:1.28 -i --rm --restart=Never -- nslookup web-9.nginx",
            Streams::with_input(""),
            90_000,
        );
        let lookup = ask(&session, "web-9.nginx", Type::A);
        assert!(lookup.tries[0].cached_ms.is_some(), "{lookup:?}");
    }

    #[test]
    fn pods_that_run_can_ask() {
        assert_eq!(askers(&session(Settings::default()).world, "default"), ["web-0", "web-1", "web-2"]);
    }
}
