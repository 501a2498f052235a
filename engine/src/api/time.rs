//! Virtual time and its written form. It must not know a wall clock: all times are milliseconds since the start of a
//! run, and an [`Epoch`] says which date that start bears.

/// Milliseconds of virtual time since the start of the run.
pub type Ms = u64;

/// The date at which virtual time begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub unix_seconds: i64,
    /// Milliseconds beyond those seconds, below 1,000.
    pub millis: u16,
}

impl Default for Epoch {
    /// 2026-01-01T00:00:00Z.
    fn default() -> Self {
        Self { unix_seconds: 1_767_225_600, millis: 0 }
    }
}

impl Epoch {
    /// Reads an RFC 3339 date in UTC such as `2026-01-01T00:00:00Z`, to the millisecond; `None` where it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let mut date = date.splitn(3, '-').map(str::parse::<i64>);
        let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
        let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let millis = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
        let mut time = time.splitn(3, ':').map(str::parse::<i64>);
        let (hour, minute, second) = (time.next()?.ok()?, time.next()?.ok()?, time.next()?.ok()?);
        let valid = (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second);
        (valid && (1970..=9999).contains(&year))
            .then(|| Self { unix_seconds: days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second, millis })
    }

    /// The instant as the API writes it: `2026-01-01T00:00:07Z`.
    pub fn rfc3339(self, at: Ms) -> String {
        let (year, month, day, hour, minute, second) = self.civil(at);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// The instant as `kubectl describe` writes it: `Thu, 01 Jan 2026 00:00:07 +0000`.
    pub fn rfc1123(self, at: Ms) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let (year, month, day, hour, minute, second) = self.civil(at);
        let weekday = DAYS[(self.unix_seconds_at(at).div_euclid(86_400)).rem_euclid(7) as usize];
        format!("{weekday}, {day:02} {} {year:04} {hour:02}:{minute:02}:{second:02} +0000", MONTHS[month as usize - 1])
    }

    /// The virtual time of a written date; 0 for one before the epoch, `None` where it is no date.
    pub fn ms(self, rfc3339: &str) -> Option<Ms> {
        let written = Self::parse(rfc3339)?;
        let whole = u64::try_from(written.unix_seconds - self.unix_seconds).unwrap_or(0).saturating_mul(1000);
        Some((whole + u64::from(written.millis)).saturating_sub(self.millis.into()))
    }

    /// The instant in whole seconds since 1970, as a date in the API holds it.
    pub fn unix_seconds_at(self, at: Ms) -> i64 {
        self.unix_seconds + i64::try_from((at + u64::from(self.millis)) / 1000).unwrap_or(i64::MAX / 2)
    }

    /// The virtual time of the date that is written for an instant: dates have no fractions of a second.
    pub fn written_ms(self, at: Ms) -> Ms {
        let millis = u64::from(self.millis);
        ((at + millis) / 1000 * 1000).saturating_sub(millis)
    }

    fn civil(self, at: Ms) -> (i64, i64, i64, i64, i64, i64) {
        let total = self.unix_seconds_at(at);
        let (year, month, day) = civil_from_days(total.div_euclid(86_400));
        let rest = total.rem_euclid(86_400);
        (year, month, day, rest / 3_600, rest / 60 % 60, rest % 60)
    }
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_round_trip() {
        let epoch = Epoch::default();
        assert_eq!(epoch.rfc3339(7_999), "2026-01-01T00:00:07Z");
        assert_eq!(epoch.rfc1123(7_999), "Thu, 01 Jan 2026 00:00:07 +0000");
        for text in ["2024-02-29T23:59:59Z", "1999-12-31T00:00:00Z", "2100-03-01T12:30:01Z"] {
            let parsed = Epoch::parse(text).expect("a date");
            assert_eq!(parsed.rfc3339(0), text);
        }
        assert_eq!(epoch.ms("2026-01-01T00:01:00Z"), Some(60_000));
        let late = Epoch::parse("2026-01-01T00:00:00.75Z").expect("a date");
        assert_eq!((late.rfc3339(249), late.rfc3339(250)), ("2026-01-01T00:00:00Z".to_owned(), "2026-01-01T00:00:01Z".to_owned()));
        assert_eq!((late.ms("2026-01-01T00:00:02Z"), late.written_ms(1_300)), (Some(1_250), 1_250));
        assert_eq!(Epoch::parse("yesterday"), None);
        assert_eq!(Epoch::parse("2026-13-01T00:00:00Z"), None);
        assert_eq!(Epoch::parse("2026-11-21T05:01:09Z").map(|date| date.rfc1123(0)).as_deref(), Some("Sat, 21 Nov 2026 05:01:09 +0000"));
    }
}
