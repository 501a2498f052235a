//! Texts and the problems found in them: `line:column severity code "words concerned" [-> fix]`, in the order of the
//! text. `UPDATE_EXPECT=1 cargo test` writes what is found now; read the difference before believing it.

use std::path::Path;

use expect_test::{Expect, expect};
use statefulset_engine::manifest::{Problem, check, parse};

fn all(text: &str) -> Vec<Problem> {
    let manifest = parse(text);
    let mut problems = manifest.problems.clone();
    problems.extend(check(&manifest));
    problems.sort_by_key(|problem| (problem.range.start.byte, problem.range.end.byte));
    problems
}

fn report(text: &str) -> String {
    let mut out = String::new();
    for problem in all(text) {
        let start = problem.range.start;
        let severity = format!("{:?}", problem.severity).to_lowercase();
        let words = problem.range.slice(text);
        out.push_str(&format!("{}:{} {severity} {} {words:?}", start.line, start.column, problem.code));
        for key in ["parent", "similar", "instead", "path"] {
            if !problem.get(key).is_empty() {
                out.push_str(&format!(" {key}={}", problem.get(key)));
                break;
            }
        }
        if let Some(fix) = &problem.fix {
            out.push_str(&format!(" -> {:?}", fix.replacement));
        }
        out.push('\n');
    }
    out
}

fn finds(text: &str, expected: Expect) {
    expected.assert_eq(&report(text));
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A set that is right, with `extra` lines under its `spec`.
fn set(extra: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: web\nspec:\n{extra}  selector:\n    matchLabels:\n      app: nginx\n  template:\n    metadata:\n      labels:\n        app: nginx\n    spec:\n      containers:\n      - name: nginx\n        image: nginx\n"
    )
}

