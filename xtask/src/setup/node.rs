//! The packages of package.json: wasm-opt (binaryen), and what the journeys are driven and judged with.
//!
//! Installs exactly package-lock.json and never changes it.

use super::{Found, Site};
use crate::{
    failure::{Failure, Result},
    paths, process,
    steps::step,
};
use std::{fs, path::PathBuf};

/// The oldest Node.js whose features our scripts use.
const OLDEST_NODE: u32 = 20;

/// A copy of the lock file, left among the packages once they are all there.
fn receipt() -> PathBuf {
    paths::root().join("node_modules/.installed-package-lock.json")
}

pub(super) fn find() -> Result<Option<Found>> {
    let root = paths::root();
    let lock = root.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|error| Failure::new(format!("{} cannot be read: {error}.", lock.display())))?;
    if fs::read(receipt()).is_ok_and(|installed| installed == wanted) {
        check_node()?;
        return Ok(Some(Found::in_folder("npm packages", root.join("node_modules/.bin"))));
    }
    Ok(None)
}

pub(super) fn fetch(site: &Site) -> Result<Found> {
    check_node()?;
    let root = paths::root();
    step("npm ci", "wasm-opt makes the page small, and Playwright and axe drive and judge it in the browser.", || {
        let mut npm = process::command("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
        // Without a network, npm's own patience is minutes.
        npm.args(["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]);
        process::logged(&mut npm, &site.log("npm"), site.verbose)
            .map_err(|failure| failure.remedy("see that npm reaches its registry (`npm ping`), then run this again."))?;
        fs::copy(root.join("package-lock.json"), receipt())
            .map_err(|error| Failure::new(format!("node_modules cannot be written: {error}.")))?;
        Ok(())
    })?;
    Ok(Found::in_folder("npm packages", root.join("node_modules/.bin")))
}

fn check_node() -> Result<()> {
    let remedy = format!("install Node.js {OLDEST_NODE} or newer with npm (Debian: `apt-get install nodejs npm`).");
    let Some(version) = process::answer(process::command("node").arg("--version")) else {
        return Err(Failure::new("Node.js is not installed, or not on PATH. wasm-opt and the journeys run on it.").remedy(remedy));
    };
    match major(&version) {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(Failure::new(format!("This Node.js is {version}, which is too old for the journeys.")).remedy(remedy)),
    }
}

/// The first number of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_major_version_is_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("nonsense"), None);
    }
}
