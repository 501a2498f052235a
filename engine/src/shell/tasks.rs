//! Runs what a command line means: each task is polled, does what it can do now, and waits for the rest. It must not know
//! any program.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::process::{Context, Poll, Streams};

use super::expand::{self, Expansion};
use super::simple::Simple;
use super::state::{Flow, Shell};
use super::syntax::{AndOr, Command, CommandKind, Join, List, Pipeline, Word};

/// Something that a shell runs. It can be copied in the middle of what it does.
pub(super) trait Task: CloneTask {
    /// Does what can be done now.
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll;

    /// Ctrl+C where something inside may take it, and the task goes on.
    fn interrupt_inside(&mut self, context: &mut Context<'_>) -> bool {
        let _ = context;
        false
    }

    /// Ctrl+C, or the reader of a pipe is gone.
    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        let _ = (shell, context);
    }
}

/// What every task that is `Clone` can do behind a box.
pub(super) trait CloneTask {
    /// The same task once more.
    fn clone_box(&self) -> Box<dyn Task>;
}

impl<T: Task + Clone + 'static> CloneTask for T {
    fn clone_box(&self) -> Box<dyn Task> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Task> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}

/// The same world and terminal with other streams.
pub(super) fn with<'a>(context: &'a mut Context<'_>, streams: &'a mut Streams) -> Context<'a> {
    Context { world: &mut *context.world, terminal: &mut *context.terminal, streams, budget: &mut *context.budget }
}

/// Runs the task in a slot; where it is done, the slot is empty and the exit code told.
fn drive(slot: &mut Option<Box<dyn Task>>, shell: &mut Shell, context: &mut Context<'_>) -> Result<i32, Poll> {
    match slot.as_mut().map(|task| task.poll(shell, context)) {
        None => Ok(shell.status),
        Some(Poll::Done(status)) => {
            *slot = None;
            Ok(status)
        }
        Some(waiting) => Err(waiting),
    }
}

macro_rules! done {
    ($slot:expr, $shell:expr, $context:expr) => {
        match drive($slot, $shell, $context) {
            Ok(status) => status,
            Err(waiting) => return waiting,
        }
    };
}

/// Runs commands one after the other.
#[derive(Clone)]
pub(super) struct ListTask {
    list: Rc<List>,
    item: usize,
    /// Which pipeline of the item.
    pipeline: usize,
    current: Option<Box<dyn Task>>,
    /// Whether the list is a condition, which `set -e` lets fail.
    condition: bool,
}

impl ListTask {
    pub(super) fn new(list: &Rc<List>) -> Self {
        Self { list: list.clone(), item: 0, pipeline: 0, current: None, condition: false }
    }

    fn condition(list: &Rc<List>) -> Self {
        Self { condition: true, ..Self::new(list) }
    }

    fn pipeline(item: &AndOr, index: usize) -> Option<&Pipeline> {
        if index == 0 { Some(&item.first) } else { item.rest.get(index - 1).map(|(_, pipeline)| pipeline) }
    }
}

impl Task for ListTask {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        loop {
            if self.current.is_some() {
                let status = done!(&mut self.current, shell, context);
                let list = self.list.clone();
                let item = &list.0[self.item];
                let negated = Self::pipeline(item, self.pipeline).is_some_and(|pipeline| pipeline.negated);
                shell.status = if negated { i32::from(status == 0) } else { status };
                let stops = shell.ends_on_error && shell.status != 0 && !negated && !self.condition && self.pipeline == item.rest.len();
                if stops && shell.flow.is_none() {
                    shell.flow = Some(Flow::Exit);
                }
                self.pipeline += 1;
            }
            if shell.flow.is_some() {
                return Poll::Done(shell.status);
            }
            let list = self.list.clone();
            let Some(item) = list.0.get(self.item) else {
                return Poll::Done(shell.status);
            };
            let runs = match self.pipeline {
                0 => true,
                index => match item.rest.get(index - 1) {
                    Some((Join::And, _)) => shell.status == 0,
                    Some((Join::Or, _)) => shell.status != 0,
                    None => false,
                },
            };
            match Self::pipeline(item, self.pipeline) {
                None => {
                    self.item += 1;
                    self.pipeline = 0;
                }
                Some(pipeline) if runs => self.current = Some(start_pipeline(pipeline)),
                Some(_) => self.pipeline += 1,
            }
        }
    }

    fn interrupt_inside(&mut self, context: &mut Context<'_>) -> bool {
        self.current.as_mut().is_some_and(|current| current.interrupt_inside(context))
    }

    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        if let Some(current) = &mut self.current {
            current.interrupt(shell, context);
        }
    }
}

