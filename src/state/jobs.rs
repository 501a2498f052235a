//! The terminal's log: what each command has printed, shared with the view and renewed only where it changed. What is too
//! long to be shown is counted, and can still be copied. It must not know how it is shown.

use std::rc::Rc;

use statefulset_engine::api::time::Ms;
use statefulset_engine::session::{Job, JobId, Session};

use super::links::{self, Link};

/// How much of one command's output is shown: its end.
const OUTPUT_BYTES_MAX: usize = 60_000;
/// How much all commands show together: what is older folds.
const LOG_BYTES_MAX: usize = 240_000;
/// How much of a command line is shown.
const LINE_BYTES_MAX: usize = 2_000;
/// How many commands the log shows: the newest.
const JOBS_MAX: usize = 200;
/// What `clear` prints: everything before it is to go from the screen.
const CLEAR: &str = "\u{1b}[H\u{1b}[2J";

/// A command and what it has printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobView {
    /// Which job of the session.
    pub id: usize,
    /// The command line.
    pub line: String,
    /// Standard output.
    pub out: Printed,
    /// Standard error.
    pub err: Printed,
    /// When the command started.
    pub started_ms: Ms,
    /// When it ended, if it has.
    pub ended_ms: Option<Ms>,
    /// The exit code, once it has ended.
    pub exit: Option<i32>,
}

/// What is shown of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// The text, without the line break at its end.
    pub text: String,
    /// The names of objects in it.
    pub links: Vec<Link>,
    /// How many lines before it are not shown.
    pub hidden: usize,
    /// How long the stream is.
    whole_len: usize,
    folded: bool,
}

/// The log as it was shown last.
#[derive(Clone, Debug, Default)]
pub struct JobViews {
    views: Rc<[Rc<JobView>]>,
    /// Jobs before this one are not shown: the screen was cleared.
    cleared: usize,
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

    /// Clears the screen: only what runs stays.
    pub fn clear(&mut self, session: &Session) {
        self.cleared = session.jobs().find(|(_, job)| job.exit.is_none()).map_or_else(|| session.jobs().count(), |(id, _)| id.0);
    }

    /// Takes over what the session's jobs have printed since.
    pub fn update(&mut self, session: &Session) {
        let count = session.jobs().count();
        // A run taken back has fewer jobs than were cleared.
        self.cleared = self.cleared.min(count);
        let mut first = self.cleared.max(count.saturating_sub(JOBS_MAX));
        for (id, job) in session.jobs().skip(first) {
            if job.exit.is_some() && job.streams.out.ends_with(CLEAR) {
                first = id.0 + 1;
            }
        }
        let old = self.views.clone();
        let mut bytes = 0;
        let mut changed = false;
        let jobs: Vec<(JobId, &Job)> = session.jobs().skip(first).collect();
        let mut views: Vec<Rc<JobView>> = Vec::with_capacity(jobs.len());
        for (id, job) in jobs.into_iter().rev() {
            bytes += job.streams.out.len().min(OUTPUT_BYTES_MAX) + job.streams.err.len().min(OUTPUT_BYTES_MAX);
            let folded = bytes > LOG_BYTES_MAX;
            let known = old.iter().find(|view| {
                view.id == id.0
                    && view.out.is_of(&job.streams.out, folded)
                    && view.err.is_of(&job.streams.err, folded)
                    && view.exit == job.exit
                    && job.line.starts_with(view.line.trim_end_matches('…'))
            });
            views.push(known.cloned().unwrap_or_else(|| {
                changed = true;
                Rc::new(view_of(id, job, folded, session))
            }));
        }
        if changed || views.len() != old.len() || views.last().map(|view| view.id) != old.first().map(|view| view.id) {
            views.reverse();
            self.views = views.into();
        }
    }
}

fn view_of(id: JobId, job: &Job, folded: bool, session: &Session) -> JobView {
    let printed = |text: &str| {
        let mut printed = Printed::of(text, folded);
        let store = &session.world.store;
        printed.links = links::find(&printed.text, &job.line, &session.terminal.namespace, store);
        printed
    };
    JobView {
        id: id.0,
        line: start_of(&job.line),
        out: printed(&job.streams.out),
        err: printed(&job.streams.err),
        started_ms: job.started_ms,
        ended_ms: job.ended_ms,
        exit: job.exit,
    }
}

