//! What patches do to documents: directives, merge keys, and the three-way patch of apply.

use super::{BuiltIn, PatchError, json_patch, merge_patch, strategic_merge, three_way_patch};
use serde_json::{Value, json};

fn strategic(original: Value, patch: Value) -> Value {
    strategic_merge(&original, &patch, &BuiltIn::of_kind("StatefulSet")).expect("the patch applies")
}

fn applied(last: &Value, modified: &Value, live: &Value) -> (Value, Value) {
    let keys = BuiltIn::of_kind("Deployment");
    let patch = three_way_patch(last, modified, live, &keys);
    let result = strategic_merge(live, &patch, &keys).expect("an apply patch applies");
    (patch, result)
}

#[test]
fn merge_patch_removes_by_null_and_replaces_lists() {
    let mut value = json!({"a": {"b": 1, "c": 2}, "l": [1, 2]});
    merge_patch(&mut value, &json!({"a": {"b": null, "d": {"e": null, "f": 1}}, "l": [3]}));
    assert_eq!(value, json!({"a": {"c": 2, "d": {"f": 1}}, "l": [3]}));
}

#[test]
fn json_patch_applies_all_operations_or_none() {
    let value = json!({"spec": {"replicas": 1, "list": [1, 2], "a/b": 1}});
    let patched = json_patch(
        &value,
        &json!([
            {"op": "test", "path": "/spec/replicas", "value": 1},
            {"op": "replace", "path": "/spec/replicas", "value": 3},
            {"op": "add", "path": "/spec/list/-", "value": 3},
            {"op": "add", "path": "/spec/list/0", "value": 0},
            {"op": "remove", "path": "/spec/a~1b"},
            {"op": "copy", "from": "/spec/replicas", "path": "/spec/copy"},
            {"op": "move", "from": "/spec/copy", "path": "/moved"},
        ]),
    );
    assert_eq!(patched, Ok(json!({"moved": 3, "spec": {"replicas": 3, "list": [0, 1, 2, 3]}})));
    // The real server lets a key that is not there be replaced, but no element.
    assert!(json_patch(&value, &json!([{"op": "replace", "path": "/spec/nope", "value": "x"}])).is_ok());
    for operation in [
        json!({"op": "replace", "path": "/spec/list/3", "value": 1}),
        json!({"op": "remove", "path": "/spec/nope"}),
        json!({"op": "test", "path": "/spec/replicas", "value": 2}),
        json!({"op": "add", "path": "/nope/x", "value": 2}),
        json!({"op": "fly", "path": "/spec"}),
        json!(1),
    ] {
        assert_eq!(json_patch(&value, &json!([operation])), Err(PatchError::DoesNotApply));
    }
    assert!(matches!(json_patch(&value, &json!({})), Err(PatchError::BadFormat(_))));
}

#[test]
fn containers_merge_by_name_and_a_new_one_comes_first() {
    let live = json!({"containers": [{"name": "a", "image": "a:1", "ports": [{"containerPort": 80, "name": "web"}]}]});
    assert_eq!(
        strategic(live.clone(), json!({"containers": [{"name": "a", "image": "a:2"}]})),
        json!({"containers": [{"name": "a", "image": "a:2", "ports": [{"containerPort": 80, "name": "web"}]}]})
    );
    let names = |value: &Value| -> Vec<String> {
        value["containers"].as_array().into_iter().flatten().map(|item| item["name"].as_str().unwrap_or("").to_owned()).collect()
    };
    assert_eq!(names(&strategic(live.clone(), json!({"containers": [{"name": "b", "image": "b"}]}))), ["b", "a"]);
    let ordered = json!({"containers": [{"name": "b"}], "$setElementOrder/containers": [{"name": "a"}, {"name": "b"}]});
    assert_eq!(names(&strategic(live.clone(), ordered)), ["a", "b"]);
    assert_eq!(
        strategic_merge(&live, &json!({"containers": [{"image": "x"}]}), &BuiltIn::of_kind("Pod")),
        Err(PatchError::MissingMergeKey("map: map[image:x] does not contain declared merge key: name".to_owned()))
    );
}

