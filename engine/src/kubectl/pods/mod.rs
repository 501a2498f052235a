//! `kubectl exec|run|logs|attach|cp|port-forward|debug`: what happens inside containers.
//! It must not know any program that runs there.

pub mod exec;
pub mod logs;
pub mod program;
pub mod run;

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::pod::{ContainerState, Pod};
use crate::api::status::Status;
use crate::cluster::World;
use crate::order;
use crate::process::Context;

use super::client;
use super::failure::Failure;
use super::resources::{self, Targets};

/// The pod that an argument means: a pod, or the first pod of a workload; and how many there were to choose from.
fn pod_of(word: &str, namespace: &str, context: &Context<'_>) -> Result<(Rc<Object>, usize), Failure> {
    let (kind, name) = if word.contains('/') {
        match resources::read(&[word.to_owned()])? {
            Targets::Named { objects, .. } => objects.into_iter().next().ok_or_else(client::no_resource)?,
            Targets::Kinds(_) => return Err(client::no_resource()),
        }
    } else {
        (Kind::Pod, word.to_owned())
    };
    if kind == Kind::Pod {
        return match context.world.store.find(Kind::Pod, namespace, &name) {
            Some(pod) => Ok((pod.clone(), 1)),
            None => Err(client::not_found(Kind::Pod, &name).into()),
        };
    }
    let owner = client::fetch(context.world, kind, namespace, &name)?;
    let pods = pods_of(&owner, context.world);
    match pods.first() {
        Some(pod) => Ok((pod.clone(), pods.len())),
        None => Err(Failure::text(format!("timed out waiting for the condition: {}/{name} has no pod", kind.info().plural))),
    }
}

/// The pods of a workload or a Service, those that run first.
fn pods_of(owner: &Object, world: &World) -> Vec<Rc<Object>> {
    let document = owner.to_value(world.settings.epoch);
    let selector = match owner.service() {
        Some(_) => crate::api::labels::Selector::from_map(document.pointer("/spec/selector").and_then(|map| map.as_object())),
        None => crate::api::labels::Selector::from_label_selector(document.pointer("/spec/selector"))
            .unwrap_or(crate::api::labels::Selector::Nothing),
    };
    let mut pods: Vec<Rc<Object>> = world
        .store
        .list(Kind::Pod, &owner.meta.namespace)
        .filter(|pod| selector.matches_with(|key| pod.meta.label(key)))
        .cloned()
        .collect();
    order::sort_by_key(&mut pods, |pod| !pod.pod().is_some_and(Pod::ready));
    pods
}

/// All pods of the workload that an argument means.
fn pods_named(word: &str, namespace: &str, context: &Context<'_>) -> Result<Vec<Rc<Object>>, Failure> {
    let Targets::Named { objects, .. } = resources::read(&[word.to_owned()])? else { return Err(client::no_resource()) };
    let (kind, name) = objects.into_iter().next().ok_or_else(client::no_resource)?;
    let owner = client::fetch(context.world, kind, namespace, &name)?;
    let mut pods = pods_of(&owner, context.world);
    order::sort_by_key(&mut pods, |pod| pod.meta.name.clone());
    Ok(pods)
}

/// Why the kubelet of a pod cannot be asked: its node is silent.
fn unreachable(object: &Object, path: &str, world: &World) -> Option<Failure> {
    let node = &object.pod()?.node_name;
    if !world.settings.kubelet.nodes_down.contains(node) {
        return None;
    }
    let address = world.store.find(Kind::Node, "", node)?.node()?.internal_ip.clone();
    let dial = format!("dial tcp {address}:10250: connect: no route to host");
    Some(Failure::Verbatim(match path {
        "" => format!("Error from server: error dialing backend: {dial}"),
        path => format!("Error from server: Get \"https://{address}:10250/{path}\": {dial}"),
    }))
}

/// The container that is meant, by its place.
fn container(object: &Object, asked: Option<&str>, context: &mut Context<'_>) -> Result<usize, Failure> {
    let Some(pod) = object.pod() else { return Err(Failure::text("this is no pod")) };
    let names: Vec<&str> = pod.spec.containers.iter().map(|container| &*container.name).collect();
    match asked {
        Some(asked) => names.iter().position(|name| *name == asked).ok_or_else(|| {
            match pod.spec.init_containers.iter().zip(&pod.status.init_containers).find(|(container, _)| *container.name == *asked) {
                Some((_, status)) if matches!(status.state, ContainerState::Running { .. }) => {
                    Failure::Verbatim("sandbox: programs run in ordinary containers only here".to_owned())
                }
                Some(_) => Failure::text(format!("unable to upgrade connection: container not found ({asked:?})")),
                None => Failure::from(Status::bad_request(format!("container {asked} is not valid for pod {}", object.meta.name))),
            }
        }),
        None => {
            if names.len() + pod.spec.init_containers.len() > 1 {
                context.streams.error(&format!("Defaulted container \"{}\" out of: {}", names[0], all_names(pod)));
            }
            Ok(0)
        }
    }
}

/// The names of a pod's containers as kubectl lists them: the ordinary ones first, then those that ran before.
fn all_names(pod: &Pod) -> String {
    let ordinary = pod.spec.containers.iter().map(|container| container.name.to_string());
    let init = pod.spec.init_containers.iter().map(|container| format!("{} (init)", container.name));
    ordinary.chain(init).collect::<Vec<_>>().join(", ")
}

/// Whether a container runs.
fn runs(pod: &Pod, container: usize) -> bool {
    pod.status.containers.get(container).is_some_and(|status| matches!(status.state, ContainerState::Running { .. }))
}
