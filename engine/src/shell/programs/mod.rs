//! The programs of labs, each a task or a filter. It must not know the grammar of the shell.

mod awk;
mod columns;
mod control;
mod curl;
mod dig;
mod disk;
mod etcdctl;
mod filters;
mod grep;
mod http;
mod interactive;
mod nslookup;
mod sandbox;
mod sed;
mod system;
mod text;
mod wget;
mod zookeeper;

use crate::sorted::SortedMap;

use crate::images;
use crate::kubectl;
use crate::process::{Context, Poll, Process};

use super::state::Shell;
use super::tasks::Task;

pub(super) use interactive::complain;
pub(super) use sed::edit as sed_edit;

/// A program as it is called.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    /// Its name and arguments.
    pub(super) words: Vec<String>,
    /// The variables that it sees.
    pub(super) environment: SortedMap<String, String>,
    /// Whether its standard streams are a terminal.
    pub(super) tty: bool,
    /// How many programs run it, one inside the other.
    pub(super) depth: u32,
}

/// Programs that run programs: more inside each other come from a mistake, and each costs stack.
const DEPTH_MAX: u32 = 24;

impl Call {
    /// The name, without a folder.
    fn name(&self) -> &str {
        let word = self.words.first().map_or("", String::as_str);
        word.rsplit('/').next().unwrap_or(word)
    }

    /// The arguments.
    fn arguments(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The same with other words.
    fn with(&self, words: Vec<String>) -> Self {
        Self { words, environment: self.environment.clone(), tty: self.tty, depth: self.depth + 1 }
    }
}

/// A program that ended as soon as it began.
#[derive(Clone)]
pub(super) struct Over(pub(super) i32);

impl Task for Over {
    fn poll(&mut self, _: &mut Shell, _: &mut Context<'_>) -> Poll {
        Poll::Done(self.0)
    }
}

/// A command of the sandbox's own that is polled with the variables of the shell.
#[derive(Clone)]
struct Foreign {
    process: Box<dyn Process>,
    environment: SortedMap<String, String>,
}

impl Task for Foreign {
    fn poll(&mut self, _: &mut Shell, context: &mut Context<'_>) -> Poll {
        std::mem::swap(&mut context.terminal.variables, &mut self.environment);
        let poll = self.process.poll(context);
        std::mem::swap(&mut context.terminal.variables, &mut self.environment);
        poll
    }

    fn interrupt_inside(&mut self, context: &mut Context<'_>) -> bool {
        self.process.interrupt_inside(context)
    }

    fn interrupt(&mut self, _: &mut Shell, context: &mut Context<'_>) {
        self.process.interrupt(context);
    }
}

/// Programs of the terminal outside.
pub(crate) const OUTSIDE: &[&str] = &[
    "[", "awk", "basename", "cat", "chmod", "clear", "cp", "curl", "cut", "date", "dig", "dirname", "echo", "env", "export", "false",
    "find", "grep", "head", "history", "host", "hostname", "id", "k", "kubectl", "ls", "mkdir", "mv", "nslookup", "ping", "printenv",
    "printf", "rm", "rmdir", "sandbox", "sed", "seq", "sh", "bash", "sleep", "sort", "tail", "tee", "test", "timeout", "touch", "tr",
    "true", "uname", "uniq", "watch", "wc", "wget", "which", "whoami", "xargs",
];

/// What to do where a program is missed that courses use.
fn instead(name: &str) -> Option<&'static str> {
    match name {
        "vi" | "vim" | "nano" | "emacs" | "less" | "more" => Some("files are written in the editor, and `ls` shows them"),
        "jq" | "yq" => Some("`-o jsonpath='{…}'` picks fields, and grep and awk pick lines"),
        "sudo" | "su" => Some("nothing here asks for it"),
        "docker" | "nerdctl" | "crictl" | "minikube" | "kind" | "k3d" | "kubeadm" | "helm" | "kustomize" | "git" | "ssh" | "apt"
        | "apt-get" | "yum" | "systemctl" | "k9s" | "etcdctl" => Some("it has kubectl, the cluster, and a few programs that Tab completes"),
        _ => None,
    }
}

/// Starts a program; one that is not there says so and ends with 127.
pub(super) fn start(call: Call, shell: &Shell, context: &mut Context<'_>) -> Box<dyn Task> {
    let name = call.name().to_owned();
    let inside = shell.pod().cloned();
    if call.depth > DEPTH_MAX || shell.depth > DEPTH_MAX {
        return refuse(context, &format!("stopped: more than {DEPTH_MAX} programs inside each other"));
    }
    if name == "read" {
        return Box::new(control::Read::new(&call));
    }
    if call.words.first().is_some_and(|word| word.ends_with('/')) || name.is_empty() {
        shell.complain(context.streams, &format!("{}: Is a directory", call.words.first().map_or("''", String::as_str)));
        return Box::new(Over(126));
    }
    let there = match &inside {
        None => OUTSIDE.contains(&name.as_str()),
        Some(pod) => images::model(&pod.image).has(&name) || matches!(name.as_str(), "test" | "[" | "echo" | "printf" | "true" | "false"),
    };
    if !there {
        let word = call.words.first().map_or("", String::as_str);
        shell.complain(
            context.streams,
            &if shell.name == "bash" { format!("{word}: command not found") } else { format!("{word}: not found") },
        );
        if let Some(way) = inside.is_none().then(|| instead(&name)).flatten() {
            context.streams.error(&format!("sandbox: this terminal has no {name}; {way}"));
        }
        return Box::new(Over(127));
    }
    if inside.is_none() && matches!(name.as_str(), "kubectl" | "k") {
        return Box::new(Foreign { process: kubectl::start(call.arguments()), environment: call.environment });
    }
    match name.as_str() {
        "sleep" => control::sleep(&call, context),
        "timeout" => control::timeout(&call, shell, context),
        "watch" => control::watch(&call, context),
        "xargs" => control::xargs(&call, context),
        "sh" | "bash" | "ash" => interactive::shell(&call, shell, context),
        "nslookup" => nslookup::start(&call, shell, context),
        "dig" | "host" => dig::start(&call, shell, context),
        "curl" => curl::start(&call, shell, context),
        "wget" => wget::start(&call, shell, context),
        "ping" => system::ping(&call, shell, context),
        "sandbox" => Box::new(Over(sandbox::run(&call, context))),
        "cat" | "grep" | "head" | "tail" | "wc" | "sort" | "uniq" | "awk" | "cut" | "sed" | "tr" | "tee" => {
            filters::start(&call, shell, context)
        }
        "ls" | "rm" | "rmdir" | "mkdir" | "touch" | "chmod" | "chown" | "cp" | "mv" | "find" | "df" | "du" | "stat" | "mount" => {
            Box::new(Over(disk::run(&call, shell, context)))
        }
        "etcdctl" => Box::new(Over(etcdctl::run(&call, shell, context))),
        "zkServer.sh" | "zkCli.sh" | "zookeeper-ready" => Box::new(Over(zookeeper::run(&call, shell, context))),
        _ => Box::new(Over(system::run(&call, shell, context))),
    }
}

/// An answer to a wrong flag, and the exit code 2.
fn refuse(context: &mut Context<'_>, message: &str) -> Box<dyn Task> {
    context.streams.error(&format!("sandbox: {message}"));
    Box::new(Over(2))
}
