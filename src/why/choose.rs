//! Chooses the decision that explains most: it starts at a StatefulSet that waits and follows what is waited for down to
//! the last that waits itself, which is where the cause is. It must not know words.

use statefulset_engine::order;
use statefulset_engine::sorted::SortedSet;

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use statefulset_engine::cluster::decisions::{Decision, Decisions};
use statefulset_engine::cluster::store::Store;

use super::remedy::{self, Remedy};

/// Longer chains of waiting do not exist; the bound is for loops.
const CHAIN_MAX: usize = 6;
/// Names in a sentence; more are counted.
const NAMES_MAX: usize = 3;

/// The rule shown where nothing was decided yet.
pub const NOTHING: &str = "nothing-to-do";

/// What *Why?* says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why {
    /// The rule.
    pub rule: String,
    /// Whether something is waited for.
    pub waits: bool,
    /// Arguments of the sentence, by name.
    pub arguments: Vec<(String, String)>,
    /// Who waits for whom, from the set to the cause: names, where there is more than one.
    pub chain: Vec<String>,
    /// What would help.
    pub remedy: Option<Remedy>,
}

/// What to say about a cluster; `current` is the namespace that comes first.
pub fn choose(decisions: &Decisions, store: &Store, current: &str) -> Why {
    let mut standing: Vec<&Decision> = decisions
        .standing()
        .map(AsRef::as_ref)
        .filter(|decision| &*decision.subject.namespace != "kube-system" && store.get(&decision.subject).is_some())
        .collect();
    order::sort_by_key(&mut standing, |decision| {
        let kind = match decision.subject.kind {
            Kind::StatefulSet => 0,
            Kind::PersistentVolumeClaim => 1,
            Kind::Pod => 2,
            _ => 3,
        };
        (!decision.waits, kind, &*decision.subject.namespace != current, std::cmp::Reverse(decision.since_ms))
    });
    let first = standing.into_iter().find(|decision| decision.waits || decision.subject.kind == Kind::StatefulSet);
    let Some(first) = first else {
        return Why { rule: NOTHING.into(), ..Why::default() };
    };
    let chain = chain_from(first, decisions);
    let last = chain.last().copied().unwrap_or(first);
    Why {
        rule: last.rule.to_owned(),
        waits: last.waits,
        arguments: arguments(last),
        chain: names_of(&chain),
        remedy: remedy::of(last, current),
    }
}

/// The decisions from one that waits down to the cause.
fn chain_from<'a>(first: &'a Decision, decisions: &'a Decisions) -> Vec<&'a Decision> {
    let mut chain = vec![first];
    let mut seen: SortedSet<&Key> = SortedSet::from([&first.subject]);
    while chain.len() < CHAIN_MAX {
        let Some(last) = chain.last().filter(|decision| decision.waits) else {
            break;
        };
        let next = last.objects.iter().filter(|key| !seen.contains(key)).find_map(|key| decisions.about(key).filter(|next| next.waits));
        let Some(next) = next else {
            break;
        };
        seen.insert(&next.subject);
        chain.push(next);
    }
    chain
}

/// The names along a chain; none where it is one link.
fn names_of(chain: &[&Decision]) -> Vec<String> {
    if chain.len() < 2 { Vec::new() } else { chain.iter().map(|decision| decision.subject.name.to_string()).collect() }
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
        let why = choose(&world.decisions, &world.store, "default");
        assert_eq!(why.rule, "claim-waits-for-class");
        assert_eq!(why.chain, ["web", "web-0", "www-web-0"]);
        let remedy = why.remedy.expect("a remedy");
        assert_eq!(remedy.command.line, "kubectl apply -f storageclass-fast.yaml");
    }

    #[test]
    fn a_set_that_is_content_is_told_only_where_nothing_waits() {
        let mut world = World::fresh(Settings::default());
        let set = Key::new(Kind::StatefulSet, "default", "web");
        decide(&mut world, &set, "settled", false, Vec::new());
        assert_eq!(choose(&world.decisions, &world.store, "default").rule, "settled");
        let claim = Key::new(Kind::PersistentVolumeClaim, "default", "alone");
        decide(&mut world, &claim, "claim-waits-for-class", true, Vec::new());
        assert_eq!(choose(&world.decisions, &world.store, "default").rule, "claim-waits-for-class");
    }

    #[test]
    fn every_rule_has_its_words() {
        let rules = controllers::statefulset::rules::ALL.iter().chain(controllers::rules::ALL);
        for rule in rules.chain(&[NOTHING]) {
            assert!(crate::locale::has(&format!("why.{rule}")), "{rule}");
        }
    }

    #[test]
    fn a_fresh_cluster_has_nothing_to_do() {
        let world = World::fresh(Settings::default());
        assert_eq!(choose(&world.decisions, &world.store, "default").rule, NOTHING);
    }
}
