//! What applying a text would do: it is applied in a copy of the cluster, and time goes by there until the pods have settled.
//! So nothing is guessed, and nothing happens to the cluster itself. It must not know sentences.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::metadata::{Text, Uid};
use crate::api::object::Object;
use crate::api::read;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::store::Verb;
use crate::kubectl::diff;
use crate::kubectl::output::yaml;
use crate::manifest::parse;
use crate::process::Streams;
use crate::session::Session;
use crate::session::terminal::Terminal;

/// How far the copy is followed.
const HORIZON_MS: Ms = 3_600_000;
/// How long nothing must happen to the pods for the copy to count as settled: longer than any grace period or back-off of a lab.
const QUIET_MS: Ms = 120_000;
/// Steps of the copy at most, so that a huge set does not stop the page.
const STEPS_MAX: usize = 40_000;

/// What applying a text would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What kubectl would print.
    pub output: String,
    /// What it would print of errors.
    pub errors: String,
    /// How each object of the text would change.
    pub diffs: Vec<PlannedDiff>,
    /// What would become of the pods of each set.
    pub fates: Vec<Fate>,
}

/// How an object would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedDiff {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Whether it is there already.
    pub exists: bool,
    /// The lines of the difference: `+`, `-` or a blank, or `@` for a gap, and the words. Empty: nothing changes.
    pub lines: Vec<(char, String)>,
}

/// What would become of a set's pods, in the order in which it happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// The set's name.
    pub set: String,
    /// Pods that come.
    pub created: Vec<String>,
    /// Pods that go and come back.
    pub replaced: Vec<String>,
    /// Pods that go.
    pub removed: Vec<String>,
    /// Pods that nothing happens to.
    pub stay: Vec<String>,
    /// The pod that never becomes ready, so that the others wait.
    pub stuck_at: Option<String>,
    /// Whether it goes on beyond what was followed.
    pub unfinished: bool,
}

/// Applies `text` as `file` in a copy of the cluster.
#[must_use]
pub fn plan(world: &World, terminal: &Terminal, file: &str, text: &str) -> Plan {
    let mut session = Session::beside(world.clone(), terminal.clone());
    let epoch = world.settings.epoch;
    let names = names(text, &terminal.namespace);
    let find = |world: &World, (kind, namespace, name): &(Kind, String, String)| -> Option<Rc<Object>> {
        world.store.find(*kind, if kind.namespaced() { namespace } else { "" }, name).cloned()
    };
    let before: Vec<Option<Rc<Object>>> = names.iter().map(|name| find(&session.world, name)).collect();
    let sets: Vec<usize> = (0..names.len()).filter(|index| names[*index].0 == Kind::StatefulSet).collect();
    let pods_before: Vec<Vec<(Text, Uid)>> = sets.iter().map(|index| pods(&session.world, &names[*index].1, &names[*index].2)).collect();
    let seen = session.world.store.log.len();
    session.terminal.files.insert(file.to_owned(), text.into());
    let job = session.run(&format!("kubectl apply -f {file}"), Streams::with_input(""), world.now_ms().saturating_add(60_000));
    let streams = &session.job(job).streams;
    let mut plan = Plan { output: streams.out.clone(), errors: streams.err.clone(), ..Plan::default() };
    for (name, before) in names.iter().zip(&before) {
        let document = |object: Option<&Rc<Object>>| object.map_or(String::new(), |object| yaml::document(&shown(object, epoch)));
        let after = find(&session.world, name);
        let lines = diff::hunks(&document(before.as_ref()), &document(after.as_ref()));
        plan.diffs.push(PlannedDiff { kind: name.0.name().to_owned(), name: name.2.clone(), exists: before.is_some(), lines });
    }
    if !sets.is_empty() {
        let unfinished = !settle(&mut session.world);
        for (index, before) in sets.into_iter().zip(&pods_before) {
            let fate = fate(&session.world, seen, &names[index].1, &names[index].2, before, unfinished);
            plan.fates.push(fate);
        }
    }
    plan
}

