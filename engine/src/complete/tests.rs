//! What Tab offers, line by line. `|` stands for the cursor.

use super::*;
use crate::process::Streams;
use crate::session::Session;
use crate::settings::Settings;

const MANIFEST: &str = include_str!("../../../tests/scenarios/web.yaml");

fn session() -> Session {
    let mut session = Session::new(Settings::default());
    session.terminal.files.insert("web.yaml".into(), MANIFEST.into());
    session.terminal.files.insert("notes/day one.txt".into(), "x".into());
    session.run("kubectl apply -f web.yaml", Streams::with_input(""), 1_000);
    session.advance_to(60_000);
    session
}

fn at_cursor(session: &Session, line: &str) -> Completion {
    let cursor = line.find('|').expect("a cursor");
    complete(&session.world, &session.terminal, &line.replacen('|', "", 1), cursor)
}

fn texts(session: &Session, line: &str) -> Vec<String> {
    at_cursor(session, line).candidates.into_iter().map(|candidate| candidate.text).collect()
}

/// The line after Tab, where one candidate or a common beginning decides.
fn tab(session: &Session, line: &str) -> String {
    let completion = at_cursor(session, line);
    let added = match completion.candidates.as_slice() {
        [one] => completion.finish(one),
        _ => completion.common(),
    };
    line.replacen('|', &added, 1)
}

#[test]
fn one_tab_completes_what_is_unique() {
    let session = session();
    for (line, expected) in [
        ("kubec|", "kubectl "),
        ("kubectl sca|", "kubectl scale "),
        ("kubectl roll|", "kubectl rollout "),
        ("kubectl rollout sta|", "kubectl rollout status "),
        ("k rollout sta|", "k rollout status "),
        ("kubectl get statefuls|", "kubectl get statefulsets "),
        ("kubectl get statefulset.|", "kubectl get statefulset."),
        ("kubectl get statefulsets.|", "kubectl get statefulsets.apps "),
        ("kubectl get sts w|", "kubectl get sts web "),
        ("kubectl get sts/w|", "kubectl get sts/web "),
        ("kubectl get pods,statefuls|", "kubectl get pods,statefulsets "),
        ("kubectl get po we|", "kubectl get po web-"),
        ("kubectl get po web-0 web-1 w|", "kubectl get po web-0 web-1 web-2 "),
        ("kubectl -n kube-sys|", "kubectl -n kube-system "),
        ("kubectl get pods --namespace=kube-sys|", "kubectl get pods --namespace=kube-system "),
        ("kubectl get pods -nkube-sys|", "kubectl get pods -nkube-system "),
        ("kubectl get pods -o js|", "kubectl get pods -o json"),
        ("kubectl get pods -ow|", "kubectl get pods -owide "),
        ("kubectl get pods --all-n|", "kubectl get pods --all-namespaces "),
        ("kubectl delete sts web --casc|", "kubectl delete sts web --cascade="),
        ("kubectl delete sts web --cascade=or|", "kubectl delete sts web --cascade=orphan "),
        ("kubectl apply -f w|", "kubectl apply -f web.yaml "),
        ("kubectl apply -f notes/|", "kubectl apply -f notes/day\\ one.txt "),
        ("kubectl apply -f 'notes/|", "kubectl apply -f 'notes/day one.txt' "),
        ("kubectl logs web-0 -c |", "kubectl logs web-0 -c nginx "),
        ("kubectl logs web-0 |", "kubectl logs web-0 nginx "),
        ("kubectl logs statefulsets/|", "kubectl logs statefulsets/web "),
        ("kubectl exec web-0 -- host|", "kubectl exec web-0 -- hostname "),
        ("kubectl exec -it web-0 -- cat /usr/share/ng|", "kubectl exec -it web-0 -- cat /usr/share/nginx/"),
        ("kubectl set image sts web |", "kubectl set image sts web nginx="),
        ("kubectl set image sts/web nginx=registry|", "kubectl set image sts/web nginx=registry.k8s.io/"),
        ("kubectl explain sts.spec.persist|", "kubectl explain sts.spec.persistentVolumeClaimRetentionPolicy"),
        ("kubectl label pods web-0 --overw|", "kubectl label pods web-0 --overwrite "),
        ("kubectl wait pod/web-0 --for=cond|", "kubectl wait pod/web-0 --for=condition="),
        ("kubectl wait pod/web-0 --for=condition=Read|", "kubectl wait pod/web-0 --for=condition=Ready "),
        ("kubectl get pods -l app|", "kubectl get pods -l app"),
        ("kubectl taint nodes node-1|", "kubectl taint nodes node-1 "),
        ("kubectl get pods --field-selector status.phase=Run|", "kubectl get pods --field-selector status.phase=Running "),
        ("kubectl auth can-i delete statefuls|", "kubectl auth can-i delete statefulsets "),
        ("cat we|", "cat web.yaml "),
        ("cat < we|", "cat < web.yaml "),
        ("echo $(kubectl get sts w|", "echo $(kubectl get sts web "),
        ("for i in 1 2; do kubectl get sts w|", "for i in 1 2; do kubectl get sts web "),
        ("watch -n 1 kubectl get statefuls|", "watch -n 1 kubectl get statefulsets "),
        ("timeout 5 kubectl get sts w|", "timeout 5 kubectl get sts web "),
        ("EDITOR=cat kubectl edit sts w|", "EDITOR=cat kubectl edit sts web "),
        ("kubectl get sts w| -o yaml", "kubectl get sts web  -o yaml"),
        ("kubectl no-such-thing |", "kubectl no-such-thing "),
        ("kubectl create na|", "kubectl create namespace "),
        ("kubectl drain node-1|", "kubectl drain node-1 "),
        ("kubectl uncordon node-1 node-2 nod|", "kubectl uncordon node-1 node-2 node-3 "),
        ("kubectl config use-con|", "kubectl config use-context "),
        ("sandbox node res|", "sandbox node restore "),
        ("sandbox node fail node-2|", "sandbox node fail node-2 "),
        ("nslookup web-1|", "nslookup web-1.nginx.default.svc.cluster.local "),
        ("kubectl exec web-0 -- curl web-1|", "kubectl exec web-0 -- curl web-1.nginx "),
    ] {
        assert_eq!(tab(&session, line), expected, "{line}");
    }
    assert!(at_cursor(&session, "kubectl get pods ; gre|").candidates.iter().any(|candidate| candidate.text == "grep"));
}

