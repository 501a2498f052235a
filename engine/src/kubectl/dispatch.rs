//! From arguments to a command: subcommands, aliases, suggestions, help. Follows `spf13/cobra`.

use crate::api::metadata::Text;
use crate::cluster::store::Writer;
use crate::process::{Context, Poll, Process};

use super::commands::{COMMANDS, Command, GLOBAL, Run};
use super::config;
use super::create;
use super::failure::Failure;
use super::files;
use super::flags::{self, Flag, Parsed, Takes};
use super::help;

/// Starts kubectl.
pub fn start(arguments: &[String]) -> Box<dyn Process> {
    // `kubectl help scale` is `kubectl scale --help`.
    let asked: Vec<String>;
    let arguments = match arguments.split_first() {
        Some((word, rest)) if word == "help" => {
            asked = rest.iter().cloned().chain(["--help".to_owned()]).collect();
            &asked
        }
        _ => arguments,
    };
    match find(arguments) {
        Ok((Some(command), rest)) => begin(command, &rest),
        Ok((None, rest)) => match flags::parse(&[GLOBAL], &rest, "") {
            Ok(_) => help::start(None),
            Err(failure) => Box::new(Failed(failure)),
        },
        Err(failure) => Box::new(Failed(failure)),
    }
}

fn begin(command: &'static Command, rest: &[String]) -> Box<dyn Process> {
    let mut known: Vec<&[Flag]> = vec![GLOBAL];
    known.extend_from_slice(command.flags);
    let parsed = match flags::parse(&known, rest, command.name) {
        Ok(parsed) => parsed,
        Err(failure) => return Box::new(Failed(failure)),
    };
    if parsed.on("help") {
        return help::start(Some(command));
    }
    if let Some(flag) = ["as", "as-group", "as-uid"].into_iter().find(|flag| parsed.has(flag)) {
        return Box::new(Failed(Failure::Verbatim(format!(
            "sandbox: --{flag}: this cluster has one user, who may do everything, and nobody else to act as"
        ))));
    }
    if let Err(failure) = reachable(command, &parsed).and_then(|()| modelled(command, &parsed)) {
        return Box::new(Failed(failure));
    }
    match command.run {
        Run::Later(start) => start(parsed),
        Run::Group if parsed.words.is_empty() => Box::new(Failed(Failure::Verbatim(help::group(command).trim_end().to_owned()))),
        Run::Group => {
            let words = format!("unknown command {:?}", parsed.words.join(" "));
            Box::new(Failed(Failure::usage(&words, command.name)))
        }
        Run::Now(_) | Run::Create => Box::new(Once { command, parsed }),
    }
}

/// Whether the flags name the one cluster that there is, in the words of client-go.
fn reachable(command: &Command, parsed: &Parsed) -> Result<(), Failure> {
    if command.name.starts_with("config") {
        return Ok(());
    }
    for (flag, there) in [("context", config::NAME), ("cluster", config::NAME), ("user", config::USER)] {
        if let Some(other) = parsed.get(flag).filter(|name| !name.is_empty() && *name != there) {
            return Err(match flag {
                "context" => Failure::Verbatim(format!("Error in configuration: context was not found for specified context: {other}")),
                "cluster" => Failure::text(format!("no server found for cluster {other:?}")),
                _ => Failure::text(format!("auth info {other:?} does not exist")),
            });
        }
    }
    Ok(())
}

/// Flags of kubectl's that would do something else than here, where they would be passed over.
const UNMODELLED: &[(&str, &str)] = &[
    ("annotate", "resource-version"),
    ("apply", "prune"),
    ("apply", "prune-allowlist"),
    ("create configmap", "append-hash"),
    ("create secret generic", "append-hash"),
    ("delete", "interactive"),
    ("expose", "overrides"),
    ("label", "resource-version"),
    ("scale", "resource-version"),
    ("set env", "local"),
    ("set env", "resolve"),
    ("set image", "local"),
    ("set resources", "local"),
    ("set serviceaccount", "local"),
];

/// Whether the flags do here what they do in kubectl.
fn modelled(command: &Command, parsed: &Parsed) -> Result<(), Failure> {
    if parsed.has("kustomize") {
        return Err(Failure::text("this sandbox has no kustomize; apply the manifests themselves with -f"));
    }
    let asks = |flag: &str| parsed.get(flag).is_some_and(|value| !matches!(value, "" | "false"));
    let missing = UNMODELLED.iter().find(|(name, flag)| *name == command.name && asks(flag)).map(|(_, flag)| (*flag).to_owned());
    // A status and a scale are parts of objects here; what else has a form of its own is not there.
    let part = parsed.text("subresource");
    let known: &[&str] = if command.name == "get" { &["", "status"] } else { &["", "scale"] };
    let missing = missing.or_else(|| {
        let refused = matches!(command.name, "get" | "patch") && !known.contains(&part);
        refused.then(|| format!("subresource={part}"))
    });
    match missing {
        Some(flag) => Err(Failure::Verbatim(format!("sandbox: `kubectl {} --{flag}` exists, but is not modelled here", command.name))),
        None => Ok(()),
    }
}

#[derive(Clone)]
struct Failed(Failure);

impl Process for Failed {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        Poll::Done(self.0.print(context.streams))
    }
}

