//! `kubectl expose` and `kubectl autoscale`. Follows `kubectl/pkg/cmd/expose` and `autoscale`.

use serde_json::Value;

use crate::api::kind::Kind;
use crate::api::read;
use crate::json::{self, json};
use crate::process::Context;

use super::change::{self, DryRun};
use super::client;
use super::failure::{Failure, Outcome};
use super::flags::Parsed;
use super::output::jsonpath::go_text;

/// Runs `kubectl expose`.
///
/// # Errors
/// What cannot be exposed.
pub fn run(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let dry_run = DryRun::read(parsed)?;
    // The selector is that of the Service, and chooses nothing.
    let mut chosen = parsed.clone();
    chosen.put("selector", "");
    let (objects, failures) = client::select(&chosen, &parsed.words, context, "expose")?;
    Failure::of(failures)?;
    for object in objects {
        let kind = object.kind();
        if !matches!(kind, Kind::Pod | Kind::Service | Kind::ReplicationController | Kind::Deployment | Kind::ReplicaSet) {
            let info = kind.info();
            let group = if info.group.is_empty() { String::new() } else { format!(".{}", info.group) };
            return Err(Failure::text(format!("cannot expose a {}{group}", info.name)));
        }
        let document = object.to_value(context.world.settings.epoch);
        let selector = match parsed.get("selector").filter(|text| !text.is_empty()) {
            Some(text) => json::object(text.split(',').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key, json!(value)))),
            None => match kind {
                Kind::Pod => document.pointer("/metadata/labels").cloned(),
                Kind::Service | Kind::ReplicationController => document.pointer("/spec/selector").cloned(),
                _ => document.pointer("/spec/selector/matchLabels").cloned(),
            }
            .unwrap_or(Value::Null),
        };
        if selector.as_object().is_none_or(serde_json::Map::is_empty) {
            return Err(Failure::text(format!(
                "couldn't retrieve selectors via --selector flag or introspection: the {} has no labels and cannot be exposed",
                kind.info().singular()
            )));
        }
        let ports = ports(parsed, &document, kind)?;
        let headless = parsed.text("cluster-ip") == "None";
        let name = parsed.get("name").unwrap_or(&object.meta.name);
        let mut spec = json!({"selector": selector, "ports": ports});
        if let Some(address) = parsed.get("cluster-ip") {
            spec["clusterIP"] = json!(address);
        }
        for (flag, field) in [("type", "type"), ("load-balancer-ip", "loadBalancerIP"), ("session-affinity", "sessionAffinity")] {
            if let Some(value) = parsed.get(flag).filter(|value| !value.is_empty()) {
                spec[field] = json!(value);
            }
        }
        if let Some(address) = parsed.get("external-ip").filter(|address| !address.is_empty()) {
            spec["externalIPs"] = json!([address]);
        }
        if headless && spec["ports"].as_array().is_some_and(Vec::is_empty) {
            read::take(&mut spec, &[], "ports");
        }
        let mut service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec});
        if let Some(labels) = parsed.get("labels").filter(|text| !text.is_empty()) {
            service["metadata"]["labels"] =
                json::object(labels.split(',').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key, json!(value))));
        } else if let Some(labels) = document.pointer("/metadata/labels") {
            service["metadata"]["labels"] = labels.clone();
        }
        if dry_run == DryRun::Client {
            change::with_empty_fields(&mut service);
            change::announce_document(context, parsed, &service, "exposed", dry_run)?;
            continue;
        }
        let created = change::create(context, service, &object.meta.namespace, dry_run)?;
        change::announce(context, parsed, &created, "exposed", dry_run)?;
    }
    Ok(())
}

