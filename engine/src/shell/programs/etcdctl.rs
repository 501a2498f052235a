//! `etcdctl`: members, health and keys of the etcd cluster to which a pod belongs. Words follow etcdctl 3.5, and of the v2
//! API, which images before 3.4 speak unless told otherwise, those of `cluster-health` and `member list`.
//! It must not know how a cluster is held together.

use crate::cluster::random;
use crate::ensemble::{self, Ensemble};
use crate::images;
use crate::process::Context;
use crate::shell::state::Shell;

use super::Call;

/// The number of a cluster that begins with this token.
const CLUSTER: &str = "7581d6eb2d25405b";

/// Runs it; the exit code.
pub(super) fn run(call: &Call, shell: &Shell, context: &mut Context<'_>) -> i32 {
    let Some(ensemble) = shell.pod().and_then(|pod| ensemble::of(context.world, &pod.key)) else {
        context.streams.error("Error: dial tcp 127.0.0.1:2379: connect: connection refused");
        return 1;
    };
    let mut words = Vec::new();
    let mut flags: Vec<(&str, String)> = Vec::new();
    let mut arguments = call.arguments().iter();
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--").or(argument.strip_prefix('-')).filter(|rest| !rest.is_empty()) {
            None => words.push(argument.as_str()),
            Some(flag) => match flag.split_once('=') {
                Some((name, value)) => flags.push((name, value.to_owned())),
                None if [
                    "w",
                    "write-out",
                    "endpoints",
                    "peer-urls",
                    "limit",
                    "cacert",
                    "cert",
                    "key",
                    "consistency",
                    "command-timeout",
                ]
                .contains(&flag) =>
                {
                    flags.push((flag, arguments.next().cloned().unwrap_or_default()));
                }
                None => flags.push((flag, "true".to_owned())),
            },
        }
    }
    let asked = call.environment.get("ETCDCTL_API").map(String::as_str);
    let old = asked.map_or_else(|| !images::at_least(&ensemble.version, 3, 4), |api| api == "2");
    let mut etcd = Etcd { ensemble, old, flags, context };
    match (words.as_slice(), old) {
        (["cluster-health"], true) => etcd.cluster_health(),
        (["member", "list"], true) => etcd.member_list_v2(),
        (["set", key, value], true) => etcd.put(key, value, value),
        (["get", key], true) => etcd.get_v2(key),
        (["put", key, value], false) => etcd.put(key, value, "OK"),
        (["get", key], false) => etcd.get(key),
        (["del", key], false) => etcd.del(key),
        (["member", "list"], false) => etcd.member_list(),
        (["member", "add", name], false) => match etcd.flag(&["peer-urls"]).map(str::to_owned) {
            Some(peer) => etcd.member_add(name, peer),
            None => {
                etcd.context.streams.error("Error: member peer urls not provided");
                1
            }
        },
        (["member", "add", name, peer], true) => etcd.member_add(name, (*peer).to_owned()),
        (["member", "remove", id], _) => etcd.member_remove(id),
        (["endpoint", "health"], false) => etcd.endpoint_health(),
        (["endpoint", "status"], false) => etcd.endpoint_status(),
        (["version"], _) => {
            let version = etcd.ensemble.version.clone();
            etcd.say(&format!("etcdctl version: {version}\nAPI version: {}", if old { "2" } else { "3.5" }));
            0
        }
        ([], _) => {
            etcd.say("NAME:\n\tetcdctl - A simple command line client for etcd.");
            0
        }
        (words, true) => {
            let (word, speaks) = (words[0], "this etcdctl speaks the v2 API; ETCDCTL_API=3 before the command chooses the other");
            etcd.context.streams.error(&format!("No help topic for '{word}'\nsandbox: {speaks}"));
            3
        }
        (words, false) => {
            let command = words.join(" ");
            let known = "member list|add|remove, endpoint health|status, put, get, del";
            etcd.context.streams.error(&format!("Error: unknown command \"{command}\" for \"etcdctl\"\nsandbox: it models {known}"));
            1
        }
    }
}

