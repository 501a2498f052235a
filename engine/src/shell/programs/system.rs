//! Small programs that print what they know: `echo`, `date`, `hostname`, `seq`, `test`, … It must not know files' contents.

use crate::images;
use crate::process::{Context, Poll};

use super::{Call, Over, Task, refuse};
use crate::shell::state::{OUTPUT_BYTES_MAX, Shell};
use crate::shell::{files, image_files, net};

/// Runs such a program; the exit code.
pub(super) fn run(call: &Call, shell: &Shell, context: &mut Context<'_>) -> i32 {
    let arguments = call.arguments();
    let name = call.name();
    match name {
        "true" => 0,
        "false" => 1,
        "echo" => echo(arguments, shell, context),
        "printf" => printf(arguments, context),
        "test" | "[" => test(call, shell, context),
        "seq" => seq(arguments, context),
        "date" => date(arguments, context),
        "hostname" => hostname(arguments, shell, context),
        "env" | "printenv" => environment(call, context),
        "clear" => {
            context.streams.out.push_str("\u{1b}[H\u{1b}[2J");
            0
        }
        "history" => {
            let lines: Vec<String> = context
                .world
                .commands
                .entries()
                .iter()
                .enumerate()
                .map(|(index, entry)| format!("{:>5}  {}", index + 1, entry.line))
                .collect();
            lines.iter().for_each(|line| context.streams.line(line));
            0
        }
        "id" => {
            context.streams.line("uid=0(root) gid=0(root) groups=0(root)");
            0
        }
        "whoami" => {
            context.streams.line("root");
            0
        }
        "uname" => {
            let node = shell.pod().map_or_else(|| "sandbox".to_owned(), |pod| image_files::hostname(context.world, pod));
            context.streams.line(&if arguments.iter().any(|flag| flag == "-a") {
                format!("Linux {node} {} #1 SMP x86_64 GNU/Linux", context.world.settings.node_info.kernel_version)
            } else {
                "Linux".to_owned()
            });
            0
        }
        "which" => which(arguments, shell, context),
        "basename" | "dirname" => {
            let Some(path) = arguments.first() else {
                context.streams.error(&format!("{name}: missing operand"));
                return 1;
            };
            let trimmed = path.trim_end_matches('/');
            let (folder, last) = trimmed.rsplit_once('/').unwrap_or((".", trimmed));
            let last = arguments.get(1).and_then(|suffix| last.strip_suffix(suffix.as_str())).unwrap_or(last);
            context.streams.line(if name == "basename" {
                last
            } else if folder.is_empty() {
                "/"
            } else {
                folder
            });
            0
        }
        "ps" => {
            let main = shell.pod().map_or("sh", |pod| images::model(&pod.image).family.name);
            context.streams.line("PID   USER     TIME  COMMAND");
            context.streams.line(&format!("    1 root      0:00 {main}"));
            context.streams.line("    7 root      0:00 ps");
            0
        }
        "sync" => 0,
        _ => {
            context.streams.error(&format!("sandbox: {name} is in the image, but the sandbox does not model what it does"));
            1
        }
    }
}

fn echo(arguments: &[String], shell: &Shell, context: &mut Context<'_>) -> i32 {
    let (mut newline, mut escapes, mut from) = (true, shell.pod().is_some() && shell.name == "sh" && dash(shell), 0);
    for argument in arguments {
        match argument.as_str() {
            "-n" => newline = false,
            "-e" => escapes = true,
            "-E" => escapes = false,
            "-ne" | "-en" => (newline, escapes) = (false, true),
            _ => break,
        }
        from += 1;
    }
    let text = arguments[from..].join(" ");
    let text = if escapes { unescape(&text) } else { text };
    context.streams.out.push_str(&text);
    if newline {
        context.streams.out.push('\n');
    }
    0
}

