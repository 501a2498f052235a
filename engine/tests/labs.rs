//! Labs of published courses: every command that occurs in them, in its order, and the facts and the layout that it must print.
//! The files in `tests/commands` walk through all that the terminal promises in the same form.
//!
//! A lab is a script of the headless runner in which lines `= …` follow a command. Each must be a line of what the command
//! prints, in order; more may stand between. Words are compared, whatever the blanks; `*` in a word stands for any letters,
//! `**` at the end for any words, `<tab>` for a tabulator. A line whose first word is NAME is the heading of a table: in the lines below, each word that is
//! expected under a heading must begin exactly there. `= [exit N]` is the exit code; without it the command must succeed, or
//! have been interrupted by `^C`. `= [stderr] …` is a line of the error stream.

use std::fs;
use std::path::{Path, PathBuf};

use statefulset_engine::script::{self, Options};
use statefulset_engine::texts;

const INTERRUPTED: i32 = 130;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests").join(name)
}

/// What a command must print.
#[derive(Default)]
struct Expected {
    line: usize,
    command: String,
    interrupted: bool,
    /// Started with `&`: it goes on to the end of the lab.
    background: bool,
    exit: i32,
    out: Vec<String>,
    err: Vec<String>,
}

/// Takes the expectations out of a lab: the script that is left, with as many lines, and what its commands must print.
fn read(text: &str) -> (String, Vec<Expected>) {
    let (mut script, mut expected) = (String::new(), Vec::<Expected>::new());
    let mut in_file = false;
    for (index, line) in text.lines().enumerate() {
        in_file = line.starts_with("@file ") || in_file && line != "@end";
        let expectation = line.strip_prefix("= ").or((line == "=").then_some("")).filter(|_| !in_file);
        let Some(expectation) = expectation else {
            if let Some(command) = line.strip_prefix("$ ").or_else(|| line.strip_prefix("& ")).filter(|_| !in_file) {
                let background = line.starts_with('&');
                expected.push(Expected { line: index + 1, command: command.to_owned(), background, ..Expected::default() });
            } else if let Some(last) = expected.last_mut().filter(|_| line == "^C") {
                last.interrupted = true;
            }
            script.push_str(line);
            script.push('\n');
            continue;
        };
        script.push_str("#\n");
        let Some(last) = expected.last_mut() else { panic!("line {}: an expectation before any command", index + 1) };
        if let Some(code) = expectation.strip_prefix("[exit ").and_then(|rest| rest.strip_suffix(']')) {
            last.exit = code.parse().expect("an exit code");
        } else if let Some(words) = expectation.strip_prefix("[stderr] ") {
            last.err.push(words.to_owned());
        } else {
            last.out.push(expectation.replace("<tab>", "\t"));
        }
    }
    (script, expected)
}

/// Whether a word is what the pattern says, `*` being any letters.
fn matches(pattern: &str, word: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == word,
        Some((head, tail)) => word
            .strip_prefix(head)
            .is_some_and(|rest| (0..=rest.len()).filter(|at| rest.is_char_boundary(*at)).any(|at| matches(tail, &rest[at..]))),
    }
}

/// Whether a line has the words of the pattern; tabulators count.
fn same_words(pattern: &str, line: &str) -> bool {
    if pattern.contains('\t') {
        return matches(pattern, line);
    }
    let (mut expected, mut words): (Vec<&str>, Vec<&str>) = (pattern.split_whitespace().collect(), line.split_whitespace().collect());
    if expected.last() == Some(&"**") {
        expected.pop();
        words.truncate(expected.len());
    }
    expected.len() == words.len() && expected.iter().zip(&words).all(|(pattern, word)| matches(pattern, word))
}

/// Where the columns of a heading begin: a heading may have words of its own with one blank between them.
fn columns(heading: &str) -> Vec<usize> {
    let bytes = heading.as_bytes();
    let begins = |at: &usize| bytes[*at] != b' ' && (*at == 0 || bytes[..*at].ends_with(b"  "));
    (0..bytes.len()).filter(begins).collect()
}

