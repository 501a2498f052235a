//! The files that a shell sees: outside, those of the terminal; in a container, its image, its own layer, and what is
//! mounted. What is written to a volume lives as long as the volume, what is written elsewhere as long as the container.
//! It must not know programs.

use crate::sorted::SortedMap;
use std::fmt;

use crate::api::metadata::Text;
use crate::cluster::World;
use crate::cluster::disks::Files;
use crate::process::Context;
use crate::session::terminal::Terminal;

use super::image_files;
use super::mounts::{Disk, Mount, mounts};
use super::state::{InPod, Place, Shell};

/// How big one file may become: labs write lines.
const FILE_BYTES_MAX: usize = 1024 * 1024;
/// How many files one disk may hold.
const FILES_MAX: usize = 10_000;
/// How much all files of one disk may hold.
const DISK_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Behind the path of a file of the image that was removed in a container.
const REMOVED: &str = "\0";

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// Why a file cannot be read or written, in the words of a C library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Missing,
    IsFolder,
    NotFolder,
    ReadOnly,
    Full,
    NotEmpty,
    Exists,
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Missing => "No such file or directory",
            Self::IsFolder => "Is a directory",
            Self::NotFolder => "Not a directory",
            Self::ReadOnly => "Read-only file system",
            Self::Full => "No space left on device",
            Self::NotEmpty => "Directory not empty",
            Self::Exists => "File exists",
        })
    }
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) bytes: usize,
}

