//! `curl`, as labs use it against pods, Services and localhost. Error texts are curl 7.88's. It must not know where files are
//! kept.

use std::collections::VecDeque;

use crate::api::time::Ms;
use crate::process::{Context, Poll};

use super::http::{self, Asked, Response, Url};
use super::{Call, Over, Task, control, refuse};
use crate::shell::state::Shell;
use crate::shell::{files, net};

/// How long the network takes to say that no machine has an address.
pub(super) const NO_ROUTE_MS: Ms = 3_071;
/// How long Linux tries a connection that nobody answers.
pub(super) const SILENCE_MS: Ms = 130_000;

/// What it calls itself.
const AGENT: &str = "curl/7.88.1";

#[derive(Clone, Default)]
struct Flags {
    silent: bool,
    show_errors: bool,
    fail: bool,
    head: bool,
    include: bool,
    verbose: bool,
    output: Option<String>,
    write_out: Option<String>,
    limit_ms: Option<Ms>,
}

#[derive(Clone)]
struct Curl {
    flags: Flags,
    urls: VecDeque<String>,
    /// A connection that fails: when, with which exit code, in which words.
    failing: Option<(Ms, i32, String)>,
    status: i32,
}

/// Starts `curl`.
pub(super) fn start(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Box<dyn Task> {
    if shell.pod().is_none() {
        return refuse(
            context,
            "curl: you are outside the cluster, where pods and Services have no route; ask from a pod: kubectl exec POD -- curl URL, or kubectl run -it --rm --image=nicolaka/netshoot --restart=Never NAME -- curl URL",
        );
    }
    let mut flags = Flags::default();
    let mut urls = VecDeque::new();
    let mut arguments = call.arguments().iter();
    while let Some(argument) = arguments.next() {
        if !argument.starts_with('-') || argument.len() < 2 {
            urls.push_back(argument.clone());
            continue;
        }
        let (name, joined) = if argument.starts_with("--") {
            argument.split_once('=').map_or((argument.as_str(), None), |(name, value)| (name, Some(value.to_owned())))
        } else {
            (argument.as_str(), None)
        };
        let mut value = || joined.clone().or_else(|| arguments.next().cloned());
        match name {
            "--silent" => flags.silent = true,
            "--show-error" => flags.show_errors = true,
            "--fail" => flags.fail = true,
            "--head" => flags.head = true,
            "--include" => flags.include = true,
            "--verbose" => flags.verbose = true,
            "--location" | "--insecure" | "--ipv4" | "--compressed" | "--no-progress-meter" | "--no-buffer" | "--http1.1" => {}
            "--output" => flags.output = value(),
            "--write-out" => flags.write_out = value(),
            "--max-time" | "--connect-timeout" => flags.limit_ms = value().and_then(|text| control::seconds(&text)),
            "--header" | "--request" | "--user-agent" | "--retry" | "--retry-delay" => {
                value();
            }
            "--url" => urls.extend(value()),
            _ if name.starts_with("--") => return refuse(context, &format!("curl: the sandbox does not know the flag {name}")),
            _ => {
                let letters: Vec<char> = name[1..].chars().collect();
                for (at, letter) in letters.iter().enumerate() {
                    let joined: String = letters[at + 1..].iter().collect();
                    let mut value = || if joined.is_empty() { arguments.next().cloned() } else { Some(joined.clone()) };
                    match letter {
                        's' => flags.silent = true,
                        'S' => flags.show_errors = true,
                        'f' => flags.fail = true,
                        'I' => flags.head = true,
                        'i' => flags.include = true,
                        'v' => flags.verbose = true,
                        'L' | 'k' | '4' | 'g' | 'N' | '#' => {}
                        'o' => flags.output = value(),
                        'w' => flags.write_out = value(),
                        'm' => flags.limit_ms = value().and_then(|text| control::seconds(&text)),
                        'H' | 'X' | 'A' => {
                            value();
                        }
                        _ => return refuse(context, &format!("curl: the sandbox does not know the flag -{letter}")),
                    }
                    if matches!(letter, 'o' | 'w' | 'm' | 'H' | 'X' | 'A') {
                        break;
                    }
                }
            }
        }
    }
    if urls.is_empty() {
        context.streams.error("curl: no URL specified!\ncurl: try 'curl --help' or 'curl --manual' for more information");
        return Box::new(Over(2));
    }
    Box::new(Curl { flags, urls, failing: None, status: 0 })
}

impl Curl {
    fn fail(&mut self, code: i32, message: &str, context: &mut Context<'_>) {
        if !self.flags.silent || self.flags.show_errors {
            context.streams.error(&format!("curl: ({code}) {message}"));
        }
        self.write_out(0, context);
        self.status = code;
    }

    fn write_out(&self, code: u16, context: &mut Context<'_>) {
        if let Some(format) = &self.flags.write_out {
            let text = format.replace("%{http_code}", &format!("{code:03}")).replace("%{response_code}", &format!("{code:03}"));
            context.streams.out.push_str(&text.replace("\\n", "\n").replace("\\t", "\t"));
        }
    }

    fn show(&mut self, response: &Response, shell: &Shell, context: &mut Context<'_>) {
        if self.flags.fail && response.code >= 400 {
            self.fail(22, &format!("The requested URL returned error: {}", response.code), context);
            return;
        }
        let mut text = String::new();
        if self.flags.head || self.flags.include {
            text.push_str(&headers(response, context));
        }
        if !self.flags.head {
            text.push_str(&response.body);
        }
        match &self.flags.output {
            Some(name) if name != "-" => {
                if let Err(trouble) = files::write(shell, context, name, &text, false) {
                    self.fail(23, &format!("Failure writing output to destination: {name}: {trouble}"), context);
                    return;
                }
            }
            _ => context.streams.out.push_str(&text),
        }
        self.write_out(response.code, context);
    }

    fn ask(&mut self, written: &str, shell: &Shell, context: &mut Context<'_>) {
        let Some(url) = http::url(written) else {
            let scheme = written.split_once("://").map(|(scheme, _)| scheme.to_owned());
            return match scheme {
                Some(scheme) => self.fail(1, &format!("Protocol \"{scheme}\" not supported or disabled in libcurl"), context),
                None => self.fail(3, "URL using bad/illegal format or missing URL", context),
            };
        };
        let Some(pod) = shell.pod() else { return };
        let Some(address) = net::address(shell, context, &url.host) else {
            return self.fail(6, &format!("Could not resolve host: {}", url.host), context);
        };
        if self.flags.verbose {
            context.streams.error(&format!("*   Trying {address}:{}...", url.port));
        }
        let after = |ms: Ms| format!("Failed to connect to {} port {} after {ms} ms: Couldn't connect to server", url.host, url.port);
        match net::route(context.world, pod, &address, url.port) {
            net::Route::Refused => self.fail(7, &after(0), context),
            net::Route::Unreachable => self.failing = Some(self.wait(NO_ROUTE_MS, 7, after(NO_ROUTE_MS), context)),
            net::Route::Silence => self.failing = Some(self.wait(SILENCE_MS, 28, after(SILENCE_MS), context)),
            net::Route::Container(..) if url.secure => self.fail(35, "the servers of the sandbox speak http, not https", context),
            net::Route::Container(at, port) => {
                if self.flags.verbose {
                    self.tell_request(&url, &address, context);
                }
                let method = if self.flags.head { "HEAD" } else { "GET" };
                let asked = Asked { from: pod, address: &address, method, agent: AGENT, url: &url };
                match http::ask(context.world, &at, port, asked) {
                    Some(response) => self.show(&response, shell, context),
                    None => {
                        self.fail(52, &format!("Empty reply from server (the sandbox does not model what {} answers)", at.image), context)
                    }
                }
            }
        }
    }

    fn tell_request(&self, url: &Url, address: &str, context: &mut Context<'_>) {
        context.streams.error(&format!(
            "* Connected to {} ({address}) port {} (#0)\n> GET {} HTTP/1.1\n> Host: {}\n> User-Agent: {AGENT}\n> Accept: */*\n>",
            url.host, url.port, url.path, url.host
        ));
    }

    fn wait(&self, ms: Ms, code: i32, message: String, context: &Context<'_>) -> (Ms, i32, String) {
        match self.flags.limit_ms {
            Some(limit_ms) if limit_ms < ms => {
                (context.now_ms() + limit_ms, 28, format!("Connection timed out after {limit_ms} milliseconds"))
            }
            _ => (context.now_ms() + ms, code, message),
        }
    }
}

/// The head of an answer.
pub(super) fn headers(response: &Response, context: &Context<'_>) -> String {
    let date = context.world.settings.epoch.rfc1123(context.now_ms()).replace("+0000", "GMT");
    let server = if response.server.is_empty() { String::new() } else { format!("Server: {}\r\n", response.server) };
    format!(
        "HTTP/1.1 {} {}\r\n{server}Date: {date}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\r\n",
        response.code,
        response.reason,
        response.kind,
        response.body.len()
    )
}

impl Task for Curl {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        loop {
            if let Some((at_ms, _, _)) = &self.failing
                && context.now_ms() < *at_ms
            {
                return Poll::Waiting { until_ms: Some(*at_ms) };
            }
            if let Some((_, code, message)) = self.failing.take() {
                self.fail(code, &message, context);
            }
            match self.urls.pop_front() {
                Some(url) => self.ask(&url, shell, context),
                None => return Poll::Done(self.status),
            }
        }
    }
}
