//! The kinds that the sandbox's API server serves: one table of names, as `kubectl api-resources` lists them.
//! It must not know what the kinds mean.

use std::fmt;

/// What a kind is called in the API and on the command line.
#[derive(Debug, PartialEq, Eq)]
pub struct KindInfo {
    /// The kind this row describes.
    pub kind: Kind,
    /// `StatefulSet`.
    pub name: &'static str,
    /// The API group; empty for the core group.
    pub group: &'static str,
    /// The version served.
    pub version: &'static str,
    /// `statefulsets`.
    pub plural: &'static str,
    /// `sts`.
    pub short_names: &'static [&'static str],
    /// Whether objects live in a namespace.
    pub namespaced: bool,
    /// Whether `kubectl get all` shows it.
    pub in_all: bool,
}

macro_rules! kinds {
    ($( $name:ident, $group:literal, $version:literal, $plural:literal, [$($short:literal),*], $namespaced:literal, $in_all:literal; )*) => {
        /// A kind of object that the API server stores.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(
                #[doc = concat!("The kind `", stringify!($name), "`.")]
                $name,
            )*
        }

        /// Every kind, in the order in which `kubectl api-resources` prints them.
        pub const KINDS: &[KindInfo] = &[
            $( KindInfo {
                kind: Kind::$name,
                name: stringify!($name),
                group: $group,
                version: $version,
                plural: $plural,
                short_names: &[$($short),*],
                namespaced: $namespaced,
                in_all: $in_all,
            }, )*
        ];
    };
}

kinds! {
    ConfigMap, "", "v1", "configmaps", ["cm"], true, false;
    Endpoints, "", "v1", "endpoints", ["ep"], true, false;
    Event, "", "v1", "events", ["ev"], true, false;
    LimitRange, "", "v1", "limitranges", ["limits"], true, false;
    Namespace, "", "v1", "namespaces", ["ns"], false, false;
    Node, "", "v1", "nodes", ["no"], false, false;
    PersistentVolumeClaim, "", "v1", "persistentvolumeclaims", ["pvc"], true, false;
    PersistentVolume, "", "v1", "persistentvolumes", ["pv"], false, false;
    Pod, "", "v1", "pods", ["po"], true, true;
    ReplicationController, "", "v1", "replicationcontrollers", ["rc"], true, true;
    ResourceQuota, "", "v1", "resourcequotas", ["quota"], true, false;
    Secret, "", "v1", "secrets", [], true, false;
    ServiceAccount, "", "v1", "serviceaccounts", ["sa"], true, false;
    Service, "", "v1", "services", ["svc"], true, true;
    ControllerRevision, "apps", "v1", "controllerrevisions", [], true, false;
    DaemonSet, "apps", "v1", "daemonsets", ["ds"], true, true;
    Deployment, "apps", "v1", "deployments", ["deploy"], true, true;
    ReplicaSet, "apps", "v1", "replicasets", ["rs"], true, true;
    StatefulSet, "apps", "v1", "statefulsets", ["sts"], true, true;
    HorizontalPodAutoscaler, "autoscaling", "v2", "horizontalpodautoscalers", ["hpa"], true, true;
    CronJob, "batch", "v1", "cronjobs", ["cj"], true, true;
    Job, "batch", "v1", "jobs", [], true, true;
    EndpointSlice, "discovery.k8s.io", "v1", "endpointslices", [], true, false;
    IngressClass, "networking.k8s.io", "v1", "ingressclasses", [], false, false;
    Ingress, "networking.k8s.io", "v1", "ingresses", ["ing"], true, false;
    NetworkPolicy, "networking.k8s.io", "v1", "networkpolicies", ["netpol"], true, false;
    PodDisruptionBudget, "policy", "v1", "poddisruptionbudgets", ["pdb"], true, false;
    ClusterRoleBinding, "rbac.authorization.k8s.io", "v1", "clusterrolebindings", [], false, false;
    ClusterRole, "rbac.authorization.k8s.io", "v1", "clusterroles", [], false, false;
    RoleBinding, "rbac.authorization.k8s.io", "v1", "rolebindings", [], true, false;
    Role, "rbac.authorization.k8s.io", "v1", "roles", [], true, false;
    PriorityClass, "scheduling.k8s.io", "v1", "priorityclasses", ["pc"], false, false;
    StorageClass, "storage.k8s.io", "v1", "storageclasses", ["sc"], false, false;
}

impl Kind {
    /// The row of this kind.
    pub fn info(self) -> &'static KindInfo {
        &KINDS[self as usize]
    }

    /// `StatefulSet`.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Whether objects of this kind live in a namespace.
    pub fn namespaced(self) -> bool {
        self.info().namespaced
    }

    /// `apps/v1`, or `v1` in the core group.
    pub fn api_version(self) -> String {
        self.info().api_version()
    }

    /// `statefulsets.apps`, as error texts name a resource.
    pub fn resource(self) -> String {
        self.info().resource()
    }

    /// The kind of a document, by its `apiVersion` and `kind`; `None` where the server has no such kind.
    pub fn of(api_version: &str, kind: &str) -> Option<Self> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        KINDS.iter().find(|info| info.name == kind && info.group == group && info.version == version).map(|info| info.kind)
    }

    /// The kind by its name alone (`StatefulSet`), as owner references and involved objects carry it.
    pub fn by_name(name: &str) -> Option<Self> {
        KINDS.iter().find(|info| info.name == name).map(|info| info.kind)
    }

    /// The kind that a person means on a command line: plural, singular, short name, kind, or any of the first two with
    /// the group behind a dot (`statefulsets.apps`, `statefulsets.v1.apps`).
    pub fn by_argument(argument: &str) -> Option<Self> {
        let lower = argument.to_ascii_lowercase();
        let (word, group) = lower.split_once('.').map_or((lower.as_str(), None), |(word, group)| (word, Some(group)));
        KINDS
            .iter()
            .find(|info| {
                let named = info.plural == word || info.singular() == word || info.short_names.contains(&word);
                named
                    && group.is_none_or(|group| {
                        group == info.group
                            || group.strip_prefix(info.version).is_some_and(|rest| rest.strip_prefix('.').unwrap_or(rest) == info.group)
                    })
            })
            .map(|info| info.kind)
    }
}

impl KindInfo {
    /// `statefulset`.
    pub fn singular(&self) -> String {
        self.name.to_ascii_lowercase()
    }

    /// `apps/v1`, or `v1` in the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }

    /// `statefulsets.apps`, or `pods` in the core group.
    pub fn resource(&self) -> String {
        if self.group.is_empty() { self.plural.to_owned() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// `statefulset.apps`, or `pod` in the core group: what `-o name` and "created" lines print.
    pub fn printed(&self) -> String {
        if self.group.is_empty() { self.singular() } else { format!("{}.{}", self.singular(), self.group) }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_every_name_it_has() {
        for argument in ["sts", "statefulset", "statefulsets", "StatefulSet", "statefulsets.apps", "statefulset.v1.apps"] {
            assert_eq!(Kind::by_argument(argument), Some(Kind::StatefulSet), "{argument}");
        }
        assert_eq!(Kind::by_argument("statefulsets.batch"), None);
        assert_eq!(Kind::by_argument("stss"), None);
        assert_eq!(Kind::of("apps/v1", "StatefulSet"), Some(Kind::StatefulSet));
        assert_eq!(Kind::of("apps/v1beta1", "StatefulSet"), None);
    }

    #[test]
    fn the_table_is_indexed_by_the_kind() {
        for info in KINDS {
            assert_eq!(info.kind.info(), info);
        }
    }
}
