//! Tests of the script runner.

use super::*;

fn run_text(text: &str) -> Result<Output, ScriptError> {
    run(text, &|name| (name == "there.txt").then(|| "from a file\n".to_owned()), &Options::default())
}

fn transcript(text: &str) -> String {
    run_text(text).map(|output| output.transcript).unwrap_or_else(|error| panic!("{error}"))
}

fn error(text: &str) -> ScriptError {
    run_text(text).err().expect("the script is refused")
}

#[test]
fn commands_are_echoed_with_output_errors_and_exit() {
    assert_eq!(
        transcript("# note\n\n$ echo a b\n$ false\n$ cat nope\n"),
        "$ echo a b\na b\n$ false\n[exit 1]\n$ cat nope\n[stderr] cat: nope: No such file or directory\n[exit 1]\n"
    );
}

#[test]
fn files_are_read_from_beside_the_script_and_from_it() {
    assert_eq!(transcript("@file x.yaml\na: 1\n@end\n$ cat there.txt x.yaml\n"), "$ cat there.txt x.yaml\nfrom a file\na: 1\n");
}

#[test]
fn a_path_from_the_root_is_never_one_of_the_machine() {
    let all = |_: &str| Some("secret\n".to_owned());
    let output = run("$ cat /etc/os-release\n", &all, &Options::default()).map(|output| output.transcript);
    assert_eq!(output.as_deref(), Ok("$ cat /etc/os-release\n[stderr] cat: /etc/os-release: No such file or directory\n[exit 1]\n"));
}

#[test]
fn input_lines_are_standard_input_or_part_of_the_command() {
    assert_eq!(transcript("$ cat\n> one\n>\n> two\n"), "$ cat\none\n\ntwo\n");
    assert_eq!(transcript("$ cat <<EOF\n> one\n> EOF\n"), "$ cat <<EOF\none\n");
    assert_eq!(transcript("$ for i in 1 2; do\n> echo $i\n> done\n"), "$ for i in 1 2; do\n1\n2\n");
}

#[test]
fn time_passes_as_told() {
    assert_eq!(run_text("@at 500\n@at 100\n@wait 1m\n$ sleep 2\n").ok().map(|output| output.session.world.now_ms()), Some(62_500));
    let settled = run_text("@settle\n").map(|output| output.session.world.now_ms());
    assert!(settled.is_ok_and(|now_ms| now_ms >= 90_000));
}

#[test]
fn a_command_is_interrupted_where_the_script_says() {
    assert_eq!(transcript("$ sleep 100\n@at 3000\n^C\n$ date +%S\n"), "$ sleep 100\n[exit 130]\n$ date +%S\n03\n");
    let text = transcript("$ while true; do sleep 1; done\n");
    assert!(text.contains("[stderr] sandbox: ") && text.contains("[exit "), "{text}");
}

#[test]
fn what_keeps_running_is_printed_at_the_end() {
    assert_eq!(
        transcript("& sleep 5; echo late\n$ echo first\n@wait 10s\n"),
        "$ sleep 5; echo late\n$ echo first\nfirst\n$ sleep 5; echo late\nlate\n"
    );
}

#[test]
fn nodes_say_of_themselves_what_the_script_says() {
    let info = "@config {\"nodes\": 1, \"nodeInfo\": {\"osImage\": \"Debian\", \"kernelVersion\": \"6.9\"}}\n";
    let said = transcript(&format!("{info}$ kubectl get node node-1 -o jsonpath='{{.status.nodeInfo.osImage}}'\n"));
    assert!(said.ends_with("\nDebian\n"), "{said}");
    let run = "$ kubectl run n --image=nginx:1.27\n@settle\n$ kubectl logs n\n";
    let logged = transcript(&format!("{info}{run}"));
    assert!(logged.contains("OS: Linux 6.9\n"), "{logged}");
    assert!(transcript(run).contains("OS: Linux 6.1.0\n"));
}

#[test]
fn every_setting_is_described() {
    let described = include_str!("../../../docs/scripts.md");
    for directive in ["config", "kubelet"] {
        let message = error(&format!("@{directive} {{\"x\": 1}}\n")).message;
        let (_, keys) = message.split_once("no key \"x\": ").expect("the keys are named");
        for key in keys.split(", ") {
            assert!(described.contains(&format!("`{key}`")), "{key} is not in docs/scripts.md");
        }
    }
}

#[test]
fn a_line_that_cannot_be_read_is_named() {
    for (text, line, part) in [
        ("hello\n", 1, "cannot read"),
        ("\n> x\n", 2, "without a command"),
        ("^C\n", 1, "without a command"),
        ("@nope\n", 1, "no directive"),
        ("@at soon\n", 1, "milliseconds"),
        ("@wait 5\n", 1, "30s"),
        ("@config {\n", 1, "JSON"),
        ("@config {\"nodes\": 0}\n", 1, "nodes"),
        ("@config {\"node\": 1}\n", 1, "no key"),
        ("@config {\"nodeInfo\": {\"os\": \"x\"}}\n", 1, "osImage"),
        ("@config {\"nodeInfo\": {\"osImage\": \"a\\nb\"}}\n", 1, "a line"),
        ("$ true\n@config {}\n", 2, "before the first command"),
        ("@kubelet {\"rule\": {\"pod\": \"(\"}}\n", 1, "no pattern"),
        ("@file x\na\n", 1, "@end"),
        ("@end\n", 1, "@file"),
        ("@apply nope.yaml\n", 1, "nope.yaml"),
        ("@settle now\n", 1, "nothing"),
        ("@namespace\n", 1, "name"),
    ] {
        let error = error(text);
        assert_eq!(error.line, line, "{text:?}");
        assert!(error.message.contains(part), "{text:?}: {}", error.message);
    }
}

#[test]
fn kubelet_rules_replace_each_other() {
    let rules = |text: &str| run_text(text).map(|output| output.session.world.settings.kubelet.rules).unwrap_or_default();
    let once = "@kubelet {\"rule\": {\"pod\": \"web-1\", \"mode\": \"notready\"}}\n";
    assert_eq!(rules(once).len(), 1);
    assert_eq!(rules(&once.repeat(2)).len(), 1);
    assert_eq!(rules(&format!("{once}@kubelet {{\"rule\": {{\"pod\": \"web-1\", \"mode\": null}}}}\n")).len(), 0);
    assert_eq!(rules("@kubelet {\"rule\": {\"pod\": \"web-.*\", \"mode\": null, \"exitCode\": 143}}\n")[0].exit_code, Some(143));
}

#[test]
fn a_run_is_repeatable() {
    let trace = || run_text("$ kubectl get pods\n@wait 5s\n").map(|output| output.trace().collect::<Vec<_>>());
    let (first, second) = (trace(), trace());
    assert!(first.as_ref().is_ok_and(|lines| !lines.is_empty()));
    assert_eq!(first, second);
}
