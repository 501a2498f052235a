//! `kubectl drain`: cordons, evicts pod by pod, asks again where a budget refuses, and waits until all are gone.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::labels::Selector;
use crate::api::metadata::Uid;
use crate::api::object::{Key, Object};
use crate::api::read;
use crate::api::status::Reason;
use crate::api::time::Ms;
use crate::cluster::deletion::DeleteOptions;
use crate::controllers::disruption;
use crate::kubectl::change::DryRun;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::Parsed;
use crate::process::{Context, Poll, Process};

use super::{mark, nodes};

/// A refused eviction is asked for again after this time.
const RETRY_MS: Ms = 5_000;

/// Starts `kubectl drain`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Drain { parsed, state: None })
}

#[derive(Clone)]
struct Drain {
    parsed: Parsed,
    state: Option<State>,
}

#[derive(Clone)]
struct State {
    /// The nodes to come, the next one last.
    nodes: Vec<Rc<Object>>,
    leaving: Vec<Leaving>,
    current: Option<String>,
    deadline_ms: Option<Ms>,
    timeout: String,
    failed: Vec<(String, Failure)>,
    /// Evictions of the current node that were refused for good.
    refused: Vec<Failure>,
}

/// A pod on its way.
#[derive(Clone)]
struct Leaving {
    key: Key,
    uid: Uid,
    /// When to ask for its eviction; `None` once it was granted.
    ask_ms: Option<Ms>,
    /// Whether it was refused for good.
    refused: bool,
}

impl Process for Drain {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if self.state.is_none() {
            match State::start(&self.parsed, context) {
                Ok(state) => self.state = Some(state),
                Err(failure) => return Poll::Done(failure.print(context.streams)),
            }
        }
        let Some(state) = &mut self.state else { return Poll::Done(1) };
        loop {
            if state.current.is_none() {
                let Some(node) = state.nodes.pop() else { return state.end(context) };
                state.enter(&self.parsed, &node, context);
                continue;
            }
            match state.go_on(&self.parsed, context) {
                Some(poll) => return poll,
                None => state.current = None,
            }
        }
    }
}

impl State {
    fn start(parsed: &Parsed, context: &mut Context<'_>) -> Result<Self, Failure> {
        let mut nodes = nodes(parsed, "drain", context)?;
        let dry_run = DryRun::read(parsed)?;
        for node in &nodes {
            mark(node, true, dry_run, context)?;
        }
        nodes.reverse();
        let timeout_ms = parsed.duration_ms("timeout").and_then(|ms| u64::try_from(ms).ok()).filter(|ms| *ms > 0);
        Ok(Self {
            nodes,
            leaving: Vec::new(),
            current: None,
            deadline_ms: timeout_ms.map(|ms| context.now_ms() + ms),
            timeout: parsed.text("timeout").to_owned(),
            failed: Vec::new(),
            refused: Vec::new(),
        })
    }

    fn enter(&mut self, parsed: &Parsed, node: &Object, context: &mut Context<'_>) {
        match doomed(parsed, node, context) {
            Ok(mut pods) => {
                // All are asked for at once; the one started last runs first.
                let last = usize::from(!pods.is_empty());
                pods.rotate_right(last);
                let now = context.now_ms();
                self.leaving =
                    pods.iter().map(|pod| Leaving { key: pod.key(), uid: pod.meta.uid, ask_ms: Some(now), refused: false }).collect();
                self.current = Some(node.meta.name.to_string());
            }
            Err(failure) => self.fail(&node.meta.name, failure, context),
        }
    }

    fn fail(&mut self, node: &str, failure: Failure, context: &mut Context<'_>) {
        let words = failure.words();
        context.streams.error(&format!("error: unable to drain node \"{node}\" due to error: {words}, continuing command..."));
        self.failed.push((node.to_owned(), failure));
    }

    /// `None` once the node is empty, or given up.
    fn go_on(&mut self, parsed: &Parsed, context: &mut Context<'_>) -> Option<Poll> {
        let now = context.now_ms();
        let node = self.current.clone().unwrap_or_default();
        if let Some(dry_run) = DryRun::read(parsed).ok().filter(|dry_run| *dry_run != DryRun::None) {
            for pod in std::mem::take(&mut self.leaving) {
                context.streams.line(&format!("evicting pod {}/{}{}", pod.key.namespace, pod.key.name, dry_run.remark()));
            }
        }
        let evicts = !parsed.on("disable-eviction");
        for pod in &mut self.leaving {
            if pod.ask_ms.is_some_and(|ask_ms| ask_ms <= now) {
                self.refused.extend(ask(pod, evicts, context));
            }
        }
        self.leaving.retain(|pod| {
            if pod.refused {
                return false;
            }
            let gone = pod.ask_ms.is_none() && !context.world.store.holds(&pod.key, pod.uid);
            if gone {
                context.streams.line(&format!("pod/{} {}", pod.key.name, if evicts { "evicted" } else { "deleted" }));
            }
            !gone
        });
        if self.leaving.is_empty() && !self.refused.is_empty() {
            let failure = match std::mem::take(&mut self.refused) {
                one if one.len() == 1 => one.into_iter().next().unwrap_or(Failure::Exit(1)),
                several => Failure::Several(several),
            };
            self.fail(&node, failure, context);
            return None;
        }
        if self.leaving.is_empty() {
            let remark = DryRun::read(parsed).map_or("", DryRun::remark);
            context.streams.line(&format!("node/{node} drained{remark}"));
            return None;
        }
        if self.deadline_ms.is_some_and(|deadline_ms| deadline_ms <= now) {
            self.give_up(&node, context);
            return None;
        }
        let next = self.leaving.iter().filter_map(|pod| pod.ask_ms).chain(self.deadline_ms).min();
        Some(Poll::Waiting { until_ms: next })
    }

