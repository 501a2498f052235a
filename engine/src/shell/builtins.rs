//! What only a shell itself can do: `cd`, `export`, `exit`, `read`, … It must not know the grammar.

use crate::process::Context;

use super::files;
use super::programs::Call;
use super::state::{Flow, Shell};

/// Does what a shell does itself; `None` where the word names a program.
pub(super) fn run(call: &Call, shell: &mut Shell, context: &mut Context<'_>) -> Option<i32> {
    let name = call.words.first()?.as_str();
    let arguments = &call.words[1..];
    let number = |default: u32| arguments.first().and_then(|text| text.parse().ok()).unwrap_or(default);
    Some(match name {
        ":" => 0,
        "cd" => cd(arguments, shell, context),
        "export" | "declare" | "readonly" | "local" => {
            for argument in arguments.iter().filter(|argument| !argument.starts_with('-')) {
                match argument.split_once('=') {
                    Some((name, value)) => shell.export(name, value),
                    None => {
                        let value = shell.get(argument).unwrap_or_default();
                        shell.export(argument, value);
                    }
                }
            }
            0
        }
        "unset" => {
            for argument in arguments {
                shell.variables.remove(argument);
            }
            0
        }
        "set" => set(arguments, shell, context),
        "shift" => {
            let count = (number(1) as usize).min(shell.positional.len().saturating_sub(1));
            shell.positional.drain(1..=count);
            0
        }
        "break" => {
            shell.flow = Some(Flow::Break(number(1).max(1)));
            0
        }
        "continue" => {
            shell.flow = Some(Flow::Continue(number(1).max(1)));
            0
        }
        "exit" | "logout" | "return" => {
            let status = match arguments.first() {
                None => shell.status,
                Some(text) => match text.parse::<i64>() {
                    Ok(status) => (status & 0xff) as i32,
                    Err(_) => {
                        shell.complain(context.streams, &format!("{name}: {text}: numeric argument required"));
                        2
                    }
                },
            };
            shell.flow = Some(Flow::Exit);
            if name == "exit" && shell.tty && shell.name == "bash" && shell.pod().is_some() {
                context.streams.error("exit");
            }
            status
        }
        "pwd" => {
            context.streams.line(&shell.folder);
            0
        }
        "alias" => {
            if arguments.is_empty() && shell.pod().is_none() {
                context.streams.line("alias k='kubectl'");
                0
            } else {
                context.streams.error("sandbox: this shell has one alias, `k` for kubectl, and takes no others");
                1
            }
        }
        "eval" | "source" | "." | "trap" | "exec" | "jobs" | "fg" | "bg" | "wait" | "ulimit" | "umask" | "getopts" | "let" | "shopt"
        | "pushd" | "popd" | "disown" => {
            context.streams.error(&format!("sandbox: a real shell has `{name}`; this small one does not"));
            2
        }
        _ => return None,
    })
}

fn cd(arguments: &[String], shell: &mut Shell, context: &mut Context<'_>) -> i32 {
    if shell.pod().is_none() {
        if arguments.first().is_none_or(|target| matches!(target.as_str(), "." | "~" | "/" | "-")) {
            return 0;
        }
        context.streams.error("sandbox: the terminal has one folder, with the files of the editor; `ls` lists them");
        return 1;
    }
    let target = arguments.first().map_or("/root", String::as_str);
    let path = files::resolve(shell, target);
    match files::kind(shell, context, &path) {
        Some(files::Kind::Folder) => {
            shell.folder = path;
            0
        }
        Some(files::Kind::File) => {
            shell.complain(context.streams, &format!("cd: {target}: Not a directory"));
            1
        }
        None => {
            shell.complain(context.streams, &format!("cd: {target}: No such file or directory"));
            1
        }
    }
}

fn set(arguments: &[String], shell: &mut Shell, context: &mut Context<'_>) -> i32 {
    for (index, argument) in arguments.iter().enumerate() {
        match argument.as_str() {
            "-e" | "-ex" | "-eu" | "-euo" | "-eux" => shell.ends_on_error = true,
            "+e" => shell.ends_on_error = false,
            "-x" | "-u" | "+x" | "+u" | "-o" | "pipefail" | "errexit" => {}
            "--" => {
                shell.positional.truncate(1);
                shell.positional.extend_from_slice(&arguments[index + 1..]);
                return 0;
            }
            _ => {
                context.streams.error(&format!("sandbox: this shell knows `set -e` and `set -- WORDS`, not `set {argument}`"));
                return 2;
            }
        }
    }
    0
}
