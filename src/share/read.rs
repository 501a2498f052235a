//! A session from its text. Never fails: gives what could be read, and everything that could not.
//!
//! The lines of the headless runner that say what a person did (`@at`, `@file`, `$`, `&`, `> `, `^C`) are read as it reads
//! them. Beside them stand lines that it takes for comments:
//!
//! | line | says |
//! |---|---|
//! | `#@ form 1` | that the rest is of this form |
//! | `#@ sandbox 0.1.0` | which version wrote it |
//! | `#@ seed N` | where the cluster's random-looking values come from; 0 where it is missing |
//! | `#@ view NAME VALUE` | how the page stands |
//! | `#@ start` … `#@ started` | the lines between are a script of the runner that is played first, as for a lesson |
//! | `#@ typed` | the command behind it was typed in the terminal, and can be typed into |
//! | `#@ type MS JOB` | the lines of input behind it were typed at this moment into this command, counted from 0 |
//! | `#@ end-input MS JOB` | no more input comes for this command |
//! | `#@ close-file MS "TEXT"` | the file that a command had open was saved like this; `null`: it was not |
//! | `#@ interrupt JOB` | which command the `^C` behind it ends |
//! | `#> TEXT`, `#^C` | input and `^C` that the runner cannot place |
//! | `#@ exactly "TEXT"` | the file, command or input before it, to the letter, as JSON |
//! | `#@ tab NAME` | the file of this name, as it was written last, is in the editor; said again, it is another one there |
//! | `#@ open N` | which of these files is open, from 0 |
//! | `#@ after N` | how many steps the session had made before the act behind it, or before the end |
//! | `#@ place MS ACTS STEPS` | the place that is looked at, where it lies before the end |

use statefulset_engine::api::time::Ms;
use statefulset_engine::session::JobId;
use statefulset_engine::shell;

use super::saved::{ACTS_MAX, ALL_STEPS, AT_MS_MAX, Deed, FILES_MAX, File, START_LINES_MAX, Saved, TEXT_BYTES_MAX};
use crate::state::acts::{Act, Place};

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub kind: TroubleKind,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// It is no line of a script.
    Unknown,
    /// The headless runner knows it and the page does not, or the other way round.
    RunnerOnly,
    /// A number is missing, or is out of all bounds.
    Number,
    /// It is about a command that there is not.
    NoCommand,
    /// A file has no end.
    OpenFile,
    /// There is more of something than is read; the rest is left out.
    TooMuch,
    /// A newer sandbox wrote the text.
    Newer,
}

impl TroubleKind {
    /// Its name: in the locale files behind `share.trouble.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::RunnerOnly => "runner-only",
            Self::Number => "number",
            Self::NoCommand => "no-command",
            Self::OpenFile => "open-file",
            Self::TooMuch => "too-much",
            Self::Newer => "newer",
        }
    }
}

/// Whether a text is a session or a script, rather than a manifest.
pub fn is_script(text: &str) -> bool {
    let first = text.lines().map(str::trim_end).find(|line| !line.is_empty() && (!line.starts_with('#') || line.starts_with("#@ ")));
    first.is_some_and(|line| line.starts_with("#@ ") || line.starts_with('@') || line.starts_with("$ ") || line.starts_with("& "))
}

/// Reads a session.
pub fn read(text: &str) -> (Saved, Vec<Trouble>) {
    let mut reader = Reader::default();
    let cut = floor_char_boundary(text, TEXT_BYTES_MAX);
    let mut lines =
        text[..cut].split_terminator('\n').enumerate().map(|(index, line)| (index + 1, line.strip_suffix('\r').unwrap_or(line)));
    while let Some((number, line)) = lines.next() {
        reader.number = number;
        if reader.troubles.len() >= TROUBLES_MAX {
            break;
        }
        match line.strip_prefix("@file ") {
            Some(name) => reader.file(name.trim(), &mut lines),
            None if line == "#@ start" => reader.start(&mut lines),
            None => reader.line(line),
        }
    }
    if cut < text.len() {
        reader.trouble(TroubleKind::TooMuch);
    }
    reader.finish()
}

