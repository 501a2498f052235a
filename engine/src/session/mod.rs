//! A person at a terminal beside a cluster: starts commands, lets time go by, reads what they print.
//! It joins world, shell and kubectl; the page and the script runner stand on it and on nothing below it that acts.
//! It must not know the page.

pub mod terminal;

use std::rc::Rc;

use crate::api::metadata::Text;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::process::{Budget, Context, INTERRUPTED, Poll, Process, Streams};
use crate::settings::{COMMAND_BYTES_MAX, Settings};
use crate::shell;

use terminal::Terminal;

/// Which job of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub usize);

/// A command that was started, and what it has printed so far.
#[derive(Clone, Debug)]
pub struct Job {
    /// The command line.
    pub line: Text,
    /// When it started.
    pub started_ms: Ms,
    /// When it ended, if it has.
    pub ended_ms: Option<Ms>,
    /// Its exit code, once it has ended.
    pub exit: Option<i32>,
    /// Its streams.
    pub streams: Streams,
    process: Option<Box<dyn Process>>,
    until_ms: Option<Ms>,
    budget: Budget,
}

/// A cluster and a terminal. A copy shares what does not change any more, and goes on exactly as the original would.
#[derive(Clone, Debug)]
pub struct Session {
    /// The cluster.
    pub world: World,
    /// The terminal.
    pub terminal: Terminal,
    /// Shared with copies of the session: those that have ended never change.
    jobs: Vec<Rc<Job>>,
}

impl Session {
    /// A terminal beside a fresh cluster.
    pub fn new(settings: Settings) -> Self {
        Self { world: World::fresh(settings), terminal: Terminal::default(), jobs: Vec::new() }
    }

    /// A terminal beside a cluster that is there already.
    pub fn beside(world: World, terminal: Terminal) -> Self {
        Self { world, terminal, jobs: Vec::new() }
    }

    /// Starts a command line and lets it do what it can do at once.
    pub fn start(&mut self, line: &str, input: Streams) -> JobId {
        self.world.commands.push(self.world.now_ms(), line, &input.input);
        let mut streams = input;
        let process = if line.len() > COMMAND_BYTES_MAX {
            streams.error(&format!("sandbox: the command is {} bytes long; at most {COMMAND_BYTES_MAX} are accepted", line.len()));
            Box::new(crate::process::Ended(1))
        } else {
            shell::start(line)
        };
        let id = JobId(self.jobs.len());
        self.jobs.push(Rc::new(Job {
            line: line.into(),
            started_ms: self.world.now_ms(),
            ended_ms: None,
            exit: None,
            streams,
            process: Some(process),
            until_ms: None,
            budget: Budget::default(),
        }));
        self.poll(id);
        id
    }

    /// Starts a command line and lets time go by until it ends, or until `deadline_ms`.
    pub fn run(&mut self, line: &str, input: Streams, deadline_ms: Ms) -> JobId {
        let id = self.start(line, input);
        while self.jobs[id.0].exit.is_none() {
            let next_ms = self.next_ms();
            match next_ms {
                Some(next_ms) if next_ms <= deadline_ms => self.advance_to(next_ms),
                _ => break,
            }
        }
        id
    }

    /// The jobs, in the order in which they were started.
    pub fn jobs(&self) -> impl Iterator<Item = (JobId, &Job)> {
        self.jobs.iter().enumerate().map(|(index, job)| (JobId(index), &**job))
    }

    /// Forgets all jobs: whatever is begun next is the first.
    pub fn forget_jobs(&mut self) {
        self.jobs = Default::default();
    }

    /// A job.
    pub fn job(&self, id: JobId) -> &Job {
        &self.jobs[id.0]
    }

    /// Gives a running job more input. One that has ended takes none.
    pub fn type_into(&mut self, id: JobId, text: &str) {
        if let Some(job) = self.running(id) {
            job.streams.input.push_str(text);
            self.poll(id);
        }
    }

