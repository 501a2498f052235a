//! etcd and ZooKeeper as workloads: pods of one StatefulSet with such an image form a cluster. Who belongs to it, who leads,
//! whether a majority is there and what is stored follow from the state of pods, Services and disks, and from nothing else.
//!
//! A member is connected while it runs and its peers find it by name, so one that is not ready needs a Service that
//! publishes it all the same. Of the connected members the one that has run longest leads: a leader stays until it goes.
//! A write goes to the disks of all connected members; a majority shares a member with every earlier majority, so the
//! newest copy among its disks is what was written last. It must not know the shell, or any command.

use serde_json::{Value, json};

use crate::api::kind::Kind;
use crate::api::metadata::{Text, Uid};
use crate::api::object::{Key, Object};
use crate::api::pod::{ContainerState, Phase, Pod};
use crate::api::pod_template::Probe;
use crate::api::read;
use crate::api::service::TOLERATE_UNREADY;
use crate::api::time::Ms;
use crate::cluster::World;
use crate::cluster::store::Verb;
use crate::images;

/// Which program forms the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// etcd.
    Etcd,
    /// ZooKeeper.
    ZooKeeper,
}

/// Where a member keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Disk {
    Volume(Uid),
    Container(u64),
}

/// A pod that is or wants to be a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name: the pod's.
    pub name: Text,
    /// Whether it runs.
    pub up: bool,
    /// Whether it runs and its peers find it.
    pub connected: bool,
    since_ms: Ms,
    disk: Disk,
}

/// What is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    /// How many writes there were.
    pub revision: u64,
    /// The members, where they were ever changed.
    voters: Option<Vec<String>>,
    /// Keys and values, in order of the keys.
    pub entries: Vec<(String, String)>,
}

/// A cluster, as one of its pods sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ensemble {
    /// Which program it is.
    pub program: Program,
    /// The version that the image tells.
    pub version: String,
    /// The Service that names its members.
    pub service: Text,
    /// The names of those who vote, whether they run or not.
    pub voters: Vec<String>,
    /// Its pods.
    pub members: Vec<Member>,
    /// How often a member was lost so far.
    pub losses: usize,
    own: Text,
    initial: usize,
}

/// The program that an image runs, where it forms clusters.
pub fn program(image: &str) -> Option<Program> {
    match images::family(image).name {
        "etcd" => Some(Program::Etcd),
        "zookeeper" => Some(Program::ZooKeeper),
        _ => None,
    }
}

/// The container of a pod that forms a cluster.
fn container(pod: &Pod) -> Option<(usize, Program)> {
    pod.spec.containers.iter().enumerate().find_map(|(index, container)| Some((index, program(&container.image)?)))
}

/// The probe by which the readiness of a pod depends on its cluster: the pod forms one, and the probe asks for what only a
/// majority can answer. `ruok` and an open port, for example, do not.
pub fn probed_by(pod: &Pod) -> Option<Probe> {
    let (index, program) = container(pod)?;
    let probe = read::items(&pod.spec.document, &["containers"]).get(index)?.get("readinessProbe")?;
    let command = read::texts(probe, &["exec", "command"]).join(" ");
    let path = read::string(probe, &["httpGet", "path"]).unwrap_or_default();
    let asks = match program {
        Program::Etcd => {
            ["endpoint health", "cluster-health"].iter().any(|words| command.contains(words)) || ["/health", "/readyz"].contains(&path)
        }
        Program::ZooKeeper => ["zkServer.sh status", "srvr", "stat", "mntr"].iter().any(|words| command.contains(words)),
    };
    pod.spec.containers.get(index)?.readiness.filter(|_| asks)
}

