//! `dig` and `host`. Follows the output of DiG 9.18. It must not know how answers are found.

use crate::api::time::Ms;
use crate::dns::{self, Answer, Data, Record, Resolution, Status, Type};
use crate::process::{Context, Poll};

use super::nslookup::{PATIENCE_MS, hint, serves};
use super::{Call, Task, refuse};
use crate::shell::net;
use crate::shell::state::Shell;

#[derive(Clone)]
struct Query {
    name: String,
    kind: Type,
}

#[derive(Clone, Default)]
struct Dig {
    host: bool,
    line: String,
    server: Option<String>,
    queries: Vec<Query>,
    short: bool,
    search: bool,
    edns: bool,
    hidden: Vec<&'static str>,
    waits: Option<(Ms, String)>,
}

/// Starts `dig` or `host`.
pub(super) fn start(call: &Call, _: &Shell, context: &mut Context<'_>) -> Box<dyn Task> {
    let host = call.name() == "host";
    let mut dig = Dig { host, search: host, edns: !host, line: call.arguments().join(" "), ..Dig::default() };
    let mut kind = None;
    let mut names: Vec<String> = Vec::new();
    let mut arguments = call.arguments().iter();
    while let Some(argument) = arguments.next() {
        if let Some(server) = argument.strip_prefix('@') {
            dig.server = Some(server.to_owned());
        } else if let Some(option) = argument.strip_prefix('+') {
            dig.option(option);
        } else if let Some(flag) = argument.strip_prefix('-') {
            match flag {
                "t" | "q" | "x" | "p" | "c" | "b" | "W" => {
                    let Some(value) = arguments.next() else {
                        return refuse(context, &format!("{}: -{flag} needs a value", call.name()));
                    };
                    match flag {
                        "t" => match Type::parse(value) {
                            Some(parsed) => kind = Some(parsed),
                            None => return refuse(context, &format!("{}: the sandbox does not know the type {value}", call.name())),
                        },
                        "q" => names.push(value.clone()),
                        "x" => match dns::reverse(value) {
                            Some(reversed) => dig.queries.push(Query { name: reversed, kind: Type::Ptr }),
                            None => return refuse(context, &format!("dig: -x needs an IPv4 address, not {value:?}")),
                        },
                        _ => {}
                    }
                }
                "4" | "v" | "a" | "u" | "r" => {}
                _ => return refuse(context, &format!("{}: the sandbox does not know the flag {argument}", call.name())),
            }
        } else if let Some(parsed) = Type::parse(argument).filter(|_| !host && (!names.is_empty() || !argument.contains('.'))) {
            kind = Some(parsed);
        } else if argument != "IN" {
            names.push(argument.clone());
        }
    }
    if host && names.len() > 1 {
        dig.server = names.pop();
    }
    for name in names {
        match dns::reverse(&name).filter(|_| host) {
            Some(reversed) => dig.queries.push(Query { name: reversed, kind: Type::Ptr }),
            None => dig.queries.push(Query { name, kind: kind.unwrap_or(Type::A) }),
        }
    }
    if dig.queries.is_empty() {
        return refuse(context, &format!("{}: a name is missing", call.name()));
    }
    Box::new(dig)
}

impl Dig {
    fn option(&mut self, option: &str) {
        match option {
            "short" => self.short = true,
            "search" => self.search = true,
            "noedns" => self.edns = false,
            "noall" => self.hidden = vec!["cmd", "comments", "question", "answer", "authority", "additional", "stats"],
            "all" => self.hidden.clear(),
            _ => {
                for part in ["cmd", "comments", "question", "answer", "authority", "additional", "stats"] {
                    if option == part {
                        self.hidden.retain(|hidden| *hidden != part);
                    } else if option.strip_prefix("no") == Some(part) {
                        self.hidden.push(part);
                    }
                }
            }
        }
    }

    fn shows(&self, part: &str) -> bool {
        !self.hidden.contains(&part)
    }

    fn resolve(&self, query: &Query, shell: &Shell, context: &mut Context<'_>) -> Resolution {
        let resolver = net::resolver(shell, context.world);
        if self.search && query.kind != Type::Ptr {
            return dns::resolve(context.world, &resolver, &query.name, query.kind);
        }
        dns::resolve(context.world, &resolver, &format!("{}.", query.name.trim_end_matches('.')), query.kind)
    }

