//! Nothing a person can type harms the editor: manifests cut off, randomly edited, and noise made of YAML's own characters, put
//! through everything that the editor does with a text. The generator is seeded, so a failure comes again.

// The fuzz target takes it as public.
#[allow(unreachable_pub)]
#[path = "../../fuzz/exercise.rs"]
mod exercise;

use std::path::Path;

use statefulset_engine::cluster::random::Random;

fn fixtures() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut out = Vec::new();
    for folder in ["tests/fixtures/good", "tests/fixtures/broken", "static/examples"] {
        let mut files: Vec<_> = std::fs::read_dir(root.join(folder)).expect("texts").flatten().map(|entry| entry.path()).collect();
        files.sort();
        out.extend(files.iter().map(|file| std::fs::read_to_string(file).expect("text")));
    }
    out
}

/// Pieces that break YAML, and pieces that break manifests.
const PIECES: &[&str] = &[
    "\t",
    "  ",
    "\n",
    ":",
    ": ",
    "- ",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "#",
    "&a ",
    "*a",
    "<<: *a",
    "|\n",
    "---\n",
    "é",
    "😀",
    "\u{feff}",
    "\r\n",
    "!!int ",
    "yes",
    "0644",
    "1:20",
    "null",
    "replicas",
    "selector:",
    "kind: Service\n",
    "apiVersion: v1\n",
    "name: web\n",
    "-1",
    "1Gi",
];

fn edit(text: &str, random: &mut Random) -> String {
    let boundary = |text: &str, at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let mut text = text.to_owned();
    for _ in 0..=random.below("edit", 4) {
        let from = boundary(&text, random.below("edit", text.len() + 1));
        let length = random.below("edit", 30);
        let to = boundary(&text, (from + length).min(text.len()));
        match random.below("edit", 4) {
            0 => text.replace_range(from..to, ""),
            1 => text.insert_str(from, PIECES[random.below("edit", PIECES.len())]),
            2 => text.replace_range(from..to, PIECES[random.below("edit", PIECES.len())]),
            _ => {
                let moved = text[from..to].to_owned();
                let at = boundary(&text, random.below("edit", text.len() + 1));
                text.insert_str(at, &moved);
            }
        }
    }
    text
}

#[test]
fn randomly_edited_manifests_do_no_harm() {
    let fixtures = fixtures();
    let mut random = Random::new(20_261_127);
    for round in 0..400 {
        let text = edit(&fixtures[round % fixtures.len()], &mut random);
        exercise::exercise(&text);
    }
}

#[test]
fn noise_does_no_harm() {
    let mut random = Random::new(7);
    for _ in 0..800 {
        let text: String = (0..random.below("edit", 40)).map(|_| PIECES[random.below("edit", PIECES.len())]).collect();
        exercise::exercise(&text);
    }
}
