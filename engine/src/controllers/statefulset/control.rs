//! The decision of the StatefulSet controller: a view of the set and its pods in, actions, status and the reason out.
//! Pure: it must not know the store, the clock or names of objects other than by ordinal and revision.
//! Follows `pkg/controller/statefulset/stateful_set_control.go`, 1.36: replicas from the lowest ordinal, then condemned pods
//! from the highest, then the rolling update from the highest down to the partition; each stage only if the one before had
//! nothing to wait for.

use crate::api::metadata::Text;
use crate::api::pod::Phase;
use crate::api::statefulset::{IntOrPercent, PodManagementPolicy, StatefulSetStatus, UpdateStrategy};

use super::rules;
use super::status;

/// What is known of the set.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// `metadata.generation`.
    pub generation: i64,
    /// Whether the set is being deleted.
    pub deleting: bool,
    /// `spec.replicas`.
    pub replicas: i64,
    /// `spec.ordinals.start`.
    pub start: i64,
    /// `spec.podManagementPolicy`.
    pub policy: PodManagementPolicy,
    /// `spec.updateStrategy`.
    pub strategy: &'a UpdateStrategy,
    /// Whether `maxUnavailable` counts.
    pub max_unavailable_gate: bool,
    /// `status.currentReplicas` as it stands.
    pub current_replicas: i64,
    /// The current revision: its number and name.
    pub current: (u32, &'a Text),
    /// The update revision: its number and name.
    pub update: (u32, &'a Text),
    /// `status.collisionCount`.
    pub collision_count: i64,
    /// The pods of the set, in ascending order of ordinal.
    pub pods: &'a [PodView],
}

/// What is known of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodView {
    /// Its ordinal.
    pub ordinal: i64,
    /// Its phase.
    pub phase: Phase,
    /// Running, and its `Ready` condition holds.
    pub ready: bool,
    /// Ready for at least `minReadySeconds`.
    pub available: bool,
    /// Whether deletion was asked for.
    pub terminating: bool,
    /// The revision it was made from, by the caller's numbers.
    pub revision: u32,
    /// Whether labels, volumes and claims are as its identity asks.
    pub matches: bool,
    /// Whether its claims' owners are as the retention policy asks.
    pub retention_matches: bool,
}

impl PodView {
    /// Running and Ready for long enough, and not on its way out.
    fn unavailable(&self) -> bool {
        !self.available || self.terminating
    }
}

/// What the decision needs to know of claims.
pub trait ClaimView {
    /// Whether a claim of the ordinal belongs to an earlier pod of the same name.
    fn stale(&self, ordinal: i64) -> bool;
}

/// Which revision a new pod gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The current revision.
    Current,
    /// The update revision.
    Update,
}

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make the claims that the pod lacks, then the pod.
    Create {
        /// The ordinal.
        ordinal: i64,
        /// From which revision.
        which: Which,
    },
    /// Make the claims that a Pending pod lacks.
    EnsureClaims {
        /// The ordinal.
        ordinal: i64,
    },
    /// Bring a pod's labels, volumes and claims in line with its identity.
    Correct {
        /// The ordinal.
        ordinal: i64,
    },
    /// Bring the owners of a condemned pod's claims in line with the retention policy.
    CorrectClaims {
        /// The ordinal.
        ordinal: i64,
    },
    /// Delete a pod.
    Delete {
        /// The ordinal.
        ordinal: i64,
        /// Why.
        because: Because,
    },
}

impl Action {
    /// The ordinal that it is about.
    pub fn ordinal(self) -> i64 {
        match self {
            Self::Create { ordinal, .. }
            | Self::EnsureClaims { ordinal }
            | Self::Correct { ordinal }
            | Self::CorrectClaims { ordinal }
            | Self::Delete { ordinal, .. } => ordinal,
        }
    }
}

/// Why a pod is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// It has ended.
    Ended,
    /// It is beyond what was asked for.
    Condemned,
    /// It is not at the update revision.
    Outdated,
}

