//! `cat`, `grep`, `head`, `tail`, `wc`, `sort`, `uniq`, `awk`, `cut`, `tr`, `tee`, as far as labs go. It must not know
//! files.

use std::collections::VecDeque;

use crate::process::Streams;

use super::filters::{Filter, Plan};
use super::{Call, awk};
use crate::shell::pattern::{Syntax, regex};
use crate::shell::state::Shell;

/// What a call of such a program does.
pub(super) fn plan(call: &Call, shell: &Shell) -> Result<Plan, String> {
    let arguments = call.arguments();
    match call.name() {
        "cat" => cat(arguments),
        "grep" => grep(arguments),
        "head" | "tail" => ends(call.name(), arguments),
        "wc" => wc(arguments),
        "sort" => sort(arguments),
        "uniq" => uniq(arguments),
        "awk" => awk::plan(arguments),
        "cut" => cut(arguments),
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
        let mut rest = argument[1..].char_indices();
        while let Some((at, flag)) = rest.next() {
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

struct Cat {
    numbers: bool,
    count: usize,
}

fn cat(arguments: &[String]) -> Result<Plan, String> {
    let (flags, files) = options("cat", arguments, "nuAeEtTvs", "")?;
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
    kept: VecDeque<String>,
    due: usize,
    line: usize,
    found: usize,
    any: bool,
}

fn grep(arguments: &[String]) -> Result<Plan, String> {
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
    let (flags, mut others) = options("grep", &long, "EFivcqnohHlwxsarPG", "eABCm")?;
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
        let hit = self.patterns.iter().any(|pattern| pattern.is_match(line)) != self.inverted;
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

/// `head` and `tail`.
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
    // `tail -5` is `tail -n 5`.
    let long: Vec<String> = arguments
        .iter()
        .map(|argument| match argument.strip_prefix('-') {
            Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => format!("-n{digits}"),
            _ if argument.starts_with('+') && program == "tail" => format!("-n{argument}"),
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
        titles: files.len() > 1 && !has(&flags, 'q'),
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

struct Sort {
    lines: Vec<String>,
    key: Option<usize>,
    separator: Option<char>,
    numeric: bool,
    version: bool,
    reversed: bool,
    unique: bool,
}

fn sort(arguments: &[String]) -> Result<Plan, String> {
    let (flags, files) = options("sort", arguments, "nruVfbh", "kt")?;
    let key = match value(&flags, 'k') {
        None => None,
        Some(text) => {
            let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
            Some(number::<usize>("sort", &digits)?.max(1))
        }
    };
    let own = value(&flags, 'k').unwrap_or_default();
    let filter = Sort {
        lines: Vec::new(),
        key,
        separator: value(&flags, 't').and_then(|text| text.chars().next()),
        numeric: has(&flags, 'n') || has(&flags, 'h') || own.ends_with('n'),
        version: has(&flags, 'V') || own.ends_with('V'),
        reversed: has(&flags, 'r') || own.ends_with('r'),
        unique: has(&flags, 'u'),
    };
    Ok(Plan::new(filter, &files))
}

impl Sort {
    fn key<'a>(&self, line: &'a str) -> &'a str {
        let Some(key) = self.key else { return line };
        match self.separator {
            Some(separator) => line.splitn(key, separator).nth(key - 1).unwrap_or_default(),
            None => {
                let mut rest = line.trim_start();
                for _ in 1..key {
                    rest = rest.find(char::is_whitespace).map_or("", |at| rest[at..].trim_start());
                }
                rest
            }
        }
    }
}

/// The number with which a text begins, in thousandths.
fn leading_number(text: &str) -> i128 {
    let text = text.trim_start();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let whole: String = digits.chars().take_while(char::is_ascii_digit).take(30).collect();
    let fraction: String =
        digits[whole.len()..].strip_prefix('.').unwrap_or_default().chars().take_while(char::is_ascii_digit).take(3).collect();
    let thousandths: i128 = format!("{fraction:0<3}").parse().unwrap_or(0);
    sign * (whole.parse::<i128>().unwrap_or(0) * 1000 + thousandths)
}

/// Texts whose numbers compare as numbers: `web-10` behind `web-9`.
fn version_key(text: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(|character: char| character.is_ascii_digit()).unwrap_or(rest.len());
        let end = rest[start..].find(|character: char| !character.is_ascii_digit()).map_or(rest.len(), |at| start + at);
        parts.push((rest[..start].to_owned(), rest[start..end].parse().unwrap_or(0)));
        rest = &rest[end..];
    }
    parts
}

impl Filter for Sort {
    fn line(&mut self, line: &str, _: &str, _: &mut Streams) -> bool {
        self.lines.push(line.strip_suffix('\n').unwrap_or(line).to_owned());
        true
    }

    fn end(&mut self, streams: &mut Streams) -> i32 {
        let mut lines = std::mem::take(&mut self.lines);
        lines.sort_by(|left, right| {
            let (one, two) = (self.key(left), self.key(right));
            let order = if self.numeric {
                leading_number(one).cmp(&leading_number(two))
            } else if self.version {
                version_key(one).cmp(&version_key(two))
            } else {
                one.cmp(two)
            };
            let order = order.then_with(|| left.cmp(right));
            if self.reversed { order.reverse() } else { order }
        });
        if self.unique {
            lines.dedup_by(|right, left| self.key(left) == self.key(right));
        }
        lines.iter().for_each(|line| streams.line(line));
        0
    }
}

struct Uniq {
    current: Option<(String, usize)>,
    counts: bool,
    repeated: bool,
    single: bool,
}

fn uniq(arguments: &[String]) -> Result<Plan, String> {
    let (flags, files) = options("uniq", arguments, "cdui", "")?;
    Ok(Plan::new(Uniq { current: None, counts: has(&flags, 'c'), repeated: has(&flags, 'd'), single: has(&flags, 'u') }, &files))
}

impl Uniq {
    fn flush(&mut self, streams: &mut Streams) {
        let Some((line, count)) = self.current.take() else { return };
        if self.repeated && count < 2 || self.single && count > 1 {
            return;
        }
        streams.line(&if self.counts { format!("{count:>7} {line}") } else { line });
    }
}

impl Filter for Uniq {
    fn line(&mut self, line: &str, _: &str, streams: &mut Streams) -> bool {
        let line = line.strip_suffix('\n').unwrap_or(line);
        match &mut self.current {
            Some((current, count)) if current == line => *count += 1,
            _ => {
                self.flush(streams);
                self.current = Some((line.to_owned(), 1));
            }
        }
        true
    }

    fn end(&mut self, streams: &mut Streams) -> i32 {
        self.flush(streams);
        0
    }
}

struct Cut {
    delimiter: char,
    characters: bool,
    ranges: Vec<(usize, usize)>,
    whole_lines: bool,
}

fn cut(arguments: &[String]) -> Result<Plan, String> {
    let (flags, files) = options("cut", arguments, "s", "dfcb")?;
    let characters = value(&flags, 'c').or(value(&flags, 'b'));
    let list = value(&flags, 'f').or(characters).ok_or("cut: -f or -c is missing")?;
    let mut ranges = Vec::new();
    for part in list.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let from = if from.is_empty() { 1 } else { number("cut", from)? };
        let to = if to.is_empty() { usize::MAX } else { number("cut", to)? };
        ranges.push((from, to));
    }
    let delimiter = value(&flags, 'd').and_then(|text| text.chars().next()).unwrap_or('\t');
    Ok(Plan::new(Cut { delimiter, characters: characters.is_some(), ranges, whole_lines: !has(&flags, 's') }, &files))
}

impl Filter for Cut {
    fn line(&mut self, line: &str, _: &str, streams: &mut Streams) -> bool {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let chosen = |index: usize| self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&(index + 1)));
        if self.characters {
            let text: String = line.chars().enumerate().filter(|(index, _)| chosen(*index)).map(|(_, character)| character).collect();
            streams.line(&text);
        } else if line.contains(self.delimiter) {
            let fields: Vec<&str> =
                line.split(self.delimiter).enumerate().filter(|(index, _)| chosen(*index)).map(|(_, field)| field).collect();
            streams.line(&fields.join(&self.delimiter.to_string()));
        } else if self.whole_lines {
            streams.line(line);
        }
        true
    }

    fn end(&mut self, _: &mut Streams) -> i32 {
        0
    }
}

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
