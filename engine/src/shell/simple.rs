//! Runs a simple command: expands its words, opens its redirections, and starts a program or does what only a shell can do.
//! Other commands with redirections run here too. It must not know any program.

use std::rc::Rc;

use crate::process::{Context, Poll, Streams};

use super::expand::Expansion;
use super::programs::Call;
use super::state::{Flow, Shell};
use super::syntax::{Command, CommandKind, Redirect, Target, Word};
use super::tasks::{Substitution, Task, start_compound, with};
use super::{builtins, files, programs};

/// Where a stream leads.
#[derive(Clone)]
enum Sink {
    /// To the standard output of whoever runs the command.
    Out,
    /// To the standard error of whoever runs the command.
    Err,
    /// To the end of a file.
    File(String),
}

#[derive(Clone)]
enum Stage {
    Fresh,
    Expanding(Box<Substitution>),
    Running { task: Box<dyn Task>, detour: Option<Box<Detour>> },
}

/// The streams of a command with redirections.
#[derive(Clone)]
struct Detour {
    streams: Streams,
    /// Whether it reads what whoever runs it reads.
    inherits_input: bool,
    out: Sink,
    err: Sink,
}

/// A command with its redirections.
#[derive(Clone)]
pub(super) struct Simple {
    command: Rc<Command>,
    stage: Stage,
}

/// What the words of a command became.
#[derive(Default)]
struct Expanded {
    assignments: Vec<(String, String)>,
    words: Vec<String>,
    targets: Vec<String>,
}

impl Simple {
    pub(super) fn new(command: &Rc<Command>) -> Self {
        Self { command: command.clone(), stage: Stage::Fresh }
    }

    fn start(&self, expanded: Expanded, status: Option<i32>, shell: &mut Shell, context: &mut Context<'_>) -> Result<Stage, i32> {
        let mut detour = open(&self.command, &expanded.targets, shell, context).map_err(|message| {
            shell.complain(context.streams, &message);
            1
        })?;
        let simple = matches!(self.command.kind, CommandKind::Simple { .. });
        if !simple {
            return Ok(Stage::Running { task: start_compound(&self.command), detour });
        }
        if expanded.words.is_empty() {
            for (name, value) in expanded.assignments {
                shell.set(&name, value);
            }
            return Err(status.unwrap_or(0));
        }
        let mut environment = shell.environment();
        environment.extend(expanded.assignments);
        let call = Call { words: expanded.words, environment, tty: shell.tty && detour.is_none(), depth: 0 };
        let launch = |context: &mut Context<'_>, shell: &mut Shell| match builtins::run(&call, shell, context) {
            Some(status) => Err(status),
            None => Ok(programs::start(call, shell, context)),
        };
        let launched = match &mut detour {
            Some(detour) => {
                detour.pull(context);
                let launched = launch(&mut with(context, &mut detour.streams), shell);
                detour.push(shell, context, launched.is_err())?;
                launched
            }
            None => launch(context, shell),
        };
        Ok(Stage::Running { task: launched?, detour })
    }
}

impl Task for Simple {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        loop {
            match &mut self.stage {
                Stage::Fresh => {
                    if !shell.may_go_on(context) {
                        return Poll::Done(1);
                    }
                    self.stage = Stage::Expanding(Box::new(Substitution::new(shell, &mut words_of(&self.command))));
                }
                Stage::Expanding(substitution) => {
                    let results = match substitution.poll(shell, context) {
                        Ok(results) => results,
                        Err(waiting) => return waiting,
                    };
                    let expanded = expand(&self.command, Expansion { shell, context, results });
                    let status = substitution.status;
                    let started = match expanded {
                        Ok(expanded) => self.start(expanded, status, shell, context),
                        Err(message) => {
                            shell.complain(context.streams, &message);
                            shell.flow = Some(Flow::Stop);
                            Err(1)
                        }
                    };
                    match started {
                        Ok(stage) => self.stage = stage,
                        Err(status) => return Poll::Done(status),
                    }
                }
                Stage::Running { task, detour: None } => return task.poll(shell, context),
                Stage::Running { task, detour: Some(detour) } => {
                    detour.pull(context);
                    let poll = task.poll(shell, &mut with(context, &mut detour.streams));
                    return match detour.push(shell, context, matches!(poll, Poll::Done(_))) {
                        Ok(()) => poll,
                        Err(status) => Poll::Done(status),
                    };
                }
            }
        }
    }

    fn interrupt_inside(&mut self, context: &mut Context<'_>) -> bool {
        if let Stage::Running { task, detour: None } = &mut self.stage { task.interrupt_inside(context) } else { false }
    }

    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        match &mut self.stage {
            Stage::Fresh => {}
            Stage::Expanding(substitution) => substitution.interrupt(shell, context),
            Stage::Running { task, detour: None } => task.interrupt(shell, context),
            Stage::Running { task, detour: Some(detour) } => {
                task.interrupt(shell, &mut with(context, &mut detour.streams));
                // Nobody is left to tell where a file cannot be written.
                let _ = detour.push(shell, context, true);
            }
        }
    }
}

