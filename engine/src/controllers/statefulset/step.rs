//! `sandbox step`: one pure decision of the controller on a given state, a JSON line each, in the form of the recordings of
//! the real control function. It must not know the store or time.

use serde_json::Value;

use crate::api::metadata::Text;
use crate::api::pod::Phase;
use crate::api::read;
use crate::api::statefulset::{IntOrPercent, PodManagementPolicy, RollingUpdate, StatefulSetStatus, UpdateStrategy};
use crate::json::json;
use crate::order;

use super::control::{Action, ClaimView, PodView, View, Which, decide};
use super::status::complete_rolling_update;
use super::summary::Summary;

/// The set of the recordings.
const SET: &str = "web";
/// Its claim template.
const CLAIM: &str = "www";

/// No claim exists before, so none is stale.
struct NoClaims;

impl ClaimView for NoClaims {
    fn stale(&self, _: i64) -> bool {
        false
    }
}

/// Answers one line.
///
/// # Errors
/// A sentence that says what is wrong with the line.
pub fn answer(line: &str) -> Result<String, String> {
    let request: Value = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let state = request.get("in").ok_or("the key `in` is missing")?;
    let mut answer = decide_on(state);
    answer["i"] = request.get("i").cloned().unwrap_or(Value::Null);
    Ok(answer.to_string())
}

fn decide_on(state: &Value) -> Value {
    let number = |key: &str| read::integer(state, &[key]).unwrap_or(0);
    let template = read::text(state, &["template"]);
    let mut history: Vec<(i64, Text)> = (1..).zip(read::texts(state, &["history"]).iter().cloned()).collect();
    let update = settle_history(&mut history, &template);
    let standing = read::text(state, &["status", "currentRevision"]);
    let current = if history.iter().any(|(_, revision)| *revision == standing) { standing } else { update.clone() };
    let gate = read::flag(state, &["gateMaxUnavailable"]);
    let partition = number("partition");
    let rolling = RollingUpdate {
        partition: partition.max(0),
        max_unavailable: (number("maxUnavailable") > 0).then(|| IntOrPercent::Count(number("maxUnavailable"))),
    };
    let strategy = match read::string(state, &["strategy"]) {
        Some("OnDelete") => UpdateStrategy::OnDelete,
        Some("explicitType") => UpdateStrategy::RollingUpdate(None),
        _ => UpdateStrategy::RollingUpdate(Some(rolling)),
    };
    let mut revisions: Vec<Text> = Vec::new();
    let mut number_of = |revision: Text| {
        let found = revisions.iter().position(|known| *known == revision);
        u32::try_from(found.unwrap_or_else(|| {
            revisions.push(revision);
            revisions.len() - 1
        }))
        .unwrap_or(u32::MAX)
    };
    let pods: Vec<PodView> = read::items(state, &["pods"]).iter().map(|value| pod(value, number_of(read::text(value, &["rev"])))).collect();
    let parallel = read::string(state, &["policy"]) == Some("Parallel");
    let view = View {
        generation: 1,
        deleting: false,
        replicas: number("replicas"),
        start: number("start"),
        policy: if parallel { PodManagementPolicy::Parallel } else { PodManagementPolicy::OrderedReady },
        strategy: &strategy,
        max_unavailable_gate: gate,
        current_replicas: read::integer(state, &["status", "currentReplicas"]).unwrap_or(0),
        current: (number_of(current.clone()), &current),
        update: (number_of(update.clone()), &update),
        collision_count: 0,
        pods: &pods,
        summary: &Summary::of(&pods),
    };
    let plan = decide(&view, &NoClaims);
    let mut status = plan.status.clone();
    complete_rolling_update(&strategy, view.replicas, &mut status);
    json!({
        "actions": actions(&plan.actions, &view, parallel),
        "history": history.iter().map(|(number, revision)| json!({"n": number, "rev": &**revision})).collect::<Vec<_>>(),
        "status": status_to_value(&status),
    })
}

/// Finds the revision of a template, or makes it the newest.
fn settle_history(history: &mut Vec<(i64, Text)>, template: &Text) -> Text {
    let newest = history.iter().map(|(number, _)| *number).max().unwrap_or(0);
    if history.last().is_none_or(|(_, revision)| revision != template) {
        history.retain(|(_, revision)| revision != template);
        history.push((newest + 1, template.clone()));
    }
    template.clone()
}

fn pod(value: &Value, revision: u32) -> PodView {
    let phase = match read::string(value, &["phase"]) {
        Some("Running") => Phase::Running,
        Some("Succeeded") => Phase::Succeeded,
        Some("Failed") => Phase::Failed,
        Some("Unknown") => Phase::Unknown,
        _ => Phase::Pending,
    };
    let running = phase == Phase::Running;
    PodView {
        ordinal: read::integer(value, &["ord"]).unwrap_or(0),
        phase,
        ready: running && read::flag(value, &["ready"]),
        available: running && read::flag(value, &["ready"]) && read::flag(value, &["available"]),
        terminating: read::flag(value, &["terminating"]),
        revision,
        matches: true,
        retention_matches: true,
    }
}

fn actions(actions: &[(usize, Action)], view: &View<'_>, sorted: bool) -> Value {
    let mut rows: Vec<(&str, String, Option<&Text>)> = Vec::new();
    let claim = |ordinal: i64| format!("{CLAIM}-{SET}-{ordinal}");
    let name = |ordinal: i64| format!("{SET}-{ordinal}");
    for (_, action) in actions {
        match *action {
            Action::Create { ordinal, which } => {
                rows.push(("createClaim", claim(ordinal), None));
                rows.push(("createPod", name(ordinal), Some(if which == Which::Current { view.current.1 } else { view.update.1 })));
            }
            Action::Delete { ordinal, .. } => rows.push(("deletePod", name(ordinal), None)),
            // The pods that exist have their claims.
            Action::EnsureClaims { .. } | Action::Correct { .. } | Action::CorrectClaims { .. } => {}
        }
    }
    if sorted {
        order::sort(&mut rows);
    }
    if rows.is_empty() {
        return Value::Null;
    }
    rows.into_iter()
        .map(|(op, name, revision)| match revision {
            Some(revision) => json!({"op": op, "name": name, "revLetter": &**revision}),
            None => json!({"op": op, "name": name}),
        })
        .collect()
}

fn status_to_value(status: &StatefulSetStatus) -> Value {
    json!({
        "replicas": status.replicas,
        "ready": status.ready_replicas,
        "available": status.available_replicas,
        "current": status.current_replicas,
        "updated": status.updated_replicas,
        "currentRevision": &*status.current_revision,
        "updateRevision": &*status.update_revision,
    })
}
