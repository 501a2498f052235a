//! The verb `check`: formatting, lints and documentation, with every warning an error.
//!
//! Only reads; what it finds is mended by hand, or with the command that it names.

use crate::{
    cli::Args,
    failure::{Failure, Result},
    process,
    setup::{self, Need, Workshop},
    steps::clock,
};
use std::{process::Command, time::Instant};

struct Check {
    name: &'static str,
    remedy: &'static str,
    command: fn(&Workshop) -> Command,
}

const CHECKS: [Check; 4] = [
    Check { name: "formatting", remedy: "cargo fmt --all", command: |workshop| cargo(workshop, "fmt --all --check") },
    Check {
        name: "lints",
        remedy: "cargo clippy --workspace --all-targets --fix",
        command: |workshop| cargo(workshop, "clippy --workspace --all-targets -- -D warnings"),
    },
    Check {
        name: "lints of the page, as compiled for the browser",
        remedy: "cargo clippy --target wasm32-unknown-unknown --all-targets",
        command: |workshop| {
            let mut cargo = workshop.wasm_command("cargo");
            cargo.args("clippy --target wasm32-unknown-unknown --all-targets -- -D warnings".split(' '));
            cargo
        },
    },
    Check {
        name: "documentation",
        remedy: "cargo doc --workspace --no-deps",
        command: |workshop| {
            let mut cargo = cargo(workshop, "doc --workspace --no-deps --document-private-items");
            cargo.env("RUSTDOCFLAGS", "-D warnings");
            cargo
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
        if process::succeeds(&mut (check.command)(&workshop))? {
            println!("Good, after {}.", clock(start.elapsed()));
        } else {
            failed.push(check);
        }
    }
    if failed.is_empty() {
        println!("\nFormatting, lints and documentation are as they should be.");
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
