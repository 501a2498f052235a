//! Replays one recorded run with the script runner and compares events, last states and outputs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use statefulset_engine::script;

use crate::Outcome;
use crate::normalise;
use crate::recording::{self, Calls};
use crate::significant;

/// A recorded command acts this long after it was started: kubectl starts up, and asks twice.
const ACTS_AFTER_MS: u64 = 100;
/// The run goes on this long after the last recorded event.
const TAIL_MS: u64 = 200;
/// Outputs taken this close to a change of what they show may be either side of it.
const EITHER_SIDE_MS: i64 = 150;
/// How finely either side is looked at.
const STEP_MS: usize = 30;
/// Which of several alike is taken first (a pod to be scaled away, a claim whose turn it is) follows from random uids: a
/// recording is equal if it is for one of so many seeds.
const SEEDS: u64 = 8;

struct Recorded {
    line: String,
    stdout: String,
    stderr: String,
    rc: i64,
    stable: bool,
    ms: u64,
}

/// A recorded run.
struct Run {
    name: String,
    folder: PathBuf,
    namespace: String,
    commands: Vec<Value>,
    watch: Vec<Value>,
    end_ms: u64,
    /// The settings of the cluster.
    config: Value,
    /// Where the cluster's random-looking values come from.
    seed: u64,
}

/// What a replay gave.
struct Replay {
    commands: Vec<Recorded>,
    output: script::Output,
    trace: Vec<Value>,
}

/// What differs between a recording's script and ours.
#[derive(Clone, Default)]
struct Changes {
    /// Names in commands that are other names with us.
    names: Vec<(String, String)>,
    /// A command, by its number, that acts earlier or later.
    moved: Option<(usize, i64)>,
}

impl Changes {
    /// A text with our names. What was put in is not replaced once more: two names may have changed places.
    fn apply(&self, text: &str) -> String {
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        while let Some(first) = rest.chars().next() {
            let found = self.names.iter().find(|(theirs, _)| rest.starts_with(theirs.as_str()));
            let length = found.map_or(first.len_utf8(), |(theirs, _)| theirs.len());
            out.push_str(found.map_or(&rest[..length], |(_, ours)| ours));
            rest = &rest[length..];
        }
        out
    }
}

/// Replays a run, and compares.
pub(crate) fn compare(root: &Path, name: &str, calls: &Calls) -> Outcome {
    let mut run = Run::read(root, name, calls);
    let first = compare_once(root, &run);
    let others = (2..=SEEDS).filter(|_| !first.equal()).map(|seed| {
        run.seed = seed;
        compare_once(root, &run)
    });
    others.into_iter().find(Outcome::equal).unwrap_or(first)
}

