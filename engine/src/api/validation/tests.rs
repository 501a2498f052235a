//! Rules that no recorded refusal covers; the recorded ones are in `engine/tests/refusals.rs`.

use super::{validate_create, validate_update, warnings};
use crate::api::defaults;
use serde_json::{Value, json};

fn object(kind: &str, text: &str) -> Value {
    let mut value: Value = serde_yaml::from_str(text).expect("the test's YAML is fine");
    defaults::apply(kind, &mut value);
    value
}

fn created(kind: &str, text: &str) -> Vec<String> {
    validate_create(kind, &object(kind, text)).iter().map(ToString::to_string).collect()
}

fn changed(kind: &str, old: &str, new: &str) -> Vec<String> {
    validate_update(kind, &object(kind, old), &object(kind, new)).iter().map(ToString::to_string).collect()
}

const POD: &str = "{metadata: {name: a}, spec: {nodeName: n, containers: [{name: a, image: x}]}}";

#[test]
fn a_pod_may_change_its_image_and_little_else() {
    assert_eq!(changed("Pod", POD, &POD.replace("image: x", "image: y")), [""; 0]);
    let errors = changed("Pod", POD, &POD.replace("nodeName: n", "nodeName: m"));
    assert_eq!(errors.len(), 1);
    assert!(errors[0].starts_with(
        "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,\
         `spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing \
         tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n  \
         core.PodSpec{\n  \t... // 9 identical fields\n"
    ));
    assert!(errors[0].contains("- \tNodeName:                     \"n\",\n+ \tNodeName:                     \"m\",\n"));
    let two = POD.replace("[{name: a, image: x}]", "[{name: a, image: x}, {name: b, image: x}]");
    assert_eq!(changed("Pod", POD, &two), ["spec.containers: Forbidden: pod updates may not add or remove containers"]);
}

#[test]
fn a_bound_claim_may_grow_but_not_move() {
    let claim = |size: &str, class: &str| {
        format!(
            "{{metadata: {{name: c}}, spec: {{accessModes: [ReadWriteOnce], storageClassName: {class}, volumeName: v, resources: \
             {{requests: {{storage: {size}}}}}}}, status: {{phase: Bound, capacity: {{storage: 1Gi}}}}}}"
        )
    };
    let kind = "PersistentVolumeClaim";
    assert_eq!(changed(kind, &claim("1Gi", "s"), &claim("2Gi", "s")), [""; 0]);
    assert_eq!(
        changed(kind, &claim("2Gi", "s"), &claim("1Gi", "s")),
        ["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"]
    );
    let errors = changed(kind, &claim("1Gi", "s"), &claim("1Gi", "t"));
    assert_eq!(errors.len(), 1);
    assert!(errors[0].starts_with("spec: Forbidden: spec is immutable after creation except resources.requests and"));
    assert!(errors[0].contains("- \tStorageClassName: &\"s\",\n+ \tStorageClassName: &\"t\",\n"), "{}", errors[0]);
}

#[test]
fn what_cannot_change_in_other_kinds() {
    let service = |ip: &str| format!("{{metadata: {{name: s}}, spec: {{clusterIP: {ip}, ports: [{{port: 80}}]}}}}");
    assert_eq!(
        changed("Service", &service("10.0.0.1"), &service("None")),
        ["spec.clusterIPs[0]: Invalid value: [\"None\"]: may not change once set"]
    );
    let deployment = |app: &str| {
        format!(
            "{{metadata: {{name: d}}, spec: {{selector: {{matchLabels: {{app: {app}}}}}, template: {{metadata: {{labels: {{app: \
             {app}}}}}, spec: {{containers: [{{name: a, image: a}}]}}}}}}}}"
        )
    };
    assert_eq!(
        changed("Deployment", &deployment("a"), &deployment("b")),
        ["spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"b\"}}: field is immutable"]
    );
    let class = |provisioner: &str| format!("{{metadata: {{name: s}}, provisioner: {provisioner}}}");
    assert_eq!(changed("StorageClass", &class("a"), &class("b")), ["provisioner: Forbidden: updates to provisioner are forbidden."]);
}

#[test]
fn services_and_volumes() {
    assert_eq!(
        created("Service", "{metadata: {name: s}, spec: {ports: [{port: 80}, {port: 80}]}}"),
        [
            "spec.ports[0].name: Required value",
            "spec.ports[1].name: Required value",
            "spec.ports[1]: Duplicate value: {\"Name\":\"\",\"Protocol\":\"TCP\",\"AppProtocol\":null,\"Port\":80,\
             \"TargetPort\":0,\"NodePort\":0}"
        ]
    );
    assert_eq!(created("Service", "{metadata: {name: s}, spec: {type: ExternalName, externalName: example.com.}}"), [""; 0]);
    assert_eq!(
        created("PersistentVolume", "{metadata: {name: v}, spec: {accessModes: [ReadWriteOnce]}}"),
        [
            "spec.capacity: Required value",
            "spec.capacity: Unsupported value: null: supported values: \"storage\"",
            "spec: Required value: must specify a volume type"
        ]
    );
    let local = "{metadata: {name: v}, spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, local: {path: /x}}}";
    assert_eq!(created("PersistentVolume", local), ["spec.nodeAffinity: Required value: Local volume requires node affinity"]);
}

#[test]
fn names_are_the_kind_s_own() {
    assert_eq!(created("ConfigMap", "{metadata: {name: a.b}, data: {a/b: x}}").len(), 1);
    assert_eq!(created("PodDisruptionBudget", "{metadata: {name: A_b}, spec: {minAvailable: 1}}"), [""; 0]);
    assert_eq!(
        created("Namespace", "{metadata: {name: Bad_NS}}"),
        ["metadata.name: Invalid value: \"Bad_NS\": a lowercase RFC 1123 label must consist of lower case alphanumeric \
          characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used \
          for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"]
    );
}

#[test]
fn what_is_only_warned_of() {
    let pod = object(
        "Pod",
        "{metadata: {name: a}, spec: {terminationGracePeriodSeconds: -1, containers: [{name: a, image: a, env: [{name: A}, {name: A}]}]}}",
    );
    assert_eq!(
        warnings("Pod", &pod),
        [
            "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply",
            "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
        ]
    );
}

#[test]
fn nothing_ill_typed_makes_it_panic() {
    let broken = [
        json!(null),
        json!(1),
        json!([]),
        json!({"spec": 1, "metadata": []}),
        json!({"spec": {"template": [], "ports": {}, "containers": 3, "volumes": [1], "selector": "x", "updateStrategy": 2,
               "volumeClaimTemplates": [1, {"spec": []}], "resources": [], "accessModes": {}}, "metadata": {"name": 1, "labels": [1]}}),
        json!({"spec": {"containers": [1, {"env": 1, "ports": [2], "resources": {"limits": {"cpu": []}}}], "tolerations": [1]}}),
    ];
    let kinds = [
        "StatefulSet",
        "Deployment",
        "ReplicaSet",
        "DaemonSet",
        "Job",
        "Pod",
        "Service",
        "PersistentVolumeClaim",
        "PersistentVolume",
        "StorageClass",
        "ConfigMap",
        "Secret",
        "Namespace",
        "Node",
        "PodDisruptionBudget",
        "Lease",
    ];
    for kind in kinds {
        for value in &broken {
            let mut object = value.clone();
            let _ = validate_create(kind, &object);
            defaults::apply(kind, &mut object);
            let _ = (validate_create(kind, &object), warnings(kind, &object));
            for other in &broken {
                let _ = validate_update(kind, &object, other);
            }
        }
    }
}
