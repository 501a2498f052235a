//! The kinds that are stored without behaviour.

use serde_json::Value;

use super::{Column, Now, or_none};
use crate::api::kind::Kind;
use crate::api::object::{Body, Object};
use crate::api::read;

const PLAIN: &[Column] = &[("NAME", false), ("AGE", false)];
const CREATED: &[Column] = &[("NAME", false), ("CREATED AT", false)];
const DATA: &[Column] = &[("NAME", false), ("DATA", false), ("AGE", false)];
const SECRET: &[Column] = &[("NAME", false), ("TYPE", false), ("DATA", false), ("AGE", false)];
const ACCOUNT: &[Column] = &[("NAME", false), ("AGE", false)];
const BINDING: &[Column] = &[("NAME", false), ("ROLE", false), ("AGE", false)];
const POLICY: &[Column] = &[("NAME", false), ("POD-SELECTOR", false), ("AGE", false)];
const PRIORITY: &[Column] = &[("NAME", false), ("VALUE", false), ("GLOBAL-DEFAULT", false), ("AGE", false), ("PREEMPTIONPOLICY", false)];
const INGRESS: &[Column] = &[("NAME", false), ("CLASS", false), ("HOSTS", false), ("ADDRESS", false), ("PORTS", false), ("AGE", false)];
const CLASS: &[Column] = &[("NAME", false), ("CONTROLLER", false), ("PARAMETERS", false), ("AGE", false)];
const JOB: &[Column] = &[("NAME", false), ("STATUS", false), ("COMPLETIONS", false), ("DURATION", false), ("AGE", false)];
const CRON: &[Column] = &[
    ("NAME", false),
    ("SCHEDULE", false),
    ("TIMEZONE", false),
    ("SUSPEND", false),
    ("ACTIVE", false),
    ("LAST SCHEDULE", false),
    ("AGE", false),
];
const DAEMON: &[Column] = &[
    ("NAME", false),
    ("DESIRED", false),
    ("CURRENT", false),
    ("READY", false),
    ("UP-TO-DATE", false),
    ("AVAILABLE", false),
    ("NODE SELECTOR", false),
    ("AGE", false),
];
const SCALER: &[Column] = &[
    ("NAME", false),
    ("REFERENCE", false),
    ("TARGETS", false),
    ("MINPODS", false),
    ("MAXPODS", false),
    ("REPLICAS", false),
    ("AGE", false),
];
const CONTROLLER: &[Column] = &[("NAME", false), ("DESIRED", false), ("CURRENT", false), ("READY", false), ("AGE", false)];
const QUOTA: &[Column] = &[("NAME", false), ("REQUEST", false), ("LIMIT", false), ("AGE", false)];

pub(super) fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::ConfigMap => DATA,
        Kind::Secret => SECRET,
        Kind::ServiceAccount => ACCOUNT,
        Kind::Role | Kind::ClusterRole | Kind::LimitRange => CREATED,
        Kind::RoleBinding | Kind::ClusterRoleBinding => BINDING,
        Kind::NetworkPolicy => POLICY,
        Kind::PriorityClass => PRIORITY,
        Kind::Ingress => INGRESS,
        Kind::IngressClass => CLASS,
        Kind::Job => JOB,
        Kind::CronJob => CRON,
        Kind::DaemonSet => DAEMON,
        Kind::HorizontalPodAutoscaler => SCALER,
        Kind::ReplicationController => CONTROLLER,
        Kind::ResourceQuota => QUOTA,
        _ => PLAIN,
    }
}

