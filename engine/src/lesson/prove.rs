//! Plays a lesson by its own solution, without a screen, and says where it does not hold what it promises: a step that is
//! solved before it begins, a goal that the solution does not reach, a hint whose command does not exist.
//! It must not know texts.

use crate::process::Streams;
use crate::script::{self, Options};
use crate::session::Session;

use super::goal::{Goal, Mark};
use super::lint::Files;
use super::{Finding, LESSON_FILE, Lesson, Script};

/// How long a hint's command may take: one that watches never ends.
const HINT_MS_MAX: u64 = 600_000;

/// The cluster in which a lesson begins.
///
/// # Errors
/// A line of its script that cannot be read.
pub fn begin(lesson: &Lesson, files: Files<'_>) -> Result<Session, Finding> {
    let played = script::run(&lesson.start.text, files, &Options::default());
    let mut session = played.map(|output| output.session).map_err(|error| at(&lesson.start, &error))?;
    lay_out(lesson, files, &mut session);
    Ok(session)
}

/// Puts a lesson's files beside the terminal.
fn lay_out(lesson: &Lesson, files: Files<'_>, session: &mut Session) {
    for name in &lesson.files {
        if let Some(text) = files(name) {
            session.terminal.files.insert(name.clone(), text.as_str().into());
        }
    }
}

fn at(script: &Script, error: &script::ScriptError) -> Finding {
    Finding::new(LESSON_FILE, script.line + error.line - 1, &*error.message)
}

/// The cluster at the beginning of a step, as the solutions of the steps before it leave it.
///
/// # Errors
/// A line of a script that cannot be read.
pub fn begin_step(lesson: &Lesson, index: usize, files: Files<'_>) -> Result<Session, Finding> {
    let mut session = begin(lesson, files)?;
    for step in &lesson.steps[..index] {
        session = script::play(session, &step.solution.text, files).map_err(|error| at(&step.solution, &error))?.session;
    }
    Ok(session)
}

/// Everything that playing the lesson shows to be wrong.
pub fn prove(lesson: &Lesson, files: Files<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(finding) = play(lesson, files, &mut findings) {
        findings.push(finding);
    }
    findings
}

fn play(lesson: &Lesson, files: Files<'_>, findings: &mut Vec<Finding>) -> Result<(), Finding> {
    let mut session = begin(lesson, files)?;
    let mut say = |line: usize, message: String| findings.push(Finding::new(LESSON_FILE, line, message));
    for step in &lesson.steps {
        let mark = Mark::now(&session);
        let met = |goal: &Goal, session: &Session| goal.check.met(session, mark).is_some();
        if step.goals.iter().all(|goal| met(goal, &session)) {
            say(step.line, format!("the step {:?} is solved before it begins", step.name));
        }
        let shown = step.predict.as_ref().and_then(|predict| predict.shown.as_ref());
        if shown.is_some_and(|shown| met(shown, &session)) {
            say(step.line, "the prediction is settled before it is asked".to_owned());
        }
        for hint in step.hints.iter().filter(|hint| !hint.command.is_empty()) {
            if let Some(message) = try_out(session.clone(), &hint.command) {
                say(hint.line, message);
            }
        }
        let output = script::play(session, &step.solution.text, files).map_err(|error| at(&step.solution, &error))?;
        session = output.session;
        for goal in step.goals.iter().filter(|goal| !met(goal, &session)) {
            let transcript = output.transcript.trim_end();
            say(goal.line, format!("the solution does not reach {:?}. It printed:\n{transcript}", goal.name));
        }
        for goal in step.never.iter().filter(|goal| met(goal, &session)) {
            say(goal.line, format!("the solution does what it must never do: {:?}", goal.name));
        }
        if shown.is_some_and(|shown| !met(shown, &session)) {
            say(step.line, "the solution does not show what was to be predicted".to_owned());
        }
    }
    Ok(())
}

/// What is wrong with a hint's command, where the step begins: it may well fail there, but it has to be one.
fn try_out(mut session: Session, command: &str) -> Option<String> {
    if crate::shell::incomplete(command) {
        return Some(format!("the command {command:?} is not finished"));
    }
    let deadline_ms = session.world.now_ms().saturating_add(HINT_MS_MAX);
    let id = session.run(command, Streams::with_input(""), deadline_ms);
    let job = session.job(id);
    let unknown = [
        "unknown command",
        "unknown flag",
        "unknown shorthand flag",
        "command not found\n",
        "doesn't have a resource type",
        "syntax error",
    ];
    let missing = |words: &&str| job.streams.err.contains(*words) && !job.streams.err.contains("(NotFound)");
    let wrong = job.exit == Some(127) || unknown.iter().any(missing);
    wrong.then(|| format!("the command {command:?} does not exist: {}", job.streams.err.trim_end()))
}
