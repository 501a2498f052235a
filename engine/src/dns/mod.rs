//! What CoreDNS 1.13 with kubeadm's Corefile answers: records, search list, cache. It must not know the shell.
//!
//! [`resolve`] asks as a pod does, name by name along the search list, and tells every step; [`ask`] asks the server for one
//! whole name; [`records::answer`] is the server without its cache, a pure function of store and settings.

pub mod cache;
pub mod records;

use crate::api::kind::Kind;
use crate::api::metadata::Text;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::core_dns::DNS_IP;
use crate::cluster::random::Random;
use crate::cluster::store::Store;
use crate::settings::{DnsCache, Settings};

use cache::Cache;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// Addresses.
    A,
    /// IPv6 addresses: there are none.
    Aaaa,
    /// Ports and who serves them.
    Srv,
    /// Names of an address.
    Ptr,
    /// Another name.
    Cname,
    /// Text.
    Txt,
    /// The zone.
    Soa,
    /// The zone's servers.
    Ns,
    /// Mail servers: there are none.
    Mx,
    /// Anything.
    Any,
}

impl Type {
    /// Reads `SRV`, in any case; `None` for a type that is not modelled.
    pub fn parse(text: &str) -> Option<Self> {
        const ALL: &[Type] = &[Type::A, Type::Aaaa, Type::Srv, Type::Ptr, Type::Cname, Type::Txt, Type::Soa, Type::Ns, Type::Mx, Type::Any];
        ALL.iter().copied().find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    }

    /// The written form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Srv => "SRV",
            Self::Ptr => "PTR",
            Self::Cname => "CNAME",
            Self::Txt => "TXT",
            Self::Soa => "SOA",
            Self::Ns => "NS",
            Self::Mx => "MX",
            Self::Any => "ANY",
        }
    }
}

/// How an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The name exists, though it may have no record of the type.
    NoError,
    /// There is no such name.
    NxDomain,
    /// The server could not find out.
    ServFail,
}

impl Status {
    /// The written form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoError => "NOERROR",
            Self::NxDomain => "NXDOMAIN",
            Self::ServFail => "SERVFAIL",
        }
    }
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The name, with the dot at its end, in the case of the question.
    pub name: String,
    /// How many seconds it may be kept.
    pub ttl: u64,
    /// What it says.
    pub data: Data,
}

/// What a record says; names end with a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// An address.
    A(Text),
    /// Another name.
    Cname(String),
    /// A name of an address.
    Ptr(String),
    /// A port and the name that serves it.
    Srv {
        /// The share of requests, of about 100.
        weight: u64,
        /// The port.
        port: i64,
        /// The name.
        target: String,
    },
    /// Text, without quotes.
    Txt(String),
    /// The zone.
    Soa {
        /// The zone's name.
        zone: String,
        /// When a Service or its endpoints last changed, in seconds since 1970.
        serial: i64,
    },
}

impl Data {
    /// The type of such a record.
    pub fn kind(&self) -> Type {
        match self {
            Self::A(_) => Type::A,
            Self::Cname(_) => Type::Cname,
            Self::Ptr(_) => Type::Ptr,
            Self::Srv { .. } => Type::Srv,
            Self::Txt(_) => Type::Txt,
            Self::Soa { .. } => Type::Soa,
        }
    }

    /// The written form, as `dig` shows it.
    pub fn text(&self) -> String {
        match self {
            Self::A(address) => address.to_string(),
            Self::Cname(name) | Self::Ptr(name) => name.clone(),
            Self::Srv { weight, port, target } => format!("0 {weight} {port} {target}"),
            Self::Txt(text) => format!("\"{text}\""),
            Self::Soa { zone, serial } => format!("ns.dns.{zone} hostmaster.{zone} {serial} 7200 1800 86400 30"),
        }
    }
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How it ends.
    pub status: Status,
    /// Whether the server answers for its own zone.
    pub authoritative: bool,
    /// The records asked for.
    pub answers: Vec<Record>,
    /// The zone, where there are no records.
    pub authority: Vec<Record>,
    /// Addresses of names in the answers.
    pub additional: Vec<Record>,
    /// Since when the answer has been in the server's cache, where it comes from there.
    pub cached_ms: Option<Ms>,
}

impl Answer {
    /// An answer without records.
    pub(crate) fn empty(status: Status, authoritative: bool) -> Self {
        Self { status, authoritative, answers: Vec::new(), authority: Vec::new(), additional: Vec::new(), cached_ms: None }
    }

    /// The addresses in the answer.
    pub fn addresses(&self) -> impl Iterator<Item = &Text> {
        self.answers.iter().filter_map(|record| if let Data::A(address) = &record.data { Some(address) } else { None })
    }
}

/// How a machine asks: what it puts behind short names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolver {
    /// The domains that are tried behind a name, in order.
    pub search: Vec<String>,
    /// Names with at least as many dots are first tried as they are.
    pub ndots: usize,
}

impl Resolver {
    /// How pods of a namespace ask.
    pub fn in_namespace(settings: &Settings, namespace: &str) -> Self {
        let domain = &settings.cluster_domain;
        Self { search: vec![format!("{namespace}.svc.{domain}"), format!("svc.{domain}"), domain.to_string()], ndots: 5 }
    }

    /// How a machine outside the cluster asks: names as they are.
    pub fn outside() -> Self {
        Self { search: Vec::new(), ndots: 1 }
    }

    /// The whole names that are asked for, in order, without the dot at the end.
    pub fn names(&self, name: &str) -> Vec<String> {
        if let Some(whole) = name.strip_suffix('.') {
            return vec![whole.to_owned()];
        }
        let searched = self.search.iter().map(|domain| format!("{name}.{domain}"));
        if name.matches('.').count() >= self.ndots {
            std::iter::once(name.to_owned()).chain(searched).collect()
        } else {
            searched.chain([name.to_owned()]).collect()
        }
    }
}

