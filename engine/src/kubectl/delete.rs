//! `kubectl delete`: asks for one deletion after the other, says so, and waits until all is gone. Follows `kubectl/pkg/cmd/delete`.

use std::collections::VecDeque;

use crate::api::kind::Kind;
use crate::api::metadata::Uid;
use crate::api::object::Key;
use crate::api::time::Ms;
use crate::cluster::deletion::{DeleteOptions, Propagation};
use crate::controllers::client::{CALL_MS, DELETE_MS};
use crate::process::{Context, Poll, Process};

use super::change::DryRun;
use super::client::{self, Filter};
use super::failure::{Failure, Outcome};
use super::files;
use super::flags::Parsed;
use super::resources::{self, Targets};

/// The words that go before a forced deletion.
const FORCE_WARNING: &str = "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.";

/// What `--cascade` was called when it was a switch.
const OLD_CASCADES: &[(&str, &str)] = &[("true", "background"), ("false", "orphan")];

/// Starts `kubectl delete`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Delete { parsed, pending: None })
}

#[derive(Clone)]
struct Delete {
    parsed: Parsed,
    pending: Option<Pending>,
}

/// Objects whose deletion is still to be asked for, and objects whose end is waited for.
#[derive(Clone)]
pub struct Pending {
    parsed: Parsed,
    manner: Manner,
    doomed: VecDeque<Doomed>,
    /// When the answer to the request before is there.
    answered_ms: Ms,
    objects: Vec<(Key, Uid)>,
    deadline_ms: Option<Ms>,
    failures: Vec<Failure>,
}

impl Process for Delete {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if self.pending.is_none() {
            if files::awaits_input(&self.parsed, context) {
                return Poll::Waiting { until_ms: None };
            }
            match run(&self.parsed, context) {
                Ok(pending) => self.pending = Some(pending),
                Err(failure) => return Poll::Done(failure.print(context.streams)),
            }
        }
        match self.pending.as_mut().map(|pending| pending.poll(context)) {
            Some(Err(waiting)) => waiting,
            Some(Ok(Err(failure))) => Poll::Done(failure.print(context.streams)),
            Some(Ok(Ok(()))) | None => Poll::Done(0),
        }
    }
}

impl Pending {
    /// `Err` while something is still there.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Result<Outcome, Poll> {
        while !self.doomed.is_empty() {
            if context.now_ms() < self.answered_ms {
                return Err(Poll::Waiting { until_ms: Some(self.answered_ms) });
            }
            self.ask(context);
        }
        self.objects.retain(|(key, uid)| context.world.store.holds(key, *uid));
        let Some((key, _)) = self.objects.first() else {
            return Ok(Failure::of(std::mem::take(&mut self.failures)));
        };
        match self.deadline_ms {
            Some(deadline_ms) if deadline_ms <= context.now_ms() => {
                let words = format!("timed out waiting for the condition on {}/{}", key.kind.info().plural, key.name);
                let mut failures = std::mem::take(&mut self.failures);
                failures.push(Failure::Text(words));
                Ok(Failure::of(failures))
            }
            deadline_ms => Err(Poll::Waiting { until_ms: deadline_ms }),
        }
    }
}

#[derive(Clone)]
struct Manner {
    options: DeleteOptions,
    force: bool,
    wait: bool,
    dry_run: DryRun,
}

