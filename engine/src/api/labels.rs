//! Label and field selectors: the objects that manifests write, and the text that `-l` and `--field-selector` take.
//!
//! Owns parsing and matching. It must not know kinds, nor where labels come from. Follows `apimachinery/pkg/labels/selector.go`,
//! `apimachinery/pkg/apis/meta/v1/helpers.go` and `apimachinery/pkg/fields` of Kubernetes 1.36, with their error texts.

use super::names;
use super::status::go_quote;
use crate::order;
use serde_json::{Map, Value};
use std::fmt;

/// How a requirement compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operator {
    /// `key` is absent.
    DoesNotExist,
    /// `key=value`.
    Equals,
    /// `key in (a,b)`.
    In,
    /// `key!=value`; also true where the key is absent.
    NotEquals,
    /// `key notin (a,b)`; also true where the key is absent.
    NotIn,
    /// `key` is there.
    Exists,
    /// `key>1`, as integers.
    GreaterThan,
    /// `key<1`, as integers.
    LessThan,
}

/// One condition on a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what, sorted and each once.
    pub values: Vec<String>,
}

/// Conditions on labels, all of which must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// Matches no object: the selector of a set that has none.
    Nothing,
    /// Matches where every requirement holds; without one, everything.
    All(Vec<Requirement>),
}

impl Requirement {
    fn new(key: &str, operator: Operator, mut values: Vec<String>) -> Self {
        order::sort(&mut values);
        values.dedup();
        Self { key: key.to_owned(), operator, values }
    }

    /// Whether a label's value (or its absence) meets the requirement.
    pub fn meets(&self, value: Option<&str>) -> bool {
        let listed = |value: &str| self.values.iter().any(|item| item == value);
        let number = |text: &str| text.parse::<i64>().ok();
        let bound = self.values.first().and_then(|text| number(text));
        match self.operator {
            Operator::Equals | Operator::In => value.is_some_and(listed),
            Operator::NotEquals | Operator::NotIn => !value.is_some_and(listed),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan => {
                matches!((value.and_then(number), bound), (Some(a), Some(b)) if a > b)
            }
            Operator::LessThan => {
                matches!((value.and_then(number), bound), (Some(a), Some(b)) if a < b)
            }
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, values) = (&self.key, self.values.join(","));
        match self.operator {
            Operator::DoesNotExist => write!(f, "!{key}"),
            Operator::Exists => write!(f, "{key}"),
            Operator::Equals => write!(f, "{key}={values}"),
            Operator::NotEquals => write!(f, "{key}!={values}"),
            Operator::In => write!(f, "{key} in ({values})"),
            Operator::NotIn => write!(f, "{key} notin ({values})"),
            Operator::GreaterThan => write!(f, "{key}>{values}"),
            Operator::LessThan => write!(f, "{key}<{values}"),
        }
    }
}

