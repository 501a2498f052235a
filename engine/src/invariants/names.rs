//! With its cache off, DNS answers exactly what the EndpointSlices publish: a headless Service's name with all addresses,
//! each pod's own name with its own, and nothing for a name that no endpoint bears.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::kind::Kind;
use crate::cluster::World;
use crate::controllers::endpoints::SERVICE_NAME;
use crate::dns::{Type, records};
use crate::settings::DnsCache;

pub(super) fn check(world: &World) -> Result<(), String> {
    if world.settings.dns_cache != DnsCache::Off {
        return Ok(());
    }
    for object in world.store.all(Kind::Service) {
        let Some(service) = object.service().filter(|service| service.headless() && service.selector.is_some()) else { continue };
        let meta = &object.meta;
        let slices = world.store.list(Kind::EndpointSlice, &meta.namespace);
        let published = slices
            .filter(|slice| slice.meta.label(SERVICE_NAME) == Some(&meta.name))
            .filter_map(|slice| slice.slice())
            .flat_map(|slice| slice.endpoints.iter())
            .filter(|endpoint| endpoint.ready || service.publish_not_ready);
        let service_name = format!("{}.{}.svc.{}", meta.name, meta.namespace, world.settings.cluster_domain);
        let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        wanted.insert(service_name.clone(), BTreeSet::new());
        // A name that no endpoint bears.
        wanted.insert(format!("nobody.{service_name}"), BTreeSet::new());
        for endpoint in published {
            let own = (!endpoint.hostname.is_empty()).then(|| format!("{}.{service_name}", endpoint.hostname));
            for name in [Some(service_name.clone()), own].into_iter().flatten() {
                wanted.entry(name).or_default().insert(endpoint.address.to_string());
            }
        }
        for (name, published) in wanted {
            let answer = records::answer(&world.store, &world.settings, &name, Type::A);
            let answered: BTreeSet<String> = answer.addresses().map(|address| address.to_string()).collect();
            if answered != published {
                return Err(format!("{name} answers {answered:?}, and {published:?} are published"));
            }
        }
    }
    Ok(())
}
