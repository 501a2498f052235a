//! The verb `test`: every test there is, class by class, and one count over all.
//!
//! Owns the classes and the count. A class that cannot even be built counts as one failed test, so that nothing that did
//! not run is ever taken for passed.

mod journeys;
mod tally;

use crate::{
    browsers::Browser,
    build,
    cli::Args,
    failure::{Failure, Result},
    process,
    setup::{self, Need, Workshop},
    steps::clock,
};
use std::{path::Path, process::Command, time::Instant};
use tally::Tally;

/// A kind of test, by what it runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Ordinary tests of all crates, on this machine.
    Native,
    /// Tests of the page's parts, in a real browser.
    Wasm,
    /// A person's ways through the whole page as it is published, in a real browser.
    Journeys,
}

impl Class {
    const ALL: [Class; 3] = [Class::Native, Class::Wasm, Class::Journeys];

    fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Wasm => "in the browser",
            Self::Journeys => "journeys",
        }
    }

    fn needs(self, browsers: &[Browser]) -> Vec<Need> {
        let browsers = browsers.iter().map(|browser| browser.need());
        match self {
            Self::Native => Vec::new(),
            Self::Wasm => [Need::WasmTarget, Need::WasmBindgen].into_iter().chain(browsers).collect(),
            Self::Journeys => build::NEEDS.into_iter().chain(browsers).collect(),
        }
    }

    fn run(self, workshop: &Workshop, browsers: &[Browser], filters: &[String]) -> Result<Tally> {
        match self {
            Self::Native => native(workshop, filters),
            Self::Wasm => wasm(workshop, browsers, filters),
            Self::Journeys => journeys::run(workshop, browsers, filters),
        }
    }
}

/// `test [--native] [--wasm] [--journeys] [--browser NAME] [filter…]`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let chosen = [args.flag("--native"), args.flag("--wasm"), args.flag("--journeys")];
    let browsers = Browser::of_args(&mut args, &[Browser::Chromium])?;
    let filters = args.words()?;
    let all = !chosen.contains(&true);
    let classes: Vec<Class> = Class::ALL.into_iter().zip(chosen).filter(|(_, chosen)| all || *chosen).map(|(class, _)| class).collect();
    let needs: Vec<Need> = classes.iter().flat_map(|class| class.needs(&browsers)).collect();
    let workshop = setup::prepare(&needs, false)?;

    let mut lines = Vec::new();
    let mut total = Tally::default();
    for class in classes {
        println!("\nTests, {}.", class.name());
        let start = Instant::now();
        let tally = class.run(&workshop, &browsers, &filters)?;
        lines.push(format!("  {:<15} {tally}, {}", class.name(), clock(start.elapsed())));
        total += tally;
    }
    println!("\nIn all:\n{}\n", lines.join("\n"));
    if total.failed > 0 {
        // The count is the last line on either stream, whoever reads it.
        println!("{total}");
        return Err(Failure::silent());
    }
    if total.passed == 0 && !filters.is_empty() {
        return Err(Failure::new("No test has that in its name.").remedy("`cargo xtask test` without a filter runs all."));
    }
    println!("{total}");
    Ok(())
}

fn native(workshop: &Workshop, filters: &[String]) -> Result<Tally> {
    let mut cargo = workshop.command("cargo");
    cargo.args(["test", "--workspace", "--no-fail-fast", "--"]).args(filters);
    counted(&mut cargo)
}

fn wasm(workshop: &Workshop, browsers: &[Browser], filters: &[String]) -> Result<Tally> {
    // The runner takes one filter at a time.
    let rounds: Vec<Option<&String>> = if filters.is_empty() { vec![None] } else { filters.iter().map(Some).collect() };
    let mut tally = Tally::default();
    for browser in browsers {
        println!("\nIn {}:", browser.name());
        for filter in &rounds {
            // What WebKit draws on is a screen that nobody sees.
            let mut cargo = workshop.wasm_command(if *browser == Browser::WebKit { "xvfb-run" } else { "cargo" });
            if *browser == Browser::WebKit {
                cargo.args(["--auto-servernum", "cargo"]);
            }
            cargo.args(["test", "--target", "wasm32-unknown-unknown", "--no-fail-fast", "--"]).args(*filter);
            setup::drive(&mut cargo, workshop, *browser)?;
            // Generous, because a busy machine of two cores starts a browser slowly.
            cargo.env("WASM_BINDGEN_TEST_TIMEOUT", "180").env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
            tally += counted(&mut cargo)?;
        }
    }
    Ok(tally)
}

/// Runs a program that reports as Rust's tests do, and counts. A failure without a failed test is one all the same.
fn counted(command: &mut Command) -> Result<Tally> {
    let mut tally = Tally::default();
    let success = process::teed(command, |line| tally.read(line))?;
    if !success && tally.failed == 0 {
        tally.failed = 1;
        let program = Path::new(command.get_program()).file_name().unwrap_or_default();
        println!("{} failed without naming a test; that counts as one.", program.display());
    }
    Ok(tally)
}
