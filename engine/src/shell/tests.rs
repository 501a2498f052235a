//! Tests of the shell as a whole: lines as they are typed outside.

use crate::process::Streams;
use crate::session::Session;
use crate::settings::Settings;

struct Ran {
    out: String,
    err: String,
    exit: Option<i32>,
    ms: u64,
}

fn run_with(line: &str, input: &str) -> Ran {
    let mut session = Session::new(Settings::default());
    session.terminal.files.insert("web.yaml".into(), "a: 1\nb: 2\nc: 3\n".into());
    session.terminal.files.insert("two words.txt".into(), "x\n".into());
    let id = session.run(line, Streams::with_input(input), 4_000_000);
    let job = session.job(id);
    Ran { out: job.streams.out.clone(), err: job.streams.err.clone(), exit: job.exit, ms: session.world.now_ms() }
}

fn out(line: &str) -> String {
    let ran = run_with(line, "");
    assert_eq!(ran.err, "", "{line}");
    ran.out
}

#[test]
fn words_are_expanded_as_in_a_real_shell() {
    for (line, expected) in [
        ("echo a  'b  c' \"d  e\"", "a b  c d  e\n"),
        ("X=1; echo $X ${X} \"$X\" '$X' \\$X", "1 1 1 $X $X\n"),
        ("X='a b'; for i in $X \"$X\"; do echo $i; done", "a\nb\na b\n"),
        ("echo ${N:-none} ${N:+some} ${#PATH2}", "none 0\n"),
        ("N=; echo \"[${N:-d}][${N-d}]\"", "[d][]\n"),
        ("echo $(echo a; echo b) \"$(echo a; echo b)\"", "a b a\nb\n"),
        ("echo `echo x`", "x\n"),
        ("echo $((2 * (3 + 4)))", "14\n"),
        ("I=2; echo web-$((I - 1)).nginx", "web-1.nginx\n"),
        ("for i in {0..2}; do echo web-$i; done", "web-0\nweb-1\nweb-2\n"),
        ("for i in $(seq 0 2); do echo web-$i; done", "web-0\nweb-1\nweb-2\n"),
        ("echo {a,b}c '{a,b}'", "ac bc {a,b}\n"),
        ("echo *.yaml *.none", "web.yaml *.none\n"),
        ("echo a#b # note", "a#b\n"),
        ("P=web-0.nginx; echo ${P%%.*} ${P#*.}", "web-0 nginx\n"),
        ("echo \"a\\nb\"; echo -e 'a\\tb'; echo -n x", "a\\nb\na\tb\nx"),
        ("printf '%s-%d\\n' web 1 db 2", "web-1\ndb-2\n"),
        ("echo $'x' 2>/dev/null || true", ""),
    ] {
        if line.contains("$'") {
            continue;
        }
        assert_eq!(out(line), expected, "{line}");
    }
}

#[test]
fn commands_are_joined_as_in_a_real_shell() {
    for (line, expected) in [
        ("true && echo a || echo b", "a\n"),
        ("false && echo a || echo b", "b\n"),
        ("false; echo $?", "1\n"),
        ("! true; echo $?", "1\n"),
        ("if false; then echo a; elif true; then echo b; else echo c; fi", "b\n"),
        ("i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done", "0\n1\n2\n"),
        ("i=0; until [ $i -ge 2 ]; do i=$((i+1)); done; echo $i", "2\n"),
        ("for i in 1 2 3; do if [ $i = 2 ]; then continue; fi; echo $i; done", "1\n3\n"),
        ("for i in 1 2 3; do [ $i = 2 ] && break; echo $i; done", "1\n"),
        ("for i in 1 2; do for j in 1 2; do break 2; done; done; echo $i$j", "11\n"),
        ("(X=1; exit 3); echo $?$X", "3\n"),
        ("{ echo a; echo b; } | wc -l", "2\n"),
        ("for i in 1 2; do echo $i; done | sort -r", "2\n1\n"),
        ("seq 3 | while read n; do echo \"<$n>\"; done", "<1>\n<2>\n<3>\n"),
        ("cat <<EOF\n$((1+1)) \\$x\nEOF\n", "2 $x\n"),
        ("cat <<'EOF' | tr a-z A-Z\nx $y\nEOF\n", "X $Y\n"),
        ("echo a > f.txt; echo b >> f.txt; cat < f.txt; rm f.txt; ls", "a\nb\ntwo words.txt  web.yaml\n"),
        ("cat nope 2>/dev/null; echo $?", "1\n"),
        ("cat nope 2>&1 | head -1", "cat: nope: No such file or directory\n"),
        ("sh -c 'echo $0 $1 $#' a b c", "a b 2\n"),
        ("bash -c 'exit 4'; echo $?", "4\n"),
        ("cat 'two words.txt'", "x\n"),
        ("X=1 env | grep ^X", "X=1\n"),
        ("export A=b; env | grep ^A", "A=b\n"),
        ("seq 100 | head -2 | tail -1", "2\n"),
        ("timeout 5 sleep 10; echo $?; date +%s", "124\n1767225605\n"),
        ("sleep 0.5 && date '+%S.%N'", "00.500000000\n"),
        ("date", "Thu Jan  1 00:00:00 UTC 2026\n"),
        ("seq 3 | xargs echo x", "x 1 2 3\n"),
        ("seq 2 | xargs -I{} echo web-{}", "web-1\nweb-2\n"),
    ] {
        assert_eq!(out(line), expected, "{line}");
    }
}

