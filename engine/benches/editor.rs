//! What a key press costs in the editor: reading the text anew where one line has changed, beside a fresh cluster.
//! A measurement, not a test: it never fails.

use std::time::{Duration, Instant};

use statefulset_engine::cluster::World;
use statefulset_engine::review::{Reviewer, Surroundings};
use statefulset_engine::settings::Settings;

const SET: &str = include_str!("../../static/examples/web.yaml");
const KEYS: usize = 20;

/// A text of so many lines: many documents of the usual size, or a single one.
fn text(lines: usize, one_document: bool) -> String {
    if one_document {
        let mut text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: big\nspec:\n  containers:\n".to_owned();
        for index in 0..lines.saturating_sub(6) / 8 {
            text.push_str(&format!("  - name: c{index}\n    image: nginx:1.27\n    env:\n    - name: A{index}\n      value: \"{index}\"\n    ports:\n    - containerPort: {}\n      name: p{index}\n", 1000 + index % 60_000));
        }
        return text;
    }
    let mut text = String::new();
    let mut index = 0;
    while text.lines().count() < lines {
        text.push_str(
            &SET.replace("name: web\n", &format!("name: web{index}\n")).replace("name: nginx\n", &format!("name: nginx{index}\n")),
        );
        text.push_str("\n---\n");
        index += 1;
    }
    text
}

fn measure(text: &str, world: &World) -> (Duration, Duration) {
    let around = Surroundings { store: &world.store, namespace: "default", epoch: world.settings.epoch };
    let mut reviewer = Reviewer::default();
    let start = Instant::now();
    std::hint::black_box(reviewer.review(text, Some(around)));
    let first = start.elapsed();
    let at = text[..text.len() / 2].rfind("image: ").map_or(0, |at| at + 7);
    let mut times: Vec<Duration> = (0..KEYS)
        .map(|key| {
            let typed = format!("{}{}{}", &text[..at], "x".repeat(key + 1), &text[at..]);
            let start = Instant::now();
            std::hint::black_box(reviewer.review(&typed, Some(around)));
            start.elapsed()
        })
        .collect();
    times.sort();
    (first, times[KEYS / 2])
}

fn main() {
    let world = World::fresh(Settings::default());
    println!("{:<34}{:>12}{:>16}", "text", "first look", "a key press");
    for (one_document, what) in [(false, "many documents"), (true, "one document")] {
        for lines in [100, 1_000, 10_000] {
            let (first, key) = measure(&text(lines, one_document), &world);
            let ms = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1000.0);
            println!("{:<34}{:>12}{:>16}", format!("{lines} lines, {what}"), ms(first), ms(key));
        }
    }
}
