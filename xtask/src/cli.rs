//! The command line: what is a flag, what is a value, what is left over, and what was perhaps meant.
//!
//! Knows no verb; `main` holds their table.

use crate::failure::{Failure, Result};
use std::collections::VecDeque;

/// The arguments after the verb, taken one by one by the verb that understands them.
pub(crate) struct Args {
    left: VecDeque<String>,
    known: Vec<&'static str>,
}

impl Args {
    /// Wraps what came after the verb.
    pub(crate) fn new(args: impl IntoIterator<Item = String>) -> Self {
        Self { left: args.into_iter().collect(), known: Vec::new() }
    }

    /// Takes a flag such as `--release`; true if it was there.
    pub(crate) fn flag(&mut self, name: &'static str) -> bool {
        self.known.push(name);
        let before = self.left.len();
        self.left.retain(|arg| arg != name);
        self.left.len() < before
    }

    /// Takes an option with a value, as `--port 8081` or `--port=8081`. The last one wins.
    pub(crate) fn value(&mut self, name: &'static str) -> Result<Option<String>> {
        self.known.push(name);
        let mut found = None;
        let mut rest = VecDeque::new();
        while let Some(arg) = self.left.pop_front() {
            if arg == name {
                let Some(value) = self.left.pop_front() else {
                    return Err(Failure::new(format!("{name} wants a value, as in `{name} VALUE`.")));
                };
                found = Some(value);
            } else if let Some(value) = arg.strip_prefix(name).and_then(|tail| tail.strip_prefix('=')) {
                found = Some(value.to_owned());
            } else {
                rest.push_back(arg);
            }
        }
        self.left = rest;
        Ok(found)
    }

    /// What is left are words, not options: filters, for example.
    pub(crate) fn words(self) -> Result<Vec<String>> {
        match self.left.iter().find(|arg| arg.starts_with('-')) {
            Some(unknown) => Err(self.unknown(unknown)),
            None => Ok(self.left.into()),
        }
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<()> {
        match self.left.front() {
            Some(unknown) => Err(self.unknown(unknown)),
            None => Ok(()),
        }
    }

    fn unknown(&self, arg: &str) -> Failure {
        let failure = Failure::new(format!("{arg} is not an option of this verb."));
        match closest(arg, self.known.iter().copied()) {
            Some(meant) => failure.remedy(format!("did you mean {meant}? The verb's --help lists all options.")),
            None => failure.remedy("the verb's --help lists its options."),
        }
    }
}

/// The candidate that was probably meant, if one is near enough to be a typing error.
pub(crate) fn closest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = typed.trim_start_matches('-').len().div_ceil(3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| {
            let prefix = typed.len() >= 2 && candidate.starts_with(typed);
            (if prefix { 0 } else { distance(typed, candidate) }, candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be added, dropped, changed or swapped with their neighbour to get from one word to the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_and_values_are_found_anywhere_and_the_rest_are_words() {
        let mut args = args("partition --native --port=1 dns --port 8081");
        assert!(args.flag("--native"));
        assert!(!args.flag("--wasm"));
        assert_eq!(args.value("--port").unwrap().as_deref(), Some("8081"));
        assert_eq!(args.words().unwrap(), ["partition", "dns"]);
    }

    #[test]
    fn a_value_that_is_missing_is_said() {
        assert!(args("--port").value("--port").unwrap_err().to_string().contains("wants a value"));
    }

    #[test]
    fn an_unknown_option_names_the_one_that_was_meant() {
        let mut args = args("--relaese");
        args.flag("--release");
        assert!(args.finish().unwrap_err().to_string().contains("did you mean --release?"));
    }

    #[test]
    fn a_typing_error_finds_the_verb_and_a_stranger_does_not() {
        let verbs = ["serve", "build", "test", "check", "bench", "conformance", "setup", "screenshots"];
        assert_eq!(closest("sevre", verbs), Some("serve"));
        assert_eq!(closest("tset", verbs), Some("test"));
        assert_eq!(closest("set-up", verbs), Some("setup"));
        assert_eq!(closest("screen", verbs), Some("screenshots"));
        assert_eq!(closest("deploy", verbs), None);
    }
}
