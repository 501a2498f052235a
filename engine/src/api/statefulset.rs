//! A StatefulSet: the spec with the parts that the controller decides on read out, and the status.
//! Follows `apps/v1 StatefulSet`. It must not know how the controller decides.

use std::rc::Rc;

use serde_json::Value;

use super::metadata::{Labels, Text};
use super::pod_template::PodTemplate;
use super::read;
use super::selector::LabelSelector;
use crate::json::json;

/// The body of a StatefulSet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatefulSet {
    /// `spec`.
    pub spec: Rc<StatefulSetSpec>,
    /// `status`.
    pub status: StatefulSetStatus,
}

/// `spec` of a StatefulSet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatefulSetSpec {
    /// The defaulted spec.
    pub document: Rc<Value>,
    /// `replicas`.
    pub replicas: i64,
    /// `ordinals.start`.
    pub start: i64,
    /// `serviceName`; empty where none is given.
    pub service_name: Text,
    /// `selector`.
    pub selector: LabelSelector,
    /// `selector.matchLabels`, which claims made from templates carry.
    pub match_labels: Labels,
    /// `podManagementPolicy`.
    pub policy: PodManagementPolicy,
    /// `updateStrategy`.
    pub strategy: UpdateStrategy,
    /// `template`.
    pub template: Rc<PodTemplate>,
    /// `volumeClaimTemplates`, one of each name.
    pub claim_templates: Rc<[ClaimTemplate]>,
    /// `minReadySeconds`.
    pub min_ready_seconds: i64,
    /// `revisionHistoryLimit`.
    pub revision_history_limit: i64,
    /// `persistentVolumeClaimRetentionPolicy`.
    pub retention: RetentionPolicy,
}

/// `podManagementPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodManagementPolicy {
    /// One at a time, in order.
    OrderedReady,
    /// All at once.
    Parallel,
}

/// `updateStrategy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateStrategy {
    /// Pods get a new template when somebody deletes them.
    OnDelete,
    /// The controller replaces pods, highest ordinal first.
    RollingUpdate(Option<RollingUpdate>),
}

/// `updateStrategy.rollingUpdate`; absent where only the type was written, which the API server does not default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollingUpdate {
    /// `partition`.
    pub partition: i64,
    /// `maxUnavailable`, where the feature gate lets it in.
    pub max_unavailable: Option<IntOrPercent>,
}

/// A count, or a share in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntOrPercent {
    /// A count.
    Count(i64),
    /// A share in percent.
    Percent(i64),
}

impl IntOrPercent {
    /// Reads `2` or `"10%"`.
    pub fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_i64().map(Self::Count),
            Value::String(text) => text.strip_suffix('%')?.parse().ok().map(Self::Percent),
            _ => None,
        }
    }

    /// The count out of a total, rounded down.
    pub fn of(self, total: i64) -> i64 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => percent.saturating_mul(total) / 100,
        }
    }

    /// The count out of a total, rounded up.
    pub fn of_rounded_up(self, total: i64) -> i64 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => percent.saturating_mul(total).saturating_add(99) / 100,
        }
    }
}

/// An entry of `volumeClaimTemplates`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimTemplate {
    /// The name of the volume in the pods and the head of the claims' names.
    pub name: Text,
    /// The whole template.
    pub document: Rc<Value>,
}

/// Whether claims are kept or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// `whenDeleted` is `Delete`.
    pub delete_when_deleted: bool,
    /// `whenScaled` is `Delete`.
    pub delete_when_scaled: bool,
}

/// `status` of a StatefulSet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatefulSetStatus {
    /// `observedGeneration`.
    pub observed_generation: i64,
    /// `replicas`.
    pub replicas: i64,
    /// `readyReplicas`.
    pub ready_replicas: i64,
    /// `availableReplicas`.
    pub available_replicas: i64,
    /// `currentReplicas`.
    pub current_replicas: i64,
    /// `updatedReplicas`.
    pub updated_replicas: i64,
    /// `currentRevision`; empty until the controller has seen the set.
    pub current_revision: Text,
    /// `updateRevision`; empty until the controller has seen the set.
    pub update_revision: Text,
    /// `collisionCount`; absent until the controller has seen the set.
    pub collision_count: Option<i64>,
}

