//! Reading a JSONPath template. Follows `client-go/util/jsonpath/parser.go`.

use serde_json::Value;

use super::{Node, Operand, Step};

/// How deep ranges may nest: a person never writes more.
const NESTING_MAX: usize = 50;

pub(super) struct Reader<'a> {
    pub(super) characters: &'a [char],
    pub(super) at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    /// Nodes up to the end of the text, or of the range they stand in.
    pub(super) fn nodes(&mut self, depth: usize) -> Result<Vec<Node>, String> {
        if depth > NESTING_MAX {
            return Err("too many nested ranges".to_owned());
        }
        let mut nodes = Vec::new();
        let mut text = String::new();
        while let Some(character) = self.peek() {
            if character != '{' {
                text.push(character);
                self.at += 1;
                continue;
            }
            if !text.is_empty() {
                nodes.push(Node::Text(std::mem::take(&mut text)));
            }
            self.at += 1;
            let action = self.action()?;
            let trimmed = action.trim();
            if trimmed == "end" {
                if depth == 0 {
                    nodes.push(Node::Steps(vec![Step::Wrong("not in range, nothing to end".to_owned())]));
                    continue;
                }
                return Ok(nodes);
            }
            if let Some(rest) = trimmed.strip_prefix("range").filter(|rest| rest.starts_with([' ', '.', '@', '$', '\t'])) {
                let steps = expression(rest.trim())?;
                let body = self.nodes(depth + 1)?;
                nodes.push(Node::Range(steps, body));
            } else {
                nodes.push(Node::Steps(expression(trimmed)?));
            }
        }
        if !text.is_empty() {
            nodes.push(Node::Text(text));
        }
        Ok(nodes)
    }

    /// The text between `{` and its `}`.
    fn action(&mut self) -> Result<String, String> {
        let mut out = String::new();
        let mut quote = None;
        let mut in_array = false;
        while let Some(character) = self.peek() {
            self.at += 1;
            match (quote, character) {
                (None, '}') => return Ok(out),
                (None, '[' | ']') => in_array = character == '[',
                (None, '"' | '\'') => quote = Some(character),
                (Some(open), _) if open == character => quote = None,
                (_, '\\') => {
                    out.push(character);
                    if let Some(escaped) = self.peek() {
                        out.push(escaped);
                        self.at += 1;
                    }
                    continue;
                }
                _ => {}
            }
            out.push(character);
        }
        Err(if in_array { "unterminated array" } else { "unclosed action" }.to_owned())
    }
}

/// Reads one expression: `.a.b[0]`, `"text"`, `@.x`, `$`.
fn expression(text: &str) -> Result<Vec<Step>, String> {
    let characters: Vec<char> = text.chars().collect();
    let mut steps = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        match characters[at] {
            '.' => {
                if characters.get(at + 1) == Some(&'.') {
                    steps.push(Step::Recursive);
                    at += 1;
                    if !characters.get(at + 1).is_some_and(|next| *next != '[' && *next != '.') {
                        at += 1;
                        continue;
                    }
                }
                at += 1;
                let (key, end) = identifier(&characters, at);
                match key.as_str() {
                    "" => {}
                    "*" => steps.push(Step::Wildcard),
                    _ => steps.push(Step::Key(key)),
                }
                at = end;
            }
            '[' => {
                let end = closing(&characters, at).ok_or("unterminated array")?;
                let inner: String = characters[at + 1..end].iter().collect();
                steps.push(bracket(&inner)?);
                at = end + 1;
            }
            '"' | '\'' => {
                let quote = characters[at];
                let mut end = at + 1;
                while end < characters.len() && characters[end] != quote {
                    end += if characters[end] == '\\' { 2 } else { 1 };
                }
                if end >= characters.len() {
                    return Err("unterminated quoted string".to_owned());
                }
                let raw: String = characters[at + 1..end].iter().collect();
                steps.push(Step::Literal(Value::String(unescape(&raw))));
                at = end + 1;
            }
            '@' => at += 1,
            '$' => {
                steps.push(Step::Key("$".to_owned()));
                at += 1;
            }
            ' ' | '\t' | '\n' => at += 1,
            '*' => {
                steps.push(Step::Wildcard);
                at += 1;
            }
            character if character.is_ascii_digit() || character == '-' || character == '+' => {
                let end = (at + 1..characters.len())
                    .find(|index| !matches!(characters[*index], '0'..='9' | '.' | 'e' | 'E'))
                    .unwrap_or(characters.len());
                let raw: String = characters[at..end].iter().collect();
                let number = serde_json::from_str(raw.trim_start_matches('+')).map_err(|_| format!("cannot parse number {raw}"))?;
                steps.push(Step::Literal(number));
                at = end;
            }
            character if character.is_alphanumeric() || character == '_' => {
                let (word, end) = identifier(&characters, at);
                match word.as_str() {
                    "true" => steps.push(Step::Literal(Value::Bool(true))),
                    "false" => steps.push(Step::Literal(Value::Bool(false))),
                    _ => steps.push(Step::Wrong(format!("unrecognized identifier {word}"))),
                }
                at = end;
            }
            other => return Err(format!("unrecognized character in action: {}", unicode(other))),
        }
    }
    Ok(steps)
}

