//! One documented table of images: which pull, how long that takes, which programs they hold and which servers run in them.
//! Containers' commands are not run: an image has a model, and what the model does not know is said.
//! It must not know pods, volumes or the shell.

mod families;
pub mod log;

use std::cell::RefCell;

use crate::api::time::Ms;

pub use families::{FAMILIES, UNKNOWN};

/// Which shell an image has, which decides what its prompt looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellKind {
    /// `bash` of Debian, beside `sh`: `root@web-0:/# `.
    Bash,
    /// Busybox's `sh`: `/ # `.
    Ash,
    /// There is none.
    Missing,
}

/// Which `nslookup` an image has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// ISC's, which knows the search list and `ndots`.
    Bind,
    /// Busybox's: up to 1.28 it asks the system's resolver, later ones do not search names that hold a dot.
    Busybox,
    /// There is none.
    Missing,
}

/// What images of one kind are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// The name, as the last part of a repository.
    pub name: &'static str,
    /// Other last parts of repositories that mean the same.
    pub also: &'static [&'static str],
    /// The size that `Pulled` Events tell.
    pub size_bytes: u64,
    /// How long a pull takes where the kubelet's pace does not say.
    pub pull_ms: Ms,
    /// Its shell.
    pub shell: ShellKind,
    /// Its `nslookup`.
    pub lookup: Lookup,
    /// Programs beside those of [`COMMON`].
    pub programs: &'static [&'static str],
    /// What `/etc/os-release` says it is.
    pub system: &'static str,
    /// The ports on which its server listens, the one for HTTP first.
    pub ports: &'static [u16],
    /// Where its web server finds pages; empty where it has none.
    pub web_root: &'static str,
    /// The page that it brings along; empty where it has none.
    pub index: &'static str,
    /// The version of its server where the tag tells none.
    pub version: &'static str,
    /// What its program writes to the log when it starts; the moments and numbers in it are marked: see [`log::start`].
    pub log: &'static str,
}

/// Programs that every image with a shell has.
pub const COMMON: &[&str] = &[
    "[", "awk", "basename", "cat", "chmod", "chown", "cp", "cut", "date", "df", "dirname", "du", "echo", "env", "expr", "false", "find",
    "grep", "head", "hostname", "id", "ls", "mkdir", "mount", "mv", "printenv", "printf", "pwd", "rm", "rmdir", "sed", "seq", "sleep",
    "sort", "stat", "sync", "tail", "tee", "test", "timeout", "touch", "tr", "true", "uname", "uniq", "wc", "which", "whoami", "xargs",
    "yes",
];

/// One image as the sandbox models it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// What images of its kind are like.
    pub family: &'static Family,
    /// Whether it can be pulled: not where its tag holds `bad` or `doesnotexist`.
    pub pulls: bool,
    /// Whether its containers end again and again: where its tag holds `crash`.
    pub crashes: bool,
    /// Whether its containers never become ready: where its tag holds `unready`.
    pub never_ready: bool,
    /// How big it is.
    pub size_bytes: u64,
    /// How long its pull takes where the kubelet's pace does not say.
    pub pull_ms: Ms,
}

/// What images of the same kind as an image are like.
pub fn family(image: &str) -> &'static Family {
    model(image).family
}

/// The model of an image. The one asked for last is remembered: the pods of a set have one, and are looked at all the time.
pub fn model(image: &str) -> Model {
    thread_local!(static LAST: RefCell<Option<(String, Model)>> = const { RefCell::new(None) });
    LAST.with_borrow_mut(|last| match last {
        Some((name, model)) if name == image => *model,
        _ => last.insert((image.to_owned(), look_up(image))).1,
    })
}

fn look_up(image: &str) -> Model {
    let (repository, tag) = split(image);
    let last = repository.rsplit('/').next().unwrap_or(repository);
    let family = FAMILIES.iter().find(|family| family.name == last || family.also.contains(&last)).unwrap_or(&UNKNOWN);
    Model {
        family,
        pulls: !(tag.contains("bad") || tag.contains("doesnotexist")),
        crashes: tag.contains("crash"),
        never_ready: tag.contains("unready"),
        size_bytes: family.size_bytes,
        pull_ms: family.pull_ms,
    }
}

