//! `sandbox`: what can befall a cluster and what no kubectl can do, as a command, so that it stands in the command log like
//! everything else. It must not know the page.

use crate::api::kind::Kind;
use crate::controllers::nodes;
use crate::process::Context;

use super::Call;

const HELP: &str = "\
sandbox does to the cluster what no kubectl can.

Usage:
  sandbox node fail NAME      The node falls silent, as if its power was cut. Its pods do what they did, but nobody
                              hears of it; after 50 s the control plane counts the node as not ready.
  sandbox node restore NAME   The node answers again.
  sandbox node list           Which nodes are silent.
";

/// Runs `sandbox`; the exit code.
pub(super) fn run(call: &Call, context: &mut Context<'_>) -> i32 {
    let arguments: Vec<&str> = call.arguments().iter().map(String::as_str).collect();
    match arguments[..] {
        [] | ["help" | "-h" | "--help"] | ["node"] => {
            HELP.lines().for_each(|line| context.streams.line(line));
            0
        }
        ["node", "list"] => {
            let names: Vec<_> = context.world.store.all(Kind::Node).map(|node| node.meta.name.clone()).collect();
            for name in names {
                let silent = context.world.settings.kubelet.nodes_down.contains(&name);
                context.streams.line(&format!("{name}   {}", if silent { "silent" } else { "answers" }));
            }
            0
        }
        ["node", verb @ ("fail" | "restore"), name] => silence(context, name, verb == "fail"),
        ["node", verb @ ("fail" | "restore"), ..] => {
            context.streams.error(&format!("sandbox: node {verb} wants the name of one node; `kubectl get nodes` lists them"));
            2
        }
        _ => {
            context.streams.error(&format!("sandbox: unknown command {:?}; `sandbox help` lists what there is", arguments.join(" ")));
            2
        }
    }
}

fn silence(context: &mut Context<'_>, name: &str, silent: bool) -> i32 {
    let name = name.strip_prefix("node/").unwrap_or(name);
    if context.world.store.find(Kind::Node, "", name).is_none() {
        context.streams.error(&format!("sandbox: there is no node {name:?}; `kubectl get nodes` lists them"));
        return 1;
    }
    let already = context.world.settings.kubelet.nodes_down.contains(name) == silent;
    nodes::set_silent(context.world, name, silent);
    let state = if silent { "is silent" } else { "answers" };
    context.streams.line(&format!("node/{name} {state}{}", if already { " already" } else { "" }));
    0
}

#[cfg(test)]
mod tests {
    use crate::process::Streams;
    use crate::session::Session;
    use crate::settings::Settings;

    fn run(session: &mut Session, line: &str) -> (String, Option<i32>) {
        let id = session.run(line, Streams::with_input(""), 0);
        let job = session.job(id);
        (format!("{}{}", job.streams.out, job.streams.err), job.exit)
    }

    #[test]
    fn a_node_falls_silent_and_answers_again() {
        let mut session = Session::new(Settings::default());
        assert_eq!(run(&mut session, "sandbox node fail node-2"), ("node/node-2 is silent\n".to_owned(), Some(0)));
        assert_eq!(run(&mut session, "sandbox node fail node/node-2"), ("node/node-2 is silent already\n".to_owned(), Some(0)));
        session.advance_to(60_000);
        let nodes = run(&mut session, "kubectl get nodes").0;
        assert!(nodes.lines().any(|line| line.starts_with("node-2") && line.contains("NotReady")), "{nodes}");
        assert_eq!(run(&mut session, "sandbox node restore node-2").0, "node/node-2 answers\n");
        session.advance_to(120_000);
        let nodes = run(&mut session, "kubectl get nodes").0;
        assert!(!nodes.contains("NotReady"), "{nodes}");
    }

    #[test]
    fn what_it_does_not_know_it_says() {
        let mut session = Session::new(Settings::default());
        assert_eq!(run(&mut session, "sandbox node fail node-9").1, Some(1));
        assert_eq!(run(&mut session, "sandbox node fail").1, Some(2));
        assert_eq!(run(&mut session, "sandbox burn").1, Some(2));
        assert_eq!(run(&mut session, "sandbox").1, Some(0));
    }
}