impl Selector {
    /// The selector that matches everything.
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// Whether it makes no condition.
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::All(requirements) if requirements.is_empty())
    }

    /// The requirements; none for [`Selector::Nothing`], which matches nothing all the same.
    pub fn requirements(&self) -> &[Requirement] {
        match self {
            Self::Nothing => &[],
            Self::All(requirements) => requirements,
        }
    }

    /// Whether labels meet every requirement; `look_up` gives a label's value.
    pub fn matches_with<'a>(&self, look_up: impl Fn(&str) -> Option<&'a str>) -> bool {
        match self {
            Self::Nothing => false,
            Self::All(requirements) => requirements.iter().all(|requirement| requirement.meets(look_up(&requirement.key))),
        }
    }

    /// Whether an object of labels (or its absence) meets every requirement.
    pub fn matches(&self, labels: Option<&Value>) -> bool {
        self.matches_with(|key| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str))
    }

    /// The selector of a `LabelSelector` object (`matchLabels`, `matchExpressions`): absent, it matches nothing; empty,
    /// everything. `None` where an operator, key or value is not valid.
    pub fn from_label_selector(selector: Option<&Value>) -> Option<Self> {
        let Some(selector) = selector.filter(|selector| !selector.is_null()) else {
            return Some(Self::Nothing);
        };
        let mut requirements = Vec::new();
        for (key, value) in selector.get("matchLabels").and_then(Value::as_object).into_iter().flatten() {
            requirements.push(Requirement::new(key, Operator::In, vec![value.as_str()?.to_owned()]));
        }
        for expression in selector.get("matchExpressions").and_then(Value::as_array).into_iter().flatten() {
            let key = expression.get("key").and_then(Value::as_str).unwrap_or("");
            let values: Vec<String> = texts(expression.get("values")).map(str::to_owned).collect();
            let operator = match expression.get("operator").and_then(Value::as_str).unwrap_or("") {
                "In" if !values.is_empty() => Operator::In,
                "NotIn" if !values.is_empty() => Operator::NotIn,
                "Exists" if values.is_empty() => Operator::Exists,
                "DoesNotExist" if values.is_empty() => Operator::DoesNotExist,
                _ => return None,
            };
            requirements.push(Requirement::new(key, operator, values));
        }
        let valid = |requirement: &Requirement| {
            names::qualified_name(&requirement.key).is_empty()
                && requirement.values.iter().all(|value| names::label_value(value).is_empty())
        };
        requirements.iter().all(valid).then(|| Self::sorted(requirements))
    }

    /// The selector of a map of labels, as Services have; absent or empty, it matches nothing of theirs.
    pub fn from_map(map: Option<&Map<String, Value>>) -> Self {
        let mut requirements = Vec::new();
        for (key, value) in map.into_iter().flatten() {
            let value = value.as_str().unwrap_or("").to_owned();
            requirements.push(Requirement::new(key, Operator::Equals, vec![value]));
        }
        if requirements.is_empty() { Self::Nothing } else { Self::sorted(requirements) }
    }

    fn sorted(mut requirements: Vec<Requirement>) -> Self {
        order::sort_by(&mut requirements, |a, b| a.key.cmp(&b.key));
        Self::All(requirements)
    }

    /// Reads the text of `-l`; the error is the API server's own sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        Parser { tokens: tokens(text), position: 0 }.parse().map(Self::sorted)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.requirements().iter().map(ToString::to_string).collect();
        f.write_str(&parts.join(","))
    }
}

/// A `LabelSelector` object as `kubectl` shows it in a SELECTOR column: `<none>` where it is absent or empty.
pub fn format_label_selector(selector: Option<&Value>) -> String {
    match Selector::from_label_selector(selector) {
        Some(Selector::All(requirements)) if !requirements.is_empty() => {
            let shown: Vec<String> = requirements
                .into_iter()
                .map(|requirement| match (requirement.operator, requirement.values.as_slice()) {
                    (Operator::In, [value]) if in_match_labels(selector, &requirement.key) => {
                        format!("{}={value}", requirement.key)
                    }
                    _ => requirement.to_string(),
                })
                .collect();
            shown.join(",")
        }
        Some(_) => "<none>".to_owned(),
        None => "<error>".to_owned(),
    }
}

