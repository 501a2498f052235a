//! Replays recordings of a real control plane and compares what ours does with what the real one did.
//!
//! `cargo xtask conformance` runs this with `CONFORMANCE_VERBOSE=1`, which prints the first difference of each recording.
//! A recording that is known to differ is listed in `known.txt` with the reason and with each thing that differs; it fails
//! once anything else differs, and once something listed does not, so that the list only shrinks.

mod normalise;
mod recording;
mod replay;
mod sequences;
mod significant;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

/// The folder of the recordings.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance")
}

/// How one recording came out.
struct Outcome {
    name: String,
    events: (usize, usize),
    outputs: (usize, usize),
    /// The first few differences, in words.
    differences: Vec<String>,
}

impl Outcome {
    fn equal(&self) -> bool {
        self.differences.is_empty()
    }
}

/// A recording that is known to differ.
#[derive(Default)]
struct Known {
    reason: &'static str,
    /// Each difference that is known, by its first line.
    items: Vec<&'static str>,
}

/// Reads `known.txt`: a line `name: reason`, and the differences indented below it.
fn known() -> BTreeMap<&'static str, Known> {
    let mut known: BTreeMap<&str, Known> = BTreeMap::new();
    let mut last = "";
    for line in include_str!("known.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(item) = line.strip_prefix("    ") {
            known.entry(last).or_default().items.push(item);
        } else if let Some((name, reason)) = line.split_once(": ") {
            known.insert(name, Known { reason, items: Vec::new() });
            last = name;
        }
    }
    known
}

/// The first line of a difference, without the times of our own run.
fn item(difference: &str) -> &str {
    let line = difference.lines().next().unwrap_or_default();
    line.strip_prefix("ours, not recorded: ").and_then(|words| words.split_once(", at ")).map_or(line, |(words, _)| words)
}

fn main() -> ExitCode {
    statefulset_engine::texts::DESCRIPTIONS.fill(include_str!("../../../static/schema/descriptions-1.36.txt"));
    let filter: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let verbose = std::env::var_os("CONFORMANCE_VERBOSE").is_some();
    let wanted = |name: &str| filter.is_empty() || filter.iter().any(|part| name.contains(part.as_str()));
    let known = known();
    let calls = recording::Calls::read(&root().join("runs"));
    let mut outcomes = Vec::new();
    for name in recording::names(&root().join("runs")).into_iter().filter(|name| wanted(name)) {
        outcomes.push(replay::compare(&root(), &name, &calls));
    }
    for name in recording::names(&root().join("sequences")).into_iter().filter(|name| wanted(&format!("sequence-{name}"))) {
        outcomes.push(sequences::compare(&root(), &name));
    }
    println!("{:<52} {:>13} {:>13}", "recording", "events", "outputs");
    let (mut passed, mut failed) = (0, 0);
    for outcome in &outcomes {
        let none = Known::default();
        let expected = known.get(outcome.name.as_str()).unwrap_or(&none);
        let found: Vec<&str> = outcome.differences.iter().map(|difference| item(difference)).collect();
        let good = found == expected.items;
        let verdict = match (outcome.equal(), good) {
            (true, true) => "equal".to_owned(),
            (false, true) => format!("differs, as known: {}", expected.reason),
            (true, false) => "EQUAL, but listed in known.txt: take it off the list".to_owned(),
            (false, false) => "DIFFERS, otherwise than known".to_owned(),
        };
        if good {
            passed += 1
        } else {
            failed += 1
        }
        let share = |(matched, total): (usize, usize)| format!("{matched} of {total}");
        println!("{:<52} {:>13} {:>13} {verdict}", outcome.name, share(outcome.events), share(outcome.outputs));
        if !outcome.equal() && (verbose || !good) {
            for difference in &outcome.differences {
                let shown = if verbose { difference } else { item(difference) };
                println!("    {}", shown.replace('\n', "\n    "));
            }
        }
    }
    let total = |pick: fn(&Outcome) -> (usize, usize)| {
        outcomes.iter().map(pick).fold((0, 0), |(matched, total), (more, of)| (matched + more, total + of))
    };
    let (events, outputs) = (total(|outcome| outcome.events), total(|outcome| outcome.outputs));
    println!("total: {} of {} significant events, {} of {} outputs", events.0, events.1, outputs.0, outputs.1);
    println!(
        "\ntest result: {}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out",
        if failed == 0 { "ok" } else { "FAILED" }
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
