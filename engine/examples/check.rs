//! Prints every problem of manifests, for trying files by hand: `cargo run -p statefulset-engine --example check -- FILE…`

use statefulset_engine::manifest::{check, parse};

fn main() {
    for file in std::env::args().skip(1) {
        let text = match std::fs::read(&file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                println!("{file}: {error}");
                continue;
            }
        };
        let manifest = parse(&text);
        println!("{file}: {} documents", manifest.documents.len());
        for problem in manifest.problems.iter().chain(&check(&manifest)) {
            println!(
                "  {}:{}-{}:{} {:?} {} {:?}",
                problem.range.start.line,
                problem.range.start.column,
                problem.range.end.line,
                problem.range.end.column,
                problem.severity,
                problem.code,
                problem.args
            );
            if let Some(fix) = &problem.fix {
                println!("      fix {:?} -> {:?}", fix.range.slice(&text), fix.replacement);
            }
        }
        if let Some(error) = manifest.kubectl_error(&file) {
            println!("  {error}");
        }
    }
}
