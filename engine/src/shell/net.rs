//! The network as a machine sees it: names become addresses, addresses lead to containers. It must not know what is sent.

use crate::api::kind::Kind;
use crate::api::object::Key;
use crate::api::pod::{ContainerState, Pod};
use crate::cluster::World;
use crate::dns::{self, Resolver, Type};
use crate::images;
use crate::process::Context;

use super::image_files;
use super::state::{InPod, Shell};

/// Where a connection leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// To a container that listens, at this port of it.
    Container(InPod, u16),
    /// A machine is there, but nothing listens: it says so at once.
    Refused,
    /// No machine has the address: the network says so after a while.
    Unreachable,
    /// Nothing ever answers.
    Silence,
}

/// How the machine on which a shell runs asks for names.
pub(super) fn resolver(shell: &Shell, world: &World) -> Resolver {
    match shell.pod() {
        Some(pod) => Resolver::in_namespace(&world.settings, &pod.key.namespace),
        None => Resolver::outside(),
    }
}

/// The address of a name, as a C library finds it; `None` where there is none.
pub(super) fn address(shell: &Shell, context: &mut Context<'_>, name: &str) -> Option<String> {
    if dns::reverse(name).is_some() {
        return Some(name.to_owned());
    }
    if name == "localhost" {
        return Some("127.0.0.1".to_owned());
    }
    let pod = shell.pod()?;
    let own = image_files::hostname(context.world, pod) == name || image_files::whole_name(context.world, pod).as_deref() == Some(name);
    if own {
        return Some(image_files::address(context.world, &pod.key));
    }
    let resolver = resolver(shell, context.world);
    dns::resolve(context.world, &resolver, name, Type::A).addresses().first().map(ToString::to_string)
}

/// Where a connection from a container to an address leads.
pub(super) fn route(world: &mut World, from: &InPod, address: &str, port: u16) -> Route {
    let own = image_files::address(world, &from.key);
    if address.starts_with("127.") || address == own {
        return world
            .store
            .get(&from.key)
            .and_then(|object| object.pod().map(|pod| listener(&from.key, object.meta.uid, pod, port)))
            .unwrap_or(Route::Refused);
    }
    let service = world.store.all(Kind::Service).find(|object| object.service().is_some_and(|service| &*service.cluster_ip == address));
    let Some(service) = service.cloned() else {
        return by_pod_address(world, address, port);
    };
    let Some(named) = service.service().and_then(|service| service.ports.iter().find(|entry| entry.port == i64::from(port))).cloned()
    else {
        return Route::Silence;
    };
    let mut targets = Vec::new();
    for object in world.store.list(Kind::EndpointSlice, &service.meta.namespace) {
        if object.meta.label("kubernetes.io/service-name") != Some(&*service.meta.name) {
            continue;
        }
        let Some(slice) = object.slice() else { continue };
        let Some(port) = slice.ports.iter().find(|port| port.name == named.name).and_then(|port| u16::try_from(port.port).ok()) else {
            continue;
        };
        targets.extend(slice.endpoints.iter().filter(|endpoint| endpoint.ready).map(|endpoint| (endpoint.address.to_string(), port)));
    }
    if targets.is_empty() {
        return Route::Refused;
    }
    let (address, port) = targets.swap_remove(world.random.below("proxy", targets.len()));
    by_pod_address(world, &address, port)
}

fn by_pod_address(world: &World, address: &str, port: u16) -> Route {
    let found = world.store.all(Kind::Pod).find_map(|object| {
        let pod = object.pod()?;
        (&*pod.status.ip == address && !pod.status.phase.terminal()).then(|| listener(&object.key(), object.meta.uid, pod, port))
    });
    found.unwrap_or_else(|| if is_node(world, address) { Route::Refused } else { Route::Unreachable })
}

/// The container of a pod that listens on a port.
fn listener(key: &Key, uid: crate::api::metadata::Uid, pod: &Pod, port: u16) -> Route {
    for (index, (container, status)) in pod.spec.containers.iter().zip(&pod.status.containers).enumerate() {
        let model = images::model(&container.image);
        let declared = !model.known() && container.ports.iter().any(|declared| declared.port == i64::from(port));
        if matches!(status.state, ContainerState::Running { .. }) && (model.family.ports.contains(&port) || declared) {
            let image = container.image.to_string();
            return Route::Container(InPod { key: key.clone(), uid, container: index, container_id: status.container_id, image }, port);
        }
    }
    Route::Refused
}

fn is_node(world: &World, address: &str) -> bool {
    world.store.all(Kind::Node).any(|object| object.node().is_some_and(|node| &*node.internal_ip == address))
}

/// Whether a machine answers `ping` at an address; the addresses of Services do not.
pub(super) fn answers_ping(world: &World, address: &str) -> bool {
    let running = |pod: &Pod| {
        &*pod.status.ip == address && pod.status.containers.iter().any(|status| matches!(status.state, ContainerState::Running { .. }))
    };
    address.starts_with("127.") || is_node(world, address) || world.store.all(Kind::Pod).any(|object| object.pod().is_some_and(running))
}
