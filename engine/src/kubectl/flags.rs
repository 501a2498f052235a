//! Command-line flags as pflag reads them: anywhere among the arguments, `-nfoo`, `-n=foo`, `--watch=false`, `--`.
//! It must not know what a flag means. Follows `github.com/spf13/pflag`.

use crate::order;

use super::failure::Failure;

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing, or `=true` and `=false`.
    Switch,
    /// A text.
    Text,
    /// Texts, also several in one with commas between them.
    List,
    /// A whole number.
    Number,
    /// A duration, such as `30s`.
    Duration,
    /// A text behind `=` only; alone it means this.
    Optional(&'static str),
}

/// A flag of a command.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// Its name, without `--`.
    pub name: &'static str,
    /// Its letter; a blank where it has none.
    pub letter: char,
    /// What it takes.
    pub takes: Takes,
}

/// A flag without a letter.
pub const fn flag(name: &'static str, takes: Takes) -> Flag {
    Flag { name, letter: ' ', takes }
}

/// A flag with a letter.
pub const fn short(letter: char, name: &'static str, takes: Takes) -> Flag {
    Flag { name, letter, takes }
}

/// Arguments and flags of one command.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// What is no flag, in order.
    pub words: Vec<String>,
    /// How many words came before `--`; `None` where there is none.
    pub dash: Option<usize>,
    set: Vec<(&'static str, String)>,
    command: String,
}

impl Parsed {
    /// Whether a flag was given.
    pub fn has(&self, name: &str) -> bool {
        self.set.iter().any(|(flag, _)| *flag == name)
    }

    /// The last value given to a flag.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.set.iter().rev().find(|(flag, _)| *flag == name).map(|(_, value)| value.as_str())
    }

    /// The last value given to a flag, or an empty text.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// All values given to a flag.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.set.iter().filter(|(flag, _)| *flag == name).map(|(_, value)| value.as_str()).collect()
    }

    /// All values given to a flag, those with commas taken apart.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.all(name).into_iter().flat_map(|value| value.split(',')).collect()
    }

    /// Whether a switch is on.
    pub fn on(&self, name: &str) -> bool {
        self.get(name).is_some_and(truth)
    }

    /// Whether a switch that is on by itself is on.
    pub fn on_unless_off(&self, name: &str) -> bool {
        self.get(name).is_none_or(truth)
    }

    /// The value of a number; what is no number was refused before.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// The milliseconds of a duration; what is no duration was refused before.
    pub fn duration_ms(&self, name: &str) -> Option<i64> {
        duration_ms(self.get(name)?)
    }

    /// What `--record` writes to the change-cause: the command with its flags, spelled out. `None` without it.
    pub fn cause(&self) -> Option<String> {
        if !self.on("record") {
            return None;
        }
        let mut flags: Vec<String> = self.set.iter().map(|(name, value)| format!("--{name}={value}")).collect();
        order::sort(&mut flags);
        let words = self.words.iter().chain(&flags);
        Some(words.fold(format!("kubectl {}", self.command), |all, word| all + " " + word))
    }

    /// Sets a flag as if it had been given last.
    pub fn put(&mut self, name: &'static str, value: &str) {
        self.set.push((name, value.to_owned()));
    }
}

fn truth(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

/// Reads arguments by a command's flags. `command` is what to name in the hint: `get`, `rollout status`.
///
/// # Errors
/// Unknown flags and values that a flag does not take, in pflag's words.
pub fn parse(flags: &[&[Flag]], arguments: &[String], command: &str) -> Result<Parsed, Failure> {
    let mut parsed = Parsed { command: command.to_owned(), ..Parsed::default() };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            parsed.dash = Some(parsed.words.len());
            parsed.words.extend(rest.cloned());
            break;
        }
        if let Some(long) = argument.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            let found = flags.iter().flat_map(|some| some.iter()).find(|flag| flag.name == name);
            let Some(flag) = found.filter(|_| !name.is_empty()) else {
                return Err(refuse(&format!("unknown flag: --{name}"), command));
            };
            let value = match (value, flag.takes) {
                (Some(value), _) => value.to_owned(),
                (None, Takes::Switch) => "true".to_owned(),
                (None, Takes::Optional(alone)) => alone.to_owned(),
                (None, _) => match rest.next() {
                    Some(value) => value.clone(),
                    None => return Err(refuse(&format!("flag needs an argument: --{name}"), command)),
                },
            };
            set(&mut parsed, flag, value, command)?;
        } else if argument.len() > 1 && argument.starts_with('-') {
            letters(&mut parsed, flags, argument, &mut rest, command)?;
        } else {
            parsed.words.push(argument.clone());
        }
    }
    Ok(parsed)
}

fn letters<'a>(
    parsed: &mut Parsed,
    flags: &[&[Flag]],
    argument: &str,
    rest: &mut impl Iterator<Item = &'a String>,
    command: &str,
) -> Result<(), Failure> {
    let mut shorthands = &argument[1..];
    while let Some(letter) = shorthands.chars().next() {
        let after = &shorthands[letter.len_utf8()..];
        let found = flags.iter().flat_map(|some| some.iter()).find(|flag| flag.letter == letter && letter != ' ');
        let Some(flag) = found else {
            return Err(refuse(&format!("unknown shorthand flag: '{letter}' in {argument}"), command));
        };
        let (value, left) = match (after.strip_prefix('='), flag.takes) {
            (Some(value), _) if !value.is_empty() || !after.is_empty() => (value.to_owned(), ""),
            (_, Takes::Switch) => ("true".to_owned(), after),
            (_, Takes::Optional(alone)) => (alone.to_owned(), after),
            _ if !after.is_empty() => (after.to_owned(), ""),
            _ => match rest.next() {
                Some(value) => (value.clone(), ""),
                None => return Err(refuse(&format!("flag needs an argument: '{letter}' in {argument}"), command)),
            },
        };
        set(parsed, flag, value, command)?;
        shorthands = left;
    }
    Ok(())
}

