//! `kubectl exec`. Follows `kubectl/pkg/cmd/exec`.

use crate::kubectl::client;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::Parsed;
use crate::process::{Context, Poll, Process};
use crate::shell;

use super::program::{self, Request};
use super::{container, pod_of, runs, unreachable};

/// Starts `kubectl exec`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Exec { parsed, running: None })
}

#[derive(Clone)]
struct Exec {
    parsed: Parsed,
    running: Option<Box<dyn Process>>,
}

impl Process for Exec {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if self.running.is_none() {
            match request(&self.parsed, context) {
                Ok(request) => {
                    if let Some(message) = shell::cannot_start(context.world, &request.pod, request.container, &request.arguments) {
                        context.streams.error(&format!("error: Internal error occurred: Internal error occurred: {message}"));
                        return Poll::Done(1);
                    }
                    self.running = Some(program::start(&request, context.world));
                }
                Err(failure) => return Poll::Done(failure.print(context.streams)),
            }
        }
        let Some(process) = &mut self.running else { return Poll::Done(1) };
        match process.poll(context) {
            Poll::Done(code) => {
                if code != 0 {
                    context.streams.error(&format!("command terminated with exit code {code}"));
                }
                Poll::Done(code)
            }
            waiting => waiting,
        }
    }

    fn interrupt_inside(&mut self, context: &mut Context<'_>) -> bool {
        self.running.as_mut().is_some_and(|process| process.interrupt_inside(context))
    }

    fn interrupt(&mut self, context: &mut Context<'_>) {
        if let Some(process) = &mut self.running {
            process.interrupt(context);
        }
    }
}

fn request(parsed: &Parsed, context: &mut Context<'_>) -> Result<Request, Failure> {
    let (target, arguments) = match parsed.dash {
        Some(at) => parsed.words.split_at(at),
        None => parsed.words.split_at(parsed.words.len().min(1)),
    };
    let [target] = target else {
        if target.is_empty() {
            return Err(Failure::text("pod, type/name or --filename must be specified"));
        }
        return Err(Failure::usage("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead", "exec"));
    };
    if parsed.dash.is_none() && !arguments.is_empty() {
        return Err(Failure::usage("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead", "exec"));
    }
    if arguments.is_empty() {
        return Err(Failure::text("you must specify at least one command for the container"));
    }
    let namespace = client::namespace(parsed, context);
    let (object, _) = pod_of(target, &namespace, context)?;
    let place = container(&object, parsed.get("container"), context)?;
    let Some(pod) = object.pod() else { return Err(Failure::text("this is no pod")) };
    if pod.status.phase.terminal() {
        let phase = pod.status.phase.as_str();
        return Err(Failure::text(format!("cannot exec into a container in a completed pod; current phase is {phase}")));
    }
    if !pod.bound() {
        let name = &object.meta.name;
        return Err(Failure::Verbatim(format!("Error from server (BadRequest): pod {name} does not have a host assigned")));
    }
    if let Some(failure) = unreachable(&object, "", context.world) {
        return Err(failure);
    }
    if !runs(pod, place) {
        let name = pod.spec.containers.get(place).map(|container| container.name.to_string()).unwrap_or_default();
        return Err(Failure::text(format!("Internal error occurred: unable to upgrade connection: container not found (\"{name}\")")));
    }
    let tty = parsed.on("tty");
    Ok(Request { pod: object.key(), container: place, arguments: arguments.to_vec(), stdin: parsed.on("stdin"), tty })
}
