//! What a kubelet remembers of one pod, and which stage follows which.
//! It must not know the store: the stages are written by the parent module.

use crate::api::metadata::{Text, Uid};
use crate::api::time::Ms;

/// The kubelet's memory of one pod.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    /// The life of the pod that this is about.
    pub(super) uid: Uid,
    /// The node.
    pub(super) node: Text,
    /// Where the pod stands.
    pub(super) stage: Stage,
    /// Since when.
    pub(super) since_ms: Ms,
    /// The address, once there is one.
    pub(super) address: Option<Text>,
    /// Since when containers have been running, once they have.
    pub(super) running_ms: Option<Ms>,
    /// How often containers have ended by themselves.
    pub(super) crashes: u32,
    /// Of a member of an ensemble: whether it has a majority, and since when that is so.
    pub(super) quorum: Option<(bool, Ms)>,
}

/// Where a pod stands, from its kubelet's point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Bound to the node; its containers are about to be created.
    Bound,
    /// An init container's image is pulled, then it runs.
    Init {
        /// Which one.
        number: usize,
        /// How long pulling takes; `None` where the image was there already.
        pull_ms: Option<Ms>,
    },
    /// Images are pulled, containers created.
    Creating {
        /// How long that takes.
        takes_ms: Ms,
        /// How long pulling takes; `None` where the images were there already.
        pull_ms: Option<Ms>,
    },
    /// An image could not be pulled.
    PullFailed,
    /// An image could not be pulled, and the next try waits.
    PullBackOff,
    /// The containers run.
    Running,
    /// A container has ended and will be started again.
    Crashed,
    /// A container has ended often, and the next start waits.
    CrashBackOff,
    /// The pod has ended for good.
    Ended,
    /// Deletion was asked for; containers are stopping.
    Stopping {
        /// When they will have stopped.
        until_ms: Ms,
    },
    /// Containers have stopped; the object is about to go.
    Stopped,
}

/// From a failed pull to the next stage.
pub(super) const PULL_FAILED_MS: Ms = 1_500;
/// From `ImagePullBackOff` to the next try.
pub(super) const PULL_BACKOFF_MS: Ms = 20_000;
/// How long a container runs that ends again and again.
pub(super) const CRASH_AFTER_MS: Ms = 806;
/// From a container's end to the next stage.
pub(super) const CRASHED_MS: Ms = 509;
/// The first wait of a container that ends again and again; it doubles each time.
const CRASH_BACKOFF_MS: Ms = 10_000;
/// The longest such wait.
const CRASH_BACKOFF_MS_MAX: Ms = 300_000;
/// How long an init container runs.
pub(super) const INIT_MS: Ms = 500;
/// Creating and starting containers, beside pulling their images.
pub(super) const START_MS: Ms = 300;

impl Worker {
    /// The memory of a pod that was just bound.
    pub(super) fn new(uid: Uid, node: Text, now: Ms) -> Self {
        Self { uid, node, stage: Stage::Bound, since_ms: now, address: None, running_ms: None, crashes: 0, quorum: None }
    }

    /// Puts the pod in a stage.
    pub(super) fn enter(&mut self, stage: Stage, now: Ms) {
        self.stage = stage;
        self.since_ms = now;
    }

    /// How long the kubelet waits before it starts a container again.
    pub(super) fn crash_backoff_ms(&self) -> Ms {
        let doublings = self.crashes.saturating_sub(2).min(10);
        (CRASH_BACKOFF_MS << doublings).min(CRASH_BACKOFF_MS_MAX)
    }
}
