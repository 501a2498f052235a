//! StatefulSets, Deployments, ReplicaSets, ControllerRevisions, PodDisruptionBudgets.

use super::{Column, Now, or_none};
use crate::api::object::{Body, Object};
use crate::api::pod_template::PodTemplate;
use crate::api::statefulset::IntOrPercent;
use crate::kubectl::selectors;

pub(super) const STATEFULSET: &[Column] = &[("NAME", false), ("READY", false), ("AGE", false), ("CONTAINERS", true), ("IMAGES", true)];
pub(super) const DEPLOYMENT: &[Column] = &[
    ("NAME", false),
    ("READY", false),
    ("UP-TO-DATE", false),
    ("AVAILABLE", false),
    ("AGE", false),
    ("CONTAINERS", true),
    ("IMAGES", true),
    ("SELECTOR", true),
];
pub(super) const REPLICASET: &[Column] = &[
    ("NAME", false),
    ("DESIRED", false),
    ("CURRENT", false),
    ("READY", false),
    ("AGE", false),
    ("CONTAINERS", true),
    ("IMAGES", true),
    ("SELECTOR", true),
];
pub(super) const REVISION: &[Column] = &[("NAME", false), ("CONTROLLER", false), ("REVISION", false), ("AGE", false)];
pub(super) const BUDGET: &[Column] =
    &[("NAME", false), ("MIN AVAILABLE", false), ("MAX UNAVAILABLE", false), ("ALLOWED DISRUPTIONS", false), ("AGE", false)];

pub(super) fn cells(object: &Object, now: Now) -> Vec<String> {
    let name = object.meta.name.to_string();
    let age = now.age(object);
    match &object.body {
        Body::StatefulSet(set) => {
            let (containers, images) = containers(&set.spec.template);
            vec![name, format!("{}/{}", set.status.ready_replicas, set.spec.replicas), age, containers, images]
        }
        Body::Deployment(workload) => {
            let (containers, images) = containers(&workload.template);
            let status = &workload.status;
            vec![
                name,
                format!("{}/{}", status.ready_replicas, workload.replicas),
                status.updated_replicas.to_string(),
                status.available_replicas.to_string(),
                age,
                containers,
                images,
                selectors::of_spec(&workload.document),
            ]
        }
        Body::ReplicaSet(workload) => {
            let (containers, images) = containers(&workload.template);
            vec![
                name,
                workload.replicas.to_string(),
                workload.status.replicas.to_string(),
                workload.status.ready_replicas.to_string(),
                age,
                containers,
                images,
                selectors::of_spec(&workload.document),
            ]
        }
        Body::ControllerRevision(revision) => {
            let controller = object.meta.controller().map(|owner| {
                let group = owner.api_version.split_once('/').map(|(group, _)| format!(".{group}")).unwrap_or_default();
                format!("{}{group}/{}", owner.kind.to_ascii_lowercase(), owner.name)
            });
            vec![name, or_none(controller.unwrap_or_default()), revision.revision.to_string(), age]
        }
        Body::PodDisruptionBudget(budget) => {
            let count = |count: Option<IntOrPercent>| match count {
                None => "N/A".to_owned(),
                Some(IntOrPercent::Count(count)) => count.to_string(),
                Some(IntOrPercent::Percent(percent)) => format!("{percent}%"),
            };
            let allowed = budget.status.disruptions_allowed.to_string();
            vec![name, count(budget.min_available), count(budget.max_unavailable), allowed, age]
        }
        _ => vec![name, age],
    }
}

fn containers(template: &PodTemplate) -> (String, String) {
    let names: Vec<&str> = template.spec.containers.iter().map(|container| &*container.name).collect();
    let images: Vec<&str> = template.spec.containers.iter().map(|container| &*container.image).collect();
    (names.join(","), images.join(","))
}
