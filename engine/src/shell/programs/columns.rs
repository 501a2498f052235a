//! `sort`, `uniq` and `cut`, as far as labs go. It must not know files.

use crate::order;
use crate::process::Streams;

use super::filters::{Filter, Plan};
use super::text::{has, number, options, value};

#[derive(Clone)]
struct Sort {
    lines: Vec<String>,
    key: Option<usize>,
    separator: Option<char>,
    numeric: bool,
    version: bool,
    reversed: bool,
    unique: bool,
    any_case: bool,
}

/// What a call of `sort` does.
pub(super) fn sort(arguments: &[String]) -> Result<Plan, String> {
    let (flags, files) = options("sort", arguments, "nruVfh", "kt")?;
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
        any_case: has(&flags, 'f'),
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
        order::sort_by(&mut lines, |left, right| {
            let (one, two) = (self.key(left), self.key(right));
            let order = if self.numeric {
                leading_number(one).cmp(&leading_number(two))
            } else if self.version {
                version_key(one).cmp(&version_key(two))
            } else if self.any_case {
                one.to_uppercase().cmp(&two.to_uppercase())
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

#[derive(Clone)]
struct Uniq {
    current: Option<(String, usize)>,
    counts: bool,
    repeated: bool,
    single: bool,
}

/// What a call of `uniq` does.
pub(super) fn uniq(arguments: &[String]) -> Result<Plan, String> {
    let (flags, files) = options("uniq", arguments, "cdu", "")?;
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

#[derive(Clone)]
struct Cut {
    delimiter: char,
    characters: bool,
    ranges: Vec<(usize, usize)>,
    whole_lines: bool,
}

/// What a call of `cut` does.
pub(super) fn cut(arguments: &[String]) -> Result<Plan, String> {
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
