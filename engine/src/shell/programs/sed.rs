//! The part of `sed` that labs use: `s/a/b/g`, `p`, `d`, `q` at line numbers and patterns, `-n`, `-i`, `-E`.
//! It must not know files.

use regex_lite::Regex;

use crate::process::Streams;

use super::Call;
use super::filters::{Filter, Plan};
use crate::shell::pattern::{Syntax, regex};

const KNOWN: &str =
    "sed: the sandbox knows `s/a/b/`, `p`, `d` and `q`, at lines such as `2`, `1,40`, `$` or `/pattern/`, with -n, -i, -E and -e";

/// Where a command acts.
#[derive(Clone)]
enum Address {
    Line(usize),
    Last,
    Pattern(Regex),
}

#[derive(Clone)]
enum Action {
    Print,
    Delete,
    Quit,
    Substitute { pattern: Regex, with: String, all: bool, print: bool },
}

#[derive(Clone)]
struct Command {
    from: Option<Address>,
    to: Option<Address>,
    negated: bool,
    action: Action,
    inside: bool,
}

#[derive(Clone)]
struct Sed {
    commands: Vec<Command>,
    quiet: bool,
    line: usize,
    /// A line is held back until the next one shows whether it was the last.
    held: Option<String>,
    over: bool,
}

/// What a call of `sed` does.
pub(super) fn plan(call: &Call) -> Result<Plan, String> {
    let (mut scripts, mut files) = (Vec::new(), Vec::new());
    let (mut quiet, mut in_place, mut syntax) = (false, false, Syntax::Basic);
    let mut arguments = call.arguments().iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-n" | "--quiet" | "--silent" => quiet = true,
            "-i" | "--in-place" => in_place = true,
            "-E" | "-r" | "--regexp-extended" => syntax = Syntax::Extended,
            "-e" | "--expression" => scripts.push(arguments.next().ok_or(KNOWN)?.clone()),
            "-ne" | "-ie" => {
                quiet |= argument == "-ne";
                in_place |= argument == "-ie";
                scripts.push(arguments.next().ok_or(KNOWN)?.clone());
            }
            _ if argument.len() > 1 && argument.starts_with('-') => return Err(KNOWN.to_owned()),
            _ => files.push(argument.clone()),
        }
    }
    if scripts.is_empty() {
        if files.is_empty() {
            return Err(KNOWN.to_owned());
        }
        scripts.push(files.remove(0));
    }
    let mut plan = Plan::new(Sed { commands: commands(&scripts.join("\n"), syntax)?, quiet, line: 0, held: None, over: false }, &files);
    plan.in_place = in_place;
    Ok(plan)
}

/// The text after `sed -i SCRIPT`, `sed SCRIPT -i` and the like; `None` where the words are no such call.
pub(in crate::shell) fn edit(words: &[String], text: &str) -> Option<Result<String, String>> {
    if words.first().map(String::as_str) != Some("sed") {
        return None;
    }
    let call = Call { words: words.to_vec(), ..Call::default() };
    Some(plan(&call).map(|mut plan| {
        let mut streams = Streams::default();
        for line in text.split_inclusive('\n') {
            plan.filter.line(line, "", &mut streams);
        }
        plan.filter.end_of("", &mut streams);
        streams.out
    }))
}

