//! The headless runner: a script in, a transcript and a trace out. It must not know the page, a file system or a screen.
//!
//! A `$` command runs until it returns, however far that takes the clock, but not longer than an hour of virtual time. Two
//! kinds do not return and stay in the foreground while the lines behind them (`@at`, `@wait`, `@settle`, …) let time pass:
//! one that a `^C` line ends, and one that watches (`get -w`, `watch …`), which the next command ends. Where no such line
//! lets time pass, it runs until nothing happens any more, as a person watches until it is quiet and then presses Ctrl+C.

mod configure;
mod line;
mod settle;

#[cfg(test)]
mod tests;

use std::fmt;

use crate::api::time::Ms;
use crate::cluster::trace;
use crate::kubectl;
use crate::process::{Budget, Context, Poll, Streams};
use crate::session::{JobId, Session};
use crate::settings::Settings;
use crate::shell;

use line::{Action, Line};

/// How long a command may run before it is taken for one that never returns.
const COMMAND_MS_MAX: Ms = 3_600_000;

/// What a run depends on beside its script.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The seed of a cluster's random-looking values.
    pub seed: u64,
}

/// What a script came to.
pub struct Output {
    /// What the terminal printed.
    pub transcript: String,
    /// The cluster and the terminal as the script left them.
    pub session: Session,
}

impl Output {
    /// The watch events of the run, each as one line of JSON, oldest first.
    pub fn trace(&self) -> impl Iterator<Item = String> {
        let epoch = self.session.world.settings.epoch;
        self.session.world.store.log.iter().map(move |event| trace::line(event, epoch))
    }
}

/// Why a script cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it, and what to write instead.
    pub message: String,
}

impl ScriptError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.message)
    }
}

/// Runs a script in a fresh cluster. `files` gives the text of a file beside the script.
///
/// # Errors
/// A line that cannot be read, with what to write instead. What commands make of it is in the transcript.
pub fn run(text: &str, files: &dyn Fn(&str) -> Option<String>, options: &Options) -> Result<Output, ScriptError> {
    let lines = line::read(text)?;
    let mut settings = Settings { seed: options.seed, ..Settings::default() };
    for line in &lines {
        if let Action::Config(value) = &line.action {
            configure::cluster(&mut settings, value).map_err(|message| ScriptError::new(line.number, message))?;
        }
    }
    play_lines(Session::new(settings), &lines, files)
}

/// Plays a script in a session that is there already; its cluster is not configured any more.
///
/// # Errors
/// A line that cannot be read, with what to write instead.
pub fn play(session: Session, text: &str, files: &dyn Fn(&str) -> Option<String>) -> Result<Output, ScriptError> {
    play_lines(session, &line::read(text)?, files)
}

fn play_lines(session: Session, lines: &[Line], files: &dyn Fn(&str) -> Option<String>) -> Result<Output, ScriptError> {
    let mut runner = Runner { session, files, transcript: String::new(), foreground: None, latest: None, background: Vec::new() };
    for (index, line) in lines.iter().enumerate() {
        runner.act(line, &lines[index + 1..]).map_err(|message| ScriptError::new(line.number, message))?;
    }
    runner.end_foreground(None);
    runner.print_background();
    Ok(Output { transcript: runner.transcript, session: runner.session })
}

struct Runner<'a> {
    session: Session,
    files: &'a dyn Fn(&str) -> Option<String>,
    transcript: String,
    /// The command whose output is still to be printed.
    foreground: Option<JobId>,
    /// The command that was started last, which `^C` interrupts.
    latest: Option<JobId>,
    background: Vec<(JobId, &'a str)>,
}

impl<'a> Runner<'a> {
    fn act(&mut self, line: &'a Line, rest: &[Line]) -> Result<(), String> {
        match &line.action {
            Action::Config(_) => {}
            Action::Command { text, input } => self.command(text, input, rest),
            Action::Background { text, input } => {
                self.end_foreground(None);
                let (command, streams) = self.prepare(text, input);
                let id = self.session.start(&command, streams);
                self.echo(text);
                self.latest = Some(id);
                self.background.push((id, text));
            }
            Action::Interrupt => {
                if let Some(id) = self.latest {
                    self.session.interrupt(id);
                }
            }
            Action::At(at_ms) => self.session.advance_to(*at_ms),
            Action::Wait(ms) => self.session.advance_to(self.session.world.now_ms().saturating_add(*ms)),
            Action::Settle => settle::settle(&mut self.session),
            Action::Apply(name) => self.apply(name)?,
            Action::Namespace(name) => {
                self.session.world.create_namespace(name);
                self.session.terminal.namespace = name.as_str().into();
            }
            Action::Kubelet(value) => {
                configure::kubelet(&mut self.session.world.settings.kubelet, value)?;
                crate::controllers::kubelet_settings_changed(&mut self.session.world);
            }
            Action::File { name, text } => {
                self.session.terminal.files.insert(name.clone(), text.as_str().into());
            }
        }
        Ok(())
    }

