//! Chooses the decision that explains most: it starts at the object that a person has chosen, or at a StatefulSet that
//! waits, and follows what is waited for down to the last that waits itself, which is where the cause is.
//! It must not know words.

use std::rc::Rc;

use statefulset_engine::sorted::SortedSet;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use statefulset_engine::api::time::Ms;
use statefulset_engine::cluster::decisions::{Decision, Decisions};
use statefulset_engine::cluster::store::Store;
use statefulset_engine::reasons;

use super::remedy::{self, Remedy};

/// Longer chains of waiting do not exist; the bound is for loops.
const CHAIN_MAX: usize = 6;
/// Names in a sentence; more are counted.
const NAMES_MAX: usize = 3;

/// What is shown in the place of a rule where the cluster is a fresh one, ...
const NOTHING: &str = "nothing-to-do";
/// ... where there is a set that no controller has looked at yet, ...
const NOT_LOOKED: &str = "not-looked-yet";
/// ... and where there is no set, and nothing waits.
const QUIET: &str = "nothing-waits";
/// All of these: no rule of a controller, so nothing explains them.
pub const PLAIN: [&str; 3] = [NOTHING, NOT_LOOKED, QUIET];

/// What *Why?* says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why {
    /// The rule.
    pub rule: String,
    /// Whether something is waited for.
    pub waits: bool,
    /// Arguments of the sentence, by name.
    pub arguments: Vec<(String, String)>,
    /// Who waits for whom, from the set to the cause, where there is more than one.
    pub chain: Vec<Key>,
    /// What would help.
    pub remedy: Option<Remedy>,
    /// Since when it is so; `None` where it was always.
    pub since_ms: Option<Ms>,
    /// What the controller of a StatefulSet saw.
    pub saw: Option<Saw>,
    /// The object that a person has chosen, where it is told about.
    pub chosen: Option<Key>,
    /// For a pod that was chosen: why its name is answered or is not, as a rule and its arguments.
    pub name: Option<(String, Vec<(String, String)>)>,
}

/// What the controller of a StatefulSet saw when it looked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saw {
    /// How many pods are asked for.
    pub wanted: i64,
    /// How many are there.
    pub there: i64,
    /// How many of them are ready.
    pub ready: i64,
    /// How many are at the newest revision.
    pub updated: i64,
}

/// What to say about a cluster; `current` is the namespace that comes first, `chosen` the object that a person asks about.
pub fn choose(decisions: &Decisions, store: &Store, current: &str, chosen: Option<&Key>) -> Why {
    let asked = chosen.and_then(|key| reasons::about(decisions, store, key));
    let Some(first) = asked.clone().or_else(|| of_the_whole(decisions, store, current)) else {
        let owned = |kind: Kind| store.all(kind).any(|object| &*object.meta.namespace != "kube-system");
        let rule = match (owned(Kind::StatefulSet), owned(Kind::Pod) || owned(Kind::PersistentVolumeClaim)) {
            (true, _) => NOT_LOOKED,
            (false, true) => QUIET,
            (false, false) => NOTHING,
        };
        return Why { rule: rule.into(), ..Why::default() };
    };
    let chosen = chosen.filter(|_| asked.is_some()).cloned();
    let name = chosen.as_ref().filter(|key| key.kind == Kind::Pod).and_then(|key| reasons::name_of(store, key));
    let set = store.get(&first.subject).and_then(|object| object.statefulset());
    let saw = set.map(|set| Saw {
        wanted: set.spec.replicas,
        there: set.status.replicas,
        ready: set.status.ready_replicas,
        updated: set.status.updated_replicas,
    });
    let chain = chain_from(first, decisions, store, chosen.is_some());
    let Some(last) = chain.last() else {
        return Why::default();
    };
    let named = name.as_ref().filter(|name| name.waits && !last.waits);
    Why {
        rule: last.rule.to_owned(),
        waits: last.waits,
        arguments: arguments(last),
        chain: if chain.len() < 2 { Vec::new() } else { chain.iter().map(|decision| decision.subject.clone()).collect() },
        remedy: remedy::of(named.unwrap_or(last), store, current),
        since_ms: (last.since_ms > 0).then_some(last.since_ms),
        saw,
        chosen,
        name: name.map(|name| (name.rule.to_owned(), arguments(&name))),
    }
}

/// The decision that tells most about all that there is.
fn of_the_whole(decisions: &Decisions, store: &Store, current: &str) -> Option<Rc<Decision>> {
    let told = decisions.standing().filter(|decision| decision.waits || decision.subject.kind == Kind::StatefulSet);
    let there = told.filter(|decision| &*decision.subject.namespace != "kube-system" && store.get(&decision.subject).is_some());
    let first = there.min_by_key(|decision| {
        let kind = match decision.subject.kind {
            Kind::StatefulSet => 0,
            Kind::PersistentVolumeClaim => 1,
            Kind::Pod => 2,
            _ => 3,
        };
        (!decision.waits, kind, &*decision.subject.namespace != current, std::cmp::Reverse(decision.since_ms))
    });
    first.cloned()
}

