//! How a controller talks to the API server: each call takes a moment, and no more go out than its client allows.
//! It must not know what is called.
//! Follows `client-go/util/flowcontrol/throttle.go`, a token bucket, with the controller manager's defaults
//! (`--kube-api-qps=20`, `--kube-api-burst=30`): each controller has a client, and so a bucket, of its own.

use std::rc::Rc;

use crate::api::time::Ms;

/// From a call going out to its effect, as recorded.
pub const CALL_MS: Ms = 3;
/// The same for a graceful deletion, which the API server reads and writes more than once.
pub const DELETE_MS: Ms = 8;

/// The bucket of one client.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// When the bucket will be full again.
    full_ms: Ms,
    /// How many of the others' calls have been counted.
    others: usize,
}

/// What a client may do.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientSettings {
    /// Calls a second after a burst; 0: as many as it likes.
    pub qps: u32,
    /// Calls that may go out at once after a rest.
    pub burst: u32,
    /// When calls go out that this cluster does not show: those of other users of a shared control plane. Ascending.
    pub others_ms: Rc<[Ms]>,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self { qps: 20, burst: 30, others_ms: Rc::default() }
    }
}

impl Client {
    /// When a call may go out that is asked for now.
    pub fn grant(&mut self, settings: &ClientSettings, now: Ms) -> Ms {
        let Some(refill_ms) = 1_000_u64.checked_div(settings.qps.into()) else { return now };
        while let Some(at_ms) = settings.others_ms.get(self.others).filter(|at_ms| **at_ms <= now) {
            self.full_ms = self.full_ms.max(*at_ms) + refill_ms;
            self.others += 1;
        }
        self.full_ms = self.full_ms.max(now) + refill_ms;
        now.max(self.full_ms.saturating_sub(Ms::from(settings.burst.max(1)) * refill_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_out_at_once_and_then_twenty_a_second() {
        let (mut client, settings) = (Client::default(), ClientSettings::default());
        let calls: Vec<Ms> = (0..33).map(|_| client.grant(&settings, 1_000)).collect();
        assert!(calls[..30].iter().all(|at_ms| *at_ms == 1_000));
        assert_eq!(calls[30..], [1_050, 1_100, 1_150]);
        assert_eq!(client.grant(&settings, 10_000), 10_000);
        let unlimited = ClientSettings { qps: 0, ..settings };
        assert_eq!((0..100).map(|_| client.grant(&unlimited, 20_000)).max(), Some(20_000));
    }

    #[test]
    fn the_calls_of_others_count() {
        let mut client = Client::default();
        let settings = ClientSettings { others_ms: [10; 30].into(), ..ClientSettings::default() };
        assert_eq!(client.grant(&settings, 5), 5);
        assert_eq!(client.grant(&settings, 20), 105);
    }
}
