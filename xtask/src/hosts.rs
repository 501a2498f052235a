//! The verb `hosts`: whether the sandbox works in pages that other tools make, in every browser.
//!
//! The hosts are in tests/hosts, a folder each, with what builds and judges them; this only fetches the tools and starts it.

use crate::{
    browsers::Browser,
    build,
    cli::Args,
    failure::Result,
    paths, process,
    setup::{self, Need},
};

/// `hosts [--browser NAME] [host…]`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let browsers = Browser::of_args(&mut args, &Browser::ALL)?;
    let hosts = args.words()?;
    let needs: Vec<Need> =
        build::NEEDS.into_iter().chain([Need::MdBook, Need::Jekyll]).chain(browsers.iter().map(|browser| browser.need())).collect();
    let workshop = setup::prepare(&needs, false)?;
    let dist = build::release(&workshop)?;
    let names: Vec<&str> = browsers.iter().map(|browser| browser.name()).collect();
    let mut node = workshop.command("node");
    node.arg(paths::root().join("tests/hosts/run.mjs")).arg(names.join(",")).args(hosts).env("PAGE_FOLDER", &dist);
    process::run(&mut node, "The sandbox does not work everywhere; the table above says where.")
}
