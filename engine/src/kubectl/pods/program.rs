//! Where kubectl hands over to the programs in containers.

use crate::api::object::Key;
use crate::cluster::World;
use crate::process::Process;
use crate::shell;

/// A program to run in a container.
#[derive(Clone, Debug)]
pub struct Request {
    /// The pod.
    pub pod: Key,
    /// Which of its containers, by place.
    pub container: usize,
    /// The program and its arguments; none for the container's own shell.
    pub arguments: Vec<String>,
    /// Whether it reads what is typed.
    pub stdin: bool,
    /// Whether it has a terminal.
    pub tty: bool,
}

/// Starts a program in a container.
pub fn start(request: &Request, world: &World) -> Box<dyn Process> {
    let Request { pod, container, arguments, stdin, tty } = request;
    if arguments.is_empty() {
        let shell = ["sh".to_owned()];
        return shell::exec_in_pod(world, pod, *container, &shell, *tty, *stdin);
    }
    shell::exec_in_pod(world, pod, *container, arguments, *tty, *stdin)
}
