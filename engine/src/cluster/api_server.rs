//! What stands between a request and the store: decoding, defaulting, admission, validation, and the refusals that come of
//! them. Follows `apiserver/pkg/endpoints/handlers`. It must not know kubectl, which only sends documents.

use std::rc::Rc;

use serde_json::Value;

use crate::api::defaults::{self, Gates, strategy};
use crate::api::kind::Kind;
use crate::api::metadata::{Metadata, Text};
use crate::api::object::{Body, Key, Object};
use crate::api::read;
use crate::api::status::{FieldError, Reason, Status};
use crate::api::storage::{ClaimPhase, PersistentVolumeClaim, is_default_class};
use crate::api::validation;
use crate::json::json;
use crate::schema;
use crate::settings::{OBJECT_BYTES_MAX, OBJECTS_MAX, PODS_MAX};

use super::World;

impl World {
    /// Creates an object from the document that a person sent. `namespace` counts where the document names none.
    ///
    /// # Errors
    /// What the API server refuses, in its words; and the sandbox's own limits.
    pub fn create(&mut self, value: Value, namespace: &str) -> Result<Rc<Object>, Status> {
        let object = self.prepare_create(value, namespace)?;
        Ok(self.admit(object))
    }

    /// What [`World::create`] would store, without storing it: `--dry-run=server`.
    ///
    /// # Errors
    /// As [`World::create`].
    pub fn create_dry_run(&mut self, value: Value, namespace: &str) -> Result<Rc<Object>, Status> {
        Ok(Rc::new(self.prepare_create(value, namespace)?))
    }

    /// Creates an object that is `model` but for its name. `model` is as [`World::create`] returned it, and its name was of the
    /// same form and no shorter: then all that was judged of its document holds again, but for whether there is room.
    ///
    /// # Errors
    /// As [`World::create`].
    pub(crate) fn create_again(&mut self, model: &Object, name: Text) -> Result<Rc<Object>, Status> {
        let kind = model.kind();
        self.check_place(&Key::new(kind, &model.meta.namespace, &name))?;
        self.check_count(kind, &name)?;
        let meta = Metadata { name, ..model.meta.clone() };
        Ok(self.admit(Object { meta, body: model.body.clone() }))
    }

    fn prepare_create(&mut self, mut value: Value, namespace: &str) -> Result<Object, Status> {
        let kind = self.kind_of(&value)?;
        decode(&value)?;
        let namespace = namespace_of(kind, &value, namespace);
        self.name_new_object(&mut value);
        let name = read::string(&value, &["metadata", "name"]).unwrap_or_default().to_owned();
        let place = Key::new(kind, &namespace, &name);
        let shared = self.check_place(&place)?;
        self.check_size(kind, &name, &value, None)?;
        if kind.namespaced() {
            read::entry(&mut value, &["metadata"])["namespace"] = json!(namespace);
        }
        defaults::apply_with(kind.name(), &mut value, self.gates());
        self.admission(kind, &mut value)?;
        refuse(kind, &name, &validation::validate_create(kind.name(), &value))?;
        let mut object = Object::from_value(kind, &value, &namespace, self.settings.epoch);
        object.meta.namespace = shared;
        Ok(object)
    }

    /// Whether an object could stand there: its namespace takes it, and its name is free. Returns the namespace's name as all
    /// objects there share it, so that comparing keys compares pointers.
    fn check_place(&self, key: &Key) -> Result<Text, Status> {
        let info = key.kind.info();
        let mut shared = Text::default();
        if info.namespaced {
            let Some(found) = self.store.find(Kind::Namespace, "", &key.namespace) else {
                return Err(Status::not_found("", "namespaces", &key.namespace));
            };
            if found.meta.terminating() {
                let detail = format!("unable to create new content in namespace {} because it is being terminated", key.namespace);
                return Err(Status::forbidden(info.group, info.plural, &key.name, &detail));
            }
            shared = found.meta.name.clone();
        }
        match self.store.get(key) {
            None => Ok(shared),
            Some(found) if found.meta.terminating() => Err(Status::already_exists_being_deleted(info.group, info.plural, &key.name)),
            Some(_) => Err(Status::already_exists(info.group, info.plural, &key.name)),
        }
    }

