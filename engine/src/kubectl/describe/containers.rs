//! Containers, volumes, tolerations: what pods and templates share. Works on documents, since it shows what was written.
//! Follows `kubectl/pkg/describe/describe.go`.

use serde_json::Value;

use crate::api::quantity::Quantity;
use crate::api::read;
use crate::api::time::Epoch;
use crate::kubectl::output::jsonpath::go_text;
use crate::order;

use super::sheet::Sheet;

/// A pod template.
pub fn template(sheet: &mut Sheet, template: &Value) {
    sheet.line(0, "Pod Template:");
    sheet.labels("  Labels", &read::labels(template, &["metadata", "labels"]));
    let annotations = read::labels(template, &["metadata", "annotations"]);
    if !annotations.is_empty() {
        sheet.annotations("  Annotations", &annotations);
    }
    let spec = template.get("spec").unwrap_or(&Value::Null);
    if let Some(account) = read::string(spec, &["serviceAccountName"]).filter(|account| !account.is_empty()) {
        sheet.field(1, "Service Account", account);
    }
    if !read::items(spec, &["initContainers"]).is_empty() {
        containers(sheet, "Init Containers", spec, "initContainers", None, "  ");
    }
    containers(sheet, "Containers", spec, "containers", None, "  ");
    volumes(sheet, spec, "  ");
    spread(sheet, "  Topology Spread Constraints", spec);
    if let Some(class) = read::string(spec, &["priorityClassName"]).filter(|class| !class.is_empty()) {
        sheet.field(1, "Priority Class Name", class);
    }
    sheet.labels("  Node-Selectors", &read::labels(spec, &["nodeSelector"]));
    tolerations(sheet, "  Tolerations", spec);
}

/// The statuses of containers, and the calendar.
pub type Statuses<'a> = (&'a [Value], Epoch, &'a Value);

/// The containers of a spec.
pub fn containers(sheet: &mut Sheet, title: &str, spec: &Value, key: &str, statuses: Option<Statuses<'_>>, space: &str) {
    sheet.line(0, &format!("{space}{title}:"));
    let indent = if space.is_empty() { "" } else { " " };
    for container in read::items(spec, &[key]) {
        let name = read::string(container, &["name"]).unwrap_or_default();
        let status = statuses.and_then(|(all, ..)| all.iter().find(|status| read::string(status, &["name"]) == Some(name)));
        sheet.line(1, &format!("{indent}{name}:"));
        let of_status = |key: &str| status.map(|status| read::string(status, &[key]).unwrap_or_default().to_owned());
        if let Some(id) = of_status("containerID") {
            sheet.field(2, "Container ID", id);
        }
        sheet.field(2, "Image", read::string(container, &["image"]).unwrap_or_default());
        if let Some(id) = of_status("imageID") {
            sheet.field(2, "Image ID", id);
        }
        ports(sheet, container);
        for (title, key) in [("Command", "command"), ("Args", "args")] {
            let words = read::items(container, &[key]);
            if !words.is_empty() {
                sheet.line(2, &format!("{title}:"));
                for word in words.iter().filter_map(Value::as_str) {
                    for line in word.split('\n') {
                        sheet.line(3, line);
                    }
                }
            }
        }
        if let (Some(status), Some((_, epoch, _))) = (status, statuses) {
            state(sheet, "State", status.get("state"), epoch);
            if status.pointer("/lastState/terminated").is_some() {
                state(sheet, "Last State", status.get("lastState"), epoch);
            }
            sheet.field(2, "Ready", if read::flag(status, &["ready"]) { "True" } else { "False" });
            sheet.field(2, "Restart Count", read::integer(status, &["restartCount"]).unwrap_or(0));
        }
        for (title, key) in [("Limits", "limits"), ("Requests", "requests")] {
            if let Some(amounts) = read::at(container, &["resources", key]).and_then(Value::as_object).filter(|map| !map.is_empty()) {
                sheet.line(2, &format!("{title}:"));
                for (resource, amount) in amounts {
                    sheet.field(3, resource, go_text(amount));
                }
            }
        }
        for (title, key) in [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")] {
            if let Some(found) = container.get(key) {
                sheet.field(2, title, probe(found));
            }
        }
        environment(sheet, container, statuses.map(|(_, _, pod)| pod));
        mounts(sheet, container);
    }
}

