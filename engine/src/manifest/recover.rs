//! Reads one document, and where the text is broken, repairs a copy of it by a guess and reads on, so that all
//! problems show at once. The loop is here; the guesses are in `guess`. It must not know Kubernetes kinds.

use super::chunks::Chunk;
use super::guess::{self, Candidate, Trouble};
use super::node::{Comment, Node};
use super::position::{Lines, Range};
use super::problem::{Problem, Severity};
use super::shadow::{Edit, Shadow};
use super::tree::{self, Built, NESTING_MAX};
use super::{value, verdict};

/// Repairs tried in one document: beyond that it is another format.
const REPAIRS_MAX: usize = 60;

/// Bytes read again while trying repairs, for a whole text: some tens of milliseconds at most.
const RETRY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// What is left to spend on repairs.
pub(crate) struct Budget {
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { bytes: RETRY_BYTES_MAX }
    }
}

impl Budget {
    /// Takes the price of reading `bytes` again; false where nothing is left.
    fn spend(&mut self, bytes: usize) -> bool {
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.unwrap_or(0);
        left.is_some()
    }
}

/// What a document gave.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) root: Option<Node>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) unknown_aliases: Vec<(String, Range)>,
    /// go-yaml's complaint about the text as written.
    pub(crate) refusal: Option<String>,
}

/// Reads the document at `chunk` of `text`.
pub(crate) fn read(text: &str, lines: &Lines, chunk: Chunk, budget: &mut Budget) -> Outcome {
    let original = text.get(chunk.start..chunk.end).unwrap_or("");
    let mut reader = Reader { text, lines, chunk, shadow: Shadow::new(original), outcome: Outcome::default() };
    reader.run(budget);
    reader.outcome
}

struct Reader<'a> {
    text: &'a str,
    lines: &'a Lines,
    chunk: Chunk,
    shadow: Shadow<'a>,
    outcome: Outcome,
}