/// Whether `sh` is Debian's dash, whose `echo` reads escapes.
fn dash(shell: &Shell) -> bool {
    shell.pod().is_some_and(|pod| images::model(&pod.image).family.shell == images::ShellKind::Bash)
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('e') => out.push('\u{1b}'),
            Some('\\') => out.push('\\'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

fn printf(arguments: &[String], context: &mut Context<'_>) -> i32 {
    let Some(format) = arguments.first() else {
        context.streams.error("printf: usage: printf format [arguments]");
        return 2;
    };
    let mut rest = arguments[1..].iter();
    loop {
        let before = rest.len();
        let mut characters = format.chars().peekable();
        let mut piece = String::new();
        while let Some(character) = characters.next() {
            match character {
                '\\' => piece.extend(['\\', characters.next().unwrap_or('\\')]),
                '%' if characters.peek() == Some(&'%') => {
                    characters.next();
                    piece.push('%');
                }
                '%' => {
                    let mut width = String::new();
                    while let Some(flag) = characters.next_if(|next| next.is_ascii_digit() || matches!(next, '-' | '.')) {
                        width.push(flag);
                    }
                    let argument = rest.next().map_or("", String::as_str);
                    let left = width.starts_with('-');
                    let zero = width.starts_with('0');
                    let wide: usize = width.trim_start_matches('-').split('.').next().unwrap_or_default().parse().unwrap_or(0).min(1_000);
                    let text = match characters.next() {
                        Some('s') | Some('b') => argument.to_owned(),
                        Some('d') | Some('i') | Some('u') => argument.trim().parse::<i64>().unwrap_or(0).to_string(),
                        _ => {
                            context.streams.error("sandbox: printf knows %s, %d and %%");
                            return 1;
                        }
                    };
                    piece.push_str(&match (left, zero) {
                        (true, _) => format!("{text:<wide$}"),
                        (_, true) => format!("{text:0>wide$}"),
                        _ => format!("{text:>wide$}"),
                    });
                }
                _ => piece.push(character),
            }
        }
        context.streams.out.push_str(&unescape(&piece));
        if rest.len() == 0 || rest.len() == before {
            return 0;
        }
    }
}

fn test(call: &Call, shell: &Shell, context: &mut Context<'_>) -> i32 {
    let mut words: Vec<&str> = call.arguments().iter().map(String::as_str).collect();
    if call.name() == "[" && words.pop() != Some("]") {
        shell.complain(context.streams, "[: missing `]'");
        return 2;
    }
    match compare(&words, shell, context) {
        Some(holds) => i32::from(!holds),
        None => {
            context.streams.error(&format!("sandbox: {}: cannot read the condition `{}`", call.name(), words.join(" ")));
            2
        }
    }
}

fn compare(words: &[&str], shell: &Shell, context: &Context<'_>) -> Option<bool> {
    if let Some(at) = words.iter().position(|word| *word == "-o") {
        return Some(compare(&words[..at], shell, context)? || compare(&words[at + 1..], shell, context)?);
    }
    if let Some(at) = words.iter().position(|word| *word == "-a") {
        return Some(compare(&words[..at], shell, context)? && compare(&words[at + 1..], shell, context)?);
    }
    let negated = words.iter().take_while(|word| **word == "!").count();
    if negated > 0 && words.len() > negated {
        return Some(compare(&words[negated..], shell, context)? == (negated % 2 == 0));
    }
    let kind = |path: &str| files::kind(shell, context, path);
    Some(match words {
        [] => false,
        [text] => !text.is_empty(),
        ["-z", text] => text.is_empty(),
        ["-n", text] => !text.is_empty(),
        ["-e", path] => kind(path).is_some(),
        ["-f" | "-r" | "-w", path] => kind(path) == Some(files::Kind::File),
        ["-x", path] => kind(path).is_some(),
        ["-s", path] => files::read(shell, context, path).is_ok_and(|text| !text.is_empty()),
        ["-d", path] => kind(path) == Some(files::Kind::Folder),
        [left, "=" | "==", right] => left == right,
        [left, "!=", right] => left != right,
        [left, operator, right] => {
            let (left, right) = (left.trim().parse::<i64>().ok()?, right.trim().parse::<i64>().ok()?);
            match *operator {
                "-eq" => left == right,
                "-ne" => left != right,
                "-lt" => left < right,
                "-le" => left <= right,
                "-gt" => left > right,
                "-ge" => left >= right,
                _ => return None,
            }
        }
        _ => return None,
    })
}

fn seq(arguments: &[String], context: &mut Context<'_>) -> i32 {
    let mut separator = "\n".to_owned();
    let mut numbers = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "-s" {
            separator = rest.next().cloned().unwrap_or_default();
        } else if argument != "-w" {
            match argument.parse::<i64>() {
                Ok(number) => numbers.push(number),
                Err(_) => {
                    context.streams.error(&format!("seq: invalid floating point argument: '{argument}'"));
                    return 1;
                }
            }
        }
    }
    let (from, step, to) = match numbers[..] {
        [to] => (1, 1, to),
        [from, to] => (from, 1, to),
        [from, step, to] if step != 0 => (from, step, to),
        _ => {
            context.streams.error("seq: missing operand");
            return 1;
        }
    };
    let mut number = from;
    let mut text = String::new();
    while if step > 0 { number <= to } else { number >= to } {
        if !text.is_empty() {
            text.push_str(&separator);
        }
        text.push_str(&number.to_string());
        if text.len() > OUTPUT_BYTES_MAX {
            context.streams.error(&format!("sandbox: stopped: more than {OUTPUT_BYTES_MAX} bytes of output"));
            return 1;
        }
        let Some(next) = number.checked_add(step) else { break };
        number = next;
    }
    if !text.is_empty() {
        context.streams.line(&text);
    }
    0
}

fn date(arguments: &[String], context: &mut Context<'_>) -> i32 {
    let (epoch, now) = (context.world.settings.epoch, context.now_ms());
    let long = epoch.rfc1123(now);
    let iso = epoch.rfc3339(now);
    let words: Vec<&str> = long.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let [weekday, day, month, year, time, _] = words[..] else { return 1 };
    let mut format = None;
    for argument in arguments {
        match argument.as_str() {
            "-u" | "--utc" => {}
            "-Is" | "-Iseconds" | "--iso-8601=seconds" => format = Some("%Y-%m-%dT%H:%M:%S+00:00".to_owned()),
            "-I" => format = Some("%F".to_owned()),
            "-R" => format = Some("%a, %d %b %Y %T +0000".to_owned()),
            _ => match argument.strip_prefix('+') {
                Some(own) => format = Some(own.to_owned()),
                None => {
                    context.streams.error(
                        "sandbox: the cluster's clock cannot be set or asked about other days; `date` and `date +FORMAT` tell its time",
                    );
                    return 1;
                }
            },
        }
    }
    let format = format.unwrap_or_else(|| "%a %b %e %T UTC %Y".to_owned());
    let mut text = String::new();
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('Y') => text.push_str(year),
            Some('m') => text.push_str(&iso[5..7]),
            Some('d') => text.push_str(day),
            Some('e') => text.push_str(&format!("{:>2}", day.trim_start_matches('0'))),
            Some('H') => text.push_str(&time[..2]),
            Some('M') => text.push_str(&time[3..5]),
            Some('S') => text.push_str(&time[6..8]),
            Some('T') => text.push_str(time),
            Some('F') => text.push_str(&iso[..10]),
            Some('a') => text.push_str(weekday),
            Some('b' | 'h') => text.push_str(month),
            Some('s') => text.push_str(&(epoch.unix_seconds_at(now)).to_string()),
            Some('N') => text.push_str(&format!("{:03}000000", now % 1000)),
            Some('Z') => text.push_str("UTC"),
            Some('z') => text.push_str("+0000"),
            Some('n') => text.push('\n'),
            Some('%') => text.push('%'),
            Some(other) => text.extend(['%', other]),
            None => text.push('%'),
        }
    }
    context.streams.line(&text);
    0
}

