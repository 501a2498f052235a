//! Reading the cluster as kubectl's client does: by name, by kind, by selector.
//! It must not know how anything is printed.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::labels::{FieldSelector, Selector};
use crate::api::metadata::Text;
use crate::api::object::{Body, Object};
use crate::api::status::Status;
use crate::api::time::Epoch;
use crate::cluster::World;
use crate::controllers;
use crate::order;
use crate::process::Context;

use super::failure::Failure;
use super::flags::Parsed;
use super::resources::{self, Targets};
use super::table::Now;

/// Whether objects may be named beside the flags that choose among all.
///
/// # Errors
/// kubectl's words where they may not.
pub fn may_name(parsed: &Parsed, words: &[String]) -> Result<(), Failure> {
    let selects = ["selector", "field-selector"].iter().any(|flag| !parsed.text(flag).trim().is_empty()) || parsed.on("all");
    if selects && words.iter().any(|word| word.contains('/')) {
        return Err(Failure::text("selectors and the all flag cannot be used when passing resource/name arguments"));
    }
    if selects {
        return Err(Failure::text("name cannot be provided when a selector is specified"));
    }
    if parsed.on("all-namespaces") {
        return Err(Failure::text("a resource cannot be retrieved by name across all namespaces"));
    }
    Ok(())
}

/// Whether a command that reads files names nothing beside them.
///
/// # Errors
/// kubectl's words where it does.
pub fn no_words(parsed: &Parsed) -> Result<(), Failure> {
    let words = "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well";
    if parsed.words.is_empty() { Ok(()) } else { Err(Failure::text(words)) }
}

/// The namespace that a command means.
pub fn namespace(parsed: &Parsed, context: &Context<'_>) -> Text {
    parsed.get("namespace").filter(|name| !name.is_empty()).map_or_else(|| context.namespace(), Text::from)
}

/// The moment for tables.
pub fn now(world: &World) -> Now {
    Now { ms: world.now_ms(), epoch: world.settings.epoch }
}

/// An object's document, as the API server sends it.
pub fn document(object: &Object, epoch: Epoch) -> Value {
    object.to_value(epoch)
}

/// An object by name, as `Info.Get` reads it: a missing namespace is said first.
///
/// # Errors
/// `NotFound`.
pub fn fetch(world: &World, kind: Kind, namespace: &str, name: &str) -> Result<Rc<Object>, Status> {
    if kind == Kind::Endpoints
        && let Some(object) = endpoints(world, namespace).into_iter().find(|object| &*object.meta.name == name)
    {
        return Ok(object);
    }
    if let Some(object) = world.store.find(kind, namespace, name) {
        return Ok(object.clone());
    }
    if kind.namespaced() && namespace != "default" && world.store.find(Kind::Namespace, "", namespace).is_none() {
        return Err(Status::not_found("", "namespaces", namespace));
    }
    Err(not_found(kind, name))
}

/// What is answered for an object that is not there.
pub fn not_found(kind: Kind, name: &str) -> Status {
    Status::not_found(kind.info().group, kind.info().plural, name)
}

/// Which objects of a kind.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The namespace; `None` for all.
    pub namespace: Option<Text>,
    labels: Selector,
    labels_text: String,
    fields: Option<FieldSelector>,
    fields_text: String,
}

impl Filter {
    /// Everything in a namespace.
    pub fn all_in(namespace: Text) -> Self {
        Self {
            namespace: Some(namespace),
            labels: Selector::everything(),
            labels_text: String::new(),
            fields: None,
            fields_text: String::new(),
        }
    }

    /// As a command's flags say. A selector that cannot be read is the API server's to refuse, for the first of `kinds`.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn read(parsed: &Parsed, namespace: Text, kinds: &[Kind]) -> Result<Self, Failure> {
        let labels_text = parsed.text("selector").trim().to_owned();
        let fields_text = parsed.text("field-selector").to_owned();
        let refuse = |words: String| Failure::from(unreadable(kinds, &labels_text, &fields_text, &words));
        let labels = Selector::parse(&labels_text).map_err(refuse)?;
        let fields = if fields_text.is_empty() { None } else { Some(FieldSelector::parse(&fields_text).map_err(refuse)?) };
        let filter = Self {
            namespace: if parsed.on("all-namespaces") { None } else { Some(namespace) },
            labels,
            labels_text: labels_text.clone(),
            fields,
            fields_text: fields_text.clone(),
        };
        filter.check_fields(kinds)?;
        Ok(filter)
    }

    fn check_fields(&self, kinds: &[Kind]) -> Result<(), Failure> {
        let Some(fields) = &self.fields else { return Ok(()) };
        for kind in kinds {
            let unknown = std::cell::RefCell::new(None);
            // Every field is asked for once, with an answer that goes on.
            for part in fields.to_string().split(',') {
                let name = part.split(['=', '!']).next().unwrap_or_default();
                if !known_field(*kind, name) {
                    *unknown.borrow_mut() = Some(name.to_owned());
                }
            }
            if let Some(name) = unknown.into_inner() {
                let words = format!("field label not supported: {name}");
                return Err(unreadable(&[*kind], &self.labels_text, &self.fields_text, &words).into());
            }
        }
        Ok(())
    }

    /// Whether any selector was given.
    pub fn selects(&self) -> bool {
        !self.labels_text.is_empty() || self.fields.is_some()
    }

    /// Whether an object is meant.
    pub fn matches(&self, object: &Object) -> bool {
        let namespace = self.namespace.as_ref().is_none_or(|namespace| !object.kind().namespaced() || *namespace == object.meta.namespace);
        namespace
            && self.labels.matches_with(|key| object.meta.label(key))
            && self.fields.as_ref().is_none_or(|fields| fields.matches_with(|name| field(object, name)))
    }

    /// The objects of a kind that are meant, in order of namespace and name.
    pub fn list(&self, world: &World, kind: Kind) -> Vec<Rc<Object>> {
        let all: Vec<Rc<Object>> = if kind == Kind::Endpoints {
            match &self.namespace {
                Some(namespace) => endpoints(world, namespace),
                None => {
                    let namespaces: Vec<String> = world.namespaces().map(str::to_owned).collect();
                    namespaces.iter().flat_map(|namespace| endpoints(world, namespace)).collect()
                }
            }
        } else {
            match &self.namespace {
                Some(namespace) => world.store.list(kind, namespace).cloned().collect(),
                None => world.store.all(kind).cloned().collect(),
            }
        };
        all.into_iter().filter(|object| self.matches(object)).collect()
    }
}

