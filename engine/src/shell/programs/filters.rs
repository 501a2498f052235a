//! Programs that read text line by line and print text: one task, many filters. It must not know what the filters do.

use std::collections::VecDeque;

use crate::process::{Context, Poll, Streams};

use super::{Call, Over, Task, refuse, sed, text};
use crate::shell::files;
use crate::shell::state::{OUTPUT_BYTES_MAX, Shell};

/// What is done with each line.
pub(super) trait Filter: CloneFilter {
    /// A line with its line end, where it has one; false where the filter needs no more.
    fn line(&mut self, line: &str, source: &str, streams: &mut Streams) -> bool;

    /// A source has been read to its end.
    fn end_of(&mut self, source: &str, streams: &mut Streams) {
        let _ = (source, streams);
    }

    /// Everything has been read; the exit code.
    fn end(&mut self, streams: &mut Streams) -> i32;
}

/// What every filter that is `Clone` can do behind a box.
pub(super) trait CloneFilter {
    /// The same filter once more.
    fn clone_box(&self) -> Box<dyn Filter>;
}

impl<F: Filter + Clone + 'static> CloneFilter for F {
    fn clone_box(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Filter> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}

/// A filter and where to read.
pub(super) struct Plan {
    pub(super) filter: Box<dyn Filter>,
    /// Files, or `-` for the standard input, which is read where none is named.
    pub(super) sources: Vec<String>,
    /// Files into which all that is read is written: `tee`.
    pub(super) copies: Vec<(String, bool)>,
    /// Whether the sources are written anew with what comes out: `sed -i`.
    pub(super) in_place: bool,
}

impl Plan {
    pub(super) fn new(filter: impl Filter + 'static, sources: &[String]) -> Self {
        Self { filter: Box::new(filter), sources: sources.to_vec(), copies: Vec::new(), in_place: false }
    }
}

/// Starts a filter.
pub(super) fn start(call: &Call, shell: &Shell, context: &mut Context<'_>) -> Box<dyn Task> {
    let plan = if call.name() == "sed" { sed::plan(call) } else { text::plan(call, shell) };
    match plan {
        Ok(plan) if plan.in_place => Box::new(Over(in_place(plan, shell, context))),
        Ok(mut plan) => {
            if plan.sources.is_empty() {
                plan.sources.push("-".to_owned());
            }
            for (name, append) in &plan.copies {
                if let Err(trouble) = files::write(shell, context, name, "", *append) {
                    context.streams.error(&format!("{}: {name}: {trouble}", call.name()));
                }
            }
            Box::new(Filtering {
                name: call.name().to_owned(),
                sources: plan.sources.into(),
                copies: plan.copies,
                filter: plan.filter,
                rest: String::new(),
                failed: false,
            })
        }
        Err(message) => refuse(context, &message),
    }
}

fn in_place(mut plan: Plan, shell: &Shell, context: &mut Context<'_>) -> i32 {
    let mut status = 0;
    for name in std::mem::take(&mut plan.sources) {
        let done = files::read(shell, context, &name).and_then(|text| {
            let mut streams = Streams::default();
            for line in text.split_inclusive('\n') {
                plan.filter.line(line, &name, &mut streams);
            }
            plan.filter.end_of(&name, &mut streams);
            files::write(shell, context, &name, &streams.out, false)
        });
        if let Err(trouble) = done {
            context.streams.error(&format!("sed: can't read {name}: {trouble}"));
            status = 2;
        }
    }
    status
}

#[derive(Clone)]
struct Filtering {
    name: String,
    sources: VecDeque<String>,
    copies: Vec<(String, bool)>,
    filter: Box<dyn Filter>,
    rest: String,
    failed: bool,
}

impl Filtering {
    fn copy(&self, text: &str, shell: &Shell, context: &mut Context<'_>) {
        for (name, _) in &self.copies {
            if let Err(trouble) = files::write(shell, context, name, text, true) {
                context.streams.error(&format!("{}: {name}: {trouble}", self.name));
            }
        }
    }

    fn finish(&mut self, streams: &mut Streams) -> Poll {
        let status = self.filter.end(streams);
        if streams.out.len() > OUTPUT_BYTES_MAX {
            streams.out.truncate(0);
            streams.error(&format!("sandbox: stopped: more than {OUTPUT_BYTES_MAX} bytes of output"));
            return Poll::Done(1);
        }
        Poll::Done(if self.failed && status == 0 { 1 } else { status })
    }
}

impl Task for Filtering {
    fn poll(&mut self, shell: &mut Shell, context: &mut Context<'_>) -> Poll {
        while let Some(source) = self.sources.front().cloned() {
            let mut more = true;
            if source == "-" {
                let input = context.streams.take_input();
                self.rest.push_str(&input);
                self.copy(&input, shell, context);
                let mut used = 0;
                for line in self.rest.split_inclusive('\n') {
                    if !line.ends_with('\n') && !context.streams.input_ended {
                        break;
                    }
                    used += line.len();
                    more = self.filter.line(line, "", context.streams);
                    if !more {
                        break;
                    }
                }
                self.rest.drain(..used);
                if more && !context.streams.input_ended {
                    return Poll::Waiting { until_ms: None };
                }
            } else {
                match files::read(shell, context, &source) {
                    Ok(text) => {
                        for line in text.split_inclusive('\n') {
                            more = self.filter.line(line, &source, context.streams);
                            if !more {
                                break;
                            }
                        }
                    }
                    Err(trouble) => {
                        self.failed = true;
                        let quoted = matches!(self.name.as_str(), "head" | "tail") && shell.pod().is_none();
                        let shown = if quoted { format!("cannot open '{source}' for reading") } else { source.clone() };
                        context.streams.error(&format!("{}: {shown}: {trouble}", self.name));
                    }
                }
            }
            self.filter.end_of(&source, context.streams);
            self.sources.pop_front();
            if !more && self.name != "head" {
                break;
            }
        }
        self.finish(context.streams)
    }
}