fn check(expected: &[String], printed: &str) -> Result<(), String> {
    let mut lines = printed.lines();
    let mut heading = Vec::new();
    for pattern in expected {
        let Some(line) = lines.by_ref().find(|line| same_words(pattern, line)) else {
            return Err(format!("no line {pattern:?} in its place"));
        };
        if pattern.starts_with("NAME ") {
            heading = columns(line);
        } else if let Some(at) = heading.iter().find(|at| misplaced(line, **at)) {
            return Err(format!("column {at} of {line:?} does not begin where its heading does"));
        }
    }
    Ok(())
}

/// Whether a word runs through, or begins just beside, the place where a column begins. An empty cell is in its place.
fn misplaced(line: &str, at: usize) -> bool {
    let byte = |at: usize| line.as_bytes().get(at).copied().unwrap_or(b' ');
    at > 0 && (byte(at - 1) != b' ' || byte(at) == b' ' && byte(at + 1) != b' ')
}

fn run(folder: &Path, name: &str) -> Vec<String> {
    let text = fs::read_to_string(folder.join(name)).expect("a lab");
    let (script, expected) = read(&text);
    let none = |_: &str| None;
    let output =
        script::run(&script, &none, &Options::default()).unwrap_or_else(|error| panic!("{name}, line {}: {}", error.line, error.message));
    let jobs: Vec<_> = output.session.jobs().map(|(_, job)| job).collect();
    assert_eq!(jobs.len(), expected.len(), "{name}: every command is run");
    let mut failures = Vec::new();
    for (job, expected) in jobs.iter().zip(&expected) {
        let exit = if expected.interrupted { INTERRUPTED } else { expected.exit };
        let result = if job.exit == Some(exit) || expected.background && job.exit.is_none() {
            // A watch pads its lines by what it has printed before, so only the words of those are held.
            let out = if expected.interrupted || expected.background {
                expected.out.iter().map(|line| line.replace("NAME ", " NAME ")).collect()
            } else {
                expected.out.clone()
            };
            check(&out, &job.streams.out).and_then(|()| check(&expected.err, &job.streams.err))
        } else {
            Err(format!("exit {:?}, not {exit}", job.exit))
        };
        println!("{} {name}:{} {}", if result.is_ok() { "pass" } else { "FAIL" }, expected.line, expected.command);
        if let Err(why) = result {
            failures.push(format!(
                "{name}:{}: $ {}\n{why}\nit printed:\n{}[stderr] {}\n",
                expected.line, expected.command, job.streams.out, job.streams.err
            ));
        }
    }
    failures
}

/// Runs every file of a folder, at least so many.
fn run_all(folder: &Path, least: usize) {
    texts::DESCRIPTIONS.fill(include_str!("../../static/schema/descriptions-1.36.txt"));
    texts::HELP.fill(include_str!("../../static/kubectl/help-1.36.txt"));
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the files are in the repository")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok().filter(|name| name.ends_with(".txt")))
        .collect();
    names.sort();
    assert!(names.len() >= least);
    let failures: Vec<String> = names.iter().flat_map(|name| run(folder, name)).collect();
    assert!(failures.is_empty(), "{} commands fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_command_of_the_labs_prints_its_facts_in_its_layout() {
    run_all(&folder("labs"), 5);
}

#[test]
fn everything_that_the_terminal_promises_prints_its_facts() {
    run_all(&folder("commands"), 2);
}

#[test]
fn expectations_can_fail() {
    assert!(check(&["NAME READY".into(), "web-0 1/1".into()], "NAME    READY\nweb-0   1/1\n").is_ok());
    assert!(check(&["NAME READY".into(), "web-0 1/1".into()], "NAME    READY\nweb-0  1/1\n").is_err());
    assert!(check(&["web-1".into(), "web-0".into()], "web-0\nweb-1\n").is_err());
    assert!(check(&["web-*".into()], "pod-0\n").is_err());
    assert!(check(&["Name:\tx".into()], "Name: x\n").is_err());
}
