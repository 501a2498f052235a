//! Validation of containers: names, images, ports, environment, mounts, probes, resources.
//!
//! Follows the container part of `pkg/apis/core/validation/validation.go` of Kubernetes 1.36, in its order.

use super::cursor::{Cursor, Errors};
use super::{environment, meta, pod, resources};
use crate::api::names;
use crate::api::status::{FieldError, Path};
use crate::sorted::{SortedMap, SortedSet};
use serde_json::{Map, Value};

const PROTOCOLS: &[&str] = &["SCTP", "TCP", "UDP"];
const MORE_THAN_ONE_HANDLER: &str = "may not specify more than 1 handler type";
const NOT_IN_INIT: &str = "may not be set for init containers without restartPolicy=Always";

/// What of the pod a container's checks need.
pub(super) struct Surroundings<'a> {
    /// The volumes that are valid, by name.
    pub(super) volumes: SortedMap<&'a str, &'a Map<String, Value>>,
    /// The pod's grace period.
    pub(super) grace_seconds: Option<i64>,
    /// The pod's restart policy.
    pub(super) restart_policy: &'a str,
    /// Names of the pod's resource claims.
    pub(super) claims: SortedSet<&'a str>,
}

/// The ordinary containers.
pub(super) fn containers(list: &Cursor<'_>, pod: &Surroundings<'_>, errors: &mut Errors) {
    if list.len() == 0 {
        errors.push(FieldError::required(&list.path, ""));
        return;
    }
    let mut names = SortedSet::new();
    for item in list.elements() {
        common(&item, pod, errors);
        let name = item.text_of("name");
        if !names.insert(name) {
            errors.push(FieldError::duplicate(&item.path.child("name"), name));
        }
        running_fields(&item, pod, errors);
    }
    let mut host_ports = SortedSet::new();
    for item in list.elements() {
        host_port_conflicts(&item, &mut host_ports, errors);
    }
}

/// The init containers; names are unique among both lists.
pub(super) fn init_containers(list: &Cursor<'_>, ordinary: &Cursor<'_>, pod: &Surroundings<'_>, errors: &mut Errors) {
    let mut names: SortedSet<&str> = ordinary.elements().map(|item| item.child("name").text()).collect();
    for item in list.elements() {
        common(&item, pod, errors);
        let restart = item.child("restartPolicy");
        let always = restart.text() == "Always";
        if restart.is_set() {
            errors.one_of(&restart, &["Always"]);
        }
        let name = item.text_of("name");
        if !name.is_empty() && !names.insert(name) {
            errors.push(FieldError::duplicate(&item.path.child("name"), name));
        }
        host_port_conflicts(&item, &mut SortedSet::new(), errors);
        if always {
            running_fields(&item, pod, errors);
        } else {
            for key in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
                if item.has(key) {
                    errors.push(FieldError::forbidden(&item.path.child(key), NOT_IN_INIT));
                }
            }
        }
    }
}

/// What only a pod checks, not a template: blanks around the image.
pub(super) fn only_for_pod(list: &Cursor<'_>, errors: &mut Errors) {
    for image in list.elements().map(|item| item.child("image")) {
        if image.text() != image.text().trim() {
            errors.push(FieldError::invalid(&image.path, image.text(), "must not have leading or trailing whitespace"));
        }
    }
}

