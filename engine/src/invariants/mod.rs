//! What must always hold, a file each. A [`Watcher`] beside a run reads what was written since its last look and checks
//! every rule; tests have it look after every event. It must not change the world, and no actor may ask it anything.

mod claims;
mod identity;
mod names;
mod order;
mod owners;
mod revisions;
mod status;
mod versions;
mod volumes;

use std::collections::BTreeMap;

use crate::api::kind::Kind;
use crate::api::metadata::{Text, Uid};
use crate::cluster::World;

/// What was seen so far.
#[derive(Clone, Debug, Default)]
pub struct Watcher {
    position: usize,
    version: u64,
    pods: BTreeMap<(Text, Text), Uid>,
    volumes: BTreeMap<Uid, Text>,
    numbers: BTreeMap<Uid, i64>,
    order: order::Order,
}

impl Watcher {
    /// Checks what was written since the last look.
    ///
    /// # Errors
    /// The first rule that is broken, in words, with the virtual time and the seed.
    pub fn look(&mut self, world: &World) -> Result<(), String> {
        let found = self.check(world);
        found.map_err(|words| format!("at {} ms, seed {}: {words}", world.now_ms(), world.settings.seed))
    }

    fn check(&mut self, world: &World) -> Result<(), String> {
        let log = &world.store.log;
        let mut published = false;
        for event in log.since(self.position) {
            versions::check(&mut self.version, event)?;
            identity::check(&mut self.pods, event)?;
            volumes::check(&mut self.volumes, event)?;
            revisions::check(&mut self.numbers, event)?;
            claims::check(world, event)?;
            self.order.check(world, event)?;
            published |= matches!(event.object.kind(), Kind::EndpointSlice | Kind::Service);
        }
        self.order.note_syncs(world);
        if published {
            names::check(world)?;
        }
        self.position = log.len();
        Ok(())
    }

    /// Checks what holds once nothing changes any more.
    ///
    /// # Errors
    /// As [`Watcher::look`].
    pub fn look_at_rest(&mut self, world: &World) -> Result<(), String> {
        self.look(world)?;
        let found = status::check(world).and_then(|()| owners::check(world));
        found.map_err(|words| format!("at rest, at {} ms, seed {}: {words}", world.now_ms(), world.settings.seed))
    }
}
