//! `--help` of every command, `kubectl help` and kubectl's own overview: the usage and the flags from the table of commands, the
//! words from a text that is read when it is there ([`crate::texts::HELP`]). It must not know what a command does.
//!
//! The text's form: `@COMMAND` begins what stands below a command's first line (`@` alone: kubectl's own help);
//! `--FLAG=DEFAULT|text` is a flag of any command, `COMMAND --FLAG=DEFAULT|text` of one. Follows `kubectl/pkg/util/templates`.

use std::rc::Rc;

use crate::order;
use crate::process::Process;
use crate::texts::{HELP, Reading};

use super::commands::{COMMANDS, Command, GLOBAL};
use super::flags::{Flag, Parsed, Takes};
use super::output::wrap::wrap;

/// How wide the words about a flag are.
const WIDTH: usize = 112;

/// Prints the help of a command, or kubectl's own.
pub fn start(command: Option<&'static Command>) -> Box<dyn Process> {
    Box::new(Reading::new(
        &HELP,
        Rc::new(move |context| {
            let texts = HELP.get().unwrap_or_default();
            let text = match command {
                Some(command) => of(command, texts),
                None => section(texts, "").unwrap_or_default().to_owned() + "\n",
            };
            context.streams.out.push_str(&text);
            0
        }),
    ))
}

/// Prints the flags that every command takes.
pub fn options(_: Parsed) -> Box<dyn Process> {
    Box::new(Reading::new(
        &HELP,
        Rc::new(|context| {
            let texts = HELP.get().unwrap_or_default();
            let mut flags: Vec<&Flag> = GLOBAL.iter().filter(|flag| flag.name != "help").collect();
            order::sort_by_key(&mut flags, |flag| flag.name);
            let described: Vec<String> = flags.into_iter().map(|flag| describe(flag, "", texts)).collect();
            context.streams.line(&format!("The following options can be passed to any command:\n\n{}", described.join("\n")));
            0
        }),
    ))
}

/// What a group of commands says when it is called without one of them: its commands. Nothing has to be waited for.
pub fn group(command: &Command) -> String {
    format!("{}\n{}{}", command.about, commands_in(command), usage(command))
}

fn of(command: &Command, texts: &str) -> String {
    let mut text = format!("{}\n", command.about);
    if let Some(words) = section(texts, command.name) {
        text.push_str(&format!("\n{}\n", words.trim_end()));
    }
    text.push_str(&commands_in(command));
    let mut flags: Vec<&Flag> = command.flags.iter().flat_map(|some| some.iter()).collect();
    order::sort_by_key(&mut flags, |flag| flag.name);
    if !flags.is_empty() {
        text.push_str("\nOptions:\n");
        let described: Vec<String> = flags.into_iter().map(|flag| describe(flag, command.name, texts)).collect();
        text.push_str(&described.join("\n"));
    }
    text.push_str(&usage(command));
    text
}

fn commands_in(command: &Command) -> String {
    let prefix = format!("{} ", command.name);
    let inner = COMMANDS.iter().filter(|found| found.name.strip_prefix(&prefix).is_some_and(|rest| !rest.contains(' ')));
    let lines: String =
        inner.map(|found| format!("  {:<20} {}\n", &found.name[prefix.len()..], found.about.trim_end_matches('.'))).collect();
    if lines.is_empty() { lines } else { format!("\nAvailable Commands:\n{lines}") }
}

fn usage(command: &Command) -> String {
    format!(
        "\nUsage:\n  kubectl {}\n\nUse \"kubectl options\" for a list of global command-line options (applies to all commands).\n",
        command.usage
    )
}