    fn print(&self, query: &Query, asked: &str, answer: &Answer, address: &str, context: &mut Context<'_>) {
        if self.short {
            answer.answers.iter().for_each(|record| context.streams.line(&record.data.text()));
            return;
        }
        let mut text = String::new();
        if self.shows("cmd") {
            text.push_str(&format!(
                "\n; <<>> DiG 9.18.49 <<>> {}\n{};; global options: +cmd\n",
                self.line,
                if self.server.is_some() { "; (1 server found)\n" } else { "" }
            ));
        }
        let whole = format!("{}.", asked.trim_end_matches('.'));
        let additional = answer.additional.len() + usize::from(self.edns);
        if self.shows("comments") {
            text.push_str(";; Got answer:\n");
            if whole.to_ascii_lowercase().ends_with(".local.") {
                text.push_str(";; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an mDNS query is leaked to DNS\n");
            }
            let id = context.world.random.next("dig") & 0xffff;
            let flags = if answer.authoritative { "qr aa rd" } else { "qr rd" };
            text.push_str(&format!(
                ";; ->>HEADER<<- opcode: QUERY, status: {}, id: {id}\n;; flags: {flags}; QUERY: 1, ANSWER: {}, AUTHORITY: {}, ADDITIONAL: {additional}\n;; WARNING: recursion requested but not available\n\n",
                answer.status.as_str(),
                answer.answers.len(),
                answer.authority.len()
            ));
            if self.edns {
                text.push_str(";; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n");
            }
        }
        if self.shows("question") {
            let (mut line, mut column) = (format!(";{whole}"), whole.len());
            indent(&mut line, &mut column, 32);
            push(&mut line, &mut column, "IN");
            indent(&mut line, &mut column, 40);
            text.push_str(&format!(";; QUESTION SECTION:\n{line}{}\n\n", query.kind.as_str()));
        }
        for (part, title, records) in [
            ("answer", "ANSWER", &answer.answers),
            ("authority", "AUTHORITY", &answer.authority),
            ("additional", "ADDITIONAL", &answer.additional),
        ] {
            if self.shows(part) && !records.is_empty() {
                if self.shows("comments") {
                    text.push_str(&format!(";; {title} SECTION:\n"));
                }
                records.iter().for_each(|record| text.push_str(&format!("{}\n", row(record))));
                if self.shows("comments") {
                    text.push('\n');
                }
            }
        }
        if self.shows("stats") {
            let size = wire_size(&whole, answer) + if self.edns { 11 } else { 0 };
            let now = context.world.settings.epoch.rfc1123(context.now_ms());
            let words: Vec<&str> = now.split([' ', ',']).filter(|word| !word.is_empty()).collect();
            let when = if let [weekday, day, month, year, time, _] = words[..] {
                format!("{weekday} {month} {day} {time} UTC {year}")
            } else {
                now.clone()
            };
            text.push_str(&format!(
                ";; Query time: 0 msec\n;; SERVER: {address}#53({address}) (UDP)\n;; WHEN: {when}\n;; MSG SIZE  rcvd: {size}\n\n"
            ));
        }
        context.streams.out.push_str(&text);
    }

    fn print_host(&self, query: &Query, answer: &Answer, context: &mut Context<'_>) -> i32 {
        let code = match answer.status {
            Status::NoError => None,
            Status::NxDomain => Some(3),
            Status::ServFail => Some(2),
        };
        if let Some(code) = code {
            context.streams.line(&format!("Host {} not found: {code}({})", query.name.trim_end_matches('.'), answer.status.as_str()));
            return 1;
        }
        if answer.answers.is_empty() {
            context.streams.line(&format!("{} has no {} record", query.name, query.kind.as_str()));
            return 1;
        }
        for record in &answer.answers {
            let name = record.name.trim_end_matches('.');
            context.streams.line(&match &record.data {
                Data::A(address) => format!("{name} has address {address}"),
                Data::Cname(target) => format!("{name} is an alias for {target}"),
                Data::Ptr(target) => format!("{name} domain name pointer {target}"),
                Data::Srv { .. } => format!("{name} has SRV record {}", record.data.text()),
                Data::Txt(text) => format!("{name} descriptive text \"{text}\""),
                Data::Soa { .. } => format!("{name} has SOA record {}", record.data.text()),
            });
        }
        0
    }
}

