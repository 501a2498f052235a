//! CoreDNS as kubeadm sets it up: its account, its Corefile, its Deployment and its Service.
//! It must not know what CoreDNS answers. Follows `cmd/kubeadm/app/phases/addons/dns/manifests.go` of each version.

use serde_json::Value;

use crate::json::json;
use crate::settings::{DnsCache, Settings, Version};

/// The cluster's DNS server.
pub const DNS_IP: &str = "10.96.0.10";

/// The Deployment but for the image's tag; what the names of its pods are the hash of.
const DEPLOYMENT: &str = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"coredns","namespace":"kube-system",
"labels":{"k8s-app":"kube-dns"}},"spec":{"replicas":2,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":1}},
"selector":{"matchLabels":{"k8s-app":"kube-dns"}},"template":{"metadata":{"labels":{"k8s-app":"kube-dns"}},"spec":{
"priorityClassName":"system-cluster-critical","serviceAccountName":"coredns","affinity":{"podAntiAffinity":{
"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":100,"podAffinityTerm":{"labelSelector":{"matchExpressions":[
{"key":"k8s-app","operator":"In","values":["kube-dns"]}]},"topologyKey":"kubernetes.io/hostname"}}]}},"tolerations":[
{"key":"CriticalAddonsOnly","operator":"Exists"},{"key":"node-role.kubernetes.io/control-plane","effect":"NoSchedule"}],
"nodeSelector":{"kubernetes.io/os":"linux"},"containers":[{"name":"coredns","imagePullPolicy":"IfNotPresent",
"resources":{"limits":{"memory":"170Mi"},"requests":{"cpu":"100m","memory":"70Mi"}},"args":["-conf","/etc/coredns/Corefile"],
"volumeMounts":[{"name":"config-volume","mountPath":"/etc/coredns","readOnly":true}],"ports":[
{"containerPort":53,"name":"dns","protocol":"UDP"},{"containerPort":53,"name":"dns-tcp","protocol":"TCP"},
{"containerPort":9153,"name":"metrics","protocol":"TCP"},{"containerPort":8080,"name":"liveness-probe","protocol":"TCP"},
{"containerPort":8181,"name":"readiness-probe","protocol":"TCP"}],"livenessProbe":{"httpGet":{"path":"/health",
"port":"liveness-probe","scheme":"HTTP"},"initialDelaySeconds":60,"timeoutSeconds":5,"successThreshold":1,"failureThreshold":5},
"readinessProbe":{"httpGet":{"path":"/ready","port":"readiness-probe","scheme":"HTTP"}},"securityContext":{
"allowPrivilegeEscalation":false,"capabilities":{"add":["NET_BIND_SERVICE"],"drop":["ALL"]},"readOnlyRootFilesystem":true}}],
"dnsPolicy":"Default","volumes":[{"name":"config-volume","configMap":{"name":"coredns","items":[{"key":"Corefile",
"path":"Corefile"}]}}]}}}}"#;

/// The Corefile for a domain.
fn corefile(settings: &Settings) -> String {
    let domain = &settings.cluster_domain;
    let cache = match settings.dns_cache {
        DnsCache::Off => format!("    cache 30 {{\n       disable success {domain}\n       disable denial {domain}\n    }}\n"),
        DnsCache::All => "    cache 30\n".to_owned(),
    };
    format!(
        ".:53 {{\n    errors\n    health {{\n       lameduck 5s\n    }}\n    ready\n    kubernetes {domain} in-addr.arpa ip6.arpa {{\n       \
         pods insecure\n       fallthrough in-addr.arpa ip6.arpa\n       ttl 30\n    }}\n    prometheus :9153\n    forward . \
         /etc/resolv.conf {{\n       max_concurrent 1000\n    }}\n{cache}    loop\n    reload\n    loadbalance\n}}\n"
    )
}

/// The objects, in the order in which they are made.
pub(super) fn objects(settings: &Settings) -> [Value; 4] {
    let tag = match settings.version {
        Version::V1_34 => "v1.12.1",
        Version::V1_35 => "v1.13.1",
        Version::V1_36 | Version::V1_37 => "v1.14.2",
    };
    let mut deployment: Value = serde_json::from_str(DEPLOYMENT).unwrap_or_default();
    deployment["spec"]["template"]["spec"]["containers"][0]["image"] = json!(format!("registry.k8s.io/coredns/coredns:{tag}"));
    [
        json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "coredns", "namespace": "kube-system"}}),
        json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "coredns", "namespace": "kube-system"},
            "data": {"Corefile": corefile(settings)},
        }),
        json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": {
                "name": "kube-dns", "namespace": "kube-system",
                "labels": {"k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"},
                "annotations": {"prometheus.io/port": "9153", "prometheus.io/scrape": "true"},
            },
            "spec": {
                "clusterIP": DNS_IP, "selector": {"k8s-app": "kube-dns"},
                "ports": [
                    {"name": "dns", "port": 53, "protocol": "UDP"},
                    {"name": "dns-tcp", "port": 53, "protocol": "TCP"},
                    {"name": "metrics", "port": 9153, "protocol": "TCP"},
                ],
            },
        }),
        deployment,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kind::Kind;
    use crate::cluster::World;

    #[test]
    fn its_pods_are_named_and_ready_as_in_every_cluster_of_its_version() {
        for (version, hash) in [(Version::V1_34, "66bc5c9577"), (Version::V1_35, "7d764666f9"), (Version::V1_36, "589f44dc88")] {
            let world = World::fresh(Settings { version, ..Settings::default() });
            let sets: Vec<&str> = world.store.list(Kind::ReplicaSet, "kube-system").map(|set| &*set.meta.name).collect();
            assert_eq!(sets, [format!("coredns-{hash}")]);
            let pods: Vec<_> = world.store.list(Kind::Pod, "kube-system").collect();
            assert!(pods.len() == 2 && pods.iter().all(|pod| pod.meta.name.starts_with(sets[0])));
            let nodes: Vec<_> = pods.iter().filter_map(|pod| pod.pod()).map(|pod| (pod.ready(), pod.node_name.clone())).collect();
            assert!(nodes.iter().all(|(ready, _)| *ready) && nodes[0].1 != nodes[1].1, "{nodes:?}");
        }
    }

    #[test]
    fn the_corefile_says_what_is_kept() {
        let settings = Settings { cluster_domain: "lab.example".into(), ..Settings::default() };
        assert!(
            corefile(&settings).contains("    cache 30 {\n       disable success lab.example\n       disable denial lab.example\n    }\n")
        );
        let all = corefile(&Settings { dns_cache: DnsCache::All, ..Settings::default() });
        assert!(
            all.contains("    kubernetes cluster.local in-addr.arpa ip6.arpa {\n       pods insecure\n")
                && all.contains("\n    cache 30\n    loop\n")
        );
    }
}
