//! What is mounted in a container: volumes behind claims, scratch volumes, ConfigMaps and Secrets. It must not know files'
//! contents or programs.

use serde_json::Value;

use crate::api::defaults::normalise::from_base64;
use crate::api::kind::Kind;
use crate::api::metadata::{Text, Uid};
use crate::api::object::Body;
use crate::api::quantity::Quantity;
use crate::api::read;
use crate::cluster::World;
use crate::cluster::disks::Files;

use super::state::InPod;

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Disk {
    /// In the container's own layer.
    Container,
    /// On a volume.
    Volume(Uid),
    /// In a ConfigMap or a Secret.
    Data(Files),
}

/// A disk at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    /// Where, without a slash at the end.
    pub(super) path: String,
    /// What.
    pub(super) disk: Disk,
    /// Whether nothing can be written.
    pub(super) read_only: bool,
    /// What `df` calls it.
    pub(super) source: String,
    /// How big it is, where that is known.
    pub(super) size: Option<Quantity>,
}

/// What is mounted in a container; the root comes first.
pub(super) fn mounts(world: &World, at: &InPod) -> Vec<Mount> {
    let mut mounts =
        vec![Mount { path: "/".to_owned(), disk: Disk::Container, read_only: false, source: "overlay".to_owned(), size: None }];
    let Some(object) = world.store.get(&at.key) else { return mounts };
    let Some(pod) = object.pod() else { return mounts };
    let namespace = &at.key.namespace;
    let containers = read::items(&pod.spec.document, &["containers"]);
    let written = containers.get(at.container).map_or(&[][..], |container| read::items(container, &["volumeMounts"]));
    for mount in written {
        let (Some(name), Some(path)) = (read::string(mount, &["name"]), read::string(mount, &["mountPath"])) else { continue };
        let mut read_only = read::flag(mount, &["readOnly"]);
        let path = format!("/{}", path.trim_matches('/'));
        let below = read::string(mount, &["subPath"]).unwrap_or_default().trim_matches('/');
        let mut size = None;
        let mut source = "overlay".to_owned();
        let disk = if let Some(claim) = pod.claims().find(|claim| &*claim.volume == name) {
            let volume = world.store.find(Kind::PersistentVolumeClaim, namespace, &claim.claim).and_then(|claim| {
                let volume = &claim.claim()?.volume_name;
                world.store.find(Kind::PersistentVolume, "", volume)
            });
            let Some(volume) = volume else { continue };
            size = volume.volume().and_then(|volume| volume.capacity);
            source = format!("/dev/disk/{}", volume.meta.name);
            Disk::Volume(part(volume.meta.uid, below))
        } else {
            let volumes = read::items(&pod.spec.document, &["volumes"]);
            let Some(volume) = volumes.iter().find(|volume| read::string(volume, &["name"]) == Some(name)) else { continue };
            if let Some(map) = read::string(volume, &["configMap", "name"]) {
                read_only = true;
                Disk::Data(data(world, Kind::ConfigMap, namespace, map, read::items(volume, &["configMap", "items"]), below))
            } else if let Some(secret) = read::string(volume, &["secret", "secretName"]) {
                read_only = true;
                Disk::Data(data(world, Kind::Secret, namespace, secret, read::items(volume, &["secret", "items"]), below))
            } else if let Some(on_node) = read::string(volume, &["hostPath", "path"]) {
                Disk::Volume(part(Uid(0), &format!("{}/{on_node}/{below}", pod.node_name)))
            } else {
                // Scratch space lives as long as the pod.
                Disk::Volume(part(object.meta.uid, &format!("{name}\u{0}{below}")))
            }
        };
        mounts.push(Mount { path, disk, read_only, source, size });
    }
    mounts
}

/// The uid of a part of a disk: `subPath` makes disks of their own.
fn part(uid: Uid, below: &str) -> Uid {
    if below.is_empty() {
        return uid;
    }
    let hash = below
        .bytes()
        .fold(0x6c62_272e_07bb_0142_u128, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b));
    Uid(uid.0 ^ hash)
}

/// The entries of a ConfigMap or a Secret as files.
fn data(world: &World, kind: Kind, namespace: &str, name: &str, items: &[Value], below: &str) -> Files {
    let Some(object) = world.store.find(kind, namespace, name) else { return Files::new() };
    let Body::Other(_, document) = &object.body else { return Files::new() };
    let mut files = Files::new();
    for (section, encoded) in [("data", kind == Kind::Secret), ("stringData", false)] {
        for (key, value) in document.get(section).and_then(Value::as_object).into_iter().flatten() {
            let path = if items.is_empty() {
                Some(key.as_str())
            } else {
                items.iter().find(|item| read::string(item, &["key"]) == Some(key)).and_then(|item| read::string(item, &["path"]))
            };
            let text = value.as_str().unwrap_or_default();
            let text: Text = if encoded { from_base64(text).into() } else { text.into() };
            if let Some(path) = path {
                // A subPath mounts one entry as a file.
                files.insert(if path == below { String::new() } else { path.to_owned() }, text);
            }
        }
    }
    files
}
