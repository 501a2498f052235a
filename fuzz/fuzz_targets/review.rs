//! Any text at all through everything that the editor does with one.
#![no_main]

#[path = "../exercise.rs"]
mod exercise;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| exercise::exercise(text));
