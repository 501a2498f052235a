//! WebKit as Debian has it: its small browser, the driver, and a screen for it that nobody sees. For those who ask for tests in it.
//!
//! Finds what WEBKIT and WEBKITDRIVER name, then where Debian puts both. Starts no browser.

use super::{Found, Site, apt, named_or};
use crate::{
    failure::{Failure, Result},
    paths,
};
use std::{fs, path::PathBuf};

const DRIVER: &str = "WebKitWebDriver";
const SCREEN: &str = "xvfb-run";
/// xvfb-run calls xauth, which it does not depend on.
const PACKAGES: [&str; 3] = ["webkit2gtk-driver", "xvfb", "xauth"];

/// The browser lies in a folder of its library's, below that of the machine's kind.
fn browser() -> Option<PathBuf> {
    let machines = || {
        fs::read_dir("/usr/lib")
            .ok()?
            .flatten()
            .map(|entry| entry.path().join("webkit2gtk-4.1/MiniBrowser"))
            .find(|path| paths::is_executable(path))
    };
    named_or("WEBKIT", machines)
}

pub(super) fn find() -> Option<Found> {
    let (browser, driver) = (browser()?, named_or("WEBKITDRIVER", || paths::on_path(DRIVER))?);
    paths::on_path(SCREEN)?;
    paths::on_path("xauth")?;
    Some(Found {
        name: "WebKit with its driver".into(),
        variables: vec![("WEBKIT", browser.into()), ("WEBKITDRIVER", driver.into())],
        ..Found::default()
    })
}

pub(super) fn fetch(site: &Site) -> Result<Found> {
    let remedy = "install WebKitGTK's MiniBrowser and WebKitWebDriver, and xvfb-run, or leave WebKit out (`--browser firefox`).";
    apt::install(site, &PACKAGES, "Tests in WebKit were asked for, and none is here").map_err(|failure| failure.remedy(remedy))?;
    find().ok_or_else(|| Failure::new("WebKit was installed, and still is not found.").remedy(remedy))
}
