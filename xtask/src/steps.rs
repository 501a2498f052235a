//! What a chore tells while it works: one line when a step starts, saying why, and one when it is done, saying how long it took.
//!
//! Only prints. Elapsed time is the wall's, because a person is waiting.

use crate::failure::Result;
use std::time::{Duration, Instant};

/// Runs a step that takes a while, with a line before and after.
pub(crate) fn step<T>(what: &str, why: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("  → {what}");
    println!("      {why}");
    let start = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "done in" } else { "failed after" };
    println!("      {outcome} {}", clock(start.elapsed()));
    result
}

/// A duration as a person reads it: `0.3 s`, `41 s`, `2 min 05 s`.
pub(crate) fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", elapsed.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(clock(Duration::from_millis(340)), "0.3 s");
        assert_eq!(clock(Duration::from_secs(41)), "41 s");
        assert_eq!(clock(Duration::from_secs(125)), "2 min 05 s");
    }
}