    fn give_up(&mut self, node: &str, context: &mut Context<'_>) {
        let left = std::mem::take(&mut self.leaving);
        let failures: Vec<Failure> = left
            .iter()
            .map(|pod| {
                let what = format!("pods/\"{}\" -n \"{}\"", pod.key.name, pod.key.namespace);
                Failure::Verbatim(format!("error when evicting {what}: global timeout reached: {}", self.timeout))
            })
            .collect();
        let failure = match failures.as_slice() {
            [one] => one.clone(),
            _ => Failure::Several(failures),
        };
        context.streams.error(&format!("There are pending pods in node \"{node}\" when an error occurred: {}", failure.words()));
        for pod in &left {
            context.streams.error(&format!("pod/{}", pod.key.name));
        }
        self.fail(node, failure, context);
    }

    fn end(&mut self, context: &mut Context<'_>) -> Poll {
        if self.failed.is_empty() {
            return Poll::Done(0);
        }
        context.streams.error("There are pending nodes to be drained:");
        for (node, failure) in &self.failed {
            context.streams.error(&format!(" {node}\n{}", lines(failure)));
        }
        Poll::Done(1)
    }
}

fn lines(failure: &Failure) -> String {
    match failure {
        Failure::Several(failures) => failures.iter().map(Failure::words).collect::<Vec<_>>().join("\n"),
        other => other.words(),
    }
}

/// Asks for one pod's eviction; the failure where it is refused for good.
fn ask(pod: &mut Leaving, evicts: bool, context: &mut Context<'_>) -> Option<Failure> {
    let key = &pod.key;
    if evicts {
        context.streams.line(&format!("evicting pod {}/{}", key.namespace, key.name));
    }
    let answer =
        if evicts { disruption::evict(context.world, key) } else { context.world.delete(key, &DeleteOptions::default()).map(|_| ()) };
    match answer {
        Err(status) if status.reason == Reason::TooManyRequests => {
            context.streams.error(&format!(
                "error when evicting pods/\"{}\" -n \"{}\" (will retry after 5s): {}",
                key.name, key.namespace, status.message
            ));
            pod.ask_ms = Some(context.now_ms() + RETRY_MS);
        }
        Err(status) if status.reason != Reason::NotFound => {
            pod.refused = true;
            let what = format!("pods/\"{}\" -n \"{}\"", key.name, key.namespace);
            return Some(Failure::Text(format!("error when evicting {what}: {}", status.message)));
        }
        _ => pod.ask_ms = None,
    }
    None
}

/// The pods that must leave a node.
fn doomed(parsed: &Parsed, node: &Object, context: &mut Context<'_>) -> Result<Vec<Rc<Object>>, Failure> {
    let selector = Selector::parse(parsed.text("pod-selector")).map_err(Failure::Text)?;
    let (mut pods, mut bare, mut unmanaged, mut daemons, mut local) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for object in context.world.store.all(Kind::Pod) {
        let Some(pod) = object.pod().filter(|pod| pod.node_name == node.meta.name) else { continue };
        if !selector.matches_with(|key| object.meta.label(key)) {
            continue;
        }
        let name = format!("{}/{}", object.meta.namespace, object.meta.name);
        let owner = object.meta.controller();
        if owner.is_some_and(|owner| &*owner.kind == "DaemonSet") {
            daemons.push(name);
            continue;
        }
        let has_local = read::items(&pod.spec.document, &["volumes"]).iter().any(|volume| volume.get("emptyDir").is_some());
        if has_local && !parsed.on("delete-emptydir-data") && !pod.status.phase.terminal() {
            local.push(name.clone());
        }
        if owner.is_none() {
            if !parsed.on("force") && !pod.status.phase.terminal() {
                unmanaged.push(name.clone());
            }
            bare.push(name);
        }
        pods.push(object.clone());
    }
    let mut problems = Vec::new();
    if !parsed.on("ignore-daemonsets") && !daemons.is_empty() {
        problems.push(format!("cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): {}", daemons.join(", ")));
    }
    if !local.is_empty() {
        problems.push(format!("cannot delete Pods with local storage (use --delete-emptydir-data to override): {}", local.join(", ")));
    }
    if !unmanaged.is_empty() {
        problems.push(format!(
            "cannot delete cannot delete Pods that declare no controller (use --force to override): {}",
            unmanaged.join(", ")
        ));
    }
    if !problems.is_empty() {
        return Failure::of(problems.into_iter().map(Failure::Verbatim).collect()).map(|()| pods);
    }
    let warnings: Vec<String> = [("ignoring DaemonSet-managed Pods", daemons), ("deleting Pods that declare no controller", bare)]
        .into_iter()
        .filter(|(_, pods)| !pods.is_empty())
        .map(|(words, pods)| format!("{words}: {}", pods.join(", ")))
        .collect();
    if !warnings.is_empty() {
        context.streams.error(&format!("Warning: {}", warnings.join("; ")));
    }
    Ok(pods)
}
