//! The same run gives the same bytes in the browser as natively: the watch log of one scenario is compared with the file
//! that the native test `engine/tests/scenarios.rs` is held to.

#![cfg(target_arch = "wasm32")]

use statefulset_engine::script::{self, Options};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_watch_log_is_byte_equal_to_the_native_one() {
    let files = |name: &str| (name == "web.yaml").then(|| include_str!("scenarios/web.yaml").to_owned());
    let output = script::run(include_str!("scenarios/partition.txt"), &files, &Options::default());
    let trace: Vec<String> = match &output {
        Ok(output) => output.trace().collect(),
        Err(error) => panic!("line {}: {}", error.line, error.message),
    };
    let native: Vec<&str> = include_str!("scenarios/partition.trace.jsonl").lines().collect();
    for (number, (ours, native)) in trace.iter().zip(&native).enumerate() {
        assert_eq!(ours, native, "watch event {number}");
    }
    assert_eq!(trace.len(), native.len());
}

#[wasm_bindgen_test]
fn the_transcript_is_the_native_one() {
    let files = |name: &str| (name == "web.yaml").then(|| include_str!("scenarios/web.yaml").to_owned());
    let output = script::run(include_str!("scenarios/partition.txt"), &files, &Options::default());
    assert_eq!(output.map(|output| output.transcript).as_deref(), Ok(include_str!("scenarios/partition.out")));
}
