//! Every lesson in every language: complete, not solved at the start, solved by its own solution step by step, its hints'
//! commands exist, its links lead somewhere. And the checks themselves: each finds what it is for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use statefulset_engine::lesson::course::{self, Names};
use statefulset_engine::lesson::lint::{Around, lint};
use statefulset_engine::lesson::prove::prove;
use statefulset_engine::lesson::text::SUMMARY;
use statefulset_engine::manifest;

const LANGUAGES: [&str; 3] = ["en", "zh-TW", "zh-CN"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../lessons")
}

fn text(path: &str) -> String {
    fs::read_to_string(folder().join(path)).unwrap_or_default()
}

fn around() -> Around {
    let (chapters, findings) = course::read(&text("course.yaml"));
    assert!(findings.is_empty(), "{findings:#?}");
    let names = LANGUAGES.map(|tag| (tag.to_owned(), Names::read(&text(&format!("{tag}.txt")))));
    Around { lessons: chapters.into_iter().flat_map(|chapter| chapter.lessons).collect(), names: names.into() }
}

#[test]
fn every_lesson_holds_what_it_promises() {
    let around = around();
    let mut wrong = Vec::new();
    for name in &around.lessons {
        let files = |file: &str| fs::read_to_string(folder().join(name).join(file)).ok();
        let linted = lint(name, &files, &LANGUAGES, &around);
        let findings = if linted.findings.is_empty() { prove(&linted.lesson, &files) } else { linted.findings };
        wrong.extend(findings.iter().map(|finding| format!("{name}/{finding}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_course_has_every_lesson_once_and_every_text_in_every_language() {
    let around = around();
    let mut folders: Vec<String> = fs::read_dir(folder())
        .expect("the folder of lessons")
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let mut listed = around.lessons.clone();
    listed.sort();
    assert_eq!(listed, folders, "course.yaml and the folders");

    let (chapters, _) = course::read(&text("course.yaml"));
    let keys: Vec<Vec<&str>> = around.names.iter().map(|(_, names)| names.keys().collect()).collect();
    for (tag, names) in &around.names {
        for lesson in &around.lessons {
            assert!(names.get("lesson", lesson).is_some() && names.get("line", lesson).is_some(), "{tag}: {lesson}");
        }
        for chapter in &chapters {
            assert!(names.get("chapter", &chapter.name).is_some(), "{tag}: {}", chapter.name);
        }
        for term in names.names("term") {
            assert!(names.get("means", term).is_some(), "{tag}: {term}");
        }
    }
    assert!(keys.iter().all(|there| *there == keys[0]), "the same keys in the same order");
}

/// Chinese texts with the punctuation of another writing, or with slanted letters, were written in a hurry.
#[test]
fn chinese_lessons_use_chinese_punctuation() {
    let chinese = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    for lesson in around().lessons {
        for tag in ["zh-TW", "zh-CN"] {
            for line in text(&format!("{lesson}/{tag}.md")).lines() {
                let letters: Vec<char> = line.chars().collect();
                for pair in letters.windows(2) {
                    assert!(!(chinese(pair[0]) && ",;?!".contains(pair[1])), "{lesson}/{tag}.md: {line}");
                }
            }
        }
    }
}

/// A lesson that is right, for the tests below to break.
const LESSON: &str = "\
minutes: 5
files: [pod.yaml]
steps:
- name: apply
  goals:
  - {name: there, object: Pod/solo}
  hints: ['', kubectl get pods]
  predict:
    choices: [soon, never]
    answer: soon
    shown: {name: shown, order: Pod/solo ready}
  solution: |
    $ kubectl apply -f pod.yaml
    @settle
- name: challenge
  challenge: true
  goals:
  - {name: gone, object: Pod/solo, gone: true}
  - {name: used, command: kubectl delete pod|pods solo}
  never:
  - {name: force, command: kubectl delete --force}
  hints: [kubectl delete pod solo]
  solution: |
    $ kubectl delete pod solo
";
const TEXT: &str = "\
# Solo

About [a pod](term:pod).

## apply: Apply it

Do.

@goal there: It is there.
@hint: Look.
@hint: Try.
@ask: Will it be ready?
@choice soon: Soon.
@choice never: Never.
@outcome: Soon.

## challenge: On your own

Delete it.

@goal gone: It is gone.
@goal used: You deleted it.
@never force: Without force.
@hint: Delete.

## summary

- Done.
";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: solo}\nspec:\n  containers:\n  - {name: main, image: nginx}\n";

fn findings(lesson: &str, words: &str) -> Vec<String> {
    let files = |name: &str| match name {
        "lesson.yaml" => Some(lesson.to_owned()),
        "en.md" => Some(words.to_owned()),
        "pod.yaml" => Some(POD.to_owned()),
        _ => None,
    };
    let around = Around {
        lessons: vec!["solo".into()],
        names: vec![("en".into(), Names::read("term.pod = Pod\nmeans.pod = One.\nlesson.solo = Solo\nline.solo = Alone"))],
    };
    let linted = lint("solo", &files, &["en"], &around);
    let findings = if linted.findings.is_empty() { prove(&linted.lesson, &files) } else { linted.findings };
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_lesson_that_is_right_has_no_finding() {
    assert_eq!(findings(LESSON, TEXT), Vec::<String>::new());
}

#[test]
fn each_check_finds_what_it_is_for() {
    type Break = (&'static str, &'static str, &'static str);
    const LESSONS: &[Break] = &[
        ("Pod/solo}", "Node/node-1}", "solved before it begins"),
        ("Pod/solo}", "Pod/other}", "does not reach \"there\""),
        ("order: Pod/solo ready", "order: Pod/solo gone", "does not show"),
        ("kubectl get pods]", "kubectl gett pods]", "does not exist"),
        ("kubectl get pods]", "kubectl get pods --al]", "does not exist"),
        ("kubectl get pods]", "nosuchprogram]", "does not exist"),
        ("$ kubectl delete pod solo", "$ kubectl delete pod solo --force", "must never do"),
        ("    @settle", "    @setle", "lesson.yaml:14: there is no directive"),
        ("files: [pod.yaml]", "files: [pods.yaml]", "lesson.yaml:2: there is no file pods.yaml"),
        ("  challenge: true\n", "", "free challenge"),
        ("files: [pod.yaml]", "terms: [pvc]\nfiles: [pod.yaml]", "lesson.yaml:2: the glossary has no term"),
        ("object: Pod/solo}", "rule: waits-for-nothing}", "no rule"),
    ];
    for (from, to, finding) in LESSONS {
        let found = findings(&LESSON.replacen(from, to, 1), TEXT);
        assert!(found.iter().any(|line| line.contains(finding)), "{to}: {found:#?}");
    }
    const TEXTS: &[Break] = &[
        ("@goal there: It is there.\n", "", "`@goal there` has no text"),
        ("@goal used: You deleted it.", "@goal used: You deleted it.\n@goal more: More.", "en.md:23: `@goal more` is not in lesson.yaml"),
        ("@hint: Look.\n", "", "stages of `@hint`"),
        ("@outcome: Soon.\n", "", "`@outcome` belongs"),
        ("term:pod", "term:pvc", "en.md:3: the link leads to a term"),
        ("term:pod", "lesson:other", "en.md:3: the link leads to a lesson"),
        ("term:pod", "https://example.org/", "en.md:3: the link \"https://example.org/\" leads to none of"),
        ("# Solo", "# Duet", "the course calls the lesson"),
        ("## challenge: On", "## change: On", "en.md:17: the steps are"),
        (SUMMARY, "sum: mary", "the section `## summary` is missing"),
    ];
    for (from, to, finding) in TEXTS {
        let found = findings(LESSON, &TEXT.replacen(from, to, 1));
        assert!(found.iter().any(|line| line.contains(finding)), "{to}: {found:#?}");
    }
}

/// The command that authors run: quiet about the course as it is, and about a broken copy exact about file and line.
#[test]
fn the_command_checks_a_course_and_names_file_and_line() {
    let check = |folder: &Path| {
        let output = Command::new(env!("CARGO_BIN_EXE_sandbox")).args(["lesson", "check"]).arg(folder).output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lessons");
    fs::create_dir_all(copy.join("volumes")).expect("a folder");
    let edit = |file: &str, from: &str, to: &str| {
        let whole = text(file);
        assert!(from.is_empty() || whole.contains(from), "{file} has no {from}");
        fs::write(copy.join(file), if from.is_empty() { whole } else { whole.replacen(from, to, 1) }).expect("a file");
    };
    let lay_out = || {
        fs::write(copy.join("course.yaml"), "chapters:\n- name: identity\n  lessons: [volumes]\n").expect("a file");
        let names = LANGUAGES.iter().map(|tag| format!("{tag}.txt"));
        let texts = LANGUAGES.iter().map(|tag| format!("volumes/{tag}.md"));
        for file in names.chain(texts).chain(["pages.en.txt".into(), "volumes/lesson.yaml".into(), "volumes/web.yaml".into()]) {
            edit(&file, "", "");
        }
    };
    lay_out();
    assert_eq!(check(&copy), (Some(0), "1 checked and played, nothing wrong\n".to_owned()));
    edit("volumes/zh-CN.md", "(term:volume)", "(term:volumes)");
    edit("volumes/web.yaml", "  replicas: 3", "\treplicas: 3");
    edit("zh-TW.txt", "line.volumes = ", "line.volume = ");
    let (code, printed) = check(&copy);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(code, Some(1), "{printed}");
    for finding in [
        "volumes/zh-CN.md:3: the link leads to a term \"volumes\"",
        "volumes/web.yaml:21: tab-indentation",
        "volumes/../zh-TW.txt:1: `line.volumes` is missing",
    ] {
        assert!(lines.iter().any(|line| line.starts_with(finding)), "{finding}: {printed}");
    }
    lay_out();
    edit("volumes/lesson.yaml", "    prints: hello", "    prints: goodbye");
    let (code, printed) = check(&copy);
    assert_eq!(code, Some(1));
    assert!(printed.starts_with("volumes/lesson.yaml:19: the solution does not reach \"read\""), "{printed}");
}

/// The published schema says what the reader takes: every lesson fits it.
#[test]
fn every_lesson_fits_the_schema() {
    let schema: Value = serde_json::from_str(&text("schema.json")).expect("the schema is JSON");
    for lesson in around().lessons {
        let manifest = manifest::parse(&text(&format!("{lesson}/lesson.yaml")));
        let value = &manifest.documents.first().expect("a document").value;
        let mut wrong = Vec::new();
        fits(&schema, &schema, value, &lesson, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    let mut wrong = Vec::new();
    fits(&schema, &schema, &serde_json::json!({"minutes": "five", "stepps": []}), "", &mut wrong);
    assert_eq!(wrong.len(), 3, "{wrong:#?}");
}

/// The part of JSON Schema that the lessons' schema uses.
fn fits(root: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return fits(root, root.pointer(&reference[1..]).expect("the reference leads somewhere"), value, at, wrong);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fitting = choices.iter().filter(|choice| {
            let mut wrong = Vec::new();
            fits(root, choice, value, at, &mut wrong);
            wrong.is_empty()
        });
        if fitting.count() != 1 {
            wrong.push(format!("{at}: fits none or several of oneOf: {value}"));
        }
        return;
    }
    let kind = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    };
    if !kind {
        wrong.push(format!("{at}: {value} is no {}", schema["type"]));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            wrong.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(schema) => fits(root, schema, value, &format!("{at}.{name}"), wrong),
            None if schema["additionalProperties"] == false => wrong.push(format!("{at}: there is no {name}")),
            None => {}
        }
    }
    if let Some(schema) = schema.get("items") {
        for (index, value) in value.as_array().into_iter().flatten().enumerate() {
            fits(root, schema, value, &format!("{at}[{index}]"), wrong);
        }
    }
}

#[test]
fn words_are_stressed_only_as_the_page_knows() {
    for lesson in around().lessons {
        for tag in LANGUAGES {
            for (number, line) in text(&format!("{lesson}/{tag}.md")).lines().enumerate() {
                // Every other part stands between backquotes, where an asterisk is itself.
                let words: String = line.split('`').step_by(2).collect();
                assert!(!words.replace("**", "").contains('*'), "{lesson}/{tag}.md:{}: {line}", number + 1);
            }
        }
    }
}
