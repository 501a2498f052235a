//! Reads redirections and the texts of here-documents. It must not know commands.

use std::cell::OnceCell;
use std::rc::Rc;

use super::word::here_text;
use super::{Parser, PendingHere, Read, Refusal};
use crate::shell::syntax::{Part, Redirect, Target, Word};

impl Parser<'_> {
    /// A line end, behind which the texts of here-documents stand.
    pub(super) fn newline(&mut self) -> Read<bool> {
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

    /// A redirection, if one stands here.
    pub(super) fn redirect(&mut self) -> Read<Option<Redirect>> {
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

    pub(super) fn target(&mut self) -> Read<Word> {
        self.blanks();
        match self.word()? {
            Some(word) => Ok(word),
            None if self.peek().is_none() => Err(Refusal::Wrong("near unexpected token `newline'".to_owned())),
            None => Err(self.unexpected()),
        }
    }
}
