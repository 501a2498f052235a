//! `kubectl describe`. Follows `kubectl/pkg/cmd/describe` and `kubectl/pkg/describe`.

pub mod containers;
pub mod events;
pub mod generic;
pub mod network;
pub mod node;
pub mod pod;
pub mod sheet;
pub mod storage;
pub mod workload;

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::{Body, Object};
use crate::process::Context;

use super::client::{self, Filter};
use super::failure::{Failure, Outcome};
use super::files;
use super::flags::Parsed;
use super::output::tabwriter::{DESCRIPTION, align};
use super::resources::{self, Targets};
use sheet::Sheet;

/// Runs `kubectl describe`.
///
/// # Errors
/// What is not there.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let namespace = client::namespace(parsed, context);
    let mut failures = Vec::new();
    let mut objects: Vec<Rc<Object>> = Vec::new();
    if parsed.has("filename") {
        client::no_words(parsed)?;
        (objects, failures) = files::stored(parsed, context)?;
    } else {
        match resources::read(&parsed.words)? {
            Targets::Kinds(kinds) if kinds.is_empty() => {
                context.streams.error("You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources.\n");
                return Err(Failure::usage("Required resource not specified.", "describe"));
            }
            Targets::Kinds(kinds) => {
                let filter = Filter::read(parsed, namespace.clone(), &kinds)?;
                objects.extend(kinds.iter().flat_map(|kind| filter.list(context.world, *kind)));
            }
            Targets::Named { objects: named, .. } => {
                client::may_name(parsed, &parsed.words)?;
                for (kind, name) in named {
                    match client::fetch(context.world, kind, &namespace, &name) {
                        Ok(object) => objects.push(object),
                        Err(status) => {
                            let prefixed = with_prefix(kind, &name, &namespace, context);
                            if prefixed.is_empty() {
                                failures.push(status.into());
                            } else {
                                for object in prefixed {
                                    let text = describe(&object, false, context);
                                    context.streams.line(&text);
                                }
                            }
                            continue;
                        }
                    }
                }
                if objects.is_empty() {
                    return Failure::of(failures);
                }
            }
        }
    }
    if objects.is_empty() && failures.is_empty() {
        if parsed.on("all-namespaces") {
            context.streams.error("No resources found");
        } else {
            context.streams.error(&format!("No resources found in {namespace} namespace."));
        }
        return Ok(());
    }
    if objects.iter().any(|object| object.kind() == Kind::Endpoints) {
        context.streams.error(super::get::ENDPOINTS_WARNING);
    }
    let with_events = parsed.get("show-events").map_or(objects.len() == 1, |_| parsed.on("show-events"));
    for (index, object) in objects.iter().enumerate() {
        let text = describe(object, with_events, context);
        let between = if index == 0 { "" } else { "\n\n" };
        context.streams.out.push_str(&format!("{between}{text}"));
    }
    Failure::of(failures)
}

fn with_prefix(kind: Kind, prefix: &str, namespace: &str, context: &Context<'_>) -> Vec<Rc<Object>> {
    let all = Filter::all_in(namespace.into()).list(context.world, kind);
    all.into_iter().filter(|object| object.meta.name.starts_with(prefix)).collect()
}

/// An object's description.
fn describe(object: &Rc<Object>, with_events: bool, context: &Context<'_>) -> String {
    let world = &*context.world;
    let mut sheet = Sheet::default();
    match &object.body {
        Body::Pod(body) => pod::describe(&mut sheet, object, body, world),
        Body::StatefulSet(set) => workload::statefulset(&mut sheet, object, set, world),
        Body::Deployment(deployment) => workload::deployment(&mut sheet, object, deployment, world),
        Body::ReplicaSet(set) => workload::replica_set(&mut sheet, object, set, world),
        Body::PodDisruptionBudget(budget) => workload::budget(&mut sheet, object, budget),
        Body::PersistentVolumeClaim(claim) => storage::claim(&mut sheet, object, claim, world),
        Body::PersistentVolume(volume) => storage::volume(&mut sheet, object, volume, world),
        Body::StorageClass(class) => storage::class(&mut sheet, object, class),
        Body::Service(service) => network::service(&mut sheet, object, service, world),
        Body::EndpointSlice(slice) => network::slice(&mut sheet, object, slice),
        Body::Node(body) => node::describe(&mut sheet, object, body, world),
        Body::Other(Kind::Endpoints, document) => network::endpoints(&mut sheet, object, document),
        Body::Other(Kind::Namespace, _) => node::namespace(&mut sheet, object),
        Body::Other(Kind::ConfigMap, document) => generic::config_map(&mut sheet, object, document),
        Body::Other(Kind::ServiceAccount, _) => generic::service_account(&mut sheet, object),
        Body::Other(Kind::Secret, document) => generic::secret(&mut sheet, object, document),
        Body::Other(Kind::HorizontalPodAutoscaler, document) => workload::autoscaler(&mut sheet, object, document, world),
        _ => generic::describe(&mut sheet, object, world),
    }
    if with_events && !matches!(object.kind(), Kind::Namespace | Kind::Secret) {
        events::about(&mut sheet, object, world);
    }
    align(&sheet.text, DESCRIPTION)
}
