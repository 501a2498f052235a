//! The part of `awk` that labs use: printing fields of lines that meet a condition. It must not know files.

use crate::process::Streams;

use super::filters::{Filter, Plan};
use super::text::{has, number, options, value};
use crate::shell::pattern::{Syntax, regex};

/// `awk '{print $1, $NF}'` with an optional condition: what labs use.
#[derive(Clone)]
struct Awk {
    separator: Option<String>,
    condition: AwkCondition,
    printed: Option<Vec<AwkPart>>,
    line: usize,
}

#[derive(Clone)]
enum AwkCondition {
    Always,
    Matches(regex_lite::Regex),
    Number { equal: bool, greater: bool, less: bool, than: usize },
    Field { field: AwkField, equal: bool, text: String },
}

#[derive(Clone, Copy)]
enum AwkField {
    At(usize),
    FromEnd(usize),
    Count,
    Line,
}

#[derive(Clone)]
enum AwkPart {
    Field(AwkField),
    Text(String),
}

const AWK: &str =
    "awk: the sandbox knows `awk '{print $1, $NF}'`, with `-F:` and a condition such as `/web/`, `NR>1` or `$3==\"Running\"` before it";

/// What a call of `awk` does.
pub(super) fn plan(arguments: &[String]) -> Result<Plan, String> {
    let (flags, mut others) = options("awk", arguments, "", "Fv")?;
    if others.is_empty() || has(&flags, 'v') {
        return Err(AWK.to_owned());
    }
    let program = others.remove(0);
    let program = program.trim();
    let (condition, action) = match program.split_once('{') {
        Some((condition, action)) => (condition.trim(), Some(action.trim().strip_suffix('}').ok_or(AWK)?.trim())),
        None => (program, None),
    };
    let printed = match action {
        None => None,
        Some(action) => Some(awk_print(action.trim_end_matches(';').trim_end().strip_prefix("print").ok_or(AWK)?)?),
    };
    let separator = value(&flags, 'F').map(|text| text.replace("\\t", "\t"));
    Ok(Plan::new(Awk { separator, condition: awk_condition(condition)?, printed, line: 0 }, &others))
}

fn awk_condition(text: &str) -> Result<AwkCondition, String> {
    if text.is_empty() {
        return Ok(AwkCondition::Always);
    }
    if let Some(pattern) = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        return regex(pattern, Syntax::Extended, false).map(AwkCondition::Matches).map_err(|error| format!("awk: {error}"));
    }
    for operator in ["==", "!=", ">=", "<=", ">", "<"] {
        let Some((left, right)) = text.split_once(operator) else { continue };
        let (left, right) = (left.trim(), right.trim());
        if left == "NR" {
            let than = number("awk", right)?;
            if operator == "!=" {
                return Err(AWK.to_owned());
            }
            return Ok(AwkCondition::Number {
                equal: operator.contains('='),
                greater: operator.starts_with('>'),
                less: operator.starts_with('<'),
                than,
            });
        }
        let field = left.strip_prefix('$').and_then(awk_field).ok_or(AWK)?;
        if !operator.ends_with('=') || operator.starts_with(['<', '>']) {
            return Err(AWK.to_owned());
        }
        return Ok(AwkCondition::Field { field, equal: operator == "==", text: right.trim_matches('"').to_owned() });
    }
    Err(AWK.to_owned())
}

fn awk_field(name: &str) -> Option<AwkField> {
    if name == "NF" {
        return Some(AwkField::FromEnd(0));
    }
    if let Some(back) = name.strip_prefix("(NF-").and_then(|rest| rest.strip_suffix(')')) {
        return back.parse().ok().map(AwkField::FromEnd);
    }
    name.parse().ok().map(AwkField::At)
}

fn awk_print(text: &str) -> Result<Vec<AwkPart>, String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    if rest.is_empty() {
        return Ok(vec![AwkPart::Field(AwkField::At(0))]);
    }
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix(',') {
            parts.push(AwkPart::Text(" ".to_owned()));
            rest = behind.trim_start();
        } else if let Some(behind) = rest.strip_prefix('"') {
            let end = behind.find('"').ok_or(AWK)?;
            parts.push(AwkPart::Text(behind[..end].replace("\\t", "\t").replace("\\n", "\n")));
            rest = behind[end + 1..].trim_start();
        } else {
            let end = rest.find([',', ' ', '"']).unwrap_or(rest.len());
            let word = &rest[..end];
            let field = match word {
                "NF" => AwkField::Count,
                "NR" => AwkField::Line,
                _ => word.strip_prefix('$').and_then(awk_field).ok_or(AWK)?,
            };
            parts.push(AwkPart::Field(field));
            rest = rest[end..].trim_start();
        }
    }
    Ok(parts)
}

impl Awk {
    fn field(&self, field: AwkField, line: &str, fields: &[&str]) -> String {
        match field {
            AwkField::At(0) => line.to_owned(),
            AwkField::At(index) => fields.get(index - 1).copied().unwrap_or_default().to_owned(),
            AwkField::FromEnd(back) => {
                fields.len().checked_sub(back + 1).and_then(|index| fields.get(index)).copied().unwrap_or_default().to_owned()
            }
            AwkField::Count => fields.len().to_string(),
            AwkField::Line => self.line.to_string(),
        }
    }
}

impl Filter for Awk {
    fn line(&mut self, line: &str, _: &str, streams: &mut Streams) -> bool {
        let line = line.strip_suffix('\n').unwrap_or(line);
        self.line += 1;
        let fields: Vec<&str> = match &self.separator {
            Some(separator) => line.split(separator.as_str()).collect(),
            None => line.split_whitespace().collect(),
        };
        let holds = match &self.condition {
            AwkCondition::Always => true,
            AwkCondition::Matches(pattern) => pattern.is_match(line),
            AwkCondition::Number { equal, greater, less, than } => {
                *equal && self.line == *than || *greater && self.line > *than || *less && self.line < *than
            }
            AwkCondition::Field { field, equal, text } => (self.field(*field, line, &fields) == *text) == *equal,
        };
        if holds {
            let printed = match &self.printed {
                None => line.to_owned(),
                Some(parts) => parts
                    .iter()
                    .map(|part| match part {
                        AwkPart::Field(field) => self.field(*field, line, &fields),
                        AwkPart::Text(text) => text.clone(),
                    })
                    .collect(),
            };
            streams.line(&printed);
        }
        true
    }

    fn end(&mut self, _: &mut Streams) -> i32 {
        0
    }
}
