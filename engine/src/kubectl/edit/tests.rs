//! Edits as a person makes them: the file opens, is saved, comes back with what was wrong.

use crate::process::Streams;
use crate::session::{JobId, Session};
use crate::settings::Settings;

fn session() -> Session {
    let mut session = Session::new(Settings::default());
    session.terminal.files.insert("web.yaml".into(), include_str!("../../../../tests/scenarios/web.yaml").into());
    session.run("kubectl apply -f web.yaml", Streams::with_input(""), 1_000);
    session.advance_to(60_000);
    session
}

fn open(session: &mut Session, line: &str) -> JobId {
    let id = session.start(line, Streams::default());
    assert_eq!(session.job(id).exit, None, "{}", session.job(id).streams.err);
    id
}

fn text(session: &Session) -> String {
    session.terminal.open.as_ref().map(|open| open.text.to_string()).expect("a file is open")
}

#[test]
fn what_is_saved_is_stored_and_what_others_changed_stays() {
    let mut session = session();
    let id = open(&mut session, "kubectl edit sts web");
    let before = text(&session);
    assert!(before.starts_with("# Please edit the object below."), "{before}");
    assert!(!before.contains("managedFields"));
    session.run("kubectl label sts web by=another", Streams::with_input(""), 61_000);
    session.close_file(Some(&before.replace("replicas: 3\n  revisionHistoryLimit", "replicas: 5\n  revisionHistoryLimit")));
    assert_eq!(session.job(id).exit, Some(0), "{}", session.job(id).streams.err);
    assert_eq!(session.job(id).streams.out, "statefulset.apps/web edited\n");
    assert!(session.terminal.open.is_none());
    let id = session.run("kubectl get sts web -o jsonpath='{.spec.replicas} {.metadata.labels.by}'", Streams::with_input(""), 62_000);
    assert_eq!(session.job(id).streams.out, "5 another");
}

#[test]
fn what_cannot_be_saved_opens_again_with_the_reason_and_is_kept_in_the_end() {
    let mut session = session();
    let id = open(&mut session, "kubectl edit sts/web");
    let before = text(&session);
    let wrong = before.replace("serviceName: nginx", "serviceName: other");
    session.close_file(Some(&wrong));
    let again = text(&session);
    assert!(again.contains("#\n# statefulsets.apps \"web\" was not valid:\n# * spec: Forbidden: updates to statefulset spec"), "{again}");
    assert!(again.contains("serviceName: other"));
    // Broken YAML, then a wrong type, then nothing new.
    session.close_file(Some(&wrong.replace("spec:\n", "spec: [\n")));
    assert!(text(&session).contains("# * <nil>: Invalid value: \"The edited file failed validation\": "), "{}", text(&session));
    session.close_file(Some(&before.replace("replicas: 3\n  revisionHistoryLimit", "replicas: abc\n  revisionHistoryLimit")));
    let last = text(&session);
    assert!(last.contains("# * patch: Invalid value: \"map[spec:map[replicas:abc]]\": unrecognized type: int32\n"), "{last}");
    session.close_file(None);
    let job = session.job(id);
    assert_eq!(job.exit, Some(1));
    let lines: Vec<&str> = job.streams.err.lines().collect();
    assert_eq!(lines[..3], ["error: statefulsets.apps \"web\" is invalid"; 3]);
    assert!(lines[3].starts_with("A copy of your changes has been stored to \"/tmp/kubectl-edit-"), "{lines:?}");
    assert_eq!(lines[4], "error: Edit cancelled, no valid changes were saved.");
    let kept = lines[3].split('"').nth(1).expect("a path").to_owned();
    let id = session.run(&format!("cat {kept}"), Streams::with_input(""), 60_000);
    assert!(session.job(id).streams.out.contains("replicas: abc"));
}

#[test]
fn nothing_changed_and_everything_gone_cancel_the_edit() {
    let mut session = session();
    for (saved, words) in [(None, "no changes made"), (Some("# nothing\n\n"), "saved file was empty")] {
        let id = open(&mut session, "kubectl edit sts web");
        session.close_file(saved);
        assert_eq!(session.job(id).streams.err, format!("Edit cancelled, {words}.\n"));
        assert_eq!(session.job(id).exit, Some(0));
    }
}

#[test]
fn an_unknown_field_another_name_and_an_object_that_is_gone_are_refused() {
    let mut session = session();
    open(&mut session, "kubectl edit sts web");
    let before = text(&session);
    session.close_file(Some(&before.replace("  serviceName: nginx", "  serviceName: nginx\n  size: 3")));
    assert!(text(&session).contains("strict decoding error: unknown field \"spec.size\""), "{}", text(&session));
    session.close_file(None);
    let id = open(&mut session, "kubectl edit sts web");
    session.close_file(Some(&before.replace("\n  name: web\n", "\n  name: other\n")));
    assert!(session.job(id).streams.err.ends_with("error: At least one of apiVersion, kind and name was changed\n"));
    let id = open(&mut session, "kubectl edit pod web-2");
    let pod = text(&session);
    session.run("kubectl delete sts web", Streams::with_input(""), 200_000);
    session.advance_to(300_000);
    session.close_file(Some(&pod.replace("  labels:\n", "  labels:\n    a: b\n")));
    assert!(session.job(id).streams.err.starts_with("error: pods \"web-2\" could not be found on the server\nThe edits you made"));
}

#[test]
fn a_second_edit_waits_and_ctrl_c_closes_the_file() {
    let mut session = session();
    let first = open(&mut session, "kubectl edit sts web");
    let second = open(&mut session, "kubectl edit svc nginx");
    assert!(text(&session).contains("kind: StatefulSet"));
    session.interrupt(first);
    assert_eq!(session.job(first).exit, Some(130));
    session.advance_to(61_000);
    assert!(text(&session).contains("kind: Service"));
    session.close_file(None);
    assert_eq!(session.job(second).exit, Some(0));
    let id = session.start("kubectl edit sts web", Streams::with_input(""));
    assert!(session.job(id).streams.err.starts_with("sandbox: kubectl edit needs a person"));
}

#[test]
fn several_objects_are_one_list() {
    let mut session = session();
    let id = open(&mut session, "kubectl edit sts/web svc/nginx");
    let before = text(&session);
    assert!(before.contains("kind: List"), "{before}");
    session.close_file(Some(&before.replace("replicas: 3\n    revisionHistoryLimit", "replicas: 2\n    revisionHistoryLimit")));
    assert_eq!(session.job(id).streams.out, "statefulset.apps/web edited\nservice/nginx skipped\n");
}