    fn admit(&mut self, mut object: Object) -> Rc<Object> {
        object.meta.deletion = None;
        object.meta.generation = 0;
        if let Body::Service(service) = &mut object.body
            && service.cluster_ip.is_empty()
            && &*service.kind != "ExternalName"
        {
            let address = self.free_cluster_ip();
            let mut document = Value::clone(&service.document);
            document["clusterIP"] = json!(address);
            document["clusterIPs"] = json!([address]);
            service.document = Rc::new(document);
            service.cluster_ip = address.into();
        }
        let namespace = (object.kind() == Kind::Namespace).then(|| object.meta.name.clone());
        let created = self.insert(object);
        if let Some(name) = namespace {
            self.furnish_namespace(&name);
        }
        created
    }

    /// Replaces an object by the document that a person sent: what the system owns (status, uid, times) stays. The boolean
    /// tells whether anything changed.
    ///
    /// # Errors
    /// What the API server refuses, in its words; and the sandbox's own limits.
    pub fn replace(&mut self, value: Value, namespace: &str) -> Result<(Rc<Object>, bool), Status> {
        let (old, new) = self.prepare_replace(value, namespace)?;
        let before = old.meta.resource_version;
        let told = self.change(&old.key(), |object| *object = new).unwrap_or(old);
        let changed = told.meta.resource_version != before;
        Ok((told, changed))
    }

    /// What [`World::replace`] would store, without storing it.
    ///
    /// # Errors
    /// As [`World::replace`].
    pub fn replace_dry_run(&mut self, value: Value, namespace: &str) -> Result<(Rc<Object>, bool), Status> {
        let (old, new) = self.prepare_replace(value, namespace)?;
        let changed = *old != new;
        Ok((Rc::new(new), changed))
    }

    fn prepare_replace(&mut self, mut value: Value, namespace: &str) -> Result<(Rc<Object>, Object), Status> {
        let kind = self.kind_of(&value)?;
        let info = kind.info();
        decode(&value)?;
        let namespace = namespace_of(kind, &value, namespace);
        let name = read::string(&value, &["metadata", "name"]).unwrap_or_default().to_owned();
        let Some(old) = self.store.find(kind, &namespace, &name).cloned() else {
            return Err(Status::not_found(info.group, info.plural, &name));
        };
        if let Some(version) = read::string(&value, &["metadata", "resourceVersion"])
            && !version.is_empty()
            && version != old.meta.resource_version.to_string()
        {
            return Err(Status::conflict_modified(info.group, info.plural, &name));
        }
        self.check_size(kind, &name, &value, Some(&old))?;
        let document = old.to_value(self.settings.epoch);
        if kind.namespaced() {
            read::entry(&mut value, &["metadata"])["namespace"] = json!(namespace);
        }
        for key in ["uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds"] {
            match read::at(&document, &["metadata", key]) {
                Some(standing) => read::entry(&mut value, &["metadata"])[key] = standing.clone(),
                None => {
                    read::take(&mut value, &["metadata"], key);
                }
            }
        }
        if let Some(status) = document.get("status") {
            value["status"] = status.clone();
        }
        if kind == Kind::Service {
            for key in ["clusterIP", "clusterIPs"] {
                if let Some(standing) = read::at(&document, &["spec", key])
                    && read::at(&value, &["spec", key]).is_none_or(|written| written.as_str() == Some(""))
                {
                    read::entry(&mut value, &["spec"])[key] = standing.clone();
                }
            }
            // Who writes the one address means the first of the list, too.
            let written = read::at(&value, &["spec", "clusterIP"]).cloned().unwrap_or_default();
            let same = |key: &str| read::at(&document, &["spec", key]) == read::at(&value, &["spec", key]);
            if !same("clusterIP") && same("clusterIPs") {
                read::entry(&mut value, &["spec"])["clusterIPs"] = json!([written]);
            }
        }
        defaults::apply_with(kind.name(), &mut value, self.gates());
        refuse(kind, &name, &validation::validate_update(kind.name(), &document, &value))?;
        let mut new = Object::from_value(kind, &value, &namespace, self.settings.epoch);
        if let (Some(before), Some(after)) = (old.claim(), new.claim()) {
            self.admit_resize(before, after).map_err(|detail| Status::forbidden(info.group, info.plural, &name, detail))?;
        }
        keep_what_the_system_owns(&mut new, &old, document.get("spec") == value.get("spec"));
        Ok((old, new))
    }

    /// Changes the document of an object and replaces the object by it: `patch`, `edit`, `label`.
    ///
    /// # Errors
    /// As [`World::replace`], and `NotFound`.
    pub fn amend(&mut self, key: &Key, change: impl FnOnce(&mut Value) -> Result<(), Status>) -> Result<(Rc<Object>, bool), Status> {
        let info = key.kind.info();
        let Some(old) = self.get(key) else {
            return Err(Status::not_found(info.group, info.plural, &key.name));
        };
        let mut value = old.to_value(self.settings.epoch);
        change(&mut value)?;
        self.replace(value, &key.namespace)
    }

