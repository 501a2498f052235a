//! Validation of pods, their specs and templates.
//!
//! Follows `ValidatePodSpec`, `ValidatePodTemplateSpec` and `ValidatePodCreate` of `pkg/apis/core/validation/validation.go`,
//! Kubernetes 1.36, in their order.

use super::container::{self, Surroundings};
use super::cursor::{Cursor, Errors};
use super::{affinity, meta, volumes};
use crate::api::names::{self, NameForm};
use crate::api::status::FieldError;
use crate::sorted::SortedSet;
use serde_json::Value;

/// A new pod.
pub(super) fn create(object: &Cursor<'_>, errors: &mut Errors) {
    metadata_and_spec(object, errors);
    let spec = object.child("spec");
    if spec.child("ephemeralContainers").len() > 0 {
        errors.push(FieldError::forbidden(&spec.path.child("ephemeralContainers"), "cannot be set on create"));
    }
    if !spec.text_of("nodeName").is_empty() && spec.child("schedulingGates").len() > 0 {
        let detail = "cannot be set until all schedulingGates have been cleared";
        errors.push(FieldError::forbidden(&spec.path.child("nodeName"), detail));
    }
}

/// What holds for a pod at all times.
pub(super) fn metadata_and_spec(object: &Cursor<'_>, errors: &mut Errors) {
    meta::object_meta(object, NameForm::Subdomain, true, errors);
    let name = object.child("metadata").text_of("name");
    let spec = object.child("spec");
    self::spec(&spec, spec.elements_of("volumes"), name, true, errors);
    container::only_for_pod(&spec.child("containers"), errors);
    container::only_for_pod(&spec.child("initContainers"), errors);
}

/// A pod template; `claims` are the names of a set's claim templates, each of which becomes a volume and takes the place of
/// one of the same name.
pub(super) fn template(template: &Cursor<'_>, claims: &[Value], errors: &mut Errors) {
    let metadata = template.child("metadata");
    let labels = Cursor::at(metadata.child("labels").value(), template.path.child("labels"));
    meta::labels(&labels, errors);
    let annotations = Cursor::at(metadata.child("annotations").value(), template.path.child("annotations"));
    meta::annotations(&annotations, errors);
    let spec = template.child("spec");
    let path = spec.path.child("volumes");
    let replaced =
        |volume: &Cursor<'_>| claims.iter().any(|claim| claim.get("name").and_then(Value::as_str) == Some(volume.child("name").text()));
    let written: Vec<&Value> = spec.elements_of("volumes").filter(|volume| !replaced(volume)).filter_map(|volume| volume.value()).collect();
    let all = claims.iter().chain(written).enumerate().map(|(index, value)| Cursor::at(Some(value), path.index(index)));
    self::spec(&spec, all, "", false, errors);
    if spec.child("ephemeralContainers").len() > 0 {
        let detail = "ephemeral containers not allowed in pod template";
        errors.push(FieldError::forbidden(&spec.path.child("ephemeralContainers"), detail));
    }
}

