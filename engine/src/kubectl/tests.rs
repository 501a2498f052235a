//! Commands and what they print, in a small world.

use crate::cluster::World;
use crate::process::Streams;
use crate::process::{Context, Poll};
use crate::session::terminal::Terminal;

use crate::settings::Settings;

use expect_test::{Expect, expect};

const WEB: &str = "apiVersion: v1
kind: Service
metadata:
  name: nginx
  labels:
    app: nginx
spec:
  ports:
  - port: 80
    name: web
  clusterIP: None
  selector:
    app: nginx
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: nginx
  serviceName: nginx
  replicas: 2
  template:
    metadata:
      labels:
        app: nginx
    spec:
      terminationGracePeriodSeconds: 10
      containers:
      - name: nginx
        image: registry.k8s.io/nginx-slim:0.24
        ports:
        - containerPort: 80
          name: web
        volumeMounts:
        - name: www
          mountPath: /usr/share/nginx/html
  volumeClaimTemplates:
  - metadata:
      name: www
    spec:
      accessModes: [ReadWriteOnce]
      resources:
        requests:
          storage: 1Gi
";

/// Runs commands one after the other and shows what each printed.
fn check(commands: &[&str], expected: Expect) {
    let mut world = World::fresh(Settings::default());
    let mut terminal = Terminal::default();
    terminal.files.insert("web.yaml".to_owned(), WEB.into());
    let mut out = String::new();
    for command in commands {
        let arguments = shlex::split(command).expect("well quoted");
        let mut streams = Streams::with_input("");
        let mut process = super::start(&arguments);
        let poll = process.poll(&mut Context { world: &mut world, terminal: &mut terminal, streams: &mut streams });
        out.push_str(&format!("$ {command}\n{}", streams.out));
        for line in streams.err.lines() {
            out.push_str(&format!("[stderr] {line}\n"));
        }
        match poll {
            Poll::Done(0) => {}
            Poll::Done(code) => out.push_str(&format!("[exit {code}]\n")),
            Poll::Waiting { .. } => out.push_str("[waits]\n"),
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn apply_says_what_it_did() {
    check(
        &["apply -f web.yaml", "apply -f web.yaml", "get sts,svc -o name", "get sts web", "delete sts web --wait=false"],
        expect![[r#"
            $ apply -f web.yaml
            service/nginx created
            statefulset.apps/web created
            $ apply -f web.yaml
            service/nginx unchanged
            statefulset.apps/web configured
            $ get sts,svc -o name
            statefulset.apps/web
            service/kubernetes
            service/nginx
            $ get sts web
            NAME   READY   AGE
            web    0/2     0s
            $ delete sts web --wait=false
            statefulset.apps "web" deleted from default namespace
        "#]],
    );
}
