//! The generators: `create namespace|configmap|secret|service|deployment|poddisruptionbudget|serviceaccount`.

use serde_json::{Map, Value};

use crate::api::defaults::normalise::base64;
use crate::json::json;
use crate::kubectl::apply::with_last_applied;
use crate::kubectl::change::{self, DryRun};
use crate::kubectl::client;
use crate::kubectl::failure::{Failure, Outcome};
use crate::kubectl::flags::Parsed;
use crate::process::Context;

/// As many ports as one command may open.
const EXPOSE_PORTS: usize = 100;

/// Runs one of the generators, named by the words of its command.
///
/// # Errors
/// What could not be created.
pub fn generate(command: &'static str, parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let dry_run = DryRun::read(parsed)?;
    let kind = command.strip_prefix("create ").unwrap_or(command);
    // What stands behind `--` is a command for containers.
    let (words, behind) = parsed.words.split_at(parsed.dash.filter(|_| kind == "deployment").unwrap_or(parsed.words.len()));
    let [name] = words else {
        let arguments = words.len();
        return Err(Failure::usage(&format!("exactly one NAME is required, got {arguments}"), command));
    };
    let namespace = client::namespace(parsed, context);
    let meta = json!({"name": name, "namespace": &*namespace});
    let value = match kind {
        "namespace" => json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}),
        "serviceaccount" => json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta}),
        "configmap" => {
            let data = data(parsed, context)?;
            let mut value = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta});
            if !data.is_empty() {
                value["data"] = Value::Object(data);
            }
            value
        }
        "secret generic" => {
            let data: Map<String, Value> = data(parsed, context)?
                .into_iter()
                .map(|(key, value)| (key, json!(base64(value.as_str().unwrap_or_default().as_bytes()))))
                .collect();
            let mut value = json!({"apiVersion": "v1", "kind": "Secret", "metadata": meta, "data": data});
            if let Some(form) = parsed.get("type") {
                value["type"] = json!(form);
            }
            value
        }
        "service clusterip" | "service nodeport" | "service loadbalancer" | "service externalname" => service(kind, name, &meta, parsed)?,
        "deployment" => deployment(name, &meta, behind, parsed)?,
        "poddisruptionbudget" => budget(&meta, parsed)?,
        _ => return Err(Failure::text(format!("this sandbox does not know how to create a {kind}"))),
    };
    let mut value = value;
    if parsed.on("save-config") {
        value = with_last_applied(&value);
    }
    if dry_run == DryRun::Client {
        // What kubectl shows itself carries no namespace but one that was asked for.
        if !parsed.has("namespace") {
            crate::api::read::take(&mut value, &["metadata"], "namespace");
        }
        change::with_empty_fields(&mut value);
        return change::announce_document(context, parsed, &value, "created", dry_run);
    }
    match change::create(context, value, &namespace, dry_run) {
        Ok(object) => change::announce(context, parsed, &object, "created", dry_run),
        Err(status) if status.reason == crate::api::status::Reason::Invalid => Err(status.into()),
        Err(status) if kind == "namespace" || kind == "poddisruptionbudget" => Err(status.into()),
        Err(status) => {
            let resource = kind.split(' ').next().unwrap_or(kind);
            Err(Failure::text(format!("failed to create {resource}: {}", status.message)))
        }
    }
}

fn data(parsed: &Parsed, context: &Context<'_>) -> Result<Map<String, Value>, Failure> {
    let mut data = Map::new();
    for pair in parsed.all("from-literal") {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(Failure::text(format!("invalid literal source {pair}, expected key=value")));
        };
        data.insert(key.to_owned(), json!(value));
    }
    for file in parsed.all("from-file") {
        let (key, path) = match file.split_once('=') {
            Some((key, path)) => (key.to_owned(), path),
            None => (file.rsplit('/').next().unwrap_or(file).to_owned(), file),
        };
        let Some(text) = context.terminal.files.get(path.strip_prefix("./").unwrap_or(path)) else {
            return Err(Failure::text(format!("error reading {path}: no such file or directory")));
        };
        data.insert(key, json!(&**text));
    }
    for path in parsed.all("from-env-file") {
        let Some(text) = context.terminal.files.get(path.strip_prefix("./").unwrap_or(path)) else {
            return Err(Failure::text(format!("error reading {path}: no such file or directory")));
        };
        for line in text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            // A name alone takes its value from the environment.
            let value = match line.split_once('=') {
                Some((key, value)) => Some((key, value.to_owned())),
                None => context.terminal.variables.get(line).map(|value| (line, value.clone())),
            };
            data.extend(value.map(|(key, value)| (key.to_owned(), json!(value))));
        }
    }
    Ok(data)
}

