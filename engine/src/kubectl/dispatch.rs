//! From arguments to a command: subcommands, aliases, suggestions, help. Follows `spf13/cobra`.

use crate::process::{Context, Poll, Process};

use super::commands::{COMMANDS, Command, GLOBAL, Run};
use super::create;
use super::failure::Failure;
use super::files;
use super::flags::{self, Flag, Parsed, Takes};

/// Starts kubectl.
pub fn start(arguments: &[String]) -> Box<dyn Process> {
    match find(arguments) {
        Ok((command, rest)) => begin(command, &rest),
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
        return Box::new(Say(help(command)));
    }
    match command.run {
        Run::Later(start) => start(parsed),
        Run::Group if parsed.words.is_empty() => Box::new(Failed(Failure::Verbatim(help(command).trim_end().to_owned()))),
        Run::Group => {
            let words = format!("unknown command {:?}", parsed.words.join(" "));
            Box::new(Failed(Failure::usage(&words, command.name)))
        }
        Run::Now(_) | Run::Create => Box::new(Once { command, parsed }),
    }
}

#[derive(Clone)]
struct Failed(Failure);

impl Process for Failed {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        Poll::Done(self.0.print(context.streams))
    }
}

#[derive(Clone)]
struct Say(String);

impl Process for Say {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        context.streams.out.push_str(&self.0);
        Poll::Done(0)
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
        let outcome = match self.command.run {
            Run::Now(run) => run(&self.parsed, context),
            Run::Create => create::generate(self.command.name, &self.parsed, context),
            Run::Later(_) | Run::Group => Ok(()),
        };
        match outcome {
            Ok(()) => Poll::Done(0),
            Err(failure) => Poll::Done(failure.print(context.streams)),
        }
    }
}

/// The command that arguments name, and what is left of them.
fn find(arguments: &[String]) -> Result<(&'static Command, Vec<String>), Failure> {
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
            None if name.is_empty() => return Err(unknown_command(argument)),
            None => {
                rest.push(argument.clone());
                rest.extend(left.cloned());
                break;
            }
        }
    }
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => Ok((command, rest)),
        None => {
            let parsed = flags::parse(&[GLOBAL], &rest, "")?;
            let _ = parsed;
            Err(Failure::Verbatim(overview()))
        }
    }
}

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

fn help(command: &Command) -> String {
    let mut text = format!("{}\n", command.about);
    let prefix = format!("{} ", command.name);
    let inner: Vec<&Command> =
        COMMANDS.iter().filter(|found| found.name.strip_prefix(&prefix).is_some_and(|rest| !rest.contains(' '))).collect();
    if !inner.is_empty() {
        text.push_str("\nAvailable Commands:\n");
        for found in inner {
            text.push_str(&format!("  {:<20} {}\n", &found.name[prefix.len()..], found.about.trim_end_matches('.')));
        }
    }
    let flags: Vec<&Flag> = command.flags.iter().flat_map(|some| some.iter()).collect();
    if !flags.is_empty() {
        text.push_str("\nOptions:\n");
        for flag in flags {
            let letter = if flag.letter == ' ' { "    ".to_owned() } else { format!("-{}, ", flag.letter) };
            let value = match flag.takes {
                Takes::Switch => "=false",
                Takes::Number | Takes::Duration => "=0",
                Takes::List => "=[]",
                Takes::Text | Takes::Optional(_) => "=''",
            };
            text.push_str(&format!("    {letter}--{}{value}\n", flag.name));
        }
    }
    text.push_str(&format!(
        "\nUsage:\n  kubectl {}\n\nUse \"kubectl options\" for a list of global command-line options (applies to all commands).\n",
        command.usage
    ));
    text
}

fn overview() -> String {
    let mut text = "kubectl controls the Kubernetes cluster manager.\n\nCommands:\n".to_owned();
    for command in COMMANDS.iter().filter(|command| !command.name.contains(' ')) {
        text.push_str(&format!("  {:<14}  {}\n", command.name, command.about.trim_end_matches('.')));
    }
    text.push_str("\nUsage:\n  kubectl [flags] [options]\n\nUse \"kubectl <command> --help\" for more information about a given command.");
    text
}
