//! kubectl's dialect of JSONPath: texts and `{expressions}`, `{range}…{end}`, filters, slices, unions, recursive descent.
//! Follows `client-go/util/jsonpath`.

mod read;

use serde_json::Value;

use super::json;
use read::Reader;

/// A template that was read.
#[derive(Clone, Debug)]
pub struct Path {
    nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
enum Node {
    Text(String),
    Steps(Vec<Step>),
    Range(Vec<Step>, Vec<Node>),
}

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Wildcard,
    Recursive,
    Slice {
        from: Option<i64>,
        to: Option<i64>,
        step: Option<i64>,
        single: bool,
    },
    Filter {
        left: Operand,
        operator: String,
        right: Operand,
    },
    Union(Vec<Vec<Step>>),
    Literal(Value),
    /// What can be read, but not done; the words say why.
    Wrong(String),
}

#[derive(Clone, Debug)]
enum Operand {
    Path(Vec<Step>),
    Value(Value),
}

impl Path {
    /// Reads a template.
    ///
    /// # Errors
    /// Where it cannot be read, in client-go's words.
    pub fn parse(template: &str) -> Result<Self, String> {
        let characters: Vec<char> = template.chars().collect();
        let mut reader = Reader { characters: &characters, at: 0 };
        let nodes = reader.nodes(0)?;
        Ok(Self { nodes })
    }

    /// The values of the template's expressions, without its texts.
    ///
    /// # Errors
    /// Where an index is out of bounds.
    pub fn find<'a>(&self, value: &'a Value) -> Result<Vec<&'a Value>, String> {
        let mut found = Vec::new();
        for node in &self.nodes {
            if let Node::Steps(steps) = node {
                found.extend(walk(steps, value, value)?.into_iter().filter_map(|value| match value {
                    Found::There(value) => Some(value),
                    Found::Made(_) => None,
                }));
            }
        }
        Ok(found)
    }

    /// The template with its expressions replaced.
    ///
    /// # Errors
    /// Where an index is out of bounds.
    pub fn print(&self, value: &Value) -> Result<String, String> {
        let mut out = String::new();
        print_nodes(&self.nodes, value, value, &mut out)?;
        Ok(out)
    }
}

/// A value of the document, or one that the template itself holds.
#[derive(Clone)]
enum Found<'a> {
    There(&'a Value),
    Made(Value),
}

impl Found<'_> {
    fn value(&self) -> &Value {
        match self {
            Self::There(value) => value,
            Self::Made(value) => value,
        }
    }
}

fn print_nodes(nodes: &[Node], root: &Value, here: &Value, out: &mut String) -> Result<(), String> {
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Steps(steps) => {
                let found = walk(steps, root, here)?;
                let texts: Vec<String> = found.iter().map(|found| printed(found.value())).collect();
                out.push_str(&texts.join(" "));
            }
            Node::Range(steps, body) => {
                for found in walk(steps, root, here)? {
                    match found {
                        Found::There(Value::Array(items)) if !ends_in_wildcard(steps) => {
                            for item in items {
                                print_nodes(body, root, item, out)?;
                            }
                        }
                        found => print_nodes(body, root, found.value(), out)?,
                    }
                }
            }
        }
    }
    Ok(())
}

fn ends_in_wildcard(steps: &[Step]) -> bool {
    !matches!(steps.last(), Some(Step::Key(_)))
}

/// A value as a template prints it: maps and lists as JSON, the rest as Go's `%v`.
fn printed(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => json::compact(value),
        other => go_text(other),
    }
}

/// A value as Go's `%v` writes it.
pub fn go_text(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(go_text).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key}:{}", go_text(value))).collect();
            format!("map[{}]", entries.join(" "))
        }
        other => other.to_string(),
    }
}

fn walk<'a>(steps: &[Step], root: &'a Value, here: &'a Value) -> Result<Vec<Found<'a>>, String> {
    let mut found = vec![Found::There(here)];
    for step in steps {
        let mut next = Vec::new();
        if let Step::Union(paths) = step {
            // One path after the other, each for everything found so far.
            for path in paths {
                for value in &found {
                    if let Found::There(value) = value {
                        next.extend(walk(path, root, value)?);
                    }
                }
            }
            found = next;
            continue;
        }
        for value in &found {
            match (step, value) {
                (Step::Wrong(words), _) => return Err(words.clone()),
                (Step::Literal(literal), _) => next.push(Found::Made(literal.clone())),
                (_, Found::Made(_)) => {}
                (step, Found::There(value)) => take(step, root, value, &mut next)?,
            }
        }
        found = next;
    }
    Ok(found)
}

