//! Every recorded decision of the real control function, answered by ours: actions, history and status must be equal.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;
use statefulset_engine::controllers::statefulset::step;

fn compare(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/steps").join(file);
    let lines = BufReader::new(GzDecoder::new(File::open(path).expect("the recording is in the repository")));
    let (mut total, mut differing) = (0, Vec::new());
    for line in lines.lines() {
        let line = line.expect("text");
        let recorded: Value = serde_json::from_str(&line).expect("JSON");
        let answer: Value = serde_json::from_str(&step::answer(&line).expect("an answer")).expect("JSON");
        total += 1;
        if ["actions", "history", "status"].iter().any(|key| answer[key] != recorded[key]) {
            let keys = ["actions", "history", "status"].map(|key| format!("{}\n  ours    {}", recorded[key], answer[key]));
            differing.push(format!("in {}\n  real    {}", recorded["in"], keys.join("\n  real    ")));
        }
    }
    assert!(total > 0);
    assert!(differing.is_empty(), "{} of {total} differ; the first:\n{}", differing.len(), differing[..differing.len().min(4)].join("\n"));
}

#[test]
fn decisions_equal_the_real_ones_with_the_gate_off() {
    compare("gate-off.jsonl.gz");
}

#[test]
fn decisions_equal_the_real_ones_with_the_gate_on() {
    compare("gate-on.jsonl.gz");
}
