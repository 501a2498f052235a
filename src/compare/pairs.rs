//! Two histories side by side: workload by workload and identity by identity, what is there in one and in the other. A pure
//! function of two scenes. It must not know how it is shown.

use std::rc::Rc;

use statefulset_engine::api::metadata::Text;
use statefulset_engine::sorted::{SortedMap, SortedSet};

use crate::stage::scene::{ClaimCard, PodCard, Scene};

/// A StatefulSet or a Deployment in both histories, or the pods that belong to neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its kind; empty for pods that belong to nothing.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// How it is in each; `None` where it is not there.
    pub heads: [Option<Head>; 2],
    /// Its identities, in order.
    pub pairs: Vec<Pair>,
}

/// What a workload asks for and has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many pods are asked for.
    pub replicas: i64,
    /// How many are ready.
    pub ready: i64,
    /// The partition of its rolling update, where that is above 0.
    pub partition: Option<i64>,
}

/// An identity in both histories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The pod's name.
    pub name: Text,
    /// In the history shown, and in the other.
    pub sides: [Side; 2],
}

/// What an identity has in one history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Its pod, where it has one.
    pub pod: Option<Rc<PodCard>>,
    /// Its claims.
    pub claims: Vec<Rc<ClaimCard>>,
}

impl Pair {
    /// Whether the two are not the same to somebody who looks: in state, revision, node or claims. Uids and addresses are
    /// others in every life of a pod.
    pub fn differs(&self) -> bool {
        let [one, other] = &self.sides;
        let pod =
            |side: &Side| side.pod.as_ref().map(|pod| (pod.state, pod.node.clone(), pod.revision.as_ref().map(|revision| revision.number)));
        let claims = |side: &Side| side.claims.iter().map(|claim| (claim.name.clone(), claim.phase, claim.used)).collect::<Vec<_>>();
        pod(one) != pod(other) || claims(one) != claims(other)
    }
}

