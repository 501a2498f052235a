//! `kubectl logs`: everything up to the log itself, which no container of this sandbox writes.

use crate::api::pod::ContainerState;
use crate::kubectl::client;
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::process::Context;

use super::{container, pod_of};

/// Runs `kubectl logs`.
///
/// # Errors
/// Always but for a wrong use: what containers write is not modelled, and it says so.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let namespace = client::namespace(parsed, context);
    let selected = !parsed.text("selector").is_empty();
    if selected {
        return Err(Failure::Verbatim(UNKNOWN.to_owned()));
    }
    let (word, asked) = match parsed.words.as_slice() {
        [word] => (word, parsed.get("container")),
        [word, container] => (word, Some(container.as_str())),
        _ => {
            return Err(Failure::usage(
                "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
                "logs",
            ));
        }
    };
    let (object, count) = pod_of(word, &namespace, context)?;
    if count > 1 {
        context.streams.error(&format!("Found {count} pods, using pod/{}", object.meta.name));
    }
    let place = container(&object, asked, context)?;
    if let Some(pod) = object.pod() {
        let name = pod.spec.containers.get(place).map(|container| container.name.to_string()).unwrap_or_default();
        let waits = |why: &str| {
            Err(Failure::Verbatim(format!(
                "Error from server (BadRequest): container \"{name}\" in pod \"{}\" is waiting to start: {why}",
                object.meta.name
            )))
        };
        match pod.status.containers.get(place).map(|status| &status.state) {
            Some(ContainerState::Waiting { reason: "ErrImagePull" | "ImagePullBackOff", .. }) => {
                return waits("trying and failing to pull image");
            }
            Some(ContainerState::Waiting { reason: "ContainerCreating", .. }) => return waits("ContainerCreating"),
            None if pod.bound() => return waits("ContainerCreating"),
            None => return Ok(()),
            _ => {}
        }
    }
    Err(Failure::Verbatim(UNKNOWN.to_owned()))
}

const UNKNOWN: &str = "sandbox: containers here run models of their programs, which write no logs; look at `kubectl describe pod` and `kubectl get events` instead";
