//! StatefulSets, Deployments, ReplicaSets, PodDisruptionBudgets.

use std::rc::Rc;

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::metadata::Uid;
use crate::api::object::Object;
use crate::api::pod::Phase;
use crate::api::read;
use crate::api::statefulset::{IntOrPercent, StatefulSet, UpdateStrategy};
use crate::api::workload::{PodDisruptionBudget, Workload};
use crate::cluster::World;
use crate::kubectl::output::jsonpath::go_text;
use crate::kubectl::selectors;
use crate::kubectl::table::or_none;
use crate::order;

use super::containers;
use super::sheet::Sheet;

fn head(sheet: &mut Sheet, object: &Object) {
    sheet.field(0, "Name", &object.meta.name);
    sheet.field(0, "Namespace", &object.meta.namespace);
}

fn pods_status(sheet: &mut Sheet, uid: Uid, world: &World) {
    let phases: Vec<Phase> = world
        .store
        .owned_by(uid)
        .filter(|object| object.meta.controlled_by(uid))
        .filter_map(|object| object.pod())
        .map(|pod| pod.status.phase)
        .collect();
    let count = |wanted: Phase| phases.iter().filter(|phase| **phase == wanted).count();
    let words = format!(
        "{} Running / {} Waiting / {} Succeeded / {} Failed",
        count(Phase::Running),
        count(Phase::Pending),
        count(Phase::Succeeded),
        count(Phase::Failed)
    );
    sheet.field(0, "Pods Status", words);
}

pub(super) fn statefulset(sheet: &mut Sheet, object: &Object, set: &StatefulSet, world: &World) {
    head(sheet, object);
    sheet.field(0, "CreationTimestamp", world.settings.epoch.rfc1123(object.meta.creation_ms));
    sheet.field(0, "Selector", selectors::of_spec(&set.spec.document));
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    sheet.field(0, "Replicas", format!("{} desired | {} total", set.spec.replicas, set.status.replicas));
    match &set.spec.strategy {
        UpdateStrategy::OnDelete => sheet.field(0, "Update Strategy", "OnDelete"),
        UpdateStrategy::RollingUpdate(rolling) => {
            sheet.field(0, "Update Strategy", "RollingUpdate");
            if let Some(rolling) = rolling {
                sheet.field(1, "Partition", rolling.partition);
                if let Some(most) = rolling.max_unavailable {
                    sheet.field(1, "MaxUnavailable", amount(most));
                }
            }
        }
    }
    pods_status(sheet, object.meta.uid, world);
    containers::template(sheet, set.spec.document.get("template").unwrap_or(&Value::Null));
    let templates = read::items(&set.spec.document, &["volumeClaimTemplates"]);
    if templates.is_empty() {
        return sheet.field(0, "Volume Claims", "<none>");
    }
    sheet.line(0, "Volume Claims:");
    for template in templates {
        sheet.field(1, "Name", read::string(template, &["metadata", "name"]).unwrap_or_default());
        sheet.field(1, "StorageClass", read::string(template, &["spec", "storageClassName"]).unwrap_or_default());
        sheet.labels("  Labels", &read::labels(template, &["metadata", "labels"]));
        // They are written as labels are, with an equals sign.
        sheet.labels("  Annotations", &read::labels(template, &["metadata", "annotations"]));
        let size = read::at(template, &["spec", "resources", "requests", "storage"]).map(go_text);
        sheet.field(1, "Capacity", size.unwrap_or_else(|| "<default>".to_owned()));
        sheet.field(1, "Access Modes", read::at(template, &["spec", "accessModes"]).map_or_else(|| "[]".to_owned(), go_text));
    }
}

fn amount(amount: IntOrPercent) -> String {
    match amount {
        IntOrPercent::Count(count) => count.to_string(),
        IntOrPercent::Percent(percent) => format!("{percent}%"),
    }
}

