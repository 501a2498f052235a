//! Programs that run others or wait: `sleep`, `timeout`, `watch`, `xargs`, and the shell's `read`. It must not know what it
//! runs.

use crate::api::time::Ms;
use crate::process::{Context, Poll, Streams};

use super::{Call, Over, Task, refuse};
use crate::shell::state::Shell;
use crate::shell::tasks::with;

/// A time such as `5`, `0.5`, `2m`, in milliseconds; `None` where it is none.
pub(super) fn seconds(text: &str) -> Option<Ms> {
    let (number, factor) = match text.as_bytes().last()? {
        b's' => (&text[..text.len() - 1], 1_000),
        b'm' => (&text[..text.len() - 1], 60_000),
        b'h' => (&text[..text.len() - 1], 3_600_000),
        b'd' => (&text[..text.len() - 1], 86_400_000),
        _ => (text, 1_000),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: Ms = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let thousandths: Ms = format!("{:0<3}", &fraction[..fraction.len().min(3)]).parse().ok()?;
    whole.checked_mul(factor)?.checked_add(thousandths.checked_mul(factor)? / 1_000)
}

#[derive(Clone)]
struct Until(Ms);

impl Task for Until {
    fn poll(&mut self, _: &mut Shell, context: &mut Context<'_>) -> Poll {
        if context.now_ms() >= self.0 { Poll::Done(0) } else { Poll::Waiting { until_ms: Some(self.0) } }
    }
}

/// Starts `sleep`.
pub(super) fn sleep(call: &Call, context: &mut Context<'_>) -> Box<dyn Task> {
    let mut total: Ms = 0;
    for argument in call.arguments() {
        match seconds(argument).and_then(|ms| total.checked_add(ms)) {
            Some(sum) => total = sum,
            None => {
                context.streams.error(&format!("sleep: invalid time interval '{argument}'"));
                return Box::new(Over(1));
            }
        }
    }
    if call.arguments().is_empty() {
        context.streams.error("sleep: missing operand");
        return Box::new(Over(1));
    }
    Box::new(Until(context.now_ms().saturating_add(total)))
}

#[derive(Clone)]
struct Timeout {
    task: Box<dyn Task>,
    until_ms: Ms,
}

/// The exit code of what `timeout` ended.
const TIMED_OUT: i32 = 124;

/// Starts `timeout`.
pub(super) fn timeout(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Box<dyn Task> {
    let mut arguments = call.arguments().iter().peekable();
    while let Some(flag) = arguments.next_if(|argument| argument.starts_with('-')) {
        match flag.as_str() {
            "-s" | "-k" | "--signal" | "--kill-after" => {
                arguments.next();
            }
            _ if flag.starts_with("-s") || flag.starts_with("-k") || flag.starts_with("--") => {}
            _ => return refuse(context, &format!("timeout: the sandbox does not know the flag {flag}")),
        }
    }
    let Some(ms) = arguments.next().and_then(|text| seconds(text)) else {
        return refuse(context, "timeout: write `timeout 10 COMMAND`, in seconds");
    };
    let words: Vec<String> = arguments.cloned().collect();
    if words.is_empty() {
        return refuse(context, "timeout: a command is missing");
    }
    let until_ms = if ms == 0 { Ms::MAX } else { context.now_ms().saturating_add(ms) };
    Box::new(Timeout { task: super::start(call.with(words), shell, context), until_ms })
}

impl Task for Timeout {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        match self.task.poll(shell, context) {
            Poll::Waiting { .. } if context.now_ms() >= self.until_ms => {
                self.task.interrupt(shell, context);
                Poll::Done(TIMED_OUT)
            }
            Poll::Waiting { until_ms } => Poll::Waiting { until_ms: Some(until_ms.unwrap_or(Ms::MAX).min(self.until_ms)) },
            done => done,
        }
    }

    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        self.task.interrupt(shell, context);
    }
}

/// A command that another one starts again and again, with streams of its own.
#[derive(Clone)]
struct Inner {
    task: Box<dyn Task>,
    streams: Streams,
}

impl Inner {
    fn start(mut call: Call, shell: &mut Shell, context: &mut Context<'_>) -> Self {
        call.tty = false;
        let mut streams = Streams::with_input("");
        let task = super::start(call, shell, &mut with(context, &mut streams));
        Self { task, streams }
    }

    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        self.task.poll(shell, &mut with(context, &mut self.streams))
    }

    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        self.task.interrupt(shell, &mut with(context, &mut self.streams));
    }
}

#[derive(Clone)]
struct Watch {
    call: Call,
    every_ms: Ms,
    title: Option<String>,
    running: Option<Inner>,
    shown: String,
    next_ms: Ms,
}

/// Starts `watch`: as a log cannot be overwritten, a screen is shown when it differs from the one before.
pub(super) fn watch(call: &Call, context: &mut Context<'_>) -> Box<dyn Task> {
    let mut arguments = call.arguments().iter().peekable();
    let (mut every_ms, mut titled) = (2_000, true);
    while let Some(flag) = arguments.next_if(|argument| argument.starts_with('-')) {
        match flag.as_str() {
            "-n" | "--interval" => every_ms = arguments.next().and_then(|text| seconds(text)).unwrap_or(every_ms).max(100),
            "-t" | "--no-title" => titled = false,
            "-d" | "-c" | "-e" | "-g" | "--color" | "--differences" => {}
            _ => match flag.strip_prefix("-n").or(flag.strip_prefix("--interval=")).and_then(seconds) {
                Some(ms) => every_ms = ms.max(100),
                None => return refuse(context, &format!("watch: the sandbox does not know the flag {flag}")),
            },
        }
    }
    let words: Vec<String> = arguments.cloned().collect();
    if words.is_empty() {
        return refuse(context, "watch: a command is missing");
    }
    let title = titled.then(|| format!("Every {}.{}s: {}", every_ms / 1000, every_ms % 1000 / 100, words.join(" ")));
    // `watch` hands its words to `sh -c` as one line.
    let call = call.with(vec!["sh".to_owned(), "-c".to_owned(), words.join(" ")]);
    Box::new(Watch { call, every_ms, title, running: None, shown: String::new(), next_ms: context.now_ms() })
}