fn hostname(arguments: &[String], shell: &Shell, context: &mut Context<'_>) -> i32 {
    let Some(pod) = shell.pod() else {
        context.streams.line("sandbox");
        return 0;
    };
    let line = match arguments.first().map(String::as_str) {
        None | Some("-s") => image_files::hostname(context.world, pod),
        Some("-i" | "-I" | "--ip-address") => image_files::address(context.world, &pod.key),
        Some("-f" | "--fqdn") => image_files::whole_name(context.world, pod).unwrap_or_else(|| image_files::hostname(context.world, pod)),
        Some("-d") => {
            image_files::whole_name(context.world, pod).and_then(|name| Some(name.split_once('.')?.1.to_owned())).unwrap_or_default()
        }
        Some(_) => {
            context.streams.error("hostname: you must be root to change the host name");
            return 1;
        }
    };
    context.streams.line(&line);
    0
}

fn environment(call: &Call, context: &mut Context<'_>) -> i32 {
    let asked: Vec<&String> = call.arguments().iter().collect();
    if call.name() == "printenv" && !asked.is_empty() {
        let mut status = 0;
        for name in asked {
            match call.environment.get(name) {
                Some(value) => context.streams.line(value),
                None => status = 1,
            }
        }
        return status;
    }
    if !asked.is_empty() {
        context.streams.error("sandbox: `env` lists the variables; to set one for a command write `NAME=value COMMAND`");
        return 2;
    }
    for (name, value) in &call.environment {
        context.streams.line(&format!("{name}={value}"));
    }
    0
}

