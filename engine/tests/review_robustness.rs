//! Nothing a person can type harms the editor: manifests cut off, randomly edited, and noise made of YAML's own characters, put
//! through everything that the editor does with a text. The generator is seeded, so a failure comes again.

// The fuzz target takes it as public.
#[allow(unreachable_pub)]
#[path = "../../fuzz/exercise.rs"]
mod exercise;

use std::path::Path;

/// A small generator of random numbers (xorshift), the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

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
    for _ in 0..=random.below(4) {
        let from = boundary(&text, random.below(text.len() + 1));
        let length = random.below(30);
        let to = boundary(&text, (from + length).min(text.len()));
        match random.below(4) {
            0 => text.replace_range(from..to, ""),
            1 => text.insert_str(from, PIECES[random.below(PIECES.len())]),
            2 => text.replace_range(from..to, PIECES[random.below(PIECES.len())]),
            _ => {
                let moved = text[from..to].to_owned();
                let at = boundary(&text, random.below(text.len() + 1));
                text.insert_str(at, &moved);
            }
        }
    }
    text
}

#[test]
fn randomly_edited_manifests_do_no_harm() {
    let fixtures = fixtures();
    let mut random = Random(20_261_127);
    for round in 0..400 {
        let text = edit(&fixtures[round % fixtures.len()], &mut random);
        exercise::exercise(&text);
    }
}

#[test]
fn noise_does_no_harm() {
    let mut random = Random(7);
    for _ in 0..800 {
        let text: String = (0..random.below(40)).map(|_| PIECES[random.below(PIECES.len())]).collect();
        exercise::exercise(&text);
    }
}
