//! The basics of Go templates: `{{.a.b}}`, `{{range $i, $x := .items}}…{{end}}`, `{{if}}`, `{{with}}`, variables, pipes,
//! `{{len}}`, `{{index}}`, `{{"text"}}`.
//! What goes beyond is refused by name. Follows `text/template`.

use serde_json::Value;

use crate::api::defaults::normalise::from_base64;

use super::jsonpath::go_text;

/// How deep blocks may nest.
const NESTING_MAX: usize = 50;

#[derive(Clone, Debug)]
enum Node {
    Text(String),
    Print(String),
    Range(String, Vec<Node>, Vec<Node>),
    If(String, Vec<Node>, Vec<Node>),
    With(String, Vec<Node>, Vec<Node>),
}

/// A template that was read.
#[derive(Clone, Debug)]
pub struct Template {
    nodes: Vec<Node>,
}

enum End {
    Text,
    Block,
    /// `{{else}}`, and what stands in it, such as `if .x`.
    Else(Option<String>),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text;
        let (nodes, end) = nodes(&mut rest, 0)?;
        match end {
            End::Text => Ok(Self { nodes }),
            End::Block | End::Else(_) => Err("template: output:1: unexpected {{end}}".to_owned()),
        }
    }

    /// The template with its actions replaced.
    ///
    /// # Errors
    /// What the sandbox's templates do not know.
    pub fn print(&self, value: &Value) -> Result<String, String> {
        let mut out = String::new();
        let mut variables = vec![(String::new(), value.clone())];
        write(&self.nodes, &mut variables, value, &mut out)?;
        Ok(out)
    }
}

fn nodes(rest: &mut &str, depth: usize) -> Result<(Vec<Node>, End), String> {
    if depth > NESTING_MAX {
        return Err("template: output:1: blocks are nested too deeply".to_owned());
    }
    let mut found = Vec::new();
    loop {
        let Some((text, behind)) = rest.split_once("{{") else {
            if !rest.is_empty() {
                found.push(Node::Text((*rest).to_owned()));
            }
            *rest = "";
            return if depth == 0 { Ok((found, End::Text)) } else { Err("template: output:1: unexpected EOF".to_owned()) };
        };
        let Some((action, left)) = behind.split_once("}}") else {
            return Err("template: output:1: unclosed action".to_owned());
        };
        let trims_before = action.starts_with("- ");
        let trims_after = action.ends_with(" -");
        let text = if trims_before { text.trim_end() } else { text };
        if !text.is_empty() {
            found.push(Node::Text(text.to_owned()));
        }
        *rest = if trims_after { left.trim_start() } else { left };
        let action = action.strip_prefix("- ").unwrap_or(action);
        let action = action.strip_suffix(" -").unwrap_or(action).trim();
        let (word, argument) = action.split_once(char::is_whitespace).unwrap_or((action, ""));
        match word {
            "end" => return Ok((found, End::Block)),
            "else" if argument.is_empty() => return Ok((found, End::Else(None))),
            "else" => return Ok((found, End::Else(Some(argument.trim().to_owned())))),
            "range" | "if" | "with" => {
                let (body, end) = nodes(rest, depth + 1)?;
                let otherwise = otherwise(end, rest, depth + 1)?;
                let argument = argument.trim().to_owned();
                found.push(match word {
                    "range" => Node::Range(argument, body, otherwise),
                    "if" => Node::If(argument, body, otherwise),
                    _ => Node::With(argument, body, otherwise),
                });
            }
            _ if action.starts_with("/*") => {}
            _ => found.push(Node::Print(action.to_owned())),
        }
    }
}

/// What a block holds behind its `{{else}}`; an `{{else if}}` is a block of its own that shares the end.
fn otherwise(end: End, rest: &mut &str, depth: usize) -> Result<Vec<Node>, String> {
    let End::Else(condition) = end else { return Ok(Vec::new()) };
    let (body, end) = nodes(rest, depth)?;
    let Some(condition) = condition else { return Ok(body) };
    let Some(condition) = condition.strip_prefix("if ") else {
        return Err(format!("template: output:1: unexpected {{{{else {condition}}}}}"));
    };
    let more = otherwise(end, rest, depth + 1)?;
    Ok(vec![Node::If(condition.trim().to_owned(), body, more)])
}

/// The variables that can be seen, innermost last; the one without a name is the whole, `$`.
type Variables = Vec<(String, Value)>;