fn running_fields(item: &Cursor<'_>, pod: &Surroundings<'_>, errors: &mut Errors) {
    let lifecycle = item.child("lifecycle");
    for hook in ["postStart", "preStop"] {
        let hook = lifecycle.child(hook);
        if hook.is_set() {
            handler(&hook, pod.grace_seconds, errors);
        }
        let signal = lifecycle.child("stopSignal");
        if signal.is_set() && hook.path == lifecycle.path.child("preStop") && signal.text().is_empty() {
            errors.push(FieldError::required(&signal.path, ""));
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let place = item.child(name);
        if !place.is_set() {
            continue;
        }
        probe(&place, pod.grace_seconds, errors);
        if name == "readinessProbe" {
            let grace = place.child("terminationGracePeriodSeconds");
            if let Some(seconds) = grace.int() {
                errors.push(FieldError::invalid(&grace.path, seconds, "must not be set for readinessProbes"));
            }
        } else if place.int_of("successThreshold") != Some(1) {
            let threshold = place.child("successThreshold");
            errors.push(FieldError::invalid(&threshold.path, threshold.int().unwrap_or(0), "must be 1"));
        }
    }
}

fn common(item: &Cursor<'_>, pod: &Surroundings<'_>, errors: &mut Errors) {
    let name = item.child("name");
    if errors.required_text(&name) {
        errors.invalid_texts(&name.path, name.text(), names::dns1123_label(name.text()));
    }
    errors.required_text(&item.child("image"));
    errors.required_one_of(&item.child("terminationMessagePolicy"), &["File", "FallbackToLogsOnError"]);
    ports(&item.child("ports"), errors);
    environment::environment(&item.child("env"), errors);
    environment::environment_from(&item.child("envFrom"), errors);
    mounts(item, pod, errors);
    devices(item, pod, errors);
    errors.required_one_of(&item.child("imagePullPolicy"), &["Always", "IfNotPresent", "Never"]);
    resources::requirements(&item.child("resources"), &pod.claims, errors);
    resize_policies(&item.child("resizePolicy"), pod.restart_policy, errors);
    pod::container_security(&item.child("securityContext"), errors);
}

fn ports(list: &Cursor<'_>, errors: &mut Errors) {
    let mut names = SortedSet::new();
    for port in list.elements() {
        let name = port.child("name");
        if !name.text().is_empty() {
            let problems = names::port_name(name.text());
            if !problems.is_empty() {
                errors.invalid_texts(&name.path, name.text(), problems);
            } else if !names.insert(name.text()) {
                errors.push(FieldError::duplicate(&name.path, name.text()));
            }
        }
        let number = port.child("containerPort");
        match number.int().unwrap_or(0) {
            0 => errors.push(FieldError::required(&number.path, "")),
            value => port_number(&number.path, value, errors),
        }
        let host = port.child("hostPort");
        if let Some(value) = host.int().filter(|value| *value != 0) {
            port_number(&host.path, value, errors);
        }
        errors.required_one_of(&port.child("protocol"), PROTOCOLS);
    }
}

fn port_number(path: &Path, value: i64, errors: &mut Errors) {
    for problem in names::port_number(value) {
        errors.push(FieldError::invalid(path, value, problem));
    }
}

/// A port given by number or name.
pub(super) fn port_number_or_name(place: &Cursor<'_>, errors: &mut Errors) {
    match place.value() {
        Some(Value::String(name)) => errors.invalid_texts(&place.path, name, names::port_name(name)),
        _ => port_number(&place.path, place.int().unwrap_or(0), errors),
    }
}

fn host_port_conflicts(item: &Cursor<'_>, taken: &mut SortedSet<String>, errors: &mut Errors) {
    for port in item.elements_of("ports") {
        let number = port.int_of("hostPort").unwrap_or(0);
        if number == 0 {
            continue;
        }
        let key = format!("{}/{}/{number}", port.text_of("protocol"), port.text_of("hostIP"));
        if !taken.insert(key.clone()) {
            errors.push(FieldError::duplicate(&port.path.child("hostPort"), key));
        }
    }
}

fn mounts(item: &Cursor<'_>, pod: &Surroundings<'_>, errors: &mut Errors) {
    let list = item.child("volumeMounts");
    let devices: SortedMap<&str, &str> =
        item.elements_of("volumeDevices").map(|device| (device.child("name").text(), device.child("devicePath").text())).collect();
    let mut paths = SortedSet::new();
    for mount in list.elements() {
        let (name, path) = (mount.child("name"), mount.child("mountPath"));
        errors.required_text(&name);
        if !pod.volumes.contains_key(name.text()) {
            errors.push(FieldError::not_found(&name.path, name.text()));
        }
        errors.required_text(&path);
        if !paths.insert(path.text()) {
            errors.push(FieldError::invalid(&path.path, path.text(), "must be unique"));
        }
        if devices.contains_key(name.text()) {
            errors.push(FieldError::invalid(&name.path, name.text(), "must not already exist in volumeDevices"));
        }
        if devices.values().any(|device| *device == path.text()) {
            errors.push(FieldError::invalid(&path.path, path.text(), "must not already exist as a path in volumeDevices"));
        }
        let (sub, expression) = (mount.text_of("subPath"), mount.text_of("subPathExpr"));
        // The real one leaves the mount's index out of these paths.
        if !sub.is_empty() {
            meta::descending_path(sub, &list.path.child("subPath"), errors);
        }
        if !expression.is_empty() {
            if !sub.is_empty() {
                let detail = "subPathExpr and subPath are mutually exclusive";
                errors.push(FieldError::invalid(&mount.path.child("subPathExpr"), expression, detail));
            }
            meta::descending_path(expression, &list.path.child("subPathExpr"), errors);
        }
        let propagation = mount.text_of("mountPropagation");
        if mount.has("mountPropagation") {
            let place = Cursor::at(mount.child("mountPropagation").value(), list.path.child("mountPropagation"));
            errors.one_of(&place, &["Bidirectional", "HostToContainer", "None"]);
            let privileged = item.child("securityContext").flag_of("privileged") == Some(true);
            if propagation == "Bidirectional" && !privileged {
                let detail = "Bidirectional mount propagation is available only to privileged containers";
                errors.push(FieldError::forbidden(&place.path, detail));
            }
        }
    }
}

fn devices(item: &Cursor<'_>, pod: &Surroundings<'_>, errors: &mut Errors) {
    let mounts: SortedMap<&str, &str> =
        item.elements_of("volumeMounts").map(|mount| (mount.child("name").text(), mount.child("mountPath").text())).collect();
    let (mut names, mut paths) = (SortedSet::new(), SortedSet::new());
    for device in item.elements_of("volumeDevices") {
        let (name, path) = (device.child("name"), device.child("devicePath"));
        errors.required_text(&name);
        if names.contains(name.text()) {
            errors.push(FieldError::invalid(&name.path, name.text(), "must be unique"));
        }
        match pod.volumes.get(name.text()) {
            None => errors.push(FieldError::not_found(&name.path, name.text())),
            Some(volume) if !volume.contains_key("persistentVolumeClaim") && !volume.contains_key("ephemeral") => {
                let detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                errors.push(FieldError::invalid(&name.path, name.text(), detail));
            }
            Some(_) => {}
        }
        errors.required_text(&path);
        if paths.contains(path.text()) {
            errors.push(FieldError::invalid(&path.path, path.text(), "must be unique"));
        }
        if path.text().split('/').any(|part| part == "..") {
            errors.push(FieldError::invalid(&path.path, path.text(), "can not contain backsteps ('..')"));
        } else {
            paths.insert(path.text());
        }
        if mounts.contains_key(name.text()) {
            errors.push(FieldError::invalid(&name.path, name.text(), "must not already exist in volumeMounts"));
        }
        if mounts.values().any(|mount| *mount == path.text()) {
            errors.push(FieldError::invalid(&path.path, path.text(), "must not already exist as a path in volumeMounts"));
        }
        names.insert(name.text());
    }
}

fn probe(probe: &Cursor<'_>, grace_seconds: Option<i64>, errors: &mut Errors) {
    handler(probe, grace_seconds, errors);
    for key in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
        errors.nonnegative(&probe.child(key));
    }
    let grace = probe.child("terminationGracePeriodSeconds");
    if let Some(seconds) = grace.int().filter(|seconds| *seconds <= 0) {
        errors.push(FieldError::invalid(&grace.path, seconds, "must be greater than 0"));
    }
}