/// The reason for acting, waiting or resting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rule.
    pub rule: &'static str,
    /// Whether the controller waits.
    pub waits: bool,
    /// The ordinals for which it waits, or on which it acts.
    pub ordinals: Vec<i64>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What to do, in order. The number is the batch: where one action of a batch fails, later batches are left out.
    pub actions: Vec<(usize, Action)>,
    /// The status to write if all goes well.
    pub status: StatefulSetStatus,
    /// How many `currentReplicas` the status would have without the pods deleted for the update.
    pub current_replicas_before_update: i64,
    /// Why.
    pub reason: Reason,
}

/// A place among the wanted ordinals: the pod there, or the one to be made.
enum Slot<'a> {
    Pod(&'a PodView),
    New(i64, Which),
}

/// As many actions at once as upstream allows in one batch.
const BATCH_MAX: usize = 500;

/// Decides what to do next.
pub fn decide(view: &View<'_>, claims: &dyn ClaimView) -> Plan {
    let counted = status::count(view.pods, view.current.0, view.update.0);
    let mut plan = Plan {
        actions: Vec::new(),
        current_replicas_before_update: counted.current_replicas,
        status: StatefulSetStatus {
            observed_generation: view.generation,
            current_revision: view.current.1.clone(),
            update_revision: view.update.1.clone(),
            collision_count: Some(view.collision_count),
            ..counted
        },
        reason: Reason { rule: rules::SETTLED, waits: false, ordinals: Vec::new() },
    };
    if view.deleting {
        plan.reason.rule = rules::SET_IS_DELETED;
        return plan;
    }
    let monotonic = view.policy == PodManagementPolicy::OrderedReady;
    let wanted = view.start..view.start.saturating_add(view.replicas.max(0));
    let (slots, condemned) = partition(view, &wanted);
    let mut decider = Decider { view, claims, monotonic, plan, batch: 0 };
    let stopped = decider.replicas(&slots) || decider.condemned(&slots, &condemned);
    if !stopped {
        decider.update(&slots);
    }
    decider.plan
}

/// The wanted ordinals with their pods, and the pods beyond them from the highest ordinal down.
fn partition<'a>(view: &View<'a>, wanted: &std::ops::Range<i64>) -> (Vec<Slot<'a>>, Vec<&'a PodView>) {
    let mut slots = Vec::with_capacity(usize::try_from(view.replicas).unwrap_or(0));
    let mut condemned = Vec::new();
    let mut next = wanted.start;
    let new = |ordinal| Slot::New(ordinal, revision_for(view, ordinal));
    for pod in view.pods {
        if wanted.contains(&pod.ordinal) {
            slots.extend((next..pod.ordinal).map(new));
            next = pod.ordinal + 1;
            slots.push(Slot::Pod(pod));
        } else {
            condemned.push(pod);
        }
    }
    slots.extend((next..wanted.end).map(new));
    condemned.reverse();
    (slots, condemned)
}

/// The revision that a new pod gets. Without a `rollingUpdate` block the pods already counted as current come back as such;
/// with one, the partition decides.
fn revision_for(view: &View<'_>, ordinal: i64) -> Which {
    let below = match view.strategy {
        UpdateStrategy::OnDelete => return Which::Update,
        UpdateStrategy::RollingUpdate(None) => view.current_replicas,
        UpdateStrategy::RollingUpdate(Some(rolling)) => rolling.partition,
    };
    if ordinal < view.start.saturating_add(below) { Which::Current } else { Which::Update }
}

struct Decider<'a> {
    view: &'a View<'a>,
    claims: &'a dyn ClaimView,
    monotonic: bool,
    plan: Plan,
    batch: usize,
}

