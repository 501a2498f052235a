//! The few programs a lab uses, and the small shell that joins them, as processes over virtual time. What a real shell does
//! and this one does not is refused with a sentence that says so. It must not know the page.
//!
//! [`start`] runs a line as typed at the terminal, [`exec_in_pod`] a program in a container, for `kubectl exec` and
//! `kubectl run`.

mod arithmetic;
mod builtins;
mod environment;
mod expand;
mod files;
mod image_files;
mod mounts;
mod net;
mod parse;
mod pattern;
mod programs;
mod simple;
mod state;
mod syntax;
mod tasks;

#[cfg(test)]
mod pod_tests;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use crate::api::object::Key;
use crate::api::pod::ContainerState;
use crate::api::read;
use crate::cluster::World;
use crate::images;
use crate::process::{Context, Poll, Process};
use crate::session::terminal::Terminal;

pub(crate) use programs::OUTSIDE;

use parse::Refusal;
use programs::Call;
use state::{InPod, OUTPUT_BYTES_MAX, Place, Shell};
use tasks::{ListTask, Task};

/// The variable in which a terminal keeps the last exit code between lines.
const LAST_STATUS: &str = "?";
/// The exit code of a program whose container was stopped.
const KILLED: i32 = 137;

/// Starts a command line, as typed at the terminal.
pub fn start(line: &str) -> Box<dyn Process> {
    Box::new(Typed { line: line.to_owned(), running: None })
}

/// Whether a command line goes on in the next line: a quote is open, a loop has no `done`, a here-document no end.
pub fn incomplete(line: &str) -> bool {
    matches!(parse::parse(line), Err(Refusal::Incomplete(_)))
}

/// Starts a program in a container that runs, as `kubectl exec` does; `container` is its index in the pod. At a terminal
/// (`tty`) a shell prompts and echoes; without `stdin` there is nothing to read. The process ends with the program's exit
/// code, and with 137 when the container stops.
pub fn exec_in_pod(world: &World, pod: &Key, container: usize, argv: &[String], tty: bool, stdin: bool) -> Box<dyn Process> {
    match enter(world, pod, container) {
        Some((at, shell)) => Box::new(Executed { argv: argv.to_vec(), tty: tty && stdin, stdin, at, shell, task: None }),
        None => Box::new(Gone { name: pod.name.to_string() }),
    }
}

/// Why a program cannot be started in a container, in the words of the container runtime: the image does not hold it.
pub fn cannot_start(world: &World, pod: &Key, container: usize, argv: &[String]) -> Option<String> {
    let image = world.store.get(pod)?.pod()?.spec.containers.get(container)?.image.clone();
    let why = refusal(&image, argv)?;
    Some(format!("error executing command in container: failed to exec in container: failed to start exec: {why}"))
}

fn refusal(image: &str, argv: &[String]) -> Option<String> {
    let word = argv.first()?;
    let program = word.rsplit('/').next().unwrap_or(word);
    if images::model(image).has(program) {
        return None;
    }
    let why = if word.contains('/') {
        format!("exec: {word:?}: stat {word}: no such file or directory")
    } else {
        format!("exec: {word:?}: executable file not found in $PATH")
    };
    Some(format!("OCI runtime exec failed: exec failed: unable to start container process: {why}: unknown"))
}

/// The entries of a folder and whether each is a folder, at the terminal or in a container that runs; none where there is
/// no such folder.
pub(crate) fn folder(world: &World, terminal: &Terminal, container: Option<(&Key, usize)>, path: &str) -> Vec<(String, bool)> {
    let shell = match container {
        Some((pod, container)) => enter(world, pod, container).map(|(_, shell)| shell),
        None => Some(Shell::new(Place::Outside, "bash")),
    };
    let entries = shell.and_then(|shell| files::entries(&shell, world, terminal, path)).unwrap_or_default();
    entries.into_iter().map(|entry| (entry.name, entry.kind == files::Kind::Folder)).collect()
}

/// What an editor command such as `sed -i s/a/b/`, `true` or `cat` (the value of `EDITOR`) makes of a text. `None` where the
/// editor is one for a screen.
///
/// # Errors
/// What the editor complains about.
pub fn edit(editor: &str, text: &str) -> Option<Result<String, String>> {
    let words = shlex::split(editor)?;
    match words.first().map(|word| word.rsplit('/').next().unwrap_or(word)) {
        Some("true" | "cat" | ":") => Some(Ok(text.to_owned())),
        Some("false") => Some(Err("exit status 1".to_owned())),
        Some("sed") => programs::sed_edit(&words, text),
        _ => None,
    }
}

/// A line typed at the terminal.
#[derive(Clone)]
struct Typed {
    line: String,
    running: Option<(Shell, ListTask)>,
}