fn compare_once(root: &Path, run: &Run) -> Outcome {
    let mut outcome = Outcome { name: run.name.clone(), events: (0, 0), outputs: (0, 0), differences: Vec::new() };
    let (replay, changes) = match run.replay_with_names(root) {
        Ok(replayed) => replayed,
        Err(error) => {
            outcome.differences.push(error);
            return outcome;
        }
    };
    let recorded_tuples = significant::tuples(&run.watch);
    let (matched, differences) = significant::compare(&recorded_tuples, &significant::tuples(&replay.trace));
    outcome.events = (matched, recorded_tuples.len());
    outcome.differences.extend(differences);
    let (recorded_last, our_last) = (significant::last_state(&run.watch), significant::last_state(&replay.trace));
    for (key, words) in &recorded_last {
        let our = our_last.get(key).map_or("gone", String::as_str);
        if our != words {
            outcome.differences.push(format!("at the end, {key}\nrecorded {words}\nours     {our}"));
        }
    }
    for key in our_last.keys().filter(|key| !recorded_last.contains_key(*key)) {
        outcome.differences.push(format!("at the end, {key} is there, and is not in the recording"));
    }
    for (number, command) in replay.commands.iter().enumerate().filter(|(_, command)| command.stable) {
        outcome.outputs.1 += 1;
        let theirs = command.normalised(&changes);
        let Some(ours) = replay.normalised(number) else {
            outcome.differences.push(format!("{} ms: `{}` was not run", command.ms, command.line));
            continue;
        };
        if ours == theirs || run.is_either_side(root, &changes, number, &theirs) {
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

impl Recorded {
    fn normalised(&self, changes: &Changes) -> (String, String, i64) {
        let mapped = |text: &str| normalise::output(&self.line, &changes.apply(text));
        (mapped(&self.stdout), mapped(&self.stderr), self.rc)
    }
}

/// Whether a command only shows what is there.
fn only_shows(line: &str) -> bool {
    let parts = line.split([';', '|', '&']).filter(|part| !part.trim().is_empty());
    parts.into_iter().all(|part| {
        let words: Vec<&str> = part.split_whitespace().collect();
        matches!(
            words.as_slice(),
            ["kubectl", "get" | "describe" | "logs", ..]
                | ["kubectl", "rollout", "status" | "history", ..]
                | ["echo" | "head" | "tail", ..]
        )
    })
}

impl Replay {
    fn normalised(&self, number: usize) -> Option<(String, String, i64)> {
        let ours = |command: &&Recorded, line: &str| command.line == line;
        let mut jobs = self.output.session.jobs().map(|(_, job)| job);
        let mut found = None;
        for command in &self.commands[..=number] {
            found = jobs.by_ref().find(|job| ours(&command, &job.line));
        }
        let job = found?;
        let plain = |text: &str| normalise::output(&job.line, text);
        Some((plain(&job.streams.out), plain(&job.streams.err), job.exit.unwrap_or(0).into()))
    }
}

impl Run {
    fn read(root: &Path, name: &str, calls: &Calls) -> Self {
        let folder = root.join("runs").join(name);
        let watch = recording::lines(&folder.join("watch.jsonl"));
        let namespace = recording::namespace(&watch);
        let (began_ms, wall) = recording::began(&watch);
        let watch = recording::in_order(watch);
        let end_ms = watch.iter().filter_map(|event| event["ms"].as_u64()).max().unwrap_or(0);
        let config = json!({
            "nodes": 3,
            "featureGates": {"MaxUnavailableStatefulSet": name.contains("maxunavailable-on")},
            // Dates have no fractions of a second, so that it matters at which fraction the recording began.
            "epoch": wall,
            "kubeApiOthersMs": calls.of_others(name, began_ms, end_ms),
            // What the kubelets of the recorded cluster were told to say.
            "nodeInfo": {
                "osImage": "Debian GNU/Linux 12 (bookworm)",
                "kernelVersion": "6.1.0-fake",
                "containerRuntimeVersion": "containerd://2.1.0",
            },
        });
        let commands = recording::lines(&folder.join("commands.jsonl"));
        Self { name: name.to_owned(), folder, namespace, commands, watch, end_ms, config, seed: 1 }
    }

    fn replay(&self, root: &Path, changes: &Changes) -> Result<Replay, String> {
        let (text, commands) = self.script(changes);
        let files = |file: &str| {
            let path = if file == "cluster.yaml" { root.join(file) } else { self.folder.join(file) };
            fs::read_to_string(path).ok()
        };
        let output = script::run(&text, &files, &script::Options { seed: self.seed })
            .map_err(|error| format!("line {} of the script: {}", error.line, error.message))?;
        if let Some(folder) = std::env::var_os("CONFORMANCE_DUMP").filter(|_| changes.moved.is_none()) {
            let path = Path::new(&folder).join(&self.name);
            fs::write(path.with_extension("script"), &text).expect("a folder that can be written to");
            fs::write(path.with_extension("jsonl"), output.trace().collect::<Vec<_>>().join("\n")).expect("the same");
        }
        let trace = output
            .trace()
            .map(|line| serde_json::from_str::<Value>(&line).expect("the trace is JSON"))
            .filter(|event| event["ns"] == self.namespace.as_str())
            .collect();
        Ok(Replay { commands, output, trace })
    }

    /// Commands may hold names that are random or arbitrary. Ours are known once they have been made, so each pass maps
    /// some more.
    fn replay_with_names(&self, root: &Path) -> Result<(Replay, Changes), String> {
        let mut changes = Changes::default();
        loop {
            let replay = self.replay(root, &changes)?;
            let random = significant::random_names(&self.watch).into_iter().zip(significant::random_names(&replay.trace));
            let mut names: Vec<(String, String)> = random.collect();
            // Which node is which is arbitrary: a command that names one means the pods on it.
            if let Some(before_ms) =
                self.commands.iter().find(|command| command.to_string().contains("node-")).map(|command| &command["ms"])
            {
                names.extend(significant::nodes_alike(&self.watch, &replay.trace, before_ms.as_u64().unwrap_or(0)));
            }
            if names == changes.names {
                return Ok((replay, changes));
            }
            changes.names = names;
        }
    }

    /// Whether a command that only shows what is there shows the same a little earlier or later.
    fn is_either_side(&self, root: &Path, changes: &Changes, number: usize, theirs: &(String, String, i64)) -> bool {
        let (_, commands) = self.script(changes);
        let offsets = (-EITHER_SIDE_MS..=EITHER_SIDE_MS).step_by(STEP_MS).filter(|offset| *offset != 0);
        only_shows(&commands[number].line)
            && offsets.into_iter().any(|offset| {
                let changes = Changes { moved: Some((number, offset)), ..changes.clone() };
                self.replay(root, &changes).is_ok_and(|replay| replay.normalised(number).as_ref() == Some(theirs))
            })
    }

    /// The script of the recording, and the commands in it.
    fn script(&self, changes: &Changes) -> (String, Vec<Recorded>) {
        let mut text = String::new();
        let mut recorded = Vec::new();
        // The recorded cluster has no DNS add-on.
        let no_dns = "$ kubectl delete -n kube-system deployment/coredns service/kube-dns";
        let _ = writeln!(text, "@config {}\n{no_dns}\n@apply cluster.yaml\n@namespace {}", self.config, self.namespace);
        for command in &self.commands {
            let ms = command["ms"].as_u64().unwrap_or(0);
            if command["kubelet"].is_object() {
                let _ = writeln!(text, "@at {ms}\n@kubelet {}", changes.apply(&command["kubelet"].to_string()));
            } else if let Some(background) = command["note"].as_str().and_then(|note| note.strip_prefix("background: ")) {
                let line = background.split("->").next().unwrap_or_default().trim();
                let _ = writeln!(text, "@at {ms}\n& {line}");
            } else if let Some(line) = command["cmd"].as_str() {
                // A second kubectl of a line starts up as well.
                let starts_up = format!("&& sleep 0.{ACTS_AFTER_MS} && ");
                let line = changes.apply(line).replace("&& ", &starts_up);
                let end = command["end"].as_u64().unwrap_or(ms);
                let effect_ms = if only_shows(&line) { None } else { effect_ms(&self.watch, ms, end) };
                let acts_ms = effect_ms.unwrap_or((ms + ACTS_AFTER_MS).min(end.saturating_sub(10).max(ms)));
                let moved = changes.moved.filter(|(number, _)| *number == recorded.len()).map_or(0, |(_, offset)| offset);
                let mut lines = line.lines();
                let first = lines.next().unwrap_or_default().to_owned();
                let _ = writeln!(text, "@at {}\n$ {first}", acts_ms.saturating_add_signed(moved));
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
        let _ = writeln!(text, "@at {}", self.end_ms + TAIL_MS);
        (text, recorded)
    }
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
