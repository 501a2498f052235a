//! The decision of the StatefulSet controller: a view of the set and its pods in, actions, status and the reason out.
//! Pure: it must not know the store, the clock or names of objects other than by ordinal and revision.
//! Follows `pkg/controller/statefulset/stateful_set_control.go`, 1.36: replicas from the lowest ordinal, then condemned pods
//! from the highest, then the rolling update from the highest down to the partition; each stage only if the one before had
//! nothing to wait for.

use std::ops::Range;

use crate::api::metadata::Text;
use crate::api::pod::Phase;
use crate::api::statefulset::{IntOrPercent, PodManagementPolicy, StatefulSetStatus, UpdateStrategy};

use super::rules;
use super::summary::{self, Summary};

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
    /// The same at once.
    pub summary: &'a Summary,
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
    let summary = view.summary;
    let mut plan = Plan {
        actions: Vec::new(),
        current_replicas_before_update: summary.staying(view.current.0),
        status: StatefulSetStatus {
            replicas: summary.replicas,
            ready_replicas: summary.ready,
            available_replicas: summary.available,
            current_replicas: summary.staying(view.current.0),
            updated_replicas: summary.staying(view.update.0),
            observed_generation: view.generation,
            current_revision: view.current.1.clone(),
            update_revision: view.update.1.clone(),
            collision_count: Some(view.collision_count),
        },
        reason: Reason { rule: rules::SETTLED, waits: false, ordinals: Vec::new() },
    };
    if view.deleting {
        plan.reason.rule = rules::SET_IS_DELETED;
        return plan;
    }
    let monotonic = view.policy == PodManagementPolicy::OrderedReady;
    let wanted = view.start..view.start.saturating_add(view.replicas.max(0));
    let within = summary::within(view.pods, &wanted);
    let (below, above) = (&view.pods[..within.start], &view.pods[within.end..]);
    let condemned: Vec<&PodView> = above.iter().rev().chain(below.iter().rev()).collect();
    let mut decider = Decider { view, claims, monotonic, plan, batch: 0, pods: &view.pods[within], wanted };
    let stopped = decider.replicas() || decider.condemned(&condemned);
    if !stopped {
        decider.update();
    }
    decider.plan
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
    /// The ordinals that are asked for, and the pods among them.
    wanted: Range<i64>,
    pods: &'a [PodView],
}

impl<'a> Decider<'a> {
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

