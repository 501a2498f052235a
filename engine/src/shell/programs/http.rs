//! What the web servers of the image table answer. It must not know how requests are made.

use crate::cluster::World;
use crate::ensemble;
use crate::images::{self, log};
use crate::shell::files::{self, Kind};
use crate::shell::image_files;
use crate::shell::state::InPod;

/// An answer of a web server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) code: u16,
    pub(super) reason: &'static str,
    pub(super) kind: &'static str,
    pub(super) server: String,
    pub(super) body: String,
}

/// Who asks a web server, and for what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The container that asks.
    pub(super) from: &'a InPod,
    /// Whether it asked by the loopback address.
    pub(super) address: &'a str,
    pub(super) method: &'a str,
    pub(super) agent: &'a str,
    pub(super) url: &'a Url,
}

/// What the server in a container answers; it writes the request to its log. `None` where the sandbox does not model what is
/// behind the port.
pub(super) fn ask(world: &mut World, at: &InPod, port: u16, asked: Asked<'_>) -> Option<Response> {
    let response = serve(world, at, port, &asked.url.path)?;
    let family = images::model(&at.image).family;
    if !family.web_root.is_empty() {
        let own = image_files::address(world, &asked.from.key);
        let client = if asked.address.starts_with("127.") { "127.0.0.1" } else { &own };
        let line = log::Request {
            client,
            method: asked.method,
            path: &asked.url.path,
            host: &asked.url.host,
            agent: asked.agent,
            code: response.code,
            bytes: if asked.method == "HEAD" { 0 } else { response.body.len() },
            file: &format!("{}{}", family.web_root, asked.url.path.split(['?', '#']).next().unwrap_or("/")),
        };
        let now = world.now_ms();
        for line in log::request(&at.image, &line, world.settings.epoch, now) {
            world.disks.write_log(at.container_id, now, line);
        }
    }
    Some(response)
}

/// What the server in a container answers; `None` where the sandbox does not model what is behind the port.
fn serve(world: &World, at: &InPod, port: u16, path: &str) -> Option<Response> {
    let model = images::model(&at.image);
    let family = model.family;
    let version = images::version(&at.image).filter(|_| family.name == "nginx").unwrap_or(family.version);
    let path = path.split(['?', '#']).next().unwrap_or("/");
    if family.name == "etcd" && port == 2379 {
        let version = images::version(&at.image).unwrap_or(family.version);
        let (code, reason, body) = match path {
            "/health" => {
                let healthy = ensemble::of(world, &at.key).is_none_or(|ensemble| ensemble.quorum());
                let (code, reason, why) = if healthy { (200, "OK", "") } else { (503, "Service Unavailable", "RAFT NO LEADER") };
                // Since 3.5 it says why.
                let tail = if images::at_least(version, 3, 5) { format!(",\"reason\":\"{why}\"") } else { String::new() };
                (code, reason, format!("{{\"health\":\"{healthy}\"{tail}}}"))
            }
            "/version" => (200, "OK", format!("{{\"etcdserver\":\"{version}\",\"etcdcluster\":\"{version}\"}}")),
            _ => return None,
        };
        return Some(Response { code, reason, kind: "application/json", server: String::new(), body });
    }
    if family.web_root.is_empty() || family.ports.first() != Some(&port) {
        return None;
    }
    let server = match family.name {
        "httpd" => format!("Apache/{version} (Unix)"),
        _ => format!("nginx/{version}"),
    };
    let error = |code: u16, reason: &'static str| {
        let body = format!(
            "<html>\r\n<head><title>{code} {reason}</title></head>\r\n<body>\r\n<center><h1>{code} {reason}</h1></center>\r\n<hr><center>{server}</center>\r\n</body>\r\n</html>\r\n"
        );
        Response { code, reason, kind: "text/html", server: server.clone(), body }
    };
    if path.split('/').any(|part| part == "..") {
        return Some(error(400, "Bad Request"));
    }
    let whole = format!("{}{}", family.web_root, path.trim_end_matches('/'));
    let file = match files::pod_kind(world, at, &whole) {
        None => return Some(error(404, "Not Found")),
        Some(Kind::File) => whole,
        Some(Kind::Folder) => format!("{whole}/index.html"),
    };
    Some(match files::pod_text(world, at, &file) {
        // A folder without an index may not be listed.
        None => error(403, "Forbidden"),
        Some(body) => {
            let kind = if file.ends_with(".html") { "text/html" } else { "text/plain" };
            Response { code: 200, reason: "OK", kind, server, body: body.to_string() }
        }
    })
}

/// A URL of the kind that labs use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url {
    pub(super) secure: bool,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) path: String,
}

/// Reads a URL; `None` where it is none.
pub(super) fn url(text: &str) -> Option<Url> {
    let (secure, rest) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
        Some(_) => return None,
        None => (false, text),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = (&rest[..end], &rest[end..]);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (authority, if secure { 443 } else { 80 }),
    };
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    (!host.is_empty()).then(|| Url { secure, host: host.to_owned(), port, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read() {
        let read = |text: &str| url(text).map(|url| (url.host, url.port, url.path));
        assert_eq!(read("localhost"), Some(("localhost".into(), 80, "/".into())));
        assert_eq!(read("http://web-0.nginx:8080/a?b"), Some(("web-0.nginx".into(), 8080, "/a?b".into())));
        assert_eq!(read("https://x").map(|url| url.1), Some(443));
        assert_eq!(read("ftp://x"), None);
        assert_eq!(read("http://:80"), None);
        assert_eq!(read("http://x:99999"), None);
    }
}
