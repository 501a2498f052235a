//! All rules: where the Kubernetes documentation says the same, and their explanations in words, which are fetched when
//! somebody asks. It must not know how they are shown.

use statefulset_engine::{controllers, order, reasons};

/// Where the documentation is.
pub const DOCUMENTATION: &str = "https://kubernetes.io/docs/";

/// Every rule, in alphabetical order.
pub fn all() -> Vec<&'static str> {
    let lists = [controllers::statefulset::rules::ALL, controllers::rules::ALL, reasons::ALL];
    let mut all: Vec<&'static str> = lists.into_iter().flatten().copied().collect();
    order::sort(&mut all);
    all
}

/// The place in the documentation that a rule comes from, behind [`DOCUMENTATION`]. What only the sandbox does has none.
pub fn place(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "creates-pod"
        | "waits-for-ready"
        | "waits-before-scale-down"
        | "scales-down"
        | "pod-waits-its-turn"
        | "pod-is-not-wanted"
        | "settled" => "concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees",
        "waits-for-termination" | "replaces-ended-pod" => "concepts/workloads/controllers/statefulset/#pod-identity",
        "is-refused" => "concepts/architecture/controller/#control-via-api-server",
        "waits-for-available" => "concepts/workloads/controllers/statefulset/#minimum-ready-seconds",
        "updates-pod" => "concepts/workloads/controllers/statefulset/#rolling-updates",
        "waits-for-update" => "concepts/workloads/controllers/statefulset/#forced-rollback",
        "partition-holds" => "concepts/workloads/controllers/statefulset/#partitions",
        "unavailable-max" => "concepts/workloads/controllers/statefulset/#maximum-unavailable-pods",
        "on-delete-waits" => "concepts/workloads/controllers/statefulset/#update-strategies",
        "set-is-deleted" => "concepts/workloads/controllers/statefulset/#limitations",
        "claim-is-stale" => "concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention",
        "pod-waits-for-missing-claim" => "concepts/workloads/controllers/statefulset/#stable-storage",
        "name-has-no-service" | "name-is-answered" | "name-is-not-selected" | "name-waits-for-ready" => {
            "concepts/workloads/controllers/statefulset/#stable-network-id"
        }
        "service-answers" | "service-has-no-endpoints" => "concepts/services-networking/service/#headless-services",
        "claim-waits-for-class" | "claim-is-being-provisioned" => "concepts/storage/dynamic-provisioning/",
        "claim-waits-for-consumer" | "pod-waits-for-volumes" => "concepts/storage/storage-classes/#volume-binding-mode",
        "claim-waits-for-volume" | "claim-is-bound" | "pod-waits-for-claim" | "node-has-no-volume" => {
            "concepts/storage/persistent-volumes/#binding"
        }
        "claim-is-in-use" | "pod-waits-for-deleted-claim" => "concepts/storage/persistent-volumes/#storage-object-in-use-protection",
        "claim-lost-its-volume" | "pod-waits-for-lost-claim" => "concepts/storage/persistent-volumes/#phase",
        "node-does-not-reach-volume" => "concepts/storage/persistent-volumes/#node-affinity",
        "node-is-cordoned" => "concepts/architecture/nodes/#manual-node-administration",
        "node-is-silent" => "tasks/run-application/force-delete-stateful-set-pod/",
        "node-is-ready" => "concepts/architecture/nodes/#node-heartbeats",
        "node-is-tainted" => "concepts/scheduling-eviction/taint-and-toleration/",
        "pod-bears-taint-for-a-while" => "concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions",
        "node-is-full" => "concepts/configuration/manage-resources-containers/#how-pods-with-resource-requests-are-scheduled",
        "node-is-not-asked-for" => "concepts/scheduling-eviction/assign-pod-node/#affinity-and-anti-affinity",
        "node-lacks-wanted-pod" | "node-holds-shunned-pod" | "node-holds-shunning-pod" => {
            "concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity"
        }
        "pod-is-scheduled" | "pod-waits-for-node" => "concepts/scheduling-eviction/kube-scheduler/",
        "pod-cannot-pull" => "concepts/containers/images/#imagepullbackoff",
        "pod-crashes" => "concepts/workloads/pods/pod-lifecycle/#container-restarts",
        "pod-has-ended" | "pod-is-created" => "concepts/workloads/pods/pod-lifecycle/#pod-phase",
        "pod-is-not-ready" | "pod-is-ready" => "concepts/workloads/pods/pod-condition/#built-in-pod-conditions",
        "pod-terminates" => "concepts/workloads/pods/pod-lifecycle/#pod-termination",
        "budget-allows-eviction" | "budget-refuses-eviction" => "concepts/workloads/pods/disruptions/#pod-disruption-budgets",
        "deployment-is-complete" => "concepts/workloads/controllers/deployment/#complete-deployment",
        "deployment-is-paused" => "concepts/workloads/controllers/deployment/#pausing-and-resuming-a-deployment",
        "deployment-waits-for-pods" => "concepts/workloads/controllers/deployment/#progressing-deployment",
        "replicaset-creates-pods" | "replicaset-deletes-pods" | "replicaset-has-its-pods" => {
            "concepts/workloads/controllers/replicaset/#how-a-replicaset-works"
        }
        _ => return None,
    })
}

/// The explanation of a rule in the text of a file of explanations.
pub fn explanation<'a>(text: &'a str, rule: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.split_once(" = ").filter(|(id, _)| *id == rule).map(|(_, words)| words))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    const ENGLISH: &str = include_str!("../../static/rules/en.txt");
    const OTHERS: [&str; 2] = [include_str!("../../static/rules/zh-TW.txt"), include_str!("../../static/rules/zh-CN.txt")];
    const PAGE: &str = include_str!("../../docs/rules.md");

    /// The page of all rules, as it has to be.
    fn page() -> String {
        let mut page = String::from(
            "# Rules\n\nWhat *Why?* can say: every rule by which the controllers act or wait, with its stable id, its explanation, and the place\nin the Kubernetes documentation that it comes from. A test holds this page to `src/why/rules.rs` and `static/rules/en.txt`;\nrun it with `UPDATE_RULES=1` to write the page anew.\n",
        );
        for rule in all() {
            let words = explanation(ENGLISH, rule).unwrap_or_default();
            let link = place(rule).map_or_else(String::new, |place| format!(" [Kubernetes]({DOCUMENTATION}{place})"));
            let _ = write!(page, "\n## `{rule}`\n\n{words}{link}\n");
        }
        page
    }

    #[test]
    fn every_rule_is_explained_in_every_language_and_nothing_else_is() {
        for text in [ENGLISH].iter().chain(&OTHERS) {
            for rule in all() {
                assert!(explanation(text, rule).is_some_and(|words| !words.is_empty()), "{rule}");
            }
            let lines = text.lines().filter(|line| !line.starts_with('#')).count();
            assert_eq!(lines, all().len());
        }
    }

    #[test]
    fn every_rule_but_the_sandbox_s_own_says_where_it_comes_from() {
        for rule in all() {
            assert_eq!(place(rule).is_none(), matches!(rule, "sandbox-adds-node" | "object-is-not-there"), "{rule}");
        }
    }

    #[test]
    fn the_page_of_rules_lists_all_of_them() {
        if std::env::var_os("UPDATE_RULES").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md"), page()).expect("the page can be written");
            return;
        }
        assert!(PAGE == page(), "docs/rules.md is not up to date: run this test with UPDATE_RULES=1");
    }
}
