//! `grep`, as far as labs go. It must not know files.

use std::collections::VecDeque;

use crate::process::Streams;

use super::filters::{Filter, Plan};
use super::text::{has, number, options, value};
use crate::shell::pattern::{Syntax, regex};

#[derive(Clone)]
struct Grep {
    patterns: Vec<regex_lite::Regex>,
    inverted: bool,
    count_only: bool,
    quiet: bool,
    only_matching: bool,
    numbers: bool,
    names: bool,
    names_only: bool,
    before: usize,
    after: usize,
    most: usize,
    kept: VecDeque<String>,
    due: usize,
    line: usize,
    found: usize,
    any: bool,
}

/// What a call of `grep` does.
pub(super) fn plan(arguments: &[String]) -> Result<Plan, String> {
    let long: Vec<String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with("--color"))
        .map(|argument| match argument.as_str() {
            "--ignore-case" => "-i".to_owned(),
            "--invert-match" => "-v".to_owned(),
            "--count" => "-c".to_owned(),
            "--line-number" => "-n".to_owned(),
            "--quiet" => "-q".to_owned(),
            _ => argument.clone(),
        })
        .collect();
    let (flags, mut others) = options("grep", &long, "EFivcqnohHlwxsaPG", "eABCm")?;
    if has(&flags, 'P') {
        return Err("grep: -P is not there; -E knows groups and alternatives".to_owned());
    }
    let mut patterns: Vec<String> = flags.iter().filter(|(flag, _)| *flag == 'e').map(|(_, value)| value.clone()).collect();
    if patterns.is_empty() {
        if others.is_empty() {
            return Err("grep: a pattern is missing".to_owned());
        }
        patterns.push(others.remove(0));
    }
    let syntax = if has(&flags, 'F') {
        Syntax::Fixed
    } else if has(&flags, 'E') {
        Syntax::Extended
    } else {
        Syntax::Basic
    };
    let mut regexes = Vec::new();
    for pattern in patterns.iter().flat_map(|pattern| pattern.split('\n')) {
        let made = regex(pattern, syntax, has(&flags, 'i')).map_err(|error| format!("grep: {error}"))?;
        let wrapped = match () {
            () if has(&flags, 'x') => format!("^(?:{})$", made.as_str()),
            () if has(&flags, 'w') => format!("\\b(?:{})\\b", made.as_str()),
            () => String::new(),
        };
        let wrapped = if wrapped.is_empty() { Ok(made) } else { regex(&wrapped, Syntax::Extended, has(&flags, 'i')) };
        regexes.push(wrapped.map_err(|error| format!("grep: {error}"))?);
    }
    let around = |flag: char| value(&flags, flag).or(value(&flags, 'C')).map_or(Ok(0), |text| number("grep", text));
    let names = has(&flags, 'H') || others.len() > 1 && !has(&flags, 'h');
    let filter = Grep {
        patterns: regexes,
        inverted: has(&flags, 'v'),
        count_only: has(&flags, 'c'),
        quiet: has(&flags, 'q'),
        only_matching: has(&flags, 'o'),
        numbers: has(&flags, 'n'),
        names,
        names_only: has(&flags, 'l'),
        before: around('B')?,
        after: around('A')?,
        most: value(&flags, 'm').map_or(Ok(usize::MAX), |text| number("grep", text))?,
        kept: VecDeque::new(),
        due: 0,
        line: 0,
        found: 0,
        any: false,
    };
    Ok(Plan::new(filter, &others))
}

impl Grep {
    fn print(&self, line: &str, source: &str, number: usize, mark: char, streams: &mut Streams) {
        if self.names {
            let source = if source.is_empty() { "(standard input)" } else { source };
            streams.out.push_str(&format!("{source}{mark}"));
        }
        if self.numbers {
            streams.out.push_str(&format!("{number}{mark}"));
        }
        streams.line(line);
    }
}

impl Filter for Grep {
    fn line(&mut self, line: &str, source: &str, streams: &mut Streams) -> bool {
        let line = line.strip_suffix('\n').unwrap_or(line);
        self.line += 1;
        let hit = self.found < self.most && self.patterns.iter().any(|pattern| pattern.is_match(line)) != self.inverted;
        if !hit {
            if self.due > 0 && !self.count_only && !self.quiet {
                self.due -= 1;
                self.print(line, source, self.line, '-', streams);
            } else if self.before > 0 {
                self.kept.push_back(line.to_owned());
                if self.kept.len() > self.before {
                    self.kept.pop_front();
                }
            }
            return true;
        }
        self.any = true;
        self.found += 1;
        if self.quiet {
            return false;
        }
        if self.count_only || self.names_only {
            return true;
        }
        if self.only_matching && !self.inverted {
            for pattern in &self.patterns {
                for found in pattern.find_iter(line).filter(|found| !found.is_empty()) {
                    self.print(found.as_str(), source, self.line, ':', streams);
                }
            }
            return true;
        }
        let kept = std::mem::take(&mut self.kept);
        for (index, earlier) in kept.iter().enumerate() {
            self.print(earlier, source, self.line - kept.len() + index, '-', streams);
        }
        self.due = self.after;
        self.print(line, source, self.line, ':', streams);
        true
    }

    fn end_of(&mut self, source: &str, streams: &mut Streams) {
        if self.count_only {
            let name = if self.names { format!("{source}:") } else { String::new() };
            streams.line(&format!("{name}{}", self.found));
        }
        if self.names_only && self.found > 0 {
            streams.line(source);
        }
        self.line = 0;
        self.found = 0;
        self.kept.clear();
    }

    fn end(&mut self, _: &mut Streams) -> i32 {
        i32::from(!self.any)
    }
}