/// After so many lines that cannot be read, the text is something else.
const TROUBLES_MAX: usize = 50;

/// What `exactly` is about.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Latest {
    #[default]
    Nothing,
    File,
    Act,
}

#[derive(Default)]
struct Reader {
    saved: Saved,
    troubles: Vec<Trouble>,
    number: usize,
    at_ms: Ms,
    place: Option<Place>,
    after: Option<u64>,
    /// Files that wait for the command behind them.
    pending: Vec<(String, String)>,
    /// All files, as they were written last.
    files: Vec<File>,
    typed: bool,
    job: Option<JobId>,
    jobs: usize,
    latest: Latest,
    /// The last act takes the input behind it for a part of its command.
    folds: bool,
}

impl Reader {
    fn trouble(&mut self, kind: TroubleKind) {
        self.troubles.push(Trouble { line: self.number, kind });
    }

    fn line(&mut self, line: &str) {
        if let Some(mark) = line.strip_prefix("#@ ") {
            let (name, value) = mark.split_once(' ').unwrap_or((mark, ""));
            self.mark(name, value);
        } else if let Some(text) = input_of(line).or_else(|| line.strip_prefix('#').and_then(input_of)) {
            self.input(text);
        } else if matches!(line.trim_end(), "^C" | "#^C") {
            match self.job.take().or(self.jobs.checked_sub(1).map(JobId)) {
                Some(job) => self.act(Act::Interrupt { job }, false),
                None => self.trouble(TroubleKind::NoCommand),
            }
        } else if line.starts_with('#') || line.trim().is_empty() {
        } else if let Some(text) = line.strip_prefix("$ ") {
            self.run(text, false);
        } else if let Some(text) = line.strip_prefix("& ") {
            self.run(text, true);
        } else if let Some(number) = line.strip_prefix("@at ") {
            match moment_of(number) {
                Some(at_ms) => self.at_ms = self.at_ms.max(at_ms),
                None => self.trouble(TroubleKind::Number),
            }
        } else {
            self.trouble(if line.starts_with('@') { TroubleKind::RunnerOnly } else { TroubleKind::Unknown });
        }
    }