fn in_match_labels(selector: Option<&Value>, key: &str) -> bool {
    selector.and_then(|selector| selector.get("matchLabels")).is_some_and(|labels| labels.get(key).is_some())
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    /// An operator or a bracket.
    Mark(&'static str),
    End,
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Mark(mark) => mark,
            Self::End => "",
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    const MARKS: [&str; 9] = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.is_empty() {
            tokens.push(Token::End);
            return tokens;
        }
        if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            tokens.push(Token::Mark(mark));
            rest = &rest[mark.len()..];
        } else {
            let end = rest.find([' ', '\t', '\r', '\n', '=', '!', '(', ')', ',', '>', '<']).unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
}

struct Parser {
    tokens: Vec<Token>,
    position: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.position).unwrap_or(&Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.position += 1;
        token
    }

    fn parse(&mut self) -> Result<Vec<Requirement>, String> {
        let mut requirements = Vec::new();
        loop {
            match self.peek() {
                Token::Word(_) | Token::Mark("!") => {
                    let requirement = self.requirement().map_err(|problem| format!("unable to parse requirement: {problem}"))?;
                    requirements.push(requirement);
                    match self.next() {
                        Token::End => return Ok(requirements),
                        Token::Mark(",") => {
                            if !matches!(self.peek(), Token::Word(_) | Token::Mark("!")) {
                                return Err(format!("found '{}', expected: identifier after ','", self.peek().text()));
                            }
                        }
                        other => {
                            return Err(format!("found '{}', expected: ',' or 'end of string'", other.text()));
                        }
                    }
                }
                Token::End => return Ok(requirements),
                other => {
                    return Err(format!("found '{}', expected: !, identifier, or 'end of string'", other.text()));
                }
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let negated = *self.peek() == Token::Mark("!");
        if negated {
            self.next();
        }
        let key = match self.next() {
            Token::Word(word) => word,
            other => return Err(format!("found '{}', expected: identifier", other.text())),
        };
        check("key", &key, names::qualified_name(&key))?;
        if negated {
            return Ok(Requirement::new(&key, Operator::DoesNotExist, Vec::new()));
        }
        if matches!(self.peek(), Token::End | Token::Mark(",")) {
            return Ok(Requirement::new(&key, Operator::Exists, Vec::new()));
        }
        let operator = match self.next() {
            Token::Mark("=" | "==") => Operator::Equals,
            Token::Mark("!=") => Operator::NotEquals,
            Token::Mark(">") => Operator::GreaterThan,
            Token::Mark("<") => Operator::LessThan,
            Token::Word(word) if word == "in" => Operator::In,
            Token::Word(word) if word == "notin" => Operator::NotIn,
            other => {
                return Err(format!("found '{}', expected: in, notin, =, ==, !=, gt, lt", other.text()));
            }
        };
        let values = match operator {
            Operator::In | Operator::NotIn => self.values()?,
            _ => vec![self.exact_value()?],
        };
        for value in &values {
            if matches!(operator, Operator::GreaterThan | Operator::LessThan) {
                if value.parse::<i64>().is_err() {
                    return Err(format!(
                        "values[0]: Invalid value: {}: for 'Gt', 'Lt' operators, the value must be an integer",
                        go_quote(value)
                    ));
                }
            } else {
                check(&format!("values[0][{key}]"), value, names::label_value(value))?;
            }
        }
        Ok(Requirement::new(&key, operator, values))
    }

    fn exact_value(&mut self) -> Result<String, String> {
        match self.peek() {
            Token::End | Token::Mark(",") => Ok(String::new()),
            Token::Word(_) => Ok(self.next().text().to_owned()),
            other => Err(format!("found '{}', expected: identifier", other.text())),
        }
    }

    fn values(&mut self) -> Result<Vec<String>, String> {
        match self.next() {
            Token::Mark("(") => {}
            other => return Err(format!("found '{}' expected: '('", other.text())),
        }
        let mut values = Vec::new();
        loop {
            // An empty place between commas is the empty value.
            let value = match self.peek() {
                Token::Word(_) => self.next().text().to_owned(),
                Token::Mark("," | ")") => String::new(),
                other => {
                    return Err(format!("found '{}', expected: ',', ')' or identifier", other.text()));
                }
            };
            values.push(value);
            match self.next() {
                Token::Mark(")") => return Ok(values),
                Token::Mark(",") => {}
                other => return Err(format!("found '{}', expected: ',' or ')'", other.text())),
            }
        }
    }
}

fn check(path: &str, value: &str, problems: Vec<String>) -> Result<(), String> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(format!("{path}: Invalid value: {}: {}", go_quote(value), problems.join("; ")))
}

/// Conditions on fields: `metadata.name=web-0,status.phase!=Running`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldSelector {
    /// Field, whether it must be equal, and the value.
    pub terms: Vec<(String, bool, String)>,
}

