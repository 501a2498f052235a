//! `kubectl rollout status|history|undo|restart|pause|resume`. Follows `kubectl/pkg/cmd/rollout` and `polymorphichelpers`.

pub mod history;
pub mod restart;
pub mod status;
pub mod undo;

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::metadata::LAST_APPLIED;
use crate::api::object::Object;
use crate::cluster::World;
use crate::order;
use crate::process::Context;

use super::client;
use super::failure::Failure;
use super::files;
use super::flags::Parsed;

/// The annotation in which a ReplicaSet keeps the number of its revision.
const REVISION: &str = "deployment.kubernetes.io/revision";

/// A past state of a workload.
#[derive(Clone)]
struct Past {
    number: i64,
    change_cause: String,
    /// For a StatefulSet the data of the revision, for a Deployment the template.
    data: Rc<Value>,
    /// For a Deployment the ReplicaSet.
    set: Option<Rc<Object>>,
    template: Value,
}

impl Past {
    /// The template as it is shown: a ReplicaSet's names its hash.
    fn shown(&self) -> &Value {
        let of_set = self.set.as_deref().and_then(Object::replica_set).and_then(|set| set.document.get("template"));
        of_set.unwrap_or(&self.template)
    }
}

/// The objects that a rollout command means; all of a kind where no name is given.
fn targets(parsed: &Parsed, context: &mut Context<'_>) -> Result<(Vec<Rc<Object>>, Vec<Failure>), Failure> {
    if parsed.has("filename") {
        return files::stored(parsed, context);
    }
    if parsed.words.is_empty() {
        return Err(Failure::text("required resource not specified"));
    }
    let mut parsed = parsed.clone();
    if !parsed.has("selector") {
        parsed.put("selector", "");
    }
    client::select(&parsed, &parsed.words, context, "rollout")
}

/// As [`targets`]; says so where there is nothing.
fn some_targets(parsed: &Parsed, context: &mut Context<'_>) -> Result<(Vec<Rc<Object>>, Vec<Failure>), Failure> {
    let (objects, failures) = targets(parsed, context)?;
    if objects.is_empty() && failures.is_empty() {
        let namespace = client::namespace(parsed, context);
        context.streams.error(&format!("No resources found in {namespace} namespace."));
    }
    Ok((objects, failures))
}

/// The past states of a workload, by number; `None` for a kind that keeps none.
fn past(world: &World, object: &Object) -> Option<Vec<Past>> {
    let mut all: Vec<Past> = match object.kind() {
        Kind::StatefulSet => world
            .store
            .list(Kind::ControllerRevision, &object.meta.namespace)
            .filter(|revision| revision.meta.controlled_by(object.meta.uid))
            .filter_map(|revision| {
                let body = revision.revision()?;
                let mut template = crate::api::read::at(&body.data, &["spec", "template"])?.clone();
                crate::api::read::take(&mut template, &[], "$patch");
                Some(Past { number: body.revision, change_cause: cause(revision), data: body.data.clone(), set: None, template })
            })
            .collect(),
        Kind::Deployment => world
            .store
            .list(Kind::ReplicaSet, &object.meta.namespace)
            .filter(|set| set.meta.controlled_by(object.meta.uid))
            .filter_map(|set| {
                let mut template = set.replica_set()?.document.get("template")?.clone();
                crate::api::read::take(&mut template, &["metadata", "labels"], "pod-template-hash");
                let number = set.meta.annotation(REVISION).and_then(|text| text.parse().ok()).unwrap_or(0);
                Some(Past { number, change_cause: cause(set), data: Rc::new(template.clone()), set: Some(set.clone()), template })
            })
            .collect(),
        _ => return None,
    };
    order::sort_by_key(&mut all, |past| past.number);
    Some(all)
}

fn cause(object: &Object) -> String {
    super::table::or_none(object.meta.annotation("kubernetes.io/change-cause").unwrap_or_default())
}

/// `statefulsets.apps "web"`.
fn quoted(object: &Object) -> String {
    format!("{} \"{}\"", object.kind().info().resource(), object.meta.name)
}

/// What rolling back says of an object that apply manages.
fn warn_of_apply(object: &Object, context: &mut Context<'_>) {
    if object.meta.annotation(LAST_APPLIED).is_some() {
        context.streams.error(&format!(
            "Warning: resource {}/{} was previously managed with 'kubectl apply'. Rolling back will not update the {LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.",
            object.kind().info().plural,
            object.meta.name
        ));
    }
}
