//! Reads a command line as a POSIX shell does, as far as labs go, and says what it does not do. It must not know how
//! commands are run.

mod redirect;
mod word;

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use super::syntax::{AndOr, Command, CommandKind, Join, List, Pipeline, Word};

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
            ("time", "`time`: this shell has no stopwatch; the page shows how long each command took, and `date` tells the cluster's time"),
        ] {
            if self.reserved(word) {
                return Err(Refusal::Missing(message));
            }
        }
        if self
            .rest()
            .strip_prefix('!')
            .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_alphanumeric() || "!$-".contains(next)))
        {
            return Err(Refusal::Missing("`!!`: this shell does not expand earlier lines; the arrow up brings them back"));
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
            if words.len() == 1 && self.rest().trim_start_matches([' ', '\t']).starts_with('(') {
                let inside = self.rest().trim_start_matches([' ', '\t']).trim_start_matches('(');
                if inside.trim_start_matches([' ', '\t']).starts_with(')') {
                    return Err(Refusal::Missing("`NAME()`: this shell has no functions"));
                }
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
}

fn too_deep() -> Refusal {
    Refusal::Wrong(format!(": more than {NESTING_MAX} commands inside each other"))
}

fn is_operator(character: char) -> bool {
    matches!(character, ';' | '&' | '|' | '<' | '>' | '(' | ')' | '\n')
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
        for text in [
            "a &",
            "f() { a; }",
            "f () { a; }",
            "f( ) { a; }",
            "time a",
            "time for i in 1; do a; done",
            "!!",
            "!! | b",
            "!$",
            "case x in y) z;; esac",
            "[[ a ]]",
            "x=(1 2)",
            "diff <(a) b",
            "a |& b",
            "${x/a/b}",
            "a &> b",
            "a 3> b",
        ] {
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
