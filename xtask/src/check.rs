//! The verb `check`: formatting, lints and documentation, with every warning an error, and whether every script can be read.
//!
//! Only reads; what it finds is mended by hand, or with the command that it names.

use crate::{
    cli::Args,
    failure::{Failure, Result},
    paths, process,
    setup::{self, Need, Workshop},
    steps::clock,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

struct Check {
    name: &'static str,
    remedy: &'static str,
    commands: fn(&Workshop) -> Vec<Command>,
}

const CHECKS: [Check; 5] = [
    Check { name: "formatting", remedy: "cargo fmt --all", commands: |workshop| vec![cargo(workshop, "fmt --all --check")] },
    Check {
        name: "scripts",
        remedy: "node --check FILE",
        commands: |workshop| scripts().iter().map(|script| parse(workshop, script)).collect(),
    },
    Check {
        name: "lints",
        remedy: "cargo clippy --workspace --all-targets --fix",
        commands: |workshop| vec![cargo(workshop, "clippy --workspace --all-targets -- -D warnings")],
    },
    Check {
        name: "lints of the page, as compiled for the browser",
        remedy: "cargo clippy --target wasm32-unknown-unknown --all-targets",
        commands: |workshop| {
            let mut cargo = workshop.wasm_command("cargo");
            cargo.args("clippy --target wasm32-unknown-unknown --all-targets -- -D warnings".split(' '));
            vec![cargo]
        },
    },
    Check {
        name: "documentation",
        remedy: "cargo doc --workspace --no-deps",
        commands: |workshop| {
            let mut cargo = cargo(workshop, "doc --workspace --no-deps --document-private-items");
            cargo.env("RUSTDOCFLAGS", "-D warnings");
            vec![cargo]
        },
    },
];

/// `check`.
pub(crate) fn run(args: Args) -> Result<()> {
    args.finish()?;
    let workshop = setup::prepare(&[Need::Lints, Need::WasmTarget], false)?;
    let mut failed = Vec::new();
    for check in &CHECKS {
        if check.name.contains("browser") && !workshop.wasm_toolchain_has("clippy") {
            println!("\nNot checked: {}, because the toolchain for WebAssembly here has no clippy.", check.name);
            continue;
        }
        println!("\nChecking {}.", check.name);
        let start = Instant::now();
        let mut good = true;
        for mut command in (check.commands)(&workshop) {
            good &= process::succeeds(&mut command)?;
        }
        if good {
            println!("Good, after {}.", clock(start.elapsed()));
        } else {
            failed.push(check);
        }
    }
    if failed.is_empty() {
        println!("\nFormatting, scripts, lints and documentation are as they should be.");
        return Ok(());
    }
    let names: Vec<&str> = failed.iter().map(|check| check.name).collect();
    let remedies: Vec<String> = failed.iter().map(|check| format!("`{}`", check.remedy)).collect();
    Err(Failure::new(format!("Not as it should be: {}. The details are above.", names.join("; ")))
        .remedy(format!("these help: {}.", remedies.join(", "))))
}

fn cargo(workshop: &Workshop, line: &str) -> Command {
    let mut cargo = workshop.command("cargo");
    cargo.args(line.split(' '));
    cargo
}

/// Reads a script, and runs nothing of it.
fn parse(workshop: &Workshop, script: &Path) -> Command {
    let mut node = workshop.command("node");
    node.arg("--check").arg(script);
    node
}

/// The project's own scripts.
fn scripts() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["static", "tests", "xtask"].iter().map(|folder| paths::root().join(folder)).collect();
    while let Some(folder) = folders.pop() {
        // A folder that cannot be read has nothing that could be run either.
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "js" || end == "mjs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_of_the_project_is_read() {
        let scripts = scripts();
        for name in ["static/boot.js", "tests/browsers/run.mjs", "tests/hosts/run.mjs", "tests/journeys/lib.mjs", "xtask/src/publish.mjs"] {
            assert!(scripts.contains(&paths::root().join(name)), "{name} is not among them");
        }
        assert!(scripts.iter().all(|script| !script.to_string_lossy().contains("node_modules")));
    }

    #[test]
    fn a_script_that_cannot_be_read_is_found() {
        let script = std::env::temp_dir().join(format!("statefulset-sandbox-{}.mjs", std::process::id()));
        for (text, good) in [("export const one = 1;\n", true), ("export const one = ;\n", false)] {
            fs::write(&script, text).expect("a file for a moment");
            let mut node = parse(&Workshop::default(), &script);
            let read = node.stderr(std::process::Stdio::null()).status().expect("node is there");
            assert_eq!(read.success(), good, "{text}");
        }
        fs::remove_file(&script).expect("it was there");
    }
}