fn write(nodes: &[Node], variables: &mut Variables, here: &Value, out: &mut String) -> Result<(), String> {
    let outer = variables.len();
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Print(action) => {
                let (names, declares, action) = declaration(action);
                let value = evaluate(action, variables, here)?;
                match names.as_slice() {
                    [] => out.push_str(&if value.is_null() { "<no value>".to_owned() } else { go_text(&value) }),
                    [name] if declares => variables.push(((*name).to_owned(), value)),
                    [name, ..] => match variables.iter_mut().rev().find(|(known, _)| known == name) {
                        Some((_, old)) => *old = value,
                        None => return Err(undefined(name)),
                    },
                }
            }
            Node::Range(action, body, otherwise) => {
                let (names, _, action) = declaration(action);
                let items: Vec<(Value, Value)> = match evaluate(action, variables, here)? {
                    Value::Array(items) => items.into_iter().enumerate().map(|(index, item)| (index.into(), item)).collect(),
                    Value::Object(map) => map.into_iter().map(|(key, value)| (Value::String(key), value)).collect(),
                    _ => Vec::new(),
                };
                if items.is_empty() {
                    write(otherwise, variables, here, out)?;
                }
                for (key, item) in items {
                    let inner = variables.len();
                    match names.as_slice() {
                        [] => {}
                        [one] => variables.push(((*one).to_owned(), item.clone())),
                        [first, second, ..] => {
                            variables.push(((*first).to_owned(), key));
                            variables.push(((*second).to_owned(), item.clone()));
                        }
                    }
                    write(body, variables, &item, out)?;
                    variables.truncate(inner);
                }
            }
            Node::If(action, body, otherwise) | Node::With(action, body, otherwise) => {
                let inner = variables.len();
                let (names, _, action) = declaration(action);
                let value = evaluate(action, variables, here)?;
                variables.extend(names.first().map(|name| ((*name).to_owned(), value.clone())));
                let below = if matches!(node, Node::With(..)) && truth(&value) { &value } else { here };
                write(if truth(&value) { body } else { otherwise }, variables, below, out)?;
                variables.truncate(inner);
            }
        }
    }
    variables.truncate(outer);
    Ok(())
}

/// The variables that an action sets, whether it declares them, and what it sets them to.
fn declaration(action: &str) -> (Vec<&str>, bool, &str) {
    let declared = action.split_once(":=").map(|(names, rest)| (names, true, rest));
    let set = declared.or_else(|| action.split_once('=').map(|(names, rest)| (names, false, rest)));
    let Some((names, declares, rest)) = set.filter(|(names, ..)| names.starts_with('$') && !names.contains(['"', '(', '.'])) else {
        return (Vec::new(), false, action);
    };
    (names.split(',').filter_map(|name| name.trim().strip_prefix('$')).collect(), declares, rest.trim())
}

fn undefined(name: &str) -> String {
    format!("template: output:1: undefined variable \"${name}\"")
}

fn truth(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// A pipeline: each command gets the value of the one before it as its last argument.
fn evaluate(action: &str, variables: &Variables, here: &Value) -> Result<Value, String> {
    let mut piped: Option<Value> = None;
    for command in split(action, '|') {
        let words = split(command.trim(), ' ');
        let mut values = Vec::new();
        let name = words.first().copied().unwrap_or_default();
        let is_function = name.chars().next().is_some_and(char::is_alphabetic) && !matches!(name, "true" | "false" | "nil");
        for word in words.iter().skip(usize::from(is_function)) {
            values.push(operand(word, variables, here)?);
        }
        values.extend(piped.take());
        piped = Some(if is_function { call(name, &values)? } else { values.into_iter().next().unwrap_or(Value::Null) });
    }
    Ok(piped.unwrap_or(Value::Null))
}

fn operand(word: &str, variables: &Variables, here: &Value) -> Result<Value, String> {
    if let Some((inner, path)) = word.strip_prefix('(').and_then(|rest| rest.rsplit_once(')')) {
        return Ok(at(&evaluate(inner, variables, here)?, path));
    }
    if let Some(rest) = word.strip_prefix('$') {
        let (name, path) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
        let found = variables.iter().rev().find(|(known, _)| known == name);
        return found.map(|(_, value)| at(value, path)).ok_or_else(|| undefined(name));
    }
    if word.starts_with('.') {
        return Ok(at(here, word));
    }
    if let Some(raw) = word.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        return Ok(Value::String(raw.to_owned()));
    }
    match word {
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        "nil" => Ok(Value::Null),
        _ => serde_json::from_str(word).map_err(|_| format!("template: output:1: unexpected {word:?} in operand")),
    }
}