struct Etcd<'a, 'b> {
    ensemble: Ensemble,
    /// Whether it speaks the v2 API.
    old: bool,
    flags: Vec<(&'a str, String)>,
    context: &'a mut Context<'b>,
}

impl Etcd<'_, '_> {
    fn say(&mut self, text: &str) {
        self.context.streams.line(text);
    }

    fn flag(&self, names: &[&str]) -> Option<&str> {
        self.flags.iter().find(|(name, _)| names.contains(name)).map(|(_, value)| value.as_str())
    }

    /// What every command says that needs a majority and finds none.
    fn no_quorum(&mut self) -> i32 {
        if self.old {
            let words =
                "client: etcd cluster is unavailable or misconfigured; error #0: client: etcd member http://127.0.0.1:2379 has no leader";
            self.context.streams.error(&format!("Error:  {words}"));
            return 4;
        }
        let line = "{\"level\":\"warn\",\"logger\":\"etcd-client\",\"msg\":\"retrying of unary invoker failed\",\"attempt\":0,\"error\":\"rpc error: code = DeadlineExceeded desc = context deadline exceeded\"}";
        self.context.streams.error(&format!("{line}\nError: context deadline exceeded"));
        1
    }

    fn put(&mut self, key: &str, value: &str, answer: &str) -> i32 {
        if !self.ensemble.quorum() {
            return self.no_quorum();
        }
        self.ensemble.write(self.context.world, |data| data.set(key, value));
        self.say(answer);
        0
    }

    fn get(&mut self, key: &str) -> i32 {
        let serializable = self.flag(&["consistency"]) == Some("s");
        if !self.ensemble.quorum() && !serializable {
            return self.no_quorum();
        }
        let (prefix, bare, keys) =
            (self.flag(&["prefix"]).is_some(), self.flag(&["print-value-only"]).is_some(), self.flag(&["keys-only"]).is_some());
        let data = self.ensemble.data(self.context.world);
        for (found, value) in data.entries.iter().filter(|(known, _)| known == key || (prefix && known.starts_with(key))) {
            match (bare, keys) {
                (true, _) => self.say(value),
                (_, true) => self.say(found),
                _ => self.say(&format!("{found}\n{value}")),
            }
        }
        0
    }

    fn get_v2(&mut self, key: &str) -> i32 {
        let data = self.ensemble.data(self.context.world);
        match data.get(key) {
            Some(value) => {
                self.say(value);
                0
            }
            None => {
                self.context.streams.error(&format!("Error:  100: Key not found ({key}) [{}]", data.revision));
                4
            }
        }
    }

    fn del(&mut self, key: &str) -> i32 {
        if !self.ensemble.quorum() {
            return self.no_quorum();
        }
        let mut removed = false;
        self.ensemble.write(self.context.world, |data| removed = data.remove(key));
        self.say(if removed { "1" } else { "0" });
        0
    }

    fn peer(&self, name: &str) -> String {
        format!("http://{name}.{}:2380", self.ensemble.service)
    }

    fn client(&self, name: &str) -> String {
        format!("http://{name}.{}:2379", self.ensemble.service)
    }

    fn is_up(&self, name: &str) -> bool {
        self.ensemble.present().iter().any(|member| *member.name == *name)
    }

    fn rows(&mut self, head: &[&str], rows: Vec<Vec<String>>) {
        if self.flag(&["w", "write-out"]) != Some("table") {
            return rows.iter().for_each(|row| self.say(&row.join(", ")));
        }
        let widths: Vec<usize> =
            (0..head.len()).map(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or(0).max(head[column].len())).collect();
        let rule = format!("+{}+", widths.iter().map(|width| "-".repeat(width + 2)).collect::<Vec<_>>().join("+"));
        let line = |cells: &[String], middle: bool| {
            let cells = cells
                .iter()
                .zip(&widths)
                .map(|(cell, width)| if middle { format!(" {cell:^width$} ") } else { format!(" {cell:>width$} ") });
            format!("|{}|", cells.collect::<Vec<_>>().join("|"))
        };
        let titles: Vec<String> = head.iter().map(|title| (*title).to_owned()).collect();
        self.say(&format!("{rule}\n{}\n{rule}", line(&titles, true)));
        rows.iter().for_each(|row| self.say(&line(row, false)));
        self.say(&rule);
    }

