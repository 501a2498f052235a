//! The headless runner: `sandbox run [--trace FILE] [--seed N] SCRIPT`, `sandbox step` and `sandbox lesson check FOLDER`.
//! It owns reading arguments and files and writing results; everything else is the library's. Exits 0 when a script ran to
//! its end, 2 when it cannot be read or the arguments make no sense, 1 when a file cannot be written or a lesson is wrong.

mod lesson;

use std::cell::RefCell;
use std::fs;
use std::io::{self, BufRead as _, Write};
use std::path::Path;
use std::process::ExitCode;

use statefulset_engine::controllers::statefulset::step;
use statefulset_engine::script::{self, Options};
use statefulset_engine::texts;

const USAGE: &str = "usage: sandbox run [--trace FILE] [--seed N] SCRIPT\n       sandbox step < STATES\n       sandbox lesson check FOLDER";
/// A file that commands may read: what the editor of the page accepts, and some.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Why the runner stops, and with which code.
struct Stop(u8, String);

fn main() -> ExitCode {
    match start(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop(code, message)) => {
            eprintln!("sandbox: {message}");
            ExitCode::from(code)
        }
    }
}

fn start(arguments: Vec<String>) -> Result<(), Stop> {
    let mut arguments = arguments.into_iter();
    match arguments.next().as_deref() {
        Some("run") => run(arguments),
        Some("step") => step(),
        Some("lesson") => lesson::run(arguments),
        Some("-h" | "--help") => print(&format!("{USAGE}\n")),
        Some(other) => Err(Stop(2, format!("there is no command {other:?}\n{USAGE}"))),
        None => Err(Stop(2, format!("a command is missing\n{USAGE}"))),
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), Stop> {
    texts::DESCRIPTIONS.fill(include_str!("../../../../static/schema/descriptions-1.36.txt"));
    texts::HELP.fill(include_str!("../../../../static/kubectl/help-1.36.txt"));
    let mut options = Options::default();
    let (mut trace, mut path) = (None, None);
    while let Some(argument) = arguments.next() {
        let (name, joined) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (argument.clone(), None),
        };
        let mut value = || joined.clone().or_else(|| arguments.next()).ok_or_else(|| Stop(2, format!("{name} needs a value\n{USAGE}")));
        match name.as_str() {
            "--trace" => trace = Some(value()?),
            "--seed" => {
                let value = value()?;
                options.seed = value.parse().map_err(|_| Stop(2, format!("--seed {value}: a whole number from 0 to {}", u64::MAX)))?;
            }
            "-h" | "--help" => return print(&format!("{USAGE}\n")),
            _ if argument.starts_with('-') && argument != "-" => return Err(Stop(2, format!("there is no flag {argument}\n{USAGE}"))),
            _ if path.is_some() => return Err(Stop(2, format!("one script at a time; {argument} is a second one\n{USAGE}"))),
            _ => path = Some(argument),
        }
    }
    let path = path.ok_or_else(|| Stop(2, format!("a script is missing\n{USAGE}")))?;
    let bytes = if path == "-" { io::read_to_string(io::stdin()).map(String::into_bytes) } else { fs::read(&path) };
    let bytes = bytes.map_err(|error| Stop(2, format!("cannot read {path}: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count() + 1;
        Stop(2, format!("{path}: line {line}: not UTF-8; save the script as UTF-8 text"))
    })?;
    let folder = Path::new(&path).parent().unwrap_or(Path::new(""));
    let troubles = RefCell::new(Vec::new());
    let output =
        script::run(&text, &|name| read(folder, name, &troubles), &options).map_err(|error| Stop(2, format!("{path}: {error}")))?;
    for trouble in troubles.into_inner() {
        eprintln!("sandbox: {trouble}");
    }
    if let Some(trace) = trace {
        let written = fs::File::create(&trace).map(io::BufWriter::new).and_then(|mut file| {
            for line in output.trace() {
                writeln!(file, "{line}")?;
            }
            file.flush()
        });
        written.map_err(|error| Stop(1, format!("cannot write {trace}: {error}")))?;
    }
    print(&output.transcript)
}

/// A text file beside the script; words of a command that name none are no trouble.
fn read(folder: &Path, name: &str, troubles: &RefCell<Vec<String>>) -> Option<String> {
    let path = folder.join(name);
    let size = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?.len();
    if size > FILE_BYTES_MAX {
        troubles.borrow_mut().push(format!("{}: {size} bytes; files of at most {FILE_BYTES_MAX} are read", path.display()));
        return None;
    }
    match fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()) {
        Ok(text) => Some(text),
        Err(error) => {
            troubles.borrow_mut().push(format!("{}: {error}", path.display()));
            None
        }
    }
}

/// Answers states line by line, as they come.
fn step() -> Result<(), Stop> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (number, line) in (1..).zip(io::stdin().lock().lines()) {
        let line = line.map_err(|error| Stop(2, format!("line {number}: cannot read: {error}")))?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = step::answer(&line).map_err(|message| Stop(2, format!("line {number}: {message}")))?;
        match writeln!(out, "{answer}") {
            Ok(()) => {}
            // Whoever reads has enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(Stop(1, format!("cannot write: {error}"))),
        }
    }
    out.flush().map_err(|error| Stop(1, format!("cannot write: {error}")))
}

fn print(text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads has enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Stop(1, format!("cannot write: {error}"))),
        Ok(()) => Ok(()),
    }
}
