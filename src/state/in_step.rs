//! The text and the stage in step: after a gesture, what it changed of an object is written into the text that holds the object.
//! Only gestures do this; what is typed into the terminal leaves the text alone, as it would anywhere else.
//! It must not know the gestures: it compares the objects before and after.

use std::rc::Rc;

use serde_json::Value;
use statefulset_engine::api::kind::Kind;
use statefulset_engine::assist::{Leaf, set_value};
use statefulset_engine::cluster::World;

/// What of an object the stage can change: path and value.
type Leaves = Vec<(String, String)>;

/// The state of the sets, to compare with.
pub struct Before(Vec<((String, String), Leaves)>);

impl Before {
    /// The sets as they are.
    pub fn of(world: &World) -> Self {
        Self(sets(world))
    }

    /// What has changed since: namespace, name, path and new value.
    fn changes(&self, world: &World) -> Vec<(String, String, String, String)> {
        let mut out = Vec::new();
        for (key, now) in sets(world) {
            let Some((_, before)) = self.0.iter().find(|(other, _)| *other == key) else {
                continue;
            };
            for (path, value) in now {
                if before.iter().find(|(other, _)| *other == path).is_none_or(|(_, before)| *before != value) {
                    out.push((key.0.clone(), key.1.clone(), path, value));
                }
            }
        }
        out
    }

    /// The text with what has changed since; `None` where it holds none of the objects, or says the same already.
    pub fn follow(&self, world: &World, text: &str, namespace: &str) -> Option<Rc<str>> {
        let mut changed: Option<String> = None;
        for (object_namespace, name, path, value) in self.changes(world) {
            let leaf = Leaf { kind: "StatefulSet", name: &name, namespace: &object_namespace, path: &path };
            if let Some(next) = set_value(changed.as_deref().unwrap_or(text), &leaf, &value, namespace) {
                changed = Some(next);
            }
        }
        changed.map(Rc::from)
    }
}

fn sets(world: &World) -> Vec<((String, String), Leaves)> {
    let leaves = |spec: &Value| {
        let mut leaves = Leaves::new();
        let number = |pointer: &str| spec.pointer(pointer).and_then(Value::as_i64);
        if let Some(replicas) = number("/replicas") {
            leaves.push(("spec.replicas".to_owned(), replicas.to_string()));
        }
        if let Some(partition) = number("/updateStrategy/rollingUpdate/partition") {
            leaves.push(("spec.updateStrategy.rollingUpdate.partition".to_owned(), partition.to_string()));
        }
        let containers = spec.pointer("/template/spec/containers").and_then(Value::as_array);
        for (index, container) in containers.into_iter().flatten().enumerate() {
            if let Some(image) = container["image"].as_str() {
                leaves.push((format!("spec.template.spec.containers[{index}].image"), image.to_owned()));
            }
        }
        leaves
    };
    let set = |set: &Rc<statefulset_engine::api::object::Object>| {
        let spec = &set.statefulset()?.spec.document;
        Some(((set.meta.namespace.to_string(), set.meta.name.to_string()), leaves(spec)))
    };
    world.store.all(Kind::StatefulSet).filter_map(set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::examples::EXAMPLES;
    use statefulset_engine::process::Streams;
    use statefulset_engine::session::Session;
    use statefulset_engine::settings::Settings;

    #[test]
    fn what_a_gesture_changes_comes_into_the_text_and_nothing_else() {
        let text = EXAMPLES[0].text;
        let mut session = Session::new(Settings::default());
        session.terminal.files.insert("web.yaml".to_owned(), text.into());
        session.start("kubectl apply -f web.yaml", Streams::with_input(""));
        let mut follow = |line: &str, text: &str| {
            let before = Before::of(&session.world);
            session.start(line, Streams::with_input(""));
            before.follow(&session.world, text, "default")
        };
        let scaled = follow("kubectl scale sts web --replicas=5", text).expect("the text follows");
        assert_eq!(&*scaled, text.replace("replicas: 3", "replicas: 5"));
        let patch = r#"kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#;
        let staged = follow(patch, &scaled).expect("the text follows");
        assert!(staged.contains("partition: 2"), "{staged}");
        assert_eq!(follow("kubectl get pods", &staged), None);
        assert_eq!(follow("kubectl scale sts web --replicas=4", "kind: Service\n"), None);
    }
}
