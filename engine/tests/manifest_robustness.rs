//! Nothing a person can type makes the reader panic or point outside the text: truncated and randomly edited
//! manifests, and noise made of YAML's own characters. The generator is seeded, so a failure comes again.

use std::path::Path;
use std::time::Instant;

use statefulset_engine::cluster::random::Random;
use statefulset_engine::manifest::{Manifest, Problem, Range, check, parse};

fn fixtures() -> Vec<String> {
    let mut out = Vec::new();
    for folder in ["good", "broken"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(folder);
        let mut files: Vec<_> = std::fs::read_dir(path).expect("fixtures").flatten().map(|entry| entry.path()).collect();
        files.sort();
        out.extend(files.iter().map(|file| std::fs::read_to_string(file).expect("text")));
    }
    out
}

/// Reads, checks, and holds every range against the text.
fn read(text: &str) -> Manifest {
    let manifest = parse(text);
    let inside = |range: Range, what: &str| {
        assert!(range.start.byte <= range.end.byte, "{what}: {range:?} in {text:?}");
        assert!(text.get(range.start.byte..range.end.byte).is_some(), "{what}: {range:?} outside {text:?}");
        let line = text[..range.start.byte].matches('\n').count() + 1;
        assert_eq!(range.start.line, line, "{what}: {range:?} in {text:?}");
    };
    let problems: Vec<Problem> = manifest.problems.iter().cloned().chain(check(&manifest)).collect();
    for problem in &problems {
        inside(problem.range, problem.code);
        if let Some(fix) = &problem.fix {
            inside(fix.range, problem.code);
        }
    }
    for document in &manifest.documents {
        inside(document.range, "document");
        inside(document.locate("spec.template.spec.containers[0].image").place(), "place");
    }
    if manifest.kubectl_error("f").is_some() {
        assert!(manifest.has_errors(), "kubectl refuses, so a problem says why: {text:?}");
    }
    manifest
}

#[test]
fn truncated_manifests_are_read() {
    for text in fixtures() {
        for (at, _) in text.char_indices().step_by(7) {
            read(&text[..at]);
        }
    }
}

#[test]
fn randomly_edited_manifests_are_read() {
    let fixtures = fixtures();
    let bits = [
        "\t", " ", "  ", "\n", ":", ": ", "- ", "[", "]", "{", "}", "\"", "'", "|", ">", "#", "&a ", "*a", "!!str ", "---\n", "...\n",
        "<<: ", "? ", "%", "@", "é", "\u{feff}", "\0", "\r\n", "~", ",",
    ];
    let mut random = Random::new(0x5eed);
    for _ in 0..600 {
        let mut text = fixtures[random.below("edit", fixtures.len())].clone();
        for _ in 0..=random.below("edit", 4) {
            let mut at = random.below("edit", text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            if random.below("edit", 3) == 0 {
                let end = (at + random.below("edit", 20)).min(text.len());
                let end = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
                text.replace_range(at..end, "");
            } else {
                text.insert_str(at, bits[random.below("edit", bits.len())]);
            }
        }
        read(&text);
    }
}

#[test]
fn noise_is_read() {
    let alphabet: Vec<char> = "ab: -\n\n  \t[]{}\"'|>#&*!?,.<%@`~0é\u{7}\u{85}\u{2028}".chars().collect();
    let mut random = Random::new(42);
    for _ in 0..3000 {
        let length = random.below("edit", 60);
        let text: String = (0..length).map(|_| alphabet[random.below("edit", alphabet.len())]).collect();
        read(&text);
    }
}

#[test]
fn large_texts_end_in_time() {
    // Far above what any of them takes, to fail only where something grows out of hand.
    const SECONDS_MAX: u64 = 20;
    let mega = 200_000;
    let texts = [
        "[".repeat(mega),
        "{a: ".repeat(mega / 4),
        "- ".repeat(mega / 2),
        "a:\n".repeat(mega / 3),
        "\t\n".repeat(mega / 2),
        "a: b: c\n".repeat(mega / 8),
        "\"".repeat(mega),
        "---\n".repeat(mega / 4),
        "a: 1\n---\n".repeat(mega / 9),
        "&a [*a, ".repeat(mega / 8),
        "\u{7}".repeat(mega),
        "# x\n".repeat(mega / 4),
        "? a\n".repeat(mega / 4),
        "*a ".repeat(mega / 3),
        format!("a: [{}", "'x', ".repeat(mega / 5)),
        "apiVersion: v1\nkind: Pod\n".to_owned() + &"x: y\n".repeat(mega / 5),
    ];
    for text in texts {
        let start = Instant::now();
        read_quickly(&text);
        let seconds = start.elapsed().as_secs();
        assert!(seconds < SECONDS_MAX, "{seconds} s for {:?}…", &text[..20]);
    }
}

/// Reads without holding every range against the text, which would take longer than the reading.
fn read_quickly(text: &str) {
    let manifest = parse(text);
    let _ = check(&manifest);
}
