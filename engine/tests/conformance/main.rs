//! Replays recordings of a real control plane and compares what ours does with what the real one did.
//!
//! `cargo xtask conformance` runs this with `CONFORMANCE_VERBOSE=1`, which prints the first difference of each recording.
//! A recording that is known to differ is listed in `known.txt` with the reason; it fails once it no longer differs, so
//! that the list only shrinks.

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

fn main() -> ExitCode {
    let filter: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let verbose = std::env::var_os("CONFORMANCE_VERBOSE").is_some();
    let wanted = |name: &str| filter.is_empty() || filter.iter().any(|part| name.contains(part.as_str()));
    let known: BTreeMap<&str, &str> =
        include_str!("known.txt").lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": ")).collect();
    let mut outcomes = Vec::new();
    for name in recording::names(&root().join("runs")).into_iter().filter(|name| wanted(name)) {
        outcomes.push(replay::compare(&root(), &name));
    }
    for name in recording::names(&root().join("sequences")).into_iter().filter(|name| wanted(&format!("sequence-{name}"))) {
        outcomes.push(sequences::compare(&root(), &name));
    }
    println!("{:<52} {:>13} {:>13}", "recording", "events", "outputs");
    let (mut passed, mut failed) = (0, 0);
    for outcome in &outcomes {
        let expected = known.get(outcome.name.as_str());
        let verdict = match (outcome.equal(), expected) {
            (true, None) => "equal".to_owned(),
            (false, Some(reason)) => format!("differs, as known: {reason}"),
            (true, Some(_)) => "EQUAL, but listed in known.txt: take it off the list".to_owned(),
            (false, None) => "DIFFERS".to_owned(),
        };
        let good = outcome.equal() == expected.is_none();
        if good {
            passed += 1
        } else {
            failed += 1
        }
        let share = |(matched, total): (usize, usize)| format!("{matched} of {total}");
        println!("{:<52} {:>13} {:>13} {verdict}", outcome.name, share(outcome.events), share(outcome.outputs));
        if !outcome.equal() && (verbose || !good) {
            let most = if verbose { 6 } else { 1 };
            for difference in outcome.differences.iter().take(most) {
                println!("    {}", difference.replace('\n', "\n    "));
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