fn start_pipeline(pipeline: &Pipeline) -> Box<dyn Task> {
    match pipeline.commands.as_slice() {
        [command] => start_command(command),
        commands => {
            Box::new(PipelineTask { stages: commands.iter().map(|command| Stage::new(start_command(command))).collect(), begun: false })
        }
    }
}

/// Starts a command: programs bear their redirections themselves, other commands are wrapped.
fn start_command(command: &Rc<Command>) -> Box<dyn Task> {
    match &command.kind {
        CommandKind::Simple { .. } => Box::new(Simple::new(command)),
        _ if !command.redirects.is_empty() => Box::new(Simple::new(command)),
        _ => start_compound(command),
    }
}

/// Starts a command that is made of others.
pub(super) fn start_compound(command: &Rc<Command>) -> Box<dyn Task> {
    match &command.kind {
        CommandKind::Simple { .. } => Box::new(Simple::new(command)),
        CommandKind::Group(list) => Box::new(ListTask::new(list)),
        CommandKind::Subshell(list) => Box::new(SubshellTask::new(list)),
        CommandKind::If { .. } => Box::new(IfTask { command: command.clone(), branch: 0, condition: None, body: None }),
        CommandKind::For { .. } => Box::new(ForTask { command: command.clone(), substitution: None, words: None, body: None, status: 0 }),
        CommandKind::While { .. } => Box::new(WhileTask { command: command.clone(), condition: None, body: None, status: 0 }),
    }
}

/// Runs a list in a copy of the shell.
#[derive(Clone)]
pub(super) struct SubshellTask {
    list: ListTask,
    shell: Option<Shell>,
}

impl SubshellTask {
    pub(super) fn new(list: &Rc<List>) -> Self {
        Self { list: ListTask::new(list), shell: None }
    }
}

impl Task for SubshellTask {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        let own = self.shell.get_or_insert_with(|| shell.clone());
        self.list.poll(own, context)
    }

    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        self.list.interrupt(self.shell.as_mut().unwrap_or(shell), context);
    }
}

#[derive(Clone)]
struct Stage {
    task: Box<dyn Task>,
    shell: Option<Shell>,
    streams: Streams,
    exit: Option<i32>,
    until_ms: Option<u64>,
}

impl Stage {
    fn new(task: Box<dyn Task>) -> Self {
        Self { task, shell: None, streams: Streams::default(), exit: None, until_ms: None }
    }
}

/// What a program ends with whose reader is gone.
const BROKEN_PIPE: i32 = 141;

/// Runs commands side by side, each reading what the one before it prints.
#[derive(Clone)]
struct PipelineTask {
    stages: Vec<Stage>,
    begun: bool,
}

