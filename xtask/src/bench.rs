//! The verb `bench`: how fast the engine is, natively, with the ordinary release profile; with `--page`, what a frame of the
//! page costs; with `--soak`, whether the engine holds.
//!
//! The benchmarks are the engine's (engine/benches/) and the page's (tests/journeys/frames.mjs), the random runs the engine's
//! (engine/tests/random_runs.rs); this only runs them.

use crate::{
    build,
    cli::Args,
    failure::{Failure, Result},
    paths, process,
    setup::{self, Need},
    trunk::Flavour,
};
use std::fs;

/// Random runs of a soak where nothing else is asked for.
const SOAK_RUNS: &str = "100000";

/// `bench [--page] [filter…]`, `bench --soak [--runs N] [--first SEED] [--seconds N]`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    if args.flag("--soak") {
        return soak(args);
    }
    let page = args.flag("--page");
    let filters = args.words()?;
    if page { frames(filters) } else { engine(filters) }
}

/// The page as it is published, in the browser.
fn frames(filters: Vec<String>) -> Result<()> {
    let workshop = setup::prepare(&Need::USUAL, false)?;
    let page = paths::root().join("target/bench-page");
    build::page(&workshop, Flavour::Release, &page)?;
    let mut node = workshop.command("node");
    node.arg(paths::root().join("tests/journeys/frames.mjs")).args(filters).env("PAGE_FOLDER", &page);
    process::run(&mut node, "The page is slower than it promises, or could not be measured; the figures or the reason are above.")
}

fn engine(filters: Vec<String>) -> Result<()> {
    let folder = paths::root().join("engine/benches");
    let any = fs::read_dir(&folder)
        .is_ok_and(|mut files| files.any(|file| file.is_ok_and(|file| file.path().extension().is_some_and(|ending| ending == "rs"))));
    if !any {
        return Err(Failure::new("There are no benchmarks yet.").remedy("add one to engine/benches/, with `harness = false`."));
    }
    let mut cargo = process::command("cargo");
    cargo.args(["bench", "--package", "statefulset-engine", "--bench", "*", "--"]).args(filters);
    process::run(&mut cargo, "A benchmark failed; its own words are above.")
}

/// Random runs with every invariant checked after every event.
fn soak(mut args: Args) -> Result<()> {
    let runs = args.value("--runs")?.unwrap_or_else(|| SOAK_RUNS.to_owned());
    let (first, seconds) = (args.value("--first")?, args.value("--seconds")?);
    args.finish()?;
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--release", "--package", "statefulset-engine", "--test", "random_runs"]);
    cargo.args(["--", "--nocapture", "every_invariant"]);
    cargo.env("RANDOM_RUNS", runs);
    for (name, value) in [("RANDOM_SEED", first), ("RANDOM_SECONDS", seconds)] {
        if let Some(value) = value {
            cargo.env(name, value);
        }
    }
    process::run(&mut cargo, "An invariant does not hold; the seed and the acts that it takes are above.")
}