/// One question on the way to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The whole name, without the dot at the end.
    pub name: String,
    /// What the server said.
    pub answer: Answer,
}

/// The way to an answer: every name that was asked for, in order; the last one decides, unless an earlier one exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    /// The questions.
    pub steps: Vec<Step>,
    found: usize,
}

impl Resolution {
    /// The step that decides.
    pub fn result(&self) -> Option<&Step> {
        self.steps.get(self.found)
    }

    /// The addresses found.
    pub fn addresses(&self) -> Vec<Text> {
        self.result().into_iter().flat_map(|step| step.answer.addresses()).cloned().collect()
    }
}

/// Asks as a machine with this resolver does, name by name until one has records. Names up to 253 characters have steps.
pub fn resolve(world: &mut World, resolver: &Resolver, name: &str, kind: Type) -> Resolution {
    let mut resolution = Resolution::default();
    if name.trim_end_matches('.').is_empty() || name.len() > NAME_BYTES_MAX {
        return resolution;
    }
    let mut existing = None;
    for name in resolver.names(name) {
        let answer = ask(world, &name, kind);
        let (status, found) = (answer.status, !answer.answers.is_empty());
        resolution.steps.push(Step { name, answer });
        let last = resolution.steps.len() - 1;
        resolution.found = existing.unwrap_or(last);
        if found || status == Status::ServFail {
            resolution.found = last;
            return resolution;
        }
        if status == Status::NoError {
            existing.get_or_insert(last);
            resolution.found = existing.unwrap_or(last);
        }
    }
    resolution
}

/// The longest name that DNS carries.
pub const NAME_BYTES_MAX: usize = 253;

/// Asks the cluster's DNS server for one whole name.
pub fn ask(world: &mut World, name: &str, kind: Type) -> Answer {
    let now_ms = world.now_ms();
    ask_at(&world.store, &world.settings, &mut world.dns_cache, &mut world.random, now_ms, name, kind)
}

/// As [`ask`], from the parts of a world.
pub fn ask_at(store: &Store, settings: &Settings, cache: &mut Cache, random: &mut Random, now_ms: Ms, name: &str, kind: Type) -> Answer {
    let name = name.trim_end_matches('.');
    // kubeadm's Corefile disables the cache for the cluster's domain only.
    let caches = settings.dns_cache == DnsCache::All || !records::in_domain(name, &settings.cluster_domain);
    let kept = if caches { cache.get(name, kind, now_ms) } else { None };
    let mut answer = kept.unwrap_or_else(|| {
        let answer = records::answer(store, settings, name, kind);
        if caches {
            cache.put(name, kind, &answer, now_ms);
        }
        answer
    });
    // CoreDNS's plugin `loadbalance` shuffles addresses, also those from the cache.
    if answer.answers.len() > 1 && answer.answers.iter().all(|record| matches!(record.data, Data::A(_))) {
        random.shuffle("dns", &mut answer.answers);
    }
    answer
}

/// The address of the cluster's DNS server: that of the Service kube-dns.
pub fn server_ip(store: &Store) -> Text {
    let service = store.find(Kind::Service, "kube-system", "kube-dns").and_then(|object| object.service());
    service.map_or_else(|| DNS_IP.into(), |service| service.cluster_ip.clone())
}

/// The name under which an address is looked up: `10.244.1.3` becomes `3.1.244.10.in-addr.arpa`.
pub fn reverse(address: &str) -> Option<String> {
    let parts: Vec<u8> = address.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [a, b, c, d] = parts[..] else { return None };
    Some(format!("{d}.{c}.{b}.{a}.in-addr.arpa"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_walk_along_the_search_list() {
        let resolver = Resolver::in_namespace(&Settings::default(), "shop");
        assert_eq!(
            resolver.names("web-0.nginx"),
            ["web-0.nginx.shop.svc.cluster.local", "web-0.nginx.svc.cluster.local", "web-0.nginx.cluster.local", "web-0.nginx"]
        );
        assert_eq!(resolver.names("web-0.nginx.shop.svc.cluster.local")[0], "web-0.nginx.shop.svc.cluster.local");
        assert_eq!(resolver.names("nginx.shop.svc.cluster.local")[0], "nginx.shop.svc.cluster.local.shop.svc.cluster.local");
        assert_eq!(resolver.names("nginx."), ["nginx"]);
        assert_eq!(resolver.names("a.b.c.d.e.f")[0], "a.b.c.d.e.f");
    }

    #[test]
    fn addresses_are_turned_round() {
        assert_eq!(reverse("10.244.1.3").as_deref(), Some("3.1.244.10.in-addr.arpa"));
        assert_eq!(reverse("10.244.1"), None);
        assert_eq!(reverse("10.244.1.999"), None);
    }

    #[test]
    fn a_way_is_told_step_by_step() {
        let mut world = World::fresh(Settings::default());
        let resolver = Resolver::in_namespace(&world.settings, "default");
        let way = resolve(&mut world, &resolver, "kubernetes", Type::A);
        assert_eq!(way.steps.len(), 1);
        assert_eq!(way.addresses(), ["10.96.0.1".into()]);
        let way = resolve(&mut world, &resolver, "nope", Type::A);
        assert_eq!(way.steps.len(), 4);
        assert_eq!(way.result().map(|step| step.answer.status), Some(Status::NxDomain));
        assert_eq!(resolve(&mut world, &resolver, &"a".repeat(1_000_000), Type::A).steps.len(), 0);
        assert_eq!(resolve(&mut world, &resolver, ".", Type::A).result(), None);
    }
}