    fn member_list(&mut self) -> i32 {
        if !self.ensemble.quorum() {
            return self.no_quorum();
        }
        let row = |name: &String| {
            // One that was added and has never run has told nobody its name.
            let started = self.ensemble.started(name);
            let (state, shown) = if started { ("started", name.as_str()) } else { ("unstarted", "") };
            let client = if started { self.client(name) } else { String::new() };
            vec![id(name), state.to_owned(), shown.to_owned(), self.peer(name), client, "false".to_owned()]
        };
        let rows = self.ensemble.voters.iter().map(row).collect();
        self.rows(&["ID", "STATUS", "NAME", "PEER ADDRS", "CLIENT ADDRS", "IS LEARNER"], rows);
        0
    }

    fn member_list_v2(&mut self) -> i32 {
        let leader = self.ensemble.leader().map(ToString::to_string);
        for name in self.ensemble.voters.clone() {
            if !self.ensemble.started(&name) {
                self.say(&format!("{}[unstarted]: peerURLs={}", id(&name), self.peer(&name)));
                continue;
            }
            let line = format!(
                "{}: name={name} peerURLs={} clientURLs={} isLeader={}",
                id(&name),
                self.peer(&name),
                self.client(&name),
                leader.as_deref() == Some(&*name)
            );
            self.say(&line);
        }
        0
    }

    fn cluster_health(&mut self) -> i32 {
        let quorum = self.ensemble.quorum();
        for name in self.ensemble.voters.clone() {
            let (member, client) = (id(&name), self.client(&name));
            let line = match (self.is_up(&name), quorum) {
                (true, true) => format!("member {member} is healthy: got healthy result from {client}"),
                (true, false) => format!("member {member} is unhealthy: got unhealthy result from {client}"),
                (false, _) => format!(
                    "failed to check the health of member {member} on {client}: Get {client}/health: dial tcp: lookup {name}.{}: no such host\nmember {member} is unreachable: [{client}] are all unreachable",
                    self.ensemble.service
                ),
            };
            self.say(&line);
        }
        let all = self.ensemble.present().len() == self.ensemble.voters.len();
        self.say(match (quorum, all) {
            (true, true) => "cluster is healthy",
            (true, false) => "cluster is degraded",
            (false, _) => "cluster is unavailable",
        });
        i32::from(!(quorum && all)) * 5
    }

    /// The members that a command is about: this one, or with `--cluster` all.
    fn asked(&self) -> Vec<(String, String)> {
        if self.flag(&["cluster"]).is_some() {
            self.ensemble.voters.iter().map(|name| (name.clone(), self.client(name))).collect()
        } else {
            vec![(self.ensemble.own().to_string(), "127.0.0.1:2379".to_owned())]
        }
    }

    /// Whether the list of all members is asked for, and cannot be had without a majority.
    fn no_list(&mut self) -> bool {
        let refused = self.flag(&["cluster"]).is_some() && !self.ensemble.quorum();
        if refused {
            self.context.streams.error("Error: failed to fetch endpoints from etcd cluster member list: context deadline exceeded");
        }
        refused
    }

    fn endpoint_health(&mut self) -> i32 {
        if self.no_list() {
            return 1;
        }
        let mut unhealthy = false;
        for (name, endpoint) in self.asked() {
            if self.is_up(&name) && self.ensemble.quorum() {
                self.say(&format!("{endpoint} is healthy: successfully committed proposal: took = 2.1ms"));
            } else {
                unhealthy = true;
                self.context.streams.error(&format!("{endpoint} is unhealthy: failed to commit proposal: context deadline exceeded"));
            }
        }
        if unhealthy {
            self.context.streams.error("Error: unhealthy cluster");
        }
        i32::from(unhealthy)
    }