impl Model {
    /// Whether the image holds a program.
    pub fn has(&self, program: &str) -> bool {
        let family = self.family;
        match program {
            "sh" => family.shell != ShellKind::Missing,
            "bash" => family.shell == ShellKind::Bash || family.programs.contains(&"bash"),
            "nslookup" => family.lookup != Lookup::Missing,
            _ => family.programs.contains(&program) || (family.shell != ShellKind::Missing && COMMON.contains(&program)),
        }
    }

    /// Whether the image is one that the table knows.
    pub fn known(&self) -> bool {
        self.family.name != UNKNOWN.name
    }
}

/// The repository and the tag of an image; the tag is empty where none is written.
pub fn split(image: &str) -> (&str, &str) {
    let image = image.split_once('@').map_or(image, |(name, _)| name);
    match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (image, ""),
    }
}

/// The version that a tag tells: its leading digits and dots, where it has any.
pub fn version(image: &str) -> Option<&str> {
    let (_, tag) = split(image);
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let end = tag.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(tag.len());
    let version = tag[..end].trim_end_matches('.');
    (!version.is_empty()).then_some(version)
}

/// Whether a version is this one or a later one.
pub fn at_least(version: &str, major: u32, minor: u32) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (major, minor)
}

/// Whether busybox's `nslookup` of this image asks the system's resolver, as it did up to 1.28.
pub fn old_busybox(image: &str) -> bool {
    let mut parts = version(image).unwrap_or_default().split('.').map(str::parse::<u32>);
    matches!((parts.next(), parts.next()), (Some(Ok(1)), Some(Ok(minor))) if minor <= 28)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_decides_what_goes_wrong() {
        assert!(model("registry.k8s.io/nginx-slim:0.24").pulls);
        assert!(!model("registry.k8s.io/nginx-slim:bad").pulls);
        assert!(!model("nginx:doesnotexist").pulls);
        assert!(model("bad/nginx").pulls, "only the tag counts");
        assert!(model("nginx:crash").crashes);
        assert!(model("nginx:unready").never_ready);
        assert!(model("localhost:5000/nginx").pulls);
    }

    #[test]
    fn families_are_found_in_any_registry() {
        for (image, family) in [
            ("nginx", "nginx"),
            ("r.deso.tech/library/nginx", "nginx"),
            ("k8s.gcr.io/nginx-slim:0.8", "nginx-slim"),
            ("busybox:1.28", "busybox"),
            ("ikubernetes/myapp:v6", "myapp"),
            ("r.deso.tech/library/netshoot", "netshoot"),
            ("quay.mirrors.ustc.edu.cn/coreos/etcd:v3.3.18", "etcd"),
            ("registry.k8s.io/kubernetes-zookeeper:1.0-3.4.10", "zookeeper"),
            ("foo", "unknown"),
            ("", "unknown"),
            ("mysql@sha256:abc", "mysql"),
        ] {
            assert_eq!(model(image).family.name, family, "{image}");
        }
    }

    #[test]
    fn programs_follow_the_image() {
        assert!(model("nginx").has("curl"));
        assert!(!model("nginx").has("nslookup"));
        assert!(!model("busybox").has("curl"));
        assert!(model("busybox").has("nslookup"));
        assert!(!model("busybox").has("bash"));
        assert!(model("netshoot").has("dig"));
        assert!(!model("k8s.gcr.io/pause").has("sh"));
    }

    #[test]
    fn versions_come_from_tags() {
        assert_eq!(version("nginx:1.9.1"), Some("1.9.1"));
        assert_eq!(version("nginx:1.27-alpine"), Some("1.27"));
        assert_eq!(version("nginx:latest"), None);
        assert!(old_busybox("busybox:1.28"));
        assert!(old_busybox("busybox:1.28.4"));
        assert!(!old_busybox("busybox:1.36"));
        assert!(!old_busybox("busybox"));
    }
}
