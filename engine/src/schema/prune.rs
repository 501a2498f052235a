//! Drops the fields that a type does not have, as the API server does where it was asked not to be strict.
//! It must not judge what it keeps: values of a wrong type stay, for decoding to refuse.

use serde_json::Value;

use super::{FieldType, Type};

/// Removes every unknown field and returns their paths, as `unknown field` errors name them.
pub fn prune(value: &mut Value, ty: &'static Type) -> Vec<String> {
    let mut dropped = Vec::new();
    prune_object(value, ty, "", &mut dropped);
    dropped
}

fn prune_object(value: &mut Value, ty: &'static Type, path: &str, dropped: &mut Vec<String>) {
    let Some(map) = value.as_object_mut() else { return };
    let child = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let unknown: Vec<String> = map.keys().filter(|name| ty.field(name).is_none()).cloned().collect();
    for name in unknown {
        dropped.push(child(&name));
        map.remove(&name);
    }
    for (name, value) in map.iter_mut() {
        if let Some(field) = ty.field(name) {
            prune_value(value, &field.ty, &child(name), dropped);
        }
    }
}

fn prune_value(value: &mut Value, ty: &FieldType, path: &str, dropped: &mut Vec<String>) {
    match (ty, value) {
        (FieldType::Object(_), value) => {
            if let Some(ty) = ty.object() {
                prune_object(value, ty, path, dropped);
            }
        }
        (FieldType::List(element), Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                prune_value(item, element, &format!("{path}[{index}]"), dropped);
            }
        }
        (FieldType::Map(element), Value::Object(map)) => {
            for (key, item) in map.iter_mut() {
                prune_value(item, element, &format!("{path}.{key}"), dropped);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unknown_fields_go_and_everything_else_stays() {
        let ty = crate::schema::kind("apps/v1", "StatefulSet").expect("a kind");
        let mut value = json!({
            "apiVersion": "apps/v1", "kind": "StatefulSet", "replica": 1,
            "metadata": {"name": "web", "labels": {"any": "key"}},
            "spec": {"replicas": "3", "template": {"spec": {"containers": [{"name": "a", "imagee": "b"}]}}},
        });
        assert_eq!(prune(&mut value, ty), ["replica", "spec.template.spec.containers[0].imagee"]);
        assert_eq!(value["spec"]["template"]["spec"]["containers"][0], json!({"name": "a"}));
        assert_eq!(value["metadata"]["labels"]["any"], "key");
        assert_eq!(value["spec"]["replicas"], "3");
    }
}
