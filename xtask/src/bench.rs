//! The verb `bench`: how fast the engine is, natively, with the ordinary release profile; with `--page`, what a frame of the
//! page costs.
//!
//! The benchmarks are the engine's (engine/benches/) and the page's (tests/journeys/frames.mjs); this only runs them.

use crate::{
    build,
    cli::Args,
    failure::{Failure, Result},
    paths, process,
    setup::{self, Need},
    trunk::Flavour,
};
use std::fs;

/// `bench [--page] [filter…]`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let page = args.flag("--page");
    let filters = args.words()?;
    if page { frames(filters) } else { engine(filters) }
}

/// The page as it is published, in the browser.
fn frames(filters: Vec<String>) -> Result<()> {
    let workshop = setup::prepare(&Need::ALL, false)?;
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
