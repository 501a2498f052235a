//! Files: those on a volume live as long as the volume, those in a container as long as the container. And the logs of
//! containers, which the kubelet keeps for one life more.
//! It must not know the programs that read and write them.

use std::rc::Rc;

use crate::sorted::SortedMap;

use crate::api::metadata::{Text, Uid};
use crate::api::time::Ms;

/// Lines of a log that are kept: the kubelet keeps 10 MiB of each container's, and a lab writes a few hundred lines.
const LOG_LINES_MAX: usize = 10_000;

/// What a container's program has written since it started, line by line, with the moment of each.
pub type Log = Vec<(Ms, Text)>;

/// Files by their path below the root of a disk, without a leading slash.
pub type Files = SortedMap<String, Text>;

/// All disks of the cluster.
#[derive(Clone, Debug, Default)]
pub struct Disks {
    volumes: SortedMap<Uid, Files>,
    containers: SortedMap<u64, Files>,
    logs: SortedMap<u64, Rc<Log>>,
}

impl Disks {
    /// The files on the volume with this uid.
    pub fn volume(&self, uid: Uid) -> Option<&Files> {
        self.volumes.get(&uid)
    }

    /// The files on the volume with this uid, to be changed.
    pub fn volume_mut(&mut self, uid: Uid) -> &mut Files {
        self.volumes.entry(uid).or_default()
    }

    /// The files that the container with this id wrote to its own layer.
    pub fn container(&self, id: u64) -> Option<&Files> {
        self.containers.get(&id)
    }

    /// The files that the container with this id wrote to its own layer, to be changed.
    pub fn container_mut(&mut self, id: u64) -> &mut Files {
        self.containers.entry(id).or_default()
    }

    /// Forgets the files of a volume that was deleted.
    pub fn drop_volume(&mut self, uid: Uid) {
        self.volumes.remove(&uid);
    }

    /// Forgets the files of a container that ended.
    pub fn drop_container(&mut self, id: u64) {
        self.containers.remove(&id);
    }

    /// What the container with this id has written beyond what its program writes when it starts.
    pub fn log(&self, id: u64) -> &[(Ms, Text)] {
        self.logs.get(&id).map(|log| log.as_slice()).unwrap_or_default()
    }

    /// Adds a line to a container's log; beyond a limit the oldest go.
    pub fn write_log(&mut self, id: u64, at_ms: Ms, line: impl Into<Text>) {
        let log = Rc::make_mut(self.logs.entry(id).or_default());
        if log.len() >= LOG_LINES_MAX {
            log.drain(..LOG_LINES_MAX / 10);
        }
        log.push((at_ms, line.into()));
    }

    /// Forgets the log of a container that nobody can ask for any more.
    pub fn drop_log(&mut self, id: u64) {
        self.logs.remove(&id);
    }
}
