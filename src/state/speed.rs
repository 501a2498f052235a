//! How fast virtual time goes by beside real time.
//! It must not know where real time comes from.

use statefulset_engine::api::time::Ms;

/// A pace: so many quarters of a virtual second a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed {
    quarters: u32,
}

/// The paces to choose from.
pub const SPEEDS: &[Speed] = &[
    Speed { quarters: 1 },
    Speed { quarters: 2 },
    Speed { quarters: 4 },
    Speed { quarters: 8 },
    Speed { quarters: 16 },
    Speed { quarters: 32 },
    Speed { quarters: 64 },
    Speed { quarters: 128 },
    Speed { quarters: 256 },
];

impl Default for Speed {
    /// As fast as the cluster would be.
    fn default() -> Self {
        Self { quarters: 4 }
    }
}

impl Speed {
    /// The pace as a person reads it: `0.25`, `1`, `64`.
    pub fn label(self) -> String {
        match self.quarters {
            1 => "0.25".into(),
            2 => "0.5".into(),
            quarters => (quarters / 4).to_string(),
        }
    }

    /// How long a change of what is drawn takes, in milliseconds: slow time has slow motion, and motion does not outlast what
    /// it shows.
    pub fn tempo_ms(self) -> u32 {
        match self.quarters {
            quarters @ 0..4 => 960 / quarters.max(1),
            4..16 => 240,
            16..64 => 120,
            _ => 60,
        }
    }

    /// The pace of a label; `None` for one that cannot be chosen.
    pub fn of_label(label: &str) -> Option<Self> {
        SPEEDS.iter().copied().find(|speed| speed.label() == label)
    }
}

/// Turns real time into virtual time without losing the fractions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// Quarters of a virtual microsecond that are not a whole millisecond yet.
    rest: u64,
}

/// The longest real time that counts at once: a tab that was hidden for a minute goes on where it stopped.
const ELAPSED_US_MAX: u64 = 250_000;

impl Pace {
    /// The virtual milliseconds that go by in so many real microseconds.
    pub fn advance(&mut self, elapsed_us: u64, speed: Speed) -> Ms {
        let quarters = elapsed_us.min(ELAPSED_US_MAX) * u64::from(speed.quarters) + self.rest;
        self.rest = quarters % 4_000;
        quarters / 4_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_of_a_millisecond_add_up() {
        let mut pace = Pace::default();
        let total: Ms = (0..60).map(|_| pace.advance(16_667, Speed { quarters: 1 })).sum();
        assert_eq!(total, 250);
    }

    #[test]
    fn a_long_absence_counts_little() {
        assert_eq!(Pace::default().advance(3_600_000_000, Speed::default()), 250);
    }

    #[test]
    fn motion_is_slow_where_time_is() {
        let tempo: Vec<u32> = SPEEDS.iter().map(|speed| speed.tempo_ms()).collect();
        assert_eq!(tempo, [960, 480, 240, 240, 120, 120, 60, 60, 60]);
    }

    #[test]
    fn labels_name_their_speeds() {
        for speed in SPEEDS {
            assert_eq!(Speed::of_label(&speed.label()), Some(*speed));
        }
        assert_eq!(Speed::of_label("3"), None);
    }
}