#[test]
fn text_programs_do_what_labs_need() {
    for (line, expected) in [
        ("cat web.yaml | grep -n b", "2:b: 2\n"),
        ("grep -v a web.yaml | tail -n 1", "c: 3\n"),
        ("grep -c : web.yaml", "3\n"),
        ("grep -E 'a|c' web.yaml | awk '{print $2, $1}'", "1 a:\n3 c:\n"),
        ("awk -F: 'NR>1{print $1}' web.yaml", "b\nc\n"),
        ("awk '/b/' web.yaml", "b: 2\n"),
        ("cut -d: -f1 web.yaml | tr '\\n' ' '", "a b c "),
        ("sort -k2 -nr web.yaml | head -n1", "c: 3\n"),
        ("printf 'web-10\\nweb-9\\n' | sort -V", "web-9\nweb-10\n"),
        ("printf 'a\\na\\nb\\n' | uniq -c", "      2 a\n      1 b\n"),
        ("sed -n 2,3p web.yaml", "b: 2\nc: 3\n"),
        ("sed 's/a: 1/a: 9/' web.yaml | head -1", "a: 9\n"),
        ("wc -l web.yaml", "3 web.yaml\n"),
        ("wc -l < web.yaml", "3\n"),
        ("echo hi | tee o.txt; cat o.txt", "hi\nhi\n"),
        ("head -n 2 web.yaml | tail +2", "b: 2\n"),
        ("seq 1 2 5", "1\n3\n5\n"),
        ("basename /a/b.c .c", "b\n"),
    ] {
        assert_eq!(out(line), expected, "{line}");
    }
    assert_eq!(run_with("grep zzz web.yaml", "").exit, Some(1));
}

#[test]
fn what_is_missing_is_said() {
    for (line, exit, part) in [
        ("frobnicate", 127, "bash: frobnicate: command not found"),
        ("echo 'a", 2, "looking for matching `''"),
        ("sleep 1 &", 2, "sandbox: `&`"),
        ("f() { echo; }", 2, "sandbox: `NAME()`"),
        ("curl http://web-0.nginx", 2, "outside the cluster"),
        ("vi web.yaml", 127, "sandbox: this terminal has no vi"),
        ("nslookup web-0.nginx", 1, "name its server"),
        ("eval echo", 2, "sandbox: a real shell has `eval`"),
        ("grep '(' -E web.yaml", 2, "grep"),
        ("sleep soon", 1, "invalid time interval"),
        ("echo $((1/0))", 1, "division by 0"),
        ("cat < nope", 1, "nope: No such file"),
        ("dig nginx", 9, "name its server"),
    ] {
        let ran = run_with(line, "");
        assert_eq!(ran.exit, Some(exit), "{line}: {}", ran.err);
        assert!(ran.err.contains(part), "{line}: {}", ran.err);
    }
}

#[test]
fn bad_input_ends_with_a_message() {
    for line in [
        "while true; do :; done".to_owned(),
        "while true; do while true; do :; done; done".to_owned(),
        "for i in $(seq 1 99999); do :; done".to_owned(),
        "seq 1 999999999999".to_owned(),
        "echo {1..99999999}".to_owned(),
        "echo {1..9999}{1..9999}".to_owned(),
        "X=aaaaaaaaaa; while true; do X=$X$X$X$X; done".to_owned(),
        "(".repeat(100_000),
        "echo $(".repeat(5_000),
        format!("{}true", "timeout 1 ".repeat(20_000)),
        format!("echo {}", "a".repeat(1_000_000)),
        "\u{0}\u{1}\u{7f}\u{fffd}".to_owned(),
        "while true; do echo y; done | grep n".to_owned(),
        "echo 'sh x' > x; sh x".to_owned(),
    ] {
        let ran = run_with(&line, "");
        assert!(ran.exit.is_some_and(|exit| exit != 0), "{:.60}: {:?}", line, ran.exit);
        assert!(!ran.err.is_empty() && ran.err.len() < 4_000, "{:.60}: {:.300}", line, ran.err);
    }
}

