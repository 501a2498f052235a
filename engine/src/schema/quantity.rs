//! Whether a text is a quantity, in the words of apimachinery's `resource.ParseQuantity`. It must not compute with them.

const FORMAT: &str = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const NUMERIC: &str = "unable to parse numeric part of quantity";
const SUFFIX: &str = "unable to parse quantity's suffix";

/// The parse error of `text`, or `None` where it is a quantity.
pub(crate) fn complaint(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Some(FORMAT);
    }
    if text == "0" {
        return None;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number_len = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(number_len);
    let letters = suffix.find(|c| !"eEinumkKMGTP".contains(c)).unwrap_or(suffix.len());
    let rest = &suffix[letters..];
    let digits = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    if number.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Some(FORMAT);
    }
    if number.matches('.').count() > 1 {
        return Some(FORMAT);
    }
    if !number.bytes().any(|b| b.is_ascii_digit()) {
        return Some(NUMERIC);
    }
    let plain = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    if plain.contains(&suffix) {
        return None;
    }
    let exponent = suffix.strip_prefix(['e', 'E']);
    if exponent.is_some_and(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    }) {
        return None;
    }
    Some(SUFFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_told_from_other_texts() {
        for good in ["1", "0.5", "100m", "1Gi", "1e3", "1E", "-1Gi", "+2", ".5", "5.", "12E-2"] {
            assert_eq!(complaint(good), None, "{good}");
        }
        for bad in ["", "1gi", "one", "1 Gi", "1.2.3", "true", "1Gb"] {
            assert_eq!(complaint(bad), Some(FORMAT), "{bad}");
        }
        assert_eq!(complaint("1GG"), Some(SUFFIX));
        assert_eq!(complaint("1K"), Some(SUFFIX));
    }
}