/// The pods whose readiness may change with this object.
pub fn affected(world: &World, changed: &Object) -> Vec<Key> {
    let namespace = &changed.meta.namespace;
    let set = match changed.kind() {
        Kind::Pod => match (changed.pod().and_then(container), changed.meta.controller()) {
            (Some(_), Some(owner)) => Some(owner.uid),
            _ => return Vec::new(),
        },
        Kind::Service => None,
        _ => return Vec::new(),
    };
    let pods = world.store.all(Kind::Pod).filter(|pod| pod.meta.namespace == *namespace && pod.meta.uid != changed.meta.uid);
    let of_set = |pod: &Object| set.is_none() || pod.meta.controller().map(|owner| owner.uid) == set;
    pods.filter(|pod| of_set(pod) && pod.pod().and_then(probed_by).is_some()).map(|pod| pod.key()).collect()
}

/// The cluster to which a pod belongs.
pub fn of(world: &World, key: &Key) -> Option<Ensemble> {
    let object = world.store.get(key)?;
    let pod = object.pod()?;
    let (index, program) = container(pod)?;
    let owner = object.meta.controller()?;
    let set = world.store.find(Kind::StatefulSet, &key.namespace, &owner.name)?;
    let spec = &set.statefulset()?.spec;
    let replicas = spec.replicas.max(0);
    let template = read::items(&pod.spec.document, &["containers"]).get(index)?.clone();
    let service = spec.service_name.clone();
    let mine = |peer: &&std::rc::Rc<Object>| {
        peer.meta.namespace == key.namespace && peer.meta.controller().is_some_and(|controller| controller.uid == owner.uid)
    };
    let members: Vec<Member> = world.store.all(Kind::Pod).filter(mine).filter_map(|peer| member(world, peer, &service)).collect();
    let gone = |event: &&crate::cluster::store::WatchEvent| {
        event.verb == Verb::Deleted && event.object.kind() == Kind::Pod && mine(&&event.object)
    };
    let mut ensemble = Ensemble {
        program,
        version: images::version(&pod.spec.containers.get(index)?.image)
            .unwrap_or(images::family(&pod.spec.containers[index].image).version)
            .to_owned(),
        service,
        voters: Vec::new(),
        members,
        losses: world.store.log.iter().filter(gone).count(),
        own: key.name.clone(),
        initial: written_size(&template).unwrap_or(usize::try_from(replicas).unwrap_or(0)),
    };
    let written = ensemble.members.iter().map(|member| data_of(world, member)).max_by_key(|data| data.revision);
    let initial = || (0..ensemble.initial).map(|ordinal| format!("{}-{ordinal}", owner.name)).collect();
    ensemble.voters = written.and_then(|data| data.voters).unwrap_or_else(initial);
    Some(ensemble)
}

/// The size that a container is told to begin with: the variable `CLUSTER_SIZE`, `--initial-cluster a=…,b=…`, `--servers=3`.
fn written_size(container: &Value) -> Option<usize> {
    let variables = read::items(container, &["env"]).iter();
    let told = |name: &str| {
        variables.clone().find(|entry| read::string(entry, &["name"]) == Some(name)).and_then(|entry| read::string(entry, &["value"]))
    };
    if let Some(size) = told("CLUSTER_SIZE").or(told("ZOO_SERVERS_COUNT")).and_then(|size| size.parse().ok()) {
        return Some(size);
    }
    let words = [read::texts(container, &["command"]), read::texts(container, &["args"])].concat().join(" ");
    let after = |flag: &str| {
        words.split_once(flag).map(|(_, rest)| rest.trim_start_matches(['=', ' ']).split_whitespace().next().unwrap_or_default().to_owned())
    };
    let servers = after("--servers").and_then(|size| size.parse().ok());
    let peers = after("--initial-cluster").filter(|peers| peers.contains("=http") && !peers.contains('$'));
    servers.or(peers.map(|peers| peers.split(',').count()))
}

