//! What the terminal asks of the page: lines to run, answers to Tab, copies, files that commands open in the editor.
//! It must not know how the terminal looks.

use std::rc::Rc;

use statefulset_engine::complete;
use statefulset_engine::session::JobId;
use statefulset_engine::session::terminal::OpenFile;
use statefulset_engine::shell;

use super::App;
use super::action::{Action, Ask};
use crate::browser::{clipboard, storage};
use crate::chrome::panes::Pane;
use crate::state::acts::Act;
use crate::state::command::Command;
use crate::state::files::File;
use crate::state::recall::Recall;

/// Under which name the browser keeps the lines that were typed.
const RECALL: &str = "statefulset-sandbox.history";

/// The lines of earlier visits.
pub(super) fn recall() -> Recall {
    storage::get(RECALL).map(|text| Recall::of_text(&text)).unwrap_or_default()
}

impl App {
    /// Runs a command as a gesture or a line of the terminal. The terminal gets the files of the editor first, as far as it lacks them.
    pub(super) fn run(&mut self, command: Command, typed: bool) -> Option<JobId> {
        let line = command.line;
        if self.recall.push(&line) {
            storage::set(RECALL, &self.recall.to_text());
        }
        let mut files = self.desk.files.unwritten(&self.sandbox.session().terminal.files);
        files.retain(|(name, _)| !command.files.iter().any(|(other, _)| other == name));
        files.extend(command.files);
        self.sandbox.act(Act::Run { files, line, typed })
    }

    /// A line was typed into the terminal: input of the command that runs there, or a command.
    pub(super) fn type_line(&mut self, line: String) {
        // A command may have ended with the line before; what it did not read comes first.
        while self.take_back_input() {}
        match self.foreground {
            Some(job) => {
                self.sandbox.act(Act::Type { job, text: format!("{line}\n") });
            }
            None if line.trim().is_empty() && self.unfinished.is_empty() => {}
            None => {
                let whole = std::mem::take(&mut self.unfinished) + &line;
                if shell::incomplete(&whole) {
                    self.unfinished = whole + "\n";
                } else {
                    self.foreground = self.run(Command::new(whole), true).filter(|job| self.goes_on(*job));
                }
            }
        }
    }

    fn goes_on(&self, job: JobId) -> bool {
        self.sandbox.session().jobs().nth(job.0).is_some_and(|(_, job)| job.exit.is_none())
    }

    /// What was typed ahead of a command that has ended, and that it did not read, comes back to the prompt, as from a real
    /// terminal; true where there was any.
    pub(super) fn take_back_input(&mut self) -> bool {
        if self.sandbox.in_the_past() {
            // What was typed again then lies ahead.
            self.foreground = self.sandbox.foreground();
            return false;
        }
        let Some(job) = self.foreground.filter(|job| !self.goes_on(*job)) else {
            return false;
        };
        self.foreground = None;
        let input = self.sandbox.session().jobs().nth(job.0).map(|(_, job)| job.streams.input.clone()).unwrap_or_default();
        input.lines().for_each(|line| self.type_line(line.to_owned()));
        !input.is_empty()
    }

    /// How many lines wait for the command that runs.
    pub(super) fn waiting(&self) -> usize {
        let job = self.foreground.and_then(|job| self.sandbox.session().jobs().nth(job.0));
        job.map_or(0, |(_, job)| job.streams.input.matches('\n').count())
    }

    /// Ctrl+C. A program inside the command may take it, and the command goes on.
    pub(super) fn interrupt(&mut self) {
        self.unfinished.clear();
        if let Some(job) = self.foreground {
            self.sandbox.act(Act::Interrupt { job });
            self.foreground = self.foreground.filter(|job| self.goes_on(*job));
        }
    }

    /// Ctrl+D: no more input for the command that runs.
    pub(super) fn end_input(&mut self) {
        if let Some(job) = self.foreground {
            self.sandbox.act(Act::EndInput { job });
        }
    }

    /// Answers Tab.
    pub(super) fn complete(&self, ask: &Ask) {
        let session = self.sandbox.session();
        let job = self.foreground.and_then(|job| session.jobs().nth(job.0));
        ask.reply.emit(match job {
            Some((_, job)) => complete::complete_inside(&session.world, &session.terminal, &job.line, &ask.line, ask.cursor),
            None => {
                let text = format!("{}{}", self.unfinished, ask.line);
                complete::complete(&session.world, &session.terminal, &text, self.unfinished.len() + ask.cursor)
            }
        });
    }

    /// Copies all that a command has printed.
    pub(super) fn copy(&self, id: usize) {
        if let Some((_, job)) = self.sandbox.session().jobs().nth(id) {
            let dispatch = self.dispatch.clone();
            clipboard::copy(format!("{}{}", job.streams.out, job.streams.err), move |done| dispatch.emit(Action::Copied(id, done)));
        }
    }

    /// The file that a command has open in the editor is closed: with what was saved, or with nothing.
    pub(super) fn close_file(&mut self, saved: Option<Rc<str>>) {
        self.sandbox.act(Act::CloseFile { saved: saved.map(|text| text.to_string()) });
    }

    /// Shows the file that a command has opened, and goes back to the terminal once it is closed.
    pub(super) fn show_file(&mut self) {
        let open = &self.sandbox.session().terminal.open;
        if *open != self.open {
            match (&self.open, open) {
                (_, Some(_)) => self.pane = Pane::Editor,
                (Some(_), None) => {
                    self.pane = if self.pane == Pane::Editor { Pane::Terminal } else { self.pane };
                    self.calls += 1;
                }
                (None, None) => {}
            }
            self.open = open.clone();
            let name = |open: &OpenFile| open.name.rsplit('/').next().unwrap_or_default().to_owned();
            self.desk.visit(self.open.as_ref().map(|open| File { name: name(open).into(), text: open.text.shared() }));
        }
    }
}
