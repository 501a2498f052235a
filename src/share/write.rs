//! A session as a text: a script of the headless runner, with lines `#@ …` beside it that the runner takes for comments and
//! the page reads. `read` is its other half and describes every line. It must not know links or files.

use std::fmt::Write as _;

use statefulset_engine::shell;

use super::saved::{ALL_STEPS, Deed, Saved};
use crate::state::acts::Act;

/// The text of a session.
pub fn write(saved: &Saved) -> String {
    let mut writer = Writer::default();
    writer.line("# A session of the StatefulSet Sandbox. Open it there, or run it: sandbox run FILE");
    writer.mark("form", "1");
    if !saved.sandbox.is_empty() {
        writer.mark("sandbox", &saved.sandbox);
    }
    if saved.seed != 0 {
        writer.mark("seed", &saved.seed.to_string());
    }
    for (name, value) in &saved.view {
        writer.mark("view", &format!("{name} {value}"));
    }
    writer.start(&saved.start);
    for deed in &saved.acts {
        writer.deed(deed);
    }
    for (index, file) in saved.files.iter().enumerate() {
        if writer.files.iter().rev().find(|(name, _)| *name == file.name).is_none_or(|(_, text)| *text != file.text) {
            writer.file(&file.name, &file.text);
        }
        writer.mark("tab", &file.name);
        if index == saved.open && index > 0 {
            writer.mark("open", &index.to_string());
        }
    }
    let place = saved.place;
    if place.acts == saved.acts.len() {
        writer.after(place.steps);
        writer.at(place.at_ms);
    } else {
        writer.mark("place", &format!("{} {} {}", place.at_ms, place.acts, place.steps));
    }
    writer.text
}

/// The text of a session in which a file in the editor has become another.
pub fn with_file(session: &str, name: &str, text: &str) -> String {
    let mut writer = Writer { text: session.to_owned(), ..Writer::default() };
    writer.file(name, text);
    writer.mark("tab", name);
    writer.text
}

#[derive(Default)]
struct Writer {
    text: String,
    at_ms: u64,
    jobs: usize,
    /// The last line of the runner's own was a command or its input, so that more input may follow.
    takes_input: bool,
    files: Vec<(String, String)>,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The script that is played first, as it is. Its files are those of its lines `@file`.
    fn start(&mut self, script: &str) {
        if script.is_empty() {
            return;
        }
        self.line("#@ start");
        let mut lines = script.lines();
        while let Some(line) = lines.next() {
            self.line(line);
            if let Some(name) = line.strip_prefix("@file ") {
                let text: String = lines.by_ref().take_while(|line| *line != "@end").flat_map(|line| [line, "\n"]).collect();
                self.text.push_str(&text);
                self.line("@end");
                self.files.push((name.to_owned(), text));
            }
        }
        self.line("#@ started");
        // Nobody knows how far it takes the clock.
        self.at_ms = u64::MAX;
    }

    fn mark(&mut self, name: &str, value: &str) {
        let value = value.replace(['\n', '\r'], " ");
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "#@ {name} {value}");
    }

    fn at(&mut self, at_ms: u64) {
        if at_ms != self.at_ms {
            self.line(&format!("@at {at_ms}"));
            self.at_ms = at_ms;
            self.takes_input = false;
        }
    }

    fn after(&mut self, steps: u64) {
        if steps != ALL_STEPS {
            self.mark("after", &steps.to_string());
        }
    }

    /// Says exactly what the lines before could only say nearly: a missing line end, a carriage return.
    fn exactly(&mut self, text: &str) {
        self.mark("exactly", &serde_json::Value::from(text).to_string());
    }

    fn file(&mut self, name: &str, text: &str) {
        self.takes_input = false;
        self.line(&format!("@file {name}"));
        let hidden = text.lines().any(|line| line == "@end");
        if !hidden {
            text.lines().for_each(|line| self.line(line));
        }
        self.line("@end");
        let plain: String = text.lines().flat_map(|line| [line, "\n"]).collect();
        if hidden || plain != text {
            self.exactly(text);
        }
        self.files.push((name.to_owned(), text.to_owned()));
    }

    fn deed(&mut self, deed: &Deed) {
        match &deed.act {
            Act::Run { files, line, typed } => {
                self.text.push('\n');
                self.after(deed.steps);
                self.at(deed.at_ms);
                for (name, text) in files {
                    self.file(name, text);
                }
                if *typed {
                    self.line("#@ typed");
                }
                let (first, rest) = line.split_once('\n').unwrap_or((line, ""));
                self.line(&format!("{} {first}", if deed.outlasts { '&' } else { '$' }));
                if folds(line) {
                    self.input("", rest);
                } else {
                    self.exactly(line);
                }
                self.jobs += 1;
                self.takes_input = true;
            }
            Act::Type { job, text } => {
                let straight = self.takes_input && job.0 + 1 == self.jobs;
                self.after(deed.steps);
                self.mark("type", &format!("{} {}", deed.at_ms, job.0));
                self.input(if straight { "" } else { "#" }, text);
                let plain: String = text.lines().flat_map(|line| [line, "\n"]).collect();
                if plain != *text {
                    self.exactly(text);
                }
            }
            // The runner gives a command all its input at once, and its editor saves nothing.
            Act::EndInput { job } => {
                self.after(deed.steps);
                self.mark("end-input", &format!("{} {}", deed.at_ms, job.0));
            }
            Act::CloseFile { saved } => {
                self.after(deed.steps);
                self.mark("close-file", &format!("{} {}", deed.at_ms, serde_json::json!(saved)));
            }
            Act::Interrupt { job } => {
                self.after(deed.steps);
                self.at(deed.at_ms);
                self.mark("interrupt", &job.0.to_string());
                self.line(if job.0 + 1 == self.jobs { "^C" } else { "#^C" });
                self.takes_input = false;
            }
        }
    }

    fn input(&mut self, before: &str, text: &str) {
        for line in text.lines() {
            let space = if line.is_empty() { "" } else { " " };
            self.line(&format!("{before}>{space}{line}"));
        }
    }
}

/// Whether a command, written with its further lines as input, is read as what it is.
fn folds(line: &str) -> bool {
    let mut lines = line.split('\n');
    let mut command = lines.next().unwrap_or_default().to_owned();
    for more in lines {
        if !shell::incomplete(&command) {
            return false;
        }
        command.push('\n');
        command.push_str(more);
    }
    !line.contains('\r') && !line.ends_with('\n')
}
