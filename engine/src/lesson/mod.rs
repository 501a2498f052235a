//! Lessons as data: a cluster to begin with, steps with goals that are checks on the engine, hints, predictions and a
//! solution, and their text per language. `docs/lessons.md` describes the format for those who write lessons.
//!
//! Owns reading the files and judging a session by them. It must not know the page, a file system, or how a lesson looks.

pub mod course;
pub mod goal;
pub mod lint;
pub mod prove;
mod read;
pub mod text;

use std::fmt;

use goal::Goal;

pub use read::read;

/// Something wrong with a lesson's file, in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, as a path from the lesson's folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl Finding {
    /// A finding.
    pub fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// The name of a lesson's file.
pub const LESSON_FILE: &str = "lesson.yaml";

/// A lesson, without its texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lesson {
    /// How many minutes it takes.
    pub minutes: u64,
    /// Files that lie beside it; the first opens in the editor.
    pub files: Vec<String>,
    /// The script that is played before it begins.
    pub start: Script,
    /// Words of the glossary that it explains.
    pub terms: Vec<String>,
    /// Its steps, at least one.
    pub steps: Vec<Step>,
}

impl Lesson {
    /// Files of its folder that its scripts read, and that learners need not see in the editor: those that they name beside
    /// [`Lesson::files`] and do not make themselves.
    pub fn files_beside(&self) -> Vec<String> {
        let scripts = std::iter::once(&self.start).chain(self.steps.iter().map(|step| &step.solution));
        let lines: Vec<&str> = scripts.flat_map(|script| script.text.lines()).collect();
        let made: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("@file ")).map(str::trim).collect();
        let commands = lines.iter().filter(|line| line.starts_with("$ ") || line.starts_with("@apply "));
        let mut names: Vec<String> = Vec::new();
        for name in commands.flat_map(|line| line.split_whitespace()).filter(|word| word.ends_with(".yaml")) {
            if !made.contains(&name) && !self.files.iter().chain(&names).any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }
}

/// A piece of a script, in the form that `sandbox run` takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// Its text.
    pub text: String,
    /// The line of the file where it begins.
    pub line: usize,
}

/// A step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// Its name, which the texts refer to.
    pub name: String,
    /// Where it stands.
    pub line: usize,
    /// Whether it is the free challenge at the end.
    pub challenge: bool,
    /// What has to be reached.
    pub goals: Vec<Goal>,
    /// What must not be done on the way.
    pub never: Vec<Goal>,
    /// The stages of hints: a command to try, or nothing but words.
    pub hints: Vec<Hint>,
    /// What to predict before anything happens.
    pub predict: Option<Predict>,
    /// How the step is solved.
    pub solution: Script,
}

/// A stage of hints.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hint {
    /// A command line to try; empty where the words say it all.
    pub command: String,
    /// Where it stands.
    pub line: usize,
}

/// A prediction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predict {
    /// Where it stands.
    pub line: usize,
    /// The choices, by name.
    pub choices: Vec<String>,
    /// The one that comes true.
    pub answer: String,
    /// What shows it: once this is met, the prediction is settled, at the moment when it was met.
    pub shown: Option<Goal>,
}