fn unicode(character: char) -> String {
    format!("U+{:04X} '{character}'", character as u32)
}

fn identifier(characters: &[char], from: usize) -> (String, usize) {
    let mut key = String::new();
    let mut at = from;
    while let Some(character) = characters.get(at) {
        match character {
            '\\' => {
                at += 1;
                if let Some(escaped) = characters.get(at) {
                    key.push(*escaped);
                }
            }
            ' ' | '\t' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}' => break,
            other => key.push(*other),
        }
        at += 1;
    }
    (key, at.min(characters.len()))
}

fn closing(characters: &[char], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    for (at, character) in characters.iter().enumerate().skip(open) {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(*character),
            (Some(open), _) if open == *character => quote = None,
            (Some(_), _) => {}
            (None, '[') => depth += 1,
            (None, ']') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// What stands in brackets: a wildcard, an index or slice, a quoted key, a filter, or several of them.
fn bracket(inner: &str) -> Result<Step, String> {
    let inner = inner.trim();
    if let Some(filter) = inner.strip_prefix("?(").and_then(|rest| rest.strip_suffix(')')) {
        return filtered(filter);
    }
    if inner == "*" {
        return Ok(Step::Wildcard);
    }
    let parts: Vec<&str> = split_outside_quotes(inner);
    if parts.len() > 1 {
        let mut paths = Vec::new();
        for part in parts {
            paths.push(vec![bracket(part)?]);
        }
        return Ok(Step::Union(paths));
    }
    // What stands in quotes is a path: its dots lead further down, unless they are escaped.
    if let Some(path) = inner.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Ok(Step::Union(vec![expression(&format!(".{path}"))?]));
    }
    let numbers: Vec<&str> = inner.split(':').collect();
    let invalid = || format!("invalid array index {inner}");
    let read = |text: Option<&&str>| -> Result<Option<i64>, String> {
        match text.map(|text| text.trim()) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| invalid()),
        }
    };
    if numbers.len() > 3 || inner.is_empty() {
        return Err(invalid());
    }
    Ok(Step::Slice { from: read(numbers.first())?, to: read(numbers.get(1))?, step: read(numbers.get(2))?, single: numbers.len() == 1 })
}

fn split_outside_quotes(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, ',') => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn filtered(text: &str) -> Result<Step, String> {
    let mut quote = None;
    let mut found = None;
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    for (index, (at, character)) in characters.iter().enumerate() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(*character),
            (Some(open), _) if open == *character => quote = None,
            (None, '=' | '!' | '<' | '>') => {
                let two = characters.get(index + 1).is_some_and(|(_, next)| *next == '=');
                found = Some((*at, if two { 2 } else { 1 }));
                break;
            }
            _ => {}
        }
    }
    let operand = |text: &str| -> Result<Operand, String> {
        let steps = expression(text.trim())?;
        Ok(match steps.as_slice() {
            [Step::Literal(value)] => Operand::Value(value.clone()),
            _ => Operand::Path(steps),
        })
    };
    match found {
        None => Ok(Step::Filter { left: operand(text)?, operator: "exists".to_owned(), right: Operand::Value(Value::Null) }),
        Some((at, length)) => Ok(Step::Filter {
            left: operand(&text[..at])?,
            operator: match &text[at..at + length] {
                "=" => "==".to_owned(),
                other => other.to_owned(),
            },
            right: operand(&text[at + length..])?,
        }),
    }
}

fn unescape(raw: &str) -> String {
    let mut out = String::new();
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}
