//! `wget` of busybox, as labs use it. It must not know where files are kept.

use crate::api::time::Ms;
use crate::process::{Context, Poll};

use super::curl::{NO_ROUTE_MS, SILENCE_MS, headers};
use super::http::Asked;
use super::{Call, Over, Task, control, http, refuse};
use crate::shell::state::Shell;
use crate::shell::{files, net};

#[derive(Clone)]
struct Failing {
    at_ms: Ms,
    message: String,
}

/// Starts `wget`.
pub(super) fn start(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Box<dyn Task> {
    let Some(pod) = shell.pod() else {
        return refuse(
            context,
            "wget: you are outside the cluster, where pods and Services have no route; ask from a pod: kubectl exec POD -- wget -qO- URL",
        );
    };
    let (mut quiet, mut show_head, mut spider, mut output, mut limit_ms, mut written) = (false, false, false, None, None, None);
    let mut arguments = call.arguments().iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-O" | "--output-document" => output = arguments.next().cloned(),
            "-T" | "--timeout" => limit_ms = arguments.next().and_then(|text| control::seconds(text)),
            "--spider" => spider = true,
            "--no-check-certificate" => {}
            _ if argument.starts_with("--timeout=") => limit_ms = control::seconds(&argument[10..]),
            _ if argument.starts_with("--output-document=") => output = Some(argument[18..].to_owned()),
            _ if argument.starts_with("--") => return refuse(context, &format!("wget: the sandbox does not know the flag {argument}")),
            _ if argument.len() > 1 && argument.starts_with('-') => {
                let letters = &argument[1..];
                for (at, letter) in letters.char_indices() {
                    match letter {
                        'q' => quiet = true,
                        'S' => show_head = true,
                        'c' => {}
                        'O' | 'T' => {
                            let joined = &letters[at + 1..];
                            let value = if joined.is_empty() { arguments.next().cloned() } else { Some(joined.to_owned()) };
                            if letter == 'O' {
                                output = value;
                            } else {
                                limit_ms = value.and_then(|text| control::seconds(&text));
                            }
                            break;
                        }
                        _ => return refuse(context, &format!("wget: the sandbox does not know the flag -{letter}")),
                    }
                }
            }
            _ => written = Some(argument.clone()),
        }
    }
    let Some(url) = written.as_deref().and_then(http::url) else {
        context.streams.error(&format!("wget: bad address '{}'", written.unwrap_or_default()));
        return Box::new(Over(1));
    };
    let Some(address) = net::address(shell, context, &url.host) else {
        context.streams.error(&format!("wget: bad address '{}'", url.host));
        return Box::new(Over(1));
    };
    if !quiet {
        context.streams.error(&format!("Connecting to {} ({address}:{})", url.host, url.port));
    }
    let unreachable = |what: &str| format!("wget: can't connect to remote host ({address}): {what}");
    let later = |ms: Ms, message: String, context: &Context<'_>| -> Box<dyn Task> {
        let (ms, message) = match limit_ms {
            Some(limit_ms) if limit_ms < ms => (limit_ms, "wget: download timed out".to_owned()),
            _ => (ms, message),
        };
        Box::new(Failing { at_ms: context.now_ms() + ms, message })
    };
    let (at, port) = match net::route(context.world, pod, &address, url.port) {
        net::Route::Container(at, port) => (at, port),
        net::Route::Refused => return later(0, unreachable("Connection refused"), context),
        net::Route::Unreachable => return later(NO_ROUTE_MS, unreachable("No route to host"), context),
        net::Route::Silence => return later(SILENCE_MS, unreachable("Operation timed out"), context),
    };
    let method = if spider { "HEAD" } else { "GET" };
    let asked = Asked { from: pod, address: &address, method, agent: "Wget", url: &url };
    let response = if url.secure { None } else { http::ask(context.world, &at, port, asked) };
    let Some(response) = response else {
        return later(0, format!("wget: error getting response (the sandbox does not model what {} answers there)", at.image), context);
    };
    if show_head {
        let head = headers(&response, context);
        head.lines().filter(|line| !line.is_empty()).for_each(|line| context.streams.error(&format!("  {line}")));
    }
    if response.code >= 400 {
        return later(0, format!("wget: server returned error: HTTP/1.1 {} {}", response.code, response.reason), context);
    }
    let named = output.is_some();
    let name = output.unwrap_or_else(|| url.path.rsplit('/').next().filter(|last| !last.is_empty()).unwrap_or("index.html").to_owned());
    if spider {
        if !quiet {
            context.streams.error("remote file exists");
        }
    } else if name == "-" {
        context.streams.out.push_str(&response.body);
        if !quiet {
            context.streams.error("writing to stdout\nwritten to stdout");
        }
    } else if files::kind(shell, context, &name).is_some() && !named {
        return later(0, format!("wget: can't open '{name}': File exists"), context);
    } else if let Err(trouble) = files::write(shell, context, &name, &response.body, false) {
        return later(0, format!("wget: can't open '{name}': {trouble}"), context);
    } else if !quiet {
        context.streams.error(&format!("saving to '{name}'\n'{name}' saved"));
    }
    Box::new(Over(0))
}

impl Task for Failing {
    fn poll(&mut self, _: &mut Shell, context: &mut Context<'_>) -> Poll {
        if context.now_ms() < self.at_ms {
            return Poll::Waiting { until_ms: Some(self.at_ms) };
        }
        context.streams.error(&self.message);
        Poll::Done(1)
    }
}
