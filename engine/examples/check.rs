//! Prints every problem of manifests, judged beside a fresh cluster, and what `kubectl apply` says there, for trying files by hand:
//! `cargo run -p statefulset-engine --example check -- FILE…`

use std::collections::BTreeMap;

use statefulset_engine::process::Streams;
use statefulset_engine::review::{Reviewer, Surroundings};
use statefulset_engine::session::Session;
use statefulset_engine::settings::Settings;

fn main() {
    let sentences: BTreeMap<&str, &str> =
        include_str!("../../locales/en/problems.txt").lines().filter_map(|line| line.split_once(" = ")).collect();
    for file in std::env::args().skip(1) {
        let text = match std::fs::read(&file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                println!("{file}: {error}");
                continue;
            }
        };
        let mut session = Session::new(Settings::default());
        let around = Surroundings { store: &session.world.store, namespace: "default", epoch: session.world.settings.epoch };
        println!("== {file}");
        for problem in Reviewer::default().review(&text, Some(around)) {
            let start = problem.range.start;
            let mut words = sentences.get(problem.code).copied().unwrap_or(problem.code).to_owned();
            for (name, value) in &problem.args {
                words = words.replace(&format!("{{{name}}}"), value);
            }
            println!(
                "  {}:{} {:?} {words}{}",
                start.line,
                start.column,
                problem.severity,
                if problem.fix.is_some() { " [fix]" } else { "" }
            );
        }
        let name = file.rsplit('/').next().unwrap_or("file.yaml").to_owned();
        session.terminal.files.insert(name.clone(), text.as_str().into());
        let job = session.run(&format!("kubectl apply -f {name}"), Streams::with_input(""), 60_000);
        let streams = &session.job(job).streams;
        print!("{}{}", streams.out, streams.err);
    }
}
