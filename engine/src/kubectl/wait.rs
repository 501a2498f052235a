//! `kubectl wait`: until a condition holds, a value is there, or an object is gone. Follows `kubectl/pkg/cmd/wait`.

use serde_json::Value;

use crate::api::metadata::Uid;
use crate::api::object::Key;
use crate::api::read;
use crate::api::time::Ms;
use crate::process::{Context, Poll, Process};

use super::client::{self, Filter};
use super::failure::Failure;
use super::files;
use super::flags::Parsed;
use super::output::columns::relaxed;
use super::output::jsonpath::{Path, go_text};
use super::resources::{self, Targets};

/// How long is waited where nothing else is said.
const TIMEOUT_MS: Ms = 30_000;

/// Starts `kubectl wait`.
pub fn start(parsed: Parsed) -> Box<dyn Process> {
    Box::new(Wait { parsed, state: None })
}

#[derive(Clone)]
struct Wait {
    parsed: Parsed,
    state: Option<State>,
}

#[derive(Clone)]
enum Goal {
    Delete,
    Create,
    Condition(String, String),
    Path(Path, Option<String>),
}

#[derive(Clone)]
struct State {
    goal: Goal,
    left: Vec<(Key, Uid)>,
    /// Whether to look once and not to wait.
    once: bool,
    deadline_ms: Ms,
    failures: Vec<Failure>,
}

impl Process for Wait {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if self.state.is_none() {
            match State::start(&self.parsed, context) {
                Ok(state) => self.state = Some(state),
                Err(failure) => return Poll::Done(failure.print(context.streams)),
            }
        }
        match self.state.as_mut().map(|state| state.go_on(&self.parsed, context)) {
            Some(Some(poll)) => poll,
            _ => Poll::Done(0),
        }
    }
}

impl State {
    fn start(parsed: &Parsed, context: &mut Context<'_>) -> Result<Self, Failure> {
        let goal = Goal::read(parsed.text("for"))?;
        let timeout_ms = match parsed.duration_ms("timeout") {
            None => TIMEOUT_MS,
            Some(ms) => u64::try_from(ms).unwrap_or(7 * 24 * 3_600_000),
        };
        let deadline_ms = context.now_ms() + timeout_ms;
        let namespace = client::namespace(parsed, context);
        let mut failures = Vec::new();
        let mut left = Vec::new();
        let missing_is_fine = matches!(goal, Goal::Delete | Goal::Create);
        if parsed.has("filename") {
            let (items, wrong) = files::read(parsed, context)?;
            failures = wrong;
            for item in items {
                match client::fetch(context.world, item.kind, &item.namespace, &item.name) {
                    Ok(object) => left.push((object.key(), object.meta.uid)),
                    Err(_) if matches!(goal, Goal::Delete) => {}
                    Err(status) => failures.push(status.into()),
                }
            }
        } else {
            match resources::read(&parsed.words)? {
                Targets::Kinds(kinds) if kinds.is_empty() => return Err(client::no_resource()),
                Targets::Kinds(kinds) => {
                    if !parsed.on("all") && !parsed.has("selector") && !parsed.has("field-selector") {
                        return Err(Failure::text("resource(s) were provided, but no name was specified"));
                    }
                    let filter = Filter::read(parsed, namespace, &kinds)?;
                    left.extend(
                        kinds.iter().flat_map(|kind| filter.list(context.world, *kind)).map(|object| (object.key(), object.meta.uid)),
                    );
                    if left.is_empty() && !missing_is_fine {
                        return Err(Failure::text("no matching resources found"));
                    }
                }
                Targets::Named { objects, .. } => {
                    client::may_name(parsed, &parsed.words)?;
                    for (kind, name) in objects {
                        match client::fetch(context.world, kind, &namespace, &name) {
                            Ok(object) => left.push((object.key(), object.meta.uid)),
                            Err(_) if matches!(goal, Goal::Create) => left.push((Key::new(kind, namespace.clone(), name), Uid::default())),
                            Err(_) if matches!(goal, Goal::Delete) => {}
                            Err(status) => failures.push(status.into()),
                        }
                    }
                }
            }
        }
        left.reverse();
        Ok(Self { goal, left, once: timeout_ms == 0, deadline_ms, failures })
    }