impl Detour {
    fn pull(&mut self, context: &mut Context<'_>) {
        if self.inherits_input {
            self.streams.input.push_str(&context.streams.take_input());
            self.streams.input_ended = context.streams.input_ended;
        }
    }

    /// Passes on what was printed, and once the command has ended, what it did not read.
    fn push(&mut self, shell: &Shell, context: &mut Context<'_>, ended: bool) -> Result<(), i32> {
        let mut result = Ok(());
        for (sink, text) in [(&self.out, std::mem::take(&mut self.streams.out)), (&self.err, std::mem::take(&mut self.streams.err))] {
            match sink {
                _ if text.is_empty() => {}
                Sink::Out => context.streams.out.push_str(&text),
                Sink::Err => context.streams.err.push_str(&text),
                Sink::File(name) => {
                    if let Err(trouble) = files::write(shell, context, name, &text, true) {
                        shell.complain(context.streams, &format!("{name}: {trouble}"));
                        result = Err(1);
                    }
                }
            }
        }
        if ended && self.inherits_input {
            context.streams.input.insert_str(0, &self.streams.take_input());
        }
        result
    }
}

fn expand(command: &Command, mut expansion: Expansion<'_, '_, '_>) -> Result<Expanded, String> {
    let mut expanded = Expanded::default();
    if let CommandKind::Simple { assignments, words } = &command.kind {
        for (name, word) in assignments {
            expanded.assignments.push((name.clone(), expansion.text(word)?));
        }
        for word in words {
            expanded.words.extend(expansion.fields(word)?);
        }
    }
    for redirect in &command.redirects {
        expanded.targets.push(match target_word(redirect) {
            Some(word) => expansion.text(word)?,
            None => String::new(),
        });
    }
    Ok(expanded)
}

/// Opens the redirections in order.
fn open(command: &Command, targets: &[String], shell: &Shell, context: &mut Context<'_>) -> Result<Option<Box<Detour>>, String> {
    if command.redirects.is_empty() {
        return Ok(None);
    }
    let mut detour = Detour { streams: Streams::default(), inherits_input: true, out: Sink::Out, err: Sink::Err };
    for (redirect, target) in command.redirects.iter().zip(targets) {
        let sink = match &redirect.target {
            Target::Here(_) => {
                detour.inherits_input = false;
                detour.streams = Streams::with_input(target);
                continue;
            }
            Target::Read(_) => {
                let text = files::read(shell, context, target).map_err(|trouble| format!("{target}: {trouble}"))?;
                detour.inherits_input = false;
                detour.streams = Streams::with_input(&text);
                continue;
            }
            Target::Same(1) => detour.out.clone(),
            Target::Same(_) => detour.err.clone(),
            Target::Write(_) | Target::Append(_) => {
                let append = matches!(redirect.target, Target::Append(_));
                files::write(shell, context, target, "", append).map_err(|trouble| format!("{target}: {trouble}"))?;
                Sink::File(target.clone())
            }
        };
        if redirect.descriptor == 2 {
            detour.err = sink;
        } else {
            detour.out = sink;
        }
    }
    Ok(Some(Box::new(detour)))
}

/// Every word of a command, in the order in which it is expanded.
fn words_of(command: &Command) -> impl Iterator<Item = &Word> {
    let (assignments, words) = match &command.kind {
        CommandKind::Simple { assignments, words } => (assignments.as_slice(), words.as_slice()),
        _ => (&[][..], &[][..]),
    };
    assignments.iter().map(|(_, word)| word).chain(words).chain(command.redirects.iter().filter_map(target_word))
}

fn target_word(redirect: &Redirect) -> Option<&Word> {
    match &redirect.target {
        Target::Read(word) | Target::Write(word) | Target::Append(word) => Some(word),
        Target::Here(text) => text.get(),
        Target::Same(_) => None,
    }
}