fn manner(parsed: &Parsed, context: &mut Context<'_>) -> Result<Manner, Failure> {
    if let Some((old, new)) = parsed.get("cascade").and_then(|word| OLD_CASCADES.iter().find(|(old, _)| *old == word)) {
        context.streams.error(&format!("warning: --cascade={old} is deprecated (boolean value) and can be replaced with --cascade={new}."));
    }
    let propagation = match parsed.get("cascade") {
        None | Some("background" | "true") => Propagation::Background,
        Some("foreground") => Propagation::Foreground,
        Some("orphan" | "false") => Propagation::Orphan,
        Some(other) => {
            return Err(Failure::text(format!("invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\"")));
        }
    };
    let force = parsed.on("force");
    let asked = parsed.number("grace-period").filter(|seconds| *seconds >= 0);
    if parsed.on("now") && asked.is_some() {
        return Err(Failure::text("--now and --grace-period cannot be specified together"));
    }
    let grace_period_seconds = match (parsed.on("now"), asked, force) {
        (true, ..) => Some(1),
        (_, Some(0), false) => Some(1),
        (_, None, true) => Some(0),
        (_, asked, _) => asked,
    };
    if force && grace_period_seconds.is_some_and(|seconds| seconds > 0) {
        return Err(Failure::text("--force and --grace-period greater than 0 cannot be specified together"));
    }
    let immediately = force && grace_period_seconds == Some(0);
    Ok(Manner {
        options: DeleteOptions { grace_period_seconds, propagation, uid: None },
        force: immediately,
        wait: parsed.on_unless_off("wait") && (parsed.has("wait") || !immediately),
        dry_run: DryRun::read(parsed)?,
    })
}

fn run(parsed: &Parsed, context: &mut Context<'_>) -> Result<Pending, Failure> {
    let manner = manner(parsed, context)?;
    let (objects, failures) = targets(parsed, context)?;
    Ok(delete(manner, objects, failures, parsed, context))
}

type Doomed = (Kind, String, String, Option<String>);

/// Kind, namespace, name and file of what is to be deleted.
fn targets(parsed: &Parsed, context: &mut Context<'_>) -> Result<(Vec<Doomed>, Vec<Failure>), Failure> {
    if parsed.has("filename") {
        client::no_words(parsed)?;
        let (items, failures) = files::read(parsed, context)?;
        let doomed = items.into_iter().map(|item| (item.kind, item.namespace, item.name, Some(item.source)));
        return Ok((doomed.collect(), failures));
    }
    let selects = !parsed.text("selector").is_empty() || !parsed.text("field-selector").is_empty();
    if parsed.on("all") && selects {
        return Err(Failure::text("setting 'all' parameter but found a non empty selector. "));
    }
    let namespace = client::namespace(parsed, context);
    match resources::read(&parsed.words)? {
        Targets::Kinds(kinds) if kinds.is_empty() => Err(client::no_resource()),
        Targets::Kinds(kinds) => {
            if !parsed.on("all") && !parsed.has("selector") && !parsed.has("field-selector") {
                return Err(Failure::text("resource(s) were provided, but no name was specified"));
            }
            let filter = Filter::read(parsed, namespace, &kinds)?;
            let found = kinds.iter().flat_map(|kind| filter.list(context.world, *kind));
            let doomed: Vec<Doomed> =
                found.map(|object| (object.kind(), object.meta.namespace.to_string(), object.meta.name.to_string(), None)).collect();
            if doomed.is_empty() {
                context.streams.line("No resources found");
            }
            Ok((doomed, Vec::new()))
        }
        Targets::Named { objects, .. } => {
            client::may_name(parsed, &parsed.words)?;
            let doomed = objects.into_iter().map(|(kind, name)| {
                let namespace = if kind.namespaced() { namespace.to_string() } else { String::new() };
                (kind, namespace, name, None)
            });
            Ok((doomed.collect(), Vec::new()))
        }
    }
}

fn delete(manner: Manner, doomed: Vec<Doomed>, failures: Vec<Failure>, parsed: &Parsed, context: &mut Context<'_>) -> Pending {
    if manner.force {
        context.streams.error(FORCE_WARNING);
    }
    if parsed.has("namespace") && doomed.iter().any(|(kind, ..)| !kind.namespaced()) {
        context.streams.error("Warning: deleting cluster-scoped resources, not scoped to the provided namespace");
    }
    Pending { parsed: parsed.clone(), manner, doomed: doomed.into(), answered_ms: 0, objects: Vec::new(), deadline_ms: None, failures }
}

