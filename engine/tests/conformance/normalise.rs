//! What is truly arbitrary in an output, and by what it is replaced. The only place where two outputs are made alike.

/// Makes two outputs comparable. Each rule says why.
pub(crate) fn output(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n")
}

fn line(line: &str) -> String {
    // Versions count all objects of the cluster, other runs' among them.
    if let Some((before, _)) = line.split_once("resourceVersion: \"").filter(|(_, version)| version.len() > 1) {
        return format!("{before}resourceVersion: <version>").trim_start().to_owned();
    }
    // `describe` writes dates in a form of its own.
    if let Some((label, _)) = line.split_once(": ").filter(|(_, date)| is_long_date(date.trim())) {
        return format!("{}: <time>", label.trim_start());
    }
    words(line)
}

/// `Sat, 21 Nov 2026 05:01:23 +0000`.
fn is_long_date(text: &str) -> bool {
    text.len() == 31 && text.ends_with(" +0000") && text.as_bytes()[3] == b','
}

fn words(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while !rest.is_empty() {
        let length = rest.find(|character: char| is_separator(character)).unwrap_or(rest.len());
        if length == 0 {
            let character = rest.chars().next().expect("not empty");
            // The width of a column follows from arbitrary values in it.
            if character == ' ' {
                let blanks = rest.len() - rest.trim_start_matches(' ').len();
                out.push(' ');
                rest = &rest[blanks..];
            } else {
                out.push(character);
                rest = &rest[character.len_utf8()..];
            }
            continue;
        }
        out.push_str(&word(&rest[..length]));
        rest = &rest[length..];
    }
    out.trim_end().to_owned()
}

fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '\t' | '"' | '\'' | ',' | '(' | ')' | '[' | ']' | '{' | '}' | '=' | '/')
}

fn word(word: &str) -> String {
    // Volumes are named after their claim's uid.
    if word.starts_with("pvc-") && word.len() == 40 {
        return "<volume>".to_owned();
    }
    if is_uid(word) {
        return "<uid>".to_owned();
    }
    // Addresses are handed out as they come.
    if let Some((address, port)) = word.split_once(':')
        && is_address(address)
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        return format!("<ip>:{port}");
    }
    if is_address(word) {
        return "<ip>".to_owned();
    }
    // A copy of what was edited, under a random name.
    if word.starts_with("kubectl-edit-") && word.ends_with(".yaml") {
        return "<file>".to_owned();
    }
    // What the context of the recordings is called, and ours.
    if matches!(word, "oracle" | "sandbox") {
        return "<context>".to_owned();
    }
    // The scheduler chooses among equal nodes by chance.
    if matches!(word, "node-1" | "node-2" | "node-3") {
        return "<node>".to_owned();
    }
    if is_age(word) {
        return "<age>".to_owned();
    }
    if is_time(word) {
        return "<time>".to_owned();
    }
    word.to_owned()
}

fn is_uid(word: &str) -> bool {
    word.len() == 36
        && word
            .bytes()
            .enumerate()
            .all(|(index, byte)| if matches!(index, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

fn is_address(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok())
}

/// `7s`, `2m32s`, `1h`, `<invalid>`.
fn is_age(word: &str) -> bool {
    if word == "<invalid>" {
        return true;
    }
    let digits = word.bytes().any(|byte| byte.is_ascii_digit());
    digits
        && word.starts_with(|first: char| first.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b's' | b'm' | b'h' | b'd'))
        && word.ends_with(['s', 'm', 'h', 'd'])
}

fn is_time(word: &str) -> bool {
    word.len() == 20 && word.ends_with('Z') && word.as_bytes()[10] == b'T'
}
