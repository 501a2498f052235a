//! A pod template as Go's `spew` writes the structure that holds it, which is what a ReplicaSet's name is the hash of.
//! It must not know what is hashed with it.
//! Follows `pkg/util/hash/hash.go` (`DeepHashObject`), `davecgh/go-spew` `format.go` (`%#v`) and the field order of
//! `k8s.io/api/core/v1/types.go` 1.36.
//!
//! The types below are those whose layout a recorded name proves. Parts of other types (volumes, probes, resources) are
//! written as JSON: the name is then stable, but not the real one's.

use serde_json::Value;

use crate::api::read;

/// A type a line: its name, and its fields with their Go types.
const TYPES: &str = "\
PodTemplateSpec ObjectMeta=v1.ObjectMeta Spec=v1.PodSpec
ObjectMeta Name=string GenerateName=string Namespace=string SelfLink=string UID=types.UID ResourceVersion=string Generation=int64 \
CreationTimestamp=v1.Time DeletionTimestamp=*v1.Time DeletionGracePeriodSeconds=*int64 Labels=map[string]string \
Annotations=map[string]string OwnerReferences=[]v1.OwnerReference Finalizers=[]string ManagedFields=[]v1.ManagedFieldsEntry
Time Time=time.Time
time.Time wall=uint64 ext=int64 loc=*time.Location
PodSpec Volumes=[]v1.Volume InitContainers=[]v1.Container Containers=[]v1.Container EphemeralContainers=[]v1.EphemeralContainer \
RestartPolicy=v1.RestartPolicy TerminationGracePeriodSeconds=*int64 ActiveDeadlineSeconds=*int64 DNSPolicy=v1.DNSPolicy \
NodeSelector=map[string]string ServiceAccountName=string DeprecatedServiceAccount=string AutomountServiceAccountToken=*bool \
NodeName=string HostNetwork=bool HostPID=bool HostIPC=bool ShareProcessNamespace=*bool SecurityContext=*v1.PodSecurityContext \
ImagePullSecrets=[]v1.LocalObjectReference Hostname=string Subdomain=string Affinity=*v1.Affinity SchedulerName=string \
Tolerations=[]v1.Toleration HostAliases=[]v1.HostAlias PriorityClassName=string Priority=*int32 DNSConfig=*v1.PodDNSConfig \
ReadinessGates=[]v1.PodReadinessGate RuntimeClassName=*string EnableServiceLinks=*bool PreemptionPolicy=*v1.PreemptionPolicy \
Overhead=v1.ResourceList TopologySpreadConstraints=[]v1.TopologySpreadConstraint SetHostnameAsFQDN=*bool OS=*v1.PodOS \
HostUsers=*bool SchedulingGates=[]v1.PodSchedulingGate ResourceClaims=[]v1.PodResourceClaim Resources=*v1.ResourceRequirements \
HostnameOverride=*string SchedulingGroup=*v1.PodSchedulingGroup
Container Name=string Image=string Command=[]string Args=[]string WorkingDir=string Ports=[]v1.ContainerPort EnvFrom=[]v1.EnvFromSource \
Env=[]v1.EnvVar Resources=v1.ResourceRequirements ResizePolicy=[]v1.ContainerResizePolicy RestartPolicy=*v1.ContainerRestartPolicy \
RestartPolicyRules=[]v1.ContainerRestartRule VolumeMounts=[]v1.VolumeMount VolumeDevices=[]v1.VolumeDevice LivenessProbe=*v1.Probe \
ReadinessProbe=*v1.Probe StartupProbe=*v1.Probe Lifecycle=*v1.Lifecycle TerminationMessagePath=string \
TerminationMessagePolicy=v1.TerminationMessagePolicy ImagePullPolicy=v1.PullPolicy SecurityContext=*v1.SecurityContext Stdin=bool \
StdinOnce=bool TTY=bool
ContainerPort Name=string HostPort=int32 ContainerPort=int32 Protocol=v1.Protocol HostIP=string
ResourceRequirements Limits=v1.ResourceList Requests=v1.ResourceList Claims=[]v1.ResourceClaim
PodSecurityContext SELinuxOptions=*v1.SELinuxOptions WindowsOptions=*v1.WindowsSecurityContextOptions RunAsUser=*int64 \
RunAsGroup=*int64 RunAsNonRoot=*bool SupplementalGroups=[]int64 SupplementalGroupsPolicy=*v1.SupplementalGroupsPolicy FSGroup=*int64 \
Sysctls=[]v1.Sysctl FSGroupChangePolicy=*v1.PodFSGroupChangePolicy SeccompProfile=*v1.SeccompProfile \
AppArmorProfile=*v1.AppArmorProfile SELinuxChangePolicy=*v1.PodSELinuxChangePolicy
Toleration Key=string Operator=v1.TolerationOperator Value=string Effect=v1.TaintEffect TolerationSeconds=*int64
EnvVar Name=string Value=string ValueFrom=*v1.EnvVarSource
VolumeMount Name=string ReadOnly=bool RecursiveReadOnly=*v1.RecursiveReadOnlyMode MountPath=string SubPath=string \
MountPropagation=*v1.MountPropagationMode SubPathExpr=string
";