fn ports(sheet: &mut Sheet, container: &Value) {
    for (title, key) in [("Port", "containerPort"), ("Host Port", "hostPort")] {
        let all: Vec<String> = read::items(container, &["ports"])
            .iter()
            .map(|port| {
                let number = read::integer(port, &[key]).unwrap_or(0);
                let protocol = read::string(port, &["protocol"]).unwrap_or("TCP");
                let name =
                    read::string(port, &["name"]).filter(|name| !name.is_empty()).map(|name| format!(" ({name})")).unwrap_or_default();
                format!("{number}/{protocol}{name}")
            })
            .collect();
        match all.as_slice() {
            [] => sheet.field(2, title, "<none>"),
            [one] => sheet.field(2, title, one),
            several => sheet.field(2, &format!("{title}s"), several.join(", ")),
        }
    }
}

fn state(sheet: &mut Sheet, title: &str, state: Option<&Value>, epoch: Epoch) {
    let Some(state) = state else { return };
    let date = |value: &Value, key: &str| {
        read::string(value, &[key]).and_then(|text| epoch.ms(text)).map(|ms| epoch.rfc1123(ms)).unwrap_or_default()
    };
    if let Some(running) = state.get("running") {
        sheet.field(2, title, "Running");
        sheet.field(3, "Started", date(running, "startedAt"));
    } else if let Some(ended) = state.get("terminated") {
        sheet.field(2, title, "Terminated");
        for (title, key) in [("Reason", "reason"), ("Message", "message")] {
            if let Some(text) = read::string(ended, &[key]).filter(|text| !text.is_empty()) {
                sheet.field(3, title, text);
            }
        }
        sheet.field(3, "Exit Code", read::integer(ended, &["exitCode"]).unwrap_or(0));
        sheet.field(3, "Started", date(ended, "startedAt"));
        sheet.field(3, "Finished", date(ended, "finishedAt"));
    } else {
        sheet.field(2, title, "Waiting");
        if let Some(reason) = read::string(state, &["waiting", "reason"]).filter(|reason| !reason.is_empty()) {
            sheet.field(3, "Reason", reason);
        }
    }
}

fn probe(probe: &Value) -> String {
    let number = |key: &str, otherwise: i64| read::integer(probe, &[key]).unwrap_or(otherwise);
    let attributes = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        number("initialDelaySeconds", 0),
        number("timeoutSeconds", 1),
        number("periodSeconds", 10),
        number("successThreshold", 1),
        number("failureThreshold", 3)
    );
    let text = |path: &[&str]| read::string(probe, path).unwrap_or_default().to_owned();
    let port = |path: &[&str]| read::at(probe, path).map(go_text).unwrap_or_default();
    if let Some(command) = read::at(probe, &["exec", "command"]) {
        return format!("exec {} {attributes}", go_text(command));
    }
    if probe.get("httpGet").is_some() {
        let scheme = text(&["httpGet", "scheme"]).to_ascii_lowercase();
        let scheme = if scheme.is_empty() { "http".to_owned() } else { scheme };
        let path = text(&["httpGet", "path"]);
        let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
        return format!("http-get {scheme}://{}:{}{slash}{path} {attributes}", text(&["httpGet", "host"]), port(&["httpGet", "port"]));
    }
    if probe.get("tcpSocket").is_some() {
        return format!("tcp-socket {}:{} {attributes}", text(&["tcpSocket", "host"]), port(&["tcpSocket", "port"]));
    }
    if probe.get("grpc").is_some() {
        return format!("grpc <pod>:{} {} {attributes}", port(&["grpc", "port"]), text(&["grpc", "service"]));
    }
    format!("unknown {attributes}")
}