    /// What stands at a wanted ordinal.
    fn slot(&self, ordinal: i64) -> Slot<'a> {
        let at = self.pods.partition_point(|pod| pod.ordinal < ordinal);
        match self.pods.get(at).filter(|pod| pod.ordinal == ordinal) {
            Some(pod) => Slot::Pod(pod),
            None => Slot::New(ordinal, revision_for(self.view, ordinal)),
        }
    }

    /// The wanted ordinals that lack a pod or whose pod wants a closer look, ascending: all others want nothing.
    fn of_interest(&self) -> impl Iterator<Item = i64> + use<'a> {
        let mut missing = summary::missing(self.pods, &self.wanted).peekable();
        let mut restless = self.view.summary.restless(self.wanted.clone()).peekable();
        std::iter::from_fn(move || match (missing.peek(), restless.peek()) {
            (Some(gap), Some(pod)) if gap < pod => missing.next(),
            (_, Some(_)) => restless.next(),
            (_, None) => missing.next(),
        })
    }

    /// Goes through the wanted ordinals upwards. True where the look ends here.
    fn replicas(&mut self) -> bool {
        let first = self.batch + 1;
        for ordinal in self.of_interest() {
            let place = usize::try_from(ordinal - self.wanted.start).unwrap_or(0);
            let batch = first + if self.monotonic { place } else { batch_of(place) };
            if self.replica(&self.slot(ordinal), batch) && self.monotonic {
                return true;
            }
        }
        let count = usize::try_from(self.wanted.end - self.wanted.start).unwrap_or(0);
        self.batch = first + if self.monotonic { count } else { batch_of(count) };
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
    fn condemned(&mut self, condemned: &[&PodView]) -> bool {
        if condemned.is_empty() {
            return false;
        }
        let mut batches = Batches::new(self.batch);
        for pod in condemned {
            let batch = if self.monotonic { self.alone() } else { batches.next() };
            if !pod.retention_matches {
                self.act(batch, Action::CorrectClaims { ordinal: pod.ordinal });
            }
        }
        self.batch = self.batch.max(batches.end());
        let first_unavailable = self.first_unavailable(condemned);
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

    /// The lowest wanted ordinal whose pod is not healthy, or else the lowest condemned one.
    fn first_unavailable(&self, condemned: &[&PodView]) -> Option<i64> {
        let missing = |ordinal: &i64| match self.slot(*ordinal) {
            Slot::New(..) => true,
            Slot::Pod(pod) => pod.unavailable(),
        };
        let lowest = |pods: &[&PodView]| pods.iter().rev().find(|pod| pod.unavailable()).map(|pod| pod.ordinal);
        self.of_interest().find(missing).or_else(|| lowest(condemned))
    }

    /// Deletes what is not at the update revision, from the highest ordinal down to the partition.
    fn update(&mut self) {
        let view = self.view;
        let rolling = match view.strategy {
            UpdateStrategy::OnDelete => {
                let outdated = view.summary.outdated(self.wanted.clone(), view.update.0);
                if !outdated.is_empty() {
                    self.because(rules::ON_DELETE_WAITS, true, outdated);
                }
                return;
            }
            UpdateStrategy::RollingUpdate(rolling) => rolling.as_ref(),
        };
        let partition = rolling.map_or(0, |rolling| rolling.partition).max(0);
        let lowest = self.wanted.start.saturating_add(partition).min(self.wanted.end);
        let finished = if view.max_unavailable_gate {
            self.update_several(lowest, rolling.and_then(|rolling| rolling.max_unavailable))
        } else {
            self.update_one(lowest)
        };
        if finished && self.wanted.start < lowest {
            let held = view.summary.outdated(self.wanted.start..lowest, view.update.0);
            if !held.is_empty() {
                self.because(rules::PARTITION_HOLDS, false, held);
            }
        }
    }

    /// The highest ordinal in a range at which an update has something to do or to wait for.
    fn last_to_update(&self, range: Range<i64>) -> Option<i64> {
        let pods = &self.pods[summary::within(self.pods, &range)];
        let missing = summary::last_missing(pods, &range);
        self.view.summary.last_of_interest(range, self.view.update.0).max(missing)
    }

    /// One pod at a time. True where nothing is left to do.
    fn update_one(&mut self, lowest: i64) -> bool {
        let mut end = self.wanted.end;
        while let Some(ordinal) = self.last_to_update(lowest..end) {
            match self.slot(ordinal) {
                Slot::Pod(pod) if pod.revision != self.view.update.0 && !pod.terminating => {
                    self.delete_outdated(ordinal);
                    return false;
                }
                Slot::New(_, Which::Current) if self.view.current.0 != self.view.update.0 => {
                    // Upstream asks to delete the pod that it has only just asked for, and goes no further.
                    self.because(rules::WAITS_FOR_UPDATE, true, vec![ordinal]);
                    self.delete_outdated(ordinal);
                    return false;
                }
                Slot::Pod(pod) if !pod.unavailable() => end = ordinal,
                Slot::Pod(_) | Slot::New(..) => {
                    self.because(rules::WAITS_FOR_UPDATE, true, vec![ordinal]);
                    return false;
                }
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
    fn update_several(&mut self, lowest: i64, max_unavailable: Option<IntOrPercent>) -> bool {
        // A share rounds down, but one pod may always be missing.
        let allowed = max_unavailable.map_or(1, |count| count.of(self.view.replicas)).max(1);
        let unavailable = |ordinal: &i64| match self.slot(*ordinal) {
            Slot::New(..) => true,
            Slot::Pod(pod) => pod.unavailable(),
        };
        let missing: Vec<i64> = self.of_interest().filter(unavailable).collect();
        let missing_count = i64::try_from(missing.len()).unwrap_or(i64::MAX);
        if missing_count >= allowed {
            self.because(rules::UNAVAILABLE_MAX, true, missing);
            return self.view.summary.outdated(self.wanted.clone(), self.view.update.0).is_empty();
        }
        let mut left = allowed - missing_count;
        let mut finished = true;
        let mut end = self.wanted.end;
        while let Some(ordinal) = self.last_to_update(lowest..end).filter(|_| left > 0) {
            if let Slot::Pod(pod) = self.slot(ordinal)
                && pod.revision != self.view.update.0
                && !pod.terminating
            {
                self.delete_outdated(ordinal);
                left -= 1;
                finished = false;
            }
            end = ordinal;
        }
        finished
    }
}

/// The batch in which the action at a place is done: batches are of 1, 2, 4, … actions.
fn batch_of(place: usize) -> usize {
    let (mut batch, mut end, mut size) = (0, 1, 1);
    while end <= place {
        batch += 1;
        size = (size * 2).min(BATCH_MAX);
        end += size;
    }
    batch
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
