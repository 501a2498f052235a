//! Chromium and its driver: for the tests in the browser, the journeys and the screenshots.
//!
//! Finds what CHROME and CHROMEDRIVER name, then what is on PATH, then asks Debian for both. Starts no browser.

use super::{Found, Site, apt, named_or};
use crate::{
    failure::{Failure, Result},
    paths,
};
use std::env;

const BROWSERS: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

pub(super) fn find() -> Option<Found> {
    let browser = named_or("CHROME", || BROWSERS.iter().find_map(paths::on_path))?;
    let driver = named_or("CHROMEDRIVER", || paths::on_path("chromedriver"))?;
    Some(Found {
        name: "Chromium with its driver".into(),
        variables: vec![("CHROME", browser.into()), ("CHROMEDRIVER", driver.into())],
        ..Found::default()
    })
}

pub(super) fn fetch(site: &Site) -> Result<Found> {
    let remedy = "install Chromium or Chrome and the chromedriver of the same version, and put both on PATH, \
                  or name them in the variables CHROME and CHROMEDRIVER. `cargo xtask test --native` needs neither.";
    for variable in ["CHROME", "CHROMEDRIVER"] {
        if let Some(value) = env::var_os(variable).filter(|_| named_or(variable, || None).is_none()) {
            return Err(Failure::new(format!("{variable} names {}, which is not a program.", value.display())).remedy(remedy));
        }
    }
    apt::install(site, &["chromium", "chromium-driver"], "The page is tested in a real browser, and none is here")
        .map_err(|failure| failure.remedy(remedy))?;
    find().ok_or_else(|| Failure::new("Chromium was installed, and still is not found.").remedy(remedy))
}