impl StatefulSet {
    /// Reads the defaulted document of a set; the status is that of a set nobody has seen yet.
    pub fn from_value(value: &Value) -> Self {
        Self { spec: Rc::new(StatefulSetSpec::from_value(value.get("spec").unwrap_or(&Value::Null))), status: StatefulSetStatus::default() }
    }

    /// `status` as a document.
    pub fn status_to_value(&self) -> Value {
        let status = &self.status;
        let mut value = json!({"replicas": status.replicas, "availableReplicas": status.available_replicas});
        for (key, count) in [
            ("observedGeneration", status.observed_generation),
            ("readyReplicas", status.ready_replicas),
            ("currentReplicas", status.current_replicas),
            ("updatedReplicas", status.updated_replicas),
        ] {
            if count != 0 {
                value[key] = json!(count);
            }
        }
        for (key, revision) in [("currentRevision", &status.current_revision), ("updateRevision", &status.update_revision)] {
            if !revision.is_empty() {
                value[key] = json!(&**revision);
            }
        }
        if let Some(count) = status.collision_count {
            value["collisionCount"] = json!(count);
        }
        value
    }
}

impl StatefulSetSpec {
    /// Reads a defaulted spec.
    pub fn from_value(document: &Value) -> Self {
        let retention = |key: &str| read::string(document, &["persistentVolumeClaimRetentionPolicy", key]) == Some("Delete");
        let rolling = read::at(document, &["updateStrategy", "rollingUpdate"]).filter(|block| block.is_object());
        Self {
            replicas: read::integer(document, &["replicas"]).unwrap_or(1),
            start: read::integer(document, &["ordinals", "start"]).unwrap_or(0),
            service_name: read::text(document, &["serviceName"]),
            selector: document.get("selector").map(LabelSelector::from_value).unwrap_or_default(),
            match_labels: read::labels(document, &["selector", "matchLabels"]),
            policy: match read::string(document, &["podManagementPolicy"]) {
                Some("Parallel") => PodManagementPolicy::Parallel,
                _ => PodManagementPolicy::OrderedReady,
            },
            strategy: match read::string(document, &["updateStrategy", "type"]) {
                Some("OnDelete") => UpdateStrategy::OnDelete,
                _ => UpdateStrategy::RollingUpdate(rolling.map(|block| RollingUpdate {
                    partition: read::integer(block, &["partition"]).unwrap_or(0),
                    max_unavailable: block.get("maxUnavailable").and_then(IntOrPercent::from_value),
                })),
            },
            template: Rc::new(PodTemplate::from_value(document.get("template").unwrap_or(&Value::Null))),
            claim_templates: claim_templates(read::items(document, &["volumeClaimTemplates"])).into(),
            min_ready_seconds: read::integer(document, &["minReadySeconds"]).unwrap_or(0),
            revision_history_limit: read::integer(document, &["revisionHistoryLimit"]).unwrap_or(10),
            retention: RetentionPolicy { delete_when_deleted: retention("whenDeleted"), delete_when_scaled: retention("whenScaled") },
            document: Rc::new(document.clone()),
        }
    }

    /// The partition, 0 where none is set.
    pub fn partition(&self) -> i64 {
        match &self.strategy {
            UpdateStrategy::RollingUpdate(Some(rolling)) => rolling.partition,
            _ => 0,
        }
    }

    /// The ordinals that the set wants, in order.
    pub fn ordinals(&self) -> std::ops::Range<i64> {
        self.start..self.start.saturating_add(self.replicas.max(0))
    }
}

/// Reads claim templates. A later one of the same name replaces an earlier one, as in upstream's map.
fn claim_templates(documents: &[Value]) -> Vec<ClaimTemplate> {
    let mut templates: Vec<ClaimTemplate> = Vec::with_capacity(documents.len());
    for document in documents {
        let template = ClaimTemplate { name: read::text(document, &["metadata", "name"]), document: Rc::new(document.clone()) };
        match templates.iter_mut().find(|known| known.name == template.name) {
            Some(known) => *known = template,
            None => templates.push(template),
        }
    }
    templates
}