fn which(arguments: &[String], shell: &Shell, context: &mut Context<'_>) -> i32 {
    let mut status = 0;
    for name in arguments {
        let there = match shell.pod() {
            None => super::OUTSIDE.contains(&name.as_str()),
            Some(pod) => images::model(&pod.image).has(name),
        };
        if there {
            context.streams.line(&format!("/usr/bin/{name}"));
        } else {
            status = 1;
        }
    }
    status
}

#[derive(Clone)]
struct Ping {
    name: String,
    address: String,
    reachable: bool,
    left: Option<u64>,
    sent: u64,
    next_ms: u64,
}

/// Starts `ping`.
pub(super) fn ping(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Box<dyn Task> {
    let mut left = None;
    let mut name = None;
    let mut arguments = call.arguments().iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-c" => left = arguments.next().and_then(|text| text.parse().ok()),
            "-w" | "-W" | "-i" | "-s" => {
                arguments.next();
            }
            "-q" | "-4" | "-n" => {}
            _ if argument.starts_with("-c") => left = argument[2..].parse().ok(),
            _ if argument.starts_with('-') => return refuse(context, &format!("ping: the sandbox does not know the flag {argument}")),
            _ => name = Some(argument.clone()),
        }
    }
    let Some(name) = name else { return refuse(context, "ping: write `ping -c 3 NAME`") };
    let Some(address) = net::address(shell, context, &name) else {
        let busybox = shell.pod().is_some_and(|pod| images::model(&pod.image).family.shell == images::ShellKind::Ash);
        context.streams.error(&if busybox {
            format!("ping: bad address '{name}'")
        } else {
            format!("ping: {name}: Name or service not known")
        });
        return Box::new(Over(if busybox { 1 } else { 2 }));
    };
    let reachable = shell.pod().is_some() && net::answers_ping(context.world, &address);
    context.streams.line(&format!("PING {name} ({address}): 56 data bytes"));
    Box::new(Ping { name, address, reachable, left, sent: 0, next_ms: context.now_ms() })
}

impl Ping {
    fn summary(&self, context: &mut Context<'_>) -> i32 {
        let received = if self.reachable { self.sent } else { 0 };
        let loss = if self.reachable || self.sent == 0 { 0 } else { 100 };
        context.streams.line(&format!("\n--- {} ping statistics ---", self.name));
        context.streams.line(&format!("{} packets transmitted, {received} packets received, {loss}% packet loss", self.sent));
        i32::from(received == 0)
    }
}

impl Task for Ping {
    fn poll(&mut self, _: &mut Shell, context: &mut Context<'_>) -> Poll {
        while context.now_ms() >= self.next_ms {
            if self.left == Some(self.sent) {
                return Poll::Done(self.summary(context));
            }
            if self.reachable {
                context.streams.line(&format!("64 bytes from {}: seq={} ttl=64 time=0.080 ms", self.address, self.sent));
            }
            self.sent += 1;
            // The last one is not waited for, unless nothing answers.
            self.next_ms += if self.left == Some(self.sent) && self.reachable { 0 } else { 1_000 };
        }
        Poll::Waiting { until_ms: Some(self.next_ms) }
    }

    fn interrupt(&mut self, _: &mut Shell, context: &mut Context<'_>) {
        self.summary(context);
    }
}
