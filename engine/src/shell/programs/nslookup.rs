//! `nslookup` in the layouts of ISC's, of busybox up to 1.28, and of later busyboxes, also typed into line by line.
//! It must not know how answers are found.

use crate::api::time::Ms;
use crate::dns::{self, Answer, Data, Status, Type};
use crate::images::{self, Lookup};
use crate::process::{Context, Poll};

use super::{Call, Over, Task, refuse};
use crate::shell::net;
use crate::shell::state::Shell;

/// How long a server is waited for that never answers: three tries of five seconds.
pub(super) const PATIENCE_MS: Ms = 15_000;

/// Whether the cluster's DNS server answers at an address, seen from where a shell runs.
pub(super) fn serves(context: &Context<'_>, address: &str) -> bool {
    *address == *dns::server_ip(&context.world.store)
}

/// What is said where no DNS server answers.
pub(super) fn hint(context: &Context<'_>) -> String {
    let address = dns::server_ip(&context.world.store);
    format!("sandbox: this cluster's DNS server is {address} (kubectl get svc -n kube-system kube-dns); no other server answers here")
}

/// Starts `nslookup`.
pub(super) fn start(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Box<dyn Task> {
    let mut kind = None;
    let mut names = Vec::new();
    for argument in call.arguments() {
        match argument.strip_prefix('-') {
            None => names.push(argument.clone()),
            Some("debug" | "nodebug" | "") => {}
            Some(option) => match option.split_once('=') {
                Some(("type" | "query" | "q" | "querytype", written)) => match Type::parse(written) {
                    Some(parsed) => kind = Some(parsed),
                    None => return refuse(context, &format!("nslookup: the sandbox does not know the type {written}")),
                },
                Some(("port" | "timeout" | "retry", _)) => {}
                _ => return refuse(context, &format!("nslookup: the sandbox does not know the option {argument}")),
            },
        }
    }
    let layout = match shell.pod() {
        Some(pod) if images::model(&pod.image).family.lookup == Lookup::Busybox => {
            if images::old_busybox(&pod.image) {
                Layout::OldBusybox
            } else {
                Layout::Busybox
            }
        }
        _ => Layout::Bind,
    };
    let mut session = Lookups { layout, kind, server: None, waits: None, interactive: false, tty: call.tty, prompted: false, status: 0 };
    if let Some(server) = names.get(1) {
        session.server = Some(server.clone());
    }
    match names.first() {
        Some(name) => match session.look_up(name, shell, context) {
            Some(status) => Box::new(Over(status)),
            None => Box::new(session),
        },
        None if layout == Layout::Bind => {
            session.interactive = true;
            Box::new(session)
        }
        None => refuse(context, "nslookup: write `nslookup NAME [SERVER]`; busybox's has no prompt"),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Bind,
    OldBusybox,
    Busybox,
}

#[derive(Clone)]
struct Lookups {
    layout: Layout,
    kind: Option<Type>,
    /// The server that was named; the machine's own where none was.
    server: Option<String>,
    /// Until when a silent server is waited for.
    waits: Option<(Ms, String)>,
    interactive: bool,
    tty: bool,
    prompted: bool,
    status: i32,
}

impl Lookups {
    /// The server as it was named, and its address.
    fn server(&self, shell: &Shell, context: &mut Context<'_>) -> (String, Option<String>) {
        match &self.server {
            None if shell.pod().is_some() => {
                let address = dns::server_ip(&context.world.store).to_string();
                (address.clone(), Some(address))
            }
            None => ("127.0.0.53".to_owned(), None),
            Some(named) if shell.pod().is_none() && dns::reverse(named).is_none() => (named.clone(), None),
            Some(named) => (named.clone(), net::address(shell, context, named)),
        }
    }

    /// Looks a name up; the exit code, or `None` where a silent server is waited for.
    fn look_up(&mut self, name: &str, shell: &Shell, context: &mut Context<'_>) -> Option<i32> {
        let (server, address) = self.server(shell, context);
        if self.server.is_none() && shell.pod().is_none() {
            context.streams.line(&format!("Server:\t\t{server}\nAddress:\t{server}#53\n\n** server can't find {name}: NXDOMAIN\n"));
            context.streams.error("sandbox: the machine outside does not ask the cluster's DNS; name its server, as in `nslookup NAME 10.96.0.10`, or look up from a pod");
            return Some(1);
        }
        let Some(address) = address else {
            context.streams.line(&format!("nslookup: couldn't get address for '{server}': not found"));
            return Some(1);
        };
        if !serves(context, &address) {
            self.waits = Some((context.now_ms() + PATIENCE_MS, address));
            return None;
        }
        Some(match self.layout {
            Layout::Bind => self.bind(name, &server, &address, shell, context),
            Layout::OldBusybox => old_busybox(name, &address, shell, context),
            Layout::Busybox => self.busybox(name, &address, shell, context),
        })
    }

    fn bind(&self, name: &str, server: &str, address: &str, shell: &Shell, context: &mut Context<'_>) -> i32 {
        let resolver = net::resolver(shell, context.world);
        let reversed = dns::reverse(name).filter(|_| self.kind.is_none());
        let kind = if reversed.is_some() { Type::Ptr } else { self.kind.unwrap_or(Type::A) };
        if reversed.is_none() {
            context.streams.line(&format!("Server:\t\t{server}\nAddress:\t{address}#53\n"));
        }
        let mut asked = match reversed {
            Some(reversed) => format!("{reversed}."),
            None => name.to_owned(),
        };
        // A name that is another name is followed, as far as CoreDNS would.
        for _ in 0..8 {
            let resolution = dns::resolve(context.world, &resolver, &asked, kind);
            let Some(step) = resolution.result().cloned() else {
                context.streams.line(&format!("nslookup: '{name}' is not a legal name (empty label or too long)"));
                return 1;
            };
            match step.answer.status {
                Status::NoError => {}
                status => {
                    let shown = if step.name.len() > asked.len() { asked.as_str() } else { &step.name };
                    if status == Status::ServFail {
                        context.streams.line(&format!(";; Got SERVFAIL reply from {address}"));
                    }
                    context.streams.line(&format!("** server can't find {}: {}\n", shown.trim_end_matches('.'), status.as_str()));
                    return 1;
                }
            }
            if step.answer.answers.is_empty() {
                context.streams.line(&format!("*** Can't find {}: No answer\n", asked.trim_end_matches('.')));
                return 0;
            }
            print_bind(&step.answer, context);
            let alias = step
                .answer
                .answers
                .iter()
                .find_map(|record| if let Data::Cname(target) = &record.data { Some(target.clone()) } else { None });
            match alias {
                Some(target) if kind == Type::A => asked = target,
                _ => break,
            }
        }
        context.streams.line("");
        0
    }

    fn busybox(&self, name: &str, address: &str, shell: &Shell, context: &mut Context<'_>) -> i32 {
        context.streams.line(&format!("Server:\t\t{address}\nAddress:\t{address}:53\n"));
        let reversed = dns::reverse(name);
        // Busybox puts the search list only behind names without a dot.
        let names = match &reversed {
            Some(reversed) => vec![reversed.clone()],
            None if name.contains('.') => vec![name.trim_end_matches('.').to_owned()],
            None => net::resolver(shell, context.world).search.iter().map(|domain| format!("{name}.{domain}")).collect(),
        };
        let kinds = match (self.kind, &reversed) {
            (Some(kind), _) => vec![kind],
            (None, Some(_)) => vec![Type::Ptr],
            (None, None) => vec![Type::A, Type::Aaaa],
        };
        let mut failed = false;
        for name in &names {
            if name.len() > dns::NAME_BYTES_MAX {
                context.streams.error(&format!("nslookup: invalid name '{name}'"));
                return 1;
            }
            for kind in &kinds {
                let answer = dns::ask(context.world, name, *kind);
                if answer.status == Status::NoError {
                    print_bind(&answer, context);
                } else {
                    failed = true;
                    context.streams.line(&format!("** server can't find {name}: {}", answer.status.as_str()));
                }
                context.streams.line("");
            }
        }
        if failed && reversed.is_none() && name.contains('.') {
            let resolver = net::resolver(shell, context.world);
            let whole = dns::resolve(context.world, &resolver, name, Type::A);
            if let Some(step) = whole.result().filter(|step| !step.answer.answers.is_empty() && step.name != name) {
                context.streams.error(&format!(
                    "sandbox: the nslookup of busybox 1.29 and later does not try the search list for a name with a dot; ask for {}, or use busybox:1.28",
                    step.name
                ));
            }
        }
        i32::from(failed)
    }

    fn command(&mut self, line: &str, shell: &Shell, context: &mut Context<'_>) -> Option<i32> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [] => {}
            ["server" | "lserver", server] => {
                if shell.pod().is_none() && dns::reverse(server).is_none() {
                    context.streams.line(&format!("nslookup: couldn't get address for '{server}': not found"));
                } else {
                    self.server = Some(server.to_owned());
                    let (named, address) = self.server(shell, context);
                    match address {
                        Some(address) => context.streams.line(&format!("Default server: {named}\nAddress: {address}#53")),
                        None => {
                            self.server = None;
                            context.streams.line(&format!("nslookup: couldn't get address for '{server}': not found"));
                        }
                    }
                }
            }
            ["set", option] => match option.split_once('=') {
                Some(("type" | "query" | "q" | "querytype", written)) => match Type::parse(written) {
                    Some(kind) => self.kind = (kind != Type::A).then_some(kind),
                    None => context.streams.line(&format!("unknown query type: {written}")),
                },
                _ => context.streams.line(&format!("sandbox: nslookup knows `set type=SRV`, not `set {option}`")),
            },
            [name] => self.status = self.look_up(name, shell, context)?,
            [name, server] => {
                let standing = self.server.replace(server.to_owned());
                let status = self.look_up(name, shell, context);
                self.server = standing;
                self.status = status?;
            }
            _ => context.streams.line("sandbox: nslookup knows `server IP`, `set type=SRV`, `NAME` and `exit`"),
        }
        Some(self.status)
    }
}

impl Task for Lookups {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        loop {
            if let Some((until_ms, address)) = &self.waits {
                if context.now_ms() < *until_ms {
                    return Poll::Waiting { until_ms: Some(*until_ms) };
                }
                for _ in 0..3 {
                    context.streams.line(&format!(";; communications error to {address}#53: timed out"));
                }
                context.streams.line(";; no servers could be reached\n");
                let hint = hint(context);
                context.streams.error(&hint);
                self.waits = None;
                self.status = 1;
                if !self.interactive {
                    return Poll::Done(1);
                }
            }
            if self.tty && !self.prompted {
                context.streams.out.push_str("> ");
                self.prompted = true;
            }
            let streams = &mut *context.streams;
            let Some(line) = streams.take_line() else {
                if streams.input_ended {
                    if self.tty {
                        streams.line("");
                    }
                    return Poll::Done(0);
                }
                return Poll::Waiting { until_ms: None };
            };
            let line = line.trim();
            if self.tty {
                streams.line(line);
            }
            self.prompted = false;
            if line == "exit" || line == "quit" {
                return Poll::Done(0);
            }
            if !line.starts_with('#') {
                self.command(line, shell, context);
            }
        }
    }
}

