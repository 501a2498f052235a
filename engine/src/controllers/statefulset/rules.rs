//! The rules by which the StatefulSet controller acts or waits. Ids are stable: lessons and locale files use them.
//! It must not know the sentences.

/// A pod is made for an ordinal that has none.
pub const CREATES_POD: &str = "creates-pod";
/// A pod that is not Running and Ready holds up everything behind it.
pub const WAITS_FOR_READY: &str = "waits-for-ready";
/// A pod has not been ready for `minReadySeconds`.
pub const WAITS_FOR_AVAILABLE: &str = "waits-for-available";
/// A pod is terminating, and nothing happens before it is gone.
pub const WAITS_FOR_TERMINATION: &str = "waits-for-termination";
/// The highest pod that is too many is deleted.
pub const SCALES_DOWN: &str = "scales-down";
/// A pod that is not healthy holds up scaling down.
pub const WAITS_BEFORE_SCALE_DOWN: &str = "waits-before-scale-down";
/// The highest pod that is not at the update revision is deleted, to be made anew.
pub const UPDATES_POD: &str = "updates-pod";
/// A pod at the update revision is not healthy, and holds up the pods below it.
pub const WAITS_FOR_UPDATE: &str = "waits-for-update";
/// Pods below the partition keep the current revision.
pub const PARTITION_HOLDS: &str = "partition-holds";
/// Pods get the new template when somebody deletes them.
pub const ON_DELETE_WAITS: &str = "on-delete-waits";
/// A pod that has ended is deleted, to be made anew.
pub const REPLACES_ENDED_POD: &str = "replaces-ended-pod";
/// A claim belongs to an earlier pod of the same name and is about to go.
pub const CLAIM_IS_STALE: &str = "claim-is-stale";
/// The API server refused what the controller wanted.
pub const IS_REFUSED: &str = "is-refused";
/// Only so many pods may be unavailable at a time.
pub const UNAVAILABLE_MAX: &str = "unavailable-max";
/// The set is being deleted.
pub const SET_IS_DELETED: &str = "set-is-deleted";
/// Everything is as asked.
pub const SETTLED: &str = "settled";

/// Every rule, for tests that each has its words.
pub const ALL: &[&str] = &[
    CREATES_POD,
    WAITS_FOR_READY,
    WAITS_FOR_AVAILABLE,
    WAITS_FOR_TERMINATION,
    SCALES_DOWN,
    WAITS_BEFORE_SCALE_DOWN,
    UPDATES_POD,
    WAITS_FOR_UPDATE,
    PARTITION_HOLDS,
    ON_DELETE_WAITS,
    REPLACES_ENDED_POD,
    CLAIM_IS_STALE,
    IS_REFUSED,
    UNAVAILABLE_MAX,
    SET_IS_DELETED,
    SETTLED,
];