impl Pending {
    /// Asks for the next deletion, and says what came of it.
    fn ask(&mut self, context: &mut Context<'_>) {
        let Some((kind, namespace, name, source)) = self.doomed.pop_front() else { return };
        let key = Key::new(kind, namespace, name);
        let found = context.world.get(&key);
        let done = match (&found, self.manner.dry_run) {
            // Nothing is asked for: not even whether it is there.
            (_, DryRun::Client) | (Some(_), DryRun::Server) => Ok(()),
            _ => {
                self.answered_ms = context.now_ms() + if kind == Kind::Pod { DELETE_MS } else { CALL_MS };
                context.world.delete(&key, &self.manner.options).map(|_| ())
            }
        };
        match done {
            Ok(()) => {
                say(&key, &self.manner, &self.parsed, context);
                if let Some(object) = found
                    && self.manner.dry_run == DryRun::None
                    && self.manner.wait
                {
                    self.objects.push((key, object.meta.uid));
                }
            }
            Err(status) => {
                let failure = Failure::from(status);
                if !failure.is_not_found() || !self.parsed.on("ignore-not-found") {
                    self.failures.push(match source {
                        Some(source) => failure.when("deleting", &source),
                        None => failure,
                    });
                }
            }
        }
        if self.doomed.is_empty() {
            let timeout_ms = self.parsed.duration_ms("timeout").and_then(|ms| u64::try_from(ms).ok()).filter(|ms| *ms > 0);
            self.deadline_ms = timeout_ms.map(|ms| context.now_ms() + ms);
        }
    }
}

fn say(key: &Key, manner: &Manner, parsed: &Parsed, context: &mut Context<'_>) {
    let kind = key.kind.info().printed();
    if parsed.text("output") == "name" {
        context.streams.line(&format!("{kind}/{}", key.name));
        return;
    }
    let done = if manner.force { "force deleted" } else { "deleted" };
    let place = if key.namespace.is_empty() { String::new() } else { format!(" from {} namespace", key.namespace) };
    context.streams.line(&format!("{kind} \"{}\" {done}{place}{}", key.name, manner.dry_run.remark()));
}

/// Deletes what files describe, for `replace --force`.
///
/// # Errors
/// Flags that contradict each other.
pub fn for_replace(items: &[files::Item], parsed: &Parsed, context: &mut Context<'_>) -> Result<Pending, Failure> {
    let mut quiet = parsed.clone();
    quiet.put("ignore-not-found", "true");
    quiet.put("wait", "true");
    quiet.put("force", "false");
    let manner = manner(&quiet, context)?;
    let doomed = items.iter().map(|item| (item.kind, item.namespace.clone(), item.name.clone(), Some(item.source.clone())));
    Ok(delete(manner, doomed.collect(), Vec::new(), &quiet, context))
}

#[cfg(test)]
mod tests {
    use crate::api::kind::Kind;
    use crate::api::time::Ms;
    use crate::cluster::store::Verb;
    use crate::controllers::client::DELETE_MS;
    use crate::controllers::testing::{create, pod, world};
    use crate::json::json;
    use crate::process::Streams;
    use crate::session::Session;
    use crate::settings::Settings;

    #[test]
    fn several_are_asked_for_one_after_the_other() {
        let mut session = Session::new(Settings::default());
        session.world = world();
        for name in ["a", "b", "c"] {
            create(&mut session.world, pod(name, &[], json!({})));
        }
        session.advance_to(5_000);
        session.world.store.log.clear();
        session.run("kubectl delete pod c a b --wait=false", Streams::with_input(""), 60_000);
        session.advance_to(5_100);
        let begun: Vec<(Ms, String)> = session
            .world
            .store
            .log
            .iter()
            .filter(|event| event.object.kind() == Kind::Pod && event.verb == Verb::Modified && event.object.meta.terminating())
            .map(|event| (event.at_ms, event.object.meta.name.to_string()))
            .collect();
        let expected = [(0, "c"), (1, "a"), (2, "b")].map(|(number, name)| (5_000 + number * DELETE_MS, name.to_owned()));
        assert_eq!(begun, expected);
    }
}
