//! Texts with what the editor says under their lines: `^^^ severity: sentence`, and the fix behind it. A file of
//! `engine/tests/annotated` holds cases, each behind a line `=== name`; its first line tells beside which cluster they are judged.
//! `UPDATE_EXPECT=1 cargo test` writes what is found now; read the difference before believing it.
//!
//! Every recorded refusal (`tests/conformance/refusals`) is a case, and the words of the API server that stand behind its
//! problems equal the recording.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use statefulset_engine::cluster::World;
use statefulset_engine::manifest::{Lines, Problem, Severity};
use statefulset_engine::process::Streams;
use statefulset_engine::review::{Reviewer, Surroundings};
use statefulset_engine::session::Session;
use statefulset_engine::settings::Settings;

const FILES: [&str; 4] = ["form", "meaning", "refusals", "refused-changes"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn path_of(file: &str) -> PathBuf {
    root().join("tests/annotated").join(format!("{file}.txt"))
}

/// The cluster that the first line of a file names.
fn world(first_line: &str) -> World {
    let mut session = Session::new(Settings::default());
    if let Some(file) = first_line.strip_prefix("# beside: ").filter(|file| *file != "a fresh cluster") {
        let text = read(&root().join("..").join(file));
        session.terminal.files.insert("base.yaml".to_owned(), text.as_str().into());
        session.run("kubectl apply -f base.yaml", Streams::with_input(""), 10_000);
        session.advance_to(120_000);
    }
    session.world
}

struct Case {
    name: String,
    text: String,
}

fn is_annotation(line: &str) -> bool {
    let rest = line.trim_start_matches(' ');
    let marks = rest.trim_start_matches('^');
    rest.starts_with('^') && ["error: ", "warning: ", "hint: "].iter().any(|severity| marks.starts_with(&format!(" {severity}")))
}

fn cases(file: &str) -> (String, Vec<Case>) {
    let text = read(&path_of(file));
    let first = text.lines().next().unwrap_or_default().to_owned();
    let mut cases: Vec<Case> = Vec::new();
    for line in text.split_inclusive('\n').skip(1) {
        if let Some(name) = line.strip_prefix("=== ") {
            cases.push(Case { name: name.trim_end().to_owned(), text: String::new() });
        } else if let Some(case) = cases.last_mut().filter(|_| !is_annotation(line)) {
            case.text.push_str(line);
        }
    }
    (first, cases)
}

/// The sentence of a problem, as the page shows it.
fn sentence(problem: &Problem, sentences: &BTreeMap<String, String>) -> String {
    let mut words = sentences.get(problem.code).unwrap_or_else(|| panic!("{} has a sentence", problem.code)).clone();
    for (name, value) in &problem.args {
        words = words.replace(&format!("{{{name}}}"), value);
    }
    words
}

fn sentences() -> BTreeMap<String, String> {
    let table = read(&root().join("../locales/en/problems.txt"));
    table.lines().filter_map(|line| line.split_once(" = ")).map(|(code, words)| (code.to_owned(), words.to_owned())).collect()
}

fn review(text: &str, world: &World) -> Vec<Problem> {
    let around = Surroundings { store: &world.store, namespace: "default", epoch: world.settings.epoch };
    Reviewer::default().review(text, Some(around))
}

fn annotated(case: &Case, world: &World, sentences: &BTreeMap<String, String>) -> String {
    let problems = review(&case.text, world);
    let lines = Lines::new(&case.text);
    let mut out = format!("=== {}\n", case.name);
    for (index, line) in case.text.split_inclusive('\n').enumerate() {
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push('\n');
        }
        for problem in problems.iter().filter(|problem| problem.range.start.line == index + 1) {
            let range = problem.range;
            assert!(case.text.get(range.start.byte..range.end.byte).is_some(), "{}: {range:?} lies in the text", case.name);
            let width = if range.end.line == range.start.line { range.end.column - range.start.column } else { 1 };
            let severity = match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Hint => "hint",
            };
            let marks = format!("{}{}", " ".repeat(range.start.column - 1), "^".repeat(width.max(1)));
            out.push_str(&format!("{marks} {severity}: {}", sentence(problem, sentences)));
            if let Some(fix) = &problem.fix {
                out.push_str(&format!(" [{:?} -> {:?}]", fix.range.slice(&case.text), fix.replacement));
            }
            out.push('\n');
        }
        assert!(index < lines.count());
    }
    out
}