/// The place of a workload among the others: kind, namespace and name.
type Place = (&'static str, Text, Text);

/// What both scenes show, in the order of the first; what only the second has comes after.
pub fn groups(scenes: [&Scene; 2]) -> Vec<Group> {
    let mut order: Vec<Place> = Vec::new();
    let mut all: SortedMap<Place, Found> = SortedMap::new();
    for (index, scene) in scenes.into_iter().enumerate() {
        for (place, head, members) in workloads(scene) {
            if all.get(&place).is_none() {
                order.push(place.clone());
            }
            let found = all.entry(place).or_default();
            found.heads[index] = head;
            for (key, side) in members {
                found.members.entry(key).or_default()[index] = side;
            }
        }
    }
    order
        .into_iter()
        .filter_map(|place| {
            let found = all.get(&place)?;
            let pairs = found.members.iter().map(|((_, _, name), sides)| Pair { name: name.clone(), sides: sides.clone() }).collect();
            let (kind, namespace, name) = place;
            Some(Group { kind, namespace, name, heads: found.heads, pairs })
        })
        .collect()
}

/// Ordinal, length of the name, name: so that web-10 comes after web-9.
type Key = (Option<i64>, usize, Text);

/// What was found of a workload.
#[derive(Clone, Debug, Default)]
struct Found {
    heads: [Option<Head>; 2],
    members: SortedMap<Key, [Side; 2]>,
}

/// A workload of a scene, with its identities.
type Workload = (Place, Option<Head>, Vec<(Key, Side)>);

fn workloads(scene: &Scene) -> Vec<Workload> {
    let key = |ordinal: Option<i64>, name: &Text| (ordinal, name.len(), name.clone());
    let of_pod = |pod: &Rc<PodCard>| (key(None, &pod.name), Side { pod: Some(pod.clone()), claims: Vec::new() });
    let sets = scene.sets.iter().map(|set| {
        let head = (!set.deleted).then(|| Head {
            replicas: set.replicas,
            ready: set.ready_replicas,
            partition: set.partition.map(|partition| partition.at).filter(|at| *at > 0),
        });
        let members = set.columns.iter().map(|column| {
            let side = Side { pod: column.slot.pod().cloned(), claims: column.claims.clone() };
            (key(Some(column.ordinal), &column.pod_name), side)
        });
        (("StatefulSet", set.namespace.clone(), set.name.clone()), head, members.collect())
    });
    let deployments = scene.deployments.iter().map(|set| {
        let head = (!set.deleted).then_some(Head { replicas: set.replicas, ready: set.ready_replicas, partition: None });
        ((set.kind.name(), set.namespace.clone(), set.name.clone()), head, set.pods.iter().map(of_pod).collect())
    });
    let namespaces: SortedSet<Text> = scene.pods.iter().map(|pod| pod.namespace.clone()).collect();
    let alone = namespaces.into_iter().map(|namespace| {
        let pods = scene.pods.iter().filter(|pod| pod.namespace == namespace);
        (("", namespace.clone(), "".into()), None, pods.map(of_pod).collect())
    });
    sets.chain(deployments).chain(alone).collect()
}

#[cfg(test)]
mod tests {
    use statefulset_engine::process::Streams;
    use statefulset_engine::session::Session;
    use statefulset_engine::settings::Settings;

    use super::*;
    use crate::stage::scene::PodState;
    use crate::state::history::History;

    fn scene(session: &Session) -> Scene {
        let mut history = History::default();
        history.absorb(&session.world.store);
        Scene::of(&session.world, &history, "default")
    }

    fn run(session: &mut Session, line: &str, until_ms: u64) {
        session.start(line, Streams::with_input(""));
        session.advance_to(until_ms);
    }

    fn applied() -> Session {
        let mut session = Session::new(Settings::default());
        let manifest = include_str!("../../static/examples/web.yaml").replace("my-gfs-storageclass", "standard");
        session.terminal.files.insert("web.yaml".into(), manifest.as_str().into());
        run(&mut session, "kubectl apply -f web.yaml", 120_000);
        session
    }

    #[test]
    fn identities_stand_side_by_side_and_a_kept_claim_is_seen() {
        let one = applied();
        let mut other = one.clone();
        let alike = groups([&scene(&one), &scene(&other)]);
        assert!(alike.iter().flat_map(|group| &group.pairs).all(|pair| !pair.differs()));
        run(&mut other, "kubectl scale sts web --replicas=2", 240_000);
        let groups = groups([&scene(&one), &scene(&other)]);
        let names: Vec<(&str, bool)> = groups[0].pairs.iter().map(|pair| (&*pair.name, pair.differs())).collect();
        assert_eq!(names, [("web-0", false), ("web-1", false), ("web-2", true)]);
        let [here, there] = &groups[0].pairs[2].sides;
        assert_eq!(here.pod.as_ref().map(|pod| pod.state), Some(PodState::Ready));
        assert!(there.pod.is_none());
        let claims: Vec<_> = there.claims.iter().map(|claim| (&*claim.name, claim.phase, claim.used)).collect();
        assert_eq!(claims, [("www-web-2", "Bound", false)]);
        assert_eq!(groups[0].heads.map(|head| head.map(|head| (head.ready, head.replicas))), [Some((3, 3)), Some((2, 2))]);
    }

    #[test]
    fn what_only_one_history_has_is_there_on_one_side() {
        let one = applied();
        let mut other = one.clone();
        run(&mut other, "kubectl run alone --image=nginx; kubectl create deployment apart --image=nginx --replicas=2", 240_000);
        let groups = groups([&scene(&one), &scene(&other)]);
        let found: Vec<_> = groups
            .iter()
            .map(|group| (group.kind, &*group.name, group.heads[0].is_some(), group.heads[1].is_some(), group.pairs.len()))
            .collect();
        assert_eq!(found, [("StatefulSet", "web", true, true, 3), ("Deployment", "apart", false, true, 2), ("", "", false, false, 1)]);
        assert!(groups[2].pairs[0].differs());
    }
}
