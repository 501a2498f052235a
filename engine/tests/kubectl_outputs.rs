//! Compares what kubectl printed with what ours prints, where the output follows from the state of the API alone: recordings
//! of errors, outputs and edits, and every recorded refusal of a manifest. What still differs is listed in
//! `kubectl_outputs_known.txt`, so that the list only shrinks.
//!
//! `KUBECTL_OUTPUTS_VERBOSE=1` prints every difference.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use statefulset_engine::{script, texts};

/// The recordings whose outputs hang little on time.
const RUNS: [&str; 4] = ["01-seed3-broken-yaml-then-fixed", "12-command-errors", "13-edit", "13-outputs"];
/// A recorded command acts this long after it was started, since kubectl starts up: mostly the first, at times the others.
const ACTS_AFTER_MS: [u64; 3] = [100, 20, 300];

struct Recorded {
    line: String,
    output: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance")
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// What is arbitrary in an output, word by word.
fn normalised(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let line = &*without_dates(line);
        // What ours says beside kubectl's words, where those alone would mislead.
        if line.starts_with("sandbox: nothing will scale it: ") {
            continue;
        }
        // A projected volume of the recorded build, and no part of Kubernetes; it is the last of its block.
        if line.contains("openshift-service-ca.crt") {
            out.push_str("<skip next>\n");
            continue;
        }
        let mut words: Vec<String> = line.split([' ', '\t']).filter(|word| !word.is_empty()).map(word).collect();
        if line.trim_start().starts_with("resourceVersion: \"")
            || line.trim_start().starts_with("\"resourceVersion\": \"")
            || line.starts_with("  Resource Version:")
        {
            words = vec!["resourceVersion".to_owned()];
        }
        // The rule under a heading is as wide as the column.
        if !words.is_empty() && words.iter().all(|word| word.bytes().all(|byte| byte == b'-')) {
            words = vec!["----".to_owned()];
        }
        let indent = line.len() - line.trim_start().len();
        let _ = writeln!(out, "{}{}", " ".repeat(indent), words.join(" "));
    }
    out
}

fn word(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    let separators = [',', '"', '/', '(', ')', '=', '[', ']', '{', '}'];
    while !rest.is_empty() {
        let end = rest.find(separators).unwrap_or(rest.len());
        if end == 0 {
            let character = rest.chars().next().unwrap_or(' ');
            out.push(character);
            rest = &rest[character.len_utf8()..];
            continue;
        }
        out.push_str(&part(&rest[..end]));
        rest = &rest[end..];
    }
    out
}

/// `Sat, 21 Nov 2026 05:16:19 +0000` wherever it stands.
fn without_dates(line: &str) -> String {
    let mut out = line.to_owned();
    while let Some(end) = out.find(" +0000") {
        let Some(start) = end.checked_sub(25).filter(|start| out.is_char_boundary(*start) && out.as_bytes()[*start..end][3] == b',') else {
            return out;
        };
        out.replace_range(start..end + 6, "<date>");
    }
    out
}

fn part(part: &str) -> String {
    let is_hex = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_uid = |text: &str| {
        text.len() == 36
            && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
            && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    let address = |text: &str| text.split('.').count() == 4 && text.split('.').all(|number| number.parse::<u8>().is_ok());
    let replaced = match part {
        _ if is_uid(part) => "<uid>",
        _ if part.strip_prefix("pvc-").is_some_and(is_uid) => "<volume>",
        _ if is_hex(part, 64) => "<container>",
        _ if part.starts_with("sha256:") || part.contains("@sha256:") => "<digest>",
        _ if part.starts_with("kube-api-access-") => {
            if part.ends_with(':') {
                "<token>:"
            } else {
                "<token>"
            }
        }
        _ if address(part) => "<ip>",
        _ if part.strip_suffix(":80").is_some_and(address) => "<ip>:80",
        "node-1" | "node-2" | "node-3" => "<node>",
        "oracle" | "sandbox" => "<context>",
        _ if part.len() == 20 && part.ends_with('Z') && part.as_bytes()[10] == b'T' => "<time>",
        _ if part.starts_with("kubectl-edit-") => "<file>",
        _ if part.starts_with("127.0.0.1:") => "<server>",
        _ if is_age(part) => "<age>",
        _ => return part.to_owned(),
    };
    replaced.to_owned()
}

/// The text without the five random letters behind a stem.
fn without_suffix(text: &str, stem: &str) -> String {
    match text.split_once(stem) {
        Some((before, behind)) if behind.is_char_boundary(5) && behind[5..].starts_with(' ') => {
            format!("{before}{stem}<suffix>{}", &behind[5..])
        }
        _ => text.to_owned(),
    }
}

fn is_age(part: &str) -> bool {
    part == "<invalid>"
        || part.starts_with(|first: char| first.is_ascii_digit())
            && part.ends_with(['s', 'm', 'h', 'd'])
            && part.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b's' | b'm' | b'h' | b'd'))
}

