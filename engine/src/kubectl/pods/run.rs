//! `kubectl run`, with `-it --rm`. Follows `kubectl/pkg/cmd/run`.

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::metadata::Uid;
use crate::api::object::Key;
use crate::api::time::Ms;
use crate::cluster::deletion::DeleteOptions;
use crate::controllers::kubelet;
use crate::json::{self, json};
use crate::kubectl::change::{self, DryRun};
use crate::kubectl::client;
use crate::kubectl::failure::Failure;
use crate::kubectl::flags::Parsed;
use crate::process::{Context, Poll, Process};

use super::program::{self, Request};
use super::runs;

/// How long is waited for the pod to run.
const RUNNING_TIMEOUT_MS: Ms = 60_000;

/// What kubectl says since 1.33 when it attaches.
const RECORDED: &str = "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.";

/// Starts `kubectl run`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Run { parsed, stage: Stage::Fresh })
}

#[derive(Clone)]
struct Run {
    parsed: Parsed,
    stage: Stage,
}

#[derive(Clone)]
enum Stage {
    Fresh,
    /// Waits for the container.
    Starting {
        key: Key,
        uid: Uid,
        deadline_ms: Ms,
    },
    /// The program runs.
    Attached {
        key: Key,
        uid: Uid,
        process: Box<dyn Process>,
        /// How much of what was printed stands in the log.
        logged: usize,
    },
    /// Waits for the pod to be gone.
    Leaving {
        key: Key,
        uid: Uid,
        code: i32,
    },
}

impl Process for Run {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        loop {
            match self.step(context) {
                Ok(Some(poll)) => return poll,
                Ok(None) => {}
                Err(failure) => return Poll::Done(failure.print(context.streams)),
            }
        }
    }

    fn interrupt_inside(&mut self, context: &mut Context<'_>) -> bool {
        if let Stage::Attached { process, .. } = &mut self.stage { process.interrupt_inside(context) } else { false }
    }

    fn interrupt(&mut self, context: &mut Context<'_>) {
        match &mut self.stage {
            Stage::Attached { key, process, .. } => {
                process.interrupt(context);
                let key = key.clone();
                self.remove(&key, context);
            }
            Stage::Starting { key, .. } => {
                let key = key.clone();
                self.remove(&key, context);
            }
            Stage::Fresh | Stage::Leaving { .. } => {}
        }
    }
}

