//! What the models of images write to their containers' logs: when they start, and for each request to a web server.
//! A model whose program writes nothing, or of which the table does not know, writes nothing. It must not know pods.

use crate::api::time::{Epoch, Ms};

use super::{model, version};

/// The lines that the program of an image writes when it starts, in a container with this address and on this kernel.
pub fn start(image: &str, (address, kernel): (&str, &str), epoch: Epoch, at_ms: Ms) -> Vec<String> {
    let family = model(image).family;
    let stamp = Stamp { epoch, at_ms };
    let version = version(image).filter(|_| family.name != "nginx-slim" && family.name != "myapp").unwrap_or(family.version);
    let fill = |line: &str| {
        line.replace("{v}", version)
            .replace("{ip}", address)
            .replace("{kernel}", kernel)
            .replace("{slash}", &stamp.slashed())
            .replace("{dash}", &stamp.dashed())
            .replace("{iso}", stamp.iso().trim_end_matches('Z'))
            .replace("{redis}", &stamp.redis())
            .replace("{apache}", &stamp.apache())
    };
    family.log.lines().map(fill).collect()
}

/// A request as a web server logs it.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Who asks.
    pub client: &'a str,
    /// `GET` or `HEAD`.
    pub method: &'a str,
    /// What is asked for.
    pub path: &'a str,
    /// The host that the client named.
    pub host: &'a str,
    /// The client's program.
    pub agent: &'a str,
    /// The answer's code.
    pub code: u16,
    /// How many bytes the answer's body had.
    pub bytes: usize,
    /// The file or folder that the path means.
    pub file: &'a str,
}

/// The lines that a web server writes about a request.
pub fn request(image: &str, request: &Request<'_>, epoch: Epoch, at_ms: Ms) -> Vec<String> {
    let stamp = Stamp { epoch, at_ms };
    let Request { client, method, path, host, agent, code, bytes, file } = request;
    let mut access = format!("{client} - - [{}] \"{method} {path} HTTP/1.1\" {code} {bytes}", stamp.common());
    if model(image).family.name == "httpd" {
        return vec![access];
    }
    access.push_str(&format!(" \"-\" \"{agent}\" \"-\""));
    let why = match code {
        403 => format!("directory index of \"{}/\" is forbidden", file.trim_end_matches('/')),
        404 => format!("open() \"{file}\" failed (2: No such file or directory)"),
        _ => return vec![access],
    };
    let error = format!(
        "{} [error] 29#29: *1 {why}, client: {client}, server: localhost, request: \"{method} {path} HTTP/1.1\", host: \"{host}\"",
        stamp.slashed()
    );
    vec![error, access]
}

/// A moment, as programs write it.
struct Stamp {
    epoch: Epoch,
    at_ms: Ms,
}

impl Stamp {
    fn iso(&self) -> String {
        self.epoch.rfc3339(self.at_ms)
    }

    fn dashed(&self) -> String {
        self.iso().replace('T', " ").replace('Z', "")
    }

    fn slashed(&self) -> String {
        self.dashed().replace('-', "/")
    }

    /// `01/Jan/2026:00:00:07 +0000`.
    fn common(&self) -> String {
        let text = self.epoch.rfc1123(self.at_ms);
        format!("{}/{}/{}:{}", &text[5..7], &text[8..11], &text[12..16], &text[17..])
    }

    /// `01 Jan 2026 00:00:07.000`.
    fn redis(&self) -> String {
        format!("{}.{:03}", &self.epoch.rfc1123(self.at_ms)[5..25], self.at_ms % 1000)
    }

    /// `Thu Jan 01 00:00:07.000000 2026`.
    fn apache(&self) -> String {
        let text = self.epoch.rfc1123(self.at_ms);
        format!("{} {} {} {}.{:03}000 {}", &text[..3], &text[8..11], &text[5..7], &text[17..25], self.at_ms % 1000, &text[12..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_that_it_starts() {
        let lines = start("nginx:1.27", ("10.244.1.2", "6.1.0"), Epoch::default(), 7_040);
        assert_eq!(lines.first().map(|line| line.starts_with("/docker-entrypoint.sh: ")), Some(true));
        assert!(lines.contains(&"2026/01/01 00:00:07 [notice] 1#1: nginx/1.27".to_owned()), "{lines:?}");
        let httpd = start("httpd", ("10.244.1.2", "6.1.0"), Epoch::default(), 7_040);
        assert!(httpd[1].starts_with("[Thu Jan 01 00:00:07.040000 2026] [mpm_event:notice]"), "{httpd:?}");
        assert_eq!(start("busybox", ("", "6.1.0"), Epoch::default(), 0), Vec::<String>::new());
    }

    #[test]
    fn a_web_server_logs_requests() {
        let mut asked = Request {
            client: "127.0.0.1",
            method: "GET",
            path: "/",
            host: "localhost",
            agent: "curl/8.14.1",
            code: 200,
            bytes: 6,
            file: "/usr/share/nginx/html/",
        };
        assert_eq!(
            request("nginx", &asked, Epoch::default(), 7_000),
            ["127.0.0.1 - - [01/Jan/2026:00:00:07 +0000] \"GET / HTTP/1.1\" 200 6 \"-\" \"curl/8.14.1\" \"-\""]
        );
        (asked.code, asked.path, asked.file) = (404, "/x", "/usr/share/nginx/html/x");
        let lines = request("nginx", &asked, Epoch::default(), 7_000);
        assert!(lines[0].contains("open() \"/usr/share/nginx/html/x\" failed (2: No such file or directory), client: 127.0.0.1"));
        assert_eq!(request("httpd", &asked, Epoch::default(), 7_000).len(), 1);
    }
}
