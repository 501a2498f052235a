//! Completes the words of the shell: programs, files, variables, names to look up; at the terminal and in containers.
//! It must not know kubectl's flags.

use crate::api::kind::Kind;
use crate::api::object::Key;
use crate::images;
use crate::shell;

use super::kubectl;
use super::line::Typed;
use super::objects;
use super::{Found, Scope, What};

/// A container in which words are completed.
pub(super) struct Inside {
    /// The pod.
    pub(super) key: Key,
    /// Which of its containers.
    pub(super) container: usize,
    /// Its image.
    pub(super) image: String,
}

/// Words that only a shell knows.
const SHELL_WORDS: &[&str] = &["cd", "exit", "export", "for", "if", "pwd", "read", "set", "unset", "until", "while"];
/// Programs behind which another program stands.
const WRAPPERS: &[&str] = &["env", "exec", "time", "timeout", "watch", "xargs"];
/// The flags with which programs do something else here, a longer word where a program knows both.
pub(super) const FLAGS: &[(&str, &str)] = &[
    ("awk", "-F -v"),
    ("cat", "-n"),
    ("cut", "-b -c -d -f -s"),
    (
        "curl",
        "--connect-timeout --fail --head --include --max-time --output --show-error --silent --verbose --write-out -I -S -f -i -m -o -s -v -w",
    ),
    ("date", "--iso-8601=seconds -I -R"),
    ("dig", "-q -t -x"),
    ("du", "-h -s"),
    ("find", "-name -type"),
    ("grep", "--color --count --ignore-case --invert-match --line-number --quiet -A -B -C -E -F -H -c -e -h -i -l -m -n -o -q -v -w -x"),
    ("head", "--lines= -n -q"),
    ("host", "-t"),
    ("hostname", "-d -f -i -s"),
    ("ls", "-1 -F -S -a -d -l -r"),
    ("mkdir", "-p"),
    ("nslookup", "-query= -type="),
    ("ping", "-c"),
    ("rm", "-f -r"),
    ("sed", "-E -e -i -n"),
    ("seq", "-s -w"),
    ("sh", "-c -e -i"),
    ("bash", "-c -e -i"),
    ("sort", "-V -f -k -n -r -t -u"),
    ("tail", "--lines= -n -q -v"),
    ("tee", "-a"),
    ("tr", "-d -s"),
    ("uname", "-a"),
    ("uniq", "-c -d -u"),
    ("watch", "--interval= --no-title -n -t"),
    ("wc", "-c -l -w"),
    ("wget", "--output-document= --spider --timeout= -O -S -T -q"),
    ("xargs", "-I -n"),
];
/// Programs that look names up, or go to them.
const LOOKUPS: &[&str] = &["curl", "dig", "host", "nslookup", "ping", "wget"];

/// A word of a line at the terminal.
pub(super) fn at_terminal(scope: &Scope<'_>, typed: &Typed) -> Found {
    let prefix = typed.prefix.as_str();
    if let Some(found) = variable(scope, typed) {
        return found;
    }
    if typed.redirects {
        return files(scope, None, prefix);
    }
    let words = command_words(&typed.words);
    match words.split_first() {
        None => {
            let mut found = Found::new(prefix);
            let programs = shell::OUTSIDE.iter().filter(|name| **name != "[");
            let mut names: Vec<&str> = programs.chain(SHELL_WORDS).copied().collect();
            crate::order::sort_by(&mut names, Ord::cmp);
            names.iter().for_each(|name| found.add(What::Program, name, ""));
            found
        }
        Some((program, rest)) if matches!(program.as_str(), "kubectl" | "k") => kubectl::complete(scope, rest, prefix),
        Some((program, rest)) => other(scope, None, program, rest, prefix),
    }
}

/// A word of a line that a shell in a container reads.
pub(super) fn in_container(scope: &Scope<'_>, inside: &Inside, typed: &Typed) -> Found {
    if typed.redirects {
        return files(scope, Some(inside), &typed.prefix);
    }
    let words: Vec<&str> = command_words(&typed.words).iter().map(String::as_str).collect();
    words_in_container(scope, inside, &words, &typed.prefix)
}

/// A word behind `--`: a program of the image, then files of the container.
pub(super) fn words_in_container(scope: &Scope<'_>, inside: &Inside, words: &[&str], prefix: &str) -> Found {
    match words.split_first() {
        None if prefix.contains('/') => files(scope, Some(inside), prefix),
        None => of_image(&inside.image, prefix),
        Some((program, rest)) => {
            let rest: Vec<String> = rest.iter().map(|word| (*word).to_owned()).collect();
            other(scope, Some(inside), program, &rest, prefix)
        }
    }
}

/// The programs of an image.
pub(super) fn of_image(image: &str, prefix: &str) -> Found {
    let mut found = Found::new(prefix);
    let family = images::model(image).family;
    let mut names: Vec<&str> = images::COMMON.iter().chain(family.programs).copied().chain(["sh", "bash", "nslookup"]).collect();
    names.retain(|name| *name != "[" && kubectl::has(image, name));
    crate::order::sort_by(&mut names, Ord::cmp);
    names.iter().for_each(|name| found.add(What::Program, name, ""));
    found
}