fn environment(sheet: &mut Sheet, container: &Value, pod: Option<&Value>) {
    let sources = read::items(container, &["envFrom"]);
    if !sources.is_empty() {
        sheet.line(2, "Environment Variables from:");
        for source in sources {
            for (key, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
                if let Some(reference) = source.get(key) {
                    let name = read::string(reference, &["name"]).unwrap_or_default();
                    let prefix = read::string(source, &["prefix"]).filter(|prefix| !prefix.is_empty());
                    let prefix = prefix.map(|prefix| format!(" with prefix '{prefix}'")).unwrap_or_default();
                    sheet.line(3, &format!("{name}\t{kind}{prefix}\tOptional: {}", read::flag(reference, &["optional"])));
                }
            }
        }
    }
    let variables = read::items(container, &["env"]);
    if variables.is_empty() {
        return sheet.field(2, "Environment", "<none>");
    }
    sheet.line(2, "Environment:");
    for variable in variables {
        let name = read::string(variable, &["name"]).unwrap_or_default();
        let text = |path: &[&str]| read::string(variable, path).unwrap_or_default().to_owned();
        if let Some(field) = read::string(variable, &["valueFrom", "fieldRef", "fieldPath"]) {
            let value = pod.and_then(|pod| field.split('.').try_fold(pod, |value, key| value.get(key))).map(go_text).unwrap_or_default();
            let version = read::string(variable, &["valueFrom", "fieldRef", "apiVersion"]).unwrap_or("v1");
            sheet.field(3, name, format!(" {value} ({version}:{field})").trim_start_matches(if value.is_empty() { "" } else { " " }));
        } else if let Some(reference) = read::at(variable, &["valueFrom", "resourceFieldRef"]) {
            let resource = read::string(reference, &["resource"]).unwrap_or_default();
            sheet.field(3, name, format!("{} ({resource})", amount_of(container, resource, reference)));
        } else if let Some(reference) = read::at(variable, &["valueFrom", "secretKeyRef"]) {
            let (key, from) = (text(&["valueFrom", "secretKeyRef", "key"]), text(&["valueFrom", "secretKeyRef", "name"]));
            sheet.field(
                3,
                name,
                format!("<set to the key '{key}' in secret '{from}'>\tOptional: {}", read::flag(reference, &["optional"])),
            );
        } else if let Some(reference) = read::at(variable, &["valueFrom", "configMapKeyRef"]) {
            let (key, from) = (text(&["valueFrom", "configMapKeyRef", "key"]), text(&["valueFrom", "configMapKeyRef", "name"]));
            sheet.field(
                3,
                name,
                format!("<set to the key '{key}' of config map '{from}'>\tOptional: {}", read::flag(reference, &["optional"])),
            );
        } else {
            for (index, line) in text(&["value"]).split('\n').enumerate() {
                if index == 0 { sheet.field(3, name, line) } else { sheet.line(3, &format!("\t{line}")) }
            }
        }
    }
}

/// What a variable holds that is set to an amount of its container's: whole units of the divisor, rounded up.
fn amount_of(container: &Value, resource: &str, reference: &Value) -> String {
    let milli = |text: &str| Quantity::parse(text).ok().map(|amount| amount.milli_value());
    let unit_milli = read::string(reference, &["divisor"]).and_then(milli).filter(|unit| *unit > 0).unwrap_or(1_000);
    let Some((part, name)) = resource.split_once('.') else { return String::new() };
    let held = read::at(container, &["resources", part, name]).and_then(|amount| milli(&go_text(amount))).unwrap_or(0);
    match (held.div_euclid(unit_milli) + i128::from(held.rem_euclid(unit_milli) > 0), resource) {
        (0, "limits.cpu" | "limits.memory") => "node allocatable".to_owned(),
        (units, _) => units.to_string(),
    }
}

