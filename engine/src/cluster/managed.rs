//! Who manages which field of an object (`metadata.managedFields`), worked out from the watch log when somebody asks, so that
//! writing costs nothing; and what stands in the way of a server-side apply. It must not know who asks.
//! Follows `apimachinery/pkg/util/managedfields` and `structured-merge-diff` (`typed/compare.go`, `merge/update.go`) 1.36.

use serde_json::{Map, Value};

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::api::time::Ms;
use crate::controllers::Controller;
use crate::json::json;
use crate::order;
use crate::schema::{self, FieldType, Type};
use crate::sorted::{SortedMap, SortedSet};

use super::World;
use super::store::{Verb, WatchEvent, Writer};

/// The path of a field: `f:spec`, `k:{"name":"nginx"}`, ….
type Path = Vec<String>;

/// The fields of a document with their values; `None` for what only holds others.
type Fields = SortedMap<Path, Option<Value>>;

/// Objects and lists that every Go structure holds, so that nobody brings them.
const ALWAYS_THERE: &[&[&str]] = &[
    &["f:metadata"],
    &["f:spec"],
    &["f:status"],
    &["f:spec", "f:template"],
    &["f:spec", "f:template", "f:metadata"],
    &["f:spec", "f:template", "f:spec"],
    &["f:spec", "f:template", "f:spec", "f:containers"],
    &["f:spec", "f:containers"],
    &["f:spec", "f:updateStrategy"],
    &["f:spec", "f:strategy"],
    &["f:spec", "f:resources"],
    &["f:status", "f:loadBalancer"],
];

/// Types whose values belong to one manager as a whole.
const WHOLE: &[&str] = &[
    "ConfigMapKeySelector",
    "LabelSelector",
    "LocalObjectReference",
    "NodeSelector",
    "NodeSelectorTerm",
    "ObjectFieldSelector",
    "ObjectReference",
    "ResourceFieldSelector",
    "SecretKeySelector",
    "TypedLocalObjectReference",
];

/// Metadata that the system writes belongs to nobody.
const NOBODYS: &[&str] = &[
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
];

/// Who scales.
const SCALE: &str = "kubectl";

/// One entry of `managedFields`.
#[derive(Debug)]
struct Manager {
    name: String,
    apply: bool,
    subresource: &'static str,
    time_ms: Ms,
    fields: SortedSet<Path>,
}

impl Manager {
    fn in_words(&self, kind: Kind) -> String {
        let mut words = format!("{:?}", self.name);
        if !self.subresource.is_empty() {
            words.push_str(&format!(" with subresource {:?}", self.subresource));
        }
        if !self.apply {
            words.push_str(&format!(" using {}", kind.api_version()));
        }
        words
    }
}

/// A field of an apply that another manager has at another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Whose it is, as errors write it: `"kubectl-client-side-apply" using apps/v1`.
    pub manager: String,
    /// `.spec.replicas`.
    pub field: String,
}

/// Work out who manages what of an object as it stands.
fn managers(world: &World, object: &Object) -> Vec<Manager> {
    let epoch = world.settings.epoch;
    let mut managers: Vec<Manager> = Vec::new();
    let mut before = Fields::new();
    for event in history(world, object) {
        let value = event.object.to_value(epoch);
        let after = fields(&value);
        let changed: Vec<Path> =
            after.iter().filter(|(path, value)| before.get(path.as_slice()) != Some(value)).map(|(path, _)| path.clone()).collect();
        for manager in &mut managers {
            manager.fields.retain(|path| after.contains_key(path.as_slice()) && !changed.contains(path));
        }
        let (status, rest): (Vec<Path>, Vec<Path>) =
            changed.into_iter().partition(|path| path.first().is_some_and(|first| first == "f:status"));
        let (name, apply, subresource) = name_of(&event.by);
        // Nobody creates a status.
        let status = if event.verb == Verb::Added { Vec::new() } else { status };
        for (paths, subresource) in [(rest, subresource), (status, "status")] {
            if !paths.is_empty() {
                let manager = entry(&mut managers, name, apply, subresource);
                manager.time_ms = event.at_ms;
                manager.fields.extend(paths);
            }
        }
        if let Writer::Applier(_, applied) = &event.by {
            // What was applied belongs to whoever applied it, also where it stood like that already.
            let applied = fields(applied);
            // What others had at another value was forced from them.
            let forced = |path: &Path| {
                applied
                    .get(path.as_slice())
                    .is_some_and(|value| value.is_some() && before.get(path.as_slice()).is_some_and(|old| old != value))
            };
            managers.iter_mut().for_each(|manager| manager.fields.retain(|path| !forced(path)));
            let manager = entry(&mut managers, name, apply, subresource);
            manager.fields = applied.iter().filter(|(path, _)| after.contains_key(path.as_slice())).map(|(path, _)| path.clone()).collect();
            manager.time_ms = event.at_ms;
        }
        before = after;
    }
    managers.retain(|manager| !manager.fields.is_empty());
    order::sort_by(&mut managers, |left, right| {
        let rank = |manager: &Manager| (!manager.apply, manager.time_ms / 1000);
        rank(left).cmp(&rank(right)).then_with(|| left.name.cmp(&right.name)).then_with(|| left.subresource.cmp(right.subresource))
    });
    managers
}

