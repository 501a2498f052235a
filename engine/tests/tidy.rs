//! The house as a whole: what no compiler checks. Each rule says what to do about a finding.

use std::fs;
use std::path::{Path, PathBuf};

use statefulset_engine::controllers;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The Rust files below a folder of the repository, with their text.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the repository").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root()).expect("below the root").display().to_string();
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has no Rust file");
    found
}

#[test]
fn every_file_says_what_it_owns() {
    for folder in ["engine", "src", "tests", "xtask"] {
        for (name, text) in files(folder).into_iter().filter(|(name, _)| !name.contains("/target/")) {
            assert!(text.starts_with("//!"), "{name}: open it with `//!`: what it owns and what it must not know");
        }
    }
}

/// Arrows run one way: a module and what it must not use.
const ARROWS: &[(&str, &[&str])] = &[
    ("api", &["cluster::", "controllers", "dns", "images", "kubectl", "manifest", "process", "schema", "script", "session", "shell"]),
    ("assist", &["cluster", "controllers", "dns", "kubectl", "process", "review", "script", "session", "shell"]),
    ("cluster", &["kubectl", "process", "review", "script", "session", "shell"]),
    ("complete", &["script"]),
    ("controllers", &["kubectl", "process", "script", "session", "shell"]),
    ("dns", &["kubectl", "process", "script", "session", "shell"]),
    ("ensemble", &["kubectl", "process", "script", "session", "shell"]),
    ("images", &["api::pod", "cluster", "controllers", "kubectl", "process", "script", "session", "shell"]),
    ("kubectl", &["script"]),
    ("manifest", &["cluster", "controllers", "dns", "images", "kubectl", "process", "script", "session", "shell"]),
    ("schema", &["cluster", "controllers", "dns", "images", "kubectl", "manifest", "process", "script", "session", "shell"]),
    ("session", &["script"]),
    ("shell", &["script"]),
];

/// What an arrow does not allow and is there all the same, with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    // A container's id is spread from its number as every other value that only looks random.
    ("engine/src/api/pod.rs", "cluster::random"),
];

#[test]
fn arrows_run_one_way() {
    for (module, forbidden) in ARROWS {
        for (name, text) in files("engine/src").into_iter().filter(|(name, _)| name.starts_with(&format!("engine/src/{module}"))) {
            let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for word in *forbidden {
                let used = product.lines().find(|line| line.contains(&format!("crate::{word}")) && !line.trim_start().starts_with("//"));
                let excused = |line: &str| EXCEPTIONS.iter().any(|(file, word)| *file == name && line.contains(word));
                assert!(used.is_none_or(excused), "{name} uses crate::{word}: {}", used.unwrap_or_default());
            }
        }
    }
}

#[test]
fn a_run_depends_on_nothing_but_its_inputs() {
    for (name, text) in files("engine/src").into_iter().filter(|(name, _)| !name.starts_with("engine/src/bin")) {
        for word in ["HashMap", "HashSet", "SystemTime", "Instant::now", "std::time", "std::thread", "std::env", "std::fs", "f32", "f64"] {
            let used = text.lines().find(|line| line.contains(word) && !line.trim_start().starts_with("//"));
            let excused =
                ["f32", "f64"].contains(&word) && !name.starts_with("engine/src/controllers") && !name.starts_with("engine/src/cluster");
            assert!(used.is_none() || excused, "{name} uses {word}: {}", used.unwrap_or_default());
        }
    }
}

/// Where a text would be seen or heard that no locale file knows: a literal inside an element, or as a spoken attribute.
const VISIBLE: &[&str] = &[
    ">{ \"",
    "}{ \"",
    "\n{ \"",
    ">\"",
    "aria-label=\"",
    "title=\"",
    "placeholder=\"",
    "alt=\"",
    "set_text_content(Some(\"",
    "set_title(\"",
];

/// Names of the API, the same in every language.
const API_TERMS: &[&str] = &["Deployment", "Job", "OnDelete", "Parallel", "Pod", "RollingUpdate", "Service", "StatefulSet", "Terminating"];

/// Where a literal is seen if it reads as words: it begins with a capital letter, or has two words. Else it may be a class or a key.
const PERHAPS_VISIBLE: &[&str] = &["{ \"", "{\""];

fn reads_as_words(literal: &str) -> bool {
    let capital = literal.starts_with(char::is_uppercase) && literal.chars().nth(1).is_some_and(char::is_lowercase);
    let letters: Vec<char> = literal.chars().collect();
    // A list of classes has a dash.
    capital
        || !literal.contains('-') && letters.windows(3).any(|three| three[0].is_alphabetic() && three[1] == ' ' && three[2].is_alphabetic())
}

#[test]
fn no_visible_text_is_written_into_the_page() {
    for (name, text) in files("src").into_iter().filter(|(name, _)| !name.ends_with("tests.rs")) {
        let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for line in product.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
            let line = format!("\n{line}");
            for opening in VISIBLE {
                for (at, _) in line.match_indices(opening) {
                    let literal = line[at + opening.len()..].split('"').next().unwrap_or_default();
                    // `>"#` ends a piece of a picture, and begins no text.
                    let visible = literal.contains(char::is_alphabetic) && !literal.starts_with('#') && !API_TERMS.contains(&literal);
                    assert!(!visible, "{name}: put \"{literal}\" into locales/ and show it with tr");
                }
            }
            for opening in PERHAPS_VISIBLE {
                for (at, _) in line.match_indices(opening) {
                    let literal = line[at + opening.len()..].split('"').next().unwrap_or_default();
                    let visible = reads_as_words(literal) && !API_TERMS.contains(&literal);
                    assert!(!visible, "{name}: put \"{literal}\" into locales/ and show it with tr");
                }
            }
        }
    }
}

#[test]
fn every_rule_is_listed() {
    let mut listed: Vec<&str> = controllers::rules::ALL.to_vec();
    assert!(listed.is_sorted(), "keep the list in order");
    for (name, text) in files("engine/src/controllers") {
        for line in text.split("#[cfg(test)]").next().unwrap_or_default().lines().filter(|line| line.contains("rule")) {
            for word in line.split('"').skip(1).step_by(2) {
                let id = ["budget-", "claim-", "deployment-", "node-", "pod-", "replicaset-", "sandbox-"]
                    .iter()
                    .any(|head| word.starts_with(head))
                    && !word.contains(' ');
                assert!(!id || listed.contains(&word), "{name}: add {word} to controllers/rules.rs and give it a sentence");
            }
        }
    }
    listed.dedup();
    assert_eq!(listed.len(), controllers::rules::ALL.len(), "each rule once");
}