#[test]
fn the_courses_broken_blocks_show_every_problem() {
    finds(
        &fixture("broken/selector-dedented.yaml"),
        expect![[r#"
        13:1 error dedented-field "app" parent=spec.selector -> "    app: nginx"
    "#]],
    );
    finds(
        &fixture("broken/tab-in-list.yaml"),
        expect![[r#"
        21:1 error tab-indentation "\t\t\t\t\t" -> "          "
    "#]],
    );
    finds(
        &fixture("broken/template-misplaced.yaml"),
        expect![[r#"
        11:3 error missing-field "template" path=spec.template.spec.containers
        14:1 error tab-indentation "\t\t\t\t" -> "        "
        15:3 error misplaced-field "spec" parent=spec.template -> "    spec:\n      containers:\n      - name: nginx\n        image: nginx:1.9.1\n        ports:\n        - containerPort: 80\n          name: web\n        volumeMounts:\n        - name: www\n          mountPath: /usr/share/nginx/html"
        25:1 error misplaced-field "volumeClaimTemplates" parent=spec -> "  volumeClaimTemplates:\n  - metadata:\n      name: www\n    spec:\n      accessModes:\n      - ReadWriteOnce\n      resources:\n        requests:\n          storage: 1Gi\t\t"
    "#]],
    );
    finds(
        &fixture("broken/rbd-pod.yaml"),
        expect![[r#"
        25:9 error unknown-field-known "imageformat" path=spec.volumes[0].rbd.imageformat
        26:9 error unknown-field-known "imagefeatures" path=spec.volumes[0].rbd.imagefeatures
    "#]],
    );
    finds(
        &fixture("broken/rbd-volume.yaml"),
        expect![[r#"
        7:1 error missing-field "spec" path=spec.accessModes
        21:5 error unknown-field-known "imageformat" path=spec.rbd.imageformat
        22:5 error unknown-field-known "imagefeatures" path=spec.rbd.imagefeatures
    "#]],
    );
}

#[test]
fn manifests_that_work_have_no_problem() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/good");
    let mut names: Vec<_> = std::fs::read_dir(folder).expect("fixtures").flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    assert_eq!(names.len(), 9);
    for name in names {
        let text = fixture(&format!("good/{}", name.to_string_lossy()));
        assert_eq!(report(&text), "", "{name:?}");
    }
}

#[test]
fn fixes_lead_to_a_manifest_without_problems() {
    for name in ["selector-dedented", "tab-in-list", "template-misplaced"] {
        let mut text = fixture(&format!("broken/{name}.yaml"));
        for _ in 0..10 {
            let Some(fix) = all(&text).into_iter().find_map(|problem| problem.fix) else {
                break;
            };
            text.replace_range(fix.range.start.byte..fix.range.end.byte, &fix.replacement);
        }
        assert_eq!(report(&text), "", "{name}:\n{text}");
    }
}

#[test]
fn indentation() {
    finds(
        &set("  serviceName: \"nginx\"\n   replicas: 2\n"),
        expect![[r#"
        7:1 error bad-indentation "   replicas: 2" -> "  "
    "#]],
    );
    finds(
        "metadata:\n  name: web\n labels:\n   a: b\nspec:\n  x: 1\n",
        expect![[r#"
            1:1 error api-version-missing "metadata:" instead=apps/v1
            1:1 error kind-missing "metadata:" instead=apps/v1
            3:1 error bad-indentation " labels:" -> "labels:\n  a: b"
        "#]],
    );
    finds(
        &set("\treplicas: 2\n\tserviceName: web\n"),
        expect![[r#"
        6:1 error tab-indentation "\t" -> "  "
        7:1 error tab-indentation "\t" -> "  "
    "#]],
    );
    finds(
        "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\nspec:\n\tcontainers:\n\t- name: a\n\t\timage: b\n\t\tports:\n\t\t- containerPort: 80\n\thostNetwork: true\n",
        expect![[r#"
        4:1 error tab-indentation "\t" -> "  "
        6:1 error tab-indentation "\t" -> "  "
        7:1 error tab-indentation "\t" -> "  "
        8:1 error tab-indentation "\t\t" -> "    "
        9:1 error tab-indentation "\t\t" -> "    "
        10:1 error tab-indentation "\t\t" -> "    "
        11:1 error tab-indentation "\t" -> "  "
    "#]],
    );
    finds("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  run.sh: |\n    if a; then\n    \tb\n    fi\n", expect![[r#""#]]);
    finds(
        "a:\n  - b: 1\n   c: 2\n",
        expect![[r#"
        1:1 error api-version-missing "a:" instead=apps/v1
        1:1 error kind-missing "a:" instead=apps/v1
        3:1 error bad-indentation "   c: 2" -> "    "
    "#]],
    );
}

#[test]
fn quotes_brackets_and_colons() {
    finds(
        &set("  serviceName: \"nginx\n  replicas: 2\n"),
        expect![[r#"
        6:16 error unclosed-quote "\"nginx" -> "\""
    "#]],
    );
    finds(
        "a: 'it\nb: 1\n",
        expect![[r#"
        1:1 error api-version-missing "a: 'it" instead=apps/v1
        1:1 error kind-missing "a: 'it" instead=apps/v1
        1:4 error unclosed-quote "'it" -> "'"
    "#]],
    );
    finds(
        "a: [1, 2\nb: 1\n",
        expect![[r#"
        1:1 error api-version-missing "a: [1, 2" instead=apps/v1
        1:1 error kind-missing "a: [1, 2" instead=apps/v1
        1:4 error unclosed-bracket "[" -> "]"
    "#]],
    );
    finds(
        "a: {b: 1\nc: 2\n",
        expect![[r#"
        1:1 error api-version-missing "a: {b: 1" instead=apps/v1
        1:1 error kind-missing "a: {b: 1" instead=apps/v1
        1:4 error unclosed-bracket "{" -> "}"
    "#]],
    );
    finds(
        "a: [1}\n",
        expect![[r#"
        1:1 error yaml-syntax "a: [1}"
    "#]],
    );
    finds(
        "a:1\nb: 2\n",
        expect![[r#"
        1:1 error missing-space-after-colon "a:" -> " "
        1:1 error api-version-missing "a:1" instead=apps/v1
        1:1 error kind-missing "a:1" instead=apps/v1
    "#]],
    );
    finds(
        "spec\n  a: 1\n",
        expect![[r#"
        1:1 error missing-colon "spec" -> ":"
        1:1 error api-version-missing "spec" instead=apps/v1
        1:1 error kind-missing "spec" instead=apps/v1
    "#]],
    );
    finds(
        "a: b: c\n",
        expect![[r#"
        1:1 error api-version-missing "a: b: c" instead=apps/v1
        1:1 error kind-missing "a: b: c" instead=apps/v1
        1:4 error value-needs-quotes "b: c" -> "\"b: c\""
    "#]],
    );
    finds(
        "a: @x\nb: %y\n",
        expect![[r#"
        1:1 error api-version-missing "a: @x" instead=apps/v1
        1:1 error kind-missing "a: @x" instead=apps/v1
        1:4 error value-needs-quotes "@x" -> "\"@x\""
        2:4 error value-needs-quotes "%y" -> "\"%y\""
    "#]],
    );
    finds(
        "a: \"\\q\"\nb: 1\n",
        expect![[r#"
        1:1 error yaml-syntax "a: \"\\q\""
        2:1 error api-version-missing "b: 1" instead=apps/v1
        2:1 error kind-missing "b: 1" instead=apps/v1
    "#]],
    );
    finds(
        "image: nginx\n: 3\n",
        expect![[r#"
        1:1 error api-version-missing "image: nginx" instead=apps/v1
        1:1 error kind-missing "image: nginx" instead=apps/v1
        2:1 error yaml-syntax ": 3"
    "#]],
    );
}

#[test]
fn anchors_aliases_and_keys() {
    finds(
        "a: *x\nb: 1\n",
        expect![[r#"
        1:1 error api-version-missing "a: *x" instead=apps/v1
        1:1 error kind-missing "a: *x" instead=apps/v1
        1:4 error unknown-anchor "*x"
    "#]],
    );
    finds(
        "a: &x [*x]\n",
        expect![[r#"
        1:1 error api-version-missing "a: &x [*x]" instead=apps/v1
        1:1 error kind-missing "a: &x [*x]" instead=apps/v1
        1:8 error alias-contains-itself "*x"
    "#]],
    );
    finds(
        "a: 1\nb: 2\na: 3\n",
        expect![[r#"
        1:1 error api-version-missing "a: 1" instead=apps/v1
        1:1 error kind-missing "a: 1" instead=apps/v1
        3:1 warning duplicate-key "a"
    "#]],
    );
    finds(
        "? [a, b]\n: 1\n",
        expect![[r#"
        1:1 error api-version-missing "? [a, b]" instead=apps/v1
        1:1 error kind-missing "? [a, b]" instead=apps/v1
        1:3 error key-not-scalar "[a, b]"
    "#]],
    );
    finds(
        "yes: 1\n",
        expect![[r#"
        1:1 warning key-reads-as-boolean "yes" -> "\"yes\""
        1:1 error api-version-missing "yes: 1" instead=apps/v1
        1:1 error kind-missing "yes: 1" instead=apps/v1
    "#]],
    );
    finds(
        "a: !!int x\nb: .inf\n",
        expect![[r#"
        1:1 error api-version-missing "a: !!int x" instead=apps/v1
        1:1 error kind-missing "a: !!int x" instead=apps/v1
        1:10 error tag-does-not-fit "x"
        2:4 error number-not-finite ".inf" -> "\".inf\""
    "#]],
    );
    finds(
        "a: &x 1\nb:\n  <<: *x\n",
        expect![[r#"
        1:1 error api-version-missing "a: &x 1" instead=apps/v1
        1:1 error kind-missing "a: &x 1" instead=apps/v1
        3:7 error merge-needs-mapping "*x"
    "#]],
    );
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
    finds(
        bomb,
        expect![[r#"
        1:1 error api-version-missing "a: &a [x,x,x,x,x,x,x,x,x]" instead=apps/v1
        1:1 error kind-missing "a: &a [x,x,x,x,x,x,x,x,x]" instead=apps/v1
        5:11 error alias-expansion-limit "*d"
    "#]],
    );
}

#[test]
fn characters_sizes_and_depths() {
    finds(
        "a: \u{7}b\nc: \u{0}\n",
        expect![[r#"
        1:1 error api-version-missing "a: \u{7}b" instead=apps/v1
        1:1 error kind-missing "a: \u{7}b" instead=apps/v1
        1:4 error control-character "\u{7}" -> ""
        2:4 error control-character "\0" -> ""
    "#]],
    );
    finds(
        "\u{feff}a: 1\n",
        expect![[r#"
        1:2 error api-version-missing "a: 1" instead=apps/v1
        1:2 error kind-missing "a: 1" instead=apps/v1
    "#]],
    );
    finds(
        "a: 1\n\u{feff}b: 1\n",
        expect![[r#"
            1:1 error api-version-missing "a: 1" instead=apps/v1
            1:1 error kind-missing "a: 1" instead=apps/v1
            2:1 error byte-order-mark "\u{feff}" -> ""
        "#]],
    );
    finds(
        &"[".repeat(10_000),
        expect![[r#"
        1:101 error nesting-too-deep "["
    "#]],
    );
    finds(
        &"- ".repeat(10_000),
        expect![[r#"
        1:1 error document-not-object "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - "
        1:201 error nesting-too-deep "-"
    "#]],
    );
    finds(
        &"a: b\n".repeat(400_000),
        expect![[r#"
        1:1 error text-too-long ""
    "#]],
    );
    finds("", expect![[r#""#]]);
    finds("# nothing\n---\n---\n", expect![[r#""#]]);
    finds(
        "hello",
        expect![[r#"
        1:1 error document-not-object "hello"
    "#]],
    );
    finds(
        "- a\n- b\n",
        expect![[r#"
        1:1 error document-not-object "- a"
    "#]],
    );
    finds(
        "a: 1\n...\nb: 2\n",
        expect![[r#"
        1:1 error api-version-missing "a: 1" instead=apps/v1
        1:1 error kind-missing "a: 1" instead=apps/v1
        3:1 warning document-ignored "b: "
    "#]],
    );
}

#[test]
fn kinds_and_versions() {
    finds(
        &set("").replace("apps/v1", "apps/v1beta2"),
        expect![[r#"
        1:13 error old-api-version "apps/v1beta2" instead=apps/v1 -> "apps/v1"
    "#]],
    );
    finds(
        &set("").replace("apps/v1", "extensions/v1beta1"),
        expect![[r#"
        1:13 error old-api-version "extensions/v1beta1" instead=apps/v1 -> "apps/v1"
    "#]],
    );
    finds(
        &set("").replace("apps/v1", "app/v1"),
        expect![[r#"
        1:13 error wrong-api-version "app/v1" instead=apps/v1 -> "apps/v1"
    "#]],
    );
    finds(
        &set("").replace("apps/v1", "v1"),
        expect![[r#"
        1:13 error wrong-api-version "v1" instead=apps/v1 -> "apps/v1"
    "#]],
    );
    finds(
        &set("").replace("apps/v1", "apps/v1/x"),
        expect![[r#"
        1:13 error api-version-malformed "apps/v1/x" instead=apps/v1 -> "apps/v1"
    "#]],
    );
    finds(
        &set("").replace("apps/v1", "apps.kruise.io/v1beta1"),
        expect![[r#"
        1:13 error custom-kind "apps.kruise.io/v1beta1"
    "#]],
    );
    finds(
        &set("").replace("StatefulSet", "StatefulSets"),
        expect![[r#"
        2:7 error unknown-kind-similar "StatefulSets" similar=StatefulSet -> "StatefulSet"
    "#]],
    );
    finds(
        &set("").replace("StatefulSet", "Widget"),
        expect![[r#"
        2:7 error unknown-kind "Widget"
    "#]],
    );
    finds(
        &set("").replace("apiVersion: apps/v1\n", ""),
        expect![[r#"
        1:1 error api-version-missing "kind: StatefulSet" instead=apps/v1 -> "apiVersion: apps/v1\n"
    "#]],
    );
    finds(
        &set("").replace("kind: StatefulSet\n", ""),
        expect![[r#"
        1:1 error kind-missing "apiVersion: apps/v1" instead=apps/v1
    "#]],
    );
    finds(
        &set("").replace("  name: web\n", "  labels: {}\n"),
        expect![[r#"
        3:1 error name-missing "metadata"
    "#]],
    );
    finds(
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: a}\n  spec: {port: 80}\n",
        expect![[r#"
        7:10 error unknown-field-similar "port" similar=ports -> "ports"
    "#]],
    );
}

#[test]
fn unknown_fields() {
    finds(
        &set("  replica: 2\n"),
        expect![[r#"
        6:3 error unknown-field-similar "replica" similar=replicas -> "replicas"
    "#]],
    );
    finds(
        &set("  Replicas: 2\n"),
        expect![[r#"
        6:3 error unknown-field-similar "Replicas" similar=replicas -> "replicas"
    "#]],
    );
    finds(
        &set("  strategy: {}\n"),
        expect![[r#"
        6:3 error unknown-field-similar "strategy" similar=updateStrategy -> "updateStrategy"
    "#]],
    );
    finds(
        &set("  foo: 2\n"),
        expect![[r#"
        6:3 error unknown-field "foo" path=spec.foo
    "#]],
    );
    finds(
        &set("  updateStrategy:\n    partition: 2\n"),
        expect![[r#"
        7:5 error misplaced-field "partition" parent=spec.updateStrategy.rollingUpdate -> "    rollingUpdate:\n      partition: 2"
    "#]],
    );
    finds(
        &set("").replace("    matchLabels:\n      app: nginx\n", "    app: nginx\n"),
        expect![[r#"
        7:5 error misplaced-field "app" parent=spec.selector.matchLabels -> "    matchLabels:\n      app: nginx"
    "#]],
    );
    finds(
        &(set("")
            + "      volumeClaimTemplates:\n      - metadata:\n          name: www\n        spec:\n          accessModes: [ReadWriteOnce]\n          resources: {requests: {storage: 1Gi}}\n"),
        expect![[r#"
        17:7 error misplaced-field "volumeClaimTemplates" parent=spec -> "  volumeClaimTemplates:\n  - metadata:\n      name: www\n    spec:\n      accessModes: [ReadWriteOnce]\n      resources: {requests: {storage: 1Gi}}"
    "#]],
    );
    finds(
        &(set("") + "        resource:\n          limits: {cpu: 1}\n"),
        expect![[r#"
        17:9 error unknown-field-similar "resource" similar=resources -> "resources"
    "#]],
    );
}

#[test]
fn wrong_types_and_values() {
    finds(
        &set("  replicas: \"3\"\n"),
        expect![[r#"
        6:13 error not-a-whole-number "\"3\"" path=spec.replicas -> "3"
    "#]],
    );
    finds(
        &set("  replicas: three\n"),
        expect![[r#"
        6:13 error not-a-whole-number "three" path=spec.replicas
    "#]],
    );
    finds(
        &set("  replicas: 2.5\n"),
        expect![[r#"
        6:13 error number-not-whole "2.5" path=spec.replicas
    "#]],
    );
    finds(
        &set("  replicas: 99999999999\n"),
        expect![[r#"
        6:13 error number-out-of-range "99999999999" path=spec.replicas
    "#]],
    );
    finds(&set("  replicas: 3.0\n  revisionHistoryLimit: 0x0A\n"), expect![[r#""#]]);
    finds(
        &set("  serviceName: 1\n"),
        expect![[r#"
        6:16 error not-a-text "1" path=spec.serviceName -> "\"1\""
    "#]],
    );
    finds(
        &set("  serviceName: yes\n"),
        expect![[r#"
        6:16 error reads-as-boolean "yes" path=spec.serviceName -> "\"yes\""
    "#]],
    );
    finds(
        &set("  podManagementPolicy: parallel\n"),
        expect![[r#"
        6:24 error not-one-of "parallel" path=spec.podManagementPolicy -> "Parallel"
    "#]],
    );
    finds(
        &set("  podManagementPolicy: Sequential\n"),
        expect![[r#"
        6:24 error not-one-of "Sequential" path=spec.podManagementPolicy
    "#]],
    );
    finds(
        &set("  updateStrategy: OnDelete\n"),
        expect![[r#"
        6:19 error not-an-object "OnDelete" path=spec.updateStrategy
    "#]],
    );
    finds(
        &(set("") + "        command: sh\n        ports: {containerPort: 80}\n        stdin: \"true\"\n"),
        expect![[r#"
        17:18 error not-a-list "sh" path=spec.template.spec.containers[0].command -> "[sh]"
        18:16 error not-a-list "{containerPort: 80}" path=spec.template.spec.containers[0].ports
        19:16 error not-a-boolean "\"true\"" path=spec.template.spec.containers[0].stdin -> "true"
    "#]],
    );
    finds(
        &(set("") + "        resources:\n          limits:\n            memory: 1gi\n            cpu: a lot\n"),
        expect![[r#"
        19:21 error not-a-quantity "1gi" path=spec.template.spec.containers[0].resources.limits[memory] -> "1Gi"
        20:18 error not-a-quantity "a lot" path=spec.template.spec.containers[0].resources.limits[cpu]
    "#]],
    );
    finds(
        &(set("") + "        env:\n        - name: A\n          value: 1\n        - value: b\n"),
        expect![[r#"
        19:18 error not-a-text "1" path=spec.template.spec.containers[0].env[0].value -> "\"1\""
        20:11 error missing-field "value: b" path=spec.template.spec.containers[0].env[1].name
    "#]],
    );
    finds(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  a: hello\n",
        expect![[r#"
        6:6 error not-base64 "hello" path=data[a]
    "#]],
    );
    finds(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: a\nspec:\n  accessModes: [RWO]\n",
        expect![[r#"
        5:1 error missing-field "spec" path=spec.resources
        6:17 error not-one-of "RWO" path=spec.accessModes[0] -> "ReadWriteOnce"
    "#]],
    );
}

#[test]
fn every_document_is_read_and_only_broken_ones_stop_kubectl() {
    let text = format!("{}---\na: [\n---\nkind: Pod\n", set("  replicas: x\n"));
    finds(
        &text,
        expect![[r#"
        6:13 error not-a-whole-number "x" path=spec.replicas
        19:1 error api-version-missing "a: [" instead=apps/v1
        19:1 error kind-missing "a: [" instead=apps/v1
        19:4 error unclosed-bracket "[" -> "]"
        21:1 error api-version-missing "kind: Pod" instead=v1 -> "apiVersion: v1\n"
        21:1 error name-missing "kind: Pod"
        21:1 error missing-field "kind: Pod" path=spec.containers
    "#]],
    );
    let manifest = parse(&text);
    assert_eq!(manifest.documents.iter().map(|doc| doc.index).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(manifest.applied().len(), 1);
}