impl Decider<'_> {
    /// A batch of one action: what is done one after the other.
    fn alone(&mut self) -> usize {
        self.batch += 1;
        self.batch
    }

    fn act(&mut self, batch: usize, action: Action) {
        self.plan.actions.push((batch, action));
    }

    fn because(&mut self, rule: &'static str, waits: bool, ordinals: Vec<i64>) {
        // The first reason of a look stands: what comes later comes of it.
        if self.plan.reason.rule == rules::SETTLED {
            self.plan.reason = Reason { rule, waits, ordinals };
        }
    }

    /// Goes through the wanted ordinals upwards. True where the look ends here.
    fn replicas(&mut self, slots: &[Slot<'_>]) -> bool {
        let mut batches = Batches::new(self.batch);
        for slot in slots {
            let batch = if self.monotonic { self.alone() } else { batches.next() };
            if self.replica(slot, batch) && self.monotonic {
                return true;
            }
        }
        self.batch = self.batch.max(batches.end());
        false
    }

    /// True where an OrderedReady set goes no further.
    fn replica(&mut self, slot: &Slot<'_>, batch: usize) -> bool {
        let pod = match slot {
            Slot::New(ordinal, which) => {
                if self.claims.stale(*ordinal) {
                    self.because(rules::CLAIM_IS_STALE, true, vec![*ordinal]);
                    return true;
                }
                self.because(rules::CREATES_POD, false, vec![*ordinal]);
                self.act(batch, Action::Create { ordinal: *ordinal, which: *which });
                return true;
            }
            Slot::Pod(pod) => *pod,
        };
        let ordinal = pod.ordinal;
        if pod.phase.terminal() {
            self.because(rules::REPLACES_ENDED_POD, pod.terminating, vec![ordinal]);
            if !pod.terminating {
                self.act(batch, Action::Delete { ordinal, because: Because::Ended });
            }
            return true;
        }
        if pod.phase == Phase::Pending {
            self.act(batch, Action::EnsureClaims { ordinal });
        }
        if self.monotonic {
            let waits = if pod.terminating {
                Some(rules::WAITS_FOR_TERMINATION)
            } else if !pod.ready {
                Some(rules::WAITS_FOR_READY)
            } else if !pod.available {
                Some(rules::WAITS_FOR_AVAILABLE)
            } else {
                None
            };
            if let Some(rule) = waits {
                self.because(rule, true, vec![ordinal]);
                return true;
            }
        }
        if !(pod.matches && pod.retention_matches) {
            self.act(batch, Action::Correct { ordinal });
        }
        false
    }

    /// Goes through the pods that are too many, downwards. True where the look ends here.
    fn condemned(&mut self, slots: &[Slot<'_>], condemned: &[&PodView]) -> bool {
        let mut batches = Batches::new(self.batch);
        for pod in condemned {
            let batch = if self.monotonic { self.alone() } else { batches.next() };
            if !pod.retention_matches {
                self.act(batch, Action::CorrectClaims { ordinal: pod.ordinal });
            }
        }
        self.batch = self.batch.max(batches.end());
        let first_unavailable = first_unavailable(slots, condemned);
        let mut batches = Batches::new(self.batch);
        for pod in condemned {
            let batch = if self.monotonic { self.alone() } else { batches.next() };
            if self.condemned_pod(pod, first_unavailable, batch) && self.monotonic {
                return true;
            }
        }
        self.batch = self.batch.max(batches.end());
        false
    }

    fn condemned_pod(&mut self, pod: &PodView, first_unavailable: Option<i64>, batch: usize) -> bool {
        let ordinal = pod.ordinal;
        if pod.terminating {
            self.because(rules::WAITS_FOR_TERMINATION, true, vec![ordinal]);
            return true;
        }
        if self.monotonic && !pod.available && first_unavailable != Some(ordinal) {
            self.because(rules::WAITS_BEFORE_SCALE_DOWN, true, first_unavailable.into_iter().collect());
            return true;
        }
        self.because(rules::SCALES_DOWN, false, vec![ordinal]);
        self.act(batch, Action::Delete { ordinal, because: Because::Condemned });
        true
    }

    /// Deletes what is not at the update revision, from the highest ordinal down to the partition.
    fn update(&mut self, slots: &[Slot<'_>]) {
        let view = self.view;
        let rolling = match view.strategy {
            UpdateStrategy::OnDelete => {
                let outdated = outdated(view, slots);
                if !outdated.is_empty() {
                    self.because(rules::ON_DELETE_WAITS, true, outdated);
                }
                return;
            }
            UpdateStrategy::RollingUpdate(rolling) => rolling.as_ref(),
        };
        let lowest = usize::try_from(rolling.map_or(0, |rolling| rolling.partition)).unwrap_or(0).min(slots.len());
        let finished = if view.max_unavailable_gate {
            self.update_several(slots, lowest, rolling.and_then(|rolling| rolling.max_unavailable))
        } else {
            self.update_one(slots, lowest)
        };
        if finished {
            let held: Vec<i64> = outdated(view, &slots[..lowest]);
            if !held.is_empty() {
                self.because(rules::PARTITION_HOLDS, false, held);
            }
        }
    }

    /// One pod at a time. True where nothing is left to do.
    fn update_one(&mut self, slots: &[Slot<'_>], lowest: usize) -> bool {
        for slot in slots[lowest..].iter().rev() {
            match slot {
                Slot::Pod(pod) if pod.revision != self.view.update.0 && !pod.terminating => {
                    self.delete_outdated(pod.ordinal);
                    return false;
                }
                Slot::New(ordinal, Which::Current) if self.view.current.0 != self.view.update.0 => {
                    // Upstream asks to delete the pod that it has only just asked for, and goes no further.
                    self.because(rules::WAITS_FOR_UPDATE, true, vec![*ordinal]);
                    self.delete_outdated(*ordinal);
                    return false;
                }
                Slot::Pod(pod) if pod.unavailable() => {
                    self.because(rules::WAITS_FOR_UPDATE, true, vec![pod.ordinal]);
                    return false;
                }
                Slot::New(ordinal, _) => {
                    self.because(rules::WAITS_FOR_UPDATE, true, vec![*ordinal]);
                    return false;
                }
                Slot::Pod(_) => {}
            }
        }
        true
    }

    fn delete_outdated(&mut self, ordinal: i64) {
        let batch = self.alone();
        self.because(rules::UPDATES_POD, false, vec![ordinal]);
        self.act(batch, Action::Delete { ordinal, because: Because::Outdated });
        self.plan.status.current_replicas -= 1;
    }

    /// As many pods at a time as may be unavailable. True where nothing is left to do.
    fn update_several(&mut self, slots: &[Slot<'_>], lowest: usize, max_unavailable: Option<IntOrPercent>) -> bool {
        // A share rounds down, but one pod may always be missing.
        let allowed = max_unavailable.map_or(1, |count| count.of(self.view.replicas)).max(1);
        let missing: Vec<i64> = slots
            .iter()
            .filter_map(|slot| match slot {
                Slot::New(ordinal, _) => Some(*ordinal),
                Slot::Pod(pod) => pod.unavailable().then_some(pod.ordinal),
            })
            .collect();
        let missing_count = i64::try_from(missing.len()).unwrap_or(i64::MAX);
        if missing_count >= allowed {
            self.because(rules::UNAVAILABLE_MAX, true, missing);
            return outdated(self.view, slots).is_empty();
        }
        let mut left = allowed - missing_count;
        let mut finished = true;
        for slot in slots[lowest..].iter().rev() {
            if left == 0 {
                break;
            }
            if let Slot::Pod(pod) = slot
                && pod.revision != self.view.update.0
                && !pod.terminating
            {
                self.delete_outdated(pod.ordinal);
                left -= 1;
                finished = false;
            }
        }
        finished
    }
}

/// The lowest wanted ordinal whose pod is not healthy, or else the lowest condemned one.
fn first_unavailable(slots: &[Slot<'_>], condemned: &[&PodView]) -> Option<i64> {
    let wanted = slots.iter().find_map(|slot| match slot {
        Slot::New(ordinal, _) => Some(*ordinal),
        Slot::Pod(pod) => pod.unavailable().then_some(pod.ordinal),
    });
    wanted.or_else(|| condemned.iter().rev().find(|pod| pod.unavailable()).map(|pod| pod.ordinal))
}

fn outdated(view: &View<'_>, slots: &[Slot<'_>]) -> Vec<i64> {
    slots
        .iter()
        .filter_map(|slot| match slot {
            Slot::Pod(pod) if pod.revision != view.update.0 => Some(pod.ordinal),
            _ => None,
        })
        .collect()
}

/// Batches of 1, 2, 4, … actions, as a Parallel set works.
struct Batches {
    batch: usize,
    size: usize,
    used: usize,
}

impl Batches {
    fn new(first: usize) -> Self {
        Self { batch: first, size: 1, used: 0 }
    }

    fn next(&mut self) -> usize {
        if self.used == self.size {
            self.batch += 1;
            self.size = (self.size * 2).min(BATCH_MAX);
            self.used = 0;
        }
        self.used += 1;
        self.batch
    }

    fn end(&self) -> usize {
        self.batch + 1
    }
}
