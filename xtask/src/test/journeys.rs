//! Journeys: scripts that use the published page as a person would. Builds the page, then lets Node serve and visit it.
//!
//! What a journey may do and what counts as trouble is in tests/journeys/lib.mjs. In Firefox and WebKit, which are asked for by
//! name, the journeys are fewer, and spoken with by WebDriver (tests/browsers). A page over its budget of bytes counts as
//! a failed test, because a person waits for every one of them.

use super::{counted, tally::Tally};
use crate::{browsers::Browser, build, failure::Result, paths, setup::Workshop, sizes};

pub(super) fn run(workshop: &Workshop, browsers: &[Browser], filters: &[String]) -> Result<Tally> {
    let dist = match build::release(workshop) {
        Ok(dist) => dist,
        Err(failure) => {
            println!("{failure}");
            return Ok(Tally { passed: 0, failed: 1 });
        }
    };
    let mut tally = Tally::default();
    for browser in browsers {
        let mut node = workshop.command("node");
        match browser {
            Browser::Chromium => node.arg(paths::root().join("tests/journeys/run.mjs")),
            other => node.arg(paths::root().join("tests/browsers/run.mjs")).arg(other.name()),
        };
        node.args(filters).env("PAGE_FOLDER", &dist);
        tally += counted(&mut node)?;
    }
    if filters.is_empty() {
        match sizes::report(workshop, &dist) {
            Ok(()) => tally.passed += 1,
            Err(failure) => {
                println!("{failure}");
                tally.failed += 1;
            }
        }
    }
    Ok(tally)
}