impl Task for PipelineTask {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        if !self.begun {
            self.begun = true;
            for stage in &mut self.stages {
                let mut own = shell.clone();
                own.tty = false;
                stage.shell = Some(own);
            }
        }
        loop {
            let mut progress = false;
            for index in 0..self.stages.len() {
                let (front, behind) = self.stages.split_at_mut(index + 1);
                let Some(stage) = front.last_mut().filter(|stage| stage.exit.is_none()) else { continue };
                if index == 0 {
                    stage.streams.input.push_str(&context.streams.take_input());
                    stage.streams.input_ended = context.streams.input_ended;
                }
                let Some(own) = &mut stage.shell else { continue };
                match stage.task.poll(own, &mut with(context, &mut stage.streams)) {
                    Poll::Done(status) => {
                        stage.exit = Some(status);
                        progress = true;
                    }
                    Poll::Waiting { until_ms } => stage.until_ms = until_ms,
                }
                context.streams.err.push_str(&std::mem::take(&mut stage.streams.err));
                let out = std::mem::take(&mut stage.streams.out);
                progress |= !out.is_empty();
                match behind.first_mut() {
                    None => context.streams.out.push_str(&out),
                    Some(next) if next.exit.is_some() => {
                        if stage.exit.is_none() && !out.is_empty() {
                            stage.task.interrupt(own, &mut with(context, &mut stage.streams));
                            stage.exit = Some(BROKEN_PIPE);
                        }
                    }
                    Some(next) => {
                        next.streams.input.push_str(&out);
                        next.streams.input_ended = stage.exit.is_some();
                    }
                }
            }
            if let Some(exit) = self.stages.last().and_then(|stage| stage.exit) {
                for stage in &mut self.stages {
                    if stage.exit.is_none()
                        && let Some(own) = &mut stage.shell
                    {
                        stage.task.interrupt(own, &mut with(context, &mut stage.streams));
                        stage.exit = Some(BROKEN_PIPE);
                    }
                }
                if let Some(first) = self.stages.first_mut() {
                    context.streams.input.insert_str(0, &first.streams.take_input());
                }
                return Poll::Done(exit);
            }
            if !progress {
                return Poll::Waiting {
                    until_ms: self.stages.iter().filter(|stage| stage.exit.is_none()).filter_map(|stage| stage.until_ms).min(),
                };
            }
        }
    }

    fn interrupt(&mut self, _: &mut Shell, context: &mut Context<'_>) {
        for index in 0..self.stages.len() {
            let stage = &mut self.stages[index];
            if let (None, Some(own)) = (stage.exit, &mut stage.shell) {
                stage.task.interrupt(own, &mut with(context, &mut stage.streams));
            }
        }
    }
}

/// Runs the commands in words, so that the words can be expanded.
#[derive(Clone)]
pub(super) struct Substitution {
    waiting: VecDeque<Rc<List>>,
    results: VecDeque<String>,
    current: Option<(SubshellTask, Streams)>,
    /// The exit code of the last command, where one ran.
    pub(super) status: Option<i32>,
}

impl Substitution {
    pub(super) fn new(shell: &Shell, words: &mut dyn Iterator<Item = &Word>) -> Self {
        Self { waiting: expand::commands_in(shell, words), results: VecDeque::new(), current: None, status: None }
    }

    /// What the commands printed, in order, once all have ended.
    pub(super) fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Result<&mut VecDeque<String>, Poll> {
        loop {
            if let Some((task, streams)) = &mut self.current {
                match task.poll(shell, &mut with(context, streams)) {
                    Poll::Done(status) => self.status = Some(status),
                    waiting => {
                        context.streams.err.push_str(&std::mem::take(&mut streams.err));
                        return Err(waiting);
                    }
                }
                context.streams.err.push_str(&streams.err);
                self.results.push_back(std::mem::take(&mut streams.out));
                self.current = None;
            }
            match self.waiting.pop_front() {
                Some(list) => self.current = Some((SubshellTask::new(&list), Streams::with_input(""))),
                None => return Ok(&mut self.results),
            }
        }
    }

    pub(super) fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        if let Some((task, _)) = &mut self.current {
            task.interrupt(shell, context);
        }
    }
}

/// Runs the body behind the first condition that holds.
#[derive(Clone)]
struct IfTask {
    command: Rc<Command>,
    branch: usize,
    condition: Option<Box<dyn Task>>,
    body: Option<Box<dyn Task>>,
}

impl Task for IfTask {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        let command = self.command.clone();
        let CommandKind::If { branches, otherwise } = &command.kind else {
            return Poll::Done(0);
        };
        loop {
            if self.body.is_some() {
                return Poll::Done(done!(&mut self.body, shell, context));
            }
            if self.condition.is_some() {
                let status = done!(&mut self.condition, shell, context);
                if shell.flow.is_some() {
                    return Poll::Done(status);
                }
                if status == 0 {
                    self.body = branches.get(self.branch).map(|(_, body)| Box::new(ListTask::new(body)) as Box<dyn Task>);
                    continue;
                }
                self.branch += 1;
            }
            match (branches.get(self.branch), otherwise) {
                (Some((condition, _)), _) => self.condition = Some(Box::new(ListTask::condition(condition))),
                (None, Some(body)) => self.body = Some(Box::new(ListTask::new(body))),
                (None, None) => return Poll::Done(0),
            }
        }
    }

    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        for task in [&mut self.condition, &mut self.body].into_iter().flatten() {
            task.interrupt(shell, context);
        }
    }
}

