//! Shells inside shells: `sh -c`, and the prompt of a shell that is typed into. It must not know any other program.

use std::rc::Rc;

use crate::images::{self, ShellKind};
use crate::process::{Budget, Context, INTERRUPTED, Poll};

use super::{Call, Over, Task, refuse};
use crate::shell::parse::{self, Refusal};
use crate::shell::state::{Flow, Place, Shell};
use crate::shell::tasks::ListTask;
use crate::shell::{files, image_files};

/// Starts `sh`, `bash` or `ash`.
pub(super) fn shell(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Box<dyn Task> {
    let name = if call.name() == "bash" { "bash" } else { "sh" };
    let mut own = shell.clone();
    own.name = name;
    own.flow = None;
    own.depth += 1;
    for (variable, value) in &call.environment {
        own.export(variable, value.clone());
    }
    let mut arguments = call.arguments().iter();
    let mut interactive = call.tty;
    while let Some(argument) = arguments.next() {
        if argument == "-c" || argument.starts_with('-') && argument.ends_with('c') {
            own.ends_on_error = argument.contains('e');
            let Some(text) = arguments.next() else {
                return refuse(context, &format!("{name}: -c needs a command"));
            };
            own.positional = arguments.next().map_or_else(|| vec![name.to_owned()], |zero| vec![zero.clone()]);
            own.positional.extend(arguments.cloned());
            own.tty = call.tty;
            return Box::new(Once::new(text, own, context));
        }
        match argument.as_str() {
            "-i" => interactive = true,
            "-l" | "--login" | "-x" => {}
            "-e" => own.ends_on_error = true,
            _ if argument.starts_with('-') => return refuse(context, &format!("{name}: the sandbox does not know the flag {argument}")),
            _ => {
                let file = argument.as_str();
                return match files::read(shell, context, file) {
                    Ok(text) => {
                        own.positional = std::iter::once(file.to_owned()).chain(arguments.cloned()).collect();
                        Box::new(Once::new(&text, own, context))
                    }
                    Err(trouble) => {
                        context.streams.error(&format!("{name}: {file}: {trouble}"));
                        Box::new(Over(127))
                    }
                };
            }
        }
    }
    own.tty = interactive;
    if shell.pod().is_none() && interactive {
        return refuse(context, "you are at a shell already");
    }
    Box::new(Interactive::new(own))
}

/// Runs one text in a shell of its own.
#[derive(Clone)]
pub(in crate::shell) struct Once {
    shell: Shell,
    list: Option<ListTask>,
}

impl Once {
    /// Reads the text; where it cannot be read, that is said and the end is 2.
    pub(in crate::shell) fn new(text: &str, shell: Shell, context: &mut Context<'_>) -> Self {
        let list = match parse::parse(text) {
            Ok(list) => Some(ListTask::new(&Rc::new(list))),
            Err(refusal) => {
                complain(&shell, &refusal, context);
                None
            }
        };
        Self { shell, list }
    }
}

/// Says why a text cannot be read, and as whom: what ours does not do, the sandbox says.
pub(in crate::shell) fn complain(shell: &Shell, refusal: &Refusal, context: &mut Context<'_>) {
    match refusal {
        Refusal::Missing(what) => context.streams.error(&format!("sandbox: {what}")),
        _ => shell.complain(context.streams, &refusal.to_string()),
    }
}

impl Task for Once {
    fn poll(&mut self, _: &mut Shell, context: &mut Context<'_>) -> Poll {
        match &mut self.list {
            Some(list) => list.poll(&mut self.shell, context),
            None => Poll::Done(2),
        }
    }

    fn interrupt(&mut self, _: &mut Shell, context: &mut Context<'_>) {
        if let Some(list) = &mut self.list {
            list.interrupt(&mut self.shell, context);
        }
    }
}

/// A shell that reads what is typed. At a terminal it prompts, and what is typed shows, as a terminal echoes it.
#[derive(Clone)]
pub(in crate::shell) struct Interactive {
    shell: Shell,
    typed: String,
    prompted: bool,
    running: Option<ListTask>,
}

impl Interactive {
    pub(in crate::shell) fn new(shell: Shell) -> Self {
        Self { shell, typed: String::new(), prompted: false, running: None }
    }

    fn prompt(&self, context: &Context<'_>) -> String {
        if !self.typed.is_empty() {
            return "> ".to_owned();
        }
        let folder = if self.shell.folder == "/root" { "~" } else { &self.shell.folder };
        let Place::Pod(pod) = &self.shell.place else { return "$ ".to_owned() };
        match (images::model(&pod.image).family.shell, self.shell.name) {
            (ShellKind::Bash, "bash") => format!("root@{}:{folder}# ", image_files::hostname(context.world, pod)),
            (ShellKind::Bash, _) => "# ".to_owned(),
            (_, "bash") => "bash-5.0# ".to_owned(),
            _ => format!("{folder} # "),
        }
    }
}

impl Task for Interactive {
    fn poll(&mut self, _: &mut Shell, context: &mut Context<'_>) -> Poll {
        loop {
            if let Some(list) = &mut self.running {
                match list.poll(&mut self.shell, context) {
                    Poll::Done(status) => {
                        self.running = None;
                        self.shell.status = status;
                        if self.shell.flow == Some(Flow::Exit) {
                            return Poll::Done(status);
                        }
                        self.shell.flow = None;
                    }
                    waiting => return waiting,
                }
            }
            if self.shell.tty && !self.prompted {
                let prompt = self.prompt(context);
                context.streams.out.push_str(&prompt);
                self.prompted = true;
            }
            let streams = &mut *context.streams;
            let Some(line) = streams.take_line() else {
                if !streams.input_ended {
                    return Poll::Waiting { until_ms: None };
                }
                if self.shell.tty {
                    streams.line(if self.shell.name == "bash" { "exit" } else { "" });
                }
                if !self.typed.is_empty() {
                    self.shell.complain(streams, "syntax error: unexpected end of file");
                    return Poll::Done(2);
                }
                return Poll::Done(self.shell.status);
            };
            // Each line that is typed may run as much as the first.
            *context.budget = Budget::default();
            if self.shell.tty {
                streams.line(&line);
            }
            self.prompted = false;
            if !self.typed.is_empty() {
                self.typed.push('\n');
            }
            self.typed.push_str(&line);
            match parse::parse(&self.typed) {
                Ok(list) => {
                    self.typed.clear();
                    self.running = Some(ListTask::new(&Rc::new(list)));
                }
                Err(Refusal::Incomplete(_)) => {}
                Err(refusal) => {
                    self.typed.clear();
                    self.shell.status = 2;
                    complain(&self.shell, &refusal, context);
                }
            }
        }
    }

    fn interrupt_inside(&mut self, context: &mut Context<'_>) -> bool {
        if !self.shell.tty {
            return false;
        }
        // A shell inside this one may have something running itself.
        if !self.running.as_mut().is_some_and(|list| list.interrupt_inside(context)) {
            if let Some(mut list) = self.running.take() {
                list.interrupt(&mut self.shell, context);
            }
            context.streams.line("^C");
            self.shell.status = INTERRUPTED;
            self.typed.clear();
            self.prompted = false;
        }
        true
    }

    fn interrupt(&mut self, _: &mut Shell, context: &mut Context<'_>) {
        if let Some(list) = &mut self.running {
            list.interrupt(&mut self.shell, context);
        }
    }
}
