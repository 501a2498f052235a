//! Tests of programs in containers, on a cluster that runs the web set.

use crate::api::kind::Kind;
use crate::api::object::Key;
use crate::cluster::deletion::DeleteOptions;
use crate::process::{Budget, Context, Poll, Streams};
use crate::session::Session;
use crate::settings::{DnsCache, Settings};

use super::exec_in_pod;

const WEB: &str = include_str!("../../../tests/conformance/dns/web.yaml");
const EXTRA: &str = "apiVersion: v1
kind: Service
metadata: {name: read}
spec:
  selector: {app: nginx}
  ports: [{port: 8080, targetPort: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: box}
spec:
  containers:
  - name: box
    image: busybox:1.28
    env: [{name: A, value: b}, {name: ME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
    volumeMounts: [{name: scratch, mountPath: /scratch}, {name: settings, mountPath: /etc/app}]
  volumes:
  - {name: scratch, emptyDir: {}}
  - {name: settings, configMap: {name: app}}
---
apiVersion: v1
kind: Pod
metadata: {name: new}
spec: {containers: [{name: new, image: busybox}]}
---
apiVersion: v1
kind: Pod
metadata: {name: net}
spec: {containers: [{name: net, image: nicolaka/netshoot}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: app}
data: {color: blue}
";

struct Ran {
    out: String,
    err: String,
    exit: i32,
}

fn cluster(settings: Settings) -> Session {
    let mut session = Session::new(settings);
    for text in [WEB, EXTRA] {
        for document in crate::manifest::parse(text).documents {
            session.world.create(document.value, "default").expect("the manifest is good");
        }
    }
    session.advance_to(60_000);
    session
}

fn words(text: &str) -> Vec<String> {
    shlex::split(text).expect("words")
}

fn exec(session: &mut Session, pod: &str, argv: &[&str], input: Option<&str>, tty: bool) -> Ran {
    let key = Key::new(Kind::Pod, "default", pod);
    let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
    let mut process = exec_in_pod(&session.world, &key, 0, &argv, tty, input.is_some());
    let mut streams = Streams::with_input(input.unwrap_or_default());
    loop {
        let mut context =
            Context { world: &mut session.world, terminal: &mut session.terminal, streams: &mut streams, budget: &mut Budget::default() };
        match process.poll(&mut context) {
            Poll::Done(exit) => return Ran { out: streams.out, err: streams.err, exit },
            Poll::Waiting { until_ms } => {
                let next_ms = session.world.next_ms().into_iter().chain(until_ms).min().expect("something is waited for");
                session.world.advance_to(next_ms);
            }
        }
    }
}

fn run(session: &mut Session, pod: &str, line: &str) -> Ran {
    let argv = words(line);
    exec(session, pod, &argv.iter().map(String::as_str).collect::<Vec<_>>(), None, false)
}

fn out(session: &mut Session, pod: &str, line: &str) -> String {
    let ran = run(session, pod, line);
    assert_eq!((ran.err.as_str(), ran.exit), ("", 0), "{pod}: {line}");
    ran.out
}

fn address(session: &Session, pod: &str) -> String {
    let pod = session.world.store.find(Kind::Pod, "default", pod).and_then(|object| object.pod()).expect("the pod");
    pod.status.ip.to_string()
}

fn replace(session: &mut Session, pod: &str) {
    let key = Key::new(Kind::Pod, "default", pod);
    session.world.delete(&key, &DeleteOptions::default()).expect("the pod is there");
    let now = session.world.now_ms();
    session.advance_to(now + 60_000);
}

#[test]
fn a_pod_knows_itself() {
    let mut session = cluster(Settings::default());
    let ip = address(&session, "web-1");
    assert_eq!(out(&mut session, "web-1", "sh -c hostname"), "web-1\n");
    assert_eq!(out(&mut session, "web-1", "hostname -f"), "web-1.nginx.default.svc.cluster.local\n");
    assert_eq!(out(&mut session, "web-1", "hostname -i"), format!("{ip}\n"));
    assert_eq!(
        out(&mut session, "web-1", "cat /etc/resolv.conf"),
        "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"
    );
    assert!(out(&mut session, "web-1", "cat /etc/hosts").ends_with(&format!("{ip}\tweb-1.nginx.default.svc.cluster.local\tweb-1\n")));
    assert_eq!(out(&mut session, "box", "sh -c 'echo $A $ME $HOSTNAME $KUBERNETES_SERVICE_HOST'"), "b box box 10.96.0.1\n");
    assert_eq!(out(&mut session, "box", "cat /etc/app/color"), "blue");
    assert_eq!(
        out(&mut session, "box", "sh -c 'for i in $(seq 0 $((3 - 1)));do P=\"${P}${P:+,}web-$i\";done;echo $P'"),
        "web-0,web-1,web-2\n"
    );
}

#[test]
fn data_on_a_volume_survives_the_pod_and_data_in_the_container_does_not() {
    let mut session = cluster(Settings::default());
    assert!(out(&mut session, "web-1", "curl localhost").contains("403 Forbidden"), "an empty volume hides the image's page");
    out(&mut session, "web-1", "sh -c 'echo hello Desotech Student > /usr/share/nginx/html/index.html'");
    out(&mut session, "web-1", "sh -c 'echo gone > /tmp/note; mkdir -p /opt/a/b'");
    assert_eq!(out(&mut session, "web-1", "curl localhost"), "hello Desotech Student\n");
    assert_eq!(out(&mut session, "web-1", "cat /tmp/note"), "gone\n");
    assert_eq!(out(&mut session, "web-1", "ls /opt/a"), "b\n");
    assert_eq!(out(&mut session, "web-1", "ls -A /opt/a"), "b\n");
    assert_eq!(out(&mut session, "web-1", "ls -a /opt/a"), ".\n..\nb\n");
    assert_eq!(out(&mut session, "web-1", "ls -aF /opt/a"), "./\n../\nb/\n");
    let before = address(&session, "web-1");
    replace(&mut session, "web-1");
    assert_ne!(address(&session, "web-1"), before);
    assert_eq!(out(&mut session, "web-1", "curl -s http://localhost/"), "hello Desotech Student\n");
    assert_eq!(run(&mut session, "web-1", "cat /tmp/note").err, "cat: /tmp/note: No such file or directory\n");
    assert!(out(&mut session, "web-1", "df -h /usr/share/nginx/html").contains("1.0G"));
    assert_eq!(run(&mut session, "box", "sh -c 'echo x > /etc/app/color'").err, "sh: /etc/app/color: Read-only file system\n");
    assert_eq!(run(&mut session, "box", "sh -c 'echo x > /nope/a'").err, "sh: /nope/a: No such file or directory\n");
    out(&mut session, "web-1", "sh -c 'rm -rf /usr/share/nginx/html/*; rm /etc/os-release'");
    assert_eq!(out(&mut session, "web-1", "ls /usr/share/nginx/html"), "");
    assert_eq!(run(&mut session, "web-1", "cat /etc/os-release").exit, 1);
}

#[test]
fn pods_reach_each_other_by_name() {
    let mut session = cluster(Settings::default());
    for ordinal in 0..3 {
        out(&mut session, &format!("web-{ordinal}"), &format!("sh -c 'echo page {ordinal} > /usr/share/nginx/html/index.html'"));
    }
    assert_eq!(out(&mut session, "web-0", "curl -s web-2.nginx"), "page 2\n");
    assert!(out(&mut session, "web-0", "curl -s http://read:8080/").starts_with("page "));
    assert_eq!(out(&mut session, "box", "wget -qO- web-1.nginx.default.svc.cluster.local"), "page 1\n");
    assert_eq!(out(&mut session, "web-0", "curl -s -o /dev/null -w '%{http_code}' web-1.nginx/nope"), "404");
    for (line, exit, text) in [
        ("curl web-9.nginx", 6, "curl: (6) Could not resolve host: web-9.nginx\n"),
        ("curl -sS web-1.nginx:81", 7, "curl: (7) Failed to connect to web-1.nginx port 81 after 0 ms: Couldn't connect to server\n"),
        ("curl 10.244.9.9", 7, "curl: (7) Failed to connect to 10.244.9.9 port 80 after 3071 ms: Couldn't connect to server\n"),
        ("curl -m 1 10.244.9.9", 28, "curl: (28) Connection timed out after 1000 milliseconds\n"),
        ("curl -f web-1.nginx/nope", 22, "curl: (22) The requested URL returned error: 404\n"),
        ("curl", 2, "curl: no URL specified!\ncurl: try 'curl --help' or 'curl --manual' for more information\n"),
    ] {
        let ran = run(&mut session, "web-0", line);
        assert_eq!((ran.exit, ran.err.as_str()), (exit, text), "{line}");
    }
    assert_eq!(run(&mut session, "box", "wget -q -O- nope").err, "wget: bad address 'nope'\n");
    assert!(run(&mut session, "web-0", "nslookup nginx").err.contains("exec: \"nslookup\": executable file not found in $PATH"));
    let web = Key::new(Kind::Pod, "default", "web-0");
    assert!(super::cannot_start(&session.world, &web, 0, &words("dig x")).is_some_and(|message| message.contains("failed to start exec")));
    assert_eq!(super::cannot_start(&session.world, &web, 0, &words("/bin/sh -c x")), None);
    assert!(run(&mut session, "box", "curl x").err.contains("\"curl\": executable file not found"));
    assert_eq!(run(&mut session, "box", "sh -c 'curl x'").err, "sh: curl: not found\n");
    assert!(out(&mut session, "net", "ping -c 2 web-0.nginx").contains("2 packets transmitted, 2 packets received, 0% packet loss"));
}

#[test]
fn every_nslookup_has_its_layout() {
    let mut session = cluster(Settings::default());
    let ip = address(&session, "web-0");
    assert_eq!(
        out(&mut session, "net", "nslookup web-0.nginx"),
        format!("Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\tweb-0.nginx.default.svc.cluster.local\nAddress: {ip}\n\n")
    );
    assert_eq!(
        out(&mut session, "box", "nslookup web-0.nginx"),
        format!(
            "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\nName:      web-0.nginx\nAddress 1: {ip} web-0.nginx.default.svc.cluster.local\n"
        )
    );
    let short = run(&mut session, "new", "nslookup web-0.nginx");
    assert_eq!(
        short.out,
        "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find web-0.nginx: NXDOMAIN\n\n** server can't find web-0.nginx: NXDOMAIN\n\n"
    );
    assert!(short.err.contains("web-0.nginx.default.svc.cluster.local") && short.exit == 1, "{}", short.err);
    let whole = out(&mut session, "new", "nslookup web-0.nginx.default.svc.cluster.local");
    assert_eq!(
        whole,
        format!("Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb-0.nginx.default.svc.cluster.local\nAddress: {ip}\n\n\n")
    );
    let missing = run(&mut session, "net", "nslookup web-9.nginx");
    assert_eq!(
        (missing.exit, missing.out.as_str()),
        (1, "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n** server can't find web-9.nginx: NXDOMAIN\n\n")
    );
    assert!(
        out(&mut session, "net", "nslookup -type=SRV _web._tcp.nginx")
            .contains("service = 0 33 80 web-0.nginx.default.svc.cluster.local.\n")
    );
    assert_eq!(out(&mut session, "net", "dig +short +search web-0.nginx"), format!("{ip}\n"));
    assert_eq!(out(&mut session, "net", "dig +short web-0.nginx.default.svc.cluster.local A"), format!("{ip}\n"));
    assert_eq!(out(&mut session, "net", "host web-0.nginx"), format!("web-0.nginx.default.svc.cluster.local has address {ip}\n"));
    replace(&mut session, "web-0");
    let after = address(&session, "web-0");
    assert!(out(&mut session, "net", "nslookup web-0.nginx").contains(&after));
}

#[test]
fn a_cache_keeps_what_was_asked_too_early() {
    let mut session = cluster(Settings { dns_cache: DnsCache::All, ..Settings::default() });
    let before = address(&session, "web-0");
    assert_eq!(out(&mut session, "net", "dig +short web-0.nginx.default.svc.cluster.local"), format!("{before}\n"));
    session.world.delete(&Key::new(Kind::Pod, "default", "web-0"), &DeleteOptions::default()).expect("the pod is there");
    let now = session.world.now_ms();
    session.advance_to(now + 10_000);
    assert_ne!(address(&session, "web-0"), before);
    assert_eq!(out(&mut session, "net", "dig +short web-0.nginx.default.svc.cluster.local"), format!("{before}\n"));
    session.advance_to(now + 31_000);
    assert_eq!(out(&mut session, "net", "dig +short web-0.nginx.default.svc.cluster.local"), format!("{}\n", address(&session, "web-0")));
}

#[test]
fn a_shell_in_a_container_prompts_and_echoes_at_a_terminal() {
    let mut session = cluster(Settings::default());
    let typed = "hostname\ncd /tmp\nfor i in 1 2; do\necho $i\ndone\nfalse\necho $((1/0))\nexit 3\necho never\n";
    let ran = exec(&mut session, "box", &["sh"], Some(typed), true);
    assert_eq!(ran.exit, 3);
    assert_eq!(
        ran.out,
        "/ # hostname\nbox\n/ # cd /tmp\n/tmp # for i in 1 2; do\n> echo $i\n> done\n1\n2\n/tmp # false\n/tmp # echo $((1/0))\n/tmp # exit 3\n"
    );
    let ran = exec(&mut session, "web-0", &["bash"], Some("pwd\n"), true);
    assert_eq!((ran.out.as_str(), ran.exit), ("root@web-0:/# pwd\n/\nroot@web-0:/# exit\n", 0));
    let ran = exec(&mut session, "net", &["/bin/bash"], Some("nslookup\nserver 10.96.0.10\nexit\nexit\n"), true);
    assert_eq!(
        ran.out,
        "bash-5.0# nslookup\n> server 10.96.0.10\nDefault server: 10.96.0.10\nAddress: 10.96.0.10#53\n> exit\nbash-5.0# exit\n"
    );
    let ran = exec(&mut session, "box", &["sh"], Some("echo a\necho b"), false);
    assert_eq!((ran.out.as_str(), ran.exit), ("a\nb\n", 0));
}

#[test]
fn a_program_ends_with_its_container() {
    let mut session = cluster(Settings::default());
    let key = Key::new(Kind::Pod, "default", "web-0");
    let mut process = exec_in_pod(&session.world, &key, 0, &words("sleep 1000"), false, false);
    session.world.delete(&key, &DeleteOptions::default()).expect("the pod is there");
    let mut streams = Streams::default();
    let mut last = Poll::Waiting { until_ms: None };
    for _ in 0..10_000 {
        last = process.poll(&mut Context {
            world: &mut session.world,
            terminal: &mut session.terminal,
            streams: &mut streams,
            budget: &mut Budget::default(),
        });
        if last == Poll::Done(137) || !session.world.step() {
            break;
        }
    }
    assert_eq!(last, Poll::Done(137));
    let gone = exec(&mut session, "nope", &["sh"], None, false);
    assert_eq!(gone.exit, 1);
}

#[test]
fn an_interrupt_at_a_prompt_ends_only_what_runs() {
    let mut session = cluster(Settings::default());
    let job = session.start("kubectl exec -it net -- sh", Streams::default());
    session.type_into(job, "ping web-0.nginx\n");
    session.advance_to(62_500);
    session.interrupt(job);
    assert_eq!(session.job(job).exit, None);
    session.type_into(job, "echo still here; exit\n");
    let job = session.job(job);
    assert_eq!(job.exit, Some(0));
    assert!(job.streams.out.contains("0% packet loss\n^C\n/ # echo still here; exit\nstill here\n"), "{}", job.streams.out);
}
