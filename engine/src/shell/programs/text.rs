//! `cat`, `head`, `tail`, `wc`, `tr` and `tee`, as far as labs go, and how such programs read flags. It must not know files.

use std::collections::VecDeque;

use crate::process::Streams;

use super::filters::{Filter, Plan};
use super::{Call, awk, columns, grep};
use crate::shell::state::Shell;

/// What a call of such a program does.
pub(super) fn plan(call: &Call, shell: &Shell) -> Result<Plan, String> {
    let arguments = call.arguments();
    match call.name() {
        "cat" => cat(arguments),
        "grep" => grep::plan(arguments),
        "head" | "tail" => ends(call.name(), arguments),
        "wc" => wc(arguments),
        "sort" => columns::sort(arguments),
        "uniq" => columns::uniq(arguments),
        "awk" => awk::plan(arguments),
        "cut" => columns::cut(arguments),
        "tr" => tr(arguments),
        "tee" => tee(arguments),
        name => Err(format!("{} has no {name}", shell.name)),
    }
}

/// Flags (with their values) and the other arguments, as getopt reads them.
type Options = (Vec<(char, String)>, Vec<String>);

/// Reads flags: those in `plain` stand alone, those in `valued` take a value.
pub(super) fn options(program: &str, arguments: &[String], plain: &str, valued: &str) -> Result<Options, String> {
    let (mut flags, mut others) = (Vec::new(), Vec::new());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            others.extend(arguments.cloned());
            break;
        }
        if argument.len() < 2 || !argument.starts_with('-') {
            others.push(argument.clone());
            continue;
        }
        if argument.starts_with("--") {
            return Err(format!("{program}: the sandbox does not know the flag {argument}"));
        }
        let rest = argument[1..].char_indices();
        for (at, flag) in rest {
            if plain.contains(flag) {
                flags.push((flag, String::new()));
            } else if valued.contains(flag) {
                let joined = &argument[1 + at + flag.len_utf8()..];
                let value = if joined.is_empty() { arguments.next().cloned() } else { Some(joined.to_owned()) };
                flags.push((flag, value.ok_or_else(|| format!("{program}: the flag -{flag} needs a value"))?));
                break;
            } else {
                return Err(format!("{program}: the sandbox does not know the flag -{flag}"));
            }
        }
    }
    Ok((flags, others))
}

pub(super) fn has(flags: &[(char, String)], flag: char) -> bool {
    flags.iter().any(|(name, _)| *name == flag)
}

pub(super) fn value(flags: &[(char, String)], flag: char) -> Option<&str> {
    flags.iter().rev().find(|(name, _)| *name == flag).map(|(_, value)| value.as_str())
}

pub(super) fn number<T: std::str::FromStr>(program: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{program}: {text:?} is no number"))
}

#[derive(Clone)]
struct Cat {
    numbers: bool,
    count: usize,
}

fn cat(arguments: &[String]) -> Result<Plan, String> {
    let (flags, files) = options("cat", arguments, "nu", "")?;
    Ok(Plan::new(Cat { numbers: has(&flags, 'n'), count: 0 }, &files))
}

impl Filter for Cat {
    fn line(&mut self, line: &str, _: &str, streams: &mut Streams) -> bool {
        if self.numbers {
            self.count += 1;
            streams.out.push_str(&format!("{:>6}\t", self.count));
        }
        streams.out.push_str(line);
        true
    }

    fn end(&mut self, _: &mut Streams) -> i32 {
        0
    }
}

/// `head` and `tail`.
#[derive(Clone)]
struct Ends {
    head: bool,
    count: usize,
    /// `tail -n +3`: all from that line on. `head -n -3`: all but the last.
    reversed: bool,
    seen: usize,
    kept: VecDeque<String>,
    titles: bool,
    first: bool,
    source: Option<String>,
}

fn ends(program: &str, arguments: &[String]) -> Result<Plan, String> {
    // `tail -5` is `tail -n 5`, and `tail +5` is `tail -n +5`; in `tail -n +5` that word is a value already.
    let after_n = |word: &String| arguments.windows(2).any(|pair| pair[0] == "-n" && std::ptr::eq(&raw const pair[1], word));
    let long: Vec<String> = arguments
        .iter()
        .map(|argument| match argument.strip_prefix('-') {
            Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => format!("-n{digits}"),
            _ if argument.starts_with('+') && program == "tail" && !after_n(argument) => format!("-n{argument}"),
            _ => argument.replace("--lines=", "-n"),
        })
        .collect();
    let (flags, files) = options(program, &long, "qvfF", "nc")?;
    if has(&flags, 'c') || has(&flags, 'f') || has(&flags, 'F') {
        return Err(format!("{program}: the sandbox knows -n, not -c and -f"));
    }
    let text = value(&flags, 'n').unwrap_or("10");
    let reversed = text.starts_with(if program == "head" { '-' } else { '+' });
    let count = number(program, text.trim_start_matches(['+', '-']))?;
    let filter = Ends {
        head: program == "head",
        count,
        reversed,
        seen: 0,
        kept: VecDeque::new(),
        titles: (files.len() > 1 || has(&flags, 'v')) && !has(&flags, 'q'),
        first: true,
        source: None,
    };
    Ok(Plan::new(filter, &files))
}

