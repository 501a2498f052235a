//! Objects as recorded `get -o yaml` outputs of 1.36 show them after defaulting.

use super::{apply, strategy};
use serde_json::{Value, json};

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("the test's YAML is fine")
}

const SET: &str = "
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  replicas: null
  serviceName: nginx
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec:
      hostNetwork: false
      containers:
      - name: nginx
        image: registry.k8s.io/nginx-slim:0.24
        args: []
        ports: [{containerPort: 80, name: web}]
        resources: {requests: {cpu: 0.5, memory: 1024Mi}, limits: {}}
  volumeClaimTemplates:
  - metadata: {name: www}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1024Mi}}}
";

#[test]
fn a_set_as_the_api_server_shows_it() {
    let mut set = yaml(SET);
    apply("StatefulSet", &mut set);
    let expected = yaml(
        "
persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}
podManagementPolicy: OrderedReady
replicas: 1
revisionHistoryLimit: 10
selector: {matchLabels: {app: nginx}}
serviceName: nginx
template:
  metadata: {labels: {app: nginx}}
  spec:
    containers:
    - image: registry.k8s.io/nginx-slim:0.24
      imagePullPolicy: IfNotPresent
      name: nginx
      ports: [{containerPort: 80, name: web, protocol: TCP}]
      resources: {requests: {cpu: 500m, memory: 1Gi}}
      terminationMessagePath: /dev/termination-log
      terminationMessagePolicy: File
    dnsPolicy: ClusterFirst
    restartPolicy: Always
    schedulerName: default-scheduler
    securityContext: {}
    terminationGracePeriodSeconds: 30
updateStrategy: {rollingUpdate: {partition: 0}, type: RollingUpdate}
volumeClaimTemplates:
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata: {name: www}
  spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, volumeMode: Filesystem}
  status: {phase: Pending}
",
    );
    assert_eq!(set["spec"], expected);
}

#[test]
fn a_written_strategy_type_gets_no_partition() {
    // The real one fills the block in only where the type was absent, which changes what a re-created pod gets.
    let mut set = yaml(SET);
    set["spec"]["updateStrategy"] = json!({"type": "RollingUpdate"});
    apply("StatefulSet", &mut set);
    assert_eq!(set["spec"]["updateStrategy"], json!({"type": "RollingUpdate"}));
    set["spec"]["updateStrategy"] = json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 2}});
    apply("StatefulSet", &mut set);
    assert_eq!(set["spec"]["updateStrategy"], json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}));
}

#[test]
fn defaulting_twice_changes_nothing() {
    let mut set = yaml(SET);
    apply("StatefulSet", &mut set);
    let once = set.clone();
    apply("StatefulSet", &mut set);
    assert_eq!(set, once);
}

#[test]
fn a_pod_gets_what_admission_adds() {
    let mut pod = yaml("{kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: nginx, resources: {limits: {cpu: 1}}}]}}");
    apply("Pod", &mut pod);
    strategy::admit_pod(&mut pod, "gwlkm");
    let spec = &pod["spec"];
    assert_eq!(spec["containers"][0]["imagePullPolicy"], "Always");
    assert_eq!(spec["containers"][0]["resources"], json!({"limits": {"cpu": "1"}, "requests": {"cpu": "1"}}));
    assert_eq!(spec["containers"][0]["volumeMounts"][0]["name"], "kube-api-access-gwlkm");
    assert_eq!(spec["volumes"][0]["projected"]["sources"][0]["serviceAccountToken"]["expirationSeconds"], 3607);
    assert_eq!(spec["tolerations"][1]["key"], "node.kubernetes.io/unreachable");
    assert_eq!(spec["serviceAccount"], "default");
    assert_eq!(spec["enableServiceLinks"], true);
    assert_eq!(pod["status"], json!({"phase": "Pending", "qosClass": "Burstable"}));
    let once = pod.clone();
    strategy::admit_pod(&mut pod, "other");
    assert_eq!(pod, once);
}

#[test]
fn a_headless_service_as_the_api_server_shows_it() {
    let mut service =
        yaml("{kind: Service, metadata: {name: nginx}, spec: {clusterIP: None, ports: [{port: 80, name: web}], selector: {app: nginx}}}");
    apply("Service", &mut service);
    assert_eq!(
        service["spec"],
        yaml(
            "
clusterIP: None
clusterIPs: [None]
internalTrafficPolicy: Cluster
ipFamilies: [IPv4]
ipFamilyPolicy: SingleStack
ports: [{name: web, port: 80, protocol: TCP, targetPort: 80}]
selector: {app: nginx}
sessionAffinity: None
type: ClusterIP
"
        )
    );
    assert_eq!(service["status"], json!({"loadBalancer": {}}));
}

#[test]
fn a_headless_service_without_selector_takes_both_families() {
    let mut service = yaml("{kind: Service, metadata: {name: s}, spec: {clusterIP: None}}");
    apply("Service", &mut service);
    assert_eq!(service["spec"]["ipFamilyPolicy"], "RequireDualStack");
    assert_eq!(service["spec"]["ipFamilies"], json!(["IPv4", "IPv6"]));
}

#[test]
fn probes_volumes_and_secrets() {
    let mut pod = yaml(
        "
spec:
  containers:
  - name: a
    image: a:1
    readinessProbe: {httpGet: {port: 80}, timeoutSeconds: 0}
    env: [{name: A, value: ''}, {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
  volumes: [{name: a}, {name: b, configMap: {name: c}}, {name: d, hostPath: {path: /x}}]
",
    );
    apply("Pod", &mut pod);
    let container = &pod["spec"]["containers"][0];
    assert_eq!(
        container["readinessProbe"],
        json!({"httpGet": {"path": "/", "port": 80, "scheme": "HTTP"}, "timeoutSeconds": 1, "periodSeconds": 10,
               "successThreshold": 1, "failureThreshold": 3})
    );
    assert_eq!(container["env"][0], json!({"name": "A"}));
    assert_eq!(container["env"][1]["valueFrom"]["fieldRef"]["apiVersion"], "v1");
    assert_eq!(
        pod["spec"]["volumes"],
        json!([{"name": "a", "emptyDir": {}}, {"name": "b", "configMap": {"name": "c", "defaultMode": 420}},
               {"name": "d", "hostPath": {"path": "/x", "type": ""}}])
    );
    let mut secret = json!({"kind": "Secret", "stringData": {"a": "hello"}});
    apply("Secret", &mut secret);
    assert_eq!(secret, json!({"kind": "Secret", "type": "Opaque", "data": {"a": "aGVsbG8="}}));
}

#[test]
fn nothing_ill_typed_makes_it_panic() {
    for kind in [
        "StatefulSet",
        "Deployment",
        "ReplicaSet",
        "Pod",
        "Service",
        "PersistentVolumeClaim",
        "PersistentVolume",
        "Secret",
        "Namespace",
        "Node",
        "Job",
        "DaemonSet",
        "Endpoints",
    ] {
        for value in [
            json!(null),
            json!(1),
            json!([]),
            json!({"spec": 1}),
            json!({"spec": {"template": [], "ports": {}, "containers": 3, "volumes": [1]}, "metadata": "x", "status": []}),
        ] {
            let mut object = value;
            apply(kind, &mut object);
            strategy::admit_pod(&mut object, "x");
            strategy::protect(kind, &mut object);
        }
    }
}