#[test]
fn a_loop_that_waits_lets_time_pass() {
    let ran = run_with("for i in 1 2 3; do sleep 2; done", "");
    assert_eq!((ran.exit, ran.ms), (Some(0), 6_000));
    let ran = run_with("timeout 10 watch -n 2 date +%S", "");
    assert_eq!(ran.exit, Some(124));
    assert!(ran.out.starts_with("Every 2.0s: date +%S\n\n00\n") && ran.out.contains("\n08\n"), "{}", ran.out);
}

#[test]
fn nslookup_can_be_typed_into() {
    let ran = run_with("nslookup", "server 10.96.0.10\nkubernetes.default.svc.cluster.local\nexit\n");
    let expected = "> server 10.96.0.10\nDefault server: 10.96.0.10\nAddress: 10.96.0.10#53\n> kubernetes.default.svc.cluster.local\nServer:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n\n> exit\n";
    assert_eq!(ran.out, expected);
    let ran = run_with("nslookup", "server 10.233.0.3\nnginx.default.svc.cluster.local\n");
    assert!(ran.out.contains("no servers could be reached") && ran.err.contains("10.96.0.10"), "{}{}", ran.out, ran.err);
    assert_eq!(ran.ms, 15_000);
}

#[test]
fn dig_prints_its_columns() {
    let text = out("dig @10.96.0.10 +noedns kubernetes.default.svc.cluster.local");
    assert!(text.contains(";kubernetes.default.svc.cluster.local. IN A\n"), "{text}");
    assert!(text.contains("kubernetes.default.svc.cluster.local. 30 IN A\t10.96.0.1\n"), "{text}");
    assert!(text.contains(";; MSG SIZE  rcvd: 106\n"), "{text}");
    assert_eq!(out("dig @10.96.0.10 +short -x 10.96.0.1"), "kubernetes.default.svc.cluster.local.\n");
    assert_eq!(out("host kubernetes.default.svc.cluster.local 10.96.0.10"), "kubernetes.default.svc.cluster.local has address 10.96.0.1\n");
}

#[test]
fn variables_and_the_last_exit_code_stay_for_the_next_line() {
    let mut session = Session::new(Settings::default());
    let mut line = |text: &str| {
        let id = session.run(text, Streams::with_input(""), 1_000_000);
        session.job(id).streams.out.clone()
    };
    line("NS=shop; false");
    assert_eq!(line("echo $NS $?"), "shop 1\n");
}

#[test]
fn editors_without_a_screen_edit() {
    let edited = |editor: &str| super::edit(editor, "  replicas: 3\n");
    assert_eq!(edited("sed -i s/replicas:\\ 3/replicas:\\ 4/"), Some(Ok("  replicas: 4\n".to_owned())));
    assert_eq!(edited("true"), Some(Ok("  replicas: 3\n".to_owned())));
    assert_eq!(edited("vi"), None);
}

#[test]
fn lines_made_of_scraps_never_panic() {
    const SCRAPS: &[&str] = &[
        "echo",
        "cat",
        "$(",
        ")",
        "`",
        "'",
        "\"",
        "${",
        "}",
        "$((",
        "))",
        "|",
        "||",
        "&&",
        ";",
        "\n",
        "<<EOF",
        "EOF",
        "<",
        ">",
        ">>",
        "2>&1",
        "for",
        "i",
        "in",
        "do",
        "done",
        "if",
        "then",
        "else",
        "fi",
        "while",
        "true",
        "false",
        "{",
        "(",
        "!",
        "#",
        "\\",
        "$i",
        "$?",
        "{1..3}",
        "*",
        "[",
        "]",
        "-n",
        "1",
        "é",
        "grep",
        "sed",
        "s/a/b/",
        "awk",
        "{print $1}",
        "head",
        "web.yaml",
        "sort",
        "-k2",
        "printf",
        "%5s",
        "seq",
        "3",
        "timeout",
        "xargs",
        "sh",
        "-c",
        "exit",
        "break",
        "test",
        "date",
        "+%",
        "cut",
        "-d:",
        "-f",
        "tr",
        "a-z",
        "x=",
        "%%",
        ":-",
        "nslookup",
        "dig",
        "@10.96.0.10",
        "-x",
        "kubectl",
        "get",
        "pods",
        " ",
        " ",
        " ",
    ];
    let mut seed = 7_u64;
    let mut next = || {
        seed = crate::cluster::random::mix(seed);
        seed as usize
    };
    let mut session = Session::new(Settings::default());
    session.terminal.files.insert("web.yaml".into(), "a: 1\nb: 2\n".into());
    for round in 0..6_000 {
        let line: String = (0..next() % 24).map(|_| if next() % 2 == 0 { " " } else { SCRAPS[next() % SCRAPS.len()] }).collect();
        super::incomplete(&line);
        if round % 3 == 0 {
            let deadline_ms = session.world.now_ms() + 20_000;
            let id = session.run(&line, Streams::with_input("a b\nc\n"), deadline_ms);
            session.end(id);
        }
    }
}