    /// `None` once all is there.
    fn go_on(&mut self, parsed: &Parsed, context: &mut Context<'_>) -> Option<Poll> {
        while let Some((key, uid)) = self.left.last().cloned() {
            match self.met(&key, uid, context) {
                Ok(true) => {
                    let name = format!("{}/{}", key.kind.info().printed(), key.name);
                    if parsed.text("output") == "name" {
                        context.streams.line(&name);
                    } else {
                        context.streams.line(&format!("{name} condition met"));
                    }
                    self.left.pop();
                }
                Ok(false) if self.deadline_ms <= context.now_ms() => {
                    let words = match (self.once, &self.goal) {
                        (true, Goal::Create) => "timed out waiting for the condition".to_owned(),
                        (true, _) => format!("condition not met for {}/{}", key.kind.info().plural, key.name),
                        (false, _) => format!("timed out waiting for the condition on {}/{}", key.kind.info().plural, key.name),
                    };
                    self.failures.push(Failure::Text(words));
                    self.left.pop();
                }
                Ok(false) => return Some(Poll::Waiting { until_ms: Some(self.deadline_ms) }),
                Err(failure) => {
                    self.failures.push(failure);
                    self.left.pop();
                }
            }
        }
        match Failure::of(std::mem::take(&mut self.failures)) {
            Ok(()) => None,
            Err(failure) => Some(Poll::Done(failure.print(context.streams))),
        }
    }

    fn met(&self, key: &Key, uid: Uid, context: &Context<'_>) -> Result<bool, Failure> {
        match &self.goal {
            Goal::Delete => Ok(!context.world.store.holds(key, uid)),
            Goal::Create => Ok(context.world.get(key).is_some()),
            Goal::Condition(kind, wanted) => {
                let object = client::fetch(context.world, key.kind, &key.namespace, &key.name)?;
                let document = object.to_value(context.world.settings.epoch);
                let found = read::items(&document, &["status", "conditions"])
                    .iter()
                    .find(|condition| read::string(condition, &["type"]).is_some_and(|found| found.eq_ignore_ascii_case(kind)));
                Ok(found.and_then(|found| read::string(found, &["status"])).is_some_and(|status| status.eq_ignore_ascii_case(wanted)))
            }
            Goal::Path(path, wanted) => {
                let object = client::fetch(context.world, key.kind, &key.namespace, &key.name)?;
                let document = object.to_value(context.world.settings.epoch);
                let found: Vec<&Value> = path.find(&document).unwrap_or_default();
                match (found.as_slice(), wanted) {
                    ([], _) => Ok(false),
                    ([Value::Object(_) | Value::Array(_)], Some(_)) => {
                        Err(Failure::text("jsonpath leads to a nested object or list which is not supported"))
                    }
                    ([one], Some(wanted)) => Ok(go_text(one).trim() == wanted),
                    ([_], None) => Ok(true),
                    (_, _) => Err(Failure::text("given jsonpath expression matches more than one value")),
                }
            }
        }
    }
}

impl Goal {
    fn read(text: &str) -> Result<Self, Failure> {
        let (form, rest) = text.split_once('=').unwrap_or((text, ""));
        match form.to_ascii_lowercase().as_str() {
            "delete" if rest.is_empty() => Ok(Self::Delete),
            "create" if rest.is_empty() => Ok(Self::Create),
            "condition" if text.contains('=') => {
                let (kind, status) = rest.split_once('=').unwrap_or((rest, "true"));
                Ok(Self::Condition(kind.to_owned(), status.to_owned()))
            }
            "jsonpath" if text.contains('=') => {
                let (path, wanted) = match rest.rfind('}') {
                    Some(end) => {
                        let behind = rest[end + 1..].strip_prefix('=').map(|value| value.trim_matches(['"', '\'']).to_owned());
                        if behind.as_deref() == Some("") {
                            return Err(Failure::text(
                                "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
                            ));
                        }
                        (&rest[..=end], behind)
                    }
                    None => match rest.split_once('=') {
                        Some((path, value)) => (path, Some(value.trim_matches(['"', '\'']).to_owned())),
                        None => (rest, None),
                    },
                };
                Ok(Self::Path(Path::parse(&relaxed(path)?).map_err(Failure::Text)?, wanted))
            }
            _ => Err(Failure::text(format!("unrecognized condition: {text:?}"))),
        }
    }
}
