//! What is wrong with a lesson as it is written: its files, its texts in every language, its names and links. What only
//! playing it can show is in `prove`. It must not know a file system: files come from a function.

use crate::controllers::{rules, statefulset};
use crate::manifest;

use super::course::{COURSE_FILE, Names};
use super::goal::{Check, Goal};
use super::text::{Inline, StepText, Text};
use super::{Finding, LESSON_FILE, Lesson, read, text};

/// Gives the text of a file of a lesson's folder.
pub type Files<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A lesson with all its texts, and everything that is wrong with them.
pub struct Linted {
    /// The lesson.
    pub lesson: Lesson,
    /// Its texts, by language.
    pub texts: Vec<(String, Text)>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// The course around a lesson, for what a lesson may refer to.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The names of all lessons.
    pub lessons: Vec<String>,
    /// The course's texts, by language.
    pub names: Vec<(String, Names)>,
}

/// Reads a lesson in the languages given, and looks through all of it.
pub fn lint(name: &str, files: Files<'_>, languages: &[&str], around: &Around) -> Linted {
    let Some(source) = files(LESSON_FILE) else {
        let findings = vec![Finding::new(LESSON_FILE, 1, "the file is missing")];
        return Linted { lesson: Lesson::default(), texts: Vec::new(), findings };
    };
    let (lesson, mut findings) = read(&source);
    lint_lesson(&lesson, &source, files, around, &mut findings);
    if !around.lessons.is_empty() && !around.lessons.iter().any(|known| known == name) {
        findings.push(Finding::new(&format!("../{COURSE_FILE}"), 1, format!("the course has no lesson {name:?}")));
    }
    let mut texts = Vec::new();
    for language in languages {
        let file = format!("{language}.md");
        match files(&file) {
            Some(source) => {
                let (text, wrong) = text::read(&file, &source);
                findings.extend(wrong);
                lint_text(&lesson, &text, &source, &file, around, &mut findings);
                let names = around.names.iter().find(|(known, _)| known == language);
                let title = names.and_then(|(_, names)| names.get("lesson", name));
                for area in ["lesson", "line"] {
                    if names.is_some_and(|(_, names)| names.get(area, name).is_none()) {
                        findings.push(Finding::new(&format!("../{language}.txt"), 1, format!("`{area}.{name}` is missing")));
                    }
                }
                if title.is_some_and(|title| title != text.title) {
                    findings.push(Finding::new(&file, 1, format!("the course calls the lesson {:?}", title.unwrap_or_default())));
                }
                texts.push(((*language).to_owned(), text));
            }
            None => findings.push(Finding::new(&file, 1, "the file is missing: every language has its text")),
        }
    }
    findings.sort_by(|one, next| (&one.file, one.line).cmp(&(&next.file, next.line)));
    Linted { lesson, texts, findings }
}

/// The first line, from one on, in which a text has some words; that one where none has.
fn line_with(source: &str, from: usize, words: &str) -> usize {
    let mut lines = source.lines().enumerate().skip(from.saturating_sub(1));
    lines.find(|(_, line)| line.contains(words)).map_or(from, |(index, _)| index + 1)
}

fn lint_lesson(lesson: &Lesson, source: &str, files: Files<'_>, around: &Around, findings: &mut Vec<Finding>) {
    let named = lesson.files.iter().cloned().chain(lesson.files_beside());
    for file in named {
        match files(&file) {
            None => {
                findings.push(Finding::new(LESSON_FILE, line_with(source, 1, &file), format!("there is no file {file} beside the lesson")))
            }
            Some(text) => {
                let problems = manifest::parse(&text).problems;
                findings.extend(problems.iter().map(|problem| Finding::new(&file, problem.range.start.line, problem.code)));
            }
        }
    }
    let mut say = |line: usize, message: String| findings.push(Finding::new(LESSON_FILE, line, message));
    for term in &lesson.terms {
        if around.names.first().is_some_and(|(_, names)| names.get("term", term).is_none()) {
            let line = line_with(source, line_with(source, 1, "terms:"), term);
            say(line, format!("the glossary has no term {term:?}"));
        }
    }
    for (index, step) in lesson.steps.iter().enumerate() {
        if lesson.steps[..index].iter().any(|earlier| earlier.name == step.name) {
            say(step.line, format!("there are two steps {:?}", step.name));
        }
        if step.challenge != (index + 1 == lesson.steps.len()) {
            say(step.line, "the last step, and no other, is the free challenge: `challenge: true`".to_owned());
        }
        let shown = step.predict.as_ref().and_then(|predict| predict.shown.as_ref());
        for Goal { line, check, .. } in step.goals.iter().chain(&step.never).chain(shown) {
            if let Check::Rule { rule, .. } = check
                && !rules::ALL.iter().chain(statefulset::rules::ALL).any(|known| known == rule)
            {
                say(*line, format!("there is no rule {rule:?}"));
            }
        }
    }
}