#[test]
fn menus_hold_what_fits_with_a_note() {
    let session = session();
    assert_eq!(texts(&session, "kubectl rollout |"), ["history", "pause", "restart", "resume", "status", "undo"]);
    assert_eq!(texts(&session, "kubectl scale |"), ["statefulsets", "deployments", "replicasets", "replicationcontrollers"]);
    assert_eq!(texts(&session, "kubectl get sts,st|"), ["statefulsets", "storageclasses", "sts"]);
    assert_eq!(texts(&session, "kubectl get pods -o |")[..4], ["json", "name", "wide", "yaml"]);
    assert_eq!(texts(&session, "kubectl patch sts web --type=|"), ["json", "merge", "strategic"]);
    assert_eq!(texts(&session, "kubectl cordon |"), ["node-1", "node-2", "node-3"]);
    assert_eq!(texts(&session, "kubectl -n no-such get pods |"), [""; 0]);
    let pods = at_cursor(&session, "kubectl describe pod web|").candidates;
    assert_eq!((pods.len(), pods[0].what, pods[0].note.as_str()), (3, What::Object, "1/1 Running"));
    let kinds = at_cursor(&session, "kubectl get |").candidates;
    let set = kinds.iter().find(|candidate| candidate.text == "statefulsets");
    assert_eq!(set.map(|set| (set.what, set.note.as_str())), Some((What::Resource, "sts")));
    let exec = texts(&session, "kubectl exec -it |");
    assert!(exec.contains(&"web-0".to_owned()) && exec.contains(&"statefulsets/".to_owned()), "{exec:?}");
    let flags = texts(&session, "kubectl scale sts web --re|");
    assert_eq!(flags, ["--record", "--recursive", "--replicas", "--request-timeout", "--resource-version"]);
}