pub(super) fn cells(object: &Object, now: Now) -> Vec<String> {
    let name = object.meta.name.to_string();
    let age = now.age(object);
    let Body::Other(kind, document) = &object.body else {
        return vec![name, age];
    };
    let entries = |key: &str| document.get(key).and_then(Value::as_object).map_or(0, serde_json::Map::len);
    let text = |path: &[&str], otherwise: &str| read::string(document, path).unwrap_or(otherwise).to_owned();
    let count = |path: &[&str]| read::integer(document, path).unwrap_or(0).to_string();
    match kind {
        Kind::ConfigMap => vec![name, (entries("data") + entries("binaryData")).to_string(), age],
        Kind::Secret => vec![name, text(&["type"], "Opaque"), entries("data").to_string(), age],
        Kind::Role | Kind::ClusterRole | Kind::LimitRange => vec![name, now.epoch.rfc3339(object.meta.creation_ms)],
        Kind::RoleBinding | Kind::ClusterRoleBinding => {
            vec![name, format!("{}/{}", text(&["roleRef", "kind"], ""), text(&["roleRef", "name"], "")), age]
        }
        Kind::NetworkPolicy => {
            vec![name, or_none(crate::kubectl::selectors::of_selector(read::at(document, &["spec", "podSelector"]))), age]
        }
        Kind::PriorityClass => vec![
            name,
            count(&["value"]),
            read::flag(document, &["globalDefault"]).to_string(),
            age,
            text(&["preemptionPolicy"], "PreemptLowerPriority"),
        ],
        Kind::Ingress => {
            let hosts: Vec<&str> =
                read::items(document, &["spec", "rules"]).iter().filter_map(|rule| read::string(rule, &["host"])).collect();
            let hosts = if hosts.is_empty() { "*".to_owned() } else { hosts.join(",") };
            let ports = if read::items(document, &["spec", "tls"]).is_empty() { "80" } else { "80, 443" };
            vec![name, text(&["spec", "ingressClassName"], "<none>"), hosts, String::new(), ports.to_owned(), age]
        }
        Kind::IngressClass => {
            let parameters = read::string(document, &["spec", "parameters", "kind"]).map_or("<none>".to_owned(), |kind| {
                let group = text(&["spec", "parameters", "apiGroup"], "");
                let dot = if group.is_empty() { "" } else { "." };
                format!("{kind}{dot}{group}/{}", text(&["spec", "parameters", "name"], ""))
            });
            vec![name, text(&["spec", "controller"], ""), parameters, age]
        }
        Kind::Job => vec![
            name,
            "Running".to_owned(),
            format!("0/{}", read::integer(document, &["spec", "completions"]).unwrap_or(1)),
            String::new(),
            age,
        ],
        Kind::CronJob => {
            let suspended = if read::flag(document, &["spec", "suspend"]) { "True" } else { "False" };
            vec![
                name,
                text(&["spec", "schedule"], ""),
                text(&["spec", "timeZone"], "<none>"),
                suspended.to_owned(),
                "0".to_owned(),
                "<none>".to_owned(),
                age,
            ]
        }
        Kind::DaemonSet => {
            let status = |key: &str| count(&["status", key]);
            vec![
                name,
                status("desiredNumberScheduled"),
                status("currentNumberScheduled"),
                status("numberReady"),
                status("updatedNumberScheduled"),
                status("numberAvailable"),
                "<none>".to_owned(),
                age,
            ]
        }
        Kind::HorizontalPodAutoscaler => vec![
            name,
            format!("{}/{}", text(&["spec", "scaleTargetRef", "kind"], ""), text(&["spec", "scaleTargetRef", "name"], "")),
            targets(read::items(document, &["spec", "metrics"])),
            read::integer(document, &["spec", "minReplicas"]).map_or_else(|| "<unset>".to_owned(), |count| count.to_string()),
            count(&["spec", "maxReplicas"]),
            count(&["status", "currentReplicas"]),
            age,
        ],
        Kind::ReplicationController => {
            vec![name, count(&["spec", "replicas"]), count(&["status", "replicas"]), count(&["status", "readyReplicas"]), age]
        }
        Kind::ResourceQuota => vec![name, String::new(), String::new(), age],
        _ => vec![name, age],
    }
}

/// What an autoscaler aims at; what there is, nobody measures. Two metrics are shown, more are counted.
fn targets(metrics: &[Value]) -> String {
    let one = |metric: &Value| {
        let target = |key: &str| read::at(metric, &["resource", "target", key]);
        let aim = match (target("averageUtilization").and_then(Value::as_i64), target("averageValue").and_then(Value::as_str)) {
            (Some(percent), _) => format!("{percent}%"),
            (None, Some(amount)) => amount.to_owned(),
            (None, None) => "<auto>".to_owned(),
        };
        format!("{}: <unknown>/{aim}", read::string(metric, &["resource", "name"]).unwrap_or_default())
    };
    let shown: Vec<String> = metrics.iter().take(2).map(one).collect();
    match metrics.len() {
        0 => "<none>".to_owned(),
        count if count > 2 => format!("{} + {} more...", shown.join(", "), count - 2),
        _ => shown.join(", "),
    }
}
