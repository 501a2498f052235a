//! `sandbox lesson check FOLDER`: reads lessons from a folder, has the library look through and play them, and prints what
//! it finds with file and line. It owns files and arguments only.

use std::fs;
use std::path::Path;

use statefulset_engine::lesson::course::{self, COURSE_FILE, Names};
use statefulset_engine::lesson::lint::{Around, lint};
use statefulset_engine::lesson::prove::prove;
use statefulset_engine::lesson::{Finding, LESSON_FILE};

use super::Stop;

const USAGE: &str =
    "usage: sandbox lesson check FOLDER\nFOLDER holds lesson.yaml and a text per language (en.md), or course.yaml and a folder per lesson.";

/// `sandbox lesson …`.
pub(super) fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), Stop> {
    let (verb, folder) = (arguments.next(), arguments.next());
    match (verb.as_deref(), folder, arguments.next()) {
        (Some("check"), Some(folder), None) => check(Path::new(&folder)),
        (Some("-h" | "--help"), ..) => super::print(&format!("{USAGE}\n")),
        _ => Err(Stop(2, USAGE.to_owned())),
    }
}

fn check(folder: &Path) -> Result<(), Stop> {
    let mut findings = Vec::new();
    let lessons = if folder.join(COURSE_FILE).exists() {
        let around = around(folder, &mut findings);
        for name in around.lessons.clone() {
            findings.extend(check_lesson(&folder.join(&name), &name, &around));
        }
        around.lessons.len()
    } else if folder.join(LESSON_FILE).exists() {
        let folder = folder.canonicalize().map_err(|error| Stop(2, format!("{}: {error}", folder.display())))?;
        let around = folder.parent().filter(|parent| parent.join(COURSE_FILE).exists());
        let around = around.map(|parent| self::around(parent, &mut Vec::new())).unwrap_or_default();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        findings.extend(check_lesson(&folder, &name, &around));
        1
    } else {
        return Err(Stop(2, format!("{} has neither {LESSON_FILE} nor {COURSE_FILE}\n{USAGE}", folder.display())));
    };
    if findings.is_empty() {
        return super::print(&format!("{lessons} checked and played, nothing wrong\n"));
    }
    super::print(&findings.iter().map(|finding| format!("{finding}\n")).collect::<String>())?;
    Err(Stop(1, format!("{} found", findings.len())))
}

/// The course in a folder.
fn around(folder: &Path, findings: &mut Vec<Finding>) -> Around {
    let (chapters, wrong) = course::read(&read(folder, COURSE_FILE).unwrap_or_default());
    findings.extend(wrong);
    // `pages.en.txt` and its like are read by the build alone.
    let names = languages(folder, "txt").into_iter().filter(|tag| !tag.contains('.')).map(|tag| {
        let names = Names::read(&read(folder, &format!("{tag}.txt")).unwrap_or_default());
        (tag, names)
    });
    Around { lessons: chapters.into_iter().flat_map(|chapter| chapter.lessons).collect(), names: names.collect() }
}

fn check_lesson(folder: &Path, name: &str, around: &Around) -> Vec<Finding> {
    let files = |file: &str| read(folder, file);
    // A lesson of the course speaks all its languages, one that stands alone those that it has.
    let languages: Vec<String> =
        if around.names.is_empty() { languages(folder, "md") } else { around.names.iter().map(|(tag, _)| tag.clone()).collect() };
    let tags: Vec<&str> = languages.iter().map(String::as_str).collect();
    let mut linted = lint(name, &files, &tags, around);
    if linted.findings.is_empty() {
        linted.findings = prove(&linted.lesson, &files);
    }
    for finding in &mut linted.findings {
        finding.file = format!("{name}/{}", finding.file);
    }
    linted.findings
}

/// The languages of a folder's files with an ending: English first.
fn languages(folder: &Path, ending: &str) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let texts = files.filter(|path| path.extension().is_some_and(|there| there == ending));
    let mut tags: Vec<String> = texts.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
    tags.sort_by_key(|tag| (tag != "en", tag.clone()));
    tags
}

fn read(folder: &Path, name: &str) -> Option<String> {
    fs::read_to_string(folder.join(name)).ok()
}