    /// The kind that a document names.
    ///
    /// # Errors
    /// `NotFound` where the server has no such kind.
    pub fn kind_of(&self, value: &Value) -> Result<Kind, Status> {
        let api_version = read::string(value, &["apiVersion"]).unwrap_or_default();
        let kind = read::string(value, &["kind"]).unwrap_or_default();
        Kind::of(api_version, kind).ok_or_else(Status::no_such_resource)
    }

    fn name_new_object(&mut self, value: &mut Value) {
        let named = read::string(value, &["metadata", "name"]).is_some_and(|name| !name.is_empty());
        let generate = read::string(value, &["metadata", "generateName"]).unwrap_or_default().to_owned();
        if !named && !generate.is_empty() {
            let name = format!("{generate}{}", self.random.suffix(5));
            read::entry(value, &["metadata"])["name"] = json!(name);
        }
        if let Some(meta) = value.get_mut("metadata").and_then(Value::as_object_mut) {
            for key in
                ["uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"]
            {
                meta.remove(key);
            }
        }
    }

    /// What admission plugins and create strategies add.
    fn admission(&mut self, kind: Kind, value: &mut Value) -> Result<(), Status> {
        match kind {
            Kind::Pod => {
                let suffix = self.random.suffix(5);
                strategy::admit_pod(value, &suffix);
            }
            Kind::PersistentVolumeClaim => self.name_class(value),
            _ => {}
        }
        strategy::protect(kind.name(), value);
        Ok(())
    }

    /// Only a bound claim whose class allows it may ask for more. Follows the admission plugin PersistentVolumeClaimResize.
    fn admit_resize(&self, before: &PersistentVolumeClaim, after: &PersistentVolumeClaim) -> Result<(), &'static str> {
        if before.request.zip(after.request).is_none_or(|(before, after)| after.minus(before).sign() <= 0) {
            return Ok(());
        }
        if before.phase != ClaimPhase::Bound {
            return Err("Only bound persistent volume claims can be expanded");
        }
        let class = after.class.as_deref().and_then(|class| self.store.find(Kind::StorageClass, "", class));
        let allows = class.is_some_and(
            |class| matches!(&class.body, Body::StorageClass(class) if read::flag(&class.document, &["allowVolumeExpansion"])),
        );
        if allows {
            return Ok(());
        }
        Err("only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize")
    }

    /// A claim that names no class gets the default one.
    fn name_class(&self, value: &mut Value) {
        let named = read::at(value, &["spec", "storageClassName"]).is_some()
            || read::at(value, &["metadata", "annotations", "volume.beta.kubernetes.io/storage-class"]).is_some();
        if named {
            return;
        }
        if let Some(class) = self.default_class() {
            read::entry(value, &["spec"])["storageClassName"] = json!(&**class);
        }
    }

    /// The name of the default class, the newest where there are several.
    pub(crate) fn default_class(&self) -> Option<&Text> {
        let default = self.store.all(Kind::StorageClass).filter(|class| is_default_class(&class.meta));
        default.max_by_key(|class| class.meta.creation_ms).map(|class| &class.meta.name)
    }

    fn free_cluster_ip(&mut self) -> String {
        let taken = |address: &str, world: &Self| {
            world.store.all(Kind::Service).filter_map(|service| service.service()).any(|service| &*service.cluster_ip == address)
        };
        loop {
            let number = self.random.below("cluster-ip", 65_000) + 256;
            let address = format!("10.{}.{}.{}", 96 + number / 65_536, number / 256 % 256, number % 256);
            if !taken(&address, self) {
                return address;
            }
        }
    }

    fn gates(&self) -> Gates {
        Gates { max_unavailable_stateful_set: self.settings.max_unavailable_gate() }
    }

    /// The sandbox's own limit for all objects together.
    fn check_count(&self, kind: Kind, name: &str) -> Result<(), Status> {
        if self.store.len() < OBJECTS_MAX {
            return Ok(());
        }
        let detail = format!("this sandbox keeps at most {OBJECTS_MAX} objects; delete some, or reset it");
        Err(Status::forbidden(kind.info().group, kind.info().plural, name, &detail))
    }

    /// The sandbox's own limits, which the real one does not have: said before anything happens.
    fn check_size(&self, kind: Kind, name: &str, value: &Value, old: Option<&Object>) -> Result<(), Status> {
        let info = kind.info();
        let own_limit = |detail: String| Status::forbidden(info.group, info.plural, name, &detail);
        if old.is_none() {
            self.check_count(kind, name)?;
        }
        let bytes = value.to_string().len();
        if bytes > OBJECT_BYTES_MAX {
            return Err(Status::new(Reason::BadRequest, format!("the request is too large: {bytes} bytes, at most {OBJECT_BYTES_MAX}")));
        }
        if matches!(kind, Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet) {
            let asked = read::integer(value, &["spec", "replicas"]).unwrap_or(1);
            let others: i64 = [Kind::StatefulSet, Kind::Deployment]
                .into_iter()
                .flat_map(|kind| self.store.all(kind))
                // The cluster's own pods are not the person's.
                .filter(|object| &*object.meta.namespace != "kube-system" && old.is_none_or(|old| old.meta.uid != object.meta.uid))
                .filter_map(|object| {
                    object.statefulset().map(|set| set.spec.replicas).or_else(|| object.deployment().map(|workload| workload.replicas))
                })
                .sum();
            if asked.saturating_add(others) > PODS_MAX {
                return Err(own_limit(format!(
                    "spec.replicas: {asked}: Kubernetes would accept this, but this sandbox runs at most {PODS_MAX} pods in all; ask for {} or fewer",
                    (PODS_MAX - others).max(0)
                )));
            }
        }
        Ok(())
    }
}