impl Filter for Ends {
    fn line(&mut self, line: &str, source: &str, streams: &mut Streams) -> bool {
        if self.titles && self.source.as_deref() != Some(source) {
            self.source = Some(source.to_owned());
            streams.line(&format!("{}==> {source} <==", if self.first { "" } else { "\n" }));
            self.first = false;
        }
        self.seen += 1;
        match (self.head, self.reversed) {
            (true, false) => {
                if self.seen <= self.count {
                    streams.out.push_str(line);
                }
                self.seen < self.count
            }
            (false, true) => {
                if self.seen >= self.count {
                    streams.out.push_str(line);
                }
                true
            }
            (head, _) => {
                self.kept.push_back(line.to_owned());
                if self.kept.len() > self.count {
                    let gone = self.kept.pop_front();
                    streams.out.push_str(gone.filter(|_| head).as_deref().unwrap_or_default());
                }
                true
            }
        }
    }

    fn end_of(&mut self, _: &str, streams: &mut Streams) {
        let kept = std::mem::take(&mut self.kept);
        if !self.head {
            kept.iter().for_each(|line| streams.out.push_str(line));
        }
        self.seen = 0;
    }

    fn end(&mut self, _: &mut Streams) -> i32 {
        0
    }
}

#[derive(Clone)]
struct Wc {
    shown: Vec<char>,
    counts: [usize; 3],
    totals: [usize; 3],
    sources: usize,
}

fn wc(arguments: &[String]) -> Result<Plan, String> {
    let (flags, files) = options("wc", arguments, "lwcm", "")?;
    let shown = if flags.is_empty() {
        vec!['l', 'w', 'c']
    } else {
        ['l', 'w', 'c'].into_iter().filter(|flag| has(&flags, *flag) || *flag == 'c' && has(&flags, 'm')).collect()
    };
    Ok(Plan::new(Wc { shown, counts: [0; 3], totals: [0; 3], sources: 0 }, &files))
}

impl Wc {
    fn print(&self, counts: [usize; 3], name: &str, streams: &mut Streams) {
        let wide = self.shown.len() > 1 && name.is_empty();
        let numbers: Vec<String> = self
            .shown
            .iter()
            .map(|flag| {
                counts[match flag {
                    'l' => 0,
                    'w' => 1,
                    _ => 2,
                }]
            })
            .map(|count| if wide { format!("{count:>7}") } else { count.to_string() })
            .collect();
        let name = if name.is_empty() { String::new() } else { format!(" {name}") };
        streams.line(&format!("{}{name}", numbers.join(" ")));
    }
}

impl Filter for Wc {
    fn line(&mut self, line: &str, _: &str, _: &mut Streams) -> bool {
        self.counts[0] += usize::from(line.ends_with('\n'));
        self.counts[1] += line.split_whitespace().count();
        self.counts[2] += line.len();
        true
    }

    fn end_of(&mut self, source: &str, streams: &mut Streams) {
        self.print(self.counts, if source == "-" { "" } else { source }, streams);
        self.sources += 1;
        for (total, count) in self.totals.iter_mut().zip(std::mem::take(&mut self.counts)) {
            *total += count;
        }
    }

    fn end(&mut self, streams: &mut Streams) -> i32 {
        if self.sources > 1 {
            self.print(self.totals, "total", streams);
        }
        0
    }
}

#[derive(Clone)]
struct Tr {
    from: Vec<char>,
    to: Vec<char>,
    delete: bool,
    squeeze: bool,
}

fn tr(arguments: &[String]) -> Result<Plan, String> {
    let (flags, sets) = options("tr", arguments, "ds", "")?;
    let from = sets.first().map(|set| characters(set)).ok_or("tr: characters are missing")?;
    let to = sets.get(1).map(|set| characters(set)).unwrap_or_default();
    Ok(Plan::new(Tr { from, to, delete: has(&flags, 'd'), squeeze: has(&flags, 's') }, &[]))
}

fn characters(set: &str) -> Vec<char> {
    let plain = set.replace("[:upper:]", "A-Z").replace("[:lower:]", "a-z").replace("[:digit:]", "0-9").replace("[:space:]", " \t\n");
    let plain: Vec<char> = plain.replace("\\n", "\n").replace("\\t", "\t").chars().collect();
    let mut all = Vec::new();
    let mut at = 0;
    while at < plain.len() {
        if at + 2 < plain.len() && plain[at + 1] == '-' && plain[at] <= plain[at + 2] && plain[at + 2] <= '\u{ff}' {
            all.extend(plain[at]..=plain[at + 2]);
            at += 3;
        } else {
            all.push(plain[at]);
            at += 1;
        }
    }
    all
}

impl Filter for Tr {
    fn line(&mut self, line: &str, _: &str, streams: &mut Streams) -> bool {
        let mut last = None;
        for character in line.chars() {
            let at = self.from.iter().position(|from| *from == character);
            let new = match at {
                Some(_) if self.delete => continue,
                Some(at) => self.to.get(at).or(self.to.last()).copied().unwrap_or(character),
                None => character,
            };
            if self.squeeze && at.is_some() && last == Some(new) {
                continue;
            }
            last = Some(new);
            streams.out.push(new);
        }
        true
    }

    fn end(&mut self, _: &mut Streams) -> i32 {
        0
    }
}

fn tee(arguments: &[String]) -> Result<Plan, String> {
    let (flags, files) = options("tee", arguments, "ai", "")?;
    let mut plan = Plan::new(Cat { numbers: false, count: 0 }, &[]);
    plan.copies = files.into_iter().map(|name| (name, has(&flags, 'a'))).collect();
    Ok(plan)
}