    fn mark(&mut self, name: &str, value: &str) {
        let mut words = value.split(' ');
        let mut number = || words.next().and_then(|word| word.parse::<u64>().ok());
        match name {
            "form" if value == "1" => {}
            "form" => self.trouble(TroubleKind::Newer),
            "sandbox" => self.saved.sandbox = value.to_owned(),
            "typed" => self.typed = true,
            "seed" => match number() {
                Some(seed) => self.saved.seed = seed,
                None => self.trouble(TroubleKind::Number),
            },
            "view" => {
                let (name, value) = value.split_once(' ').unwrap_or((value, ""));
                if self.saved.view.len() < FILES_MAX {
                    self.saved.view.push((name.to_owned(), value.to_owned()));
                }
            }
            "type" => {
                let (at_ms, job) = (number().filter(|at_ms| *at_ms <= AT_MS_MAX), number());
                match (at_ms, job.and_then(|job| self.job_of(job))) {
                    (Some(at_ms), Some(job)) => {
                        self.at_ms = self.at_ms.max(at_ms);
                        self.act(Act::Type { job, text: String::new() }, false);
                    }
                    (None, _) => self.trouble(TroubleKind::Number),
                    (_, None) => self.trouble(TroubleKind::NoCommand),
                }
            }
            "end-input" => {
                let (at_ms, job) = (number().filter(|at_ms| *at_ms <= AT_MS_MAX), number());
                match (at_ms, job.and_then(|job| self.job_of(job))) {
                    (Some(at_ms), Some(job)) => {
                        self.at_ms = self.at_ms.max(at_ms);
                        self.act(Act::EndInput { job }, false);
                    }
                    (None, _) => self.trouble(TroubleKind::Number),
                    (_, None) => self.trouble(TroubleKind::NoCommand),
                }
            }
            "close-file" => {
                let (at_ms, saved) = value.split_once(' ').unwrap_or((value, ""));
                match (moment_of(at_ms), serde_json::from_str::<Option<String>>(saved)) {
                    (Some(at_ms), Ok(saved)) => {
                        self.at_ms = self.at_ms.max(at_ms);
                        self.act(Act::CloseFile { saved }, false);
                    }
                    _ => self.trouble(TroubleKind::Number),
                }
            }
            "interrupt" => match number().and_then(|job| self.job_of(job)) {
                Some(job) => self.job = Some(job),
                None => self.trouble(TroubleKind::NoCommand),
            },
            "exactly" => match serde_json::from_str::<String>(value) {
                Ok(text) => self.exactly(text),
                Err(_) => self.trouble(TroubleKind::Unknown),
            },
            "tab" => match self.files.iter().find(|file| file.name == value) {
                Some(file) => match self.saved.files.iter().position(|tab| tab.name == value) {
                    Some(tab) => self.saved.files[tab] = file.clone(),
                    None if self.saved.files.len() < FILES_MAX => self.saved.files.push(file.clone()),
                    None => self.trouble(TroubleKind::TooMuch),
                },
                None => self.trouble(TroubleKind::OpenFile),
            },
            "open" => match number().and_then(|index| usize::try_from(index).ok()) {
                Some(index) => self.saved.open = index,
                None => self.trouble(TroubleKind::Number),
            },
            "after" => match number() {
                Some(steps) => self.after = Some(steps),
                None => self.trouble(TroubleKind::Number),
            },
            "place" => {
                let (at_ms, acts, steps) = (number().filter(|at_ms| *at_ms <= AT_MS_MAX), number(), number());
                match (at_ms, acts.and_then(|acts| usize::try_from(acts).ok()), steps) {
                    (Some(at_ms), Some(acts), Some(steps)) => self.place = Some(Place { steps, acts, at_ms }),
                    _ => self.trouble(TroubleKind::Number),
                }
            }
            // A later version may say more; what it says is no part of what was done.
            _ => self.trouble(TroubleKind::Newer),
        }
    }

    fn job_of(&self, job: u64) -> Option<JobId> {
        usize::try_from(job).ok().filter(|job| *job < self.jobs).map(JobId)
    }

