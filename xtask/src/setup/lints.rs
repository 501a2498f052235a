//! rustfmt and clippy, which a small installation of Rust leaves out.

use super::{Found, Site};
use crate::{
    failure::{Failure, Result},
    process,
    steps::step,
};

pub(super) fn find() -> Option<Found> {
    ["fmt", "clippy"]
        .iter()
        .all(|subcommand| process::answer(process::command("cargo").args([subcommand, "--version"])).is_some())
        .then(|| Found::named("rustfmt and clippy"))
}

pub(super) fn fetch(site: &Site) -> Result<Found> {
    let remedy = "install both with rustup (`rustup component add rustfmt clippy`), or from where this Rust comes from.";
    step("rustup component add rustfmt clippy", "They check the form of the code, and this Rust came without them.", || {
        process::logged(process::command("rustup").args(["component", "add", "rustfmt", "clippy"]), &site.log("rustup"), site.verbose)
            .map_err(|failure| failure.remedy(remedy))
    })?;
    find().ok_or_else(|| Failure::new("rustfmt and clippy were added, and still are not found.").remedy(remedy))
}