fn set(parsed: &mut Parsed, flag: &Flag, value: String, command: &str) -> Result<(), Failure> {
    let shown = if flag.letter == ' ' { format!("--{}", flag.name) } else { format!("-{}, --{}", flag.letter, flag.name) };
    let problem = match flag.takes {
        Takes::Switch if !truth(&value) && !matches!(value.as_str(), "0" | "f" | "F" | "false" | "FALSE" | "False") => {
            Some(format!("strconv.ParseBool: parsing \"{value}\": invalid syntax"))
        }
        Takes::Number if value.parse::<i64>().is_err() => {
            let digits = value.trim_start_matches(['-', '+']);
            let why = if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                "value out of range"
            } else {
                "invalid syntax"
            };
            Some(format!("strconv.ParseInt: parsing \"{value}\": {why}"))
        }
        Takes::Duration if duration_ms(&value).is_none() => Some(duration_problem(&value)),
        _ => None,
    };
    match problem {
        Some(problem) => Err(refuse(&format!("invalid argument \"{value}\" for \"{shown}\" flag: {problem}"), command)),
        None => {
            parsed.set.push((flag.name, value));
            Ok(())
        }
    }
}

fn duration_problem(value: &str) -> String {
    let number = value.trim_start_matches(['-', '+']);
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        format!("time: missing unit in duration \"{value}\"")
    } else {
        format!("time: invalid duration \"{value}\"")
    }
}

/// The milliseconds of a Go duration: `1m30s`, `500ms`, `0`.
pub fn duration_ms(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total_us: i64 = 0;
    while !rest.is_empty() {
        let end = rest.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(rest.len());
        let (number, behind) = rest.split_at(end);
        let unit_end = behind.find(|character: char| character.is_ascii_digit() || character == '.').unwrap_or(behind.len());
        let (unit, left) = behind.split_at(unit_end);
        let unit_us: i64 = match unit {
            "ns" => 0,
            "us" | "µs" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "m" => 60_000_000,
            "h" => 3_600_000_000,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        total_us = total_us.checked_add(whole.checked_mul(unit_us)?)?;
        let mut share = unit_us;
        for digit in fraction.chars() {
            share /= 10;
            total_us = total_us.checked_add(i64::from(digit.to_digit(10)?) * share)?;
        }
        rest = left;
    }
    Some(sign * total_us / 1_000)
}

fn refuse(words: &str, command: &str) -> Failure {
    let command = if command.is_empty() { "kubectl".to_owned() } else { format!("kubectl {command}") };
    Failure::Verbatim(format!("error: {words}\nSee '{command} --help' for usage."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAGS: &[Flag] = &[
        short('n', "namespace", Takes::Text),
        short('w', "watch", Takes::Switch),
        short('A', "all-namespaces", Takes::Switch),
        flag("replicas", Takes::Number),
        short('l', "selector", Takes::Text),
    ];

    fn read(line: &str) -> Result<Parsed, String> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&[FLAGS], &arguments, "get").map_err(|failure| failure.line())
    }

    #[test]
    fn flags_stand_anywhere_and_in_every_form() {
        for line in ["-n foo pods -w", "pods -nfoo -w", "-wn foo pods", "pods --namespace=foo --watch", "--namespace foo -w=true pods"] {
            let parsed = read(line).expect(line);
            assert_eq!((parsed.get("namespace"), parsed.on("watch"), parsed.words.len()), (Some("foo"), true, 1), "{line}");
        }
        let parsed = read("a --watch=false -- -n b").expect("reads");
        assert!(!parsed.on("watch"));
        assert_eq!((parsed.words.join(" ").as_str(), parsed.dash), ("a -n b", Some(1)));
    }

    #[test]
    fn refusals_are_pflags() {
        for (line, words) in [
            ("--foo", "error: unknown flag: --foo\nSee 'kubectl get --help' for usage."),
            ("-x", "error: unknown shorthand flag: 'x' in -x\nSee 'kubectl get --help' for usage."),
            ("-n", "error: flag needs an argument: 'n' in -n\nSee 'kubectl get --help' for usage."),
            ("--namespace", "error: flag needs an argument: --namespace\nSee 'kubectl get --help' for usage."),
            (
                "--replicas=x",
                "error: invalid argument \"x\" for \"--replicas\" flag: strconv.ParseInt: parsing \"x\": invalid syntax\nSee 'kubectl get --help' for usage.",
            ),
        ] {
            assert_eq!(read(line).map(|_| ()).unwrap_err(), words, "{line}");
        }
    }

    #[test]
    fn durations_are_gos() {
        for (text, ms) in [
            ("30s", Some(30_000)),
            ("1m30s", Some(90_000)),
            ("1.5s", Some(1_500)),
            ("0", Some(0)),
            ("5", None),
            ("x", None),
            ("-1s", Some(-1_000)),
        ] {
            assert_eq!(duration_ms(text), ms, "{text}");
        }
    }
}