fn member(world: &World, object: &Object, service: &str) -> Option<Member> {
    let pod = object.pod()?;
    let (index, _) = container(pod)?;
    let status = pod.status.containers.get(index);
    let since_ms = match status.map(|status| &status.state) {
        Some(ContainerState::Running { since_ms }) => Some(*since_ms),
        _ => None,
    };
    let silent = world.settings.kubelet.nodes_down.contains(&pod.node_name);
    let up = pod.status.phase == Phase::Running && since_ms.is_some() && !silent;
    let found = world.store.find(Kind::Service, &object.meta.namespace, service).is_some_and(|named| {
        named.service().is_some_and(|body| {
            let selects = body
                .selector
                .as_ref()
                .is_some_and(|selector| selector.iter().all(|(key, value)| object.meta.labels.get(key) == Some(value)));
            selects && (pod.ready() || body.publish_not_ready || named.meta.annotation(TOLERATE_UNREADY) == Some("true"))
        })
    });
    let volume = pod.claims().next().and_then(|claim| {
        let claim = world.store.find(Kind::PersistentVolumeClaim, &object.meta.namespace, &claim.claim)?;
        Some(world.store.find(Kind::PersistentVolume, "", &claim.claim()?.volume_name)?.meta.uid)
    });
    let disk = volume.map_or(Disk::Container(status.map_or(0, |status| status.container_id)), Disk::Volume);
    Some(Member { name: object.meta.name.clone(), up, connected: up && found, since_ms: since_ms.unwrap_or(Ms::MAX), disk })
}

/// The file in which a member keeps its data, below the root of its disk.
const FILE: &str = "member/snap/db";

fn data_of(world: &World, member: &Member) -> Data {
    let files = match member.disk {
        Disk::Volume(uid) => world.disks.volume(uid),
        Disk::Container(id) => world.disks.container(id),
    };
    let Some(value) = files.and_then(|files| files.get(FILE)).and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
        return Data::default();
    };
    let texts = |list: &Value| list.as_array().map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>());
    let entries = value["entries"].as_array().into_iter().flatten().filter_map(|pair| match texts(pair)?.as_slice() {
        [key, value] => Some((key.clone(), value.clone())),
        _ => None,
    });
    Data { revision: value["revision"].as_u64().unwrap_or(0), voters: texts(&value["voters"]), entries: entries.collect() }
}

impl Ensemble {
    /// Those who vote and are connected; the pod itself counts while it runs.
    pub fn present(&self) -> Vec<&Member> {
        let votes = |member: &&Member| self.voters.iter().any(|voter| **voter == *member.name);
        self.members.iter().filter(|member| member.connected || (member.up && member.name == self.own)).filter(votes).collect()
    }

    /// Whether more than half of those who vote are connected, the pod itself among them.
    pub fn quorum(&self) -> bool {
        let present = self.present();
        present.iter().any(|member| member.name == self.own) && present.len() * 2 > self.voters.len()
    }

    /// How many members make a majority.
    pub fn majority(&self) -> usize {
        self.voters.len() / 2 + 1
    }

    /// The leader, where there is a majority: of the members that are present the one that has run longest.
    pub fn leader(&self) -> Option<&Text> {
        let present = self.present();
        let first = present.iter().min_by_key(|member| (member.since_ms, member.name.len(), &member.name));
        first.filter(|_| self.quorum()).map(|member| &member.name)
    }

    /// How often a leader was elected, about: once, and perhaps again with every member that was lost.
    pub fn term(&self) -> usize {
        2 + self.losses
    }

    /// What is stored: the newest copy among the members present.
    pub fn data(&self, world: &World) -> Data {
        self.present().into_iter().map(|member| data_of(world, member)).max_by_key(|data| data.revision).unwrap_or_default()
    }

    /// Changes what is stored, on the disks of all members present.
    pub fn write(&self, world: &mut World, change: impl FnOnce(&mut Data)) {
        let mut data = self.data(world);
        change(&mut data);
        data.revision += 1;
        let entries: Vec<Value> = data.entries.iter().map(|(key, value)| json!([key, value])).collect();
        let text: Text = json!({"revision": data.revision, "voters": data.voters, "entries": entries}).to_string().into();
        for member in self.present() {
            let files = match member.disk {
                Disk::Volume(uid) => world.disks.volume_mut(uid),
                Disk::Container(id) => world.disks.container_mut(id),
            };
            files.insert(FILE.to_owned(), text.clone());
        }
    }