/// The words of the command that is really called: what only wraps it is left out.
fn command_words(words: &[String]) -> &[String] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        if !WRAPPERS.contains(&first.as_str()) {
            break;
        }
        // The wrapper's own flags and their values, durations and assignments come first.
        let own = rest.iter().take_while(|word| {
            word.starts_with('-') || word.contains('=') || word.trim_end_matches(['s', 'm', 'h']).parse::<u32>().is_ok()
        });
        words = &rest[own.count()..];
    }
    words
}

/// A word of any other program.
fn other(scope: &Scope<'_>, inside: Option<&Inside>, program: &str, rest: &[String], prefix: &str) -> Found {
    let program = program.rsplit('/').next().unwrap_or(program);
    if prefix.starts_with('-') && !rest.iter().any(|word| word == "--") {
        let mut found = Found::new(prefix);
        let flags = FLAGS.iter().filter(|(name, _)| *name == program).flat_map(|(_, flags)| flags.split(' '));
        for flag in flags {
            if flag.ends_with('=') {
                found.add_open(What::Flag, flag, "");
            } else {
                found.add(What::Flag, flag, "");
            }
        }
        return found;
    }
    match program {
        "for" | "echo" | "seq" | "sleep" | "read" | "unset" | "kill" | "history" | "clear" | "date" | "hostname" | "whoami" => {
            Found::new(prefix)
        }
        "sh" | "bash" | "ash" if rest.first().is_some_and(|flag| flag.starts_with('-')) => Found::new(prefix),
        "which" => match inside {
            Some(inside) => of_image(&inside.image, prefix),
            None => at_terminal(scope, &Typed { prefix: prefix.to_owned(), ..Typed::default() }),
        },
        // The pattern or the program of a filter comes before its files.
        "grep" | "awk" | "sed" if rest.iter().all(|word| word.starts_with('-')) => Found::new(prefix),
        "sandbox" => {
            let mut found = Found::new(prefix);
            match rest.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                [] => found.add(What::Command, "node", ""),
                ["node"] => ["fail", "list", "restore"].iter().for_each(|verb| found.add(What::Command, verb, "")),
                ["node", "fail" | "restore"] => objects::names(scope, Kind::Node, &mut found),
                _ => {}
            }
            found
        }
        _ if LOOKUPS.contains(&program) => names(scope, inside, prefix),
        _ => files(scope, inside, prefix),
    }
}

/// Files below the folder that the prefix names; the last part of the path is completed.
pub(super) fn files(scope: &Scope<'_>, inside: Option<&Inside>, prefix: &str) -> Found {
    let (folder, last) = prefix.rfind('/').map_or((".", prefix), |at| (&prefix[..=at], &prefix[at + 1..]));
    let mut found = Found::new(last);
    let place = inside.map(|inside| (&inside.key, inside.container));
    for (name, is_folder) in shell::folder(scope.world, scope.terminal, place, folder) {
        if name.starts_with('.') && !last.starts_with('.') {
            continue;
        }
        if is_folder {
            found.add_open(What::Folder, &format!("{name}/"), "");
        } else {
            found.add(What::File, &name, "");
        }
    }
    found
}

/// A variable behind `$`.
fn variable(scope: &Scope<'_>, typed: &Typed) -> Option<Found> {
    let at = typed.prefix.rfind('$').filter(|_| typed.quote != Some('\''))?;
    let name = &typed.prefix[at + 1..];
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let mut found = Found::new(name);
    for known in scope.terminal.variables.keys().filter(|known| known.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')) {
        found.add_open(What::Value, known, "");
    }
    Some(found)
}

/// Names that a lookup may ask for: Services, and pods through their Services; in the terminal's or the pod's namespace.
fn names(scope: &Scope<'_>, inside: Option<&Inside>, prefix: &str) -> Found {
    let prefix = prefix.split_once("://").map_or(prefix, |(_, rest)| rest);
    let mut found = Found::new(prefix);
    let namespace = inside.map_or(&scope.terminal.namespace, |inside| &inside.key.namespace);
    let store = &scope.world.store;
    let here = format!(".{namespace}.svc.{}", scope.world.settings.cluster_domain);
    // Outside a pod there is no search list: only whole names are known.
    let tail = if inside.is_some() { "" } else { here.as_str() };
    for service in store.list(Kind::Service, namespace) {
        found.add(What::Name, &format!("{}{tail}", service.meta.name), "");
    }
    for object in store.list(Kind::Pod, namespace) {
        let Some(pod) = object.pod() else { continue };
        if !pod.own.subdomain.is_empty() {
            let hostname = if pod.own.hostname.is_empty() { &object.meta.name } else { &pod.own.hostname };
            found.add(What::Name, &format!("{hostname}.{}{tail}", pod.own.subdomain), "");
        }
    }
    found
}