/// One run: how many stable outputs are equal, of how many, and what differs however long kubectl took to start.
fn replay(name: &str) -> (usize, usize, Vec<(String, String, String)>) {
    let (_, total, mut differences) = replay_acting_after(name, ACTS_AFTER_MS[0]);
    for after_ms in &ACTS_AFTER_MS[1..] {
        if !differences.is_empty() {
            let (_, _, again) = replay_acting_after(name, *after_ms);
            differences.retain(|(line, recorded, _)| again.iter().any(|(other, what, _)| (other, what) == (line, recorded)));
        }
    }
    (total - differences.len(), total, differences)
}

fn replay_acting_after(name: &str, after_ms: u64) -> (usize, usize, Vec<(String, String, String)>) {
    let folder = root().join("runs").join(name);
    let namespace = lines(&folder.join("watch.jsonl")).first().and_then(|line| line["ns"].as_str().map(str::to_owned)).unwrap_or_default();
    let gate = name.contains("maxunavailable-on");
    let config = json!({"nodes": 3, "featureGates": {"MaxUnavailableStatefulSet": gate}});
    let mut text = format!("@config {config}\n@apply cluster.yaml\n@namespace {namespace}\n");
    let mut recorded = Vec::new();
    for command in lines(&folder.join("commands.jsonl")) {
        let ms = command["ms"].as_u64().unwrap_or(0);
        if command["kubelet"].is_object() {
            let _ = writeln!(text, "@at {ms}\n@kubelet {}", command["kubelet"]);
        } else if let Some(line) = command["cmd"].as_str() {
            let end = command["end"].as_u64().unwrap_or(ms);
            let at_ms = (ms + after_ms).min(end.saturating_sub(10).max(ms));
            let mut lines = line.lines();
            let first = lines.next().unwrap_or_default().to_owned();
            let _ = writeln!(text, "@at {at_ms}\n$ {first}");
            for more in lines {
                let _ = writeln!(text, "> {more}");
            }
            if command["stable"].as_bool().unwrap_or(false) {
                let stream = |key: &str| normalised(command[key].as_str().unwrap_or_default());
                let output = format!("{}[stderr] {}[exit {}]", stream("stdout"), stream("stderr"), command["rc"]);
                recorded.push(Recorded { line: first, output });
            }
        }
    }
    let files = |file: &str| fs::read_to_string(if file == "cluster.yaml" { root().join(file) } else { folder.join(file) }).ok();
    let output = match script::run(&text, &files, &script::Options { seed: 1 }) {
        Ok(output) => output,
        Err(error) => panic!("{name}: line {} of the script: {}", error.line, error.message),
    };
    let mut jobs = output.session.jobs().map(|(_, job)| job);
    let (mut equal, mut differences) = (0, Vec::new());
    for command in &recorded {
        let Some(job) = jobs.by_ref().find(|job| *job.line == *command.line) else { continue };
        let ours = format!(
            "{}[stderr] {}[exit {}]",
            normalised(&job.streams.out),
            normalised(&job.streams.err),
            job.exit.map_or_else(|| "none".to_owned(), |code| code.to_string())
        );
        if ours == command.output.replace("<skip next>\n", "") || skips(&command.output) == ours {
            equal += 1;
        } else {
            differences.push((command.line.clone(), command.output.clone(), ours));
        }
    }
    (equal, recorded.len(), differences)
}

