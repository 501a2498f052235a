//! Reads words: quotes, escapes, variables, commands and arithmetic in them. It must not know commands.

use std::rc::Rc;

use super::{NESTING_MAX, Parser, Read, Refusal, is_operator, parse, too_deep};
use crate::shell::syntax::{Change, Part, Word};

/// Reads the text of a here-document, in which only `$` and backslashes mean something.
pub(super) fn here_text(text: &str, depth: u32) -> Read<Word> {
    let mut parser = Parser { text, at: 0, depth, pending: Vec::new() };
    let mut parts = Vec::new();
    let mut plain = String::new();
    while let Some(character) = parser.peek() {
        match character {
            '\\' => {
                parser.at += 1;
                match parser.peek() {
                    Some(next @ ('$' | '`' | '\\')) => {
                        parser.at += next.len_utf8();
                        plain.push(next);
                    }
                    Some('\n') => parser.at += 1,
                    _ => plain.push('\\'),
                }
            }
            '$' => parser.dollar(&mut parts, &mut plain, true)?,
            '`' => parser.backquotes(&mut parts, &mut plain, true)?,
            _ => {
                parser.at += character.len_utf8();
                plain.push(character);
            }
        }
    }
    flush(&mut parts, &mut plain, true);
    Ok(Word(parts))
}

