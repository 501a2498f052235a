//! A session as a shell script for a real cluster: the same files, the same kubectl commands, in the same order. The
//! sandbox's own pace means nothing there, so the script waits for a person between the steps.
//! It must not know the page.

use super::saved::Saved;
use crate::state::acts::Act;

/// The script. `notes` are the words at its top: the first line, and how to use it.
pub fn script(saved: &Saved, notes: &[String]) -> String {
    let mut script = String::from("#!/usr/bin/env bash\n");
    for note in notes {
        script.push_str("# ");
        script.push_str(note);
        script.push('\n');
    }
    script.push_str("set -u\ncd \"$(mktemp -d)\"\nstep() { printf '\\n$ %s' \"$1\"; read -r _; }\n");
    for deed in &saved.acts {
        let Act::Run { files, line, .. } = &deed.act else {
            continue;
        };
        for (name, text) in files {
            let mark = mark_for(text);
            let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            script.push_str(&format!("\ncat > {} <<'{mark}'\n{text}{end}{mark}\n", quoted(name)));
        }
        // What still ran when something else was done would hold the rest up: it goes on beside it.
        let beside = if deed.outlasts { " &" } else { "" };
        script.push_str(&format!("\nstep {}\n{line}{beside}\n", quoted(line)));
    }
    if saved.acts.iter().any(|deed| deed.outlasts) {
        script.push_str("\nwait\n");
    }
    script
}

/// A word for the end of a here-document that is no line of its text.
fn mark_for(text: &str) -> String {
    let mut mark = "EOF".to_owned();
    while text.lines().any(|line| line == mark) {
        mark.push('_');
    }
    mark
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::saved::{ALL_STEPS, Deed};

    #[test]
    fn files_and_commands_come_in_order_and_cannot_break_out() {
        let run = |line: &str, files: &[(&str, &str)], outlasts| Deed {
            at_ms: 0,
            steps: ALL_STEPS,
            act: Act::Run {
                files: files.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect(),
                line: line.into(),
                typed: true,
            },
            outlasts,
        };
        let saved = Saved {
            acts: vec![
                run("kubectl apply -f it's.yaml", &[("it's.yaml", "a: $HOME\nEOF\nb: 2")], false),
                run("kubectl get pods -w", &[], true),
            ],
            ..Saved::default()
        };
        let script = script(&saved, &["A note".into()]);
        assert!(script.starts_with("#!/usr/bin/env bash\n# A note\n"));
        assert!(script.contains("cat > 'it'\\''s.yaml' <<'EOF_'\na: $HOME\nEOF\nb: 2\nEOF_\n"), "{script}");
        assert!(script.contains("\nkubectl get pods -w &\n") && script.ends_with("\nwait\n"), "{script}");
    }
}
