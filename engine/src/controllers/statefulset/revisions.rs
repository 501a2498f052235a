//! The history of a set's template: names that follow from content, numbers that only grow.
//! It must not know which pods use a revision, other than to keep those.
//! Follows `pkg/controller/history/controller_history.go` and `newRevision`, `getStatefulSetRevisions` and `truncateHistory` of
//! `pkg/controller/statefulset`, 1.36.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::metadata::{Labels, Metadata, Text, Uid, controller_reference};
use crate::api::object::{Body, Key, Object};
use crate::api::pod_template::PodTemplate;
use crate::api::revision::ControllerRevision;
use crate::api::statefulset::{StatefulSet, StatefulSetSpec};
use crate::cluster::World;
use crate::cluster::deletion::DeleteOptions;
use crate::hash;
use crate::json::json;
use crate::order;

/// The label that holds a revision's hash.
const HASH_LABEL: &str = "controller.kubernetes.io/hash";

/// What a revision keeps of a set: its template, to be put in place of whatever stands there.
pub fn data(template: &PodTemplate) -> Value {
    let mut document = Value::clone(&template.document);
    if !document.is_object() {
        document = json!({});
    }
    document["$patch"] = json!("replace");
    json!({"spec": {"template": document}})
}

/// The hash of a revision's content, as it stands in its name.
pub fn hash_of(data: &Value, collisions: i64) -> String {
    let bytes = go_json(&data.to_string()).into_bytes();
    hash::safe_encode(hash::fnv1(bytes.into_iter().chain(collisions.to_string().into_bytes())))
}

/// JSON as Go's encoder writes it: three characters that HTML gives a meaning are escaped.
fn go_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            other => text.push(other),
        }
    }
    text
}

/// A set's current and update revisions, and what else its history holds.
#[derive(Clone, Debug)]
pub struct History {
    /// The current revision.
    pub current: Rc<Object>,
    /// The update revision.
    pub update: Rc<Object>,
    /// All revisions before this look, oldest first.
    pub before: Vec<Rc<Object>>,
    /// `status.collisionCount`.
    pub collision_count: i64,
}

/// The revisions that a set owns, oldest first.
pub fn list(world: &World, set: Uid) -> Vec<Rc<Object>> {
    let owned = world.store.owned_of_kind(set, Kind::ControllerRevision);
    let mut revisions: Vec<Rc<Object>> = owned.filter(|object| object.meta.controlled_by(set)).cloned().collect();
    sort(&mut revisions);
    revisions
}

fn sort(revisions: &mut [Rc<Object>]) {
    order::sort_by(revisions, |left, right| {
        let rank = |object: &Object| (number(object), object.meta.creation_ms);
        rank(left).cmp(&rank(right)).then_with(|| left.meta.name.cmp(&right.meta.name))
    });
}

/// The number of a revision.
pub fn number(object: &Object) -> i64 {
    object.revision().map_or(0, |revision| revision.revision)
}

/// Takes over revisions that nobody owns and that carry the set's labels.
pub fn adopt(world: &mut World, set: &Object, spec: &StatefulSetSpec) {
    let orphans: Vec<Key> = world
        .store
        .ownerless(Kind::ControllerRevision)
        .filter(|object| {
            object.meta.namespace == set.meta.namespace && !object.meta.terminating() && spec.selector.matches(&object.meta.labels)
        })
        .map(|object| object.key())
        .collect();
    for key in orphans {
        let owner = controller_reference(Kind::StatefulSet, &set.meta);
        world.change(&key, |object| object.meta.owners = object.meta.owners.iter().cloned().chain([owner]).collect());
    }
}

