//! The verb `screenshots`: the page as it looks at three widths, light and dark, in target/screenshots/.
//!
//! What is photographed is in tests/journeys/screenshots.mjs.

use crate::{
    build,
    cli::Args,
    failure::Result,
    paths, process,
    setup::{self, Need},
    trunk::Flavour,
};

/// `screenshots [scene…]`.
pub(crate) fn run(args: Args) -> Result<()> {
    let scenes = args.words()?;
    let workshop = setup::prepare(&Need::USUAL, false)?;
    let page = paths::root().join("target/page");
    build::page(&workshop, Flavour::Development, &page)?;
    let mut node = workshop.command("node");
    node.arg(paths::root().join("tests/journeys/screenshots.mjs")).args(scenes).env("PAGE_FOLDER", &page);
    process::run(&mut node, "The page could not be photographed; the reason is above.")
}
