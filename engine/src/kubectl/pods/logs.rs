//! `kubectl logs`: what the models of containers' programs wrote. Follows `kubectl/pkg/cmd/logs` and
//! `kubectl/pkg/polymorphichelpers/logsforobject.go`.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::labels::Selector;
use crate::api::metadata::{Text, Uid};
use crate::api::object::{Key, Object};
use crate::api::pod::{ContainerState, ContainerStatus, Pod};
use crate::api::time::Ms;
use crate::cluster::World;
use crate::ensemble;
use crate::images;
use crate::kubectl::client;
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::process::{Context, Poll, Process};

use super::{all_names, pod_of, unreachable};

/// As many lines of each container are shown where pods are chosen by label.
const SELECTED_TAIL: usize = 10;
/// As many logs are followed at once.
const FOLLOWED_MAX: i64 = 5;

/// Starts `kubectl logs`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Logs { parsed, sources: None })
}

#[derive(Clone)]
struct Logs {
    parsed: Parsed,
    sources: Option<Vec<Source>>,
}

/// A container whose log is shown.
#[derive(Clone)]
struct Source {
    key: Key,
    uid: Uid,
    /// Its name and image, and its place among the containers, init containers first.
    name: Text,
    image: Text,
    place: usize,
    /// What stands before each line.
    prefix: String,
    /// Which life of the container was shown, and how many of its lines.
    shown: (u64, usize),
}

impl Process for Logs {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        match self.step(context) {
            Ok(true) => Poll::Done(0),
            Ok(false) => Poll::Waiting { until_ms: None },
            Err(failure) => Poll::Done(failure.print(context.streams)),
        }
    }
}