impl Task for Dig {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        if let Some((until_ms, address)) = &self.waits {
            if context.now_ms() < *until_ms {
                return Poll::Waiting { until_ms: Some(*until_ms) };
            }
            for _ in 0..3 {
                context.streams.line(&format!(";; communications error to {address}#53: timed out"));
            }
            context.streams.line("\n;; no servers could be reached");
            let hint = hint(context);
            context.streams.error(&hint);
            return Poll::Done(if self.host { 1 } else { 9 });
        }
        let server = match &self.server {
            Some(server) => Some(server.clone()),
            None if shell.pod().is_some() => Some(dns::server_ip(&context.world.store).to_string()),
            None => None,
        };
        let Some(server) = server else {
            context.streams.error("sandbox: the machine outside does not ask the cluster's DNS; name its server, as in `dig @10.96.0.10 NAME`, or look up from a pod");
            return Poll::Done(9);
        };
        let address =
            if shell.pod().is_none() { dns::reverse(&server).map(|_| server.clone()) } else { net::address(shell, context, &server) };
        let Some(address) = address else {
            context.streams.error(&format!("dig: couldn't get address for '{server}': not found"));
            return Poll::Done(10);
        };
        if !serves(context, &address) {
            self.waits = Some((context.now_ms() + PATIENCE_MS, address));
            return Poll::Waiting { until_ms: self.waits.as_ref().map(|(until_ms, _)| *until_ms) };
        }
        let mut status = 0;
        for query in &self.queries {
            let resolution = self.resolve(query, shell, context);
            let Some(step) = resolution.result() else {
                context.streams.error(&format!(
                    "dig: '{}' is not a legal name (empty label or too long)",
                    query.name.chars().take(80).collect::<String>()
                ));
                status = 10;
                continue;
            };
            if self.host {
                status = status.max(self.print_host(query, &step.answer, context));
            } else {
                self.print(query, &step.name, &step.answer, &address, context);
            }
        }
        Poll::Done(status)
    }
}

/// A record in dig's columns.
fn row(record: &Record) -> String {
    let (mut line, mut column) = (String::new(), 0);
    push(&mut line, &mut column, &record.name);
    indent(&mut line, &mut column, 24);
    push(&mut line, &mut column, &record.ttl.to_string());
    indent(&mut line, &mut column, 32);
    push(&mut line, &mut column, "IN");
    indent(&mut line, &mut column, 40);
    push(&mut line, &mut column, record.data.kind().as_str());
    indent(&mut line, &mut column, 48);
    line.push_str(&record.data.text());
    line
}

fn push(line: &mut String, column: &mut usize, text: &str) {
    line.push_str(text);
    *column += text.len();
}

/// Goes to a column with tabs of eight, at least one step. Follows `indent` of BIND's `masterdump.c`.
fn indent(line: &mut String, column: &mut usize, to: usize) {
    let to = if *column >= to { *column + 1 } else { to };
    let tabs = to / 8 - *column / 8;
    if tabs > 0 {
        line.push_str(&"\t".repeat(tabs));
        *column = to / 8 * 8;
    }
    line.push_str(&" ".repeat(to - *column));
    *column = to;
}

/// How many bytes the answer has on the wire, where CoreDNS does not compress names.
fn wire_size(question: &str, answer: &Answer) -> usize {
    let records = answer.answers.iter().chain(&answer.authority).chain(&answer.additional);
    let data = |record: &Record| match &record.data {
        Data::A(_) => 4,
        Data::Cname(name) | Data::Ptr(name) => name.len() + 1,
        Data::Srv { target, .. } => 6 + target.len() + 1,
        Data::Txt(text) => text.len() + 1,
        Data::Soa { zone, .. } => "ns.dns.".len() + zone.len() + 1 + "hostmaster.".len() + zone.len() + 1 + 20,
    };
    12 + question.len() + 1 + 4 + records.map(|record| record.name.len() + 1 + 10 + data(record)).sum::<usize>()
}