fn take<'a>(step: &Step, root: &'a Value, value: &'a Value, next: &mut Vec<Found<'a>>) -> Result<(), String> {
    match step {
        Step::Key(key) if key == "$" => next.push(Found::There(root)),
        Step::Key(key) => next.extend(value.get(key).map(Found::There)),
        Step::Wildcard => next.extend(children(value).map(Found::There)),
        Step::Recursive => descend(value, next),
        Step::Slice { from, to, step, single } => {
            let Value::Array(items) = value else {
                if value.is_null() {
                    return Ok(());
                }
                return Err(format!("{} is not array or slice", printed(value)));
            };
            slice(items, *from, *to, *step, *single, next)?;
        }
        Step::Filter { left, operator, right } => {
            for child in children(value) {
                if holds(left, operator, right, root, child)? {
                    next.push(Found::There(child));
                }
            }
        }
        // These are taken for all values at once.
        Step::Union(_) | Step::Literal(_) | Step::Wrong(_) => {}
    }
    Ok(())
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(map) => Box::new(map.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn descend<'a>(value: &'a Value, next: &mut Vec<Found<'a>>) {
    next.push(Found::There(value));
    for child in children(value) {
        if child.is_array() || child.is_object() {
            descend(child, next);
        }
    }
}

fn slice<'a>(
    items: &'a [Value],
    from: Option<i64>,
    to: Option<i64>,
    step: Option<i64>,
    single: bool,
    next: &mut Vec<Found<'a>>,
) -> Result<(), String> {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let place = |index: i64| if index < 0 { index + length } else { index };
    if single {
        let index = place(from.unwrap_or(0));
        return match usize::try_from(index).ok().and_then(|index| items.get(index)) {
            Some(item) => {
                next.push(Found::There(item));
                Ok(())
            }
            None => Err(format!("array index out of bounds: index {}, length {length}", from.unwrap_or(0))),
        };
    }
    let (from, to) = (place(from.unwrap_or(0)), place(to.unwrap_or(length)));
    if from == to {
        return Ok(());
    }
    let outside = |index: i64| Err(format!("array index out of bounds: index {index}, length {length}"));
    if !(0..length).contains(&from) {
        return outside(from);
    }
    if !(0..=length).contains(&to) {
        return outside(to - 1);
    }
    if from > to {
        return Err(format!("starting index {from} is greater than ending index {to}"));
    }
    let step = usize::try_from(step.unwrap_or(1)).ok().filter(|step| *step > 0).ok_or("step must be > 0")?;
    let chosen = usize::try_from(from).ok().zip(usize::try_from(to).ok()).and_then(|(from, to)| items.get(from..to));
    next.extend(chosen.into_iter().flatten().step_by(step).map(Found::There));
    Ok(())
}

fn holds(left: &Operand, operator: &str, right: &Operand, root: &Value, here: &Value) -> Result<bool, String> {
    let evaluate = |operand: &Operand| -> Result<Option<Value>, String> {
        Ok(match operand {
            Operand::Value(value) => Some(value.clone()),
            Operand::Path(steps) => walk(steps, root, here)?.first().map(|found| found.value().clone()),
        })
    };
    let (Some(left), true) = (evaluate(left)?, true) else { return Ok(false) };
    if operator == "exists" {
        return Ok(true);
    }
    let Some(right) = evaluate(right)? else { return Ok(false) };
    let ordering = match (&left, &right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (a, b) => (a == b).then_some(std::cmp::Ordering::Equal),
    };
    Ok(match operator {
        "==" => ordering.is_some_and(std::cmp::Ordering::is_eq),
        "!=" => !ordering.is_some_and(std::cmp::Ordering::is_eq),
        "<" => ordering.is_some_and(std::cmp::Ordering::is_lt),
        "<=" => ordering.is_some_and(std::cmp::Ordering::is_le),
        ">" => ordering.is_some_and(std::cmp::Ordering::is_gt),
        ">=" => ordering.is_some_and(std::cmp::Ordering::is_ge),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(template: &str, expected: &str) {
        let pods = json!({
            "kind": "List",
            "items": [
                {"metadata": {"name": "web-0", "labels": {"app.kubernetes.io/name": "x"}}, "status": {"podIP": "1.1", "ready": true}},
                {"metadata": {"name": "web-1"}, "status": {"podIP": "1.2", "n": 3}},
            ],
        });
        let printed = Path::parse(template).and_then(|path| path.print(&pods));
        assert_eq!(printed.as_deref().unwrap_or_else(|error| error), expected, "{template}");
    }

    #[test]
    fn templates_print_what_client_go_prints() {
        check("{.items[*].metadata.name}", "web-0 web-1");
        check("{range .items[*]}{.metadata.name}{\"\\t\"}{.status.podIP}{\"\\n\"}{end}", "web-0\t1.1\nweb-1\t1.2\n");
        check("{.items[0].metadata}", "{\"labels\":{\"app.kubernetes.io/name\":\"x\"},\"name\":\"web-0\"}");
        check("{.items[0].metadata.labels.app\\.kubernetes\\.io/name}", "x");
        check("{.items[0].metadata.labels['app.kubernetes.io/name']}", "");
        check("{.items[0].metadata.labels['app\\.kubernetes\\.io/name']}", "x");
        check("{.items[*]['metadata.name', 'status.podIP']}", "web-0 web-1 1.1 1.2");
        check("{.items[0].metadata[\"name\"]}", "invalid array index \"name\"");
        check("{.items[0:3].kind}", "array index out of bounds: index 2, length 2");
        check("{.items[-3:].kind}", "array index out of bounds: index -1, length 2");
        check("{.items[2:1].kind}", "array index out of bounds: index 2, length 2");
        check("{.items[1:0].kind}", "starting index 1 is greater than ending index 0");
        check("{.items[::2].metadata.name}", "web-0");
        check("{items[0].kind}", "unrecognized identifier items");
        check("{range .items[*]}{.metadata.name} ", "web-0 web-1 ");
        check("{end}", "not in range, nothing to end");
        check("{.items[-1:].metadata.name}", "web-1");
        check("{.items[?(@.metadata.name==\"web-1\")].status.podIP}", "1.2");
        check("{.items[?(@.status.n>2)].metadata.name}", "web-1");
        check("{..podIP}", "1.1 1.2");
        check("{.items[0]['metadata.name','status.podIP']}", "web-0 1.1");
        check("{.nope}", "");
        check("{.items[5]}", "array index out of bounds: index 5, length 2");
        check("{.items", "unclosed action");
        check("{.items[*", "unterminated array");
        check("name: {.items[0].status.ready}", "name: true");
    }
}
