//! The rules of all actors but the StatefulSet controller, whose own are in `statefulset/rules.rs`. Ids are stable: lessons
//! and locale files use them. It must not know the sentences.

/// Every rule id, in alphabetical order.
pub const ALL: &[&str] = &[
    "claim-is-being-provisioned",
    "claim-is-bound",
    "claim-is-in-use",
    "claim-lost-its-volume",
    "claim-waits-for-class",
    "claim-waits-for-consumer",
    "claim-waits-for-volume",
    "node-does-not-reach-volume",
    "node-has-no-volume",
    "node-holds-shunned-pod",
    "node-holds-shunning-pod",
    "node-is-cordoned",
    "node-is-full",
    "node-is-not-asked-for",
    "node-is-ready",
    "node-is-silent",
    "node-is-tainted",
    "node-lacks-wanted-pod",
    "pod-bears-taint-for-a-while",
    "pod-is-scheduled",
    "pod-waits-for-claim",
    "pod-waits-for-deleted-claim",
    "pod-waits-for-lost-claim",
    "pod-waits-for-missing-claim",
    "pod-waits-for-node",
    "pod-waits-for-volumes",
    "sandbox-adds-node",
];