impl Reader<'_> {
    fn run(&mut self, budget: &mut Budget) {
        // The tree comes first: its limit on nesting protects everything after it.
        let mut built = self.build(&self.shadow);
        if self.too_deep(&built) {
            self.finish(built);
            return;
        }
        let mut verdict = verdict::ask(self.shadow.text());
        if let Err(refusal) = &verdict {
            self.outcome.refusal = Some(refusal.go_yaml());
        }
        if self.odd_characters() {
            built = self.build(&self.shadow);
            verdict = verdict::ask(self.shadow.text());
        }
        for _ in 0..REPAIRS_MAX {
            let Some(trouble) = trouble(&self.shadow, &built, verdict.as_ref().err()) else {
                break;
            };
            let Some(candidate) = self.choose(&trouble, budget) else {
                self.give_up(&trouble);
                built = self.build(&self.shadow);
                break;
            };
            self.accept(&candidate, verdict.is_err());
            self.shadow.apply(&candidate.edits);
            built = self.build(&self.shadow);
            if self.too_deep(&built) {
                break;
            }
            verdict = verdict::ask(self.shadow.text());
        }
        self.finish(built);
    }

    fn build(&self, shadow: &Shadow<'_>) -> Built {
        let place = |start: usize, end: usize| self.range(shadow.original(start), shadow.original(end));
        tree::build(shadow.text(), &place)
    }

    /// A range of the whole text from bytes of this document.
    fn range(&self, start: usize, end: usize) -> Range {
        self.lines.range(self.text, self.chunk.start + start, self.chunk.start + end)
    }

    fn problem(&self, code: &'static str, severity: Severity, start: usize, end: usize) -> Problem {
        Problem::at(code, severity, self.text, self.lines, self.range(start, end))
    }

    fn too_deep(&mut self, built: &Built) -> bool {
        let Some(error) = &built.error else {
            return false;
        };
        if error.kind != granit_parser::ErrorKind::RecursionLimitExceeded {
            return false;
        }
        let at = self.shadow.original(error.byte);
        let problem = self.problem("nesting-too-deep", Severity::Error, at, at + 1).arg("limit", NESTING_MAX.to_string());
        self.outcome.problems.push(problem);
        self.outcome.refusal.get_or_insert_with(|| "yaml: exceeded max depth of 10000".to_owned());
        true
    }

    /// Characters that YAML forbids anywhere become blanks; a byte order mark inside the text is taken out.
    fn odd_characters(&mut self) -> bool {
        let original = self.text.get(self.chunk.start..self.chunk.end).unwrap_or("");
        let mut edits = Vec::new();
        for (at, c) in original.char_indices() {
            let (code, severity, with) = match c {
                '\u{feff}' if self.outcome.refusal.is_some() => ("byte-order-mark", Severity::Error, ""),
                '\u{feff}' => ("byte-order-mark", Severity::Warning, ""),
                '\t' | '\n' | '\r' | '\u{85}' => continue,
                c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => ("control-character", Severity::Error, " "),
                _ => continue,
            };
            let end = at + c.len_utf8();
            edits.push(Edit { start: at, end, with: with.to_owned() });
            if edits.len() <= super::read::PROBLEMS_MAX {
                let range = self.range(at, end);
                let problem = self.problem(code, severity, at, end).arg("character", format!("U+{:04X}", u32::from(c))).fix(range, "");
                self.outcome.problems.push(problem);
            }
        }
        self.shadow.apply_all(edits)
    }

    /// The candidate after which the text reads furthest, then with the fewest repeated keys; the earlier one where two
    /// are as good.
    fn choose(&self, trouble: &Trouble, budget: &mut Budget) -> Option<Candidate> {
        let mut best: Option<((usize, std::cmp::Reverse<usize>), Candidate)> = None;
        for candidate in guess::candidates(&self.shadow, trouble) {
            if !budget.spend(self.shadow.text().len() * 2) {
                break;
            }
            let mut trial = self.shadow.clone();
            trial.apply(&candidate.edits);
            if trial.text() == self.shadow.text() {
                continue;
            }
            let built = tree::build(trial.text(), &|_, _| Range::default());
            let verdict = verdict::ask(trial.text());
            let repeated = built.root.as_ref().map_or(0, value::repeated_keys);
            let line = self::trouble(&trial, &built, verdict.as_ref().err()).map_or(usize::MAX, |next| next.line);
            let score = (line, std::cmp::Reverse(repeated));
            if line == usize::MAX && repeated == 0 && !candidate.blanks {
                return Some(candidate);
            }
            let progress = line > trouble.line || candidate.blanks;
            if progress && best.as_ref().is_none_or(|(top, _)| score > *top) {
                best = Some((score, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
    }

    /// Turns the chosen candidate into problems.
    fn accept(&mut self, candidate: &Candidate, refused: bool) {
        let severity = if refused { Severity::Error } else { Severity::Warning };
        for note in &candidate.notes {
            let mut problem = self.problem(note.code, severity, note.start, note.end);
            for (name, value) in &note.args {
                problem = problem.arg(name, value.clone());
            }
            if let Some(edit) = &note.fix {
                let range = self.range(edit.start, edit.end);
                problem = problem.fix(range, edit.with.clone());
            }
            self.outcome.problems.push(problem);
        }
    }

    /// Nothing helps: says so and keeps what stands before the trouble.
    fn give_up(&mut self, trouble: &Trouble) {
        let (start, end) = self.shadow.original_line(trouble.line);
        let problem = self.problem("yaml-syntax", Severity::Error, start, end).arg("words", trouble.words.clone());
        self.outcome.problems.push(problem);
        let len = self.chunk.end - self.chunk.start;
        self.shadow.apply(&[Edit { start, end: len, with: String::new() }]);
    }

    fn finish(&mut self, built: Built) {
        if let Some(from) = built.ignored_from {
            let at = self.shadow.original(from);
            let problem = self.problem("document-ignored", Severity::Warning, at, at + 3);
            self.outcome.problems.push(problem);
        }
        self.outcome.root = built.root;
        self.outcome.comments = built.comments;
        self.outcome.unknown_aliases = built.unknown_aliases;
    }
}

/// What stops the reading of `shadow`, by kubectl's reader first, else by ours.
fn trouble(shadow: &Shadow<'_>, built: &Built, refusal: Option<&verdict::Refusal>) -> Option<Trouble> {
    if let Some(refusal) = refusal {
        return Some(Trouble { line: refusal.line, context_line: refusal.context_line, words: refusal.problem.clone() });
    }
    let error = built.error.as_ref()?;
    let line = shadow.line_of(error.byte);
    Some(Trouble { line, context_line: None, words: error.kind.to_string() })
}