fn handler(handler: &Cursor<'_>, grace_seconds: Option<i64>, errors: &mut Errors) {
    let mut found = false;
    for key in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let action = handler.child(key);
        if !action.is_set() {
            continue;
        }
        if found {
            errors.push(FieldError::forbidden(&action.path, MORE_THAN_ONE_HANDLER));
            continue;
        }
        found = true;
        match key {
            "exec" if action.child("command").len() == 0 => {
                errors.push(FieldError::required(&action.path.child("command"), ""));
            }
            "httpGet" => {
                errors.required_text(&action.child("path"));
                port_number_or_name(&action.child("port"), errors);
                errors.one_of(&action.child("scheme"), &["HTTP", "HTTPS"]);
                for header in action.elements_of("httpHeaders") {
                    let name = header.text_of("name");
                    errors.invalid_texts(&action.path.child("httpHeaders"), name, names::header_name(name));
                }
            }
            "tcpSocket" | "grpc" => port_number_or_name(&action.child("port"), errors),
            "sleep" => {
                let seconds = action.int_of("seconds").unwrap_or(0);
                if let Some(grace) = grace_seconds.filter(|grace| seconds < 0 || seconds > *grace) {
                    let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
                    errors.push(FieldError::invalid(&action.path, seconds, detail));
                }
            }
            _ => {}
        }
    }
    if !found {
        errors.push(FieldError::required(&handler.path, "must specify a handler type"));
    }
}

fn resize_policies(list: &Cursor<'_>, restart_policy: &str, errors: &mut Errors) {
    let mut seen = SortedSet::new();
    for policy in list.elements() {
        let name = policy.text_of("resourceName");
        if !seen.insert(name) {
            errors.push(FieldError::duplicate(&policy.path, name));
        }
        let at_list = |key: &str| Cursor::at(policy.child(key).value(), list.path.clone());
        errors.required_one_of(&at_list("resourceName"), &["cpu", "memory"]);
        errors.required_one_of(&at_list("restartPolicy"), &["NotRequired", "RestartContainer"]);
        if restart_policy == "Never" && policy.text_of("restartPolicy") != "NotRequired" {
            let detail = "must be 'NotRequired' when `restartPolicy` is 'Never'";
            errors.push(FieldError::invalid(&list.path, policy.text_of("restartPolicy"), detail));
        }
    }
}
