//! A pod template as Go's `spew` writes the structure that holds it, which is what a ReplicaSet's name is the hash of.
//! It must not know what is hashed with it.
//! Follows `pkg/util/hash/hash.go` (`DeepHashObject`), `davecgh/go-spew` `format.go` (`%#v`) and the field order of
//! `k8s.io/api/core/v1/types.go` 1.36.
//!
//! Recorded names, and those that kubeadm's CoreDNS bears in every cluster, prove the way of writing. Volumes of the old
//! cloud providers and amounts beyond what Go holds in 64 bits are written as JSON: the name is then stable, but not the
//! real one's.

use serde_json::Value;

use crate::api::{quantity, read};
use crate::settings::Version;

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
VolumeDevice Name=string DevicePath=string
ContainerResizePolicy ResourceName=v1.ResourceName RestartPolicy=v1.ResourceResizeRestartPolicy
ResourceClaim Name=string Request=string
EnvFromSource Prefix=string ConfigMapRef=*v1.ConfigMapEnvSource SecretRef=*v1.SecretEnvSource
ConfigMapEnvSource LocalObjectReference=v1.LocalObjectReference Optional=*bool
SecretEnvSource LocalObjectReference=v1.LocalObjectReference Optional=*bool
EnvVarSource FieldRef=*v1.ObjectFieldSelector ResourceFieldRef=*v1.ResourceFieldSelector ConfigMapKeyRef=*v1.ConfigMapKeySelector \
SecretKeyRef=*v1.SecretKeySelector FileKeyRef=*v1.FileKeySelector
ObjectFieldSelector APIVersion=string FieldPath=string
ResourceFieldSelector ContainerName=string Resource=string Divisor=resource.Quantity
ConfigMapKeySelector LocalObjectReference=v1.LocalObjectReference Key=string Optional=*bool
SecretKeySelector LocalObjectReference=v1.LocalObjectReference Key=string Optional=*bool
LocalObjectReference Name=string
Probe ProbeHandler=v1.ProbeHandler InitialDelaySeconds=int32 TimeoutSeconds=int32 PeriodSeconds=int32 SuccessThreshold=int32 \
FailureThreshold=int32 TerminationGracePeriodSeconds=*int64
ProbeHandler Exec=*v1.ExecAction HTTPGet=*v1.HTTPGetAction TCPSocket=*v1.TCPSocketAction GRPC=*v1.GRPCAction
ExecAction Command=[]string
HTTPGetAction Path=string Port=intstr.IntOrString Host=string Scheme=v1.URIScheme HTTPHeaders=[]v1.HTTPHeader
HTTPHeader Name=string Value=string
TCPSocketAction Port=intstr.IntOrString Host=string
GRPCAction Port=int32 Service=*string
Lifecycle PostStart=*v1.LifecycleHandler PreStop=*v1.LifecycleHandler StopSignal=*v1.Signal
LifecycleHandler Exec=*v1.ExecAction HTTPGet=*v1.HTTPGetAction TCPSocket=*v1.TCPSocketAction Sleep=*v1.SleepAction
SleepAction Seconds=int64
SecurityContext Capabilities=*v1.Capabilities Privileged=*bool SELinuxOptions=*v1.SELinuxOptions \
WindowsOptions=*v1.WindowsSecurityContextOptions RunAsUser=*int64 RunAsGroup=*int64 RunAsNonRoot=*bool ReadOnlyRootFilesystem=*bool \
AllowPrivilegeEscalation=*bool ProcMount=*v1.ProcMountType SeccompProfile=*v1.SeccompProfile AppArmorProfile=*v1.AppArmorProfile
Capabilities Add=[]v1.Capability Drop=[]v1.Capability
SELinuxOptions User=string Role=string Type=string Level=string
SeccompProfile Type=v1.SeccompProfileType LocalhostProfile=*string
AppArmorProfile Type=v1.AppArmorProfileType LocalhostProfile=*string
Sysctl Name=string Value=string
Affinity NodeAffinity=*v1.NodeAffinity PodAffinity=*v1.PodAffinity PodAntiAffinity=*v1.PodAntiAffinity
NodeAffinity RequiredDuringSchedulingIgnoredDuringExecution=*v1.NodeSelector \
PreferredDuringSchedulingIgnoredDuringExecution=[]v1.PreferredSchedulingTerm
NodeSelector NodeSelectorTerms=[]v1.NodeSelectorTerm
NodeSelectorTerm MatchExpressions=[]v1.NodeSelectorRequirement MatchFields=[]v1.NodeSelectorRequirement
NodeSelectorRequirement Key=string Operator=v1.NodeSelectorOperator Values=[]string
PreferredSchedulingTerm Weight=int32 Preference=v1.NodeSelectorTerm
PodAffinity RequiredDuringSchedulingIgnoredDuringExecution=[]v1.PodAffinityTerm \
PreferredDuringSchedulingIgnoredDuringExecution=[]v1.WeightedPodAffinityTerm
PodAntiAffinity RequiredDuringSchedulingIgnoredDuringExecution=[]v1.PodAffinityTerm \
PreferredDuringSchedulingIgnoredDuringExecution=[]v1.WeightedPodAffinityTerm
WeightedPodAffinityTerm Weight=int32 PodAffinityTerm=v1.PodAffinityTerm
PodAffinityTerm LabelSelector=*v1.LabelSelector Namespaces=[]string TopologyKey=string NamespaceSelector=*v1.LabelSelector \
MatchLabelKeys=[]string MismatchLabelKeys=[]string
LabelSelector MatchLabels=map[string]string MatchExpressions=[]v1.LabelSelectorRequirement
LabelSelectorRequirement Key=string Operator=v1.LabelSelectorOperator Values=[]string
TopologySpreadConstraint MaxSkew=int32 TopologyKey=string WhenUnsatisfiable=v1.UnsatisfiableConstraintAction \
LabelSelector=*v1.LabelSelector MinDomains=*int32 NodeAffinityPolicy=*v1.NodeInclusionPolicy NodeTaintsPolicy=*v1.NodeInclusionPolicy \
MatchLabelKeys=[]string
HostAlias IP=string Hostnames=[]string
PodDNSConfig Nameservers=[]string Searches=[]string Options=[]v1.PodDNSConfigOption
PodDNSConfigOption Name=string Value=*string
PodReadinessGate ConditionType=v1.PodConditionType
PodOS Name=v1.OSName
PodSchedulingGate Name=string
Volume Name=string VolumeSource=v1.VolumeSource
VolumeSource HostPath=*v1.HostPathVolumeSource EmptyDir=*v1.EmptyDirVolumeSource GCEPersistentDisk=*v1.GCEPersistentDiskVolumeSource \
AWSElasticBlockStore=*v1.AWSElasticBlockStoreVolumeSource GitRepo=*v1.GitRepoVolumeSource Secret=*v1.SecretVolumeSource \
NFS=*v1.NFSVolumeSource ISCSI=*v1.ISCSIVolumeSource Glusterfs=*v1.GlusterfsVolumeSource \
PersistentVolumeClaim=*v1.PersistentVolumeClaimVolumeSource RBD=*v1.RBDVolumeSource FlexVolume=*v1.FlexVolumeSource \
Cinder=*v1.CinderVolumeSource CephFS=*v1.CephFSVolumeSource Flocker=*v1.FlockerVolumeSource DownwardAPI=*v1.DownwardAPIVolumeSource \
FC=*v1.FCVolumeSource AzureFile=*v1.AzureFileVolumeSource ConfigMap=*v1.ConfigMapVolumeSource \
VsphereVolume=*v1.VsphereVirtualDiskVolumeSource Quobyte=*v1.QuobyteVolumeSource AzureDisk=*v1.AzureDiskVolumeSource \
PhotonPersistentDisk=*v1.PhotonPersistentDiskVolumeSource Projected=*v1.ProjectedVolumeSource PortworxVolume=*v1.PortworxVolumeSource \
ScaleIO=*v1.ScaleIOVolumeSource StorageOS=*v1.StorageOSVolumeSource CSI=*v1.CSIVolumeSource Ephemeral=*v1.EphemeralVolumeSource \
Image=*v1.ImageVolumeSource
HostPathVolumeSource Path=string Type=*v1.HostPathType
EmptyDirVolumeSource Medium=v1.StorageMedium SizeLimit=*resource.Quantity
SecretVolumeSource SecretName=string Items=[]v1.KeyToPath DefaultMode=*int32 Optional=*bool
NFSVolumeSource Server=string Path=string ReadOnly=bool
PersistentVolumeClaimVolumeSource ClaimName=string ReadOnly=bool
DownwardAPIVolumeSource Items=[]v1.DownwardAPIVolumeFile DefaultMode=*int32
DownwardAPIVolumeFile Path=string FieldRef=*v1.ObjectFieldSelector ResourceFieldRef=*v1.ResourceFieldSelector Mode=*int32
ConfigMapVolumeSource LocalObjectReference=v1.LocalObjectReference Items=[]v1.KeyToPath DefaultMode=*int32 Optional=*bool
KeyToPath Key=string Path=string Mode=*int32
ProjectedVolumeSource Sources=[]v1.VolumeProjection DefaultMode=*int32
VolumeProjection Secret=*v1.SecretProjection DownwardAPI=*v1.DownwardAPIProjection ConfigMap=*v1.ConfigMapProjection \
ServiceAccountToken=*v1.ServiceAccountTokenProjection ClusterTrustBundle=*v1.ClusterTrustBundleProjection \
PodCertificate=*v1.PodCertificateProjection
SecretProjection LocalObjectReference=v1.LocalObjectReference Items=[]v1.KeyToPath Optional=*bool
DownwardAPIProjection Items=[]v1.DownwardAPIVolumeFile
ConfigMapProjection LocalObjectReference=v1.LocalObjectReference Items=[]v1.KeyToPath Optional=*bool
ServiceAccountTokenProjection Audience=string ExpirationSeconds=*int64 Path=string
CSIVolumeSource Driver=string ReadOnly=*bool FSType=*string VolumeAttributes=map[string]string \
NodePublishSecretRef=*v1.LocalObjectReference
EphemeralVolumeSource VolumeClaimTemplate=*v1.PersistentVolumeClaimTemplate
PersistentVolumeClaimTemplate ObjectMeta=v1.ObjectMeta Spec=v1.PersistentVolumeClaimSpec
PersistentVolumeClaimSpec AccessModes=[]v1.PersistentVolumeAccessMode Selector=*v1.LabelSelector Resources=v1.VolumeResourceRequirements \
VolumeName=string StorageClassName=*string VolumeMode=*v1.PersistentVolumeMode DataSource=*v1.TypedLocalObjectReference \
DataSourceRef=*v1.TypedObjectReference VolumeAttributesClassName=*string
VolumeResourceRequirements Limits=v1.ResourceList Requests=v1.ResourceList
ImageVolumeSource Reference=string PullPolicy=v1.PullPolicy
";