impl Printed {
    /// What is shown of a stream: its end, or nothing but the number of its lines where it is `folded`.
    fn of(whole: &str, folded: bool) -> Self {
        let text = whole.rfind(CLEAR).map_or(whole, |at| &whole[at + CLEAR.len()..]);
        let shown = if folded && !text.is_empty() { "" } else { end_of(text) };
        let hidden = text[..text.len() - shown.len()].bytes().filter(|byte| *byte == b'\n').count();
        Self { text: shown.trim_end_matches('\n').to_owned(), links: Vec::new(), hidden, whole_len: whole.len(), folded }
    }

    fn is_of(&self, whole: &str, folded: bool) -> bool {
        self.whole_len == whole.len() && self.folded == folded
    }
}

/// The last lines of a text.
fn end_of(text: &str) -> &str {
    let Some(mut from) = text.len().checked_sub(OUTPUT_BYTES_MAX) else {
        return text;
    };
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let tail = &text[from..];
    tail.find('\n').filter(|line| line + 1 < tail.len()).map_or(tail, |line| &tail[line + 1..])
}

/// A command line, as far as it is shown.
fn start_of(line: &str) -> String {
    if line.len() <= LINE_BYTES_MAX {
        return line.to_owned();
    }
    let mut end = LINE_BYTES_MAX;
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &line[..end])
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use statefulset_engine::process::Streams;
    use statefulset_engine::settings::Settings;

    use super::*;

    fn session(lines: &[&str]) -> Session {
        let mut session = Session::new(Settings::default());
        for line in lines {
            session.run(line, Streams::with_input(""), 3_600_000);
        }
        session
    }

    #[test]
    fn long_output_shows_its_end_and_counts_the_rest() {
        let session = session(&["seq 100000"]);
        let mut views = JobViews::default();
        let started = Instant::now();
        views.update(&session);
        assert!(started.elapsed().as_millis() < 1_000, "{:?}", started.elapsed());
        let view = &views.views()[0];
        assert!(view.out.text.ends_with("\n99999\n100000"), "the end is there");
        assert!(view.out.text.len() <= OUTPUT_BYTES_MAX);
        assert_eq!(view.out.text.lines().count() + view.out.hidden, 100_000, "nothing is lost from the count");
    }

    #[test]
    fn older_outputs_fold_when_all_together_are_long() {
        let session = session(&["seq 30000"; 8]);
        let mut views = JobViews::default();
        views.update(&session);
        let shown: Vec<bool> = views.views().iter().map(|view| !view.out.text.is_empty()).collect();
        assert_eq!(shown, [false, false, false, false, true, true, true, true]);
        assert_eq!(views.views()[0].out.hidden, 30_000);
    }

    #[test]
    fn a_huge_line_is_shown_shortly() {
        let line = format!("echo {}", "é".repeat(600_000));
        let session = session(&[&line]);
        let mut views = JobViews::default();
        views.update(&session);
        let view = &views.views()[0];
        assert!(view.line.ends_with('…') && view.line.len() < 2_100);
        assert!(view.err.text.contains("bytes long"), "{}", view.err.text);
    }

    #[test]
    fn what_did_not_change_is_the_same_view_again() {
        let mut session = session(&["kubectl get nodes", "kubectl get sts"]);
        let mut views = JobViews::default();
        views.update(&session);
        let first = views.views().clone();
        views.update(&session);
        assert!(Rc::ptr_eq(&first, views.views()));
        session.run("echo more", Streams::with_input(""), 1_000);
        views.update(&session);
        assert!(Rc::ptr_eq(&first[0], &views.views()[0]));
        assert_eq!(views.views().len(), 3);
    }

    #[test]
    fn clearing_takes_from_the_screen_what_has_ended() {
        let mut session = session(&["echo one"]);
        session.start("sleep 100", Streams::default());
        let mut views = JobViews::default();
        views.clear(&session);
        views.update(&session);
        assert_eq!(views.views().len(), 1);
        session.run("clear", Streams::with_input(""), 2_000_000);
        views.update(&session);
        assert_eq!(views.views().len(), 0);
        session.run("echo two", Streams::with_input(""), 2_000_000);
        views.update(&session);
        assert_eq!(views.views()[0].out.text, "two");
    }
}