/// Finds or makes the revision of the set's template, and finds the current one. `None` where a revision must be written
/// and `write` does not allow it.
pub fn settle(world: &mut World, set: &Object, body: &StatefulSet, write: bool) -> Option<History> {
    let before = list(world, set.meta.uid);
    let collision_count = body.status.collision_count.unwrap_or(0);
    let newest = before.last().cloned();
    let same = |object: &Rc<Object>| object.revision().is_some_and(|revision| revision.template.document == body.spec.template.document);
    let next = newest.as_deref().map_or(0, number) + 1;
    let update = match (&newest, before.iter().rev().find(|object| same(object))) {
        (Some(newest), Some(equal)) if equal.meta.uid == newest.meta.uid => newest.clone(),
        _ if !write => return None,
        // A template that was there before is rolled back to: its revision gets the next number.
        (_, Some(equal)) => {
            let renumbered = world.change(&equal.key(), |object| {
                if let Some(revision) = object.revision_mut() {
                    revision.revision = next;
                }
            });
            renumbered.unwrap_or_else(|| equal.clone())
        }
        (_, None) => create(world, set, body, next, collision_count),
    };
    let standing = &body.status.current_revision;
    let current = before.iter().find(|object| object.meta.name == *standing);
    // The renumbered revision is the same object: take its new state.
    let current = match current {
        Some(current) if current.meta.uid == update.meta.uid => update.clone(),
        Some(current) => current.clone(),
        None => update.clone(),
    };
    Some(History { current, update, before, collision_count })
}

fn create(world: &mut World, set: &Object, body: &StatefulSet, number: i64, collisions: i64) -> Rc<Object> {
    let content = data(&body.spec.template);
    let mut collisions = collisions;
    loop {
        let hash = hash_of(&content, collisions);
        let name: Text = format!("{}-{hash}", set.meta.name).into();
        if let Some(standing) = world.store.find(Kind::ControllerRevision, &set.meta.namespace, &name) {
            let equal = standing.revision().is_some_and(|revision| *revision.data == content);
            if equal {
                return standing.clone();
            }
            collisions += 1;
            continue;
        }
        let mut meta = Metadata::new(set.meta.namespace.clone(), name);
        let mut labels = body.spec.template.labels.as_ref().clone();
        labels.insert(HASH_LABEL.into(), hash.into());
        meta.labels = Labels::new(labels);
        meta.annotations = set.meta.annotations.clone();
        meta.owners = [controller_reference(Kind::StatefulSet, &set.meta)].into();
        let revision = ControllerRevision { data: Rc::new(content), revision: number, template: body.spec.template.clone() };
        return world.insert(Object { meta, body: Body::ControllerRevision(revision) });
    }
}

/// Deletes the oldest revisions that nothing uses, beyond the limit. `in_use` are the names that pods carry.
pub fn truncate(world: &mut World, history: &History, limit: i64, in_use: &[Text]) {
    let Ok(limit) = usize::try_from(limit) else { return };
    if history.before.len() <= limit {
        return;
    }
    let kept = [history.current.meta.uid, history.update.meta.uid];
    let unused: Vec<&Rc<Object>> =
        history.before.iter().filter(|object| !kept.contains(&object.meta.uid) && !in_use.contains(&object.meta.name)).collect();
    for object in unused.iter().take(unused.len().saturating_sub(limit)) {
        // One that somebody else has just deleted is gone all the same.
        let _ = world.delete(&object.key(), &DeleteOptions::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The template of the recordings, defaulted; only the image varies.
    fn template(image: &str) -> PodTemplate {
        PodTemplate::from_value(&json!({
            "metadata": {"labels": {"app": "nginx"}},
            "spec": {
                "containers": [{
                    "image": image, "imagePullPolicy": "IfNotPresent", "name": "nginx",
                    "ports": [{"containerPort": 80, "name": "web", "protocol": "TCP"}],
                    "resources": {}, "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                    "volumeMounts": [{"mountPath": "/usr/share/nginx/html", "name": "www"}],
                }],
                "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
                "securityContext": {}, "terminationGracePeriodSeconds": 10,
            },
        }))
    }

    #[test]
    fn the_hash_is_the_real_one() {
        assert_eq!(hash_of(&data(&template("registry.k8s.io/nginx-slim:0.24")), 0), "6cdc958bf");
        assert_eq!(hash_of(&data(&template("registry.k8s.io/nginx-slim:0.25")), 0), "598f766684");
        assert_eq!(hash_of(&data(&template("k8s.gcr.io/nginx-slim:0.8")), 0), "7976d76cdb");
    }

    #[test]
    fn html_characters_are_escaped_as_go_does() {
        assert_eq!(go_json(r#"{"a":"<&>"}"#), r#"{"a":"\u003c\u0026\u003e"}"#);
    }
}
