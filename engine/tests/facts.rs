//! What simulators get wrong and a real cluster was seen to do, one fact a file in `tests/facts`: a script, with what each
//! command must print beneath it. `= TEXT` is part of a line, behind what the `=` before it found, with any run of spaces
//! as one; `! TEXT` stands nowhere in the output. The number of a file is the fact's.

use std::fs;
use std::path::{Path, PathBuf};

use statefulset_engine::script::{self, Options};

/// How many facts there are; some have several files.
const FACTS: usize = 62;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/facts")
}

/// The manifest that most facts begin with is that of the scenarios.
fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/scenarios")
}

/// What is said of one command's output.
#[derive(Debug, PartialEq, Eq)]
enum Claim {
    Printed(String),
    Absent(String),
}

struct Fact {
    name: String,
    script: String,
    /// The commands in their order, each with the line of the file and what is said of its output.
    commands: Vec<(usize, String, Vec<Claim>)>,
}

impl Fact {
    /// # Panics
    /// When a claim has no command before it, or nothing at all is claimed.
    fn read(name: &str, text: &str) -> Self {
        let mut fact = Self { name: name.to_owned(), script: String::new(), commands: Vec::new() };
        let mut in_file = false;
        for (index, line) in text.lines().enumerate() {
            in_file = (in_file || line.starts_with("@file ")) && line != "@end";
            let claim = match line.split_once(' ') {
                Some(("=", text)) if !in_file => Some(Claim::Printed(squeezed(text))),
                Some(("!", text)) if !in_file => Some(Claim::Absent(squeezed(text))),
                _ => None,
            };
            if let Some(claim) = claim {
                let (.., claims) = fact.commands.last_mut().unwrap_or_else(|| panic!("{name}:{}: no command", index + 1));
                claims.push(claim);
                // Line numbers stay those of the file.
                fact.script.push('\n');
                continue;
            }
            if let (Some(command), false) = (line.strip_prefix("$ "), in_file) {
                fact.commands.push((index + 1, command.to_owned(), Vec::new()));
            }
            fact.script.push_str(line);
            fact.script.push('\n');
        }
        let claimed = fact.commands.iter().any(|(.., claims)| claims.iter().any(|claim| matches!(claim, Claim::Printed(_))));
        assert!(claimed, "{name}: claims nothing");
        fact
    }

    fn number(&self) -> usize {
        self.name.split('-').next().and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{}: no number", self.name))
    }

    /// What of the file does not hold.
    fn failures(&self) -> Vec<String> {
        let output = script::run(&self.script, &|file| fs::read_to_string(scenarios().join(file)).ok(), &Options::default())
            .unwrap_or_else(|error| panic!("{}:{}: {}", self.name, error.line, error.message));
        let printed: Vec<String> = output.session.jobs().map(|(_, job)| format!("{}{}", job.streams.out, job.streams.err)).collect();
        assert_eq!(printed.len(), self.commands.len(), "{}: every command is run", self.name);
        let mut failures = Vec::new();
        for ((line, command, claims), printed) in self.commands.iter().zip(&printed) {
            let unmet: Vec<String> = unmet(printed, claims).collect();
            if !unmet.is_empty() {
                failures.push(format!("{}:{line}: $ {command}\n{}\n{printed}", self.name, unmet.join("\n")));
            }
        }
        failures
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unmet<'a>(printed: &str, claims: &'a [Claim]) -> impl Iterator<Item = String> + 'a {
    let lines: Vec<String> = printed.lines().map(squeezed).collect();
    // A line may bear several claims: the place of the last one found, its line and the column behind it.
    let mut from = (0, 0);
    claims.iter().filter_map(move |claim| match claim {
        Claim::Printed(text) => {
            let found = (from.0..lines.len()).find_map(|line| {
                let column = if line == from.0 { from.1 } else { 0 };
                lines[line][column..].find(text.as_str()).map(|at| (line, column + at + text.len()))
            });
            match found {
                Some(place) => {
                    from = place;
                    None
                }
                None => Some(format!("not printed: {text}")),
            }
        }
        Claim::Absent(text) => lines.iter().any(|line| line.contains(text.as_str())).then(|| format!("printed: {text}")),
    })
}

fn facts() -> Vec<Fact> {
    let mut facts: Vec<Fact> = fs::read_dir(folder())
        .expect("the facts are in the repository")
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.strip_suffix(".txt")?.to_owned();
            Some(Fact::read(&name, &fs::read_to_string(&path).ok()?))
        })
        .collect();
    facts.sort_by(|one, other| one.name.cmp(&other.name));
    facts
}

#[test]
fn every_fact_holds() {
    let failures: Vec<String> = facts().iter().flat_map(Fact::failures).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_fact_has_a_file() {
    let mut numbers: Vec<usize> = facts().iter().map(Fact::number).collect();
    numbers.dedup();
    assert_eq!(numbers, (1..=FACTS).collect::<Vec<_>>());
}

#[test]
fn a_claim_that_does_not_hold_is_found() {
    let claims = [Claim::Printed("web-0 1/1".to_owned()), Claim::Printed("Running".to_owned()), Claim::Absent("web-1".to_owned())];
    assert_eq!(unmet("web-0   1/1   Running\n", &claims).count(), 0);
    assert_eq!(unmet("web-0   1/1   Pending\nweb-1   0/1\n", &claims).collect::<Vec<_>>(), ["not printed: Running", "printed: web-1"]);
    assert_eq!(unmet("Running web-0   1/1\n", &claims).collect::<Vec<_>>(), ["not printed: Running"]);
}
