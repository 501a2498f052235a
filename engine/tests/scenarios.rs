//! Scenarios: each script in `tests/scenarios` prints what the file beside it says. `UPDATE_EXPECT=1` writes those files.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use statefulset_engine::script::{self, Options, Output};
use statefulset_engine::texts;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/scenarios")
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the scenarios are in the repository");
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".txt")?.to_owned())).collect();
    names.sort();
    names
}

fn run(name: &str) -> Output {
    texts::HELP.fill(include_str!("../../static/kubectl/help-1.36.txt"));
    let text = fs::read_to_string(folder().join(format!("{name}.txt"))).expect("a script");
    let files = |file: &str| fs::read_to_string(folder().join(file)).ok();
    script::run(&text, &files, &Options::default()).unwrap_or_else(|error| panic!("{name}, line {}: {}", error.line, error.message))
}

#[test]
fn scenarios_print_what_they_should() {
    let names = names();
    assert!(names.len() >= 10);
    for name in names {
        // HTTP ends its lines with CR LF, and the files are kept with LF alone.
        expect_file![folder().join(format!("{name}.out"))].assert_eq(&run(&name).transcript.replace("\r\n", "\n"));
    }
}

#[test]
fn a_scenario_runs_the_same_twice() {
    for name in names() {
        let (first, second) = (run(&name), run(&name));
        assert_eq!(first.transcript, second.transcript, "{name}");
        let difference = first.trace().zip(second.trace()).position(|(first, second)| first != second);
        assert_eq!(difference, None, "{name}: the first watch event that differs");
        assert_eq!(first.trace().count(), second.trace().count(), "{name}");
    }
}

/// The same file is compared with in the browser: see `tests/same_everywhere.rs` of the page.
#[test]
fn the_watch_log_is_the_one_that_the_browser_is_held_to() {
    let trace: Vec<String> = run("partition").trace().collect();
    expect_file![folder().join("partition.trace.jsonl")].assert_eq(&(trace.join("\n") + "\n"));
}
