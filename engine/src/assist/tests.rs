//! Help at the mark `¦` of a text.

use super::*;

fn at_mark(text: &str) -> (String, usize) {
    let at = text.find('¦').expect("a mark");
    (text.replace('¦', ""), at)
}

fn labels(text: &str) -> Vec<String> {
    let (text, at) = at_mark(text);
    let known = Known { classes: vec!["standard".into()], services: vec!["kubernetes".into()], namespaces: vec!["default".into()] };
    complete(&text, at, &known).options.into_iter().map(|option| option.label).collect()
}

fn has(text: &str, wanted: &[&str], unwanted: &[&str]) {
    let labels = labels(text);
    for name in wanted {
        assert!(labels.iter().any(|label| label == name), "{name} is offered in {text:?}: {labels:?}");
    }
    for name in unwanted {
        assert!(!labels.iter().any(|label| label == name), "{name} is not offered in {text:?}: {labels:?}");
    }
}

const SET: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: web\nspec:\n";

#[test]
fn keys_are_offered_in_their_place() {
    has("¦", &["apiVersion", "kind", "statefulset"], &["replicas"]);
    has("apiVersion: v1\n¦", &["kind", "metadata"], &["apiVersion", "statefulset"]);
    has(&format!("{SET}  ¦"), &["replicas", "serviceName", "volumeClaimTemplates", "partition", "retention"], &["containers", "name"]);
    has(&format!("{SET}  repl¦\n  serviceName: a\n"), &["replicas"], &["serviceName"]);
    has(&format!("{SET}  replicas: 3\n¦"), &[], &["replicas", "metadata", "status"]);
    has(&format!("{SET}  template:\n    spec:\n      containers:\n      - ¦"), &["image", "name", "probe", "ports"], &["replicas"]);
    has(&format!("{SET}  template:\n    spec:\n      containers:\n      - name: a\n        ¦"), &["image", "ports"], &["name"]);
    has(&format!("{SET}  template:\n    spec:\n      containers:\n        - name: a\n          ¦"), &["image"], &["name", "containers"]);
    has(
        &format!("{SET}  template:\n    spec:\n      containers:\n      - name: a\n      ¦"),
        &["volumes", "hostNetwork"],
        &["containers", "image"],
    );
    has(
        &format!("{SET}  template:\n    spec:\n      containers:\n      - name: a\n        image: b\n    ¦"),
        &["metadata"],
        &["spec", "image"],
    );
    has(&format!("{SET}  updateStrategy:\n    ¦"), &["type", "rollingUpdate"], &["partition", "replicas"]);
    has(&format!("{SET}  updateStrategy:\n    rollingUpdate:\n      ¦"), &["partition", "maxUnavailable"], &["type"]);
    has(&format!("{SET}  selector:\n    matchLabels:\n      ¦"), &[], &["app", "replicas"]);
    has("apiVersion: v1\nkind: Service\nspec:\n  ports:\n  - port: 80\n    ¦", &["targetPort", "name"], &["port", "ports"]);
    has("apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    ¦text\n", &[], &["data"]);
    has("kind: Service\napiVersion: v1\n---\n¦", &["apiVersion", "statefulset"], &["spec2"]);
}

#[test]
fn values_are_offered_behind_their_key() {
    has("kind: ¦", &["StatefulSet", "Service", "Pod"], &["apps/v1"]);
    has("apiVersion: apps/v1\nkind: ¦", &["StatefulSet"], &["Service"]);
    has("kind: StatefulSet\napiVersion: ¦", &["apps/v1"], &["v1"]);
    has(&format!("{SET}  podManagementPolicy: ¦"), &["OrderedReady", "Parallel"], &[]);
    has(&format!("{SET}  template:\n    spec:\n      hostNetwork: ¦"), &["true", "false"], &[]);
    has(&format!("{SET}  serviceName: ¦\n---\nkind: Service\napiVersion: v1\nmetadata:\n  name: nginx\n"), &["nginx", "kubernetes"], &[]);
    let claim = "  volumeClaimTemplates:\n  - metadata:\n      name: www\n    spec:\n      accessModes: [¦]\n      storageClassName: ";
    has(&format!("{SET}{claim}"), &["ReadWriteOnce", "ReadWriteMany"], &[]);
    has(&format!("{SET}{}¦", claim.replace('¦', "")), &["standard"], &[]);
    let mounts = "  template:\n    spec:\n      containers:\n      - name: a\n        volumeMounts:\n        - name: ¦\n      volumes:\n      - name: cfg\n";
    has(&format!("{SET}{mounts}  volumeClaimTemplates:\n  - metadata:\n      name: www\n"), &["cfg", "www"], &["a", "web"]);
}