fn lint_text(lesson: &Lesson, text: &Text, source: &str, file: &str, around: &Around, findings: &mut Vec<Finding>) {
    let mut say = |line: usize, message: String| findings.push(Finding::new(file, line, message));
    if text.intro.is_empty() {
        say(1, "the introduction is missing: a paragraph behind the title".to_owned());
    }
    if text.summary.is_empty() {
        say(1, "the section `## summary` is missing: what was learnt".to_owned());
    }
    let wanted: Vec<&str> = lesson.steps.iter().map(|step| step.name.as_str()).collect();
    let there: Vec<&str> = text.steps.iter().map(|step| step.name.as_str()).collect();
    if wanted != there {
        let other = text.steps.iter().zip(&wanted).find(|(step, wanted)| step.name != **wanted).map(|(step, _)| step);
        let line = other.or(text.steps.get(wanted.len())).or(text.steps.last()).map_or(1, |step| step.line);
        say(line, format!("the steps are {}, and in {LESSON_FILE} {}", there.join(", "), wanted.join(", ")));
    }
    for step in &lesson.steps {
        let Some(words) = text.step(&step.name) else {
            continue;
        };
        for (what, goals, texts) in [("goal", &step.goals, &words.goals), ("never", &step.never, &words.never)] {
            let wanted: Vec<&str> = goals.iter().map(|goal| goal.name.as_str()).collect();
            compare(what, &wanted, texts, words, source, &mut say);
        }
        let choices: Vec<&str> = step.predict.iter().flat_map(|predict| predict.choices.iter().map(String::as_str)).collect();
        compare("choice", &choices, &words.choices, words, source, &mut say);
        if step.hints.len() != words.hints.len() {
            say(words.line, format!("{} stages of `@hint`, and {} in {LESSON_FILE}", words.hints.len(), step.hints.len()));
        }
        for (what, run) in [("ask", &words.ask), ("outcome", &words.outcome)] {
            if step.predict.is_some() == run.is_empty() {
                say(words.line, format!("`@{what}` belongs to a step with `predict`, and to each of them"));
            }
        }
        if words.title.is_empty() || words.body.is_empty() {
            say(words.line, "the step says nothing: it needs a title and a paragraph".to_owned());
        }
    }
    let mut targets: Vec<&str> = Vec::new();
    for piece in text.runs().into_iter().flatten() {
        if let Inline::Link { target, .. } = piece
            && !targets.contains(&target.as_str())
        {
            targets.push(target);
        }
    }
    for target in targets {
        if let Err(message) = resolve(target, around) {
            let end = format!("]({target})");
            for (index, _) in source.lines().enumerate().filter(|(_, line)| line.contains(&end)) {
                say(index + 1, message.clone());
            }
        }
    }
}

/// Compares the names that a file of texts has with those that it should have.
fn compare(
    what: &str,
    wanted: &[&str],
    texts: &[(String, text::Inlines)],
    step: &StepText,
    source: &str,
    say: &mut impl FnMut(usize, String),
) {
    for name in wanted.iter().filter(|name| !texts.iter().any(|(there, words)| there == *name && !words.is_empty())) {
        say(step.line, format!("`@{what} {name}` has no text"));
    }
    for (name, _) in texts.iter().filter(|(name, _)| !wanted.contains(&name.as_str())) {
        let line = line_with(source, step.line, &format!("@{what} {name}:"));
        say(line, format!("`@{what} {name}` is not in {LESSON_FILE}"));
    }
}

/// Where outward links may lead: pages that do not move.
const HOSTS: &[&str] =
    &["https://kubernetes.io/docs/", "https://kubernetes.io/zh-cn/docs/", "https://etcd.io/docs/", "https://zookeeper.apache.org/doc/"];

fn resolve(target: &str, around: &Around) -> Result<(), String> {
    match target.split_once(':') {
        Some(("lesson", name)) if around.lessons.iter().any(|lesson| lesson == name) => Ok(()),
        Some(("lesson", name)) => Err(format!("the link leads to a lesson {name:?}, which is not in the course")),
        Some(("term", name)) if around.names.iter().all(|(_, names)| names.get("term", name).is_some()) => Ok(()),
        Some(("term", name)) => Err(format!("the link leads to a term {name:?}, which the glossary lacks in a language")),
        _ if HOSTS.iter().any(|host| target.starts_with(host)) => Ok(()),
        _ => Err(format!("the link {target:?} leads to none of {}, `lesson:` and `term:`", HOSTS.join(", "))),
    }
}
