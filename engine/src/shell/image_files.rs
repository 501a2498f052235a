//! The files that come with an image or that a kubelet puts in every container. It must not know what was written later.

use crate::api::object::Key;
use crate::cluster::World;
use crate::dns;
use crate::images::{self, ShellKind};

use super::state::InPod;

/// Folders that every image with a shell has.
const FOLDERS: &[&str] = &[
    "bin",
    "dev",
    "etc",
    "home",
    "lib",
    "media",
    "mnt",
    "opt",
    "proc",
    "root",
    "run",
    "sbin",
    "srv",
    "sys",
    "tmp",
    "usr",
    "usr/bin",
    "usr/lib",
    "usr/local",
    "usr/local/bin",
    "usr/sbin",
    "usr/share",
    "var",
    "var/cache",
    "var/lib",
    "var/log",
    "var/run",
    "var/tmp",
];

/// The text of such a file.
pub(super) fn text(world: &World, at: &InPod, path: &str) -> Option<String> {
    let model = images::model(&at.image);
    let family = model.family;
    Some(match path {
        "/etc/hostname" => format!("{}\n", hostname(world, at)),
        "/etc/hosts" => hosts(world, at),
        "/etc/resolv.conf" => {
            let resolver = dns::Resolver::in_namespace(&world.settings, &at.key.namespace);
            format!("search {}\nnameserver {}\noptions ndots:{}\n", resolver.search.join(" "), dns::server_ip(&world.store), resolver.ndots)
        }
        "/etc/os-release" if !family.system.is_empty() => {
            let id = family.system.split([' ', '/']).next().unwrap_or_default().to_ascii_lowercase();
            format!("PRETTY_NAME=\"{}\"\nID={id}\n", family.system)
        }
        "/etc/passwd" if family.shell != ShellKind::Missing => "root:x:0:0:root:/root:/bin/sh\n".to_owned(),
        _ => {
            let page = path.strip_prefix(family.web_root).filter(|_| !family.web_root.is_empty())?;
            match page {
                "/index.html" => family.index.replace("VERSION", images::split(&at.image).1),
                "/hostname.html" if family.name == "myapp" => format!("{}\n", hostname(world, at)),
                "/50x.html" => "<!DOCTYPE html>\n<html>\n<head>\n<title>Error</title>\n</head>\n<body>\n<h1>An error occurred.</h1>\n</body>\n</html>\n".to_owned(),
                _ => return None,
            }
        }
    })
}

/// Whether such a folder stands at a path.
pub(super) fn is_folder(at: &InPod, path: &str) -> bool {
    let family = images::model(&at.image).family;
    let path = path.trim_matches('/');
    path.is_empty()
        || FOLDERS.contains(&path)
        || !family.web_root.is_empty() && format!("{}/", family.web_root).starts_with(&format!("/{path}/"))
}

/// The names in such a folder.
pub(super) fn names(world: &World, at: &InPod, path: &str) -> Vec<String> {
    let family = images::model(&at.image).family;
    let folder = path.trim_matches('/');
    let below = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let web: Vec<&str> = family.web_root.split('/').filter(|part| !part.is_empty()).collect();
    let on_the_way = (1..=web.len()).map(|length| web[..length].join("/"));
    let mut names: Vec<String> = FOLDERS
        .iter()
        .map(|folder| (*folder).to_owned())
        .chain(on_the_way)
        .filter_map(|known| {
            let rest = known.strip_prefix(&below)?;
            (!rest.is_empty() && !rest.contains('/')).then(|| format!("{rest}/"))
        })
        .collect();
    let files = ["etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/os-release", "etc/passwd"].into_iter().map(str::to_owned);
    let pages = ["index.html", "50x.html", "hostname.html"].into_iter().map(|page| format!("{}/{page}", web.join("/")));
    for file in files.chain(pages) {
        if let Some(rest) = file.strip_prefix(&below)
            && !rest.contains('/')
            && text(world, at, &format!("/{file}")).is_some()
        {
            names.push(rest.to_owned());
        }
    }
    names
}

/// What `hostname` prints: the pod's own, or its name.
pub(super) fn hostname(world: &World, at: &InPod) -> String {
    let own = world.store.get(&at.key).and_then(|object| object.pod().map(|pod| pod.own.hostname.to_string())).unwrap_or_default();
    if own.is_empty() { at.key.name.to_string() } else { own }
}

/// The pod's whole name, where it has a subdomain.
pub(super) fn whole_name(world: &World, at: &InPod) -> Option<String> {
    let object = world.store.get(&at.key)?;
    let subdomain = &object.pod()?.own.subdomain;
    let domain = &world.settings.cluster_domain;
    (!subdomain.is_empty()).then(|| format!("{}.{subdomain}.{}.svc.{domain}", hostname(world, at), at.key.namespace))
}

/// The pod's address; empty where it has none.
pub(super) fn address(world: &World, key: &Key) -> String {
    world.store.get(key).and_then(|object| object.pod().map(|pod| pod.status.ip.to_string())).unwrap_or_default()
}

fn hosts(world: &World, at: &InPod) -> String {
    let name = hostname(world, at);
    let names = whole_name(world, at).map_or_else(|| name.clone(), |whole| format!("{whole}\t{name}"));
    format!(
        "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n{}\t{names}\n",
        address(world, &at.key)
    )
}