#[test]
fn a_word_tells_its_path_and_type() {
    let hovered = |text: &str| {
        let (text, at) = at_mark(text);
        hover(&text, at).map(|found| (text[found.from..found.to].to_owned(), found.title, found.ty))
    };
    let strategy = format!("{SET}  updateStrategy:\n    rollingUpdate:\n      part¦ition: 2\n");
    let expected = ("partition".to_owned(), "spec.updateStrategy.rollingUpdate.partition".to_owned(), "<integer>".to_owned());
    assert_eq!(hovered(&strategy), Some(expected));
    let image = format!("{SET}  template:\n    spec:\n      containers:\n      - name: a\n        image: ngi¦nx:1\n");
    assert_eq!(hovered(&image), Some(("nginx:1".to_owned(), "spec.template.spec.containers.image".to_owned(), "<string>".to_owned())));
    let first = format!("{SET}  template:\n    spec:\n      containers:\n      - na¦me: a\n");
    assert_eq!(hovered(&first).map(|found| found.1).as_deref(), Some("spec.template.spec.containers.name"));
    assert_eq!(hovered("apiVersion: apps/v1\nki¦nd: StatefulSet\n").map(|found| found.1).as_deref(), Some("StatefulSet"));
    assert_eq!(hovered(&format!("{SET}  nons¦ense: 1\n")), None);
    assert_eq!(hovered("# com¦ment\n"), None);
    assert_eq!(hovered("¦"), None);
}

#[test]
fn a_leaf_is_set_and_the_rest_stays() {
    let text = format!("# mine\n{SET}  replicas: 3 # three\n  template: {{}}\n");
    let leaf = |path| Leaf { kind: "StatefulSet", name: "web", namespace: "default", path };
    let set = |text: &str, path, value| set_value(text, &leaf(path), value, "default");
    assert_eq!(set(&text, "spec.replicas", "5").as_deref(), Some(&*text.replace("replicas: 3 #", "replicas: 5 #")));
    assert_eq!(set(&text, "spec.replicas", "3"), None);
    let partition = "spec.updateStrategy.rollingUpdate.partition";
    let added = set(&text, partition, "2").expect("added");
    assert_eq!(added, format!("{text}  updateStrategy:\n    rollingUpdate:\n      partition: 2\n"));
    assert_eq!(set(&added, partition, "1").as_deref(), Some(&*added.replace("partition: 2", "partition: 1")));
    let flow = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {replicas: 1}}";
    assert_eq!(
        set(flow, partition, "2").as_deref(),
        Some(&*flow.replace("replicas: 1", "replicas: 1, updateStrategy: {rollingUpdate: {partition: 2}}"))
    );
    assert_eq!(set_value(&text, &Leaf { name: "other", ..leaf("spec.replicas") }, "5", "default"), None);
    assert_eq!(set_value(&text, &leaf("spec.replicas"), "5", "lab"), None, "the same name elsewhere is another object");
}

#[test]
fn formatting_changes_the_form_and_never_the_meaning() {
    let text = "apiVersion: v1\nkind: List   \nitems:\n    # the first\n    -   a: 1\n        b:\n            - x\n            -   y: |\n                    keep  this\n                      indent\n                z: 2\n\n\n---\nq: {a: 1,\n   b: 2}\n\n";
    let formatted = format(text).expect("formatted");
    assert!(formatted.contains("\nkind: List\nitems:\n# the first\n"), "{formatted}");
    assert!(formatted.ends_with("b: 2}\n") && !formatted.contains(" \n"), "{formatted}");
    assert_eq!(format(&formatted), None, "{formatted}");
    assert_eq!(format("a: [\n"), None);
    assert_eq!(format("a: 1\n"), None);
}

#[test]
fn half_written_and_odd_texts_do_no_harm() {
    let texts = [
        "",
        "-",
        "- - -",
        "a:\n-\n",
        "é: ¦",
        "\t",
        "---",
        "---\n---",
        "a: |\n",
        "- a:\n  - b:",
        "\u{feff}kind: Pod\nspec:\n  ",
        ": :",
        "{a: [",
        "'",
    ];
    for text in texts {
        let text = text.replace('¦', "");
        for at in 0..=text.len() + 1 {
            let _ = complete(&text, at, &Known::default());
            if let Some(found) = hover(&text, at) {
                assert!(text.get(found.from..found.to).is_some(), "{text:?} at {at}");
            }
        }
        let _ = format(&text);
    }
}
