//! Reads a command line as a POSIX shell does, as far as labs go, and says what it does not do. It must not know how
//! commands are run.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use super::syntax::{AndOr, Change, Command, CommandKind, Join, List, Part, Pipeline, Redirect, Target, Word};

/// Commands inside commands: deeper ones come from a mistake, and each costs stack.
const NESTING_MAX: u32 = 40;

/// Why a command line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It goes on in the next line: a quote is open, a loop has no `done`.
    Incomplete(&'static str),
    /// It is wrong.
    Wrong(String),
    /// A real shell does this and ours does not.
    Missing(&'static str),
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete(what) => write!(formatter, "syntax error: unexpected end of the line, looking for {what}"),
            Self::Wrong(message) => write!(formatter, "syntax error {message}"),
            Self::Missing(what) => write!(formatter, "{what}"),
        }
    }
}

type Read<T> = Result<T, Refusal>;

/// Reads a command line.
pub(super) fn parse(text: &str) -> Read<List> {
    let mut parser = Parser { text, at: 0, depth: 0, pending: Vec::new() };
    let list = parser.list(&[])?;
    match parser.peek() {
        None => Ok(list),
        Some(_) => Err(parser.unexpected()),
    }
}

/// Reads the text of a here-document, in which only `$` and backslashes mean something.
fn here_text(text: &str, depth: u32) -> Read<Word> {
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

struct PendingHere {
    delimiter: String,
    literal: bool,
    strip_tabs: bool,
    text: Rc<OnceCell<Word>>,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    pending: Vec<PendingHere>,
}

const RESERVED: &[&str] = &["then", "elif", "else", "fi", "do", "done", "}", "in"];

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn starts_with(&self, prefix: &str) -> bool {
        self.rest().starts_with(prefix)
    }

    fn take(&mut self, prefix: &str) -> bool {
        let found = self.starts_with(prefix);
        if found {
            self.at += prefix.len();
        }
        found
    }

    fn unexpected(&self) -> Refusal {
        let rest = self.rest();
        let token = ["&&", "||", ";;", "<<", ">>"].into_iter().find(|token| rest.starts_with(token)).map(str::to_owned);
        let token = token.or_else(|| match self.peek()? {
            '\n' => Some("newline".to_owned()),
            character if is_operator(character) => Some(character.to_string()),
            _ => Some(rest.split(|character: char| character.is_whitespace() || is_operator(character)).next()?.chars().take(60).collect()),
        });
        Refusal::Wrong(format!("near unexpected token `{}'", token.unwrap_or_else(|| "newline".to_owned())))
    }

    /// Skips blanks, escaped line ends and a comment.
    fn blanks(&mut self) {
        loop {
            if self.take(" ") || self.take("\t") || self.take("\\\n") || self.take("\r\n") && self.back_to_newline() {
                continue;
            }
            if self.peek() == Some('#') {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            }
            return;
        }
    }

    fn back_to_newline(&mut self) -> bool {
        self.at -= 1;
        true
    }

    /// Skips blanks and line ends; a line end is where the texts of here-documents begin.
    fn lines(&mut self) -> Read<()> {
        loop {
            self.blanks();
            if !self.newline()? {
                return Ok(());
            }
        }
    }

    fn newline(&mut self) -> Read<bool> {
        if !self.take("\n") {
            return Ok(false);
        }
        for here in std::mem::take(&mut self.pending) {
            let mut body = String::new();
            loop {
                if self.at >= self.text.len() {
                    return Err(Refusal::Incomplete("the end of the here-document"));
                }
                let rest = self.rest();
                let end = rest.find('\n').unwrap_or(rest.len());
                let line = &rest[..end];
                let line = if here.strip_tabs { line.trim_start_matches('\t') } else { line };
                let found = line.strip_suffix('\r').unwrap_or(line) == here.delimiter;
                if !found {
                    body.push_str(line);
                    body.push('\n');
                }
                self.at += (end + 1).min(self.rest().len());
                if found {
                    break;
                }
            }
            let word = if here.literal { Word(vec![Part::Text { text: body, quoted: true }]) } else { here_text(&body, self.depth)? };
            let _ = here.text.set(word);
        }
        Ok(true)
    }

    /// The reserved word that stands here, if one does.
    fn reserved(&self, word: &str) -> bool {
        self.rest().strip_prefix(word).is_some_and(|behind| {
            behind.chars().next().is_none_or(|next| next.is_whitespace() || matches!(next, ';' | '&' | '|' | '(' | ')' | '<' | '>'))
        })
    }

    fn expect(&mut self, word: &'static str) -> Read<()> {
        self.lines()?;
        if self.reserved(word) {
            self.at += word.len();
            return Ok(());
        }
        if self.peek().is_none() { Err(Refusal::Incomplete(word)) } else { Err(self.unexpected()) }
    }

    /// Commands up to one of the closing words, a closing parenthesis, or the end.
    fn list(&mut self, closing: &[&'static str]) -> Read<List> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(too_deep());
        }
        let mut list = List::default();
        loop {
            self.lines()?;
            if self.peek().is_none_or(|character| character == ')') || closing.iter().any(|word| self.reserved(word)) {
                break;
            }
            list.0.push(self.and_or()?);
            self.blanks();
            if self.starts_with(";;") {
                return Err(self.unexpected());
            }
            if self.take(";") {
                continue;
            }
            if self.starts_with("&") && !self.starts_with("&&") {
                return Err(Refusal::Missing(
                    "`&`: this shell has no background; open the watch in the foreground and stop it with Ctrl+C, or bound it with `timeout 10 …`",
                ));
            }
            if !self.newline()? {
                break;
            }
        }
        self.depth -= 1;
        if !self.pending.is_empty() && self.peek().is_none() && self.depth == 0 {
            return Err(Refusal::Incomplete("the text of the here-document"));
        }
        Ok(list)
    }

    fn and_or(&mut self) -> Read<AndOr> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.blanks();
            let join = if self.take("&&") {
                Join::And
            } else if self.take("||") {
                Join::Or
            } else {
                return Ok(AndOr { first, rest });
            };
            self.lines()?;
            if self.peek().is_none() {
                return Err(Refusal::Incomplete("a command"));
            }
            rest.push((join, self.pipeline()?));
        }
    }

    fn pipeline(&mut self) -> Read<Pipeline> {
        self.blanks();
        let negated = self.reserved("!");
        if negated {
            self.at += 1;
        }
        let mut commands = vec![Rc::new(self.command()?)];
        loop {
            self.blanks();
            if self.starts_with("||") || !self.take("|") {
                return Ok(Pipeline { negated, commands });
            }
            if self.take("&") {
                return Err(Refusal::Missing("`|&`: write `2>&1 |`"));
            }
            self.lines()?;
            if self.peek().is_none() {
                return Err(Refusal::Incomplete("a command"));
            }
            commands.push(Rc::new(self.command()?));
        }
    }

    fn command(&mut self) -> Read<Command> {
        self.blanks();
        for (word, message) in [
            ("case", "`case`: this shell has no case; use `if [ … = … ]`"),
            ("select", "`select`: this shell has no menus"),
            ("function", "`function`: this shell has no functions"),
            ("[[", "`[[`: this shell knows `[ … ]`"),
            ("coproc", "`coproc`: this shell has no background"),
        ] {
            if self.reserved(word) {
                return Err(Refusal::Missing(message));
            }
        }
        if RESERVED.iter().any(|word| *word != "in" && self.reserved(word)) {
            return Err(self.unexpected());
        }
        let kind = if self.starts_with("((") {
            return Err(Refusal::Missing("`((…))`: this shell computes in `$((…))` and compares in `[ … ]`"));
        } else if self.take("(") {
            let list = self.list(&[])?;
            if !self.take(")") {
                return Err(Refusal::Incomplete("`)'"));
            }
            CommandKind::Subshell(Rc::new(list))
        } else if self.reserved("{") {
            self.at += 1;
            let list = self.list(&["}"])?;
            self.expect("}")?;
            CommandKind::Group(Rc::new(list))
        } else if self.reserved("if") {
            self.at += 2;
            self.conditional()?
        } else if self.reserved("for") {
            self.at += 3;
            self.for_loop()?
        } else if self.reserved("while") || self.reserved("until") {
            let until = self.reserved("until");
            self.at += 5;
            let condition = Rc::new(self.list(&["do"])?);
            CommandKind::While { until, condition, body: self.body()? }
        } else {
            return self.simple();
        };
        let mut redirects = Vec::new();
        loop {
            self.blanks();
            match self.redirect()? {
                Some(redirect) => redirects.push(redirect),
                None => return Ok(Command { kind, redirects }),
            }
        }
    }

    fn conditional(&mut self) -> Read<CommandKind> {
        let mut branches = Vec::new();
        loop {
            let condition = Rc::new(self.list(&["then"])?);
            self.expect("then")?;
            let body = Rc::new(self.list(&["elif", "else", "fi"])?);
            branches.push((condition, body));
            if self.reserved("elif") {
                self.at += 4;
                continue;
            }
            let otherwise = if self.reserved("else") {
                self.at += 4;
                Some(Rc::new(self.list(&["fi"])?))
            } else {
                None
            };
            self.expect("fi")?;
            return Ok(CommandKind::If { branches, otherwise });
        }
    }

    fn for_loop(&mut self) -> Read<CommandKind> {
        self.blanks();
        if self.starts_with("((") {
            return Err(Refusal::Missing("`for ((…))`: write `for i in $(seq 0 2); do … done`"));
        }
        let end = self.rest().find(|character: char| !(character.is_ascii_alphanumeric() || character == '_')).unwrap_or(self.rest().len());
        let name = self.rest()[..end].to_owned();
        if name.is_empty() {
            return if self.peek().is_none() { Err(Refusal::Incomplete("a name behind `for'")) } else { Err(self.unexpected()) };
        }
        self.at += end;
        self.lines()?;
        let mut words = None;
        if self.reserved("in") {
            self.at += 2;
            let list = words.insert(Vec::new());
            loop {
                self.blanks();
                match self.word()? {
                    Some(word) => list.push(word),
                    None => break,
                }
            }
        }
        self.blanks();
        self.take(";");
        Ok(CommandKind::For { name, words, body: self.body()? })
    }

    fn body(&mut self) -> Read<Rc<List>> {
        self.expect("do")?;
        let body = self.list(&["done"])?;
        self.expect("done")?;
        Ok(Rc::new(body))
    }

    fn simple(&mut self) -> Read<Command> {
        let (mut assignments, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            self.blanks();
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            if words.is_empty()
                && let Some(name) = self.assigned_name()
            {
                self.at += name.len() + 1;
                if self.starts_with("(") {
                    return Err(Refusal::Missing("`NAME=(…)`: this shell has no arrays"));
                }
                assignments.push((name, self.word()?.unwrap_or_default()));
                continue;
            }
            match self.word()? {
                Some(word) => words.push(word),
                None => break,
            }
            if words.len() == 1 && self.starts_with("()") {
                return Err(Refusal::Missing("`NAME()`: this shell has no functions"));
            }
        }
        if words.is_empty() && assignments.is_empty() && redirects.is_empty() {
            return if self.peek().is_none() { Err(Refusal::Incomplete("a command")) } else { Err(self.unexpected()) };
        }
        Ok(Command { kind: CommandKind::Simple { assignments, words }, redirects })
    }

    fn assigned_name(&self) -> Option<String> {
        let rest = self.rest();
        let end = rest.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))?;
        let name = &rest[..end];
        (rest[end..].starts_with('=') && !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit()))
            .then(|| name.to_owned())
    }

    fn redirect(&mut self) -> Read<Option<Redirect>> {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let operator = &self.rest()[digits..];
        if !(operator.starts_with('<') || operator.starts_with('>')) || digits > 1 {
            if self.starts_with("&>") {
                return Err(Refusal::Missing("`&>`: write `> FILE 2>&1`"));
            }
            return Ok(None);
        }
        if operator.starts_with("<(") || operator.starts_with(">(") {
            return Err(Refusal::Missing("`<(…)`: this shell has no process substitution; use a pipe"));
        }
        let given: Option<u8> = self.rest()[..digits].parse().ok();
        self.at += digits;
        let descriptor = given.unwrap_or(u8::from(self.starts_with(">")));
        if descriptor > 2 {
            return Err(Refusal::Missing("redirections of descriptors above 2: this shell has 0, 1 and 2"));
        }
        if self.take("<<<") {
            let word = self.target()?;
            let text = Rc::new(OnceCell::new());
            let mut parts = word.0;
            parts.push(Part::Text { text: "\n".to_owned(), quoted: true });
            let _ = text.set(Word(parts));
            return Ok(Some(Redirect { descriptor, target: Target::Here(text) }));
        }
        if self.take("<<") {
            let strip_tabs = self.take("-");
            let word = self.target()?;
            let literal = word.0.iter().any(|part| matches!(part, Part::Text { quoted: true, .. }));
            let delimiter = word.0.iter().map(|part| if let Part::Text { text, .. } = part { text.as_str() } else { "" }).collect();
            let text = Rc::new(OnceCell::new());
            self.pending.push(PendingHere { delimiter, literal, strip_tabs, text: text.clone() });
            return Ok(Some(Redirect { descriptor, target: Target::Here(text) }));
        }
        let target = if self.take(">&") {
            let word = self.target()?;
            match word.0.as_slice() {
                [Part::Text { text, .. }] if text == "1" || text == "2" => Target::Same(if text == "1" { 1 } else { 2 }),
                _ => return Err(Refusal::Missing("`>&` with something else than 1 or 2: write `> FILE 2>&1`")),
            }
        } else if self.take(">>") {
            Target::Append(self.target()?)
        } else if self.take(">|") || self.take(">") {
            Target::Write(self.target()?)
        } else if self.starts_with("<&") || self.starts_with("<>") {
            return Err(Refusal::Missing("`<&` and `<>`: this shell reads files with `<`"));
        } else {
            self.at += 1;
            Target::Read(self.target()?)
        };
        Ok(Some(Redirect { descriptor, target }))
    }

    fn target(&mut self) -> Read<Word> {
        self.blanks();
        match self.word()? {
            Some(word) => Ok(word),
            None if self.peek().is_none() => Err(Refusal::Wrong("near unexpected token `newline'".to_owned())),
            None => Err(self.unexpected()),
        }
    }

    /// A word; `None` where none stands here.
    fn word(&mut self) -> Read<Option<Word>> {
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

fn too_deep() -> Refusal {
    Refusal::Wrong(format!(": more than {NESTING_MAX} commands inside each other"))
}

fn is_operator(character: char) -> bool {
    matches!(character, ';' | '&' | '|' | '<' | '>' | '(' | ')' | '\n')
}

fn flush(parts: &mut Vec<Part>, plain: &mut String, quoted: bool) {
    if !plain.is_empty() {
        parts.push(Part::Text { text: std::mem::take(plain), quoted });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_go_on_are_told_from_wrong_ones() {
        for text in [
            "echo 'a",
            "echo \"a",
            "for i in 1 2; do echo",
            "if true; then",
            "cat <<EOF\na",
            "cat <<EOF",
            "a |",
            "a &&",
            "echo $(",
            "a \\",
            "(a",
            "{ a;",
            "echo ${x",
            "while true",
        ] {
            assert!(matches!(parse(text), Err(Refusal::Incomplete(_))), "{text:?}: {:?}", parse(text));
        }
        for text in ["a ;; b", ")", "| a", "a | | b", "done", "a && ; b", "> ", "fi", "for 'x' in a; do b; done", "$(( 1 )"] {
            assert!(matches!(parse(text), Err(Refusal::Wrong(_))), "{text:?}: {:?}", parse(text));
        }
        for text in
            ["a &", "f() { a; }", "case x in y) z;; esac", "[[ a ]]", "x=(1 2)", "diff <(a) b", "a |& b", "${x/a/b}", "a &> b", "a 3> b"]
        {
            assert!(matches!(parse(text), Err(Refusal::Missing(_))), "{text:?}: {:?}", parse(text));
        }
        for text in [
            "",
            "# only a note",
            "a;b;",
            "a && b || c | d > e 2>&1",
            "for i in $(seq 0 $((${N} - 1)));do\n echo \"${A}${A:+,}x\"\ndone",
            "cat <<EOF | b\nx\nEOF\n",
            "a\n\nb",
            "{ a; b; } > c",
            "if a; then b; elif c; then d; else e; fi",
            "echo a#b '#' # c",
        ] {
            assert!(parse(text).is_ok(), "{text:?}: {:?}", parse(text));
        }
    }

    #[test]
    fn nesting_is_bounded() {
        for text in [
            "(".repeat(100_000),
            "$(".repeat(10_000),
            "{ ".repeat(10_000),
            "${a:-".repeat(10_000),
            "if ".repeat(10_000),
            "\"$(".repeat(10_000),
        ] {
            assert!(parse(&text).is_err());
        }
    }
}