impl Run {
    fn step(&mut self, context: &mut Context<'_>) -> Result<Option<Poll>, Failure> {
        match &mut self.stage {
            Stage::Fresh => {
                let Some((key, uid)) = create(&self.parsed, context)? else { return Ok(Some(Poll::Done(0))) };
                if !attaches(&self.parsed) {
                    return Ok(Some(Poll::Done(0)));
                }
                let timeout_ms = self.parsed.duration_ms("pod-running-timeout").and_then(|ms| u64::try_from(ms).ok());
                let deadline_ms = context.now_ms() + timeout_ms.unwrap_or(RUNNING_TIMEOUT_MS);
                self.stage = Stage::Starting { key, uid, deadline_ms };
            }
            Stage::Starting { key, uid, deadline_ms } => {
                let Some(object) = context.world.get(key).filter(|object| object.meta.uid == *uid) else {
                    return Err(client::not_found(Kind::Pod, &key.name).into());
                };
                let ready = object.pod().is_some_and(|pod| runs(pod, 0));
                if !ready && *deadline_ms <= context.now_ms() {
                    let key = key.clone();
                    self.remove(&key, context);
                    return Err(Failure::text("timed out waiting for the condition"));
                }
                if !ready {
                    return Ok(Some(Poll::Waiting { until_ms: Some(*deadline_ms) }));
                }
                if !self.parsed.on("quiet") {
                    context.streams.error(RECORDED);
                    context.streams.error("If you don't see a command prompt, try pressing enter.");
                }
                let request = Request {
                    pod: key.clone(),
                    container: 0,
                    arguments: self.parsed.words[1..].to_vec(),
                    stdin: self.parsed.on("stdin"),
                    tty: self.parsed.on("tty"),
                };
                self.stage = Stage::Attached {
                    key: key.clone(),
                    uid: *uid,
                    process: program::start(&request, context.world),
                    logged: context.streams.out.len(),
                };
            }
            Stage::Attached { key, uid, process, logged } => {
                *logged = (*logged).min(context.streams.out.len());
                let poll = process.poll(context);
                let (key, uid) = (key.clone(), *uid);
                write_log(&key, logged, matches!(poll, Poll::Done(_)), context);
                match poll {
                    Poll::Done(code) => {
                        // The container of such a pod starts again, and how it ended does not matter.
                        let comes_back = policy(&self.parsed) == "Always";
                        if comes_back && self.parsed.on("tty") && !self.parsed.on("quiet") {
                            let name = &key.name;
                            context.streams.line(&format!(
                                "Session ended, resume using 'kubectl attach {name} -c {name} -i -t' command when the pod is running"
                            ));
                        }
                        if !comes_back && context.world.store.holds(&key, uid) {
                            kubelet::finish(context.world, &key, code);
                        }
                        self.remove(&key, context);
                        self.stage = Stage::Leaving { key, uid, code: if comes_back { 0 } else { code } };
                    }
                    waiting => return Ok(Some(waiting)),
                }
            }
            Stage::Leaving { key, uid, code } => {
                if self.parsed.on("rm") && context.world.store.holds(key, *uid) {
                    return Ok(Some(Poll::Waiting { until_ms: None }));
                }
                if *code != 0 {
                    context.streams.error(&format!("pod {}/{} terminated (Error)", key.namespace, key.name));
                }
                return Ok(Some(Poll::Done(*code)));
            }
        }
        Ok(None)
    }

    fn remove(&self, key: &Key, context: &mut Context<'_>) {
        if self.parsed.on("rm") && context.world.delete(key, &DeleteOptions::default()).is_ok() && !self.parsed.on("quiet") {
            context.streams.line(&format!("pod \"{}\" deleted from {} namespace", key.name, key.namespace));
        }
    }
}

/// Writes the lines that the program has printed to the log of its container; the last, unfinished one at its end.
fn write_log(key: &Key, logged: &mut usize, ended: bool, context: &mut Context<'_>) {
    let text = context.streams.out.get(*logged..).unwrap_or_default();
    let whole = if ended { text } else { &text[..text.rfind('\n').map_or(0, |end| end + 1)] };
    *logged += whole.len();
    let id = context.world.get(key).and_then(|object| Some(object.pod()?.status.containers.first()?.container_id));
    let (Some(id), now) = (id, context.now_ms()) else { return };
    for line in whole.lines() {
        context.world.disks.write_log(id, now, line);
    }
}

/// The restart policy that is asked for.
fn policy(parsed: &Parsed) -> &str {
    let default = if parsed.on("stdin") { "OnFailure" } else { "Always" };
    parsed.get("restart").map_or("Always", |policy| if policy.is_empty() { default } else { policy })
}

fn attaches(parsed: &Parsed) -> bool {
    parsed.get("attach").map_or_else(|| parsed.on("stdin"), |_| parsed.on("attach"))
}

