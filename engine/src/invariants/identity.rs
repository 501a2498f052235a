//! At most one pod has an identity at a time: a name is free again only once its pod is gone.

use std::collections::BTreeMap;

use crate::api::kind::Kind;
use crate::api::metadata::{Text, Uid};
use crate::cluster::store::{Verb, WatchEvent};

pub(super) fn check(alive: &mut BTreeMap<(Text, Text), Uid>, event: &WatchEvent) -> Result<(), String> {
    let meta = &event.object.meta;
    if event.object.kind() != Kind::Pod {
        return Ok(());
    }
    let name = (meta.namespace.clone(), meta.name.clone());
    if event.verb == Verb::Deleted {
        alive.remove(&name);
        return Ok(());
    }
    match alive.insert(name, meta.uid) {
        Some(other) if other != meta.uid => Err(format!("pod {} was made while another one of that name was there", meta.name)),
        _ => Ok(()),
    }
}