/// Refuses what does not fit the kind's structure, unknown fields among it. Whoever wants those dropped instead calls
/// [`schema::prune`] before.
fn decode(value: &Value) -> Result<(), Status> {
    let text = |key: &str| read::string(value, &[key]).unwrap_or_default();
    let misfit = Kind::of(text("apiVersion"), text("kind")).and_then(|kind| schema::bad_request(value, kind));
    misfit.map_or(Ok(()), |message| Err(Status::bad_request(message)))
}

fn namespace_of(kind: Kind, value: &Value, namespace: &str) -> String {
    if !kind.namespaced() {
        return String::new();
    }
    read::string(value, &["metadata", "namespace"]).filter(|written| !written.is_empty()).unwrap_or(namespace).to_owned()
}

fn refuse(kind: Kind, name: &str, errors: &[FieldError]) -> Result<(), Status> {
    if errors.is_empty() { Ok(()) } else { Err(Status::invalid(kind.info().group, kind.name(), name, errors)) }
}

/// Status and system metadata are not a person's to write.
fn keep_what_the_system_owns(new: &mut Object, old: &Object, same_spec: bool) {
    new.meta.uid = old.meta.uid;
    new.meta.generation = old.meta.generation;
    new.meta.creation_ms = old.meta.creation_ms;
    new.meta.deletion = old.meta.deletion;
    new.meta.generate_name = old.meta.generate_name.clone();
    match (&mut new.body, &old.body) {
        (Body::Pod(new), Body::Pod(old)) => {
            new.status = old.status.clone();
            new.node_name = old.node_name.clone();
            if same_spec {
                new.spec = old.spec.clone();
                new.own = old.own.clone();
            }
        }
        (Body::StatefulSet(new), Body::StatefulSet(old)) => {
            new.status = old.status.clone();
            if new.spec.document == old.spec.document {
                new.spec = old.spec.clone();
            } else if new.spec.template.document == old.spec.template.document {
                // Sharing the template makes "has it changed?" a comparison of pointers.
                Rc::make_mut(&mut new.spec).template = old.spec.template.clone();
            }
        }
        (Body::PersistentVolumeClaim(new), Body::PersistentVolumeClaim(old)) => {
            new.phase = old.phase;
            new.capacity = old.capacity;
            new.bound_access_modes = old.bound_access_modes.clone();
        }
        (Body::PersistentVolume(new), Body::PersistentVolume(old)) => new.phase = old.phase,
        (Body::Node(new), Body::Node(old)) => {
            new.internal_ip = old.internal_ip.clone();
            new.info = old.info.clone();
            new.ready = old.ready;
            new.ready_since_ms = old.ready_since_ms;
        }
        (Body::Deployment(new), Body::Deployment(old)) | (Body::ReplicaSet(new), Body::ReplicaSet(old)) => new.status = old.status.clone(),
        (Body::PodDisruptionBudget(new), Body::PodDisruptionBudget(old)) => new.status = old.status.clone(),
        _ => {}
    }
}