fn unreadable(kinds: &[Kind], labels: &str, fields: &str, words: &str) -> Status {
    let info = kinds.first().copied().unwrap_or(Kind::Pod).info();
    let resource = format!("{}/{}, Resource={}", info.group, info.version, info.plural);
    Status::bad_request(format!(
        "Unable to find \"{resource}\" that match label selector \"{labels}\", field selector \"{fields}\": {words}"
    ))
}

fn known_field(kind: Kind, name: &str) -> bool {
    let more: &[&str] = match kind {
        Kind::Pod => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
        Kind::Event => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        Kind::Node => &["spec.unschedulable"],
        Kind::Secret => &["type"],
        Kind::Namespace => &["status.phase"],
        Kind::ReplicaSet | Kind::ReplicationController => &["status.replicas"],
        Kind::Service => &["spec.clusterIP", "spec.type"],
        Kind::Job => &["status.successful"],
        _ => &[],
    };
    matches!(name, "metadata.name" | "metadata.namespace") || more.contains(&name)
}

fn field(object: &Object, name: &str) -> String {
    match (name, &object.body) {
        ("metadata.name", _) => object.meta.name.to_string(),
        ("metadata.namespace", _) => object.meta.namespace.to_string(),
        ("status.phase", Body::Pod(pod)) => pod.status.phase.as_str().to_owned(),
        ("spec.nodeName", Body::Pod(pod)) => pod.node_name.to_string(),
        ("status.podIP", Body::Pod(pod)) => pod.status.ip.to_string(),
        ("involvedObject.name", Body::Event(event)) => event.object_name.to_string(),
        ("spec.unschedulable", Body::Node(node)) => node.unschedulable.to_string(),
        ("source", Body::Event(event)) => event.source.to_string(),
        _ => {
            let document = document(object, Epoch::default());
            let found = name.split('.').try_fold(&document, |value, key| value.get(key));
            match found {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Null) | None => String::new(),
                Some(other) => other.to_string(),
            }
        }
    }
}

/// The Endpoints of a namespace: those that are stored, and those that mirror slices of Services.
pub fn endpoints(world: &World, namespace: &str) -> Vec<Rc<Object>> {
    let mut all: Vec<Rc<Object>> = world.store.list(Kind::Endpoints, namespace).cloned().collect();
    for service in world.store.list(Kind::Service, namespace) {
        let name = &service.meta.name;
        if all.iter().any(|object| object.meta.name == *name) {
            continue;
        }
        // There are none before the first slice is written.
        let begun = world.store.owned_of_kind(service.meta.uid, Kind::EndpointSlice).next().is_some();
        all.extend(controllers::endpoints::derived(world, service).filter(|_| begun).map(Rc::new));
    }
    order::sort_by(&mut all, |a, b| a.meta.name.cmp(&b.meta.name));
    all
}

/// The objects that a command's arguments and selectors mean. What is not there becomes a failure beside the rest.
///
/// # Errors
/// Arguments and selectors that cannot be read.
pub fn select(parsed: &Parsed, words: &[String], context: &Context<'_>, command: &str) -> Result<(Vec<Rc<Object>>, Vec<Failure>), Failure> {
    let namespace = namespace(parsed, context);
    match resources::read(words)? {
        Targets::Kinds(kinds) if kinds.is_empty() => Err(no_resource()),
        Targets::Kinds(kinds) => {
            if !parsed.has("selector") && !parsed.has("field-selector") && !parsed.on("all") {
                let _ = command;
                return Err(Failure::text("resource(s) were provided, but no name was specified"));
            }
            let filter = Filter::read(parsed, namespace, &kinds)?;
            Ok((kinds.iter().flat_map(|kind| filter.list(context.world, *kind)).collect(), Vec::new()))
        }
        Targets::Named { objects, .. } => {
            may_name(parsed, words)?;
            let (mut found, mut failures) = (Vec::new(), Vec::new());
            for (kind, name) in objects {
                match fetch(context.world, kind, &namespace, &name) {
                    Ok(object) => found.push(object),
                    Err(status) => failures.push(status.into()),
                }
            }
            Ok((found, failures))
        }
    }
}

/// What kubectl says where a command needs to be told which resources.
pub fn no_resource() -> Failure {
    Failure::text(
        "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
    )
}