    /// Has other members vote from now on.
    pub fn set_voters(&self, world: &mut World, voters: Vec<String>) {
        self.write(world, |data| data.voters = Some(voters));
        // Whoever is ready depends on who votes.
        crate::controllers::kubelet_settings_changed(world);
    }

    /// Whether a member has ever run: it is one of the first, or its pod is there.
    pub fn started(&self, name: &str) -> bool {
        let first = self.voters.iter().take(self.initial).any(|voter| voter == name);
        first || self.members.iter().any(|member| *member.name == *name && member.up)
    }

    /// What its program writes to the pod's log about who leads.
    pub fn log(&self) -> Vec<String> {
        let (own, term, leader) = (&self.own, self.term(), self.leader());
        let raft = |text: String| format!("{{\"level\":\"info\",\"logger\":\"raft\",\"msg\":\"{text}\"}}");
        match (self.program, leader) {
            (Program::Etcd, Some(leader)) => {
                let role = if leader == own { "became leader" } else { "became follower" };
                vec![raft(format!("{own} {role} at term {term}")), raft(format!("raft.node: {own} elected leader {leader} at term {term}"))]
            }
            (Program::Etcd, None) => vec![
                raft(format!("{own} is starting a new election at term {term}")),
                raft(format!("{own} has {} of the {} votes that a majority takes", self.present().len(), self.majority())),
            ],
            (Program::ZooKeeper, Some(leader)) => {
                let role = if leader == own { "LEADING" } else { "FOLLOWING" };
                vec![format!("INFO  [QuorumPeer] - {role} - LEADER ELECTION TOOK"), format!("INFO  [QuorumPeer] - the leader is {leader}")]
            }
            (Program::ZooKeeper, None) => vec![
                "INFO  [QuorumPeer] - LOOKING".to_owned(),
                format!("WARN  [QuorumPeer] - {} of the {} servers that a majority takes", self.present().len(), self.majority()),
            ],
        }
    }

    /// Its pod's name.
    pub fn own(&self) -> &Text {
        &self.own
    }
}

impl Data {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Sets a key.
    pub fn set(&mut self, key: &str, value: &str) {
        match self.entries.binary_search_by(|(known, _)| known.as_str().cmp(key)) {
            Ok(index) => value.clone_into(&mut self.entries[index].1),
            Err(index) => self.entries.insert(index, (key.to_owned(), value.to_owned())),
        }
    }