fn mounts(sheet: &mut Sheet, container: &Value) {
    let mut mounts: Vec<&Value> = read::items(container, &["volumeMounts"]).iter().collect();
    if mounts.is_empty() {
        return sheet.field(2, "Mounts", "<none>");
    }
    order::sort_by_key(&mut mounts, |mount| read::string(mount, &["mountPath"]));
    sheet.line(2, "Mounts:");
    for mount in mounts {
        let text = |key: &str| read::string(mount, &[key]).unwrap_or_default();
        let mut flags = if read::flag(mount, &["readOnly"]) { "ro" } else { "rw" }.to_owned();
        if !text("subPath").is_empty() {
            flags.push_str(&format!(",path={:?}", text("subPath")));
        }
        sheet.line(3, &format!("{} from {} ({flags})", text("mountPath"), text("name")));
    }
}

/// The volumes of a spec.
pub fn volumes(sheet: &mut Sheet, spec: &Value, space: &str) {
    let volumes = read::items(spec, &["volumes"]);
    if volumes.is_empty() {
        return sheet.field(0, &format!("{space}Volumes"), "<none>");
    }
    sheet.line(0, &format!("{space}Volumes:"));
    let indent = if space.is_empty() { "" } else { " " };
    for volume in volumes {
        sheet.line(1, &format!("{indent}{}:", read::string(volume, &["name"]).unwrap_or_default()));
        source(sheet, volume);
    }
}

/// Where a volume comes from.
pub fn source(sheet: &mut Sheet, volume: &Value) {
    let text = |path: &[&str]| read::at(volume, path).map(go_text).unwrap_or_default();
    let flag = |path: &[&str]| read::flag(volume, path);
    if volume.get("persistentVolumeClaim").is_some() {
        sheet.field(2, "Type", "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)");
        sheet.field(2, "ClaimName", text(&["persistentVolumeClaim", "claimName"]));
        sheet.field(2, "ReadOnly", flag(&["persistentVolumeClaim", "readOnly"]));
    } else if volume.get("projected").is_some() {
        sheet.field(2, "Type", "Projected (a volume that contains injected data from multiple sources)");
        for part in read::items(volume, &["projected", "sources"]) {
            if let Some(secret) = part.get("secret") {
                sheet.field(2, "SecretName", read::string(secret, &["name"]).unwrap_or_default());
                sheet.field(2, "Optional", read::flag(secret, &["optional"]));
            } else if part.get("downwardAPI").is_some() {
                sheet.field(2, "DownwardAPI", "true");
            } else if let Some(map) = part.get("configMap") {
                sheet.field(2, "ConfigMapName", read::string(map, &["name"]).unwrap_or_default());
                sheet.field(2, "Optional", read::flag(map, &["optional"]));
            } else if let Some(token) = part.get("serviceAccountToken") {
                sheet.field(2, "TokenExpirationSeconds", read::integer(token, &["expirationSeconds"]).unwrap_or(3600));
            }
        }
    } else if volume.get("emptyDir").is_some() {
        sheet.field(2, "Type", "EmptyDir (a temporary directory that shares a pod's lifetime)");
        sheet.field(2, "Medium", text(&["emptyDir", "medium"]));
        let limit = text(&["emptyDir", "sizeLimit"]);
        sheet.field(2, "SizeLimit", if limit.is_empty() { "<unset>" } else { &limit });
    } else if volume.get("configMap").is_some() {
        sheet.field(2, "Type", "ConfigMap (a volume populated by a ConfigMap)");
        sheet.field(2, "Name", text(&["configMap", "name"]));
        sheet.field(2, "Optional", flag(&["configMap", "optional"]));
    } else if volume.get("secret").is_some() {
        sheet.field(2, "Type", "Secret (a volume populated by a Secret)");
        sheet.field(2, "SecretName", text(&["secret", "secretName"]));
        sheet.field(2, "Optional", flag(&["secret", "optional"]));
    } else if volume.get("downwardAPI").is_some() {
        sheet.field(2, "Type", "DownwardAPI (a volume populated by information about the pod)");
        sheet.line(2, "Items:");
        for item in read::items(volume, &["downwardAPI", "items"]) {
            let text = |path: &[&str]| read::string(item, path).unwrap_or_default().to_owned();
            for field in
                [text(&["fieldRef", "fieldPath"]), text(&["resourceFieldRef", "resource"])].iter().filter(|field| !field.is_empty())
            {
                sheet.line(3, &format!("{field} -> {}", text(&["path"])));
            }
        }
    } else if volume.get("hostPath").is_some() {
        sheet.field(2, "Type", "HostPath (bare host directory volume)");
        sheet.field(2, "Path", text(&["hostPath", "path"]));
        sheet.field(2, "HostPathType", text(&["hostPath", "type"]));
    } else if volume.get("nfs").is_some() {
        sheet.field(2, "Type", "NFS (an NFS mount that lasts the lifetime of a pod)");
        sheet.field(2, "Server", text(&["nfs", "server"]));
        sheet.field(2, "Path", text(&["nfs", "path"]));
        sheet.field(2, "ReadOnly", flag(&["nfs", "readOnly"]));
    } else if volume.get("local").is_some() {
        sheet.field(2, "Type", "LocalVolume (a persistent volume backed by local storage on a node)");
        sheet.field(2, "Path", text(&["local", "path"]));
    } else if volume.get("csi").is_some() {
        sheet.field(2, "Type", "CSI (a Container Storage Interface (CSI) volume source)");
        sheet.field(2, "Driver", text(&["csi", "driver"]));
        sheet.field(2, "FSType", text(&["csi", "fsType"]));
        sheet.field(2, "VolumeHandle", text(&["csi", "volumeHandle"]));
        sheet.field(2, "ReadOnly", flag(&["csi", "readOnly"]));
    } else {
        sheet.line(2, "<unknown>");
    }
}