/// The objects of a text: kind, namespace, name.
fn names(text: &str, current: &str) -> Vec<(Kind, String, String)> {
    let manifest = parse(text);
    let mut out: Vec<(Kind, String, String)> = Vec::new();
    for document in manifest.applied() {
        let list = document.kind.as_deref() == Some("List");
        let one = [document.value.clone()];
        let objects = if list { read::items(&document.value, &["items"]) } else { &one };
        for value in objects {
            let word = |path: &[&str]| read::string(value, path).unwrap_or_default().to_owned();
            let Some(kind) = Kind::of(&word(&["apiVersion"]), &word(&["kind"])) else {
                continue;
            };
            let namespace = read::string(value, &["metadata", "namespace"]).unwrap_or(current).to_owned();
            let name = (kind, namespace, word(&["metadata", "name"]));
            if !out.contains(&name) {
                out.push(name);
            }
        }
    }
    out
}

/// A document without what nobody compares: bookkeeping, and what applying writes down for itself.
fn shown(object: &Object, epoch: crate::api::time::Epoch) -> serde_json::Value {
    let mut value = object.to_value(epoch);
    read::take(&mut value, &["metadata"], "managedFields");
    read::take(&mut value, &["metadata"], "resourceVersion");
    read::take(&mut value, &["metadata", "annotations"], crate::api::metadata::LAST_APPLIED);
    if read::at(&value, &["metadata", "annotations"]).and_then(serde_json::Value::as_object).is_some_and(serde_json::Map::is_empty) {
        read::take(&mut value, &["metadata"], "annotations");
    }
    if let Some(map) = value.as_object_mut() {
        map.remove("status");
    }
    value
}

fn pods(world: &World, namespace: &str, set: &str) -> Vec<(Text, Uid)> {
    let Some(owner) = world.store.find(Kind::StatefulSet, namespace, set) else {
        return Vec::new();
    };
    let mut found: Vec<&Rc<Object>> = world.store.owned_of_kind(owner.meta.uid, Kind::Pod).collect();
    crate::order::sort_by_key(&mut found, |pod| (pod.meta.name.len(), pod.meta.name.clone()));
    found.into_iter().map(|pod| (pod.meta.name.clone(), pod.meta.uid)).collect()
}

/// Lets time go by until nothing has happened to a pod for a while; false where that takes too long.
fn settle(world: &mut World) -> bool {
    let end_ms = world.now_ms().saturating_add(HORIZON_MS);
    let mut read = world.store.log.len();
    let mut quiet_since_ms = world.now_ms();
    for _ in 0..STEPS_MAX {
        let Some(next_ms) = world.next_ms() else {
            return true;
        };
        if next_ms > quiet_since_ms.saturating_add(QUIET_MS) {
            return true;
        }
        if next_ms > end_ms {
            return false;
        }
        world.step();
        if world.store.log.since(read).any(|event| matches!(event.object.kind(), Kind::Pod | Kind::PersistentVolumeClaim)) {
            quiet_since_ms = world.now_ms();
        }
        read = world.store.log.len();
    }
    false
}