/// The field that ends a pod's specification in 1.36; that of 1.37 is taken to be the same.
const LAST_FIELD: &str = " SchedulingGroup:(*v1.PodSchedulingGroup)<nil>";

/// A template as a version hashes it.
pub(super) fn template(document: &Value, version: Version) -> String {
    let mut text = String::new();
    typed("v1.PodTemplateSpec", Some(document), &mut text);
    match version {
        Version::V1_34 => text.replace(LAST_FIELD, ""),
        Version::V1_35 => text.replace(LAST_FIELD, " WorkloadRef:(*v1.WorkloadReference)<nil>"),
        Version::V1_36 | Version::V1_37 => text,
    }
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
        // What is empty is not sent, so that the controller reads nothing.
        let elements = value.and_then(Value::as_array).filter(|elements| !elements.is_empty());
        let Some(elements) = elements else { return text.push_str("<nil>") };
        text.push('[');
        separated(elements.iter(), text, |value, text| bare(element, Some(value), text));
        text.push(']');
    } else if kind == "map[string]string" || kind == "v1.ResourceList" {
        let entries = value.and_then(Value::as_object).filter(|entries| !entries.is_empty());
        let Some(entries) = entries else { return text.push_str("<nil>") };
        let kind = if kind == "v1.ResourceList" { "resource.Quantity" } else { "string" };
        text.push_str("map[");
        separated(entries.iter(), text, |(key, value), text| {
            text.push_str(key);
            text.push(':');
            bare(kind, Some(value), text);
        });
        text.push(']');
    } else if kind == "intstr.IntOrString" {
        let (of_kind, number, name) = match value {
            Some(Value::String(name)) => (1, 0, name.as_str()),
            value => (0, value.and_then(Value::as_i64).unwrap_or(0), ""),
        };
        text.push_str(&format!("{{Type:(intstr.Type){of_kind} IntVal:(int32){number} StrVal:(string){name}}}"));
    } else if let Some(amount) = value.filter(|_| kind == "resource.Quantity").and_then(amount) {
        text.push_str(&amount);
    } else if let Some(fields) = fields(kind) {
        text.push('{');
        separated(fields, text, |field, text| {
            let (name, kind) = field.split_once('=').unwrap_or((field, "string"));
            text.push_str(name);
            text.push(':');
            let inlined = matches!(name, "VolumeSource" | "ProbeHandler" | "LocalObjectReference");
            let value = value.and_then(|value| if inlined { Some(value) } else { read::at(value, &[&json_name(name)]) });
            typed(kind, value, text);
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

/// An amount as Go holds it in 64 bits; `None` where those do not suffice. It keeps its text where `ParseQuantity` can tell
/// without counting that the text is the canonical one.
fn amount(value: &Value) -> Option<String> {
    let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let written = quantity::canonical(&written);
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let (number, suffix) = written.split_at(digits);
    let units: i64 = number.parse().ok()?;
    let length = i32::try_from(digits).ok()?;
    let decimal = |scale: i32, format| {
        let kept = if scale % 3 == 0 && !number.ends_with("000") { written.as_str() } else { "" };
        (length <= 18).then_some((units, scale, kept, format))
    };
    let binary = |exponent: i32| {
        let kept = if units % 8 == 0 { "" } else { written.as_str() };
        let precise = 0 <= 14 - length - exponent * 3 / 10;
        precise.then(|| units.checked_mul(1 << exponent)).flatten().map(|units| (units, 0, kept, "BinarySI"))
    };
    let (units, scale, kept, format) = match suffix {
        "n" => decimal(-9, "DecimalSI"),
        "u" => decimal(-6, "DecimalSI"),
        "m" => decimal(-3, "DecimalSI"),
        "" => decimal(0, "DecimalSI"),
        "k" => decimal(3, "DecimalSI"),
        "M" => decimal(6, "DecimalSI"),
        "G" => decimal(9, "DecimalSI"),
        "T" => decimal(12, "DecimalSI"),
        "Ki" => binary(10),
        "Mi" => binary(20),
        "Gi" => binary(30),
        "Ti" => binary(40),
        _ => decimal(suffix.strip_prefix('e')?.parse().ok()?, "DecimalExponent"),
    }?;
    Some(format!(
        "{{i:(resource.int64Amount){{value:(int64){units} scale:(resource.Scale){scale}}} d:(resource.infDecAmount){{Dec:(*inf.Dec)<nil>}} \
         s:(string){kept} Format:(resource.Format){format}}}"
    ))
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
        hash::safe_encode(hash::fnv1a(template(document, Version::V1_36).bytes()))
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

    #[test]
    fn amounts_are_written_as_go_holds_them() {
        let written = |text: &str| amount(&json!(text));
        let held = |units: i64, scale: i32, kept: &str, format: &str| {
            Some(format!(
                "{{i:(resource.int64Amount){{value:(int64){units} scale:(resource.Scale){scale}}} \
                 d:(resource.infDecAmount){{Dec:(*inf.Dec)<nil>}} s:(string){kept} Format:(resource.Format){format}}}"
            ))
        };
        assert_eq!(written("0.5"), held(500, -3, "500m", "DecimalSI"));
        assert_eq!(written("2"), held(2, 0, "2", "DecimalSI"));
        // Whether this is canonical, Go does not know without counting.
        assert_eq!(written("64Mi"), held(64 << 20, 0, "", "BinarySI"));
        assert_eq!(written("1Gi"), held(1 << 30, 0, "1Gi", "BinarySI"));
        assert_eq!(written("1e3"), held(1, 3, "1e3", "DecimalExponent"));
        assert_eq!(written("999Ti"), None);
    }
}