    /// A file, up to its `@end`.
    fn file<'a>(&mut self, name: &str, lines: &mut impl Iterator<Item = (usize, &'a str)>) {
        let mut text = String::new();
        let mut ended = false;
        for (_, line) in lines {
            if line == "@end" {
                ended = true;
                break;
            }
            text.push_str(line);
            text.push('\n');
        }
        if !ended {
            self.trouble(TroubleKind::OpenFile);
        }
        if name.is_empty() || self.files.len() >= FILES_MAX {
            return self.trouble(TroubleKind::TooMuch);
        }
        self.pending.push((name.to_owned(), text));
        self.latest = Latest::File;
        self.note_file();
    }

    /// The file that was written last is the one of its name from now on.
    fn note_file(&mut self) {
        if let Some((name, text)) = self.pending.last() {
            self.files.retain(|file| file.name != *name);
            self.files.push(File { name: name.clone(), text: text.clone() });
        }
    }

    /// The script that is played first, up to its end.
    fn start<'a>(&mut self, lines: &mut impl Iterator<Item = (usize, &'a str)>) {
        let (mut script, mut counted) = (String::new(), 0);
        while let Some((_, line)) = lines.next() {
            if line == "#@ started" {
                break;
            }
            if let Some(name) = line.strip_prefix("@file ") {
                self.file(name.trim(), lines);
                if let Some((name, text)) = self.pending.pop() {
                    script.push_str(&format!("@file {name}\n{text}@end\n"));
                }
                continue;
            }
            counted += usize::from(!line.trim().is_empty());
            // How long these lines take is bounded by how many there are, so none may name any moment it likes.
            let short = line
                .strip_prefix("@wait ")
                .is_none_or(|wait| wait.strip_suffix('s').and_then(|text| text.parse().ok()).is_some_and(|seconds: u16| seconds <= 3_600));
            if line.starts_with("@at ") || !short || counted > START_LINES_MAX {
                return self.trouble(TroubleKind::TooMuch);
            }
            script.push_str(line);
            script.push('\n');
        }
        self.latest = Latest::Nothing;
        self.saved.start = script;
    }

    fn exactly(&mut self, exact: String) {
        match self.latest {
            Latest::File => {
                if let Some((_, text)) = self.pending.last_mut() {
                    *text = exact;
                }
                self.note_file();
            }
            Latest::Act => match self.saved.acts.last_mut().map(|deed| &mut deed.act) {
                Some(Act::Run { line: text, .. } | Act::Type { text, .. }) => {
                    *text = exact;
                    self.folds = false;
                }
                Some(Act::EndInput { .. } | Act::CloseFile { .. } | Act::Interrupt { .. }) | None => {}
            },
            Latest::Nothing => self.trouble(TroubleKind::NoCommand),
        }
    }

    fn run(&mut self, line: &str, outlasts: bool) {
        let files = std::mem::take(&mut self.pending);
        let typed = std::mem::take(&mut self.typed);
        self.act(Act::Run { files, line: line.to_owned(), typed }, outlasts);
        self.jobs += 1;
        self.folds = true;
    }

    fn act(&mut self, act: Act, outlasts: bool) {
        self.folds = false;
        self.latest = Latest::Act;
        let steps = self.after.take().unwrap_or(ALL_STEPS);
        self.saved.acts.push(Deed { at_ms: self.at_ms, steps, act, outlasts });
    }

    fn input(&mut self, typed: &str) {
        if self.latest == Latest::File {
            return self.trouble(TroubleKind::NoCommand);
        }
        let folds = self.folds;
        match self.saved.acts.last_mut().map(|deed| &mut deed.act) {
            Some(Act::Run { line, .. }) if folds && shell::incomplete(line) => {
                line.push('\n');
                line.push_str(typed);
            }
            Some(Act::Type { text, .. }) => {
                text.push_str(typed);
                text.push('\n');
            }
            // A script written by hand: what follows a command is typed into it.
            Some(Act::Run { .. }) => {
                let job = JobId(self.jobs - 1);
                if let Some(Act::Run { typed, .. }) = self.saved.acts.last_mut().map(|deed| &mut deed.act) {
                    *typed = true;
                }
                self.act(Act::Type { job, text: format!("{typed}\n") }, false);
            }
            Some(Act::EndInput { .. } | Act::CloseFile { .. } | Act::Interrupt { .. }) | None => self.trouble(TroubleKind::NoCommand),
        }
    }

    fn finish(mut self) -> (Saved, Vec<Trouble>) {
        if self.saved.acts.len() > ACTS_MAX {
            self.saved.acts.truncate(ACTS_MAX);
            self.trouble(TroubleKind::TooMuch);
        }
        let acts = self.saved.acts.len();
        let end = Place { steps: self.after.unwrap_or(ALL_STEPS), acts, at_ms: self.at_ms };
        self.saved.place = self.place.map_or(end, |place| Place { acts: place.acts.min(acts), ..place });
        self.saved.open = self.saved.open.min(self.saved.files.len().saturating_sub(1));
        (self.saved, self.troubles)
    }
}

/// What a line of input types; `>` alone is an empty line.
fn input_of(line: &str) -> Option<&str> {
    let behind = line.strip_prefix('>')?;
    if behind.is_empty() { Some(behind) } else { behind.strip_prefix(' ') }
}

fn moment_of(text: &str) -> Option<Ms> {
    text.trim().parse().ok().filter(|at_ms| *at_ms <= AT_MS_MAX)
}

fn floor_char_boundary(text: &str, max: usize) -> usize {
    let mut cut = text.len().min(max);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    cut
}
