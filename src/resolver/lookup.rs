//! A query as the resolver shows it: the thin layer over the engine's name server. It asks as a pod of a namespace does,
//! and of a copy of the server's cache, so that looking changes nothing. It must not know how it is drawn.

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::time::Ms;
use statefulset_engine::cluster::World;
use statefulset_engine::dns::{self, Answer, NAME_BYTES_MAX, Resolver, Status, Type};
use statefulset_engine::order;

/// A query and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// Which query it is: no two are the same.
    pub id: usize,
    /// The name as it was typed.
    pub name: String,
    /// When it was asked.
    pub at_ms: Ms,
    /// The names that were tried, in order.
    pub tries: Vec<Try>,
    /// The addresses in the answer.
    pub addresses: Vec<Address>,
}

/// One name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// The full name.
    pub name: String,
    /// What came back.
    pub outcome: Outcome,
    /// Whether the server had the answer in its cache.
    pub cached: bool,
}

/// What came back for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Addresses.
    Found,
    /// There is no such name.
    Missing,
    /// The name exists and has no address.
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
            Status::NoError if answer.addresses().next().is_some() => Self::Found,
            Status::NoError => Self::Empty,
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
    /// Whose it is: a pod or a Service; empty where nobody has it.
    pub owner: String,
}

impl Lookup {
    /// Lookups that are kept.
    pub const KEPT_MAX: usize = 12;

    /// Asks the cluster's name server, as a pod of a namespace would.
    pub fn ask(world: &World, namespace: &str, id: usize, name: &str) -> Self {
        let mut lookup = Self { id, name: name.to_owned(), at_ms: world.now_ms(), tries: Vec::new(), addresses: Vec::new() };
        if name.len() > NAME_BYTES_MAX || name.trim_end_matches('.').is_empty() {
            return lookup;
        }
        let (mut cache, mut random) = (world.dns_cache.clone(), world.random.clone());
        for whole in Resolver::in_namespace(&world.settings, namespace).names(name) {
            let answer = dns::ask_at(&world.store, &world.settings, &mut cache, &mut random, lookup.at_ms, &whole, Type::A);
            let outcome = Outcome::of(&answer);
            lookup.tries.push(Try { name: whole, outcome, cached: answer.cached_ms.is_some() });
            lookup.addresses = answer.addresses().map(|ip| Address { ip: ip.to_string(), owner: owner_of(world, ip) }).collect();
            // As a resolver library does: an answer, or a server that fails, ends the search; a missing name does not.
            if matches!(outcome, Outcome::Found | Outcome::Failed) {
                break;
            }
        }
        order::sort_by(&mut lookup.addresses, |one, other| (&one.owner, &one.ip).cmp(&(&other.owner, &other.ip)));
        lookup
    }

    /// The time it was asked, in seconds.
    pub fn clock(&self) -> String {
        format!("{}.{}", self.at_ms / 1_000, self.at_ms / 100 % 10)
    }
}

/// Whose an address is.
fn owner_of(world: &World, ip: &str) -> String {
    let pod = world.store.all(Kind::Pod).find(|object| object.pod().is_some_and(|pod| &*pod.status.ip == ip));
    let service = || world.store.all(Kind::Service).find(|object| object.service().is_some_and(|service| &*service.cluster_ip == ip));
    pod.or_else(service).map(|object| object.meta.name.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use statefulset_engine::process::Streams;
    use statefulset_engine::session::Session;
    use statefulset_engine::settings::Settings;

    use super::*;
    use crate::state::examples::EXAMPLES;

    fn session() -> Session {
        let mut session = Session::new(Settings::default());
        let manifest = EXAMPLES[0].text.replace("my-gfs-storageclass", "standard");
        session.terminal.files.insert("web.yaml".into(), manifest.as_str().into());
        session.run("kubectl apply -f web.yaml", Streams::with_input(""), 1_000);
        session.advance_to(60_000);
        session
    }

    #[test]
    fn a_pods_name_is_found_along_the_search_list() {
        let lookup = Lookup::ask(&session().world, "default", 0, "web-1.nginx");
        assert_eq!(lookup.tries.len(), 1, "{lookup:?}");
        assert_eq!(lookup.tries[0].name, "web-1.nginx.default.svc.cluster.local");
        assert_eq!(lookup.addresses.len(), 1);
        assert_eq!(lookup.addresses[0].owner, "web-1");
    }

    #[test]
    fn a_name_that_does_not_exist_is_tried_everywhere() {
        let lookup = Lookup::ask(&session().world, "default", 0, "web-9.nginx");
        assert!(lookup.tries.len() >= 4, "{lookup:?}");
        assert!(lookup.addresses.is_empty());
        assert!(lookup.tries.iter().all(|attempt| attempt.outcome == Outcome::Missing), "{lookup:?}");
    }

    #[test]
    fn the_service_answers_with_all_its_pods() {
        let lookup = Lookup::ask(&session().world, "default", 0, "nginx");
        let owners: Vec<&str> = lookup.addresses.iter().map(|address| address.owner.as_str()).collect();
        assert_eq!(owners, ["web-0", "web-1", "web-2"]);
    }
}
