//! Reads the lines of a script. It must not know what they do.

use serde_json::Value;

use crate::api::time::Ms;

use super::{ScriptError, configure};

/// A line of a script, with the lines that belong to it.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: usize,
    /// What it asks for.
    pub(super) action: Action,
}

/// What a line asks for.
#[derive(Debug)]
pub(super) enum Action {
    /// `$ COMMAND` and its input.
    Command { text: String, input: String },
    /// `& COMMAND` and its input.
    Background { text: String, input: String },
    /// `^C`.
    Interrupt,
    /// `@at MS`.
    At(Ms),
    /// `@wait 30s`.
    Wait(Ms),
    /// `@settle`.
    Settle,
    /// `@apply FILE`.
    Apply(String),
    /// `@namespace NAME`.
    Namespace(String),
    /// `@config {JSON}`.
    Config(Value),
    /// `@kubelet {JSON}`.
    Kubelet(Value),
    /// `@file NAME` … `@end`.
    File { name: String, text: String },
}

impl Action {
    /// Whether it starts a command.
    pub(super) fn is_command(&self) -> bool {
        matches!(self, Self::Command { .. } | Self::Background { .. })
    }

    /// Whether it lets time pass.
    pub(super) fn takes_time(&self) -> bool {
        matches!(self, Self::At(_) | Self::Wait(_) | Self::Settle)
    }
}

const FORMS: &str = "a line is `$ COMMAND`, `> INPUT`, `^C`, `& COMMAND`, `@at MS`, `@wait 30s`, `@settle`, `@apply FILE`, `@namespace NAME`, `@config {JSON}`, `@kubelet {JSON}`, `@file NAME` … `@end`, or `# NOTE`";

/// Reads a script.
pub(super) fn read(text: &str) -> Result<Vec<Line>, ScriptError> {
    let mut lines: Vec<Line> = Vec::new();
    let mut rest = text.lines().map(|line| line.strip_suffix('\r').unwrap_or(line)).enumerate();
    let mut commanded = false;
    while let Some((index, line)) = rest.next() {
        let number = index + 1;
        let wrong = |message: String| ScriptError::new(number, message);
        if let Some(typed) = input_of(line) {
            match lines.last_mut().map(|line| &mut line.action) {
                Some(Action::Command { input, .. } | Action::Background { input, .. }) => {
                    input.push_str(typed);
                    input.push('\n');
                    continue;
                }
                _ => return Err(wrong("input without a command: `> ` lines follow a `$ ` line".to_owned())),
            }
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let action = if let Some(text) = line.strip_prefix("$ ") {
            commanded = true;
            Action::Command { text: text.to_owned(), input: String::new() }
        } else if let Some(text) = line.strip_prefix("& ") {
            commanded = true;
            Action::Background { text: text.to_owned(), input: String::new() }
        } else if line.trim_end() == "^C" {
            if !commanded {
                return Err(wrong("`^C` without a command: it interrupts the command before it".to_owned()));
            }
            Action::Interrupt
        } else if let Some(directive) = line.strip_prefix('@') {
            let (word, argument) = directive.split_once(char::is_whitespace).unwrap_or((directive, ""));
            let argument = argument.trim();
            match word {
                "file" => {
                    let name = name_of(word, argument).map_err(wrong)?;
                    let mut text = String::new();
                    loop {
                        match rest.next() {
                            Some((_, "@end")) => break,
                            Some((_, line)) => {
                                text.push_str(line);
                                text.push('\n');
                            }
                            None => return Err(wrong(format!("the file {name} has no end: close it with a line `@end`"))),
                        }
                    }
                    Action::File { name, text }
                }
                "config" if commanded => {
                    return Err(wrong(
                        "`@config` behind a command: the cluster stands already, move the line before the first command".to_owned(),
                    ));
                }
                _ => directive_of(word, argument).map_err(wrong)?,
            }
        } else {
            return Err(wrong(format!("cannot read {:?}: {FORMS}", excerpt(line))));
        };
        lines.push(Line { number, action });
    }
    Ok(lines)
}

fn directive_of(word: &str, argument: &str) -> Result<Action, String> {
    let nothing = |action: Action| if argument.is_empty() { Ok(action) } else { Err(format!("`@{word}` takes nothing behind it")) };
    Ok(match word {
        "at" => Action::At(ms(argument).ok_or_else(|| format!("`@at {argument}`: write the virtual time in milliseconds, `@at 12500`"))?),
        "wait" => Action::Wait(
            duration(argument).ok_or_else(|| format!("`@wait {argument}`: write how long, `@wait 30s`, `@wait 500ms` or `@wait 5m`"))?,
        ),
        "settle" => nothing(Action::Settle)?,
        "apply" => Action::Apply(name_of(word, argument)?),
        "namespace" => Action::Namespace(name_of(word, argument)?),
        "config" => {
            let value = object(word, argument)?;
            configure::cluster(&mut crate::settings::Settings::default(), &value)?;
            Action::Config(value)
        }
        "kubelet" => {
            let value = object(word, argument)?;
            configure::kubelet(&mut crate::settings::KubeletSettings::default(), &value)?;
            Action::Kubelet(value)
        }
        "end" => return Err("`@end` without `@file`: a file begins with `@file NAME`".to_owned()),
        _ => return Err(format!("there is no directive `@{}`: {FORMS}", excerpt(word))),
    })
}

/// What `> ` lines type; `>` alone is an empty line.
fn input_of(line: &str) -> Option<&str> {
    if line == ">" { Some("") } else { line.strip_prefix("> ") }
}

fn name_of(word: &str, argument: &str) -> Result<String, String> {
    if argument.is_empty() { Err(format!("`@{word}` needs a name behind it")) } else { Ok(argument.to_owned()) }
}

fn object(word: &str, argument: &str) -> Result<Value, String> {
    match serde_json::from_str(argument) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(format!("`@{word}` needs a JSON object, such as {{\"readyMs\": 1500}}")),
        Err(error) => Err(format!("`@{word}` needs a JSON object on the same line: {error}")),
    }
}