    fn command(&mut self, text: &'a str, input: &str, rest: &[Line]) {
        self.end_foreground(None);
        let (command, streams) = self.prepare(text, input);
        self.echo(text);
        let mine: Vec<&Action> = rest.iter().map(|line| &line.action).take_while(|action| !action.is_command()).collect();
        let interrupted = mine.iter().position(|action| matches!(action, Action::Interrupt));
        let attended = interrupted.is_some() || line::watches(&command);
        if attended {
            let id = self.session.start(&command, streams);
            self.foreground = Some(id);
            self.latest = Some(id);
            let mut until_end = mine[..interrupted.unwrap_or(mine.len())].iter();
            if !until_end.any(|action| action.takes_time()) {
                settle::settle_or(&mut self.session, |session| session.job(id).exit.is_some());
            }
            if interrupted.is_none() && !mine.iter().any(|action| action.takes_time()) {
                self.end_foreground(None);
            }
            return;
        }
        let deadline_ms = self.session.world.now_ms().saturating_add(COMMAND_MS_MAX);
        let id = self.session.run(&command, streams, deadline_ms);
        self.foreground = Some(id);
        self.latest = Some(id);
        self.end_foreground(Some("sandbox: interrupted: the command had not returned after an hour of cluster time"));
    }

    /// The whole command, with the lines of its input that belong to it, and the rest as its standard input. Files that it
    /// may read are put at hand.
    fn prepare(&mut self, text: &str, input: &str) -> (String, Streams) {
        let mut command = text.to_owned();
        let mut rest = input;
        while !rest.is_empty() && shell::incomplete(&command) {
            let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
            command.push('\n');
            command.push_str(line);
            rest = behind;
        }
        for name in line::words(&command) {
            // A path from the root is one of a container, or of the terminal's own files.
            if !name.starts_with('/')
                && !self.session.terminal.files.contains_key(name)
                && let Some(text) = (self.files)(name)
            {
                self.session.terminal.files.insert(name.to_owned(), text.into());
            }
        }
        (command, Streams::with_input(rest))
    }

    fn echo(&mut self, text: &str) {
        self.transcript.push_str("$ ");
        self.transcript.push_str(text);
        self.transcript.push('\n');
    }

    /// Prints what the command in the foreground has printed, and ends it if it still runs.
    fn end_foreground(&mut self, remark: Option<&str>) {
        let Some(id) = self.foreground.take() else {
            return;
        };
        let running = self.session.job(id).exit.is_none();
        if running {
            self.session.end(id);
        }
        self.print(id);
        if let (true, Some(remark)) = (running, remark) {
            self.print_error(remark);
        }
        self.print_exit(id);
    }

    fn print_background(&mut self) {
        for (id, text) in std::mem::take(&mut self.background) {
            self.echo(text);
            self.print(id);
            self.print_exit(id);
        }
    }

    fn print(&mut self, id: JobId) {
        let streams = &self.session.job(id).streams;
        let (out, err) = (streams.out.clone(), streams.err.clone());
        if !out.is_empty() {
            self.transcript.push_str(&out);
            if !out.ends_with('\n') {
                self.transcript.push('\n');
            }
        }
        self.print_error(&err);
    }

    fn print_error(&mut self, text: &str) {
        for line in text.lines() {
            self.transcript.push_str("[stderr] ");
            self.transcript.push_str(line);
            self.transcript.push('\n');
        }
    }

    fn print_exit(&mut self, id: JobId) {
        if let Some(exit) = self.session.job(id).exit.filter(|exit| *exit != 0) {
            self.transcript.push_str(&format!("[exit {exit}]\n"));
        }
    }

    /// Applies a manifest as `kubectl apply -f` does, without a word and without a trace in the history of commands.
    fn apply(&mut self, name: &str) -> Result<(), String> {
        if !self.session.terminal.files.contains_key(name) {
            let text =
                (self.files)(name).ok_or_else(|| format!("there is no file {name} beside the script; files of `@file` count too"))?;
            self.session.terminal.files.insert(name.to_owned(), text.into());
        }
        let mut process = kubectl::start(&["apply".to_owned(), "-f".to_owned(), name.to_owned()]);
        let mut streams = Streams::with_input("");
        loop {
            let Session { world, terminal, .. } = &mut self.session;
            match process.poll(&mut Context { world, terminal, streams: &mut streams, budget: &mut Budget::default() }) {
                Poll::Done(0) => return Ok(()),
                Poll::Done(_) => return Err(streams.err.trim_end().to_owned()),
                Poll::Waiting { until_ms } => {
                    let next_ms = self.session.next_ms().into_iter().chain(until_ms).min();
                    let next_ms = next_ms.ok_or_else(|| format!("{name}: nothing that it waits for will happen"))?;
                    self.session.advance_to(next_ms);
                }
            }
        }
    }
}
