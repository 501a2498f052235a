//! Running other programs: with the environment of the person, not of the Cargo that runs us; loudly, quietly, or into a log.
//!
//! Knows no chore and decides nothing: what a failing program means is the caller's business.

use crate::{
    failure::{Failure, Result},
    paths,
    steps::clock,
};
use std::{
    env,
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{BufRead as _, BufReader, ErrorKind},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A long quiet step says something this often.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// A program to run in the project's root, freed from what Cargo and rustup set for us alone:
/// a child Cargo that inherits CARGO or RUSTC would use our toolchain whatever we ask for.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let ours = ["CARGO", "RUSTC", "RUSTDOC", "RUST_RECURSION_COUNT", "RUSTUP_TOOLCHAIN_SOURCE"].contains(&name.as_ref())
            || name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_MANIFEST_")
            || name.starts_with("CARGO_BIN_");
        if ours {
            command.env_remove(name.as_ref());
        }
    }
    if let Some(paths) = env::var_os("LD_LIBRARY_PATH") {
        let kept: Vec<PathBuf> = env::split_paths(&paths).filter(|path| !is_cargos_library_folder(path)).collect();
        match env::join_paths(&kept) {
            Ok(joined) if !kept.is_empty() => command.env("LD_LIBRARY_PATH", joined),
            _ => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
    command
}

/// `cargo run` puts its target folder and its toolchain's libraries in front; another toolchain must not see them.
fn is_cargos_library_folder(path: &Path) -> bool {
    path.starts_with(paths::root()) || path.components().any(|part| part.as_os_str() == "toolchains")
}

/// Puts folders in front of the PATH that the program will see.
pub(crate) fn prepend_path(command: &mut Command, folders: &[PathBuf]) {
    if folders.is_empty() {
        return;
    }
    let rest = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&rest));
    // A folder with the separator in its name cannot be on a PATH at all; then the old one must do.
    if let Ok(joined) = env::join_paths(all) {
        command.env("PATH", joined);
    }
}

/// The same command, but ended when we are, however that comes about, so that no server stays behind and holds its port.
/// Linux has a program for that; elsewhere, and without it, only Ctrl+C reaches both.
pub(crate) fn ending_with_us(command: Command) -> Command {
    let Some(wrapper) = paths::on_path("setpriv") else { return command };
    let mut wrapped = Command::new(wrapper);
    wrapped.args(["--pdeathsig", "TERM", "--"]).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    wrapped
}

/// Runs to the end with the terminal's own input and output. False if the program says it failed.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    Ok(status.success())
}

/// Runs to the end with the terminal's own input and output, and fails with these words if the program does.
pub(crate) fn run(command: &mut Command, otherwise: &str) -> Result<()> {
    if succeeds(command)? { Ok(()) } else { Err(Failure::new(otherwise)) }
}

/// What the program prints, if it can be started and succeeds. For questions whose answer may be "not there".
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a long step with its output in a log file, with a sign of life now and then. With `verbose`, on the terminal.
/// On failure the end of the log is part of the message.
pub(crate) fn logged(command: &mut Command, log: &Path, verbose: bool) -> Result<()> {
    command.stdin(Stdio::null());
    if verbose {
        return run(command, &format!("`{}` failed.", line(command)));
    }
    let failed_log = |error: std::io::Error| Failure::new(format!("The log {} cannot be written: {error}.", log.display()));
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).map_err(failed_log)?;
    }
    let file = File::create(log).map_err(failed_log)?;
    let also = file.try_clone().map_err(failed_log)?;
    let mut child = command.stdout(file).stderr(also).spawn().map_err(|error| cannot_start(command, &error))?;
    let (start, mut next_sign) = (Instant::now(), SIGN_OF_LIFE);
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) => {
                let said = fs::read_to_string(log).unwrap_or_default();
                let what = match network_trouble(&said) {
                    Some(trouble) => format!("The network cannot be reached: {trouble}\nThe whole output is in {}.", log.display()),
                    None => format!("`{}` failed. The end of {}:\n\n{}", line(command), log.display(), tail(&said, 15)),
                };
                return Err(Failure::new(what));
            }
            Ok(None) => thread::sleep(Duration::from_millis(50)),
            Err(error) => return Err(cannot_start(command, &error)),
        }
        if start.elapsed() >= next_sign {
            next_sign += SIGN_OF_LIFE;
            let now = tail(&fs::read_to_string(log).unwrap_or_default(), 1);
            println!("      … {} {}", clock(start.elapsed()), now.trim());
        }
    }
}

/// Runs to the end, passing each line of its output on to the terminal and to a reader. False if the program says it failed.
pub(crate) fn teed(command: &mut Command, mut reader: impl FnMut(&str)) -> Result<bool> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| cannot_start(command, &error))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            // Tests may print anything, also what is not text.
            let line = line.map_err(|error| cannot_start(command, &error))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            reader(&line);
        }
    }
    let status = child.wait().map_err(|error| cannot_start(command, &error))?;
    Ok(status.success())
}

/// The line of a tool's output that says that there is no network, if one does: Cargo's, rustup's, npm's or apt's.
fn network_trouble(said: &str) -> Option<&str> {
    const SIGNS: [&str; 7] = [
        "Could not resolve host",
        "Couldn't connect to server",
        "Failed to connect",
        "Temporary failure resolving",
        "could not download file",
        "getaddrinfo",
        "ECONNREFUSED",
    ];
    said.lines().map(str::trim).find(|line| SIGNS.iter().any(|sign| line.contains(sign)))
}

/// The last lines of a text that are not blank.
fn tail(text: &str, lines: usize) -> String {
    let kept: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    kept[kept.len().saturating_sub(lines)..].join("\n")
}

/// The command as a person would have typed it, for messages.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_os_string();
    std::iter::once(program)
        .chain(command.get_args().map(OsString::from))
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The failure of a program that did not even start.
pub(crate) fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy().into_owned();
    if error.kind() == ErrorKind::NotFound {
        let remedy = match program.as_str() {
            "node" | "npm" => "install Node.js 20 or newer with npm (Debian: `apt-get install nodejs npm`).".to_owned(),
            "cargo" | "rustup" | "rustc" => "install Rust with rustup.".to_owned(),
            other => format!("install {other}, or put it on PATH."),
        };
        Failure::new(format!("{program} is not installed, or not on PATH.")).remedy(remedy)
    } else {
        Failure::new(format!("{program} cannot be run: {error}."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_leaves_out_blank_lines() {
        assert_eq!(tail("one\n\ntwo\n\nthree\n\n", 2), "two\nthree");
        assert_eq!(tail("", 3), "");
    }

    #[test]
    fn a_missing_network_is_told_from_other_failures() {
        let said = "Updating index\nwarning: [6] Could not resolve hostname (Could not resolve host: example)\nerror: download failed";
        assert!(network_trouble(said).is_some_and(|line| line.starts_with("warning: [6]")));
        assert_eq!(network_trouble("error[E0308]: mismatched types"), None);
    }

    #[test]
    fn a_program_that_is_missing_is_said_with_a_remedy() {
        let failure = succeeds(&mut command("no-such-program-here")).unwrap_err().to_string();
        assert!(failure.starts_with("no-such-program-here is not installed"), "{failure}");
        assert!(failure.contains("What to do:"), "{failure}");
    }

    #[test]
    fn a_command_reads_as_it_would_be_typed() {
        let mut command = command("/somewhere/bin/cargo");
        command.args(["install", "trunk"]);
        assert_eq!(line(&command), "cargo install trunk");
    }
}