/// What a loop does after its body.
fn goes_on(shell: &mut Shell) -> bool {
    match shell.flow {
        None => true,
        Some(Flow::Continue(1)) => {
            shell.flow = None;
            true
        }
        Some(Flow::Break(1)) => {
            shell.flow = None;
            false
        }
        Some(Flow::Continue(levels)) => {
            shell.flow = Some(Flow::Continue(levels - 1));
            false
        }
        Some(Flow::Break(levels)) => {
            shell.flow = Some(Flow::Break(levels - 1));
            false
        }
        Some(Flow::Exit | Flow::Stop) => false,
    }
}

/// Runs the body once a word.
#[derive(Clone)]
struct ForTask {
    command: Rc<Command>,
    substitution: Option<Substitution>,
    words: Option<VecDeque<String>>,
    body: Option<Box<dyn Task>>,
    status: i32,
}

impl Task for ForTask {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        let command = self.command.clone();
        let CommandKind::For { name, words, body } = &command.kind else {
            return Poll::Done(0);
        };
        loop {
            if self.body.is_some() {
                self.status = done!(&mut self.body, shell, context);
                if !goes_on(shell) {
                    return Poll::Done(self.status);
                }
            }
            if self.words.is_none() {
                let list = words.as_deref().unwrap_or_default();
                let substitution = self.substitution.get_or_insert_with(|| Substitution::new(shell, &mut list.iter()));
                let results = match substitution.poll(shell, context) {
                    Ok(results) => results,
                    Err(waiting) => return waiting,
                };
                let mut expansion = Expansion { shell, context, results };
                let mut fields = VecDeque::new();
                for word in list {
                    match expansion.fields(word) {
                        Ok(more) => fields.extend(more),
                        Err(message) => {
                            shell.complain(context.streams, &message);
                            shell.flow = Some(Flow::Stop);
                            return Poll::Done(1);
                        }
                    }
                }
                if words.is_none() {
                    fields.extend(shell.positional.iter().skip(1).cloned());
                }
                self.words = Some(fields);
            }
            if !shell.may_go_on(context) {
                return Poll::Done(1);
            }
            match self.words.as_mut().and_then(VecDeque::pop_front) {
                Some(word) => {
                    shell.set(name, word);
                    self.body = Some(Box::new(ListTask::new(body)));
                }
                None => return Poll::Done(self.status),
            }
        }
    }

    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        if let Some(substitution) = &mut self.substitution {
            substitution.interrupt(shell, context);
        }
        if let Some(body) = &mut self.body {
            body.interrupt(shell, context);
        }
    }
}

/// Runs the body as long as the condition holds.
#[derive(Clone)]
struct WhileTask {
    command: Rc<Command>,
    condition: Option<Box<dyn Task>>,
    body: Option<Box<dyn Task>>,
    status: i32,
}

impl Task for WhileTask {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        let command = self.command.clone();
        let CommandKind::While { until, condition, body } = &command.kind else {
            return Poll::Done(0);
        };
        loop {
            if self.body.is_some() {
                self.status = done!(&mut self.body, shell, context);
                if !goes_on(shell) {
                    return Poll::Done(self.status);
                }
            }
            if self.condition.is_some() {
                let status = done!(&mut self.condition, shell, context);
                if !goes_on(shell) || (status == 0) == *until {
                    return Poll::Done(self.status);
                }
                self.body = Some(Box::new(ListTask::new(body)));
                continue;
            }
            if !shell.may_go_on(context) {
                return Poll::Done(1);
            }
            self.condition = Some(Box::new(ListTask::condition(condition)));
        }
    }

    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        for task in [&mut self.condition, &mut self.body].into_iter().flatten() {
            task.interrupt(shell, context);
        }
    }
}