/// The records of an answer as ISC's nslookup shows them.
fn print_bind(answer: &Answer, context: &mut Context<'_>) {
    for record in &answer.answers {
        let name = record.name.trim_end_matches('.');
        context.streams.line(&match &record.data {
            Data::A(address) => format!("Name:\t{name}\nAddress: {address}"),
            Data::Cname(target) => format!("{name}\tcanonical name = {target}"),
            Data::Ptr(target) => format!("{name}\tname = {target}"),
            Data::Srv { .. } => format!("{name}\tservice = {}", record.data.text()),
            Data::Txt(text) => format!("{name}\ttext = \"{text}\""),
            Data::Soa { zone, serial } => {
                let zone = zone.trim_end_matches('.');
                format!(
                    "{name}\n\torigin = ns.dns.{zone}\n\tmail addr = hostmaster.{zone}\n\tserial = {serial}\n\trefresh = 7200\n\tretry = 1800\n\texpire = 86400\n\tminimum = 30"
                )
            }
        });
    }
}

/// Busybox up to 1.28 asks the system's resolver, and for the name of every address it prints.
fn old_busybox(name: &str, server: &str, shell: &Shell, context: &mut Context<'_>) -> i32 {
    let named = |address: &str, context: &mut Context<'_>| -> String {
        let reversed = dns::reverse(address).unwrap_or_default();
        let answer = dns::ask(context.world, &reversed, Type::Ptr);
        let found = answer.answers.iter().find_map(|record| if let Data::Ptr(target) = &record.data { Some(target.clone()) } else { None });
        found.map_or_else(String::new, |target| format!(" {}", target.trim_end_matches('.')))
    };
    let own = named(server, context);
    context.streams.line(&format!("Server:    {server}\nAddress 1: {server}{own}\n"));
    let resolver = net::resolver(shell, context.world);
    let addresses: Vec<String> = if dns::reverse(name).is_some() {
        vec![name.to_owned()]
    } else {
        dns::resolve(context.world, &resolver, name, Type::A).addresses().iter().map(ToString::to_string).collect()
    };
    if addresses.is_empty() {
        context.streams.error(&format!("nslookup: can't resolve '{name}'"));
        return 1;
    }
    context.streams.line(&format!("Name:      {name}"));
    for (index, address) in addresses.iter().enumerate() {
        let own = named(address, context);
        context.streams.line(&format!("Address {}: {address}{own}", index + 1));
    }
    0
}