/// The whole path that a written one means, without `.`, `..` and double slashes.
pub(super) fn resolve(shell: &Shell, path: &str) -> String {
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", shell.folder) };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// A file's text.
pub(super) fn read(shell: &Shell, context: &Context<'_>, path: &str) -> Result<Text, Trouble> {
    if path.ends_with('/') && !path.trim_matches('/').is_empty() {
        return Err(if kind(shell, context, path).is_some() { Trouble::IsFolder } else { Trouble::Missing });
    }
    match (text(shell, context.world, context.terminal, path), kind(shell, context, path)) {
        (Some(text), _) => Ok(text),
        (None, Some(_)) => Err(Trouble::IsFolder),
        (None, None) => Err(Trouble::Missing),
    }
}

fn text(shell: &Shell, world: &World, terminal: &Terminal, path: &str) -> Option<Text> {
    let whole = resolve(shell, path);
    match &shell.place {
        Place::Outside if whole == "/dev/null" => Some("".into()),
        Place::Outside => {
            terminal.files.get(path).or_else(|| terminal.files.get(&whole[1..])).or_else(|| terminal.files.get(&whole)).cloned()
        }
        Place::Pod(pod) => {
            if whole == "/dev/null" {
                return Some("".into());
            }
            pod_text(world, pod, &whole)
        }
    }
}

/// A file's text as a container sees it.
pub(super) fn pod_text(world: &World, pod: &InPod, whole: &str) -> Option<Text> {
    let mounts = mounts(world, pod);
    let (mount, inside) = find(&mounts, whole);
    match &mount.disk {
        Disk::Container => {
            let layer = world.disks.container(pod.container_id);
            let own = layer.and_then(|files| files.get(inside)).cloned();
            let removed = layer.is_some_and(|files| files.contains_key(&format!("{inside}{REMOVED}")));
            own.or_else(|| if removed { None } else { image_files::text(world, pod, whole).map(Text::from) })
        }
        Disk::Volume(uid) => world.disks.volume(*uid).and_then(|files| files.get(inside)).cloned(),
        Disk::Data(data) => data.get(inside).cloned(),
    }
}

/// What stands at a path.
pub(super) fn kind(shell: &Shell, context: &Context<'_>, path: &str) -> Option<Kind> {
    kind_at(shell, context.world, context.terminal, path)
}

fn kind_at(shell: &Shell, world: &World, terminal: &Terminal, path: &str) -> Option<Kind> {
    let whole = resolve(shell, path);
    match &shell.place {
        Place::Outside => {
            if text(shell, world, terminal, path).is_some() {
                return Some(Kind::File);
            }
            let folder = format!("{}/", &whole[1..]);
            (whole == "/" || whole == "/tmp" || terminal.files.keys().any(|name| name.trim_start_matches('/').starts_with(&folder)))
                .then_some(Kind::Folder)
        }
        Place::Pod(pod) => pod_kind(world, pod, &whole),
    }
}

/// What a container sees at a path.
pub(super) fn pod_kind(world: &World, pod: &InPod, whole: &str) -> Option<Kind> {
    if pod_text(world, pod, whole).is_some() {
        return Some(Kind::File);
    }
    let mounts = mounts(world, pod);
    let below = if whole == "/" { "/".to_owned() } else { format!("{whole}/") };
    if mounts.iter().any(|mount| mount.path == whole || mount.path.starts_with(&below)) {
        return Some(Kind::Folder);
    }
    let (mount, inside) = find(&mounts, whole);
    let prefix = format!("{inside}/");
    let folder = match &mount.disk {
        Disk::Container => {
            let layer = world.disks.container(pod.container_id);
            let removed = layer.is_some_and(|files| files.contains_key(&format!("{inside}{REMOVED}")));
            layer.is_some_and(|files| has_below(files, &prefix)) || !removed && image_files::is_folder(pod, whole)
        }
        Disk::Volume(uid) => world.disks.volume(*uid).is_some_and(|files| has_below(files, &prefix)),
        Disk::Data(_) => false,
    };
    folder.then_some(Kind::Folder)
}

fn has_below(files: &Files, prefix: &str) -> bool {
    files.range(prefix.to_owned()..).next().is_some_and(|(name, _)| name.starts_with(prefix))
}

/// The entries of a folder in order of name; `None` where there is no such folder.
pub(super) fn list(shell: &Shell, context: &Context<'_>, path: &str) -> Option<Vec<Entry>> {
    entries(shell, context.world, context.terminal, path)
}

/// The same, for those who only look.
pub(super) fn entries(shell: &Shell, world: &World, terminal: &Terminal, path: &str) -> Option<Vec<Entry>> {
    let whole = resolve(shell, path);
    let mut found: SortedMap<String, Entry> = SortedMap::new();
    match &shell.place {
        Place::Outside => {
            let prefix = if whole == "/" { String::new() } else { format!("{}/", &whole[1..]) };
            for (name, text) in &terminal.files {
                let name = name.strip_prefix("./").unwrap_or(name).trim_start_matches('/');
                if let Some(rest) = name.strip_prefix(&prefix) {
                    add(&mut found, rest, text.len());
                }
            }
            (kind_at(shell, world, terminal, path) == Some(Kind::Folder)).then(|| found.into_values().collect())
        }
        Place::Pod(pod) => {
            if pod_kind(world, pod, &whole) != Some(Kind::Folder) {
                return None;
            }
            let mounts = mounts(world, pod);
            let (mount, inside) = find(&mounts, &whole);
            let prefix = if inside.is_empty() { String::new() } else { format!("{inside}/") };
            if let Disk::Container = mount.disk {
                for name in image_files::names(world, pod, &whole) {
                    let bytes =
                        image_files::text(world, pod, &format!("{}/{name}", whole.trim_end_matches('/'))).map_or(4096, |text| text.len());
                    add(&mut found, &name, bytes);
                }
            }
            let none = Files::new();
            let files = match &mount.disk {
                Disk::Container => world.disks.container(pod.container_id).unwrap_or(&none),
                Disk::Volume(uid) => world.disks.volume(*uid).unwrap_or(&none),
                Disk::Data(data) => data,
            };
            for (name, text) in files.range(prefix.clone()..).take_while(|(name, _)| name.starts_with(&prefix)) {
                let rest = &name[prefix.len()..];
                match rest.strip_suffix(REMOVED) {
                    Some(removed) => {
                        found.remove(removed);
                    }
                    None => add(&mut found, rest, text.len()),
                }
            }
            let below = if whole == "/" { "/".to_owned() } else { format!("{whole}/") };
            for mount in &mounts {
                if let Some(rest) = mount.path.strip_prefix(&below) {
                    add(&mut found, &format!("{rest}/"), 4096);
                }
            }
            Some(found.into_values().collect())
        }
    }
}

/// Adds the first part of a path below a folder.
fn add(found: &mut SortedMap<String, Entry>, rest: &str, bytes: usize) {
    let (name, folder) = rest.split_once('/').map_or((rest, false), |(name, _)| (name, true));
    if name.is_empty() {
        return;
    }
    let kind = if folder { Kind::Folder } else { Kind::File };
    found.insert(name.to_owned(), Entry { name: name.to_owned(), kind, bytes: if folder { 4096 } else { bytes } });
}

/// Writes a file, or appends to it.
pub(super) fn write(shell: &Shell, context: &mut Context<'_>, path: &str, more: &str, append: bool) -> Result<(), Trouble> {
    let whole = resolve(shell, path);
    if matches!(whole.as_str(), "/dev/null" | "/dev/stdout" | "/dev/stderr") {
        match whole.as_str() {
            "/dev/stdout" => context.streams.out.push_str(more),
            "/dev/stderr" => context.streams.err.push_str(more),
            _ => {}
        }
        return Ok(());
    }
    if path.is_empty() {
        return Err(Trouble::Missing);
    }
    if kind(shell, context, path) == Some(Kind::Folder) || path.ends_with('/') {
        return Err(Trouble::IsFolder);
    }
    let old = if append { text(shell, context.world, context.terminal, path) } else { None };
    if append && more.is_empty() && old.is_some() {
        return Ok(());
    }
    let old = old.unwrap_or_else(|| "".into());
    if old.len() + more.len() > FILE_BYTES_MAX {
        return Err(Trouble::Full);
    }
    let new: Text = format!("{old}{more}").into();
    match &shell.place {
        Place::Outside => {
            if full(&context.terminal.files, more) {
                return Err(Trouble::Full);
            }
            let name = if context.terminal.files.contains_key(path) { path.to_owned() } else { whole[1..].to_owned() };
            context.terminal.files.insert(name, new);
            Ok(())
        }
        Place::Pod(pod) => {
            check_parent(context.world, pod, &whole)?;
            let files = disk_mut(context.world, pod, &whole)?;
            if full(files.0, more) {
                return Err(Trouble::Full);
            }
            files.0.remove(&format!("{}{REMOVED}", files.1));
            files.0.insert(files.1, new);
            Ok(())
        }
    }
}

/// Whether a disk takes no more.
fn full(files: &Files, more: &str) -> bool {
    files.len() >= FILES_MAX || files.values().map(|text| text.len()).sum::<usize>() + more.len() > DISK_BYTES_MAX
}

fn check_parent(world: &World, pod: &InPod, whole: &str) -> Result<(), Trouble> {
    let parent = whole.rsplit_once('/').map_or("/", |(parent, _)| if parent.is_empty() { "/" } else { parent });
    match pod_kind(world, pod, parent) {
        Some(Kind::Folder) => Ok(()),
        Some(Kind::File) => Err(Trouble::NotFolder),
        None => Err(Trouble::Missing),
    }
}

/// The disk that holds a path, to be changed, and the path on it.
fn disk_mut<'a>(world: &'a mut World, pod: &InPod, whole: &str) -> Result<(&'a mut Files, String), Trouble> {
    let mounts = mounts(world, pod);
    let (mount, inside) = find(&mounts, whole);
    let inside = inside.to_owned();
    if mount.read_only {
        return Err(Trouble::ReadOnly);
    }
    match mount.disk {
        Disk::Container => Ok((world.disks.container_mut(pod.container_id), inside)),
        Disk::Volume(uid) => Ok((world.disks.volume_mut(uid), inside)),
        Disk::Data(_) => Err(Trouble::ReadOnly),
    }
}