#[test]
fn directives() {
    let live = json!({"containers": [{"name": "a"}, {"name": "b"}], "metadata": {"finalizers": ["x", "y"]}, "tolerations": [{"key": "a"}],
                      "volumes": [{"name": "v", "emptyDir": {}}], "securityContext": {"runAsUser": 1}});
    assert_eq!(strategic(live.clone(), json!({"containers": [{"name": "a", "$patch": "delete"}]}))["containers"], json!([{"name": "b"}]));
    assert_eq!(
        strategic(live.clone(), json!({"containers": [{"name": "c"}, {"$patch": "replace"}]}))["containers"],
        json!([{"name": "c"}])
    );
    assert_eq!(
        strategic(live.clone(), json!({"securityContext": {"$patch": "replace", "fsGroup": 1}}))["securityContext"],
        json!({"fsGroup": 1})
    );
    assert_eq!(strategic(live.clone(), json!({"securityContext": {"$patch": "delete"}}))["securityContext"], json!({}));
    assert_eq!(
        strategic(live.clone(), json!({"metadata": {"$deleteFromPrimitiveList/finalizers": ["x"], "finalizers": ["z"]}}))["metadata"],
        json!({"finalizers": ["z", "y"]})
    );
    assert_eq!(
        strategic(live.clone(), json!({"volumes": [{"name": "v", "$retainKeys": ["name", "hostPath"], "hostPath": {"path": "/"}}]}))["volumes"],
        json!([{"name": "v", "hostPath": {"path": "/"}}])
    );
    // Atomic lists are replaced.
    assert_eq!(strategic(live, json!({"tolerations": [{"key": "b"}]}))["tolerations"], json!([{"key": "b"}]));
}

#[test]
fn apply_keeps_what_others_added_and_removes_what_the_manifest_dropped() {
    let last = json!({"spec": {"replicas": 2, "template": {"containers": [{"name": "a", "image": "a:1", "env": [{"name": "X", "value": "1"}]}, {"name": "b"}]}}});
    let modified = json!({"spec": {"template": {"containers": [{"name": "a", "image": "a:2"}]}}});
    let live = json!({"spec": {"replicas": 5, "policy": "set", "template": {"containers": [
        {"name": "a", "image": "a:1", "imagePullPolicy": "Always", "env": [{"name": "X", "value": "1"}]}, {"name": "b"}, {"name": "injected"}]}}});
    let (_, result) = applied(&last, &modified, &live);
    assert_eq!(
        result,
        json!({"spec": {"policy": "set", "template": {"containers": [
            {"name": "a", "image": "a:2", "imagePullPolicy": "Always"}, {"name": "injected"}]}}})
    );
}

#[test]
fn apply_of_the_same_manifest_is_an_empty_patch_unless_a_list_is_atomic() {
    let manifest = json!({"spec": {"replicas": 2, "containers": [{"name": "a", "image": "a:1"}]}});
    let live = json!({"spec": {"replicas": 2, "containers": [{"name": "a", "image": "a:1", "imagePullPolicy": "Always"}]}, "status": {}});
    assert_eq!(applied(&manifest, &manifest, &live).0, json!({}));
    // This is why a set with claim templates is "configured" every time.
    let manifest = json!({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "www"}}]}});
    let live = json!({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "www"}, "status": {"phase": "Pending"}}]}});
    assert_eq!(applied(&manifest, &manifest, &live).0, manifest);
}

#[test]
fn apply_without_a_last_manifest_deletes_nothing() {
    let (patch, result) = applied(&Value::Null, &json!({"a": 1}), &json!({"a": 1, "b": 2}));
    assert_eq!(patch, json!({}));
    assert_eq!(result, json!({"a": 1, "b": 2}));
}

#[test]
fn a_changed_deployment_strategy_drops_its_old_block() {
    let last = json!({"spec": {}});
    let modified = json!({"spec": {"strategy": {"type": "Recreate"}}});
    let live = json!({"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%"}}}});
    assert_eq!(applied(&last, &modified, &live).1, modified);
}

#[test]
fn labels_named_like_fields_are_plain_texts() {
    let live = json!({"metadata": {"labels": {"env": "a", "ports": "b"}}});
    assert_eq!(
        strategic(live, json!({"metadata": {"labels": {"env": "c", "ports": null}}})),
        json!({"metadata": {"labels": {"env": "c"}}})
    );
}

#[test]
fn a_budget_s_selector_is_replaced() {
    let live = json!({"spec": {"selector": {"matchLabels": {"a": "1"}}}});
    let patch = json!({"spec": {"selector": {"matchLabels": {"b": "2"}}}});
    let result = strategic_merge(&live, &patch, &BuiltIn::of_kind("PodDisruptionBudget"));
    assert_eq!(result, Ok(patch));
}