/// A flag with its default, and below it what it is for.
fn describe(flag: &Flag, command: &str, texts: &str) -> String {
    let letter = if flag.letter == ' ' { String::new() } else { format!("-{}, ", flag.letter) };
    let known = [format!("\n{command} --{}=", flag.name), format!("\n--{}=", flag.name)]
        .iter()
        .find_map(|mark| texts[texts.find(mark)? + mark.len()..].lines().next()?.split_once('|'));
    let Some((default, words)) = known else {
        let default = match flag.takes {
            Takes::Switch => "false",
            Takes::Number => "0",
            Takes::Duration => "0s",
            Takes::List => "[]",
            Takes::Text | Takes::Optional(_) => "''",
        };
        return format!("    {letter}--{}={default}:\n", flag.name);
    };
    let words = wrap(words, WIDTH).replace('\n', "\n        ");
    format!("    {letter}--{}={default}:\n        {words}\n", flag.name)
}

/// What stands below a command's first line.
fn section<'a>(texts: &'a str, name: &str) -> Option<&'a str> {
    let mark = format!("\n@{name}\n");
    let rest = &texts[texts.find(&mark)? + mark.len()..];
    let end = [rest.find("\n@"), rest.find("\n--")].into_iter().flatten().min().unwrap_or(rest.len());
    Some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: &str = include_str!("../../../static/kubectl/help-1.36.txt");

    #[test]
    fn every_line_of_the_texts_is_about_a_command_or_a_flag_that_exists() {
        for line in TEXTS.lines().filter(|line| line.starts_with('@') && *line != "@") {
            assert!(COMMANDS.iter().any(|command| command.name == &line[1..]), "{line}");
        }
        let flags = TEXTS.lines().filter(|line| line.contains('|') && (line.starts_with("--") || line.contains(" --")));
        let mut count = 0;
        for line in flags.filter(|line| !line.starts_with([' ', '#'])) {
            let Some((head, _)) = line.split_once('=') else { panic!("{line}") };
            let Some((command, name)) = head.split_once("--") else { continue };
            let known = COMMANDS.iter().filter(|found| command.is_empty() || found.name == command.trim());
            let global = GLOBAL.iter().filter(|_| command.is_empty());
            assert!(
                known.flat_map(|found| found.flags.iter().flat_map(|some| some.iter())).chain(global).any(|flag| flag.name == name),
                "{line}"
            );
            count += 1;
        }
        assert!(count > 100, "{count}");
    }

    #[test]
    fn every_command_has_help_with_all_of_its_flags() {
        for command in COMMANDS {
            let text = of(command, TEXTS);
            assert!(text.starts_with(command.about), "{}", command.name);
            assert!(text.contains(&format!("\nUsage:\n  kubectl {}", command.usage)), "{}", command.name);
            for flag in command.flags.iter().flat_map(|some| some.iter()) {
                assert!(text.contains(&format!("--{}=", flag.name)), "{} --{}", command.name, flag.name);
            }
        }
    }

    #[test]
    fn every_flag_of_all_commands_is_described() {
        for flag in GLOBAL.iter().filter(|flag| flag.name != "help") {
            let text = describe(flag, "", TEXTS);
            assert!(text.lines().nth(1).is_some_and(|words| words.len() > 20), "{text}");
        }
    }

    #[test]
    fn help_is_laid_out_as_kubectls() {
        let scale = COMMANDS.iter().find(|command| command.name == "scale").expect("there");
        let text = of(scale, TEXTS);
        assert!(
            text.starts_with(
                "Set a new size for a deployment, replica set, replication controller, or stateful set.\n\n Scale also allows"
            ),
            "{text}"
        );
        assert!(text.contains("\n    --current-replicas=-1:\n        Precondition for current size. "), "{text}");
        assert!(text.contains("\n    -l, --selector=''\n") || text.contains("\n    -l, --selector='':\n"), "{text}");
        assert!(text.ends_with("Use \"kubectl options\" for a list of global command-line options (applies to all commands).\n"));
        assert!(section(TEXTS, "").is_some_and(|text| text.starts_with("kubectl controls the Kubernetes cluster manager.")));
    }
}
