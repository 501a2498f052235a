//! Files: those on a volume live as long as the volume, those in a container as long as the container.
//! It must not know the programs that read and write them.

use crate::sorted::SortedMap;

use crate::api::metadata::{Text, Uid};

/// Files by their path below the root of a disk, without a leading slash.
pub type Files = SortedMap<String, Text>;

/// All disks of the cluster.
#[derive(Clone, Debug, Default)]
pub struct Disks {
    volumes: SortedMap<Uid, Files>,
    containers: SortedMap<u64, Files>,
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
}
