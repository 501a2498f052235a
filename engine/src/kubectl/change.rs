//! Writing to the cluster as kubectl's verbs do: dry runs, and the line that says what was done.
//! It must not know any particular verb.

use std::rc::Rc;

use serde_json::Value;

use crate::api::object::Object;
use crate::api::read;
use crate::api::status::{Reason, Status};
use crate::api::validation;
use crate::cluster::World;
use crate::json::json;
use crate::process::Context;

use super::failure::Failure;
use super::flags::Parsed;
use super::get::Format;

/// `--dry-run`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DryRun {
    /// Not a dry run.
    None,
    /// Nothing is sent.
    Client,
    /// It is sent, and not stored.
    Server,
}

impl DryRun {
    /// As the flag says.
    ///
    /// # Errors
    /// A value that does not exist.
    pub fn read(parsed: &Parsed) -> Result<Self, Failure> {
        match parsed.get("dry-run") {
            None | Some("none") => Ok(Self::None),
            Some("client" | "unchanged") => Ok(Self::Client),
            Some("server") => Ok(Self::Server),
            Some(other) => Err(Failure::text(format!("Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."))),
        }
    }

    /// What stands behind the line that says what was done.
    pub fn remark(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Client => " (dry run)",
            Self::Server => " (server dry run)",
        }
    }
}

/// Writes the command into the change-cause, where `--record` asks for it.
pub fn record(parsed: &Parsed, document: &mut Value) {
    let Some(cause) = parsed.cause() else { return };
    let annotations = read::entry(document, &["metadata", "annotations"]);
    if !annotations.is_object() {
        *annotations = json!({});
    }
    annotations["kubernetes.io/change-cause"] = json!(cause);
}

/// Creates an object, or tries to.
///
/// # Errors
/// What the API server refuses.
pub fn create(context: &mut Context<'_>, value: Value, namespace: &str, dry_run: DryRun) -> Result<Rc<Object>, Status> {
    let warnings = warnings(&value);
    let answer = match dry_run {
        DryRun::None => context.world.create(value, namespace),
        DryRun::Client | DryRun::Server => context.world.create_dry_run(value, namespace),
    };
    // Warnings come of validation, and the name is only then looked for.
    if answer.as_ref().err().is_none_or(|status| status.reason == Reason::AlreadyExists) {
        warn(context, warnings);
    }
    answer
}

/// Replaces an object, or tries to; the boolean tells whether anything changed.
///
/// # Errors
/// What the API server refuses.
pub fn replace(context: &mut Context<'_>, value: Value, namespace: &str, dry_run: DryRun) -> Result<(Rc<Object>, bool), Status> {
    let warnings = warnings(&value);
    let generation = |world: &World| {
        let kind = world.kind_of(&value).ok()?;
        let name = read::string(&value, &["metadata", "name"]).unwrap_or_default();
        world.store.find(kind, namespace, name).map(|object| object.meta.generation)
    };
    let before = generation(context.world);
    let answer = match dry_run {
        DryRun::None => context.world.replace(value, namespace)?,
        DryRun::Client | DryRun::Server => context.world.replace_dry_run(value, namespace)?,
    };
    if before.is_some_and(|before| before != answer.0.meta.generation) {
        warn(context, warnings);
    }
    Ok(answer)
}

fn warnings(value: &Value) -> Vec<String> {
    validation::warnings(read::string(value, &["kind"]).unwrap_or_default(), value)
}

fn warn(context: &mut Context<'_>, warnings: Vec<String>) {
    for words in warnings {
        context.streams.error(&format!("Warning: {words}"));
    }
}

/// Prints what was done: `statefulset.apps/web configured`, or the object in the format of `-o`.
///
/// # Errors
/// A format that does not exist.
pub fn announce(context: &mut Context<'_>, parsed: &Parsed, object: &Object, done: &str, dry_run: DryRun) -> Result<(), Failure> {
    let document = object.to_value(context.world.settings.epoch);
    announce_document(context, parsed, &document, done, dry_run)
}

/// Adds what Go writes of an object that kubectl makes itself, though it is empty.
pub fn with_empty_fields(document: &mut Value) {
    let kind = read::string(document, &["kind"]).unwrap_or_default().to_owned();
    let containers: &[&str] = match kind.as_str() {
        "Deployment" => &["spec", "template", "spec", "containers"],
        "Pod" => &["spec", "containers"],
        _ => &[],
    };
    if !containers.is_empty() {
        for container in read::entry(document, containers).as_array_mut().into_iter().flatten() {
            if container.get("resources").is_none() {
                container["resources"] = json!({});
            }
        }
    }
    match kind.as_str() {
        "Deployment" => document["spec"]["strategy"] = json!({}),
        "Namespace" => document["spec"] = json!({}),
        _ => {}
    }
    document["status"] = match kind.as_str() {
        "Deployment" | "Pod" | "Namespace" => json!({}),
        "Service" => json!({"loadBalancer": {}}),
        "PodDisruptionBudget" => json!({"currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0}),
        _ => return,
    };
}

/// As [`announce`], for a document that was not stored.
///
/// # Errors
/// A format that does not exist.
pub fn announce_document(context: &mut Context<'_>, parsed: &Parsed, document: &Value, done: &str, dry_run: DryRun) -> Result<(), Failure> {
    match Format::read(parsed)? {
        Format::Table => {
            let name = Format::Name.print(document, true).map_err(Failure::Text)?;
            context.streams.line(&format!("{} {done}{}", name.trim_end(), dry_run.remark()));
        }
        format => {
            let printed = format.print(document, false).map_err(Failure::Text)?;
            context.streams.out.push_str(&printed);
        }
    }
    Ok(())
}
