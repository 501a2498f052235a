//! Kubernetes quantities (`500m`, `1Gi`, `1e3`): parse, compare, and write in canonical form.
//!
//! Owns the arithmetic, on integers only. It must not know which resource a quantity measures.
//! Follows `apimachinery/pkg/api/resource` (`quantity.go`, `suffix.go`, `math.go`) of Kubernetes 1.36.

use std::cmp::Ordering;
use std::fmt;

/// The text of the API server for what is no quantity.
pub const FORMAT_ERROR: &str = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/// Why a text is no quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuantityError;

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FORMAT_ERROR)
    }
}

impl std::error::Error for QuantityError {}

/// In which family of suffixes a quantity was written, which its canonical form keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `Ki`, `Mi`, `Gi`, …
    BinarySi,
    /// `m`, `k`, `M`, … or no suffix.
    DecimalSi,
    /// `e3`.
    DecimalExponent,
}

/// An amount, held in billionths: the API keeps no finer one.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

const NANO: i128 = 1_000_000_000;
/// The largest magnitude that the API keeps: 2^63-1 units.
const NANOS_MAX: i128 = (i64::MAX as i128) * NANO;

impl Quantity {
    /// An amount of whole units.
    pub fn from_units(units: i64, format: Format) -> Self {
        Self { nanos: i128::from(units) * NANO, format }
    }

    /// Reads a quantity as the API server does; a number of a manifest is read as its text.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            Some(_) => (false, text),
            None => return Err(QuantityError),
        };
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(number_end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return Err(QuantityError);
        }
        let (base, exponent, format) = read_suffix(suffix).ok_or(QuantityError)?;

        let mut nanos = scaled(whole, fraction, base, exponent).min(NANOS_MAX);
        if negative {
            nanos = -nanos;
        }
        // Fractions of a binary unit below one are written in the decimal family, since 0.5Ki has no name there.
        Ok(Self { nanos, format })
    }

    /// The sign: -1, 0 or 1.
    pub fn sign(self) -> i32 {
        self.nanos.signum() as i32
    }

    /// Whole units, rounded away from zero as the API's `Value()`.
    pub fn value(self) -> i128 {
        round_up(self.nanos, NANO)
    }

    /// Thousandths, rounded away from zero as the API's `MilliValue()`.
    pub fn milli_value(self) -> i128 {
        round_up(self.nanos, NANO / 1000)
    }

    /// Whether it is a whole number of units.
    pub fn is_whole(self) -> bool {
        self.nanos % NANO == 0
    }

    /// The sum, in this quantity's format (the other's where this is zero).
    pub fn plus(self, other: Self) -> Self {
        let format = if self.nanos == 0 { other.format } else { self.format };
        Self { nanos: self.nanos.saturating_add(other.nanos).clamp(-NANOS_MAX, NANOS_MAX), format }
    }

    /// The difference, in this quantity's format.
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { nanos: -other.nanos, ..other })
    }
}

/// The canonical text of a quantity, or the text as it is where it is none.
pub fn canonical(text: &str) -> String {
    Quantity::parse(text.trim()).map_or_else(|_| text.to_owned(), |quantity| quantity.to_string())
}

/// `number * base^exponent` in billionths, rounded up.
fn scaled(whole: &str, fraction: &str, base: u32, exponent: i32) -> i128 {
    // Digits past these cannot matter: what is larger is capped, what is smaller rounds up to one billionth.
    let whole = whole.trim_start_matches('0');
    if whole.len() > 30 {
        return NANOS_MAX;
    }
    let mut inexact = false;
    let mut mantissa: i128 = whole.parse().unwrap_or(0);
    let mut decimals: i32 = 0;
    for digit in fraction.trim_end_matches('0').bytes() {
        if mantissa > i128::MAX / 100 || decimals > 30 {
            inexact = true;
            break;
        }
        mantissa = mantissa * 10 + i128::from(digit - b'0');
        decimals += 1;
    }
    if mantissa == 0 {
        return i128::from(inexact);
    }
    let mut ten_power = 9 - decimals;
    let mut nanos = mantissa;
    if base == 2 {
        for _ in 0..exponent {
            nanos = match nanos.checked_mul(2) {
                Some(doubled) => doubled,
                // Divide what the decimals will take away anyway, before it overflows.
                None if ten_power < 0 => {
                    ten_power += 1;
                    inexact |= nanos % 10 != 0;
                    (nanos / 10).saturating_mul(2)
                }
                None => return NANOS_MAX,
            };
        }
    } else {
        ten_power += exponent;
    }
    while ten_power > 0 {
        nanos = match nanos.checked_mul(10) {
            Some(more) => more,
            None => return NANOS_MAX,
        };
        ten_power -= 1;
    }
    while ten_power < 0 {
        inexact |= nanos % 10 != 0;
        nanos /= 10;
        ten_power += 1;
        if nanos == 0 {
            break;
        }
    }
    nanos.saturating_add(i128::from(inexact))
}

