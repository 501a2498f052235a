//! Replays one recorded run with the script runner and compares events, last states and outputs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use statefulset_engine::script;

use crate::Outcome;
use crate::recording;
use crate::significant;

/// A recorded command acts this long after it was started: kubectl starts up, and asks twice.
const ACTS_AFTER_MS: u64 = 100;
/// The run goes on this long after the last recorded event.
const TAIL_MS: u64 = 200;

struct Recorded {
    line: String,
    stdout: String,
    stderr: String,
    rc: i64,
    stable: bool,
    ms: u64,
}

/// Replays a run.
pub(crate) fn compare(root: &Path, name: &str) -> Outcome {
    let folder = root.join("runs").join(name);
    let watch = recording::lines(&folder.join("watch.jsonl"));
    let namespace = recording::namespace(&watch);
    let watch = recording::in_order(watch);
    let commands = recording::lines(&folder.join("commands.jsonl"));
    let end_ms = watch.iter().filter_map(|event| event["ms"].as_u64()).max().unwrap_or(0);
    let files = |file: &str| {
        let path = if file == "cluster.yaml" { root.join(file) } else { folder.join(file) };
        fs::read_to_string(path).ok()
    };
    let mut outcome = Outcome { name: name.to_owned(), events: (0, 0), outputs: (0, 0), differences: Vec::new() };
    // Commands may hold names with a random suffix. Ours are known once they have been made, so each pass maps some more.
    let mut names: Vec<(String, String)> = Vec::new();
    let (recorded, output, ours) = loop {
        let (text, recorded) = script_of(name, &namespace, &commands, &watch, end_ms, &names);
        let output = match script::run(&text, &files, &script::Options { seed: 1 }) {
            Ok(output) => output,
            Err(error) => {
                outcome.differences.push(format!("line {} of the script: {}", error.line, error.message));
                return outcome;
            }
        };
        let ours: Vec<Value> = output
            .trace()
            .map(|line| serde_json::from_str::<Value>(&line).expect("the trace is JSON"))
            .filter(|event| event["ns"] == namespace.as_str())
            .collect();
        let mapped: Vec<(String, String)> = significant::random_names(&watch).into_iter().zip(significant::random_names(&ours)).collect();
        if mapped == names {
            break (recorded, output, ours);
        }
        names = mapped;
    };
    let recorded_tuples = significant::tuples(&watch);
    let (matched, differences) = significant::compare(&recorded_tuples, &significant::tuples(&ours));
    outcome.events = (matched, recorded_tuples.len());
    outcome.differences.extend(differences);
    let (recorded_last, our_last) = (significant::last_state(&watch), significant::last_state(&ours));
    for (key, words) in &recorded_last {
        let our = our_last.get(key).map_or("gone", String::as_str);
        if our != words {
            outcome.differences.push(format!("at the end, {key}\nrecorded {words}\nours     {our}"));
        }
    }
    for key in our_last.keys().filter(|key| !recorded_last.contains_key(*key)) {
        outcome.differences.push(format!("at the end, {key} is there, and is not in the recording"));
    }
    let jobs: Vec<_> =
        output.session.jobs().map(|(_, job)| job).filter(|job| recorded.iter().any(|command| *command.line == *job.line)).collect();
    let mut next = jobs.iter();
    let mapped =
        |text: &str| crate::normalise::output(&names.iter().fold(text.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours)));
    for command in &recorded {
        let Some(job) = next.by_ref().find(|job| *job.line == *command.line) else {
            outcome.differences.push(format!("{} ms: `{}` was not run", command.ms, command.line));
            continue;
        };
        if !command.stable {
            continue;
        }
        outcome.outputs.1 += 1;
        let ours = (crate::normalise::output(&job.streams.out), crate::normalise::output(&job.streams.err), job.exit.unwrap_or(0).into());
        let theirs = (mapped(&command.stdout), mapped(&command.stderr), command.rc);
        if ours == theirs {
            outcome.outputs.0 += 1;
        } else {
            let show = |(out, err, rc): &(String, String, i64)| format!("{out}\n[stderr] {err}\n[exit {rc}]");
            outcome.differences.push(format!(
                "{} ms: $ {}\nrecorded:\n{}\nours:\n{}",
                command.ms,
                command.line,
                show(&theirs),
                show(&ours)
            ));
        }
    }
    outcome
}

/// When a command took effect, where the watch shows what only a person does: an object created or gone, a new generation,
/// a deletion begun.
fn effect_ms(watch: &[Value], ms: u64, end: u64) -> Option<u64> {
    const LATE_MS: u64 = 60;
    let mut seen = std::collections::BTreeMap::new();
    for event in watch {
        let at_ms = event["ms"].as_u64().unwrap_or(0);
        let key = (event["kind"].as_str().unwrap_or_default(), event["name"].as_str().unwrap_or_default());
        let state = (event["gen"].clone(), event["deletionTimestamp"].is_string());
        let before = seen.insert(key, state.clone());
        let persons = matches!(key.0, "StatefulSet" | "Service" | "Deployment") && before.as_ref() != Some(&state);
        if (ms..=end + LATE_MS).contains(&at_ms) && persons {
            return Some(at_ms);
        }
    }
    None
}

/// The script of a recording, and the commands in it.
fn script_of(
    name: &str,
    namespace: &str,
    commands: &[Value],
    watch: &[Value],
    end_ms: u64,
    names: &[(String, String)],
) -> (String, Vec<Recorded>) {
    let mut text = String::new();
    let mut recorded = Vec::new();
    let gate = name.contains("maxunavailable-on");
    let config = json!({"nodes": 3, "featureGates": {"MaxUnavailableStatefulSet": gate}});
    let _ = writeln!(text, "@config {config}\n@apply cluster.yaml\n@namespace {namespace}");
    for command in commands {
        let ms = command["ms"].as_u64().unwrap_or(0);
        if command["kubelet"].is_object() {
            let _ = writeln!(text, "@at {ms}\n@kubelet {}", command["kubelet"]);
        } else if let Some(background) = command["note"].as_str().and_then(|note| note.strip_prefix("background: ")) {
            let line = background.split("->").next().unwrap_or_default().trim();
            let _ = writeln!(text, "@at {ms}\n& {line}");
        } else if let Some(line) = command["cmd"].as_str() {
            let line = &names.iter().fold(line.to_owned(), |line, (theirs, ours)| line.replace(theirs, ours));
            let end = command["end"].as_u64().unwrap_or(ms);
            let at_ms = effect_ms(watch, ms, end).unwrap_or((ms + ACTS_AFTER_MS).min(end.saturating_sub(10).max(ms)));
            let mut lines = line.lines();
            let first = lines.next().unwrap_or_default().to_owned();
            let _ = writeln!(text, "@at {at_ms}\n$ {first}");
            for more in lines {
                let _ = writeln!(text, "> {more}");
            }
            let stream = |key: &str| command[key].as_str().unwrap_or_default().to_owned();
            recorded.push(Recorded {
                line: first,
                stdout: stream("stdout"),
                stderr: stream("stderr"),
                rc: command["rc"].as_i64().unwrap_or(0),
                stable: command["stable"].as_bool().unwrap_or(false),
                ms,
            });
        }
    }
    let _ = writeln!(text, "@at {}", end_ms + TAIL_MS);
    (text, recorded)
}
