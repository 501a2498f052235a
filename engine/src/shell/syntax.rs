//! What a command line means: lists, pipelines, commands, words. It must not know how they are read or run.

use std::cell::OnceCell;
use std::rc::Rc;

/// Commands one after the other.
#[derive(Debug, Default)]
pub(super) struct List(pub(super) Vec<AndOr>);

/// Pipelines joined by `&&` and `||`.
#[derive(Debug)]
pub(super) struct AndOr {
    pub(super) first: Pipeline,
    pub(super) rest: Vec<(Join, Pipeline)>,
}

/// How a pipeline follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// `&&`.
    And,
    /// `||`.
    Or,
}

/// Commands joined by `|`.
#[derive(Debug)]
pub(super) struct Pipeline {
    /// Whether `!` stands before it.
    pub(super) negated: bool,
    pub(super) commands: Vec<Rc<Command>>,
}

/// A command with its redirections.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) kind: CommandKind,
    pub(super) redirects: Vec<Redirect>,
}

/// What kind of command.
#[derive(Debug)]
pub(super) enum CommandKind {
    /// Assignments, then a program's name and arguments.
    Simple { assignments: Vec<(String, Word)>, words: Vec<Word> },
    /// `if … then … elif … else … fi`.
    If { branches: Vec<(Rc<List>, Rc<List>)>, otherwise: Option<Rc<List>> },
    /// `for NAME in WORDS; do … done`; no words where `in` is left out.
    For { name: String, words: Option<Vec<Word>>, body: Rc<List> },
    /// `while … do … done`, or `until`.
    While { until: bool, condition: Rc<List>, body: Rc<List> },
    /// `{ …; }`.
    Group(Rc<List>),
    /// `( … )`.
    Subshell(Rc<List>),
}

/// A redirection.
#[derive(Debug)]
pub(super) struct Redirect {
    /// 0, 1 or 2.
    pub(super) descriptor: u8,
    pub(super) target: Target,
}

/// Where a redirection leads.
#[derive(Debug)]
pub(super) enum Target {
    /// `< FILE`.
    Read(Word),
    /// `> FILE`.
    Write(Word),
    /// `>> FILE`.
    Append(Word),
    /// `>&1`.
    Same(u8),
    /// `<<EOF` or `<<<`: the text, known once its lines have been read.
    Here(Rc<OnceCell<Word>>),
}

/// A word before it is expanded.
#[derive(Clone, Debug, Default)]
pub(super) struct Word(pub(super) Vec<Part>);

/// A part of a word.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// Plain text; quoted text is neither split nor matched against files.
    Text { text: String, quoted: bool },
    /// `$NAME`, `${NAME:-word}`.
    Variable { name: String, change: Option<(Change, Word)>, quoted: bool },
    /// `$(…)`.
    Command { list: Rc<List>, quoted: bool },
    /// `$((…))`.
    Arithmetic { expression: Word, quoted: bool },
}

/// What `${NAME…}` does with the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// `:-`, `-`: the word where the variable is unset, and with a colon where it is empty.
    Default { or_empty: bool },
    /// `:+`, `+`: the word where the variable is set.
    Alternative { or_empty: bool },
    /// `:?`, `?`: an error where the variable is unset.
    Demand { or_empty: bool },
    /// `#`, `##`: without the shortest or longest matching beginning.
    CutStart { longest: bool },
    /// `%`, `%%`: without the shortest or longest matching end.
    CutEnd { longest: bool },
    /// `${#NAME}`: how long the value is.
    Length,
}