/// The tolerations of a spec, by key.
pub fn tolerations(sheet: &mut Sheet, title: &str, spec: &Value) {
    let mut all: Vec<&Value> = read::items(spec, &["tolerations"]).iter().collect();
    order::sort_by_key(&mut all, |toleration| read::string(toleration, &["key"]));
    let lines = all.into_iter().map(|toleration| {
        let text = |key: &str| read::string(toleration, &[key]).unwrap_or_default();
        let mut line = text("key").to_owned();
        if !text("value").is_empty() {
            line.push_str(&format!("={}", text("value")));
        }
        if !text("effect").is_empty() {
            line.push_str(&format!(":{}", text("effect")));
        }
        if text("operator") == "Exists" && text("value").is_empty() {
            line.push_str(if text("key").is_empty() && text("effect").is_empty() { "op=Exists" } else { " op=Exists" });
        }
        if let Some(seconds) = read::integer(toleration, &["tolerationSeconds"]) {
            line.push_str(&format!(" for {seconds}s"));
        }
        line
    });
    sheet.pairs(title, lines.collect());
}

/// Topology spread constraints, where there are any.
pub fn spread(sheet: &mut Sheet, title: &str, spec: &Value) {
    let all = read::items(spec, &["topologySpreadConstraints"]);
    if all.is_empty() {
        return;
    }
    let lines = all.iter().map(|constraint| {
        let text = |key: &str| read::string(constraint, &[key]).unwrap_or_default();
        let mut line = format!(
            "{}:{} when max skew {} is exceeded",
            text("topologyKey"),
            text("whenUnsatisfiable"),
            read::integer(constraint, &["maxSkew"]).unwrap_or(1)
        );
        if let Some(selector) = constraint.get("labelSelector") {
            line.push_str(&format!(" for selector {}", crate::kubectl::selectors::of_selector(Some(selector))));
        }
        line
    });
    sheet.pairs(title, lines.collect());
}