/// Makes a folder; `parents` makes those above it too and minds none that stands.
pub(super) fn make_folder(shell: &Shell, context: &mut Context<'_>, path: &str, parents: bool) -> Result<(), Trouble> {
    let whole = resolve(shell, path);
    match (kind(shell, context, path), &shell.place) {
        (Some(Kind::Folder), _) if parents => Ok(()),
        (Some(_), _) => Err(Trouble::Exists),
        // Folders outside are only parts of names.
        (None, Place::Outside) => Ok(()),
        (None, Place::Pod(pod)) => {
            if !parents {
                check_parent(context.world, pod, &whole)?;
            }
            let (files, inside) = disk_mut(context.world, pod, &whole)?;
            if full(files, "") {
                return Err(Trouble::Full);
            }
            files.remove(&format!("{inside}{REMOVED}"));
            files.insert(format!("{inside}/"), "".into());
            Ok(())
        }
    }
}

/// Removes a file, or a folder with all that is in it where `whole_folders`.
pub(super) fn remove(shell: &Shell, context: &mut Context<'_>, path: &str, whole_folders: bool) -> Result<(), Trouble> {
    let whole = resolve(shell, path);
    let standing = kind(shell, context, path).ok_or(Trouble::Missing)?;
    if standing == Kind::Folder && !whole_folders {
        return Err(Trouble::IsFolder);
    }
    match &shell.place {
        Place::Outside => {
            let folder = format!("{}/", &whole[1..]);
            context
                .terminal
                .files
                .retain(|name, _| name != path && name.trim_start_matches('/') != &whole[1..] && !name.starts_with(&folder));
            Ok(())
        }
        Place::Pod(pod) => {
            let in_image = image_files::text(context.world, pod, &whole).is_some() || image_files::is_folder(pod, &whole);
            let is_layer = matches!(find(&mounts(context.world, pod), &whole).0.disk, Disk::Container);
            let (files, inside) = disk_mut(context.world, pod, &whole)?;
            if inside.is_empty() {
                return Err(Trouble::NotEmpty);
            }
            let below = format!("{inside}/");
            files.retain(|name, _| *name != inside && !name.starts_with(&below));
            if is_layer && in_image {
                files.insert(format!("{inside}{REMOVED}"), "".into());
            }
            Ok(())
        }
    }
}

/// The mount that holds a path, and the path below it without a leading slash.
fn find<'a, 'b>(mounts: &'a [Mount], whole: &'b str) -> (&'a Mount, &'b str) {
    let inside =
        |mount: &&Mount| mount.path == "/" || whole.strip_prefix(&mount.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // The root is always mounted; the longest path wins.
    let mount = mounts.iter().filter(inside).max_by_key(|mount| mount.path.len()).unwrap_or(&mounts[0]);
    let rest = if mount.path == "/" { whole } else { &whole[mount.path.len()..] };
    (mount, rest.trim_start_matches('/'))
}

/// What is mounted in a container.
pub(super) fn mounted(world: &World, pod: &InPod) -> Vec<Mount> {
    mounts(world, pod)
}

/// How many bytes were written to a mount.
pub(super) fn used(world: &World, pod: &InPod, mount: &Mount) -> usize {
    let files = match &mount.disk {
        Disk::Container => world.disks.container(pod.container_id),
        Disk::Volume(uid) => world.disks.volume(*uid),
        Disk::Data(data) => Some(data),
    };
    files.map_or(0, |files| files.values().map(|text| text.len()).sum())
}
