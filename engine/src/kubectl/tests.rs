//! Commands and what they print, in a small world.

use crate::process::Streams;
use crate::session::Session;

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

/// Runs commands one after the other, a minute apart where one begins with `…`, and shows what each printed.
fn check(commands: &[&str], expected: Expect) {
    let mut session = Session::new(Settings::default());
    session.terminal.files.insert("web.yaml".to_owned(), WEB.into());
    session
        .terminal
        .files
        .insert("bad.yaml".to_owned(), "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: bad\nspec:\n  replica: 1\n".into());
    let mut out = String::new();
    for command in commands {
        let command = match command.strip_prefix("… ") {
            Some(later) => {
                let then = session.world.now_ms() + 60_000;
                session.advance_to(then);
                later
            }
            None => command,
        };
        let deadline = session.world.now_ms() + 120_000;
        let id = session.run(&format!("kubectl {command}"), Streams::with_input(""), deadline);
        let job = session.job(id);
        out.push_str(&format!("$ {command}\n{}", job.streams.out));
        for line in job.streams.err.lines() {
            out.push_str(&format!("[stderr] {line}\n"));
        }
        match job.exit {
            Some(0) => {}
            Some(code) => out.push_str(&format!("[exit {code}]\n")),
            None => out.push_str("[waits]\n"),
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn apply_says_what_it_did() {
    check(
        &[
            "apply -f web.yaml",
            "… apply -f web.yaml",
            "apply -f bad.yaml",
            "apply -f nofile.yaml",
            "create -f web.yaml",
            "get sts,svc -o name",
            "replace -f web.yaml",
            "diff -f web.yaml",
        ],
        expect![[r#"
            $ apply -f web.yaml
            service/nginx created
            statefulset.apps/web created
            $ apply -f web.yaml
            service/nginx unchanged
            statefulset.apps/web configured
            $ apply -f bad.yaml
            [stderr] Error from server (BadRequest): error when creating "bad.yaml": StatefulSet in version "v1" cannot be handled as a StatefulSet: strict decoding error: unknown field "spec.replica"
            [exit 1]
            $ apply -f nofile.yaml
            [stderr] error: the path "nofile.yaml" does not exist
            [exit 1]
            $ create -f web.yaml
            [stderr] Error from server (AlreadyExists): error when creating "web.yaml": services "nginx" already exists
            [stderr] Error from server (AlreadyExists): error when creating "web.yaml": statefulsets.apps "web" already exists
            [exit 1]
            $ get sts,svc -o name
            statefulset.apps/web
            service/kubernetes
            service/nginx
            $ replace -f web.yaml
            service/nginx replaced
            statefulset.apps/web replaced
            $ diff -f web.yaml
        "#]],
    );
}

#[test]
fn lists_and_their_flags() {
    check(
        &[
            "apply -f web.yaml",
            "… get sts,pods,pvc --no-headers",
            "get pods -L app,statefulset.kubernetes.io/pod-name --show-labels",
            "get po -A -l k8s-app=kube-dns --no-headers -o custom-columns=NS:.metadata.namespace",
            "get pod web-0 web-7",
            "get pod web-7 --ignore-not-found",
            "get nodes,ns",
            "get endpoints nginx -o jsonpath={.subsets[*].addresses[*].hostname}",
            "get pods --field-selector spec.foo=1",
            "get pods --sort-by={.spec.nope}",
            "get pods,svc -w",
            "get",
        ],
        expect![[r#"
            $ apply -f web.yaml
            service/nginx created
            statefulset.apps/web created
            $ get sts,pods,pvc --no-headers
            statefulset.apps/web   2/2   60s
            pod/web-0   1/1   Running   0     60s
            pod/web-1   1/1   Running   0     58s
            persistentvolumeclaim/www-web-0   Bound   pvc-b9df31ca-fcb9-44c0-a0ce-d214656a24cf   1Gi   RWO   standard   <unset>   60s
            persistentvolumeclaim/www-web-1   Bound   pvc-6c0f12f3-9d33-4c6e-9e21-82911e93199d   1Gi   RWO   standard   <unset>   58s
            $ get pods -L app,statefulset.kubernetes.io/pod-name --show-labels
            NAME    READY   STATUS    RESTARTS   AGE   APP     POD-NAME   LABELS
            web-0   1/1     Running   0          60s   nginx   web-0      app=nginx,apps.kubernetes.io/pod-index=0,controller-revision-hash=web-6cdc958bf,statefulset.kubernetes.io/pod-name=web-0
            web-1   1/1     Running   0          58s   nginx   web-1      app=nginx,apps.kubernetes.io/pod-index=1,controller-revision-hash=web-6cdc958bf,statefulset.kubernetes.io/pod-name=web-1
            $ get po -A -l k8s-app=kube-dns --no-headers -o custom-columns=NS:.metadata.namespace
            kube-system
            kube-system
            $ get pod web-0 web-7
            NAME    READY   STATUS    RESTARTS   AGE
            web-0   1/1     Running   0          60s
            [stderr] Error from server (NotFound): pods "web-7" not found
            [exit 1]
            $ get pod web-7 --ignore-not-found
            $ get nodes,ns
            NAME          STATUS   ROLES    AGE   VERSION
            node/node-1   Ready    <none>   60s   v1.36.2
            node/node-2   Ready    <none>   60s   v1.36.2
            node/node-3   Ready    <none>   60s   v1.36.2

            NAME                        STATUS   AGE
            namespace/default           Active   60s
            namespace/kube-node-lease   Active   60s
            namespace/kube-public       Active   60s
            namespace/kube-system       Active   60s
            $ get endpoints nginx -o jsonpath={.subsets[*].addresses[*].hostname}
            web-0 web-1[stderr] Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
            $ get pods --field-selector spec.foo=1
            [stderr] Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "spec.foo=1": field label not supported: spec.foo
            [exit 1]
            $ get pods --sort-by={.spec.nope}
            [stderr] error: couldn't find any field with path "{.spec.nope}" in the list of objects
            [exit 1]
            $ get pods,svc -w
            [stderr] error: you may only specify a single resource type
            [exit 1]
            $ get
            [stderr] You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.
            [stderr] 
            [stderr] error: Required resource not specified.
            [stderr] Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
            [stderr] See 'kubectl get -h' for help and examples
            [exit 1]
        "#]],
    );
}

#[test]
fn deleting_waits_until_all_is_gone() {
    check(
        &[
            "apply -f web.yaml",
            "… delete pod web-1",
            "… delete pod web-0 --force",
            "delete pods -l app=nope",
            "delete sts web --cascade=foreground",
            "delete svc,pvc --all",
            "delete ns",
            "delete",
        ],
        expect![[r#"
            $ apply -f web.yaml
            service/nginx created
            statefulset.apps/web created
            $ delete pod web-1
            pod "web-1" deleted from default namespace
            $ delete pod web-0 --force
            pod "web-0" force deleted from default namespace
            [stderr] Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.
            $ delete pods -l app=nope
            No resources found
            $ delete sts web --cascade=foreground
            statefulset.apps "web" deleted from default namespace
            $ delete svc,pvc --all
            service "kubernetes" deleted from default namespace
            service "nginx" deleted from default namespace
            persistentvolumeclaim "www-web-0" deleted from default namespace
            persistentvolumeclaim "www-web-1" deleted from default namespace
            $ delete ns
            [stderr] error: resource(s) were provided, but no name was specified
            [exit 1]
            $ delete
            [stderr] error: You must provide one or more resources by argument or filename.
            [stderr] Example resource specifications include:
            [stderr]    '-f rsrc.yaml'
            [stderr]    '--filename=rsrc.json'
            [stderr]    '<resource> <name>'
            [stderr]    '<resource>'
            [exit 1]
        "#]],
    );
}

#[test]
fn rollouts_are_followed() {
    check(
        &[
            "apply -f web.yaml",
            "rollout status sts/web",
            "set image sts/web nginx=registry.k8s.io/nginx-slim:0.25",
            "rollout status sts/web --timeout=1s",
            "rollout status sts/web",
            "rollout history sts web",
            "rollout undo sts/web",
            "rollout undo sts/web --to-revision=3",
            "rollout status sts web",
        ],
        expect![[r#"
            $ apply -f web.yaml
            service/nginx created
            statefulset.apps/web created
            $ rollout status sts/web
            Waiting for statefulset spec update to be observed...
            Waiting for 2 pods to be ready...
            Waiting for 2 pods to be ready...
            Waiting for 1 pods to be ready...
            Waiting for 1 pods to be ready...
            partitioned roll out complete: 2 new pods have been updated...
            $ set image sts/web nginx=registry.k8s.io/nginx-slim:0.25
            statefulset.apps/web image updated
            $ rollout status sts/web --timeout=1s
            Waiting for statefulset spec update to be observed...
            Waiting for partitioned roll out to finish: 0 out of 2 new pods have been updated...
            Waiting for 1 pods to be ready...
            Waiting for 1 pods to be ready...
            Waiting for 1 pods to be ready...
            [stderr] error: timed out waiting for the condition
            [exit 1]
            $ rollout status sts/web
            Waiting for 1 pods to be ready...
            Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...
            Waiting for 1 pods to be ready...
            Waiting for 1 pods to be ready...
            Waiting for 1 pods to be ready...
            partitioned roll out complete: 2 new pods have been updated...
            $ rollout history sts web
            statefulset.apps/web 
            REVISION  CHANGE-CAUSE
            1         <none>
            2         <none>

            $ rollout undo sts/web
            statefulset.apps/web rolled back
            [stderr] Warning: resource statefulsets/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.
            $ rollout undo sts/web --to-revision=3
            [stderr] Warning: resource statefulsets/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.
            [stderr] error: unable to find specified revision 3 in history
            [exit 1]
            $ rollout status sts web
            Waiting for statefulset spec update to be observed...
            Waiting for partitioned roll out to finish: 0 out of 2 new pods have been updated...
            Waiting for 1 pods to be ready...
            Waiting for 1 pods to be ready...
            Waiting for 1 pods to be ready...
            Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...
            Waiting for 1 pods to be ready...
            Waiting for 1 pods to be ready...
            Waiting for 1 pods to be ready...
            partitioned roll out complete: 2 new pods have been updated...
        "#]],
    );
}

#[test]
fn verbs_that_change_one_thing() {
    check(
        &[
            "apply -f web.yaml",
            "… label pod web-0 tier=front",
            "annotate sts web a=b",
            "scale --replicas=1 sts/web",
            "wait --for=delete pod/web-1 --timeout=60s",
            "set env sts/web A=b --dry-run=client",
            "set resources sts/web --limits=cpu=x",
            "taint nodes node-1 a=b:NoSchedule",
            "taint nodes node-1 a-",
            "cordon node-2",
            "drain node-1 --pod-selector=app=nginx",
            "uncordon node-2",
            "expose pod web-0 --port=80 --name=one",
            "create configmap c --from-literal=a=b -o yaml --dry-run=client",
            "create service clusterip x --tcp=80:8080",
            "config set-context --current --namespace=kube-system",
            "config view -o jsonpath={.contexts[0].context.namespace}",
        ],
        expect![[r#"
            $ apply -f web.yaml
            service/nginx created
            statefulset.apps/web created
            $ label pod web-0 tier=front
            pod/web-0 labeled
            $ annotate sts web a=b
            statefulset.apps/web annotated
            $ scale --replicas=1 sts/web
            statefulset.apps/web scaled
            $ wait --for=delete pod/web-1 --timeout=60s
            pod/web-1 condition met
            $ set env sts/web A=b --dry-run=client
            statefulset.apps/web env updated (dry run)
            $ set resources sts/web --limits=cpu=x
            [stderr] error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
            [exit 1]
            $ taint nodes node-1 a=b:NoSchedule
            node/node-1 tainted
            $ taint nodes node-1 a-
            node/node-1 untainted
            $ cordon node-2
            node/node-2 cordoned
            $ drain node-1 --pod-selector=app=nginx
            node/node-1 cordoned
            evicting pod default/web-0
            pod/web-0 evicted
            node/node-1 drained
            $ uncordon node-2
            node/node-2 uncordoned
            $ expose pod web-0 --port=80 --name=one
            [stderr] Error from server (NotFound): pods "web-0" not found
            [exit 1]
            $ create configmap c --from-literal=a=b -o yaml --dry-run=client
            apiVersion: v1
            data:
              a: b
            kind: ConfigMap
            metadata:
              name: c
            $ create service clusterip x --tcp=80:8080
            service/x created
            $ config set-context --current --namespace=kube-system
            Context "sandbox" modified.
            $ config view -o jsonpath={.contexts[0].context.namespace}
            kube-system"#]],
    );
}

#[test]
fn programs_run_in_pods() {
    check(
        &[
            "apply -f web.yaml",
            "… exec web-0 -- hostname",
            "exec -it sts/web -- sh -c 'exit 3'",
            "exec web-9 -- hostname",
            "exec web-0 hostname",
            "run probe --image=busybox --restart=Never -i --rm -- nslookup web-0.nginx",
            "logs web-0",
        ],
        expect![[r#"
            $ apply -f web.yaml
            service/nginx created
            statefulset.apps/web created
            $ exec web-0 -- hostname
            web-0
            $ exec -it sts/web -- sh -c 'exit 3'
            [stderr] command terminated with exit code 3
            [exit 3]
            $ exec web-9 -- hostname
            [stderr] Error from server (NotFound): pods "web-9" not found
            [exit 1]
            $ exec web-0 hostname
            [stderr] error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead
            [stderr] See 'kubectl exec -h' for help and examples
            [exit 1]
            $ run probe --image=busybox --restart=Never -i --rm -- nslookup web-0.nginx
            Server:		10.96.0.10
            Address:	10.96.0.10:53

            ** server can't find web-0.nginx: NXDOMAIN

            ** server can't find web-0.nginx: NXDOMAIN

            pod "probe" deleted from default namespace
            [stderr] All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.
            [stderr] If you don't see a command prompt, try pressing enter.
            [stderr] sandbox: the nslookup of busybox 1.29 and later does not try the search list for a name with a dot; ask for web-0.nginx.default.svc.cluster.local, or use busybox:1.28
            [stderr] pod default/probe terminated (Error)
            [exit 1]
            $ logs web-0
            2026/01/01 00:00:02 [notice] 1#1: using the "epoll" event method
            2026/01/01 00:00:02 [notice] 1#1: nginx/1.25.5
            2026/01/01 00:00:02 [notice] 1#1: OS: Linux 6.1.0
            2026/01/01 00:00:02 [notice] 1#1: getrlimit(RLIMIT_NOFILE): 1048576:1048576
            2026/01/01 00:00:02 [notice] 1#1: start worker processes
            2026/01/01 00:00:02 [notice] 1#1: start worker process 29
        "#]],
    );
}

#[test]
fn wrong_uses_are_refused_in_cobras_words() {
    check(
        &[
            "gett pods",
            "rollout stat sts/web",
            "get pods --watch=maybe",
            "get pods -q",
            "scale sts/web --replicas=99999999999999999999",
            "--foo get pods",
            "create secret",
            "exec",
            "get pods/a/b",
            "get pods -o jsonpath={.x",
            "delete sts/web --cascade=x",
            "explain sts.spec.updateStrategy.x",
            "attach web-0",
        ],
        expect![[r#"
            $ gett pods
            [stderr] error: unknown command "gett" for "kubectl"
            [stderr] 
            [stderr] Did you mean this?
            [stderr] 	set
            [stderr] 	get
            [exit 1]
            $ rollout stat sts/web
            [stderr] error: unknown command "stat sts/web"
            [stderr] See 'kubectl rollout -h' for help and examples
            [exit 1]
            $ get pods --watch=maybe
            [stderr] error: invalid argument "maybe" for "-w, --watch" flag: strconv.ParseBool: parsing "maybe": invalid syntax
            [stderr] See 'kubectl get --help' for usage.
            [exit 1]
            $ get pods -q
            [stderr] error: unknown shorthand flag: 'q' in -q
            [stderr] See 'kubectl get --help' for usage.
            [exit 1]
            $ scale sts/web --replicas=99999999999999999999
            [stderr] error: invalid argument "99999999999999999999" for "--replicas" flag: strconv.ParseInt: parsing "99999999999999999999": value out of range
            [stderr] See 'kubectl scale --help' for usage.
            [exit 1]
            $ --foo get pods
            [stderr] error: unknown flag: --foo
            [stderr] See 'kubectl get --help' for usage.
            [exit 1]
            $ create secret
            [stderr] Create a secret with specified type.
            [stderr] 
            [stderr] Available Commands:
            [stderr]   generic              Create a secret based on a file, directory, or specified literal value
            [stderr] 
            [stderr] Usage:
            [stderr]   kubectl create secret (generic) [options]
            [stderr] 
            [stderr] Use "kubectl options" for a list of global command-line options (applies to all commands).
            [exit 1]
            $ exec
            [stderr] error: pod, type/name or --filename must be specified
            [exit 1]
            $ get pods/a/b
            [stderr] error: arguments in resource/name form may not have more than one slash
            [exit 1]
            $ get pods -o jsonpath={.x
            [stderr] error: error parsing jsonpath {.x, unclosed action
            [exit 1]
            $ delete sts/web --cascade=x
            [stderr] error: invalid cascade value (x). Must be "background", "foreground", or "orphan"
            [exit 1]
            $ explain sts.spec.updateStrategy.x
            GROUP:      apps
            KIND:       StatefulSet
            VERSION:    v1

            [stderr] error: field "x" does not exist
            [exit 1]
            $ attach web-0
            [stderr] sandbox: this command needs a machine beside the cluster, and there is none here; kubectl exec and kubectl run reach into pods
            [exit 1]
        "#]],
    );
}