pub(super) fn deployment(sheet: &mut Sheet, object: &Object, workload: &Workload, world: &World) {
    head(sheet, object);
    sheet.field(0, "CreationTimestamp", world.settings.epoch.rfc1123(object.meta.creation_ms));
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    sheet.field(0, "Selector", selectors::of_spec(&workload.document));
    let status = &workload.status;
    let counts = format!(
        "{} desired | {} updated | {} total | {} available | {} unavailable",
        workload.replicas, status.updated_replicas, status.replicas, status.available_replicas, status.unavailable_replicas
    );
    sheet.field(0, "Replicas", counts);
    sheet.field(0, "StrategyType", read::string(&workload.document, &["strategy", "type"]).unwrap_or("RollingUpdate"));
    sheet.field(0, "MinReadySeconds", workload.min_ready_seconds);
    if let (Some(unavailable), Some(surge)) = (workload.max_unavailable, workload.max_surge) {
        sheet.field(0, "RollingUpdateStrategy", format!("{} max unavailable, {} max surge", amount(unavailable), amount(surge)));
    }
    let template = workload.document.get("template").unwrap_or(&Value::Null);
    containers::template(sheet, template);
    let document = object.to_value(world.settings.epoch);
    let conditions = read::items(&document, &["status", "conditions"]);
    if !conditions.is_empty() {
        sheet.line(0, "Conditions:");
        sheet.line(1, "Type\tStatus\tReason");
        sheet.line(1, "----\t------\t------");
        for condition in conditions {
            let text = |key: &str| read::string(condition, &[key]).unwrap_or_default();
            sheet.line(1, &format!("{} \t{}\t{}", text("type"), text("status"), text("reason")));
        }
    }
    let mut sets: Vec<&Rc<Object>> =
        world.store.list(Kind::ReplicaSet, &object.meta.namespace).filter(|set| set.meta.controlled_by(object.meta.uid)).collect();
    order::sort_by_key(&mut sets, |set| (set.meta.creation_ms, set.meta.name.clone()));
    let current = |set: &&&Rc<Object>| {
        let mut theirs = set.replica_set().and_then(|set| set.document.get("template").cloned()).unwrap_or(Value::Null);
        read::take(&mut theirs, &["metadata", "labels"], "pod-template-hash");
        theirs == *template
    };
    let line = |sets: Vec<&&Rc<Object>>| {
        let texts = sets.iter().filter_map(|set| {
            let body = set.replica_set()?;
            Some(format!("{} ({}/{} replicas created)", set.meta.name, body.status.replicas, body.replicas))
        });
        or_none(texts.collect::<Vec<_>>().join(", "))
    };
    let (new, old): (Vec<&&Rc<Object>>, Vec<&&Rc<Object>>) = sets.iter().partition(|set| current(set));
    sheet.field(0, "OldReplicaSets", line(old));
    sheet.field(0, "NewReplicaSet", line(new));
}

pub(super) fn replica_set(sheet: &mut Sheet, object: &Object, workload: &Workload, world: &World) {
    head(sheet, object);
    sheet.field(0, "Selector", selectors::of_spec(&workload.document));
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    if let Some(owner) = object.meta.controller() {
        sheet.field(0, "Controlled By", format!("{}/{}", owner.kind, owner.name));
    }
    sheet.field(0, "Replicas", format!("{} current / {} desired", workload.status.replicas, workload.replicas));
    pods_status(sheet, object.meta.uid, world);
    containers::template(sheet, workload.document.get("template").unwrap_or(&Value::Null));
}

pub(super) fn autoscaler(sheet: &mut Sheet, object: &Object, document: &Value, world: &World) {
    head(sheet, object);
    sheet.labels("Labels", &object.meta.labels);
    sheet.annotations("Annotations", &object.meta.annotations);
    sheet.field(0, "CreationTimestamp", world.settings.epoch.rfc1123(object.meta.creation_ms));
    let text = |value: &Value, path: &[&str]| read::string(value, path).unwrap_or_default().to_owned();
    let count = |path: &[&str]| read::integer(document, path).unwrap_or(0);
    let kind = text(document, &["spec", "scaleTargetRef", "kind"]);
    sheet.field(0, "Reference", format!("{kind}/{}", text(document, &["spec", "scaleTargetRef", "name"])));
    sheet.field(0, "Metrics", "( current / target )");
    for metric in read::items(document, &["spec", "metrics"]) {
        let title = format!("resource {} on pods", text(metric, &["resource", "name"]));
        match read::integer(metric, &["resource", "target", "averageUtilization"]) {
            Some(percent) => sheet.field(1, &format!("{title}  (as a percentage of request)"), format!("<unknown> / {percent}%")),
            None => sheet.field(1, &title, format!("<unknown> / {}", text(metric, &["resource", "target", "averageValue"]))),
        }
    }
    sheet.field(0, "Min replicas", count(&["spec", "minReplicas"]));
    sheet.field(0, "Max replicas", count(&["spec", "maxReplicas"]));
    let (current, desired) = (count(&["status", "currentReplicas"]), count(&["status", "desiredReplicas"]));
    sheet.field(0, &format!("{kind} pods"), format!("{current} current / {desired} desired"));
}

pub(super) fn budget(sheet: &mut Sheet, object: &Object, budget: &PodDisruptionBudget) {
    head(sheet, object);
    if let Some(least) = budget.min_available {
        sheet.field(0, "Min available", amount(least));
    } else if let Some(most) = budget.max_unavailable {
        sheet.field(0, "Max unavailable", amount(most));
    }
    sheet.field(0, "Selector", selectors::of_spec(&budget.document));
    sheet.line(0, "Status:");
    for (title, count) in [
        ("Allowed disruptions", budget.status.disruptions_allowed),
        ("Current", budget.status.current_healthy),
        ("Desired", budget.status.desired_healthy),
        ("Total", budget.status.expected_pods),
    ] {
        sheet.field(2, title, count);
    }
}
