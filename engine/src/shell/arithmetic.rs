//! `$((…))`: whole numbers with the operators of a POSIX shell. It must not know the shell.

/// Parentheses inside each other.
const NESTING_MAX: u32 = 60;

/// The value of an expression; names stand for variables, unset ones for 0.
pub(super) fn evaluate(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<i64, String> {
    let mut reader = Reader { text, at: 0, depth: 0, variable };
    reader.blanks();
    if reader.rest().is_empty() {
        return Ok(0);
    }
    let value = reader.binary(0)?;
    if reader.rest().is_empty() {
        Ok(value)
    } else {
        Err(format!("{text}: syntax error in expression (error token is \"{}\")", reader.rest()))
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    variable: &'a dyn Fn(&str) -> Option<String>,
}

/// Operators from the weakest to the strongest; longer ones before their beginnings.
const LEVELS: &[&[&str]] =
    &[&["||"], &["&&"], &["|"], &["^"], &["&"], &["==", "!="], &["<=", ">=", "<", ">"], &["<<", ">>"], &["+", "-"], &["*", "/", "%"]];

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn operator(&self, level: usize) -> Option<&'static str> {
        let rest = self.rest();
        let found = LEVELS[level].iter().copied().find(|operator| rest.starts_with(operator))?;
        // `&` is not the beginning of `&&`, `<` not of `<<`.
        let doubled = found.len() == 1 && matches!(found, "|" | "&" | "<" | ">") && rest[1..].starts_with(found);
        (!doubled).then_some(found)
    }

    fn binary(&mut self, level: usize) -> Result<i64, String> {
        if level == LEVELS.len() {
            return self.unary();
        }
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = self.operator(level) {
            self.at += operator.len();
            self.blanks();
            let right = self.binary(level + 1)?;
            left = apply(operator, left, right)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err("expression nested too deeply".to_owned());
        }
        self.blanks();
        let first = self.rest().chars().next();
        let value = match first {
            Some(sign @ ('-' | '+' | '!' | '~')) => {
                self.at += 1;
                let value = self.unary()?;
                match sign {
                    '-' => value.wrapping_neg(),
                    '!' => i64::from(value == 0),
                    '~' => !value,
                    _ => value,
                }
            }
            Some('(') => {
                self.at += 1;
                self.blanks();
                let value = self.binary(0)?;
                if !self.rest().starts_with(')') {
                    return Err(format!("{}: syntax error in expression: missing `)'", self.text));
                }
                self.at += 1;
                value
            }
            Some(digit) if digit.is_ascii_digit() => {
                let end = self.rest().find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(self.rest().len());
                let number = &self.rest()[..end];
                let value = number.parse().map_err(|_| format!("{number}: value too great or not a number"))?;
                self.at += end;
                value
            }
            Some(letter) if letter.is_ascii_alphabetic() || letter == '_' => {
                let end = self
                    .rest()
                    .find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
                    .unwrap_or(self.rest().len());
                let value = (self.variable)(&self.rest()[..end]).unwrap_or_default();
                self.at += end;
                value.trim().parse().unwrap_or(0)
            }
            _ => return Err(format!("{}: syntax error: operand expected", self.text)),
        };
        self.blanks();
        self.depth -= 1;
        Ok(value)
    }
}

fn apply(operator: &str, left: i64, right: i64) -> Result<i64, String> {
    Ok(match operator {
        "||" => i64::from(left != 0 || right != 0),
        "&&" => i64::from(left != 0 && right != 0),
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => i64::from(left == right),
        "!=" => i64::from(left != right),
        "<=" => i64::from(left <= right),
        ">=" => i64::from(left >= right),
        "<" => i64::from(left < right),
        ">" => i64::from(left > right),
        "<<" => left.wrapping_shl(right as u32),
        ">>" => left.wrapping_shr(right as u32),
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "*" => left.wrapping_mul(right),
        _ if right == 0 => return Err("division by 0".to_owned()),
        "/" => left.wrapping_div(right),
        _ => left.wrapping_rem(right),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_have_the_values_of_a_real_shell() {
        let value = |text: &str| evaluate(text, &|name| (name == "N").then(|| "3".to_owned()));
        for (text, expected) in [
            ("3 - 1", 2),
            ("N-1", 2),
            ("2+3*4", 14),
            ("(2+3)*4", 20),
            ("-N", -3),
            ("7%3", 1),
            ("1<2", 1),
            ("1 && 0", 0),
            ("", 0),
            ("x", 0),
            ("1<<4", 16),
            ("5>=5", 1),
            ("!0", 1),
        ] {
            assert_eq!(value(text), Ok(expected), "{text}");
        }
        for text in ["1/0", "1+", "(1", "1 2", "08x", &"(".repeat(100_000)] {
            assert!(value(text).is_err(), "{text}");
        }
    }
}
