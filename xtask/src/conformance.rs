//! The verb `conformance`: compares the engine with recordings of a real control plane, and shows where it differs.
//!
//! The comparison is the engine's own test (engine/tests/conformance); this only runs it, natively and with more words.

use crate::{cli::Args, failure::Result, process};

/// `conformance [recording…]`.
pub(crate) fn run(args: Args) -> Result<()> {
    let recordings = args.words()?;
    if recordings.is_empty() {
        let mut decisions = process::command("cargo");
        decisions.args(["test", "--quiet", "--release", "--package", "statefulset-engine", "--test", "decisions"]);
        process::run(&mut decisions, "A decision differs from the real control function's; the first ones are above.")?;
    }
    let mut replays = process::command("cargo");
    replays.args(["test", "--quiet", "--release", "--package", "statefulset-engine", "--test", "conformance", "--"]).args(recordings);
    replays.env("CONFORMANCE_VERBOSE", "1");
    process::run(&mut replays, "A recording differs that is not known to; its first differences are above.")
}
