//! The terminal's log: what each command has printed, shared with the view and renewed only where it changed.
//! It must not know how it is shown.

use std::rc::Rc;

use statefulset_engine::session::{JobId, Session};

/// How much of one command's output is shown: its end. More would make the page slow; nobody reads it.
const OUTPUT_BYTES_MAX: usize = 60_000;
/// How many commands the log shows: the newest.
const JOBS_MAX: usize = 200;

/// A command and what it has printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobView {
    /// Which job of the session.
    pub id: usize,
    /// The command line.
    pub line: String,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// The exit code, once it has ended.
    pub exit: Option<i32>,
    out_len: usize,
    err_len: usize,
}

/// The log as it was shown last.
#[derive(Clone, Debug, Default)]
pub struct JobViews {
    views: Rc<[Rc<JobView>]>,
}

impl JobViews {
    /// What to show.
    pub fn views(&self) -> &Rc<[Rc<JobView>]> {
        &self.views
    }

    /// The view of a job, where it is still in the log.
    pub fn of(&self, id: JobId) -> Option<&Rc<JobView>> {
        self.views.iter().find(|view| view.id == id.0)
    }

    /// Takes over what the session's jobs have printed since.
    pub fn update(&mut self, session: &Session) {
        let count = session.jobs().count();
        let old = self.views.clone();
        let mut changed = false;
        let views: Vec<Rc<JobView>> = session
            .jobs()
            .skip(count.saturating_sub(JOBS_MAX))
            .map(|(id, job)| {
                let known = old.iter().find(|view| {
                    view.id == id.0
                        && view.out_len == job.streams.out.len()
                        && view.err_len == job.streams.err.len()
                        && view.exit == job.exit
                        && *view.line == *job.line
                });
                if let Some(view) = known {
                    return view.clone();
                }
                changed = true;
                Rc::new(JobView {
                    id: id.0,
                    line: job.line.to_string(),
                    out: end_of(&job.streams.out),
                    err: end_of(&job.streams.err),
                    exit: job.exit,
                    out_len: job.streams.out.len(),
                    err_len: job.streams.err.len(),
                })
            })
            .collect();
        if changed || views.len() != old.len() {
            self.views = views.into();
        }
    }
}

/// The last lines of a text.
fn end_of(text: &str) -> String {
    let Some(mut from) = text.len().checked_sub(OUTPUT_BYTES_MAX) else {
        return text.to_owned();
    };
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let tail = &text[from..];
    let tail = tail.find('\n').map_or(tail, |line| &tail[line + 1..]);
    format!("…\n{tail}")
}
