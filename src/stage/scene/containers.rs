//! The containers of a pod as its card shows them, init containers first.
//! It must not know pods' cards.

use std::rc::Rc;

use statefulset_engine::api::metadata::Text;
use statefulset_engine::api::pod::{ContainerState, ContainerStatus, Pod};

/// A container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerCard {
    /// Its name.
    pub name: Text,
    /// Its image.
    pub image: Text,
    /// Whether it is an init container: it ends before the others begin.
    pub init: bool,
    /// How it is.
    pub look: ContainerLook,
    /// The kubelet's own word for why it waits or how it ended; empty where there is none.
    pub reason: &'static str,
    /// How often it was started again.
    pub restarts: u32,
}

/// How a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerLook {
    /// Not started, or not started again.
    Waiting,
    /// Runs, and its probe has not passed.
    Running,
    /// Runs and is ready.
    Ready,
    /// Has ended well.
    Done,
    /// Has ended badly.
    Failed,
}

impl ContainerLook {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Waiting, Self::Running, Self::Ready, Self::Done, Self::Failed];

    /// Its name: in classes, and in the locale files behind `stage.container.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// The containers of a pod.
pub(super) fn of(pod: &Pod) -> Rc<[ContainerCard]> {
    let init =
        pod.spec.init_containers.iter().enumerate().map(|(index, container)| (container, pod.status.init_containers.get(index), true));
    let main = pod.spec.containers.iter().enumerate().map(|(index, container)| (container, pod.status.containers.get(index), false));
    init.chain(main)
        .map(|(container, status, init)| {
            let (look, reason) = look(status);
            ContainerCard {
                name: container.name.clone(),
                image: container.image.clone(),
                init,
                look,
                reason,
                restarts: status.map_or(0, |status| status.restarts),
            }
        })
        .collect()
}

fn look(status: Option<&ContainerStatus>) -> (ContainerLook, &'static str) {
    let Some(status) = status else {
        return (ContainerLook::Waiting, "");
    };
    match &status.state {
        ContainerState::Waiting { reason, .. } => (ContainerLook::Waiting, reason),
        ContainerState::Running { .. } if status.ready => (ContainerLook::Ready, ""),
        ContainerState::Running { .. } => (ContainerLook::Running, ""),
        ContainerState::Terminated(end) if end.exit_code == 0 => (ContainerLook::Done, end.reason),
        ContainerState::Terminated(end) => (ContainerLook::Failed, end.reason),
    }
}