    /// Ctrl+D: a running job gets no more input.
    pub fn end_input(&mut self, id: JobId) {
        if let Some(job) = self.running(id) {
            job.streams.input_ended = true;
            self.poll(id);
        }
    }

    /// Closes the file that a command has open in the editor: with what was saved, or with nothing.
    pub fn close_file(&mut self, saved: Option<&str>) {
        if let Some(open) = &mut self.terminal.open {
            open.closed = Some(saved.map(Text::from));
            self.poll_all();
        }
    }

    /// Ctrl+C: ends a running job, unless a program inside it takes it.
    pub fn interrupt(&mut self, id: JobId) {
        // What was typed ahead is forgotten, as by a real terminal.
        if let Some(job) = self.running(id) {
            job.streams.input.clear();
        }
        let taken = self.with_process(id, |process, context| process.interrupt_inside(context));
        if taken == Some(true) {
            self.poll(id);
        } else {
            self.end(id);
            // Another may have waited for what this one held.
            self.poll_all();
        }
    }

    /// Ends a running job, whatever runs inside it.
    pub fn end(&mut self, id: JobId) {
        self.with_process(id, |process, context| process.interrupt(context));
        let now_ms = self.world.now_ms();
        if let Some(job) = self.running(id) {
            job.process = None;
            job.exit = Some(INTERRUPTED);
            job.ended_ms = Some(now_ms);
        }
    }

    /// A job that still runs.
    fn running(&mut self, id: JobId) -> Option<&mut Job> {
        self.jobs.get_mut(id.0).filter(|job| job.process.is_some()).map(Rc::make_mut)
    }

    /// Does something with the process of a job that still runs.
    fn with_process<R>(&mut self, id: JobId, act: impl FnOnce(&mut dyn Process, &mut Context<'_>) -> R) -> Option<R> {
        let Self { world, terminal, jobs } = self;
        let job = jobs.get_mut(id.0).filter(|job| job.process.is_some()).map(Rc::make_mut)?;
        let process = job.process.as_deref_mut()?;
        Some(act(process, &mut Context { world, terminal, streams: &mut job.streams, budget: &mut job.budget }))
    }

    /// When something happens next, in the world or for a waiting command.
    pub fn next_ms(&self) -> Option<Ms> {
        let waiting = self.jobs.iter().filter(|job| job.process.is_some()).filter_map(|job| job.until_ms);
        waiting.chain(self.world.next_ms()).min()
    }

    /// Lets the next thing happen; false where nothing is to happen.
    pub fn step(&mut self) -> bool {
        let Some(next_ms) = self.next_ms() else {
            return false;
        };
        if self.world.next_ms() == Some(next_ms) {
            self.world.step();
        } else {
            self.world.advance_to(next_ms);
        }
        self.poll_all();
        true
    }

    /// Lets everything happen up to a moment, and makes it the present. Nobody is asked anything in between, so that it
    /// makes no difference at which moments somebody looked.
    pub fn advance_to(&mut self, at_ms: Ms) {
        while self.next_ms().is_some_and(|next_ms| next_ms <= at_ms) {
            self.step();
        }
        self.world.advance_to(at_ms);
    }

    /// Has every running job look again, because something came that is no part of the cluster: no time goes by.
    pub fn look_again(&mut self) {
        self.poll_all();
    }

    fn poll_all(&mut self) {
        for index in 0..self.jobs.len() {
            self.poll(JobId(index));
        }
    }

    fn poll(&mut self, id: JobId) {
        let Some(poll) = self.with_process(id, |process, context| process.poll(context)) else {
            return;
        };
        let now_ms = self.world.now_ms();
        let Some(job) = self.running(id) else { return };
        match poll {
            Poll::Done(exit) => {
                job.process = None;
                job.exit = Some(exit);
                job.ended_ms = Some(now_ms);
            }
            // A moment already past would make time stand still.
            Poll::Waiting { until_ms } => job.until_ms = until_ms.map(|until_ms| until_ms.max(now_ms + 1)),
        }
    }
}