fn ports(parsed: &Parsed, document: &Value, kind: Kind) -> Result<Vec<Value>, Failure> {
    let protocol = parsed.get("protocol").map(str::to_ascii_uppercase);
    let found: Vec<(String, Value)> = match parsed.get("port") {
        Some(text) => text.split(',').map(|port| (port.to_owned(), json!("TCP"))).collect(),
        None => {
            let (list, key) = match kind {
                Kind::Service => (document.pointer("/spec/ports"), "port"),
                Kind::Pod => (document.pointer("/spec/containers/0/ports"), "containerPort"),
                _ => (document.pointer("/spec/template/spec/containers/0/ports"), "containerPort"),
            };
            list.and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|port| Some((go_text(port.get(key)?), port.get("protocol").cloned().unwrap_or(json!("TCP")))))
                .collect()
        }
    };
    if found.is_empty() && parsed.text("cluster-ip") != "None" {
        return Err(Failure::text("couldn't find port via --port flag or introspection"));
    }
    let several = found.len() > 1;
    let mut ports = Vec::new();
    for (index, (text, of_port)) in found.iter().enumerate() {
        let Ok(number) = text.trim().parse::<i64>() else {
            return Err(Failure::text(format!("strconv.Atoi: parsing {text:?}: invalid syntax")));
        };
        let target = parsed
            .get("target-port")
            .map_or_else(|| json!(number), |target| target.parse::<i64>().map_or_else(|_| json!(target), |number| json!(number)));
        let mut port = json!({"port": number, "protocol": protocol.as_ref().map_or_else(|| of_port.clone(), |name| json!(name)), "targetPort": target});
        if several {
            port["name"] = json!(format!("port-{}", index + 1));
        }
        ports.push(port);
    }
    Ok(ports)
}

/// What kubectl does not say, and whoever waits for more pods has to know.
const NO_SCALER: &str = "sandbox: nothing will scale it: this cluster has no metrics server, and no autoscaler runs here";

/// Runs `kubectl autoscale`: the object is kept, and nothing acts on it, which is said.
///
/// # Errors
/// What cannot be scaled.
pub fn autoscale(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    if parsed.has("cpu-percent") {
        context.streams.error("Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).");
    }
    let Some(max) = parsed.number("max") else {
        return Err(Failure::text("required flag(s) \"max\" not set"));
    };
    if max < 1 {
        return Err(Failure::text(format!("--max=MAXPODS is required and must be at least 1, max: {max}")));
    }
    if let Some(min) = parsed.number("min").filter(|min| *min > max) {
        return Err(Failure::text(format!("--max=MAXPODS must be larger or equal to --min=MINPODS, max: {max}, min: {min}")));
    }
    let metrics = metrics(parsed)?;
    let dry_run = DryRun::read(parsed)?;
    let (objects, failures) = client::select(parsed, &parsed.words, context, "autoscale")?;
    Failure::of(failures)?;
    for object in objects {
        let info = object.kind().info();
        if !matches!(object.kind(), Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet | Kind::ReplicationController) {
            return Err(Failure::text(format!("cannot autoscale a {}", info.name)));
        }
        let mut spec = json!({
            "maxReplicas": max,
            "scaleTargetRef": {"apiVersion": info.api_version(), "kind": info.name, "name": &*object.meta.name},
        });
        if let Some(min) = parsed.number("min").filter(|min| *min > 0) {
            spec["minReplicas"] = json!(min);
        }
        if !metrics.is_empty() {
            spec["metrics"] = Value::Array(metrics.clone());
        }
        let name = parsed.get("name").unwrap_or(&object.meta.name);
        let document = json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": name}, "spec": spec});
        if dry_run == DryRun::Client {
            change::announce_document(context, parsed, &document, "created", dry_run)?;
            continue;
        }
        let created = change::create(context, document, &object.meta.namespace, dry_run)?;
        change::announce(context, parsed, &created, "autoscaled", dry_run)?;
    }
    if dry_run == DryRun::None {
        context.streams.error(NO_SCALER);
    }
    Ok(())
}

/// What the flags aim at: a share of what pods ask for (`70%`), or an amount, which without a unit is milliCPU or MiB.
fn metrics(parsed: &Parsed) -> Outcome<Vec<Value>> {
    let percent = parsed.number("cpu-percent").filter(|percent| *percent > 0).map(|percent| format!("{percent}%"));
    let mut metrics = Vec::new();
    for (name, unit, given) in
        [("cpu", "m", percent.or_else(|| parsed.get("cpu").map(str::to_owned))), ("memory", "Mi", parsed.get("memory").map(str::to_owned))]
    {
        let Some(given) = given.filter(|given| !given.is_empty()) else { continue };
        let target = match given.strip_suffix('%') {
            Some(share) => match share.parse::<u32>().ok().filter(|share| *share > 0) {
                Some(share) => json!({"type": "Utilization", "averageUtilization": share}),
                None => return Err(Failure::text(format!("failed to parse {name} utilization: {given}"))),
            },
            None => {
                let amount = if given.bytes().all(|byte| byte.is_ascii_digit()) { format!("{given}{unit}") } else { given };
                json!({"type": "AverageValue", "averageValue": amount})
            }
        };
        metrics.push(json!({"type": "Resource", "resource": {"name": name, "target": target}}));
    }
    Ok(metrics)
}