/// The recorded output without the lines that belong to the ConfigMap which is no part of Kubernetes.
fn skips(output: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let mut skip = false;
    for line in output.split('\n') {
        if line == "<skip next>" {
            skip = true;
        } else if skip {
            skip = false;
        } else {
            out.push(line);
        }
    }
    out.join("\n")
}

/// Every recorded refusal: a manifest in an empty namespace, or on top of the base.
fn refusals() -> (usize, usize, Vec<(String, String, String)>) {
    let folder = root().join("refusals");
    let base = fs::read_to_string(folder.join("update-base.yaml")).unwrap_or_default();
    let (mut equal, mut total, mut differences) = (0, 0, Vec::new());
    for (list, on_base) in [("create.jsonl", false), ("update.jsonl", true)] {
        for case in lines(&folder.join(list)) {
            let namespace = case["ns"].as_str().unwrap_or("default");
            let manifest = case["manifest"].as_str().unwrap_or_default().to_owned();
            let name = format!("{}.yaml", case["id"].as_str().unwrap_or_default());
            let files = |file: &str| match file {
                _ if file == name => Some(manifest.clone()),
                "update-base.yaml" => Some(base.clone()),
                _ => fs::read_to_string(root().join(file)).ok(),
            };
            let first = if on_base { "$ kubectl apply -f update-base.yaml\n@wait 30s\n" } else { "" };
            let mut script = format!("@apply cluster.yaml\n@namespace {namespace}\n{first}");
            let keys = ["apply", "create_dry_run_server", "apply_validate_false"].into_iter().filter(|key| case[*key]["cmd"].is_string());
            let keys: Vec<&str> = keys.collect();
            for key in &keys {
                let _ = writeln!(script, "$ {}", case[*key]["cmd"].as_str().unwrap_or_default());
            }
            let Ok(output) = script::run(&script, &files, &script::Options { seed: 1 }) else { continue };
            let jobs: Vec<_> = output.session.jobs().map(|(_, job)| job).collect();
            for (key, job) in keys.iter().zip(jobs.iter().skip(usize::from(on_base))) {
                let text = |stream: &str| case[*key][stream].as_str().unwrap_or_default().to_owned();
                let theirs = format!("{}[stderr] {}[exit {}]", text("stdout"), text("stderr"), case[*key]["rc"]);
                let ours = format!("{}[stderr] {}[exit {}]", job.streams.out, job.streams.err, job.exit.unwrap_or(-1));
                total += 1;
                // A generated name is random behind its stem.
                let generated = |text: &str| if name.starts_with("generateName") { without_suffix(text, "/web-") } else { text.to_owned() };
                if normalised(&generated(&theirs)) == normalised(&generated(&ours)) {
                    equal += 1;
                } else {
                    differences.push((case[*key]["cmd"].as_str().unwrap_or_default().to_owned(), theirs, ours));
                }
            }
        }
    }
    (equal, total, differences)
}

#[test]
fn kubectl_prints_what_was_recorded() {
    texts::DESCRIPTIONS.fill(include_str!("../../static/schema/descriptions-1.36.txt"));
    let verbose = std::env::var_os("KUBECTL_OUTPUTS_VERBOSE").is_some();
    let known: BTreeSet<&str> = include_str!("kubectl_outputs_known.txt").lines().filter(|line| !line.starts_with('#')).collect();
    let mut found = BTreeSet::new();
    let (mut equal, mut total) = (0, 0);
    let runs = RUNS.iter().map(|name| (*name, replay(name))).chain([("refusals", refusals())]);
    for (name, (run_equal, run_total, differences)) in runs {
        equal += run_equal;
        total += run_total;
        println!("{name:<50} {run_equal:>4} of {run_total}");
        for (line, recorded, ours) in differences {
            found.insert(format!("{name}: {line}"));
            if verbose {
                println!("--- $ {line}\nrecorded:\n{recorded}\nours:\n{ours}\n");
            }
        }
    }
    println!("{equal} of {total} recorded outputs are equal");
    let new: Vec<&String> = found.iter().filter(|line| !known.contains(line.as_str())).collect();
    let gone: Vec<&&str> = known.iter().filter(|line| !found.contains(**line)).collect();
    assert!(new.is_empty(), "these outputs differ now: {new:#?}");
    assert!(gone.is_empty(), "these are equal now; take them off the list: {gone:#?}");
}