impl FieldSelector {
    /// Reads the text of `--field-selector`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut terms = Vec::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let found = ["!=", "==", "="]
                .iter()
                .filter_map(|mark| part.find(mark).map(|at| (at, *mark)))
                .min_by_key(|(at, mark)| (*at, usize::MAX - mark.len()));
            let Some((at, mark)) = found else {
                return Err(format!("invalid selector: '{text}'; can't understand '{part}'"));
            };
            terms.push((part[..at].to_owned(), mark != "!=", part[at + mark.len()..].to_owned()));
        }
        Ok(Self { terms })
    }

    /// Whether all conditions hold; `look_up` gives a field's value, empty where it is not set.
    pub fn matches_with(&self, look_up: impl Fn(&str) -> String) -> bool {
        self.terms.iter().all(|(field, equal, value)| (look_up(field) == *value) == *equal)
    }
}

impl fmt::Display for FieldSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (field, equal, value)) in self.terms.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{field}{}{value}", if *equal { "=" } else { "!=" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn matches(selector: &str, labels: &Value) -> bool {
        Selector::parse(selector).expect("a selector").matches(Some(labels))
    }

    #[test]
    fn the_text_of_l() {
        let labels = json!({"app": "nginx", "tier": "front", "n": "3"});
        for selector in
            ["app=nginx", "app==nginx,tier", "app in (nginx, x)", "!nope", "nope!=x", "n>2", "x notin (a,b)", "", " app = nginx "]
        {
            assert!(matches(selector, &labels), "{selector}");
        }
        for selector in ["app=x", "!app", "app notin (nginx)", "nope", "n<3", "app!=nginx", "app="] {
            assert!(!matches(selector, &labels), "{selector}");
        }
        assert_eq!(Selector::parse("b in (y,x),a==1,!c,d").expect("fine").to_string(), "a=1,b in (x,y),!c,d");
    }

    #[test]
    fn the_text_of_l_that_is_wrong() {
        for (selector, expected) in [
            ("app=nginx,", "found '', expected: identifier after ','"),
            ("app in (nginx", "unable to parse requirement: found '', expected: ',' or ')'"),
            ("=x", "found '=', expected: !, identifier, or 'end of string'"),
            ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ] {
            assert_eq!(Selector::parse(selector), Err(expected.to_owned()), "{selector}");
        }
    }

    #[test]
    fn selectors_of_manifests() {
        let from = |value: Value| Selector::from_label_selector(Some(&value));
        assert_eq!(Selector::from_label_selector(None), Some(Selector::Nothing));
        assert_eq!(from(json!({})), Some(Selector::everything()));
        let selector = from(json!({"matchLabels": {"a": "1"}, "matchExpressions": [{"key": "b", "operator": "Exists"}]}));
        assert!(selector.expect("valid").matches(Some(&json!({"a": "1", "b": ""}))));
        assert_eq!(from(json!({"matchExpressions": [{"key": "b", "operator": "Equals", "values": ["x"]}]})), None);
        assert_eq!(from(json!({"matchLabels": {"a": "n".repeat(64)}})), None);
        assert_eq!(format_label_selector(Some(&json!({"matchLabels": {"app": "web"}}))), "app=web");
        assert_eq!(format_label_selector(None), "<none>");
    }

    #[test]
    fn selectors_of_fields() {
        let selector = FieldSelector::parse("metadata.name=web-0,status.phase!=Running").expect("fine");
        assert!(selector.matches_with(|field| if field == "metadata.name" { "web-0".into() } else { "Pending".into() }));
        assert!(!selector.matches_with(|_| "Running".into()));
        assert_eq!(selector.to_string(), "metadata.name=web-0,status.phase!=Running");
        assert_eq!(FieldSelector::parse("a==b").expect("fine").to_string(), "a=b");
        assert!(FieldSelector::parse("nope").is_err());
    }
}