    /// Removes a key; false where it was not there.
    pub fn remove(&mut self, key: &str) -> bool {
        let before = self.entries.len();
        self.entries.retain(|(known, _)| known != key);
        self.entries.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{Options, run};

    /// Three members, each ready as soon as it runs; `more` is what happens then.
    fn session(service: &str, probe: &str, policy: &str, more: &str) -> crate::session::Session {
        let script = format!(
            "@file all.yaml\napiVersion: v1\nkind: Service\nmetadata: {{name: etcd}}\nspec:\n  clusterIP: None\n{service}  selector: {{app: etcd}}\n  ports: [{{port: 2379}}]\n---\n\
             apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: etcd}}\nspec:\n  serviceName: etcd\n  replicas: 3\n{policy}  selector: {{matchLabels: {{app: etcd}}}}\n  template:\n    \
             metadata: {{labels: {{app: etcd}}}}\n    spec:\n      containers:\n      - name: etcd\n        image: quay.io/coreos/etcd:v3.5.21\n{probe}@end\n$ kubectl apply -f all.yaml\n@wait 60s\n{more}"
        );
        run(&script, &|_| None, &Options::default()).expect("a script").session
    }

    fn of_pod(session: &crate::session::Session, name: &str) -> Ensemble {
        of(&session.world, &Key::new(Kind::Pod, "default", name)).expect("an ensemble")
    }

    const PROBE: &str = "        readinessProbe: {exec: {command: [etcdctl, endpoint, health]}}\n";
    const PUBLISHES: &str = "  publishNotReadyAddresses: true\n";
    const PARALLEL: &str = "  podManagementPolicy: Parallel\n";

    #[test]
    fn the_longest_running_member_leads_and_stays_leader() {
        let ensemble = of_pod(&session("", "", "", ""), "etcd-2");
        assert_eq!((ensemble.voters.len(), ensemble.majority(), ensemble.leader().map(|name| &**name)), (3, 2, Some("etcd-0")));
        let ensemble = of_pod(&session("", "", "", "$ kubectl delete pod etcd-2\n@wait 60s"), "etcd-2");
        assert_eq!(ensemble.leader().map(|name| &**name), Some("etcd-0"), "who goes is no leader");
        let ensemble = of_pod(&session("", "", "", "$ kubectl delete pod etcd-0\n@wait 60s"), "etcd-0");
        assert_eq!(ensemble.leader().map(|name| &**name), Some("etcd-1"), "who comes back is a follower");
    }

    #[test]
    fn a_majority_is_needed_and_found_by_name() {
        let ready = |session: &crate::session::Session| {
            session.world.store.all(Kind::Pod).filter(|pod| pod.meta.name.starts_with("etcd") && pod.pod().is_some_and(Pod::ready)).count()
        };
        assert_eq!(ready(&session("", PROBE, "", "")), 0, "one after the other, the first waits for the second");
        assert_eq!(ready(&session("", PROBE, PARALLEL, "")), 0, "together, none finds another by name");
        assert_eq!(ready(&session(PUBLISHES, PROBE, "", "")), 0, "found by name, there is nobody to be found");
        assert_eq!(ready(&session(PUBLISHES, PROBE, PARALLEL, "")), 3);
        let lost = session(PUBLISHES, PROBE, PARALLEL, "$ kubectl scale sts etcd --replicas=1\n@wait 60s");
        assert_eq!(ready(&lost), 1, "without a size of its own, the set's replicas are the cluster");
    }

    #[test]
    fn a_lost_majority_shows_when_the_probe_has_failed_often_enough() {
        let probe = "        readinessProbe: {exec: {command: [etcdctl, endpoint, health]}, periodSeconds: 5, failureThreshold: 4}\n";
        let size = "        env: [{name: CLUSTER_SIZE, value: '3'}]\n";
        let session = session(PUBLISHES, &format!("{size}{probe}"), PARALLEL, "$ kubectl scale sts etcd --replicas=1\n@wait 2m\n");
        // The last moment at which a pod is seen so.
        let last_ms = |name: &str, seen: &dyn Fn(&Pod) -> bool| {
            let events = session.world.store.log.iter().filter(|event| *event.object.meta.name == *name);
            events.filter(|event| event.object.pod().is_some_and(seen)).map(|event| event.at_ms).next_back().unwrap_or(0)
        };
        let runs = |name: &str| last_ms(name, &|pod: &Pod| pod.status.phase != Phase::Running);
        let lost_ms = runs("etcd-1").min(runs("etcd-2"));
        let (ready_ms, unready_ms) = (last_ms("etcd-0", &Pod::ready), last_ms("etcd-0", &|pod: &Pod| !pod.ready()));
        assert!(ready_ms < lost_ms && (lost_ms + 15_000..=lost_ms + 20_000).contains(&unready_ms), "{ready_ms} {lost_ms} {unready_ms}");
        assert_eq!((unready_ms - ready_ms) % 5_000, 0, "probes come a period apart");
    }

    #[test]
    fn what_is_written_is_on_every_disk_that_is_there() {
        let session = session("", "", "", "$ kubectl exec etcd-0 -- etcdctl put color blue\n");
        for name in ["etcd-0", "etcd-1", "etcd-2"] {
            let member = of_pod(&session, name).members.into_iter().find(|member| *member.name == *name).expect("itself");
            assert_eq!(data_of(&session.world, &member).get("color"), Some("blue"), "{name}");
        }
    }
}