impl Logs {
    /// True where all was shown.
    fn step(&mut self, context: &mut Context<'_>) -> Result<bool, Failure> {
        let follows = self.parsed.on("follow");
        let first = self.sources.is_none();
        if first {
            self.sources = Some(sources(&self.parsed, context)?);
        }
        let Some(sources) = &mut self.sources else { return Ok(true) };
        let limit = self.parsed.number("max-log-requests").unwrap_or(FOLLOWED_MAX);
        if follows && usize::try_from(limit).is_ok_and(|limit| limit < sources.len()) {
            return Err(Failure::text(format!(
                "you are attempting to follow {} log streams, but maximum allowed concurrency is {limit}, use --max-log-requests to increase the limit",
                sources.len()
            )));
        }
        let several = sources.len() > 1;
        let mut open = false;
        for source in sources {
            match source.show(&self.parsed, context, first, several) {
                Ok(runs) => open |= follows && runs,
                Err(failure) if several && self.parsed.on("ignore-errors") => {
                    failure.print(context.streams);
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(!open)
    }
}

impl Source {
    /// Shows what is new; true where the container still runs.
    fn show(&mut self, parsed: &Parsed, context: &mut Context<'_>, first: bool, several: bool) -> Result<bool, Failure> {
        let Some(object) = context.world.get(&self.key).filter(|object| object.meta.uid == self.uid) else { return Ok(false) };
        let Some(pod) = object.pod() else { return Ok(false) };
        let life =
            if first { self.life(&object, pod, parsed.on("previous"), context.world)? } else { status(pod, self.place).and_then(life) };
        let Some((id, started_ms, runs)) = life else { return Ok(false) };
        if !first && id != self.shown.0 {
            return Ok(false);
        }
        let all = self.lines(id, started_ms, pod, context.world);
        let from = if first { skipped(&all, parsed, context)? } else { self.shown.1.min(all.len()) };
        let epoch = context.world.settings.epoch;
        let mut text = String::new();
        for (at_ms, line) in &all[from..] {
            text.push_str(&self.prefix);
            if parsed.on("timestamps") {
                text.push_str(&format!("{}.{:03}000000Z ", epoch.rfc3339(*at_ms).trim_end_matches('Z'), at_ms % 1000));
            }
            text.push_str(line);
            text.push('\n');
        }
        if let Some(bytes) = parsed.number("limit-bytes").and_then(|bytes| usize::try_from(bytes).ok()).filter(|bytes| *bytes < text.len())
        {
            let end = (0..=bytes).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            text.truncate(end);
        }
        context.streams.out.push_str(&text);
        if first && all.is_empty() && !several {
            context.streams.error(&format!(
                "sandbox: containers run models of their programs here, and the one of {} has written nothing",
                self.image
            ));
        }
        self.shown = (id, all.len());
        Ok(runs)
    }

    /// Which life of the container is meant, since when it has been, and whether it goes on. `None` where there is nothing yet.
    fn life(&self, object: &Object, pod: &Pod, previous: bool, world: &World) -> Result<Option<(u64, Ms, bool)>, Failure> {
        let (name, pod_name) = (&self.name, &object.meta.name);
        let refused = |why: String| Err(Failure::Verbatim(format!("Error from server (BadRequest): {why}")));
        if let Some(failure) = unreachable(object, &format!("containerLogs/{}/{pod_name}/{name}", self.key.namespace), world) {
            return Err(failure);
        }
        let status = status(pod, self.place);
        if previous {
            return match status.and_then(|status| status.last) {
                Some(last) => Ok(Some((last.container_id, last.started_ms, false))),
                None => refused(format!("previous terminated container \"{name}\" in pod \"{pod_name}\" not found")),
            };
        }
        let waits = |why: &str| refused(format!("container \"{name}\" in pod \"{pod_name}\" is waiting to start: {why}"));
        match status.map(|status| &status.state) {
            Some(ContainerState::Waiting { reason: "ErrImagePull" | "ImagePullBackOff", .. }) => waits("trying and failing to pull image"),
            Some(ContainerState::Waiting { reason, .. }) if status.and_then(life).is_none() => waits(reason),
            None if pod.bound() => waits("ContainerCreating"),
            _ => Ok(status.and_then(life)),
        }
    }

    fn lines(&self, id: u64, started_ms: Ms, pod: &Pod, world: &World) -> Vec<(Ms, Text)> {
        let epoch = world.settings.epoch;
        let starts = images::log::start(&self.image, (&pod.status.ip, &world.settings.node_info.kernel_version), epoch, started_ms);
        let mut lines: Vec<(Ms, Text)> = starts.into_iter().map(|line| (started_ms, line.into())).collect();
        let runs = status(pod, self.place).is_some_and(|status| status.container_id == id);
        let ensemble = ensemble::of(world, &self.key).filter(|_| runs && ensemble::program(&self.image).is_some());
        lines.extend(ensemble.iter().flat_map(|ensemble| ensemble.log()).map(|line| (started_ms, line.into())));
        lines.extend(world.disks.log(id).iter().cloned());
        lines
    }
}

/// Where a container's status stands, init containers first.
fn status(pod: &Pod, place: usize) -> Option<&ContainerStatus> {
    let init = pod.spec.init_containers.len();
    if place < init { pod.status.init_containers.get(place) } else { pod.status.containers.get(place - init) }
}

/// The newest life that a container has had: its id, since when it has been, and whether it goes on.
fn life(status: &ContainerStatus) -> Option<(u64, Ms, bool)> {
    match &status.state {
        ContainerState::Running { since_ms } => Some((status.container_id, *since_ms, true)),
        ContainerState::Terminated(ended) => Some((ended.container_id, ended.started_ms, false)),
        ContainerState::Waiting { .. } => status.last.map(|last| (last.container_id, last.started_ms, false)),
    }
}

/// How many lines come before those that `--since` and `--tail` ask for.
fn skipped(lines: &[(Ms, Text)], parsed: &Parsed, context: &Context<'_>) -> Outcome<usize> {
    let since_ms = match (parsed.duration_ms("since"), parsed.get("since-time")) {
        (Some(ago_ms), _) => context.now_ms().saturating_sub(ago_ms.unsigned_abs()),
        (None, Some(date)) => context.world.settings.epoch.ms(date).ok_or_else(|| {
            Failure::text(format!("parsing time \"{date}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{date}\" as \"2006\""))
        })?,
        (None, None) => 0,
    };
    let old = lines.iter().take_while(|(at_ms, _)| *at_ms < since_ms).count();
    let tail = match parsed.number("tail") {
        Some(tail) => usize::try_from(tail).ok(),
        None => (!parsed.text("selector").is_empty()).then_some(SELECTED_TAIL),
    };
    Ok(tail.map_or(old, |tail| old.max(lines.len().saturating_sub(tail))))
}

/// The containers that are meant.
fn sources(parsed: &Parsed, context: &mut Context<'_>) -> Result<Vec<Source>, Failure> {
    refuse_flags(parsed)?;
    let namespace = client::namespace(parsed, context);
    let selector = parsed.text("selector");
    let all = parsed.on("all-containers");
    let mut asked = parsed.get("container").map(str::to_owned);
    let pods: Vec<Rc<Object>> = if selector.is_empty() {
        let word = match parsed.words.as_slice() {
            [word] => word,
            [word, container] => {
                if asked.is_some() {
                    return Err(Failure::usage("only one of -c or an inline [CONTAINER] arg is allowed", "logs"));
                }
                asked = Some(container.clone());
                word
            }
            _ => {
                return Err(Failure::usage(
                    "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
                    "logs",
                ));
            }
        };
        let (pod, count) = pod_of(word, &namespace, context).map_err(|failure| {
            // The one verb that wraps this answer.
            let found_none = failure.is_not_found();
            let words = || Failure::text(format!("error from server (NotFound): {} in namespace {namespace:?}", failure.words()));
            if found_none { words() } else { failure }
        })?;
        if parsed.on("all-pods") {
            super::pods_named(word, &namespace, context)?
        } else {
            if count > 1 {
                context.streams.error(&format!("Found {count} pods, using pod/{}", pod.meta.name));
            }
            vec![pod]
        }
    } else {
        if !parsed.words.is_empty() {
            return Err(Failure::usage("only a selector (-l) or a POD name is allowed", "logs"));
        }
        let selector = Selector::parse(selector).map_err(Failure::text)?;
        let found = context.world.store.list(Kind::Pod, &namespace).filter(|pod| selector.matches_with(|key| pod.meta.label(key)));
        let found: Vec<Rc<Object>> = found.cloned().collect();
        if found.is_empty() {
            context.streams.error(&format!("No resources found in {namespace} namespace."));
        }
        found
    };
    let prefixed = parsed.on("prefix") || parsed.on("all-pods") && !parsed.has("prefix");
    let mut sources = Vec::new();
    for object in &pods {
        for place in places(object, asked.as_deref(), all, context)? {
            let Some(pod) = object.pod() else { continue };
            let Some(container) = pod.spec.init_containers.iter().chain(pod.spec.containers.iter()).nth(place) else { continue };
            let prefix = if prefixed { format!("[pod/{}/{}] ", object.meta.name, container.name) } else { String::new() };
            let (name, image) = (container.name.clone(), container.image.clone());
            sources.push(Source { key: object.key(), uid: object.meta.uid, name, image, place, prefix, shown: (0, 0) });
        }
    }
    Ok(sources)
}

fn refuse_flags(parsed: &Parsed) -> Outcome {
    if let Some(name) = parsed.get("container").filter(|_| parsed.on("all-containers")) {
        return Err(Failure::text(format!("--all-containers=true should not be specified with container name {name}")));
    }
    if parsed.has("since") && parsed.has("since-time") {
        return Err(Failure::text("at most one of `sinceTime` or `sinceSeconds` may be specified"));
    }
    if parsed.duration_ms("since").is_some_and(|ms| ms <= 0) {
        return Err(Failure::text("--since must be greater than 0"));
    }
    if parsed.number("limit-bytes").is_some_and(|bytes| bytes < 1) {
        return Err(Failure::text("--limit-bytes must be greater than 0"));
    }
    if parsed.number("tail").is_some_and(|tail| tail < -1) {
        return Err(Failure::text("--tail must be greater than or equal to -1"));
    }
    Ok(())
}

/// The places of the containers that are meant, init containers first.
fn places(object: &Object, asked: Option<&str>, all: bool, context: &mut Context<'_>) -> Result<Vec<usize>, Failure> {
    let Some(pod) = object.pod() else { return Ok(Vec::new()) };
    let init = pod.spec.init_containers.len();
    let names: Vec<&str> = pod.spec.init_containers.iter().chain(pod.spec.containers.iter()).map(|container| &*container.name).collect();
    if all {
        return Ok((0..names.len()).collect());
    }
    let listed = || all_names(pod);
    match asked {
        Some(asked) => match names.iter().position(|name| *name == asked) {
            Some(place) => Ok(vec![place]),
            None => Err(Failure::text(format!("container {asked} is not valid for pod {} out of: {}", object.meta.name, listed()))),
        },
        None => {
            let annotated = object.meta.annotations.get("kubectl.kubernetes.io/default-container");
            let place = annotated.and_then(|wanted| names.iter().position(|name| *name == &**wanted));
            if names.len() > 1 && place.is_none() {
                context.streams.error(&format!("Defaulted container \"{}\" out of: {}", names.get(init).unwrap_or(&""), listed()));
            }
            Ok(vec![place.unwrap_or(init)])
        }
    }
}