fn commands(script: &str, syntax: Syntax) -> Result<Vec<Command>, String> {
    let mut commands = Vec::new();
    let mut rest = script.trim_start_matches([' ', ';', '\n']);
    while !rest.is_empty() {
        let (from, behind) = address(rest, syntax)?;
        let (to, behind) = match behind.strip_prefix(',') {
            Some(behind) if from.is_some() => {
                let (to, behind) = address(behind, syntax)?;
                (Some(to.ok_or(KNOWN)?), behind)
            }
            _ => (None, behind),
        };
        let behind = behind.trim_start();
        let (negated, behind) = behind.strip_prefix('!').map_or((false, behind), |behind| (true, behind));
        let (action, behind) = match behind.chars().next() {
            Some('p') => (Action::Print, &behind[1..]),
            Some('d') => (Action::Delete, &behind[1..]),
            Some('q') => (Action::Quit, &behind[1..]),
            Some('s') => substitute(&behind[1..], syntax)?,
            _ => return Err(KNOWN.to_owned()),
        };
        if !behind.is_empty() && !behind.starts_with([' ', ';', '\n', '}']) {
            return Err(KNOWN.to_owned());
        }
        commands.push(Command { from, to, negated, action, inside: false });
        rest = behind.trim_start_matches([' ', ';', '\n']);
    }
    Ok(commands)
}

fn address(text: &str, syntax: Syntax) -> Result<(Option<Address>, &str), String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return Ok((Some(Address::Line(text[..digits].parse().map_err(|_| KNOWN)?)), &text[digits..]));
    }
    if let Some(rest) = text.strip_prefix('$') {
        return Ok((Some(Address::Last), rest));
    }
    if let Some(rest) = text.strip_prefix('/') {
        let (pattern, rest) = until(rest, '/').ok_or("sed: unterminated address regex")?;
        let pattern = regex(&pattern, syntax, false).map_err(|error| format!("sed: {error}"))?;
        return Ok((Some(Address::Pattern(pattern)), rest));
    }
    Ok((None, text))
}

/// The text up to a delimiter that is not escaped, and what stands behind the delimiter.
fn until(text: &str, delimiter: char) -> Option<(String, &str)> {
    let mut found = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == delimiter {
            return Some((found, &text[at + delimiter.len_utf8()..]));
        }
        if character == '\\' {
            match characters.next() {
                Some((_, next)) if next == delimiter => found.push(next),
                Some((_, next)) => found.extend(['\\', next]),
                None => found.push('\\'),
            }
            continue;
        }
        found.push(character);
    }
    None
}

fn substitute(text: &str, syntax: Syntax) -> Result<(Action, &str), String> {
    let delimiter =
        text.chars().next().filter(|character| !character.is_alphanumeric() && *character != '\\' && *character != '\n').ok_or(KNOWN)?;
    let rest = &text[delimiter.len_utf8()..];
    let (pattern, rest) = until(rest, delimiter).ok_or("sed: unterminated `s' command")?;
    let (with, rest) = until(rest, delimiter).ok_or("sed: unterminated `s' command")?;
    let flags = rest.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let (mut all, mut print, mut ignore_case) = (false, false, false);
    for flag in rest[..flags].chars() {
        match flag {
            'g' => all = true,
            'p' => print = true,
            'i' | 'I' => ignore_case = true,
            _ => return Err(KNOWN.to_owned()),
        }
    }
    let pattern = regex(&pattern, syntax, ignore_case).map_err(|error| format!("sed: {error}"))?;
    Ok((Action::Substitute { pattern, with, all, print }, &rest[flags..]))
}

/// What a match is replaced by: `&` is the match, `\1` a group.
fn replaced(with: &str, groups: &regex_lite::Captures<'_>) -> String {
    let mut out = String::new();
    let mut characters = with.chars();
    let group = |index: usize| groups.get(index).map_or("", |found| found.as_str()).to_owned();
    while let Some(character) = characters.next() {
        match character {
            '&' => out.push_str(&group(0)),
            '\\' => match characters.next() {
                Some(digit @ '0'..='9') => out.push_str(&group(digit as usize - '0' as usize)),
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(next) => out.push(next),
                None => out.push('\\'),
            },
            _ => out.push(character),
        }
    }
    out
}

