//! What is wrong with a lesson as it is written: its files, its texts in every language, its names and links. What only
//! playing it can show is in `prove`. It must not know a file system: files come from a function.

use crate::controllers::{rules, statefulset};
use crate::manifest;

use super::course::Names;
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
    lint_lesson(&lesson, files, around, &mut findings);
    let mut texts = Vec::new();
    for language in languages {
        let file = format!("{language}.md");
        match files(&file) {
            Some(source) => {
                let (text, wrong) = text::read(&file, &source);
                findings.extend(wrong);
                lint_text(&lesson, &text, &file, around, &mut findings);
                let names = around.names.iter().find(|(known, _)| known == language);
                let title = names.and_then(|(_, names)| names.get("lesson", name));
                if title.is_some_and(|title| title != text.title) {
                    findings.push(Finding::new(&file, 1, format!("the course calls the lesson {:?}", title.unwrap_or_default())));
                }
                texts.push(((*language).to_owned(), text));
            }
            None => findings.push(Finding::new(&file, 1, "the file is missing: every language has its text")),
        }
    }
    Linted { lesson, texts, findings }
}

fn lint_lesson(lesson: &Lesson, files: Files<'_>, around: &Around, findings: &mut Vec<Finding>) {
    let mut say = |line: usize, message: String| findings.push(Finding::new(LESSON_FILE, line, message));
    for file in &lesson.files {
        match files(file) {
            None => say(1, format!("there is no file {file} beside the lesson")),
            Some(text) => {
                for problem in &manifest::parse(&text).problems {
                    say(1, format!("{file}, line {}: {}", problem.range.start.line, problem.code));
                }
            }
        }
    }
    for term in &lesson.terms {
        if around.names.first().is_some_and(|(_, names)| names.get("term", term).is_none()) {
            say(1, format!("the glossary has no term {term:?}"));
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

fn lint_text(lesson: &Lesson, text: &Text, file: &str, around: &Around, findings: &mut Vec<Finding>) {
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
        say(1, format!("the steps are {}, and in {LESSON_FILE} {}", there.join(", "), wanted.join(", ")));
    }
    for step in &lesson.steps {
        let Some(words) = text.step(&step.name) else {
            continue;
        };
        for (what, goals, texts) in [("goal", &step.goals, &words.goals), ("never", &step.never, &words.never)] {
            let wanted: Vec<&str> = goals.iter().map(|goal| goal.name.as_str()).collect();
            compare(what, &wanted, texts, words, &mut say);
        }
        let choices: Vec<&str> = step.predict.iter().flat_map(|predict| predict.choices.iter().map(String::as_str)).collect();
        compare("choice", &choices, &words.choices, words, &mut say);
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
    for piece in text.runs().into_iter().flatten() {
        if let Inline::Link { target, .. } = piece
            && let Err(message) = resolve(target, around)
        {
            say(1, message);
        }
    }
}

/// Compares the names that a file of texts has with those that it should have.
fn compare(what: &str, wanted: &[&str], texts: &[(String, text::Inlines)], step: &StepText, say: &mut impl FnMut(usize, String)) {
    for name in wanted.iter().filter(|name| !texts.iter().any(|(there, words)| there == *name && !words.is_empty())) {
        say(step.line, format!("`@{what} {name}` has no text"));
    }
    for (name, _) in texts.iter().filter(|(name, _)| !wanted.contains(&name.as_str())) {
        say(step.line, format!("`@{what} {name}` is not in {LESSON_FILE}"));
    }
}

/// Where outward links may lead: pages that do not move.
const HOSTS: &[&str] = &["https://kubernetes.io/docs/", "https://etcd.io/docs/", "https://zookeeper.apache.org/doc/"];

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
