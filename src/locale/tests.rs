//! Every message that is used exists, and every message that exists is used.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

/// Keys made from values of the engine: these areas are checked where the values are known.
const MADE_UP: &[&str] =
    &["problems.", "why.", "stage.state.", "stage.slot.", "news.", "editor.example.", "page.theme.", "page.pane.", "page.tab."];

#[test]
fn arguments_are_filled_in_and_braces_without_argument_stay() {
    let filled = fill("{name} has {count} of {missing} {", &[("name", "web"), ("count", "3")]);
    let text: String = filled
        .iter()
        .map(|piece| match piece {
            Piece::Words(text) | Piece::Value(_, text) => text.as_str(),
        })
        .collect();
    assert_eq!(text, "web has 3 of {missing} {");
    assert_eq!(filled[0], Piece::Value("name".into(), "web".into()));
}

#[test]
fn numbers_choose_their_form() {
    assert_eq!(plural(0), "other");
    assert_eq!(plural(1), "one");
    assert_eq!(plural(2), "other");
}

#[test]
fn every_message_is_used_and_every_used_message_exists() {
    let mut used = BTreeSet::new();
    read_folder(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut used);
    let (mut missing, mut unused) = (Vec::new(), Vec::new());
    CATALOGUE.with(|catalogue| {
        for key in &used {
            let plural = has(&format!("{key}.one")) && has(&format!("{key}.other"));
            if !has(key) && !plural {
                missing.push(key.clone());
            }
        }
        for key in catalogue.keys() {
            let base = key.strip_suffix(".one").or_else(|| key.strip_suffix(".other")).unwrap_or(key);
            if !used.contains(key) && !used.contains(base) && !MADE_UP.iter().any(|area| key.starts_with(area)) {
                unused.push(key.to_owned());
            }
        }
    });
    assert!(missing.is_empty(), "used, but in no locale file: {missing:#?}");
    assert!(unused.is_empty(), "in a locale file, but not used: {unused:#?}");
}

/// Collects the string literals that look like keys: `area.something` where the area is a file's.
fn read_folder(folder: &Path, used: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_folder(&path, used);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            used.extend(text.split('"').skip(1).step_by(2).filter(|literal| is_key(literal)).map(str::to_owned));
        }
    }
}

fn is_key(literal: &str) -> bool {
    const AREAS: &[&str] = &["about", "editor", "page", "resolver", "stage", "terminal", "time"];
    let made_up = MADE_UP.iter().any(|area| literal.starts_with(area));
    !made_up
        && !literal.ends_with('.')
        && literal.split_once('.').is_some_and(|(area, key)| {
            AREAS.contains(&area)
                && !key.is_empty()
                && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
        })
}