fn spec<'a>(spec: &Cursor<'a>, volume_list: impl Iterator<Item = Cursor<'a>>, pod_name: &str, is_pod: bool, errors: &mut Errors) {
    let grace = spec.child("terminationGracePeriodSeconds");
    if grace.int().is_none() {
        errors.push(FieldError::required(&grace.path, ""));
    }
    let valid_volumes = volumes::volumes(volume_list, pod_name, errors);
    let claims = resource_claims(spec, errors);
    let surroundings = Surroundings {
        volumes: valid_volumes,
        // A grace period below 0 is treated as 1.
        grace_seconds: grace.int(),
        restart_policy: spec.text_of("restartPolicy"),
        claims,
    };
    let containers = spec.child("containers");
    container::containers(&containers, &surroundings, errors);
    container::init_containers(&spec.child("initContainers"), &containers, &surroundings, errors);
    if spec.flag_of("hostNetwork") == Some(true) {
        host_network_ports(&containers, is_pod, errors);
    }
    errors.required_one_of(&spec.child("restartPolicy"), &["Always", "OnFailure", "Never"]);
    errors.required_one_of(&spec.child("dnsPolicy"), &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]);
    meta::labels(&spec.child("nodeSelector"), errors);
    pod_security(&spec.child("securityContext"), errors);
    affinity::affinity(&spec.child("affinity"), errors);
    dns_config(spec, errors);
    for gate in spec.elements_of("readinessGates") {
        let kind = gate.child("conditionType");
        errors.invalid_texts(&kind.path, kind.text(), names::qualified_name(kind.text()));
    }
    let mut gates = SortedSet::new();
    for gate in spec.elements_of("schedulingGates") {
        let name = gate.text_of("name");
        errors.invalid_texts(&gate.path, name, names::qualified_name(name));
        if !gates.insert(name) {
            errors.push(FieldError::duplicate(&gate.path, name));
        }
    }
    affinity::topology_spread(&spec.child("topologySpreadConstraints"), errors);
    host_users(spec, errors);
    names_and_deadline(spec, errors);
    affinity::tolerations(&spec.child("tolerations"), errors);
    for alias in spec.elements_of("hostAliases") {
        let ip = alias.child("ip");
        errors.invalid_texts(&ip.path, ip.text(), names::ip_address(ip.text()));
        for name in alias.elements_of("hostnames") {
            errors.invalid_texts(&name.path, name.text(), names::dns1123_subdomain(name.text()));
        }
    }
    for key in ["priorityClassName", "runtimeClassName"] {
        let name = spec.child(key);
        if !name.text().is_empty() {
            errors.invalid_texts(&name.path, name.text(), names::dns1123_subdomain(name.text()));
        }
    }
    if spec.has("preemptionPolicy") {
        errors.required_one_of(&spec.child("preemptionPolicy"), &["PreemptLowerPriority", "Never"]);
    }
    if spec.has("os") {
        errors.required_one_of(&spec.child("os").child("name"), &["linux", "windows"]);
    }
}

fn names_and_deadline(spec: &Cursor<'_>, errors: &mut Errors) {
    for key in ["serviceAccountName", "nodeName"] {
        let name = spec.child(key);
        if !name.text().is_empty() {
            errors.invalid_texts(&name.path, name.text(), names::dns1123_subdomain(name.text()));
        }
    }
    let deadline = spec.child("activeDeadlineSeconds");
    if let Some(seconds) = deadline.int().filter(|seconds| !(1..=i64::from(i32::MAX)).contains(seconds)) {
        errors.push(FieldError::invalid(&deadline.path, seconds, "must be between 1 and 2147483647, inclusive"));
    }
    for key in ["hostname", "subdomain"] {
        let name = spec.child(key);
        if !name.text().is_empty() {
            errors.invalid_texts(&name.path, name.text(), names::dns1123_label(name.text()));
        }
    }
}

fn resource_claims<'a>(spec: &Cursor<'a>, errors: &mut Errors) -> SortedSet<&'a str> {
    let mut claims = SortedSet::new();
    for claim in spec.elements_of("resourceClaims") {
        let name = claim.child("name");
        if errors.required_text(&name) {
            if claims.insert(name.text()) {
                errors.invalid_texts(&name.path, name.text(), names::dns1123_label(name.text()));
            } else {
                errors.push(FieldError::duplicate(&name.path, name.text()));
            }
        }
    }
    claims
}

fn host_network_ports(containers: &Cursor<'_>, is_pod: bool, errors: &mut Errors) {
    for port in containers.elements().flat_map(|item| item.elements_of("ports")) {
        let (host, inside) = (port.int_of("hostPort").unwrap_or(0), port.int_of("containerPort").unwrap_or(0));
        if (is_pod || host != 0) && host != inside {
            let detail = "must match `containerPort` when `hostNetwork` is true";
            errors.push(FieldError::invalid(&port.path.child("hostPort"), host, detail));
        }
    }
}

fn host_users(spec: &Cursor<'_>, errors: &mut Errors) {
    if spec.flag_of("hostUsers") != Some(false) {
        return;
    }
    for (key, shown) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        if spec.flag_of(key) == Some(true) {
            errors.push(FieldError::forbidden(&spec.path.child(shown), "when `pod.Spec.HostUsers` is false"));
        }
    }
}

