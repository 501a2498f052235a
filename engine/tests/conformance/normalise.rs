//! What is truly arbitrary in an output, and by what it is replaced. The only place where two outputs are made alike.

/// Makes two outputs of a command comparable. Each rule says why.
pub(crate) fn output(command: &str, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().filter(|line| !is_ours(line)).map(line).collect();
    // Nodes are listed by name, and which node is which is arbitrary.
    if command.starts_with("kubectl get nodes") {
        lines.sort_by_key(|line| if line.starts_with("<node>") { line.clone() } else { String::new() });
    }
    lines.join("\n")
}

/// What ours says beside kubectl's words, where those alone would mislead: nothing scales here.
fn is_ours(line: &str) -> bool {
    line.starts_with("sandbox: nothing will scale it: ")
}

fn line(line: &str) -> String {
    // Versions count all objects of the cluster, other runs' among them.
    for mark in ["resourceVersion: \"", "\"resourceVersion\": \""] {
        if let Some((before, rest)) = line.split_once(mark).filter(|(_, version)| version.len() > 1) {
            let after = rest.split_once('"').map_or("", |(_, after)| after);
            return format!("{before}{mark}<version>\"{after}").trim_start().to_owned();
        }
    }
    words(&without_long_dates(line))
}

/// `describe` writes dates in a form of its own: `Sat, 21 Nov 2026 05:01:23 +0000`.
fn without_long_dates(line: &str) -> String {
    const DAYS: [&str; 7] = ["Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, "];
    const LENGTH: usize = 31;
    let (mut out, mut rest) = (String::with_capacity(line.len()), line);
    while let Some(at) = DAYS.iter().filter_map(|day| rest.find(day)).min() {
        let date = rest.get(at..at + LENGTH).filter(|date| date.ends_with(" +0000"));
        let length = if date.is_some() { LENGTH } else { 5 };
        out.push_str(&rest[..at]);
        out.push_str(date.map_or(&rest[at..at + length], |_| "<time>"));
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
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
    // The server's address.
    if matches!(word, "127.0.0.1:26443" | "127.0.0.1:6443") {
        return "<server>".to_owned();
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