/// Creates the pod; `None` where nothing is to be attached to, as in a dry run.
fn create(parsed: &Parsed, context: &mut Context<'_>) -> Result<Option<(Key, Uid)>, Failure> {
    let Some(image) = parsed.get("image") else {
        return Err(Failure::text("required flag(s) \"image\" not set"));
    };
    let Some((name, arguments)) = parsed.words.split_first() else {
        return Err(Failure::usage("NAME is required for run", "run"));
    };
    if image.is_empty() {
        return Err(Failure::text("--image is required"));
    }
    if parsed.on("tty") && !parsed.on("stdin") {
        return Err(Failure::text("-i/--stdin is required for containers with -t/--tty=true"));
    }
    if parsed.on("rm") && !attaches(parsed) {
        return Err(Failure::usage("--rm should only be used for attached containers", "run"));
    }
    let dry_run = DryRun::read(parsed)?;
    if attaches(parsed) && dry_run != DryRun::None {
        return Err(Failure::usage(
            "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
            "run",
        ));
    }
    if parsed.on("expose") && parsed.number("port").is_none() {
        return Err(Failure::usage("--port must be set when exposing a service", "run"));
    }
    for (flag, words) in [("env", "invalid env"), ("labels", "unexpected label spec")] {
        if let Some(wrong) = parsed.list(flag).into_iter().find(|pair| !pair.is_empty() && !pair.contains('=')) {
            return Err(Failure::text(format!("{words}: {wrong}")));
        }
    }
    let namespace = client::namespace(parsed, context);
    let mut container = json!({"name": name, "image": image});
    if !arguments.is_empty() {
        container[if parsed.on("command") { "command" } else { "args" }] = json!(arguments);
    }
    if parsed.on("stdin") {
        container["stdin"] = json!(true);
        container["stdinOnce"] = json!(true);
    }
    if parsed.on("tty") {
        container["tty"] = json!(true);
    }
    if let Some(port) = parsed.number("port") {
        container["ports"] = json!([{"containerPort": port}]);
    }
    if let Some(policy) = parsed.get("image-pull-policy") {
        if !matches!(policy, "Always" | "IfNotPresent" | "Never") {
            return Err(Failure::usage(&format!("invalid image pull policy: {policy}"), "run"));
        }
        container["imagePullPolicy"] = json!(policy);
    }
    let variables: Vec<Value> = parsed
        .all("env")
        .iter()
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    if !variables.is_empty() {
        container["env"] = Value::Array(variables);
    }
    container["resources"] = json!({});
    if parsed.on("privileged") {
        container["securityContext"] = json!({"privileged": true});
    }
    let policy = policy(parsed);
    if !matches!(policy, "Always" | "OnFailure" | "Never") {
        return Err(Failure::usage(&format!("invalid restart policy: {policy}"), "run"));
    }
    let mut labels = json!({"run": name});
    if let Some(given) = parsed.get("labels") {
        labels = json::object(given.split(',').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key, json!(value))));
    }
    let mut document = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "labels": labels},
        "spec": {"containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": policy},
    });
    let annotations = parsed.all("annotations");
    if !annotations.is_empty() {
        let pairs = annotations.into_iter().filter_map(|pair| pair.split_once('='));
        document["metadata"]["annotations"] = json::object(pairs.map(|(key, value)| (key, json!(value))));
    }
    if let Some(text) = parsed.get("overrides") {
        let overrides: Value = serde_json::from_str(text).map_err(|error| Failure::text(format!("invalid --overrides: {error}")))?;
        crate::api::patch::merge_patch(&mut document, &overrides);
    }
    if dry_run == DryRun::Client {
        change::with_empty_fields(&mut document);
        change::announce_document(context, parsed, &document, "created", dry_run)?;
        return Ok(None);
    }
    let object = change::create(context, document, &namespace, dry_run)?;
    if !attaches(parsed) {
        change::announce(context, parsed, &object, "created", dry_run)?;
    }
    if parsed.on("expose") && dry_run == DryRun::None {
        let port = parsed.number("port");
        let service = json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
            "spec": {"selector": {"run": name}, "ports": [{"port": port, "protocol": "TCP", "targetPort": port}]},
        });
        let service = change::create(context, service, &namespace, dry_run)?;
        change::announce(context, parsed, &service, "created", dry_run)?;
    }
    Ok(Some((object.key(), object.meta.uid)))
}