/// `metadata.managedFields` of an object as it stands.
pub fn managed_fields(world: &World, object: &Object) -> Value {
    let epoch = world.settings.epoch;
    let entry = |manager: Manager| {
        let mut value = json!({
            "manager": manager.name,
            "operation": if manager.apply { "Apply" } else { "Update" },
            "apiVersion": object.kind().api_version(),
            "time": epoch.rfc3339(manager.time_ms),
            "fieldsType": "FieldsV1",
            "fieldsV1": tree(&manager.fields),
        });
        if !manager.subresource.is_empty() {
            value["subresource"] = json!(manager.subresource);
        }
        value
    };
    managers(world, object).into_iter().map(entry).collect()
}

/// Whether a document was applied as `manager` before, so that applying it once more leaves all fields with those who have them.
pub fn has_applied(world: &World, object: &Object, applied: &Value, manager: &str) -> bool {
    let standing = fields(&object.to_value(world.settings.epoch));
    let theirs: SortedSet<Path> =
        fields(applied).iter().map(|(path, _)| path.clone()).filter(|path| standing.contains_key(path.as_slice())).collect();
    managers(world, object).iter().any(|known| known.apply && known.name == manager && known.fields == theirs)
}

/// What stands in the way of applying a document as `manager`: fields that others have at another value.
pub fn conflicts(world: &World, object: &Object, applied: &Value, manager: &str) -> Vec<Conflict> {
    let standing = fields(&object.to_value(world.settings.epoch));
    let mut conflicts = Vec::new();
    let managers = managers(world, object);
    for (path, value) in fields(applied).iter().filter(|(_, value)| value.is_some()) {
        if standing.get(path.as_slice()).is_none_or(|standing| standing == value) {
            continue;
        }
        let others = managers.iter().filter(|other| !(other.apply && other.name == manager) && other.fields.contains(path.as_slice()));
        conflicts.extend(others.map(|other| Conflict { manager: other.in_words(object.kind()), field: written(path) }));
    }
    conflicts
}

/// The life of an object, oldest first.
fn history<'a>(world: &'a World, object: &Object) -> impl Iterator<Item = &'a WatchEvent> {
    let (key, uid, version) = (object.key(), object.meta.uid, object.meta.resource_version);
    world.store.log.iter().filter(move |event| {
        let other = &event.object;
        other.meta.uid == uid && other.meta.resource_version <= version && event.verb != Verb::Deleted && other.key() == key
    })
}

/// A writer's manager, whether it applies, and through which subresource it writes what is no status.
fn name_of(writer: &Writer) -> (&str, bool, &'static str) {
    match writer {
        Writer::Actor(Controller::Kubelet) => ("kubelet", false, ""),
        Writer::Actor(Controller::Scheduler) => ("kube-scheduler", false, ""),
        Writer::Actor(Controller::Provisioner) => ("external-provisioner", false, ""),
        Writer::Actor(_) => ("kube-controller-manager", false, ""),
        // The one verb of kubectl that names no manager.
        Writer::Person(manager) if &**manager == SCALE => (manager, false, "scale"),
        Writer::Person(manager) => (manager, false, ""),
        Writer::Applier(manager, _) => (manager, true, ""),
    }
}

fn entry<'a>(managers: &'a mut Vec<Manager>, name: &str, apply: bool, subresource: &'static str) -> &'a mut Manager {
    let place = managers.iter().position(|known| known.name == name && known.apply == apply && known.subresource == subresource);
    let place = place.unwrap_or_else(|| {
        managers.push(Manager { name: name.to_owned(), apply, subresource, time_ms: 0, fields: SortedSet::new() });
        managers.len() - 1
    });
    &mut managers[place]
}

