//! Firefox and geckodriver, its driver: for those who ask for tests in it.
//!
//! Finds what FIREFOX and GECKODRIVER name, then what is on PATH; asks Debian for the browser and Cargo for the driver, which
//! Debian does not have. Starts no browser.

use super::{Found, Site, apt, cargo_tool, named_or};
use crate::{
    failure::{Failure, Result},
    paths,
};
use std::path::PathBuf;

const BROWSERS: [&str; 2] = ["firefox-esr", "firefox"];
const DRIVER: &str = "geckodriver";

fn browser() -> Option<PathBuf> {
    named_or("FIREFOX", || BROWSERS.iter().find_map(paths::on_path))
}

/// The driver on PATH, or the one that was installed here.
fn driver(site: &Site) -> Option<PathBuf> {
    named_or("GECKODRIVER", || {
        let ours = || cargo_tool::find(&cargo_tool::geckodriver(), site)?.path.first().map(|folder| folder.join(DRIVER));
        paths::on_path(DRIVER).or_else(ours)
    })
}

pub(super) fn find(site: &Site) -> Option<Found> {
    let (browser, driver) = (browser()?, driver(site)?);
    Some(Found {
        name: "Firefox with its driver".into(),
        variables: vec![("FIREFOX", browser.into()), ("GECKODRIVER", driver.into())],
        ..Found::default()
    })
}

pub(super) fn fetch(site: &Site) -> Result<Found> {
    let remedy = "install Firefox and geckodriver and put both on PATH, or name them in the variables FIREFOX and GECKODRIVER.";
    if browser().is_none() {
        apt::install(site, &["firefox-esr"], "Tests in Firefox were asked for, and none is here")
            .map_err(|failure| failure.remedy(remedy))?;
    }
    if driver(site).is_none() {
        cargo_tool::fetch(&cargo_tool::geckodriver(), site).map_err(|failure| failure.remedy(remedy))?;
    }
    find(site).ok_or_else(|| Failure::new("Firefox was installed, and still is not found.").remedy(remedy))
}