/// The decisions from one that waits down to the cause. What merely takes its time, such as a pod that starts, is told only
/// to who asks about it (`closely`): for the whole, the controller's own rule says more.
fn chain_from(first: Rc<Decision>, decisions: &Decisions, store: &Store, closely: bool) -> Vec<Rc<Decision>> {
    let mut seen: SortedSet<Key> = SortedSet::from([first.subject.clone()]);
    let mut chain = vec![first];
    while chain.len() < CHAIN_MAX {
        let Some(last) = chain.last().filter(|decision| decision.waits) else {
            break;
        };
        let next = last.objects.iter().filter(|key| !seen.contains(*key)).find_map(|key| {
            let next = reasons::about(decisions, store, key).filter(|next| next.waits)?;
            let noted = decisions.about(key).is_some_and(|noted| noted.waits);
            (noted || reasons::is_trouble(next.rule) || (closely && next.rule != "object-is-not-there")).then_some(next)
        });
        let Some(next) = next else {
            break;
        };
        seen.insert(next.subject.clone());
        chain.push(next);
    }
    chain
}

/// What a sentence can tell: the subject, the objects, and what the rule adds.
fn arguments(decision: &Decision) -> Vec<(String, String)> {
    let mut names: Vec<String> = decision.objects.iter().take(NAMES_MAX).map(|key| key.name.to_string()).collect();
    if let Some(more) = decision.objects.len().checked_sub(NAMES_MAX).filter(|more| *more > 0) {
        names.push(format!("+{more}"));
    }
    let mut all = vec![
        ("subject".to_owned(), decision.subject.name.to_string()),
        ("object".to_owned(), names.first().cloned().unwrap_or_default()),
        ("objects".to_owned(), names.join(", ")),
        ("rule".to_owned(), decision.rule.to_owned()),
    ];
    all.extend(decision.arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    all
}

#[cfg(test)]
mod tests {
    use statefulset_engine::api::metadata::Metadata;
    use statefulset_engine::api::object::{Body, Object};
    use statefulset_engine::cluster::World;
    use statefulset_engine::process::Streams;
    use statefulset_engine::session::Session;
    use statefulset_engine::settings::Settings;

    use statefulset_engine::controllers;

    use super::*;

    fn decide(world: &mut World, subject: &Key, rule: &'static str, waits: bool, objects: Vec<Key>) {
        if world.get(subject).is_none() {
            let body = Body::Other(subject.kind, std::rc::Rc::new(serde_json::Value::Null));
            // The store files by the body's kind, which is all that counts here.
            world.insert(Object { meta: Metadata::new(subject.namespace.clone(), subject.name.clone()), body });
        }
        world.decisions.note(Decision { since_ms: 0, subject: subject.clone(), rule, waits, objects, arguments: Vec::new() });
    }

    #[test]
    fn the_cause_at_the_end_of_the_chain_is_what_is_told() {
        let mut world = World::fresh(Settings::default());
        let set = Key::new(Kind::StatefulSet, "default", "web");
        let pod = Key::new(Kind::Pod, "default", "web-0");
        let claim = Key::new(Kind::PersistentVolumeClaim, "default", "www-web-0");
        let class = Key::new(Kind::StorageClass, "", "fast");
        decide(&mut world, &set, "waits-for-ready", true, vec![pod.clone()]);
        decide(&mut world, &pod, "pod-waits-for-claim", true, vec![claim.clone()]);
        decide(&mut world, &claim, "claim-waits-for-class", true, vec![class]);
        let why = choose(&world.decisions, &world.store, "default", None);
        assert_eq!(why.rule, "claim-waits-for-class");
        let names: Vec<&str> = why.chain.iter().map(|key| &*key.name).collect();
        assert_eq!(names, ["web", "web-0", "www-web-0"]);
        let remedy = why.remedy.expect("a remedy");
        assert_eq!(remedy.command.line, "kubectl apply -f storageclass-fast.yaml");
    }

    #[test]
    fn a_set_that_is_content_is_told_only_where_nothing_waits() {
        let mut world = World::fresh(Settings::default());
        let set = Key::new(Kind::StatefulSet, "default", "web");
        decide(&mut world, &set, "settled", false, Vec::new());
        assert_eq!(choose(&world.decisions, &world.store, "default", None).rule, "settled");
        let claim = Key::new(Kind::PersistentVolumeClaim, "default", "alone");
        decide(&mut world, &claim, "claim-waits-for-class", true, Vec::new());
        assert_eq!(choose(&world.decisions, &world.store, "default", None).rule, "claim-waits-for-class");
    }

    #[test]
    fn every_rule_has_its_words() {
        let rules = controllers::statefulset::rules::ALL.iter().chain(controllers::rules::ALL).chain(reasons::ALL);
        for rule in rules.chain(&PLAIN) {
            assert!(crate::locale::has(&format!("why.{rule}")), "{rule}");
        }
    }

    #[test]
    fn a_fresh_cluster_has_nothing_to_do() {
        let world = World::fresh(Settings::default());
        assert_eq!(choose(&world.decisions, &world.store, "default", None).rule, NOTHING);
    }

    /// A session in which the example was applied, with a class that there is.
    fn applied() -> Session {
        let mut session = Session::new(Settings::default());
        let manifest = include_str!("../../static/examples/web.yaml").replace("my-gfs-storageclass", "standard");
        session.terminal.files.insert("web.yaml".into(), manifest.as_str().into());
        session.start("kubectl apply -f web.yaml", Streams::with_input(""));
        session
    }

    #[test]
    fn a_node_that_is_silent_can_be_brought_back() {
        let mut session = applied();
        session.advance_to(60_000);
        session.start("sandbox node fail node-2", Streams::with_input(""));
        session.advance_to(180_000);
        let why = choose(&session.world.decisions, &session.world.store, "default", None);
        assert_eq!(why.rule, "node-is-silent");
        let remedy = why.remedy.expect("a remedy");
        session.start(&remedy.command.line, Streams::with_input(""));
        session.advance_to(300_000);
        assert_eq!(choose(&session.world.decisions, &session.world.store, "default", None).rule, "settled");
    }

    #[test]
    fn a_manifest_that_is_applied_is_not_asked_for_again() {
        let mut session = Session::new(Settings::default());
        let rule = |session: &Session| choose(&session.world.decisions, &session.world.store, "default", None).rule;
        session.start("kubectl run probe --image=busybox -- sleep 3600", Streams::with_input(""));
        session.advance_to(30_000);
        assert_eq!(rule(&session), QUIET);
        session.terminal.files.insert("web.yaml".into(), include_str!("../../static/examples/web.yaml").into());
        session.start("kubectl apply -f web.yaml", Streams::with_input(""));
        assert_eq!(rule(&session), NOT_LOOKED);
    }

    #[test]
    fn a_column_without_a_pod_tells_down_to_the_cause() {
        let mut session = Session::new(Settings::default());
        session.terminal.files.insert("web.yaml".into(), include_str!("../../static/examples/web.yaml").into());
        session.start("kubectl apply -f web.yaml", Streams::with_input(""));
        session.advance_to(30_000);
        let ask = |kind, name: &str| {
            let world = &session.world;
            choose(&world.decisions, &world.store, "default", Some(&Key::new(kind, "default", name)))
        };
        let why = ask(Kind::Pod, "web-2");
        let names: Vec<&str> = why.chain.iter().map(|key| &*key.name).collect();
        assert_eq!(names, ["web-2", "web", "web-0", "www-web-0"]);
        assert_eq!(why.rule, "claim-waits-for-class");
        assert!(why.remedy.is_some());
        assert_eq!(why.name.map(|(rule, _)| rule), Some("name-waits-for-ready".to_owned()));
        assert_eq!(ask(Kind::Pod, "web-7").rule, "pod-is-not-wanted");
        assert_eq!(ask(Kind::PersistentVolumeClaim, "www-web-0").rule, "claim-waits-for-class");
        assert_eq!(ask(Kind::Service, "nginx").rule, "service-has-no-endpoints");
        let saw = ask(Kind::StatefulSet, "web").saw.expect("a set");
        assert_eq!((saw.wanted, saw.there, saw.ready), (3, 1, 0));
    }

    #[test]
    fn a_rollout_that_hangs_names_the_image_and_offers_the_way_back() {
        let mut session = applied();
        session.advance_to(120_000);
        session.start("kubectl set image sts/web nginx=nginx:bad", Streams::with_input(""));
        session.advance_to(240_000);
        let why = choose(&session.world.decisions, &session.world.store, "default", None);
        assert_eq!(why.rule, "pod-cannot-pull");
        assert_eq!(why.remedy.map(|remedy| remedy.command.line), Some("kubectl rollout undo sts web".to_owned()));
        session.start("kubectl rollout undo sts web", Streams::with_input(""));
        session.advance_to(300_000);
        let why = choose(&session.world.decisions, &session.world.store, "default", None);
        assert_eq!(why.remedy.map(|remedy| remedy.command.line), Some("kubectl delete pod web-2 --wait=false".to_owned()));
    }
}