impl Process for Typed {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if self.running.is_none() {
            let mut shell = Shell::new(Place::Outside, "bash");
            shell.tty = true;
            for (name, value) in &context.terminal.variables {
                if name == LAST_STATUS {
                    shell.status = value.parse().unwrap_or(0);
                } else {
                    shell.export(name, value.clone());
                }
            }
            match parse::parse(&self.line) {
                Ok(list) => self.running = Some((shell, ListTask::new(&Rc::new(list)))),
                Err(refusal) => {
                    programs::complain(&shell, &refusal, context);
                    context.terminal.variables.insert(LAST_STATUS.to_owned(), "2".to_owned());
                    return Poll::Done(2);
                }
            }
        }
        let Some((shell, list)) = &mut self.running else {
            return Poll::Done(2);
        };
        let poll = list.poll(shell, context);
        let poll = bounded(poll, context);
        if let Poll::Done(status) = poll {
            context.terminal.variables = shell.variables.iter().map(|(name, variable)| (name.clone(), variable.value.clone())).collect();
            context.terminal.variables.insert(LAST_STATUS.to_owned(), status.to_string());
        }
        poll
    }

    fn interrupt_inside(&mut self, context: &mut Context<'_>) -> bool {
        self.running.as_mut().is_some_and(|(_, list)| list.interrupt_inside(context))
    }

    fn interrupt(&mut self, context: &mut Context<'_>) {
        if let Some((shell, list)) = &mut self.running {
            list.interrupt(shell, context);
        }
        context.terminal.variables.insert(LAST_STATUS.to_owned(), crate::process::INTERRUPTED.to_string());
    }
}

/// Stops what prints without an end.
fn bounded(poll: Poll, context: &mut Context<'_>) -> Poll {
    if context.streams.out.len() <= OUTPUT_BYTES_MAX {
        return poll;
    }
    let mut end = OUTPUT_BYTES_MAX;
    while !context.streams.out.is_char_boundary(end) {
        end -= 1;
    }
    context.streams.out.truncate(end);
    context.streams.error(&format!("sandbox: stopped: more than {OUTPUT_BYTES_MAX} bytes of output"));
    Poll::Done(1)
}

/// A program in a container.
#[derive(Clone)]
struct Executed {
    argv: Vec<String>,
    tty: bool,
    stdin: bool,
    at: InPod,
    shell: Shell,
    task: Option<Box<dyn Task>>,
}

impl Process for Executed {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        if !still_runs(context.world, &self.at) {
            return Poll::Done(KILLED);
        }
        if !self.stdin {
            context.streams.input.clear();
            context.streams.input_ended = true;
        }
        let (shell, argv, tty) = (&mut self.shell, &self.argv, self.tty);
        let task = match &mut self.task {
            Some(task) => task,
            slot => match launch(argv, tty, shell, &self.at, context) {
                Ok(task) => slot.insert(task),
                Err(status) => return Poll::Done(status),
            },
        };
        let poll = task.poll(shell, context);
        bounded(poll, context)
    }

    fn interrupt_inside(&mut self, context: &mut Context<'_>) -> bool {
        self.task.as_mut().is_some_and(|task| task.interrupt_inside(context))
    }

    fn interrupt(&mut self, context: &mut Context<'_>) {
        if let Some(task) = &mut self.task {
            task.interrupt(&mut self.shell, context);
        }
    }
}

/// Starts the program of an `exec`. One that the image lacks is the container runtime's to refuse.
fn launch(argv: &[String], tty: bool, shell: &mut Shell, at: &InPod, context: &mut Context<'_>) -> Result<Box<dyn Task>, i32> {
    let program = argv.first().map(|word| word.rsplit('/').next().unwrap_or(word)).unwrap_or_default();
    if let Some(message) = refusal(&at.image, argv) {
        context.streams.error(&message);
        return Err(127);
    }
    if matches!(program, "sh" | "bash" | "ash") {
        shell.name = if program == "bash" { "bash" } else { "sh" };
    }
    let call = Call { words: argv.to_vec(), environment: shell.environment(), tty, depth: 0 };
    shell.tty = tty;
    Ok(programs::start(call, shell, context))
}

/// The program's container is gone before it starts; kubectl has said why.
#[derive(Clone)]
struct Gone {
    name: String,
}

impl Process for Gone {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        context.streams.error(&format!("error: cannot exec in a container that is not running: {}", self.name));
        Poll::Done(1)
    }
}

/// A shell in a container that runs.
fn enter(world: &World, key: &Key, container: usize) -> Option<(InPod, Shell)> {
    let object = world.store.get(key)?;
    let pod = object.pod()?;
    let (spec, status) = (pod.spec.containers.get(container)?, pod.status.containers.get(container)?);
    let at = InPod { key: key.clone(), uid: object.meta.uid, container, container_id: status.container_id, image: spec.image.to_string() };
    if !still_runs(world, &at) {
        return None;
    }
    let mut shell = Shell::new(Place::Pod(at.clone()), "sh");
    shell.export("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    shell.export("HOME", "/root");
    shell.export("HOSTNAME", image_files::hostname(world, &at));
    for (name, value) in environment::of(world, &at) {
        shell.export(&name, value);
    }
    if let Some(folder) =
        read::items(&pod.spec.document, &["containers"]).get(container).and_then(|container| read::string(container, &["workingDir"]))
    {
        shell.folder = files::resolve(&shell, folder);
    }
    Some((at, shell))
}

/// Whether this life of a container still runs.
fn still_runs(world: &World, at: &InPod) -> bool {
    let Some(object) = world.store.get(&at.key).filter(|object| object.meta.uid == at.uid) else { return false };
    let status = object.pod().and_then(|pod| pod.status.containers.get(at.container));
    status.is_some_and(|status| status.container_id == at.container_id && matches!(status.state, ContainerState::Running { .. }))
}