/// A template as it is hashed.
pub(super) fn template(document: &Value) -> String {
    let mut text = String::new();
    typed("v1.PodTemplateSpec", Some(document), &mut text);
    text
}

/// A value with its type before it.
fn typed(kind: &str, value: Option<&Value>, text: &mut String) {
    text.push('(');
    text.push_str(kind);
    text.push(')');
    bare(kind, value.filter(|value| !value.is_null()), text);
}

fn bare(kind: &str, value: Option<&Value>, text: &mut String) {
    if let Some(target) = kind.strip_prefix('*') {
        match value {
            Some(_) => bare(target, value, text),
            None => text.push_str("<nil>"),
        }
    } else if let Some(element) = kind.strip_prefix("[]") {
        let Some(elements) = value.and_then(Value::as_array) else { return text.push_str("<nil>") };
        text.push('[');
        separated(elements.iter(), text, |value, text| bare(element, Some(value), text));
        text.push(']');
    } else if kind == "map[string]string" || kind == "v1.ResourceList" {
        let Some(entries) = value.and_then(Value::as_object) else { return text.push_str("<nil>") };
        text.push_str("map[");
        separated(entries.iter(), text, |(key, value), text| {
            text.push_str(key);
            text.push(':');
            bare("string", Some(value), text);
        });
        text.push(']');
    } else if let Some(fields) = fields(kind) {
        text.push('{');
        separated(fields, text, |field, text| {
            let (name, kind) = field.split_once('=').unwrap_or((field, "string"));
            text.push_str(name);
            text.push(':');
            typed(kind, value.and_then(|value| read::at(value, &[&json_name(name)])), text);
        });
        text.push('}');
    } else {
        match value {
            Some(Value::String(written)) => text.push_str(written),
            Some(value) => text.push_str(&value.to_string()),
            None if kind.starts_with("int") || kind.starts_with("uint") => text.push('0'),
            None if kind == "bool" => text.push_str("false"),
            None => {}
        }
    }
}

fn separated<T>(items: impl Iterator<Item = T>, text: &mut String, mut write: impl FnMut(T, &mut String)) {
    for (place, item) in items.enumerate() {
        if place > 0 {
            text.push(' ');
        }
        write(item, text);
    }
}

/// The fields of a type, where its layout is known.
fn fields(kind: &str) -> Option<impl Iterator<Item = &'static str>> {
    let name = kind.strip_prefix("v1.").unwrap_or(kind);
    TYPES.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).map(|fields| fields.split(' '))
}

/// The key of a field in JSON: capitals at the beginning become small, but for the one that begins the next word.
fn json_name(field: &str) -> String {
    match field {
        "ObjectMeta" => return "metadata".to_owned(),
        "DeprecatedServiceAccount" => return "serviceAccount".to_owned(),
        _ => {}
    }
    let capitals = field.bytes().take_while(u8::is_ascii_uppercase).count();
    let small = if capitals > 1 && capitals < field.len() { capitals - 1 } else { capitals };
    field[..small].to_ascii_lowercase() + &field[small..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;
    use serde_json::json;

    fn name(document: &Value) -> String {
        hash::safe_encode(hash::fnv1a(template(document).bytes()))
    }

    fn document(label: &str, container: Value, grace: i64) -> Value {
        let mut container = container;
        container["terminationMessagePath"] = json!("/dev/termination-log");
        container["terminationMessagePolicy"] = json!("File");
        container["resources"] = json!({});
        json!({
            "metadata": {"labels": {"app": label}},
            "spec": {
                "containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": "Always",
                "schedulerName": "default-scheduler", "securityContext": {}, "terminationGracePeriodSeconds": grace,
            },
        })
    }

    #[test]
    fn names_are_the_recorded_ones() {
        // 14-deployment.
        for (image, hash) in [("nginx:1.25", "56cc564fd5"), ("nginx:1.26", "6f7b5c487d"), ("nginx:bad", "5cb89d4858")] {
            let ports = json!([{"containerPort": 80, "protocol": "TCP"}]);
            let container = json!({"name": "nginx", "image": image, "imagePullPolicy": "IfNotPresent", "ports": ports});
            assert_eq!(name(&document("web", container, 10)), hash);
        }
        // 13-node-notready.
        let mut silent = document("dep", json!({"name": "c", "image": "nginx", "imagePullPolicy": "Always"}), 30);
        let toleration = |key: &str| json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 8});
        silent["spec"]["tolerations"] = json!([toleration("node.kubernetes.io/unreachable"), toleration("node.kubernetes.io/not-ready")]);
        assert_eq!(name(&silent), "7dcfb544f4");
    }
}
