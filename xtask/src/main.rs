//! `cargo xtask VERB`: the project's chores. Every verb does the set-up it needs by itself.
//!
//! Owns the table of verbs and nothing else; each verb is a file. The page and the engine must not depend on this crate.

mod bench;
mod browsers;
mod build;
mod check;
mod cli;
mod conformance;
mod failure;
mod hosts;
mod paths;
mod process;
mod scorm;
mod screenshots;
mod serve;
mod setup;
mod sizes;
mod steps;
mod test;
mod trunk;

use cli::Args;
use failure::{Failure, Result};
use std::process::ExitCode;

struct Verb {
    name: &'static str,
    usage: &'static str,
    summary: &'static str,
    /// What `--help` says below the summary.
    details: &'static str,
    run: fn(Args) -> Result<()>,
}

static VERBS: &[Verb] = &[
    Verb {
        name: "serve",
        usage: "[--port N] [--release]",
        summary: "Build the page and serve it on this machine",
        details: "\
Builds again whenever a file changes; reload the page to see it.

  --port N    the port, 8080 by default
  --release   build as for publishing: slower to build, faster to run",
        run: serve::run,
    },
    Verb {
        name: "build",
        usage: "[--single-file]",
        summary: "Build the page for publishing, into dist/",
        details: "\
Prints a table of raw, gzip and brotli sizes, and fails if the page is larger than its budget
(xtask/src/sizes.rs). The folder dist/ can be served by any web server, at any address.

  --single-file   also put all of it into one HTML file, target/single-file/statefulset-sandbox.html",
        run: build::run,
    },
    Verb {
        name: "test",
        usage: "[--native] [--wasm] [--journeys] [--browser NAME] [filter…]",
        summary: "Run every test, those in the browser included",
        details: "\
With a filter, only tests with that in their name.

  --native         only the tests that need no browser
  --wasm           only the tests of the page's parts
  --journeys       only the journeys through the published page (tests/journeys/)
  --browser NAME   what the last two run in: chromium (the default), firefox, webkit or all. Firefox and WebKit run
                   fewer journeys (tests/browsers/). They are fetched when they are first asked for.",
        run: test::run,
    },
    Verb {
        name: "check",
        usage: "",
        summary: "Check formatting, scripts, lints and documentation",
        details: "Warnings are errors. Changes nothing.",
        run: check::run,
    },
    Verb {
        name: "bench",
        usage: "[--page | --soak] [filter…]",
        summary: "Measure how fast the engine is, natively, or what a frame of the page costs",
        details: "\
Runs engine/benches/ with the ordinary release profile.

  --page   build the page as for publishing, and measure script, style and layout of each frame in a rollout of
           10, 100 and 1,000 pods, in headless Chromium; a number chooses one of them
  --soak   100,000 random runs of the engine with every invariant checked after every event
           (--runs N, --first SEED, --seconds N: as many as fit)",
        run: bench::run,
    },
    Verb {
        name: "conformance",
        usage: "[recording…]",
        summary: "Compare the engine with recordings of a real control plane",
        details: "\
Answers every recorded decision, replays every recorded run and sequence, and prints the first
differences of each. With the part of a name, only the recordings that have it in theirs.",
        run: conformance::run,
    },
    Verb {
        name: "hosts",
        usage: "[--browser NAME] [host…]",
        summary: "Put the sandbox into pages that other tools make, and see that it works there",
        details: "\
Builds a book with mdBook, a site with Jekyll, an app with React, and a page with nothing (tests/hosts/), opens each in each
browser, and prints what works where. No part of the ordinary test run: it fetches all of these tools.

  --browser NAME   chromium, firefox, webkit or all (the default)",
        run: hosts::run,
    },
    Verb {
        name: "scorm",
        usage: "LESSON [--lang TAG]",
        summary: "Put a lesson into a SCORM 1.2 package, in target/scorm/",
        details: "\
Builds the page, and puts it with the lesson into one archive for a learning platform. It reports the score and
completion, and resumes where the learner left.

  --lang TAG   the lesson's language: en (the default), zh-TW or zh-CN",
        run: scorm::run,
    },
    Verb {
        name: "screenshots",
        usage: "[scene…]",
        summary: "Photograph the page into target/screenshots/",
        details: "\
At 1440, 1024 and 390 pixels, light and dark. The scenes are in tests/journeys/screenshots.mjs;
without a name, all of them.",
        run: screenshots::run,
    },
    Verb {
        name: "setup",
        usage: "[--browser NAME] [--verbose]",
        summary: "Fetch everything that the ordinary verbs need",
        details: "\
Each verb fetches what it needs by itself; this fetches all of it, for a machine that will be without a network.
What is there already is left alone.

  --browser NAME   also fetch this browser: firefox, webkit or all
  --verbose        show the output of every step instead of keeping it in a log",
        run: setup::run,
    },
];

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_silent() {
                eprintln!("\n{failure}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: Vec<String>) -> Result<()> {
    let wants_help = args.iter().any(|arg| ["--help", "-h"].contains(&arg.as_str()));
    if args.first().is_some_and(|verb| verb == "help") {
        args.remove(0);
        return help(args.first());
    }
    if wants_help || args.is_empty() {
        return help(args.iter().find(|arg| !arg.starts_with('-')));
    }
    let verb = find(&args.remove(0))?;
    (verb.run)(Args::new(args))
}

fn find(name: &str) -> Result<&'static Verb> {
    VERBS.iter().find(|verb| verb.name == name).ok_or_else(|| {
        let names = VERBS.iter().map(|verb| verb.name);
        let remedy = match cli::closest(name, names) {
            Some(meant) => format!("did you mean `cargo xtask {meant}`? `cargo xtask --help` lists all verbs."),
            None => "`cargo xtask --help` lists the verbs.".to_owned(),
        };
        Failure::new(format!("There is no verb {name}.")).remedy(remedy)
    })
}

fn help(verb: Option<&String>) -> Result<()> {
    if let Some(name) = verb {
        let verb = find(name)?;
        println!("{}.\n\nUsage: {}\n\n{}", verb.summary, format!("cargo xtask {} {}", verb.name, verb.usage).trim_end(), verb.details);
        return Ok(());
    }
    println!("The project's chores. Each does the set-up that it needs by itself.\n\nUsage: cargo xtask VERB [options]\n");
    for verb in VERBS {
        println!("  {:<12} {}", verb.name, verb.summary);
    }
    println!("\n`cargo xtask VERB --help` says more about one.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_help_and_a_name_that_can_be_found() {
        for verb in VERBS {
            assert!(std::ptr::eq(find(verb.name).unwrap(), verb));
            assert!(!verb.summary.ends_with('.') && !verb.details.is_empty(), "{}", verb.name);
        }
    }

    #[test]
    fn an_unknown_verb_names_the_one_that_was_meant() {
        let Err(failure) = find("setpu") else { panic!("there is no such verb") };
        assert!(failure.to_string().contains("cargo xtask setup"), "{failure}");
    }
}