fn fate(world: &World, seen: usize, namespace: &str, set: &str, before: &[(Text, Uid)], unfinished: bool) -> Fate {
    let mut fate = Fate { set: set.to_owned(), unfinished, ..Fate::default() };
    let after = pods(world, namespace, set);
    let own = |name: &str| name.strip_prefix(set).and_then(|rest| rest.strip_prefix('-')).is_some_and(|rest| rest.parse::<u32>().is_ok());
    for event in world.store.log.since(seen) {
        let object = &event.object;
        if object.kind() != Kind::Pod || &*object.meta.namespace != namespace || !own(&object.meta.name) {
            continue;
        }
        let name = object.meta.name.to_string();
        let was_there = before.iter().any(|(other, _)| **other == *name);
        let comes_back = after.iter().any(|(other, _)| **other == *name);
        let goes = event.verb == Verb::Deleted || object.meta.terminating();
        let list = match (event.verb, was_there) {
            _ if goes && was_there && comes_back => &mut fate.replaced,
            _ if goes && was_there => &mut fate.removed,
            (Verb::Added, false) if comes_back => &mut fate.created,
            _ => continue,
        };
        if !list.contains(&name) {
            list.push(name);
        }
    }
    fate.stay = after.iter().filter(|pod| before.contains(pod)).map(|(name, _)| name.to_string()).collect();
    let ready = |name: &str| world.store.find(Kind::Pod, namespace, name).and_then(|pod| pod.pod()).is_some_and(|pod| pod.ready());
    let touched = fate.replaced.iter().chain(&fate.created);
    fate.stuck_at = touched.filter(|name| !ready(name)).min_by_key(|name| fate.created.iter().position(|other| other == *name)).cloned();
    fate
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    fn text(replicas: u32, image: &str, partition: u32) -> String {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{clusterIP: None, selector: {{app: web}}}}\n---\n\
             apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: web}}\nspec:\n  serviceName: web\n  replicas: {replicas}\n  \
             updateStrategy: {{rollingUpdate: {{partition: {partition}}}}}\n  selector: {{matchLabels: {{app: web}}}}\n  template:\n    \
             metadata: {{labels: {{app: web}}}}\n    spec:\n      containers:\n      - {{name: nginx, image: '{image}'}}\n"
        )
    }

    fn running(replicas: u32) -> Session {
        let mut session = Session::new(Settings::default());
        session.terminal.files.insert("web.yaml".to_owned(), text(replicas, "nginx:1", 0).as_str().into());
        session.run("kubectl apply -f web.yaml", Streams::with_input(""), 1_000);
        session.advance_to(300_000);
        session
    }

    fn planned(session: &Session, text: &str) -> Plan {
        plan(&session.world, &session.terminal, "web.yaml", text)
    }

    #[test]
    fn an_update_above_the_partition_replaces_from_the_top_and_leaves_the_rest() {
        let session = running(5);
        let revision = session.world.store.revision();
        let plan = planned(&session, &text(5, "nginx:2", 3));
        assert_eq!(plan.fates[0].replaced, ["web-4", "web-3"]);
        assert_eq!(plan.fates[0].stay, ["web-0", "web-1", "web-2"]);
        assert_eq!(plan.fates[0].stuck_at, None);
        assert!(plan.diffs[0].lines.is_empty(), "the Service stays as it is");
        assert!(plan.diffs[1].lines.iter().any(|(mark, line)| *mark == '+' && line.contains("nginx:2")), "{:?}", plan.diffs);
        assert_eq!(session.world.store.revision(), revision, "nothing happened to the cluster itself");
    }

    #[test]
    fn scaling_says_who_comes_and_who_goes_and_in_which_order() {
        let session = running(3);
        assert_eq!(planned(&session, &text(5, "nginx:1", 0)).fates[0].created, ["web-3", "web-4"]);
        assert_eq!(planned(&session, &text(1, "nginx:1", 0)).fates[0].removed, ["web-2", "web-1"]);
        assert_eq!(planned(&session, &text(3, "nginx:1", 0)).fates[0].stay, ["web-0", "web-1", "web-2"]);
    }

    #[test]
    fn an_image_that_cannot_be_pulled_stops_the_update_at_its_pod() {
        let session = running(3);
        let fate = planned(&session, &text(3, "nginx:doesnotexist", 0)).fates.remove(0);
        assert_eq!((fate.replaced, fate.stuck_at.as_deref()), (vec!["web-2".to_owned()], Some("web-2")));
    }

    #[test]
    fn a_refusal_is_said_in_kubectls_words_and_a_new_set_is_created() {
        let fresh = Session::new(Settings::default());
        assert!(planned(&fresh, &text(3, "nginx:1", 0).replace("replicas: 3", "replicas: -1")).errors.contains("Invalid value: -1"));
        let plan = planned(&fresh, &text(2, "nginx:1", 0));
        assert_eq!(plan.fates[0].created, ["web-0", "web-1"]);
        assert!(!plan.diffs[1].exists);
    }
}