fn round_up(amount: i128, unit: i128) -> i128 {
    let quotient = amount / unit;
    if amount % unit == 0 { quotient } else { quotient + amount.signum() }
}

fn read_suffix(suffix: &str) -> Option<(u32, i32, Format)> {
    let known = match suffix {
        "" => (10, 0, Format::DecimalSi),
        "n" => (10, -9, Format::DecimalSi),
        "u" => (10, -6, Format::DecimalSi),
        "m" => (10, -3, Format::DecimalSi),
        "k" => (10, 3, Format::DecimalSi),
        "M" => (10, 6, Format::DecimalSi),
        "G" => (10, 9, Format::DecimalSi),
        "T" => (10, 12, Format::DecimalSi),
        "P" => (10, 15, Format::DecimalSi),
        "E" => (10, 18, Format::DecimalSi),
        "Ki" => (2, 10, Format::BinarySi),
        "Mi" => (2, 20, Format::BinarySi),
        "Gi" => (2, 30, Format::BinarySi),
        "Ti" => (2, 40, Format::BinarySi),
        "Pi" => (2, 50, Format::BinarySi),
        "Ei" => (2, 60, Format::BinarySi),
        _ => {
            let digits = suffix.strip_prefix(['e', 'E'])?;
            let (sign, digits) = match digits.as_bytes().first()? {
                b'-' => (-1, &digits[1..]),
                b'+' => (1, &digits[1..]),
                _ => (1, digits),
            };
            if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            (10, sign * digits.parse::<i32>().ok()?, Format::DecimalExponent)
        }
    };
    Some(known)
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let negative = if self.nanos < 0 { "-" } else { "" };
        let nanos = self.nanos.abs();
        if nanos == 0 {
            return f.write_str("0");
        }
        // A binary quantity below 1024, or with a fraction, is written in the decimal family.
        if self.format == Format::BinarySi && nanos >= 1024 * NANO && nanos % NANO == 0 {
            let mut units = nanos / NANO;
            let mut step = 0;
            while units % 1024 == 0 && step < 6 {
                units /= 1024;
                step += 1;
            }
            return write!(f, "{negative}{units}{}", ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][step]);
        }
        let mut amount = nanos;
        let mut exponent: i32 = -9;
        while amount % 1000 == 0 && exponent < 18 {
            amount /= 1000;
            exponent += 3;
        }
        if self.format == Format::DecimalExponent {
            return if exponent == 0 { write!(f, "{negative}{amount}") } else { write!(f, "{negative}{amount}e{exponent}") };
        }
        let names = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
        write!(f, "{negative}{amount}{}", names[((exponent + 9) / 3) as usize])
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_forms() {
        for (text, expected) in [
            ("1000m", "1"),
            ("1024Ki", "1Mi"),
            ("0.5", "500m"),
            ("1.5Gi", "1536Mi"),
            ("0.5Gi", "512Mi"),
            ("0.5Ki", "512"),
            ("100", "100"),
            ("1000", "1k"),
            ("1e3", "1e3"),
            ("12e4", "120e3"),
            ("1E", "1E"),
            ("5000000", "5M"),
            ("-1Gi", "-1Gi"),
            ("+3", "3"),
            ("00.10", "100m"),
            ("1n", "1n"),
            ("0.0000000001", "1n"),
            ("0", "0"),
            ("0Gi", "0"),
            ("128974848", "128974848"),
            (".5", "500m"),
            ("5.", "5"),
            ("1500m", "1500m"),
            ("8Ei", "9223372036854775807"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity() {
        for text in ["", "1gi", "abc", "1 Gi", "1.2.3", "Gi", "1e", "--1", "1mm", ".", "1Gib"] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn amounts_compare_whatever_their_format() {
        let quantity = |text: &str| Quantity::parse(text).expect("a quantity");
        assert_eq!(quantity("1"), quantity("1000m"));
        assert!(quantity("1Gi") > quantity("1G"));
        assert_eq!(quantity("1500m").value(), 2);
        assert_eq!(quantity("0.0001").milli_value(), 1);
        assert_eq!(quantity("1Gi").plus(quantity("1Gi")).to_string(), "2Gi");
        assert_eq!(quantity("1Gi").minus(quantity("512Mi")).to_string(), "512Mi");
    }
}