/// The fields of a document, as the structure of its kind divides it.
fn fields(value: &Value) -> Fields {
    let mut found = Fields::new();
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    let ty = schema::kind(text("apiVersion"), text("kind"));
    for (key, value) in value.as_object().into_iter().flatten().filter(|(key, _)| !matches!(key.as_str(), "apiVersion" | "kind")) {
        let field = ty.and_then(|ty| ty.field(key));
        let part = field.map(|field| &field.ty);
        if key == "metadata" {
            let mut meta = value.clone();
            if let Some(meta) = meta.as_object_mut() {
                meta.retain(|key, _| !NOBODYS.contains(&key.as_str()));
            }
            part_of(&meta, part, Shape::default(), &mut vec!["f:metadata".to_owned()], &mut found);
        } else {
            part_of(value, part, Shape::default(), &mut vec![format!("f:{key}")], &mut found);
        }
    }
    // Binding a pod is no update of it.
    found.remove(["f:spec".to_owned(), "f:nodeName".to_owned()].as_slice());
    found
}

/// How a field divides, where its type does not say.
#[derive(Clone, Copy, Default)]
struct Shape<'a> {
    list: Option<&'a str>,
    map: Option<&'a str>,
    keys: &'a [&'static str],
}

fn part_of(value: &Value, ty: Option<&FieldType>, shape: Shape<'_>, path: &mut Path, found: &mut Fields) {
    match value {
        Value::Object(map) if !map.is_empty() && shape.map != Some("atomic") => {
            holder(path, found);
            object(map, ty.and_then(FieldType::object), matches!(ty, Some(FieldType::Map(_))), path, found);
        }
        Value::Array(items) if !items.is_empty() && shape.list == Some("map") => {
            holder(path, found);
            for item in items {
                let named: Map<String, Value> =
                    shape.keys.iter().filter_map(|key| Some(((*key).to_owned(), item.get(key)?.clone()))).collect();
                path.push(format!("k:{}", Value::Object(named)));
                found.insert(path.clone(), None);
                if let Some(map) = item.as_object() {
                    object(map, ty.and_then(FieldType::object), false, path, found);
                }
                path.pop();
            }
        }
        Value::Array(items) if !items.is_empty() && shape.list == Some("set") => {
            found.insert(path.clone(), None);
            for item in items {
                path.push(format!("v:{item}"));
                found.insert(path.clone(), Some(item.clone()));
                path.pop();
            }
        }
        _ => {
            found.insert(path.clone(), Some(value.clone()));
        }
    }
}

/// Notes what only holds others, unless it is always there.
fn holder(path: &Path, found: &mut Fields) {
    if !ALWAYS_THERE.iter().any(|there| there.iter().eq(path.iter())) {
        found.insert(path.clone(), None);
    }
}

fn object(map: &Map<String, Value>, ty: Option<&Type>, entries: bool, path: &mut Path, found: &mut Fields) {
    for (key, value) in map {
        path.push(format!("f:{key}"));
        match ty.and_then(|ty| ty.field(key)).filter(|_| !entries) {
            Some(field) => {
                let whole = field.ty.object().is_some_and(|ty| WHOLE.contains(&ty.name)) && value.is_object();
                let shape = Shape { list: field.list, map: if whole { Some("atomic") } else { field.map }, keys: &field.list_keys };
                part_of(value, Some(&field.ty), shape, path, found);
            }
            None => part_of(value, None, Shape::default(), path, found),
        }
        path.pop();
    }
}

/// A set of fields as `fieldsV1` has it.
fn tree(fields: &SortedSet<Path>) -> Value {
    let mut root = json!({});
    for path in fields.iter() {
        let mut node = &mut root;
        for element in path {
            node = &mut node[element.as_str()];
            if node.is_null() {
                *node = json!({});
            }
        }
    }
    mark(&mut root, &mut Vec::new(), fields);
    root
}

/// Marks what holds others and belongs to the manager itself.
fn mark(node: &mut Value, path: &mut Path, fields: &SortedSet<Path>) {
    let Some(map) = node.as_object_mut().filter(|map| !map.is_empty()) else { return };
    for (key, child) in map.iter_mut() {
        path.push(key.clone());
        mark(child, path, fields);
        path.pop();
    }
    if fields.contains(path.as_slice()) {
        map.insert(".".to_owned(), json!({}));
    }
}

/// A path as errors write it: `.spec.template.spec.containers[name="nginx"].image`.
fn written(path: &[String]) -> String {
    let mut text = String::new();
    for element in path {
        if let Some(field) = element.strip_prefix("f:") {
            text.push('.');
            text.push_str(field);
        } else if let Some(Ok(Value::Object(keys))) = element.strip_prefix("k:").map(serde_json::from_str) {
            let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
            text.push_str(&format!("[{}]", keys.join(",")));
        } else if let Some(item) = element.strip_prefix("v:") {
            text.push_str(&format!("[={item}]"));
        }
    }
    text
}