#[test]
fn texts_show_their_problems_in_their_places() {
    let sentences = sentences();
    let mut count = 0;
    let mut wrong = Vec::new();
    for file in FILES {
        let (first, cases) = cases(file);
        let world = world(&first);
        count += cases.len();
        let found: String = cases.iter().map(|case| annotated(case, &world, &sentences)).collect();
        let found = format!("{first}\n{found}");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(path_of(file), &found).expect("the file can be written");
        }
        let expected = read(&path_of(file));
        if found != expected {
            let difference = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
            wrong.push(format!("{file}: found, expected: {difference:#?}"));
        }
    }
    println!("{count} annotated texts");
    assert!(count >= 150, "only {count} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn recordings(file: &str) -> Vec<Value> {
    let text = read(&root().join("../tests/conformance/refusals").join(file));
    text.lines().map(|line| serde_json::from_str(line).expect("a recording a line")).collect()
}

/// What the server or kubectl says of each fault, out of what kubectl printed about all of them.
fn faults(stderr: &str) -> Vec<String> {
    let stderr = stderr.trim_end();
    if stderr.is_empty() || stderr.starts_with("error: no objects passed to apply") {
        return Vec::new();
    }
    if let Some((_, rest)) = stderr.split_once(" is invalid: ") {
        return match rest.strip_prefix('\n') {
            Some(list) => list.split("\n* ").map(|fault| fault.trim_start_matches("* ").to_owned()).collect(),
            None => vec![rest.to_owned()],
        };
    }
    if let Some((_, words)) = stderr.split_once("cannot be handled as ") {
        let words = words.split_once(": ").map_or(words, |(_, words)| words);
        return match words.strip_prefix("strict decoding error: ") {
            Some(list) => list.split(", ").map(str::to_owned).collect(),
            None => vec![words.to_owned()],
        };
    }
    if let Some((_, rest)) = stderr.split_once(": error converting YAML to JSON: ") {
        return vec![format!("error converting YAML to JSON: {rest}")];
    }
    if let Some((_, rest)) = stderr.split_once("error validating data: ") {
        return vec![rest.split("; if you choose").next().unwrap_or_default().to_owned()];
    }
    if let Some(at) = stderr.find("no matches for kind") {
        return vec![stderr[at..].lines().next().unwrap_or_default().to_owned()];
    }
    for marker in ["unable to decode \"", "error when creating \""] {
        if let Some((_, rest)) = stderr.split_once(marker) {
            return vec![rest.split_once("\": ").map_or(rest, |(_, words)| words).to_owned()];
        }
    }
    if let Some((_, words)) = stderr.rsplit_once("\": ").filter(|(_, words)| words.starts_with("resource name")) {
        return vec![words.to_owned()];
    }
    if stderr.starts_with("Warning: ") {
        return stderr.lines().map(str::to_owned).collect();
    }
    vec![stderr.trim_start_matches("error: ").to_owned()]
}

/// Every refusal is a case with the recorded text, and every fault that the server tells stands behind one of its problems.
fn equal_to_recording(recorded: &str, file: &str, refused: usize) {
    let (first, cases) = cases(file);
    let world = world(&first);
    let (mut wrong, mut count) = (Vec::new(), 0);
    for recording in recordings(recorded) {
        let id = recording["id"].as_str().expect("an id");
        let text = recording["manifest"].as_str().expect("a manifest");
        let case = cases.iter().find(|case| case.name == id).unwrap_or_else(|| panic!("{id} is a case"));
        assert_eq!(case.text.trim_end(), text.trim_end(), "{id}");
        let faults = faults(recording["apply"]["stderr"].as_str().expect("what kubectl printed"));
        count += usize::from(!faults.is_empty());
        let problems = review(text, &world);
        let said: Vec<&str> = problems.iter().map(|problem| problem.get("api")).filter(|words| !words.is_empty()).collect();
        for fault in &faults {
            if !said.iter().any(|words| *words == fault || words.contains(fault.as_str())) {
                wrong.push(format!("{id}: {fault}\n  behind the problems: {said:#?}"));
            }
        }
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        let accepted = recording["apply"]["rc"] == 0;
        if accepted && errors > 0 {
            wrong.push(format!("{id} is accepted, but has errors: {:?}", problems.iter().map(|problem| problem.code).collect::<Vec<_>>()));
        }
        if !accepted && errors == 0 && !faults.is_empty() {
            wrong.push(format!("{id} is refused, but has no error"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(count, refused, "recorded refusals and warnings");
}

#[test]
fn the_servers_words_stand_behind_the_problems_of_new_objects() {
    equal_to_recording("create.jsonl", "refusals", 103);
}

#[test]
fn the_servers_words_stand_behind_the_problems_of_changes() {
    equal_to_recording("update.jsonl", "refused-changes", 10);
}
