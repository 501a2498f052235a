//! Where kubectl hands over to the programs in containers.

use crate::api::metadata::Uid;
use crate::api::object::Key;
use crate::process::{Context, Poll, Process};

/// A program to run in a container.
#[derive(Clone, Debug)]
pub struct Request {
    /// The pod.
    pub pod: Key,
    /// Which life of the pod.
    pub uid: Uid,
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
pub fn start(request: Request) -> Box<dyn Process> {
    Box::new(Unknown(request))
}

struct Unknown(Request);

impl Process for Unknown {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll {
        let program = self.0.arguments.first().map_or("a shell", String::as_str);
        context.streams.error(&format!("sandbox: {program} cannot be run in containers here yet"));
        Poll::Done(126)
    }
}