fn port_pair(text: &str) -> Result<(i64, Value), Failure> {
    let (port, target) = text.split_once(':').unwrap_or((text, text));
    let number: i64 = match port.parse() {
        Ok(number) if (1..=65_535).contains(&number) => number,
        _ => return Err(Failure::text(format!("port must be between 1 and 65535, inclusive: {port}"))),
    };
    let target = target.parse::<i64>().map_or_else(|_| json!(target), |number| json!(number));
    Ok((number, target))
}

fn service(kind: &str, name: &str, meta: &Value, parsed: &Parsed) -> Result<Value, Failure> {
    let ports = parsed.list("tcp");
    let mut meta = meta.clone();
    meta["labels"] = json!({"app": name});
    let form = match kind {
        "service nodeport" => "NodePort",
        "service loadbalancer" => "LoadBalancer",
        "service externalname" => "ExternalName",
        _ => "ClusterIP",
    };
    let mut spec = json!({"type": form, "selector": {"app": name}});
    if form == "ExternalName" {
        let Some(external) = parsed.get("external-name") else {
            return Err(Failure::text("required flag(s) \"external-name\" not set"));
        };
        spec["externalName"] = json!(external);
    }
    let headless = parsed.text("clusterip") == "None";
    if let Some(address) = parsed.get("clusterip") {
        spec["clusterIP"] = json!(address);
    }
    if ports.is_empty() && form != "ExternalName" && !headless {
        return Err(Failure::text("at least one tcp port specifier must be provided"));
    }
    if ports.len() > EXPOSE_PORTS {
        return Err(Failure::text(format!("this sandbox opens at most {EXPOSE_PORTS} ports at once")));
    }
    let mut list = Vec::new();
    for text in ports {
        let (port, target) = port_pair(text)?;
        let mut entry = json!({"name": text.replace(':', "-"), "port": port, "protocol": "TCP", "targetPort": target});
        if let Some(node_port) = parsed.number("node-port").filter(|port| *port > 0 && form == "NodePort") {
            entry["nodePort"] = json!(node_port);
        }
        list.push(entry);
    }
    if !list.is_empty() {
        spec["ports"] = Value::Array(list);
    }
    Ok(json!({"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec}))
}

fn deployment(name: &str, meta: &Value, command: &[String], parsed: &Parsed) -> Result<Value, Failure> {
    let images = parsed.list("image");
    if images.is_empty() {
        return Err(Failure::text("required flag(s) \"image\" not set"));
    }
    let containers: Vec<Value> = images
        .iter()
        .map(|image| {
            let container = image.rsplit('/').next().unwrap_or(image).split([':', '@']).next().unwrap_or(image);
            let mut value = json!({"name": container, "image": image});
            if let Some(port) = parsed.number("port") {
                value["ports"] = json!([{"containerPort": port}]);
            }
            if !command.is_empty() {
                value["command"] = json!(command);
            }
            value
        })
        .collect();
    let mut meta = meta.clone();
    meta["labels"] = json!({"app": name});
    Ok(json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta,
        "spec": {
            "replicas": parsed.number("replicas").unwrap_or(1),
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": containers}},
        },
    }))
}

fn budget(meta: &Value, parsed: &Parsed) -> Result<Value, Failure> {
    let selector = parsed.text("selector");
    if selector.is_empty() {
        return Err(Failure::text("a selector must be specified"));
    }
    let (min, max) = (parsed.get("min-available"), parsed.get("max-unavailable"));
    if min.is_none() && max.is_none() {
        return Err(Failure::text("one of min-available or max-unavailable must be specified"));
    }
    if min.is_some() && max.is_some() {
        return Err(Failure::text("min-available and max-unavailable cannot be both specified"));
    }
    let labels: Map<String, Value> = selector
        .split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), json!(value.trim_start_matches('='))))
        .collect();
    let mut spec = json!({"selector": {"matchLabels": labels}});
    for (key, text) in [("minAvailable", min), ("maxUnavailable", max)] {
        if let Some(text) = text {
            spec[key] = text.parse::<i64>().map_or_else(|_| json!(text), |count| json!(count));
        }
    }
    Ok(json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": meta, "spec": spec}))
}