/// A command that is done at once, as soon as its standard input is there.
#[derive(Clone)]
struct Once {
    command: &'static Command,
    parsed: Parsed,
}

impl Process for Once {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if files::awaits_input(&self.parsed, context) {
            return Poll::Waiting { until_ms: None };
        }
        if self.parsed.has("record") {
            context.streams.error("Flag --record has been deprecated, --record will be removed in the future");
        }
        let before = std::mem::replace(&mut context.world.store.writer, Writer::Person(manager(self.command.name, &self.parsed)));
        let outcome = match self.command.run {
            Run::Now(run) => run(&self.parsed, context),
            Run::Create => create::generate(self.command.name, &self.parsed, context),
            Run::Later(_) | Run::Group => Ok(()),
        };
        context.world.store.writer = before;
        match outcome {
            Ok(()) => Poll::Done(0),
            Err(failure) => Poll::Done(failure.print(context.streams)),
        }
    }
}

/// The field manager as whom a command writes.
pub fn manager(command: &str, parsed: &Parsed) -> Text {
    let verb = command.split(' ').next().unwrap_or_default();
    match parsed.get("field-manager").filter(|name| !name.is_empty()) {
        Some(name) => name.into(),
        None if verb == "apply" && !parsed.on("server-side") => "kubectl-client-side-apply".into(),
        // Scaling goes to a subresource, which names nobody.
        None if matches!(verb, "apply" | "scale") => "kubectl".into(),
        None => format!("kubectl-{verb}").into(),
    }
}

/// The command that arguments name, and what is left of them.
fn find(arguments: &[String]) -> Result<(Option<&'static Command>, Vec<String>), Failure> {
    let mut rest: Vec<String> = Vec::new();
    let mut name = String::new();
    let mut left = arguments.iter();
    // Flags may stand before the command; those that take a value take the next argument with them.
    while let Some(argument) = left.next() {
        if argument == "--" {
            rest.push(argument.clone());
            rest.extend(left.cloned());
            break;
        }
        if argument.starts_with('-') && argument.len() > 1 {
            rest.push(argument.clone());
            if takes_next(argument, &name)
                && let Some(value) = left.next()
            {
                rest.push(value.clone());
            }
            continue;
        }
        match descend(&name, argument) {
            Some(command) => name = command.name.to_owned(),
            None if real(&name, argument) => {
                let whole = format!("kubectl {name} {argument}").replace("  ", " ");
                return Err(Failure::Verbatim(format!("sandbox: `{whole}` exists, but is not modelled here")));
            }
            None if name.is_empty() => return Err(unknown_command(argument)),
            None => {
                rest.push(argument.clone());
                rest.extend(left.cloned());
                break;
            }
        }
    }
    Ok((COMMANDS.iter().find(|command| command.name == name), rest))
}

/// Whether kubectl has a command that this one does not.
fn real(parent: &str, word: &str) -> bool {
    REAL.iter().any(|(of, words)| *of == parent && words.split(' ').any(|known| known == word))
}

/// Commands of kubectl that are not modelled, below the command to which they belong.
const REAL: &[(&str, &str)] = &[
    ("", "alpha certificate completion kuberc kustomize plugin"),
    ("create", "clusterrole clusterrolebinding cronjob cj ingress ing job priorityclass pc quota resourcequota role rolebinding token"),
    ("create secret", "docker-registry tls"),
    ("create service", "loadbalancer nodeport"),
    ("set", "selector subject"),
    ("apply", "edit-last-applied set-last-applied"),
    ("auth", "reconcile"),
    ("config", "delete-cluster delete-context delete-user get-users rename-context set set-cluster set-credentials unset"),
];

fn descend(parent: &str, word: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| {
        let (head, last) = command.name.rsplit_once(' ').unwrap_or(("", command.name));
        head == parent && (last == word || command.aliases.contains(&word))
    })
}

fn takes_next(argument: &str, command: &str) -> bool {
    let command_flags = COMMANDS.iter().find(|found| found.name == command).map(|found| found.flags).unwrap_or_default();
    let mut all = GLOBAL.iter().chain(command_flags.iter().flat_map(|some| some.iter()));
    let found = match argument.strip_prefix("--") {
        Some(long) if long.contains('=') => None,
        Some(long) => all.find(|flag| flag.name == long),
        None => match argument.chars().nth(1) {
            Some(letter) if argument.chars().count() == 2 => all.find(|flag| flag.letter == letter),
            _ => None,
        },
    };
    found.is_some_and(|flag| !matches!(flag.takes, Takes::Switch | Takes::Optional(_)))
}

fn unknown_command(word: &str) -> Failure {
    let mut text = format!("error: unknown command \"{word}\" for \"kubectl\"");
    let lower = word.to_ascii_lowercase();
    let top = COMMANDS.iter().map(|command| command.name).filter(|name| !name.contains(' '));
    let near: Vec<&str> = top.filter(|name| distance(&lower, name) <= 2 || name.starts_with(&lower)).collect();
    if !near.is_empty() {
        text.push_str("\n\nDid you mean this?");
        for name in near {
            text.push_str(&format!("\n\t{name}"));
        }
    }
    Failure::Verbatim(text)
}

/// Levenshtein's distance, as cobra measures it.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[column + 1];
            row[column + 1] = cost.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