fn dns_config(spec: &Cursor<'_>, errors: &mut Errors) {
    const SERVERS_MAX: usize = 3;
    const SEARCHES_MAX: usize = 32;
    let config = spec.child("dnsConfig");
    let servers = config.child("nameservers");
    if spec.text_of("dnsPolicy") == "None" {
        if !config.is_set() {
            errors.push(FieldError::required(&config.path, "must provide `dnsConfig` when `dnsPolicy` is None"));
            return;
        }
        if servers.len() == 0 {
            let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
            errors.push(FieldError::required(&servers.path, detail));
            return;
        }
    }
    if servers.len() > SERVERS_MAX {
        let detail = format!("must not have more than {SERVERS_MAX} nameservers");
        errors.push(FieldError::invalid(&servers.path, servers.value_or_null(), detail));
    }
    for server in servers.elements() {
        errors.invalid_texts(&server.path, server.text(), names::ip_address(server.text()));
    }
    let searches = config.child("searches");
    if searches.len() > SEARCHES_MAX {
        let detail = format!("must not have more than {SEARCHES_MAX} search paths");
        errors.push(FieldError::invalid(&searches.path, searches.value_or_null(), detail));
    }
    for search in searches.elements().filter(|search| search.text() != ".") {
        // Underscores are taken here, as 1.34 and later do.
        let name = search.text().strip_suffix('.').unwrap_or(search.text());
        let problems = names::dns1123_subdomain(&name.replace('_', "a"));
        errors.invalid_texts(&search.path, name, problems);
    }
    for option in config.elements_of("options").filter(|option| option.child("name").text().is_empty()) {
        errors.push(FieldError::required(&option.path, "must not be empty"));
    }
}

fn pod_security(context: &Cursor<'_>, errors: &mut Errors) {
    user_ids(context, &["fsGroup", "runAsUser", "runAsGroup"], errors);
    for group in context.elements_of("supplementalGroups") {
        user_id(&group, errors);
    }
    if context.has("fsGroupChangePolicy") {
        errors.one_of(&context.child("fsGroupChangePolicy"), &["Always", "OnRootMismatch"]);
    }
    seccomp(&context.child("seccompProfile"), errors);
}

/// A container's security context.
pub(super) fn container_security(context: &Cursor<'_>, errors: &mut Errors) {
    user_ids(context, &["runAsUser", "runAsGroup"], errors);
    seccomp(&context.child("seccompProfile"), errors);
    if context.flag_of("allowPrivilegeEscalation") == Some(false) && context.flag_of("privileged") == Some(true) {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
        errors.push(FieldError::invalid(&context.path, context.value_or_null(), detail));
    }
}

fn user_ids(context: &Cursor<'_>, keys: &[&str], errors: &mut Errors) {
    for key in keys {
        user_id(&context.child(key), errors);
    }
}

fn user_id(place: &Cursor<'_>, errors: &mut Errors) {
    if let Some(id) = place.int() {
        for problem in names::user_id(id) {
            errors.push(FieldError::invalid(&place.path, id, problem));
        }
    }
}

fn seccomp(profile: &Cursor<'_>, errors: &mut Errors) {
    if !profile.is_set() {
        return;
    }
    let kind = profile.child("type");
    if kind.text().is_empty() {
        errors.push(FieldError::required(&kind.path, "type is required when seccompProfile is set"));
    } else {
        errors.one_of(&kind, &["Localhost", "RuntimeDefault", "Unconfined"]);
    }
    let local = profile.child("localhostProfile");
    if kind.text() == "Localhost" {
        if local.is_set() {
            meta::descending_path(local.text(), &local.path, errors);
        } else {
            errors.push(FieldError::required(&local.path, "must be set when seccomp type is Localhost"));
        }
    } else if local.is_set() {
        let detail = "can only be set when seccomp type is Localhost";
        errors.push(FieldError::invalid(&local.path, profile.value_or_null(), detail));
    }
}
