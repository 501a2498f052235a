//! The few programs a lab uses, and the small shell that joins them. It must not know the page.

use crate::process::{Ended, Process};

/// Starts a command line.
pub fn start(line: &str) -> Box<dyn Process> {
    let _ = line;
    Box::new(Ended(0))
}