#[test]
fn every_command_and_every_flag_of_the_table_is_offered() {
    let session = session();
    for command in crate::kubectl::commands::COMMANDS {
        let line = format!("kubectl {}|", command.name);
        let last = command.name.rsplit(' ').next().unwrap_or_default();
        assert!(texts(&session, &line).contains(&last.to_owned()), "{line}");
        let flags = texts(&session, &format!("kubectl {} -|", command.name));
        for flag in command.flags.iter().flat_map(|some| some.iter()) {
            let offered = |text: &String| text.trim_end_matches('=') == format!("--{}", flag.name);
            assert!(flags.iter().any(offered), "{}: {}", command.name, flag.name);
        }
    }
}

#[test]
fn flags_of_programs_are_offered_and_each_is_one_that_the_program_knows() {
    let mut session = session();
    assert_eq!(texts(&session, "ls -|"), ["-1", "-F", "-S", "-a", "-d", "-l", "-r"]);
    assert_eq!(tab(&session, "kubectl get pods; grep --inv|"), "kubectl get pods; grep --invert-match ");
    assert_eq!(tab(&session, "head --li|"), "head --lines=");
    assert_eq!(tab(&session, "watch -n 1 grep --quie|"), "watch -n 1 grep --quiet ");
    assert_eq!(texts(&session, "grep -- -|"), [""; 0], "behind -- no word is a flag");
    assert_eq!(texts(&session, "kubectl exec web-0 -- curl --write|"), ["--write-out"]);
    session.run("kubectl run box --image=busybox -- sleep 3600", Streams::with_input(""), 60_000);
    session.advance_to(90_000);
    for (program, flags) in programs::FLAGS {
        let inside = match *program {
            "curl" | "du" => "kubectl exec web-0 -- ",
            "ping" | "wget" => "kubectl exec box -- ",
            _ => "",
        };
        for flag in flags.split(' ') {
            let value = match (flag.ends_with('='), *program) {
                (true, "nslookup") => "A",
                (true, _) => "1",
                (false, _) => "",
            };
            let deadline_ms = session.world.now_ms() + 2_000;
            let job = session.run(&format!("timeout 1 {inside}{program} {flag}{value}"), Streams::with_input("x"), deadline_ms);
            let said = session.job(job).streams.err.clone();
            for words in ["does not know", "not found", "not there", "refused:"] {
                assert!(!said.contains(words), "{program} {flag}: {said}");
            }
        }
    }
}

#[test]
fn a_shell_in_a_container_completes_its_own_programs_and_files() {
    let session = session();
    let inside = |command: &str, text: &str| {
        let completion = complete_inside(&session.world, &session.terminal, command, text, text.len());
        completion.candidates.into_iter().map(|candidate| candidate.text).collect::<Vec<_>>()
    };
    assert_eq!(inside("kubectl exec -it web-0 -- sh", "hostn"), ["hostname"]);
    assert_eq!(inside("kubectl exec -it web-0 -- bash", "cat /etc/res"), ["resolv.conf"]);
    assert_eq!(inside("kubectl exec -it web-0 -- sh", "kubec"), [""; 0]);
    assert_eq!(inside("kubectl exec web-0 -- sh", "hostn"), [""; 0], "nothing is read without -i");
    assert_eq!(inside("kubectl get pods -w", "hostn"), [""; 0]);
}

#[test]
fn nothing_is_offered_for_what_cannot_be_read() {
    let session = session();
    for line in ["kubectl get pods # co|", "cat <<EOF\nkubectl g|", "\u{1}\u{2}|"] {
        assert_eq!(at_cursor(&session, line), Completion { prefix: at_cursor(&session, line).prefix, ..Completion::default() }, "{line:?}");
    }
    let long = "x".repeat(1_000_000);
    assert_eq!(complete(&session.world, &session.terminal, &long, long.len()), Completion::default());
    assert_eq!(complete(&session.world, &session.terminal, "é", 1), Completion::default(), "a cursor inside a letter");
}