impl Task for Watch {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        loop {
            if let Some(inner) = &mut self.running {
                match inner.poll(shell, context) {
                    Poll::Done(_) => {}
                    waiting => return waiting,
                }
                let screen = format!("{}{}", inner.streams.out, inner.streams.err);
                self.running = None;
                if screen != self.shown {
                    if let Some(title) = &self.title {
                        context.streams.line(&format!("{title}\n"));
                    }
                    context.streams.out.push_str(&screen);
                    context.streams.out.push('\n');
                    self.shown = screen;
                }
                self.next_ms = context.now_ms().saturating_add(self.every_ms);
            }
            if context.now_ms() < self.next_ms {
                return Poll::Waiting { until_ms: Some(self.next_ms) };
            }
            self.running = Some(Inner::start(self.call.clone(), shell, context));
        }
    }

    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        if let Some(inner) = &mut self.running {
            inner.interrupt(shell, context);
        }
    }
}

#[derive(Clone)]
struct Xargs {
    call: Call,
    words: Vec<String>,
    each: Option<usize>,
    placeholder: Option<String>,
    items: Option<std::collections::VecDeque<String>>,
    input: String,
    running: Option<Inner>,
    status: i32,
}

/// Starts `xargs`.
pub(super) fn xargs(call: &Call, context: &mut Context<'_>) -> Box<dyn Task> {
    let mut arguments = call.arguments().iter().peekable();
    let (mut each, mut placeholder) = (None, None);
    while let Some(flag) = arguments.next_if(|argument| argument.starts_with('-')) {
        match flag.as_str() {
            "-n" | "-L" => each = arguments.next().and_then(|text| text.parse().ok()),
            "-n1" | "-L1" => each = Some(1),
            "-I" => placeholder = arguments.next().cloned(),
            "-r" | "-t" => {}
            _ if flag.starts_with("-I") => placeholder = Some(flag[2..].to_owned()),
            _ => return refuse(context, &format!("xargs: the sandbox knows -n, -I and -r, not {flag}")),
        }
    }
    let mut words: Vec<String> = arguments.cloned().collect();
    if words.is_empty() {
        words.push("echo".to_owned());
    }
    Box::new(Xargs { call: call.clone(), words, each, placeholder, items: None, input: String::new(), running: None, status: 0 })
}

impl Task for Xargs {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        self.input.push_str(&context.streams.take_input());
        if !context.streams.input_ended {
            return Poll::Waiting { until_ms: None };
        }
        let by_lines = self.placeholder.is_some();
        let items = self.items.get_or_insert_with(|| {
            let input = std::mem::take(&mut self.input);
            if by_lines { input.lines().map(str::to_owned).collect() } else { shlex::split(&input).unwrap_or_default().into() }
        });
        loop {
            if let Some(inner) = &mut self.running {
                let poll = inner.poll(shell, context);
                context.streams.out.push_str(&std::mem::take(&mut inner.streams.out));
                context.streams.err.push_str(&std::mem::take(&mut inner.streams.err));
                match poll {
                    Poll::Done(0) => {}
                    Poll::Done(_) => self.status = 123,
                    waiting => return waiting,
                }
                self.running = None;
            }
            if items.is_empty() {
                return Poll::Done(self.status);
            }
            let words = match &self.placeholder {
                Some(placeholder) => {
                    let item = items.pop_front().unwrap_or_default();
                    self.words.iter().map(|word| word.replace(placeholder.as_str(), &item)).collect()
                }
                None => {
                    let count = self.each.unwrap_or(usize::MAX).clamp(1, items.len());
                    self.words.iter().cloned().chain(items.drain(..count)).collect()
                }
            };
            if !shell.may_go_on(context) {
                return Poll::Done(1);
            }
            self.running = Some(Inner::start(self.call.with(words), shell, context));
        }
    }

    fn interrupt(&mut self, shell: &mut Shell, context: &mut Context<'_>) {
        if let Some(inner) = &mut self.running {
            inner.interrupt(shell, context);
        }
    }
}

/// The shell's `read`: waits for a line and puts its words into variables.
#[derive(Clone)]
pub(super) struct Read {
    names: Vec<String>,
}

impl Read {
    pub(super) fn new(call: &Call) -> Self {
        Self { names: call.arguments().iter().filter(|argument| !argument.starts_with('-')).cloned().collect() }
    }
}

impl Task for Read {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        let streams = &mut *context.streams;
        let Some(line) = streams.take_line() else {
            return if streams.input_ended { Poll::Done(1) } else { Poll::Waiting { until_ms: None } };
        };
        let mut rest = line.trim();
        for (index, name) in self.names.iter().enumerate() {
            let last = index + 1 == self.names.len();
            let (word, behind) = if last { (rest, "") } else { rest.split_once([' ', '\t']).unwrap_or((rest, "")) };
            shell.set(name, word);
            rest = behind.trim_start();
        }
        Poll::Done(0)
    }
}