fn excerpt(line: &str) -> String {
    let mut short: String = line.chars().take(60).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

fn ms(text: &str) -> Option<Ms> {
    text.parse().ok().or_else(|| duration(text))
}

/// Reads `30s`, `500ms`, `5m`, `1m30s`; `None` where the text is no duration.
pub(super) fn duration(text: &str) -> Option<Ms> {
    let mut rest = text;
    let mut total: Ms = 0;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: Ms = rest[..digits].parse().ok()?;
        let unit = &rest[digits..];
        let (factor, length) = match unit {
            _ if unit.starts_with("ms") => (1, 2),
            _ if unit.starts_with('s') => (1_000, 1),
            _ if unit.starts_with('m') => (60_000, 1),
            _ if unit.starts_with('h') => (3_600_000, 1),
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(factor)?)?;
        rest = &unit[length..];
    }
    (!text.is_empty()).then_some(total)
}

/// The words of a command that may name files.
pub(super) fn words(command: &str) -> impl Iterator<Item = &str> {
    const AROUND: &[char] = &[' ', '\t', '\n', '\'', '"', '=', ',', ';', '|', '<', '>', '(', ')', '&', '`'];
    let plain = command.split(AROUND).filter(|word| !word.is_empty() && word.len() < 1_000);
    plain.flat_map(|word| {
        let bare = word.strip_prefix("-f").unwrap_or(word);
        let here = bare.strip_prefix("./").unwrap_or(bare);
        [word, bare, here].into_iter().filter(|word| !word.is_empty() && !word.starts_with('-'))
    })
}

/// Whether a command watches without an end: `kubectl get -w`, `kubectl logs -f`, `watch …`, and none of them under `timeout`.
pub(super) fn watches(command: &str) -> bool {
    let mut watches = false;
    for part in command.split(['|', ';', '&', '\n']) {
        let mut words = part.split_whitespace().skip_while(|word| word.contains('=') && !word.starts_with('-'));
        let first = words.next().unwrap_or_default();
        let mut words = words.peekable();
        let kubectl = matches!(first, "kubectl" | "k");
        let verb = words.peek().copied().unwrap_or_default();
        watches |= first == "watch"
            || kubectl
                && words.clone().any(|word| matches!(word, "-w" | "--watch" | "--watch-only" | "--watch=true" | "--watch-only=true"))
                && verb != "rollout"
            || kubectl && verb == "logs" && words.any(|word| matches!(word, "-f" | "--follow"));
    }
    watches
}
