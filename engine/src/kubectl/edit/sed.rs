//! As much of `sed -i` as edits a manifest: `s/regex/replacement/flags`, joined by `;` or given by `-e`.
//! Basic regular expressions: `.`, `*`, `[…]`, `^`, `$`, `\(…\)` without back references.

/// Steps that one match may take: a pattern that needs more is not one that a person wrote.
const STEPS_MAX: usize = 1_000_000;

/// Runs sed's arguments over a text.
///
/// # Errors
/// What this sed does not know.
pub(super) fn run(arguments: &[String], text: &str) -> Result<String, String> {
    let mut scripts: Vec<&str> = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "-i" | "-n" | "-E" | "-r" => {}
            "-e" => scripts.extend(rest.next().map(String::as_str)),
            script => scripts.push(script),
        }
    }
    let mut out = text.to_owned();
    for script in scripts {
        let rule = Rule::parse(script)?;
        out = out.split_inclusive('\n').map(|line| rule.apply(line)).collect();
    }
    Ok(out)
}

struct Rule {
    pattern: Vec<Piece>,
    from_start: bool,
    to_end: bool,
    replacement: String,
    everywhere: bool,
}

struct Piece {
    one: One,
    many: bool,
}

enum One {
    Any,
    Character(char),
    Set(Vec<(char, char)>, bool),
}

impl Rule {
    fn parse(script: &str) -> Result<Self, String> {
        let unknown = || format!("sed: this sandbox's sed knows s/regex/replacement/ only, not `{script}'");
        let mut characters = script.trim().chars();
        if characters.next() != Some('s') {
            return Err(unknown());
        }
        let delimiter = characters.next().ok_or_else(unknown)?;
        let mut parts = vec![String::new()];
        let mut escaped = false;
        for character in characters {
            let last = parts.len() - 1;
            match character {
                _ if escaped => {
                    if character != delimiter {
                        parts[last].push('\\');
                    }
                    parts[last].push(character);
                    escaped = false;
                }
                '\\' => escaped = true,
                _ if character == delimiter && parts.len() < 3 => parts.push(String::new()),
                _ => parts[last].push(character),
            }
        }
        let [pattern, replacement, flags] = parts.as_slice() else {
            return Err(format!("sed: -e expression #1, char {}: unterminated `s' command", script.chars().count()));
        };
        let from_start = pattern.starts_with('^');
        let to_end = pattern.ends_with('$') && !pattern.ends_with("\\$");
        let body = pattern.strip_prefix('^').unwrap_or(pattern);
        let body = if to_end { &body[..body.len().saturating_sub(1)] } else { body };
        Ok(Self { pattern: pieces(body), from_start, to_end, replacement: replacement.clone(), everywhere: flags.contains('g') })
    }

    fn apply(&self, line: &str) -> String {
        let (body, end) = match line.strip_suffix('\n') {
            Some(body) => (body, "\n"),
            None => (line, ""),
        };
        let characters: Vec<char> = body.chars().collect();
        let mut out = String::new();
        let mut at = 0;
        let mut replaced = false;
        while at <= characters.len() {
            let allowed = (!replaced || self.everywhere) && (!self.from_start || at == 0);
            let mut steps = 0;
            let found = if allowed { self.matches(&characters, at, 0, &mut steps) } else { None };
            match found {
                Some(to) => {
                    let matched: String = characters[at..to].iter().collect();
                    out.push_str(&self.written(&matched));
                    replaced = true;
                    if to == at {
                        out.extend(characters.get(at));
                        at += 1;
                    } else {
                        at = to;
                    }
                }
                None => {
                    out.extend(characters.get(at));
                    at += 1;
                }
            }
        }
        out.push_str(end);
        out
    }

    fn written(&self, matched: &str) -> String {
        let mut out = String::new();
        let mut characters = self.replacement.chars();
        while let Some(character) = characters.next() {
            match character {
                '&' => out.push_str(matched),
                '\\' => out.extend(characters.next().map(|next| if next == 'n' { '\n' } else { next })),
                other => out.push(other),
            }
        }
        out
    }

    /// Where a match that begins at `at` ends.
    fn matches(&self, text: &[char], at: usize, piece: usize, steps: &mut usize) -> Option<usize> {
        *steps += 1;
        if *steps > STEPS_MAX {
            return None;
        }
        let Some(this) = self.pattern.get(piece) else {
            return (!self.to_end || at == text.len()).then_some(at);
        };
        if !this.many {
            return if text.get(at).is_some_and(|character| this.one.takes(*character)) { self.matches(text, at + 1, piece + 1, steps) } else { None };
        }
        let most = text[at..].iter().take_while(|character| this.one.takes(**character)).count();
        (0..=most).rev().find_map(|count| self.matches(text, at + count, piece + 1, steps))
    }
}

impl One {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::Any => true,
            Self::Character(wanted) => *wanted == character,
            Self::Set(ranges, inverted) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)) != *inverted,
        }
    }
}

fn pieces(pattern: &str) -> Vec<Piece> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut found: Vec<Piece> = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let one = match characters[at] {
            '\\' => {
                at += 1;
                match characters.get(at) {
                    Some('(' | ')') => {
                        at += 1;
                        continue;
                    }
                    Some(character) => One::Character(*character),
                    None => One::Character('\\'),
                }
            }
            '.' => One::Any,
            '*' if !found.is_empty() => {
                if let Some(last) = found.last_mut() {
                    last.many = true;
                }
                at += 1;
                continue;
            }
            '[' => {
                let inverted = characters.get(at + 1) == Some(&'^');
                let from = at + 1 + usize::from(inverted);
                match (from + 1..characters.len()).find(|index| characters[*index] == ']') {
                    Some(end) => {
                        let set = set(&characters[from..end]);
                        at = end;
                        One::Set(set, inverted)
                    }
                    None => One::Character('['),
                }
            }
            other => One::Character(other),
        };
        found.push(Piece { one, many: false });
        at += 1;
    }
    found
}

fn set(characters: &[char]) -> Vec<(char, char)> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        if characters.get(at + 1) == Some(&'-') && at + 2 < characters.len() {
            ranges.push((characters[at], characters[at + 2]));
            at += 3;
        } else {
            ranges.push((characters[at], characters[at]));
            at += 1;
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn lines_are_edited() {
        let table = [
            ("s/replicas: 3/replicas: 4/", "  replicas: 3\n", "  replicas: 4\n"),
            ("s/serviceName:.*/serviceName: x/", "  serviceName: nginx\n", "  serviceName: x\n"),
            ("s/a/b/g", "banana\n", "bbnbnb\n"),
            ("s/a/b/", "banana\n", "bbnana\n"),
            ("s|[0-9]*$|7|", "image: x:24\n", "image: x:7\n"),
            ("s/^x/<&>/", "xx\n", "<x>x\n"),
        ];
        for (script, before, after) in table {
            assert_eq!(run(&["-i".to_owned(), script.to_owned()], before).as_deref(), Ok(after), "{script}");
        }
        assert!(run(&["d".to_owned()], "x").is_err());
    }
}
