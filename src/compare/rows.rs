//! Two histories side by side: identity by identity, what is there in one and in the other, and where they differ.
//! A pure function of two stores. It must not know how it is shown.

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Object;
use statefulset_engine::cluster::store::Store;
use statefulset_engine::sorted::SortedMap;

use crate::stage::scene::PodState;

/// Identities compared; more would be too many to read.
pub const ROWS_MAX: usize = 100;

/// What an identity has in one history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Its pod's state, where it has one.
    pub state: Option<PodState>,
    /// The node; empty where there is none.
    pub node: String,
    /// The number of its revision; 0 where it has none.
    pub revision: i64,
    /// Its claims and their phases.
    pub claims: String,
}

/// An identity in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The pod's name.
    pub name: String,
    /// In the history shown, and in the other.
    pub sides: [Side; 2],
}

impl Row {
    /// Whether the two are not the same.
    pub fn differs(&self) -> bool {
        self.sides[0] != self.sides[1]
    }
}

/// The identities of both, those that differ first.
pub fn rows(one: &Store, other: &Store) -> Vec<Row> {
    let mut all: SortedMap<(String, usize, String), Row> = SortedMap::new();
    for (index, store) in [one, other].into_iter().enumerate() {
        for pod in store.all(Kind::Pod).filter(|pod| &*pod.meta.namespace != "kube-system") {
            let name = pod.meta.name.to_string();
            // Longer names come later, so that web-10 follows web-9.
            let key = (pod.meta.namespace.to_string(), name.len(), name.clone());
            let row = all.entry(key).or_insert_with(|| Row { name, sides: Default::default() });
            row.sides[index] = side(store, pod);
        }
    }
    // An identity without a pod may still have its claim.
    for row in all.values_mut() {
        for (index, store) in [one, other].into_iter().enumerate() {
            row.sides[index].claims = claims(store, &row.name);
        }
    }
    let mut rows: Vec<Row> = all.into_values().collect();
    rows.sort_by_key(|row| !row.differs());
    rows
}

fn side(store: &Store, object: &Object) -> Side {
    let Some(pod) = object.pod() else { return Side::default() };
    let revision = object.meta.label("controller-revision-hash").unwrap_or_default();
    let number = store.find(Kind::ControllerRevision, &object.meta.namespace, revision).and_then(|revision| revision.revision());
    Side {
        state: Some(PodState::of(object, pod)),
        node: pod.node_name.to_string(),
        revision: number.map_or(0, |revision| revision.revision),
        claims: String::new(),
    }
}

/// The claims of an identity, by the names that a set gives them.
fn claims(store: &Store, pod: &str) -> String {
    let tail = format!("-{pod}");
    let claims = store.all(Kind::PersistentVolumeClaim).filter(|claim| claim.meta.name.ends_with(&tail));
    let words: Vec<String> =
        claims.filter_map(|object| object.claim().map(|claim| format!("{} {}", object.meta.name, claim.phase.as_str()))).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use statefulset_engine::process::Streams;
    use statefulset_engine::session::Session;
    use statefulset_engine::settings::Settings;

    use super::*;

    #[test]
    fn identities_that_differ_come_first_and_a_kept_claim_is_seen() {
        let mut one = Session::new(Settings::default());
        let manifest = include_str!("../../static/examples/web.yaml").replace("my-gfs-storageclass", "standard");
        one.terminal.files.insert("web.yaml".into(), manifest.as_str().into());
        one.start("kubectl apply -f web.yaml", Streams::with_input(""));
        one.advance_to(120_000);
        let mut other = one.clone();
        assert!(rows(&one.world.store, &other.world.store).iter().all(|row| !row.differs()));
        other.start("kubectl scale sts web --replicas=2", Streams::with_input(""));
        other.advance_to(240_000);
        let rows = rows(&one.world.store, &other.world.store);
        let names: Vec<(&str, bool)> = rows.iter().map(|row| (row.name.as_str(), row.differs())).collect();
        assert_eq!(names, [("web-2", true), ("web-0", false), ("web-1", false)]);
        assert_eq!(rows[0].sides[1].state, None);
        assert_eq!(rows[0].sides[1].claims, "www-web-2 Bound");
    }
}