/// What a path of field names leads to.
fn at(value: &Value, path: &str) -> Value {
    let keys = path.split('.').filter(|key| !key.is_empty());
    keys.fold(value, |value, key| value.get(key).unwrap_or(&Value::Null)).clone()
}

fn call(name: &str, arguments: &[Value]) -> Result<Value, String> {
    let text = |index: usize| arguments.get(index).map(go_text).unwrap_or_default();
    Ok(match name {
        "len" => match arguments.first() {
            Some(Value::Array(items)) => items.len().into(),
            Some(Value::Object(map)) => map.len().into(),
            _ => text(0).chars().count().into(),
        },
        "index" => arguments.iter().skip(1).fold(arguments.first().cloned().unwrap_or(Value::Null), |value, key| match key {
            Value::Number(number) => {
                number.as_u64().and_then(|index| value.get(usize::try_from(index).ok()?).cloned()).unwrap_or(Value::Null)
            }
            other => value.get(go_text(other)).cloned().unwrap_or(Value::Null),
        }),
        "base64decode" => Value::String(from_base64(&text(0))),
        "eq" => Value::Bool(arguments.iter().skip(1).any(|other| Some(other) == arguments.first())),
        "ne" => Value::Bool(arguments.first() != arguments.get(1)),
        "not" => Value::Bool(!arguments.first().is_some_and(truth)),
        "and" => arguments.iter().find(|value| !truth(value)).or(arguments.last()).cloned().unwrap_or(Value::Null),
        "or" => arguments.iter().find(|value| truth(value)).or(arguments.last()).cloned().unwrap_or(Value::Null),
        "print" => Value::String((0..arguments.len()).map(text).collect()),
        "println" => Value::String(format!("{}\n", (0..arguments.len()).map(text).collect::<Vec<_>>().join(" "))),
        "printf" => Value::String(printf(&text(0), arguments.get(1..).unwrap_or_default())),
        other => return Err(format!("template: output:1: function {other:?} not defined")),
    })
}

fn printf(format: &str, arguments: &[Value]) -> String {
    let mut out = String::new();
    let mut rest = format.chars();
    let mut values = arguments.iter();
    while let Some(character) = rest.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        match rest.next() {
            Some('%') => out.push('%'),
            Some('q') => out.push_str(&format!("{:?}", values.next().map(go_text).unwrap_or_default())),
            Some(_) => out.push_str(&values.next().map(go_text).unwrap_or_default()),
            None => out.push('%'),
        }
    }
    out
}

/// Parts between separators that stand outside quotes and brackets; empty parts are left out.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote, mut depth) = (0, None, 0usize);
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match (quote, character) {
            (Some('"'), '\\') => escaped = true,
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) if character == separator && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn templates_print_what_go_prints() {
        let value = json!({"items": [{"metadata": {"name": "a", "labels": {"x-y": "1"}}}, {"metadata": {"name": "b"}}]});
        for (template, expected) in [
            ("{{range .items}}{{.metadata.name}}{{\"\\n\"}}{{end}}", "a\nb\n"),
            ("{{len .items}} {{.nope}}", "2 <no value>"),
            ("{{range .items}}{{if .metadata.labels}}{{index .metadata.labels \"x-y\"}}{{else}}-{{end}}{{end}}", "1-"),
            ("{{(index .items 1).metadata.name | printf \"%s!\"}}", "b!"),
            ("{{range $i, $x := .items}}{{$i}}={{$x.metadata.name}} {{end}}", "0=a 1=b "),
            ("{{range $k, $v := (index .items 0).metadata.labels}}{{$k}}={{$v}} of {{len $.items}}{{end}}", "x-y=1 of 2"),
            ("{{$n := len .items}}{{range .items}}{{$n = .metadata.name}}{{end}}{{$n}}", "b"),
            ("{{range .items}}{{if eq .metadata.name \"b\"}}2{{else if .metadata.labels}}1{{else}}-{{end}}{{end}}", "12"),
            ("{{\"YWI=\" | base64decode}}", "ab"),
            ("{{with $x := .items}}{{len $x}}{{end}}{{$x}}", "template: output:1: undefined variable \"$x\""),
        ] {
            let printed = Template::parse(template).and_then(|template| template.print(&value));
            assert_eq!(printed.as_deref().unwrap_or_else(|error| error), expected);
        }
    }
}