impl Command {
    fn applies(&mut self, line: &str, number: usize, last: bool) -> bool {
        let meets = |address: &Address| match address {
            Address::Line(at) => *at == number,
            Address::Last => last,
            Address::Pattern(pattern) => pattern.is_match(line),
        };
        let applies = match (&self.from, &self.to) {
            (None, _) => true,
            (Some(from), None) => meets(from),
            (Some(from), Some(to)) => {
                if self.inside {
                    let past = matches!(to, Address::Line(at) if *at < number);
                    self.inside = !(past || meets(to));
                    !past
                } else {
                    let starts = meets(from);
                    self.inside = starts && !matches!(to, Address::Line(at) if *at <= number);
                    starts
                }
            }
        };
        applies != self.negated
    }
}

impl Sed {
    fn run(&mut self, line: String, last: bool, streams: &mut Streams) {
        self.line += 1;
        let ended = line.ends_with('\n');
        let mut text = line.strip_suffix('\n').unwrap_or(&line).to_owned();
        let end = if ended { "\n" } else { "" };
        for command in &mut self.commands {
            if !command.applies(&text, self.line, last) {
                continue;
            }
            match &command.action {
                Action::Print => streams.line(&text),
                Action::Delete => return,
                Action::Quit => {
                    self.over = true;
                    break;
                }
                Action::Substitute { pattern, with, all, print } => {
                    let limit = if *all { 0 } else { 1 };
                    let new = pattern.replacen(&text, limit, |groups: &regex_lite::Captures<'_>| replaced(with, groups)).into_owned();
                    let changed = pattern.is_match(&text);
                    text = new;
                    if changed && *print {
                        streams.line(&text);
                    }
                }
            }
        }
        if !self.quiet {
            streams.out.push_str(&text);
            streams.out.push_str(end);
        }
    }
}

impl Filter for Sed {
    fn line(&mut self, line: &str, _: &str, streams: &mut Streams) -> bool {
        // Only `$` needs to know which line is the last one; without it lines pass at once.
        let waits = self
            .commands
            .iter()
            .any(|command| [&command.from, &command.to].into_iter().any(|address| matches!(address, Some(Address::Last))));
        if !waits {
            self.run(line.to_owned(), false, streams);
        } else if let Some(held) = self.held.replace(line.to_owned()) {
            self.run(held, false, streams);
        }
        !self.over
    }

    fn end_of(&mut self, _: &str, streams: &mut Streams) {
        if let Some(held) = self.held.take() {
            self.run(held, true, streams);
        }
    }

    fn end(&mut self, _: &mut Streams) -> i32 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sed(words: &[&str], text: &str) -> Result<String, String> {
        let words: Vec<String> = ["sed"].iter().chain(words).map(|word| (*word).to_owned()).collect();
        edit(&words, text).unwrap_or_else(|| Err("no sed".to_owned()))
    }

    #[test]
    fn what_labs_write_works() {
        assert_eq!(sed(&["-i", "s/replicas: 3/replicas: 4/"], "  replicas: 3\n").as_deref(), Ok("  replicas: 4\n"));
        assert_eq!(sed(&["s/a/b/g"], "aaa\n").as_deref(), Ok("bbb\n"));
        assert_eq!(sed(&["s#serviceName:.*#serviceName: x#"], "serviceName: nginx\n").as_deref(), Ok("serviceName: x\n"));
        assert_eq!(sed(&["-n", "2,3p"], "1\n2\n3\n4\n").as_deref(), Ok("2\n3\n"));
        assert_eq!(sed(&["-n", "$p"], "1\n2\n").as_deref(), Ok("2\n"));
        assert_eq!(sed(&["/b/d"], "a\nb\nc\n").as_deref(), Ok("a\nc\n"));
        assert_eq!(sed(&["-E", "s/(w)(e)/\\2\\1&/"], "web").as_deref(), Ok("ewweb"));
        assert_eq!(sed(&["1d;s/x/y/"], "x\nx\n").as_deref(), Ok("y\n"));
        for wrong in ["s/a", "y/a/b/", "s/(/b/x", "{", "1,p"] {
            assert!(sed(&[wrong], "a\n").is_err(), "{wrong}");
        }
    }
}