    fn endpoint_status(&mut self) -> i32 {
        if self.no_list() {
            return 1;
        }
        let leader = self.ensemble.leader().map(ToString::to_string);
        let data = self.ensemble.data(self.context.world);
        let index = (self.ensemble.voters.len() + usize::try_from(data.revision).unwrap_or(0) + 5).to_string();
        let (mut rows, mut code) = (Vec::new(), 0);
        for (name, endpoint) in self.asked() {
            if !self.is_up(&name) {
                self.context.streams.error(&format!("Failed to get the status of endpoint {endpoint} (context deadline exceeded)"));
                code = 1;
                continue;
            }
            let leads = (leader.as_deref() == Some(&*name)).to_string();
            let errors = if leader.is_none() { "etcdserver: no leader" } else { "" };
            let (version, term) = (self.ensemble.version.clone(), self.ensemble.term().to_string());
            rows.push(vec![
                endpoint,
                id(&name),
                version,
                "20 kB".to_owned(),
                leads,
                "false".to_owned(),
                term,
                index.clone(),
                index.clone(),
                errors.to_owned(),
            ]);
        }
        let head =
            ["ENDPOINT", "ID", "VERSION", "DB SIZE", "IS LEADER", "IS LEARNER", "RAFT TERM", "RAFT INDEX", "RAFT APPLIED INDEX", "ERRORS"];
        self.rows(&head, rows);
        code
    }

    fn member_add(&mut self, name: &str, peer: String) -> i32 {
        if !self.ensemble.quorum() {
            return self.no_quorum();
        }
        if self.ensemble.voters.iter().any(|voter| voter == name) {
            let known = if self.old { "client: peerURL exists in the cluster" } else { "Error: etcdserver: Peer URLs already exists" };
            self.context.streams.error(known);
            return 1;
        }
        let mut voters = self.ensemble.voters.clone();
        voters.push(name.to_owned());
        let cluster: Vec<String> = voters.iter().map(|voter| format!("{voter}={}", self.peer(voter))).collect();
        self.ensemble.set_voters(self.context.world, voters);
        let (id, cluster) = (id(name), cluster.join(","));
        self.say(&if self.old {
            format!("Added member named {name} with ID {id} to cluster\n\nETCD_NAME=\"{name}\"\nETCD_INITIAL_CLUSTER=\"{cluster}\"\nETCD_INITIAL_CLUSTER_STATE=\"existing\"")
        } else {
            format!("Member {id:>16} added to cluster {CLUSTER}\n\nETCD_NAME=\"{name}\"\nETCD_INITIAL_CLUSTER=\"{cluster}\"\nETCD_INITIAL_ADVERTISE_PEER_URLS=\"{peer}\"\nETCD_INITIAL_CLUSTER_STATE=\"existing\"")
        });
        0
    }

    fn member_remove(&mut self, wanted: &str) -> i32 {
        if !self.ensemble.quorum() {
            return self.no_quorum();
        }
        let Some(name) = self.ensemble.voters.iter().find(|name| id(name) == wanted).cloned() else {
            let unknown = if self.old {
                format!("Couldn't find a member in the cluster with an ID of {wanted}.")
            } else {
                "Error: etcdserver: member not found".to_owned()
            };
            self.context.streams.error(&unknown);
            return 1;
        };
        let voters = self.ensemble.voters.iter().filter(|voter| **voter != name).cloned().collect();
        self.ensemble.set_voters(self.context.world, voters);
        self.say(&if self.old {
            format!("Removed member {wanted} from cluster")
        } else {
            format!("Member {wanted:>16} removed from cluster {CLUSTER}")
        });
        0
    }
}

/// The number of a member: the same for the same name.
fn id(name: &str) -> String {
    let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:x}", random::mix(seed))
}
