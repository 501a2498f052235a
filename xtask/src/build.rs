//! The verb `build`: the page as it is published, in dist/, and whether it is still small enough.
//!
//! Compiling, joining and shrinking are Trunk's work; what a published page needs beside that (service worker, headers,
//! integrity, one file for all) is in `publish.mjs`; the table and the budgets are in `sizes`.

use crate::{
    cli::Args,
    failure::{Failure, Result},
    paths, process,
    setup::{self, Need, Workshop},
    sizes,
    steps::clock,
    trunk::{self, Flavour},
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// What it takes to build for publishing.
pub(crate) const NEEDS: [Need; 4] = [Need::WasmTarget, Need::Trunk, Need::WasmBindgen, Need::NodePackages];

/// `build [--single-file]`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let single = args.flag("--single-file");
    args.finish()?;
    let workshop = setup::prepare(&NEEDS, false)?;
    let dist = release(&workshop)?;
    if single {
        single_file(&workshop, &dist)?;
    }
    sizes::report(&workshop, &dist)
}

/// Builds for publishing and says where.
pub(crate) fn release(workshop: &Workshop) -> Result<PathBuf> {
    let dist = paths::root().join("dist");
    page(workshop, Flavour::Release, &dist)?;
    let mut cargo = workshop.command("cargo");
    cargo.args(["run", "--quiet", "--package", "statefulset-engine", "--example", "lesson_pages", "--"]).arg(dist.join("course"));
    process::run(&mut cargo, "The course could not be rendered as plain pages.")?;
    let mut node = workshop.command("node");
    node.arg(script()).arg(&dist);
    process::run(&mut node, "The page was built, but could not be made ready for publishing.")?;
    Ok(dist)
}

/// Puts all of a built page into one file, for hosts that take nothing else.
fn single_file(workshop: &Workshop, dist: &Path) -> Result<()> {
    let folder = paths::root().join("target/single-file");
    fs::create_dir_all(&folder).map_err(|error| Failure::new(format!("{} cannot be made: {error}.", folder.display())))?;
    let mut node = workshop.command("node");
    node.arg(script()).arg("--single").arg(dist).arg(folder.join("statefulset-sandbox.html"));
    process::run(&mut node, "The page could not be put into one file.")
}

/// What makes a built page ready for publishing. Node's, because it has hashes and compression built in.
fn script() -> PathBuf {
    paths::root().join("xtask/src/publish.mjs")
}

/// Builds the page into a folder.
pub(crate) fn page(workshop: &Workshop, flavour: Flavour, dist: &Path) -> Result<()> {
    let start = Instant::now();
    let how = match flavour {
        Flavour::Development => "quickly, for looking at",
        Flavour::Release => "for size, then shrinking it with wasm-opt",
    };
    println!("Building the page, {how}.");
    process::run(&mut trunk::command(workshop, "build", flavour, dist), "The page could not be built; the reason is above.")?;
    println!("Built after {}.", clock(start.elapsed()));
    Ok(())
}
