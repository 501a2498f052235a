//! The verb `build`: the page as it is published, in dist/, and whether it is still small enough.
//!
//! Compiling, joining and shrinking are Trunk's work; the table and the budgets are in `sizes`.

use crate::{
    cli::Args,
    failure::Result,
    paths, process,
    setup::{self, Need, Workshop},
    sizes,
    steps::clock,
    trunk::{self, Flavour},
};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

/// What it takes to build for publishing.
pub(crate) const NEEDS: [Need; 4] = [Need::WasmTarget, Need::Trunk, Need::WasmBindgen, Need::NodePackages];

/// `build`.
pub(crate) fn run(args: Args) -> Result<()> {
    args.finish()?;
    let workshop = setup::prepare(&NEEDS, false)?;
    let dist = release(&workshop)?;
    sizes::report(&workshop, &dist)
}

/// Builds for publishing and says where.
pub(crate) fn release(workshop: &Workshop) -> Result<PathBuf> {
    let dist = paths::root().join("dist");
    page(workshop, Flavour::Release, &dist)?;
    Ok(dist)
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