impl Parser<'_> {
    /// A word; `None` where none stands here.
    pub(super) fn word(&mut self) -> Read<Option<Word>> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let start = self.at;
        while let Some(character) = self.peek() {
            match character {
                _ if character.is_whitespace() && character != '\u{a0}' || is_operator(character) => break,
                '\'' => {
                    flush(&mut parts, &mut plain, false);
                    self.at += 1;
                    let end = self.rest().find('\'').ok_or(Refusal::Incomplete("matching `''"))?;
                    parts.push(Part::Text { text: self.rest()[..end].to_owned(), quoted: true });
                    self.at += end + 1;
                }
                '"' => {
                    flush(&mut parts, &mut plain, false);
                    self.at += 1;
                    self.double_quotes(&mut parts)?;
                }
                '\\' => {
                    self.at += 1;
                    match self.peek() {
                        Some('\n') => self.at += 1,
                        Some(next) => {
                            flush(&mut parts, &mut plain, false);
                            self.at += next.len_utf8();
                            parts.push(Part::Text { text: next.to_string(), quoted: true });
                        }
                        None => return Err(Refusal::Incomplete("the line behind the backslash")),
                    }
                }
                '$' => self.dollar(&mut parts, &mut plain, false)?,
                '`' => self.backquotes(&mut parts, &mut plain, false)?,
                _ => {
                    self.at += character.len_utf8();
                    plain.push(character);
                }
            }
        }
        flush(&mut parts, &mut plain, false);
        Ok((self.at > start).then_some(Word(parts)))
    }

    fn double_quotes(&mut self, parts: &mut Vec<Part>) -> Read<()> {
        let mut plain = String::new();
        let before = parts.len();
        loop {
            match self.peek() {
                None => return Err(Refusal::Incomplete("matching `\"'")),
                Some('"') => {
                    self.at += 1;
                    if !plain.is_empty() || parts.len() == before {
                        parts.push(Part::Text { text: plain, quoted: true });
                    }
                    return Ok(());
                }
                Some('\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(next @ ('$' | '`' | '"' | '\\')) => {
                            self.at += 1;
                            plain.push(next);
                        }
                        Some('\n') => self.at += 1,
                        _ => plain.push('\\'),
                    }
                }
                Some('$') => self.dollar(parts, &mut plain, true)?,
                Some('`') => self.backquotes(parts, &mut plain, true)?,
                Some(character) => {
                    self.at += character.len_utf8();
                    plain.push(character);
                }
            }
        }
    }

    fn backquotes(&mut self, parts: &mut Vec<Part>, plain: &mut String, quoted: bool) -> Read<()> {
        flush(parts, plain, quoted);
        self.at += 1;
        let end = self.rest().find('`').ok_or(Refusal::Incomplete("matching ``'"))?;
        let list = parse(&self.rest()[..end].replace("\\$", "$"))?;
        self.at += end + 1;
        parts.push(Part::Command { list: Rc::new(list), quoted });
        Ok(())
    }

    fn dollar(&mut self, parts: &mut Vec<Part>, plain: &mut String, quoted: bool) -> Read<()> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(too_deep());
        }
        self.dollar_at_depth(parts, plain, quoted)?;
        self.depth -= 1;
        Ok(())
    }

    fn dollar_at_depth(&mut self, parts: &mut Vec<Part>, plain: &mut String, quoted: bool) -> Read<()> {
        if self.take("$((") {
            flush(parts, plain, quoted);
            let expression = self.arithmetic()?;
            parts.push(Part::Arithmetic { expression, quoted });
            return Ok(());
        }
        if self.take("$(") {
            flush(parts, plain, quoted);
            let list = self.list(&[])?;
            if !self.take(")") {
                return if self.peek().is_none() { Err(Refusal::Incomplete("`)'")) } else { Err(self.unexpected()) };
            }
            parts.push(Part::Command { list: Rc::new(list), quoted });
            return Ok(());
        }
        if self.take("${") {
            flush(parts, plain, quoted);
            parts.push(self.braced(quoted)?);
            return Ok(());
        }
        if !quoted && (self.starts_with("$'") || self.starts_with("$\"")) {
            return Err(Refusal::Missing("`$'…'`: use printf for escapes"));
        }
        self.at += 1;
        let name = self.name();
        if name.is_empty() {
            plain.push('$');
        } else {
            flush(parts, plain, quoted);
            parts.push(Part::Variable { name, change: None, quoted });
        }
        Ok(())
    }

    /// The name of a variable, or the one character of a special one.
    fn name(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_')).unwrap_or(rest.len());
        let length = match rest.chars().next() {
            Some(first) if first.is_ascii_digit() || matches!(first, '?' | '#' | '@' | '*' | '$' | '!' | '-') => 1,
            _ => end,
        };
        let name = rest[..length].to_owned();
        self.at += length;
        name
    }

    fn braced(&mut self, quoted: bool) -> Read<Part> {
        if self.starts_with("#") && !self.starts_with("#}") {
            self.at += 1;
            let name = self.name();
            return if self.take("}") {
                Ok(Part::Variable { name, change: Some((Change::Length, Word::default())), quoted })
            } else {
                Err(Refusal::Incomplete("`}'"))
            };
        }
        let name = self.name();
        if name.is_empty() {
            return Err(Refusal::Wrong(": bad substitution".to_owned()));
        }
        if self.take("}") {
            return Ok(Part::Variable { name, change: None, quoted });
        }
        let or_empty = self.take(":");
        let change = match self.peek() {
            Some('-') => Change::Default { or_empty },
            Some('+') => Change::Alternative { or_empty },
            Some('?') => Change::Demand { or_empty },
            Some('%') if !or_empty => Change::CutEnd { longest: self.starts_with("%%") },
            Some('#') if !or_empty => Change::CutStart { longest: self.starts_with("##") },
            None => return Err(Refusal::Incomplete("`}'")),
            _ => return Err(Refusal::Missing("`${…}` of this form: this shell knows :- :+ :? # ## % %% and ${#NAME}")),
        };
        self.at += match change {
            Change::CutStart { longest: true } | Change::CutEnd { longest: true } => 2,
            _ => 1,
        };
        let word = self.until_brace(quoted)?;
        Ok(Part::Variable { name, change: Some((change, word)), quoted })
    }

    fn until_brace(&mut self, quoted: bool) -> Read<Word> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        loop {
            match self.peek() {
                None => return Err(Refusal::Incomplete("`}'")),
                Some('}') => {
                    self.at += 1;
                    flush(&mut parts, &mut plain, quoted);
                    return Ok(Word(parts));
                }
                Some('"') if !quoted => {
                    flush(&mut parts, &mut plain, quoted);
                    self.at += 1;
                    self.double_quotes(&mut parts)?;
                }
                Some('\\') => {
                    self.at += 1;
                    if let Some(next) = self.peek() {
                        self.at += next.len_utf8();
                        plain.push(next);
                    }
                }
                Some('$') => self.dollar(&mut parts, &mut plain, quoted)?,
                Some(character) => {
                    self.at += character.len_utf8();
                    plain.push(character);
                }
            }
        }
    }

    fn arithmetic(&mut self) -> Read<Word> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut open = 0_u32;
        loop {
            match self.peek() {
                None => return Err(Refusal::Incomplete("`))'")),
                Some(')') if open == 0 => {
                    if !self.take("))") {
                        return Err(Refusal::Wrong(": `$((` needs `))`".to_owned()));
                    }
                    flush(&mut parts, &mut plain, true);
                    return Ok(Word(parts));
                }
                Some('$') => self.dollar(&mut parts, &mut plain, true)?,
                Some(character) => {
                    match character {
                        '(' => open += 1,
                        ')' => open -= 1,
                        _ => {}
                    }
                    self.at += character.len_utf8();
                    plain.push(character);
                }
            }
        }
    }
}

fn flush(parts: &mut Vec<Part>, plain: &mut String, quoted: bool) {
    if !plain.is_empty() {
        parts.push(Part::Text { text: std::mem::take(plain), quoted });
    }
}
