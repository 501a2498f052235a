//! What a plain scalar means: YAML 1.1 as Kubernetes reads it, so `yes` is true, `0644` is 420 and `1_000` is 1000.
//! Follows go-yaml v2 (`resolve.go`), which sigs.k8s.io/yaml uses. It must not know places in the text.

use serde_json::{Number, Value};

/// What the text of a scalar without quotes resolves to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Resolved {
    /// A JSON value.
    Value(Value),
    /// Infinity or not-a-number: YAML has it, JSON has not.
    NotJson(f64),
}

const TRUE: [&str; 11] = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
const FALSE: [&str; 11] = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
const NULL: [&str; 5] = ["", "~", "null", "Null", "NULL"];

/// Resolves a plain scalar.
pub(crate) fn resolve(text: &str) -> Resolved {
    if NULL.contains(&text) {
        return Resolved::Value(Value::Null);
    }
    if TRUE.contains(&text) {
        return Resolved::Value(Value::Bool(true));
    }
    if FALSE.contains(&text) {
        return Resolved::Value(Value::Bool(false));
    }
    match text {
        ".nan" | ".NaN" | ".NAN" => return Resolved::NotJson(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Resolved::NotJson(f64::INFINITY);
        }
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::NotJson(f64::NEG_INFINITY),
        _ => {}
    }
    let resolved = match text.as_bytes().first() {
        Some(b'.') => float(text),
        Some(b'+' | b'-' | b'0'..=b'9') if !is_timestamp(text) => {
            let plain = text.replace('_', "");
            integer(&plain).or_else(|| float(&plain))
        }
        _ => None,
    };
    resolved.unwrap_or_else(|| Resolved::Value(Value::String(text.to_owned())))
}

/// A text as a scalar that reads as this text: without quotes where it can be.
#[must_use]
pub fn scalar_text(text: &str) -> String {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':'));
    let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'/');
    let ambiguous = text.ends_with(':') || resolve(text) != Resolved::Value(Value::String(text.to_owned()));
    if plain && begins && !ambiguous { text.to_owned() } else { Value::String(text.to_owned()).to_string() }
}

/// A whole number as Go's `ParseInt(s, 0, 64)` and `ParseUint(s, 0, 64)` read it: decimal, `0x`, `0b`, `0o`, or octal
/// after a plain `0`.
fn integer(plain: &str) -> Option<Resolved> {
    let (negative, digits) = match plain.as_bytes().first()? {
        b'-' => (true, &plain[1..]),
        b'+' => (false, &plain[1..]),
        _ => (false, plain),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = if let Some(body) = lower.strip_prefix("0x") {
        (16, body)
    } else if let Some(body) = lower.strip_prefix("0b") {
        (2, body)
    } else if let Some(body) = lower.strip_prefix("0o") {
        (8, body)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, &lower[1..])
    } else {
        (10, lower.as_str())
    };
    if body.is_empty() || !body.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(body, radix).ok()?;
    let number = if negative {
        Number::from(0i64.checked_sub_unsigned(magnitude)?)
    } else if plain.starts_with('+') && i64::try_from(magnitude).is_err() {
        return None;
    } else {
        Number::from(magnitude)
    };
    Some(Resolved::Value(Value::Number(number)))
}

/// A decimal fraction by go-yaml's pattern `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn float(plain: &str) -> Option<Resolved> {
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(unsigned);
    let mut rest = &unsigned[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let count = digits(fraction);
        if whole == 0 && count == 0 {
            return None;
        }
        rest = &fraction[count..];
    } else if whole == 0 {
        return None;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if exponent.is_empty() || digits(exponent) != exponent.len() {
            return None;
        }
    } else if !rest.is_empty() {
        return None;
    }
    // As JSON, whose reader is here anyway: the standard library's brings tables of ten kilobytes. It fails on numbers that are
    // too large, as Go's ParseFloat does, and the text stays a string.
    let sign = if plain.starts_with('-') { "-" } else { "" };
    let (mantissa, exponent) = unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let value: f64 = serde_json::from_str(&format!("{sign}{:0>1}.{fraction:0<1}{exponent}", whole.trim_start_matches('0'))).ok()?;
    Some(Resolved::Value(number(value)))
}

/// A float as Go's JSON encoder writes it: whole numbers below 1e21 have no fraction, so they read back as integers.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 {
        let text = format!("{value:.0}");
        if let Ok(whole) = text.parse::<i64>() {
            return Value::Number(whole.into());
        }
        if let Ok(whole) = text.parse::<u64>() {
            return Value::Number(whole.into());
        }
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// Dates stay strings in Kubernetes; go-yaml tells them from numbers by their form.
fn is_timestamp(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text.as_bytes().get(4) == Some(&b'-')
}

/// The Go name of what a plain text resolves to, for go-yaml's "cannot decode" texts.
pub(crate) fn short_tag(resolved: &Resolved) -> &'static str {
    match resolved {
        Resolved::NotJson(_) => "!!float",
        Resolved::Value(value) => match value {
            Value::Null => "!!null",
            Value::Bool(_) => "!!bool",
            Value::Number(number) if number.is_f64() => "!!float",
            Value::Number(_) => "!!int",
            _ => "!!str",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_scalars_read_as_yaml_1_1() {
        let table = [
            ("yes", json!(true)),
            ("y", json!(true)),
            ("n", json!(false)),
            ("off", json!(false)),
            ("yEs", json!("yEs")),
            ("~", json!(null)),
            ("NULL", json!(null)),
            ("0644", json!(420)),
            ("0o644", json!(420)),
            ("0x1F", json!(31)),
            ("-0b11", json!(-3)),
            ("1_000", json!(1000)),
            ("1:20", json!("1:20")),
            ("08", json!(8)),
            ("1.5", json!(1.5)),
            ("2.0", json!(2)),
            ("1e3", json!(1000)),
            (".5", json!(0.5)),
            (".", json!(".")),
            ("1.2.3", json!("1.2.3")),
            ("+12", json!(12)),
            ("-", json!("-")),
            ("-1", json!(-1)),
            ("18446744073709551615", json!(18_446_744_073_709_551_615u64)),
            ("2026-01-02", json!("2026-01-02")),
            ("<<", json!("<<")),
            ("10.0.0.1", json!("10.0.0.1")),
            ("1Gi", json!("1Gi")),
            ("-9223372036854775808", json!(i64::MIN)),
        ];
        for (text, value) in table {
            assert_eq!(resolve(text), Resolved::Value(value), "{text}");
        }
        assert_eq!(resolve(".inf"), Resolved::NotJson(f64::INFINITY));
    }
}
