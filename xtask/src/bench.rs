//! The verb `bench`: how fast the engine is, natively, with the ordinary release profile.
//!
//! The benchmarks are the engine's (engine/benches/); this only runs them.

use crate::{
    cli::Args,
    failure::{Failure, Result},
    paths, process,
};
use std::fs;

/// `bench [filter…]`.
pub(crate) fn run(args: Args) -> Result<()> {
    let filters = args.words()?;
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
